"""Who the person is: status, citizenship, age, purpose, visa, residence, relationship.

A fact that was not stated is OPEN unless the pack says what its absence means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from pydantic import Field

from verifier.findings import Finding
from verifier.rules.codes import RulesCode
from verifier.rules.facts import months_on, word
from verifier.rules.logic import MET, OPEN, UNMET, agreed
from verifier.rules.requirements.base import Asked, Node, Places, Relative, Shop, Spec, say

Missing = Literal["open", "met", "unmet"]
TRUTH: Final[Mapping[str, int]] = {"open": OPEN, "met": MET, "unmet": UNMET}


@dataclass(frozen=True, slots=True)
class Fact(Node):
    """A requirement on one fact about the person; says which fact is missing or does not fit."""

    gate = True

    def name(self) -> str:
        """The fact it is about."""
        raise NotImplementedError

    def code(self) -> tuple[RulesCode, RulesCode]:
        """What is said where the answer is OPEN, and where it is UNMET."""
        return RulesCode.FACT_MISSING, RulesCode.FACT_REFUSED

    def explain(self, asked: Asked, out: list[Finding]) -> None:
        answer = self.judge(asked)
        out.append(say(self.code()[0 if answer == OPEN else 1], answer, fact=self.name()))


class StatusSpec(Spec):
    """Standing at the destination (`place`: elsewhere) is one of these. A word the pack does not know is OPEN."""

    among: tuple[str, ...] = Field(alias="in")
    place: str | None = None
    missing: Missing = "open"

    def build(self, shop: Shop) -> Node:
        return Status(self.place or shop.destination, frozenset(self.among), shop.statuses, TRUTH[self.missing])


@dataclass(frozen=True, slots=True)
class Status(Fact):
    """See `StatusSpec`."""

    place: str
    among: frozenset[str]
    known: frozenset[str]
    missing: int

    def judge(self, asked: Asked) -> int:
        status = asked.case.status.get(self.place)
        if status in self.among:
            return MET
        if status is None:
            return self.missing
        return UNMET if status in self.known else OPEN

    def name(self) -> str:
        return "status"


class CitizenSpec(Spec):
    """A citizen of one of these places (codes or lists)."""

    of: tuple[str, ...]
    missing: Missing = "open"

    def build(self, shop: Shop) -> Node:
        return Citizen(shop.place_set(self.of), TRUTH[self.missing])


@dataclass(frozen=True, slots=True)
class Citizen(Fact):
    """See `CitizenSpec`."""

    places: Places
    missing: int

    def judge(self, asked: Asked) -> int:
        case = asked.case
        if not case.citizenships:
            return self.missing
        places = self.places.on(case.entry.arrives_days[0], case.known_day)
        return UNMET if places.isdisjoint(case.citizenships) else MET

    def name(self) -> str:
        return "citizenship"


class ResidenceSpec(Spec):
    """Lives in one of these places (codes or dated lists)."""

    among: tuple[str, ...] = Field(alias="in")
    missing: Missing = "open"

    def build(self, shop: Shop) -> Node:
        return Residence(shop.place_set(self.among), TRUTH[self.missing])


@dataclass(frozen=True, slots=True)
class Residence(Fact):
    """See `ResidenceSpec`."""

    places: Places
    missing: int

    def judge(self, asked: Asked) -> int:
        case = asked.case
        if case.residence is None:
            return self.missing
        first, last = case.entry.arrives_days
        answer = self._on(case.residence, first, case.known_day)
        return answer if first == last else agreed(answer, self._on(case.residence, last, case.known_day))

    def _on(self, residence: str, day: int, known_day: int) -> int:
        places = self.places.on(day, known_day)
        return MET if residence in places or residence.partition("-")[0] in places else UNMET

    def name(self) -> str:
        return "residence"


class AgeSpec(Spec):
    """Age in whole years on the day of the reference point; both bounds included. `min_months` come on top of `min`:
    12 and 4 are 12 years and 4 months.
    """

    min: int = 0
    min_months: int = Field(default=0, ge=0, le=11)
    max: int = 200
    relative_to: Relative = "boarding"

    def build(self, shop: Shop) -> Node:
        return Age(12 * self.min + self.min_months, 12 * self.max + 11, self.relative_to)


@dataclass(frozen=True, slots=True)
class Age(Fact):
    """See `AgeSpec`. Both bounds in months of life."""

    least: int
    most: int
    relative: Relative

    def judge(self, asked: Asked) -> int:
        case = asked.case
        if case.born is not None:
            first, last = asked.days(self.relative)
            youngest, oldest = months_on(case.born, first)
            if first != last:
                oldest = months_on(case.born, last)[1]
        elif case.age is not None:
            youngest, oldest = 12 * case.age, 12 * case.age + 11
        else:
            return OPEN
        if youngest == oldest:
            return MET if self.least <= youngest <= self.most else UNMET
        return agreed(self._within(youngest), self._within(oldest))

    def _within(self, months: int) -> int:
        return MET if self.least <= months <= self.most else UNMET

    def moments(self, asked: Asked) -> Iterator[tuple[Relative, int]]:
        born = asked.case.born
        if born is not None and self.least:
            day = date.fromordinal(born[1])
            years, month = divmod(12 * day.year + day.month - 1 + self.least, 12)
            if years < date.max.year:
                try:
                    yield self.relative, date(years, month + 1, day.day).toordinal()
                except ValueError:  # no such day: the first of the next month
                    yield self.relative, date(years, month + 2, 1).toordinal()

    def name(self) -> str:
        return "age"


class PurposeSpec(Spec):
    """The purpose is among these: MET; among `refused`: UNMET; any other, or none stated: `otherwise`."""

    among: tuple[str, ...] = Field(alias="in")
    refused: tuple[str, ...] = ()
    otherwise: Missing = "open"

    def build(self, shop: Shop) -> Node:
        return Purpose(frozenset(self.among), frozenset(self.refused), TRUTH[self.otherwise])


@dataclass(frozen=True, slots=True)
class Purpose(Fact):
    """See `PurposeSpec`."""

    among: frozenset[str]
    refused: frozenset[str]
    otherwise: int

    def judge(self, asked: Asked) -> int:
        purpose = asked.case.purpose
        if purpose in self.among:
            return MET
        if purpose is None:
            return OPEN
        return UNMET if purpose in self.refused else self.otherwise

    def code(self) -> tuple[RulesCode, RulesCode]:
        return RulesCode.PURPOSE_OPEN, RulesCode.PURPOSE

    def name(self) -> str:
        return "purpose"


class VisaSpec(Spec):
    """A visa of one of these classes (`in`), or of any class but these (`other_than`). `B1/B2` is both; hyphens do
    not matter.
    """

    among: tuple[str, ...] = Field(default=(), alias="in")
    other_than: tuple[str, ...] = ()
    missing: Missing = "open"

    def build(self, shop: Shop) -> Node:
        return Visa(
            frozenset(map(visa_class, self.among)), frozenset(map(visa_class, self.other_than)), TRUTH[self.missing]
        )


def visa_class(written: str) -> str:
    """A visa class without hyphens and blanks: `H-2A` -> `H2A`."""
    return written.upper().replace("-", "").replace(" ", "")


@dataclass(frozen=True, slots=True)
class Visa(Fact):
    """See `VisaSpec`."""

    among: frozenset[str]
    other_than: frozenset[str]
    missing: int

    def judge(self, asked: Asked) -> int:
        if asked.case.visa is None:
            return self.missing
        classes = {visa_class(part) for part in asked.case.visa.split("/")}
        if self.among:
            return UNMET if self.among.isdisjoint(classes) else MET
        return MET if self.other_than.isdisjoint(classes) else UNMET

    def name(self) -> str:
        return "visa"


class RelationshipSpec(Spec):
    """Related to somebody (`to`) in one of these ways (`kinds`); `unsure` kinds lack a detail that decides, so they
    are OPEN.

    `parent` among `unsure` is also any `parent-of-...` that is not `refused`. A relationship that is claimed without
    `proof` is not shown: UNMET. `proof: false` takes the claim.
    """

    to: tuple[str, ...]
    kinds: tuple[str, ...]
    unsure: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    proof: bool = True

    def build(self, shop: Shop) -> Node:
        return Relationship(frozenset(self.to), frozenset(self.kinds), self.unsure, frozenset(self.refused), self.proof)


def _begins(kind: str, word_: str) -> bool:
    return kind == word_ or kind.startswith(f"{word_}-")


@dataclass(frozen=True, slots=True)
class Relationship(Fact):
    """See `RelationshipSpec`."""

    to: frozenset[str]
    kinds: frozenset[str]
    unsure: tuple[str, ...]
    refused: frozenset[str]
    proof: bool

    def judge(self, asked: Asked) -> int:
        stated: Any = asked.case.facts.get("relationship")
        for relation in stated if isinstance(stated, (list, tuple)) else (stated,):
            if isinstance(relation, Mapping) and word(relation.get("to")) in self.to:
                kind = word(relation.get("kind"))
                proved = not self.proof or relation.get("proof") is True or "relationship_proof" in asked.case.shown
                if kind in self.kinds and proved:
                    return MET
                if proved and kind and kind not in self.refused and any(_begins(kind, word_) for word_ in self.unsure):
                    return OPEN
        return UNMET

    def name(self) -> str:
        return "relationship"
