"""Bad input to the rules, item by item: coded, bounded in time, never cleared, never another exception."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rules_kit import asked, case
from test_rules_loading import HEADER, POLICY, pack, refused

from verifier.cli.rules import judge as judge_command
from verifier.errors import ConfigError, InputError
from verifier.model import Journey, Leg, Traveller
from verifier.rules.case import Case
from verifier.rules.certlogic import Expression, RuleSet
from verifier.rules.certlogic.codes import CertLogicCode, CertLogicError
from verifier.rules.certlogic_hook import HOOK, hook
from verifier.rules.codes import RulesCode
from verifier.rules.facts import code, days_of, word
from verifier.rules.requirements import KINDS
from verifier.rules.rulebook import RuleBook
from verifier.rules.yaml_files import parse


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """CPU time, so that a busy machine fails nobody."""
    start = time.process_time()
    yield
    assert time.process_time() - start < seconds


def codes(book: RuleBook, question: Case) -> tuple[str, set[str]]:
    answer = book.judge(question)
    return answer.verdict, {finding.code.value for finding in answer.findings}


# --- the journey and the person --------------------------------------------------------------------------------------

NOON = datetime(2022, 2, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "legs",
    [
        (Leg("YUL", "BOS", departs=NOON, arrives=NOON - timedelta(hours=1)),),
        (Leg("LHR", "YUL", departs=NOON, arrives=NOON + timedelta(hours=7)), Leg("YUL", "BOS", departs=NOON)),
        (Leg("LHR", "YUL", arrives=NOON), Leg("YUL", "BOS", departs=NOON - timedelta(days=400), arrives=NOON)),
    ],
)
def test_a_journey_that_goes_back_in_time(book: RuleBook, legs: tuple[Leg, ...]) -> None:
    question = Case.from_travel(Traveller(citizenships=("AU",)), Journey(legs), [], known=date(2022, 2, 1))
    verdict, found = codes(book, question)
    assert (verdict, "rules.back-in-time" in found) == ("refer", True)


def test_forty_legs_and_five_hundred_documents_at_once(book: RuleBook) -> None:
    papers = [{"type": "test", "kind": "naat", "specimen_collected": "2022-02-09", "result": "negative"}] * 500
    question = case(trip={"transit": ["LHR", "JFK"] * 20, "separate_tickets": None}, evidence=papers)
    with within(2.0):
        verdict, found = codes(book, question)
    assert (verdict != "cleared", "rules.too-many" in found) == (True, True)
    assert len(book.judge(question).legs) == 41


@pytest.mark.parametrize(
    "traveller",
    [
        {"citizenship": "US", "us_status": "nonimmigrant"},
        {"citizenship": "AU", "us_status": "citizen"},
        {"citizenship": "AU", "uk_status": "resident", "gb_status": "visitor"},
        {"citizenship": ["AU", "US"], "us_status": "lpr"},
    ],
)
def test_contradictory_statuses(book: RuleBook, traveller: dict[str, Any]) -> None:
    verdict, found = codes(book, case(traveller=traveller))
    assert (verdict, "rules.status-contradicts" in found) == ("refer", True)


def test_contradictory_statuses_of_a_traveller(book: RuleBook) -> None:
    person = Traveller(citizenships=("AU",), status={"us": "lpr", "US": "nonimmigrant"})
    leg = Leg("YUL", "BOS", departs=NOON, arrives=NOON + timedelta(hours=2))
    verdict, found = codes(book, Case.from_travel(person, Journey((leg,)), [], known=date(2022, 2, 1)))
    assert (verdict != "cleared", "rules.status-contradicts" in found) == (True, True)


@pytest.mark.parametrize(
    ("traveller", "trip"),
    [
        ({"age": -1}, {}),
        ({"age": 10**30}, {}),
        ({"age": None, "date_of_birth": "2031-02-01"}, {}),
        ({"age": None, "date_of_birth": "1980-02-31"}, {}),
        ({"presence_14d": [{"place": "DE", "from": "2022-02-30", "to": "2022-02-09"}]}, {}),
        ({}, {"transit": ["QQQ"]}),
        ({}, {"to": "QQQ", "destination_country": "QQ"}),
        ({}, {"from": "QQQ", "origin_country": "QQ"}),
        ({}, {"from": "QQQ"}),
        ({"citizenship": "Australia"}, {}),
    ],
    ids=["age -1", "age beyond number", "born after travel", "impossible birth", "impossible stay", "unknown stop",
         "unknown airport", "unknown origin", "unknown airport of a country", "no code"],
)  # fmt: skip
def test_an_impossible_fact_never_clears(book: RuleBook, traveller: dict[str, Any], trip: dict[str, Any]) -> None:
    try:
        verdict, found = codes(book, case(traveller=traveller, trip=trip))
    except InputError as error:
        assert error.code.value.startswith("rules.")
        return
    assert verdict == "refer", found


def test_a_missing_fact_is_asked_for_and_a_zone_without_a_name_is_refused(book: RuleBook) -> None:
    stays = [{"place": "DE", "from": "2021-01-01", "to": "2021-06-10"}]
    unknown = case("2021-06-10", traveller={"us_status": None, "citizenship": None, "presence_14d": stays})
    answer = book.judge(unknown)
    assert (answer.verdict, "rules.fact-missing" in {found.code.value for found in answer.all_findings()}) == (
        "refer", True,
    )  # fmt: skip
    naive = Journey((Leg("YUL", "BOS", departs=datetime(2022, 2, 10, 12)),))  # noqa: DTZ001 - the fault
    with pytest.raises(InputError) as error:
        Case.from_travel(Traveller(), naive, [], known=date(2022, 2, 1))
    assert error.value.code is RulesCode.BAD_FACT


# --- packs -----------------------------------------------------------------------------------------------------------


def test_policies_that_cite_each_other_in_a_circle(tmp_path: Path) -> None:
    ring = "".join(
        POLICY.replace("xx-rule", f"xx-{n}") + f"    applies_to: {{in_force: {{version: xx-{(n + 1) % 500}}}}}\n"
        for n in range(500)
    )
    with within(10.0):
        error = refused(pack(tmp_path, HEADER + "policies:\n" + ring))
    assert (error.code, str(error.facts["file"]).endswith("pack.yaml")) == (RulesCode.PACK_CIRCLE, True)
    assert error.facts["line"]


def test_overrides_in_a_circle_and_of_oneself(tmp_path: Path) -> None:
    one = POLICY + "    overrides: [xx-two]\n"
    two = POLICY.replace("xx-rule", "xx-two") + "    unsettles: [xx-rule]\n"
    assert refused(pack(tmp_path, HEADER + "policies:\n" + one + two)).code is RulesCode.PACK_CIRCLE


LAUGHS = "a0: &a0 [ha, ha, ha, ha]\n" + "".join(
    f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}, *a{n - 1}, *a{n - 1}]\n" for n in range(1, 30)
)


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS,
        "a: &a {b: *a}\n",
        "<<: {a: 1}\nb: !!binary aGE=\n",
        "a: " + "{b: " * 5_000 + "1" + "}" * 5_000,
        "a:\n" + "".join(" " * n + "b:\n" for n in range(1, 1_500)),
        "- " * 10_000 + "x",
        "a: [" + "{}, " * 250_000 + "1]",
        "a: " + "'" + "x" * 2_100_000 + "'",
    ],
    ids=["billion laughs", "itself", "merge and tag", "deep maps", "deep indentation", "deep lists", "wide", "long"],
)
def test_a_yaml_bomb(tmp_path: Path, text: str) -> None:
    with within(8.0):
        error = refused(pack(tmp_path, text))
    assert error.code in (RulesCode.PACK_TOO_LARGE, RulesCode.PACK_SYNTAX)


@pytest.mark.parametrize("levels", [60, 10_000])
@pytest.mark.parametrize(("opens", "closes"), [("{not: ", "}"), ("{all: [", "]}"), ("{any: [always, ", "]}")])
def test_a_rule_nested_10000_deep(tmp_path: Path, levels: int, opens: str, closes: str) -> None:
    deep = opens * levels + "always" + closes * levels
    with within(8.0):
        error = refused(pack(tmp_path, HEADER + "policies:\n" + POLICY.replace("{shown: {what: [form]}}", deep)))
    assert error.code in (RulesCode.PACK_TOO_LARGE, RulesCode.PACK_SCHEMA)


def test_names_that_nest_10000_deep(tmp_path: Path) -> None:
    chain = "".join(f"  r{n}: {{not: r{n + 1}}}\n" for n in range(10_000))
    text = HEADER + "requirements:\n" + chain + "  r10000: always\npolicies:\n"
    with within(20.0):
        error = refused(pack(tmp_path, text + POLICY.replace("{shown: {what: [form]}}", "r0")))
    assert error.code in (RulesCode.PACK_TOO_LARGE, RulesCode.PACK_SCHEMA)


def test_a_national_rule_nested_10000_deep_is_open() -> None:
    deep: Any = True
    for _ in range(10_000):
        deep = {"!": [deep]}
    with pytest.raises(CertLogicError) as error:
        Expression.compile(deep)
    assert error.value.code is CertLogicCode.TOO_DEEP
    rule = {
        "Identifier": "GR-DE-0001", "Type": "Acceptance", "Country": "DE", "Version": "1.0.0", "Engine": "CERTLOGIC",
        "SchemaVersion": "1.0.0", "EngineVersion": "1.0.0", "CertificateType": "General", "Logic": deep,
        "ValidFrom": "2021-06-01T00:00:00Z", "ValidTo": "2023-06-01T00:00:00Z",
    }  # fmt: skip
    shown = {"type": "vaccination", "format": "eu-dcc", "signature_verified": True, "issuer": "FR",
             "doses": [], "payload": {"ver": "1.3.0", "v": [{"dn": 2, "sd": 2}]}}  # fmt: skip
    trip = {"origin_country": "AU", "from": "SYD", "destination_country": "DE", "to": "FRA"}
    national = RuleBook.load(hooks={HOOK: hook(RuleSet.of([rule]))})
    assert national.judge(case(trip=trip, evidence=[shown])).verdict == "refer"


def test_a_question_nested_10000_deep(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    line = json.dumps(asked())[:-1] + ', "more": ' + "[" * 100_000 + "]" * 100_000 + "}"
    path.write_text(line + "\n" + json.dumps(asked()), "utf-8")
    result = CliRunner().invoke(judge_command, ["--jsonl", str(path)])
    first, second = map(json.loads, result.output.splitlines())
    assert first.get("error", {}).get("code") == "input.not-json"
    assert second["verdict"] == "cleared"


@pytest.mark.parametrize("key", ["matches", "pattern", "regex"])
def test_no_rule_holds_a_regular_expression(tmp_path: Path, key: str) -> None:
    """There is no place for one: no option of any requirement, no operation of CertLogic."""
    written = "{fact: {name: occupation, " + key + ': "^(a+)+$"}}'
    error = refused(pack(tmp_path, HEADER + "policies:\n" + POLICY.replace("{shown: {what: [form]}}", written)))
    assert error.code is RulesCode.PACK_SCHEMA
    assert not [name for spec in KINDS.values() for name in spec.model_fields if key in name]
    with pytest.raises(CertLogicError) as raised:
        Expression.compile({key: [{"var": "payload.dob"}, "^(a+)+$"]})
    assert raised.value.code is CertLogicCode.BAD_EXPRESSION


@pytest.mark.parametrize("hostile", ["a" * 50_000 + "!", "- " * 50_000, "(" * 50_000, "_-/ " * 50_000, "0" * 50_000])
def test_our_own_patterns_do_not_explode(book: RuleBook, tmp_path: Path, hostile: str) -> None:
    with within(5.0):
        word(hostile)
        code(hostile)
        days_of(hostile)
        try:
            parse(f"a: {json.dumps(hostile)}\n".encode(), "x.yaml")
            parse(hostile.encode(), "x.yaml")
        except ConfigError as error:
            assert error.code in (RulesCode.PACK_SYNTAX, RulesCode.PACK_TOO_LARGE)
        person = {"occupation": hostile, "purpose": hostile, "visa": hostile, "citizenship": hostile}
        try:
            assert codes(book, case(traveller=person))[0] != "cleared"
        except InputError as error:
            assert error.code.value.startswith("rules.")
        slots = POLICY.replace("{shown: {what: [form]}}", json.dumps("${" * 5_000))
        template = (
            HEADER
            + "templates:\n  t:\n    parameters: [a]\n    policies:\n"
            + "".join(f"    {line}\n" for line in slots.splitlines())
        )
        folder = pack(tmp_path, template + f"instances: [{{template: t, with: {{a: {json.dumps(hostile)}}}}}]\n")
        refused(folder)


def test_a_pack_with_a_dangling_id_names_file_and_line(tmp_path: Path) -> None:
    wrongs = ("overrides: [xx-nothing]", "parent: xx-nothing", "unsettles: [xx-nothing]",
                  "applies_to: {in_force: {version: xx-nothing}}", "applies_to: nobody-knows",
                  "applies_to: {absent: {places: [nowhere]}}", "applies_to: {vaccinated: {products: x}}")  # fmt: skip
    for number, wrong in enumerate(wrongs):
        folder = tmp_path / str(number) / "xx"
        folder.mkdir(parents=True)
        (folder / "pack.yaml").write_text(HEADER + "policies:\n" + POLICY + f"    {wrong}\n", "utf-8")
        error = refused(folder)
        assert (error.code, error.facts["line"] > 0) == (RulesCode.PACK_DANGLING, True), wrong


def test_an_empty_pack_folder_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path).code is RulesCode.PACK_EMPTY
    (tmp_path / "notes.txt").write_text("nothing", "utf-8")
    assert refused(tmp_path).code is RulesCode.PACK_EMPTY
    (tmp_path / "xx").mkdir()
    (tmp_path / "xx" / "cases.yaml").write_text("cases: []\n", "utf-8")
    assert refused(tmp_path).code is RulesCode.PACK_EMPTY
