"""Somebody else's papers, nearly the same person, and what must not be seen of anybody."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from fixtures.encoders import boarding_pass
from fixtures.flights import Passenger, flight, flights
from tests.verifier.attacks import ANNA, ASA, FLIGHT, ask, codes, journey_at, papers, zone
from verifier.checkin import CheckIn
from verifier.cli.filters import answer, error_json
from verifier.decision import Verdict
from verifier.errors import InputError
from verifier.health.record import Holder, HolderDocument
from verifier.identity.codes import Label
from verifier.identity.person import match_identity
from verifier.model import PartialDate, Scan, TravelDocument, Traveller
from verifier.questions import question_from_json
from verifier.rules.case import Case, Companion
from verifier.rules.logic import MET, OPEN, UNMET
from verifier.rules.requirements.base import Asked
from verifier.rules.requirements.party import Accompanied
from verifier.rules.rulebook import RuleBook
from verifier.trust.store import TrustStore


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


def test_a_name_field_that_is_not_the_name(desk: CheckIn) -> None:
    traveller = question_from_json({"traveller": ANNA.traveller, "at": "2021-12-20"})["traveller"]
    field = ANNA.mrz[0][5:]
    assert ask(desk, papers(), traveller=replace(traveller, name_field=field)).verdict is Verdict.CLEARED
    mixed = replace(traveller, surname="SMITH", given_names="JOHN", name_field=field)
    assert ask(desk, papers(), traveller=mixed).verdict is Verdict.REFER


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


# --- somebody who is nearly the holder --------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["N/A", "NA", "none", "XXXXXXXXX", "000000000", "-", "0"])
def test_a_number_that_is_none_settles_nothing(number: str) -> None:
    born = PartialDate(1984, 3, 12)
    person = Traveller("SCHNEIDER", "ANNA KATHARINA", birth_date=born, document=TravelDocument(number, "P"))
    twin = Holder(surname_std="SCHNEIDER", given_std="HANNA", birth_date=born, documents=(HolderDocument(number),))
    assert match_identity(twin, person).holder is not Label.MATCH
    own = replace(twin, given_std="ANNA<KATHARINA")
    assert match_identity(own, person).holder is Label.MATCH


@pytest.mark.parametrize(
    ("companion", "answer"),
    [
        (Companion(age=30), MET),
        (Companion(age=17), UNMET),
        (Companion(), OPEN),
        (Companion(relation="sibling"), OPEN),
        (Companion(relation="mother"), MET),
        (Companion(relation="mother", age=17), UNMET),
    ],
)
def test_a_companion_of_unknown_age_is_no_adult(store: TrustStore, companion: Companion, answer: int) -> None:
    case = Case.from_travel(Traveller(), journey_at("departs", FLIGHT.departs), (), known=FLIGHT.clock)
    asked = Asked(replace(case, party=(companion,)), RuleBook.load())
    assert Accompanied(18, frozenset(), None).judge(asked) == answer


# --- personal data ----------------------------------------------------------------------------------------------------


def personal(passenger: Passenger) -> list[str]:
    """What must not be seen of a person outside the answer's own record: names, birth date, document number."""
    who = passenger.persona
    surname, given = who.names
    told = [
        who.surname,
        who.given,
        surname,
        given,
        *surname.split("<"),
        *given.split("<"),
        who.born,
        who.passport.number,
    ]
    told.append(who.born[2:].replace("-", ""))
    return [text for text in told if len(text) > 2]


def words(text: str) -> str:
    """The text with a blank for whatever is no letter, digit or hyphen, so that a name is found as a word only."""
    return f" {' '.join(''.join(c if c.isalnum() or c == '-' else ' ' for c in text).upper().split())} "


@pytest.mark.parametrize("name", sorted(flights()))
def test_nothing_personal_in_logs_findings_and_errors(
    desk: CheckIn, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []
    told: set[str] = set()
    for passenger in flight(name).passengers:
        told.update(personal(passenger))
        extra = [passenger.boarding_pass or "", zone(passenger), "P<" + zone(passenger)[5:], *passenger.mrz]
        given = [*papers(passenger), *(text for text in extra if text)]
        broken = [text[:-40] for text in papers(passenger)]
        others = [text for other in passenger.flight.passengers[:2] for text in papers(other)]
        party: list[tuple[Traveller, list[Scan]]] = [
            (question_from_json({"traveller": each.traveller, "at": "2021-12-20"})["traveller"], [])
            for each in passenger.party
        ]
        for scans in (given, broken, others):
            decision = ask(desk, scans, passenger, party=party)
            out = decision.as_json(earliest=True)
            for known in ("policies", "packs"):  # titles of rules speak of judges and of January
                del out[known]
            out["documents"] = [{**each, "kid": None} for each in out["documents"]]  # a random key may spell a name
            shown.append(json.dumps(out, ensure_ascii=False))
            shown.extend(str(finding.facts) for finding in decision.findings)
        wrong = {
            **passenger.traveller,
            "birth_date": "1984-02-30",
            "document": {"number": passenger.persona.passport.number},
        }
        for changes in (wrong, {**wrong, "birth_date": None, "status": list(passenger.traveller)}):
            with pytest.raises(InputError) as refused:
                question_from_json({"traveller": changes, "at": "2021-12-20"})
            shown.append(json.dumps(error_json(refused.value)))
    text = words(" ".join(shown) + caplog.text)
    assert not {item for item in told if words(item) in text}


def test_a_fault_is_logged_without_what_it_says(
    desk: CheckIn, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("Schneider")

    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr("verifier.checkin.match_identity", fail)
    assert ask(desk, papers()).verdict is Verdict.REFER
    answered = answer(b'{"id": 1}', fail)  # type: ignore[arg-type]
    assert answered["error"]["code"] == "input.internal-error"
    assert "Schneider" not in caplog.text
    assert "test_attacks_on_persons.py" in caplog.text
