"""The public names are there, documented, and cheap to import."""

from __future__ import annotations

import subprocess
import sys

import verifier

PROMISED = {
    "CheckIn", "TrustStore", "RuleBook", "Traveller", "Journey", "Scan", "HealthRecord", "Decision", "Verdict",
    "Finding", "CleargateError",
}  # fmt: skip


def test_promised_names() -> None:
    assert set(verifier.__all__) >= PROMISED
    assert sorted(verifier.__all__, key=str.lower) == sorted(verifier._HOMES, key=str.lower)


def test_every_name_is_documented() -> None:
    for name in verifier.__all__:
        assert (getattr(verifier, name).__doc__ or "").strip(), name


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = "{'PIL', 'pydantic', 'cryptography', 'cbor2', 'zxingcpp'}"
    code = f"import sys, verifier; print(sorted({heavy} & set(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
