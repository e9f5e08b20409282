"""The South Africa pack: yellow fever, by air. Ten days after one dose, for life, from countries with risk."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from verifier.health.record import Coded, Disease, HealthRecord, Holder, Vaccination
from verifier.model import Channel, Journey, Leg, PartialDate, Stay, Traveller
from verifier.rules.answer import RulesAnswer
from verifier.rules.case import Case, Evidence, EvidenceState
from verifier.rules.rulebook import RuleBook

LANDS = datetime(2026, 11, 21, 5, 30, tzinfo=UTC)
KNOWN = date(2026, 11, 20)
ARRIVAL = date(2026, 11, 21)
VACCINE = Coded("YellowFeverProductd2c75a15ed309658b3968519ddb31690", "icvp", None, "yellow-fever")


def certificate(day: date, product: Coded = VACCINE, state: EvidenceState = EvidenceState.USABLE) -> Evidence:
    dose = Vaccination(Disease.YELLOW_FEVER, product, PartialDate.of(day))
    return Evidence(HealthRecord("icvp", Holder(full_name="Specimen"), (dose,)), state)


def ask(
    book: RuleBook,
    *shown: Evidence,
    origin: str = "GRU",
    stays: tuple[Stay, ...] | None = None,
    channel: Channel = Channel.AIR,
    known: date = KNOWN,
) -> RulesAnswer:
    leg = Leg(origin, "JNB", departs=LANDS - timedelta(hours=9), arrives=LANDS, channel=channel)
    person = Traveller(citizenships=("BR",), birth_date=PartialDate(1985, 5, 5))
    return book.judge(Case.from_travel(person, Journey((leg,), stays=stays), shown, known=known))


@pytest.mark.parametrize(
    ("ago", "verdict"), [(0, "denied"), (9, "denied"), (10, "cleared"), (11, "cleared"), (29_000, "cleared")]
)
def test_ten_days_after_the_dose_and_for_life(book: RuleBook, ago: int, verdict: str) -> None:
    assert ask(book, certificate(ARRIVAL - timedelta(ago))).verdict == verdict


def test_without_a_certificate(book: RuleBook) -> None:
    answer = ask(book)
    assert answer.verdict == "denied"
    assert [(policy.id, policy.outcome.value) for policy in answer.policies] == [("ihr-yellow-fever-ZA", "unmet")]


def test_a_product_outside_the_catalogue_cannot_be_decided(book: RuleBook) -> None:
    unknown = Coded("a3K3X000006MihuUAC", "icvp")
    assert ask(book, certificate(date(2020, 1, 1), unknown)).verdict == "refer"


def test_a_certificate_that_could_not_be_verified_is_a_question(book: RuleBook) -> None:
    assert ask(book, certificate(date(2020, 1, 1), state=EvidenceState.OPEN)).verdict == "refer"
    assert ask(book, certificate(date(2020, 1, 1), state=EvidenceState.NONE)).verdict == "denied"


def test_where_a_person_was_before_has_to_be_known(book: RuleBook) -> None:
    assert ask(book, origin="FRA").verdict == "refer"
    home = (Stay("DE", ARRIVAL - timedelta(60), ARRIVAL),)
    assert ask(book, origin="FRA", stays=home).verdict == "cleared"
    ghana = (Stay("DE", ARRIVAL - timedelta(60), ARRIVAL - timedelta(9)), Stay("GH", ARRIVAL - timedelta(9), ARRIVAL))
    assert ask(book, origin="FRA", stays=ghana).verdict == "denied"


def test_nothing_is_said_outside_of_the_span_and_the_subject(book: RuleBook) -> None:
    assert ask(book, certificate(date(2020, 1, 1)), known=date(2026, 11, 23)).verdict == "refer"
    assert ask(book, certificate(date(2020, 1, 1)), origin="MZ", channel=Channel.LAND).verdict == "refer"
    (pack,) = ask(book).packs
    assert pack.subject == "Yellow fever, arrivals by air"
