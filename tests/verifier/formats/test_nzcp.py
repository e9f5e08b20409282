"""New Zealand COVID Passes: structure, claims, keys; and that a pass proves nothing for travel."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verifier.formats.writers_a import (
    AT,
    DID,
    NBF,
    P256,
    STRANGER,
    codes,
    der,
    did_document,
    jwk,
    nzcp,
    nzcp_store,
    pass_claims,
    raw,
    read,
)  # fmt: skip
from verifier.errors import EnvelopeError
from verifier.formats.nzcp import recognise, unwrap
from verifier.reading import Document

VC: dict[str, Any] = pass_claims()["vc"]


def one(scan: bytes, *, at: datetime = AT, **store: Any) -> Document:
    (document,) = read(scan, store=nzcp_store(**store), at=at)
    return document


def subject(**changes: Any) -> dict[Any, Any]:
    whole = {**VC["credentialSubject"], **changes}
    return pass_claims(vc={**VC, "credentialSubject": {k: v for k, v in whole.items() if v is not None}})


def test_a_good_pass_names_a_person_and_proves_nothing_for_travel() -> None:
    document = one(nzcp())
    assert (document.signature.value, document.evidence.value, document.kid) == ("valid", "open", "key-1")
    assert document.record is not None
    holder = document.record.holder
    assert (holder.given, holder.surname, str(holder.birth_date)) == ("Ana", "Tāne", "1960-04-16")
    assert document.record.payload["jti"] == "urn:uuid:00010203-0405-0607-0809-0a0b0c0d0e0f"
    assert document.issuer == DID
    assert "nzcp.no-doses" in codes(document)
    assert (document.record.vaccinations, document.record.tests) == ((), ())


@pytest.mark.parametrize("kid", [b"key-1", "key-1"])
def test_the_kid_may_be_bytes_or_text(kid: object) -> None:
    assert one(nzcp(protected={4: kid, 1: -7})).signature.value == "valid"


def test_padding_is_noted_and_a_tagged_identifier_taken() -> None:
    assert "nzcp.padded" in codes(one(nzcp() + b"=" * (-(len(nzcp()) - 8) % 8 or 8)))
    tagged = pass_claims(cti=cbor2.CBORTag(64, bytes(16)))
    assert one(nzcp(tagged)).record is not None


@pytest.mark.parametrize(
    ("scan", "code"),
    [
        (nzcp().replace(b"/1/", b"/2/", 1), "nzcp.version"),
        (nzcp().replace(b"/1/", b"/a/", 1), "nzcp.header"),
        (nzcp().replace(b"/1/", b"/", 1), "nzcp.header"),
        (b"NZCP:/1/", "base32.empty"),
        (nzcp()[:8] + nzcp()[8:].lower(), "base32.alphabet"),
        (nzcp()[:200], "codec.cbor-broken"),
        (nzcp()[:201], "base32.length"),
        (nzcp(tag=98), "nzcp.structure"),
        (b"NZCP:/1/" + base64.b32encode(cbor2.dumps([b"", {}, b"", b""])).rstrip(b"="), "nzcp.structure"),
        (nzcp() + b"AAAAAAAA", "codec.cbor-trailing"),
        (nzcp(protected={4: b"key-1", 1: -35}), "nzcp.algorithm"),
        (nzcp(protected={4: b"key-1"}), "nzcp.algorithm"),
        (nzcp(protected={1: -7}), "nzcp.kid-missing"),
        (nzcp(protected={4: 1, 1: -7}), "nzcp.kid-missing"),
        (nzcp(protected={4: b"", 1: -7}), "nzcp.kid-missing"),
        (nzcp([1, 2]), "nzcp.structure"),
        (nzcp(pass_claims(iss=None)), "nzcp.claim"),
        (nzcp(pass_claims(iss=7)), "nzcp.claim"),
        (nzcp(pass_claims(exp=None)), "nzcp.claim"),
        (nzcp(pass_claims(nbf=None)), "nzcp.claim"),
        (nzcp(pass_claims(exp=1.5e9)), "nzcp.claim"),
        (nzcp(pass_claims(exp=True)), "nzcp.claim"),
        (nzcp(pass_claims(exp=10**30)), "nzcp.claim"),
        (nzcp(pass_claims(nbf=-1)), "nzcp.claim"),
        (b"NZCP:/1/" + b"A" * 20_000, "nzcp.too-large"),
    ],
)
def test_damage_has_its_code(scan: bytes, code: str) -> None:
    assert recognise(scan)
    with pytest.raises(EnvelopeError) as caught:
        unwrap([scan])
    assert caught.value.code.value == code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (pass_claims(cti=None), "nzcp.claim"),
        (pass_claims(cti=bytes(8)), "nzcp.claim"),
        (pass_claims(cti="60a4f54d4e304332"), "nzcp.claim"),
        (pass_claims(vc=None), "nzcp.credential"),
        (pass_claims(vc={**VC, "@context": list(reversed(VC["@context"]))}), "nzcp.credential"),
        (pass_claims(vc={**VC, "@context": []}), "nzcp.credential"),
        (pass_claims(vc={**VC, "version": None}), "nzcp.credential"),
        (pass_claims(vc={**VC, "type": ["PublicCovidPass"]}), "nzcp.credential"),
        (pass_claims(vc={**VC, "type": ["VerifiableCredential", "OtherPass"]}), "nzcp.kind"),
        (pass_claims(vc={**VC, "credentialSubject": None}), "nzcp.credential"),
        (subject(givenName=None), "nzcp.credential"),
        (subject(givenName=" "), "nzcp.credential"),
        (subject(familyName=7), "nzcp.credential"),
        (subject(givenName="A" * 201), "nzcp.credential"),
        (subject(dob=None), "nzcp.credential"),
        (subject(dob="1960"), "nzcp.credential"),
    ],
)
def test_signed_content_without_a_required_part_gives_no_record(content: Any, code: str) -> None:
    document = one(nzcp(content))
    assert code in codes(document)
    assert (document.record, document.evidence.value) == (None, "none")


def test_a_single_name_is_enough() -> None:
    document = one(nzcp(subject(familyName=None)))
    assert document.record is not None
    assert (document.record.holder.given, document.record.holder.surname) == ("Ana", None)


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (datetime.fromtimestamp(NBF, UTC), None),
        (datetime.fromtimestamp(NBF - 1, UTC), "dates.not-yet-valid"),
        (datetime.fromtimestamp(NBF + 31536000 - 1, UTC), None),
        (datetime.fromtimestamp(NBF + 31536000, UTC), "dates.expired"),
    ],
)
def test_valid_from_nbf_and_no_longer_at_exp(at: datetime, code: str | None) -> None:
    found = {each for each in codes(one(nzcp(), at=at)) if each.startswith("dates.")}
    assert found == ({code} if code else set())


@pytest.mark.parametrize(
    ("scan", "code"),
    [
        (nzcp(sign=raw(STRANGER)), "trust.signature-invalid"),
        (nzcp(sign=lambda message: raw(P256)(message)[:63]), "trust.signature-size"),
        (nzcp(sign=lambda message: der(P256, message)), "trust.signature-size"),
    ],
)
def test_signatures_that_do_not_hold_are_invalid(scan: bytes, code: str) -> None:
    document = one(scan)
    assert document.signature.value == "invalid"
    assert code in codes(document)


def test_an_empty_signature_never_verifies() -> None:
    assert one(nzcp(signature=b"")).signature.value != "valid"


def test_issuer_first_then_key() -> None:
    assert "trust.issuer-unknown" in codes(one(nzcp(), trusted=("did:web:other.example",)))
    assert "trust.key-unknown" in codes(one(nzcp(), document=did_document(assertionMethod=[])))
    absolute = nzcp(protected={4: f"{DID}#key-1", 1: -7})
    assert "trust.key-unknown" in codes(one(absolute))
    stranger = did_document(
        verificationMethod=[
            {"id": f"{DID}#key-2", "controller": DID, "type": "JsonWebKey2020", "publicKeyJwk": jwk(STRANGER)}
        ],
        assertionMethod=[f"{DID}#key-2"],
    )
    assert "trust.key-unknown" in codes(one(nzcp(), document=stranger))


@given(st.binary(max_size=200))
@settings(max_examples=60, deadline=None)
def test_any_bytes_give_a_coded_error(data: bytes) -> None:
    for scan in (
        data,
        b"NZCP:/1/" + data,
        b"NZCP:/1/" + base64.b32encode(data),
        b"NZCP:/1/" + base64.b32encode(b"\xd2" + data),
    ):
        with pytest.raises(EnvelopeError):
            unwrap([scan])


CBOR = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**64), 2**64 - 1)
    | st.text(max_size=8)
    | st.binary(max_size=8)
    | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4) | st.integers(0, 9), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(CBOR, st.sampled_from(["iss", "nbf", "exp", "cti", "vc"]))
@settings(max_examples=60, deadline=None)
def test_any_claims_give_a_record_or_a_coded_error(value: object, name: str) -> None:
    (document,) = read(nzcp(pass_claims(**{name: value})), store=nzcp_store())
    assert document.findings


@given(CBOR, st.sampled_from(["@context", "version", "type", "credentialSubject"]))
@settings(max_examples=60, deadline=None)
def test_any_credential_gives_a_record_or_a_coded_error(value: object, name: str) -> None:
    document = one(nzcp(pass_claims(vc={**VC, name: value})))
    assert document.signature.value == "valid"


def test_other_layouts_of_the_same_message_are_read_alike() -> None:
    data = base64.b32decode(nzcp()[8:] + b"=" * (-(len(nzcp()) - 8) % 8))
    payload_at = data.index(b"\xa0\x59")
    size = data[payload_at + 2 : payload_at + 4]
    wide = data[: payload_at + 1] + b"\x5a\x00\x00" + size + data[payload_at + 4 :]
    unprotected = data[:payload_at] + b"\xa1\x18\x63\x00" + data[payload_at + 1 :]
    for other in (wide, unprotected):
        assert one(b"NZCP:/1/" + base64.b32encode(other).rstrip(b"=")).signature.value == "valid"
    critical = nzcp(protected={4: b"key-1", 1: -7, 2: [9]})
    with pytest.raises(EnvelopeError) as caught:
        unwrap([critical])
    assert caught.value.code.value == "codec.cose-critical"


@given(st.integers(0, 60), st.integers(0, 255))
@settings(max_examples=60, deadline=None)
def test_no_changed_byte_passes_for_signed(at: int, byte: int) -> None:
    data = bytearray(base64.b32decode(nzcp()[8:] + b"=" * (-(len(nzcp()) - 8) % 8)))
    same = data[at] == byte
    data[at] = byte
    (document,) = read(b"NZCP:/1/" + base64.b32encode(data).rstrip(b"="), store=nzcp_store())
    assert (document.signature.value == "valid") is same
