"""National rules of EU countries (CertLogic) inside the rule book: certificates, countries, doubts, and the command."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rules_kit import asked

from verifier.cli.rules import judge as judge_command
from verifier.cli.rules import rules as rules_command
from verifier.errors import ConfigError
from verifier.health.record import Coded, Disease, HealthRecord, Holder, Vaccination
from verifier.model import Journey, Leg, PartialDate, Traveller
from verifier.rules.answer import RulesAnswer
from verifier.rules.case import Case, Evidence, EvidenceState
from verifier.rules.certlogic import RuleSet, ValueSets
from verifier.rules.certlogic_hook import HOOK, hook, load_hooks
from verifier.rules.checks import LiveRules, prove
from verifier.rules.rulebook import RuleBook

DAY = datetime(2022, 4, 1, 9, tzinfo=UTC)
COMPLETE = {">=": [{"var": "payload.v.0.dn"}, {"var": "payload.v.0.sd"}]}
ACCEPTED = {"in": [{"var": "payload.v.0.mp"}, {"var": "external.valueSets.vaccines-covid-19-names"}]}
FAILS = {"+": ["not", "integers"]}


def rule(ident: str, logic: Any, kind: str = "Vaccination", **changes: Any) -> dict[str, Any]:
    return {
        "Identifier": ident,
        "Type": "Invalidation" if ident.startswith("IR") else "Acceptance",
        "Country": ident[3:5],
        "Version": "1.0.0",
        "SchemaVersion": "1.0.0",
        "Engine": "CERTLOGIC",
        "EngineVersion": "1.3.3",
        "CertificateType": kind,
        "Description": [{"lang": "en", "desc": "A rule."}],
        "ValidFrom": "2021-06-01T00:00:00Z",
        "ValidTo": "2023-06-01T00:00:00Z",
        "AffectedFields": ["v.0"],
        "Logic": logic,
        **changes,
    }


DE = [rule("VR-DE-0001", COMPLETE), rule("TR-DE-0001", True, "Test"), rule("RR-DE-0001", False, "Recovery")]


def book(*entries: Mapping[str, Any], sets: ValueSets | None = None) -> RuleBook:
    return RuleBook.load(hooks={HOOK: hook(RuleSet.of(list(entries)), sets)})


def payload(dn: int = 2, sd: int = 2, **more: Any) -> dict[str, Any]:
    entry = {"tg": "840539006", "dn": dn, "sd": sd, "dt": "2021-11-01", "mp": "EU/1/20/1528", "co": "FR"}
    return {"ver": "1.3.0", "dob": "1990-05-17", "v": [entry], **more}


TEST = {
    "ver": "1.3.0",
    "dob": "1990-05-17",
    "t": [{"tg": "840539006", "sc": "2022-03-31T10:00:00Z", "tr": "260415000"}],
}


def dcc(content: Mapping[str, Any], state: EvidenceState = EvidenceState.USABLE, issuer: str = "FR") -> Evidence:
    shot = Vaccination(Disease.COVID_19, Coded(key="comirnaty"), PartialDate(2021, 11, 1), 2, 2)
    doses = (shot,) if "v" in content else ()
    return Evidence(HealthRecord("eu-dcc", Holder(), doses, issuer=issuer, payload=content), state)


def arrives(*evidence: Evidence, to: str = "FRA", at: datetime | None = DAY, via: str | None = None) -> Case:
    person = Traveller(birth_date=PartialDate(1990, 5, 17), citizenships=("US",), residence="US")
    last = Leg(via or "JFK", to, arrives=at, flight_date=None if at else date(2022, 4, 1))
    legs = (last,) if via is None else (Leg("JFK", via, departs=datetime(2022, 3, 31, 22, tzinfo=UTC)), last)
    return Case.from_travel(person, Journey(legs, "tourism", ()), list(evidence), known=date(2022, 3, 20))


def codes(answer: RulesAnswer) -> set[str]:
    return {finding.code.value for finding in answer.all_findings()}


@pytest.mark.parametrize(
    ("evidence", "verdict", "code"),
    [
        ([dcc(payload())], "cleared", "rules.met"),
        ([dcc(payload(1, 2))], "denied", "certlogic.rule-unmet"),
        ([dcc(payload(1, 2)), dcc(TEST)], "cleared", "rules.met"),
        ([dcc(payload(), EvidenceState.OPEN)], "refer", "rules.dcc-open"),
        ([dcc(payload(1, 2), EvidenceState.OPEN), dcc(payload(1, 2))], "refer", "rules.dcc-open"),
        ([dcc(payload(), EvidenceState.OPEN), dcc(payload())], "cleared", "rules.met"),
        ([dcc(payload(), EvidenceState.NONE)], "denied", "rules.dcc-missing"),
        ([], "denied", "rules.dcc-missing"),
        ([dcc({})], "refer", "rules.dcc-open"),
        ([dcc({"ver": "1.3.0", "r": [{"fr": "2022-01-01"}]})], "denied", "certlogic.rule-unmet"),
        ([dcc(payload(r=[{"fr": "2022-01-01"}]))], "refer", "certlogic.rule-unmet"),
        ([dcc({"v": [{"dn": 2, "sd": 2}]})], "refer", "certlogic.rule-schema"),
    ],
    ids=["good", "incomplete", "best-of-two", "open", "open-beside-bad", "open-beside-good", "another-persons", "none",
         "no-content", "recovery-refused", "two-kinds-disagree", "no-version"],
)  # fmt: skip
def test_the_best_certificate_answers(evidence: list[Evidence], verdict: str, code: str) -> None:
    answer = book(*DE).judge(arrives(*evidence))
    assert answer.verdict == verdict
    assert code in codes(answer)
    (policy,) = answer.policies
    assert (policy.id, policy.version and policy.version.id) == ("eu-rules-de", "eu-rules-de")
    assert policy.policy.sources[0].title == "EU DCC validation rules of DE (3 rules imported)"


def test_a_card_of_another_format_is_a_question() -> None:
    shot = Vaccination(Disease.COVID_19, Coded(key="comirnaty"), PartialDate(2021, 11, 1), 2, 2)
    card = Evidence(HealthRecord("shc", Holder(), (shot,)))
    answer = book(*DE).judge(arrives(card))
    assert (answer.verdict, "rules.dcc-other" in codes(answer)) == ("refer", True)


def test_an_error_in_a_rule_is_open_and_reported() -> None:
    answer = book(*DE, rule("VR-DE-0002", FAILS)).judge(arrives(dcc(payload())))
    assert answer.verdict == "refer"
    (error,) = (finding for finding in answer.all_findings() if finding.code.value == "certlogic.rule-error")
    assert (error.facts["rule"], error.facts["policy"], error.document) == ("VR-DE-0002", "eu-rules-de", 0)


@pytest.mark.parametrize("entry", [rule("VR-DE-0002", {"foo": []}), rule("VR-DE-0002", True, Version="x")])
def test_a_rule_that_cannot_be_read_is_open(entry: dict[str, Any]) -> None:
    assert book(*DE, entry).judge(arrives(dcc(payload()))).verdict == "refer"


def test_invalidation_rules_of_the_issuer_count() -> None:
    revoking = [*DE, rule("IR-FR-0001", False, "General")]
    assert book(*revoking).judge(arrives(dcc(payload()))).verdict == "denied"
    assert book(*revoking).judge(arrives(dcc(payload(), issuer="ES"))).verdict == "cleared"


def test_the_moment_of_arrival_chooses_the_rules() -> None:
    later = rule("VR-DE-0001", False, Version="2.0.0", ValidFrom="2022-04-01T12:00:00Z")
    rules = book(*DE, later)
    assert rules.judge(arrives(dcc(payload()))).verdict == "cleared"
    assert rules.judge(arrives(dcc(payload()), at=datetime(2022, 4, 1, 13, tzinfo=UTC))).verdict == "denied"
    assert rules.judge(arrives(dcc(payload()), at=None)).verdict == "refer"  # some time on that day


def test_value_sets_of_the_day(tmp_path: Path) -> None:
    path = tmp_path / "sets.json"
    path.write_text(json.dumps({"vaccines-covid-19-names": ["EU/1/20/1528"]}), "utf-8")
    needing = [rule("VR-DE-0001", ACCEPTED)]
    assert book(*needing, sets=ValueSets.load(path)).judge(arrives(dcc(payload()))).verdict == "cleared"
    path.write_text(json.dumps({"vaccines-covid-19-names": ["EU/1/21/1618"]}), "utf-8")
    assert book(*needing, sets=ValueSets.load(path)).judge(arrives(dcc(payload()))).verdict == "denied"
    assert book(*needing).judge(arrives(dcc(payload()))).verdict != "cleared"  # no list, no pass


def test_national_rules_replace_the_recommendation_and_say_so() -> None:
    rules = book(*DE)
    there = rules.judge(arrives(dcc(payload())))
    assert [policy.id for policy in there.policies] == ["eu-rules-de"]
    (note,) = (finding for finding in there.findings if finding.code.value == "rules.recommendation-replaced")
    assert note.facts == {"packs": ["eu"], "by": ["eu-rules"]}
    beside = rules.judge(arrives(dcc(payload()), to="CDG"))
    assert "eu-2022-290" in [policy.id for policy in beside.policies]
    assert "rules.recommendation-replaced" not in codes(beside)
    without = RuleBook.load().judge(arrives(dcc(payload())))
    assert "eu-2022-290" in [policy.id for policy in without.policies]


def test_a_country_whose_rules_do_not_speak_of_it_is_open() -> None:
    only_tests = book(rule("TR-DE-0001", True, "Test"))
    answer = only_tests.judge(arrives(dcc(payload())))
    assert (answer.verdict, "certlogic.none-apply" in codes(answer)) == ("refer", True)
    outside = book(rule("VR-DE-0001", COMPLETE, ValidTo="2022-01-01T00:00:00Z")).judge(arrives(dcc(payload())))
    assert (outside.verdict, "rules.outside-span" in codes(outside)) == ("refer", True)
    before = book(rule("VR-DE-0001", COMPLETE, ValidFrom="2022-06-01T00:00:00Z")).judge(arrives(dcc(payload())))
    assert before.verdict == "refer"


def test_a_pack_may_ask_the_rules_itself(tmp_path: Path) -> None:
    folder = tmp_path / "ad"
    folder.mkdir()
    (folder / "pack.yaml").write_text(
        """pack: {id: ad, title: Andorra, subject: test, destinations: [AD], zone: Europe/Andorra,
       as_of: 2026-01-01, complete_from: 2021-01-01, complete_until: 2024-01-01}
