"""What can be wrong with a pack: said at start-up with file and line, bounded, and never loaded by half."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from verifier.errors import ConfigError
from verifier.rules.case import Case
from verifier.rules.checks import check_pack
from verifier.rules.codes import RulesCode
from verifier.rules.rulebook import RuleBook
from verifier.rules.yaml_files import parse

HEADER = """pack: {id: xx, title: Xland, subject: test, destinations: [XX], zone: UTC,
       as_of: 2023-01-01, complete_from: 2021-01-01, complete_until: 2023-01-01}
sources: {gazette: {title: The gazette}}
products: {}
"""
POLICY = """  - id: xx-rule
    title: A rule
    channels: [air]
    announced: 2021-01-01
    effective_from: 2021-02-01
    require: {shown: {what: [form]}}
    source: [gazette]
"""


def pack(tmp_path: Path, text: str, **files: str) -> Path:
    folder = tmp_path / "xx"
    folder.mkdir()
    (folder / "pack.yaml").write_text(text, "utf-8")
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(content, "utf-8")
    return folder


def refused(folder: Path) -> ConfigError:
    with pytest.raises(ConfigError) as error:
        RuleBook.load(folder)
    return error.value


def test_a_small_pack_loads(tmp_path: Path) -> None:
    assert list(RuleBook.load(pack(tmp_path, HEADER + "policies:\n" + POLICY)).policies) == ["xx-rule"]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (HEADER + "policies: [", RulesCode.PACK_SYNTAX, 6),
        ("- a\n- b\n", RulesCode.PACK_SYNTAX, 1),
        ("sources: {}\n", RulesCode.PACK_SCHEMA, 1),
        (HEADER + "unheard: 1\n", RulesCode.PACK_SCHEMA, 5),
        (HEADER + "policies:\n" + POLICY.replace("[air]", "[rocket]"), RulesCode.PACK_SCHEMA, 8),
        (HEADER + "policies:\n" + POLICY.replace("shown", "worn"), RulesCode.PACK_SCHEMA, 11),
        (HEADER + "policies:\n" + POLICY.replace("{shown: {what: [form]}}", "{age: {oldest: 7}}"), RulesCode.PACK_SCHEMA, 11),  # noqa: E501
        (HEADER + "policies:\n" + POLICY.replace("2021-02-01", "2021-02-31"), RulesCode.PACK_SYNTAX, 0),
        (HEADER + "policies:\n" + POLICY.replace("2021-02-01", "soon"), RulesCode.PACK_SCHEMA, 6),
        (HEADER + "policies:\n" + POLICY + "    in_force_until: 2021-01-15\n", RulesCode.PACK_SCHEMA, 6),
        (HEADER + "policies:\n" + POLICY + POLICY, RulesCode.PACK_DUPLICATE, 13),
        (HEADER + "policies:\n" + POLICY.replace("[gazette]", "[rumour]"), RulesCode.PACK_DANGLING, 6),
        (HEADER + "policies:\n" + POLICY + "    overrides: [xx-nothing]\n", RulesCode.PACK_DANGLING, 6),
        (HEADER + "policies:\n" + POLICY + "    parent: xx-nothing\n", RulesCode.PACK_DANGLING, 6),
        (HEADER + "policies:\n" + POLICY + "    overrides: [xx-rule]\n", RulesCode.PACK_CIRCLE, 6),
        (HEADER + "policies:\n" + POLICY + POLICY.replace("xx-rule", "xx-two") + "    overrides: [xx-rule]\n"
         + POLICY.replace("xx-rule", "xx-three") + "    overrides: [xx-two]\n    applies_to: {in_force: {version: xx-two}}\n",  # noqa: E501
         None, 0),
        (HEADER + "requirements: {a: {not: b}, b: {not: a}}\npolicies:\n" + POLICY.replace("{shown: {what: [form]}}", "a"),  # noqa: E501
         RulesCode.PACK_CIRCLE, 7),
        (HEADER + "instances: [{template: none, with: {}}]\n", RulesCode.PACK_DANGLING, 5),
        (HEADER + "templates: {t: {parameters: [a], policies: []}}\ninstances: [{template: t, with: {}}]\n",
         RulesCode.PACK_SCHEMA, 6),
        ("a: &x [1]\nb: *x\n", RulesCode.PACK_TOO_LARGE, 1),
        ("a: !!python/object/apply:os.system [ls]\n", RulesCode.PACK_TOO_LARGE, 1),
        ("a: " + "[" * 10_000 + "]" * 10_000, RulesCode.PACK_TOO_LARGE, 0),
        ("a: " + "- " * 10_000, RulesCode.PACK_TOO_LARGE, 0),
        ("a: [" + "1, " * 300_000 + "1]", RulesCode.PACK_TOO_LARGE, 0),
        ("a: " + "x" * 2_000_001, RulesCode.PACK_TOO_LARGE, 0),
    ],
)  # fmt: skip
def test_a_bad_pack_is_refused_with_file_and_line(tmp_path: Path, text: str, code: RulesCode | None, line: int) -> None:
    folder = pack(tmp_path, text)
    if code is None:
        assert len(RuleBook.load(folder).policies) == 3
        return
    error = refused(folder)
    assert (error.code, error.facts["line"]) == (code, line)
    assert str(error.facts["file"]).endswith("pack.yaml")


def test_policies_that_cite_each_other_in_a_circle(tmp_path: Path) -> None:
    one = POLICY + "    applies_to: {in_force: {version: xx-two}}\n"
    two = POLICY.replace("xx-rule", "xx-two") + "    applies_to: {in_force: {version: xx-rule}}\n"
    assert refused(pack(tmp_path, HEADER + "policies:\n" + one + two)).code is RulesCode.PACK_CIRCLE


def test_a_requirement_nested_too_deep(tmp_path: Path) -> None:
    deep = "{not: " * 40 + "always" + "}" * 40
    error = refused(pack(tmp_path, HEADER + "policies:\n" + POLICY.replace("{shown: {what: [form]}}", deep)))
    assert error.code in (RulesCode.PACK_SCHEMA, RulesCode.PACK_TOO_LARGE)


def test_an_empty_folder_and_no_folder(tmp_path: Path) -> None:
    assert refused(tmp_path).code is RulesCode.PACK_EMPTY
    (tmp_path / "xx").mkdir()
    assert refused(tmp_path).code is RulesCode.PACK_EMPTY
    assert refused(tmp_path / "absent").code is RulesCode.PACK_EMPTY


def test_two_packs_with_the_same_policy(tmp_path: Path) -> None:
    folder = pack(tmp_path, HEADER + "policies:\n" + POLICY)
    (tmp_path / "yy").mkdir()
    (tmp_path / "yy" / "pack.yaml").write_bytes((folder / "pack.yaml").read_bytes())
    assert refused(tmp_path).code is RulesCode.PACK_DUPLICATE


CASE = """cases:
  - {id: one, as_known_on: 2021-03-01, travel_date: 2021-03-05, traveller: {}, expected: EXPECTED, because: xx-rule,
     trip: {origin_country: CA, destination_country: XX, channel: air}, evidence: [{type: form}]}
