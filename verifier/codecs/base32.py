"""base32 (RFC 4648 section 6), upper case, with or without padding."""

from __future__ import annotations

from verifier.errors import EnvelopeError
from verifier.findings import Code

ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_DIGITS = bytes.maketrans(ALPHABET, b"0123456789abcdefghijklmnopqrstuv")
_LENGTHS = frozenset({0, 2, 4, 5, 7})  # characters that may stand in the last group


class Base32Code(Code):
    """What is wrong with a base32 text."""

    EMPTY = "base32.empty"
    ALPHABET = "base32.alphabet"
    LENGTH = "base32.length"


def decode(text: bytes) -> bytes:
    """Decode base32; unused bits of the last character are dropped.

    Python reads numbers in base 32 in linear time, which is many times faster than its own base32 decoder.

    Raises:
        EnvelopeError: EMPTY, ALPHABET (lower case too), LENGTH where the last group cannot come from whole bytes.
    """
    bare = text.rstrip(b"=")
    if not bare:
        raise EnvelopeError(Base32Code.EMPTY)
    if bare.translate(None, ALPHABET):
        at = next(index for index, char in enumerate(bare) if char not in ALPHABET)
        raise EnvelopeError(Base32Code.ALPHABET, facts={"at": at})
    if len(bare) % 8 not in _LENGTHS:
        raise EnvelopeError(Base32Code.LENGTH, facts={"length": len(bare)})
    size, spare = divmod(len(bare) * 5, 8)
    return (int(bare.translate(_DIGITS), 32) >> spare).to_bytes(size, "big")
