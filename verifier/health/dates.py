"""Dates and date-times as certificates really carry them, read tolerantly and with a finding for each tolerance.

Issuers write whole dates, bare years, months of 00, times where dates belong, offsets of every length and CBOR-tagged
values. What cannot be understood becomes an unknown date with an OPEN finding, never an exception and never a guess.

Sources: EU DCC schema 1.0.0 to 1.3.3 (dob, dt, fr, df, du, sc); RFC 3339 section 5.6; ISO 8601-1:2019 sections 5.3 and
5.4; RFC 8949 section 3.4.1 (tag 0) and RFC 8943 (tags 100 and 1004).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

from verifier.findings import Code, Finding, Outcome
from verifier.model import UNKNOWN_DATE, PartialDate


class HealthCode(Code):
    """Findings about the values inside a health record. Facts: `field`, the name the format gives the value."""

    DATE_EMPTY = "health.date-empty"
    DATE_PARTIAL = "health.date-partial"
    DATE_ZERO_PART = "health.date-zero-part"
    DATE_WITH_TIME = "health.date-with-time"
    DATE_TAGGED = "health.date-tagged"
    DATE_FORM = "health.date-form"
    DATE_IMPOSSIBLE = "health.date-impossible"
    DATE_UNREADABLE = "health.date-unreadable"
    TIME_MISSING = "health.time-missing"
    TIME_ZONE_MISSING = "health.time-zone-missing"
    TIME_OFFSET_FORM = "health.time-offset-form"


_LONGEST = 48  # characters; the longest form understood has 35 (nanoseconds and an offset)

_FORM = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{1,2})(?:-(?P<day>[0-9]{1,2})(?P<time>(?P<mark>[Tt ])"
    r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,12}))?)?"
    r"(?P<gap> ?)(?P<zone>[Zz]|[+-][0-9]{1,2}(?::?[0-9]{2})?)?)?)?)?"
)
_ZONE = re.compile(r"(?P<sign>[+-])(?P<hours>[0-9]{1,2}):?(?P<minutes>[0-9]{2})?")

_Notes = tuple[HealthCode, ...]


def parse_date(value: object, *, field: str) -> tuple[PartialDate, tuple[Finding, ...]]:
    """Read a calendar date known to the year, month or day.

    Args:
        value: text in any form named above, a `date` or `datetime` (CBOR tags), or None.
        field: name for the facts of findings, such as `dob` or `v.dt`; the value itself is never put there.

    Returns:
        The date, unknown where it is empty, impossible (`2021-02-30`) or unreadable; and one finding per tolerance. Of
        a date-time the day as written is taken, in the zone it is written in.
    """
    if type(value) is str and len(value) == 10 and (full := _full_date(value)) is not None:
        return full, ()
    _, day, notes = _read(value)
    if day.precision in ("year", "month") and HealthCode.DATE_ZERO_PART not in notes:
        notes = (*notes, HealthCode.DATE_PARTIAL)
    return day, _findings(notes, field)


def parse_datetime(value: object, *, field: str) -> tuple[datetime | None, PartialDate, tuple[Finding, ...]]:
    """Read a date-time, or what is there of it.

    Args:
        value: text, a `datetime` or `date` (CBOR tags), or None.
        field: name for the facts of findings.

    Returns:
        The moment in the zone it is written in (UTC where none is written, with a finding; always convertible to UTC),
        or None where there is no usable time of day; the calendar day as written; one finding per tolerance.
    """
    if type(value) is str and len(value) in (20, 25) and (full := _full_date(value[:10])) is not None:
        moment = _full_datetime(value)
        if moment is not None:
            return moment, full, ()
    moment, day, notes = _read(value)
    notes = tuple(note for note in notes if note is not HealthCode.DATE_WITH_TIME)
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
        notes = (*notes, HealthCode.TIME_ZONE_MISSING)
    elif moment is None and day.year is not None:
        notes = (*notes, HealthCode.TIME_MISSING)
    return moment, day, _findings(notes, field)


@lru_cache(maxsize=4096)
def _full_date(text: str) -> PartialDate | None:
    """`YYYY-MM-DD` and nothing else; None for other texts of ten characters.

    Certificates repeat few dates, so the answers are kept.
    """
    if text[4] != "-" or text[7] != "-":  # keeps out the week dates that fromisoformat takes
        return None
    try:
        return PartialDate.of(date.fromisoformat(text))
    except ValueError:
        return None


def _full_datetime(text: str) -> datetime | None:
    """The instant of `YYYY-MM-DDTHH:MM:SS` with `Z` or `+HH:MM`; None for other texts of 20 or 25 characters."""
    zulu = len(text) == 20 and text[19] == "Z"
    offset = len(text) == 25 and text[19] in "+-" and text[22] == ":" and text[23] < "6"
    if not (zulu or offset) or text[10] != "T" or text[13] != ":" or text[16] != ":":
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if 1 < moment.year < 9999 else None  # at the ends of the calendar the slow path checks for overflow


def _read(value: object) -> tuple[datetime | None, PartialDate, _Notes]:
    """The moment (perhaps without a zone), the day, and the tolerances used."""
    if isinstance(value, datetime):
        return _tagged(value)
    if isinstance(value, date):
        return None, PartialDate.of(value), (HealthCode.DATE_TAGGED,)
    if value is None:
        return None, UNKNOWN_DATE, (HealthCode.DATE_EMPTY,)
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None, UNKNOWN_DATE, (HealthCode.DATE_UNREADABLE,)
    text = value.strip()
    if not text:
        return None, UNKNOWN_DATE, (HealthCode.DATE_EMPTY,)
    found = _FORM.fullmatch(text)
    if found is None:
        return None, UNKNOWN_DATE, (HealthCode.DATE_UNREADABLE,)
    return _from_parts(found, trimmed=text != value)


def _tagged(value: datetime) -> tuple[datetime | None, PartialDate, _Notes]:
    if not _has_utc(value):
        return None, UNKNOWN_DATE, (HealthCode.DATE_IMPOSSIBLE,)
    return value, PartialDate(value.year, value.month, value.day), (HealthCode.DATE_TAGGED, HealthCode.DATE_WITH_TIME)


def _from_parts(found: re.Match[str], *, trimmed: bool) -> tuple[datetime | None, PartialDate, _Notes]:
    year, month, day = (None if found[name] is None else int(found[name]) for name in ("year", "month", "day"))
    notes: list[HealthCode] = []
    if (
        trimmed
        or found["mark"] == " "
        or found["gap"]
        or any(len(found[name] or "00") != 2 for name in ("month", "day"))
    ):
        notes.append(HealthCode.DATE_FORM)
    if month == 0 or day == 0:
        notes.append(HealthCode.DATE_ZERO_PART)
    known = PartialDate(year, month or None, (day or None) if month else None)
    try:
        known.earliest  # noqa: B018 - a date that the calendar does not hold raises here
        if day is not None and not month:
            date(2000, 1, day or 1)  # a day beside month 00 is dropped, but it must be one
        if found["time"] is None:
            return None, known, tuple(notes)
        notes.append(HealthCode.DATE_WITH_TIME)
        moment = _moment(found, known.exact, notes)
    except (ValueError, OverflowError):
        return None, UNKNOWN_DATE, (HealthCode.DATE_IMPOSSIBLE,)
    return moment, known, tuple(notes)


def _moment(found: re.Match[str], day: date | None, notes: list[HealthCode]) -> datetime | None:
    """The instant of a matched time. Raises ValueError or OverflowError where there is no such instant."""
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    end_of_day = hour == 24 and minute == second == 0
    if (hour > 23 and not end_of_day) or minute > 59 or second > 60:
        raise ValueError
    if end_of_day or second == 60 or found["second"] is None:
        notes.append(HealthCode.DATE_FORM)
    zone = _zone(found["zone"], notes)
    if day is None:
        return None
    micros = int((found["fraction"] or "0")[:6].ljust(6, "0"))
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    moment = midnight + timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micros)
    if not _has_utc(moment):
        raise OverflowError
    return moment


def _zone(text: str | None, notes: list[HealthCode]) -> timezone | None:
    if text is None:
        return None
    if text in ("Z", "z"):
        return UTC
    found = _ZONE.fullmatch(text)
    if found is None or int(found["minutes"] or 0) > 59:
        raise ValueError
    if len(text) != 6:  # +hh:mm is the only form of RFC 3339
        notes.append(HealthCode.TIME_OFFSET_FORM)
    offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
    return timezone(offset if found["sign"] == "+" else -offset)


def _has_utc(moment: datetime) -> bool:
    """False at the ends of the calendar, where a change of zone would leave it."""
    try:
        moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (OverflowError, ValueError):
        return False
    return True


_OPEN = frozenset({HealthCode.DATE_IMPOSSIBLE, HealthCode.DATE_UNREADABLE})


def _findings(notes: _Notes, field: str) -> tuple[Finding, ...]:
    return tuple(
        Finding(note, Outcome.OPEN if note in _OPEN else Outcome.NOTE, {"field": field})
        for note in dict.fromkeys(notes)
    )
