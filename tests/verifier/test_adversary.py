"""Attacks on the desk: what a hostile passenger, a careless integrator or a broken issuer may try, and never gets."""

from __future__ import annotations

import base64
import gc
import json
import logging
import tracemalloc
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import cbor2
import pytest
from click.testing import CliRunner
from PIL import Image

from fixtures.authorities import gdhcn, write_trust
from fixtures.documents import document_of
from fixtures.encoders import boarding_pass
from fixtures.flights import Passenger, flight, flights
from fixtures.personas import persona
from tests.conftest import MakeHcert
from verifier.checkin import CheckIn
from verifier.cli.check import check
from verifier.cli.filters import answer, error_json
from verifier.decision import Decision, Verdict
from verifier.errors import ConfigError, EnvelopeError, InputError
from verifier.health.record import Holder, HolderDocument
from verifier.identity.codes import Label
from verifier.identity.person import match_identity, name_of_holder
from verifier.model import Journey, Leg, PartialDate, Scan, TravelDocument, Traveller
from verifier.questions import question_from_json
from verifier.reading import Evidence, read_scans
from verifier.rules.case import Case, Companion
from verifier.rules.logic import MET, OPEN, UNMET
from verifier.rules.requirements.base import Asked
from verifier.rules.requirements.party import Accompanied
from verifier.rules.rulebook import RuleBook
from verifier.trust.anchors import load_store
from verifier.trust.keys import ListSource
from verifier.trust.lists import csca
from verifier.trust.store import TrustStore, shown_kid

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


# --- questions at the ends of the calendar, and of odd kinds ----------------------------------------------------------

ENDS = [
    datetime.max.replace(tzinfo=UTC),
    datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))),
    datetime.min.replace(tzinfo=UTC),
    datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
    datetime(1850, 1, 1, tzinfo=UTC),
]


def journey_at(what: str, end: datetime) -> Journey:
    stated: dict[str, Any] = {what: end.date() if what == "flight_date" else end}
    return Journey((Leg("FRA", "JFK", **stated),))


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("what", ["departs", "arrives", "flight_date", "at", "known"])
def test_the_ends_of_the_calendar_are_no_fault(desk: CheckIn, end: datetime, what: str) -> None:
    changes: dict[str, Any] = {what: end} if what in ("at", "known") else {"journey": journey_at(what, end)}
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


# --- what no issuer can vouch for -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "issued", "code"),
    [
        (vaccination("2021-11-10"), datetime(2021, 6, 10, tzinfo=UTC), "reading.event-after-signature"),
        (vaccination("1983-11-10"), datetime(2021, 6, 10, tzinfo=UTC), "reading.event-before-birth"),
        (vaccination("2021-12-24"), datetime(2021, 12, 19, tzinfo=UTC), "reading.event-in-future"),
        (negative_test("2021-12-24T09:00:00Z"), datetime(2021, 12, 19, tzinfo=UTC), "reading.event-in-future"),
    ],
)
def test_events_that_cannot_have_been_are_no_evidence(
    desk: CheckIn, make_hcert: MakeHcert, content: dict[str, Any], issued: datetime, code: str
) -> None:
    vaccine, test = papers()
    other = vaccine if "t" in content else test
    later = Journey((Leg("LHR", "JFK", departs=datetime(2021, 12, 20, 18, tzinfo=UTC)),))
    decision = ask(desk, [signed(make_hcert, content, issued), other], journey=later)
    assert decision.verdict is not Verdict.CLEARED
    assert code in codes(decision)
    assert decision.documents[0].evidence == "open"


def test_a_broken_card_beside_a_good_one_is_not_held_against_anybody(desk: CheckIn) -> None:
    made = {
        kind: document_of(
            persona("anna"), kind, day=FLIGHT.day, zone=FLIGHT.zone, examined=FLIGHT.clock, as_format="shc"
        ).text
        for kind in ("vaccination", "test")
    }
    assert ask(desk, list(made.values())).verdict is Verdict.CLEARED
    assert ask(desk, [made["test"]]).verdict is Verdict.DENIED
    for broken in ("shc:/5", made["vaccination"][:-31], f"shc:/1/2/{made['vaccination'][5:305]}"):
        decision = ask(desk, [made["test"], broken])
        assert decision.verdict is Verdict.REFER
        assert "decision.unread-could-help" in codes(decision)


