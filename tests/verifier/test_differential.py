"""base45, COSE and the signature check against python-cwt and the base45 package, in an environment apart.

They want another cbor2 than ours, so it stands in `.venv-cwt` beside the project's own (or where the variable
CLEARGATE_CWT_PYTHON points). It is made on first use; where that is not possible the test is skipped and says why.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fixtures.authorities import hcert as authority
from tests.conftest import AT, MakeHcert
from verifier.codecs.base45 import ALPHABET, decode
from verifier.codecs.cose import parse_sign1
from verifier.codecs.inflate import inflate
from verifier.errors import EnvelopeError
from verifier.model import Scan
from verifier.reading import read_scans
from verifier.trust.store import TrustStore

pytestmark = pytest.mark.full
ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("cwt==3.3.0", "base45==0.4.4")
JUDGE = r"""
import json, sys
import base45
from cwt import COSE, COSEKey
for line in sys.stdin:
    ask = json.loads(line)
    out = {}
    if "base45" in ask:
        try:
            out["data"] = base45.b45decode(ask["base45"]).hex()
        except Exception:
            out["data"] = None
    else:
        try:
            key = COSEKey.from_pem(ask["pem"], kid=bytes.fromhex(ask["kid"]), alg=ask["alg"])
            out["payload"] = COSE.new().decode(bytes.fromhex(ask["cose"]), keys=[key]).hex()
        except Exception:
            out["payload"] = None
    print(json.dumps(out), flush=True)
"""


@pytest.fixture(scope="module")
def python() -> str:
    named = os.environ.get("CLEARGATE_CWT_PYTHON")
    if named:
        return named
    folder = ROOT / ".venv-cwt"
    inside = folder / "bin" / "python"
    if not inside.is_file():
        made = subprocess.run([sys.executable, "-m", "venv", str(folder)], capture_output=True, check=False)
        if made.returncode:
            pytest.skip("no second environment could be made")
    ready = subprocess.run([str(inside), "-c", "import cwt, base45"], capture_output=True, check=False)
    if ready.returncode:
        install = [str(inside), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES]
        done = subprocess.run(install, capture_output=True, check=False, timeout=300)
        if done.returncode:
            pytest.skip("python-cwt could not be installed")
    return str(inside)


def ask(python: str, questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    lines = "".join(json.dumps(question) + "\n" for question in questions)
    done = subprocess.run([python, "-c", JUDGE], input=lines, capture_output=True, text=True, check=True, timeout=300)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_base45(python: str) -> None:
    chance = random.Random(45)
    texts = ["".join(chr(chance.choice(ALPHABET)) for _ in range(chance.randrange(0, 40))) for _ in range(2000)]
    texts += [text[:-1] + "a" for text in texts[:50] if text]
    theirs = [answer["data"] for answer in ask(python, [{"base45": text} for text in texts])]
    ours: list[str | None] = []
    for text in texts:
        try:
            ours.append(decode(text.encode()).hex())
        except EnvelopeError:
            ours.append(None)
    assert ours == theirs
    assert 100 < sum(data is None for data in ours) < len(ours) - 100


def _spoilt(text: str) -> Iterator[bytes]:
    """The COSE message of a text as it is, and with one bit changed in each of some bytes."""
    message = inflate(decode(text[4:].encode()))
    yield message
    for place in range(0, len(message), max(len(message) // 40, 1)):
        yield message[:place] + bytes((message[place] ^ 1,)) + message[place + 1 :]


def test_signatures(python: str, make_hcert: MakeHcert) -> None:
    questions: list[dict[str, Any]] = []
    messages: list[bytes] = []
    sound: list[int] = []
    for usage in ("all", "rsa"):
        signer = authority.signer("DE", usage)  # type: ignore[arg-type]
        pem = signer.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        sound.append(len(messages))
        for message in _spoilt(make_hcert(signer=signer)):
            algorithm = "ES256" if usage == "all" else "PS256"
            questions.append({"cose": message.hex(), "pem": pem, "kid": signer.kid.hex(), "alg": algorithm})
            messages.append(message)
    store = TrustStore([_list(authority.signer("DE", usage)) for usage in ("all", "rsa")])  # type: ignore[arg-type]
    theirs = [answer["payload"] for answer in ask(python, questions)]
    ours = [_ours(message, store) for message in messages]
    # a change outside what is signed (unprotected header, tag) may be read by one and refused by the other
    differing = [index for index, (mine, other) in enumerate(zip(ours, theirs, strict=True)) if mine != other]
    assert [index for index in differing if ours[index] is not None] == []
    assert ours.count(None) >= 60
    assert [ours[index] for index in sound] == [theirs[index] for index in sound]
    assert None not in [ours[index] for index in sound]


def _list(signer: Any) -> Any:
    from verifier.trust.keys import ListSource
    from verifier.trust.lists import dsc

    return dsc.from_certificates([(0, signer.certified.der, "DE", None)], ListSource(signer.name))


def _ours(message: bytes, store: TrustStore) -> str | None:
    """Payload where the signature holds, as the reader decides it."""
    from fixtures.codecs import base45, deflate

    text = "HC1:" + base45.encode(deflate.zlib_stream(message))
    documents = read_scans([Scan.text(text)], trust=store, at=AT)
    if documents[0].signature.value != "valid":
        return None
    return parse_sign1(message).payload.hex()
