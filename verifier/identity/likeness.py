"""How two words of a name relate: the same, the same written another way, a slip of the hand, or different.

Nothing here scores: each relation has a name and a rule. Only `SAME` can lead to a match.
"""

from __future__ import annotations

from enum import Enum
from functools import lru_cache

from verifier.identity.lexicon import LONGEST_SOUND, SOUNDS, known_kind
from verifier.identity.text import Word

MAX_COMPARED = 4  # spellings of a word that are compared beyond equality


class Likeness(Enum):
    """Relation of two words."""

    SAME = "same"
    INITIAL = "initial"
    ABBREVIATION = "abbreviation"
    ROMANISATION = "romanisation"
    SHORT_FORM = "short-form"
    OTHER_LANGUAGE = "other-language"
    SLIP = "slip"
    WEAK_SLIP = "weak-slip"
    SHORTENED = "shortened"
    TAIL = "tail"
    DIFFERENT = "different"


_KINDS = {
    "abbreviation": Likeness.ABBREVIATION,
    "romanisation": Likeness.ROMANISATION,
    "short": Likeness.SHORT_FORM,
    "language": Likeness.OTHER_LANGUAGE,
}
MAX_SOUNDED = 24  # letters of a word whose romanisation is compared
NEVER = 99
# First letter -> letters that the same word may begin with in another romanisation.
_STARTS: dict[str, frozenset[str]] = {
    first: frozenset({first, *(other[0] for sound, others in SOUNDS.items() if sound[0] == first for other in others)})
    for first in {sound[0] for sound in SOUNDS}
}
_ORDER = {likeness: rank for rank, likeness in enumerate(Likeness)}


def same(x: Word, y: Word) -> bool:
    """True when the words share a permitted spelling."""
    return x == y or ((len(x) > 1 or len(y) > 1) and not set(x).isdisjoint(y))


@lru_cache(maxsize=8192)
def likeness(x: Word, y: Word) -> Likeness:
    """The closest relation between any spelling of one word and any of the other. Symmetric."""
    if same(x, y):
        return Likeness.SAME
    return min((_relate(p, q) for p in x[:MAX_COMPARED] for q in y[:MAX_COMPARED]), key=_ORDER.__getitem__)


def _relate(p: str, q: str) -> Likeness:
    if len(p) > len(q) or (len(p) == len(q) and p > q):
        p, q = q, p
    if len(p) == 1:
        return Likeness.INITIAL if q.startswith(p) and len(q) > 1 else Likeness.DIFFERENT
    kind = known_kind(p, q)
    if kind in ("abbreviation", "romanisation"):
        return _KINDS[kind]
    slips = distance(p, q)
    one_letter = slips == 1 and len(p) == len(q)  # LENA and LINA: a slip or a twin sooner than two romanisations
    if not one_letter and romanisations(p, q):
        return Likeness.ROMANISATION
    if kind:
        return _KINDS[kind]
    if slips == 1:
        return Likeness.SLIP if len(p) > 3 else Likeness.WEAK_SLIP
    if slips == 2 and len(p) >= 8:
        return Likeness.WEAK_SLIP
    if q.startswith(p):
        return Likeness.SHORTENED
    if q.endswith(p):
        return Likeness.TAIL
    return Likeness.DIFFERENT


def distance(p: str, q: str) -> int:
    """Damerau-Levenshtein distance (adjacent letters exchanged count one), or 3 where it is more than 2."""
    if abs(len(p) - len(q)) > 2:
        return 3
    start, shorter = 0, min(len(p), len(q))
    while start < shorter and p[start] == q[start]:
        start += 1
    end = 0
    while end < shorter - start and p[-1 - end] == q[-1 - end]:
        end += 1
    p, q = p[start : len(p) - end], q[start : len(q) - end]
    if not p or not q:
        return len(p) + len(q)
    if min(len(p), len(q)) > 6:
        return (
            3  # both ends differ and so much lies between: two slips cannot join them unless nearly all agrees inside
        )
    before: list[int] = []
    last = list(range(len(q) + 1))
    for i, a in enumerate(p, 1):
        row = [i]
        for j, b in enumerate(q, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == q[j - 2] and p[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return min(last[-1], 3)


def romanisations(p: str, q: str) -> int:
    """How many sounds are romanised differently where that alone explains the difference, else 0.

    At most one exchanged sound for every two letters of the shorter word; a doubled consonant counts as one.
    """
    if abs(len(p) - len(q)) > 4 or len(q) > MAX_SOUNDED or q[0] not in _STARTS.get(p[0], p[0]):
        return 0
    budget = max(1, len(p) // 2)
    start, shorter = 0, min(len(p), len(q))
    while start < shorter and p[start] == q[start]:
        start += 1
    end = 0
    while end < shorter - start and p[-1 - end] == q[-1 - end]:
        end += 1
    start, end = max(0, start - LONGEST_SOUND + 1), max(0, end - LONGEST_SOUND + 1)  # a sound may reach into the rest
    cost = _exchange(p[start : len(p) - end], q[start : len(q) - end], 0, 0, {})
    return cost if cost <= budget else 0


def _exchange(p: str, q: str, i: int, j: int, known: dict[tuple[int, int], int]) -> int:
    """Fewest exchanged sounds that turn p[i:] into q[j:]; NEVER where they cannot."""
    if i == len(p) and j == len(q):
        return 0
    found = known.get((i, j))
    if found is not None:
        return found
    best = NEVER
    if i < len(p) and j < len(q) and p[i] == q[j]:
        best = _exchange(p, q, i + 1, j + 1, known)
    if i and j:
        if j < len(q) and q[j] == q[j - 1] == p[i - 1] and q[j] not in "AEIOU":
            best = min(best, 1 + _exchange(p, q, i, j + 1, known))
        if i < len(p) and p[i] == p[i - 1] == q[j - 1] and p[i] not in "AEIOU":
            best = min(best, 1 + _exchange(p, q, i + 1, j, known))
    for size in range(1, min(LONGEST_SOUND, len(p) - i) + 1):
        for other in SOUNDS.get(p[i : i + size], ()):
            if q.startswith(other, j):
                best = min(best, 1 + _exchange(p, q, i + size, j + len(other), known))
    known[i, j] = best
    return best
