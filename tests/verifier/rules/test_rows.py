"""The rows of the tangle: each has a test that names it, with the answer of an earlier day of knowledge beside it.

Exemptions have their rows in test_rows_exemptions.py, Canada, the EU and England in test_rows_elsewhere.py. The days
expected are those of the facts, written out again.
"""

from __future__ import annotations

from typing import Any

import pytest
from rows_kit import EVER, TWO_DOSES, blocking, by_air, by_land, day, named, swab
from rules_kit import vaccination

from verifier.rules.policy import CompiledPolicy
from verifier.rules.rulebook import RuleBook

# announced, first day, last day
PERIODS = (
    ("2020-03-20", "2020-03-21", "2020-04-20"), ("2020-04-20", "2020-04-21", "2020-05-20"),
    ("2020-05-19", "2020-05-21", "2020-06-22"), ("2020-06-16", "2020-06-23", "2020-07-21"),
    ("2020-07-16", "2020-07-22", "2020-08-20"), ("2020-08-14", "2020-08-21", "2020-09-21"),
    ("2020-09-18", "2020-09-22", "2020-10-21"), ("2020-10-19", "2020-10-22", "2020-11-21"),
    ("2020-11-19", "2020-11-22", "2020-12-21"), ("2020-12-11", "2020-12-22", "2021-01-21"),
    ("2021-01-12", "2021-01-22", "2021-02-21"), ("2021-02-19", "2021-02-22", "2021-03-21"),
    ("2021-03-18", "2021-03-22", "2021-04-21"), ("2021-04-20", "2021-04-22", "2021-05-21"),
    ("2021-05-20", "2021-05-22", "2021-06-21"), ("2021-06-20", "2021-06-22", "2021-07-21"),
    ("2021-07-21", "2021-07-22", "2021-08-21"), ("2021-08-20", "2021-08-22", "2021-09-21"),
    ("2021-09-20", "2021-09-22", "2021-10-21"), ("2021-10-21", "2021-10-22", "2022-01-21"),
)  # fmt: skip
NUMBERED = [pytest.param(number, *row, id=f"period-{number:02}") for number, row in enumerate(PERIODS, 1)]


def one_period(book: RuleBook, side: str, number: int, announced: str, first: str, last: str) -> None:
    version = f"us-t19-{side.lower()}-{number:02}"
    until = min(last, "2021-11-07")  # from then on the fully vaccinated were let in
    for travel in (first, until):
        denied = by_land(book, side, travel, TWO_DOSES, known=announced)
        assert denied.verdict == "denied", travel
        assert version in blocking(denied)
        assert by_land(book, side, travel, known=announced, purpose="cross-border-trade").verdict == "cleared"
    earlier = by_land(book, side, until, known=day(announced, -1))
    assert earlier.verdict == ("cleared" if number == 1 else "refer")  # before the first notice the border was open
    assert version not in named(earlier)
    if number > 1:
        assert f"us-t19-{side.lower()}-{number - 1:02}" in blocking(earlier)


@pytest.mark.parametrize(("number", "announced", "first", "last"), NUMBERED)
def test_nonessential_land_travel_with_mexico_month_by_month(
    book: RuleBook, number: int, announced: str, first: str, last: str
) -> None:
    one_period(book, "MX", number, announced, first, last)


@pytest.mark.parametrize(("number", "announced", "first", "last"), NUMBERED)
def test_nonessential_land_travel_with_canada_month_by_month(
    book: RuleBook, number: int, announced: str, first: str, last: str
) -> None:
    one_period(book, "CA", number, announced, first, last)


def test_there_are_twenty_periods_on_each_border(book: RuleBook) -> None:
    for side in ("ca", "mx"):
        assert len(book.policies[f"us-t19-{side}-essential"].versions) == len(PERIODS) == 20


@pytest.mark.parametrize("side", ["CA", "MX"])
def test_the_extension_through_21_october_known_on_20_september(book: RuleBook, side: str) -> None:
    for travel in ("2021-09-25", "2021-10-05", "2021-10-21"):
        known = by_land(book, side, travel, TWO_DOSES, known="2021-09-20")
        assert (known.verdict, f"us-t19-{side.lower()}-19" in blocking(known)) == ("denied", True)
        before = by_land(book, side, travel, TWO_DOSES, known="2021-09-19")
        assert (before.verdict, f"us-t19-{side.lower()}-18" in blocking(before)) == ("refer", True)
    beyond = by_land(book, side, "2021-10-22", TWO_DOSES, known="2021-09-20")
    assert beyond.verdict == "refer"


