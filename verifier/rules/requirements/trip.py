"""How the journey goes: where it boards, which days it falls on, and which other version is in force for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import Field

from verifier.findings import Finding, Outcome
from verifier.rules.case import Case
from verifier.rules.codes import RulesCode
from verifier.rules.logic import MET, OPEN, UNMET, agreed
from verifier.rules.places import within
from verifier.rules.requirements.base import Asked, Node, Places, Relative, Shop, Spec, say


class BoardsSpec(Spec):
    """Boards in one of these places (airports, codes or lists): on `any` leg up to the border, the `first`, or the
    one that `enters`.
    """

    places: tuple[str, ...] = Field(alias="in")
    leg: Literal["any", "first", "enters"] = "any"

    def build(self, shop: Shop) -> Node:
        return Boards(shop.place_set(self.places), self.leg)


@dataclass(frozen=True, slots=True)
class Boards(Node):
    """See `BoardsSpec`."""

    gate = True

    places: Places
    leg: str

    def judge(self, asked: Asked) -> int:
        answer = asked.memo.get(id(self))
        if answer is None:
            answer = asked.memo[id(self)] = self._judge(asked.case)
        return answer

    def _judge(self, case: Case) -> int:
        places = self.places.on(case.entry.departs_days[0], case.known_day)
        legs = {"any": case.legs[: case.crossing + 1], "first": case.legs[:1]}.get(self.leg, (case.entry,))
        if any(leg.origin in places or within(leg.origin_place, places) for leg in legs):
            return MET
        return UNMET if all(leg.origin_place for leg in legs) else OPEN

    def explain(self, asked: Asked, out: list[Finding]) -> None:
        out.append(say(RulesCode.PLACE, self.judge(asked), places=sorted(self.places.codes)))


class ChannelSpec(Spec):
    """Enters by one of these channels, and with one of these kinds of vessel where the journey names one."""

    among: tuple[str, ...] = Field(alias="in")

    def build(self, shop: Shop) -> Node:
        return ByChannel(frozenset(self.among))


@dataclass(frozen=True, slots=True)
class ByChannel(Node):
    """See `ChannelSpec`."""

    gate = True

    among: frozenset[str]

    def judge(self, asked: Asked) -> int:
        return MET if asked.case.entry.channel in self.among else UNMET

    def explain(self, asked: Asked, out: list[Finding]) -> None:
        out.append(say(RulesCode.PLACE, self.judge(asked), channels=sorted(self.among)))


class WhenSpec(Spec):
    """Travel falls on `from` or later and before `until` (local days at the reference point)."""

    since: date | None = Field(default=None, alias="from")
    until: date | None = None
    announced: date | None = None
    relative_to: Relative = "arrival"

    def build(self, shop: Shop) -> Node:
        return When(
            self.since.toordinal() if self.since else 0,
            self.until.toordinal() if self.until else date.max.toordinal(),
            self.announced.toordinal() if self.announced else 0,
            self.relative_to,
        )


@dataclass(frozen=True, slots=True)
class When(Node):
    """See `WhenSpec`."""

    gate = True

    since: int
    until: int
    announced: int
    relative: Relative

    def judge(self, asked: Asked) -> int:
        if asked.case.known_day < self.announced:
            return UNMET
        first, last = asked.days(self.relative)
        return agreed(self._on(first), self._on(last))

    def _on(self, day: int) -> int:
        return MET if self.since <= day < self.until else UNMET

    def explain(self, asked: Asked, out: list[Finding]) -> None:
        out.append(say(RulesCode.TIME_EDGE, self.judge(asked)))

    def moments(self, asked: Asked) -> Iterator[tuple[Relative, int]]:
        yield self.relative, self.since


class InForceSpec(Spec):
    """Another version (an amendment, an exemption) is known and in force for the same case."""

    version: str

    def build(self, shop: Shop) -> Node:
        shop.cited.add(self.version)
        return InForce(self.version)


@dataclass(frozen=True, slots=True)
class InForce(Node):
    """See `InForceSpec`."""

    gate = True

    version: str

    def judge(self, asked: Asked) -> int:
        answer = asked.memo.get(id(self))
        if answer is None:
            answer = asked.memo[id(self)] = asked.book.in_force(self.version, asked)
        return answer

    def explain(self, asked: Asked, out: list[Finding]) -> None:
        if self.judge(asked) == OPEN:
            out.append(say(RulesCode.TIME_EDGE, OPEN, policy=self.version))


class DecidedSpec(Spec):
    """A person or office decides case by case: always OPEN. `reason` names a sentence under `policy.`."""

    reason: str = "case-by-case"

    def build(self, shop: Shop) -> Node:
        return Decided(self.reason)


@dataclass(frozen=True, slots=True)
class Decided(Node):
    """See `DecidedSpec`."""

    reason: str

    def judge(self, asked: Asked) -> int:
        return OPEN

    def explain(self, asked: Asked, out: list[Finding]) -> None:
        out.append(say(RulesCode.DECIDED_BY_A_PERSON, OPEN, reason=self.reason))


class ExternalSpec(Spec):
    """Asks something that the rule book was given by name, such as a CertLogic rule set; OPEN where nobody answers."""

    hook: str
    options: dict[str, str | int | bool] = Field(default_factory=dict)

    def build(self, shop: Shop) -> Node:
        return External(self.hook, tuple(self.options.items()))


@dataclass(frozen=True, slots=True)
class External(Node):
    """See `ExternalSpec`."""

    hook: str
    options: tuple[tuple[str, str | int | bool], ...]

    def judge(self, asked: Asked) -> int:
        return self._ask(asked)[0]

    def _ask(self, asked: Asked) -> tuple[int, Sequence[Finding]]:
        answer, findings = asked.book.ask(self.hook, dict(self.options), asked.case)
        if answer == UNMET and asked.unread:  # what nobody could read may be what is asked for
            return OPEN, [
                Finding(finding.code, Outcome.OPEN, finding.facts, finding.alert, finding.document)
                for finding in findings
            ]
        return answer, findings

    def explain(self, asked: Asked, out: list[Finding]) -> None:
        answer, findings = self._ask(asked)
        out.extend(findings or (say(RulesCode.EXTERNAL, answer, hook=self.hook),))
