"""Zones of the five types, read strictly: fields, check digits, dates, names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.verifier.travel import zones
from verifier.model import PartialDate
from verifier.travel.mrz import LAYOUTS, Reading, check_digit, parse_mrz, read_strictly
from verifier.travel.mrz.dates import birth_date, expiry_date

TODAY = date(2021, 12, 1)


def strict(lines: list[str]) -> Reading:
    reading = read_strictly(lines, reference=TODAY)
    assert isinstance(reading, Reading), reading
    return reading


@pytest.mark.parametrize(("text", "expected"), [("520727", 3), ("AB2134<<<", 5), ("<<<<<<", 0), ("D23145890", 7)])
def test_check_digits_of_the_standard(text: str, expected: int) -> None:
    """Worked examples of Doc 9303-3 appendix A and the specimens."""
    assert check_digit(text) == expected == int(zones.digit(text))


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        ("TD3", zones.td3()),
        ("TD2", zones.td2()),
        ("TD1", zones.td1()),
        ("MRV-A", zones.visa(44)),
        ("MRV-B", zones.visa(36)),
    ],
)
def test_each_type_is_valid_and_told_from_its_lines(kind: str, lines: list[str]) -> None:
    reading = strict(lines)
    assert reading.type == kind
    assert reading.valid, reading.reasons
    assert (reading.fields.surname, reading.fields.given_names[:4]) == ("SPECIMEN", "ALEX")
    assert reading.fields.birth_date == "1964-08-12"
    assert reading.fields.expiry_date == "2027-02-28"
    assert reading.lines == tuple(lines)
    assert list(reading.checks)[:3] == ["document_number", "birth_date", "expiry_date"]
    assert ("composite" in reading.checks) is not kind.startswith("MRV")
    assert ("optional_data" in reading.checks) is (kind == "TD3")


@pytest.mark.parametrize("kind", ["td3", "td2", "td1"])
def test_every_wrong_character_that_a_digit_covers_is_seen(kind: str) -> None:
    """Each covered position in turn: a value that differs by one must break a check digit."""
    lines = getattr(zones, kind)()
    layout = strict(lines).layout
    zone = "".join(lines)
    covered = [at for place in layout.composite for at in range(place.start, place.stop)]
    for at in covered:
        if not zone[at].isdigit():
            continue
        wrong = zone[:at] + str((int(zone[at]) + 1) % 10) + zone[at + 1 :]
        width = layout.width
        assert not strict([wrong[n : n + width] for n in range(0, layout.size, width)]).valid, at


@pytest.mark.parametrize("make", [zones.td1, zones.td2])
@pytest.mark.parametrize("number", ["D23145890734", "60000179501", "A234567890"])
def test_long_document_numbers(make: Callable[..., list[str]], number: str) -> None:
    """Doc 9303-5 section 4.2.2: filler as digit, the rest and its digit open the optional data."""
    reading = strict(make(number=number))
    assert reading.valid
    assert (reading.fields.document_number, reading.fields.optional_data) == (number, "")


def test_long_number_with_a_wrong_digit() -> None:
    lines = zones.td1(number="D23145890734")
    tail = lines[0][15:20]
    assert tail == "734" + zones.digit("D23145890734") + "<"
    lines[0] = lines[0][:18] + str((int(lines[0][18]) + 1) % 10) + lines[0][19:]
    assert strict(lines).checks["document_number"] is False


def test_long_number_leaves_further_optional_data() -> None:
    reading = strict(zones.td1(number="D23145890734", optional="AB12", second="XYZ"))
    assert (reading.fields.optional_data, reading.fields.optional_data_2) == ("<AB12", "XYZ")


def test_filler_at_the_digit_of_a_nine_character_number_is_no_digit() -> None:
    lines = zones.td1()
    lines[0] = lines[0][:14] + "<" + lines[0][15:]
    assert strict(lines).checks["document_number"] is False


@pytest.mark.parametrize(("optional_digit", "holds"), [("<", True), ("0", True), ("1", False)])
def test_unused_optional_data_may_have_filler_or_zero(optional_digit: str, holds: bool) -> None:
    reading = strict(zones.td3(optional_digit=optional_digit))
    assert reading.checks["optional_data"] is holds
    assert reading.checks["composite"] is True


def test_used_optional_data_needs_its_digit() -> None:
    assert strict(zones.td3(optional="ZE184226B")).valid
    assert strict(zones.td3(optional="ZE184226B", optional_digit="<")).checks["optional_data"] is False


@pytest.mark.parametrize("check", ["A", "K", "<", "O"])
def test_a_check_digit_is_a_digit(check: str) -> None:
    """A letter whose value happens to fit (A=10) and a filler (0) are no check digits."""
    lines = zones.td3(born="000000")
    lines[1] = lines[1][:19] + check + lines[1][20:]
    assert strict(lines).checks["birth_date"] is False


@pytest.mark.parametrize(("sex", "expected"), [("M", "M"), ("F", "F"), ("<", "X"), ("X", "X")])
def test_sex(sex: str, expected: str) -> None:
    assert strict(zones.td3(sex=sex)).fields.sex == expected


def test_other_sex_is_a_reason_and_keeps_the_rest() -> None:
    reading = strict(zones.td3(sex="3"))
    assert reading.reasons == ("sex_not_allowed",)
    assert reading.fields.surname == "SPECIMEN"


@pytest.mark.parametrize(
    ("name", "surname", "given", "cut"),
    [
        ("UK<SPECIMEN<<ANGELA<ZOE", "UK SPECIMEN", "ANGELA ZOE", False),
        ("ARKFREITH", "ARKFREITH", "", False),
        ("<<FIRST<NAME", "", "FIRST NAME", False),
        ("AL<BASRI<<HUDA<<JAWAD", "AL BASRI", "HUDA JAWAD", False),
        ("SPECIMEN<<<ALEX", "SPECIMEN", "ALEX", False),
        ("NILAVADHANANANDA<<ARNPOL<PETCH<CHARONGU", "NILAVADHANANANDA", "ARNPOL PETCH CHARONGU", True),
        ("", "", "", False),
    ],
)
def test_names(name: str, surname: str, given: str, cut: bool) -> None:
    fields = strict(zones.td3(name=name)).fields
    assert (fields.surname, fields.given_names, fields.name_may_be_truncated) == (surname, given, cut)


def test_digit_in_name_is_a_reason() -> None:
    assert strict(zones.td3(name="SPEC1MEN<<ALEX")).reasons == ("digit_in_name",)


@pytest.mark.parametrize("state", ["D", "RKS", "GBN", "UNO", "XXA", "XXB", "XXC", "XXX", "EUE"])
def test_special_states_are_known(state: str) -> None:
    found = parse_mrz(zones.td3(nationality=state, issuer=state), reference=TODAY)
    assert found.fields.nationality == state
    assert not found.findings


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("640812", PartialDate(1964, 8, 12)),
        ("211201", PartialDate(2021, 12, 1)),  # born on the reference day
        ("211202", PartialDate(1921, 12, 2)),  # a day later: a century earlier
        ("000229", PartialDate(2000, 2, 29)),
        ("010229", None),
        ("640230", None),
        ("641301", None),
        ("7401<<", PartialDate(1974, 1)),
        ("74<<<<", PartialDate(1974)),
        ("<<<<<<", PartialDate()),
        ("<<0812", PartialDate()),  # a day without a year places nobody
        ("74<<12", PartialDate(1974)),
        ("2112<<", PartialDate(2021, 12)),
        ("22<<<<", PartialDate(1922)),
        ("7413<<", None),
        ("7<0812", None),
        ("BB0911", None),
    ],
)
def test_birth_dates(raw: str, expected: PartialDate | None) -> None:
    assert birth_date(raw, TODAY) == expected


@pytest.mark.parametrize(
    ("raw", "reference", "expected"),
    [
        ("700101", date(2021, 12, 1), date(2070, 1, 1)),
        ("710101", date(2021, 12, 1), date(1971, 1, 1)),
        ("960108", date(2021, 12, 1), date(1996, 1, 8)),
        ("010101", date(2060, 1, 1), date(2101, 1, 1)),
        ("<<<<<<", date(2021, 12, 1), None),
        ("270229", date(2021, 12, 1), None),
    ],
)
def test_expiry_dates(raw: str, reference: date, expected: date | None) -> None:
    assert expiry_date(raw, reference) == expected


def test_unknown_birth_date_is_valid_and_no_date() -> None:
    reading = strict(zones.td3(born="<<<<<<"))
    assert reading.valid
    assert (reading.fields.birth_date, reading.fields.birth_date_raw) == (None, "<<<<<<")


def test_one_bad_date_keeps_everything_else() -> None:
    reading = strict(zones.td3(born="640230"))
    assert reading.reasons == ("birth_date_not_a_date",)
    assert (reading.fields.document_number, reading.fields.expiry_date) == ("C01X00T47", "2027-02-28")


@pytest.mark.parametrize(
    ("lines", "reasons"),
    [
        ([], ("length",)),
        ([""], ("length",)),
        (zones.td3()[:1], ("length",)),
        ([zones.td3()[0] + "<", zones.td3()[1]], ("length",)),
        (["".join(zones.td3())], ("length",)),
        ([line.lower() for line in zones.td3()], ("characters",)),
        ([zones.td3()[0].replace("<", " "), zones.td3()[1]], ("characters",)),
        ([zones.td3()[0].replace("A", "А"), zones.td3()[1]], ("characters",)),  # Cyrillic
        (["Ä" * 45, "<" * 44], ("length", "characters")),
    ],
)
def test_strict_reading_refuses(lines: list[str], reasons: tuple[str, ...]) -> None:
    assert read_strictly(lines, reference=TODAY) == reasons


def test_a_given_type_must_fit_the_lines() -> None:
    assert read_strictly(zones.td3(), reference=TODAY, layout=LAYOUTS["TD2"]) == ("length",)
    reading = read_strictly(zones.td3(), reference=TODAY, layout=LAYOUTS["MRV-A"])
    assert isinstance(reading, Reading)
    assert reading.type == "MRV-A"


def test_all_fillers_are_read_and_never_valid() -> None:
    reading = strict(["<" * 44] * 2)
    assert not reading.valid
    assert reading.checks == {
        "document_number": False,
        "birth_date": False,
        "expiry_date": False,
        "optional_data": True,
        "composite": False,
    }
