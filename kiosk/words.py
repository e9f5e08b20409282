"""The words of the page, per language: `translations/<language>/LC_MESSAGES/messages.po`, English as fallback.

What was found is worded in `verifier.wording`; here are headings, labels, buttons, and how moments are written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from functools import cache
from importlib import resources
from typing import Final

from babel.dates import format_datetime, format_timedelta
from babel.messages.pofile import read_po

from verifier.wording import FALLBACK, direction

NAMES: Final = {"en": "English", "es": "Español", "ar": "العربية"}
"""Languages by their own names."""


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Messages of the page in one language: key -> text."""
    path = resources.files(__package__) / "translations" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as handle:
        return {str(m.id): str(m.string) for m in read_po(handle, locale=language) if m.id and m.string}


class Words:
    """The page's words in one language; called with a key, and facts for its `{placeholders}`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.direction = direction(language)
        self._own, self._fallback = catalogue(language), catalogue(FALLBACK)

    def __call__(self, key: str, **facts: object) -> str:
        """The text; an unknown key shows itself (a test keeps that from happening)."""
        text = self.find(key)
        if text is None:
            return key
        return text.format(**facts) if facts else text

    def find(self, key: str) -> str | None:
        """The text, or None."""
        return self._own.get(key) or self._fallback.get(key)

    def starting(self, prefix: str) -> dict[str, str]:
        """All messages under a prefix, which is taken off: what the page's scripts say."""
        merged = {**self._fallback, **self._own}
        return {key.removeprefix(prefix): text for key, text in merged.items() if key.startswith(prefix)}

    def moment(self, value: datetime, zone: tzinfo | None = None) -> str:
        """Day, month, year and time with the name of its zone."""
        local = value if zone is None else value.astimezone(zone)
        text: str = format_datetime(local, "d MMM y, HH:mm", locale=self.language)
        offset = local.utcoffset()
        if offset is None:
            return text
        return f"{text} UTC" if not offset else f"{text} (UTC{_signed(offset)})"

    def day(self, value: datetime) -> str:
        """Day, month and year."""
        text: str = format_datetime(value, "d MMM y", locale=self.language)
        return text

    def span(self, value: timedelta) -> str:
        """A length of time in its largest unit, such as `6 hours`."""
        text: str = format_timedelta(value, threshold=1.5, locale=self.language)
        return text


def _signed(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    sign, minutes = ("−", -minutes) if minutes < 0 else ("+", minutes)
    return f"{sign}{minutes // 60}" + (f":{minutes % 60:02d}" if minutes % 60 else "")


@cache
def words(language: str) -> Words:
    """The words of one language."""
    return Words(language)
