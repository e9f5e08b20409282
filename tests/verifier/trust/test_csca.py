"""Lists of authorities: PEM, JSON, the ICAO master list; signers trusted directly; revocation lists."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from asn1crypto import core
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verifier.trust.writers_chain import (
    CSCA_KEY,
    OTHER_KEY,
    SIGNER_KEY,
    certificate,
    crl,
    csca,
    ec_key,
    signed_data,
)
from verifier.errors import TrustError
from verifier.trust.keys import ListSource
from verifier.trust.lists.csca import certificates_of, read_authorities, read_barcode_signers, read_crl
from verifier.trust.lists.from_case_b import key_lists_from_trust
from verifier.trust.x509 import parse

SOURCE = ListSource("test")


def pem(der: bytes, label: str = "CERTIFICATE") -> str:
    return f"-----BEGIN {label}-----\n{base64.encodebytes(der).decode()}-----END {label}-----\n"


def master_list(*ders: bytes) -> bytes:
    """CscaMasterList: SEQUENCE {version, SET OF Certificate}."""

    class Certificates(core.SetOf):  # type: ignore[misc]
        _child_spec = core.Any

    class List(core.Sequence):  # type: ignore[misc]
        _fields = [("version", core.Integer), ("certificates", Certificates)]  # noqa: RUF012

    dumped: bytes = List({"version": 0, "certificates": [core.Any.load(der) for der in ders]}).dump()
    return dumped


ONE, TWO = csca(), csca("QA CSCA Two", "FR", OTHER_KEY)
ROOT_KEY = ec_key(21)
ROOT = csca("QA list authority", "UN", ROOT_KEY)
LIST_SIGNER = certificate(
    "QA list signer",
    "UN",
    key=SIGNER_KEY,
    issuer="QA list authority",
    issuer_country="UN",
    issuer_key=ROOT_KEY,
)
SIGNED = signed_data(master_list(ONE, TWO), LIST_SIGNER, SIGNER_KEY, carried=[ROOT])


@pytest.mark.parametrize(
    "data",
    [
        (pem(ONE) + pem(TWO)).encode(),
        json.dumps({"entries": [{"pem": pem(ONE), "country": "UT"}, {"pem": pem(TWO), "country": "fr"}]}).encode(),
        json.dumps([base64.b64encode(ONE).decode(), pem(TWO)]).encode(),
        SIGNED,
    ],
)
def test_forms_of_a_list(data: bytes) -> None:
    found = read_authorities(data, SOURCE)
    assert {authority.certificate for authority in found.authorities} == {ONE, TWO}
    assert {authority.country for authority in found.authorities} == {"UT", "FR"}
    assert {authority.source for authority in found.authorities} == {"test"}


def test_one_der_file() -> None:
    assert [held.certificate for held in read_authorities(ONE, SOURCE).authorities] == [ONE]


def test_a_broken_entry_is_left_out_and_reported() -> None:
    data = json.dumps({"entries": [{"pem": pem(ONE)}, {"pem": pem(TWO[:200])}, {"pem": 7}, "x"]}).encode()
    found = read_authorities(data, SOURCE)
    assert [held.certificate for held in found.authorities] == [ONE]
    assert [finding.facts["entry"] for finding in found.findings] == [1, 2, 3]
    assert {finding.code.value for finding in found.findings} == {"list.entry-broken"}


@pytest.mark.parametrize("data", [b"{", b'{"entries":7}', b"{}", b"[" * 5000])
def test_what_is_no_list(data: bytes) -> None:
    with pytest.raises(TrustError, match=r"list\.not-readable"):
        read_authorities(data, SOURCE)


# --- the master list --------------------------------------------------------------------------------------------------


def test_a_master_list_under_a_pinned_authority() -> None:
    assert read_authorities(SIGNED, SOURCE, key_pem=pem(ROOT).encode()).findings == ()
    assert len(read_authorities(SIGNED, SOURCE, key_pem=pem(LIST_SIGNER).encode()).authorities) == 2


def test_a_master_list_of_a_stranger() -> None:
    (finding,) = read_authorities(SIGNED, SOURCE).findings
    assert finding.code.value == "chain.list-signer-unknown"
    with pytest.raises(TrustError, match=r"chain\.list-signer-unknown"):
        read_authorities(SIGNED, SOURCE, key_pem=pem(ONE).encode())
    with pytest.raises(TrustError, match=r"chain\.list-signer-unknown"):
        read_authorities(SIGNED, SOURCE, key_pem=b"")  # asked for a pin and gave none that can be read


@pytest.mark.parametrize(
    "data",
    [
        signed_data(master_list(ONE), LIST_SIGNER, OTHER_KEY),
        signed_data(master_list(ONE), LIST_SIGNER, SIGNER_KEY, digest=b"\0" * 32),
        SIGNED.replace(b"QA CSCA Two", b"QA CSCA Twu"),
    ],
)
def test_a_master_list_that_was_changed(data: bytes) -> None:
    with pytest.raises(TrustError, match=r"chain\.list-signature-invalid"):
        read_authorities(data, SOURCE)


def test_another_kind_of_signed_content() -> None:
    other = signed_data(master_list(ONE), LIST_SIGNER, SIGNER_KEY, kind="1.2.840.113549.1.7.1")
    with pytest.raises(TrustError, match=r"list\.not-readable"):
        read_authorities(other, SOURCE)


@given(st.integers(0, len(SIGNED) - 1), st.integers(1, 255))
@settings(max_examples=80, deadline=None)
def test_any_flipped_byte_of_a_pinned_list_adds_no_authority(at: int, bits: int) -> None:
    flipped = SIGNED[:at] + bytes((SIGNED[at] ^ bits,)) + SIGNED[at + 1 :]
    try:
        found = read_authorities(flipped, SOURCE, key_pem=pem(ROOT).encode())
    except TrustError:
        return
    assert {held.certificate for held in found.authorities} <= {ONE, TWO}


# --- signers and revocation lists -------------------------------------------------------------------------------------


def test_a_signer_trusted_directly_needs_no_profile() -> None:
    der = certificate(usages=None, types=None, key_id=False)
    found = read_barcode_signers(pem(der).encode(), SOURCE)
    assert {key.kid for key in found.keys} == {bytes.fromhex(parse(der).sha256), b"UT"}
    assert {key.signer.path for key in found.keys} == {()}
    assert read_barcode_signers(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", SOURCE).keys == ()


def test_revocation_lists() -> None:
    der = crl(7).crl
    assert der is not None
    for data in (der, pem(der, "X509 CRL").encode()):
        (held,) = read_crl(data, SOURCE).revocations
        assert held.crl == der
        assert held.next_update is not None
    for data in (b"", b"\x30\x00", der[:-3], b"-----BEGIN X509 CRL-----\n%%\n-----END X509 CRL-----"):
        with pytest.raises(TrustError, match=r"chain\.crl-broken"):
            read_crl(data, SOURCE)


def test_certificates_for_anchors() -> None:
    assert certificates_of((pem(ONE) + pem(TWO[:80]) + pem(TWO)).encode()) == [ONE, TWO]


# --- trust given with a question --------------------------------------------------------------------------------------


def test_trust_given_with_a_question(tmp_path: Any) -> None:
    der = crl(7).crl
    assert der is not None
    (tmp_path / "one.pem").write_text(pem(ONE))
    (tmp_path / "list.crl").write_bytes(der)
    trust = {
        "csca": ["one.pem", pem(TWO)],
        "crls": ["list.crl", base64.b64encode(der).decode()],
        "barcode_signers": [pem(certificate())],
        "keys": {"did:qa": "not a key", "n": 7},
    }
    lists = key_lists_from_trust(trust, tmp_path)
    assert sum(len(held.authorities) for held in lists) == 2
    assert sum(len(held.revocations) for held in lists) == 2
    assert sum(len(held.keys) for held in lists) == 2
    assert key_lists_from_trust({}, tmp_path) == []
    assert key_lists_from_trust({"csca": [], "keys": []}) == []


def test_keys_by_name_are_told_apart_by_what_they_are() -> None:
    spki = CSCA_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    lists = key_lists_from_trust({"keys": {"did:qa": spki, "AAECAwQFBgc=": pem(certificate())}})
    assert {held.ring for held in lists} == {"divoc", "hcert"}
    found = {key.kid for held in lists for key in held.keys}
    assert {b"did:qa", bytes(range(8))} <= found


@given(st.binary(max_size=200))
@settings(max_examples=80, deadline=None)
def test_any_bytes_give_a_list_or_a_coded_error(data: bytes) -> None:
    for reader in (read_authorities, read_barcode_signers, read_crl):
        try:
            reader(data, SOURCE)
        except TrustError as error:
            assert error.code