sources: {gazette: {title: A gazette}}
policies:
  - id: ad-rule
    title: Rules in CertLogic
    channels: [air, land]
    announced: 2021-01-01
    effective_from: 2021-01-02
    require: {external: {hook: certlogic, options: {region: "X"}}}
    source: [gazette]
""",
        "utf-8",
    )
    person, leg = Traveller(citizenships=("US",)), Leg("FR", "AD", arrives=DAY)
    question = Case.from_travel(person, Journey((leg,)), [dcc(payload())], known=date(2022, 3, 20))
    unanswered = RuleBook.load(tmp_path).judge(question)
    assert (unanswered.verdict, "rules.external" in codes(unanswered)) == ("refer", True)
    answer = RuleBook.load(tmp_path, hooks={HOOK: hook(RuleSet.of(DE))}).judge(question)
    assert (answer.verdict, "certlogic.no-rules" in codes(answer)) == ("refer", True)


def test_what_nobody_could_read_may_be_the_certificate() -> None:
    assert book(*DE).judge(arrives(), unread=True).verdict == "refer"


def test_a_transit_point_where_the_area_is_entered_is_judged_by_its_own_rules() -> None:
    answer = book(*DE).judge(arrives(dcc(payload(1, 2)), to="CDG", via="FRA"))
    assert [leg.place for leg in answer.legs] == ["DE", "FR"]
    assert answer.legs[0].outcome.value == "unmet"
    assert "eu-rules-de" in [policy.id for policy in answer.policies]


def test_five_hundred_certificates_are_judged_in_time() -> None:
    answer = book(*DE).judge(arrives(*[dcc(payload(1, 2))] * 500))
    assert answer.verdict == "denied"


def test_hooks_come_from_files_and_stay_on_reload(tmp_path: Path) -> None:
    path = tmp_path / "rules.json"
    path.write_text(json.dumps(DE), "utf-8")
    assert load_hooks(()) == {}
    hooks = load_hooks([path])
    live = LiveRules(RuleBook.load(hooks=hooks))
    packs = tmp_path / "packs"
    (packs / "fj").mkdir(parents=True)
    (packs / "fj" / "pack.yaml").write_text(
        """pack: {id: fj, title: Fiji, subject: test, destinations: [FJ], zone: Pacific/Fiji,
       as_of: 2026-01-01, complete_from: 2021-01-01, complete_until: 2024-01-01}
