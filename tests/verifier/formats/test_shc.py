"""SMART Health Cards: carriers, damage, trust, and what counts in a bundle."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verifier.formats.writers_a import (
    AT,
    ISSUER,
    KID,
    NBF,
    OTHER_ISSUER,
    P256,
    P384,
    PATIENT,
    SOURCE,
    STRANGER,
    b64url,
    card,
    chunks,
    claims,
    codes,
    deflate,
    der,
    dose,
    jwk,
    jwks,
    qr,
    raw,
    read,
    shc_store,
)  # fmt: skip
from verifier.errors import EnvelopeError
from verifier.formats import shc
from verifier.reading import Document
from verifier.trust.keys import KeyList
from verifier.trust.lists.jwks import read_jwks
from verifier.trust.shc_revocation import read_crl


def one(*scans: bytes, at: datetime = AT, **store: Any) -> Document:
    (document,) = read(*scans, store=shc_store(**store), at=at)
    return document


def error(*scans: bytes) -> EnvelopeError:
    with pytest.raises(EnvelopeError) as caught:
        shc.unwrap(scans)
    return caught.value


# --- carriers ---------------------------------------------------------------------------------------------------------

JWS = card()
FILE = json.dumps({"verifiableCredential": [JWS]}).encode()
PARAMETERS = json.dumps(
    {"resourceType": "Parameters", "parameter": [{"name": "verifiableCredential", "valueString": JWS}]}
).encode()


@pytest.mark.parametrize(
    "scans",
    [
        (qr(JWS),),
        (qr(JWS).replace(b"shc:", b"SHC:"),),
        tuple(chunks(JWS, 3)),
        tuple(reversed(chunks(JWS, 3))),
        (chunks(JWS, 3)[1], *chunks(JWS, 3)),
        tuple(chunks(JWS, 1)),
        (JWS.encode(),),
        (FILE,),
        (json.dumps(json.loads(FILE), indent=2).encode(),),
        (PARAMETERS,),
        (b"https://app.example/x#" + quote(FILE.decode()).encode(),),
    ],
)
def test_every_carrier_gives_the_same_card(scans: tuple[bytes, ...]) -> None:
    assert all(shc.recognise(scan) for scan in scans)
    document = one(*scans)
    assert document.signature.value == "valid"
    assert document.evidence.value == "usable"
    assert document.record is not None
    assert document.record.holder.surname == "Example"


def test_blanks_and_a_byte_order_mark_around_a_card_are_noted() -> None:
    (envelope,) = shc.unwrap([b" \t" + qr(JWS) + b"\r\n"])
    assert [finding.code.value for finding in envelope.findings] == ["shc.surrounded"]
    assert shc.recognise(b"\xef\xbb\xbf" + FILE)
    assert len(shc.unwrap([b"\xef\xbb\xbf" + FILE])) == 1


@pytest.mark.parametrize(
    ("scans", "code", "facts"),
    [
        ((b"shc:/",), "numeric.empty", {}),
        ((b"shc://" + qr(JWS)[5:],), "shc.qr-header", {}),
        ((b"shc:/1/" + qr(JWS)[5:],), "shc.qr-header", {}),
        ((b"shc:/3/2/5629",), "shc.chunk-index", {"index": 3, "total": 2}),
        ((b"shc:/0/2/5629",), "shc.chunk-index", {"index": 0, "total": 2}),
        ((b"shc:/1/9999/5629",), "shc.chunk-index", {"index": 1, "total": 9999}),
        ((b"shc:/1/2/562",), "numeric.odd-length", {"length": 3}),
        (tuple(chunks(JWS, 3)[:2]), "shc.chunk-missing", {"missing": [3], "total": 3}),
        ((*chunks(JWS, 2), b"shc:/1/2/5629"), "shc.chunk-conflict", {"index": 1, "total": 2}),
        ((chunks(JWS, 2)[0], chunks(JWS, 3)[0]), "shc.chunk-mixed", {"totals": [2, 3]}),
        ((b"shc:/" + b"56" * 9000,), "shc.too-large", {"length": 18005, "limit": 16384}),
        ((b'{"verifiableCredential":[]}',), "shc.no-card", {}),
        ((b'{"verifiableCredential":[1]}',), "shc.file", {}),
        ((b'{"verifiableCredential":{}}',), "shc.file", {}),
        ((b'{"a":"verifiableCredential"}',), "shc.file", {}),
        ((b'{"verifiableCredential":["a"],"verifiableCredential":[]}',), "json.duplicate-key", {}),
        ((b"https://app.example/x#%7B%22verifiableCredential%22",), "json.broken", None),
    ],
)  # fmt: skip
def test_damaged_carriers_have_their_code(scans: tuple[bytes, ...], code: str, facts: dict[str, Any] | None) -> None:
    raised = error(*scans)
    assert raised.code.value == code
    assert facts is None or dict(raised.facts) == facts


def test_a_broken_card_does_not_hide_the_others() -> None:
    second = card(claims({**PATIENT, "birthDate": "1960"}, dose()))
    documents = read(qr(JWS), b"shc:/567", qr(second), store=shc_store())
    assert [document.signature.value for document in documents] == ["valid", "valid"]
    assert all("shc.card-left-out" in codes(document) for document in documents)
    file = json.dumps({"verifiableCredential": [JWS, "x.y.z", second]}).encode()
    assert len(shc.unwrap([file])) == 2


def test_too_many_cards_in_one_file_are_refused() -> None:
    assert error(json.dumps({"verifiableCredential": ["e"] * 51}).encode()).code.value == "shc.too-many-cards"


# --- envelope ---------------------------------------------------------------------------------------------------------

DEEP = b'{"iss":' + b"[" * 5000 + b"]" * 5000 + b"}"


@pytest.mark.parametrize(
    ("jws", "code"),
    [
        (card(header={"alg": "none"}, sign=lambda _: b""), "shc.algorithm"),
        (card(header={"alg": None}), "shc.algorithm"),
        (card(header={"alg": "HS256"}), "shc.algorithm"),
        (card(header={"alg": "ES384"}), "shc.algorithm"),
        (card(header={"alg": ["ES256"]}), "shc.algorithm"),
        (card(header={"zip": None}), "shc.zip"),
        (card(header={"zip": "GZIP"}), "shc.zip"),
        (card(header={"kid": None}), "shc.kid-missing"),
        (card(header={"kid": 7}), "shc.kid-missing"),
        (card(packed=deflate(b"{}", wbits=15)), "codec.zlib-broken"),
        (card(packed=deflate(b"{}", wbits=31)), "codec.zlib-broken"),
        (card(packed=deflate(b'{"iss":"abcdefgh"}')[:-3]), "codec.zlib-truncated"),
        (card(packed=deflate(b"{}") + b"123456789"), "codec.zlib-trailing"),
        (card(packed=deflate(b" " * 300_000)), "codec.inflate-too-large"),
        (card(packed=deflate(b"[" * 200_000)), "json.too-deep"),
        (card(body=DEEP), "json.too-deep"),
        (card(body=b'{"iss":1,"iss":2}'), "json.duplicate-key"),
        (card(body=b"\xef\xbb\xbf{}"), "json.broken"),
        (card(body=b'{"nbf":NaN}'), "json.broken"),
        (card(body=b'{"a":"\xff"}'), "json.not-utf8"),
        (card(body=b'{"a":"\\ud800"}'), "shc.payload"),
        (card(body=b"[]"), "shc.payload"),
        (card(body=json.dumps(json.dumps(claims())).encode()), "shc.payload"),
        (card(claims(iss=None)), "shc.claim"),
        (card(claims(iss=["https://shc.example"])), "shc.claim"),
        (card(claims(nbf=None)), "shc.claim"),
        (card(claims(nbf="1640995200")), "shc.claim"),
        (card(claims(nbf=True)), "shc.claim"),
        (card(claims(exp="soon")), "shc.claim"),
        (card(claims(iss="http://shc.example/issuer")), "shc.issuer-url"),
        (card(claims(iss="https://shc.example/issuer/")), "shc.issuer-url"),
        (card(claims(iss="https://")), "shc.issuer-url"),
        (card(claims(iss="did:web:shc.example")), "shc.issuer-url"),
        ("eyJhbGciOiJFUzI1NiJ9.AAAA", "jws.parts"),
    ],
)  # fmt: skip
def test_damaged_envelopes_have_their_code(jws: str, code: str) -> None:
    assert error(jws.encode()).code.value == code


def test_the_trailer_of_gzip_after_the_stream_is_noted() -> None:
    content = json.dumps(claims()).encode()
    (envelope,) = shc.unwrap([card(packed=deflate(content) + b"12345678").encode()])
    assert [finding.code.value for finding in envelope.findings] == ["shc.trailing-bytes"]


def test_a_bomb_is_refused_within_bounded_memory() -> None:
    import tracemalloc

    text = card(packed=deflate(b" " * 20_000_000)).encode()
    tracemalloc.start()
    assert error(text).code.value == "codec.inflate-too-large"
    assert tracemalloc.get_traced_memory()[1] < 8_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("content", "at", "code"),
    [
        (claims(nbf=AT.timestamp()), AT, None),
        (claims(nbf=AT.timestamp() + 0.001), AT, "dates.not-yet-valid"),
        (claims(nbf=NBF * 1000), AT, "dates.not-yet-valid"),
        (claims(nbf=10**400), AT, "dates.not-yet-valid"),
        (claims(exp=AT.timestamp() + 1), AT, None),
        (claims(exp=AT.timestamp()), AT, "dates.expired"),
        (claims(exp=NBF - 1), AT, "dates.expired"),
        (claims(exp=AT.timestamp() * 1000), AT, None),
        (claims(exp=-1), AT, "dates.expired"),
    ],
)
def test_dates_hold_from_nbf_and_end_before_exp(content: Any, at: datetime, code: str | None) -> None:
    document = one(qr(card(content)), at=at)
    found = {value for value in codes(document) if value.startswith("dates.")}
    assert found == ({code} if code else set())
    assert document.signature.value == "valid"


def test_times_in_milliseconds_are_noted() -> None:
    assert "shc.nbf-milliseconds" in codes(one(qr(card(claims(nbf=NBF * 1000)))))
    assert "shc.exp-milliseconds" in codes(one(qr(card(claims(exp=NBF * 1000)))))


# --- trust ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sign", "code"),
    [
        (raw(STRANGER), "trust.signature-invalid"),
        (lambda message: der(P256, message), "trust.signature-size"),
        (lambda _: bytes(64), "trust.signature-invalid"),
        (lambda message: raw(P256)(message) + b"\0", "trust.signature-size"),
    ],
)
def test_signatures_that_do_not_hold_are_invalid(sign: Any, code: str) -> None:
    document = one(qr(card(sign=sign)))
    assert (document.signature.value, document.evidence.value) == ("invalid", "open")
    assert code in codes(document)


def test_changed_content_is_invalid() -> None:
    header, _, signature = card().split(".")
    other = b64url(deflate(json.dumps(claims(PATIENT, dose("2021-07-01"))).encode()))
    assert one(f"{header}.{other}.{signature}".encode()).signature.value == "invalid"


def test_a_key_counts_under_its_own_issuer_only() -> None:
    stranger = KID
    other = read_jwks(jwks(jwk(STRANGER)), issuer=OTHER_ISSUER, name=None, source=SOURCE)
    store = shc_store(other)
    forged = card(claims(iss=OTHER_ISSUER), header={"kid": stranger})
    (document,) = read(forged.encode(), store=store)
    assert "trust.key-unknown" in codes(document)
    (document,) = read(card(claims(iss="https://nobody.example")).encode(), store=store)
    assert "trust.issuer-unknown" in codes(document)
    assert document.signature.value == "unknown-signer"


def test_a_key_set_that_cannot_be_read_leaves_the_issuer_known() -> None:
    document = one(qr(JWS), keys=b"This is no key set")
    assert document.signature.value == "unknown-signer"
    assert "trust.issuer-unknown" not in codes(document)


def test_a_p384_key_never_verifies() -> None:
    wide = {**jwk(), "crv": "P-384", "x": b64url(bytes(48)), "y": b64url(bytes(48))}
    assert P384.key_size == 384
    assert one(qr(JWS), keys=jwks(wide)).signature.value == "unknown-signer"


@pytest.mark.parametrize(
    ("entry", "nbf", "revoked"),
    [
        ("card1", NBF, True),
        ("card2", NBF, False),
        (f"card1.{NBF + 1}", NBF + 0.657, True),
        (f"card1.{NBF}", NBF, False),
        (f"card1.{NBF}", NBF + 0.5, False),
    ],
)
def test_revocation_compares_fractions_of_a_second(entry: str, nbf: float, revoked: bool) -> None:
    crl, _ = read_crl(
        json.dumps({"kid": KID, "method": "rid", "ctr": 1, "rids": [entry]}).encode(), issuer=ISSUER, source=SOURCE
    )
    assert crl is not None
    held = KeyList("shc", SOURCE, revocations=(crl,))
    store = shc_store(held, keys=jwks(jwk(crlVersion=1)))
    (document,) = read(qr(card(claims(nbf=nbf, vc={"rid": "card1"}))), store=store)
    assert ("trust.revoked" in codes(document)) is revoked
    assert (document.evidence.value == "none") is revoked


def test_a_list_with_broken_entries_never_stands_for_not_revoked() -> None:
    broken = json.dumps({"kid": KID, "method": "rid", "ctr": 1, "rids": ["card2", "$wrong!"]}).encode()
    crl, notes = read_crl(broken, issuer=ISSUER, source=SOURCE)
    assert [note.code.value for note in notes] == ["jwks.crl-entry"]
    assert crl is not None
    store = shc_store(KeyList("shc", SOURCE, revocations=(crl,)), keys=jwks(jwk(crlVersion=1)))
    (listed,) = read(qr(card(claims(vc={"rid": "card2"}))), store=store)
    (other,) = read(qr(card(claims(vc={"rid": "card1"}))), store=store)
    assert "trust.revoked" in codes(listed)
    assert codes(other) & {"trust.revocation-unchecked", "trust.revocation-stale"}
    assert other.evidence.value == "open"


# --- anything ---


@given(
    st.binary(max_size=300) | st.text(max_size=100).map(str.encode),
    st.sampled_from([b"", b"shc:/", b"shc:/1/2/", b"ey", b"{", b"http://#"]),
)
@settings(max_examples=80, deadline=None)
def test_any_bytes_give_a_card_or_a_coded_error(data: bytes, start: bytes) -> None:
    scan = start + data
    shc.recognise(scan)
    with pytest.raises(EnvelopeError):
        shc.unwrap([scan])


@given(st.integers(0, 400), st.integers(0, 255))
@settings(max_examples=60, deadline=None)
def test_no_changed_character_passes_for_signed(at: int, byte: int) -> None:
    text = bytearray(JWS.encode())
    if text[at] == byte:
        return
    text[at] = byte
    for document in read(bytes(text), store=shc_store()):
        assert document.signature.value != "valid"
