"""Tested: a negative test in calendar days or hours before departure or arrival, by kind, place and who took it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from pydantic import model_validator

from verifier.findings import Finding
from verifier.rules.case import Specimen
from verifier.rules.case_evidence import SELF
from verifier.rules.codes import RulesCode
from verifier.rules.logic import MET, OPEN, UNMET, all_of
from verifier.rules.places import lineage, within
from verifier.rules.requirements.base import Asked, Node, Places, Relative, Shop, Spec, advise, say


class TestedSpec(Spec):
    """A negative test. `at_last_stop`: taken in the country that the leg which enters leaves; taken elsewhere it is
    OPEN.

    `days` are calendar days before the local day of the reference point, whatever the hour; `hours` count exactly.
    One of them.
    `supervised: self-tests` asks it of self-tests alone, `always` of every test. `taken_outside` / `taken_in`: place
    of the
    specimen. `leaving`: the reference is the departure of the leg that leaves one of these places (a retest point).
    """

    __test__ = False

    kinds: tuple[Literal["naat", "antigen", "antibody"], ...]
    days: int | None = None
    hours: int | None = None
    relative_to: Relative = "departure"
    leaving: tuple[str, ...] = ()
    supervised: Literal["no", "self-tests", "always"] = "no"
    taken_outside: tuple[str, ...] = ()
    taken_in: tuple[str, ...] = ()
    at_last_stop: bool = False
    paper: bool = True
    disease: str = "covid-19"

    @model_validator(mode="after")
    def _one_unit(self) -> TestedSpec:
        if (self.days is None) == (self.hours is None):
            raise ValueError("either days or hours")
        return self

    def build(self, shop: Shop) -> Node:
        return Tested(
            frozenset(self.kinds),
            self.days,
            self.hours,
            self.relative_to,
            shop.place_set(self.leaving),
            self.supervised,
            shop.place_set(self.taken_outside),
            shop.place_set(self.taken_in),
            self.at_last_stop,
            self.paper,
            self.disease,
        )


Verdict = tuple[int, RulesCode]


@dataclass(frozen=True, slots=True)
class Tested(Node):
    """See `TestedSpec`."""

    kinds: frozenset[str]
    days: int | None
    hours: int | None
    relative: Relative
    leaving: Places
    supervised: str
    outside: Places
    inside: Places
    last_stop: bool
    paper: bool
    disease: str

    def judge(self, asked: Asked) -> int:
        if asked.fresh:
            return MET
        answer = OPEN if asked.unread else UNMET
        for test in asked.case.tests:
            answer = max(answer, self._whole(test, asked)[0])
        return answer

    def _reference(self, asked: Asked) -> tuple[int, int, int, int]:
        """Instants and days of the reference point: first, last, first day, last day."""
        if self.leaving.codes or self.leaving.lists:
            case = asked.case
            places = self.leaving.on(case.entry.departs_days[0], case.known_day)
            for leg in case.legs[: case.crossing + 1]:
                if leg.origin in places or within(leg.origin_place, places):
                    return *leg.departs, *leg.departs_days
        return *asked.instants(self.relative), *asked.days(self.relative)

    def _whole(self, test: Specimen, asked: Asked) -> Verdict:
        """The worst of all that is asked of one test, and why."""
        return min(self._parts(test, asked), key=lambda part: part[0])

    def _parts(self, test: Specimen, asked: Asked) -> Iterator[Verdict]:
        if test.disease != self.disease:
            yield UNMET, RulesCode.TEST_MISSING
        if test.kind not in self.kinds:
            yield OPEN if test.kind == "unknown" else UNMET, RulesCode.TEST_KIND
        if test.result != "negative":
            yield OPEN if test.result == "unknown" else UNMET, RulesCode.TEST_RESULT
        yield self._window(test, asked)
        if self.supervised != "no":
            yield self._supervision(test), RulesCode.TEST_UNSUPERVISED
        if self.last_stop or self.outside.codes or self.outside.lists or self.inside.codes or self.inside.lists:
            yield self._place(test, asked), RulesCode.TEST_PLACE
        yield min(test.state, OPEN if test.sighted and not self.paper else MET), RulesCode.TEST_OPEN

    def _window(self, test: Specimen, asked: Asked) -> Verdict:
        first, last, first_day, last_day = self._reference(asked)
        if test.taken[0] > last:
            return UNMET, RulesCode.TEST_LATE
        if self.days is not None:
            newest, oldest, limit = first_day - test.days[1], last_day - test.days[0], self.days
        else:
            newest, oldest, limit = first - test.taken[1], last - test.taken[0], (self.hours or 0) * 3600
        if oldest <= limit and test.taken[1] <= first:
            return MET, RulesCode.TEST_OPEN
        if newest > limit:
            return UNMET, RulesCode.TEST_OLD
        # the specimen lies on the day of departure, or the departure is known to the day only
        return (
            (MET, RulesCode.TEST_OPEN) if oldest <= limit and test.days[1] <= first_day else (OPEN, RulesCode.TEST_OPEN)
        )

    def _supervision(self, test: Specimen) -> int:
        if test.supervised is not None:
            return MET if test.supervised else UNMET
        if self.supervised == "self-tests":
            return UNMET if test.taken_by in SELF else MET
        return OPEN

    def _place(self, test: Specimen, asked: Asked) -> int:
        if test.place is None:
            return OPEN
        day, known = test.days[0], asked.case.known_day
        inside = self.inside.on(day, known)
        return all_of(
            (
                UNMET if within(test.place, self.outside.on(day, known)) else MET,
                MET if not inside or within(test.place, inside) else UNMET,
                OPEN if self.last_stop and not within(test.place, self._stop(asked)) else MET,
            )
        )

    def _stop(self, asked: Asked) -> frozenset[str]:
        return lineage(asked.case.entry.origin_place)

    def explain(self, asked: Asked, out: list[Finding]) -> None:
        if not asked.case.tests:
            out.append(say(RulesCode.TEST_MISSING, UNMET, **self._wanted()))
            return
        judged = [(self._whole(test, asked), test) for test in asked.case.tests]
        best = max(answer for (answer, _), _ in judged)
        for (answer, code), test in judged:
            if answer == best:
                taken = date.fromordinal(test.days[0]).isoformat()
                out.append(say(code, answer, test.document, taken=taken, kind=test.kind, **self._wanted(asked)))

    def _wanted(self, asked: Asked | None = None) -> dict[str, object]:
        """What is asked for: kinds, window, and from when on a specimen is good."""
        wanted: dict[str, object] = {"kinds": sorted(self.kinds), "days": self.days, "hours": self.hours}
        if asked is not None:
            first, _, first_day, _ = self._reference(asked)
            if self.days is not None:
                wanted["not_before"] = date.fromordinal(first_day - self.days).isoformat()
            else:
                wanted["not_before"] = datetime.fromtimestamp(first - (self.hours or 0) * 3600, UTC).isoformat()
        return {key: value for key, value in wanted.items() if value is not None}

    def satisfiers(self, asked: Asked) -> Iterator[Finding]:
        yield advise(RulesCode.CAN_TEST, **self._wanted(asked))
