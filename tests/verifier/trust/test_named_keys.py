"""Keys by name, the PathCheck registry, and the keys given with a question."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verifier.formats.writers_a import (
    DID,
    ISSUER,
    K256,
    KID,
    P256,
    SOURCE,
    card,
    codes,
    cred,
    did_document,
    jwk,
    jwks,
    nl2,
    nzcp,
    pem,
    qr,
    read,
    two_d_doc,
)  # fmt: skip
from tests.verifier.trust.test_jwks import certificate
from tests.verifier.trust.test_vci import entry, snapshot
from verifier.errors import TrustError
from verifier.trust.from_case import store_from
from verifier.trust.lists import named_keys, pathcheck
from verifier.trust.lists.from_case_a import key_lists_from_trust

SPKI = base64.b64encode(P256.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
ISSUER_KEY = b'<?xml version="1.0"?><IssuerPublicKey xmlns="x"><n>7</n><ECDSA>' + SPKI + b"</ECDSA></IssuerPublicKey>"


def pem_certificate() -> bytes:
    body = certificate(P256, P256, ("QA 2D-DOC", "QA 2D-DOC"))
    return f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n".encode()


def test_keys_go_to_the_ring_of_their_kind() -> None:
    rows = [("K", pem(K256)), ("QA01", pem(P256)), ("QA02", pem_certificate()), ("VWS-CC-1", ISSUER_KEY)]
    held = {each.ring: each for each in named_keys.read_named_keys(rows, source=SOURCE)}
    assert [key.kid for key in held["cred"].keys] == [b"K"]
    assert [key.kid for key in held["2ddoc"].keys] == [b"QA01", b"QA02"]
    assert held["2ddoc"].keys[1].certificate is not None
    assert [key.kid for key in held["nl2"].keys] == [b"VWS-CC-1"]
    assert all(not each.findings for each in held.values())


@pytest.mark.parametrize(
    "data", [b"", b"no key", pem(P256)[:60], b"<IssuerPublicKey><ECDSA>" + b"A" * 80 + b"</ECDSA>", b"A" * 70_000]
)
def test_a_broken_named_key_is_left_out_and_the_rest_loads(data: bytes) -> None:
    held = named_keys.read_named_keys([("BAD", data), ("K", pem(K256))], source=SOURCE)
    assert [key.kid for each in held for key in each.keys] == [b"K"]
    assert [finding.code.value for each in held for finding in each.findings] == ["jwks.pem"]
    assert [each.findings for each in named_keys.read_named_keys([("BAD", data)], source=SOURCE)]


# --- PathCheck registry ---


def listed(key: Any, **changes: Any) -> dict[str, Any]:
    return {"displayName": {"en": "QA"}, "status": "current", "didDocument": key, **changes}


def test_a_registry_gives_one_list_per_known_format() -> None:
    registry = {
        "CRED": {"K": listed(pem(K256).decode()), "OLD": listed(pem(K256).decode(), status="revoked"), "X": 7},
        "DIVOC": {"did:qa": listed(pem(P256).decode())},
        "SmartHealthCards": {f"{ISSUER}#{KID}": listed(jwk()), "odd": listed("text")},
        "Unheard": {"a": listed("x")},
    }
    held = pathcheck.read_registry(json.dumps(registry).encode(), source=SOURCE)
    keys = {(key.signer.ring, key.kid, key.issuer) for each in held for key in each.keys}
    assert keys == {("cred", b"K", None), ("divoc", b"did:qa", None), ("shc", KID.encode(), ISSUER)}
    found = sorted(finding.code.value for each in held for finding in each.findings)
    assert found == ["jwks.not-a-key", "jwks.not-current", "jwks.not-current"]


@pytest.mark.parametrize("data", [b"", b"[]", b"7", b"\xff"])
def test_what_is_no_registry_is_refused(data: bytes) -> None:
    with pytest.raises(TrustError):
        pathcheck.read_registry(data, source=SOURCE)


@given(
    st.dictionaries(
        st.sampled_from(["CRED", "DIVOC", "EUDCC", "ICAO", "SmartHealthCards"]),
        st.dictionaries(
            st.text(max_size=4),
            st.fixed_dictionaries(
                {
                    "status": st.just("current"),
                    "didDocument": st.none()
                    | st.text(max_size=20)
                    | st.integers()
                    | st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
                }
            ),
            max_size=2,
        ),
    )
)
@settings(max_examples=60, deadline=None)
def test_any_registry_gives_lists_without_keys(registry: dict[str, Any]) -> None:
    held = pathcheck.read_registry(json.dumps(registry).encode(), source=SOURCE)
    assert not [key for each in held for key in each.keys]


# --- keys of a question ---


def test_every_member_may_stand_inline_or_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "VWS-CC-QA.xml").write_bytes(ISSUER_KEY)
    (tmp_path / "jwks.json").write_bytes(jwks())
    (tmp_path / "did.json").write_text(json.dumps(did_document()))
    (tmp_path / "k.pem").write_bytes(pem(K256))
    shc = {
        "iss": ISSUER,
        "name": "A",
        "jwks": "jwks.json",
        "crls": {KID: {"kid": KID, "method": "rid", "ctr": 1, "rids": []}},
    }
    for trust, scan in (
        ({"issuers": [shc]}, qr(card())),
        ({"issuers": [{**shc, "jwks": json.loads(jwks())}]}, qr(card())),
        ({"issuers_file": json.loads(snapshot(entry(ISSUER)))}, qr(card())),
        ({"jwks": "jwks.json", "iss": ISSUER}, qr(card())),
        ({"trusted": [DID], "did_documents": ["did.json"]}, nzcp()),
        ({"trusted": DID, "did_documents": did_document()}, nzcp()),
        ({"keys": {"QA.KEY": "k.pem"}}, cred("1//A", "STATUS")),
        ({"keys": {"QA.KEY": pem(K256).decode()}}, cred("1//A", "STATUS")),
        ({"keys": {"QA01": pem(P256).decode()}}, two_d_doc()),
    ):
        (document,) = read(scan, store=store_from(trust, tmp_path))
        assert document.signature.value == "valid", trust
    rings = {
        key.signer.ring
        for held in key_lists_from_trust({"keys": ["VWS-CC-QA", "VWS-CC-99", "../x"]}, tmp_path)
        for key in held.keys
    }
    assert rings == {"nl2"}
    (document,) = read(nl2(), store=store_from({"keys": ["VWS-CC-QA"]}, tmp_path))
    assert document.signature.value != "valid"


def test_a_trusted_issuer_without_keys_is_not_unknown() -> None:
    (document,) = read(nzcp(), store=store_from({"trusted": [DID], "did_documents": []}))
    assert document.signature.value == "unknown-signer"
    assert "trust.issuer-unknown" not in codes(document)
    (document,) = read(qr(card()), store=store_from({"issuers": [{"iss": ISSUER, "jwks_text": "no keys"}]}))
    assert "trust.issuer-unknown" not in codes(document)


def test_members_of_other_formats_and_broken_ones_are_passed_over() -> None:
    lists = key_lists_from_trust({"keys": {"a": 7, "b": "text"}, "issuers": ["x", {"iss": 1}], "csca": ["x"]})
    assert not [key for held in lists for key in held.keys]
