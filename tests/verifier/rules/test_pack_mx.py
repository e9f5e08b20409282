"""Mexico: the absence of rules by air is a recorded fact, and the land border is a question for a person."""

from __future__ import annotations

from typing import Any

import pytest

from verifier.rules.answer import RulesAnswer
from verifier.rules.case import Case
from verifier.rules.rulebook import RuleBook

FLIGHT = {"origin_country": "US", "destination_country": "MX", "from": "LAX", "to": "CUN", "channel": "air"}
ROAD = {**FLIGHT, "from": "US", "to": "MX", "channel": "land", "border": "US-MX"}
AMERICAN = {"citizenship": "US", "residence": "US", "age": 40, "purpose": "tourism"}


def ask(book: RuleBook, travel: str, trip: dict[str, Any], known: str | None = None, **more: Any) -> RulesAnswer:
    question = {"as_known_on": known or travel, "travel_date": travel, "traveller": {**AMERICAN, **more}, "trip": trip}
    return book.judge(Case.from_json(question))


@pytest.mark.parametrize("travel", ["2020-03-21", "2021-08-15", "2022-01-05", "2023-11-01"])
def test_no_rule_by_air_is_an_answer_with_a_source(book: RuleBook, travel: str) -> None:
    answer = ask(book, travel, FLIGHT)
    assert answer.verdict == "cleared"
    (absence,) = [policy for policy in answer.policies if policy.id == "mx-air-none"]
    assert absence.policy.kind == "absence"
    assert all(source.url for source in absence.policy.sources)


@pytest.mark.parametrize(("travel", "trip"), [("2020-03-20", FLIGHT), ("2021-08-15", {**FLIGHT, "channel": "ferry"})])
def test_what_is_not_recorded_is_not_cleared(book: RuleBook, travel: str, trip: dict[str, Any]) -> None:
    answer = ask(book, travel, trip)
    assert answer.verdict == "refer"
    assert "rules.no-record" in [finding.code.value for finding in answer.findings]


@pytest.mark.parametrize(("travel", "asked"), [("2021-12-31", True), ("2022-01-01", False)])
def test_the_questionnaire_was_dropped_in_2022(book: RuleBook, travel: str, asked: bool) -> None:
    answer = ask(book, travel, FLIGHT)
    assert answer.verdict == "cleared"
    assert ("health-questionnaire" in answer.duties) is asked


@pytest.mark.parametrize(
    ("travel", "verdict"),
    [
        ("2020-03-21", "refer"),
        ("2021-03-18", "refer"),
        ("2021-03-19", "denied"),
        ("2021-04-21", "denied"),
        ("2021-04-22", "refer"),
        ("2021-05-21", "refer"),
        ("2021-05-22", "refer"),
    ],
)
def test_a_tourist_by_land_and_a_worker(book: RuleBook, travel: str, verdict: str) -> None:
    assert ask(book, travel, ROAD).verdict == verdict
    assert ask(book, travel, ROAD, purpose="work").verdict == "cleared"


def test_symmetric_borders_were_not_open_alike(book: RuleBook) -> None:
    """Mexicans faced the land limit of the US while Americans entered Mexico freely by air."""
    north = {"origin_country": "MX", "destination_country": "US", "from": "MX", "to": "US", "channel": "land"}
    shopper = {"citizenship": "MX", "residence": "MX", "purpose": "shopping", "us_status": "nonimmigrant"}
    assert ask(book, "2021-07-01", {**north, "border": "US-MX"}, **shopper).verdict == "denied"
    assert ask(book, "2021-07-01", FLIGHT).verdict == "cleared"
