"""Words of two names against each other: the same however parted or spelled, and what is left over.

`side` of a reason says which name it is about: 0 both, 1 the first, 2 the second.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from verifier.identity.codes import Grade
from verifier.identity.codes import IdentityCode as C
from verifier.identity.likeness import same
from verifier.identity.text import Word

Words = tuple[Word, ...]
Reason = tuple[C, int]
MAX_JOINED = 32  # spellings of a joined name


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
    known = {text for word in words for text in word}
    wanted = {text: word for word in pattern if len(word[0]) > 2 and known.isdisjoint(word) for text in word}
    if not wanted:
        return words, False
    firsts = {text[0] for text in wanted}
    out: list[Word] = []
    i, changed = 0, False
    while i < len(words):
        for size in (4, 3, 2) if words[i][0][0] in firsts else ():
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
    spelled_a, spelled_b = {text for word in a for text in word}, {text for word in b for text in word}
    left_a = [word for word in a if spelled_b.isdisjoint(word)]
    left_b = [word for word in b if spelled_a.isdisjoint(word)]
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
