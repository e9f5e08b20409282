"""What CertLogic computes with: JSON values, integers in the strict sense, and date-times.

JSON values are Python's (None, bool, int, float, str, list, dict). A date-time is a `DateTime`; it exists only inside
an evaluation. The checks are by exact type, because in Python a bool is an int and `True == 1`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from verifier.quick import remembered
from verifier.rules.certlogic.codes import CertLogicCode, CertLogicError

MAX_INTEGER = 2**53 - 1  # beyond it the implementations in use no longer agree
MAX_TIME = 8_640_000_000_000_000  # milliseconds either side of 1970 that the implementations in use can hold
MAX_TIME_TEXT = 64
MAX_DEPTH = 100
MAX_NODES = 100_000
MAX_TEXT = 65_536

DAY = 86_400_000
HOUR = 3_600_000
EPOCH = date(1970, 1, 1).toordinal()
CYCLE_YEARS, CYCLE_DAYS = 400, 146_097  # the Gregorian calendar repeats

UVCI_PREFIX = "URN:UVCI:"
UVCI_SEPARATORS = re.compile("[/#:]")
PARTIAL = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", re.ASCII)
TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d?)(?::?(\d\d))?)?)?",
    re.ASCII,
)


class DateTime(int):
    """A moment as milliseconds since 1970-01-01T00:00:00Z. Neither truthy nor falsy, and not a number, to CertLogic."""

    __slots__ = ()

    def __str__(self) -> str:
        """`YYYY-MM-DDThh:mm:ss.sssZ`; years outside 0 to 9999 with a sign and six digits (ISO 8601-2)."""
        days, rest = divmod(int(self), DAY)
        year, month, day = civil(days)
        seconds, millis = divmod(rest, 1000)
        shown = f"{year:04d}" if 0 <= year <= 9999 else f"{year:+07d}"
        clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{millis:03d}"
        return f"{shown}-{month:02d}-{day:02d}T{clock}Z"

    __repr__ = __str__


def _like(year: int) -> int:
    """A year with the same calendar that Python's `date` can hold."""
    return 2000 + year % CYCLE_YEARS


def days_of(year: int, month: int, day: int) -> int:
    """Days since 1970 of a civil date in any year; `day` may lie outside its month, the overflow is carried."""
    cycles, year = divmod(year - 1, CYCLE_YEARS)
    return date(year + 1, month, 1).toordinal() - EPOCH + cycles * CYCLE_DAYS + day - 1


def civil(days: int) -> tuple[int, int, int]:
    """Year, month and day of a count of days since 1970."""
    cycles, ordinal = divmod(days + EPOCH - 1, CYCLE_DAYS)
    found = date.fromordinal(ordinal + 1)
    return found.year + cycles * CYCLE_YEARS, found.month, found.day


def moment(millis: int) -> DateTime:
    """A DateTime within the range that every implementation can hold.

    Raises:
        CertLogicError: OUT_OF_RANGE.
    """
    if -MAX_TIME <= millis <= MAX_TIME:
        return DateTime(millis)
    raise CertLogicError(CertLogicCode.OUT_OF_RANGE)


def _bad_date(text: str) -> CertLogicError:
    return CertLogicError(CertLogicCode.BAD_DATE, facts={"length": len(text)})


def last_day(text: str, year: str, month: str | None) -> DateTime:
    """Midnight UTC of the last day that a year, or a year and month, is consistent with."""
    if month is None:
        return DateTime(days_of(int(year), 12, 31) * DAY)
    if not "01" <= month <= "12":
        raise _bad_date(text)
    length = monthrange(_like(int(year)), int(month))[1]
    return DateTime(days_of(int(year), int(month), length) * DAY)


@remembered(4096)
def parse_time(text: str) -> DateTime:
    """A date-time from text in one of the forms of the specification, `YYYY` and `YYYY-MM` included.

    A missing zone is UTC, a missing time midnight; fractions are cut to milliseconds. A day that does not exist is an
    error, where the specification leaves it undefined.

    Raises:
        CertLogicError: BAD_DATE.

    Source: CertLogic 1.3.3, "Dates and date-times" and "plusTime".
    """
    found = TIME.fullmatch(text) if len(text) <= MAX_TIME_TEXT else None
    if found is None:
        partial = PARTIAL.fullmatch(text)
        if partial is None or partial[3]:
            raise _bad_date(text)
        return last_day(text, partial[1], partial[2])
    year, month, day, hour, minute, second, fraction, sign, off_hour, off_minute = found.groups()
    try:
        date(_like(int(year)), int(month), int(day))
    except ValueError:
        raise _bad_date(text) from None
    millis = days_of(int(year), int(month), int(day)) * DAY
    if hour is None:
        return DateTime(millis)
    if hour > "23" or minute > "59" or second > "59":
        raise _bad_date(text)
    millis += int(hour) * HOUR + int(minute) * 60_000 + int(second) * 1000
    if fraction:
        millis += int(fraction[:3].ljust(3, "0"))
    if sign:
        hours, minutes = int(off_hour), int(off_minute or 0)
        if hours > 23 or minutes > 59:
            raise _bad_date(text)
        offset = hours * HOUR + minutes * 60_000
        millis += offset if sign == "-" else -offset
    return DateTime(millis)


