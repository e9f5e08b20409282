"""The numeric form of a JWS in a QR code: two digits for each character, its code less 45."""

from __future__ import annotations

from verifier.errors import EnvelopeError
from verifier.findings import Code

OFFSET = 45
LARGEST = 77  # 'z', the highest character of a compact JWS
_DIGITS = b"0123456789"
# the tens and the ones are added as two long integers: no byte can overflow, since 9 * 10 + 9 + 45 is below 256
_TENS = bytes((char - 48) * 10 if 48 <= char <= 57 else 0 for char in range(256))
_ONES = bytes(char - 48 + OFFSET if 48 <= char <= 57 else 0 for char in range(256))
_TOO_LARGE = bytes(range(LARGEST + OFFSET + 1, 256))


class NumericCode(Code):
    """What is wrong with a numeric text."""

    EMPTY = "numeric.empty"
    NOT_DIGITS = "numeric.not-digits"
    ODD_LENGTH = "numeric.odd-length"
    OUT_OF_RANGE = "numeric.out-of-range"


def decode(digits: bytes) -> bytes:
    """Turn pairs of digits into characters.

    Raises:
        EnvelopeError: EMPTY, NOT_DIGITS, ODD_LENGTH, OUT_OF_RANGE for a pair above 77.

    Source: SMART Health Cards framework 1.4, "Encoding QRs".
    """
    if not digits:
        raise EnvelopeError(NumericCode.EMPTY)
    if digits.translate(None, _DIGITS):
        at = next(index for index, char in enumerate(digits) if char not in _DIGITS)
        raise EnvelopeError(NumericCode.NOT_DIGITS, facts={"at": at})
    if len(digits) % 2:
        raise EnvelopeError(NumericCode.ODD_LENGTH, facts={"length": len(digits)})
    tens = int.from_bytes(digits[0::2].translate(_TENS), "big")
    ones = int.from_bytes(digits[1::2].translate(_ONES), "big")
    text = (tens + ones).to_bytes(len(digits) // 2, "big")
    if len(text.translate(None, _TOO_LARGE)) != len(text):
        at = next(index for index, char in enumerate(text) if char in _TOO_LARGE)
        raise EnvelopeError(NumericCode.OUT_OF_RANGE, facts={"at": 2 * at})
    return text
