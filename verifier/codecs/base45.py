"""base45 (RFC 9285): three characters carry two bytes, two characters one."""

from __future__ import annotations

from verifier.codecs import CodecCode
from verifier.errors import EnvelopeError

ALPHABET = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = bytes(ALPHABET.find(bytes((char,))) & 0xFF for char in range(256))

_number = int.from_bytes


def decode(text: bytes) -> bytes:
    """Decode base45 text; the blank is a character like any other, nothing is stripped.

    Raises:
        EnvelopeError: BASE45_ALPHABET for a character outside the 45 (also lower case), BASE45_LENGTH where length % 3
            is 1, BASE45_RANGE for a triple above 65535 or a final pair above 255.

    Source: RFC 9285 sections 4 and 6.
    """
    if text.translate(None, ALPHABET):
        at = next(index for index, char in enumerate(text) if char not in ALPHABET)
        raise EnvelopeError(CodecCode.BASE45_ALPHABET, facts={"at": at})
    whole, rest = divmod(len(text), 3)
    if rest == 1:
        raise EnvelopeError(CodecCode.BASE45_LENGTH, facts={"length": len(text)})
    digits = text.translate(_VALUES)
    end = 3 * whole
    # every triple gets a lane of four bytes in one big integer each, so that the sums run in C, not in a loop
    ones, tens, hundreds = bytearray(4 * whole), bytearray(4 * whole), bytearray(4 * whole)
    ones[3::4], tens[3::4], hundreds[3::4] = digits[0:end:3], digits[1:end:3], digits[2:end:3]
    total = _number(ones, "big") + 45 * _number(tens, "big") + 2025 * _number(hundreds, "big")
    lanes = total.to_bytes(4 * whole, "big")
    if any(lanes[1::4]):
        at = next(index for index, high in enumerate(lanes[1::4]) if high)
        raise EnvelopeError(CodecCode.BASE45_RANGE, facts={"at": 3 * at})
    pairs = bytearray(2 * whole)
    pairs[0::2] = lanes[2::4]
    pairs[1::2] = lanes[3::4]
    decoded = bytes(pairs)
    if rest:
        last = digits[end] + 45 * digits[end + 1]
        if last > 0xFF:
            raise EnvelopeError(CodecCode.BASE45_RANGE, facts={"at": end})
        decoded += bytes((last,))
    return decoded
