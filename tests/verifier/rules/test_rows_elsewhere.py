"""Rows of Canada, the EU and England, with the answer of an earlier day of knowledge beside it."""

from __future__ import annotations

from typing import Any

from rows_kit import TWO_DOSES, ask, blocking, by_land, day
from rules_kit import a_test, vaccination

from verifier.rules.rulebook import RuleBook

TO_CANADA = {"destination_country": "CA", "to": "YYZ", "channel": "air"}
ARRIVECAN = {"type": "arrivecan", "submitted": True}


def to_canada(book: RuleBook, start: str, travel: str, *evidence: dict[str, Any], known: str | None = None,
              **who: Any) -> Any:  # fmt: skip
    airport = {"US": "BOS", "FR": "CDG"}[start]
    offset = {"US": "-04:00", "FR": "+02:00"}[start]
    trip = {**TO_CANADA, "origin_country": start, "from": airport, "departs": f"{travel}T12:00:00{offset}"}
    person = {"citizenship": start, "residence": start, "ca_status": "foreign-national", **who}
    papers = (ARRIVECAN, a_test(f"{day(travel, -2)}T14:00"), *evidence)
    return ask(book, travel, *papers, known=known, trip=trip, **person)


def test_canada_for_vaccinated_us_residents_then_for_all(book: RuleBook) -> None:
    assert to_canada(book, "US", "2021-08-08", TWO_DOSES).verdict == "denied"
    assert to_canada(book, "US", "2021-08-10", TWO_DOSES).verdict == "cleared"
    assert to_canada(book, "US", "2021-08-10").verdict == "denied"
    assert to_canada(book, "US", "2021-08-10", TWO_DOSES, known="2021-07-18").verdict != "cleared"
    assert to_canada(book, "FR", "2021-08-10", TWO_DOSES).verdict == "denied"
    assert to_canada(book, "FR", "2021-09-08", TWO_DOSES).verdict == "cleared"
    assert to_canada(book, "FR", "2021-09-08", TWO_DOSES, known="2021-07-18").verdict != "cleared"
    assert to_canada(book, "FR", "2021-09-08").verdict == "denied"


def test_family_exemptions_that_the_other_side_did_not_return(book: RuleBook) -> None:
    proof = {"kind": "spouse", "proof": True}
    travel = "2021-03-15"
    to_us = by_land(book, "CA", travel, purpose="visit-family", relationship={**proof, "to": "us-citizen"})
    assert (to_us.verdict, blocking(to_us)) == ("denied", {"us-t19-ca-12"})
    crossing = {"origin_country": "US", "destination_country": "CA", "from": "US", "to": "CA", "channel": "land",
                "border": "US-CA", "departs": f"{travel}T12:00:00-04:00"}  # fmt: skip
    person = {"citizenship": "US", "residence": "US", "ca_status": "foreign-national", "purpose": "visit-family",
              "relationship": {**proof, "to": "canadian-citizen"}, "stay_days": 30}  # fmt: skip
    back = ask(book, travel, a_test(f"{day(travel, -2)}T14:00"), ARRIVECAN, trip=crossing, **person)
    assert "ca-oic-from-us" not in blocking(back)
    alone = ask(book, travel, a_test(f"{day(travel, -2)}T14:00"), ARRIVECAN, trip=crossing,
                **{**person, "relationship": None, "purpose": "tourism"})  # fmt: skip
    assert alone.verdict == "denied"
    before = ask(book, "2020-07-01", trip={**crossing, "departs": "2020-07-01T12:00:00-04:00"}, known="2020-06-07",
                 **person)  # fmt: skip
    assert before.verdict != "cleared"  # Canada let immediate family in from 8 June 2020


TO_GERMANY = {"origin_country": "US", "destination_country": "DE", "from": "JFK", "to": "FRA", "channel": "air"}


def test_eu_recommendations_with_270_days(book: RuleBook) -> None:
    def lands(last_dose: str, *booster: dict[str, Any], known: str = "2022-03-20") -> str:
        doses = [("spikevax", day(last_dose, -28)), ("spikevax", last_dose)]
        shown = vaccination(*doses, format="eu-dcc")
        shown["doses"] += booster
        trip = {**TO_GERMANY, "arrives": "2022-04-01T08:00:00+02:00"}
        return ask(book, "2022-04-01", shown, known=known, trip=trip, citizenship="US", residence="US").verdict

    assert lands(day("2022-04-01", -14)) == "cleared"
    assert lands(day("2022-04-01", -13)) == "denied"
    assert lands(day("2022-04-01", -269)) == "cleared"
    assert lands(day("2022-04-01", -270)) == "refer"  # the operative text of day 270 was not read
    assert lands(day("2022-04-01", -271)) == "denied"
    assert lands(day("2022-04-01", -271), {"vaccine": "spikevax", "date": "2022-01-10", "booster": True}) == "cleared"
    assert lands(day("2022-04-01", -271), known="2022-02-21") == "cleared"  # before the recommendation of 22 February


def test_englands_day_15(book: RuleBook) -> None:
    def lands(travel: str, last_dose: str) -> set[str]:
        trip = {"origin_country": "US", "destination_country": "GB-ENG", "from": "JFK", "to": "LHR", "channel": "air",
                "arrives": f"{travel}T09:00:00+00:00"}  # fmt: skip
        shot = vaccination(("comirnaty", day(last_dose, -28)), ("comirnaty", last_dose))
        papers = ({"type": "passenger_locator_form"}, {"type": "day2_test_booking"})
        return blocking(ask(book, travel, shot, *papers, trip=trip, citizenship="US", residence="US"))

    assert lands("2022-01-20", day("2022-01-20", -15)) == set()  # 14 whole days between: the day of the dose is none
    assert lands("2022-01-20", day("2022-01-20", -14)) == {"uk-2022-01-07"}
    assert lands("2022-02-15", day("2022-02-15", -15)) == set()
    assert lands("2022-02-15", day("2022-02-15", -14)) == {"uk-2022-02-11"}
