"""Raw text of a name field into upper-case words, with a note of everything odd that was in it.

ICAO Doc 9303-3 section 4.6: hyphens and blanks part words, apostrophes are dropped and their parts joined, other
punctuation is left out. A full stop parts words here, because "Dr.Muster" and "J.R." are two words each.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from verifier.identity.codes import IdentityCode
from verifier.identity.lexicon import DIGITS, LOOKALIKES
from verifier.identity.transliteration import MAX_WORD, PLAIN_LATIN, spellings
from verifier.quick import remembered

MAX_TEXT = 600  # characters of one field that are looked at
MAX_WORDS = 48  # words of one field that are looked at
MAX_ALTERNATIVES = 96  # spellings of all words of one field together; beyond it each word keeps its consistent styles
STYLES_KEPT = 3

Word = tuple[str, ...]
"""One word of a name: its permitted spellings in A-Z, the recommended one first."""

Notes = tuple[IdentityCode, ...]

_APOSTROPHES = "'’ʼ`´‘ʻʹ′＇"
_SEPARATORS = " \t\n\r<-.,;/()[]_·•‐‑‒–—―،"
_CLEAN = {ord(c): None for c in _APOSTROPHES} | {ord(c): " " for c in _SEPARATORS}
_OTHER_SCRIPTS = ("CYRILLIC", "GREEK")


_LATIN_TEXT = PLAIN_LATIN | frozenset(" '’-.<")


def words_of(text: str) -> tuple[tuple[Word, ...], Notes]:
    """The words of a field and what was odd about it.

    Never raises. A word in a script without Latin form is left out and noted NOT_LATIN; a digit is read as the letter
    it looks like and noted DIGIT; a word of Latin mixed with look-alikes of another alphabet is read as Latin and noted
    MIXED_SCRIPT; text beyond MAX_TEXT characters or MAX_WORDS words is left out and noted TOO_LONG.
    """
    if text.isascii() and text.isprintable() and len(text) <= MAX_TEXT:  # nearly all names, and cheap for them
        if text.isalpha() and len(text) <= MAX_WORD:
            return ((text.upper(),),), ()
        plain = text.replace("<", " ").replace("-", " ").replace("'", "").replace(".", " ").upper().split()
        if not plain:
            return (), ()
        if len(plain) <= MAX_WORDS and "".join(plain).isalpha() and max(map(len, plain)) <= MAX_WORD:
            return tuple([(word,) for word in plain]), ()
    elif len(text) <= MAX_TEXT:
        upper = text.upper()
        if _LATIN_TEXT.issuperset(upper):  # the letters of the Latin table: nothing to note
            raw = upper.translate(_CLEAN).split()
            if raw and len(raw) <= MAX_WORDS and max(map(len, raw)) <= MAX_WORD:
                return _bounded([spellings(word) for word in raw]), ()
    return _unusual(text)


@remembered(1024)
def _unusual(text: str) -> tuple[tuple[Word, ...], Notes]:
    notes: dict[IdentityCode, None] = {}
    if len(text) > MAX_TEXT:
        notes[IdentityCode.TOO_LONG] = None
        text = text[:MAX_TEXT]
    text = unicodedata.normalize("NFKC", text.translate(_CLEAN)).translate(_CLEAN)[: 2 * MAX_TEXT]
    kept = []
    for character in text:
        kind = unicodedata.category(character)
        if kind[0] in "LM" or character == " ":
            kept.append(character)
        elif kind == "Nd":
            kept.append(str(unicodedata.digit(character)))
            notes[IdentityCode.DIGIT] = None
        elif kind == "Cf":
            notes[IdentityCode.INVISIBLE] = None
        elif kind in ("Cc", "Cs"):
            notes[IdentityCode.CONTROL] = None
        elif kind[0] == "Z":
            kept.append(" ")
        elif kind[0] != "P":
            notes[IdentityCode.SYMBOL] = None
    words: list[Word] = []
    for raw in "".join(kept).upper().split():
        if len(words) == MAX_WORDS:
            notes[IdentityCode.TOO_LONG] = None
            break
        if len(raw) > MAX_WORD:
            notes[IdentityCode.TOO_LONG] = None
        word = _word(raw[:MAX_WORD], notes)
        if word:
            words.append(word)
    return _bounded(words), tuple(notes)


def _bounded(words: list[Word]) -> tuple[Word, ...]:
    if sum(map(len, words)) > MAX_ALTERNATIVES:
        return tuple([word[:STYLES_KEPT] for word in words])
    return tuple(words)


def _word(raw: str, notes: dict[IdentityCode, None]) -> Word:
    if not raw.isascii():
        raw = _one_script(raw, notes)
    if IdentityCode.DIGIT in notes:
        raw = raw.translate(DIGITS)
    found = spellings(raw)
    if not found and any(unicodedata.category(letter)[0] == "L" for letter in raw):
        notes[IdentityCode.NOT_LATIN] = None
    return found


def _one_script(raw: str, notes: dict[IdentityCode, None]) -> str:
    """Look-alike letters of another alphabet inside a Latin word (or the other way round) read as the word's own."""
    scripts = {_script(letter) for letter in raw} - {""}
    if "LATIN" not in scripts or len(scripts) == 1:
        return raw
    notes[IdentityCode.MIXED_SCRIPT] = None
    return "".join(LOOKALIKES.get(letter, letter) for letter in raw)


@lru_cache(maxsize=1024)
def _script(letter: str) -> str:
    if unicodedata.category(letter)[0] != "L":
        return ""
    name = unicodedata.name(letter, "")
    return next((script for script in ("LATIN", *_OTHER_SCRIPTS) if name.startswith(script)), "OTHER")


def is_arabic(text: str) -> bool:
    """True when the text holds letters of the Arabic block."""
    return not text.isascii() and any("؀" <= letter <= "ۿ" for letter in text)


def is_latin(text: str) -> bool:
    """True when every letter of the text is of the Latin alphabet."""
    return text.isascii() or all(_script(letter) in ("", "LATIN") for letter in text.upper())
