"""Facts of a question as they are written: dates, times, words. Bad ones become findings or coded errors."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from datetime import time as clock
from typing import Any, Final
from zoneinfo import ZoneInfo

from verifier.errors import InputError
from verifier.findings import Finding, Outcome
from verifier.rules.codes import RulesCode
from verifier.rules.places import zone

NEW_YORK: Final = "America/New_York"
NOON: Final = clock(12)
DAY: Final = 86_400
YEARS: Final = range(1900, 2200)
"""Years of journeys, doses and tests. What is stated outside is a slip, and sums with it would leave the calendar."""
_FIRST, _LAST = date(YEARS[0], 1, 1).toordinal(), date(YEARS[-1], 12, 31).toordinal()
_DAY = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")
_BLANKS = re.compile(r"[\s_\-/]+")


def word(value: Any) -> str | None:
    """A word of the rules: lower case, parts joined by `-`; None for anything that is not text."""
    if not isinstance(value, str):
        return None
    if value.isascii() and value.isalpha() and value.islower():  # one already
        return value[:100]
    if not value.strip():
        return None
    return _BLANKS.sub("-", value.strip().lower())[:100]


def code(value: Any) -> str | None:
    """An ISO code or visa class in capitals; None for anything that is not text."""
    return value.strip().upper()[:20] if value is not None and isinstance(value, str) and value.strip() else None


def instant(moment: datetime) -> int:
    """Seconds since 1970 UTC of an aware datetime."""
    return int(moment.timestamp())


def days_of(value: Any) -> tuple[int, int] | None:
    """First and last day that a text such as `2021-07-01`, `2021-07` or `2021-07-01T10:00` allows; None if it is no
    date.
    """
    if isinstance(value, date):
        return ((value.date() if isinstance(value, datetime) else value).toordinal(),) * 2 if _usual(value) else None
    match = _DAY.match(value) if isinstance(value, str) else None
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2]), int(match[3] or 0)
    if year not in YEARS:
        return None
    try:
        if day:
            return (date(year, month, day).toordinal(),) * 2
        return date(year, month, 1).toordinal(), date(year, month, calendar.monthrange(year, month)[1]).toordinal()
    except ValueError:
        return None


def moment_of(value: Any, local: ZoneInfo) -> datetime | None:
    """An aware time of a text or datetime; local where it names no offset; None if it is no time or only a day."""
    if isinstance(value, str) and "T" in value:
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime) or not _usual(value):
        return None
    return value if value.tzinfo is not None else value.replace(tzinfo=local)


def _usual(day: date) -> bool:
    return day.year in YEARS


def usual(days: tuple[int, int]) -> bool:
    """Whether both days lie in the years that are counted with."""
    return _FIRST <= days[0] <= _LAST and _FIRST <= days[1] <= _LAST


def day_span(days: tuple[int, int], local: ZoneInfo) -> tuple[int, int]:
    """The instants that lie in the local days."""
    first = datetime.combine(date.fromordinal(days[0]), clock(0), tzinfo=local)
    last = datetime.combine(date.fromordinal(days[1]), clock(23, 59, 59), tzinfo=local)
    return instant(first), instant(last)


def noon(day: int, zone_name: str | None) -> datetime:
    """Noon of a local day."""
    return datetime.combine(date.fromordinal(day), NOON, tzinfo=zone(zone_name))


def local_day(seconds: int, local: ZoneInfo) -> int:
    """The local day in which an instant lies."""
    return (datetime(1970, 1, 1, tzinfo=zone("UTC")) + timedelta(seconds=seconds)).astimezone(local).date().toordinal()


def mapping(question: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The object under a key.

    Raises:
        InputError: MISSING_FACT or BAD_FACT.
    """
    value = question.get(key)
    if value is None:
        raise InputError(RulesCode.MISSING_FACT, facts={"fact": key})
    if not isinstance(value, Mapping):
        raise InputError(RulesCode.BAD_FACT, facts={"fact": key})
    return value


def objects(value: Any, key: str, limit: int) -> tuple[Mapping[str, Any], ...]:
    """A list of objects, empty where it is absent.

    Raises:
        InputError: BAD_FACT where it is no such list, TOO_MANY beyond the limit.
    """
    if value is None:
        return ()
    if not isinstance(value, (list, tuple)) or not all(isinstance(item, Mapping) for item in value):
        raise InputError(RulesCode.BAD_FACT, facts={"fact": key})
    if len(value) > limit:
        raise InputError(RulesCode.TOO_MANY, facts={"fact": key, "count": len(value), "limit": limit})
    return tuple(value)


def problem(code_: RulesCode, document: int | None = None, **facts: Any) -> Finding:
    """Something wrong with the question: it keeps the answer from `cleared`."""
    return Finding(code_, Outcome.OPEN, facts, document=document)


def age_of(value: Any, problems: list[Finding]) -> int | None:
    """A stated age in whole years; a finding where it is impossible."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 130:
        problems.append(problem(RulesCode.AGE_IMPOSSIBLE))
        return None
    return int(value)


def age_on(born: tuple[int, int], day: int) -> tuple[int, int]:
    """Youngest and oldest age in years on a day of somebody born between two days. 29 February ages on 1 March."""
    youngest, oldest = months_on(born, day)
    return youngest // 12, oldest // 12


def months_on(born: tuple[int, int], day: int) -> tuple[int, int]:
    """The same in whole months."""
    first, last = born
    youngest = _months(last, day)
    return youngest, youngest if first == last else _months(first, day)


def _months(birth: int, day: int) -> int:
    start, end = date.fromordinal(birth), date.fromordinal(day)
    return 12 * (end.year - start.year) + end.month - start.month - (end.day < start.day)


def settle_status(
    status: dict[str, str], citizenships: tuple[str, ...], country: str, problems: list[Finding]
) -> Mapping[str, str]:
    """Standing by place. Citizenship of the destination is one; where status and citizenship exclude each other,
    neither counts.
    """
    contradicting = [
        place
        for place, standing in status.items()
        if citizenships and (standing == "citizen") != (place in citizenships)
    ]
    for place in contradicting:
        problems.append(problem(RulesCode.STATUS_CONTRADICTS, place=place))
        del status[place]
    if country in citizenships and country not in contradicting:
        status.setdefault(country, "citizen")
    return status


def too_many(counts: Mapping[str, tuple[int, int]], problems: list[Finding]) -> None:
    """A finding for everything of which there is more than its limit: fact -> (count, limit)."""
    for fact, (count, limit) in counts.items():
        if count > limit:
            problems.append(problem(RulesCode.TOO_MANY, fact=fact, count=count, limit=limit))
