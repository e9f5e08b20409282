"""Are two records about one person? A deterministic answer with reasons, and a sentence an agent can act on.

`match_names` judges two names with their dates of birth; `verifier.identity.person` puts certificate, passport and
booking together. The policy: `match` only when every visible difference has a rule that explains it and the dates agree
or one side has none; `refer` when one plausible human explanation remains; `mismatch` when a given name or the date
contradicts. Nothing scores, and no good name rescues a different year.
"""

from __future__ import annotations

from dataclasses import dataclass

from verifier.findings import Finding, Outcome
from verifier.identity.align import Reason, Relation
from verifier.identity.codes import EXPLAINED, DateRelation, Grade, Label
from verifier.identity.codes import IdentityCode as C
from verifier.identity.compare import compare
from verifier.identity.dates import relate_dates
from verifier.identity.divided import NOTHING
from verifier.identity.names import NameSource, PersonName
from verifier.quick import quick
from verifier.wording import action, sentence

_M, _R, _X = Label.MATCH, Label.REFER, Label.MISMATCH
_E, _A, _P, _S, _Y, _D = (
    DateRelation.EQUAL, DateRelation.ABSENT, DateRelation.PARTIAL, DateRelation.SLIP, DateRelation.YEAR_DIGIT,
    DateRelation.DIFFERENT,
)  # fmt: skip

# What names and dates of birth give together. YEAR_DIGIT is for long names; a short one is a mismatch (SHORT_NAME).
LABELS: dict[Grade, dict[DateRelation, Label]] = {
    Grade.MATCH: {_E: _M, _A: _M, _P: _R, _S: _R, _Y: _R, _D: _X},
    Grade.MATCH_DATED: {_E: _M, _A: _R, _P: _R, _S: _R, _Y: _X, _D: _X},
    Grade.REFER: {_E: _R, _A: _R, _P: _R, _S: _X, _Y: _X, _D: _X},
    Grade.REFER_DATED: {_E: _R, _A: _X, _P: _R, _S: _X, _Y: _X, _D: _X},
    Grade.MISMATCH: {_E: _X, _A: _X, _P: _X, _S: _X, _Y: _X, _D: _X},
}
_NO_NAME = {_E: _R, _A: _R, _P: _R, _S: _R, _Y: _R, _D: _X}
SHORT_NAME = 10  # letters: a common name under this length proves too little to doubt a digit of the year

_NOTE = Outcome.NOTE
OUTCOMES = {_M: Outcome.MET, _R: Outcome.OPEN, _X: Outcome.UNMET}
_PAIR_CODES = {_M: C.PAIR_MATCH, _R: C.PAIR_REFER, _X: C.PAIR_MISMATCH}
TERMS = {
    NameSource.DCC: "names.certificate", NameSource.SHC: "names.certificate", NameSource.VDS: "names.certificate",
    NameSource.DIVOC: "names.certificate", NameSource.MRZ: "names.passport", NameSource.BCBP: "names.boarding-pass",
    NameSource.PNR: "names.booking", NameSource.TEXT: "names.traveller",
}  # fmt: skip
_AGREE: tuple[Reason, ...] = ((C.NAMES_AGREE, 0),)
_MAX_SENTENCES = 3


@quick
@dataclass(frozen=True, slots=True)
class MatchResult:
    """The answer for one pair.

    Attributes:
        label: match, refer or mismatch.
        reasons: code and side (0 both, 1 the first, 2 the second), the weightiest first.
        date: how the dates of birth relate.
        a, b: terms of the two sources, keys of the catalogue `names`.
    """

    label: Label
    reasons: tuple[Reason, ...]
    date: DateRelation
    a: str
    b: str

    @property
    def codes(self) -> tuple[C, ...]:
        """The reasons without their sides."""
        return tuple(code for code, _ in self.reasons)

    def facts(self, side: int = 0) -> dict[str, str]:
        """Facts of one reason: the two sources, and the one it is about."""
        facts = {"a": self.a, "b": self.b}
        if side:
            facts["on"] = self.a if side == 1 else self.b
        return facts

    def findings(self, document: int | None = None) -> tuple[Finding, ...]:
        """The answer as one finding, then one for each reason: a NOTE where a rule explains it, else the outcome."""
        outcome = OUTCOMES[self.label]
        facts = self.facts()
        out = [Finding(_PAIR_CODES[self.label], outcome, facts, False, document)]
        for code, side in self.reasons:
            weight = _NOTE if self.label is _M or code in EXPLAINED else outcome
            out.append(Finding(code, weight, self.facts(side) if side else facts, False, document))
        return tuple(out)

    def sentence(self, language: str = "en") -> str:
        """What was found and what to do, for an agent: the weightiest reasons, then one next action."""
        weighty = [reason for reason in self.reasons if reason[0] not in EXPLAINED]
        told = (weighty or list(self.reasons))[:_MAX_SENTENCES]
        if weighty and self.date is DateRelation.EQUAL:
            told = [*told[: _MAX_SENTENCES - 1], (C.DATE_EQUAL, 0)]
        said = [sentence(code, self.facts(side), language) for code, side in told]
        todo = next((text for code, side in weighty if (text := action(code, self.facts(side), language))), None)
        todo = todo or action(_PAIR_CODES[self.label], self.facts(), language)
        return " ".join([*said, todo] if todo else said)


