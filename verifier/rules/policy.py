"""A compiled policy: its versions in two kinds of time, what it asks of whom, and who is exempt."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from verifier.rules.case import Case, Range
from verifier.rules.codes import RulesCode
from verifier.rules.logic import MET, OPEN, UNMET
from verifier.rules.requirements.base import Node

FOREVER: Final = 1 << 60


@dataclass(frozen=True, slots=True)
class Told:
    """When something became public: its day local to the authority (ordinal) and the instant (seconds since 1970
    UTC).
    """

    day: int
    at: int

    def known(self, case: Case) -> bool:
        """Whether the case's knowledge includes it. A bare day of knowledge counts all that was public on it."""
        return case.known_day >= self.day if case.known_at is None else case.known_at >= self.at


@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """One version: instants `[start, end)` in which it applied, and when its start and its end became public.

    `end_told` is None where no end was ever announced; an end that is not yet known does not count.
    """

    id: str
    told: Told
    start: int
    end: int
    end_told: Told | None
    citation: str | None

    def until(self, case: Case) -> int:
        """The end as far as it is known."""
        return self.end if self.end_told is not None and self.end_told.known(case) else FOREVER


@dataclass(frozen=True, slots=True, eq=False)
class CompiledExemption:
    """Lifts one rule from those who meet `when`."""

    id: str
    when: Node
    duties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompiledClause:
    """One condition of a policy."""

    id: str
    applies: Node | None
    require: Node
    exemptions: tuple[CompiledExemption, ...]


@dataclass(frozen=True, slots=True)
class PackInfo:
    """The header of a pack, compiled. Days are ordinals in the pack's zone; `transit` as in `schema.Policy`."""

    id: str
    title: str
    subject: str
    destinations: tuple[str, ...]
    zone: str
    as_of: int
    complete_from: int
    complete_until: int
    recommendation: bool
    transit: str = "border"


@dataclass(frozen=True, slots=True)
class SourceRef:
    """A source: its short name, title and address."""

    ref: str
    title: str
    url: str | None


@dataclass(frozen=True, slots=True, eq=False)
class CompiledPolicy:
    """One policy, ready to be asked. `starts` is the first instant at which any of its versions applied."""

    id: str
    kind: str
    title: str
    status: str
    authority: str | None
    legal_basis: str | None
    citation: str | None
    pack: PackInfo
    channels: frozenset[str]
    borders: frozenset[str]
    at_departure: bool
    anchor: str
    versions: tuple[Version, ...]
    withdrawn: Told | None
    extendable: bool
    overrides: tuple[str, ...]
    unsettles: tuple[str, ...]
    parent: str | None
    recommendation: bool
    applies: Node | None
    clauses: tuple[CompiledClause, ...]
    exemptions: tuple[CompiledExemption, ...]
    duties: tuple[str, ...]
    confidence: str
    from_memory: tuple[str, ...]
    sources: tuple[SourceRef, ...]
    starts: int
    transit: str = "border"

    def reference(self, case: Case) -> Range:
        """The instants at which the question whether it applies is decided."""
        leg = case.legs[0] if self.at_departure else case.legs[case.crossing]
        if self.anchor == "arrival" or (self.anchor == "flight" and leg.channel != "air"):
            return leg.arrives
        return leg.departs

    def reaches(self, case: Case) -> bool:
        """Whether it is about the border that is crossed."""
        if not self.borders:
            return True
        if case.border is not None:
            return case.border in self.borders
        origin = case.entry.origin_place
        return any(origin in border.split("-") for border in self.borders)


@dataclass(frozen=True, slots=True)
class Validity:
    """Whether a policy applies to the moment of travel, by which version, and why that is not sure.

    `answer` is UNMET where it does not apply; `ended` then says that its end lies before, on record.
    """

    answer: int
    version: Version | None = None
    doubt: RulesCode | None = None
    ended: bool = False


NOT_YET: Final = Validity(UNMET)


@lru_cache(maxsize=4096)
def _sure(version: Version) -> Validity:
    return Validity(MET, version)


@lru_cache(maxsize=4096)
def _over(version: Version) -> Validity:
    return Validity(UNMET, version, None, True)


def validity(policy: CompiledPolicy, case: Case) -> Validity:
    """Whether a policy applies to the case's moment of travel, as known at its moment of knowledge."""
    return valid_at(policy, case, policy.reference(case))


def valid_at(policy: CompiledPolicy, case: Case, reference: Range) -> Validity:
    """The same at instants that are worked out already."""
    if policy.withdrawn is not None and policy.withdrawn.known(case):
        return NOT_YET
    known_day, known_at = case.known_day, case.known_at
    first, last = reference
    best, latest = NOT_YET, None
    for version in policy.versions:
        told = version.told
        if last < version.start or (known_day < told.day if known_at is None else known_at < told.at):
            continue
        until = version.end
        if last >= until:
            end_told = version.end_told
            if end_told is None or (known_day < end_told.day if known_at is None else known_at < end_told.at):
                until = FOREVER
        if version.start <= first and last < until:
            return _sure(version)
        if first < until:
            best = Validity(OPEN, version, RulesCode.TIME_EDGE)
        else:
            latest = version
    if best.answer == OPEN or latest is None:
        return best
    if policy.extendable:
        return Validity(OPEN, latest, RulesCode.PERIOD_MAY_BE_EXTENDED)
    return _over(latest)
