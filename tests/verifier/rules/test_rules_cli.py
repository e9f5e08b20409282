"""`cleargate judge` and `cleargate rules`: filters and commands over the library."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner
from rules_kit import asked

from verifier.cli.rules import judge, rules


def test_judge_answers_every_line_in_order(tmp_path: Path) -> None:
    lines = [json.dumps(asked()), "not json", json.dumps({**asked(), "id": "bad", "travel_date": "2021-02-30"}), ""]
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join([*lines, json.dumps({**asked(evidence=[]), "id": "last"})]), "utf-8")
    result = CliRunner().invoke(judge, ["--jsonl", str(path)])
    good, broken, bad, last = map(json.loads, result.output.splitlines())
    assert (good["id"], good["verdict"]) == ("kit", "cleared")
    assert {"id", "version", "outcome"} == set(good["policies"][0])
    assert broken["error"]["code"] == "input.not-json"
    assert (bad["id"], bad["error"]["code"]) == ("bad", "rules.date-impossible")
    assert bad["error"]["message"] != bad["error"]["code"]
    assert (last["id"], last["verdict"]) == ("last", "denied")


def test_ask_explains_one_case(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_text(json.dumps(asked(evidence=[])), "utf-8")
    result = CliRunner().invoke(rules, ["ask", str(path), "--lang", "es"])
    answer = json.loads(result.output)
    assert answer["verdict"] == "denied"
    assert "us-10294" in answer["alternatives"]
    assert answer["earliest"] is None
    assert any("No se mostró vacunación" in sentence for sentence in answer["sentences"])


def test_ask_with_a_bad_question(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_text("{}", "utf-8")
    result = CliRunner().invoke(rules, ["ask", str(path)])
    assert result.exit_code == 2
    assert json.loads(result.output)["error"]["code"] == "rules.missing-fact"


def test_list_shows_what_was_known() -> None:
    result = CliRunner().invoke(rules, ["list", "--known", "2021-09-20", "--travel", "2021-10-10"])
    versions = [json.loads(line)["version"] for line in result.output.splitlines()]
    assert "us-t19-mx-19" in versions
    assert "us-10294" not in versions


def test_check_of_a_shipped_pack_and_of_a_bad_one(tmp_path: Path) -> None:
    assert CliRunner().invoke(rules, ["check", "us"]).exit_code == 0
    (tmp_path / "pack.yaml").write_text("pack: 7\n", "utf-8")
    result = CliRunner().invoke(rules, ["check", str(tmp_path)])
    assert result.exit_code == 1
    assert json.loads(result.output)["code"] == "rules.pack-schema"


def test_check_without_a_pack_checks_every_one_that_is_shipped() -> None:
    result = CliRunner().invoke(rules, ["check"])
    found = [json.loads(line) for line in result.output.splitlines()]
    assert (result.exit_code, {finding["code"] for finding in found}) == (0, {"rules.pack-good"})
    assert {finding["facts"]["pack"] for finding in found} >= {"us", "ca", "mx", "eu", "gb"}
    assert all(finding["facts"]["cases"] for finding in found)


def test_schema_is_json() -> None:
    assert json.loads(CliRunner().invoke(rules, ["schema"]).output)["$defs"]["Requirement"]["oneOf"]
