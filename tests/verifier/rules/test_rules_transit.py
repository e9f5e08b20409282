"""Every leg and transit point has its own answer: where the border is passed, and what is said where it is not."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from rules_kit import SHOWN, a_test, asked, case, vaccination

from verifier.decision import Decision, Verdict
from verifier.decision_schema import DecisionForm
from verifier.health.record import HealthRecord, Holder
from verifier.model import Channel, Journey, Leg, PartialDate, Stay, Traveller
from verifier.rules.answer import LegAnswer, RulesAnswer
from verifier.rules.case import Case, Evidence
from verifier.rules.rulebook import RuleBook
from verifier.rules.transit import passing

FROM_JAMAICA = {"origin_country": "JM", "from": "KIN", "destination_country": "GB-ENG", "to": "LHR"}
ENGLAND_2021 = [
    vaccination(("comirnaty", "2021-05-01"), ("comirnaty", "2021-06-01")),
    a_test("2021-11-19T10:00"),
    {"type": "passenger_locator_form"},
    {"type": "day2_test_booking"},
]


def over(book: RuleBook, *stops: str, evidence: list[dict[str, Any]], trip: dict[str, Any] | None = None,
         known: str | None = None, travel: str = "2021-11-20") -> RulesAnswer:  # fmt: skip
    traveller = {"citizenship": "JM", "presence_14d": [{"place": "JM", "from": "2021-01-01", "to": travel}]}
    route = {**FROM_JAMAICA, "transit": list(stops), **(trip or {})}
    return book.judge(case(travel, known=known, traveller=traveller, trip=route, evidence=evidence))


def point(answer: RulesAnswer, index: int = 0) -> LegAnswer:
    return answer.legs[index]


def test_a_landing_in_the_united_states_is_an_entry(book: RuleBook) -> None:
    without = over(book, "JFK", evidence=ENGLAND_2021)
    assert without.verdict == "denied"
    assert (point(without).role, point(without).outcome.value) == ("transit", "unmet")
    assert {policy.id for policy in without.policies if policy.leg == 0 and policy.outcome.value == "unmet"} == {
        "us-cdc-test-v2", "us-cdc-contact", "us-10294",
    }  # fmt: skip
    assert without.legs[1].outcome.value == "met"
    papers = over(book, "JFK", evidence=[*ENGLAND_2021, *SHOWN])
    assert papers.verdict == "cleared"
    assert [leg.outcome.value for leg in papers.legs] == ["met", "met"]


def test_the_answer_of_a_landing_follows_what_was_known(book: RuleBook) -> None:
    then = over(book, "JFK", evidence=ENGLAND_2021, travel="2021-11-07", known="2021-11-06")
    assert "us-10294" not in {policy.id for policy in then.policies}
    now = over(book, "JFK", evidence=[*SHOWN, *ENGLAND_2021], known="2021-10-01")
    assert point(now).outcome.value != "unmet"  # as known before the proclamation nothing certain is missing


def test_what_would_satisfy_a_transit_point_is_asked_there(book: RuleBook) -> None:
    question = {"citizenship": "JM", "presence_14d": [{"place": "JM", "from": "2021-01-01", "to": "2021-11-20"}]}
    asked_case = case(
        "2021-11-20", traveller=question, trip={**FROM_JAMAICA, "transit": ["JFK"]}, evidence=ENGLAND_2021
    )
    answer = book.judge(asked_case)
    (contact,) = (policy for policy in answer.policies if policy.id == "us-cdc-contact")
    assert next(note.code.value for note in book.alternatives(asked_case, contact)) == "rules.can-show"
    assert all(finding.facts["leg"] == 0 for finding in contact.findings)
    assert all(finding.facts["at"] == "JFK" for finding in contact.findings)


@pytest.mark.parametrize(
    ("stops", "trip", "why", "outcome"),
    [
        (["CDG"], {}, "taken-as-airside", "met"),
        (["CDG"], {"airside": True}, "airside", "met"),
        (["CDG"], {"separate_tickets": False}, "airside", "met"),
        (["CDG"], {"separate_tickets": "unknown"}, "tickets-unknown", "open"),
        (["CDG"], {"separate_tickets": None}, "tickets-unknown", "open"),
        (["CDG"], {"separate_tickets": True, "airside": True}, "airside", "met"),
    ],
)
def test_changing_planes_airside_is_not_entry(
    book: RuleBook, stops: list[str], trip: dict[str, Any], why: str, outcome: str
) -> None:
    traveller = {"citizenship": "JM", "purpose": "tourism"}
    found = case("2021-09-20", traveller=traveller, trip={**FROM_JAMAICA, "transit": stops, **trip}, evidence=[])
    assert passing(found, 0).why == why
    assert book.judge(found).legs[0].outcome.value in (outcome, "met")


def country(tmp_path: Path, extra: str = "", transit: str = "") -> RuleBook:
    """Fiji asks for a form; Tonga for nothing."""
    texts = {
        "fj": "require: {shown: {what: [form]}}" + extra,
        "to": "require: always",
    }
    for ident, rule in texts.items():
        folder = tmp_path / ident
        folder.mkdir(exist_ok=True)
        header = f"  transit: {transit}\n" if ident == "fj" and transit else ""
        (folder / "pack.yaml").write_text(
            f"""pack:
  id: {ident}
  title: {ident}
  subject: test
  destinations: [{ident.upper()}]
  zone: Pacific/Fiji
  as_of: 2026-01-01
  complete_from: 2021-01-01
  complete_until: 2026-01-01
{header}sources: {{gazette: {{title: A gazette}}}}
policies:
  - id: {ident}-rule
    title: A rule
    channels: [air, land, ferry]
    announced: 2021-01-01
    effective_from: 2021-01-02
    source: [gazette]
    {rule}
