"""From any script that passports know to the letters A to Z, with every spelling that the standard permits.

ICAO Doc 9303 part 3 section 6 names one recommended spelling a letter and alternatives for some; states use either, so
MUELLER and MULLER are the same printed name. `spellings` therefore gives a bounded set, the recommended one first.
Cyrillic alternatives depend on the language of the name, not on the letter: each language gives one spelling.

Sources: ICAO Doc 9303-3 (2021) section 6 tables A, B, C; ELOT 743:2001 type 2 for Greek; `data/README.md` for the rest.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from itertools import islice, product
from typing import NamedTuple

from verifier.identity.lexicon import rows

MAX_SPELLINGS = 24  # alternatives of one word; the recommended one is always among them
MAX_WORD = 64  # letters of one word that are looked at; the longest registered names have under 60


class Letter(NamedTuple):
    """One row of the table: spellings with the recommended first, and what single languages write instead."""

    script: str
    spellings: tuple[str, ...]
    by_language: Mapping[str, str]
    initial: Mapping[str, str]


def _read() -> Mapping[str, Letter]:
    table: dict[str, Letter] = {}
    for row in rows("transliteration.csv"):
        exceptions = [item.partition("=") for item in row["by_language"].split()]
        spellings = [*row["permitted"].split("|"), *(row["practice"].split("|") if row["practice"] else [])]
        table[row["letter"]] = Letter(
            row["script"],
            tuple(spellings),
            {name: text for name, _, text in exceptions if not name.startswith("^")},
            {name[1:]: text for name, _, text in exceptions if name.startswith("^")},
        )
    return table


TABLE = _read()
_CYRILLIC = ("", "uk", "be", "bg", "sr", "mk")
_TEH_MARBUTA, _SHADDA = "ة", "ّ"

# ELOT 743: these pairs are read together; a diaeresis or an accent on the first letter separates them.
_GREEK_PAIRS = {"ΟΥ": "OU", "ΓΓ": "NG", "ΓΞ": "NX", "ΓΧ": "NCH", "ΜΠ": "MP"}
_GREEK_V = {"ΑΥ": "A", "ΕΥ": "E", "ΗΥ": "I"}  # V before vowels and voiced consonants, F before the others
_GREEK_VOICELESS = frozenset("ΘΚΞΠΣΤΦΧΨ")


def spellings(word: str) -> tuple[str, ...]:
    """Every permitted spelling in A to Z of one word, the recommended one first.

    Args:
        word: letters without separators, any case and script; at most MAX_WORD of them are looked at.

    Returns:
        At most MAX_SPELLINGS texts of A-Z. Empty where a letter of the word has no Latin form here (Han, Thai ...):
        it is not guessed.
    """
    if word.isascii():
        upper = word[:MAX_WORD].upper()
        return (upper,) if upper.isalpha() else ()
    return _spellings(unicodedata.normalize("NFC", word[:MAX_WORD].upper()))


def recommended(word: str) -> str | None:
    """The recommended spelling alone, or None where there is none."""
    found = spellings(word)
    return found[0] if found else None


@lru_cache(maxsize=2048)
def _spellings(word: str) -> tuple[str, ...]:
    if any("Ͱ" <= letter <= "Ͽ" or "ἀ" <= letter <= "῿" for letter in word):
        return _greek(word)
    entries: list[Letter] = []
    for letter in word:
        entry = _entry(letter)
        if entry is None:
            if unicodedata.combining(letter):
                continue
            return ()
        entries.append(entry)
    if any(entry.script == "Cyrl" for entry in entries):
        found = [
            "".join(_in_language(entry, i == 0, language) for i, entry in enumerate(entries)) for language in _CYRILLIC
        ]
    elif any(entry.script == "Arab" for entry in entries):
        found = _arabic(word)
    else:
        found = _styles(entries)
    return tuple(dict.fromkeys(text[:MAX_WORD] for text in found if text))


@lru_cache(maxsize=1024)
def _entry(letter: str) -> Letter | None:
    """The row of a letter; for one beyond the table, that of its canonical base letter. None if nothing is left."""
    entry = TABLE.get(letter)
    if entry is not None:
        return entry
    if letter.isascii():
        return Letter("Latn", (letter,), {}, {}) if letter.isalpha() else None
    base = unicodedata.normalize("NFD", letter)[0]
    if base == letter:
        base = letter.lower()  # Georgian has capitals that nobody writes; its table is in the common letters
    return TABLE.get(base) or (_entry(base) if base.isascii() and base.isalpha() else None)


def _in_language(entry: Letter, initial: bool, language: str) -> str:
    if initial and language in entry.initial:
        return entry.initial[language]
    return entry.by_language.get(language, entry.spellings[0])


def _styles(entries: list[Letter]) -> list[str]:
    """The recommended spelling, one spelling per consistent style, then mixtures up to the bound."""
    most = max((len(entry.spellings) for entry in entries), default=1)
    first = ["".join(e.spellings[min(i, len(e.spellings) - 1)] for e in entries) for i in range(most)]
    plain = "".join(e.spellings[-1] for e in entries)
    mixed = ("".join(choice) for choice in islice(product(*(e.spellings for e in entries)), MAX_SPELLINGS * 2))
    return list(dict.fromkeys([*first, plain, *mixed]))[:MAX_SPELLINGS]


def _arabic(word: str) -> list[str]:
    """Table C: the teh marbuta is XAH at the end of a word; the shadda doubles its consonant, or is left out."""
    single, doubled = "", ""
    for position, letter in enumerate(word):
        entry = _entry(letter)
        text = entry.spellings[0] if entry else ""
        if letter == _TEH_MARBUTA and position == len(word) - 1:
            text = "XAH"
        previous = _entry(word[position - 1]) if letter == _SHADDA and position else None
        single += text
        doubled += previous.spellings[0] if previous else text
    return [single, doubled] if single != doubled else [single]


@lru_cache(maxsize=1024)
def _greek(word: str) -> tuple[str, ...]:
    """ELOT 743 type 2. An accent on the second letter of a pair keeps the pair, a diaeresis parts it."""
    letters: list[tuple[str, bool, bool]] = []  # base letter, accent, diaeresis
    for letter in word:
        decomposed = unicodedata.normalize("NFD", letter)
        letters.append((decomposed[0], "́" in decomposed, "̈" in decomposed))
    out, i = "", 0
    while i < len(letters):
        base, accent, _ = letters[i]
        following = letters[i + 1] if i + 1 < len(letters) else None
        pair = base + following[0] if following and not following[2] and not accent else base
        if pair in _GREEK_V:
            after = letters[i + 2][0] if i + 2 < len(letters) else ""
            out += _GREEK_V[pair] + ("F" if not after or after in _GREEK_VOICELESS else "V")
            i += 2
        elif pair in _GREEK_PAIRS:
            out += "B" if pair == "ΜΠ" and (i == 0 or i + 2 == len(letters)) else _GREEK_PAIRS[pair]
            i += 2
        else:
            entry = _entry(base)
            if entry is None:
                return ()
            out += entry.spellings[0]
            i += 1
    return (out,) if out else ()
