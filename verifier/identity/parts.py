"""Surname parts against surname parts, given names against given names: a grade and the reasons.

Rules, in the order of the design: separators and permitted spellings never matter; missing further given names are
explained; a contradicting given name blocks; a slip, another romanisation or a short form leaves the pair to a person.
"""

from __future__ import annotations

from collections.abc import Sequence

from verifier.identity import lexicon
from verifier.identity.align import SEPARATED, SPELLED, Reason, Relation, Words, equal, holds, left_over, merge
from verifier.identity.codes import Grade
from verifier.identity.codes import IdentityCode as C
from verifier.identity.likeness import Likeness, likeness, same
from verifier.identity.text import Word

SYLLABLE = 3  # letters of a name that may be one syllable of two
MAX_LEFT = 4  # unexplained words that are still compared one by one

_MISSING_ON_A = Relation(Grade.MATCH, ((C.GIVEN_MISSING, 1),))
_MISSING_ON_B = Relation(Grade.MATCH, ((C.GIVEN_MISSING, 2),))
GIVEN_DIFFERS = Relation(Grade.MISMATCH, ((C.GIVEN_DIFFERS, 0),))
SURNAME_DIFFERS = Relation(Grade.REFER_DATED, ((C.SURNAME_CHANGED, 0),), other=True)

# What a likeness of two words says and allows. DIFFERENT is not among them: it is a contradiction.
_PLAUSIBLE: dict[Likeness, tuple[Grade, C | None, bool]] = {
    Likeness.INITIAL: (Grade.REFER, C.INITIAL_ONLY, False),
    Likeness.ABBREVIATION: (Grade.REFER, C.ABBREVIATION, False),
    Likeness.ROMANISATION: (Grade.REFER, C.ROMANISATION, False),
    Likeness.SHORT_FORM: (Grade.REFER, C.SHORT_FORM, False),
    Likeness.OTHER_LANGUAGE: (Grade.REFER_DATED, C.OTHER_LANGUAGE, False),
    Likeness.SLIP: (Grade.REFER, None, True),
    Likeness.WEAK_SLIP: (Grade.REFER_DATED, None, True),
    Likeness.SHORTENED: (Grade.REFER, C.SHORTENED, True),
    Likeness.TAIL: (Grade.REFER_DATED, C.SHORTENED, True),
}
_WHOLE = frozenset({Likeness.ROMANISATION, Likeness.SLIP, Likeness.WEAK_SLIP, Likeness.ABBREVIATION})


def _drop(words: list[Word], kinds: frozenset[str]) -> list[Word]:
    return [word for word in words if word[0] not in kinds]


def _pair_up(left_a: list[Word], left_b: list[Word], slip_code: C) -> Relation | None:
    """Each word of the shorter list beside a plausible one of the longer; None where one has no partner."""
    if len(left_a) > len(left_b):
        left_a, left_b = left_b, left_a
    if len(left_b) > MAX_LEFT:
        return None
    grade, reasons, slip, free = Grade.REFER, [], False, list(left_b)
    for word in left_a:
        partner = min(free, key=lambda other: _RANK[likeness(word, other)])
        plausible = _PLAUSIBLE.get(likeness(word, partner))
        if plausible is None:
            return None
        free.remove(partner)
        grade, slip = min(grade, plausible[0]), slip or plausible[2]
        reasons.append((plausible[1] or slip_code, 0))
    return Relation(grade, tuple(dict.fromkeys(reasons)), slip)


_RANK = {kind: rank for rank, kind in enumerate(Likeness)}


# --- surnames ---------------------------------------------------------------------------------------------------------


