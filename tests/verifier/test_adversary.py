"""Attacks on the desk: what a hostile passenger, a careless integrator or a broken issuer may try, and never gets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from fixtures.authorities import write_trust
from fixtures.encoders import boarding_pass
from fixtures.flights import Passenger, flight
from tests.conftest import MakeHcert
from verifier.checkin import CheckIn
from verifier.decision import Decision, Verdict
from verifier.errors import InputError
from verifier.model import Journey, Leg, Scan, Traveller
from verifier.questions import question_from_json
from verifier.rules.rulebook import RuleBook
from verifier.trust.anchors import load_store
from verifier.trust.store import TrustStore

FLIGHT = flight("us-air-2021-12-20")
ANNA, ASA = FLIGHT.passenger("anna"), FLIGHT.passenger("asa")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> TrustStore:
    folder = tmp_path_factory.mktemp("trust")
    write_trust(folder)
    return load_store(folder)


@pytest.fixture(scope="module")
def desk(store: TrustStore) -> CheckIn:
    return CheckIn(trust=store, rules=RuleBook.load(), budget=60)


def ask(desk: CheckIn, scans: Sequence[str | bytes], passenger: Passenger = ANNA, **changes: Any) -> Decision:
    asked = {
        "traveller": passenger.traveller, "journey": passenger.journey, "shown": list(passenger.shown),
        "at": passenger.flight.clock,
    }  # fmt: skip
    question = {**question_from_json(asked), "scans": [Scan.text(text) for text in scans], **changes}
    return desk.check(**question)


def papers(passenger: Passenger = ANNA) -> list[str | bytes]:
    return [text for document in passenger.documents() for text in document.texts]


def zone(passenger: Passenger = ANNA) -> str:
    return "\r\n".join(passenger.mrz)


def codes(decision: Decision) -> set[str]:
    return {finding.code.value for finding in decision.findings}


def payload(**entry: Any) -> dict[str, Any]:
    """Anna's certificate with one entry: `v`, `t` or `r`."""
    name = {"fn": "Schneider", "fnt": "SCHNEIDER", "gn": "Anna Katharina", "gnt": "ANNA<KATHARINA"}
    return {"ver": "1.3.0", "nam": name, "dob": "1984-03-12", **entry}


def vaccination(day: str, **changes: Any) -> dict[str, Any]:
    entry = {
        "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215", "dn": 2, "sd": 2,
        "dt": day, "co": "DE", "is": "RKI", "ci": "URN:UVCI:01:DE:QA2#B", **changes,
    }  # fmt: skip
    return payload(v=[entry])


def negative_test(sampled: str, **changes: Any) -> dict[str, Any]:
    entry = {
        "tg": "840539006", "tt": "LP6464-4", "sc": sampled, "tr": "260415000", "tc": "Lab", "co": "DE", "is": "RKI",
        "ci": "X", **changes,
    }  # fmt: skip
    return payload(t=[entry])


def signed(
    make_hcert: MakeHcert, content: dict[str, Any], issued: datetime = datetime(2021, 12, 19, 12, tzinfo=UTC)
) -> str:
    return make_hcert(content, issued=issued)


def test_the_honest_passenger_is_cleared(desk: CheckIn) -> None:
    assert ask(desk, papers()).verdict is Verdict.CLEARED
    assert ask(desk, [*papers(), zone(), ANNA.boarding_pass or ""]).verdict is Verdict.CLEARED


# --- somebody else's passport, boarding pass or booking ---------------------------------------------------------------


def test_a_scanned_zone_does_not_replace_the_person_at_the_desk(desk: CheckIn) -> None:
    john = Traveller(surname="Smith", given_names="John", citizenships=("DE",))
    decision = ask(desk, [*papers(), zone()], traveller=john)
    assert decision.verdict is Verdict.REFER
    assert "identity.another-person" in codes(decision)


def test_two_passports_of_two_persons_are_no_traveller(desk: CheckIn) -> None:
    nobody = Traveller(citizenships=("DE",))
    for given in ([zone(), zone(ASA)], [zone(ASA), zone()]):
        assert ask(desk, [*papers(), *given], traveller=nobody).verdict is Verdict.REFER


