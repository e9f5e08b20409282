"""Calendar dates known to the year, the month, the day, or not at all."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Literal

from verifier.quick import quick


@quick
@dataclass(frozen=True, slots=True)
class PartialDate:
    """A calendar date known to the year, the month, the day, or not at all.

    `month` is never set without `year`; `day` is never set without `month`, except that sources which state a day but
    no month (YYYY-00-DD) keep the year alone. Compare with `consistent_with`, by known parts only.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None

    @classmethod
    def of(cls, value: date) -> PartialDate:
        """The full date of a `date` or `datetime` (its own local calendar day)."""
        return cls(value.year, value.month, value.day)

    @property
    def precision(self) -> Literal["day", "month", "year", "unknown"]:
        """Smallest known part."""
        if self.year is None:
            return "unknown"
        if self.month is None:
            return "year"
        return "month" if self.day is None else "day"

    @property
    def exact(self) -> date | None:
        """The date where the day is known, else None."""
        if self.year is None or self.month is None or self.day is None:
            return None
        return date(self.year, self.month, self.day)

    @property
    def earliest(self) -> date | None:
        """First day consistent with what is known; None if the year is unknown."""
        return None if self.year is None else date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date | None:
        """Last day consistent with what is known; None if the year is unknown."""
        if self.year is None:
            return None
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    @property
    def days(self) -> tuple[int, int] | None:
        """`earliest` and `latest` as proleptic ordinals; None if the year is unknown."""
        if self.year is None:
            return None
        if self.month is not None and self.day is not None:
            day = date(self.year, self.month, self.day).toordinal()
            return day, day
        first, last = self.earliest, self.latest
        assert first is not None
        assert last is not None
        return first.toordinal(), last.toordinal()

    def consistent_with(self, other: PartialDate) -> bool:
        """True when no known part of one contradicts the same part of the other."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(a is None or b is None or a == b for a, b in pairs)

    def __str__(self) -> str:
        """ISO 8601 at its precision: `1990-05-17`, `1990-05`, `1990` or the empty text."""
        if self.year is None:
            return ""
        text = f"{self.year:04d}"
        if self.month is not None:
            text += f"-{self.month:02d}"
            if self.day is not None:
                text += f"-{self.day:02d}"
        return text


UNKNOWN_DATE = PartialDate()
