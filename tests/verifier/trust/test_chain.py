"""From a barcode signer to its authority: profile, country, dates, revocation, and certificates as they really are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verifier.trust.writers_chain import (
    AT,
    CSCA_KEY,
    FROM,
    OTHER_KEY,
    SIGNER_KEY,
    UNTIL,
    certificate,
    crl,
    csca,
    ec_key,
    held,
    sign,
)
from verifier.errors import TrustError
from verifier.findings import Outcome
from verifier.model import Claim
from verifier.trust.chain import ChainResult, verify_chain
from verifier.trust.curves import PRIMES, named_curve_key
from verifier.trust.keys import RevocationList
from verifier.trust.x509 import parse, public_key

AUTHORITIES = held(csca())
FRESH = [crl()]


def codes(result: ChainResult, *outcomes: Outcome) -> list[str]:
    return [f.code.value for f in result.findings if not outcomes or f.outcome in outcomes]


def refused(der: bytes, authorities: Any = AUTHORITIES) -> TrustError:
    with pytest.raises(TrustError) as caught:
        verify_chain(der, authorities, FRESH, AT)
    return caught.value


def test_a_chain_that_holds() -> None:
    result = verify_chain(certificate(), AUTHORITIES, FRESH, AT)
    assert codes(result) == ["chain.holds"]
    assert result.public_key == SIGNER_KEY.public_key()
    signer = result.signer
    assert (signer.ring, signer.country, signer.source) == ("icao", "UT", "test")
    assert signer.path == ("QA barcode signer (UT)", "QA CSCA (UT)")
    assert signer.claims == {Claim.VACCINATION, Claim.TEST}
    assert (signer.not_before, signer.not_after) == (FROM, UNTIL)


def test_no_authority() -> None:
    assert refused(certificate(), []).code.value == "chain.authority-unknown"
    error = refused(certificate(issuer_key=OTHER_KEY))
    assert (error.code.value, error.alert) == ("chain.authority-unknown", False)


def test_a_signer_that_names_an_authority_which_did_not_issue_it() -> None:
    error = refused(certificate(issuer_key=OTHER_KEY, named_key_id=CSCA_KEY))
    assert (error.code.value, error.alert) == ("chain.not-issued-by-authority", True)


def test_without_key_identifier_the_authority_is_found_by_name() -> None:
    result = verify_chain(certificate(key_id=False), AUTHORITIES, FRESH, AT)
    assert codes(result) == ["chain.holds", "chain.no-authority-key-id"]
    assert refused(certificate(key_id=False, issuer="Another")).code.value == "chain.authority-unknown"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"usages": None}, "chain.not-a-barcode-signer"),
        ({"usages": ["1.3.6.1.5.5.7.3.2"]}, "chain.not-a-barcode-signer"),
        ({"digital_signature": False}, "chain.not-a-barcode-signer"),
        ({"types": ["P", "ID"]}, "chain.document-type"),
        ({"types": None}, "chain.document-type"),
        ({"country": "FR"}, "chain.country-differs"),
        ({"country": None}, "chain.country-differs"),
        ({"key": rsa.generate_private_key(65537, 2048)}, "chain.key-unsupported"),
    ],
)
def test_profile_and_country(changes: dict[str, Any], code: str) -> None:
    error = refused(certificate(**changes))
    assert (error.code.value, error.alert) == (code, True)


@pytest.mark.parametrize("changes", [{"types": ["NV", "ND"]}, {"digital_signature": True}, {"country": "ut"}])
def test_what_the_profile_allows(changes: dict[str, Any]) -> None:
    assert "chain.holds" in codes(verify_chain(certificate(**changes), AUTHORITIES, FRESH, AT))


def test_an_authority_is_no_signer() -> None:
    assert refused(csca()).code.value == "chain.not-a-barcode-signer"


def test_of_several_certificates_with_one_key_one_in_date_is_enough() -> None:
    old = csca(end=datetime(2021, 6, 1, tzinfo=UTC), serial=1)
    result = verify_chain(certificate(), held(old, csca()), FRESH, AT)
    assert codes(result) == ["chain.holds"]


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (UNTIL + timedelta(seconds=1), "chain.authority-expired"),
        (FROM - timedelta(seconds=1), "chain.authority-not-yet-valid"),
    ],
)
def test_the_authority_must_be_in_date(at: datetime, code: str) -> None:
    result = verify_chain(certificate(), AUTHORITIES, FRESH, at)
    assert code in codes(result, Outcome.OPEN)
    assert code not in codes(verify_chain(certificate(), AUTHORITIES, FRESH, UNTIL))


# --- revocation -------------------------------------------------------------------------------------------------------


def test_a_revoked_signer() -> None:
    result = verify_chain(certificate(), AUTHORITIES, [crl(7)], AT)
    (finding,) = [found for found in result.findings if found.code.value == "trust.revoked"]
    assert (finding.outcome, finding.alert, finding.facts) == (
        Outcome.UNMET,
        True,
        {"since": "2021-06-01T00:00:00+00:00"},
    )


@pytest.mark.parametrize(
    ("lists", "code"),
    [
        ([], "trust.revocation-unchecked"),
        ([crl(7, key=OTHER_KEY)], "trust.revocation-unchecked"),  # not made by the authority: as good as none
        ([crl(7, issuer="Another")], "trust.revocation-unchecked"),
        ([RevocationList("icao", crl=b"\x30\x00")], "trust.revocation-unchecked"),
        ([crl(8, end=datetime(2022, 1, 1, tzinfo=UTC))], "trust.revocation-stale"),
    ],
)
def test_a_list_that_is_missing_or_old_leaves_it_open(lists: list[RevocationList], code: str) -> None:
    result = verify_chain(certificate(), AUTHORITIES, lists, AT)
    assert codes(result, Outcome.OPEN, Outcome.UNMET) == [code]


def test_a_signer_revoked_later_was_good_before() -> None:
    late = [crl(7, since=datetime(2022, 2, 1, tzinfo=UTC))]
    assert codes(verify_chain(certificate(), AUTHORITIES, late, AT)) == ["chain.holds"]
    later = datetime(2022, 2, 2, tzinfo=UTC)
    assert "trust.revoked" in codes(verify_chain(certificate(), AUTHORITIES, late, later))


def test_an_old_list_still_revokes() -> None:
    both = [crl(7, end=datetime(2021, 12, 15, tzinfo=UTC)), crl(start=datetime(2022, 1, 1, tzinfo=UTC))]
    assert "trust.revoked" in codes(verify_chain(certificate(), AUTHORITIES, both, AT))


# --- certificates as they really are ----------------------------------------------------------------------------------


def test_ecdsa_with_a_null_parameter() -> None:
    """Japan and the ICAO specimen write it, and strict parsers refuse it."""
    loaded = asn1.Certificate.load(certificate())
    tbs = loaded["tbs_certificate"]
    # SEQUENCE {OID ecdsa-with-SHA256} of 10 bytes becomes one of 12 with NULL
    plain, with_null = bytes.fromhex("300a06082a8648ce3d040302"), bytes.fromhex("300c06082a8648ce3d0403020500")
    body = tbs.dump().replace(plain, with_null)
    size = int.from_bytes(body[2:4], "big") + 2
    body = body[:2] + size.to_bytes(2, "big") + body[4:]
    signature = sign(CSCA_KEY, body)
    bits = b"\x03" + bytes((len(signature) + 1, 0)) + signature
    whole = body + with_null + bits
    der = b"\x30\x82" + len(whole).to_bytes(2, "big") + whole
    assert codes(verify_chain(der, AUTHORITIES, FRESH, AT)) == ["chain.holds"]


def test_an_authority_with_rsa() -> None:
    key = rsa.generate_private_key(65537, 2048)
    der = certificate(issuer_key=key)
    assert "chain.holds" in codes(verify_chain(der, held(csca(key=key)), [], AT))


@pytest.mark.parametrize("digest", [hashes.SHA224(), hashes.SHA384(), hashes.SHA512()])
def test_digests(digest: hashes.HashAlgorithm) -> None:
    assert "chain.holds" in codes(verify_chain(certificate(digest=digest), AUTHORITIES, [], AT))


def _specified(key: ec.EllipticCurvePublicKey, **changes: bytes) -> bytes:
    """A P-256 key with its curve written out in full."""
    prime = 2**256 - 2**224 + 2**192 + 2**96 - 1
    b = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    generator = ec_key(1).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    parameters = asn1_keys.SpecifiedECDomain(
        {
            "version": "ecdpVer1",
            "field_id": {"field_type": "prime_field", "parameters": prime},
            "curve": {
                "a": changes.get("a", (prime - 3).to_bytes(32, "big")),
                "b": changes.get("b", b.to_bytes(32, "big")),
            },
            "base": changes.get("base", generator),
            "order": order,
            "cofactor": 1,
        }
    )
    return bytes(parameters.dump())


def _load(parameters: bytes) -> Any:
    return asn1_keys.SpecifiedECDomain.load(parameters)


POINT = SIGNER_KEY.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def test_a_curve_written_out_in_full() -> None:
    assert named_curve_key(_load(_specified(SIGNER_KEY.public_key())), POINT) == SIGNER_KEY.public_key()


@pytest.mark.parametrize("change", [{"base": POINT}, {"a": b"\x01"}, {"b": b"\x07" * 32}])
def test_a_curve_with_another_generator_or_coefficient_is_refused(change: dict[str, bytes]) -> None:
    """With a generator of one's own a signature can be forged (CVE-2020-0601)."""
    with pytest.raises(ValueError):
        named_curve_key(_load(_specified(SIGNER_KEY.public_key(), **change)), POINT)


