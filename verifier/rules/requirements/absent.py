"""Absent: no presence in listed places in the last n days. Transit counts as presence unless a list of places says
otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from verifier.findings import Finding
from verifier.rules.case import Case
from verifier.rules.codes import RulesCode
from verifier.rules.logic import MET, OPEN, UNMET, agreed
from verifier.rules.places import within
from verifier.rules.requirements.base import Asked, Node, Places, Relative, Shop, Spec, advise, say


class AbsentSpec(Spec):
    """Nowhere in `places` (codes, or names of dated lists) in the last `days` days before the reference day.

    `edge`: what exactly the last day of the window means: `open` where the sources do not settle how to count.
    `elsewhere`: it is about every place but these: nowhere else in the last `days` days.
    """

    places: tuple[str, ...]
    days: int = 14
    edge: Literal["open", "met", "unmet"] = "open"
    transit: bool = True
    elsewhere: bool = False
    relative_to: Relative = "arrival"

    def build(self, shop: Shop) -> Node:
        edge = {"open": OPEN, "met": MET, "unmet": UNMET}[self.edge]
        return Absent(shop.place_set(self.places), self.days, edge, self.transit, self.elsewhere, self.relative_to)


@dataclass(frozen=True, slots=True)
class Absent(Node):
    """See `AbsentSpec`."""

    places: Places
    days: int
    edge: int
    transit: bool
    elsewhere: bool
    relative: Relative

    def judge(self, asked: Asked) -> int:
        (first, last), (soonest, latest) = asked.days(self.relative), asked.instants(self.relative)
        answer = self._on(asked.case, first, soonest)
        if soonest == latest and first == last:
            return answer
        return agreed(answer, self._on(asked.case, last, latest))

    def _on(self, case: Case, day: int, at: int) -> int:
        places = self.places.on(day, case.known_day, at)
        answer = MET
        for place, last in self._presence(case, day):
            ago = day - last
            if ago <= self.days and self._meant(place, places):
                answer = min(answer, UNMET if ago < self.days else self.edge)
        if answer == MET and not case.stays_complete and not self._covered(case, day):
            return OPEN
        return answer

    def _meant(self, place: str, places: frozenset[str]) -> bool:
        return within(place, places) != self.elsewhere

    def _presence(self, case: Case, day: int) -> Iterator[tuple[str, int]]:
        """Places and the last day in each: the points of the journey, then the stays before it."""
        for position, leg in enumerate(case.legs[: case.crossing + 1]):
            if position == 0 or self.transit:
                yield leg.origin_place, min(leg.departs_days[1], day)
        for stay in case.stays or ():
            if stay.first <= day and (self.transit or not stay.transit):
                yield stay.place, min(stay.last, day)

    def _covered(self, case: Case, day: int) -> bool:
        """Whether the stays that were stated cover every day of the window."""
        wanted = day - self.days
        for stay in sorted(case.stays or (), key=lambda stay: stay.first):
            if stay.first > wanted:
                return False
            wanted = max(wanted, stay.last + 1)
            if wanted > case.legs[0].departs_days[0]:
                return True
        return False

    def explain(self, asked: Asked, out: list[Finding]) -> None:
        case, (_, day) = asked.case, asked.days(self.relative)
        places = self.places.on(day, case.known_day, asked.instants(self.relative)[1])
        found = [
            (place, last)
            for place, last in self._presence(case, day)
            if self._meant(place, places) and day - last <= self.days
        ]
        if not found:
            out.append(say(RulesCode.PRESENCE_UNKNOWN, OPEN, days=self.days))
            return
        last = max(last for _, last in found)
        code = RulesCode.PRESENCE if self.judge(asked) == UNMET else RulesCode.PRESENCE_EDGE
        names = sorted({place for place, _ in found})
        facts = {"places": names, "last_day": date.fromordinal(last).isoformat(), "days": self.days}
        out.append(say(code, self.judge(asked), **facts))

    def satisfiers(self, asked: Asked) -> Iterator[Finding]:
        yield advise(RulesCode.CAN_STAY_AWAY, days=self.days)

    def moments(self, asked: Asked) -> Iterator[tuple[Relative, int]]:
        _, day = asked.days(self.relative)
        places = self.places.on(day, asked.case.known_day)
        last = [last for place, last in self._presence(asked.case, day) if self._meant(place, places)]
        if last:
            yield self.relative, max(last) + self.days + (0 if self.edge == MET else 1)
