"""Holds: attestations, contact data, forms, receipts, bookings, and letters that only a person can judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import Field

from verifier.findings import Finding
from verifier.rules.case import Shown
from verifier.rules.codes import RulesCode
from verifier.rules.facts import instant, moment_of, word
from verifier.rules.logic import MET, OPEN, UNMET
from verifier.rules.places import zone
from verifier.rules.requirements.base import Asked, Node, Relative, Shop, Spec, advise, say

KNOWN_LETTERS: Final = frozenset(
    {
        "medical-contraindication",
        "clinical-trial",
        "humanitarian",
        "humanitarian-emergency",
        "emergency",
        "waiver",
        "national-interest",
        "law-enforcement",
        "usg-invitation",
        "military-orders",
        "un-hq",
        "crew",
        "no-significant-risk",
        "critical-infrastructure",
        "journalist",
        "compassionate",
        "diplomatic",
        "cbp-discretion",
        "religious",
        "personal-belief",
        "recovery",
        "antibody",
        "unable",
    }
)
"""Kinds of exception letter that the packs tell apart. A letter of another kind is a question, not a refusal."""


class ShownSpec(Spec):
    """One of these papers is shown. `where`: attributes it must have; `within_hours` of the reference point when
    `submitted_at`.
    """

    what: tuple[str, ...] = Field(min_length=1)
    where: Mapping[str, bool | int | str] = Field(default_factory=dict)
    within_hours: int | None = None
    relative_to: Relative = "arrival"
    missing: Literal["unmet", "open"] = "unmet"

    def build(self, shop: Shop) -> Node:
        missing = OPEN if self.missing == "open" else UNMET
        return Holds(self.what, tuple(self.where.items()), self.within_hours, self.relative_to, missing)


@dataclass(frozen=True, slots=True)
class Holds(Node):
    """See `ShownSpec`."""

    what: tuple[str, ...]
    where: tuple[tuple[str, Any], ...]
    hours: int | None
    relative: Relative
    missing: int

    def judge(self, asked: Asked) -> int:
        if asked.fresh:
            return MET
        shown = asked.case.shown
        answer = OPEN if asked.unread else self.missing
        for name in self.what:
            if name in shown:
                for paper in shown[name]:
                    answer = max(answer, self._one(paper, asked))
        return answer

    def _one(self, paper: Shown, asked: Asked) -> int:
        answer = paper.state
        for key, wanted in self.where:
            if paper.attributes.get(key, wanted) != wanted:
                return UNMET
        submitted = paper.attributes.get("submitted_at") if self.hours is not None else None
        if submitted is not None:
            moment = moment_of(submitted, zone(None))
            if moment is None:
                return OPEN
            first, last = asked.instants(self.relative)
            if not first - (self.hours or 0) * 3600 <= instant(moment) <= last:
                return UNMET
        return answer

    def explain(self, asked: Asked, out: list[Finding]) -> None:
        answer = self.judge(asked)
        held = [paper.document for name in self.what for paper in asked.case.shown.get(name, ())]
        code = RulesCode.SHOWN_OPEN if answer == OPEN and held else RulesCode.NOT_SHOWN
        out.append(say(code, answer, held[0] if held else None, what=list(self.what)))

    def satisfiers(self, asked: Asked) -> Iterator[Finding]:
        yield advise(RulesCode.CAN_SHOW, what=list(self.what))


class LetterSpec(Spec):
    """A letter claims one of these exceptions: OPEN, a person decides. Letters that claim another known one are no
    ground.
    """

    kinds: tuple[str, ...] = Field(min_length=1)

    def build(self, shop: Shop) -> Node:
        return Letter(frozenset(self.kinds))


@dataclass(frozen=True, slots=True)
class Letter(Node):
    """See `LetterSpec`."""

    kinds: frozenset[str]

    def judge(self, asked: Asked) -> int:
        return OPEN if "exception_letter" in asked.case.shown and self._claims(asked) else UNMET

    def _claims(self, asked: Asked) -> list[tuple[str, int | None]]:
        letters = asked.case.shown.get("exception_letter", ())
        named = [(word(paper.attributes.get("kind")) or "unknown", paper.document) for paper in letters]
        return [(kind, document) for kind, document in named if kind in self.kinds or kind not in KNOWN_LETTERS]

    def explain(self, asked: Asked, out: list[Finding]) -> None:
        for kind, document in self._claims(asked):
            out.append(say(RulesCode.LETTER, OPEN, document, kind=kind if kind in KNOWN_LETTERS else "other"))

    def satisfiers(self, asked: Asked) -> Iterator[Finding]:
        yield advise(RulesCode.CAN_SHOW, what=[f"letter: {kind}" for kind in sorted(self.kinds)])
