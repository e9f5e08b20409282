"""The England pack: day 15, the versions of the red list, tests in days or hours, duties, and the hour of 4 a.m."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from rules_kit import a_test, asked, vaccination

from verifier.rules.answer import RulesAnswer
from verifier.rules.case import Case
from verifier.rules.checks import in_force_on, read_cases
from verifier.rules.loading import load_pack
from verifier.rules.rulebook import PACKS, RuleBook

GB = PACKS / "gb"
IDS = {
    "uk-2020-06-08", "uk-ban-za-2020-12-24", "uk-test-2021-01-18", "uk-red-list-2021-02-15", "uk-2021-05-17",
    "uk-2021-07-19", "uk-2021-08-02", "uk-2021-10-04", "uk-2021-12-07", "uk-2022-01-07", "uk-2022-02-11",
    "uk-2022-03-18", "uk-china-2023",
}  # fmt: skip
FORM, BOOKED, RESIDENT = (
    {"type": "passenger_locator_form"}, {"type": "day2_test_booking"}, {"type": "us_residency_proof"},
)  # fmt: skip
Ask = Callable[..., RulesAnswer]


@pytest.fixture
def ask(book: RuleBook) -> Ask:
    """An American of 35 lands at Heathrow at 8 in the morning UTC, seven hours after leaving New York."""

    def judge(day: str, *evidence: dict[str, Any], known: str | None = None, hour: int = 8, **more: Any) -> RulesAnswer:
        lands = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) + timedelta(hours=hour)
        trip = {
            "origin_country": "US", "destination_country": "GB-ENG", "from": "JFK", "to": "LHR",
            "departs": (lands - timedelta(hours=7)).isoformat(), "arrives": lands.isoformat(), **more.pop("trip", {}),
        }  # fmt: skip
        traveller = {"citizenship": "US", "age": 35, "residence": "US", **more.pop("traveller", {})}
        question = asked(day, known=known, traveller=traveller, trip=trip, evidence=list(evidence))
        del question["traveller"]["us_status"]
        return book.judge(Case.from_json(question))

    return judge


def been(place: str, last: str, **more: Any) -> dict[str, Any]:
    day = date.fromisoformat(last)
    return {"presence_14d": [{"place": place, "from": str(day - timedelta(2)), "to": last, **more}]}


def vaccinated(last: str, vaccine: str = "comirnaty", **more: Any) -> dict[str, Any]:
    first = str(date.fromisoformat(last) - timedelta(28))
    return vaccination((vaccine, first), (vaccine, last), format="eu-dcc", **more)


def answers(answer: RulesAnswer) -> dict[str, str]:
    return {policy.id: policy.outcome.value for policy in answer.policies}


def test_every_policy_is_here_with_source_and_span() -> None:
    pack = load_pack(GB)
    policies = {policy.id: policy for policy in pack.policies}
    assert set(policies) >= IDS
    assert all(policy.sources for policy in pack.policies)
    assert all(policies[ident].legal_basis and policies[ident].authority for ident in IDS)
    assert not any(policy.recommendation for policy in pack.policies)


def test_the_cases_name_every_policy_that_speaks() -> None:
    assert {case.because for case in read_cases(GB)} >= IDS - {"uk-2021-07-19"}


@pytest.mark.parametrize(("dose", "verdict"), [("2021-10-05", "cleared"), ("2021-10-06", "denied")])
def test_englands_day_15(ask: Ask, dose: str, verdict: str) -> None:
    """Fourteen whole days: of doses on the 5th and the 6th, on the 20th only the first has its day 15."""
    assert ask("2021-10-20", vaccinated(dose), FORM, BOOKED).verdict == verdict


def test_englands_day_15_is_the_earliest_moment(book: RuleBook) -> None:
    trip = {
        "origin_country": "CA", "destination_country": "GB-ENG", "from": "YUL", "to": "LHR",
        "departs": "2021-10-18T20:00:00-04:00", "arrives": "2021-10-19T08:00:00+01:00",
    }  # fmt: skip
    shown = [vaccinated("2021-10-06"), FORM, BOOKED]
    question = Case.from_json(asked("2021-10-19", traveller={"residence": "CA"}, trip=trip, evidence=shown))
    assert book.judge(question).verdict == "denied"
    found = book.earliest(question)
    assert found is not None
    assert found.at.date() == date(2021, 10, 19)  # at once, with the test that the unvaccinated need
    assert [need.code.value for need in found.needs] == ["rules.can-test"]
    trip |= {"departs": "2021-10-20T20:00:00-04:00", "arrives": "2021-10-21T08:00:00+01:00"}
    later = Case.from_json(asked("2021-10-21", traveller={"residence": "CA"}, trip=trip, evidence=shown))
    assert book.judge(later).verdict == "cleared"


@pytest.mark.parametrize(
    ("place", "day", "hour", "verdict"),
    [
        ("PT", "2021-03-19", 3, "denied"),
        ("PT", "2021-03-19", 4, "cleared"),
        ("QA", "2021-03-19", 3, "cleared"),
        ("QA", "2021-03-19", 4, "denied"),
        ("KE", "2021-04-09", 2, "cleared"),
        ("KE", "2021-04-09", 3, "denied"),  # 4 a.m. in London is 3 a.m. UTC in summer
        ("MX", "2021-08-08", 2, "cleared"),
        ("MX", "2021-08-08", 3, "denied"),
        ("IN", "2021-08-08", 2, "denied"),
        ("IN", "2021-08-08", 3, "cleared"),
        ("TR", "2021-10-04", 2, "denied"),
        ("TR", "2021-10-04", 3, "cleared"),
        ("ZA", "2021-11-26", 11, "cleared"),
        ("ZA", "2021-11-26", 12, "denied"),
        ("AO", "2021-11-28", 3, "cleared"),
        ("AO", "2021-11-28", 4, "denied"),
        ("NG", "2021-12-06", 3, "cleared"),
        ("NG", "2021-12-06", 4, "denied"),
        ("NG", "2021-12-15", 3, "denied"),
        ("NG", "2021-12-15", 4, "cleared"),
    ],
)
def test_the_red_list_changes_at_its_hour(ask: Ask, place: str, day: str, hour: int, verdict: str) -> None:
    arrival = date.fromisoformat(day)
    shown = [a_test(f"{arrival - timedelta(1)}T08:00"), FORM, {**BOOKED, "kind": "pcr"}]
    person = been(place, str(arrival - timedelta(4)))
    assert ask(day, *shown, hour=hour, known=str(arrival - timedelta(1)), traveller=person).verdict == verdict


@pytest.mark.parametrize(
    ("known", "verdict"), [("2021-11-24", "refer"), ("2021-11-26", "cleared"), ("2021-11-27", "denied")]
)
def test_the_red_list_as_known_on(ask: Ask, known: str, verdict: str) -> None:
    """Zambia: may have been on the list until it was seen to be added again; that was known on 27 November."""
    shown = [a_test("2021-11-27T08:00"), FORM, BOOKED]
    assert ask("2021-11-29", *shown, known=known, traveller=been("ZM", "2021-11-24")).verdict == verdict


def test_what_memory_says_of_the_red_list_is_a_question(ask: Ask) -> None:
    shown = [a_test("2021-06-10T08:00"), FORM, BOOKED]
    for place, verdict in (("EG", "refer"), ("TR", "denied"), ("GR", "cleared")):
        assert ask("2021-06-12", *shown, traveller=been(place, "2021-06-06")).verdict == verdict


@pytest.mark.parametrize("rights", [
    {"citizenship": "GB"}, {"citizenship": ["ZA", "IE"]}, {"citizenship": "ZA", "residence": "GB"},
    {"citizenship": "ZA", "gb_status": "settled"}, {"citizenship": "ZA", "uk_status": "indefinite leave"},
])  # fmt: skip
def test_citizens_and_residents_come_in_from_the_red_list_to_a_hotel(ask: Ask, rights: dict[str, Any]) -> None:
    shown = [a_test("2021-08-18T08:00"), FORM]
    answer = ask("2021-08-20", *shown, traveller={**been("MX", "2021-08-15"), **rights})
    assert answer.verdict == "cleared"
    assert "managed-quarantine" in answer.duties
    assert "quarantine-10-days-amber" not in answer.duties


def test_an_unstated_residence_is_asked_for(ask: Ask) -> None:
    shown = [a_test("2021-08-18T08:00"), FORM, BOOKED]
    person = {**been("MX", "2021-08-15"), "residence": None}
    assert ask("2021-08-20", *shown, traveller=person).verdict == "refer"


def test_quarantine_is_a_duty_and_never_a_refusal(ask: Ask) -> None:
    """Amber, August 2021: only proof that England accepted then spares quarantine."""
    shown = [a_test("2021-08-18T08:00"), FORM, BOOKED]
    free = ask("2021-08-20", *shown, vaccinated("2021-06-01"), RESIDENT)
    assert (free.verdict, free.duties) == ("cleared", ())
    day_14, who_only = vaccinated("2021-08-06"), vaccinated("2021-06-01", "coronavac")
    for more in ([], [vaccinated("2021-06-01")], [day_14, RESIDENT], [who_only, RESIDENT]):
        answer = ask("2021-08-20", *shown, *more)
        assert answer.verdict == "cleared"
        assert answer.duties == ("quarantine-10-days-amber", "tests-on-days-2-and-8")


@pytest.mark.parametrize(
    ("day", "country", "free"),
    [("2021-07-20", "GB", True), ("2021-07-20", "DE", False), ("2021-08-03", "DE", True), ("2021-08-03", "IN", False)],
)
def test_programmes_came_one_after_the_other(ask: Ask, day: str, country: str, free: bool) -> None:
    shown = [a_test(f"{date.fromisoformat(day) - timedelta(2)}T08:00"), FORM, BOOKED]
    answer = ask(day, *shown, vaccinated("2021-06-01", country=country))
    assert answer.verdict == "cleared"
    assert ("quarantine-10-days-amber" not in answer.duties) == free


@pytest.mark.parametrize(("day", "free"), [("2021-08-04", False), ("2021-08-09", True)])
def test_france_was_left_out_until_8_august(ask: Ask, day: str, free: bool) -> None:
    shown = [
        a_test(f"{date.fromisoformat(day) - timedelta(2)}T08:00"),
        FORM,
        BOOKED,
        vaccinated("2021-06-01"),
        RESIDENT,
    ]
    answer = ask(day, *shown, traveller=been("FR", str(date.fromisoformat(day) - timedelta(3))))
    assert answer.verdict == "cleared"
    assert ("quarantine-10-days-amber" not in answer.duties) == free


def test_airside_transit(ask: Ask) -> None:
    shown = [vaccinated("2021-06-01"), FORM, BOOKED]
    assert ask("2021-12-01", *shown, trip={"transit": ["JNB"]}).verdict == "cleared"
    assert ask("2021-12-01", *shown, traveller=been("ZA", "2021-11-28", transit=True)).verdict == "cleared"
    assert ask("2021-12-01", *shown, traveller=been("ZA", "2021-11-28")).verdict == "denied"


@pytest.mark.parametrize(("age", "verdict"), [(4, "cleared"), (5, "denied"), (17, "denied")])
def test_the_test_of_day_2_from_5_years(ask: Ask, age: int, verdict: str) -> None:
    assert ask("2022-01-15", FORM, traveller={"age": age}).verdict == verdict


@pytest.mark.parametrize(("day", "duty"), [
    ("2020-12-13", "self-isolate-14-days"), ("2020-12-14", "self-isolate-10-days"),
    ("2021-10-10", "quarantine-10-days"), ("2021-12-01", "isolate-until-day-2-result"),
    ("2022-02-10", "quarantine-10-days"),
])  # fmt: skip
def test_duties_of_the_day(ask: Ask, day: str, duty: str) -> None:
    assert duty in ask(day).duties


def test_no_direct_flight(ask: Ask) -> None:
    person = {"citizenship": "GB", "residence": "GB"}
    trip = {"origin_country": "ZA", "from": "JNB"}
    assert "rebook-no-direct-flight" in ask("2021-11-27", traveller=person, trip=trip).duties
    assert "rebook-no-direct-flight" not in ask("2021-11-29", traveller=person, trip=trip).duties


@pytest.mark.parametrize(("origin", "airport"), [("IE", "DUB"), ("IM", "IOM"), ("JE", "JER")])
def test_the_common_travel_area_is_asked_nothing(ask: Ask, origin: str, airport: str) -> None:
    person, trip = {"citizenship": "IE", "residence": origin}, {"origin_country": origin, "from": airport}
    for day in ("2020-09-01", "2021-02-10", "2021-08-20", "2021-10-20", "2021-12-20", "2022-01-20", "2022-02-20"):
        answer = ask(day, traveller=person, trip=trip)
        assert (answer.verdict, answer.duties) == ("cleared", ()), day


def test_who_only_changes_in_dublin_comes_from_elsewhere(ask: Ask) -> None:
    assert ask("2022-02-20", trip={"transit": ["DUB"]}).verdict == "denied"


@pytest.mark.parametrize("airport", ["EDI", "CWL", "BFS"])
def test_the_rest_of_the_kingdom_is_not_england(ask: Ask, airport: str) -> None:
    answer = ask("2021-12-20", trip={"destination_country": "GB", "to": airport})
    assert answer.verdict == "refer"
    assert not answer.packs


def test_an_airport_in_england_is_england_by_either_country_code(ask: Ask) -> None:
    for country in ("GB", "GB-ENG"):
        assert ask("2021-12-20", trip={"destination_country": country, "to": "MAN"}).verdict == "denied"


def test_a_letter_is_for_a_person_to_judge(ask: Ask) -> None:
    letter = {"type": "exception_letter", "kind": "medical-contraindication"}
    assert ask("2022-01-15", FORM, BOOKED, letter).verdict == "refer"


@pytest.mark.parametrize("kind", ["pcr", "LAMP", "lateral flow", "naat", "antigen"])
def test_other_words_for_a_test(ask: Ask, kind: str) -> None:
    assert ask("2022-01-15", a_test("2022-01-13T08:00", kind), FORM, BOOKED).verdict == "cleared"


def test_one_rule_after_the_other_without_a_gap(book: RuleBook) -> None:
    """On every day of the span some rule, or the end of all rules, stands on record."""
    day, end = date(2020, 6, 8), date(2022, 4, 1)
    while day < end:
        found = [p for p, _ in in_force_on(book, day, day) if p.pack.id == "gb" and p.kind in ("rule", "rescission")]
        assert found, day
        day += timedelta(9)
