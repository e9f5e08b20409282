"""Code and facts in, a sentence out, per language.

One gettext catalogue per area and language: `locales/<lang>/<area>.po`. Two messages per code: msgid `<code>` is the
sentence, msgid `<code>!` the next action for the agent (left out where nothing is to be done). Sentences name facts as
`{fact}`. A fact that is missing is shown as an ellipsis, never raised; a fact that is a key of the catalogue `names`
(`names.passport`) is shown as its word. English is the fallback of every language.
"""

from __future__ import annotations

import gettext
import string
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from verifier.findings import Code, Finding

LOCALES = Path(__file__).parent / "locales"  # importlib.resources takes longer to import than a command to answer
LANGUAGES = ("en", "es", "ar")
FALLBACK = "en"
TERMS = "names."  # facts that begin so are words of the catalogue `names`, shown in the language of the sentence


class _Facts(string.Formatter):
    """Formats `{fact}` and nothing else: no attribute or index look-up, a missing fact is an ellipsis."""

    def get_field(self, field_name: str, args: Any, kwargs: Mapping[str, Any]) -> tuple[Any, str]:
        return kwargs.get(field_name, "…"), field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, (list, tuple, set, frozenset)):
            return ", ".join(str(item) for item in value)
        if isinstance(value, (datetime, date)):
            return value.isoformat()
        return "…" if value is None else str(value)


_FACTS = _Facts()


@lru_cache(maxsize=256)
def catalogue(area: str, language: str) -> Mapping[str, str]:
    """Messages of one area in one language: msgid -> text. Empty where there is no such file."""
    from babel.messages.pofile import read_po  # only answers in words need Babel; it costs start-up time

    path = LOCALES / language / f"{area}.po"
    if not path.is_file():
        return {}
    with path.open("rb") as handle:
        messages = read_po(handle, locale=language)
    return {str(m.id): str(m.string) for m in messages if m.id and m.string}


@lru_cache(maxsize=256)
def _look_up(area: str, language: str) -> Callable[[str], str | None]:
    """From msgid to text. A compiled catalogue that is not older than its source answers without loading Babel."""
    source, compiled = LOCALES / language / f"{area}.po", LOCALES / language / f"{area}.mo"
    try:
        fresh = compiled.stat().st_mtime >= source.stat().st_mtime
    except OSError:
        fresh = False
    if not fresh:
        return catalogue(area, language).get
    with compiled.open("rb") as handle:
        known = gettext.GNUTranslations(handle)
    return lambda key: text if (text := known.gettext(key)) != key else None


def message(key: str, language: str = FALLBACK, facts: Mapping[str, Any] | None = None) -> str | None:
    """The text of any key (`area.rest`), in the language or else in English; None if neither has it."""
    area = key.partition(".")[0]
    text = _look_up(area, language)(key) or _look_up(area, FALLBACK)(key)
    if text is None or "{" not in text:
        return text
    return _FACTS.vformat(text, (), {name: _term(value, language) for name, value in (facts or {}).items()})


def _term(value: Any, language: str) -> Any:
    """The word for a fact: a key of the catalogue `names` (`names.passport`), or a thing that packs and papers name
    (`contact_info`, catalogue `word`), alone or in a list. Any other fact as it is.
    """
    if isinstance(value, str):
        key = value if value.startswith(TERMS) else f"word.{value}"
        area = key.partition(".")[0]
        return _look_up(area, language)(key) or _look_up(area, FALLBACK)(key) or value
    if isinstance(value, (list, tuple)):
        return [_term(item, language) for item in value]
    return value


def sentence(code: Code, facts: Mapping[str, Any] | None = None, language: str = FALLBACK) -> str:
    """What was found, in words. A code without a sentence shows itself (a test keeps that from happening)."""
    return message(code.value, language, facts) or code.value


def action(code: Code, facts: Mapping[str, Any] | None = None, language: str = FALLBACK) -> str | None:
    """What to do about it, or None where there is nothing to do."""
    return message(f"{code.value}!", language, facts)


def explain(finding: Finding, language: str = FALLBACK) -> str:
    """Sentence and next action of one finding in one line."""
    said = sentence(finding.code, finding.facts, language)
    todo = action(finding.code, finding.facts, language)
    return f"{said} {todo}" if todo else said


def direction(language: str) -> str:
    """`rtl` for right-to-left scripts, else `ltr`."""
    return "rtl" if language.split("-")[0] in {"ar", "fa", "he", "ur"} else "ltr"