def agreement(term: str) -> MatchResult:
    """A certificate and another source (`term`) that write name and date of birth alike."""
    return _told(Label.MATCH, (*_AGREE, (C.DATE_EQUAL, 0)), _E, "names.certificate", term)


def match_names(a: PersonName, b: PersonName) -> MatchResult:
    """Judge two names with their dates of birth. Never raises; symmetric but for the side of the reasons.

    Where a name is missing or a placeholder there is no evidence: `refer`, unless the dates contradict.
    """
    date, date_code = relate_dates(a.birth, b.birth, a.shifted or b.shifted)
    relation, named = _names(a, b)
    grade = relation.grade
    label = LABELS[grade][date] if named else _NO_NAME[date]
    if date is _Y and label is _R and min(_letters(a), _letters(b)) < SHORT_NAME:
        label = _X
    reasons = relation.reasons
    caps = tuple([(code, 1) for code in a.caps] + [(code, 2) for code in b.caps]) if a.caps or b.caps else ()
    if caps and label is _M:
        label = _R
    if grade is Grade.MATCH and not reasons:
        reasons = _AGREE
    dated = ((date_code, 0),)
    reasons = caps + reasons + dated if date is _E or date is _A else dated + caps + reasons
    if a.remarks or b.remarks:
        reasons += tuple([(code, 1) for code in a.remarks] + [(code, 2) for code in b.remarks])
    return _told(label, reasons, date, a.term or TERMS[a.source], b.term or TERMS[b.source])


def _told(label: Label, reasons: tuple[Reason, ...], date: DateRelation, one: str, other: str) -> MatchResult:
    """The result with the words for the two sources; where one word fits both, they are the first and the second."""
    if one == other:
        one, other = "names.first", "names.second"
    return MatchResult(label, reasons, date, one, other)


def _names(a: PersonName, b: PersonName) -> tuple[Relation, bool]:
    """Relation of the names, and whether there are names on both sides to speak of."""
    if not a.forms or not b.forms:
        sides = [side for side, name in ((1, a), (2, b)) if not name.forms and C.NOT_LATIN not in name.caps]
        return Relation(Grade.REFER, tuple((C.NO_NAME, side) for side in sides)), False
    if a.initials or b.initials:
        return _initials(a, b), True
    relation = compare(a, b)
    if relation.grade < Grade.MATCH:
        for side, name in ((1, a), (2, b)):
            if _letters_only(name):
                return Relation(Grade.REFER, ((C.PLACEHOLDER, side),)), False
    return relation, True


def _letters_only(name: PersonName) -> bool:
    """Only single letters: a placeholder or a careless issuer, no evidence either way."""
    return all(len(word[0]) == 1 for form in name.forms for word in form.primary + form.secondary)


def _initials(a: PersonName, b: PersonName) -> Relation:
    """First letters of surname and given name where one side has no more: they can contradict, not confirm."""
    for x in a.forms:
        for y in b.forms:
            pairs = ((x.primary, y.primary), (x.secondary, y.secondary))
            if all(not p or not q or {w[0] for w in p[0]} & {w[0] for w in q[0]} for p, q in pairs):
                return Relation(Grade.REFER, ((C.INITIALS_AGREE, 0),))
    return NOTHING


def _letters(name: PersonName) -> int:
    return sum(len(word[0]) for word in name.forms[0].primary + name.forms[0].secondary) if name.forms else 0
