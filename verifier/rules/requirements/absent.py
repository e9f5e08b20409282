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
from verifier.rules.places import lineage
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
        answer = self._on(asked, first, soonest)
        if soonest == latest and first == last:
            return answer
        return agreed(answer, self._on(asked, last, latest))

    def _on(self, asked: Asked, day: int, at: int) -> int:
        case = asked.case
        places = self.places.on(day, case.known_day, at)
        answer, days = MET, self.days
        for lies_in, last, _ in self._presence(asked, day):
            ago = day - last
            if ago <= days and places.isdisjoint(lies_in) is self.elsewhere:
                answer = min(answer, UNMET if ago < days else self.edge)
        if answer == MET and not case.stays_complete and not self._covered(case, day):
            return OPEN
        return answer

    def _presence(self, asked: Asked, day: int) -> tuple[tuple[frozenset[str], int, str], ...]:
        """What the person was in, until which day, and its code: points of the journey, then the stays before it."""
        found = asked.been.get((day, self.transit))
        if found is None:
            case = asked.case
            legs = case.legs[: case.crossing + 1] if self.transit else case.legs[:1]
            been = [(leg.origin_place, leg.departs_days[1]) for leg in legs]
            for stay in case.stays or ():
                if stay.first <= day and (self.transit or not stay.transit):
                    been.append((stay.place, stay.last))
            found = tuple((lineage(place), min(last, day), place) for place, last in been)
            asked.been[day, self.transit] = found
        return found

    def _met(self, asked: Asked, day: int, places: frozenset[str]) -> list[tuple[str, int]]:
        """Places that count, with the last day in each."""
        return [
            (place, last)
            for lies_in, last, place in self._presence(asked, day)
            if places.isdisjoint(lies_in) is self.elsewhere
        ]

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
        found = [(place, last) for place, last in self._met(asked, day, places) if day - last <= self.days]
        if not found:
            out.append(say(RulesCode.PRESENCE_UNKNOWN, OPEN, days=self.days))
            return
        last = max(last for _, last in found)
        answer = self.judge(asked)
        code = RulesCode.PRESENCE if answer == UNMET else RulesCode.PRESENCE_EDGE
        names = sorted({place for place, _ in found})
        facts = {"places": names, "last_day": date.fromordinal(last).isoformat(), "days": self.days}
        out.append(say(code, answer, **facts))

    def satisfiers(self, asked: Asked) -> Iterator[Finding]:
        yield advise(RulesCode.CAN_STAY_AWAY, days=self.days)

    def moments(self, asked: Asked) -> Iterator[tuple[Relative, int]]:
        _, day = asked.days(self.relative)
        places = self.places.on(day, asked.case.known_day)
        last = [last for _, last in self._met(asked, day, places)]
        if last:
            yield self.relative, max(last) + self.days + (0 if self.edge == MET else 1)
