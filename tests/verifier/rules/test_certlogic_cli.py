"""`cleargate certlogic` as a filter."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from verifier.cli.certlogic import certlogic

RULE = {
    "Identifier": "GR-DE-0001",
    "Type": "Acceptance",
    "Country": "DE",
    "Version": "1.0.0",
    "SchemaVersion": "1.0.0",
    "Engine": "CERTLOGIC",
    "EngineVersion": "1.0.0",
    "CertificateType": "General",
    "Description": [{"lang": "en", "desc": "Doses."}],
    "ValidFrom": "2021-01-01T00:00:00Z",
    "ValidTo": "2022-01-01T00:00:00Z",
    "AffectedFields": [],
    "Logic": {"in": [{"var": "payload.x"}, {"var": "external.valueSets.letters"}]},
}


def ask(lines: list[Any], *options: str) -> list[dict[str, Any]]:
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    result = CliRunner().invoke(certlogic, ["--jsonl", "-", *options], input=text)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_expressions_are_evaluated_in_order() -> None:
    answers = ask(
        [
            {"id": 1, "expression": {"+": [{"var": "n"}, 1]}, "data": {"n": 2}},
            {"id": 2, "certLogicExpression": {"plusTime": ["2021-01-31", 1, "month"]}},
            {"id": 3, "expression": False},
            {"id": 4, "expression": {"var": "none"}, "data": None},
        ]
    )
    assert answers == [
        {"id": 1, "result": 3},
        {"id": 2, "result": "2021-03-03T00:00:00.000Z"},
        {"id": 3, "result": False},
        {"id": 4, "result": None},
    ]


def test_errors_are_coded_and_the_run_goes_on() -> None:
    deep = '{"id": 4, "expression": ' + '{"!":[' * 10_000 + "1" + "]}" * 10_000 + "}"
    shallow = '{"id": 5, "expression": ' + '{"!":[' * 300 + "1" + "]}" * 300 + "}"
    answers = ask(
        [
            {"id": 1, "expression": {"+": [True, 1]}},
            {"id": 2, "expression": None},
            {"id": 3},
            deep,
            shallow,
            {"id": 6, "rule": 5},
            {"id": 7, "expression": True},
        ]
    )
    assert [answer.get("error", {}).get("code") for answer in answers] == [
        "certlogic.not-an-integer",
        "certlogic.bad-expression",
        "input.missing-field",
        "input.not-json",
        "certlogic.too-deep",
        "input.bad-value",
        None,
    ]
    assert not any("result" in answer for answer in answers[:-1])


def test_format_check() -> None:
    [bad, good] = ask([{"id": "a", "validate": {"if": [None]}}, {"id": "b", "validate": {"var": "x"}}])
    assert len(bad["errors"]) == 2
    assert good == {"id": "b", "errors": []}


def test_rules_with_their_tests(tmp_path: Path) -> None:
    named = tmp_path / "named.json"
    named.write_text(json.dumps({"vs-1": {"letters": ["a"]}}))
    tests = [
        {"file": "1", "name": "listed", "payload": {"x": "a"}, "external": {"valueSets": "vs-1"}},
        {"file": "2", "name": None, "payload": {"x": "b"}, "external": {"valueSets": {"letters": ["a"]}}},
        {"file": "3", "name": "none", "payload": None, "external": None},
        {"file": "4", "name": "unknown", "payload": {}, "external": {"valueSets": "vs-2"}},
        "no test",
    ]
    lines = [
        {"rule_id": "GR-DE-0001", "rule": RULE, "tests": tests},
        {"id": 2, "rule": RULE, "payload": {"x": "a"}, "external": {"valueSets": "vs-1"}},
        {"id": 3, "rule": RULE, "tests": "none"},
    ]
    several, single, wrong = ask(lines, "--named-value-sets", str(named))
    assert several["id"] == "GR-DE-0001"
    results = several["results"]
    assert [result.get("result") for result in results] == [True, False, None, None, None]
    assert [result.get("error", {}).get("code") for result in results] == [
        None,
        None,
        "certlogic.not-an-array",
        "input.bad-value",
        "input.bad-value",
    ]
    assert results[0]["file"] == "1"
    assert results[0]["name"] == "listed"
    assert single == {"id": 2, "result": True}
    assert wrong["error"]["code"] == "input.bad-value"


QUESTION = {"id": 1, "country": "DE", "issuer": "FR", "kind": "test", "at": "2021-06-01T00:00:00Z"}


def test_rule_sets_are_applied(tmp_path: Path) -> None:
    rules, sets = tmp_path / "rules.json", tmp_path / "sets.json"
    rules.write_text(json.dumps([RULE]))
    sets.write_text(json.dumps({"letters": ["a"]}))
    lines = [
        QUESTION | {"payload": {"ver": "1.3.0", "x": "a"}},
        QUESTION | {"payload": {"ver": "1.3.0", "x": "b"}},
        QUESTION | {"payload": {}},
        QUESTION | {"country": "AT"},
        QUESTION | {"at": "soon"},
        QUESTION | {"at": "2021-06-01T00:00:00"},
        QUESTION | {"kind": "pass-the-salt"},
        QUESTION | {"country": 5},
    ]
    answers = ask(lines, "--rules", str(rules), "--value-sets", str(sets), "--lang", "es")
    assert [answer.get("outcome") for answer in answers] == ["met", "unmet", "open", "open", *[None] * 4]
    assert answers[0]["sentences"] == ["Se cumple la regla GR-DE-0001 de DE («Doses.»)."]
    assert [answer["error"]["code"] for answer in answers[4:]] == [
        "input.bad-time",
        "certlogic.no-zone",
        "input.bad-value",
        "input.bad-value",
    ]


def test_rules_must_be_given_to_be_applied() -> None:
    [answer] = ask([QUESTION])
    assert answer["error"]["code"] == "input.missing-field"


@pytest.mark.parametrize("option", ["--rules", "--value-sets", "--named-value-sets"])
def test_bad_files_stop_the_start(tmp_path: Path, option: str) -> None:
    file = tmp_path / "x.json"
    file.write_text("[")
    result = CliRunner().invoke(certlogic, ["--jsonl", "-", option, str(file)], input="")
    assert result.exit_code == 1
    assert "certlogic.not-json" in result.output


def test_a_rule_left_out_is_said(tmp_path: Path) -> None:
    file = tmp_path / "rules.json"
    file.write_text(json.dumps([RULE, {"Identifier": "GR-DE-0002"}]))
    result = CliRunner().invoke(certlogic, ["--jsonl", "-", "--rules", str(file)], input="")
    assert result.exit_code == 0
    assert result.stderr.startswith("Rule GR-DE-0002 in ")
