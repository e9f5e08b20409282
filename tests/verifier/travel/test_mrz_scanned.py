"""Zones as readers deliver them: framing, tolerances and proved repairs; and hostile input."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verifier.travel import zones
from verifier.errors import EnvelopeError
from verifier.findings import Outcome
from verifier.travel.mrz import Mrz, MrzCode, parse_mrz

TODAY = date(2021, 12, 1)
ALL = {"TD3": zones.td3(), "TD2": zones.td2(), "TD1": zones.td1(), "MRV-A": zones.visa(44), "MRV-B": zones.visa(36)}


def codes(found: Mrz) -> set[MrzCode]:
    return {MrzCode(finding.code) for finding in found.findings}


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("join", ["", "\r", "\n", "\r\n", "\t", "\r\r"])
@pytest.mark.parametrize("frame", ["{}", "{}\r", "\x02{}\x03", "{}\t", "%{}?", "{{{}}}", "  {}  "])
def test_swipe_readers(kind: str, join: str, frame: str) -> None:
    found = parse_mrz(frame.format(join.join(ALL[kind])), reference=TODAY)
    assert (found.type, found.lines) == (kind, tuple(ALL[kind]))
    assert found.valid


@pytest.mark.parametrize("kind", ALL)
def test_lines_bytes_and_iterators(kind: str) -> None:
    expected = tuple(ALL[kind])
    assert parse_mrz(ALL[kind], reference=TODAY).lines == expected
    assert parse_mrz(iter(ALL[kind]), reference=TODAY).lines == expected
    assert parse_mrz("\r".join(ALL[kind]).encode(), reference=TODAY).lines == expected


def _spaced(line: str) -> str:
    return " ".join(line[at : at + 11] for at in range(0, 44, 11))


@pytest.mark.parametrize(
    ("lines", "code", "outcome"),
    [
        ([line.lower() for line in zones.td3()], MrzCode.LOWER_CASE, Outcome.NOTE),
        ([zones.td3()[0] + "<", zones.td3()[1]], MrzCode.FILLER_DROPPED, Outcome.NOTE),
        ([zones.td3()[0][:-1], zones.td3()[1]], MrzCode.FILLER_RESTORED, Outcome.NOTE),
        ([zones.td3()[0].rstrip("<"), zones.td3()[1]], MrzCode.FILLER_RESTORED, Outcome.OPEN),
        ([_spaced(line) for line in zones.td3()], MrzCode.BLANKS, Outcome.NOTE),
        ([line.replace("<", " ") for line in zones.td3()], MrzCode.BLANKS, Outcome.NOTE),
        ([line.replace("<", ";") for line in zones.td3()], MrzCode.FILLER_LAYOUT, Outcome.NOTE),
        ([line.replace("<", "‹") for line in zones.td3()], MrzCode.LOOKALIKE, Outcome.OPEN),
        (["\u200f" + line for line in zones.td3()], MrzCode.CONTROL, Outcome.NOTE),
        (["\0" + line for line in zones.td3()], MrzCode.CONTROL, Outcome.NOTE),
        (["REPUBLIC OF X", *zones.td3(), "page 2"], MrzCode.SURROUNDED, Outcome.NOTE),
    ],
)
def test_every_tolerance_is_reported(lines: list[str], code: MrzCode, outcome: Outcome) -> None:
    found = parse_mrz(lines, reference=TODAY)
    assert found.lines == tuple(zones.td3())
    assert found.valid
    assert (code, outcome) in {(finding.code, finding.outcome) for finding in found.findings}


def test_homoglyphs_are_a_finding_with_their_places() -> None:
    first, second = zones.td3()
    found = parse_mrz([first.replace("A", "А").replace("E", "Ε"), second], reference=TODAY)  # Cyrillic, Greek
    assert found.lines == (first, second)
    (finding,) = [finding for finding in found.findings if finding.code is MrzCode.LOOKALIKE]
    assert finding.outcome is Outcome.OPEN
    assert finding.facts["count"] == first.count("A") + first.count("E")


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("", MrzCode.LENGTH),
        ("<", MrzCode.LENGTH),
        ([], MrzCode.LENGTH),
        (zones.td3()[:1], MrzCode.LENGTH),
        ([zones.td3()[0], zones.td3()[1][:-1]], MrzCode.LENGTH),
        ("A" * 89, MrzCode.LENGTH),
        ("Ä" * 88, MrzCode.CHARACTERS),
        ("\U0001f6c2" * 88, MrzCode.CHARACTERS),
        ("é" * 88, MrzCode.CHARACTERS),
        ("ء" * 88, MrzCode.CHARACTERS),
        ("A" * 100_000, MrzCode.TOO_LONG),
        (["A"] * 100_000, MrzCode.TOO_LONG),
        (b"\xff" * 100_000, MrzCode.TOO_LONG),
        (b"\xff" * 88, MrzCode.CHARACTERS),
    ],
)
def test_what_is_no_zone_is_a_coded_error(source: str | bytes | list[str], code: MrzCode) -> None:
    with pytest.raises(EnvelopeError) as caught:
        parse_mrz(source, reference=TODAY)
    assert caught.value.code is code
    assert "positions" not in caught.value.facts or len(caught.value.facts["positions"]) <= 20


def _damaged(at: int, text: str) -> list[str]:
    first, second = zones.td3()
    return [first, second[:at] + text + second[at + len(text) :]]


@pytest.mark.parametrize(
    ("at", "text", "field"),
    [
        (14, "4OB", "birth_date"),  # 640812 read as 64OB12
        (19, "S", "birth_date"),  # its check digit, 5
        (21, "Z702ZB", "expiry_date"),
        (0, "CO1XOOT47", "document_number"),
        (43, "4", None),  # undamaged
    ],
)
def test_damage_that_a_check_digit_proves_is_repaired_and_reported(at: int, text: str, field: str | None) -> None:
    lines = _damaged(at, text)
    if field == "document_number":
        lines = _damaged(0, "C0IX00T47")
    found = parse_mrz(lines, reference=TODAY)
    assert found.valid
    assert found.lines == tuple(zones.td3())
    repaired = [finding for finding in found.findings if finding.code is MrzCode.REPAIRED]
    assert [finding.facts["field"] for finding in repaired] == ([field] if field else [])
    assert (found.scanned is not None) is bool(field)
    if found.scanned is not None:
        assert found.scanned.lines == tuple(lines)
        changed = [n + 1 for n, (a, b) in enumerate(zip("".join(lines), "".join(found.lines), strict=True)) if a != b]
        assert repaired[0].facts["positions"] == changed


def test_two_damages_in_the_number_are_still_proved_by_two_digits() -> None:
    found = parse_mrz(_damaged(0, "CO1XO0T47"), reference=TODAY)
    assert found.lines == tuple(zones.td3())


def test_what_no_digit_proves_is_left_as_scanned() -> None:
    """Names, states and sex are under no digit; an altered digit is no misread letter."""
    first, second = zones.td3()
    for lines in (
        [first.replace("SPECIMEN", "SPEC1MEN"), second],
        [first.replace("DEU", "DE0"), second],
        _damaged(13, "7"),
        _damaged(0, "C01X00T48"),
    ):
        found = parse_mrz(lines, reference=TODAY)
        assert found.lines == tuple(lines)
        assert found.scanned is None
        assert any(finding.outcome is Outcome.OPEN for finding in found.findings)


def test_a_letter_with_the_value_of_its_digit_is_not_guessed() -> None:
    """G and 6 differ by ten: no check digit can tell which was printed."""
    lines = _damaged(13, "G")
    found = parse_mrz(lines, reference=TODAY)
    assert found.lines == tuple(lines)
    assert MrzCode.BIRTH_NOT_A_DATE in codes(found)


def test_remarks() -> None:
    assert codes(parse_mrz(zones.td3(name=""), reference=TODAY)) == {MrzCode.NAME_EMPTY}
    assert codes(parse_mrz(zones.td3(name="A" * 39), reference=TODAY)) == {MrzCode.NAME_MAYBE_CUT}
    assert codes(parse_mrz(zones.td3(born="74<<<<"), reference=TODAY)) == {MrzCode.BIRTH_PARTLY_UNKNOWN}
    assert codes(parse_mrz(zones.td3(code="Q<"), reference=TODAY)) == {MrzCode.DOCUMENT_CODE}
    assert codes(parse_mrz(zones.td3(nationality="QQQ"), reference=TODAY)) == {MrzCode.NATIONALITY_UNKNOWN}
    assert codes(parse_mrz(zones.td3(issuer=""), reference=TODAY)) == {MrzCode.STATE_UNKNOWN}
    assert codes(parse_mrz(zones.td3(issuer="UTO"), reference=TODAY)) == {MrzCode.SPECIMEN}


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=200), st.binary(max_size=200), st.lists(st.text(max_size=60), max_size=5)))
def test_any_input_gives_a_zone_or_a_coded_error(source: str | bytes | list[str]) -> None:
    try:
        found = parse_mrz(source, reference=TODAY)
    except EnvelopeError:
        return
    assert found.valid or found.findings


@settings(max_examples=200, deadline=None)
@given(st.text("ABCIPV0123456789O<SZ", min_size=88, max_size=90).filter(lambda text: len(text) != 89), st.dates())
def test_any_zone_on_any_day(text: str, reference: date) -> None:
    found = parse_mrz(text, reference=reference)
    assert "".join((found.scanned or found.reading).lines) == text
    assert found.valid or any(finding.outcome is Outcome.OPEN for finding in found.findings)
