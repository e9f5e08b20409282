"""JSON Web Signatures in compact form (RFC 7515): taken apart, not checked."""

from __future__ import annotations

import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from verifier.codecs import canonical_json
from verifier.errors import EnvelopeError
from verifier.findings import Code

MAX_HEADER = 4096  # characters
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_PADDING = (b"", b"", b"==", b"=")  # by what is left of the last group
_STANDARD = bytes.maketrans(b"-_", b"+/")


class JwsCode(Code):
    """What is wrong with a compact JWS."""

    PARTS = "jws.parts"
    BASE64URL = "jws.base64url"
    HEADER = "jws.header"
    CRITICAL = "jws.critical"


@dataclass(frozen=True, slots=True)
class Jws:
    """The parts of a compact JWS.

    Attributes:
        header: protected header.
        payload, signature: decoded bytes; nothing is inflated.
        signed: `header.payload` as received, which is what the signature covers (RFC 7515 section 5.2).
    """

    header: Mapping[str, Any]
    payload: bytes
    signature: bytes
    signed: bytes


def decode_base64url(text: bytes) -> bytes:
    """base64url without padding (RFC 7515 appendix C).

    Raises:
        EnvelopeError: BASE64URL for any other character, padding too, or an impossible length.
    """
    try:
        if b"+" in text or b"/" in text or b"=" in text:
            raise binascii.Error
        return binascii.a2b_base64(text.translate(_STANDARD) + _PADDING[len(text) % 4], strict_mode=True)
    except binascii.Error:
        at = next((index for index, char in enumerate(text) if char not in _ALPHABET), None)
        raise EnvelopeError(JwsCode.BASE64URL, facts={"at": at, "length": len(text)}) from None


@lru_cache(maxsize=512)
def parse_header(text: bytes) -> Mapping[str, Any]:
    """The header object of a JWS. Issuers repeat theirs on every card, so answers are kept.

    Raises:
        EnvelopeError: BASE64URL; HEADER where it is no JSON object; CRITICAL where it names extensions, which
            must be refused where they are not understood (RFC 7515 section 4.1.11).
    """
    if len(text) > MAX_HEADER:
        raise EnvelopeError(JwsCode.HEADER, facts={"length": len(text)})
    raw = decode_base64url(text)
    try:
        header = canonical_json.parse(raw, depth=4)
    except EnvelopeError as error:
        raise EnvelopeError(JwsCode.HEADER, facts={"reason": error.code.value}) from None
    if not isinstance(header, dict):
        raise EnvelopeError(JwsCode.HEADER, facts={"reason": "not-an-object"})
    if "crit" in header:
        raise EnvelopeError(JwsCode.CRITICAL)
    return MappingProxyType(header)


def parse(text: bytes) -> Jws:
    """Take a compact JWS apart.

    Args:
        text: ASCII, without white space.

    Raises:
        EnvelopeError: PARTS where there are not three, and those of `parse_header` and `decode_base64url`.
    """
    parts = text.split(b".")
    if len(parts) != 3:
        raise EnvelopeError(JwsCode.PARTS, facts={"parts": len(parts)})
    header, payload, signature = parts
    return Jws(
        parse_header(header),
        decode_base64url(payload),
        decode_base64url(signature),
        text[: len(header) + 1 + len(payload)],
    )
