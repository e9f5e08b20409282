"""Stated: any other fact of person or trip by its name, and days or hours between what the person states and the
journey.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pydantic import Field

from verifier.rules.facts import day_span, days_of, instant, moment_of, word
from verifier.rules.logic import MET, OPEN, UNMET, agreed
from verifier.rules.places import zone
from verifier.rules.requirements.base import Asked, Node, Relative, Shop, Spec
from verifier.rules.requirements.person import TRUTH, Fact, Missing


class FactSpec(Spec):
    """Any other fact: among `in`, not among `not_in`, between `min` and `max`, containing one of these words, or
    equal to `is`.
    """

    name: str
    among: tuple[str, ...] = Field(default=(), alias="in")
    not_in: tuple[str, ...] = ()
    min: int | None = None
    max: int | None = None
    contains: tuple[str, ...] = ()
    equals: bool | None = Field(default=None, alias="is")
    missing: Missing = "open"

    def build(self, shop: Shop) -> Node:
        return AnyFact(
            self.name, frozenset(self.among), frozenset(self.not_in), self.min, self.max, self.contains, self.equals,
            TRUTH[self.missing],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class AnyFact(Fact):
    """See `FactSpec`."""

    fact: str
    among: frozenset[str]
    not_in: frozenset[str]
    least: int | None
    most: int | None
    contains: tuple[str, ...]
    equals: bool | None
    missing: int

    def judge(self, asked: Asked) -> int:
        value = asked.case.facts.get(self.fact)
        if value is None:
            return self.missing
        if self.equals is not None:
            return (MET if value is self.equals else UNMET) if isinstance(value, bool) else OPEN
        if self.least is not None or self.most is not None:
            if not isinstance(value, (int, float)) or isinstance(value, bool):
                return OPEN
            return (
                MET
                if (self.least is None or value >= self.least) and (self.most is None or value <= self.most)
                else UNMET
            )
        text = word(value)
        if text is None:
            return OPEN
        if self.contains:
            return MET if any(part in text for part in self.contains) else UNMET
        return MET if (text in self.among if self.among else text not in self.not_in) else UNMET

    def name(self) -> str:
        return self.fact


class DaysBeforeSpec(Spec):
    """Arrival at most `max` days before a day that the person states, such as the start of a programme, itself not
    before a day.
    """

    fact: str
    max: int
    not_before: date | None = None
    missing: Missing = "open"

    def build(self, shop: Shop) -> Node:
        return DaysBefore(
            self.fact, self.max, self.not_before.toordinal() if self.not_before else 0, TRUTH[self.missing]
        )


@dataclass(frozen=True, slots=True)
class DaysBefore(Fact):
    """See `DaysBeforeSpec`."""

    fact: str
    most: int
    not_before: int
    missing: int

    def judge(self, asked: Asked) -> int:
        stated = days_of(asked.case.facts.get(self.fact))
        if stated is None:
            return self.missing
        if stated[0] < self.not_before:
            return UNMET
        first, last = asked.days("arrival")
        soonest, latest = stated[1] - first, stated[0] - last
        return agreed(MET if soonest <= self.most else UNMET, MET if latest <= self.most else UNMET)

    def moments(self, asked: Asked) -> Iterator[tuple[Relative, int]]:
        stated = days_of(asked.case.facts.get(self.fact))
        if stated is not None:
            yield "arrival", stated[1] - self.most

    def name(self) -> str:
        return self.fact


class HoursSinceSpec(Spec):
    """At most `max` hours from a moment that the person states, such as leaving home, to the reference point.

    A bare day is OPEN where its hours decide. Local times are those of `zone`.
    """

    fact: str
    max: int
    zone: str | None = None
    relative_to: Relative = "arrival"
    missing: Missing = "open"

    def build(self, shop: Shop) -> Node:
        return HoursSince(self.fact, self.max, self.zone, self.relative_to, TRUTH[self.missing])


@dataclass(frozen=True, slots=True)
class HoursSince(Fact):
    """See `HoursSinceSpec`."""

    fact: str
    most: int
    zone: str | None
    relative: Relative
    missing: int

    def judge(self, asked: Asked) -> int:
        value, local = asked.case.facts.get(self.fact), zone(self.zone)
        days, moment = days_of(value), moment_of(value, local)
        if days is None:
            return self.missing if value is None else OPEN
        since = day_span(days, local) if moment is None else (instant(moment),) * 2
        first, last = asked.instants(self.relative)
        return agreed(self._within(first - since[1]), self._within(last - since[0]))

    def _within(self, seconds: int) -> int:
        return MET if 0 <= seconds <= self.most * 3600 else UNMET

    def name(self) -> str:
        return self.fact
