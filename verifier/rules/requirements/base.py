"""What every kind of requirement shares: how it is asked, how it answers, how a pack writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Protocol

from pydantic import BaseModel, ConfigDict

from verifier.findings import Finding, Outcome
from verifier.rules.case import Case, Movement, Range
from verifier.rules.codes import RulesCode
from verifier.rules.logic import outcome
from verifier.rules.places import PlaceList

Relative = Literal["departure", "boarding", "arrival"]
"""Start of the journey; departure of the leg that enters the country; arrival there."""

LAYOVER: Final = 24 * 3600
"""A stop of more than this ends a trip: what counts back from departure counts from the next leg (seconds)."""


class Standing(Protocol):
    """What a requirement may ask the rule book: whether another version is in force for the same case."""

    def in_force(self, ident: str, asked: Asked) -> int: ...
    def ask(self, hook: str, options: Mapping[str, Any], case: Case) -> tuple[int, Sequence[Finding]]: ...


@dataclass(slots=True)
class Asked:
    """One case being judged.

    Attributes:
        fresh: tests and papers that can be had at any time count as had; exemptions still need theirs.
        unread: something was shown that nobody could read, so evidence that seems missing is OPEN.
        memo: answers that several policies need; `been` the same of where the person was.
    """

    case: Case
    book: Standing
    fresh: bool = False
    unread: bool = False
    memo: dict[int, int] = field(default_factory=dict)
    been: dict[tuple[int, bool], tuple[tuple[frozenset[str], int, str], ...]] = field(default_factory=dict)

    def days(self, relative: Relative) -> Range:
        """First and last local day on which the reference point may lie."""
        if relative == "departure":
            return self.start().departs_days
        entry = self.case.legs[self.case.crossing]
        return entry.arrives_days if relative == "arrival" else entry.departs_days

    def instants(self, relative: Relative) -> Range:
        """The same as instants."""
        if relative == "departure":
            return self.start().departs
        entry = self.case.legs[self.case.crossing]
        return entry.arrives if relative == "arrival" else entry.departs

    def start(self) -> Movement:
        """The first leg of the trip that leads to the border; a stop of more than 24 hours begins a new trip."""
        legs, first = self.case.legs, self.case.crossing
        while first > 0 and legs[first].departs[0] - legs[first - 1].arrives[1] <= LAYOVER:
            first -= 1
        return legs[first]


class Node:
    """A compiled requirement. Subclasses are frozen dataclasses; they keep nothing of a case."""

    __slots__ = ()

    gate = False
    """Whether it only says for whom or when an alternative is there: a closed alternative is not worth a word."""

    def judge(self, asked: Asked) -> int:
        """MET, OPEN or UNMET."""
        raise NotImplementedError

    def closed(self, asked: Asked) -> bool:
        """Whether this alternative is not there for the case at all."""
        return self.gate and self.judge(asked) == 0

    def explain(self, asked: Asked, out: list[Finding]) -> None:
        """Add the findings that say why the answer is what it is. Only called where it is not MET."""
        raise NotImplementedError

    def satisfiers(self, asked: Asked) -> Iterator[Finding]:
        """What would satisfy it, each a NOTE."""
        return iter(())

    def moments(self, asked: Asked) -> Iterator[tuple[Relative, int]]:
        """Days from which on it may be met, each with the reference point that has to reach it."""
        return iter(())


def say(code: RulesCode, answer: int, at: int | None = None, /, **facts: Any) -> Finding:
    """A finding of a requirement, about the document at that position where it is about one."""
    return Finding(code, outcome(answer), facts, document=at)


def advise(code: RulesCode, /, **facts: Any) -> Finding:
    """Something that would help."""
    return Finding(code, Outcome.NOTE, facts)


class Spec(BaseModel):
    """The written form of a requirement: strict, nothing unknown, never changed."""

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", hide_input_in_errors=True, populate_by_name=True
    )

    def build(self, shop: Shop) -> Node:
        """Compile it.

        Raises:
            Dangling: a list or requirement it names does not exist.
        """
        raise NotImplementedError


class Dangling(Exception):  # noqa: N818
    """A name that nothing carries: its kind and the name."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"{kind} {name}")
        self.kind, self.name = kind, name


@dataclass(slots=True)
class Shop:
    """What a pack offers to the requirements it is compiled from, and which versions they point to."""

    destination: str
    products: Mapping[str, Any]
    places: Mapping[str, PlaceList]
    statuses: frozenset[str]
    named: Mapping[str, Any]
    requirement: Callable[[Any, Shop], Node]
    built: dict[str, tuple[Node, frozenset[str]]] = field(default_factory=dict)
    cited: set[str] = field(default_factory=set)
    open_names: list[str] = field(default_factory=list)

    def build(self, written: Any) -> Node:
        """Compile a requirement as written."""
        return self.requirement(written, self)

    def place_set(self, names: Sequence[str]) -> Places:
        """Codes (capitals) and names of place lists (lower case) together."""
        codes, lists = set(), []
        for name in names:
            if not name.islower():
                codes.add(name)
            elif name not in self.places:
                raise Dangling("places", name)
            elif (always := self.places[name].always()) is not None:
                codes |= always
            else:
                lists.append(self.places[name])
        return Places(frozenset(codes), tuple(lists))


@dataclass(frozen=True, slots=True)
class Places:
    """Fixed codes and dated lists."""

    codes: frozenset[str]
    lists: tuple[PlaceList, ...] = ()

    def on(self, day: int, known_day: int, at: int | None = None) -> frozenset[str]:
        """All codes that count on a day (at an instant of it, or at its end), as known on another."""
        if not self.lists:
            return self.codes
        if not self.codes and len(self.lists) == 1:
            return self.lists[0].on(day, known_day, at)
        return self.codes.union(*(places.on(day, known_day, at) for places in self.lists))