# --- test keys in production ------------------------------------------------------------------------------------------


def test_no_list_of_test_keys_passes_for_production(tmp_path: Path) -> None:
    write_trust(tmp_path)
    anchors = (tmp_path / "anchors.toml").read_text("utf-8").split("[[anchor]]")[1:]
    accepted = []
    for anchor in anchors:
        if '"crl"' in anchor:  # speaks of its authority alone, and is worth nothing without it
            continue
        (tmp_path / "anchors.toml").write_text("[[anchor]]" + anchor.replace("qa = true", ""), "utf-8")
        try:
            load_store(tmp_path)
        except ConfigError:
            continue
        accepted.append(anchor.split('"')[1])
    assert not accepted


def test_lists_of_one_name_do_not_hide_test_keys_or_age(store: TrustStore) -> None:
    keys = next(held for held in store.lists if held.keys)
    production = replace(keys, source=replace(keys.source, qa=False))
    for pair in ([keys, production], [production, keys]):
        with pytest.raises(ConfigError):
            TrustStore(pair)
    old = replace(
        keys,
        source=replace(keys.source, fetched=datetime(2020, 1, 1, tzinfo=UTC), expires=datetime(2020, 2, 1, tzinfo=UTC)),
    )
    for pair in ([keys, old], [old, keys]):
        mixed = CheckIn(trust=TrustStore(pair), rules=RuleBook.load(), budget=60)
        assert "list.stale" in codes(ask(mixed, papers()))


# --- keys for something else ------------------------------------------------------------------------------------------


def test_a_key_of_the_yellow_card_signs_nothing_else(desk: CheckIn, make_hcert: MakeHcert) -> None:
    forged = make_hcert(vaccination("2021-08-22"), signer=gdhcn.signer("BR"))
    decision = ask(desk, [forged, papers()[1]])
    assert decision.verdict is Verdict.REFER
    assert "trust.key-usage" in codes(decision)


def test_a_listed_seal_signer_that_its_authority_revoked(store: TrustStore) -> None:
    made = document_of(
        persona("anna"), "vaccination", day=FLIGHT.day, zone=FLIGHT.zone, examined=FLIGHT.clock, as_format="vds-nc",
        defects=("revoked",),
    )  # fmt: skip
    certificate = json.loads(made.text)["sig"]["cer"]
    der = base64.urlsafe_b64decode(certificate + "=" * (-len(certificate) % 4))
    source = ListSource("signers", fetched=FLIGHT.clock, qa=True)
    signers = csca.read_barcode_signers(der, source)
    alone, beside = TrustStore([signers]), TrustStore([signers, *store.lists])
    bare = json.loads(made.text)
    del bare["sig"]["cer"]
    for text in (made.text, json.dumps(bare)):
        (known,) = read_scans([Scan.text(text)], trust=beside, at=FLIGHT.clock)
        assert known.evidence is Evidence.NONE
        (unknown,) = read_scans([Scan.text(text)], trust=alone, at=FLIGHT.clock)
        assert unknown.evidence is Evidence.USABLE


# --- time -------------------------------------------------------------------------------------------------------------


def test_pictures_that_take_long_to_read_are_over_budget(store: TrustStore) -> None:
    clock = [0.0]

    class Slow:
        """Every look at the clock after the first picture finds that two seconds have gone by."""

        def __call__(self) -> float:
            clock[0] += 0.5
            return clock[0]

    desk = CheckIn(trust=store, rules=RuleBook.load(), budget=2.0, timer=Slow())
    blank = Image.new("L", (64, 64), 255)
    pictures = []
    for number in range(60):
        blank.putpixel((number, 0), 0)
        held = BytesIO()
        blank.save(held, "PNG")
        pictures.append(Scan.image(held.getvalue()))
    asked = question_from_json({"traveller": ANNA.traveller, "journey": ANNA.journey, "at": "2021-12-20"})
    with patch("verifier.scan._zxing", return_value=([], False)) as read:
        assert "decision.over-budget" in codes(desk.check(**{**asked, "scans": pictures}))
        assert read.call_count < 5
        clock[0] = 0.0
        party = [(Traveller(surname="A"), pictures)]
        assert "decision.over-budget" in codes(desk.check(**{**asked, "scans": [], "party": party}))
        assert read.call_count < 10


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
    assert "test_adversary.py" in caplog.text


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


