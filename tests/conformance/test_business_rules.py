"""The member states' rules against their own tests, and the rules of a shipped verifier as an import."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from corpora import Tally, corpus, rows, run

from verifier.rules.certlogic import CertLogicError, Expression, RuleSet, validate
from verifier.rules.certlogic.rule import Rule, parse_rule


def value_sets() -> dict[str, Any]:
    path = corpus("business-rules") / "value-sets.json"
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def external_of(test: Mapping[str, Any], sets: Mapping[str, Any]) -> dict[str, Any]:
    """External data of a test, a named collection of value sets put in place."""
    external = dict(test["external"] or {})
    named = external.get("valueSets")
    if isinstance(named, str):
        external["valueSets"] = sets[named]
    return external


def cases() -> Iterator[tuple[str, Expression | None, dict[str, Any], dict[str, Any]]]:
    sets = value_sets()
    for row in rows(corpus("business-rules") / "rules.jsonl"):
        rule = parse_rule(row["rule"])
        logic = rule.logic if isinstance(rule, Rule) else None
        for test in row["tests"]:
            data = {"payload": test["payload"], "external": external_of(test, sets)}
            yield f"{row['country']}/{row['directory']}/{test['file']}", logic, data, test


def test_rule_tests() -> None:
    def judge(tally: Tally, case: tuple[str, Expression | None, dict[str, Any], dict[str, Any]]) -> None:
        ident, logic, data, test = case
        if logic is None:
            tally.judge(ident, json.dumps(test["expected"]), "a rule that is no CertLogic")
            return
        try:
            got = logic.answer(data)
        except CertLogicError as error:
            got = error
        tally.judge(ident, json.dumps(test["expected"]), got if isinstance(got, Exception) else json.dumps(got))

    run("business-rules", cases(), judge)


def test_rules_import_without_loss() -> None:
    path = corpus("business-rules") / "rules.jsonl"
    listed = rows(path)
    loaded = RuleSet.load(path)
    assert len(loaded.rules) == len(listed)
    assert not loaded.unreadable
    # the source has rules that are no CertLogic (an `if` of four operands); they stay, as rules that never pass
    broken = {row["rule"]["Identifier"] for row in listed if validate(row["rule"]["Logic"])}
    assert {finding.facts["rule"] for finding in loaded.findings} == broken
    owners = {row["rule"]["Country"] for row in listed if row["rule"]["Type"] == "Acceptance"}
    assert loaded.countries == owners


def test_production_rules_import_without_loss() -> None:
    folder = corpus("business-rules") / "production"
    files = sorted(folder.glob("*.json"))
    if not files:
        pytest.skip("business-rules/production is absent")
    listed = [rule for file in files for rule in json.loads(file.read_text("utf-8"))]
    loaded = RuleSet.load(folder)
    assert len(loaded.rules) == len(listed)
    assert not loaded.unreadable
    # only a rule for an engine newer than the specification may be unable to run
    assert {finding.code.value for finding in loaded.findings} <= {"certlogic.rule-engine"}
