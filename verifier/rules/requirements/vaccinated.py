"""Vaccinated: products accepted on that day, series, mixing, trials, day counts, expiry and boosters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from typing import Literal

import yaml
from pydantic import Field

from verifier.findings import Finding
from verifier.rules.case import Dose, Range
from verifier.rules.codes import RulesCode
from verifier.rules.logic import MET, OPEN, UNMET, agreed
from verifier.rules.requirements.base import Asked, Dangling, Node, Relative, Shop, Spec, advise, say

FOREVER = date.max.toordinal()


@lru_cache(maxsize=1)
def series() -> Mapping[str, int | None]:
    """Doses of the primary series by product; None for records that name no product. Read once."""
    text = resources.files("verifier.rules").joinpath("data/products.yaml").read_text("utf-8")
    doses: Mapping[str, int | None] = yaml.load(text, Loader=yaml.CSafeLoader)["doses"]
    return doses


class ProductRow(Spec):
    """One product of a list: accepted `from` a day of travel (as known since `announced`) `until` another."""

    product: str
    since: date | None = Field(default=None, alias="from")
    until: date | None = None
    announced: date | None = None


class ProductsSpec(Spec):
    """A dated list of products: `accepted`, and `unsure` ones that a person must look at. Known others are refused."""

    accepted: list[ProductRow]
    unsure: list[ProductRow] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ProductList:
    """Product -> (from, until, announced) in ordinals of days."""

    accepted: Mapping[str, tuple[tuple[int, int, int], ...]]
    unsure: Mapping[str, tuple[tuple[int, int, int], ...]]

    @classmethod
    def of(cls, spec: ProductsSpec) -> ProductList:
        """The compiled form; a product may have several rows."""

        def table(rows: Sequence[ProductRow]) -> Mapping[str, tuple[tuple[int, int, int], ...]]:
            out: dict[str, list[tuple[int, int, int]]] = {}
            for row in rows:
                span = (
                    row.since.toordinal() if row.since else 0,
                    row.until.toordinal() if row.until else FOREVER,
                    row.announced.toordinal() if row.announced else 0,
                )
                out.setdefault(row.product, []).append(span)
            return {product: tuple(spans) for product, spans in out.items()}

        return cls(table(spec.accepted), table(spec.unsure))

    def accepts(self, product: str | None, day: int, known_day: int) -> int:
        """MET, UNMET for a product known to be refused, OPEN where nobody can tell."""
        if product is None:
            return OPEN
        for start, end, announced in self.accepted.get(product, ()):
            if start <= day < end and announced <= known_day:
                return MET
        for start, end, announced in self.unsure.get(product, ()):
            if start <= day < end and announced <= known_day:
                return OPEN
        return UNMET if series().get(product) is not None else OPEN


class VaccinatedSpec(Spec):
    """Fully vaccinated by the definition of one authority.

    `min_days` counts from the completing dose, `count: calendar` (dose on the 1st, 14 days: the 15th) or `whole` (the
    16th).
    `max_days` is the last good day; `max_edge: open` sends that day to a person; `booster_lifts_max` for any later
    dose.
    `mix_interval` and `same_interval` are least days between two doses of different and of one product. `as_stated`:
    a document
    that says "n of n" is complete. `single`: one dose of these products completes, if given on or after `not_before`.
    `formats`: a dose on a document of any other format is a question for a person.
    """

    products: str
    min_days: int = 14
    count: Literal["calendar", "whole"] = "calendar"
    max_days: int | None = None
    max_edge: Literal["met", "open"] = "met"
    booster_lifts_max: bool = False
    booster: bool = False
    mix_interval: int = 0
    same_interval: int = 0
    as_stated: bool = False
    trial: bool = False
    single: tuple[str, ...] = ()
    not_before: date | None = None
    given_in: tuple[str, ...] = ()
    relative_to: Relative = "boarding"
    paper: bool = True
    formats: tuple[str, ...] = ()
    disease: str = "covid-19"

    def build(self, shop: Shop) -> Node:
        if self.products not in shop.products:
            raise Dangling("products", self.products)
        return Vaccinated(
            products=shop.products[self.products],
            min_days=self.min_days + (self.count == "whole"),
            max_days=self.max_days,
            edge=self.max_edge == "open",
            booster_lifts=self.booster_lifts_max,
            booster=self.booster,
            mix_interval=self.mix_interval,
            same_interval=self.same_interval,
            as_stated=self.as_stated,
            trial=self.trial,
            single=frozenset(self.single),
            not_before=self.not_before.toordinal() if self.not_before else 0,
            given_in=frozenset(self.given_in),
            relative=self.relative_to,
            paper=self.paper,
            formats=frozenset(self.formats),
            disease=self.disease,
        )


Counted = tuple[int, str | None, Dose]
"""A dose that counts at one level of trust: its day, product and record."""


@dataclass(frozen=True, slots=True)
class Vaccinated(Node):
    """See `VaccinatedSpec`."""

    products: ProductList
    min_days: int
    max_days: int | None
    edge: bool
    booster_lifts: bool
    booster: bool
    mix_interval: int
    same_interval: int
    as_stated: bool
    trial: bool
    single: frozenset[str]
    not_before: int
    given_in: frozenset[str]
    relative: Relative
    paper: bool
    formats: frozenset[str]
    disease: str

    def judge(self, asked: Asked) -> int:
        doses = asked.case.doses
        if not doses:
            return OPEN if asked.unread else UNMET
        answer = asked.memo.get(id(self))
        if answer is None:
            answer = asked.memo[id(self)] = self.judge_doses(doses, asked.days(self.relative), asked.case.known_day)
        return max(answer, OPEN) if asked.unread else answer

    def judge_doses(self, doses: Sequence[Dose], days: Range, known_day: int) -> int:
        """The answer for any person's doses, for a reference point between two days."""
        first = self._on(doses, days[0], known_day)
        return first if days[0] == days[1] else agreed(first, self._on(doses, days[1], known_day))

    def _on(self, doses: Sequence[Dose], day: int, known_day: int) -> int:
        if self._holds(self.counted(doses, day, known_day, MET), day, MET, doses):
            return MET
        return OPEN if self._holds(self.counted(doses, day, known_day, OPEN), day, OPEN, doses) else UNMET

    def counted(self, doses: Sequence[Dose], day: int, known_day: int, level: int) -> list[Counted]:
        """Doses that count if everything is sure (MET), or if every doubt were settled for the passenger (OPEN)."""
        out: list[Counted] = []
        for dose in doses:
            if dose.disease != self.disease or self._proof(dose) < level:
                continue
            if self.given_in and dose.country not in self.given_in and (level == MET or dose.country is not None):
                continue
            trial = self.trial and dose.trial is not None and dose.trial != "placebo"
            if trial and (level == OPEN or dose.trial == "active"):
                out.append((dose.days[1], dose.product, dose))
            elif self.products.accepts(dose.product, day, known_day) >= level:
                out.append((dose.days[1 if level == MET else 0], dose.product, dose))
        out.sort(key=lambda counted: counted[0])
        return out

    def _proof(self, dose: Dose) -> int:
        """MET for a dose on a document that is good enough here, OPEN for one on any other."""
        doubted = (dose.sighted and not self.paper) or (self.formats and self.formats.isdisjoint(dose.forms))
        return OPEN if doubted else dose.state

    def _unlisted(self, dose: Dose, doses: Sequence[Dose]) -> bool:
        """Whether a document states earlier doses that are not shown; those that are shown are judged themselves."""
        earlier = sum(other.disease == self.disease and other.days[1] < dose.days[0] for other in doses)
        return earlier < (dose.number or 0) - 1

    def complete(self, counted: Sequence[Counted], level: int, doses: Sequence[Dose]) -> int | None:
        """The day on which the primary series was complete; None if it is not. `doses`: all that are shown."""
        needs = series()
        for position, (day, product, dose) in enumerate(counted):
            if self.single:
                if product in self.single and day >= self.not_before:
                    return day
                continue
            need = needs.get(product or "") or (2 if level == MET else dose.total or 1)  # it may be complete with one
            if need == 1 or (self.trial and dose.trial not in (None, "placebo")):
                return day
            if self.as_stated and dose.number and dose.total and dose.number >= dose.total:
                return day
            if dose.number is not None and dose.number >= need and self._unlisted(dose, doses):
                return day - self.min_days if level == OPEN and dose.number > need else day
            before = counted[:position]
            alike = {other for other, name, _ in before if name == product and day - other >= self.same_interval}
            if len(alike) + 1 >= need:
                return day
            if need == 2 and any(name != product and day - other >= self.mix_interval for other, name, _ in before):
                return day
        return None

    def _holds(self, counted: Sequence[Counted], day: int, level: int, doses: Sequence[Dose]) -> bool:
        done = self.complete(counted, level, doses)
        if done is None or day - done < self.min_days:
            return False
        boosted = any(
            (other > done or dose.booster or (dose.number or 0) > min(dose.total or 99, series().get(name or "") or 99))
            and other <= day
            for other, name, dose in counted
        )
        if self.booster and not boosted:
            return False
        if self.max_days is None or (self.booster_lifts and boosted):
            return True
        return day - done <= self.max_days - (self.edge and level == MET)

    def explain(self, asked: Asked, out: list[Finding]) -> None:
        case, (day, _) = asked.case, asked.days(self.relative)
        answer = self.judge(asked)
        doses = [dose for dose in case.doses if dose.disease == self.disease]
        if not doses:
            out.append(say(RulesCode.VACCINATION_MISSING, answer))
            return
        if answer == OPEN:
            out.extend(self._doubts(doses, day, case.known_day))
            return
        counted = self.counted(doses, day, case.known_day, OPEN)
        if not counted:
            refused = sorted({dose.product or "" for dose in doses})
            out.append(say(RulesCode.PRODUCT_REFUSED, answer, products=refused))
            return
        done = self.complete(counted, OPEN, doses)
        if done is None:
            out.append(self._unfinished(counted, answer))
        elif day - done < self.min_days:
            first = date.fromordinal(done + self.min_days).isoformat()
            facts = {"completed": date.fromordinal(done).isoformat(), "days": day - done, "needed": self.min_days}
            out.append(say(RulesCode.VACCINATION_RECENT, answer, first_day=first, **facts))
        else:
            last = date.fromordinal(done + (self.max_days or 0)).isoformat()
            out.append(say(RulesCode.VACCINATION_EXPIRED, answer, last_day=last, max_days=self.max_days))

    def _doubts(self, doses: Sequence[Dose], day: int, known_day: int) -> Iterator[Finding]:
        unsure = sorted(
            {d.product or "" for d in doses if not d.trial and self.products.accepts(d.product, day, known_day) == OPEN}
        )
        if unsure:
            yield say(RulesCode.PRODUCT_UNSURE, OPEN, products=unsure)
        unproved = sorted({d.document for d in doses if d.document is not None and self._proof(d) == OPEN})
        for document in unproved:
            yield say(RulesCode.VACCINATION_OPEN, OPEN, document)
        if not unsure and not unproved:
            yield say(RulesCode.VACCINATION_EDGE, OPEN, min_days=self.min_days, max_days=self.max_days)

    def _unfinished(self, counted: Sequence[Counted], answer: int) -> Finding:
        if len(counted) > 1 and not self.single:
            apart = max(later[0] - sooner[0] for sooner, later in pairwise(counted))
            if counted[0][1] != counted[-1][1] and apart < self.mix_interval:
                return say(RulesCode.INTERVAL_SHORT, answer, days=apart, needed=self.mix_interval)
        needed = 1 if self.single else series().get(counted[0][1] or "") or 2
        return say(RulesCode.SERIES_INCOMPLETE, answer, doses=len(counted), needed=needed)

    def satisfiers(self, asked: Asked) -> Iterator[Finding]:
        yield advise(RulesCode.CAN_VACCINATE, min_days=self.min_days, max_days=self.max_days)

    def moments(self, asked: Asked) -> Iterator[tuple[Relative, int]]:
        day, _ = asked.days(self.relative)
        doses = asked.case.doses
        done = self.complete(self.counted(doses, day, asked.case.known_day, MET), MET, doses)
        if done is not None:
            yield self.relative, done + self.min_days
