"""base45 (RFC 9285): three characters carry two bytes, two characters one."""

from __future__ import annotations

from functools import lru_cache

from verifier.codecs import CodecCode
from verifier.errors import EnvelopeError

ALPHABET = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_NONE = b"\xff"
_VALUES = bytes(ALPHABET.find(bytes((char,))) & 0xFF for char in range(256))  # 0xFF for all others


def decode(text: bytes) -> bytes:
    """Decode base45 text; the blank is a character like any other, nothing is stripped.

    Raises:
        EnvelopeError: BASE45_ALPHABET for a character outside the 45 (also lower case), BASE45_LENGTH where length % 3
            is 1, BASE45_RANGE for a triple above 65535 or a final pair above 255.

    Source: RFC 9285 sections 4 and 6.
    """
    digits = text.translate(_VALUES)
    if _NONE in digits:
        raise EnvelopeError(CodecCode.BASE45_ALPHABET, facts={"at": digits.index(_NONE)})
    whole, rest = divmod(len(text), 3)
    if rest == 1:
        raise EnvelopeError(CodecCode.BASE45_LENGTH, facts={"length": len(text)})
    end = 3 * whole
    # all triples at once: each is a lane of three bytes in one big integer, so that the sums run in C, not in a loop
    lowest, highest = _masks(whole)
    number = int.from_bytes(digits[:end], "big")
    total = (number >> 16 & lowest) + 45 * (number >> 8 & lowest) + 2025 * (number & lowest)
    if total & highest:
        at = next(index for index, high in enumerate(total.to_bytes(end, "big")[::3]) if high)
        raise EnvelopeError(CodecCode.BASE45_RANGE, facts={"at": 3 * at})
    decoded = bytearray(total.to_bytes(end, "big"))
    del decoded[::3]
    if rest:
        last = digits[end] + 45 * digits[end + 1]
        if last > 0xFF:
            raise EnvelopeError(CodecCode.BASE45_RANGE, facts={"at": end})
        decoded.append(last)
    return bytes(decoded)


@lru_cache(maxsize=256)
def _masks(lanes: int) -> tuple[int, int]:
    """The lowest and the highest byte of every lane; kept, because texts have few lengths."""
    lowest = int.from_bytes(b"\0\0\xff" * lanes, "big")
    return lowest, lowest << 16