""",
            "utf-8",
        )
    return RuleBook.load(tmp_path)


def through_fiji(book: RuleBook, trip: dict[str, Any], **more: Any) -> RulesAnswer:
    route = {
        "origin_country": "AU",
        "from": "SYD",
        "destination_country": "TO",
        "to": "TBU",
        "transit": ["NAN"],
        **trip,
    }
    return book.judge(case(trip=route, evidence=more.pop("evidence", []), **more))


@pytest.mark.parametrize(
    ("trip", "verdict", "code"),
    [
        ({}, "cleared", "rules.transit-airside"),
        ({"separate_tickets": True}, "denied", "rules.transit-border"),
        ({"airside": False}, "denied", "rules.transit-border"),
        ({"separate_tickets": None}, "refer", "rules.transit-unsure"),
        ({"transit": ["NAN", "SUV"]}, "denied", "rules.transit-border"),  # a flight inside Fiji
        ({"channel": "ferry"}, "denied", "rules.transit-border"),
    ],
)
def test_who_passes_the_border_must_meet_the_rules_there(
    tmp_path: Path, trip: dict[str, Any], verdict: str, code: str
) -> None:
    answer = through_fiji(country(tmp_path), trip)
    assert answer.verdict == verdict
    assert answer.legs[0].findings[0].code.value == code
    shown = through_fiji(country(tmp_path), trip, evidence=[{"type": "form"}])
    assert shown.verdict == "cleared"


def test_a_pack_says_what_its_rules_mean_for_transit(tmp_path: Path) -> None:
    landing = country(tmp_path, transit="landing")
    assert through_fiji(landing, {"airside": True}).verdict == "denied"
    exempt = country(tmp_path, extra="\n    transit: exempt")
    answer = through_fiji(exempt, {"separate_tickets": True})
    assert "fj-rule" not in {policy.id for policy in answer.policies}
    reaching = country(tmp_path, extra="\n    transit: landing")
    assert through_fiji(reaching, {}).verdict == "denied"
    purpose = "\n    exemptions: [{id: transit, when: {purpose: {in: [transit], otherwise: unmet}}}]"
    assert through_fiji(country(tmp_path, extra=purpose), {"separate_tickets": True}).verdict == "cleared"
    own = "\n    exemptions: [{id: crew, when: {purpose: {in: [crew], otherwise: unmet}}}]"
    crew = through_fiji(country(tmp_path, extra=own), {"separate_tickets": True}, traveller={"purpose": "crew"})
    assert crew.verdict == "cleared"


def test_a_country_without_a_pack_is_told_airside_and_open_at_its_border(tmp_path: Path) -> None:
    book = country(tmp_path)
    told = through_fiji(book, {"transit": ["AKL"]})
    assert (told.verdict, told.legs[0].findings[0].code.value) == ("cleared", "rules.transit-not-judged")
    entered = through_fiji(book, {"transit": ["AKL"], "separate_tickets": True})
    assert (entered.verdict, entered.legs[0].outcome.value) == ("refer", "open")
    assert "rules.no-pack" in [finding.code.value for finding in entered.all_findings()]


def test_every_leg_is_in_the_json(tmp_path: Path) -> None:
    answer = through_fiji(country(tmp_path), {"transit": ["NAN", "SUV"], "to": "VAV"})
    legs = json.loads(json.dumps(answer.as_json()))["legs"]
    assert [(leg["from"], leg["to"], leg["role"], leg["outcome"]) for leg in legs] == [
        ("SYD", "NAN", "transit", "unmet"), ("NAN", "SUV", "inside", "met"), ("SUV", "VAV", "entry", "met"),
    ]  # fmt: skip
    assert legs[0]["policies"] == [{"id": "fj-rule", "version": "fj-rule", "outcome": "unmet"}]
    assert {finding["code"] for finding in legs[0]["findings"]} == {"rules.transit-border", "rules.not-shown"}
    (denied,) = (policy for policy in answer.as_json()["policies"] if policy["id"] == "fj-rule")
    assert denied["leg"] == 0
    assert "leg" not in next(policy for policy in answer.as_json()["policies"] if policy["id"] == "to-rule")


def test_a_question_that_is_wrong_altogether_is_not_denied_on_the_way(tmp_path: Path) -> None:
    times = {"departs": "2022-02-10T12:00:00Z", "arrives": "2022-02-10T11:00:00Z", "separate_tickets": True}
    assert through_fiji(country(tmp_path), times).verdict == "refer"


NOON = datetime(2022, 2, 10, 12, tzinfo=UTC)


def legs(*points: str, stop: timedelta = timedelta(hours=2), channel: Channel = Channel.AIR) -> Case:
    out, moment = [], NOON
    for start, end in pairwise(points):
        out.append(Leg(start, end, channel, departs=moment, arrives=moment + timedelta(hours=3)))
        moment += timedelta(hours=3) + stop
    person = Traveller(birth_date=PartialDate(1980, 5, 17), citizenships=("AU",))
    stays = (Stay("AU", date(2021, 1, 1), date(2022, 2, 10)),)
    return Case.from_travel(
        person, Journey(tuple(out), "tourism", stays), [Evidence(HealthRecord("shc", Holder()))], known=date(2022, 2, 1)
    )


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (legs("SYD", "LHR", "JFK"), "taken-as-airside"),
        (legs("SYD", "LHR", "JFK", stop=timedelta(hours=24)), "taken-as-airside"),
        (legs("SYD", "LHR", "JFK", stop=timedelta(hours=25)), "long-stop"),
        (legs("SYD", "LHR", "EDI", "JFK"), "goes-on-inside"),
        (legs("JFK", "CDG", "FRA"), "goes-on-inside"),
        (legs("JFK", "CDG", "LHR"), "taken-as-airside"),
        (legs("FRA", "CDG", "MAD"), "taken-as-airside"),
        (legs("SYD", "LHR", "JFK", channel=Channel.SEA), "another-airport"),
    ],
)
def test_how_it_is_known_whether_the_border_is_passed(found: Case, why: str) -> None:
    assert passing(found, 0).why == why


def test_another_airport_of_the_same_city_means_passing_the_border() -> None:
    first = Leg("SYD", "LHR", departs=NOON, arrives=NOON + timedelta(hours=3))
    second = Leg("LGW", "JFK", departs=NOON + timedelta(hours=6), arrives=NOON + timedelta(hours=9))
    found = Case.from_travel(Traveller(), Journey((first, second)), [], known=date(2022, 2, 1))
    assert passing(found, 0).why == "another-airport"


def test_schengen_is_entered_where_it_is_first_reached(book: RuleBook) -> None:
    trip = {"origin_country": "US", "from": "JFK", "destination_country": "DE", "to": "FRA", "transit": ["CDG"]}
    question = asked("2022-04-01", traveller={"citizenship": "US", "residence": "US"}, trip=trip, evidence=[])
    answer = book.judge(Case.from_json(question))
    assert [leg.outcome.value for leg in answer.legs] == ["unmet", "unmet"]
    assert [policy.id for policy in answer.policies].count("eu-2022-290") == 1


def test_a_decision_names_the_leg_of_a_policy(book: RuleBook) -> None:
    answer = over(book, "JFK", evidence=[])
    made = Decision(Verdict.DENIED, answer.all_findings(), NOON, NOON, policies=answer.policies, packs=answer.packs)
    form = DecisionForm.model_validate_json(json.dumps(made.as_json("en")))
    assert {policy.leg for policy in form.policies} == {None, 0}
    assert {"us", "gb"} <= {pack.id for pack in form.packs}
    assert any("JFK" in sentence for sentence in made.explain("en").splitlines())
