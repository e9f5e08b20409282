"""Settings, what is refused at start-up, and the command."""

from __future__ import annotations

import base64
import hashlib
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
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

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
def production_trust(tmp_path: Path) -> Path:
    """A folder whose only list is not marked as QA and holds a signer that calls itself nothing of the kind."""
    folder = tmp_path / "production"
    folder.mkdir()
    key = ec.derive_private_key(1234567, ec.SECP256R1())
    name = x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "UT"), x509.NameAttribute(NameOID.COMMON_NAME, "Signer")]
    )
    first, last = datetime(2021, 1, 1, tzinfo=UTC), datetime(2039, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 7, first, last).sign(key, hashes.SHA256())
    listed = {"certificates": [base64.b64encode(made.public_bytes(Encoding.DER)).decode()]}
    data = json.dumps(listed).encode()
    (folder / "keys.json").write_bytes(data)
    entry = {
        "file": '"keys.json"', "kind": '"dsc-json"', "sha256": f'"{hashlib.sha256(data).hexdigest()}"',
        "source": '"made by this test"', "fetched": "2021-12-20T06:00:00Z", "expires": "2031-01-01T00:00:00Z",
    }  # fmt: skip
    lines = ["", "[[anchor]]", *(f"{key} = {value}" for key, value in entry.items()), ""]
    (folder / "anchors.toml").write_text("\n".join(lines), "utf-8")
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
