"""Two-digit years of the machine-readable zone, against an explicit reference date. No clock is read here.

The standard leaves the century to the reader (Doc 9303-3 section 4.8). Here: nobody is born after the reference day,
and a document expires between 50 years before and 49 years after the reference year.
"""

from __future__ import annotations

from datetime import date

from verifier.model import PartialDate

_UNKNOWN = "<<"


def birth_date(raw: str, reference: date) -> PartialDate | None:
    """A birth date `YYMMDD` as far as it is known.

    Args:
        raw: six characters; a part that is unknown is two fillers.
        reference: the latest day of birth that is possible.

    Returns:
        The date at its precision: a month without its year says nothing and is left out, a day without its month too.
        None where a known part is no number or no date exists with it (30 February).
    """
    if raw.isdigit():
        year = _century(int(raw[:2]), int(raw[2:4]), int(raw[4:]), reference)
        full = _date(year, int(raw[2:4]), int(raw[4:]))
        return None if full is None else PartialDate(full.year, full.month, full.day)
    return _partial_birth_date(raw, reference)


def expiry_date(raw: str, reference: date) -> date | None:
    """An expiry date `YYMMDD`, or None where it is no date."""
    if not raw.isdigit():
        return None
    earliest = reference.year - 50
    return _date(earliest + (int(raw[:2]) - earliest) % 100, int(raw[2:4]), int(raw[4:]))


def _partial_birth_date(raw: str, reference: date) -> PartialDate | None:
    parts = (raw[:2], raw[2:4], raw[4:])
    if not all(part == _UNKNOWN or part.isdigit() for part in parts):
        return None
    year, month, day = (None if part == _UNKNOWN else int(part) for part in parts)
    # the known parts must fit some date; 2000 is a leap year
    if _date(2000, 1 if month is None else month, 1 if day is None else day) is None:
        return None
    if year is None:
        return PartialDate()
    return PartialDate(_century(year, month or 1, (day or 1) if month else 1, reference), month, day if month else None)


def _century(year: int, month: int, day: int, reference: date) -> int:
    """The latest full year that ends in `year` and does not put the day after the reference."""
    full = reference.year - reference.year % 100 + year
    return full - 100 if (full, month, day) > (reference.year, reference.month, reference.day) else full


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
