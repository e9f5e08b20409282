"""DID documents of NZCP issuers: which key may sign, and which may not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verifier.formats.writers_a import (
    DID,
    SOURCE,
    did_document,
    jwk,
)  # fmt: skip
from verifier.trust.keys import KeyList
from verifier.trust.lists import did_nzcp

METHOD = did_document()["verificationMethod"][0]


def did(trusted: tuple[str, ...] = (DID,), **changes: Any) -> KeyList:
    return did_nzcp.read_did(json.dumps(did_document(**changes)).encode(), trusted=trusted, source=SOURCE)


def test_a_key_of_a_trusted_issuer_is_found_under_its_fragment() -> None:
    held = did()
    assert [(key.kid, key.issuer) for key in held.keys] == [(b"key-1", DID)]
    assert (held.findings, held.trusted_issuers) == ((), frozenset({DID}))


@pytest.mark.parametrize(
    "changes",
    [
        {"verificationMethod": [{**METHOD, "id": "#key-1"}], "assertionMethod": ["#key-1"]},
        {"assertionMethod": f"{DID}#key-1"},
        {"verificationMethod": [], "assertionMethod": [METHOD]},
        {"verificationMethod": METHOD},
    ],
)
def test_other_ways_to_write_the_same(changes: dict[str, Any]) -> None:
    assert [key.kid for key in did(**changes).keys] == [b"key-1"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"id": "did:web:other.example"}, "jwks.did-untrusted"),
        ({"id": None}, "jwks.did-document"),
        ({"assertionMethod": []}, "jwks.did-method"),
        ({"assertionMethod": [f"{DID}#key-2"]}, "jwks.did-method"),
        ({"verificationMethod": [{**METHOD, "type": "Other"}]}, "jwks.did-method"),
        ({"verificationMethod": [{**METHOD, "id": "did:web:other.example#key-1"}]}, "jwks.did-method"),
        ({"verificationMethod": [{**METHOD, "publicKeyJwk": None}]}, "jwks.not-a-key"),
        ({"verificationMethod": [{**METHOD, "publicKeyJwk": {**jwk(), "d": "AQ"}}]}, "jwks.private"),
        ({"verificationMethod": [{**METHOD, "publicKeyJwk": jwk(crv="P-384")}]}, "jwks.curve"),
    ],
)
def test_a_key_that_may_not_sign_is_left_out(changes: dict[str, Any], code: str) -> None:
    held = did(**changes)
    assert held.keys == ()
    assert {finding.code.value for finding in held.findings} == {code}


@given(st.binary(max_size=100))
@settings(max_examples=40, deadline=None)
def test_any_bytes_give_no_did_keys(data: bytes) -> None:
    assert did_nzcp.read_did(data, trusted=[DID], source=SOURCE).keys == ()
