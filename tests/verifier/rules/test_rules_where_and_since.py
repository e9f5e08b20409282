"""Presence everywhere but here, tests at the last stop, positive tests by place, months of age, hours since leaving."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from rules_kit import a_test, case, vaccination

from verifier.rules.logic import MET, OPEN, UNMET
from verifier.rules.places import spot
from verifier.rules.requirements import Asked, Shop, build
from verifier.rules.rulebook import RuleBook

TRIP = {"origin_country": "IN", "from": "DEL", "transit": ["IST", "FRA"], "departs": "2021-05-10T08:00:00+05:30"}


def judge(written: Any, **question: Any) -> int:
    node = build(written, Shop("US", {}, {}, frozenset(), {}, build))
    return node.judge(Asked(case("2021-05-10", **question), RuleBook([])))


@pytest.mark.parametrize(
    ("stays", "origin", "answer"),
    [
        ([], "US", MET),
        ([{"place": "MX", "from": "2021-04-20", "to": "2021-05-01"}], "US", UNMET),
        ([{"place": "MX", "from": "2021-04-20", "to": "2021-04-26"}], "US", OPEN),
        ([{"place": "MX", "from": "2021-04-20", "to": "2021-04-25"}], "US", MET),
        ([{"place": "PR", "from": "2021-04-20", "to": "2021-05-05"}], "US", MET),
        ([], "DE", UNMET),
    ],
)
def test_nowhere_but_in_these_places(stays: list[Any], origin: str, answer: int) -> None:
    trip = {"origin_country": origin, "from": origin}
    written = {"absent": {"places": ["US", "CA"], "elsewhere": True}}
    assert judge(written, traveller={"presence_14d": stays}, trip=trip, evidence=[]) == answer


@pytest.mark.parametrize(
    ("place", "answer"), [("DE", MET), ("FRA", MET), ("TR", OPEN), ("IN", UNMET), ("DEL", UNMET), (None, OPEN)]
)
def test_a_test_at_the_last_stop(place: str | None, answer: int) -> None:
    test = a_test("2021-05-09T08:00", **({"place": place} if place else {}))
    written = {"tested": {"kinds": ["naat"], "hours": 72, "taken_outside": ["IN"], "at_last_stop": True}}
    assert judge(written, trip=TRIP, evidence=[test]) == answer


@pytest.mark.parametrize(("place", "answer"), [("TR", MET), ("IN", UNMET), (None, OPEN)])
@pytest.mark.parametrize("kind", ["recovery", "test"])
def test_a_positive_test_by_its_place(kind: str, place: str | None, answer: int) -> None:
    there = {"place": place} if place else {}
    shown: dict[str, Any] = {"type": "recovery", "positive_test_kind": "naat"}
    shown |= {"positive_specimen_collected": "2021-04-20", **there}
    if kind == "test":
        shown = a_test("2021-04-20T08:00", **there) | {"result": "positive"}
    written = {"recovered": {"max_days": 90, "taken_outside": ["IN"]}}
    assert judge(written, trip=TRIP, evidence=[shown]) == answer


@pytest.mark.parametrize(
    ("traveller", "answer"),
    [
        ({"age": 12}, OPEN),
        ({"age": 11}, UNMET),
        ({"age": 13}, MET),
        ({"age": None, "date_of_birth": "2009-01-10"}, MET),
        ({"age": None, "date_of_birth": "2009-01-11"}, UNMET),
        ({"age": None, "date_of_birth": "2009-01"}, OPEN),
        ({"age": None}, OPEN),
    ],
)
def test_an_age_in_years_and_months(traveller: dict[str, Any], answer: int) -> None:
    assert judge({"age": {"min": 12, "min_months": 4}}, traveller=traveller, evidence=[]) == answer


@pytest.mark.parametrize(("born", "day"), [("2008-10-31", "2021-03-01"), ("2008-11-10", "2021-03-10")])
def test_the_day_on_which_the_months_are_full(born: str, day: str) -> None:
    node = build({"age": {"min": 12, "min_months": 4}}, Shop("US", {}, {}, frozenset(), {}, build))
    asked = Asked(case("2021-01-10", traveller={"age": None, "date_of_birth": born}, evidence=[]), RuleBook([]))
    assert [date.fromordinal(ordinal).isoformat() for _, ordinal in node.moments(asked)] == [day]


@pytest.mark.parametrize(
    ("left", "answer"),
    [
        ("2021-05-07T08:00:00-04:00", MET),
        ("2021-05-07T07:59:00-04:00", UNMET),
        ("2021-05-07T08:00", MET),
        ("2021-05-07", OPEN),
        ("2021-05-08", MET),
        ("2021-05-11T08:00:00-04:00", UNMET),
        ("lately", OPEN),
        (None, OPEN),
    ],
)
def test_hours_since_leaving_home(left: str | None, answer: int) -> None:
    trip = {"arrives": "2021-05-10T08:00:00-04:00", "departs": "2021-05-10T08:00:00-04:00"}
    written = {"hours_since": {"fact": "left_home", "max": 72, "zone": "America/Toronto"}}
    traveller = {"left_home": left} if left else {}
    assert judge(written, traveller=traveller, trip=trip, evidence=[]) == answer


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        ("YVR", "America/Vancouver"),
        ("LAX", "America/Los_Angeles"),
        ("CUN", "America/Cancun"),
        ("CA", "America/Toronto"),
        ("US", "America/New_York"),
        ("FRA", "Europe/Berlin"),
    ],
)
def test_an_airport_keeps_its_own_time_and_a_country_its_main_zone(code: str, zone: str) -> None:
    found = spot(code)
    assert found is not None
    assert found.zone == zone


def test_a_dose_counts_to_the_local_day_of_landing(book: RuleBook) -> None:
    """Fourteen days are judged by the date on arrival in Canada, even across the date line."""
    shown = [
        {"type": "arrivecan", "submitted": True},
        vaccination(("comirnaty", "2021-11-01"), ("comirnaty", "2021-12-01")),
        a_test("2021-12-14T12:00"),
    ]
    trip = {"origin_country": "NZ", "destination_country": "CA", "from": "AKL", "to": "YVR"}
    for arrives, verdict in (("2021-12-14T23:59:00-08:00", "denied"), ("2021-12-15T00:00:00-08:00", "cleared")):
        times = {"departs": "2021-12-15T11:00:00+13:00", "arrives": arrives}
        person = {"citizenship": "NZ", "ca_status": "foreign-national"}
        question = case("2021-12-15", traveller=person, trip={**trip, **times}, evidence=shown)
        assert book.judge(question).verdict == verdict