# --- files and lines that two readers would understand differently ----------------------------------------------------


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b'{"id": 1, "traveller": {"birth_date": "1984-03-12", "birth_date": "2015-03-12"}}', "input.duplicate-key"),
        (b'{"id": 1, "id": 2}', "input.duplicate-key"),
        (b'{"id": NaN}', "input.not-json"),
        (b'{"id": -Infinity}', "input.not-json"),
        (b'{"id": ' + b"9" * 5000 + b"}", "input.not-json"),
        (b"[" * 100_000, "input.not-json"),
        (b"\xff\xfe{}", "input.not-json"),
    ],
)
def test_lines_that_are_no_plain_json(line: bytes, code: str) -> None:
    assert answer(line, lambda question: question)["error"]["code"] == code


ODD: list[Any] = [
    None,
    [],
    {},
    "",
    0,
    1,
    True,
    [[]],
    [{}],
    {"a": 1},
    "x" * 300,
    "2021-02-30",
    ["US", 3],
    {"type": None},
]


@pytest.mark.parametrize(
    "member", ["traveller", "journey", "booking", "party", "shown", "texts", "at", "known", "status", "document"]
)
def test_odd_files_end_in_an_answer(tmp_path: Path, member: str) -> None:
    file = tmp_path / "question.json"
    options = [
        "--name",
        "A/B",
        "--status",
        "US=lpr",
        "--document-number",
        "X1",
        "--shown",
        "attestation",
        "--from",
        "FRA",
    ]
    for value in ODD:
        asked: dict[str, Any] = {"traveller": dict(ANNA.traveller), "at": "2021-12-20T10:00:00Z"}
        (asked["traveller"] if member in ("status", "document", "facts") else asked)[member] = value
        file.write_text(json.dumps(asked), "utf-8")
        done = CliRunner().invoke(check, ["--traveller", str(file), *options, "--to", "JFK", "--departs", "2021-12-20"])
        assert done.exit_code in (0, 2, 10, 20), (member, value, done.exception)
        assert done.exception is None or isinstance(done.exception, SystemExit)
    file.write_bytes(b'{"traveller": {"surname": "A", "surname": "B"}}')
    done = CliRunner().invoke(check, ["--traveller", str(file)])
    assert (done.exit_code, "input.duplicate-key" in done.output) == (2, True)


# --- memory -----------------------------------------------------------------------------------------------------------


def test_nothing_long_is_kept(store: TrustStore) -> None:
    """Documents that all differ, with huge values where small ones belong, leave nothing behind."""
    from verifier.codecs import cose
    from verifier.formats import shc_fhir, vds_nc_record
    from verifier.health import tables
    from verifier.rules import places

    def one(number: int) -> None:
        text = f"{number:09}" + "Ä" * 100_000
        name_of_holder(Holder(surname=text, given=text))
        tables.find_product(text)
        tables.disease_of(text, "1")
        shc_fhir._product("http://hl7.org/fhir/sid/cvx", "207", text)
        vds_nc_record._vaccine(text, text, text)
        vds_nc_record.two_letters(text)
        places.spot(text)
        places.lineage(text)
        shown_kid(text.encode())
        with pytest.raises(EnvelopeError):
            cose.parse_sign1(cbor2.dumps([text.encode(), {}, b"", b""]))

    one(0)
    tracemalloc.start()
    try:
        for number in range(1, 31):
            one(number)
        gc.collect()
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 1_000_000


# --- threads ----------------------------------------------------------------------------------------------------------


def test_two_desks_of_one_check_in_never_mix(desk: CheckIn) -> None:
    people = [passenger for passenger in FLIGHT.passengers if not passenger.party][:6]
    alone = {each.persona.name: ask(desk, papers(each), each).as_json() for each in people}

    def turn(number: int) -> list[str]:
        wrong = []
        for step in range(8):
            each = people[(number + step) % len(people)]
            desk.rules.forget()
            if ask(desk, papers(each), each).as_json() != alone[each.persona.name]:
                wrong.append(each.persona.name)
        return wrong

    with ThreadPoolExecutor(4) as pool:
        assert [name for found in pool.map(turn, range(4)) for name in found] == []
