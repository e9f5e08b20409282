"""Rules as a verifier applies them: import, selection, judgement. Made-up rules of made-up wording, real codes."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verifier.errors import ConfigError, InputError
from verifier.findings import Finding, Outcome
from verifier.model import Claim
from verifier.rules.certlogic import (
    CertLogicCode,
    CertLogicError,
    Expression,
    RuleSet,
    RuleSetAnswer,
    RuleType,
    ValueSets,
)
from verifier.rules.certlogic.rule import Rule, Unreadable, parse_rule, parse_version
from verifier.wording import LANGUAGES, catalogue

AT = datetime(2021, 12, 20, 12, tzinfo=UTC)
PAYLOAD = {"ver": "1.3.0", "dob": "1990-05", "v": [{"tg": "840539006", "dn": 2, "sd": 2, "dt": "2021-06-01"}]}
COMPLETE = {">=": [{"var": "payload.v.0.dn"}, {"var": "payload.v.0.sd"}]}
FAILS: dict[str, Any] = {"+": ["not", "integers"]}


def rule(logic: Any = True, **changes: Any) -> dict[str, Any]:
    """A valid rule; changes by its own field names."""
    entry = {
        "Identifier": "GR-DE-0001",
        "Type": "Acceptance",
        "Country": "DE",
        "Version": "1.0.0",
        "SchemaVersion": "1.0.0",
        "Engine": "CERTLOGIC",
        "EngineVersion": "1.3.3",
        "CertificateType": "General",
        "Description": [{"lang": "en", "desc": "Doses complete."}, {"lang": "es", "desc": "Dosis completas."}],
        "ValidFrom": "2021-06-01T00:00:00Z",
        "ValidTo": "2022-06-01T00:00:00Z",
        "AffectedFields": ["v.0"],
        "Logic": logic,
    }
    return entry | changes


def judge(*entries: Any, payload: Any = PAYLOAD, **asked: Any) -> RuleSetAnswer:
    question: dict[str, Any] = {"country": "DE", "issuer_country": "FR", "kind": Claim.VACCINATION, "at": AT} | asked
    return RuleSet.of(list(entries)).judge(payload, **question)


def codes(answer: RuleSetAnswer) -> list[str]:
    return [finding.code.value.removeprefix("certlogic.") for finding in answer.findings]


# --- one rule, three answers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("logic", "outcome", "code"),
    [
        (COMPLETE, Outcome.MET, "rule-met"),
        ({"<": [{"var": "payload.v.0.dn"}, 1]}, Outcome.UNMET, "rule-unmet"),
        (FAILS, Outcome.OPEN, "rule-error"),
        ({"var": "payload.v.0.dn"}, Outcome.OPEN, "rule-error"),
        ({"var": "payload.t"}, Outcome.OPEN, "rule-error"),
        ({"plusTime": ["2021", 0, "day"]}, Outcome.OPEN, "rule-error"),
        ({"foo": []}, Outcome.OPEN, "rule-broken"),
        (None, Outcome.OPEN, "rule-broken"),
    ],
)
def test_a_rule_has_three_answers(logic: Any, outcome: Outcome, code: str) -> None:
    answer = judge(rule(logic))
    assert (answer.outcome, codes(answer)) == (outcome, [code])
    facts = answer.findings[0].facts
    assert facts["rule"] == "GR-DE-0001"
    assert facts["version"] == "1.0.0"
    assert facts["country"] == "DE"
    assert facts["description"] == "Doses complete."


def test_the_reason_of_an_error_is_said() -> None:
    assert judge(rule(FAILS)).findings[0].facts["reason"] == "certlogic.not-an-integer"
    assert judge(rule(7)).findings[0].facts["reason"] == "certlogic.not-a-boolean"


LOGIC = {Outcome.MET: True, Outcome.UNMET: False, Outcome.OPEN: FAILS}


@pytest.mark.parametrize("outcomes", list(itertools.product(LOGIC, repeat=3)))
def test_the_worst_answer_decides(outcomes: tuple[Outcome, ...]) -> None:
    entries = [rule(LOGIC[one], Identifier=f"GR-DE-000{number}") for number, one in enumerate(outcomes)]
    worst = Outcome.UNMET if Outcome.UNMET in outcomes else Outcome.OPEN if Outcome.OPEN in outcomes else Outcome.MET
    answer = judge(*entries)
    assert answer.outcome is worst
    assert [finding.outcome for finding in answer.findings] == list(outcomes)


ERRING = {
    "a date that does not exist": {"before": [*[{"plusTime": ["2021-09-99", 0, "day"]}] * 2]},
    "a missing code list": {"in": ["x", {"var": "external.valueSets.none"}]},
    "a number that is none": {"<": [{"var": "payload.v.0.tg"}, 1]},
    "nothing to compare": {">": [{"var": "payload.v.0.none"}, 1]},
    "a date-time as an answer": {"plusTime": ["2021-01-01", 0, "day"]},
    "a date-time as a condition": {"if": [{"plusTime": ["2021-01-01", 0, "day"]}, True, True]},
    "a text as an answer": "true",
    "a number as an answer": 1,
    "a list as an answer": [True],
    "null as an answer": {"var": "payload.none"},
    "an unknown operation": {"or": [True, True]},
    "a wrong number of operands": {"if": [True, True]},
    "nested too deep": [[]],
    "too expensive": {
        "reduce": [{"var": "payload.long"}, {"reduce": [{"var": "current"}, {"and": [True] * 10}, True]}, True]
    },
}
for _ in range(300):
    ERRING["nested too deep"] = {"!": [{"!": [ERRING["nested too deep"]]}]}


@pytest.mark.parametrize("name", ERRING)
@pytest.mark.parametrize("company", [[], [True], [True, True, True]], ids=len)
def test_an_error_in_a_rule_never_passes(name: str, company: list[bool]) -> None:
    long = {"long": [[0] * 800] * 100}
    others = [rule(logic, Identifier=f"VR-DE-000{number}") for number, logic in enumerate(company)]
    answer = judge(rule(ERRING[name]), *others, payload=PAYLOAD | long)
    assert answer.outcome is Outcome.OPEN
    [wrong] = [finding for finding in answer.findings if finding.outcome is Outcome.OPEN]
    assert wrong.facts["rule"] == "GR-DE-0001"
    assert wrong.facts["reason"].startswith("certlogic.")


@settings(max_examples=150, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.builds(
                lambda name, operands: {name: operands},
                st.sampled_from(["if", "and", "!", "===", "in", "+", "<", "after", "plusTime", "reduce", "or"]),
                st.lists(inner, max_size=3),
            )
        ),
        max_leaves=12,
    )
)
def test_only_true_passes(logic: Any) -> None:
    answer = judge(rule(logic))
    try:
        value = Expression.compile(logic).evaluate({"payload": PAYLOAD, "external": {}})
    except CertLogicError:
        value = None
    expected = {True: Outcome.MET, False: Outcome.UNMET}.get(value) if isinstance(value, bool) else Outcome.OPEN
    assert answer.outcome is expected


# --- choosing rules ---------------------------------------------------------------------------------------------------


def chosen(*entries: Any, **asked: Any) -> list[str]:
    question: dict[str, Any] = {"country": "DE", "issuer_country": "FR", "kind": Claim.VACCINATION, "at": AT} | asked
    return [f"{one.identifier} {one.version_text}" for one in RuleSet.of(list(entries)).select(**question)]


def test_acceptance_of_arrival_and_invalidation_of_issuer() -> None:
    entries = [
        rule(Identifier="GR-DE-0001"),
        rule(Identifier="GR-FR-0001", Country="FR"),
        rule(Identifier="IR-DE-0001", Type="Invalidation"),
        rule(Identifier="IR-FR-0001", Country="FR", Type="Invalidation"),
    ]
    assert chosen(*entries) == ["GR-DE-0001 1.0.0", "IR-FR-0001 1.0.0"]
    assert chosen(*entries, issuer_country=None) == ["GR-DE-0001 1.0.0"]
    assert chosen(*entries, country=" de ", issuer_country="fr") == ["GR-DE-0001 1.0.0", "IR-FR-0001 1.0.0"]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(Claim.VACCINATION, "Vaccination"), (Claim.TEST, "Test"), (Claim.RECOVERY, "Recovery")],
)
def test_kind_or_general(kind: Claim, expected: str) -> None:
    kinds = ["General", "Vaccination", "Test", "Recovery"]
    entries = [rule(Identifier=f"XR-DE-{name}", CertificateType=name) for name in kinds]
    assert sorted(chosen(*entries, kind=kind)) == sorted([f"XR-DE-{expected} 1.0.0", "XR-DE-General 1.0.0"])


@pytest.mark.parametrize(
    ("at", "valid"),
    [
        (datetime(2021, 6, 1, tzinfo=UTC), True),
        (datetime(2021, 5, 31, 23, 59, 59, 999_999, tzinfo=UTC), False),
        (datetime(2022, 6, 1, tzinfo=UTC), True),
        (datetime(2022, 6, 1, 0, 0, 0, 1, tzinfo=UTC), False),
        (datetime(2021, 6, 1, 1, 30, tzinfo=timezone(timedelta(hours=2))), False),
        (datetime(2021, 6, 1, 2, 0, tzinfo=timezone(timedelta(hours=2))), True),
    ],
)
def test_validity_includes_both_ends(at: datetime, valid: bool) -> None:
    assert bool(chosen(rule(), at=at)) is valid


def test_validity_with_an_offset() -> None:
    entry = rule(ValidFrom="2021-06-01T00:00:00+02:00")
    assert chosen(entry, at=datetime(2021, 5, 31, 22, tzinfo=UTC))
    assert not chosen(entry, at=datetime(2021, 5, 31, 21, 59, tzinfo=UTC))


def test_region() -> None:
    entries = [rule(Identifier="GR-DE-0001"), rule(Identifier="GR-DE-0002", Region="BY")]
    assert chosen(*entries) == ["GR-DE-0001 1.0.0"]
    assert chosen(*entries, region=" ") == ["GR-DE-0001 1.0.0"]
    assert chosen(*entries, region="by") == ["GR-DE-0002 1.0.0"]
    assert chosen(*entries, region="NW") == []


def test_highest_version_by_number_not_by_text() -> None:
    versions = ["1.9.0", "1.10.0", "1.2.30", "1.10.0-rc.1"]
    assert chosen(*(rule(Version=version) for version in versions)) == ["GR-DE-0001 1.10.0"]


def test_highest_version_among_those_in_force() -> None:
    later = rule(Version="2.0.0", ValidFrom="2022-01-01T00:00:00Z")
    assert chosen(rule(), later) == ["GR-DE-0001 1.0.0"]
    assert chosen(rule(), later, at=datetime(2022, 1, 1, tzinfo=UTC)) == ["GR-DE-0001 2.0.0"]


def test_a_highest_version_that_cannot_run_does_not_yield_to_a_lower_one() -> None:
    answer = judge(rule(True), rule(True, Version="1.1.0", EngineVersion="1.4.0"))
    assert (answer.outcome, codes(answer)) == (Outcome.OPEN, ["rule-engine"])
    broken = judge(rule(True), rule({"foo": []}, Version="1.1.0"))
    assert (broken.outcome, codes(broken)) == (Outcome.OPEN, ["rule-broken"])
    mended = judge(rule({"foo": []}), rule(True, Version="1.1.0"))
    assert (mended.outcome, codes(mended)) == (Outcome.MET, ["rule-met"])


@pytest.mark.parametrize(
    ("changes", "version", "outcome"),
    [
        ({}, "1.0.0", Outcome.MET),
        ({"EngineVersion": "0.7.5"}, "1.3.0", Outcome.MET),
        ({"EngineVersion": "1.3.4"}, "1.3.0", Outcome.OPEN),
        ({"EngineVersion": "2.0.1"}, "1.3.0", Outcome.OPEN),
        ({"Engine": "JSONLOGIC"}, "1.3.0", Outcome.OPEN),
        ({"Engine": None}, "1.3.0", Outcome.OPEN),
        ({"EngineVersion": "latest"}, "1.3.0", Outcome.OPEN),
        ({"SchemaVersion": "1.3.0"}, "1.3.0", Outcome.MET),
        ({"SchemaVersion": "1.3.0"}, "1.2.1", Outcome.OPEN),
        ({"SchemaVersion": "1.3.0"}, "1.10.0", Outcome.MET),
        ({"SchemaVersion": "2.0.0"}, "1.3.0", Outcome.OPEN),
        ({}, "2.0.0", Outcome.OPEN),
        ({}, None, Outcome.OPEN),
        ({}, 1.3, Outcome.OPEN),
        ({}, "newest", Outcome.OPEN),
    ],
)
def test_engine_and_schema_must_fit(changes: dict[str, Any], version: Any, outcome: Outcome) -> None:
    assert judge(rule(True, **changes), payload=PAYLOAD | {"ver": version}).outcome is outcome


def test_without_rules_nothing_passes() -> None:
    assert (judge().outcome, codes(judge())) == (Outcome.OPEN, ["no-rules"])
    other = judge(rule(), country="AT")
    assert (other.outcome, codes(other)) == (Outcome.OPEN, ["no-rules"])


def test_rules_for_another_kind_or_region_are_not_a_pass() -> None:
    answer = judge(rule(CertificateType="Test"), rule(Identifier="GR-DE-0002", Region="BY"))
    assert (answer.outcome, codes(answer)) == (Outcome.OPEN, ["none-apply"])
    assert answer.findings[0].facts["regions"] == ["BY"]


def test_an_invalidation_rule_alone_is_not_a_pass() -> None:
    answer = judge(rule(Type="Invalidation", Country="FR", Identifier="IR-FR-0001"))
    assert (answer.outcome, codes(answer)) == (Outcome.OPEN, ["rule-met", "no-rules"])


def test_an_invalidation_rule_can_fail_a_certificate() -> None:
    answer = judge(rule(), rule(False, Type="Invalidation", Country="FR", Identifier="IR-FR-0001"))
    assert answer.outcome is Outcome.UNMET


# --- what rules see ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("validationClock", "2021-12-20T12:00:00.000Z"),
        ("countryCode", "DE"),
        ("issuerCountryCode", "FR"),
        ("region", "BY"),
        ("kid", "a2lk"),
        ("iat", "2021-12-01T00:00:00.000Z"),
        ("exp", "2022-12-01T00:00:00.000Z"),
    ],
)
def test_external_data(name: str, expected: str) -> None:
    answer = judge(
        rule({"===": [{"var": f"external.{name}"}, expected]}, Region="BY"),
        region="BY",
        kid="a2lk",
        issued=datetime(2021, 12, 1, tzinfo=UTC),
        expires=datetime(2022, 12, 1, tzinfo=UTC),
    )
    assert answer.outcome is Outcome.MET


def test_tagged_times_are_unwrapped_before_rules_run() -> None:
    fresh = {"not-before": [{"plusTime": [{"var": "payload.t.0.sc"}, 72, "hour"]}, CLOCK]}
    for hours, outcome in ((71, Outcome.MET), (73, Outcome.UNMET)):
        sampled = (AT - timedelta(hours=hours)).astimezone(timezone(timedelta(hours=5)))
        payload = {"ver": "1.3.0", "t": [{"sc": sampled}]}
        assert judge(rule(fresh), payload=payload, kind=Claim.TEST).outcome is outcome


CLOCK = {"plusTime": [{"var": "external.validationClock"}, 0, "day"]}


@pytest.mark.parametrize("payload", [None, [], "text", 7, {}, {"ver": "1.3.0", "v": b"bytes"}, {"ver": []}])
def test_payloads_that_are_none(payload: Any) -> None:
    answer = judge(rule(), payload=payload)
    assert answer.outcome is Outcome.OPEN


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        judge(rule(), at=datetime(2021, 12, 20))  # noqa: DTZ001 - the point of the test
    assert caught.value.code is CertLogicCode.NO_ZONE


def test_findings_carry_nothing_of_the_payload() -> None:
    entries = [rule(LOGIC[one], Identifier=f"GR-DE-000{number}") for number, one in enumerate(LOGIC)]
    said = json.dumps([finding.as_json() for finding in judge(*entries).findings])
    assert "1990" not in said
    assert "840539006" not in said


# --- value sets -------------------------------------------------------------------------------------------------------

LISTED = {"in": [{"var": "payload.v.0.tg"}, {"var": "external.valueSets.disease-agent-targeted"}]}


def published(day: str, *listed: str) -> dict[str, Any]:
    values = {code: {"display": code, "active": code != "old"} for code in listed}
    return {"valueSetId": "disease-agent-targeted", "valueSetDate": day, "valueSetValues": values}


def test_value_sets_by_date(tmp_path: Path) -> None:
    (tmp_path / "1.json").write_text(json.dumps(published("2021-01-01", "old")))
    (tmp_path / "2.json").write_text(json.dumps(published("2021-07-01", "old", "840539006")))
    (tmp_path / "README.json").write_text('"not a value set"')
    sets = ValueSets.load(tmp_path)
    for day, outcome in ((datetime(2021, 6, 30, tzinfo=UTC), Outcome.UNMET), (AT, Outcome.MET)):
        answer = judge(rule(LISTED), valuesets=sets, at=day)
        assert (answer.outcome, len(answer.findings)) == (outcome, 1)
    early = datetime(2020, 12, 1, tzinfo=UTC)
    answer = judge(rule(LISTED, ValidFrom="2020-01-01T00:00:00Z"), valuesets=sets, at=early)
    assert codes(answer) == ["rule-unmet", "later-value-set"]
    # said only where a rule used it
    assert codes(judge(rule(ValidFrom="2020-01-01T00:00:00Z"), valuesets=sets, at=early)) == ["rule-met"]


def test_inactive_codes_count() -> None:
    sets = ValueSets.of([])
    assert sets.at(AT.date()) == ({}, frozenset())
    payload = {"ver": "1.3.0", "v": [{"tg": "old"}]}
    listed = {"disease-agent-targeted": ("840539006", "old")}
    assert judge(rule(LISTED), payload=payload, valuesets=listed).outcome is Outcome.MET


def test_value_sets_in_compressed_form(tmp_path: Path) -> None:
    file = tmp_path / "sets.json"
    file.write_text(json.dumps({"disease-agent-targeted": ["840539006"], "other": []}))
    assert judge(rule(LISTED), valuesets=ValueSets.load(file)).outcome is Outcome.MET


def test_without_value_sets_the_rule_is_open() -> None:
    assert judge(rule(LISTED)).outcome is Outcome.OPEN


@pytest.mark.parametrize("content", ["[]", "{}", '{"a": 1}', '{"a": [1]}', json.dumps(published("soon", "x")), "{", ""])
def test_value_sets_that_are_none(tmp_path: Path, content: str) -> None:
    file = tmp_path / "sets.json"
    file.write_text(content)
    with pytest.raises(ConfigError) as caught:
        ValueSets.load(file)
    assert caught.value.code in (CertLogicCode.BAD_VALUE_SET, CertLogicCode.NOT_JSON)
    assert caught.value.facts["file"] == str(file)


# --- import -----------------------------------------------------------------------------------------------------------


def write(path: Path, content: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def test_a_list_a_rule_json_lines_and_a_tree(tmp_path: Path) -> None:
    one, two = rule(), rule(Identifier="GR-DE-0002", hash="00")
    listed = write(tmp_path / "a" / "list.json", [one, two])
    single = write(tmp_path / "a" / "DE" / "GR-DE-0001" / "rule.json", one)
    lines = write(tmp_path / "b" / "rules.jsonl", json.dumps({"rule": one, "tests": []}) + "\n\n" + json.dumps(two))
    write(tmp_path / "a" / "DE" / "GR-DE-0001" / "tests" / "test001.json", {"payload": {}, "expected": True})
    for paths, count in (((listed,), 2), ((single,), 1), ((lines,), 2), ((tmp_path,), 2), ((listed, single), 2)):
        loaded = RuleSet.load(*paths)
        assert (len(loaded.rules), loaded.findings) == (count, ())
        assert loaded.countries == {"DE"}


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "rule.json"
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(rule()).encode())
    assert len(RuleSet.load(file).rules) == 1


FIELDS = ["Identifier", "Type", "Country", "Version", "CertificateType", "ValidFrom", "ValidTo"]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("value", [None, 5, "", [], {"a": 1}, "?" * 100])
def test_a_broken_header_is_left_out_and_reported(field: str, value: Any) -> None:
    rules = RuleSet.of([rule(), rule(Identifier="GR-DE-0009") | {field: value}])
    assert len(rules.rules) == 1
    [finding] = rules.findings
    assert (finding.code, finding.outcome) == (CertLogicCode.BAD_RULE, Outcome.OPEN)
    assert (finding.facts["field"], finding.facts["entry"]) == (field, 1)
    # its country, where the entry or its identifier still tells it, is not passed on the rest
    answer = rules.judge(PAYLOAD, country="DE", issuer_country="FR", kind=Claim.VACCINATION, at=AT)
    assert answer.outcome is Outcome.OPEN
    # and no other country is touched
    assert codes(rules.judge(PAYLOAD, country="AT", issuer_country="FR", kind=Claim.TEST, at=AT)) == ["no-rules"]


@pytest.mark.parametrize(
    "text", ["2021-99-99T00:00:00Z", "2021-06-01", "2021-06-01T25:00:00Z", "2021-06-01T00:00:00Z "]
)
def test_a_validity_that_is_none_is_reported(text: str) -> None:
    [finding] = RuleSet.of([rule(ValidTo=text)]).findings
    assert (finding.code, finding.facts["field"]) == (CertLogicCode.BAD_RULE, "ValidTo")


@pytest.mark.parametrize("field", FIELDS)
def test_a_missing_field_is_reported(field: str) -> None:
    entry = rule()
    del entry[field]
    [finding] = RuleSet.of([entry]).findings
    assert finding.facts["field"] == field


def test_broken_logic_is_reported_with_the_place() -> None:
    rules = RuleSet.of([rule({"and": [True, {"if": [1]}]})])
    [finding] = rules.findings
    assert finding.code is CertLogicCode.BAD_EXPRESSION
    assert finding.facts["at"] == "and.1"
    assert finding.facts["rule"] == "GR-DE-0001"


@pytest.mark.parametrize("entry", [None, 5, "text", [], {}, {"foo": 1}])
def test_what_is_no_rule_is_reported(entry: Any) -> None:
    rules = RuleSet.of([rule(), entry])
    assert [finding.code for finding in rules.findings] == [CertLogicCode.NOT_A_RULE]
    assert len(rules.rules) == 1


def test_a_file_that_is_no_json(tmp_path: Path) -> None:
    file = write(tmp_path / "DE" / "GR-DE-0001" / "rule.json", '[\n{"Identifier": \n')
    with pytest.raises(ConfigError) as caught:
        RuleSet.load(file)
    assert caught.value.code is CertLogicCode.NOT_JSON
    assert caught.value.facts["line"] == 3
    # in a folder it is one bad entry; its country is told by its name
    write(tmp_path / "good.json", rule())
    rules = RuleSet.load(tmp_path)
    assert len(rules.rules) == 1
    assert [finding.code for finding in rules.findings] == [CertLogicCode.NOT_JSON]
    assert rules.judge(PAYLOAD, country="DE", issuer_country=None, kind=Claim.TEST, at=AT).outcome is Outcome.OPEN


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[" * 100_000, b'{"a": ' * 5000, b"1" * 5000])
def test_hostile_files_are_coded(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "rule.json"
    file.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        RuleSet.load(file)
    assert caught.value.code is CertLogicCode.NOT_JSON


@pytest.mark.parametrize("name", ["GR-DE-0002/rule.json", "GR-DE-0002.json"])
@pytest.mark.parametrize("content", [{}, None, []])
def test_an_emptied_rule_file_is_missed(tmp_path: Path, name: str, content: Any) -> None:
    write(tmp_path / "list.json", [rule()])
    write(tmp_path / name, content)
    rules = RuleSet.load(tmp_path)
    answer = rules.judge(PAYLOAD, country="DE", issuer_country=None, kind=Claim.VACCINATION, at=AT)
    if content == []:  # a list that is empty says that there are no rules
        assert answer.outcome is Outcome.MET
    else:
        assert codes(answer) == ["rule-met", "not-a-rule"]
        assert answer.outcome is Outcome.OPEN


def test_a_missing_file_is_coded(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        RuleSet.load(tmp_path / "none.json")
    assert caught.value.code is CertLogicCode.NO_FILE


def test_the_same_rule_twice_counts_once() -> None:
    rules = RuleSet.of([rule(COMPLETE), rule(COMPLETE, hash="x")])
    assert (len(rules.rules), rules.findings) == (1, ())


def test_two_rules_under_one_version_must_both_pass() -> None:
    rules = RuleSet.of([rule(True), rule(False)])
    assert [finding.code for finding in rules.findings] == [CertLogicCode.SAME_VERSION]
    answer = rules.judge(PAYLOAD, country="DE", issuer_country=None, kind=Claim.VACCINATION, at=AT)
    assert answer.outcome is Outcome.UNMET
    # true and 1 are different logic, though Python calls them equal
    assert len(RuleSet.of([rule(True), rule(1)]).rules) == 2


@pytest.mark.parametrize(
    "text", ["1", "1.0.0.0", "a.b.c", "1.0.0-", "-1.0.0", "1.0.x", "", None, 1.0, "9" * 20 + ".0.0"]
)
def test_versions_that_are_none(text: Any) -> None:
    with pytest.raises(ValueError, match="version"):
        parse_version(text)


def test_versions_are_compared_number_by_number() -> None:
    ordered = ["0.7.5", "1.0.0-rc", "1.0.0", "1.0.9", "1.0.10", "1.2", "1.10.0", "10.0.0"]
    assert sorted(ordered, key=parse_version) == ordered


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(st.sampled_from([*rule(), "other"]), st.none() | st.integers() | st.text() | st.lists(st.none()))
)
def test_any_entry_is_a_rule_or_a_finding(changes: Mapping[str, Any]) -> None:
    parsed = parse_rule(rule() | dict(changes))
    assert isinstance(parsed, (Rule, Unreadable))
    if isinstance(parsed, Unreadable):
        assert parsed.finding.outcome is Outcome.OPEN
    else:
        assert (parsed.logic is None) == (parsed.fault is not None)


# --- words ------------------------------------------------------------------------------------------------------------


def test_rules_are_explained_in_three_languages() -> None:
    entries = [rule(LOGIC[one], Identifier=f"GR-DE-000{number}") for number, one in enumerate(LOGIC)]
    answer = judge(*entries)
    english, spanish, arabic = (answer.sentences(language) for language in LANGUAGES)
    assert (
        english[1] == "Rule GR-DE-0001 of DE is not met (“Doses complete.”). Ask for another certificate that meets it."
    )
    assert "Dosis completas." in spanish[1]
    assert "غير مستوفاة" in arabic[1]
    assert "Doses complete." in arabic[1]


def test_a_rule_without_words_is_named() -> None:
    parsed = parse_rule(rule(Description="none"))
    assert isinstance(parsed, Rule)
    assert parsed.description("es") == "GR-DE-0001"
    assert parsed.type is RuleType.ACCEPTANCE


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_sentence(language: str) -> None:
    said = catalogue("certlogic", language)
    assert {code.value for code in CertLogicCode} == {key.removesuffix("!") for key in said}
    need_action = {f"{code.value}!" for code in CertLogicCode} - said.keys()
    assert need_action == {"certlogic.rule-met!", "certlogic.later-value-set!"}


def test_findings_are_json() -> None:
    rules = RuleSet.of([rule({"foo": []}), {}, rule(Version="x")])
    assert len(rules.findings) == 3
    for finding in rules.findings:
        assert isinstance(finding, Finding)
        json.dumps(finding.as_json())
    for language in LANGUAGES:
        report = rules.report(language)
        assert len(report) == 3
        assert not any("certlogic." in sentence for sentence in report)
