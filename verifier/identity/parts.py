"""Surname parts against surname parts, given names against given names: a grade and the reasons.

`side` of a reason says which name it is about: 0 both, 1 the first, 2 the second.

Rules, in the order of the design: separators and permitted spellings never matter; missing further given names are
explained; a contradicting given name blocks; a slip, another romanisation or a short form leaves the pair to a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from verifier.identity import lexicon
from verifier.identity.codes import Grade
from verifier.identity.codes import IdentityCode as C
from verifier.identity.likeness import Likeness, likeness, same
from verifier.identity.text import Word

Words = tuple[Word, ...]
Reason = tuple[C, int]
MAX_JOINED = 32  # spellings of a joined name
MAX_LEFT = 4  # unexplained words that are still compared one by one


class Relation(NamedTuple):
    """What two names, or two identifiers, have to do with each other.

    `slip`: a typing slip is part of it, so that a second one is too many. `other`: the words are simply different.
    """

    grade: Grade
    reasons: tuple[Reason, ...] = ()
    slip: bool = False
    other: bool = False


AGREE = Relation(Grade.MATCH)
SEPARATED = Relation(Grade.MATCH, ((C.SEPARATORS, 0),))
SPELLED = Relation(Grade.MATCH, ((C.SPELLING, 0),))
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


def joined(words: Sequence[Word]) -> frozenset[str]:
    """Every spelling of the words written together, at most MAX_JOINED; the recommended one is among them."""
    if all([len(word) == 1 for word in words]):  # noqa: C419 - a list is quicker here
        return frozenset(["".join([word[0] for word in words])])
    texts = [""]
    for word in words:
        choices = word if len(texts) * len(word) <= MAX_JOINED else word[:1]
        texts = [text + choice for text in texts for choice in choices]
    return frozenset(texts)


def holds(words: Sequence[Word], word: Word) -> bool:
    """True when one of the words is the same as this one."""
    return word in words or (any(same(word, other) for other in words))


def equal(a: Words, b: Words) -> Relation | None:
    """AGREE, SPELLED or SEPARATED where the words are the same, however parted; else None."""
    if a == b:
        return AGREE
    if len(a) == len(b) and all(map(same, a, b)):
        return SPELLED
    if not a or not b or len(a) == len(b) == 1:
        return None
    one, other = a[0][0], b[0][0]
    if one[0] != other[0] and len(a[0]) == len(b[0]) == 1:
        return None
    return None if joined(a).isdisjoint(joined(b)) else SEPARATED


def merge(a: Words, b: Words) -> tuple[Words, Words, bool]:
    """Words that one side writes together and the other apart, written together on both."""
    merged_b, first = _merge_into(a, b)
    merged_a, second = _merge_into(merged_b, a)
    return merged_a, merged_b, first or second


def _merge_into(pattern: Words, words: Words) -> tuple[Words, bool]:
    """Runs of two to four of the words joined where a word of the pattern is exactly that run."""
    if len(words) < 2:
        return words, False
    wanted = {text: word for word in pattern if len(word[0]) > 2 for text in word}
    out: list[Word] = []
    i, changed = 0, False
    while i < len(words):
        for size in (4, 3, 2):
            run = words[i : i + size]
            if len(run) == size and len(word := "".join([w[0] for w in run])) > 2 and word in wanted:
                out.append(wanted[word])
                i, changed = i + size, True
                break
        else:
            out.append(words[i])
            i += 1
    return tuple(out), changed


def left_over(a: Words, b: Words) -> tuple[list[Word], list[Word], bool]:
    """Words of each side that the other does not have; a later initial stands for a word. True where it did."""
    left_a = [word for word in a if not holds(b, word)]
    left_b = [word for word in b if not holds(a, word)]
    used = False
    for one, other, initials in ((left_a, left_b, a), (left_b, left_a, b)):
        for word in list(one):
            if len(word[0]) == 1 and word is not initials[0]:
                stands = next((w for w in other if len(w[0]) > 1 and w[0][0] == word[0]), None)
                if stands is not None:
                    one.remove(word)
                    other.remove(stands)
                    used = True
    return left_a, left_b, used


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
        found = _surnames_sharing(left_a, left_b)
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


def _surnames_sharing(left_a: list[Word], left_b: list[Word]) -> Relation | None:
    """Surnames that have words in common: what the words left over mean. None where both have unexplained ones."""
    particles = lexicon.PARTICLES | lexicon.PATRONYMICS
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
    left_a, left_b = _drop_extras(left_a, len(a)), _drop_extras(left_b, len(b))
    if same(a[0], b[0]):
        found = _first_agrees(left_a, left_b)
    elif not left_a and not left_b:
        found = Relation(Grade.MATCH_DATED, ((C.GIVEN_ORDER, 0),))
    elif holds(b, a[0]) or holds(a, b[0]):
        grade = Grade.REFER_DATED if left_a and left_b else Grade.REFER
        found = Relation(grade, ((C.GIVEN_ELSEWHERE, 2 if left_a else 1),))
    else:
        found = _first_differs(a, b, left_a, left_b)
    return found._replace(reasons=explained + found.reasons) if explained else found


def begins(a: Words, b: Words) -> Relation | None:
    """The common case cheaply: one side has the other's given names, and further ones after them."""
    if len(a) < len(b):
        return _MISSING_ON_A if b[: len(a)] == a else None
    return _MISSING_ON_B if len(b) < len(a) and a[: len(b)] == b else None


def _drop_extras(left: list[Word], count: int) -> list[Word]:
    """Titles and words for `son of` are no contradiction, as long as a name remains."""
    kept = [word for word in left if word[0] not in lexicon.TITLES and word[0] not in lexicon.PATRONYMICS]
    return kept if kept or len(left) < count else left


def _first_agrees(left_a: list[Word], left_b: list[Word]) -> Relation:
    if not left_a and not left_b:
        return SPELLED
    if not left_a or not left_b:
        return Relation(Grade.MATCH, ((C.GIVEN_MISSING, 2 if left_a else 1),))
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