@pytest.mark.parametrize("side", ["CA", "MX"])
def test_air_open_while_land_is_closed(book: RuleBook, side: str) -> None:
    for travel, evidence in (("2020-07-01", ()), ("2021-08-01", (swab("2021-08-01", 3),))):
        flies = by_air(book, side, travel, *evidence)
        assert (flies.verdict, [i for i in named(flies) if "t19" in i]) == ("cleared", [])
        for channel in ("land", "rail", "ferry"):
            assert by_land(book, side, travel, *evidence, channel=channel).verdict == "denied"
    assert by_land(book, side, "2021-08-01", known="2021-07-20").verdict == "refer"  # the period was not yet known
    assert by_air(book, side, "2021-08-01", swab("2021-08-01", 3), known="2021-07-20").verdict == "cleared"


BANS = {
    "China": ("CN", "us-212f-9984", "2020-01-31", "2020-02-03", "2021-11-07"),
    "Iran": ("IR", "us-212f-9992", "2020-02-29", "2020-03-03", "2021-11-07"),
    "Schengen-2020": ("DE", "us-212f-9993", "2020-03-11", "2020-03-14", "2021-01-25"),
    "Schengen-2021": ("CH", "us-212f-10143", "2021-01-25", "2021-01-27", "2021-11-07"),
    "UK-2020": ("GB", "us-212f-9996", "2020-03-14", "2020-03-17", "2021-01-25"),
    "UK-2021": ("GB", "us-212f-10143", "2021-01-25", "2021-01-27", "2021-11-07"),
    "Ireland-2020": ("IE", "us-212f-9996", "2020-03-14", "2020-03-17", "2021-01-25"),
    "Ireland-2021": ("IE", "us-212f-10143", "2021-01-25", "2021-01-27", "2021-11-07"),
    "Brazil-2020": ("BR", "us-212f-10041", "2020-05-24", "2020-05-27", "2021-01-25"),
    "Brazil-2021": ("BR", "us-212f-10143", "2021-01-25", "2021-01-27", "2021-11-07"),
    "South-Africa": ("ZA", "us-212f-10143-za", "2021-01-25", "2021-01-31", "2021-11-07"),
    "India": ("IN", "us-212f-10199", "2021-04-30", "2021-05-05", "2021-11-07"),
    **{f"Omicron-{place}": (place, "us-212f-10315", "2021-11-26", "2021-11-30", "2021-12-30")
       for place in ("BW", "SZ", "LS", "MW", "MZ", "NA", "ZA", "ZW")},
}  # fmt: skip


@pytest.mark.parametrize(("place", "policy", "announced", "first", "last"), BANS.values(), ids=BANS)
def test_regional_ban_by_14_day_presence(
    book: RuleBook, place: str, policy: str, announced: str, first: str, last: str
) -> None:
    def left(days: int, travel: str, known: str | None = None) -> Any:
        """From Turkey, so many days after leaving the place."""
        stays = [
            {"place": place, "from": EVER, "to": day(travel, -days)},
            {"place": "TR", "from": day(travel, -days), "to": travel},
        ]
        papers = (TWO_DOSES, swab(travel))
        return by_air(book, "TR", travel, *papers, known=known, presence_14d=stays)

    for travel in (first, last):
        for days in (0, 13):
            assert left(days, travel).verdict == "denied"
            assert policy in blocking(left(days, travel))
        assert (left(14, travel).verdict, policy in blocking(left(14, travel))) == ("refer", True)
        assert policy not in blocking(left(15, travel))
    assert policy not in named(left(0, first, known=day(announced, -1)))
    after = left(0, day(last, 1), known=last)
    assert policy not in blocking(after) or after.verdict == "refer"


def test_regional_ban_spares_hong_kong_and_other_neighbours(book: RuleBook) -> None:
    assert by_air(book, "HK", "2021-08-01", swab("2021-08-01")).verdict == "cleared"
    assert by_air(book, "RO", "2021-08-01", swab("2021-08-01")).verdict == "cleared"  # EU, not Schengen