def surnames(a: Words, b: Words) -> Relation:
    """Relation of two primary identifiers, neither empty."""
    found = equal(a, b)
    if found:
        return found
    a, b, separated = merge(a, b)
    if separated and equal(a, b):
        return SEPARATED
    explained: tuple[Reason, ...] = ((C.SEPARATORS, 0),) if separated else ()
    left_a, left_b, _ = left_over(a, b)
    shared = len(left_a) < len(a) and len(left_b) < len(b)
    if not left_a and not left_b:  # GARCIA GARCIA against GARCIA is a missing part too
        missing = (C.SURNAME_PART_MISSING, 1 if len(a) < len(b) else 2)
        return Relation(Grade.REFER, ((C.SURNAME_ORDER, 0) if len(a) == len(b) else missing,))
    if shared:
        found = _surnames_sharing(left_a, left_b, a[-1:] + b[-1:])
        if found:
            return found._replace(reasons=explained + found.reasons)
    if len(left_a) == len(left_b):
        found = _pair_up(left_a, left_b, C.SURNAME_SLIP)
        if found:
            return found
    whole = likeness(("".join([w[0] for w in a]),), ("".join([w[0] for w in b]),))
    if whole in _WHOLE:
        grade, code, slip = _PLAUSIBLE[whole]
        return Relation(grade, ((code or C.SURNAME_SLIP, 0),), slip)
    if shared and same(a[0], b[0]):
        return Relation(Grade.REFER_DATED, ((C.SECOND_SURNAME, 0),), other=True)
    return SURNAME_DIFFERS


def _surnames_sharing(left_a: list[Word], left_b: list[Word], last: Words) -> Relation | None:
    """Surnames that have words in common: what the words left over mean. None where both have unexplained ones.

    A particle stands before a name: the last word of a surname is none.
    """
    particles = (lexicon.PARTICLES | lexicon.PATRONYMICS) - {word[0] for word in last}
    rest_a, rest_b = _drop(left_a, particles), _drop(left_b, particles)
    if not rest_a and not rest_b:
        side = 0 if left_a and left_b else 2 if left_a else 1
        articles = {word[0] for word in (*left_a, *left_b)} & lexicon.ARTICLES
        if articles and articles <= lexicon.PATRONYMICS | lexicon.ARTICLES:
            return Relation(Grade.REFER, ((C.ARTICLE, side),))
        return Relation(Grade.REFER if side == 0 else Grade.MATCH_DATED, ((C.PARTICLE, side),))
    rest_a, rest_b = _drop(rest_a, lexicon.ARTICLES), _drop(rest_b, lexicon.ARTICLES)
    if not rest_a and not rest_b:
        return Relation(Grade.REFER, ((C.ARTICLE, 0 if left_a and left_b else 2 if left_a else 1),))
    if not rest_a or not rest_b:
        return Relation(Grade.REFER, ((C.SURNAME_PART_MISSING, 2 if rest_a else 1),))
    return None


# --- given names ------------------------------------------------------------------------------------------------------


def givens(a: Words, b: Words) -> Relation:
    """Relation of two secondary identifiers, neither empty."""
    found = equal(a, b) or begins(a, b)
    if found:
        return found
    a, b, separated = merge(a, b)
    explained: tuple[Reason, ...] = ((C.SEPARATORS, 0),) if separated else ()
    left_a, left_b, initials = left_over(a, b)
    if initials:
        explained = (*explained, (C.MIDDLE_INITIAL, 0))
    repeated = len(a) != len(b) and not left_a and not left_b
    left_a, left_b = _drop_links(left_a, a), _drop_links(left_b, b)
    if repeated:  # MIN MIN is not MIN
        found = Relation(Grade.REFER, ((C.NAME_PART_MISSING, 1 if len(a) < len(b) else 2),))
    elif same(a[0], b[0]):
        found = _first_agrees(a, b, left_a, left_b)
    elif not left_a and not left_b:  # ANNA MARIA and MARIA ANNA may be sisters
        found = Relation(Grade.REFER, ((C.GIVEN_ORDER, 0),))
    elif holds(b, a[0]) or holds(a, b[0]):
        grade = Grade.REFER_DATED if left_a and left_b else Grade.REFER
        found = Relation(grade, ((C.GIVEN_ELSEWHERE, 2 if left_a else 1),))
    else:
        found = _first_differs(a, b, left_a, left_b)
    return found._replace(reasons=explained + found.reasons) if explained else found


def begins(a: Words, b: Words) -> Relation | None:
    """The common case cheaply: one side has the other's given names, and further ones after them."""
    if len(a) < len(b):
        return _MISSING_ON_A if b[: len(a)] == a and not _half_a_name(a, b[len(a) :]) else None
    if len(b) < len(a):
        return _MISSING_ON_B if a[: len(b)] == b and not _half_a_name(b, a[len(b) :]) else None
    return None


