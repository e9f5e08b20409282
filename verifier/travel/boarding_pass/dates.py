"""Dates of a boarding pass: a day of the year, and at best the last digit of the year. No clock and no time zone is
used.

Day 366 exists in leap years only; day 000 is no date.
"""

from __future__ import annotations

from datetime import date

CLOCK_SLACK = 2  # days that an issue date may lie ahead of the reference: date line and late clocks
ISSUE_SLACK = 1  # day that a flight may lie before its pass was issued, for the same reason
_LAST = date.max.toordinal()
_LEAP_SEARCH = 9  # years without a leap year, at most eight (1897-1903)


def day_of_year(year: int, day: int) -> date | None:
    """Day 1 to 366 of a year, or None where the year has no such day."""
    if not (1 <= year <= 9999 and 1 <= day <= 366):
        return None
    found = date.fromordinal(min(date(year, 1, 1).toordinal() + day - 1, _LAST))
    return found if found.year == year else None


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def issue_date(raw: str, reference: date) -> date | None:
    """The issue date `YDDD`: the latest matching day at most two days after the reference; None if there is none."""
    if len(raw) != 4 or not _digits(raw):
        return None
    limit = date.fromordinal(min(reference.toordinal() + CLOCK_SLACK, _LAST))
    latest = limit.year - (limit.year - int(raw[0])) % 10
    for year in range(latest, latest - 50, -10):
        found = day_of_year(year, int(raw[1:]))
        if found is not None and found <= limit:
            return found
    return None


def first_from(day: str, start: date) -> date | None:
    """The first date on or after `start` with this day of the year."""
    if not _digits(day):
        return None
    for year in range(start.year, start.year + _LEAP_SEARCH):
        found = day_of_year(year, int(day))
        if found is not None and found >= start:
            return found
    return None


def nearest(day: str, reference: date) -> date | None:
    """The date with this day of the year nearest to the reference; of two equally near the later one."""
    if not _digits(day):
        return None
    reach = 1 if int(day) < 366 else _LEAP_SEARCH
    years = range(reference.year - reach, reference.year + reach + 1)
    found = [candidate for year in years if (candidate := day_of_year(year, int(day))) is not None]
    return min(found, key=lambda it: (abs((it - reference).days), it < reference), default=None)


def flight_date(day: str, *, issued: date | None, before: date | None, reference: date) -> date | None:
    """The date of a flight.

    Args:
        day: day of the year, three digits.
        issued: issue date of the pass, if known.
        before: date of the leg before, if there is one and it has a date: this leg is on that day or later.
        reference: today, where neither of them is known.
    """
    if before is not None:
        return first_from(day, before)
    if issued is not None:
        return first_from(day, date.fromordinal(max(issued.toordinal() - ISSUE_SLACK, 1)))
    return nearest(day, reference)


def across_date_line(before: date, found: date, day: str) -> date | None:
    """The day before the leg before, where that is the day of this leg: a flight eastwards over the date line.

    Tokyo to Honolulu leaves on the 2nd and arrives on the 1st; a flight onwards on the 1st is no flight of next year.
    """
    eve = date.fromordinal(max(before.toordinal() - 1, 1))
    return eve if (found - before).days > 1 and int(day) == eve.timetuple().tm_yday else None
