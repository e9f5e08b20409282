"""Every code has a sentence in every language, facts fit, and nothing is said twice or for no code."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import kiosk
import verifier
from verifier.findings import Code, all_codes
from verifier.wording import LANGUAGES, action, catalogue, sentence

LOCALES = Path(verifier.__file__).parent / "wording" / "locales"
FREE = {"policy", "duty", "unchecked", "names", "word"}  # keys of packs and of words inside sentences, not codes


@pytest.fixture(scope="module")
def codes() -> list[Code]:
    for package in (verifier, kiosk):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    ours = ("verifier.", "kiosk.")
    return sorted({code.value: code for code in all_codes() if code.__module__.startswith(ours)}.values())


def _fields(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def _areas() -> Iterator[str]:
    yield from sorted({path.stem for path in LOCALES.rglob("*.po")})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_sentence(codes: list[Code], language: str) -> None:
    missing = [code.value for code in codes if not catalogue(code.area, language).get(code.value)]
    assert not missing


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_every_english_message_is_translated_with_the_same_facts(language: str) -> None:
    wrong = []
    for area in _areas():
        theirs = catalogue(area, language)
        for key, text in catalogue(area, "en").items():
            if key not in theirs:
                wrong.append(f"{key} is missing")
            elif not _fields(theirs[key]) <= _fields(text):
                wrong.append(f"{key} names other facts")
        wrong.extend(f"{key} has no English" for key in theirs if key not in catalogue(area, "en"))
    assert not wrong


def test_no_sentence_without_a_code(codes: list[Code]) -> None:
    known = {code.value for code in codes}
    # words that a screen needs and no finding carries
    verdicts = {"decision.cleared", "decision.refer", "decision.denied"}
    verdicts |= {"travel.valid", "travel.not-valid", "travel.pass-read", "travel.pass-faulty"}
    stray = [
        key
        for area in _areas()
        if area not in FREE
        for key in catalogue(area, "en")
        if key.removesuffix("!") not in known | verdicts and key.partition(".")[0] == area and ".label-" not in key
    ]
    assert not stray


def test_codes_are_well_formed_and_unique(codes: list[Code]) -> None:
    values = [code.value for code in codes]
    assert len(values) == len(set(values))
    assert all(re.fullmatch(r"[a-z0-9]+\.[a-z0-9]+(?:-[a-z0-9]+)*", value) for value in values)


def test_a_missing_fact_is_an_ellipsis_and_no_attribute_is_reached() -> None:
    from verifier.trust.codes import DatesCode

    assert "…" in sentence(DatesCode.EXPIRED)
    assert action(DatesCode.NO_EXPIRY) is None
    assert sentence(DatesCode.EXPIRED, {"expired": "2021-01-01"}, "xx") == sentence(
        DatesCode.EXPIRED, {"expired": "2021-01-01"}
    )


def test_words_of_packs_are_translated() -> None:
    """Exemptions that packs name have a word in every language."""
    from verifier.rules.rulebook import RuleBook

    named = {
        lift.id
        for policy in RuleBook.load().policies.values()
        for lift in (*policy.exemptions, *(lift for clause in policy.clauses for lift in clause.exemptions))
    }
    for language in LANGUAGES:
        missing = [name for name in sorted(named) if f"word.{name}" not in catalogue("word", language)]
        assert not missing, language
