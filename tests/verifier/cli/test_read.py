"""`cleargate read`: screen, JSON and filter; a bad line is answered and the run goes on."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from fixtures.authorities import hcert as authority
from fixtures.flights import flight
from verifier.cli import main

AT = "2021-12-20T12:00:00Z"
DOCUMENTS = flight("us-air-2021-12-20").passenger("anna").documents()
CERTIFIED = authority.signer("DE").certified
assert CERTIFIED is not None
CERTIFICATE = base64.b64encode(CERTIFIED.der).decode()


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["read", *arguments], input=stdin, catch_exceptions=False)


def answers(lines: list[Any], *arguments: str) -> list[dict[str, Any]]:
    text = "".join(line if isinstance(line, str) else json.dumps(line) + "\n" for line in lines)
    done = run("--jsonl", "-", *arguments, stdin=text)
    assert done.exit_code == 0
    return [json.loads(line) for line in done.output.splitlines()]


def test_screen_names_what_matters(qa_folder: Path, tmp_path: Path) -> None:
    picture = tmp_path / "code.png"
    picture.write_bytes(DOCUMENTS[0].png)
    done = run(str(picture), "--trust", str(qa_folder), "--at", AT)
    assert done.exit_code == 0
    for words in (
        "EU Digital COVID Certificate",
        "holds (ES256)",
        "Trust path",
        "Revocation",
        "Comirnaty",
        "yes: all checks hold",
    ):
        assert words in done.output
    late = run(str(picture), "--trust", str(qa_folder), "--at", "2025-01-01")
    assert late.exit_code == 10
    assert "NOT AS IT IS" in late.output


def test_json(qa_folder: Path) -> None:
    done = run(DOCUMENTS[0].text, "--trust", str(qa_folder), "--at", AT, "--json")
    (document,) = json.loads(done.output)["documents"]
    assert (document["format"], document["signature"], document["evidence"]) == ("eu-dcc", "valid", "usable")
    assert document["record"]["vaccinations"][0]["product"]["key"] == "comirnaty"
    assert document["trust"]["qa"] is True


def test_filter_answers_in_order_and_goes_on(tmp_path: Path) -> None:
    trust = {"certificates": [CERTIFICATE]}
    text, png = DOCUMENTS[0].text, base64.b64encode(DOCUMENTS[0].png).decode()
    lines: list[Any] = [
        {"id": 1, "text": text, "at": AT, "trust": trust},
        "not json\n",
        {"id": 3, "image": png, "at": AT, "trust": trust},
        "[1]\n",
        {"id": 5, "bytes_b64": base64.b64encode(text.encode()).decode(), "at": AT, "trust": {"certificates": []}},
        {"id": 6, "at": AT, "trust": trust},
        {"id": 7, "text": 7, "at": AT, "trust": trust},
        {"id": 8, "text": text, "at": "yesterday", "trust": trust},
        {"id": 9, "text": text, "at": AT, "trust": "all"},
        {"id": 10, "texts": [text, "nonsense"], "at": AT, "trust": trust},
        {"id": 11, "image": "absent.png", "at": AT, "trust": trust},
        {
            "id": 12,
            "text": text,
            "at": AT,
            "trust": {"trustlist": {"certificates": [{"certificate": CERTIFICATE}, {}]}},
        },
        "[" * 100_000 + "\n",
        {"id": 14, "file_text": "{}", "at": AT, "trust": trust},
    ]
    out = answers(lines)
    assert [answer["id"] for answer in out] == [1, None, 3, None, 5, 6, 7, 8, 9, 10, 11, 12, None, 14]
    signatures = {answer["id"]: [d["signature"] for d in answer.get("documents", ())] for answer in out}
    assert signatures[1] == signatures[3] == signatures[12] == ["valid"]
    assert signatures[5] == ["unknown-signer"]
    assert signatures[10] == ["valid", "unchecked"]
    codes = {answer["id"]: answer["error"]["code"] for answer in out if "error" in answer and answer["id"]}
    assert codes == {
        6: "input.missing-field", 7: "input.bad-value", 8: "time.unreadable", 9: "input.bad-value", 11: "input.no-file",
    }  # fmt: skip
    assert all(answer["error"]["message"] for answer in out if "error" in answer)


def test_filter_checks_key_sets() -> None:
    from fixtures.authorities import health_cards

    good, bad = answers([{"id": "a", "jwk": health_cards.key_set()}, {"id": "b", "jwk": {"keys": [{"kty": "oct"}]}}])
    assert (good["keys"], bad["keys"]) == ("ok", "invalid")
    assert bad["findings"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [((), "at least one SCAN"), (("absent.png",), "no file"), (("x", "--at", "noon"), "cannot be read")],
)
def test_wrong_questions_end_with_two(arguments: tuple[str, ...], words: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert words in done.output


def test_bad_trust_folder_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "anchors.toml").write_text("\n[[anchor]]\nfile = 'x'\n")
    done = run("x", "--trust", str(tmp_path), "--at", AT)
    assert done.exit_code == 1
    assert "anchors.toml:2" in done.output
