"""Each exemption of the tangle has a test that names it: who is let through, by which exemption, and who is not."""

from __future__ import annotations

from typing import Any

import pytest
from rows_kit import TWO_DOSES, blocking, by_air, by_land, exemption, swab

from verifier.rules.rulebook import RuleBook

JUNE = "2021-06-20"  # the ban on Schengen, and essential travel only by land
LATER = "2022-07-10"  # full vaccination by air and by land
BAN, LAND, AIR = "us-212f-10143", "us-t19-ca-essential", "us-10294"


def from_italy(book: RuleBook, *evidence: dict[str, Any], **who: Any) -> Any:
    return by_air(book, "IT", JUNE, swab(JUNE), *evidence, **who)


def unvaccinated(book: RuleBook, *evidence: dict[str, Any], **who: Any) -> Any:
    return by_air(book, "AU", LATER, *evidence, **who)


def test_without_any_exemption_all_three_stand(book: RuleBook) -> None:
    assert (from_italy(book).verdict, blocking(from_italy(book))) == ("denied", {BAN})
    assert blocking(by_land(book, "CA", JUNE)) == {"us-t19-ca-15"}
    assert blocking(unvaccinated(book)) == {AIR}


def test_exemption_us_citizens(book: RuleBook) -> None:
    citizen = {"citizenship": "US", "us_status": "citizen", "purpose": "return"}
    assert (from_italy(book, **citizen).verdict, blocking(from_italy(book, **citizen))) == ("cleared", set())
    crossing = by_land(book, "CA", JUNE, **citizen)
    assert (crossing.verdict, exemption(crossing, LAND)) == ("cleared", "us-citizens-lprs")
    assert unvaccinated(book, **citizen).verdict == "cleared"
    assert by_land(book, "CA", LATER, **citizen).verdict == "cleared"
    untested = by_air(book, "IT", JUNE, **citizen)
    assert blocking(untested) == {"us-cdc-test-v1"}  # an exemption lifts one rule only


def test_exemption_permanent_residents(book: RuleBook) -> None:
    resident = {"us_status": "lpr", "purpose": "return"}
    banned = from_italy(book, **resident)
    assert (banned.verdict, exemption(banned, BAN)) == ("cleared", "lpr")
    crossing = by_land(book, "MX", JUNE, **resident)
    assert (crossing.verdict, exemption(crossing, "us-t19-mx-essential")) == ("cleared", "us-citizens-lprs")
    assert unvaccinated(book, **resident).verdict == "cleared"
    assert by_land(book, "MX", LATER, **resident).verdict == "cleared"


@pytest.mark.parametrize("side", ["CA", "MX"])
def test_exemption_cross_border_trade(book: RuleBook, side: str) -> None:
    trade = {"purpose": "cross-border-trade", "occupation": "truck driver"}
    assert by_land(book, side, JUNE, **trade).verdict == "cleared"
    assert by_land(book, side, "2022-01-21", **trade).verdict == "cleared"
    assert by_land(book, side, "2022-01-22", **trade).verdict == "denied"  # phase 2: vaccination for all
    assert by_land(book, side, "2022-01-22", known="2021-11-23", **trade).verdict == "refer"


def test_exemption_study(book: RuleBook) -> None:
    assert by_land(book, "CA", JUNE, purpose="education").verdict == "cleared"
    student = {"visa": "F-1", "purpose": "education"}
    assert exemption(from_italy(book, **student), BAN) == "f1-m1-students"
    assert from_italy(book, visa="B-2").verdict == "denied"
    travel = "2021-08-10"

    def from_india(begins: str | None, known: str | None = None) -> Any:
        person = {**student, **({"programme_start": begins} if begins else {})}
        return by_air(book, "IN", travel, swab(travel), known=known, **person)

    assert from_india("2021-09-01").verdict == "cleared"  # within 30 days of a programme from August on
    assert from_india("2021-10-01").verdict == "denied"
    assert from_india(None).verdict == "refer"
    early = by_air(book, "CN", "2021-08-10", swab("2021-08-10"), known="2021-04-25", **student,
                   programme_start="2021-09-01")  # fmt: skip
    assert early.verdict == "denied"  # the exception for the other countries came on 26 April


def test_exemption_medical(book: RuleBook) -> None:
    assert by_land(book, "MX", JUNE, purpose="medical").verdict == "cleared"
    assert by_land(book, "MX", "2022-02-01", purpose="medical").verdict == "denied"
    letter = {"type": "exception_letter", "kind": "medical-contraindication"}
    assert unvaccinated(book, letter).verdict == "refer"
    assert from_italy(book, letter).verdict == "denied"  # says nothing about the ban


