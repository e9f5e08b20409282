"""Settings, what is refused at start-up, and the command."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk import Config, Mode, create_app
from kiosk.cli import kiosk
from kiosk.codes import KioskCode
from kiosk.config import QA_CLOCK
from verifier.errors import ConfigError
from verifier.trust.codes import ListCode


def refused(config: Config) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        create_app(config)
    return caught.value


@pytest.fixture
def production_trust(tmp_path: Path, qa_trust: Path) -> Path:
    """A folder whose only list is not marked as QA. Its keys are named so that they pass as anybody's."""
    folder = tmp_path / "production"
    folder.mkdir()
    shutil.copy(qa_trust / "qa-2d-doc.json", folder / "keys.json")
    anchors = (qa_trust / "anchors.toml").read_text("utf-8").split("[[anchor]]")
    entry = next(part for part in anchors if "qa-2d-doc.json" in part)
    entry = entry.replace("qa-2d-doc.json", "keys.json").replace("qa = true", "")
    (folder / "anchors.toml").write_text("[[anchor]]" + entry, "utf-8")
    return folder


def test_qa_keys_never_serve_in_production(qa_trust: Path) -> None:
    assert refused(Config(Mode.PRODUCTION, qa_trust)).code is KioskCode.QA_KEYS


def test_production_keys_never_serve_in_qa_mode(production_trust: Path) -> None:
    assert refused(Config(Mode.QA, production_trust)).code is KioskCode.PRODUCTION_KEYS


def test_both_kinds_of_keys_in_one_folder_are_refused(qa_trust: Path, production_trust: Path, tmp_path: Path) -> None:
    mixed = tmp_path / "mixed"
    shutil.copytree(qa_trust, mixed)
    shutil.copy(production_trust / "keys.json", mixed)
    text = (mixed / "anchors.toml").read_text("utf-8") + (production_trust / "anchors.toml").read_text("utf-8")
    (mixed / "anchors.toml").write_text(text, "utf-8")
    for mode in Mode:
        assert refused(Config(mode, mixed)).code is ListCode.QA_MIXED


def test_production_has_no_lab_no_banner_and_the_time_of_today(production_trust: Path) -> None:
    app = create_app(Config(Mode.PRODUCTION, production_trust))
    client = app.test_client()
    assert client.get("/lab/").status_code == 404
    assert client.get("/lab/flights.json").status_code == 404
    page = client.get("/").text
    assert "data-banner" not in page
    assert "data-flight" not in page
    assert client.get("/healthz").json["clock"] is None
    asked = client.post("/api/v1/checks", json={})
    assert abs(datetime.fromisoformat(asked.json["at"]) - datetime.now(UTC)).total_seconds() < 60


def test_the_factory_is_not_loaded_in_production(production_trust: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from kiosk import *;"
        f"create_app(Config(Mode.PRODUCTION, Path({str(production_trust)!r})));"
        "print([name for name in sys.modules if name.split('.')[0] == 'fixtures'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_settings_that_cannot_be(qa_trust: Path, tmp_path: Path) -> None:
    for code, wrong in (
        (KioskCode.CLOCK_IN_PRODUCTION, lambda: Config(Mode.PRODUCTION, qa_trust, clock=QA_CLOCK)),
        (KioskCode.CLOCK_WITHOUT_ZONE, lambda: Config(Mode.QA, qa_trust, clock=datetime(2021, 12, 20))),  # noqa: DTZ001
        (KioskCode.LANGUAGE_UNKNOWN, lambda: Config(Mode.QA, qa_trust, languages=("en", "tlh"))),
        (KioskCode.LANGUAGE_UNKNOWN, lambda: Config(Mode.QA, qa_trust, languages=())),
    ):
        with pytest.raises(ConfigError) as caught:
            wrong()
        assert caught.value.code is code
    assert refused(Config(Mode.QA, tmp_path / "nowhere")).code is ListCode.FILE_MISSING
    assert refused(Config(Mode.QA, qa_trust, rules=tmp_path)).code.value.startswith("rules.")


def test_the_clock_of_qa_mode_stands_on_every_page(qa_trust: Path) -> None:
    clock = datetime(2022, 6, 12, 6, tzinfo=UTC)
    client = create_app(Config(Mode.QA, qa_trust, clock=clock)).test_client()
    for path in ("/", "/?lang=es", "/lab/"):
        assert "data-banner" in client.get(path).text
        assert clock.isoformat() in client.get(path).text
    assert Config(Mode.QA, qa_trust).clock == QA_CLOCK


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], "kiosk.no-trust-folder"),
        (["--qa", "--trust", "/nowhere"], "list.file-missing"),
        (["--at", "2021-12-20", "--trust", "."], "kiosk.clock-in-production"),
        (["--qa", "--at", "noonish"], "time.unreadable"),
    ],
)
def test_a_wrong_start_ends_with_its_code_and_no_traceback(
    arguments: list[str], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CLEARGATE_TRUST", raising=False)
    done = CliRunner().invoke(kiosk, arguments)
    assert done.exit_code == 1
    assert f"[{code}]" in done.output
    assert "Traceback" not in done.output


def test_test_keys_without_qa_end_with_a_clear_error(qa_trust: Path) -> None:
    done = CliRunner().invoke(kiosk, ["--trust", str(qa_trust)])
    assert done.exit_code == 1
    assert "test keys" in done.output
    assert "start with --qa" in done.output


def test_the_command_serves(qa_trust: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code = "from kiosk.cli import kiosk; kiosk()"
    run = [sys.executable, "-c", code, "--qa", "--trust", str(qa_trust), "--port", str(port)]
    process = subprocess.Popen(run, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert f"http://localhost:{port}/" in line
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
            assert json.load(answer)["status"] == "ok"
            assert answer.headers["Server"] == "cleargate"
    finally:
        process.terminate()
        process.communicate(timeout=10)