def test_the_table_of_primes() -> None:
    for prime, curve in PRIMES.items():
        points = [ec.derive_private_key(n, curve()).public_key().public_numbers() for n in (1, 2, 3)]
        first, second = ((p.y * p.y - p.x**3) % prime for p in points[:2])
        a = (first - second) * pow(points[0].x - points[1].x, -1, prime) % prime
        b = (first - a * points[0].x) % prime
        assert (points[2].y ** 2 - points[2].x ** 3 - a * points[2].x - b) % prime == 0, curve.name


@pytest.mark.parametrize("der", [b"", b"\x30\x00", certificate()[:-1], certificate() + b"x", b"\x30" * 20_000])
def test_what_is_no_certificate(der: bytes) -> None:
    assert refused(der).code.value == "chain.certificate-broken"


def test_inner_and_outer_algorithm_must_agree() -> None:
    der = certificate()
    oid = bytes.fromhex("06082a8648ce3d040302")
    at = der.rindex(oid) + len(oid) - 1
    assert refused(der[:at] + b"\x03" + der[at + 1 :]).code.value == "chain.certificate-broken"


DER = certificate()


@given(st.integers(0, len(DER) - 1), st.integers(1, 255))
@settings(max_examples=120, deadline=None)
def test_any_flipped_byte_gives_a_coded_error(at: int, bits: int) -> None:
    flipped = DER[:at] + bytes((DER[at] ^ bits,)) + DER[at + 1 :]
    with pytest.raises(TrustError):
        verify_chain(flipped, AUTHORITIES, FRESH, AT)


@given(st.binary(max_size=300))
@settings(max_examples=80, deadline=None)
def test_any_bytes_give_a_certificate_or_a_coded_error(data: bytes) -> None:
    try:
        public_key(parse(data))
    except TrustError as error:
        assert error.code