"""


@pytest.mark.parametrize(
    ("policies", "cases", "codes"),
    [
        (POLICY, "", [RulesCode.PACK_GOOD]),
        (POLICY.replace("[gazette]", "[]"), "", [RulesCode.PACK_SOURCE]),
        (POLICY, "cases: [{id: one}]", [RulesCode.PACK_SCHEMA]),
        (POLICY.replace("    announced: 2021-01-01\n    effective_from: 2021-02-01\n", """    rows:
      - {id: a, announced: 2021-01-01, effective_from: 2021-02-01, in_force_until: 2021-03-01}
      - {id: b, announced: 2021-01-01, effective_from: 2021-03-02, in_force_until: 2021-04-01}
      - {id: c, announced: 2021-01-01, effective_from: 2021-03-30}
"""), "", [RulesCode.PACK_GAP, RulesCode.PACK_OVERLAP]),
    ],
)  # fmt: skip
def test_check_names_every_fault(tmp_path: Path, policies: str, cases: str, codes: list[RulesCode]) -> None:
    files = {"cases": cases} if cases else {}
    assert [finding.code for finding in check_pack(pack(tmp_path, HEADER + "policies:\n" + policies, **files))] == codes


def test_check_runs_the_cases_of_the_pack(tmp_path: Path) -> None:
    text = HEADER.replace("XX", "FJ") + "policies:\n" + POLICY
    good = pack(tmp_path, text, cases=CASE.replace("XX", "FJ").replace("EXPECTED", "cleared"))
    assert [finding.code for finding in check_pack(good)] == [RulesCode.PACK_GOOD]
    (good / "cases.yaml").write_text(CASE.replace("XX", "FJ").replace("EXPECTED", "denied"), "utf-8")
    (finding,) = check_pack(good)
    assert (finding.code, finding.facts["got"]) == (RulesCode.PACK_CASE, "cleared")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=80) | st.text(alphabet="[]{}:-,&*! \n\tax1\"'", max_size=80))
def test_any_text_is_a_mapping_or_a_coded_error(text: str) -> None:
    try:
        assert isinstance(parse(text.encode("utf-8", "surrogatepass"), "any.yaml"), dict)
    except ConfigError as error:
        assert error.code in (RulesCode.PACK_SYNTAX, RulesCode.PACK_TOO_LARGE)


def test_norway_stays_a_country() -> None:
    assert parse(b"places: [NO, DK]\nflag: true\n", "n.yaml") == {"places": ["NO", "DK"], "flag": True}


def test_a_paper_that_lifts_a_rule_is_not_simply_had_because_another_rule_asks_for_it(tmp_path: Path) -> None:
    named = HEADER.replace("XX", "FJ") + "requirements: {the-form: {any: [{shown: {what: [form]}}]}}\n"
    asks = POLICY.replace("{shown: {what: [form]}}", "the-form")
    lifts = POLICY.replace("xx-rule", "xx-two").replace("{shown: {what: [form]}}", "{not: always}")
    lifts += "    exemptions: [{id: by-form, when: the-form}]\n"
    book = RuleBook.load(pack(tmp_path, named + "policies:\n" + asks + lifts))
    question = {
        "as_known_on": "2021-03-01", "travel_date": "2021-03-05", "traveller": {}, "evidence": [],
        "trip": {"origin_country": "CA", "destination_country": "FJ", "channel": "air"},
    }  # fmt: skip
    assert book.earliest(Case.from_json(question)) is None
    shown = Case.from_json({**question, "evidence": [{"type": "form"}]})
    assert book.judge(shown).verdict == "cleared"
