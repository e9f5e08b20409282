"""Party: what a traveller needs depends on who travels along, such as a child with a fully vaccinated adult."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import WithJsonSchema

from verifier.findings import Finding
from verifier.rules.case import Companion
from verifier.rules.codes import RulesCode
from verifier.rules.logic import MET, OPEN, UNMET
from verifier.rules.requirements.base import Asked, Node, Shop, Spec, advise, say
from verifier.rules.requirements.vaccinated import Vaccinated

ANOTHER = {"description": "a requirement of kind `vaccinated`, or the name of one"}

GROWN = frozenset({
    "parent", "mother", "father", "step-parent", "stepparent", "stepmother", "stepfather", "grandparent", "grandmother",
    "grandfather", "guardian", "legal-guardian", "tutor",
})  # fmt: skip
"""Relations that only an adult has; of anybody else whose age is not stated nobody knows."""


class AccompaniedSpec(Spec):
    """Travels with an adult (`min_age`) of one of these `relations` (none: any) who meets `vaccinated`, if that is
    given.
    """

    min_age: int = 18
    relations: tuple[str, ...] = ()
    vaccinated: Annotated[Any, WithJsonSchema(ANOTHER)] = None

    def build(self, shop: Shop) -> Node:
        node = shop.build(self.vaccinated) if self.vaccinated is not None else None
        if node is not None and not isinstance(node, Vaccinated):
            raise ValueError("accompanied.vaccinated must be a vaccinated requirement")
        return Accompanied(self.min_age, frozenset(self.relations), node)


@dataclass(frozen=True, slots=True)
class Accompanied(Node):
    """See `AccompaniedSpec`."""

    min_age: int
    relations: frozenset[str]
    vaccinated: Vaccinated | None

    def judge(self, asked: Asked) -> int:
        party = asked.case.party
        if party is None:
            return OPEN
        return max((self._one(companion, asked) for companion in party), default=UNMET)

    def _one(self, companion: Companion, asked: Asked) -> int:
        if self.relations and companion.relation not in self.relations:
            return OPEN if companion.relation is None else UNMET
        if companion.age is not None and companion.age < self.min_age:
            return UNMET
        grown = MET if companion.age is not None or companion.relation in GROWN or not self.min_age else OPEN
        if self.vaccinated is None:
            return grown
        if companion.vaccinated is not None:
            return min(grown, companion.vaccinated)
        days = asked.days(self.vaccinated.relative)
        return min(grown, self.vaccinated.judge_doses(companion.doses, days, asked.case.known_day))

    def explain(self, asked: Asked, out: list[Finding]) -> None:
        out.append(say(RulesCode.PARTY, self.judge(asked), stated=asked.case.party is not None))

    def satisfiers(self, asked: Asked) -> Iterator[Finding]:
        yield advise(RulesCode.CAN_SHOW, what=["papers of the accompanying adult"])