@pytest.mark.parametrize("place", ["DE", "GB", "IE", "BR"])
def test_the_order_that_overtook_the_planned_end_in_january_2021(book: RuleBook, place: str) -> None:
    travel = "2021-01-27"
    papers = (swab(travel),)
    planned = by_air(book, place, travel, *papers, known="2021-01-20")
    assert planned.verdict == "cleared"  # Proclamation 10138 of 18 January ended the bans on the 26th
    overtaken = by_air(book, place, travel, *papers, known="2021-01-25")
    assert (overtaken.verdict, blocking(overtaken)) == ("denied", {"us-212f-10143"})
    unplanned = by_air(book, place, travel, *papers, known="2021-01-17")
    assert unplanned.verdict == "denied"
    assert "us-212f-10143" not in named(unplanned)
    assert by_air(book, place, "2021-01-25", *papers, known="2021-01-20").verdict == "denied"


@pytest.mark.parametrize("side", ["CA", "MX"])
def test_the_announced_but_undated_november_rule(book: RuleBook, side: str) -> None:
    travel = "2021-11-10"
    without = by_land(book, side, travel, TWO_DOSES, known="2021-10-11")
    assert not [ident for ident in named(without) if "announce" in ident]
    undated = by_land(book, side, travel, TWO_DOSES, known="2021-10-13")
    assert (undated.verdict, "us-t19-announce-2021-10-12" in named(undated)) == ("refer", True)
    dated = by_land(book, side, travel, TWO_DOSES, known="2021-10-16")
    assert (dated.verdict, "us-t19-announce-2021-10-15" in named(dated)) == ("refer", True)
    written = by_land(book, side, travel, TWO_DOSES, known="2021-10-30")
    assert (written.verdict, f"us-t19-{side.lower()}-nonessential-vaccinated" in named(written)) == ("cleared", True)
    assert by_land(book, side, "2021-11-07", TWO_DOSES, known="2021-10-30").verdict == "denied"


def test_the_announced_but_undated_november_rule_by_air(book: RuleBook) -> None:
    travel = "2021-11-10"
    papers = (TWO_DOSES, swab(travel))
    assert by_air(book, "DE", travel, *papers, known="2021-09-19").verdict == "denied"
    announced = by_air(book, "DE", travel, *papers, known="2021-09-21")
    assert (announced.verdict, "us-announce-2021-09-20" in named(announced)) == ("refer", True)
    written = by_air(book, "DE", travel, *papers, known="2021-10-26")
    assert (written.verdict, "us-announce-2021-09-20" in named(written)) == ("cleared", False)


@pytest.mark.parametrize("place", ["CN", "IR", "DE", "GB", "IE", "BR", "ZA", "IN"])
def test_all_bans_ended_by_one_act_on_8_november(book: RuleBook, place: str) -> None:
    on, before = "2021-11-08", "2021-11-07"
    ended = by_air(book, place, on, TWO_DOSES, swab(on), known="2021-10-26")
    assert (ended.verdict, [i for i in named(ended) if "212f" in i]) == ("cleared", [])
    assert "us-10294" in blocking(by_air(book, place, on, swab(on), known="2021-10-26"))
    banned = by_air(book, place, before, TWO_DOSES, swab(before), known="2021-10-26")
    assert banned.verdict == "denied"
    assert all("212f" in ident for ident in blocking(banned))
    unknown = by_air(book, place, on, TWO_DOSES, swab(on), known="2021-10-24")
    assert unknown.verdict == "refer"  # the end was announced on 20 September and written on 25 October


# --- vaccination and tests by air -----------------------------------------------------------------------------------


def vaccinated(book: RuleBook, *doses: tuple[str, str], travel: str = "2022-07-10", known: str | None = None,
               **more: Any) -> str:  # fmt: skip
    answer = by_air(book, "AU", travel, vaccination(*doses, **more), known=known)
    if answer.verdict != "cleared":
        assert blocking(answer) == {"us-10294"}
    return answer.verdict


def test_full_vaccination_by_air_two_doses_and_14_days(book: RuleBook) -> None:
    series = ("comirnaty", "2022-06-01"), ("comirnaty", "2022-07-01")
    assert vaccinated(book, *series, travel="2022-07-15") == "cleared"
    assert vaccinated(book, *series, travel="2022-07-14") == "denied"
    assert vaccinated(book, *series[:1], travel="2022-07-15") == "denied"
    assert vaccinated(book, ("sputnik-v", "2022-03-01"), ("sputnik-v", "2022-04-01")) == "denied"


def test_full_vaccination_by_air_mix_and_match(book: RuleBook) -> None:
    first = ("vaxzevria", "2022-03-01")
    assert vaccinated(book, first, ("comirnaty", "2022-03-18")) == "cleared"  # 17 days apart
    assert vaccinated(book, first, ("comirnaty", "2022-03-17")) != "cleared"
    assert vaccinated(book, first, ("sputnik-v", "2022-05-01")) == "denied"


