"""Attacks on the desk: what a hostile passenger, a careless integrator or a broken issuer may try, and never gets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from fixtures.authorities import write_trust
from fixtures.encoders import boarding_pass
from fixtures.flights import Passenger, flight
from verifier.checkin import CheckIn
from verifier.decision import Decision, Verdict
from verifier.model import Scan, Traveller
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
