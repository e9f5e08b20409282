"""Readers in the form that `anchors.toml` needs, for publishers whose own reader asks for more than a file."""

from __future__ import annotations

import json

from verifier.errors import TrustError
from verifier.trust import shc_revocation
from verifier.trust.codes import ListCode
from verifier.trust.keys import KeyList, ListSource
from verifier.trust.lists import did_nzcp, jwks, named_keys


def read_jwks(data: bytes, *, source: ListSource, issuer: str, name: str | None = None) -> KeyList:
    """A key set of one SMART Health Card issuer."""
    return jwks.read_jwks(data, issuer=issuer, name=name, source=source)


def read_shc_crl(data: bytes, *, source: ListSource, issuer: str) -> KeyList:
    """A revocation list of one SMART Health Card issuer."""
    held, findings = shc_revocation.read_crl(data, issuer=issuer, source=source)
    return KeyList(jwks.RING, source, revocations=() if held is None else (held,), findings=findings)


def read_nzcp_did(data: bytes, *, source: ListSource, issuer: str) -> KeyList:
    """The DID document of a trusted New Zealand issuer."""
    return did_nzcp.read_did(data, trusted=(issuer,), source=source)


def read_named(data: bytes, *, source: ListSource) -> tuple[KeyList, ...]:
    """Keys by name for PaperCred, 2D-DOC and NL2: a JSON object from name to PEM or issuer key file.

    Raises:
        TrustError: NOT_READABLE.
    """
    try:
        entries = json.loads(data)
        rows = [(str(name), text.encode()) for name, text in entries.items() if isinstance(text, str)]
    except (ValueError, AttributeError, RecursionError):
        raise TrustError(ListCode.NOT_READABLE, facts={"list": source.name, "expected": "names"}) from None
    return named_keys.read_named_keys(rows, source=source)
