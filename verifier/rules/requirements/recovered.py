"""Recovered: a positive test so many days ago, with or without a letter that clears for travel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from verifier.findings import Finding
from verifier.rules.case import Recovered as Illness
from verifier.rules.codes import RulesCode
from verifier.rules.logic import MET, OPEN, UNMET, agreed
from verifier.rules.places import within
from verifier.rules.requirements.base import Asked, Node, Places, Relative, Shop, Spec, advise, say

LETTERS: Final = ("clearance-letter", "clearance_letter", "recovery-letter", "recovery_letter")


class RecoveredSpec(Spec):
    """A positive test `min_days` to `max_days` (both included) before the reference day; `letter`: cleared for travel
    in writing. `taken_outside`: places where the specimen must not have been taken.
    """

    kinds: tuple[Literal["naat", "antigen"], ...] = ("naat", "antigen")
    min_days: int = 0
    max_days: int
    letter: bool = False
    taken_outside: tuple[str, ...] = ()
    relative_to: Relative = "departure"
    paper: bool = True
    disease: str = "covid-19"

    def build(self, shop: Shop) -> Node:
        return Recovery(
            frozenset(self.kinds), self.min_days, self.max_days, self.letter, shop.place_set(self.taken_outside),
            self.relative_to, self.paper, self.disease,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recovery(Node):
    """See `RecoveredSpec`."""

    kinds: frozenset[str]
    min_days: int
    max_days: int
    letter: bool
    outside: Places
    relative: Relative
    paper: bool
    disease: str

    def judge(self, asked: Asked) -> int:
        answer = OPEN if asked.unread else UNMET
        for illness in asked.case.recoveries:
            answer = max(answer, min(answer for answer, _ in self._parts(illness, asked)))
        return answer

    def _parts(self, illness: Illness, asked: Asked) -> Iterator[tuple[int, RulesCode]]:
        if illness.disease != self.disease:
            yield UNMET, RulesCode.RECOVERY_MISSING
        if illness.kind not in self.kinds:
            yield OPEN if illness.kind in (None, "unknown") else UNMET, RulesCode.RECOVERY_KIND
        first, last = asked.days(self.relative)
        window = agreed(self._days(first - illness.days[1]), self._days(last - illness.days[0]))
        yield window, RulesCode.RECOVERY_WINDOW
        if self.outside.codes or self.outside.lists:
            yield self._place(illness, asked), RulesCode.TEST_PLACE
        if self.letter:
            yield self._letter(illness, asked), RulesCode.RECOVERY_LETTER
        yield min(illness.state, OPEN if illness.sighted and not self.paper else MET), RulesCode.RECOVERY_OPEN

    def _days(self, ago: int) -> int:
        return MET if self.min_days <= ago <= self.max_days else UNMET

    def _place(self, illness: Illness, asked: Asked) -> int:
        if illness.place is None:
            return OPEN
        places = self.outside.on(illness.days[0], asked.case.known_day)
        return UNMET if within(illness.place, places) else MET

    def _letter(self, illness: Illness, asked: Asked) -> int:
        if illness.letter is not None:
            return MET if illness.letter else UNMET
        letters = [paper.state for name in LETTERS for paper in asked.case.shown.get(name, ())]
        return max(letters, default=UNMET)

    def explain(self, asked: Asked, out: list[Finding]) -> None:
        facts = {"min_days": self.min_days, "max_days": self.max_days}
        if not asked.case.recoveries:
            out.append(say(RulesCode.RECOVERY_MISSING, UNMET, **facts))
            return
        judged = [(min(self._parts(illness, asked)), illness) for illness in asked.case.recoveries]
        best = max(answer for (answer, _), _ in judged)
        for (answer, code), illness in judged:
            if answer == best:
                positive = date.fromordinal(illness.days[0]).isoformat()
                out.append(say(code, answer, illness.document, positive=positive, **facts))

    def satisfiers(self, asked: Asked) -> Iterator[Finding]:
        yield advise(RulesCode.CAN_RECOVER, min_days=self.min_days, max_days=self.max_days, letter=self.letter)

    def moments(self, asked: Asked) -> Iterator[tuple[Relative, int]]:
        for illness in asked.case.recoveries:
            yield self.relative, illness.days[1] + self.min_days