def test_full_vaccination_by_air_trials(book: RuleBook) -> None:
    assert vaccinated(book, ("nuvaxovid", "2021-03-01"), trial="active") == "cleared"
    assert vaccinated(book, ("nuvaxovid", "2021-03-01"), trial="placebo") == "denied"


def test_full_vaccination_by_air_single_dose(book: RuleBook) -> None:
    assert vaccinated(book, ("jcovden", "2022-06-26")) == "cleared"
    assert vaccinated(book, ("jcovden", "2022-06-27")) == "denied"
    assert vaccinated(book, ("spikevax", "2022-01-01")) == "denied"


def test_full_vaccination_by_air_bivalent(book: RuleBook) -> None:
    dose = ("spikevax", "2022-10-01")
    assert vaccinated(book, dose, travel="2023-05-02", known="2023-04-27") == "cleared"
    assert vaccinated(book, dose, travel="2023-05-02", known="2023-04-26") == "denied"
    assert vaccinated(book, dose, travel="2023-04-26", known="2023-04-28") == "denied"
    assert vaccinated(book, ("spikevax", "2022-08-01"), travel="2023-05-02") == "denied"
    assert vaccinated(book, ("spikevax", "2023-04-20"), travel="2023-05-02") == "denied"


def test_full_vaccination_by_air_products_of_the_day(book: RuleBook) -> None:
    series = ("covovax", "2021-09-01"), ("covovax", "2021-10-01")

    def on(travel: str) -> set[str]:
        return blocking(by_air(book, "AU", travel, vaccination(*series), swab(travel)))

    assert on("2021-12-16") == {"us-10294"}
    assert on("2021-12-17") == set()


def window(book: RuleBook, travel: str, days: int, *more: dict[str, Any], known: str | None = None) -> str:
    return by_air(book, "AU", travel, swab(travel, days, "antigen"), *more, known=known).verdict


def test_tests_of_3_days(book: RuleBook) -> None:
    assert [window(book, "2021-08-01", days) for days in (0, 3, 4)] == ["cleared", "cleared", "denied"]
    assert [window(book, "2021-11-20", days, TWO_DOSES) for days in (0, 3, 4)] == ["cleared", "cleared", "denied"]
    assert by_air(book, "AU", "2021-01-27", known="2021-01-11").verdict == "cleared"  # announced on 12 January
    assert by_air(book, "AU", "2021-01-27", known="2021-01-12").verdict == "denied"


def test_tests_of_1_day_for_the_unvaccinated(book: RuleBook) -> None:
    def citizen(travel: str, days: int, known: str | None = None) -> str:
        person = {"citizenship": "US", "us_status": "citizen", "purpose": "return"}
        return by_air(book, "AU", travel, swab(travel, days), known=known, **person).verdict

    assert [citizen("2021-11-20", days) for days in (0, 1, 2, 3)] == ["cleared", "cleared", "denied", "denied"]
    assert citizen("2021-11-07", 3) == "cleared"
    assert citizen("2021-11-20", 3, known="2021-10-24") != "denied"  # only announced on 20 September


def test_tests_of_1_day_for_all(book: RuleBook) -> None:
    travel = "2021-12-10"
    assert [window(book, travel, days, TWO_DOSES) for days in (0, 1, 2, 3)] == [
        "cleared",
        "cleared",
        "denied",
        "denied",
    ]
    assert window(book, travel, 3, TWO_DOSES, known="2021-12-01") == "cleared"  # the order came on 2 December
    assert window(book, "2021-12-05", 3, TWO_DOSES) == "cleared"
    assert by_air(book, "AU", "2022-06-13", TWO_DOSES, known="2022-06-10").verdict == "cleared"
    assert by_air(book, "AU", "2022-06-13", TWO_DOSES, known="2022-06-09").verdict == "denied"


