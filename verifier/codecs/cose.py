"""COSE_Sign1 (RFC 9052 section 4.2) without its signature check: structure, headers, and the bytes that were signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cbor2 import CBORTag, frozendict

from verifier.codecs import CodecCode
from verifier.codecs.cbor import decode
from verifier.errors import EnvelopeError
from verifier.quick import quick, remembered

COSE_SIGN1 = 18
CWT = 61
TAGS = (CWT, COSE_SIGN1)
ALG, CRIT, KID = 1, 2, 4

# IANA COSE Algorithms, those that certificates use
ALGORITHMS: Mapping[int, str] = {-7: "ES256", -35: "ES384", -36: "ES512", -37: "PS256", -38: "PS384", -8: "EdDSA"}


@quick
@dataclass(frozen=True, slots=True)
class Sign1:
    """The four members of a COSE_Sign1 and what follows from them.

    Attributes:
        protected, unprotected: header maps.
        payload, signature: bytes as carried.
        signed: the encoded Sig_structure, with the protected bytes exactly as received.
        algorithm: registered name; the number as text where unknown; None where no header states one.
        algorithm_protected: False where alg stands in the unprotected header only.
        indefinite: True where indefinite lengths were tolerated.
    """

    protected: Mapping[Any, Any]
    unprotected: Mapping[Any, Any]
    payload: bytes
    signature: bytes
    signed: bytes
    algorithm: str | None
    algorithm_protected: bool
    indefinite: bool

    def header(self, label: int) -> tuple[Any, bool]:
        """Value of a header parameter and whether it was protected; the protected one wins."""
        if label in self.protected:
            return self.protected[label], True
        return self.unprotected.get(label), False


def _bstr(data: bytes) -> bytes:
    """A definite-length CBOR byte string (major type 2)."""
    size = len(data)
    if size < 24:
        return bytes((0x40 | size,)) + data
    if size < 0x100:
        return bytes((0x58, size)) + data
    if size < 0x10000:
        return b"\x59" + size.to_bytes(2, "big") + data
    return b"\x5a" + size.to_bytes(4, "big") + data


def sig_structure(protected: bytes, payload: bytes) -> bytes:
    """`["Signature1", protected, h'', payload]` in CBOR: what the signature covers (RFC 9052 section 4.4)."""
    return b"\x84\x6aSignature1" + _bstr(protected) + b"\x40" + _bstr(payload)


@remembered(512)
def _protected(data: bytes) -> tuple[Mapping[Any, Any], bool]:
    """The protected header map. Kept: all certificates of one signer carry the same bytes."""
    if not data:
        return {}, False
    header, tolerated = decode(data)
    if not isinstance(header, Mapping):
        raise EnvelopeError(CodecCode.COSE_HEADER)
    if CRIT in header:
        raise EnvelopeError(CodecCode.COSE_CRITICAL)
    return header, tolerated


def _members(data: bytes) -> tuple[bytes, Mapping[int, bytes], bytes, bytes] | None:
    """The four members of a message laid out as nearly all are: tag 18 or none, a short protected header, an
    unprotected one that is empty or holds a kid of eight bytes, and 64 bytes of signature. None for any other: the
    general reader takes it apart, and says what is wrong with it.
    """
    try:
        at = 2 if data[0] == 0xD2 else 1
        size = data[at] - 0x40
        if data[at - 1] != 0x84 or not 0 <= size < 24:
            return None
        start = at + 1
        at = start + size
        protected = data[start:at]
        unprotected: Mapping[int, bytes] = {}
        if data[at] == 0xA0:
            at += 1
        elif data[at : at + 3] == b"\xa1\x04\x48":
            unprotected = {KID: data[at + 3 : at + 11]}
            at += 11
        else:
            return None
        if data[at] == 0x59:
            start, end = at + 3, at + 3 + int.from_bytes(data[at + 1 : at + 3], "big")
        elif data[at] == 0x58:
            start, end = at + 2, at + 2 + data[at + 1]
        else:
            return None
    except IndexError:
        return None
    if len(data) != end + 66 or data[end : end + 2] != b"\x58\x40":
        return None
    return protected, unprotected, data[start:end], data[end + 2 :]


def parse_sign1(data: bytes) -> Sign1:
    """Take a COSE_Sign1 apart: tagged 18, tagged 61 (CWT) around 18, or untagged.

    Raises:
        EnvelopeError: any of `decode`; COSE_STRUCTURE where it is no array of four with the right types; COSE_HEADER
            where the protected bytes hold no map; COSE_CRITICAL where a critical header is not understood.
    """
    value: Any = _members(data)
    indefinite = False
    if value is None:
        value, indefinite = decode(data)
        for tag in TAGS:
            if type(value) is CBORTag and value.tag == tag:
                value = value.value
    if not isinstance(value, (list, tuple)) or len(value) != 4:
        raise EnvelopeError(CodecCode.COSE_STRUCTURE)
    protected_bytes, unprotected, payload, signature = value
    if not (
        isinstance(protected_bytes, bytes)
        and isinstance(unprotected, (dict, frozendict))  # the second under a tag
        and isinstance(payload, bytes)
        and isinstance(signature, bytes)
    ):
        raise EnvelopeError(CodecCode.COSE_STRUCTURE)
    protected, tolerated = _protected(protected_bytes)
    stated = protected[ALG] if ALG in protected else unprotected.get(ALG)
    return Sign1(
        protected,
        unprotected,
        payload,
        signature,
        sig_structure(protected_bytes, payload),
        _algorithm(stated),
        ALG in protected,
        indefinite or tolerated,
    )


def _algorithm(stated: Any) -> str | None:
    if type(stated) is int:
        return ALGORITHMS.get(stated) or str(stated)[:20]
    return None if stated is None else "unregistered"