@pytest.mark.parametrize("own_first", [True, False])
def test_every_boarding_pass_is_compared(desk: CheckIn, own_first: bool) -> None:
    own, other = ANNA.boarding_pass or "", ASA.boarding_pass or ""
    decision = ask(desk, [*papers(), *((own, other) if own_first else (other, own))])
    assert decision.verdict is Verdict.REFER
    assert "identity.another-person" in codes(decision)


def test_a_booking_does_not_hide_a_boarding_pass_of_somebody_else(desk: CheckIn) -> None:
    booking = Traveller(surname="Schneider", given_names="Anna Katharina")
    assert ask(desk, [*papers(), ANNA.boarding_pass or ""], booking=booking).verdict is Verdict.CLEARED
    assert ask(desk, [*papers(), ASA.boarding_pass or ""], booking=booking).verdict is Verdict.REFER


def test_a_boarding_pass_does_not_lead_to_another_country(desk: CheckIn) -> None:
    legs = [("QA0001", FLIGHT.origin, FLIGHT.destination, FLIGHT.number), ("QA0001", FLIGHT.destination, "MEX", "99")]
    name = boarding_pass.passenger_name(*ANNA.persona.names)
    made = boarding_pass.Pass(
        name,
        tuple(
            boarding_pass.Leg(pnr, start, end, FLIGHT.carrier, number, FLIGHT.day, "12A", 1, document_verification="1")
            for pnr, start, end, number in legs
        ),
        FLIGHT.day - timedelta(days=1),
    )
    decision = ask(desk, [boarding_pass.encode(made)])
    assert decision.verdict is not Verdict.CLEARED
    assert "journey.routes-differ" in codes(decision) or "travel.routes-differ" in codes(decision)


def test_a_zone_whose_check_digits_fail_is_looked_at(desk: CheckIn) -> None:
    first, second = ANNA.mrz
    wrong = second[:9] + str((int(second[9]) + 1) % 10) + second[10:]
    assert ask(desk, [*papers(), f"{first}\r\n{wrong}"]).verdict is Verdict.REFER


# --- questions at the ends of the calendar, and of odd kinds ----------------------------------------------------------

ENDS = [
    datetime.max.replace(tzinfo=UTC),
    datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))),
    datetime.min.replace(tzinfo=UTC),
    datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
    datetime(1850, 1, 1, tzinfo=UTC),
]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("what", ["departs", "arrives", "flight_date", "at", "known"])
def test_the_ends_of_the_calendar_are_no_fault(desk: CheckIn, end: datetime, what: str) -> None:
    changes: dict[str, Any]
    if what in ("at", "known"):
        changes = {what: end}
    else:
        changes = {"journey": Journey((Leg("FRA", "JFK", **{what: end.date() if what == "flight_date" else end}),))}
    decision = ask(desk, papers(), **changes)
    assert decision.verdict is Verdict.REFER
    assert "decision.fault" not in codes(decision)
    json.dumps(decision.as_json("en", earliest=True))


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1850-06-01"])
def test_doses_and_tests_at_the_ends_of_the_calendar(desk: CheckIn, make_hcert: MakeHcert, day: str) -> None:
    dose, test = signed(make_hcert, vaccination(day)), signed(make_hcert, negative_test(f"{day}T09:00:00Z"))
    decision = ask(desk, [dose, test])
    assert decision.verdict is not Verdict.CLEARED
    assert "decision.fault" not in codes(decision)
    json.dumps(decision.as_json("en", earliest=True))


@pytest.mark.parametrize("channel", [["air"], {"air": 1}, 1, True])
def test_a_channel_of_another_kind_is_refused(channel: object) -> None:
    journey = {"legs": [{"origin": "FRA", "destination": "JFK", "channel": channel}]}
    with pytest.raises(InputError) as refused:
        question_from_json({"traveller": ANNA.traveller, "journey": journey, "at": "2021-12-20"})
    assert refused.value.facts["field"] == "journey.legs.0.channel"
