"""Boarding passes: every field, the reject classes, dates, names, the tolerant reading, and hostile input."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verifier.travel.passes import boarding_pass, full, leg, repeated, unique
from verifier.errors import EnvelopeError
from verifier.findings import Outcome
from verifier.travel.boarding_pass import BcbpCode, BoardingPass, error_class, parse_boarding_pass, recognise
from verifier.travel.boarding_pass.dates import day_of_year, first_from, issue_date, nearest
from verifier.travel.boarding_pass.names import split_name

TODAY = date(2021, 12, 1)


def read(text: str | bytes, *, strict: bool = True, at: date = TODAY) -> BoardingPass:
    return parse_boarding_pass(text, reference=at, strict=strict)


def codes(found: BoardingPass) -> list[str]:
    return [finding.code.value for finding in found.findings]


def test_every_field_of_a_full_pass() -> None:
    conditional = {
        "airline_numeric_code": "724",
        "document_serial": "1234567890",
        "selectee": "",
        "document_verification": "1",
        "marketing_carrier": "LX",
        "ff_airline": "LX",
        "ff_number": "992123456789000",
        "id_ad": "N",
        "free_baggage": "1PC",
        "fast_track": "N",
    }
    common = {"compartment": "Y", "seat": "012C", "sequence": "0042", "passenger_status": "1", **conditional}
    assert read(full()).as_json() == {
        "format_code": "M",
        "number_of_legs": 2,
        "passenger_name": "SPECIMEN/ALEX",
        "eticket_indicator": "E",
        "legs": [
            {
                "pnr": "ABC123",
                "from": "ZRH",
                "to": "JFK",
                "operating_carrier": "LX",
                "flight_number": "0014",
                "day_of_year": "340",
                **common,
                "airline_use": "C19:OK ",
                "flight_date": "2021-12-06",
            },
            {
                "pnr": "DEF456",
                "from": "JFK",
                "to": "YYZ",
                "operating_carrier": "AC",
                "flight_number": "0705",
                "day_of_year": "341",
                **common,
                "airline_use": "WQ",
                "flight_date": "2021-12-07",
            },
        ],
        "version": "6",
        "passenger_description": "0",
        "checkin_source": "W",
        "issuance_source": "W",
        "issue_date_raw": "1335",
        "document_type": "B",
        "issuer": "LX",
        "bag_tag_1": "",
        "security": {"type": "1", "length": 8, "data": "aBcDeFgH"},
        "issue_date": "2021-12-01",
        "surname": "SPECIMEN",
        "title": None,
        "given_names": "ALEX",
        "name_may_be_truncated": False,
    }


def test_bytes_and_text_read_alike() -> None:
    assert read(full().encode()) == read(full())


@pytest.mark.parametrize("legs", [1, 2, 3, 4])
def test_one_to_four_legs(legs: int) -> None:
    found = read(boarding_pass(*[leg(day=str(300 + n)) for n in range(legs)]))
    assert [entry.flight_date for entry in found.legs] == [date(2021, 10, 27) + timedelta(n) for n in range(legs)]
    assert found.version is None
    assert "passenger_description" not in found.as_json()


@pytest.mark.parametrize("version", list("123456789X"))
def test_any_version_digit(version: str) -> None:
    assert read(boarding_pass(leg(block=unique(version=version)))).version == version


@pytest.mark.parametrize("size", range(51))
def test_items_beyond_the_declared_size_are_absent(size: int) -> None:
    """Offsets of the unique items: 1, 1, 1, 4, 1, 3 and three bag tags of 13."""
    body = ("1WM1335BLX " + "0724123456001" * 3)[:size]
    found = read(boarding_pass(leg(block=f">6{size:02X}{body}")))
    starts = (0, 1, 2, 3, 7, 8, 11, 24, 37)
    assert len(found.unique) == sum(start < size for start in starts)
    assert found.legs[0].conditional == {}


def test_fast_track_came_with_version_five() -> None:
    block = repeated()
    old = f"{0x29:02X}" + block[2:-1]
    found = read(boarding_pass(leg(block=unique(version="4") + old)))
    assert "fast_track" not in found.legs[0].conditional
    assert found.legs[0].conditional["free_baggage"] == "1PC"


def test_conditional_block_without_repeated_items() -> None:
    found = read(boarding_pass(leg(block=">60000")))
    assert (found.version, dict(found.unique), found.legs[0].conditional) == ("6", {}, {})


BASE = boarding_pass()
REJECTED = [
    ("", "too_short"),
    ("M1", "too_short"),
    (BASE[:-1], "too_short"),
    (BASE[:47], "too_short"),
    (boarding_pass(leg(size="FF")), "too_short"),
    (BASE.replace("M1", "M2"), "too_short"),
    (boarding_pass(security="^"), "too_short"),
    (boarding_pass(security="^10"), "too_short"),
    (boarding_pass(security="^108ABC"), "too_short"),
    (BASE.replace("A", "Ä"), "charset"),
    (BASE.replace("ALEX", "АLEX"), "charset"),
    (BASE.replace("SPECIMEN", "SPECI\0EN"), "charset"),
    (BASE + "\r", "charset"),
    (BASE.replace("ALEX", "\U0001f6c2LEX"), "charset"),
    ("S" + BASE[1:], "format_code"),
    (BASE.swapcase(), "format_code"),
    ("]L0" + BASE, "format_code"),
    (" " + BASE, "format_code"),
    (BASE.replace("M1", "M0"), "number_of_legs"),
    (BASE.replace("M1", "M5"), "number_of_legs"),
    (BASE.replace("M1", "MA"), "number_of_legs"),
    (boarding_pass(leg(size="ZZ")), "field_size_not_hex"),
    (boarding_pass(leg(size=" 1")) + ">", "field_size_not_hex"),
    (boarding_pass(leg(size="+1")) + ">", "field_size_not_hex"),
    (boarding_pass(leg(block="+60000")), "version_indicator"),
    (boarding_pass(leg(block=">6ZZ00")), "unique_size_not_hex"),
    (boarding_pass(leg(block=">6")), "unique_size_not_hex"),
    (boarding_pass(leg(block=">6FFABC")), "unique_size_exceeds_field"),
    (boarding_pass(leg(block=">600ZZ")), "repeated_size_not_hex"),
    (boarding_pass(leg(block=">6002AABC")), "repeated_size_exceeds_field"),
    (boarding_pass(leg(), leg(block="2AABC")), "repeated_size_exceeds_field"),
    (boarding_pass(security="^1ZZ"), "security_size_not_hex"),
    (boarding_pass(security="^100X"), "trailing_data"),
    (BASE + "X", "trailing_data"),
    (BASE + " ", "trailing_data"),
    (BASE + ">60000", "trailing_data"),
]


@pytest.mark.parametrize(("text", "expected"), REJECTED)
def test_strict_reading_rejects_with_a_class(text: str, expected: str) -> None:
    with pytest.raises(EnvelopeError) as caught:
        read(text)
    assert error_class(BcbpCode(caught.value.code)) == expected


@pytest.mark.parametrize(("text", "expected"), REJECTED)
def test_tolerant_reading_reports_or_refuses(text: str, expected: str) -> None:
    """What the strict reading rejects is never read without saying so."""
    try:
        found = read(text, strict=False)
    except EnvelopeError as error:
        assert error_class(BcbpCode(error.code)) in {"too_short", "format_code", "number_of_legs"}
        return
    assert found.tolerated
    assert found.legs[0].origin == "ZRH"


@pytest.mark.parametrize(
    ("text", "code", "outcome"),
    [
        ("]L0" + full(), BcbpCode.AIM_PREFIX, Outcome.NOTE),
        (full() + "\r\n", BcbpCode.LINE_END, Outcome.NOTE),
        ("\x02" + full() + "\x03", BcbpCode.LINE_END, Outcome.NOTE),
        (full().swapcase(), BcbpCode.CASE_INVERTED, Outcome.NOTE),
        ("\u200f" + full(), BcbpCode.UNSEEN_MARKS, Outcome.NOTE),
        (full().replace("ALEX", "ALЕX"), BcbpCode.LOOKALIKE, Outcome.OPEN),
    ],
)
def test_tolerances_that_recover_the_whole_pass(text: str, code: BcbpCode, outcome: Outcome) -> None:
    found = read(text, strict=False)
    assert found.as_json() == ({**read(full()).as_json()})
    assert [(finding.code, finding.outcome) for finding in found.tolerated] == [(code, outcome)]


def test_a_mixed_case_scan_is_never_turned_round() -> None:
    """Security data of a carrier may hold small letters; only a scan without capitals before it was inverted."""
    with pytest.raises(EnvelopeError):
        read("m" + full()[1:], strict=False)


def test_size_zero_with_a_block_behind_it() -> None:
    whole = boarding_pass(leg(block=unique() + repeated(), size="00"), security="^108ABCDEFGH")
    found = read(whole, strict=False)
    assert codes(found)[0] == "bcbp.trailing-data"
    assert found.legs[0].conditional["document_verification"] == "1"
    assert found.security is not None


def test_trimmed_blanks_keep_the_flight() -> None:
    found = read(boarding_pass(leg(block=unique() + repeated()))[:-9], strict=False)
    assert found.legs[0].flight_date == date(2021, 12, 6)
    assert [(finding.code, finding.outcome) for finding in found.tolerated] == [(BcbpCode.TOO_SHORT, Outcome.NOTE)]


def test_a_missing_leg_is_open() -> None:
    found = read(BASE.replace("M1", "M3"), strict=False)
    assert len(found.legs) == 1
    assert found.tolerated[0].outcome is Outcome.OPEN


def test_other_letters_in_the_name_are_open() -> None:
    found = read(BASE.replace("ALEX", "ÁLEX"), strict=False)
    assert [(f.code, f.outcome) for f in found.tolerated] == [(BcbpCode.CHARSET, Outcome.OPEN)]


@pytest.mark.parametrize("text", ["x" * 100_000, b"\xff" * 100_000, full() * 40])
def test_long_input_is_refused(text: str | bytes) -> None:
    with pytest.raises(EnvelopeError) as caught:
        read(text, strict=False)
    assert caught.value.code is BcbpCode.TOO_LONG


@pytest.mark.parametrize(
    ("raw", "reference", "expected"),
    [
        ("6366", date(2017, 1, 1), date(2016, 12, 31)),
        ("6225", date(2016, 8, 14), date(2016, 8, 12)),
        ("6225", date(2006, 8, 14), date(2006, 8, 13)),
        ("6225", date(2016, 8, 9), date(2006, 8, 13)),  # three days ahead: ten years before
        ("6225", date(2016, 8, 10), date(2016, 8, 12)),  # two days ahead are allowed
        ("0366", date(2031, 1, 1), date(2020, 12, 31)),  # 2030 has no day 366
        ("1366", date(2021, 12, 1), None),  # no leap year ends in 1
        ("1000", date(2021, 12, 1), None),
        ("1400", date(2021, 12, 1), None),
        ("2001", date(2021, 12, 31), date(2022, 1, 1)),
        ("", date(2021, 12, 1), None),
        ("12 3", date(2021, 12, 1), None),
        ("١٢٣٤", date(2021, 12, 1), None),
    ],
)
def test_issue_dates(raw: str, reference: date, expected: date | None) -> None:
    assert issue_date(raw, reference) == expected


@pytest.mark.parametrize(
    ("day", "reference", "expected"),
    [
        ("365", date(2022, 1, 1), date(2021, 12, 31)),
        ("001", date(2021, 12, 31), date(2022, 1, 1)),
        ("060", date(2024, 2, 20), date(2024, 2, 29)),
        ("060", date(2023, 2, 20), date(2023, 3, 1)),
        ("366", date(2021, 6, 1), date(2020, 12, 31)),
        ("366", date(2023, 6, 1), date(2024, 12, 31)),
        ("000", date(2021, 12, 1), None),
        ("367", date(2020, 12, 1), None),
        ("", date(2021, 12, 1), None),
        ("³", date(2021, 12, 1), None),
        ("001", date.max, date(9999, 1, 1)),
        ("001", date.min, date.min),
    ],
)
def test_flight_dates_without_issue_date(day: str, reference: date, expected: date | None) -> None:
    assert nearest(day, reference) == expected


def test_flight_dates_with_issue_date_and_leg_before() -> None:
    def dates(issued: str, *days: str, at: date = TODAY) -> list[date | None]:
        first, *rest = days
        legs = [leg(day=first, block=unique(issued)), *(leg(day=day) for day in rest)]
        return [entry.flight_date for entry in read(boarding_pass(*legs), at=at).legs]

    assert dates("1335", "335") == [date(2021, 12, 1)]
    assert dates("1335", "334") == [date(2021, 11, 30)]  # one day before issue: date line, clocks
    assert dates("1335", "333") == [date(2022, 11, 29)]
    assert dates("1335", "365", "001") == [date(2021, 12, 31), date(2022, 1, 1)]
    assert dates("1335", "340", "340", "341") == [date(2021, 12, 6), date(2021, 12, 6), date(2021, 12, 7)]
    assert dates("1335", "366") == [date(2024, 12, 31)]
    assert dates("0060", "061", at=date(2021, 3, 1)) == [date(2020, 3, 1)]


def test_a_leg_over_the_date_line_is_said() -> None:
    found = read(boarding_pass(leg(day="340", block=unique()), leg(day="339")))
    assert "bcbp.date-line" in codes(found)
    assert "bcbp.date-line" not in codes(read(boarding_pass(leg(day="340"), leg(day="341"))))


@given(st.integers(-5, 10_005), st.integers(-5, 400))
def test_day_of_year_is_the_calendar(year: int, day: int) -> None:
    found = day_of_year(year, day)
    assert found is None or (found.year, found.timetuple().tm_yday) == (year, day)
    if 1 <= year < 9999 and 1 <= day <= 365:
        assert found is not None


@given(st.dates(), st.integers(1, 366))
def test_first_day_is_not_before_its_start(start: date, day: int) -> None:
    found = first_from(f"{day:03d}", start)
    assert found is None or (found >= start and found.timetuple().tm_yday == day)


@pytest.mark.parametrize(
    ("field", "surname", "given_names", "title", "glued"),
    [
        ("DRAGON/KONQI DR     ", "DRAGON", "KONQI", "DR", None),
        ("SPECIMEN/TOM MSTR   ", "SPECIMEN", "TOM", "MSTR", None),
        ("SPECIMEN/ANN PROF DR", "SPECIMEN", "ANN", "PROF DR", None),
        ("DOE/JOHNMR          ", "DOE", "JOHNMR", None, "MR"),
        ("DOE/ERIKAMRS        ", "DOE", "ERIKAMRS", None, "MRS"),
        ("ALMERS/OMAR         ", "ALMERS", "OMAR", None, None),
        ("DOE/AMR             ", "DOE", "AMR", None, None),
        ("DOE/MR              ", "DOE", "MR", None, None),
        ("SUDARPA             ", "SUDARPA", "", None, None),
        ("SUDARPA MR          ", "SUDARPA", "", "MR", None),
        ("VAN DAM/JAN PIET MR ", "VAN DAM", "JAN PIET", "MR", None),
        ("/ALEX               ", "", "ALEX", None, None),
        ("A/B/C               ", "A", "B/C", None, None),
        ("                    ", "", "", None, None),
    ],
)
def test_names(field: str, surname: str, given_names: str, title: str | None, glued: str | None) -> None:
    assert tuple(split_name(field)) == (surname, given_names, title, glued)


def test_a_full_name_field_may_have_been_cut() -> None:
    found = read(boarding_pass(name="NILAVADHANANANDA/CHA"))
    assert found.name_may_be_truncated
    assert "bcbp.name-maybe-cut" in codes(found)
    assert not read(BASE).name_may_be_truncated


@pytest.mark.parametrize(
    ("text", "code", "outcome"),
    [
        (boarding_pass(leg(block=unique(kind="I"))), BcbpCode.ITINERARY_RECEIPT, Outcome.OPEN),
        (boarding_pass(leg(block=unique(described="5"))), BcbpCode.NO_PASSENGER, Outcome.OPEN),
        (boarding_pass(leg(block=unique(described="6"))), BcbpCode.WITH_INFANT, Outcome.NOTE),
        (boarding_pass(leg(block=unique(described="7"))), BcbpCode.UNACCOMPANIED_MINOR, Outcome.NOTE),
        (boarding_pass(leg(seat="INF", sequence="")), BcbpCode.INFANT, Outcome.NOTE),
        (boarding_pass(leg(block=unique("1400"))), BcbpCode.NO_ISSUE_DATE, Outcome.NOTE),
        (boarding_pass(leg(day="000")), BcbpCode.NO_FLIGHT_DATE, Outcome.OPEN),
        (boarding_pass(leg(origin="Z9")), BcbpCode.AIRPORT, Outcome.OPEN),
        (boarding_pass(leg(carrier="SWR")), BcbpCode.UNUSUAL, Outcome.NOTE),
        (boarding_pass(leg(flight="14")), BcbpCode.UNUSUAL, Outcome.NOTE),
        (boarding_pass(leg(status="Q")), BcbpCode.UNUSUAL, Outcome.NOTE),
        (boarding_pass(eticket=" "), BcbpCode.UNUSUAL, Outcome.NOTE),
        (boarding_pass(name=""), BcbpCode.NAME_EMPTY, Outcome.OPEN),
        (boarding_pass(name="SUDARPA"), BcbpCode.NAME_WITHOUT_SLASH, Outcome.NOTE),
        (boarding_pass(security="^100"), BcbpCode.SECURITY_NOT_CHECKED, Outcome.NOTE),
    ],
)
def test_remarks(text: str, code: BcbpCode, outcome: Outcome) -> None:
    found = read(text)
    assert (code, outcome) in {(finding.code, finding.outcome) for finding in found.remarks}


def test_a_clean_pass_has_nothing_to_say() -> None:
    assert read(BASE).findings == ()


def test_the_key_holds_no_personal_data() -> None:
    assert read(BASE).key == "2021-12-06-LX-0014-0042-ZRH"
    assert read(boarding_pass(leg(day="000"))).key == "000-LX-0014-0042-ZRH"


@pytest.mark.parametrize(
    ("scan", "expected"),
    [(full(), True), ("]z0" + full(), True), (full().swapcase(), True), ("HC1:" + full(), False), ("M1", False)],
)
def test_recognise(scan: str, expected: bool) -> None:
    assert recognise(scan.encode()) is expected


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=300), st.binary(max_size=300)), st.dates())
def test_any_input_gives_a_pass_or_a_coded_error(data: str | bytes, reference: date) -> None:
    for text in (data, full()[:60].encode() + data if isinstance(data, bytes) else full()[:60] + data):
        try:
            parse_boarding_pass(text, reference=reference).as_json()
        except EnvelopeError as error:
            assert isinstance(error.code, BcbpCode)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(full()) - 1), st.characters(), st.booleans(), st.dates())
def test_one_changed_character_never_breaks_the_reading(at: int, sign: str, cut: bool, reference: date) -> None:
    text = full()[:at] + sign + ("" if cut else full()[at + 1 :])
    try:
        found = parse_boarding_pass(text, reference=reference)
    except EnvelopeError:
        return
    assert found.as_json()["format_code"] == "M"
    if not (text.isascii() and text.isprintable()):
        assert found.tolerated
