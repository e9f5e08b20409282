"""`cleargate check`: the three verdicts as exit status, three languages, JSON, and questions that cannot be asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fixtures.flights import flight
from verifier.cli import main

FLIGHT = flight("us-air-2021-12-20")
ANNA = FLIGHT.passenger("anna")
VACCINATION, TEST = (document.text for document in ANNA.documents())
AT = ("--at", FLIGHT.clock.isoformat())
PERSON = (
    "--name",
    "SCHNEIDER/ANNA KATHARINA",
    "--born",
    "1984-03-12",
    "--citizenship",
    "DE",
    "--status",
    "US=nonimmigrant",
)
TRIP = ("--from", "LHR", "--to", "JFK", "--departs", "2021-12-20T17:00:00+00:00", "--purpose", "tourism")
STAY = ("--stay", "GB:2021-11-20:2021-12-20")
SHOWN = ("--shown", "attestation", "--shown", "contact_info")


@pytest.fixture(autouse=True)
def _qa_trust(qa_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEARGATE_TRUST", str(qa_folder))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["check", *arguments], catch_exceptions=False)


def test_cleared_refer_and_denied() -> None:
    cleared = run(VACCINATION, TEST, *PERSON, *TRIP, *STAY, *SHOWN, *AT)
    assert (cleared.exit_code, cleared.output.partition("\n")[0]) == (0, "CLEARED: may board.")
    refer = run(VACCINATION, TEST, *PERSON, *TRIP, *SHOWN, *AT)
    assert (refer.exit_code, refer.output.partition("\n")[0]) == (10, "REFER: a person must decide.")
    denied = run(VACCINATION, *PERSON, *TRIP, *STAY, *SHOWN, *AT, "--earliest")
    assert (denied.exit_code, denied.output.partition("\n")[0]) == (20, "DENIED: may not board as things stand.")
    assert "earliest: 2021-12-" in denied.output


@pytest.mark.parametrize(("language", "word"), [("en", "CLEARED"), ("es", "AUTORIZADO"), ("ar", "مسموح")])
def test_languages(language: str, word: str) -> None:
    assert word in run(VACCINATION, TEST, *PERSON, *TRIP, *STAY, *SHOWN, *AT, "--lang", language).output


def test_traveller_file_boarding_pass_and_passport(tmp_path: Path) -> None:
    asked = {"traveller": ANNA.traveller, "journey": ANNA.journey, "shown": list(ANNA.shown)}
    path = tmp_path / "question.json"
    path.write_text(json.dumps(asked))
    done = run(VACCINATION, TEST, "--traveller", str(path), *AT, "--json", "--earliest")
    decision = json.loads(done.output)
    assert (done.exit_code, decision["verdict"], decision["schema"]) == (0, "cleared", "1.0")
    with_pass = run(
        VACCINATION,
        TEST,
        "--traveller",
        str(path),
        *AT,
        "--boarding-pass",
        ANNA.boarding_pass or "",
        "--mrz",
        "\n".join(ANNA.mrz),
    )
    assert with_pass.exit_code == 0


def test_party(tmp_path: Path) -> None:
    child = FLIGHT.passenger("tim")
    question = tmp_path / "tim.json"
    question.write_text(
        json.dumps({"traveller": child.traveller, "journey": child.journey, "shown": list(child.shown)})
    )
    party = tmp_path / "party.json"
    members = [{"traveller": each.traveller, "texts": [d.text for d in each.documents()]} for each in child.party]
    party.write_text(json.dumps(members))
    texts = [document.text for document in child.documents()]
    done = run(*texts, "--traveller", str(question), "--party", str(party), *AT)
    assert {"cleared": 0, "refer": 10, "denied": 20}[str(child.verdict)] == done.exit_code


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((*PERSON, *AT, "--from", "LHR"), "--from and --to go together"),
        ((*PERSON, *TRIP, *AT, "--status", "lpr"), "CC=WORD"),
        ((*PERSON[:2], "--born", "1984-02-30", *TRIP, *AT), "question.date"),
        ((*PERSON, *TRIP, "--departs", "2021-12-20T17:00", *AT), "question.zone"),
        ((*PERSON, *TRIP, *AT, "--traveller", "absent.json"), "cannot read"),
        (("absent.png", *PERSON, *TRIP, *AT), "no file"),
    ],
)
def test_wrong_questions_end_with_two(arguments: tuple[str, ...], words: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert words in done.output


@pytest.mark.parametrize("airport", ["XXX", "", "JFK "])
def test_unknown_airports_are_never_cleared(airport: str) -> None:
    done = run(
        VACCINATION,
        TEST,
        *PERSON,
        *STAY,
        *SHOWN,
        *AT,
        "--from",
        airport or "Q",
        "--to",
        "JFK",
        "--departs",
        "2021-12-20",
    )
    assert done.exit_code in (10, 20)
