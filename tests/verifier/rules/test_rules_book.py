"""The rule book: selection, two kinds of time, verdicts, the earliest moment, and the shipped packs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from rules_kit import SHOWN, a_test, case, good, vaccination

from verifier.errors import ConfigError
from verifier.rules.case import Case
from verifier.rules.checks import LiveRules, check_pack, in_force_on, prove, read_cases, run_cases
from verifier.rules.codes import RulesCode
from verifier.rules.loading import load_pack
from verifier.rules.policy import CompiledPolicy
from verifier.rules.rulebook import PACKS, RuleBook
from verifier.rules.schema import pack_schema
from verifier.wording import LANGUAGES, message

FOLDERS = sorted(folder for folder in PACKS.iterdir() if (folder / "pack.yaml").is_file())
PACK_CASES = [(folder, case_.id) for folder in FOLDERS for case_ in read_cases(folder)]


@pytest.mark.parametrize(
    ("folder", "ident"), PACK_CASES, ids=[f"{folder.name}-{ident}" for folder, ident in PACK_CASES]
)
def test_case_of_a_pack(book: RuleBook, folder: Path, ident: str) -> None:
    result = _results(book, folder)[ident]
    assert result[0] == result[1]
    assert result[2] in result[3]


_CACHE: dict[str, dict[str, tuple[str, str, str, tuple[str, ...]]]] = {}


def _results(book: RuleBook, folder: Path) -> dict[str, tuple[str, str, str, tuple[str, ...]]]:
    if folder.name not in _CACHE:
        _CACHE[folder.name] = {
            r.case.id: (r.verdict, r.case.expected, r.case.because, r.policies) for r in run_cases(folder, book)
        }
    return _CACHE[folder.name]


ROWS = (
    "nonessential land travel with Mexico extended month by month",
    "nonessential land travel with Canada extended month by month",
    "the extension through 21 October known on 20 September",
    "air open while land is closed",
    *(f"regional bans by 14-day presence: {place}" for place in
      ("China", "Iran", "Schengen", "UK", "Ireland", "Brazil", "South Africa", "India", "Omicron states")),
    "the order that overtook the planned end in January 2021",
    "the announced but undated November rule",
    "all bans ended by one act on 8 November",
    *(f"full vaccination by air: {way}" for way in ("mix-and-match", "trials", "single dose", "bivalent")),
    "tests of 3 days", "tests of 1 day", "tests of 1 day for all", "China 2023",
    "Title 42 (never applies to channel air)",
    "family exemptions that the other side did not return",
    "land reopening in two phases",
    *(f"exemption: {who}" for who in
      ("US citizens", "permanent residents", "cross-border trade", "study", "medical", "family", "crew", "diplomats",
       "armed forces", "under 18", "low-availability countries with a non-B visa")),
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_each_row_of_the_tangle_has_a_case_that_names_it(row: str) -> None:
    assert any(case_.names == row for case_ in read_cases(PACKS / "us"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_shipped_pack_has_no_fault(folder: Path) -> None:
    findings = check_pack(folder)
    assert [finding.code for finding in findings] == [RulesCode.PACK_GOOD], findings


def test_the_two_land_borders_are_equal_until_their_texts_differ(book: RuleBook) -> None:
    def shape(policy: CompiledPolicy) -> tuple[object, ...]:
        times = [(v.told, v.start, v.end, v.end_told) for v in policy.versions]
        lifts = [(lift.id, lift.when, lift.duties) for lift in policy.exemptions]
        clauses = [(clause.id, clause.require) for clause in policy.clauses]
        return (times, lifts, clauses, policy.applies, policy.channels, policy.anchor, policy.extendable, policy.kind)

    for kind in ("essential", "nonessential-vaccinated", "vaccinated-all"):
        canada, mexico = book.policies[f"us-t19-ca-{kind}"], book.policies[f"us-t19-mx-{kind}"]
        assert shape(canada) == shape(mexico)
        assert len(canada.versions) == len(mexico.versions) == (20 if kind == "essential" else 1)
    assert book.policies["us-t19-ca-essential"].versions[0].citation == "85 FR 16548"
    assert book.policies["us-t19-mx-essential"].versions[0].citation == "85 FR 16547"


def test_an_unknown_country_is_open(book: RuleBook) -> None:
    answer = book.judge(case(trip={"destination_country": "AQ", "to": "AQ"}))
    assert (answer.verdict, answer.findings[0].code) == ("refer", RulesCode.NO_PACK)


@pytest.mark.parametrize("travel", ["2019-12-31", "2024-01-01", "2031-05-05"])
def test_outside_the_span_is_open(book: RuleBook, travel: str) -> None:
    answer = book.judge(case(travel, known="2022-01-01"))
    assert answer.verdict == "refer"
    assert RulesCode.OUTSIDE_SPAN in [finding.code for finding in answer.findings]


def test_an_earlier_day_of_knowledge_gives_the_earlier_answer(book: RuleBook) -> None:
    def on(known: str) -> str:
        trip = {"origin_country": "FR", "from": "CDG", "to": "IAD"}
        return book.judge(
            case("2021-01-28", known=known, trip=trip, evidence=[*SHOWN, a_test("2021-01-27T08:00")])
        ).verdict

    assert [on(f"2021-01-{day}") for day in ("15", "18", "24", "25", "30")] == [
        "denied",
        "cleared",
        "cleared",
        "denied",
        "denied",
    ]


def test_the_same_question_gets_the_same_answer(book: RuleBook) -> None:
    question = case()
    fresh = RuleBook.load()
    assert book.judge(question).as_json() == book.judge(question).as_json() == fresh.judge(question).as_json()


def test_an_exemption_lifts_one_rule_only(book: RuleBook) -> None:
    minor = case(traveller={"age": 17}, evidence=SHOWN)
    answer = {policy.id: policy for policy in book.judge(minor).policies}
    assert answer["us-10294"].exemption == "under-18"
    assert answer["us-10294"].duties == ("test-after-arrival", "isolate-if-ill")
    assert answer["us-cdc-test-v3"].outcome.value == "unmet"


def test_policies_say_version_and_source(book: RuleBook) -> None:
    answer = book.judge(case("2021-08-01", trip={"from": "CA", "to": "US", "channel": "land", "border": "US-CA"}))
    found = {policy.id: policy.as_json() for policy in answer.policies}["us-t19-ca-essential"]
    assert (found["version"], found["citation"], found["outcome"]) == ("us-t19-ca-17", "86 FR 38556", "unmet")
    assert found["source"][0]["url"].startswith("https://")


def test_every_finding_of_a_policy_names_it(book: RuleBook) -> None:
    for question in (case(), case(evidence=[]), case("2021-10-01", known="2021-09-01")):
        for policy in book.judge(question).policies:
            assert policy.findings
            assert all(finding.facts["policy"] == policy.id for finding in policy.findings)


def test_a_budget_of_nothing_is_never_cleared(book: RuleBook) -> None:
    answer = book.judge(case(), budget=-1.0)
    assert answer.verdict == "refer"
    assert RulesCode.TIME_BUDGET in [finding.code for finding in answer.findings]


def test_the_earliest_moment_after_a_late_dose(book: RuleBook) -> None:
    shown = [*SHOWN, vaccination(("comirnaty", "2022-01-01"), ("comirnaty", "2022-02-05")), a_test("2022-02-09T08:00")]
    earliest = book.earliest(case(evidence=shown))
    assert earliest is not None
    assert earliest.at == datetime(2022, 2, 19, 5, tzinfo=UTC)  # day 14, 00:00 at Montreal
    assert [need.code for need in earliest.needs] == [RulesCode.CAN_TEST]


def test_the_earliest_moment_of_a_rule_that_ends(book: RuleBook) -> None:
    earliest = book.earliest(case("2023-05-08", known="2023-05-02", evidence=SHOWN))
    assert earliest is not None
    assert earliest.at == datetime(2023, 5, 12, 4, 1, tzinfo=UTC)


def test_the_earliest_moment_is_now_where_it_is_cleared_and_none_where_nothing_helps(book: RuleBook) -> None:
    now = book.earliest(case())
    assert now is not None
    assert now.at == datetime(2022, 2, 10, 17, tzinfo=UTC)
    assert book.earliest(case("2022-02-10", evidence=SHOWN)) is None


def test_what_else_would_satisfy(book: RuleBook) -> None:
    question = case(evidence=SHOWN)
    unmet = {policy.id: policy for policy in book.judge(question).policies if policy.outcome.value == "unmet"}
    codes = {note.code for note in book.alternatives(question, unmet["us-cdc-test-v3"])}
    assert codes == {RulesCode.CAN_TEST, RulesCode.CAN_RECOVER, RulesCode.CAN_BE_EXEMPT}
    assert {note.code for note in book.alternatives(question, unmet["us-10294"])} == {
        RulesCode.CAN_VACCINATE, RulesCode.CAN_BE_EXEMPT,
    }  # fmt: skip


def test_what_was_in_force_on_a_day(book: RuleBook) -> None:
    def on(known: date, travel: date) -> set[str]:
        return {valid.version.id for _, valid in in_force_on(book, known, travel) if valid.version is not None}

    september = on(date(2021, 9, 20), date(2021, 10, 10))
    assert {"us-t19-ca-19", "us-t19-mx-19", "us-212f-10143", "us-cdc-test-v1"} <= september
    assert "us-10294" not in september
    assert "us-10294" in on(date(2021, 10, 26), date(2021, 11, 10))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_policy_and_duty_has_words(book: RuleBook, language: str) -> None:
    lifts = [
        lift for p in book.policies.values() for lift in (*p.exemptions, *(x for c in p.clauses for x in c.exemptions))
    ]
    duties = {duty for p in book.policies.values() for duty in p.duties} | {
        duty for lift in lifts for duty in lift.duties
    }
    keys = [
        *(code.value for code in RulesCode),
        *(f"policy.{ident}" for ident in book.policies),
        *(f"duty.{d}" for d in duties),
    ]
    assert [key for key in keys if message(key, language) is None] == []


def test_the_schema_for_editors_is_the_one_that_is_shipped() -> None:
    import json

    shipped = json.loads((PACKS.parents[2] / "docs" / "pack.schema.json").read_text("utf-8"))
    assert shipped == pack_schema()


def test_a_new_folder_is_proved_before_it_is_taken(tmp_path: Path) -> None:
    live = LiveRules(prove(PACKS))
    old = live.book
    broken = tmp_path / "us"
    broken.mkdir()
    for name in ("pack.yaml", "sources.yaml", "bans.yaml", "air.yaml", "land.yaml", "cases.yaml"):
        text = (PACKS / "us" / name).read_text("utf-8")
        (broken / name).write_text(text.replace("mix_interval: 17", "mix_interval: 28"), "utf-8")
    with pytest.raises(ConfigError) as error:
        live.replace(tmp_path)
    assert error.value.code is RulesCode.PACK_CASE
    assert live.book is old
    for name in ("pack.yaml", "cases.yaml"):
        (broken / name).write_bytes((PACKS / "us" / name).read_bytes())
    assert live.replace(tmp_path) is live.book is not old


def test_packs_load_one_by_one() -> None:
    assert load_pack(PACKS / "us").info.destinations == ("US",)
    assert isinstance(Case.from_json, object)
    assert good()
