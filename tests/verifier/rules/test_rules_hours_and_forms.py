"""Place lists that change at an hour, vaccinations by the format that shows them, and the more exact place of two."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from rules_kit import asked, vaccination

from verifier.rules.case import Case
from verifier.rules.logic import MET, OPEN, UNMET
from verifier.rules.places import place_list, zone
from verifier.rules.requirements import Asked, Shop, build
from verifier.rules.requirements.vaccinated import ProductList, ProductRow, ProductsSpec
from verifier.rules.rulebook import RuleBook
from verifier.rules.schema import PlaceRow

LONDON = zone("Europe/London")
ROWS = [
    {"places": ["ZA"]},
    {"from": "2021-08-08 04:00:00", "announced": date(2021, 8, 4), "added": ["MX"]},
]


def rows() -> list[dict[str, Any]]:
    from datetime import datetime

    ready = [{**row, "from": datetime.fromisoformat(row["from"])} if "from" in row else row for row in ROWS]
    return [PlaceRow.model_validate(row).model_dump(by_alias=True, exclude_none=True) for row in ready]


def node(written: Any) -> Any:
    products = ProductList.of(ProductsSpec(accepted=[ProductRow(product="comirnaty")]))
    lists = {"red": place_list(rows(), LONDON)}
    return build(written, Shop("GB", {"list": products}, lists, frozenset(), {}, build))


@pytest.mark.parametrize(
    ("arrives", "known", "answer"),
    [
        ("2021-08-08T03:59:00+01:00", "2021-08-07", MET),
        ("2021-08-08T04:00:00+01:00", "2021-08-07", UNMET),
        ("2021-08-08T04:00:00+01:00", "2021-08-03", MET),
        ("2021-08-07T23:00:00+01:00", "2021-08-07", MET),
    ],
)
def test_a_list_changes_at_its_hour(book: RuleBook, arrives: str, known: str, answer: int) -> None:
    trip = {
        "origin_country": "MX", "destination_country": "GB-ENG", "from": "MEX", "to": "LHR", "arrives": arrives,
        "departs": "2021-08-07T11:00:00-05:00",
    }  # fmt: skip
    question = Case.from_json(asked("2021-08-07", known=known, trip=trip, evidence=[]))
    assert node({"absent": {"places": ["red"], "days": 10}}).judge(Asked(question, book)) == answer


def test_a_list_that_changes_within_the_hours_of_arrival_is_open(book: RuleBook) -> None:
    trip = {"origin_country": "MX", "destination_country": "GB-ENG", "from": "MEX", "to": "LHR"}
    question = Case.from_json(asked("2021-08-08", known="2021-08-07", trip=trip, evidence=[]))
    (leg,) = question.legs
    day = leg.arrives_days[0]
    start = 1_628_377_200  # 8 August 2021, 00:00 in London
    from dataclasses import replace

    unsure = replace(question, legs=(replace(leg, arrives=(start, start + 80_000), arrives_days=(day, day)),))
    assert node({"absent": {"places": ["red"], "days": 10}}).judge(Asked(unsure, book)) == OPEN


@pytest.mark.parametrize(("form", "answer"), [("eu-dcc", MET), ("shc", OPEN), (None, OPEN)])
def test_another_format_is_a_question(book: RuleBook, form: str | None, answer: int) -> None:
    shown = vaccination(("comirnaty", "2021-01-01"), ("comirnaty", "2021-02-01"), format=form)
    question = Case.from_json(asked(evidence=[shown]))
    requirement = node({"vaccinated": {"products": "list", "formats": ["eu-dcc"]}})
    assert requirement.judge(Asked(question, book)) == answer


@pytest.mark.parametrize("order", [("shc", "eu-dcc"), ("eu-dcc", "shc")])
def test_the_same_dose_on_two_documents_counts_by_the_better_one(book: RuleBook, order: tuple[str, str]) -> None:
    shown = [vaccination(("comirnaty", "2021-01-01"), ("comirnaty", "2021-02-01"), format=form) for form in order]
    question = Case.from_json(asked(evidence=shown))
    requirement = node({"vaccinated": {"products": "list", "formats": ["eu-dcc"]}})
    assert requirement.judge(Asked(question, book)) == MET


@pytest.mark.parametrize(("dose", "total", "answer"), [(3, 3, MET), (2, 1, MET), (2, 2, UNMET)])
def test_a_booster_that_stands_alone_on_its_certificate_lifts_the_limit(
    book: RuleBook, dose: int, total: int, answer: int
) -> None:
    shown = vaccination()
    shown["doses"] = [{"vaccine": "comirnaty", "date": "2021-03-01", "dose": dose, "total": total}]
    question = Case.from_json(asked("2022-02-10", evidence=[shown]))
    requirement = node({"vaccinated": {"products": "list", "max_days": 270, "booster_lifts_max": True}})
    assert requirement.judge(Asked(question, book)) == answer


@pytest.mark.parametrize(("country", "place"), [("GB", "GB-ENG"), ("GB-ENG", "GB-ENG"), ("US", "US")])
def test_an_airport_says_more_than_its_country(country: str, place: str) -> None:
    trip = {"origin_country": "CA", "destination_country": country, "from": "YUL", "to": "LHR"}
    assert Case.from_json(asked(trip=trip)).destination == place


@pytest.mark.parametrize(
    ("vaccine", "dose", "answer"),
    [
        ("unknown-us", {}, OPEN),
        ("unknown-us", {"dose": 1, "total": 2}, UNMET),
        ("unknown-us", {"dose": 2, "total": 2}, OPEN),
        ("comirnaty", {}, UNMET),
    ],
)
def test_one_dose_of_a_product_nobody_names_may_be_enough(
    book: RuleBook, vaccine: str, dose: dict[str, int], answer: int
) -> None:
    shown = vaccination()
    shown["doses"] = [{"vaccine": vaccine, "date": "2021-03-01", **dose}]
    question = Case.from_json(asked("2022-02-10", evidence=[shown]))
    assert node({"vaccinated": {"products": "list"}}).judge(Asked(question, book)) == answer
