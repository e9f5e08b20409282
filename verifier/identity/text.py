"""Raw text of a name field into upper-case words, with a note of everything odd that was in it.

ICAO Doc 9303-3 section 4.6: hyphens and blanks part words, apostrophes are dropped and their parts joined, other
punctuation is left out. A full stop parts words here, because "Dr.Muster" and "J.R." are two words each.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from verifier.identity.codes import IdentityCode
from verifier.identity.lexicon import DIGITS, LOOKALIKES
from verifier.identity.transliteration import spellings

MAX_TEXT = 600  # characters of one field that are looked at
MAX_WORDS = 48  # words of one field that are looked at

Word = tuple[str, ...]
"""One word of a name: its permitted spellings in A-Z, the recommended one first."""

Notes = tuple[IdentityCode, ...]

_PLAIN = re.compile(r"[A-Za-z '<\-.,]*")
_APOSTROPHES = "'’ʼ`´‘ʻʹ′＇"
_SEPARATORS = " \t\n\r<-.,;/()[]_·•‐‑‒–—―،"
_CLEAN = {ord(c): None for c in _APOSTROPHES} | {ord(c): " " for c in _SEPARATORS}
_PLAIN_CLEAN = {ord("'"): None, ord("<"): " ", ord("-"): " ", ord("."): " ", ord(","): " "}
_OTHER_SCRIPTS = ("CYRILLIC", "GREEK")


@lru_cache(maxsize=2048)
def words_of(text: str) -> tuple[tuple[Word, ...], Notes]:
    """The words of a field and what was odd about it.

    Never raises. A word in a script without Latin form is left out and noted NOT_LATIN; a digit is read as the letter
    it looks like and noted DIGIT; a word of Latin mixed with look-alikes of another alphabet is read as Latin and noted
    MIXED_SCRIPT; text beyond MAX_TEXT characters or MAX_WORDS words is left out and noted TOO_LONG.
    """
    if len(text) <= MAX_TEXT and _PLAIN.fullmatch(text):
        plain = text.translate(_PLAIN_CLEAN).upper().split()
        if len(plain) <= MAX_WORDS:
            return tuple([(word[:64],) for word in plain]), ()
    return _unusual(text)


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
        word = _word(raw, notes)
        if word:
            words.append(word)
    return tuple(words), tuple(notes)


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
