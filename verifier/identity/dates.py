"""Dates of birth of two records against each other, by their known parts.

A good name never rescues a different year; a slip of one digit, exchanged parts and a shift by a time zone are named so
that an agent knows what to look for.
"""

from __future__ import annotations

import re

from verifier.health.dates import HealthCode, parse_date
from verifier.identity.codes import DateRelation as R
from verifier.identity.codes import IdentityCode as C
from verifier.model import UNKNOWN_DATE, PartialDate
from verifier.quick import remembered

DateResult = tuple[R, C]
_EQUAL: DateResult = (R.EQUAL, C.DATE_EQUAL)
_ABSENT: DateResult = (R.ABSENT, C.DATE_ABSENT)
_FILLED = re.compile(r"(?:-(?:XX|xx|<<|\?\?)){1,2}$")  # month or day that a reader could not give
_UNREADABLE = frozenset({HealthCode.DATE_UNREADABLE, HealthCode.DATE_IMPOSSIBLE})


@remembered(1024)
def read_birth_date(text: str | None) -> tuple[PartialDate, bool, tuple[C, ...]]:
    """A date of birth as written: the date, whether a time of day came with it, and DATE_UNREADABLE if it is none."""
    if not text or not text.strip():
        return UNKNOWN_DATE, False, ()
    value, findings = parse_date(_FILLED.sub("", text.strip()), field="dob")
    codes = {finding.code for finding in findings}
    if codes & _UNREADABLE:
        return UNKNOWN_DATE, False, (C.DATE_UNREADABLE,)
    return value, HealthCode.DATE_WITH_TIME in codes, ()


def relate_dates(a: PartialDate, b: PartialDate, shifted: bool = False) -> DateResult:
    """How two dates of birth relate, and the code that says so.

    Args:
        a, b: the dates, with what is known of them.
        shifted: one of them came with a time of day, so a time zone may have moved it to a neighbouring day.
    """
    if a.year is None or b.year is None:
        return _ABSENT
    if a == b:
        return _EQUAL
    if a.day is None or b.day is None:
        return (R.PARTIAL, C.DATE_PARTIAL) if a.consistent_with(b) else (R.DIFFERENT, C.DATE_DIFFERS)
    one, other = a.exact, b.exact
    if shifted and one and other and abs((one - other).days) == 1:
        return R.SLIP, C.DATE_ZONE
    if (a.month, a.day) != (b.month, b.day):
        return _within_year(a, b) if a.year == b.year else (R.DIFFERENT, C.DATE_DIFFERS)
    if abs(a.year - b.year) == 100:
        return R.SLIP, C.DATE_CENTURY
    slips = _digits(f"{a.year:04d}", f"{b.year:04d}")
    if slips == "exchanged":
        return R.SLIP, C.DATE_SLIP
    return (R.YEAR_DIGIT, C.DATE_YEAR) if slips == "one" else (R.DIFFERENT, C.DATE_DIFFERS)


def _within_year(a: PartialDate, b: PartialDate) -> DateResult:
    if (a.month, a.day) == (b.day, b.month):
        return R.SLIP, C.DATE_SWAPPED
    if _digits(f"{a.month:02d}{a.day:02d}", f"{b.month:02d}{b.day:02d}"):
        return R.SLIP, C.DATE_SLIP
    if (1, 1) in ((a.month, a.day), (b.month, b.day)):  # registers write 1 January for a day that nobody knows
        return R.SLIP, C.DATE_PLACEHOLDER
    return R.DIFFERENT, C.DATE_DIFFERS


def _digits(p: str, q: str) -> str:
    """`one` digit different, two neighbours `exchanged`, or nothing of the kind (empty)."""
    wrong = [i for i in range(len(p)) if p[i] != q[i]]
    if len(wrong) == 1:
        return "one"
    if len(wrong) == 2 and wrong[1] == wrong[0] + 1 and p[wrong[0]] == q[wrong[1]] and p[wrong[1]] == q[wrong[0]]:
        return "exchanged"
    return ""
