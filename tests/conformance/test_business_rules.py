"""The member states' rules against their own tests, and the rules of a shipped verifier as an import."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from corpora import Tally, corpus, rows, run

from verifier.rules.certlogic import SPECIFICATION, CertLogicError, Expression, RuleSet, ValueSets, validate
from verifier.rules.certlogic.rule import Rule, parse_rule, parse_version


def value_sets() -> dict[str, Any]:
    path = corpus("business-rules") / "value-sets.json"
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def external_of(test: Mapping[str, Any], sets: Mapping[str, Any]) -> dict[str, Any]:
    """External data of a test, a named collection of value sets put in place."""
    external = dict(test["external"] or {})
    named = external.get("valueSets")
    if isinstance(named, str):
        external["valueSets"] = sets.get(named)
    return external


def cases() -> Iterator[tuple[str, Expression | None, dict[str, Any], dict[str, Any]]]:
    sets = value_sets()
    for row in rows(corpus("business-rules") / "rules.jsonl"):
        rule = parse_rule(row["rule"])
        logic = rule.logic if isinstance(rule, Rule) else None
        for test in row["tests"]:
            data = {"payload": test["payload"], "external": external_of(test, sets)}
            if isinstance((test["external"] or {}).get("valueSets"), str) and not sets:
                continue  # the side file with the value sets is absent
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
    assert {(rule.identifier, rule.version_text) for rule in loaded.rules} == {
        (row["rule"]["Identifier"], row["rule"]["Version"]) for row in listed
    }
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
    assert {(rule.identifier, rule.version_text) for rule in loaded.rules} == {
        (rule["Identifier"], rule["Version"]) for rule in listed
    }
    assert not loaded.unreadable
    # only a rule for a newer engine, or one that is no CertLogic, may be unable to run
    refused = {
        rule["Identifier"]
        for rule in listed
        if validate(rule["Logic"]) or parse_version(rule["EngineVersion"])[:3] > SPECIFICATION
    }
    assert {rule.identifier for rule in loaded.rules if rule.logic is None} == refused


def test_value_sets_load() -> None:
    folder = corpus("valuesets")
    files = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]
    sets = ValueSets.load(*sorted(folder.glob("*.json")))
    newest = max(file["valueSetDate"] for file in files)
    lists, later = sets.at(date.fromisoformat(newest))
    assert {name: set(codes) for name, codes in lists.items()} == {
        file["valueSetId"]: set(file["valueSetValues"]) for file in files
    }
    assert not later
