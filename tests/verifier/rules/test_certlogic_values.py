"""Date-times, integers, truth and identifiers as CertLogic 1.3.3 has them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.rules.certlogic.codes import CertLogicCode, CertLogicError
from verifier.rules.certlogic.values import (
    DAY,
    MAX_DEPTH,
    MAX_NODES,
    MAX_TEXT,
    DateTime,
    add_months,
    civil,
    days_of,
    parse_birth_date,
    parse_time,
    plain,
    same,
    time_text,
    truth,
    uvci_fragment,
    whole,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-06-01", "2021-06-01T00:00:00.000Z"),
        ("2021-06-01T10:20:30", "2021-06-01T10:20:30.000Z"),
        ("2021-06-01T10:20:30Z", "2021-06-01T10:20:30.000Z"),
        ("2021-06-01T10:20:30+2", "2021-06-01T08:20:30.000Z"),
        ("2021-06-01T10:20:30-02", "2021-06-01T12:20:30.000Z"),
        ("2021-06-01T10:20:30+530", "2021-06-01T04:50:30.000Z"),
        ("2021-06-01T10:20:30+0530", "2021-06-01T04:50:30.000Z"),
        ("2021-06-01T10:20:30+5:30", "2021-06-01T04:50:30.000Z"),
        ("2021-06-01T10:20:30-05:30", "2021-06-01T15:50:30.000Z"),
        ("2021-06-01T10:20:30.1", "2021-06-01T10:20:30.100Z"),
        ("2021-06-01T10:20:30.1239999Z", "2021-06-01T10:20:30.123Z"),
        ("2021-06-01T00:30:00.5+1", "2021-05-31T23:30:00.500Z"),
        ("2020-02-29", "2020-02-29T00:00:00.000Z"),
        ("9999-12-31", "9999-12-31T00:00:00.000Z"),
        ("2004", "2004-12-31T00:00:00.000Z"),
        ("2004-02", "2004-02-29T00:00:00.000Z"),
        ("2003-02", "2003-02-28T00:00:00.000Z"),
    ],
)
def test_time_forms(text: str, expected: str) -> None:
    assert str(parse_time(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "2021-09-99",
        "2021-13-01",
        "2021-00-01",
        "2021-00",
        "2021-13",
        "2021-02-29",
        "2021-6-1",
        "21-06-01",
        "2021-06-01Z",
        "2021-06-01 10:20:30Z",
        "2021-06-01T10:20Z",
        "2021-06-01T24:00:00Z",
        "2021-06-01T10:60:00Z",
        "2021-06-01T10:20:60Z",
        "2021-06-01T10:20:30.Z",
        "2021-06-01T10:20:30z",
        "2021-06-01T10:20:30+5:",
        "2021-06-01T10:20:30+24:00",
        "2021-06-01T10:20:30+01:60",
        "2021-06-01\n",
        "２０２１-06-01",
        "2021-06-01T10:20:30." + "1" * 60,
        "2021" * 100_000,
    ],
)
def test_times_that_are_none(text: str) -> None:
    with pytest.raises(CertLogicError) as caught:
        parse_time(text)
    assert caught.value.code is CertLogicCode.BAD_DATE
    assert not any(text and text == value for value in caught.value.facts.values())


@given(st.text(max_size=40))
def test_any_text_is_a_time_or_a_coded_error(text: str) -> None:
    try:
        result: object = parse_time(text)
    except CertLogicError as error:
        result = error.code
    assert isinstance(result, DateTime) or result is CertLogicCode.BAD_DATE


@given(st.datetimes(timezones=st.just(UTC)))
def test_times_agree_with_python(value: datetime) -> None:
    text = value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert str(parse_time(text)) == text
    assert parse_time(text) == (value - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


@given(st.dates())
def test_civil_days_agree_with_python(day: date) -> None:
    days = days_of(day.year, day.month, day.day)
    assert date(1970, 1, 1) + timedelta(days) == day
    assert civil(days) == (day.year, day.month, day.day)


@pytest.mark.parametrize(
    ("text", "months", "expected"),
    [
        ("2021-01-31", 1, "2021-03-03T00:00:00.000Z"),
        ("2020-02-29", 12, "2021-03-01T00:00:00.000Z"),
        ("2020-02-29", -12, "2019-03-01T00:00:00.000Z"),
        ("2020-02-29", 48, "2024-02-29T00:00:00.000Z"),
        ("2021-05-31T12:00:00Z", -3, "2021-03-03T12:00:00.000Z"),
        ("2021-12-15", 1, "2022-01-15T00:00:00.000Z"),
        ("2021-01-15", -1, "2020-12-15T00:00:00.000Z"),
        ("9999-12-31", 12, "+010000-12-31T00:00:00.000Z"),
    ],
)
def test_months_carry_over(text: str, months: int, expected: str) -> None:
    assert str(add_months(parse_time(text), months)) == expected


def test_months_out_of_range() -> None:
    with pytest.raises(CertLogicError) as caught:
        add_months(DateTime(0), 12 * 10**9)
    assert caught.value.code is CertLogicCode.OUT_OF_RANGE


@pytest.mark.parametrize("text", ["2021-01-01T00:00:00Z", "", "202", "2021-1-1", "2021-02-30", "1990-00"])
def test_birth_dates_that_are_none(text: str) -> None:
    with pytest.raises(CertLogicError) as caught:
        parse_birth_date(text)
    assert caught.value.code is CertLogicCode.BAD_DATE


def test_birth_dates_round_up() -> None:
    assert str(parse_birth_date("1990")) == "1990-12-31T00:00:00.000Z"
    assert str(parse_birth_date("1990-04")) == "1990-04-30T00:00:00.000Z"
    assert str(parse_birth_date("1990-04-01")) == "1990-04-01T00:00:00.000Z"


@pytest.mark.parametrize("value", [True, "x", 1, -1, 3.0, [None], {"a": None}])
def test_truthy(value: Any) -> None:
    assert truth(value, "if") is True


@pytest.mark.parametrize("value", [False, None, "", 0, 0.0, [], {}])
def test_falsy(value: Any) -> None:
    assert truth(value, "if") is False


@pytest.mark.parametrize("value", [DateTime(0), DateTime(5), 0.5, float("nan"), float("inf")])
def test_neither(value: Any) -> None:
    with pytest.raises(CertLogicError) as caught:
        truth(value, "if")
    assert caught.value.code is CertLogicCode.NOT_A_CONDITION


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (1, True, False),
        (0, False, False),
        (1, 1.0, True),
        (None, None, True),
        (None, False, False),
        ("1", 1, False),
        ("a", "a", True),
        (True, True, True),
        (DateTime(5), 5, False),
        ([], "", False),
        ({}, None, False),
    ],
)
def test_equality_without_conversion(left: Any, right: Any, expected: bool) -> None:
    assert same(left, right) is expected
    assert same(right, left) is expected


@pytest.mark.parametrize(("left", "right"), [([], []), ({}, {}), ([], {}), (DateTime(0), DateTime(0))])
def test_equality_that_is_undefined(left: Any, right: Any) -> None:
    with pytest.raises(CertLogicError) as caught:
        same(left, right)
    assert caught.value.code is CertLogicCode.NOT_COMPARABLE


def test_integers_in_the_strict_sense() -> None:
    assert [whole(value) for value in (3, 3.0, True, 3.5, "3", None, DateTime(3))] == [True, True, *[False] * 5]


@pytest.mark.parametrize(
    ("text", "index", "expected"),
    [
        ("URN:UVCI:01:FI:XYZ/12#K", 1, "FI"),
        ("01:FI:XYZ/12#K", 4, "K"),
        ("01:FI:XYZ/12#K", 5, None),
        ("01:FI:XYZ/12#K", -1, None),
        ("urn:uvci:01", 0, "urn"),
        ("x//y", 1, ""),
        ("", 0, ""),
        ("URN:UVCI:", 0, ""),
    ],
)
def test_identifier_fragments(text: str, index: int, expected: str | None) -> None:
    assert uvci_fragment(text, index) == expected


def test_plain_turns_moments_into_text() -> None:
    local = datetime(2021, 6, 1, 1, 2, 3, 456_789, tzinfo=timezone(timedelta(hours=2)))
    payload = {"t": ({"sc": local, "d": date(2021, 6, 1)},)}
    assert plain(payload) == {"t": [{"sc": "2021-05-31T23:02:03.456Z", "d": "2021-06-01"}]}
    assert time_text(datetime(2021, 6, 1)) == "2021-06-01T00:00:00.000Z"  # noqa: DTZ001 - a zone left out is UTC


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        b"bytes",
        {1: "a"},
        {"a": {2}},
        object(),
        nested(MAX_DEPTH + 2),
        nested(10_000),
        [0] * (MAX_NODES + 1),
        "x" * (MAX_TEXT + 1),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=2))),
    ],
    ids=lambda value: type(value).__name__,
)
def test_data_that_rules_cannot_use(value: Any) -> None:
    with pytest.raises(CertLogicError) as caught:
        plain(value)
    assert caught.value.code is CertLogicCode.BAD_DATA


def test_a_day_is_a_day() -> None:
    assert parse_time("2021-03-29") - parse_time("2021-03-28") == DAY
