"""Travellers with the answer a carrier should give. A destination without a pack is counted apart, by its name."""

from __future__ import annotations

from typing import Any

import pytest
from corpora import Tally, corpus, rows, run

from verifier.errors import InputError
from verifier.rules.case import Case
from verifier.rules.rulebook import RuleBook


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return RuleBook.load()


def scenarios() -> list[dict[str, Any]]:
    return rows(corpus("scenarios") / "scenarios.jsonl")


def verdict(book: RuleBook, question: dict[str, Any]) -> tuple[str, str | None]:
    """What the rules say, and the destination where no pack is about it."""
    try:
        case = Case.from_json(question)
    except InputError as error:
        return f"error {error.code.value}", None
    answer = book.judge(case)
    return answer.verdict, None if answer.packs else case.destination


def test_every_scenario_of_a_packed_destination_agrees(book: RuleBook) -> None:
    def judge(tally: Tally, question: dict[str, Any]) -> None:
        got, without = verdict(book, question)
        if without is not None:
            tally.skip(f"no pack for {without}")
            return
        tally.judge(question["id"], question["expected"], got)

    run("scenarios", scenarios(), judge)


def test_a_destination_without_a_pack_is_never_cleared(book: RuleBook) -> None:
    for question in scenarios():
        got, without = verdict(book, question)
        assert without is None or got == "refer", question["id"]


def test_every_answer_names_policy_version_and_source(book: RuleBook) -> None:
    for question in scenarios():
        answer = book.judge(Case.from_json(question))
        if not answer.packs:
            continue
        assert answer.policies or any(finding.facts.get("policies") for finding in answer.findings), question["id"]
        for policy in answer.policies:
            assert policy.version is not None, (question["id"], policy.id)
            assert policy.policy.sources, (question["id"], policy.id)
            assert all(finding.facts["policy"] == policy.id for finding in policy.findings), question["id"]
