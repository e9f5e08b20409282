"""A decision as a screen, without a server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fixtures.flights import flight
from kiosk.presenting import SYMBOLS, present, present_earliest
from verifier.checkin import CheckIn
from verifier.decision import Decision, DecisionCode, Shown, Verdict
from verifier.findings import Finding, Outcome
from verifier.questions import question_from_json
from verifier.rules.answer import Earliest
from verifier.rules.codes import RulesCode
from verifier.rules.rulebook import RuleBook
from verifier.trust.anchors import load_store
from verifier.trust.codes import TrustCode
from verifier.wording import LANGUAGES

AT = datetime(2021, 12, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def check_in(qa_trust: Path) -> CheckIn:
    return CheckIn(trust=load_store(qa_trust), rules=RuleBook.load())


def decide(check_in: CheckIn, name: str) -> Decision:
    on = flight("us-air-2021-12-20")
    person = on.passenger(name)
    question: dict[str, Any] = {
        "traveller": person.traveller,
        "journey": person.journey,
        "shown": [dict(item) for item in person.shown],
        "texts": [text.decode("ascii") for document in person.documents() for text in document.texts],
        "at": on.clock,
    }
    return check_in.check(**question_from_json(question))


def bare(verdict: Verdict, findings: Sequence[Finding] = (), **more: Any) -> Decision:
    return Decision(verdict, tuple(findings), AT, AT, **more)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_has_word_symbol_and_lead_in_every_language(verdict: Verdict, language: str) -> None:
    screen = present(bare(verdict), language)
    assert screen.symbol == SYMBOLS[verdict]
    assert screen.word
    assert screen.lead
    assert "." not in screen.word
    assert screen.direction == ("rtl" if language == "ar" else "ltr")


def test_words_and_symbols_of_verdicts_differ() -> None:
    assert len(set(SYMBOLS.values())) == len(Verdict)
    for language in LANGUAGES:
        assert len({present(bare(verdict), language).word for verdict in Verdict}) == len(Verdict)


def test_only_cleared_leaves_the_screen_by_itself() -> None:
    assert [present(bare(verdict), "en").resets for verdict in Verdict] == [
        verdict is Verdict.CLEARED for verdict in Verdict
    ]


def test_actions_come_with_their_reason_and_alerts_first() -> None:
    findings = [
        Finding(DecisionCode.TWO_PERSONS, Outcome.OPEN),
        Finding(TrustCode.REVOKED, Outcome.OPEN, alert=True, document=1),
    ]
    screen = present(bare(Verdict.REFER, findings), "en")
    assert [line.code for line in screen.reasons] == ["trust.revoked", "decision.two-persons"]
    first, second = screen.reasons
    assert first.alert
    assert first.document == 2
    assert second.todo == "Check one person at a time."
    assert second.symbol == "triangle"


def test_what_two_rules_ask_for_is_said_once() -> None:
    findings = [Finding(RulesCode.VACCINATION_MISSING, Outcome.OPEN, {"policy": name}) for name in ("us-1", "us-2")]
    assert len(present(bare(Verdict.REFER, findings), "en").reasons) == 1


def test_dates_are_written_for_people() -> None:
    finding = Finding(RulesCode.VACCINATION_RECENT, Outcome.UNMET, {"days": 13, "first_day": "2021-12-21"})
    for language, said in (("en", "21 Dec 2021"), ("es", "21 dic 2021"), ("ar", "21 ديسمبر 2021")):
        (line,) = present(bare(Verdict.DENIED, [finding]), language).reasons
        assert said in line.said
        assert "2021-12-21" not in line.said


def test_a_date_that_cannot_be_stays_as_it_is() -> None:
    finding = Finding(RulesCode.VACCINATION_RECENT, Outcome.UNMET, {"days": 13, "first_day": "2021-02-31"})
    assert "2021-02-31" in present(bare(Verdict.DENIED, [finding]), "en").reasons[0].said


def test_each_document_tells_state_person_and_checks() -> None:
    documents = (
        Shown(
            "eu-dcc", "valid", "usable", Outcome.MET, ("vaccination",), "DE", "aa", "list.json", AT - timedelta(hours=6)
        ),
        Shown("shc", "unknown", "open", Outcome.OPEN, (), "https://issuer.example"),
        Shown(None, "unchecked", "none", None),
        Shown("eu-dcc", "valid", "none", Outcome.UNMET, ("test", "recovery")),
    )
    findings = [Finding(TrustCode.SIGNATURE_HOLDS, Outcome.MET, document=0)]
    screen = present(bare(Verdict.REFER, findings, documents=documents), "en")
    assert [paper.symbol for paper in screen.papers] == ["tick", "triangle", "cross", "cross"]
    assert [paper.title for paper in screen.papers] == [
        "EU certificate",
        "SMART Health Card",
        "Not readable",
        "EU certificate",
    ]
    assert screen.papers[0].checks[0].code == "trust.signature-holds"
    assert screen.papers[1].person == "Not certain that it is about this passenger."
    assert screen.papers[2].person is None
    assert screen.papers[3].kind == "Test, Recovery"
    assert screen.ages[0].said == "6 hours old (fetched 20 Dec 2021, 06:00 UTC)."


def test_ages_tell_what_is_unknown_or_later() -> None:
    one = Shown("eu-dcc", "valid", "usable", Outcome.MET, (), None, None, "a.json", None)
    two = replace(one, list_name="b.json", list_fetched=AT + timedelta(days=1))
    ages = present(bare(Verdict.REFER, documents=(two, one)), "en").ages
    assert [age.name for age in ages] == ["a.json", "b.json"]
    assert ages[0].said == "Age not known."
    assert "after the moment asked about" in ages[1].said


def test_rules_come_worst_first_with_their_source(check_in: CheckIn) -> None:
    screen = present(decide(check_in, "carlos"), "en")
    assert screen.rules[0].symbol == "cross"
    assert screen.rules[0].source
    assert all(rule.title for rule in screen.rules)
    assert [rule.symbol for rule in screen.rules[1:]].count("cross") == 0
    assert screen.ask_earliest


def test_an_exemption_is_named_as_one(check_in: CheckIn) -> None:
    screen = present(decide(check_in, "jan"), "en")
    assert any(rule.state == "Exempt" for rule in screen.rules)


def test_two_moments_are_told_where_they_differ() -> None:
    later = bare(Verdict.CLEARED)
    assert present(later, "en").asked == "Asked for 20 Dec 2021, 12:00 UTC."
    assert "was known on 19 Dec 2021" in present(replace(later, known=AT - timedelta(days=1)), "en").asked


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_not_checked_is_always_said(language: str) -> None:
    screen = present(bare(Verdict.CLEARED), language)
    assert len(screen.unchecked) == 5
    assert all(line.said != line.code.partition(".")[2] for line in screen.unchecked)


def test_the_earliest_moment_is_told_in_local_time() -> None:
    found = Earliest(
        datetime(2021, 12, 21, 5, tzinfo=UTC), (Finding(RulesCode.CAN_SHOW, Outcome.NOTE, {"what": ["x"]}),)
    )
    assert present_earliest(found, "en", "JFK").moment == "21 Dec 2021, 00:00 (UTC−5)"
    assert present_earliest(found, "en", None).moment == "21 Dec 2021, 05:00 UTC"
    assert present_earliest(found, "en", "QQQ").moment == "21 Dec 2021, 05:00 UTC"
    assert len(present_earliest(found, "ar", "JFK").needs) == 1
    assert present_earliest(None, "en").moment is None
