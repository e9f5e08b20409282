"""What a fixed-width field does to a name: cut letters completed from the other side, glued titles taken off.

A boarding pass is cut without a mark, so a full field of 20 is the only sign. An MRZ is cut by the issuer's choice:
at the end, or every part shortened so that all fit (ICAO 9303-3 section 4.6); a part before the end may be shortened
only where the whole name would not have fitted. A shorter text in a field that is not full is never a cut.
"""

from __future__ import annotations

from typing import NamedTuple

from verifier.identity import lexicon
from verifier.identity.align import Words, holds, joined
from verifier.identity.forms import Form
from verifier.identity.names import BCBP_WIDTH, PersonName
from verifier.identity.text import Word

MAX_CUT_WORDS = 16
MAX_GLUED = 4  # readings of one booked name without its titles


class Completed(NamedTuple):
    """Both forms with cut words completed; `side` that was cut; `weak`: only one letter of a given name is seen."""

    a: Form
    b: Form
    side: int
    weak: bool


def complete(a: PersonName, b: PersonName, x: Form, y: Form) -> Completed | None:
    """Complete the name whose field is full from the other; the narrower field first. None where nothing fits."""
    order = ((1, a, x, y), (2, b, y, x)) if (a.width or 99) <= (b.width or 99) else ((2, b, y, x), (1, a, x, y))
    for side, name, cut, whole in order:
        if name.width and len(cut.primary) + len(cut.secondary) <= MAX_CUT_WORDS:
            found = _complete(cut, whole, name.width)
            if found:
                weak = bool(cut.secondary) and sum(len(w[0]) for w in cut.secondary) == 1 and bool(found.secondary)
                return Completed(found, whole, 1, weak) if side == 1 else Completed(whole, found, 2, weak)
    return None


def _complete(cut: Form, whole: Form, width: int) -> Form | None:
    if not cut.secondary:
        primary = _end(cut.primary, whole.primary)
        return cut._replace(primary=primary) if primary else None
    secondary = _end(cut.secondary, whole.secondary)
    if secondary:
        found = cut._replace(secondary=secondary)
        if not _needs_more(cut.primary, whole.primary):
            return found
    if _length(whole) > width:
        return _everywhere(cut, whole, width)
    return cut._replace(secondary=secondary) if secondary else None


def _needs_more(cut: Words, whole: Words) -> bool:
    """True where surname parts look shortened too."""
    return len(cut) == len(whole) and cut != whole and all(map(_begins, cut, whole))


def _end(cut: Words, whole: Words) -> Words | None:
    """The words completed where only their end was cut off: written apart or together, or the last word alone."""
    seen = sorted(joined(cut))
    for text in sorted(joined(whole)):
        if any(len(text) > len(part) and text.startswith(part) for part in seen):
            return whole
    last = cut[-1]
    if holds(whole, last):
        return None
    longer = next((word for word in whole if _begins(last, word) and not holds(cut, word)), None)
    return (*cut[:-1], longer) if longer else None


def _everywhere(cut: Form, whole: Form, width: int) -> Form | None:
    """Every visible word begins the word in its place; later given names may be left out altogether."""
    if len(cut.primary) != len(whole.primary) or not all(map(_begins, cut.primary, whole.primary)):
        runs = [(seen, text) for seen in joined(cut.primary) for text in joined(whole.primary)]
        if width != BCBP_WIDTH or not any(text.startswith(seen) for seen, text in runs):
            return None
    place = 0
    for word in cut.secondary:
        while place < len(whole.secondary) and not _begins(word, whole.secondary[place]):
            place += 1
        if place == len(whole.secondary) or (word is cut.secondary[0] and place):
            return None
        place += 1
    return cut._replace(primary=whole.primary, secondary=whole.secondary)


def _begins(part: Word, word: Word) -> bool:
    return any(text.startswith(seen) for text in word for seen in part)


def _length(form: Form) -> int:
    """Characters that the whole name takes in a name field, separators included."""
    words = form.primary + form.secondary
    return sum(len(word[0]) for word in words) + len(words)


# --- titles glued to the given name of a booking ----------------------------------------------------------------------


def exact_rests(booked: Form, other: Form, full: bool) -> list[Form]:
    """Readings without titles where the rest is exactly given names of the other side: AMR is not taken for A."""
    found: list[Form] = []
    whole = "".join([word[0] for word in booked.secondary])
    for count in range(min(len(other.secondary), MAX_GLUED), 0, -1):
        for text in joined(other.secondary[:count]):
            if len(text) > 1 and whole.startswith(text) and lexicon.is_title_run(whole[len(text) :], full):
                found.append(booked._replace(secondary=other.secondary[:count]))
                break
    return found


def without_glued_title(booked: Form, other: Form, full: bool) -> list[tuple[Form, bool]]:
    """Readings of a booked name without the titles at its end: JOHNMR, ANNAMARIAMR (MRS cut), MAXPROFDR.

    First where the rest is exactly given names of the other side; then every complete title whose rest is a name of two
    letters or more. True beside a reading whose title is itself cut: ADAM in a full field may be ADA with a cut MR.
    """
    if not booked.secondary:
        return []
    found = [(form, False) for form in exact_rests(booked, other, False)]
    if full:
        found += [(form, True) for form in exact_rests(booked, other, True)]
    last = booked.secondary[-1][0]
    for _ in range(3):
        title = next((t for t in lexicon.GLUED_TITLES if last.endswith(t) and len(last) - len(t) >= 2), None)
        if title is None:
            break
        last = last[: -len(title)]
        found.append((booked._replace(secondary=(*booked.secondary[:-1], (last,))), False))
    return found[:MAX_GLUED]
