"""The EU pack: the Council's recommendations from outside the area and within it, day by day at their edges."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from rules_kit import a_test, asked, vaccination

from verifier.findings import Outcome
from verifier.rules.answer import RulesAnswer
from verifier.rules.case import Case
from verifier.rules.checks import read_cases
from verifier.rules.loading import load_pack
from verifier.rules.places import common_lists, zone
from verifier.rules.rulebook import PACKS, RuleBook

EU = PACKS / "eu"
IDS = {
    "eu-2020-03-17", "eu-2020-912", "eu-annex1-us", "eu-2021-816", "eu-2022-107", "eu-2022-290", "eu-2022-2548",
    "eu-china-2023",
}  # fmt: skip
ARRIVAL = date(2022, 4, 1)
Ask = Callable[..., RulesAnswer]


@pytest.fixture
def ask(book: RuleBook) -> Ask:
    """An American of 35 flies from New York to Frankfurt for pleasure."""

    def judge(travel: str = "2022-04-01", *evidence: dict[str, Any], known: str | None = None, **more: Any) -> Any:
        traveller = {"citizenship": "US", "age": 35, "residence": "US", **more.pop("traveller", {})}
        trip = {"origin_country": "US", "destination_country": "DE", "from": "JFK", "to": "FRA", **more.pop("trip", {})}
        question = asked(travel, known=known, traveller=traveller, trip=trip, evidence=list(evidence))
        del question["traveller"]["us_status"]
        return book.judge(Case.from_json(question))

    return judge


def dcc(completed: date, vaccine: str = "comirnaty", *later: date) -> dict[str, Any]:
    doses = [(vaccine, str(completed - timedelta(28))), (vaccine, str(completed))]
    return vaccination(*doses, *((vaccine, str(day)) for day in later), format="eu-dcc")


def test_every_policy_is_here_with_source_basis_and_span() -> None:
    pack = load_pack(EU)
    policies = {policy.id: policy for policy in pack.policies}
    assert set(policies) >= IDS
    assert all(policy.recommendation and policy.sources for policy in pack.policies)
    assert all(policies[ident].legal_basis and policies[ident].authority for ident in IDS)
    assert pack.info.complete_from == date(2020, 3, 17).toordinal()


def test_the_cases_name_every_policy() -> None:
    assert {case.because for case in read_cases(EU)} >= IDS - {"eu-2020-03-17"}


@pytest.mark.parametrize(
    ("ago", "verdict"), [(13, "denied"), (14, "cleared"), (269, "cleared"), (270, "refer"), (271, "denied")]
)
def test_eu_recommendations_with_270_days(ask: Ask, ago: int, verdict: str) -> None:
    answer = ask("2022-04-01", dcc(ARRIVAL - timedelta(ago)))
    assert answer.verdict == verdict
    assert "eu-2022-290" in [policy.id for policy in answer.policies]


@pytest.mark.parametrize("booster", [ARRIVAL - timedelta(1), ARRIVAL - timedelta(100)])
def test_eu_recommendations_with_270_days_and_a_booster(ask: Ask, booster: date) -> None:
    assert ask("2022-04-01", dcc(ARRIVAL - timedelta(400), "comirnaty", booster)).verdict == "cleared"


def test_a_booster_after_arrival_lifts_nothing(ask: Ask) -> None:
    assert ask("2022-04-01", dcc(ARRIVAL - timedelta(400), "comirnaty", ARRIVAL + timedelta(1))).verdict == "denied"


@pytest.mark.parametrize(
    ("travel", "known", "verdict"),
    [
        ("2021-06-17", "2021-06-17", "denied"),
        ("2021-06-18", "2021-06-18", "refer"),
        ("2021-06-20", "2021-06-17", "denied"),
        ("2021-08-29", "2021-08-29", "refer"),
        ("2021-08-30", "2021-08-30", "denied"),
        ("2021-08-30", "2021-08-29", "refer"),
    ],
)
def test_annex_1_by_version_and_knowledge(ask: Ask, travel: str, known: str, verdict: str) -> None:
    assert ask(travel, known=known).verdict == verdict


@pytest.mark.parametrize(("place", "verdict"), [("AU", "refer"), ("JP", "refer"), ("IN", "denied"), ("MX", "denied")])
def test_annex_1_by_memory_is_a_question(ask: Ask, place: str, verdict: str) -> None:
    trip = {"origin_country": place, "from": place}
    assert ask("2021-10-10", traveller={"citizenship": place, "residence": place}, trip=trip).verdict == verdict


def test_schengen_has_26_states_and_croatia_from_2023() -> None:
    schengen = common_lists()["schengen"]
    old, known = date(2022, 12, 31).toordinal(), date(2023, 1, 1).toordinal()
    assert len(schengen.on(old, known)) == 26
    assert schengen.on(known, known) - schengen.on(old, known) == {"HR"}
    assert "HR" not in schengen.on(known, date(2022, 12, 7).toordinal())
    assert {"BG", "RO", "CY", "IE", "HR"}.isdisjoint(schengen.on(old, known))


@pytest.mark.parametrize(
    ("country", "airport"), [("NO", "OSL"), ("CH", "ZRH"), ("IS", "KEF"), ("LI", "LI"), ("HR", "ZAG"), ("BG", "SOF")]
)
def test_schengen_and_the_states_beside_it_are_one_area(ask: Ask, country: str, airport: str) -> None:
    trip = {"destination_country": country, "to": airport}
    assert ask("2021-09-15", trip=trip).verdict == "denied"
    assert ask("2021-09-15", trip=trip, traveller={"citizenship": country}).verdict == "cleared"


@pytest.mark.parametrize(("country", "airport"), [("IE", "DUB"), ("TR", "IST"), ("RS", "BEG")])
def test_elsewhere_nobody_is_told_anything(ask: Ask, country: str, airport: str) -> None:
    answer = ask("2021-09-15", trip={"destination_country": country, "to": airport})
    assert answer.verdict == "refer"
    assert not answer.packs


@pytest.mark.parametrize("through", ["CDG", "ZRH", "AMS"])
def test_a_stop_in_the_area_does_not_make_a_journey_within_it(ask: Ask, through: str) -> None:
    assert ask("2022-04-01", trip={"transit": [through]}).verdict == "denied"


def test_within_the_area_nobody_is_refused_but_may_be_tested(ask: Ask) -> None:
    trip = {"origin_country": "FR", "from": "CDG"}
    bare, proved = ask("2022-04-01", trip=trip), ask("2022-04-01", dcc(ARRIVAL - timedelta(30)), trip=trip)
    assert (bare.verdict, proved.verdict) == ("cleared", "cleared")
    assert bare.duties == ("test-around-arrival",)
    assert proved.duties == ()
    child = ask("2022-04-01", trip=trip, traveller={"age": 11})
    assert child.duties == ()


@pytest.mark.parametrize(
    ("kind", "hours", "due"), [("naat", 71, False), ("naat", 73, True), ("antigen", 23, False), ("antigen", 25, True)]
)
def test_tests_within_the_area(ask: Ask, kind: str, hours: int, due: bool) -> None:
    departs = "2022-04-01T18:00:00+02:00"
    collected = {71: "2022-03-29T19:00", 73: "2022-03-29T17:00", 23: "2022-03-31T19:00", 25: "2022-03-31T17:00"}[hours]
    trip = {"origin_country": "FR", "from": "CDG", "departs": departs, "arrives": "2022-04-01T19:30:00+02:00"}
    answer = ask("2022-04-01", a_test(collected, kind), trip=trip)
    assert answer.verdict == "cleared"
    assert (answer.duties == ("test-around-arrival",)) == due


def test_a_recommendation_is_marked_as_one(ask: Ask) -> None:
    answer = ask("2022-04-01", dcc(ARRIVAL - timedelta(30)))
    notes = [finding for finding in answer.all_findings() if finding.code.value == "rules.recommendation"]
    assert notes
    assert all(note.outcome is Outcome.NOTE for note in notes)
    assert answer.as_json()["policies"][-1]["recommendation"]


@pytest.mark.parametrize(("purpose", "verdict"), [
    ("tourism", "denied"), ("visit family", "denied"), ("goods transport", "cleared"), ("diplomatic", "cleared"),
    ("cross-border worker", "cleared"), ("education", "refer"), ("something else", "refer"), (None, "refer"),
])  # fmt: skip
def test_essential_functions(ask: Ask, purpose: str | None, verdict: str) -> None:
    assert ask("2020-09-10", traveller={"purpose": purpose}).verdict == verdict


def test_a_certificate_that_cannot_be_verified_is_a_question(ask: Ask) -> None:
    shown = {**dcc(ARRIVAL - timedelta(30)), "signature_verified": False}
    assert ask("2022-04-01", shown, a_test("2022-03-31T08:00")).verdict == "refer"


def test_an_earlier_day_of_knowledge_gives_the_earlier_answer(ask: Ask) -> None:
    expired = dcc(date(2021, 5, 1))
    assert ask("2022-03-10", expired, known="2022-02-21").verdict == "cleared"
    assert ask("2022-03-10", expired, known="2022-02-22").verdict == "denied"
    assert ask("2022-12-22", known="2022-12-12").verdict == "denied"
    assert ask("2022-12-22", known="2022-12-13").verdict == "cleared"


def test_the_earliest_moment_is_day_14(book: RuleBook) -> None:
    person = {"citizenship": "BR", "residence": "BR"}
    trip = {"origin_country": "BR", "destination_country": "DE", "from": "GRU", "to": "FRA"}
    question = Case.from_json(asked("2021-09-10", traveller=person, trip=trip, evidence=[dcc(date(2021, 9, 2))]))
    found = book.earliest(question)
    assert found is not None
    assert found.at.astimezone(zone("Europe/Berlin")).date() == date(2021, 9, 16)
