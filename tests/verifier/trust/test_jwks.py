"""Key sets: what is left out, what is only noted, and that the rest loads."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st
from jwcrypto import jwk as other_library

from tests.verifier.formats.writers_a import ISSUER, KID, P256, SOURCE, STRANGER, b64url, jwk, jwks
from verifier.trust.lists.jwks import MAX_BYTES, check_jwks, read_jwks, thumbprint

GOOD = jwk(STRANGER)


def found(data: bytes, issuer: str | None = None) -> list[str]:
    return [finding.code.value for finding in check_jwks(data, issuer=issuer)]


def test_a_good_set_is_read() -> None:
    held = read_jwks(jwks(), issuer=ISSUER, name="Example", source=SOURCE)
    (key,) = held.keys
    assert (key.kid, key.issuer, key.signer.name, key.signer.source) == (KID.encode(), ISSUER, "Example", SOURCE.name)
    assert key.public_key == P256.public_key()
    assert (held.findings, held.trusted_issuers) == ((), frozenset({ISSUER}))
    assert found(jwks()) == []


def test_the_thumbprint_is_that_of_another_library() -> None:
    assert other_library.JWK(**jwk()).thumbprint() == thumbprint(jwk()["x"], jwk()["y"])


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ("text", "jwks.not-a-key"),
        (jwk(d="AQ"), "jwks.private"),
        (jwk(kty="RSA"), "jwks.key-type"),
        (jwk(kty=None), "jwks.key-type"),
        (jwk(crv="P-384"), "jwks.curve"),
        (jwk(crv="secp256k1"), "jwks.curve"),
        (jwk(use="enc"), "jwks.use"),
        (jwk(alg="ES384"), "jwks.algorithm"),
        (jwk(kid=None), "jwks.kid-missing"),
        (jwk(kid=7), "jwks.kid-missing"),
        (jwk(kid=""), "jwks.kid-missing"),
        (jwk(x=None), "jwks.coordinates"),
        (jwk(x="AQ"), "jwks.coordinates"),
        (jwk(x="!" * 43), "jwks.coordinates"),
        (jwk(x=b64url(bytes(32)), y=b64url(bytes(32))), "jwks.coordinates"),
        (jwk(y=jwk(STRANGER)["y"]), "jwks.coordinates"),
        (jwk(x5c=[]), "jwks.certificate"),
        (jwk(x5c=["AAAA"]), "jwks.certificate"),
        (jwk(x5c=[7]), "jwks.certificate"),
    ],
)
def test_a_broken_key_is_left_out_and_the_rest_loads(broken: Any, code: str) -> None:
    held = read_jwks(jwks(broken, GOOD), issuer=ISSUER, name=None, source=SOURCE)
    assert [key.kid for key in held.keys] == [GOOD["kid"].encode()]
    (finding,) = held.findings
    assert (finding.code.value, finding.facts["entry"]) == (code, 0)
    assert found(jwks(broken)) == [code]


@pytest.mark.parametrize(
    ("odd", "code"),
    [
        (jwk(use=None), "jwks.use-missing"),
        (jwk(alg=None), "jwks.algorithm-missing"),
        (jwk(kid="7f3c9f2e-0000-4000-8000-000000000000"), "jwks.kid-not-thumbprint"),
    ],
)
def test_what_real_issuers_get_wrong_is_noted_and_used(odd: dict[str, Any], code: str) -> None:
    held = read_jwks(jwks(odd), issuer=ISSUER, name=None, source=SOURCE)
    assert len(held.keys) == 1
    assert [finding.code.value for finding in held.findings] == [code] == found(jwks(odd))


def test_two_keys_under_one_kid_are_both_kept() -> None:
    held = read_jwks(jwks(jwk(), jwk(STRANGER, kid=KID)), issuer=ISSUER, name=None, source=SOURCE)
    assert len(held.keys) == 2
    assert "jwks.kid-twice" in {finding.code.value for finding in held.findings}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "jwks.not-a-set"),
        (b"This is not a valid JSON Web Key Set!", "jwks.not-a-set"),
        (b"[]", "jwks.not-a-set"),
        (b'{"keys": {}}', "jwks.not-a-set"),
        (b"[" * 100_000, "jwks.not-a-set"),
        (b'"\xff"', "jwks.not-a-set"),
        (b" " * (100 * 1024 * 1024), "jwks.too-large"),
        (b'{"keys":[' + b"1," * 20_001 + b"1]}", "jwks.too-large"),
    ],
    ids=["empty", "text", "array", "object", "deep", "not utf-8", "100 MB", "many"],
)
def test_a_set_that_cannot_be_read_still_names_its_issuer(data: bytes, code: str) -> None:
    held = read_jwks(data, issuer=ISSUER, name=None, source=SOURCE)
    assert (held.keys, held.trusted_issuers) == ((), frozenset({ISSUER}))
    assert [finding.code.value for finding in held.findings] == [code]
    assert found(data) == [code]
    assert MAX_BYTES < 100 * 1024 * 1024


def test_an_empty_set_is_no_key() -> None:
    assert found(b'{"keys":[]}') == ["jwks.not-a-set"]


# --- certificates -----------------------------------------------------------------------------------------------------

START = datetime(2021, 1, 1, tzinfo=UTC)
ROOT = ec.derive_private_key(0x700, ec.SECP256R1())


def certificate(
    subject: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    names: tuple[str, str],
    *,
    authority: bool = False,
    alternative: x509.GeneralName | None = None,
) -> str:
    own, parent = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in names)
    builder = x509.CertificateBuilder(parent, own, subject.public_key(), 7, START, START + timedelta(days=400))
    builder = builder.add_extension(x509.BasicConstraints(authority, None), critical=True)
    if alternative is not None:
        builder = builder.add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
    made = builder.sign(signer, hashes.SHA256())
    return base64.b64encode(made.public_bytes(Encoding.DER)).decode()


URI = x509.UniformResourceIdentifier(ISSUER)
ROOT_CERTIFICATE = certificate(ROOT, ROOT, ("QA root", "QA root"), authority=True)
LEAF = certificate(P256, ROOT, ("QA leaf", "QA root"), alternative=URI)


@pytest.mark.parametrize(
    ("chain", "code"),
    [
        ([LEAF, ROOT_CERTIFICATE], None),
        ([LEAF], None),
        (
            [certificate(STRANGER, ROOT, ("QA leaf", "QA root"), alternative=URI), ROOT_CERTIFICATE],
            "jwks.certificate-key",
        ),
        (
            [certificate(P256, STRANGER, ("QA leaf", "QA root"), alternative=URI), ROOT_CERTIFICATE],
            "jwks.certificate-chain",
        ),
        ([LEAF, certificate(ROOT, ROOT, ("QA root", "QA root"))], "jwks.certificate-chain"),
        ([LEAF, LEAF], "jwks.certificate-chain"),
        ([certificate(P256, ROOT, ("QA leaf", "QA root")), ROOT_CERTIFICATE], "jwks.certificate-issuer"),
        (
            [
                certificate(P256, ROOT, ("QA leaf", "QA root"), alternative=x509.DNSName("shc.example")),
                ROOT_CERTIFICATE,
            ],
            "jwks.certificate-issuer",
        ),
        (
            [
                certificate(
                    P256, ROOT, ("QA leaf", "QA root"), alternative=x509.UniformResourceIdentifier(ISSUER + "/")
                ),
                ROOT_CERTIFICATE,
            ],
            "jwks.certificate-issuer",
        ),
        ([LEAF] * 11, "jwks.certificate"),
    ],
)
def test_a_chain_must_hold_and_name_the_issuer(chain: list[str], code: str | None) -> None:
    held = read_jwks(jwks(jwk(x5c=chain)), issuer=ISSUER, name=None, source=SOURCE)
    assert [finding.code.value for finding in held.findings] == ([code] if code else [])
    assert len(held.keys) == (0 if code else 1)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(jwk())) | st.just("x5c"), JSON)
@settings(max_examples=80, deadline=None)
def test_any_member_gives_a_key_or_a_finding(member: str, value: Any) -> None:
    data = json.dumps({"keys": [{**jwk(), member: value}]}).encode()
    held = read_jwks(data, issuer=ISSUER, name=None, source=SOURCE)
    assert held.keys or held.findings


@given(st.binary(max_size=100))
@settings(max_examples=40, deadline=None)
def test_any_bytes_give_a_list_without_keys(data: bytes) -> None:
    assert read_jwks(data, issuer=ISSUER, name=None, source=SOURCE).keys == ()
