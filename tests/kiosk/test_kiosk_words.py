"""Every word of the page in every language, and none that nobody uses."""

from __future__ import annotations

import re
import string
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from kiosk.codes import KioskCode
from kiosk.desk import PURPOSES, STATUSES
from kiosk.words import NAMES, Words, catalogue, words
from verifier.formats import FORMATS
from verifier.wording import LANGUAGES, action, sentence

ROOT = Path(__file__).resolve().parents[2] / "kiosk"
COMPUTED = (
    "verdict.",
    "lead.",
    "kind.",
    "format.",
    "evidence.",
    "person.",
    "rule.",
    "status.",
    "purpose.",
    "channel.",
    "js.",
)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def used() -> set[str]:
    """Keys named literally in templates and code."""
    found: set[str] = set()
    for path in (*ROOT.rglob("*.html"), *ROOT.rglob("*.py")):
        text = path.read_text("utf-8")
        found |= set(re.findall(r"""(?:\bt|\bsay|\bsay\.find)\(["']([a-z][\w.-]*)["']""", text))
    for path in (ROOT / "static" / "js").glob("*.js"):
        found |= {f"js.{key}" for key in re.findall(r"""\bsay\("([a-z][\w.-]*)\"""", path.read_text("utf-8"))}
    return {key for key in found if not key.endswith(".")}  # those are put together, see COMPUTED


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_every_message_exists_with_the_same_facts(language: str) -> None:
    english, other = catalogue("en"), catalogue(language)
    assert english.keys() == other.keys()
    for key, text in english.items():
        assert placeholders(text) == placeholders(other[key]), key


def test_every_key_that_is_used_exists() -> None:
    keys = used()
    assert len(keys) > 60
    assert not {key for key in keys if key not in catalogue("en")}


def test_no_message_is_left_over() -> None:
    left = {key for key in catalogue("en").keys() - used() if not key.startswith(COMPUTED)}
    assert not left - {"asked.known", "earliest.none"}


def test_computed_keys_exist() -> None:
    for name in STATUSES:
        assert f"status.{name}" in catalogue("en")
    for name in PURPOSES:
        assert f"purpose.{name}" in catalogue("en")
    for entry in FORMATS:
        assert f"format.{entry.name}" in catalogue("en")
        assert f"js.kind.{entry.name}" in catalogue("en")
    for outcome in ("met", "open", "unmet", "note"):
        assert f"rule.{outcome}" in catalogue("en")


@pytest.mark.parametrize("code", list(KioskCode))
def test_every_code_has_a_sentence_in_every_language(code: KioskCode) -> None:
    said = {sentence(code, {}, language) for language in LANGUAGES}
    assert len(said) == len(LANGUAGES)
    assert code.value not in said
    actions = [action(code, {}, language) for language in LANGUAGES]
    assert all(actions) or not any(actions)


def test_names_of_the_languages() -> None:
    assert tuple(NAMES) == LANGUAGES


def test_an_unknown_key_shows_itself_and_facts_fill_their_places() -> None:
    say = words("en")
    assert say("no.such-key") == "no.such-key"
    assert say("result.document", number=2) == "Document 2"
    assert words("ar").direction == "rtl"


def test_moments_are_written_with_their_zone() -> None:
    say, moment = Words("en"), datetime(2021, 12, 20, 17, tzinfo=UTC)
    assert say.moment(moment) == "20 Dec 2021, 17:00 UTC"
    assert say.moment(moment, timezone(timedelta(hours=-5))) == "20 Dec 2021, 12:00 (UTC−5)"
    assert say.moment(moment, timezone(timedelta(hours=5, minutes=30))) == "20 Dec 2021, 22:30 (UTC+5:30)"
    assert Words("es").day(moment) == "20 dic 2021"
    assert Words("en").span(timedelta(hours=6)) == "6 hours"
