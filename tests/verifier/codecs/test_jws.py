"""Compact JWS and base32: taken apart exactly, or refused with a code."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verifier.codecs import base32, jws
from verifier.errors import EnvelopeError


def b64url(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


HEADER = b64url(b'{"alg":"ES256","kid":"k"}')


@given(st.binary(max_size=80), st.binary(max_size=80))
@settings(max_examples=40, deadline=None)
def test_parts_come_back_as_they_were(payload: bytes, signature: bytes) -> None:
    text = b".".join((HEADER, b64url(payload), b64url(signature)))
    parts = jws.parse(text)
    assert (parts.payload, parts.signature, dict(parts.header)) == (payload, signature, {"alg": "ES256", "kid": "k"})
    assert parts.signed == text.rpartition(b".")[0]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"", "jws.parts"),
        (HEADER + b".AAAA", "jws.parts"),
        (HEADER + b".AAAA.AAAA.AAAA", "jws.parts"),
        (HEADER + b".AA+A.AAAA", "jws.base64url"),
        (HEADER + b".AA/A.AAAA", "jws.base64url"),
        (HEADER + b".AA==.AAAA", "jws.base64url"),
        (HEADER + b".AAAAA.AAAA", "jws.base64url"),
        (HEADER + b".AA A.AAAA", "jws.base64url"),
        (HEADER + b".AA\n.AAAA", "jws.base64url"),
        (b64url(b"[]") + b".AAAA.AAAA", "jws.header"),
        (b64url(b"{") + b".AAAA.AAAA", "jws.header"),
        (b64url(b'{"alg":"ES256","alg":"none"}') + b".AAAA.AAAA", "jws.header"),
        (b64url(b'{"a":' + b"[" * 40 + b"]" * 40 + b"}") + b".AAAA.AAAA", "jws.header"),
        (b64url(b'{"alg":"ES256","crit":["exp"]}') + b".AAAA.AAAA", "jws.critical"),
        (b"A" * 5000 + b".AAAA.AAAA", "jws.header"),
    ],
)
def test_damage_has_its_code(text: bytes, code: str) -> None:
    with pytest.raises(EnvelopeError) as caught:
        jws.parse(text)
    assert caught.value.code.value == code


def test_a_header_cannot_be_changed_by_whoever_reads_it() -> None:
    header = jws.parse_header(HEADER)
    with pytest.raises(TypeError):
        header["alg"] = "none"  # type: ignore[index]


@given(st.binary(max_size=100))
@settings(max_examples=40, deadline=None)
def test_base32_reads_what_the_standard_library_writes(data: bytes) -> None:
    text = base64.b32encode(data)
    if not data:
        with pytest.raises(EnvelopeError):
            base32.decode(text)
        return
    assert base32.decode(text) == data == base32.decode(text.rstrip(b"="))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"", "base32.empty"),
        (b"====", "base32.empty"),
        (b"mzxw6", "base32.alphabet"),
        (b"MZXW1", "base32.alphabet"),
        (b"MZ=XW6", "base32.alphabet"),
        (b"MZXW6Y", "base32.length"),
        (b"M", "base32.length"),
    ],
)
def test_base32_damage_has_its_code(text: bytes, code: str) -> None:
    with pytest.raises(EnvelopeError) as caught:
        base32.decode(text)
    assert caught.value.code.value == code


@given(st.one_of(st.binary(max_size=200), st.text(max_size=100).map(lambda text: json.dumps(text).encode())))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_answered(data: bytes) -> None:
    for decode in (jws.parse, base32.decode):
        try:
            decode(data)
        except EnvelopeError as error:
            assert error.code.area in ("jws", "base32")
