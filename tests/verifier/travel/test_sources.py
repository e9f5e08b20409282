"""Travellers and journeys out of documents, their provenance, and conflicts between sources."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.verifier.travel import zones
from tests.verifier.travel.passes import boarding_pass, full, leg, unique
from verifier.findings import Outcome
from verifier.model import UNKNOWN_DATE, Channel, Journey, Leg, PartialDate, Source, Stay, TravelDocument, Traveller
from verifier.travel.boarding_pass import parse_boarding_pass
from verifier.travel.codes import TravelCode
from verifier.travel.journeys import journey_from_boarding_pass, merge_journeys, unknown_places
from verifier.travel.mrz import parse_mrz
from verifier.travel.travellers import merge_travellers, traveller_from_boarding_pass, traveller_from_mrz

TODAY = date(2021, 12, 1)
ZURICH = ZoneInfo("Europe/Zurich")


def test_traveller_of_a_passport() -> None:
    found = traveller_from_mrz(parse_mrz(zones.td3(), reference=TODAY))
    assert found == Traveller(
        surname="SPECIMEN",
        given_names="ALEX ROBIN",
        name_field="SPECIMEN<<ALEX<ROBIN".ljust(39, "<"),
        birth_date=PartialDate(1964, 8, 12),
        sex="F",
        citizenships=("DE",),
        document=TravelDocument("C01X00T47", "P", "DE", PartialDate(2027, 2, 28)),
        sources=found.sources,
    )
    assert dict(found.sources) == dict.fromkeys(
        ("surname", "given_names", "name_field", "birth_date", "sex", "citizenships", "document"), Source.PASSPORT
    )


def test_values_without_a_good_check_digit_are_left_out() -> None:
    first, second = zones.td3()
    wrong = second[:9] + "0" + second[10:19] + "0" + second[20:27] + "0" + second[28:]
    found = traveller_from_mrz(parse_mrz([first, wrong], reference=TODAY))
    assert found.birth_date == UNKNOWN_DATE
    assert found.document == TravelDocument(None, "P", "DE", UNKNOWN_DATE)
    assert "birth_date" not in found.sources
    assert found.surname == "SPECIMEN"


@pytest.mark.parametrize(
    ("nationality", "expected"), [("D", ("DE",)), ("XXA", ("XXA",)), ("GBN", ("GBN",)), ("RKS", ("XK",)), ("QQQ", ())]
)
def test_citizenship_of_specials(nationality: str, expected: tuple[str, ...]) -> None:
    found = traveller_from_mrz(parse_mrz(zones.td3(nationality=nationality), reference=TODAY))
    assert found.citizenships == expected
    assert ("citizenships" in found.sources) is bool(expected)


def test_partial_birth_date_stays_partial() -> None:
    found = traveller_from_mrz(parse_mrz(zones.td3(born="7401<<"), reference=TODAY))
    assert found.birth_date == PartialDate(1974, 1)


def test_passenger_of_a_boarding_pass_has_no_birth_date() -> None:
    text = boarding_pass(leg(block=unique(described="2")), name="SPECIMEN/ALEXMRS")
    found = traveller_from_boarding_pass(parse_boarding_pass(text, reference=TODAY))
    assert (found.surname, found.given_names, found.name_field) == ("SPECIMEN", "ALEXMRS", "SPECIMEN/ALEXMRS    ")
    assert (found.birth_date, found.age, found.citizenships, found.sex) == (UNKNOWN_DATE, None, (), "F")
    assert set(found.sources.values()) == {Source.BOARDING_PASS}


def person(source: Source | None, **values: object) -> Traveller:
    sources = {} if source is None else dict.fromkeys(values, source)
    return Traveller(**values, sources=sources)  # type: ignore[arg-type]


def said(*travellers: Traveller) -> dict[TravelCode, Outcome]:
    return {TravelCode(finding.code): finding.outcome for finding in merge_travellers(travellers)[1]}


def test_agreeing_sources_merge_without_a_finding() -> None:
    passport = traveller_from_mrz(parse_mrz(zones.td3(), reference=TODAY))
    booked = person(Source.BOOKING, residence="CH", birth_date=PartialDate(1964, 8, 12), citizenships=("DE",))
    seat = traveller_from_boarding_pass(parse_boarding_pass(boarding_pass(), reference=TODAY))
    for order in ([passport, booked, seat], [seat, booked, passport]):
        merged, findings = merge_travellers(order)
        assert findings == ()
        assert (merged.surname, merged.given_names, merged.name_field) == (
            passport.surname,
            passport.given_names,
            passport.name_field,
        )
        assert (merged.residence, merged.sources["residence"]) == ("CH", Source.BOOKING)
        assert merged.sources["birth_date"] is Source.PASSPORT


@pytest.mark.parametrize(
    ("one", "other", "code", "outcome"),
    [
        (
            {"birth_date": PartialDate(1990, 5, 17)},
            {"birth_date": PartialDate(1990, 5, 18)},
            "BIRTH_DATES_DIFFER",
            "open",
        ),
        ({"birth_date": PartialDate(1990)}, {"birth_date": PartialDate(1991, 1)}, "BIRTH_DATES_DIFFER", "open"),
        ({"sex": "M"}, {"sex": "F"}, "SEXES_DIFFER", "open"),
        ({"sex": "X"}, {"sex": "F"}, "SEXES_DIFFER", "note"),
        ({"citizenships": ("CA",)}, {"citizenships": ("US",)}, "CITIZENSHIPS_DIFFER", "open"),
        ({"citizenships": ("CA",)}, {"citizenships": ("CA", "US")}, "CITIZENSHIP_NOT_SHOWN", "note"),
        ({"residence": "CA"}, {"residence": "US"}, "RESIDENCES_DIFFER", "open"),
        ({"age": 12}, {"age": 13}, "AGES_DIFFER", "open"),
        ({"age": 0}, {"age": 1}, "AGES_DIFFER", "open"),
        ({"status": {"US": "lpr"}}, {"status": {"US": "citizen"}}, "STATEMENTS_DIFFER", "open"),
        ({"facts": {"occupation": "crew"}}, {"facts": {"occupation": "tourist"}}, "STATEMENTS_DIFFER", "open"),
        ({"document": TravelDocument("A1")}, {"document": TravelDocument("A2")}, "DOCUMENT_NUMBERS_DIFFER", "open"),
        (
            {"document": TravelDocument("A1", expires=PartialDate(2025, 1, 1))},
            {"document": TravelDocument("A1", expires=PartialDate(2026, 1, 1))},
            "DOCUMENT_EXPIRIES_DIFFER",
            "open",
        ),
    ],
)
def test_conflicts_are_findings(one: dict[str, object], other: dict[str, object], code: str, outcome: str) -> None:
    passport, booked = person(Source.PASSPORT, **one), person(Source.BOOKING, **other)
    for order in ((passport, booked), (booked, passport)):
        merged, findings = merge_travellers(order)
        ((finding),) = findings
        assert (finding.code, finding.outcome) == (TravelCode[code], Outcome(outcome))
        assert finding.facts["sources"] == ["passport", "booking"]
        for name, value in one.items():
            assert getattr(merged, name) == value


def test_a_consistent_date_makes_a_partial_one_precise() -> None:
    passport = person(Source.PASSPORT, birth_date=PartialDate(1974, 1))
    booked = person(Source.BOOKING, birth_date=PartialDate(1974, 1, 9))
    merged, findings = merge_travellers([passport, booked])
    assert (merged.birth_date, merged.sources["birth_date"], findings) == (PartialDate(1974, 1, 9), Source.BOOKING, ())


def test_an_agent_may_add_a_second_passport() -> None:
    merged, findings = merge_travellers(
        [person(Source.PASSPORT, citizenships=("CA",)), person(Source.AGENT, citizenships=("CA", "US"))]
    )
    assert (merged.citizenships, findings) == (("CA", "US"), ())


def test_a_visa_does_not_replace_the_passport() -> None:
    visa = traveller_from_mrz(parse_mrz(zones.visa(44), reference=TODAY))
    passport = traveller_from_mrz(parse_mrz(zones.td3(nationality="XXX"), reference=TODAY))
    merged, findings = merge_travellers([visa, passport])
    assert merged.document is not None
    assert (merged.document.kind, findings) == ("P", ())


def test_numbers_compare_without_separators() -> None:
    one = person(Source.PASSPORT, document=TravelDocument("C01X00T47"))
    other = person(Source.BOOKING, document=TravelDocument("c01x-00t47", expires=PartialDate(2027, 2, 28)))
    merged, findings = merge_travellers([one, other])
    assert findings == ()
    assert merged.document == TravelDocument("C01X00T47", expires=PartialDate(2027, 2, 28))


def test_findings_hold_no_names_or_birth_dates() -> None:
    _, findings = merge_travellers(
        [
            person(Source.PASSPORT, surname="SPECIMEN", birth_date=PartialDate(1990, 5, 17)),
            person(Source.BOOKING, surname="OTHER", birth_date=PartialDate(1991, 5, 17)),
        ]
    )
    assert "1990" not in str(findings)
    assert "SPECIMEN" not in str(findings)


def test_nobody_merges_to_nobody() -> None:
    assert merge_travellers([]) == (Traveller(), ())
    assert merge_travellers([Traveller(), Traveller()]) == (Traveller(), ())


def journey(text: str) -> Journey:
    return journey_from_boarding_pass(parse_boarding_pass(text, reference=TODAY))


def test_journey_of_a_boarding_pass() -> None:
    found = journey(full())
    assert found.legs == (
        Leg("ZRH", "JFK", flight_date=date(2021, 12, 6), carrier="LX", flight="14"),
        Leg("JFK", "YYZ", flight_date=date(2021, 12, 7), carrier="AC", flight="705"),
    )
    assert (found.purpose, found.stays, dict(found.sources)) == (None, None, {"legs": Source.BOARDING_PASS})


def test_a_train_is_no_flight() -> None:
    assert journey(boarding_pass(leg(origin="XHJ", to="FRA"))).legs[0].channel is Channel.RAIL


def test_a_leg_eastwards_over_the_date_line() -> None:
    days = [
        leg.flight_date
        for leg in journey(boarding_pass(leg(origin="HND", to="HNL"), leg(origin="HNL", day="339"))).legs
    ]
    assert days == [date(2021, 12, 6), date(2021, 12, 5)]


def test_unknown_places() -> None:
    assert unknown_places(journey(full())) == ()
    findings = unknown_places(journey(boarding_pass(leg(), leg(origin="QQQ", to="YYZ"))))
    assert [(finding.code, dict(finding.facts)) for finding in findings] == [
        (TravelCode.PLACE_UNKNOWN, {"leg": 2, "code": "QQQ"})
    ]


LISTED = Journey(
    (Leg("ZRH", "JFK", departs=datetime(2021, 12, 6, 10, 15, tzinfo=ZURICH), carrier="LX", flight="0014"),),
    sources={"legs": Source.FLIGHT_LIST},
)


def test_a_flight_list_gives_the_pass_its_time() -> None:
    merged, findings = merge_journeys([journey(full()), LISTED])
    assert findings == ()
    assert len(merged.legs) == 2
    assert merged.legs[0].departs == LISTED.legs[0].departs
    assert merged.legs[1].departs is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (boarding_pass(leg(day="341")), TravelCode.FLIGHT_DATES_DIFFER),
        (boarding_pass(leg(flight="0015")), TravelCode.FLIGHTS_DIFFER),
        (boarding_pass(leg(carrier="AC")), TravelCode.FLIGHTS_DIFFER),
        (boarding_pass(leg(to="EWR")), TravelCode.ROUTES_DIFFER),
        (boarding_pass(leg(origin="GVA")), TravelCode.ROUTES_DIFFER),
    ],
)
def test_a_pass_for_another_flight(text: str, code: TravelCode) -> None:
    merged, findings = merge_journeys([journey(text), LISTED])
    assert [(finding.code, finding.outcome) for finding in findings] == [(code, Outcome.OPEN)]
    assert merged.legs[0].departs == LISTED.legs[0].departs


def test_a_country_is_completed_by_its_airport() -> None:
    booked = Journey((Leg("CH", "US"),), "tourism", (Stay("CH", TODAY, TODAY),), {"purpose": Source.BOOKING})
    merged, findings = merge_journeys([booked, journey(boarding_pass())])
    assert findings == ()
    assert (merged.legs[0].origin, merged.legs[0].destination) == ("ZRH", "JFK")
    assert (merged.purpose, merged.stays) == ("tourism", booked.stays)


def test_purpose_and_stays_come_from_whoever_states_them() -> None:
    asked = Journey((), "tourism", (Stay("CH", TODAY, TODAY),), {"purpose": Source.AGENT, "stays": Source.AGENT})
    merged, findings = merge_journeys([journey(boarding_pass()), asked])
    assert findings == ()
    assert (merged.purpose, merged.stays) == ("tourism", asked.stays)
    assert dict(merged.sources) == {"legs": Source.BOARDING_PASS, "purpose": Source.AGENT, "stays": Source.AGENT}


def test_purposes_and_times_that_differ() -> None:
    other = Journey((Leg("ZRH", "JFK", departs=datetime(2021, 12, 6, 11, 15, tzinfo=ZURICH)),), "study")
    _, findings = merge_journeys([Journey(LISTED.legs, "tourism"), other])
    assert {finding.code for finding in findings} == {TravelCode.DEPARTURES_DIFFER, TravelCode.PURPOSES_DIFFER}


def test_no_journey_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no journey"):
        merge_journeys([])
