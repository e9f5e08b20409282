"""Time, memory, threads, the ends of the calendar, and questions that are none."""

from __future__ import annotations

import gc
import json
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import cbor2
import pytest
from click.testing import CliRunner
from PIL import Image

from tests.conftest import MakeHcert
from tests.verifier.attacks import ANNA, FLIGHT, ask, codes, journey_at, negative_test, papers, signed, vaccination
from verifier.checkin import CheckIn
from verifier.cli.check import check
from verifier.cli.filters import answer
from verifier.decision import Verdict
from verifier.errors import EnvelopeError, InputError
from verifier.health.record import Holder
from verifier.identity.person import name_of_holder
from verifier.model import Scan, Traveller
from verifier.questions import question_from_json
from verifier.rules.rulebook import RuleBook
from verifier.trust.store import TrustStore, shown_kid

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