sources: {gazette: {title: A gazette}}
policies: [{id: fj-none, kind: absence, title: None, channels: [air], announced: 2021-01-01,
            effective_from: 2021-01-01, require: always, source: [gazette]}]
""",
        "utf-8",
    )
    assert {pack.id for pack in live.replace(packs).packs} == {"fj", "eu-rules"}
    assert {pack.id for pack in prove(packs).packs} == {"fj"}
    with pytest.raises(ConfigError):
        load_hooks([tmp_path / "absent.json"])


# --- from the command line --------------------------------------------------------------------------------------------


def question(**item: Any) -> dict[str, Any]:
    shown = {
        "type": "vaccination", "format": "eu-dcc", "signature_verified": True, "name_matches": True,
        "doses": [{"vaccine": "comirnaty", "date": "2021-11-01"}], **item,
    }  # fmt: skip
    return asked(
        "2022-04-01",
        traveller={"citizenship": "US", "residence": "US", "us_status": "citizen"},
        trip={"origin_country": "US", "destination_country": "DE", "from": "JFK", "to": "FRA"},
        evidence=[shown],
    )


def test_judge_and_ask_take_national_rules(tmp_path: Path) -> None:
    rules, cases, sets = tmp_path / "rules.json", tmp_path / "cases.jsonl", tmp_path / "sets.json"
    rules.write_text(json.dumps([*DE, rule("VR-DE-0002", {"foo": []}, CertificateType="Test")]), "utf-8")
    sets.write_text(json.dumps({"vaccines-covid-19-names": ["EU/1/20/1528"]}), "utf-8")
    lines = [
        question(payload=payload(), issuer="FR"),
        question(payload=payload(1, 2), issuer="FR"),
        question(),  # its content is not at hand
        question(payload=payload(), name_matches=False, dob_matches=False),
    ]
    cases.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    options = ["--eu-rules", str(rules), "--value-sets", str(sets)]
    result = CliRunner().invoke(judge_command, ["--jsonl", str(cases), *options])
    verdicts = [json.loads(line)["verdict"] for line in result.stdout.splitlines()]
    assert verdicts == ["cleared", "denied", "refer", "denied"]
    assert "VR-DE-0002" in result.stderr
    one = tmp_path / "case.json"
    one.write_text(json.dumps(lines[1]), "utf-8")
    answer = json.loads(CliRunner().invoke(rules_command, ["ask", str(one), *options]).stdout)
    assert answer["verdict"] == "denied"
    assert any("A rule." in sentence for sentence in answer["sentences"])


def test_a_missing_rule_file_is_a_usage_error(tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text("", "utf-8")
    result = CliRunner().invoke(judge_command, ["--jsonl", str(cases), "--eu-rules", str(tmp_path / "none.json")])
    assert result.exit_code == 1
    assert "certlogic.no-file" in result.output
