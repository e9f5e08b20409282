"""Cases from both forms, and the bad input that must be coded, bounded and never cleared."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules_kit import asked, case, good, vaccination

from verifier.errors import InputError
from verifier.health.record import Coded, Disease, HealthRecord, Holder, Test, TestKind, TestResult, Vaccination
from verifier.model import Channel, Journey, Leg, PartialDate, Stay, Traveller
from verifier.rules.case import Case, Evidence, EvidenceState
from verifier.rules.logic import MET, UNMET
from verifier.rules.rulebook import RuleBook


def test_the_kit_is_cleared(book: RuleBook) -> None:
    assert book.judge(case()).verdict == "cleared"


def test_noon_in_new_york_where_no_time_is_given() -> None:
    leg = case("2021-11-20", trip={"origin_country": "HK", "from": "HKG"}).entry
    assert datetime.fromtimestamp(leg.departs[0], UTC) == datetime(2021, 11, 20, 17, tzinfo=UTC)
    assert date.fromordinal(leg.departs_days[0]) == date(2021, 11, 21)
    assert date.fromordinal(leg.arrives_days[0]) == date(2021, 11, 20)


def test_the_leg_that_crosses_the_border() -> None:
    onward = case(trip={"transit": ["JFK"], "to": "SJU"})
    assert (onward.entry.origin, onward.entry.destination, onward.crossing) == ("YUL", "JFK", 0)
    through = case(trip={"origin_country": "KE", "from": "NBO", "transit": ["LHR"]})
    assert (through.entry.origin, through.origin, through.crossing) == ("LHR", "KE", 1)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"as_known_on": None}, "rules.missing-fact"),
        ({"as_known_on": "2021-02-30"}, "rules.date-impossible"),
        ({"as_known_on": 7}, "rules.date-impossible"),
        ({"travel_date": None}, "rules.missing-fact"),
        ({"travel_date": "2021-13-01"}, "rules.date-impossible"),
        ({"traveller": None}, "rules.missing-fact"),
        ({"traveller": []}, "rules.bad-fact"),
        ({"trip": "by car"}, "rules.bad-fact"),
        ({"trip": {}}, "rules.missing-fact"),
        ({"trip": {"from": "QQQ", "to": "JFK"}}, "rules.place-unknown"),
        ({"trip": {"from": "YUL", "to": "JFK", "channel": "rocket"}}, "rules.bad-fact"),
        ({"trip": {"from": "YUL", "to": "JFK", "departs": "noon"}}, "rules.date-impossible"),
        ({"trip": {"from": "YUL", "to": "JFK", "transit": ["LHR"] * 64}}, "rules.too-many"),
        ({"evidence": {}}, "rules.bad-fact"),
        ({"evidence": [{}] * 1001}, "rules.too-many"),
    ],
)
def test_a_question_that_cannot_be_asked(change: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as error:
        Case.from_json({**asked(), **change})
    assert error.value.code.value == code


@pytest.mark.parametrize(
    ("traveller", "trip", "evidence", "code"),
    [
        ({"age": -1}, {}, None, "rules.age-impossible"),
        ({"age": "forty"}, {}, None, "rules.age-impossible"),
        ({"age": None, "date_of_birth": "2030-01-01"}, {}, None, "rules.birth-after-travel"),
        ({"age": None, "date_of_birth": "1980-02-30"}, {}, None, "rules.date-impossible"),
        ({"citizenship": "US"}, {}, None, "rules.status-contradicts"),
        ({"us_status": "citizen"}, {}, None, "rules.status-contradicts"),
        ({"presence_14d": [{"place": "CA", "from": "2022-02-09", "to": "2022-02-01"}]}, {}, None, "rules.date-impossible"),  # noqa: E501
        ({}, {"departs": "2022-02-10T12:00:00Z", "arrives": "2022-02-10T11:00:00Z"}, None, "rules.back-in-time"),
        ({}, {"origin_country": "US", "from": "JFK"}, None, "rules.no-border"),
        ({}, {"transit": ["QQQ"]}, None, "rules.place-unknown"),
        ({}, {}, [vaccination(("comirnaty", "2021-02-30"))], "rules.date-impossible"),
        ({}, {}, [{"type": 7}], "rules.bad-fact"),
        ({}, {}, [{"type": "vaccination", "doses": "two"}], "rules.bad-fact"),
        ({}, {}, [vaccination(*[("comirnaty", f"2021-{m:02}-{d:02}") for m in (1, 3, 5) for d in range(1, 29)])],
         "rules.too-many"),
    ],
)  # fmt: skip
def test_a_bad_fact_is_a_finding_and_never_cleared(
    book: RuleBook, traveller: dict[str, Any], trip: dict[str, Any], evidence: list[dict[str, Any]] | None, code: str
) -> None:
    question = case(traveller=traveller, trip=trip, evidence=good() + (evidence or []))
    answer = book.judge(question)
    assert code in [finding.code.value for finding in answer.findings]
    assert answer.verdict == "refer"


def test_five_hundred_documents_are_a_question_for_a_person(book: RuleBook) -> None:
    old = {"type": "test", "kind": "naat", "specimen_collected": "2022-01-01", "result": "negative"}
    answer = book.judge(case(evidence=[*good(), *(old,) * 500]))
    assert answer.verdict == "refer"
    assert [dict(finding.facts) for finding in answer.findings] == [{"fact": "documents", "count": 504, "limit": 100}]
    assert book.judge(case(evidence=[*good(), *(old,) * 90])).verdict == "cleared"
    with pytest.raises(InputError) as error:
        case(evidence=[old] * 1001)
    assert error.value.code.value == "rules.too-many"


def test_five_hundred_records_are_a_question_for_a_person(book: RuleBook) -> None:
    answer = book.judge(travel([Evidence(record())] * 500))
    assert (answer.verdict, [finding.code.value for finding in answer.findings]) == ("refer", ["rules.too-many"])


def test_forty_legs_are_judged_one_by_one_and_referred(book: RuleBook) -> None:
    stops = ["LHR", "CDG"] * 20
    answer = book.judge(case(trip={"transit": stops}))
    assert [leg.role for leg in answer.legs] == ["transit"] * 40 + ["entry"]
    assert {note.code.value for note in answer.on_the_way()} == {"rules.transit-airside"}
    assert (answer.verdict, [finding.code.value for finding in answer.findings]) == ("refer", ["rules.too-many"])
    separate = book.judge(case(trip={"transit": stops[:15], "separate_tickets": True}))
    assert len(separate.legs) == 16
    hops = [LEG, *(Leg("BOS", "YUL", departs=DEPARTS + timedelta(days=n)) for n in range(1, 40))]
    hopping = book.judge(travel(journey=Journey(tuple(hops), "tourism", STAYS)))
    assert (hopping.verdict != "cleared", len(hopping.legs)) == (True, 40)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=12)
    | st.sampled_from(["2022-02-10", "US", "JFK", "9999-12-31"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(
    part=st.sampled_from(["traveller", "trip", "evidence", "as_known_on", "travel_date"]),
    key=st.sampled_from(
        ["age", "citizenship", "us_status", "visa", "presence_14d", "relationship", "accompanied_by", "from", "to", "transit",  # noqa: E501
         "channel", "border", "departs", "arrives", "doses", "kind", "specimen_collected", "date_of_birth", "purpose"]
    ),
    value=JSON,
)  # fmt: skip
def test_any_value_anywhere_gives_an_answer_or_a_coded_error(book: RuleBook, part: str, key: str, value: Any) -> None:
    question = asked()
    if part in ("traveller", "trip"):
        question[part] = {**question[part], key: value}
    elif part == "evidence":
        question[part] = [*question[part], {"type": "test", key: value}, {"type": "vaccination", key: value}, value]
    else:
        question[part] = value
    try:
        answer = book.judge(Case.from_json(question))
    except InputError as error:
        assert error.code.value.startswith("rules.")
        return
    json.dumps(answer.as_json())


# --- from the types of the library ------------------------------------------------------------------------------------

DEPARTS = datetime(2022, 2, 10, 15, tzinfo=UTC)
LEG = Leg("YUL", "BOS", departs=DEPARTS, arrives=DEPARTS + timedelta(hours=1))
STAYS = (Stay("CA", date(2021, 1, 1), date(2022, 2, 10)),)
PERSON = Traveller(birth_date=PartialDate(1980, 5, 17), citizenships=("AU",), status={"US": "nonimmigrant"})


def record(*, dose: int = 2, sampled: datetime = DEPARTS - timedelta(hours=20)) -> HealthRecord:
    shot = Vaccination(Disease.COVID_19, Coded(key="comirnaty"), PartialDate(2021, 6, 1), dose, 2)
    swab = Test(Disease.COVID_19, TestKind.NAAT, TestResult.NEGATIVE, sampled)
    return HealthRecord("hcert", Holder(), (shot,), (swab,))


def travel(
    evidence: list[Evidence] | None = None, person: Traveller = PERSON, journey: Journey | None = None, **more: Any
) -> Case:
    trip = journey or Journey((LEG,), "tourism", STAYS)
    papers = [Evidence(record())] if evidence is None else evidence
    options = {"known": date(2022, 2, 1), "shown": ["attestation", "contact_info"], **more}
    return Case.from_travel(person, trip, papers, **options)


def test_a_passenger_with_a_certificate_is_cleared(book: RuleBook) -> None:
    assert book.judge(travel()).verdict == "cleared"


@pytest.mark.parametrize(
    ("state", "verdict"),
    [(EvidenceState.USABLE, "cleared"), (EvidenceState.OPEN, "refer"), (EvidenceState.NONE, "denied")],
)
def test_the_state_of_the_evidence_decides(book: RuleBook, state: EvidenceState, verdict: str) -> None:
    assert book.judge(travel([Evidence(record(), state)])).verdict == verdict


def test_where_the_traveller_was_is_asked_for(book: RuleBook) -> None:
    nowhere = Journey((Leg("YUL", "BOS", departs=datetime(2021, 6, 10, 15, tzinfo=UTC)),), "tourism", None)
    answer = book.judge(travel(journey=nowhere, known=date(2021, 6, 1)))
    assert "rules.presence-unknown" in [finding.code.value for finding in answer.all_findings()]


def test_a_gap_in_the_stays_is_a_question(book: RuleBook) -> None:
    stays = (Stay("CA", date(2021, 6, 1), date(2021, 6, 3)), Stay("CA", date(2021, 6, 8), date(2021, 6, 10)))
    leg = Leg("YUL", "BOS", departs=datetime(2021, 6, 10, 15, tzinfo=UTC))
    codes = [
        f.code.value
        for f in book.judge(travel(journey=Journey((leg,), "tourism", stays), known=date(2021, 6, 1))).all_findings()
    ]
    assert "rules.presence-unknown" in codes


def test_a_departure_known_to_the_day_is_open_where_a_rule_changes_in_it(book: RuleBook) -> None:
    def on(day: date) -> str:
        leg = Leg("YUL", "BOS", flight_date=day)
        swab = record(sampled=datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=12))
        stays = (Stay("CA", date(2021, 1, 1), day),)
        return book.judge(
            travel([Evidence(swab)], journey=Journey((leg,), "tourism", stays), known=date(2022, 6, 11))
        ).verdict

    assert on(date(2022, 6, 14)) == "cleared"
    no_test = [Evidence(HealthRecord("hcert", Holder(), record().vaccinations))]
    edge = Journey(
        (Leg("YUL", "BOS", flight_date=date(2022, 6, 12)),),
        "tourism",
        (Stay("CA", date(2021, 1, 1), date(2022, 6, 12)),),
    )
    answer = book.judge(travel(no_test, journey=edge, known=date(2022, 6, 11)))
    assert answer.verdict == "refer"
    assert "rules.time-edge" in [finding.code.value for finding in answer.all_findings()]


def test_knowledge_may_be_an_instant(book: RuleBook) -> None:
    leg = Leg("GRU", "MIA", departs=datetime(2021, 11, 10, 15, tzinfo=UTC))
    journey = Journey((leg,), "tourism", (Stay("BR", date(2021, 1, 1), date(2021, 11, 10)),))
    swab = [Evidence(record(sampled=datetime(2021, 11, 9, tzinfo=UTC)))]
    before = travel(swab, journey=journey, known=datetime(2021, 10, 25, 17, 59, tzinfo=UTC))
    after = travel(swab, journey=journey, known=datetime(2021, 10, 25, 18, 1, tzinfo=UTC))
    assert (book.judge(before).verdict, book.judge(after).verdict) == ("refer", "cleared")


def test_a_childs_window_depends_on_its_adult(book: RuleBook) -> None:
    child = Traveller(age=9, citizenships=("US",))
    leg = Leg("YUL", "BOS", departs=datetime(2021, 11, 29, 15, tzinfo=UTC))
    journey = Journey((leg,), "return", (Stay("CA", date(2021, 1, 1), date(2021, 11, 29)),))
    swab = HealthRecord("hcert", Holder(), tests=record(sampled=datetime(2021, 11, 27, tzinfo=UTC)).tests)

    def beside(adult: list[Evidence]) -> str:
        party = [(Traveller(age=38), adult)]
        return book.judge(travel([Evidence(swab)], child, journey, known=date(2021, 11, 20), party=party)).verdict

    assert beside([Evidence(record())]) == "cleared"
    assert beside([]) == "denied"
    assert beside([Evidence(record(), EvidenceState.OPEN)]) == "refer"
    alone = travel([Evidence(swab)], child, journey, known=date(2021, 11, 20), party=[])
    assert book.judge(alone).verdict == "denied"
    unasked = travel([Evidence(swab)], child, journey, known=date(2021, 11, 20))
    assert book.judge(unasked).verdict == "refer"


@pytest.mark.parametrize(
    ("legs", "code"),
    [
        ((), "rules.missing-fact"),
        ((Leg("YUL", "BOS"),), "rules.missing-fact"),
        ((LEG,) * 65, "rules.too-many"),
        ((Leg("YUL", "BOS", departs=datetime(2022, 2, 10, 12)),), "rules.bad-fact"),  # noqa: DTZ001 - the fault
    ],
)
def test_a_journey_that_cannot_be_asked(legs: tuple[Leg, ...], code: str) -> None:
    with pytest.raises(InputError) as error:
        travel(journey=Journey(legs))
    assert error.value.code.value == code


def test_a_journey_back_in_time_is_referred(book: RuleBook) -> None:
    before = Leg("BOS", "ORD", departs=DEPARTS - timedelta(days=2), arrives=DEPARTS - timedelta(days=2))
    answer = book.judge(travel(journey=Journey((LEG, before), "tourism", STAYS)))
    assert answer.verdict == "refer"
    assert "rules.back-in-time" in [finding.code.value for finding in answer.findings]


def test_a_land_crossing_takes_its_channel() -> None:
    leg = Leg("CA", "US", Channel.LAND, arrives=DEPARTS, border="US-CA")
    entry = travel(journey=Journey((leg,), "tourism", STAYS)).entry
    assert (entry.channel, entry.departs, entry.arrives[0] - entry.departs[0]) == ("land", entry.arrives, MET * UNMET)
