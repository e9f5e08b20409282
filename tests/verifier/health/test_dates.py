"""Every form of date seen on certificates, with exactly the findings it deserves."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verifier.findings import Outcome
from verifier.health.dates import parse_date, parse_datetime
from verifier.model import UNKNOWN_DATE, PartialDate

PLUS2 = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("value", "expected", "codes"),
    [
        ("1990-05-17", "1990-05-17", []),
        ("2020-02-29", "2020-02-29", []),
        ("1990-05", "1990-05", ["partial"]),
        ("1990", "1990", ["partial"]),
        ("", "", ["empty"]),
        ("  ", "", ["empty"]),
        (None, "", ["empty"]),
        ("1963-00", "1963", ["zero-part"]),
        ("1963-00-12", "1963", ["zero-part"]),
        ("1963-00-00", "1963", ["zero-part"]),
        ("1963-07-00", "1963-07", ["zero-part"]),
        ("1963-00-40", "", ["impossible"]),
        ("1978-01-26T00:00:00", "1978-01-26", ["with-time"]),
        ("2021-03-18T23:54:00-10:00", "2021-03-18", ["with-time"]),
        ("2022-01-08T00:00:00.000Z", "2022-01-08", ["with-time"]),
        (" 1990-05-17 ", "1990-05-17", ["form"]),
        ("1990-5-7", "1990-05-07", ["form"]),
        ("2022-17-01", "", ["impossible"]),
        ("2021-02-29", "", ["impossible"]),
        ("2021-13", "", ["impossible"]),
        ("0000", "", ["impossible"]),
        ("2021-W01-1", "", ["unreadable"]),
        ("20210101", "", ["unreadable"]),
        ("17.05.1990", "", ["unreadable"]),
        ("١٩٩٠-٠٥-١٧", "", ["unreadable"]),
        ("1990-05-17\n", "1990-05-17", ["form"]),
        ("1" * 100_000, "", ["unreadable"]),
        (19900517, "", ["unreadable"]),
        (True, "", ["unreadable"]),
        ({}, "", ["unreadable"]),
        (date(1990, 5, 17), "1990-05-17", ["tagged"]),
        (datetime(1990, 5, 17, 23, tzinfo=PLUS2), "1990-05-17", ["tagged", "with-time"]),
    ],
)
def test_date(value: object, expected: str, codes: list[str]) -> None:
    found, findings = parse_date(value, field="dob")
    assert str(found) == expected
    assert [f.code.value for f in findings] == [f"health.date-{code}" for code in codes]
    assert all(f.facts == {"field": "dob"} for f in findings)


def test_unknown_dates_are_open_questions_and_tolerances_are_notes() -> None:
    assert {f.outcome for f in parse_date("2022-17-01", field="dt")[1]} == {Outcome.OPEN}
    assert {f.outcome for f in parse_date("garbage", field="dt")[1]} == {Outcome.OPEN}
    assert {f.outcome for f in parse_date("2022-01-01T00:00:00", field="dt")[1]} == {Outcome.NOTE}


NOON = datetime(2021, 5, 20, 12, 34, 56, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "moment", "codes"),
    [
        ("2021-05-20T12:34:56Z", NOON, []),
        ("2021-05-20T14:34:56+02:00", NOON, []),
        ("2021-05-20T12:34:56-00:00", NOON, []),
        ("2021-05-20t12:34:56z", NOON, []),
        ("2021-05-20T12:34:56.000Z", NOON, []),
        ("2021-05-20T12:34:56.250+00:00", NOON + timedelta(milliseconds=250), []),
        ("2021-05-20T12:34:56.123456789Z", NOON + timedelta(microseconds=123456), []),
        ("2021-05-20T14:34:56+2", NOON, ["time-offset-form"]),
        ("2021-05-20T14:34:56+02", NOON, ["time-offset-form"]),
        ("2021-05-20T14:34:56+0200", NOON, ["time-offset-form"]),
        ("2021-05-20T18:04:56+0530", NOON, ["time-offset-form"]),
        ("2021-05-20T12:34:56", NOON, ["time-zone-missing"]),
        ("2021-05-20 12:34:56Z", NOON, ["date-form"]),
        ("2021-05-20T12:34:56 Z", NOON, ["date-form"]),
        ("2021-05-20T12:34Z", NOON.replace(second=0), ["date-form"]),
        ("2021-05-19T24:00:00Z", datetime(2021, 5, 20, tzinfo=UTC), ["date-form"]),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC), ["date-form"]),
        (datetime(2021, 5, 20, 14, 34, 56, tzinfo=PLUS2), NOON, ["date-tagged"]),
        (datetime(2021, 5, 20, 12, 34, 56), NOON, ["date-tagged", "time-zone-missing"]),  # noqa: DTZ001
        ("2021-05-20", None, ["time-missing"]),
        ("2021-05", None, ["time-missing"]),
        (date(2021, 5, 20), None, ["date-tagged", "time-missing"]),
        ("", None, ["date-empty"]),
        ("2021-05-20T25:00:00Z", None, ["date-impossible"]),
        ("2021-05-20T12:60:00Z", None, ["date-impossible"]),
        ("2021-05-20T12:34:61Z", None, ["date-impossible"]),
        ("2021-05-20T12:34:56+24:00", None, ["date-impossible"]),
        ("2021-05-20T12:34:56+01:75", None, ["date-impossible"]),
        ("2021-17-20T12:34:56Z", None, ["date-impossible"]),
        ("0001-01-01T00:00:00+01:00", None, ["date-impossible"]),
        ("9999-12-31T23:59:59-01:00", None, ["date-impossible"]),
        (datetime(1, 1, 1, tzinfo=PLUS2), None, ["date-impossible"]),
        ("yesterday", None, ["date-unreadable"]),
        (1621514096, None, ["date-unreadable"]),
    ],
)
def test_datetime(value: object, moment: datetime | None, codes: list[str]) -> None:
    found, day, findings = parse_datetime(value, field="sc")
    assert found == moment
    assert found is None or (found.tzinfo is not None and found.astimezone(UTC))
    assert [f.code.value for f in findings] == [f"health.{code}" for code in codes]
    if any(f.outcome is Outcome.OPEN for f in findings):
        assert day == UNKNOWN_DATE


def test_the_day_is_the_one_written_in_its_own_zone() -> None:
    moment, day, _ = parse_datetime("2021-03-01T23:30:00-08:00", field="sc")
    assert day == PartialDate(2021, 3, 1)
    assert moment is not None
    assert moment.astimezone(UTC).day == 2


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.text(alphabet="0123456789-:TZ+. W", max_size=40),
        st.text(max_size=60),
        st.floats(),
        st.integers(),
        st.binary(),
    )
)
def test_anything_gives_a_date_or_a_finding(value: object) -> None:
    day, findings = parse_date(value, field="x")
    assert findings or day.precision == "day"
    moment, day, findings = parse_datetime(value, field="x")
    assert findings or (moment is not None and moment.tzinfo is not None)


@settings(max_examples=60, deadline=None)
@given(st.dates())
def test_every_calendar_date_comes_back(value: date) -> None:
    assert parse_date(value.isoformat(), field="x") == (PartialDate.of(value), ())


@settings(max_examples=60, deadline=None)
@given(st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 12, 31)))  # noqa: DTZ001
def test_every_moment_comes_back(value: datetime) -> None:
    aware = value.replace(tzinfo=UTC)
    assert parse_datetime(aware.isoformat(), field="x") == (aware, PartialDate.of(value), ())
