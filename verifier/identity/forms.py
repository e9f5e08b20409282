"""Two identifiers into a reading of a name: everything taken off that is no part of it.

Titles, generation suffixes, birth-name additions and fillers go; a name is never shortened to nothing (ICAO Doc 9303-3
section 4.6 leaves titles out of the zone; airlines and test centres write them in).
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from verifier.identity import lexicon
from verifier.identity.codes import IdentityCode as C
from verifier.identity.text import Notes, Word

_FILLED = re.compile(r"X{2,}|-+|\.+")
NO_WORDS: tuple[Word, ...] = ()


class Division(StrEnum):
    """What a source says about where the surname ends."""

    DIVIDED = "divided"
    SINGLE = "single"  # divided, and one of the two is empty
    PRIMARY_FIRST = "primary-first"  # undivided, the primary identifier is known to come first
    FREE = "free"  # undivided, the order is not known


class Form(NamedTuple):
    """One way of reading a name (a tuple, not a dataclass: several are made for every pair and cost is measured)."""

    primary: tuple[Word, ...]
    secondary: tuple[Word, ...]
    division: Division = Division.DIVIDED
    suffix: str = ""
    birth_name: tuple[Word, ...] = ()
    explained: Notes = ()  # what was taken off
    arabic: bool = False  # transliterated from Arabic letters: vowels are not to be trusted


def first_spellings(words: tuple[Word, ...]) -> list[str]:
    return [word[0] for word in words]


def _strip_titles(words: tuple[Word, ...]) -> tuple[tuple[Word, ...], bool]:
    """Titles at either end taken off, unless nothing would be left."""
    start, end = 0, len(words)
    while end - start > 1 and words[end - 1][0] in lexicon.TITLES:
        end -= 1
    while end - start > 1 and words[start][0] in lexicon.LEADING_TITLES:
        start += 1
    return words[start:end], end - start < len(words)


def _strip_suffix(words: tuple[Word, ...]) -> tuple[tuple[Word, ...], str]:
    """A generation suffix at the end taken off, unless nothing would be left."""
    if len(words) > 1 and words[-1][0] in lexicon.SUFFIXES:
        return words[:-1], lexicon.SUFFIX_SAME.get(words[-1][0], words[-1][0])
    return words, ""


def _strip_birth_name(words: tuple[Word, ...]) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """`MUSTER GEB BEISPIEL` into the name that is borne and the birth name."""
    for i in range(1, len(words) - 1):
        if words[i][0] in lexicon.BIRTH_NAME:
            return words[:i], words[i + 1 :]
    return words, NO_WORDS


def _is_filler(words: tuple[Word, ...]) -> bool:
    joined = "".join(first_spellings(words))
    return joined in lexicon.FILLERS or _FILLED.fullmatch(joined) is not None


def form(primary: tuple[Word, ...], secondary: tuple[Word, ...], division: Division = Division.DIVIDED) -> Form:
    """A form of the two identifiers, with everything taken off that is no part of a name."""
    first = [word[0] for word in primary + secondary]
    if lexicon.SPECIAL.isdisjoint(first) and "XX" not in "".join(first):
        if division is Division.DIVIDED and not (primary and secondary):
            division = Division.SINGLE
        return Form(primary, secondary, division)
    explained: list[C] = []
    primary, titled = _strip_titles(primary)
    secondary, titled_too = _strip_titles(secondary)
    if titled or titled_too:
        explained.append(C.TITLE)
    secondary, suffix = _strip_suffix(secondary)
    primary, suffix_too = _strip_suffix(primary)
    primary, birth_name = _strip_birth_name(primary)
    if birth_name:
        explained.append(C.BIRTH_NAME)
    if primary and _is_filler(primary) and secondary:
        primary, explained = NO_WORDS, [*explained, C.FILLER]
    if secondary and _is_filler(secondary) and primary:
        secondary, explained = NO_WORDS, [*explained, C.FILLER]
    if division is Division.DIVIDED and not (primary and secondary):
        division = Division.SINGLE
    return Form(primary, secondary, division, suffix or suffix_too, birth_name, tuple(explained))


def readings(
    primary: tuple[Word, ...], secondary: tuple[Word, ...], division: Division = Division.DIVIDED
) -> tuple[Form, ...]:
    """The readings of two identifiers; none where both are empty.

    A secondary identifier of titles only is read as given name first and as a title in place of one second.
    """
    if not primary and not secondary:
        return ()
    found = form(primary, secondary, division)
    if not found.primary and not found.secondary:
        return ()
    if found.secondary and found.secondary[0][0] in lexicon.TITLES and found.primary:
        without = found._replace(secondary=NO_WORDS, division=Division.SINGLE, explained=(*found.explained, C.TITLE))
        return (found, without)
    return (found,)
