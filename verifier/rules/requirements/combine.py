"""Combine: all of, any of, not, and requirements that a pack names once and uses often."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from verifier.findings import Finding
from verifier.rules.logic import MET, OPEN, UNMET
from verifier.rules.requirements.base import Asked, Node, Relative


@dataclass(frozen=True, slots=True)
class AllOf(Node):
    """The worst of its parts; OPEN without any."""

    parts: tuple[Node, ...]

    def closed(self, asked: Asked) -> bool:
        return any(part.closed(asked) for part in self.parts)

    def judge(self, asked: Asked) -> int:
        worst = asked.memo.get(id(self))
        if worst is None:
            worst = MET if self.parts else OPEN
            for part in self.parts:
                answer = part.judge(asked)
                if answer < worst:
                    worst = answer
                    if answer == UNMET:
                        break
            asked.memo[id(self)] = worst
        return worst

    def explain(self, asked: Asked, out: list[Finding]) -> None:
        worst = self.judge(asked)
        for part in self.parts:
            if part.judge(asked) == worst:
                part.explain(asked, out)

    def satisfiers(self, asked: Asked) -> Iterator[Finding]:
        for part in self.parts:
            if part.judge(asked) != MET:
                yield from part.satisfiers(asked)

    def moments(self, asked: Asked) -> Iterator[tuple[Relative, int]]:
        for part in self.parts:
            yield from part.moments(asked)


@dataclass(frozen=True, slots=True)
class AnyOf(Node):
    """The best of its parts; OPEN without any."""

    parts: tuple[Node, ...]

    def judge(self, asked: Asked) -> int:
        best = asked.memo.get(id(self))
        if best is None:
            best = UNMET if self.parts else OPEN
            for part in self.parts:
                answer = part.judge(asked)
                if answer > best:
                    best = answer
                    if answer == MET:
                        break
            asked.memo[id(self)] = best
        return best

    def explain(self, asked: Asked, out: list[Finding]) -> None:
        best = self.judge(asked)
        there = [part for part in self.parts if part.judge(asked) == best and not part.closed(asked)]
        for part in there or self.parts:
            part.explain(asked, out)

    def satisfiers(self, asked: Asked) -> Iterator[Finding]:
        for part in self.parts:
            if not part.closed(asked):
                yield from part.satisfiers(asked)

    def moments(self, asked: Asked) -> Iterator[tuple[Relative, int]]:
        for part in self.parts:
            yield from part.moments(asked)


@dataclass(frozen=True, slots=True)
class Not(Node):
    """The opposite; OPEN stays OPEN."""

    part: Node

    def judge(self, asked: Asked) -> int:
        return MET - self.part.judge(asked)

    def explain(self, asked: Asked, out: list[Finding]) -> None:
        self.part.explain(asked, out)

    def moments(self, asked: Asked) -> Iterator[tuple[Relative, int]]:
        return self.part.moments(asked)


@dataclass(frozen=True, slots=True)
class Always(Node):
    """MET whatever the case: for clauses whose exemptions or duties are all there is."""

    def judge(self, asked: Asked) -> int:
        return MET

    def explain(self, asked: Asked, out: list[Finding]) -> None:
        return None