def test_tests_from_china_2023(book: RuleBook) -> None:
    def flies(start: str, travel: str, days: int, known: str | None = None, **trip: Any) -> str:
        clock = {"departs": f"{travel}T13:00:00+08:00"}
        return by_air(book, start, travel, TWO_DOSES, swab(travel, days), known=known, trip={**clock, **trip}).verdict

    assert [flies("PVG", "2023-01-10", days) for days in (1, 2, 3)] == ["cleared", "cleared", "denied"]
    assert flies("PVG", "2023-01-10", 3, known="2022-12-27") == "cleared"
    assert flies("PVG", "2023-01-04", 3) == flies("PVG", "2023-03-12", 3) == "cleared"
    assert flies("PVG", "2023-01-10", 3, transit=["NRT"]) == "denied"
    was = [{"place": "CN", "from": EVER, "to": "2023-01-05"}, {"place": "KR", "from": "2023-01-05", "to": "2023-01-10"}]
    through = by_air(book, "ICN", "2023-01-10", TWO_DOSES, presence_14d=was)
    assert "us-cdc-test-china-2023" in blocking(through)
    assert by_air(book, "ICN", "2023-01-10", TWO_DOSES).verdict == "cleared"


def test_title_42_never_applies_to_channel_air(book: RuleBook) -> None:
    person = {"citizenship": "HN", "documents": "none", "purpose": "seek-protection"}
    for travel in ("2020-06-01", "2021-07-10", "2022-07-01", "2023-05-01"):
        flies = by_air(book, "MX", travel, TWO_DOSES, swab(travel), **person)
        assert not [ident for ident in named(flies) if "title42" in ident]
        walks = by_land(book, "MX", travel, **person)
        assert "us-title42" in blocking(walks)
    assert all("air" not in policy.channels for ident, policy in book.policies.items() if "title42" in ident)
    assert "us-title42" in blocking(by_land(book, "MX", "2022-05-30", known="2022-05-20", **person))
    assert "us-title42" not in blocking(by_land(book, "MX", "2022-05-30", known="2022-05-10", **person))
    assert by_land(book, "MX", "2023-05-12", **person).verdict == "cleared"


# --- both land borders ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", ["CA", "MX"])
def test_land_reopening_in_two_phases(book: RuleBook, side: str) -> None:
    first, second = f"us-t19-{side.lower()}-nonessential-vaccinated", f"us-t19-{side.lower()}-vaccinated-all"
    trade = {"purpose": "cross-border-trade"}
    tourist = by_land(book, side, "2021-11-08", TWO_DOSES)
    assert (tourist.verdict, first in named(tourist)) == ("cleared", True)
    assert blocking(by_land(book, side, "2021-11-08")) == {first}
    assert by_land(book, side, "2022-01-21", **trade).verdict == "cleared"
    assert blocking(by_land(book, side, "2022-01-22", **trade)) == {second}
    assert by_land(book, side, "2022-01-22", TWO_DOSES, **trade).verdict == "cleared"
    earlier = by_land(book, side, "2022-01-22", known="2021-11-23", **trade)
    assert (earlier.verdict, "us-t19-announce-phase-2" in named(earlier)) == ("refer", True)
    assert by_land(book, side, "2023-05-12").verdict == "cleared"


def test_symmetric_borders(book: RuleBook) -> None:
    def shape(policy: CompiledPolicy) -> tuple[object, ...]:
        times = [(v.told, v.start, v.end, v.end_told) for v in policy.versions]
        lifts = [(lift.id, lift.when, lift.duties) for lift in policy.exemptions]
        return policy.channels, policy.anchor, policy.extendable, times, lifts, policy.applies, policy.clauses

    for phase in ("essential", "nonessential-vaccinated", "vaccinated-all"):
        canada, mexico = (book.policies[f"us-t19-{side}-{phase}"] for side in ("ca", "mx"))
        assert shape(canada) == shape(mexico)
        assert (canada.borders, mexico.borders) == ({"US-CA"}, {"US-MX"})
    people: list[dict[str, Any]] = [
        {}, {"purpose": "education"}, {"purpose": "funeral"}, {"age": 12},
        {"citizenship": "US", "us_status": "citizen"}, {"citizenship": "FR", "us_status": "lpr"},
    ]  # fmt: skip
    for travel, known in (
        ("2020-04-01", "2020-03-25"), ("2021-07-01", "2021-06-10"), ("2021-07-01", "2021-06-25"),
        ("2021-11-10", "2021-10-13"), ("2021-11-10", "2021-11-01"), ("2022-02-01", "2021-12-01"),
        ("2023-05-13", "2023-05-02"),
    ):  # fmt: skip
        for person in people:
            for evidence in ((), (TWO_DOSES,)):
                both = [by_land(book, side, travel, *evidence, known=known, **person).verdict for side in ("CA", "MX")]
                assert both[0] == both[1], (travel, known, person)
