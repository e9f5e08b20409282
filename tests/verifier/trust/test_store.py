"""The store: dates against signer, algorithms against keys, every candidate tried, nothing verified by accident."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from verifier.errors import TrustError
from verifier.findings import Outcome
from verifier.model import Claim, Envelope, SignedDates, Signer, SignerHint
from verifier.trust.codes import DatesCode, TrustCode
from verifier.trust.dates import check_dates
from verifier.trust.keys import KeyList, ListSource, RevocationList, TrustedKey
from verifier.trust.revocation import check_revocation
from verifier.trust.signatures import check_signature, family, key_findings
from verifier.trust.store import SignatureState, TrustStore

AT = datetime(2021, 12, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
P256 = ec.derive_private_key(7, ec.SECP256R1())
P384 = ec.derive_private_key(7, ec.SECP384R1())
P521 = ec.derive_private_key(7, ec.SECP521R1())
K1 = ec.derive_private_key(7, ec.SECP256K1())
ED = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
RSA = rsa.generate_private_key(65537, 2048)
SMALL = rsa.generate_private_key(65537, 1024)


def raw(key: ec.EllipticCurvePrivateKey, digest: hashes.HashAlgorithm, data: bytes) -> bytes:
    r, s = decode_dss_signature(key.sign(data, ec.ECDSA(digest)))
    size = (key.key_size + 7) // 8
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def pss(key: rsa.RSAPrivateKey, data: bytes) -> bytes:
    return key.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())


SIGNED = {
    "ES256": (P256, raw(P256, hashes.SHA256(), b"data")),
    "ES384": (P384, raw(P384, hashes.SHA384(), b"data")),
    "ES512": (P521, raw(P521, hashes.SHA512(), b"data")),
    "ES256K-DER": (K1, K1.sign(b"data", ec.ECDSA(hashes.SHA256()))),
    "EdDSA": (ED, ED.sign(b"data")),
    "PS256": (RSA, pss(RSA, b"data")),
}


@pytest.mark.parametrize("name", SIGNED)
def test_each_algorithm_holds_and_breaks(name: str) -> None:
    key, signature = SIGNED[name]
    check_signature(key.public_key(), name, b"data", signature)
    check_signature(key.public_key(), None, b"data", signature)
    for data, changed in ((b"Data", signature), (b"data", bytes([signature[0] ^ 1]) + signature[1:]), (b"data", b"")):
        with pytest.raises(TrustError) as refused:
            check_signature(key.public_key(), name, data, changed)
        assert refused.value.alert


@pytest.mark.parametrize("key_name", SIGNED)
@pytest.mark.parametrize("header", [*SIGNED, "none", "HS256", "RS256", ""])
def test_the_key_decides_not_the_header(key_name: str, header: str) -> None:
    key, signature = SIGNED[key_name]
    if header == key_name:
        return
    with pytest.raises(TrustError) as refused:
        check_signature(key.public_key(), header, b"data", signature)
    assert refused.value.code in (TrustCode.ALGORITHM_MISMATCH, TrustCode.ALGORITHM_REFUSED)


def test_der_where_raw_is_due() -> None:
    with pytest.raises(TrustError) as refused:
        check_signature(P256.public_key(), "ES256", b"data", P256.sign(b"data", ec.ECDSA(hashes.SHA256())))
    assert refused.value.code is TrustCode.SIGNATURE_SIZE


def test_zero_signature_is_refused() -> None:
    with pytest.raises(TrustError):
        check_signature(P256.public_key(), "ES256", b"data", bytes(64))


def test_rsa_floor() -> None:
    check_signature(SMALL.public_key(), "PS256", b"data", pss(SMALL, b"data"))
    (finding,) = key_findings(SMALL.public_key())
    assert (finding.code, finding.outcome) == (TrustCode.KEY_TOO_SMALL, Outcome.OPEN)
    assert key_findings(RSA.public_key()) == ()
    assert family(K1.public_key()) == "secp256k1"


SIGNER = Signer("hcert", "k", not_before=AT - 10 * DAY, not_after=AT + 10 * DAY, source="list")


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (SignedDates(AT - DAY, None, AT + DAY), []),
        (SignedDates(AT, None, AT), []),
        (SignedDates(AT - DAY, None, AT - timedelta(seconds=1)), [DatesCode.EXPIRED]),
        (SignedDates(AT + timedelta(seconds=1), None, AT + DAY), [DatesCode.NOT_YET_VALID]),
        (SignedDates(None, AT + timedelta(seconds=1), AT + DAY), [DatesCode.NOT_YET_VALID]),
        (SignedDates(AT - 10 * DAY, None, AT + 10 * DAY), []),
        (SignedDates(AT - 11 * DAY, None, AT + DAY), [DatesCode.ISSUED_BEFORE_SIGNER]),
        (SignedDates(AT - DAY, None, AT + 11 * DAY), [DatesCode.EXPIRES_AFTER_SIGNER]),
        (SignedDates(AT - DAY, None, None), [DatesCode.NO_EXPIRY]),
        (SignedDates(), [DatesCode.NO_EXPIRY]),
    ],
)
def test_dates(dates: SignedDates, expected: list[DatesCode]) -> None:
    assert [finding.code for finding in check_dates(dates, SIGNER, AT)] == expected


@pytest.mark.parametrize(("ring", "outcome"), [("hcert", Outcome.NOTE), ("icao", Outcome.OPEN), ("who", Outcome.OPEN)])
def test_signer_dates_by_model(ring: str, outcome: Outcome) -> None:
    signer = replace(SIGNER, ring=ring)
    dates = SignedDates(AT - DAY, None, AT + 9 * DAY)
    late = check_dates(dates, signer, AT + 10 * DAY + timedelta(seconds=1))
    assert (DatesCode.SIGNER_EXPIRED, outcome) in [(finding.code, finding.outcome) for finding in late]
    early = check_dates(SignedDates(), signer, AT - 11 * DAY)
    assert (DatesCode.SIGNER_NOT_YET_VALID, outcome) in [(finding.code, finding.outcome) for finding in early]
    edges = [*check_dates(SignedDates(), signer, AT + 10 * DAY), *check_dates(SignedDates(), signer, AT - 10 * DAY)]
    assert not {f.code for f in edges} & {DatesCode.SIGNER_EXPIRED, DatesCode.SIGNER_NOT_YET_VALID}


def envelope(
    key: ec.EllipticCurvePrivateKey = P256, ring: str = "hcert", issuer: str | None = None, **more: object
) -> Envelope:
    hint = SignerHint(ring, b"kid", issuer)
    signature = raw(key, hashes.SHA256(), b"data")
    return replace(Envelope("test", hint, "ES256", b"data", signature, {"said": 1}), **more)  # type: ignore[arg-type]


def listed(
    key: ec.EllipticCurvePrivateKey = P256, ring: str = "hcert", issuer: str | None = None, **signer: object
) -> TrustedKey:
    who = replace(Signer(ring, "id", source="list"), **signer)  # type: ignore[arg-type]
    return TrustedKey(who, key.public_key(), b"kid", issuer)


def store(*keys: TrustedKey, **more: object) -> TrustStore:
    ring = keys[0].signer.ring if keys else "hcert"
    return TrustStore([KeyList(ring, ListSource("list", fetched=AT - DAY), keys, **more)])  # type: ignore[arg-type]


def test_every_key_under_a_kid_is_tried() -> None:
    other = ec.derive_private_key(8, ec.SECP256R1())
    checked = store(listed(other), listed(P256, name="right")).verify(envelope(), at=AT)
    assert checked.state is SignatureState.VALID
    assert checked.signer is not None
    assert checked.signer.name == "right"
    assert checked.payload is not None
    assert checked.payload.content == {"said": 1}


def test_no_candidate_holds() -> None:
    checked = store(listed(ec.derive_private_key(8, ec.SECP256R1()))).verify(envelope(), at=AT)
    assert (checked.state, checked.payload) == (SignatureState.INVALID, None)
    assert store().verify(envelope(), at=AT).state is SignatureState.UNKNOWN_SIGNER


def test_rings_are_apart_and_issuers_bind() -> None:
    assert store(listed(ring="cred")).verify(envelope(), at=AT).state is SignatureState.UNKNOWN_SIGNER
    bound = store(listed(ring="shc", issuer="https://a.example"))
    assert bound.verify(envelope(ring="shc", issuer="https://a.example"), at=AT).state is SignatureState.VALID
    other = bound.verify(envelope(ring="shc", issuer="https://b.example"), at=AT)
    assert other.findings[0].code is TrustCode.ISSUER_UNKNOWN
    two = TrustStore([*bound.lists, KeyList("shc", ListSource("b"), trusted_issuers=frozenset({"https://b.example"}))])
    assert two.verify(envelope(ring="shc", issuer="https://b.example"), at=AT).findings[0].code is TrustCode.KEY_UNKNOWN


@pytest.mark.parametrize(
    ("allowed", "claimed", "good"),
    [
        (None, {Claim.TEST}, True),
        ({Claim.TEST}, {Claim.TEST}, True),
        ({Claim.TEST}, {Claim.VACCINATION}, False),
        ({Claim.TEST}, {Claim.TEST, Claim.VACCINATION}, False),
        ({Claim.TEST}, set(), True),
    ],
)
def test_usage(allowed: set[Claim] | None, claimed: set[Claim], good: bool) -> None:
    key = listed(claims=None if allowed is None else frozenset(allowed))
    findings = store(key).verify(envelope(claims=frozenset(claimed)), at=AT).findings
    usage = [finding for finding in findings if finding.code is TrustCode.KEY_USAGE]
    assert (not usage) is good
    assert all(finding.alert and finding.outcome is Outcome.OPEN for finding in usage)


@pytest.mark.parametrize(
    ("entries", "issued", "code"),
    [
        ({"r": None}, AT, TrustCode.REVOKED),
        ({"r": AT}, AT - timedelta(microseconds=1), TrustCode.REVOKED),
        ({"r": AT}, AT, None),
        ({"other": None}, AT, None),
        ({"r": AT}, None, TrustCode.REVOKED),
    ],
)
def test_revocation_by_identifier(
    entries: dict[str, datetime | None], issued: datetime | None, code: TrustCode | None
) -> None:
    held = RevocationList("hcert", kid=b"kid", entries=entries)
    named = envelope(revocation_id="r", dates=SignedDates(issued))
    assert [f.code for f in check_revocation(named, listed(), [held], AT)] == ([] if code is None else [code])


def test_revocation_lists_missing_or_old() -> None:
    key = replace(listed(), crl_version=3)
    (missing,) = check_revocation(envelope(), key, [], AT)
    assert (missing.code, missing.outcome) == (TrustCode.REVOCATION_UNCHECKED, Outcome.OPEN)
    (note,) = check_revocation(envelope(), listed(), [], AT)
    assert note.outcome is Outcome.NOTE
    for version, codes in ((2, [TrustCode.REVOCATION_STALE]), (3, []), (4, [])):
        held = RevocationList("hcert", kid=b"kid", version=version)
        assert [f.code for f in check_revocation(envelope(), key, [held], AT)] == codes
    due = RevocationList("hcert", kid=b"kid", next_update=AT - DAY)
    assert [f.code for f in check_revocation(envelope(), listed(), [due], AT)] == [TrustCode.REVOCATION_STALE]
    foreign = RevocationList("hcert", kid=b"another", entries={"r": None})
    assert (
        check_revocation(envelope(revocation_id="r"), listed(), [foreign], AT)[0].code is TrustCode.REVOCATION_UNCHECKED
    )


def test_unsafe_store_says_so() -> None:
    checked = TrustStore.unsafe_accept_any(listed()).verify(envelope(), at=AT)
    assert checked.signer is not None
    assert "UNSAFE" in (checked.signer.name or "")
    assert any(finding.code is TrustCode.UNSAFE_ANY and finding.alert for finding in checked.findings)


def test_only_the_store_makes_signed_payloads() -> None:
    makers = set()
    for path in (Path(__file__).parents[3] / "verifier").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "SignedPayload":
                makers.add(path.relative_to(path.parents[1]).as_posix())
    assert makers == {"trust/store.py"}
