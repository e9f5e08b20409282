"""Shared: a fixed moment, the QA trust store, and a maker of HC1 texts with any content and any fault."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cbor2
import pytest

from fixtures.authorities import hcert as authority
from fixtures.authorities.signers import Signer
from fixtures.codecs import base45, cose, deflate
from verifier.trust.keys import ListSource
from verifier.trust.lists import dsc
from verifier.trust.store import TrustStore

AT = datetime(2021, 12, 20, 12, tzinfo=UTC)
PAYLOAD: dict[str, Any] = {
    "ver": "1.3.0",
    "nam": {"fn": "Müller", "fnt": "MUELLER", "gn": "Anna Maria", "gnt": "ANNA<MARIA"},
    "dob": "1990-05-17",
    "v": [
        {
            "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215", "dn": 2, "sd": 2,
            "dt": "2021-06-01", "co": "DE", "is": "Robert Koch-Institut", "ci": "URN:UVCI:01:DE:QA1#A",
        }
    ],
}  # fmt: skip


@pytest.fixture
def at() -> datetime:
    return AT


@pytest.fixture(scope="session")
def hcert_store() -> TrustStore:
    rows = (
        (row["id"], row["certificate"], row["country"], row["kid"]) for row in authority.trust_list()["certificates"]
    )
    source = ListSource("qa", fetched=datetime(2021, 12, 20, 6, tzinfo=UTC), qa=True)
    return TrustStore([dsc.from_certificates(rows, source)])


MakeHcert = Callable[..., str]


@pytest.fixture(scope="session")
def make_hcert() -> MakeHcert:
    """Write an HC1 text: `payload` under -260/1, or whole `claims`; `signer`, headers and layers can be replaced."""

    def make(
        payload: Any = None,
        *,
        claims: dict[Any, Any] | None = None,
        signer: Signer | None = None,
        protected: dict[Any, Any] | None = None,
        unprotected: dict[Any, Any] | None = None,
        tag: int | None = 18,
        issued: datetime = datetime(2021, 6, 2, tzinfo=UTC),
        expires: datetime = datetime(2022, 6, 2, tzinfo=UTC),
        body: bytes | None = None,
        message: Callable[[bytes], bytes] = lambda data: data,
        packed: Callable[[bytes], bytes] = lambda data: data,
        signature: Callable[[bytes], bytes] = lambda data: data,
        after_signing: Callable[[bytes], bytes] = lambda data: data,
    ) -> str:
        who = signer or authority.signer("DE")
        if claims is None:
            claims = {
                1: who.country,
                4: int(expires.timestamp()),
                6: int(issued.timestamp()),
                -260: {1: PAYLOAD if payload is None else payload},
            }
        alg = {"ES256": -7, "PS256": -37}[who.algorithm]
        data = cose.sign1(
            cbor2.dumps(claims) if body is None else body,
            protected={1: alg, 4: who.kid} if protected is None else protected,
            unprotected=unprotected or {},
            sign=lambda signed: signature(who.sign(signed)),
            tag=tag,
            after_signing=after_signing,
        )
        return "HC1:" + base45.encode(packed(deflate.zlib_stream(message(data))))

    return make


@pytest.fixture
def qa_folder(tmp_path: Path) -> Path:
    """A trust folder with every QA authority."""
    from fixtures.authorities import write_trust

    write_trust(tmp_path / "trust")
    return tmp_path / "trust"
