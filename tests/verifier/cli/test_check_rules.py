"""`cleargate check` with national rules of EU countries, and with what is known of the tickets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fixtures.flights import flight
from verifier.cli import main

FLIGHT = flight("us-air-2021-12-20")
VACCINATION, TEST = (document.text for document in FLIGHT.passenger("anna").documents())
PERSON = ("--name", "SCHNEIDER/ANNA KATHARINA", "--born", "1984-03-12", "--citizenship", "US", "--residence", "US")
TO_GERMANY = ("--from", "JFK", "--to", "FRA", "--departs", "2021-12-20T17:00:00-05:00", "--purpose", "tourism",
              "--arrives", "2021-12-21T06:00:00+01:00", "--at", FLIGHT.clock.isoformat())  # fmt: skip
RULE = {
    "Identifier": "VR-DE-0001", "Type": "Acceptance", "Country": "DE", "Version": "1.0.0", "SchemaVersion": "1.0.0",
    "Engine": "CERTLOGIC", "EngineVersion": "1.3.3", "CertificateType": "Vaccination",
    "Description": [{"lang": "en", "desc": "Two doses are needed."}],
    "ValidFrom": "2021-06-01T00:00:00Z", "ValidTo": "2022-06-01T00:00:00Z", "AffectedFields": ["v.0"],
}  # fmt: skip


@pytest.fixture(autouse=True)
def _qa_trust(qa_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEARGATE_TRUST", str(qa_folder))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["check", *arguments], catch_exceptions=False)


@pytest.mark.parametrize(("least", "verdict"), [(2, "cleared"), (3, "denied")])
def test_national_rules_judge_the_certificate_itself(tmp_path: Path, least: int, verdict: str) -> None:
    path = tmp_path / "rules.json"
    path.write_text(json.dumps([{**RULE, "Logic": {">=": [{"var": "payload.v.0.dn"}, least]}}]), "utf-8")
    done = run(VACCINATION, *PERSON, *TO_GERMANY, "--eu-rules", str(path), "--json")
    decision = json.loads(done.output)
    assert decision["verdict"] == verdict
    assert [policy["id"] for policy in decision["policies"]] == ["eu-rules-de"]
    said = " ".join(reason["sentence"] for reason in decision["reasons"])
    assert ("Two doses are needed." in said) == (verdict == "denied")


def test_a_rule_file_that_is_not_there(tmp_path: Path) -> None:
    done = run(VACCINATION, *PERSON, *TO_GERMANY, "--eu-rules", str(tmp_path / "none.json"))
    assert (done.exit_code, "certlogic.no-file" in done.output) == (1, True)


@pytest.mark.parametrize(
    ("tickets", "verdict"), [((), "cleared"), (("--one-ticket",), "cleared"), (("--separate-tickets",), "denied")]
)
def test_separate_tickets_pass_the_border_on_the_way(tickets: tuple[str, ...], verdict: str) -> None:
    trip = ("--from", "TXL", "--via", "LHR", "--to", "JFK", "--departs", "2021-12-20T11:00:00+01:00",
            "--purpose", "tourism", "--stay", "DE:2021-11-20:2021-12-20", "--status", "US=nonimmigrant",
            "--shown", "attestation", "--shown", "contact_info", "--at", FLIGHT.clock.isoformat())  # fmt: skip
    person = ("--name", "SCHNEIDER/ANNA KATHARINA", "--born", "1984-03-12", "--citizenship", "DE")
    decision = json.loads(run(VACCINATION, TEST, *person, *trip, *tickets, "--json").output)
    assert decision["verdict"] == verdict
    assert any(policy.get("leg") == 0 for policy in decision["policies"]) == (verdict == "denied")