@remembered(1024)
def parse_birth_date(text: str) -> DateTime:
    """Midnight UTC of the last day consistent with `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.

    Raises:
        CertLogicError: BAD_DATE for anything else, the empty text included.

    Source: CertLogic 1.3.3, "dccDateOfBirth".
    """
    if PARTIAL.fullmatch(text) is None:
        raise _bad_date(text)
    return parse_time(text)


def add_months(base: DateTime, months: int) -> DateTime:
    """Calendar arithmetic in UTC; a day beyond the month's end carries over (31 January + 1 month is 3 March).

    Raises:
        CertLogicError: OUT_OF_RANGE.
    """
    days, rest = divmod(int(base), DAY)
    year, month, day = civil(days)
    years, index = divmod(month - 1 + months, 12)
    return moment(days_of(year + years, index + 1, day) * DAY + rest)


def truth(value: Any, operation: str) -> bool:
    """Whether a value is truthy.

    Raises:
        CertLogicError: NOT_A_CONDITION where it is neither truthy nor falsy: a date-time, a number with a fraction.
    """
    kind = type(value)
    if kind is bool:
        return bool(value)
    if kind is float:
        if value.is_integer():
            return bool(value)
    elif value is None or kind is str or kind is int or kind is list or kind is dict:
        return bool(value)
    raise CertLogicError(CertLogicCode.NOT_A_CONDITION, facts={"operation": operation})


SCALARS = frozenset({str, int, float, bool, type(None)})


def same(left: Any, right: Any) -> bool:
    """Equality without conversion.

    Raises:
        CertLogicError: NOT_COMPARABLE for two arrays, objects or date-times, on which implementations disagree.
    """
    a, b = type(left), type(right)
    if a is b and a in SCALARS:
        return bool(left == right)
    if a in SCALARS or b in SCALARS:
        return (a is int or a is float) and (b is int or b is float) and left == right
    raise CertLogicError(CertLogicCode.NOT_COMPARABLE, facts={"operation": "==="})


def whole(value: Any) -> bool:
    """Whether a value is an integer to CertLogic: 3 and 3.0 are, True is not."""
    kind = type(value)
    return kind is int or (kind is float and value.is_integer())


def uvci_fragment(text: str, index: int) -> str | None:
    """Fragment of a certificate identifier, or None where it has none of that index.

    Source: CertLogic 1.3.3, "extractFromUVCI".
    """
    fragments = UVCI_SEPARATORS.split(text.removeprefix(UVCI_PREFIX))
    return fragments[index] if 0 <= index < len(fragments) else None


def time_text(value: datetime) -> str:
    """A datetime as `YYYY-MM-DDThh:mm:ss.sssZ`; without a zone it is taken as UTC.

    Raises:
        CertLogicError: BAD_DATA where its zone carries it out of the years 1 to 9999.
    """
    try:
        utc = (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        raise CertLogicError(CertLogicCode.BAD_DATA, facts={"kind": "datetime"}) from None
    return utc.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


class _Copy:
    """Copies a value into plain JSON, counting as it goes."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MAX_NODES

    def take(self, value: Any, depth: int = 0) -> Any:
        self.left -= 1
        if self.left < 0 or depth > MAX_DEPTH:
            raise CertLogicError(CertLogicCode.BAD_DATA, facts={"limit": MAX_NODES, "depth": MAX_DEPTH})
        kind = type(value)
        if kind is str:
            if len(value) > MAX_TEXT:
                raise CertLogicError(CertLogicCode.BAD_DATA, facts={"length": len(value), "limit": MAX_TEXT})
            return value
        if value is None or kind is bool or kind is int or kind is float:
            return value
        if kind is DateTime:
            return str(value)
        if isinstance(value, Mapping):
            return {self.key(name): self.take(item, depth + 1) for name, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.take(item, depth + 1) for item in value]
        return self.other(value)

    @staticmethod
    def key(name: Any) -> str:
        if isinstance(name, str):
            return name
        raise CertLogicError(CertLogicCode.BAD_DATA, facts={"kind": type(name).__name__})

    @staticmethod
    def other(value: Any) -> Any:
        if isinstance(value, str):  # an enumeration of text
            return str.__str__(value)
        if isinstance(value, datetime):
            return time_text(value)
        if isinstance(value, date):
            return value.isoformat()
        raise CertLogicError(CertLogicCode.BAD_DATA, facts={"kind": type(value).__name__})


def plain(value: Any) -> Any:
    """A bounded copy as plain JSON; datetimes (CBOR tag 0 and 1), dates and date-times become text.

    Raises:
        CertLogicError: BAD_DATA for other types, and beyond MAX_NODES, MAX_DEPTH or MAX_TEXT.
    """
    return _Copy().take(value)
