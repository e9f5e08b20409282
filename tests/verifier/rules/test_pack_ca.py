"""Canada: both sides of its border with the United States, duties apart from conditions, and what is known when."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from rules_kit import a_test, vaccination

from verifier.rules.answer import RulesAnswer
from verifier.rules.case import Case
from verifier.rules.checks import read_cases
from verifier.rules.rulebook import PACKS, RuleBook

PACK = PACKS / "ca"
TO_CANADA = {"origin_country": "US", "destination_country": "CA", "from": "US", "to": "CA", "channel": "land"}
TO_THE_US = {"origin_country": "CA", "destination_country": "US", "from": "CA", "to": "US", "channel": "land"}
AMERICAN = {"citizenship": "US", "residence": "US", "age": 40, "purpose": "tourism", "ca_status": "foreign-national"}
CANADIAN = {"citizenship": "CA", "residence": "CA", "age": 40, "purpose": "tourism", "us_status": "nonimmigrant"}
GERMAN = {"citizenship": "DE", "residence": "DE", "age": 40, "purpose": "tourism", "ca_status": "foreign-national"}
FRANKFURT = {"origin_country": "DE", "destination_country": "CA", "from": "FRA", "to": "YYZ", "channel": "air"}
HOME = {"citizenship": "CA", "residence": "CA", "age": 40, "purpose": "return", "ca_status": "citizen"}
DONE = vaccination(("comirnaty", "2021-05-01"), ("comirnaty", "2021-06-01"))
ARRIVECAN = {"type": "arrivecan", "submitted": True}


def ask(
    book: RuleBook,
    travel: str,
    who: dict[str, Any],
    trip: dict[str, Any],
    *shown: dict[str, Any],
    known: str | None = None,
    **more: Any,
) -> RulesAnswer:
    border = {"border": "US-CA"} if trip["channel"] == "land" else {}
    question = {
        "as_known_on": known or travel, "travel_date": travel, "traveller": {**who, **more}, "trip": {**trip, **border},
        "evidence": list(shown),
    }  # fmt: skip
    return book.judge(Case.from_json(question))


def says(answer: RulesAnswer, policy: str) -> str:
    """What one policy says; empty where it was not consulted."""
    return next((found.outcome.value for found in answer.policies if found.id == policy), "")


@pytest.mark.parametrize(
    ("travel", "american", "other"),
    [
        ("2021-08-08", "denied", "denied"),
        ("2021-08-09", "cleared", "denied"),
        ("2021-09-06", "cleared", "denied"),
        ("2021-09-07", "cleared", "cleared"),
        ("2021-11-01", "cleared", "cleared"),
    ],
)
def test_canada_for_vaccinated_us_residents_then_for_all(
    book: RuleBook, travel: str, american: str, other: str
) -> None:
    shown = [ARRIVECAN, DONE, a_test(f"{travel}T06:00")]
    assert ask(book, travel, AMERICAN, TO_CANADA, *shown, known="2021-08-01").verdict == american
    assert ask(book, travel, GERMAN, FRANKFURT, *shown, known="2021-08-01").verdict == other
    assert ask(book, travel, AMERICAN, TO_CANADA, ARRIVECAN, *shown[2:], known="2021-08-01").verdict == "denied"


def test_the_opening_is_unknown_before_its_announcement(book: RuleBook) -> None:
    shown = [ARRIVECAN, DONE, a_test("2021-08-20T06:00")]
    for known, verdict in (("2021-07-18", "denied"), ("2021-07-19", "cleared")):
        assert ask(book, "2021-08-20", AMERICAN, TO_CANADA, *shown, known=known).verdict == verdict


@pytest.mark.parametrize("travel", ["2020-07-01", "2020-12-15", "2021-01-30"])
def test_family_exemptions_that_the_other_side_did_not_return(book: RuleBook, travel: str) -> None:
    visit: dict[str, Any] = {"purpose": "visit-family", "stay_days": 20}
    north: dict[str, Any] = {"relationship": {"to": "ca-citizen", "kind": "spouse", "proof": True}}
    south: dict[str, Any] = {"relationship": {"to": "us-citizen", "kind": "spouse", "proof": True}}
    to_canada = ask(book, travel, AMERICAN, TO_CANADA, **visit, **north)
    to_the_us = ask(book, travel, CANADIAN, TO_THE_US, **visit, **south)
    assert (to_canada.verdict, to_the_us.verdict) == ("cleared", "denied")
    lifted = {policy.id: policy.exemption for policy in to_canada.policies}
    assert lifted["ca-oic-from-us"] == "immediate-family"
    assert says(to_the_us, "us-t19-ca-essential") == "unmet"


@pytest.mark.parametrize("travel", ["2020-03-21", "2020-04-25", "2020-09-30", "2021-02-10", "2021-08-08"])
def test_symmetric_borders_close_to_tourists_and_open_to_trade_on_both_sides(book: RuleBook, travel: str) -> None:
    for who, trip in ((AMERICAN, TO_CANADA), (CANADIAN, TO_THE_US)):
        assert ask(book, travel, who, trip, a_test(f"{travel}T06:00")).verdict == "denied"
        assert ask(book, travel, who, trip, purpose="cross-border-trade").verdict == "cleared"


def test_symmetric_borders_were_not_one_rule(book: RuleBook) -> None:
    """The Canadian order covered every mode, the notice of the other side only land and ferry; and it opened first."""
    by_air = {"channel": "air", "from": "BOS", "to": "YUL"}
    back = {"channel": "air", "from": "YUL", "to": "BOS"}
    assert ask(book, "2020-08-10", AMERICAN, {**TO_CANADA, **by_air}).verdict == "denied"
    assert ask(book, "2020-08-10", CANADIAN, {**TO_THE_US, **back}).verdict == "cleared"
    shown = [ARRIVECAN, DONE, a_test("2021-08-20T06:00")]
    assert ask(book, "2021-08-20", AMERICAN, TO_CANADA, *shown).verdict == "cleared"
    assert ask(book, "2021-08-20", CANADIAN, TO_THE_US, *shown).verdict == "denied"


def test_symmetric_borders_were_extended_on_the_same_calendar(book: RuleBook) -> None:
    """From September 2020 on each Canadian order begins on the day on which a period of the other side begins."""
    ours = [version.start for version in book.policies["ca-oic-from-us"].versions]
    theirs = {version.start for version in book.policies["us-t19-ca-essential"].versions}
    assert len(ours) == 17
    assert all(before.end == after.start for before, after in pairwise(book.policies["ca-oic-from-us"].versions))
    assert set(ours[6:]) <= theirs


def test_policies_of_one_template_differ_in_their_parameters_alone(book: RuleBook) -> None:
    india, morocco = book.policies["ca-flight-india-2021"], book.policies["ca-flight-morocco-2021"]
    assert [clause.id for clause in india.clauses] == [clause.id for clause in morocco.clauses]
    assert (india.anchor, india.channels, india.authority) == (morocco.anchor, morocco.channels, morocco.authority)
    first, second = book.policies["ca-omicron-ban-2021"], book.policies["ca-omicron-ban-2021-12-01"]
    assert [clause.id for clause in first.clauses] == [clause.id for clause in second.clauses]
    assert first.versions[0].end == second.versions[0].end


@pytest.mark.parametrize(
    ("travel", "shown", "there", "not_there"),
    [
        ("2020-06-01", [], {"quarantine-14-days"}, {"hotel-three-nights", "submit-arrivecan"}),
        ("2020-11-21", [], {"quarantine-14-days", "submit-arrivecan"}, {"hotel-three-nights"}),
        ("2021-02-21", [], {"quarantine-14-days"}, {"hotel-three-nights"}),
        ("2021-02-22", [], {"hotel-three-nights", "test-on-arrival", "quarantine-14-days"}, set()),
        ("2021-07-05", [DONE], {"hotel-three-nights", "quarantine-14-days"}, set()),
        ("2021-07-06", [DONE], set(), {"hotel-three-nights", "quarantine-14-days"}),
        ("2021-08-08", [], {"hotel-three-nights"}, set()),
        ("2021-08-10", [], {"quarantine-14-days", "quarantine-plan"}, {"hotel-three-nights"}),
        ("2022-04-24", [DONE], {"quarantine-plan"}, {"quarantine-14-days"}),
        ("2022-04-25", [DONE], set(), {"quarantine-plan"}),
        ("2022-10-01", [], set(), {"quarantine-14-days", "quarantine-plan", "submit-arrivecan"}),
    ],
)
def test_duties_change_with_time_and_refuse_nobody(
    book: RuleBook, travel: str, shown: list[dict[str, Any]], there: set[str], not_there: set[str]
) -> None:
    papers = [a_test(f"{travel}T06:00"), *shown] + ([ARRIVECAN] if travel > "2021" else [])
    answer = ask(book, travel, HOME, FRANKFURT, *papers)
    assert answer.verdict == "cleared"
    assert there <= set(answer.duties)
    assert not_there.isdisjoint(answer.duties)


@pytest.mark.parametrize(
    ("origin", "airport", "travel", "duty"),
    [
        ("GB-ENG", "LHR", "2020-12-21", "rebook-no-direct-flight"),
        ("GB-ENG", "LHR", "2021-01-06", "rebook-no-direct-flight"),
        ("IN", "DEL", "2021-05-10", "rebook-no-direct-flight"),
        ("PK", "KHI", "2021-05-10", "rebook-no-direct-flight"),
        ("MA", "CMN", "2021-09-10", "rebook-no-direct-flight"),
        ("MX", "CUN", "2021-03-10", "no-service-of-canadian-airlines"),
        ("JM", "KIN", "2021-03-10", "no-service-of-canadian-airlines"),
        ("US", "JFK", "2021-03-10", "land-at-designated-airport"),
        ("FR", "CDG", "2020-05-10", "land-at-designated-airport"),
    ],
)
def test_a_ban_on_flights_is_a_rebooking(book: RuleBook, origin: str, airport: str, travel: str, duty: str) -> None:
    trip = {**FRANKFURT, "origin_country": origin, "from": airport}
    answer = ask(book, travel, HOME, trip, ARRIVECAN, a_test(f"{travel}T02:00", place=origin))
    assert answer.verdict == "cleared"
    assert duty in answer.duties


@pytest.mark.parametrize(("travel", "origin"), [("2021-01-07", "GB-ENG"), ("2021-05-01", "MX"), ("2021-01-30", "US")])
def test_a_ban_on_flights_ends(book: RuleBook, travel: str, origin: str) -> None:
    trip = {**FRANKFURT, "origin_country": origin, "from": origin}
    answer = ask(book, travel, HOME, trip, ARRIVECAN, a_test(f"{travel}T02:00"))
    ended = {"GB-ENG": "rebook-no-direct-flight", "MX": "no-service-of-canadian-airlines"}
    assert ended.get(origin, "land-at-designated-airport") not in answer.duties


def test_a_citizen_at_the_land_port_is_fined_and_not_refused(book: RuleBook) -> None:
    for travel in ("2021-03-01", "2022-03-01", "2022-05-01"):
        answer = ask(book, travel, HOME, TO_CANADA)
        assert answer.verdict == "cleared"
        assert "fine-test-and-quarantine-at-the-border" in answer.duties


def test_a_youth_with_a_vaccinated_parent_may_enter_and_must_quarantine(book: RuleBook) -> None:
    shown = [ARRIVECAN, a_test("2021-10-10T06:00")]
    party: dict[str, Any] = {"accompanied_by": "fully vaccinated parent"}
    youth = ask(book, "2021-10-10", GERMAN, FRANKFURT, *shown, **party, age=12)
    child = ask(book, "2021-10-10", GERMAN, FRANKFURT, *shown, **party, age=11)
    assert (youth.verdict, child.verdict) == ("cleared", "cleared")
    assert "quarantine-14-days" in youth.duties
    assert "quarantine-14-days" not in child.duties


@pytest.mark.parametrize(
    ("departs", "verdict"), [("2021-10-30T02:59:00-04:00", "cleared"), ("2021-10-30T03:00:00-04:00", "denied")]
)
def test_the_mandate_at_departure_holds_whatever_the_destination_asks(
    book: RuleBook, departs: str, verdict: str
) -> None:
    trip = {"origin_country": "CA", "destination_country": "MX", "from": "YYZ", "to": "CUN", "channel": "air"}
    answer = ask(book, departs[:10], {**HOME, "purpose": "tourism"}, {**trip, "departs": departs})
    assert answer.verdict == verdict
    assert says(answer, "mx-air-none") == "met"


def test_the_mandate_binds_flights_to_the_us_and_not_the_road(book: RuleBook) -> None:
    shown = [a_test("2021-12-10T06:00"), {"type": "attestation"}, {"type": "contact_info"}]
    home = {**AMERICAN, "us_status": "citizen", "purpose": "return"}
    flight = ask(book, "2021-12-10", home, {**TO_THE_US, "channel": "air", "from": "YUL", "to": "BOS"}, *shown)
    assert (flight.verdict, says(flight, "ca-transport-mandate")) == ("denied", "unmet")
    assert ask(book, "2021-12-10", home, TO_THE_US, *shown).verdict == "cleared"


@pytest.mark.parametrize(
    ("channel", "more", "verdict"),
    [
        ("air", {}, "denied"),
        ("rail", {}, "refer"),
        ("rail", {"operator": "VIA Rail"}, "denied"),
        ("sea", {"vessel": "cruise ship"}, "denied"),
    ],
)
def test_the_mandate_on_journeys_that_cross_no_border(
    book: RuleBook, channel: str, more: dict[str, Any], verdict: str
) -> None:
    trip = {"origin_country": "CA", "destination_country": "CA", "from": "YUL", "to": "YYZ", "channel": channel, **more}
    assert ask(book, "2021-12-10", HOME, trip).verdict == verdict
    assert ask(book, "2021-12-10", HOME, trip, DONE).verdict == "cleared"
    assert ask(book, "2022-07-01", HOME, trip).verdict == "cleared"


def test_a_journey_inside_a_country_without_such_a_rule_stays_open(book: RuleBook) -> None:
    trip = {"origin_country": "US", "destination_country": "US", "from": "JFK", "to": "LAX", "channel": "air"}
    assert ask(book, "2021-12-10", {**AMERICAN, "us_status": "citizen"}, trip, DONE).verdict == "refer"


def test_what_was_answered_stays_answered(book: RuleBook) -> None:
    """The same question with an earlier knowledge date gives the earlier answer."""
    trucker = {**AMERICAN, "purpose": "cross-border-trade", "occupation": "truck driver"}
    known = {"2021-11-18": "cleared", "2021-11-19": "denied", "2022-01-15": "denied"}
    answers = {day: ask(book, "2022-01-15", trucker, TO_CANADA, ARRIVECAN, known=day).verdict for day in known}
    assert answers == known


def test_the_reason_names_what_is_missing_and_what_would_do(book: RuleBook) -> None:
    early = vaccination(("comirnaty", "2021-07-10"), ("comirnaty", "2021-08-07"))
    answer = ask(book, "2021-08-20", AMERICAN, TO_CANADA, ARRIVECAN, early, a_test("2021-08-20T06:00"))
    (policy,) = [policy for policy in answer.policies if policy.outcome.value == "unmet"]
    assert policy.id == "ca-vaccinated-us-2021-08-09"
    recent = next(finding for finding in policy.findings if finding.code.value == "rules.vaccination-recent")
    assert recent.facts["first_day"] == "2021-08-21"


@pytest.mark.parametrize("name", ["ca", "mx"])
def test_every_policy_is_the_reason_of_a_case_or_asked_by_one_that_is(book: RuleBook, name: str) -> None:
    named = {case.because for case in read_cases(PACKS / name)}
    silent = {"amendment", "exemption", "duty"}  # cases name what refuses; duties are held by the tests above
    missing = [
        policy.id
        for policy in book.policies.values()
        if policy.pack.id == name
        and policy.kind not in silent
        and named.isdisjoint({policy.id, *(version.id for version in policy.versions)})
    ]
    assert missing == []


def test_the_rows_of_the_rules_are_named_by_cases() -> None:
    names = {case.names for case in read_cases(PACK)}
    assert {
        "Canada for vaccinated US residents, then for all",
        "family exemptions that the other side did not return",
        "symmetric borders",
    } <= names


def test_files_of_the_pack_stay_readable() -> None:
    long = {
        path.name: lines
        for folder in (PACK, PACKS / "mx")
        for path in Path(folder).glob("*.yaml")
        if path.name != "cases.yaml" and (lines := len(path.read_text("utf-8").splitlines())) > 300
    }
    assert long == {}
