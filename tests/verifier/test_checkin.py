"""The check at the desk: document states row by row, the verdict table, and bad input that never clears."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fixtures.authorities import hcert as authority
from fixtures.authorities import write_trust
from fixtures.flights import Passenger, flight, flights
from tests.conftest import MakeHcert
from verifier.checkin import CheckIn
from verifier.decision import Decision, DecisionCode, Verdict, combine
from verifier.errors import InputError
from verifier.findings import Outcome
from verifier.model import Journey, Leg, Scan, Traveller
from verifier.questions import question_from_json
from verifier.rules.rulebook import RuleBook
from verifier.trust.anchors import load_store
from verifier.trust.store import TrustStore

FLIGHT = "us-air-2021-12-20"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> TrustStore:
    folder = tmp_path_factory.mktemp("trust")
    write_trust(folder)
    return load_store(folder)


@pytest.fixture(scope="module")
def desk(store: TrustStore) -> CheckIn:
    return CheckIn(trust=store, rules=RuleBook.load(), budget=60)


def question(passenger: Passenger, **changes: Any) -> dict[str, Any]:
    asked = {
        "traveller": passenger.traveller, "journey": passenger.journey, "shown": list(passenger.shown),
        "at": passenger.flight.clock, **changes,
    }  # fmt: skip
    return question_from_json(asked)


def scans(passenger: Passenger) -> list[Scan]:
    return [Scan(text) for document in passenger.documents() for text in document.texts]


def codes(decision: Decision) -> set[str]:
    return {finding.code.value for finding in decision.findings}


@pytest.mark.parametrize(
    ("rules", "doubt", "unread", "verdict"),
    [
        (rules, doubt, unread, verdict)
        for rules, doubt, unread in itertools.product(Outcome, (False, True), (False, True))
        for verdict in [
            Verdict.REFER
            if doubt or rules in (Outcome.OPEN, Outcome.NOTE) or (rules is Outcome.UNMET and unread)
            else Verdict.DENIED
            if rules is Outcome.UNMET
            else Verdict.CLEARED
        ]
    ],
)
def test_verdict_table(rules: Outcome, doubt: bool, unread: bool, verdict: Verdict) -> None:
    assert combine(rules, doubt=doubt, unread_could_help=unread) is verdict


# --- document states, row by row: anna shows a vaccination and a test; the vaccination varies ---


def decide(desk: CheckIn, given: Sequence[str | bytes], **changes: Any) -> Decision:
    anna = flight(FLIGHT).passenger("anna")
    return desk.check(**{**question(anna), "scans": [Scan.text(text) for text in given], **changes})


@pytest.fixture(scope="module")
def papers() -> tuple[str, str]:
    vaccination, test = flight(FLIGHT).passenger("anna").documents()
    return vaccination.text, test.text


def anna_payload() -> dict[str, Any]:
    return {
        "ver": "1.3.0",
        "nam": {"fn": "Schneider", "fnt": "SCHNEIDER", "gn": "Anna Katharina", "gnt": "ANNA<KATHARINA"},
        "dob": "1984-03-12",
        "v": [
            {
                "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215", "dn": 2, "sd": 2,
                "dt": "2021-08-22", "co": "DE", "is": "RKI", "ci": "URN:UVCI:01:DE:QA2#B",
            }
        ],
    }  # fmt: skip


def test_row_all_checks_hold(desk: CheckIn, papers: tuple[str, str]) -> None:
    decision = decide(desk, papers)
    assert decision.verdict is Verdict.CLEARED
    assert [shown.evidence for shown in decision.documents] == ["usable", "usable"]
    assert decision.reasons == ()


def test_row_not_shown_is_denied(desk: CheckIn, papers: tuple[str, str]) -> None:
    assert decide(desk, papers[1:]).verdict is Verdict.DENIED
    assert decide(desk, []).verdict is Verdict.DENIED


@pytest.mark.parametrize("spoilt", [b"", b"HC1:broken", b"HELLO", b"HC1:" + b"0" * 300, bytes(range(256))])
def test_row_unreadable_is_open(desk: CheckIn, papers: tuple[str, str], spoilt: bytes) -> None:
    decision = decide(desk, [spoilt, papers[1]])
    assert decision.verdict is Verdict.REFER
    assert "decision.unread-could-help" in codes(decision)
    assert decide(desk, [spoilt, *papers]).verdict is Verdict.CLEARED


def test_row_signature_invalid(desk: CheckIn, papers: tuple[str, str], make_hcert: MakeHcert) -> None:
    forged = make_hcert(anna_payload(), after_signing=lambda body: body.replace(b"2021-08-22", b"2021-07-22"))
    decision = decide(desk, [forged, papers[1]])
    assert decision.verdict is Verdict.REFER
    assert any(finding.alert for finding in decision.reasons)
    assert decision.documents[0].evidence == "open"


def test_row_key_usage_wrong(desk: CheckIn, papers: tuple[str, str], make_hcert: MakeHcert) -> None:
    decision = decide(desk, [make_hcert(anna_payload(), signer=authority.signer("DE", "test")), papers[1]])
    assert decision.verdict is Verdict.REFER
    assert "trust.key-usage" in codes(decision)
    assert any(finding.alert for finding in decision.reasons)


def test_row_issuer_is_not_the_signer(desk: CheckIn, papers: tuple[str, str], make_hcert: MakeHcert) -> None:
    claims = {1: "FR", 4: 1654128000, 6: 1629700000, -260: {1: anna_payload()}}
    decision = decide(desk, [make_hcert(claims=claims), papers[1]])
    assert decision.verdict is Verdict.REFER
    assert any(finding.alert for finding in decision.reasons)


def test_row_signer_unknown(desk: CheckIn, papers: tuple[str, str], make_hcert: MakeHcert) -> None:
    decision = decide(desk, [make_hcert(anna_payload(), signer=authority.stranger()), papers[1]])
    assert decision.verdict is Verdict.REFER
    assert not any(finding.alert for finding in decision.reasons)
    assert "trust.signer-unknown" in codes(decision)


def test_row_list_stale(papers: tuple[str, str], tmp_path: Path) -> None:
    clock = flight(FLIGHT).clock
    write_trust(tmp_path, fetched=clock - timedelta(days=30), expires=clock - timedelta(days=1))
    desk = CheckIn(trust=load_store(tmp_path), rules=RuleBook.load(), budget=60)
    decision = decide(desk, papers)
    assert decision.verdict is Verdict.REFER
    assert "list.stale" in codes(decision)


@pytest.mark.parametrize(
    ("issued", "expires", "code"),
    [
        (datetime(2021, 8, 23, tzinfo=UTC), datetime(2021, 12, 1, tzinfo=UTC), "dates.expired"),
        (datetime(2021, 12, 25, tzinfo=UTC), datetime(2022, 12, 1, tzinfo=UTC), "dates.not-yet-valid"),
    ],
)
def test_row_expired_or_not_yet_valid(
    desk: CheckIn, papers: tuple[str, str], make_hcert: MakeHcert, issued: datetime, expires: datetime, code: str
) -> None:
    decision = decide(desk, [make_hcert(anna_payload(), issued=issued, expires=expires), papers[1]])
    assert decision.verdict is Verdict.REFER
    assert code in codes(decision)


def test_row_another_person(desk: CheckIn, make_hcert: MakeHcert) -> None:
    other = {
        **anna_payload(),
        "nam": {"fn": "Okafor", "fnt": "OKAFOR", "gn": "Chidi", "gnt": "CHIDI"},
        "dob": "1971-01-02",
    }
    decision = decide(desk, [make_hcert(other)])
    assert decision.verdict is Verdict.DENIED
    assert (decision.documents[0].identity, decision.documents[0].evidence) == (Outcome.UNMET, "none")


def test_row_two_persons_in_one_check(desk: CheckIn, papers: tuple[str, str], make_hcert: MakeHcert) -> None:
    other = {
        **anna_payload(),
        "nam": {"fn": "Okafor", "fnt": "OKAFOR", "gn": "Chidi", "gnt": "CHIDI"},
        "dob": "1971-01-02",
    }
    decision = decide(desk, [make_hcert(other), *papers])
    assert decision.verdict is Verdict.REFER
    assert "decision.two-persons" in codes(decision)


def test_row_holder_nearly_agrees(desk: CheckIn, papers: tuple[str, str], make_hcert: MakeHcert) -> None:
    decision = decide(desk, [make_hcert({**anna_payload(), "dob": "1984"}), papers[1]])
    assert decision.verdict is Verdict.REFER
    assert (decision.documents[0].identity, decision.documents[0].evidence) == (Outcome.OPEN, "open")


def test_row_test_positive(desk: CheckIn, papers: tuple[str, str], make_hcert: MakeHcert) -> None:
    test = {
        "tg": "840539006", "tt": "LP6464-4", "sc": "2021-12-19T09:00:00Z", "tr": "260373001", "tc": "Lab", "co": "DE",
        "is": "RKI", "ci": "X",
    }  # fmt: skip
    payload = {**{key: value for key, value in anna_payload().items() if key != "v"}, "t": [test]}
    positive = make_hcert(payload, issued=datetime(2021, 12, 19, 12, tzinfo=UTC))
    assert decide(desk, [papers[0], positive]).verdict is Verdict.DENIED


# --- every passenger of every flight whose rules are loaded ---


def _asked(passenger: Passenger) -> dict[str, Any]:
    asked = question(passenger)
    asked["scans"] = scans(passenger)
    asked["party"] = [(question(each)["traveller"], scans(each)) for each in passenger.party]
    return asked


@pytest.mark.parametrize("name", list(flights()))
def test_every_passenger_of_a_flight(desk: CheckIn, name: str) -> None:
    wrong, judged = [], 0
    for passenger in flight(name).passengers:
        decision = desk.check(**_asked(passenger))
        if "rules.no-pack" in codes(decision):
            continue
        judged += 1
        if decision.verdict.value != str(passenger.verdict):
            wrong.append((passenger.persona.name, str(passenger.verdict), decision.verdict.value))
    if not judged:
        pytest.skip(f"no pack of rules for {name}")
    assert not wrong


# --- bad input ---


def test_fifty_documents(desk: CheckIn, papers: tuple[str, str]) -> None:
    decision = decide(desk, [f"HC1:{number}" for number in range(50)])
    assert decision.verdict is Verdict.REFER
    assert len(decision.documents) == 50
    many = decide(desk, [f"HC1:{number}" for number in range(500)])
    assert "reading.too-many-scans" in codes(many)


def test_over_budget_refers(store: TrustStore, papers: tuple[str, str]) -> None:
    ticks = itertools.count()
    desk = CheckIn(trust=store, rules=RuleBook.load(), budget=2.0, timer=lambda: float(next(ticks)))
    decision = decide(desk, papers)
    assert decision.verdict is Verdict.REFER
    assert "decision.over-budget" in codes(decision)


def test_a_fault_of_ours_refers_and_names_nobody(
    desk: CheckIn, papers: tuple[str, str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("Schneider")

    monkeypatch.setattr("verifier.checkin.match_identity", fail)
    decision = decide(desk, papers)
    assert decision.verdict is Verdict.REFER
    assert DecisionCode.FAULT in {finding.code for finding in decision.findings}
    assert "Schneider" not in caplog.text + json.dumps(decision.as_json("en"))


@pytest.mark.parametrize(
    "journey", [None, Journey(()), Journey((Leg("XXX", "YYY"),)), Journey((Leg("FRA", "FRA"),) * 80)]
)
def test_journeys_that_cannot_be_judged(desk: CheckIn, papers: tuple[str, str], journey: Journey | None) -> None:
    assert decide(desk, papers, journey=journey).verdict is Verdict.REFER


def test_a_nameless_traveller_is_never_cleared(desk: CheckIn, papers: tuple[str, str]) -> None:
    assert decide(desk, papers, traveller=Traveller(citizenships=("DE",))).verdict is Verdict.REFER


def test_naive_moments_are_the_callers_fault(desk: CheckIn, papers: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="zone"):
        decide(desk, papers, at=datetime(2021, 12, 20))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"traveller": None}, "traveller"),
        ({"traveller": {"surname": "A", "age": -1}}, "traveller.age"),
        ({"traveller": {"surname": "A", "age": True}}, "traveller.age"),
        ({"traveller": {"surname": "A", "birth_date": "1990-02-30"}}, "traveller.birth_date"),
        ({"traveller": {"surname": 3}}, "traveller.surname"),
        ({"traveller": {"nickname": "A"}}, "traveller.nickname"),
        ({"traveller": []}, "traveller"),
        ({"journey": {"legs": [{"origin": "FRA"}]}}, "journey.legs.0.destination"),
        (
            {"journey": {"legs": [{"origin": "FRA", "destination": "JFK", "departs": "2021-12-20T10:00"}]}},
            "journey.legs.0.departs",
        ),
        (
            {"journey": {"legs": [{"origin": "FRA", "destination": "JFK", "channel": "balloon"}]}},
            "journey.legs.0.channel",
        ),
        (
            {"journey": {"stays": [{"place": "DE", "first": "2021-13-01", "last": "2021-12-01"}]}},
            "journey.stays.0.first",
        ),
        ({"journey": {"legs": [{}] * 65}}, "journey.legs"),
        ({"texts": "HC1:"}, "question.texts"),
        ({"images_b64": ["@@"]}, "images_b64"),
        ({"shown": [3]}, "shown"),
        ({"at": None}, "at"),
    ],
)
def test_questions_that_cannot_be_asked(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InputError) as refused:
        question(flight(FLIGHT).passenger("anna"), **changes)
    assert refused.value.facts["field"] == field


def test_boarding_pass_and_passport_among_the_scans(desk: CheckIn, papers: tuple[str, str]) -> None:
    anna = flight(FLIGHT).passenger("anna")
    assert anna.boarding_pass is not None
    given = [Scan.text(text) for text in (*papers, anna.boarding_pass, "\r\n".join(anna.mrz))]
    agreed = desk.check(**{**question(anna), "scans": given})
    assert agreed.verdict is Verdict.CLEARED
    assert agreed.provenance["traveller.birth_date"].value == "passport"
    other = flight(FLIGHT).passenger("asa")
    given[2] = Scan.text(other.boarding_pass or "")
    confused = desk.check(**{**question(anna), "scans": given})
    assert confused.verdict is Verdict.REFER


def test_decisions_speak_three_languages(desk: CheckIn, papers: tuple[str, str]) -> None:
    decision = decide(desk, papers[:1])
    spoken = {language: decision.explain(language) for language in ("en", "es", "ar")}
    assert len(set(spoken.values())) == 3
    out = decision.as_json("es", earliest=True)
    assert json.loads(json.dumps(out)) == out
    assert out["earliest"] is not None


@pytest.mark.parametrize("name", list(flights()))
def test_decisions_follow_their_schema(desk: CheckIn, name: str) -> None:
    from verifier.decision_schema import DecisionForm

    for passenger in flight(name).passengers[:8]:
        out = desk.check(**_asked(passenger)).as_json("en", earliest=True)
        DecisionForm.model_validate_json(json.dumps(out))


def test_the_written_schema_is_current() -> None:
    from verifier.decision_schema import SCHEMA_FILE, schema_text

    written = Path(__file__).parents[2] / SCHEMA_FILE
    assert written.read_text("utf-8") == schema_text(), "run python -m verifier.decision_schema"