@pytest.mark.parametrize(
    ("relationship", "age", "verdict", "lifted"),
    [
        ({"to": "us-citizen", "kind": "spouse", "proof": True}, 40, "cleared", "spouse-of-usc-lpr"),
        ({"to": "lpr", "kind": "parent of a minor", "proof": True}, 40, "cleared", "parent-of-usc-lpr-child"),
        ({"to": "us-citizen", "kind": "sibling under 21", "proof": True}, 19, "cleared", "sibling-under-21"),
        ({"to": "us-citizen", "kind": "child", "proof": True}, 18, "cleared", "child-ward-adoptee"),
        ({"to": "us-citizen", "kind": "spouse"}, 40, "denied", None),
        ({"to": "us-citizen", "kind": "parent of an adult", "proof": True}, 40, "denied", None),
        ({"to": "us-citizen", "kind": "sibling under 21", "proof": True}, 21, "denied", None),
        ({"to": "us-citizen", "kind": "parent", "proof": True}, 40, "refer", None),
    ],
)
def test_exemption_family(
    book: RuleBook, relationship: dict[str, Any], age: int, verdict: str, lifted: str | None
) -> None:
    answer = from_italy(book, relationship=relationship, age=age)
    assert (answer.verdict, exemption(answer, BAN)) == (verdict, lifted)


def test_exemption_crew(book: RuleBook) -> None:
    banned = from_italy(book, visa="C-1/D", purpose="crew")
    assert (banned.verdict, exemption(banned, BAN)) == ("cleared", "crew")
    crew = unvaccinated(book, visa="C-1/D", purpose="crew")
    assert (crew.verdict, exemption(crew, AIR)) == ("cleared", "air-crew")
    untested = by_air(book, "IT", JUNE, visa="C-1/D", purpose="crew")
    assert exemption(untested, "us-cdc-test-v1") == "crew"


def test_exemption_diplomats(book: RuleBook) -> None:
    banned = from_italy(book, visa="A-2", purpose="official")
    assert (banned.verdict, exemption(banned, BAN)) == ("cleared", "diplomatic-official")
    flies = unvaccinated(book, visa="G-4", purpose="official")
    assert (flies.verdict, exemption(flies, AIR)) == ("cleared", "diplomatic-official")
    assert by_land(book, "CA", JUNE, purpose="official").verdict == "cleared"
    later = by_land(book, "CA", LATER, visa="A-1", purpose="official")
    assert exemption(later, "us-t19-ca-vaccinated-all") == "diplomatic-official"
    assert unvaccinated(book, visa="B-1", purpose="official").verdict == "denied"


def test_exemption_armed_forces(book: RuleBook) -> None:
    orders = {"type": "military_orders"}
    assert exemption(from_italy(book, orders), BAN) == "us-armed-forces"
    assert exemption(unvaccinated(book, orders), AIR) == "us-armed-forces"
    assert exemption(by_land(book, "CA", JUNE, orders), LAND) == "armed-forces"
    assert exemption(by_land(book, "CA", LATER, orders), "us-t19-ca-vaccinated-all") == "us-armed-forces"
    assert from_italy(book, occupation="soldier").verdict == "refer"


def test_exemption_under_18(book: RuleBook) -> None:
    child = unvaccinated(book, age=17)
    assert (child.verdict, exemption(child, AIR)) == ("cleared", "under-18")
    assert "test-after-arrival" in child.duties
    assert unvaccinated(book, age=18).verdict == "denied"
    for travel, policy in (("2021-12-01", "us-t19-mx-nonessential-vaccinated"), (LATER, "us-t19-mx-vaccinated-all")):
        assert exemption(by_land(book, "MX", travel, age=17), policy) == "under-18"
        assert by_land(book, "MX", travel, age=18).verdict == "denied"
    assert by_land(book, "MX", JUNE, age=17).verdict == "denied"  # no such exemption before the reopening
    assert from_italy(book, age=17).verdict == "denied"  # nor from the bans


def test_exemption_low_availability_countries_with_a_non_b_visa(book: RuleBook) -> None:
    worker = {"purpose": "work", "visa": "H-2A"}
    sure = unvaccinated(book, citizenship="HT", **worker)
    assert (sure.verdict, exemption(sure, AIR)) == ("cleared", "limited-availability")
    assert {"test-after-arrival", "quarantine-7-days", "vaccinate-within-60-days"} <= set(sure.duties)
    assert unvaccinated(book, citizenship="NG", **worker).verdict == "refer"  # the list is unsure
    assert unvaccinated(book, citizenship="HT", visa="B-2").verdict == "denied"
    assert unvaccinated(book, citizenship="AU", **worker).verdict == "denied"
    earlier = by_air(book, "HT", "2021-11-20", swab("2021-11-20"), known="2021-10-24", **worker)
    assert AIR not in blocking(earlier)


def test_exemption_is_not_needed_by_the_vaccinated(book: RuleBook) -> None:
    assert exemption(unvaccinated(book, TWO_DOSES), AIR) is None
    assert unvaccinated(book, TWO_DOSES).verdict == "cleared"