def _half_a_name(kept: Sequence[Word], missing: Sequence[Word]) -> bool:
    """JI against JI HYE: perhaps half of one given name in two syllables, not a first name without a second.

    Told by length alone: so short a name proves too little to leave the rest out.
    """
    return len(kept) == len(missing) == 1 and len(kept[0][0]) <= SYLLABLE and len(missing[0][0]) <= SYLLABLE


def _drop_links(left: list[Word], words: Words) -> list[Word]:
    """A word for `son of` between two names is no contradiction; as first or last word it is a name (XIAO BIN)."""
    return [word for word in left if word[0] not in lexicon.PATRONYMICS or word not in words[1:-1]]


def _first_agrees(a: Words, b: Words, left_a: list[Word], left_b: list[Word]) -> Relation:
    if not left_a and not left_b:
        return SPELLED
    if not left_a or not left_b:
        side = 2 if left_a else 1
        if _half_a_name(b if left_a else a, left_a or left_b):
            return Relation(Grade.REFER, ((C.NAME_PART_MISSING, side),))
        return Relation(Grade.MATCH, ((C.GIVEN_MISSING, side),))
    return _pair_up(left_a, left_b, C.GIVEN_SLIP) or GIVEN_DIFFERS


def _first_differs(a: Words, b: Words, left_a: list[Word], left_b: list[Word]) -> Relation:
    first = likeness(a[0], b[0])
    plausible = _PLAUSIBLE.get(first)
    rest_a, rest_b = [w for w in left_a if w is not a[0]], [w for w in left_b if w is not b[0]]
    if first in (Likeness.SHORTENED, Likeness.TAIL):
        shorter_rest = rest_a if len(a[0][0]) < len(b[0][0]) else rest_b
        if shorter_rest:  # MIN HO is not a short form of MINJUN
            plausible = None
    if plausible is not None:
        grade, code, slip = plausible
        reasons: tuple[Reason, ...] = ((code or C.GIVEN_SLIP, 0),)
        if not rest_a or not rest_b:
            return Relation(grade, reasons, slip)
        more = _pair_up(rest_a, rest_b, C.GIVEN_SLIP)
        if more is not None and not (slip and more.slip):
            return Relation(min(grade, Grade.REFER_DATED), reasons + more.reasons, slip or more.slip)
    if len(a) > 1 or len(b) > 1:
        whole = likeness(("".join([w[0] for w in a[:6]]),), ("".join([w[0] for w in b[:6]]),))
        if whole in _WHOLE:
            grade, code, slip = _PLAUSIBLE[whole]
            return Relation(grade, ((code or C.GIVEN_SLIP, 0),), slip)
    return GIVEN_DIFFERS


def calling_names(surname_a: Words, surname_b: Words, a: Words, b: Words) -> Relation | None:
    """Chinese and Korean names: a western calling name on one side, or two readings of the same characters.

    Only where the surname is one syllable on both sides, and then only with an equal date of birth. Two given names
    under one and the same romanised surname contradict each other like any other names.
    """
    if not (len(surname_a) == len(surname_b) == 1 and _syllables(surname_a, 1) and _syllables(surname_b, 1)):
        return None
    first, second = _syllables(a, 2), _syllables(b, 2)
    if same(surname_a[0], surname_b[0]):
        return Relation(Grade.REFER_DATED, ((C.WESTERN_NAME, 0),)) if first != second else None
    if _syllables(a, 2, 4) and _syllables(b, 2, 4) and likeness(surname_a[0], surname_b[0]) is Likeness.ROMANISATION:
        return Relation(Grade.REFER_DATED, ((C.ROMANISATION, 0),))
    return None


def _syllables(words: Words, count: int, least: int = 6) -> bool:
    text = "".join([word[0] for word in words])
    if count == 1:
        return lexicon.ONE_SYLLABLE.fullmatch(text) is not None
    if len(words) == 2:
        return all(lexicon.ONE_SYLLABLE.fullmatch(word[0]) for word in words)
    return len(words) == 1 and len(text) >= least and lexicon.TWO_SYLLABLES.fullmatch(text) is not None
