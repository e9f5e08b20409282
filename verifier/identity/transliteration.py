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
_LANGUAGES = ("", "uk", "be", "bg", "sr", "mk")  # the empty one is the table without exceptions
_LATER: Mapping[str, Mapping[int, str]] = {
    language: {ord(c): entry.by_language.get(language, entry.spellings[0]) for c, entry in TABLE.items()}
    for language in _LANGUAGES
}
_FIRST: Mapping[str, Mapping[str, str]] = {
    language: {c: entry.initial[language] for c, entry in TABLE.items() if language in entry.initial}
    for language in _LANGUAGES
}
_TEH_MARBUTA, _SHADDA = "ة", "ّ"

# ELOT 743: these pairs are read together; a diaeresis or an accent on the first letter separates them.
_GREEK_PAIRS = {"ΟΥ": "OU", "ΓΓ": "NG", "ΓΞ": "NX", "ΓΧ": "NCH", "ΜΠ": "MP"}
_GREEK_V = {"ΑΥ": "A", "ΕΥ": "E", "ΗΥ": "I"}  # V before vowels and voiced consonants, F before the others
_ACUTE, _DIAERESIS = "\u0301", "\u0308"
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
    upper = unicodedata.normalize("NFC", word[:MAX_WORD].upper())
    return _latin(upper) if PLAIN_LATIN.issuperset(upper) else _spellings(upper)


def recommended(word: str) -> str | None:
    """The recommended spelling alone, or None where there is none."""
    found = spellings(word)
    return found[0] if found else None


PLAIN_LATIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ").union(c for c, entry in TABLE.items() if entry.script == "Latn")
_CHOICES: Mapping[str, tuple[str, ...]] = {
    letter: entry.spellings for letter, entry in TABLE.items() if entry.script == "Latn" and len(entry.spellings) > 1
}
_STYLES = tuple(
    {ord(c): e.spellings[min(style, len(e.spellings) - 1)] for c, e in TABLE.items() if e.script == "Latn"}
    for style in range(max(map(len, _CHOICES.values())))
)


def _latin(word: str) -> tuple[str, ...]:
    """A word of the Latin table: one spelling per consistent style, the recommended first, then mixtures."""
    free = [letter for letter in word if letter in _CHOICES]
    if not free:
        return (word.translate(_STYLES[0]),)
    found = dict.fromkeys([word.translate(style) for style in _STYLES])
    found[word.translate({ord(letter): _CHOICES[letter][-1] for letter in free} | _SINGLE)] = None
    if len(free) > 1:
        choices = [_CHOICES.get(letter) or (_STYLES[0].get(ord(letter), letter),) for letter in word]
        for mixture in islice(product(*choices), 2 * MAX_SPELLINGS):
            found["".join(mixture)] = None
    return tuple(islice(found, MAX_SPELLINGS))


_SINGLE = {
    ord(letter): entry.spellings[0]
    for letter, entry in TABLE.items()
    if entry.script == "Latn" and letter not in _CHOICES
}


@lru_cache(maxsize=2048)
def _spellings(word: str) -> tuple[str, ...]:
    if any("Ͱ" <= letter <= "Ͽ" or "ἀ" <= letter <= "῿" for letter in word):
        return _greek(word)
    known = "".join([_known(letter) for letter in word])
    if "?" in known:
        return ()
    if PLAIN_LATIN.issuperset(known):
        return _latin(known) if known else ()
    scripts = {_entry(letter).script for letter in known}
    if "Cyrl" in scripts:
        found = [
            _FIRST[i].get(known[0], known[0]).translate(_LATER[i]) + known[1:].translate(_LATER[i]) for i in _LATER
        ]
    elif "Arab" in scripts:
        found = _arabic(known)
    else:
        found = ["".join([_entry(letter).spellings[0] for letter in known])]
    return tuple(dict.fromkeys(text for text in found if text))


@lru_cache(maxsize=1024)
def _known(letter: str) -> str:
    """The letter of the table that stands for this one: itself, or what canonical decomposition leaves of it.

    Nothing for a combining mark that no letter has taken up; a question mark where the table knows no such letter.
    """
    if letter in TABLE or ("A" <= letter <= "Z"):
        return letter
    if unicodedata.combining(letter):
        return ""
    if letter.lower() in TABLE:  # Georgian has capitals that nobody writes; its table is in the common letters
        return letter.lower()
    first = unicodedata.decomposition(letter).partition(" ")[0]
    return _known(chr(int(first, 16))) if first and not first.startswith("<") else "?"


def _entry(letter: str) -> Letter:
    return TABLE.get(letter) or Letter("Latn", (letter,), {}, {})


def _arabic(word: str) -> list[str]:
    """Table C: the teh marbuta is XAH at the end of a word; the shadda doubles its consonant, or is left out."""
    single, doubled = "", ""
    for position, letter in enumerate(word):
        entry = _entry(letter)
        text = entry.spellings[0]
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
    for letter in unicodedata.normalize("NFD", word):
        if not unicodedata.combining(letter):
            letters.append((letter, False, False))
        elif letters:
            base, accent, diaeresis = letters[-1]
            letters[-1] = (base, accent or letter == _ACUTE, diaeresis or letter == _DIAERESIS)
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
            letter = _known(base)
            if letter == "?":
                return ()
            out += _entry(letter).spellings[0] if letter else ""
            i += 1
    return (out,) if out else ()
