"""The package's tables, read once: words that are not names, sounds of romanisations, known variants of names.

Sources stand in `data/README.md`. A table that is missing or malformed stops the program at start-up.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from verifier.errors import ConfigError
from verifier.findings import Code


class LexiconCode(Code):
    """What may be wrong with a table."""

    BAD_TABLE = "identity.bad-table"


def table(name: str) -> str:
    """The text of a data file of this package."""
    return (resources.files(__package__ or "verifier.identity") / "data" / name).read_text("utf-8")


def rows(name: str) -> Iterator[Mapping[str, str]]:
    """The rows of a CSV data file by column name."""
    yield from csv.DictReader(table(name).splitlines())


def _words(value: Any, where: str) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item.isascii() for item in value):
        raise ConfigError(LexiconCode.BAD_TABLE, facts={"file": "words.yaml", "part": where})
    return frozenset(value)


_DATA: Mapping[str, Any] = yaml.load(table("words.yaml"), yaml.CSafeLoader)

COURTESY = _words(_DATA["courtesy"], "courtesy")
ACADEMIC = _words(_DATA["academic"], "academic")
TITLES = COURTESY | ACADEMIC
LEADING_TITLES = TITLES | _words(_DATA["leading"], "leading")
GLUED_TITLES: tuple[str, ...] = tuple(sorted(_words(_DATA["glued"], "glued"), key=len, reverse=True))
SUFFIXES = _words(_DATA["suffixes"], "suffixes")
SUFFIX_SAME: Mapping[str, str] = _DATA["suffix_same"]
PARTICLES = _words(_DATA["particles"], "particles")
PATRONYMICS = _words(_DATA["patronymics"], "patronymics")
ARTICLES = _words(_DATA["articles"], "articles")
BIRTH_NAME = _words(_DATA["birth_name"], "birth_name")
FILLERS = _words(_DATA["fillers"], "fillers")
SPECIAL = LEADING_TITLES | SUFFIXES | BIRTH_NAME | FILLERS  # words that parsing has to look at; names seldom hold one

LOOKALIKES: Mapping[str, str] = {
    letter: latin for script in _DATA["lookalikes"].values() for letter, latin in script.items()
}
DIGITS: Mapping[int, str] = {ord(digit): letter for digit, letter in _DATA["digits"].items()}

_PLAIN: Mapping[str, str] = _DATA["arabic_plain"]
# An escape that no ordinary Latin name shows: X before another consonant of the scheme. XE, XI and XA are too common.
ARABIC_ESCAPE = re.compile(r"X(?:KH|SH|TH|DH|DZ|SS|TT|ZZ|AH|TA|AY|X[A-Z]|H)")
_ANY_ESCAPE = re.compile("|".join(sorted(_PLAIN, key=len, reverse=True)))
_UNVOICED = re.compile(r"[AEIOUYW]+")
_DOUBLED = re.compile(r"(.)\1+")

_FIRST = "|".join(sorted(_words(_DATA["syllables"]["first"], "syllables"), key=len, reverse=True))
_REST = "|".join(sorted(_words(_DATA["syllables"]["rest"], "syllables"), key=len, reverse=True))
ONE_SYLLABLE = re.compile(f"(?:{_FIRST})?(?:{_REST})")
TWO_SYLLABLES = re.compile(f"(?:(?:{_FIRST})?(?:{_REST})){{2}}")


def _sounds() -> Mapping[str, frozenset[str]]:
    """Sequence -> the sequences it may be exchanged with."""
    found: dict[str, set[str]] = {}
    for script, groups in _DATA["sounds"].items():
        for group in groups:
            members = _words(group, f"sounds.{script}")
            for member in members:
                found.setdefault(member, set()).update(members - {member})
    return {sequence: frozenset(others) for sequence, others in found.items()}


SOUNDS = _sounds()
LONGEST_SOUND = max(map(len, SOUNDS))


def _known() -> Mapping[str, Mapping[int, str]]:
    """Name -> the groups it belongs to, and the kind of each group."""
    found: dict[str, dict[int, str]] = {}
    for number, row in enumerate(rows("known_names.csv")):
        for name in (row["name"], *row["variants"].split()):
            found.setdefault(name, {})[number] = row["kind"]
    return found


_KNOWN = _known()


def known_kind(x: str, y: str) -> str | None:
    """How two names are known to be one: `short`, `romanisation`, `abbreviation`, `language`; None if they are not."""
    groups = _KNOWN.get(x)
    others = _KNOWN.get(y)
    if not groups or not others:
        return None
    kinds = {kind for number, kind in groups.items() if number in others}
    for kind in ("abbreviation", "romanisation", "short", "language"):
        if kind in kinds:
            return kind
    return None


@lru_cache(maxsize=1024)
def is_title_run(rest: str, cut: bool) -> bool:
    """True when the letters are nothing but glued titles, the last of which may be cut where the field is full."""
    if not rest:
        return False
    pending = {rest}
    while pending:
        text = pending.pop()
        for title in GLUED_TITLES:
            if text == title or (cut and title.startswith(text)):
                return True
            if text.startswith(title):
                pending.add(text[len(title) :])
    return False


def consonants(word: str) -> str:
    """The consonants of an Arabic name, in the reversible scheme or in a phonetic spelling: EBDALRXHYM and ABDELRAHIM
    both give BDLRHM.
    """
    plain = _ANY_ESCAPE.sub(lambda found: _PLAIN[found.group()], word)
    return _DOUBLED.sub(r"\1", _UNVOICED.sub("", plain).removesuffix("H") or plain)
