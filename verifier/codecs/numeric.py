"""The numeric form of a JWS in a QR code: two digits for each character, its code less 45."""

from __future__ import annotations

from verifier.errors import EnvelopeError
from verifier.findings import Code

OFFSET = 45
LARGEST = 77  # 'z', the highest character of a compact JWS
# two decimal digits read as hexadecimal index this table; 0 marks what is no character of a JWS
_CHARACTERS = bytes(
    10 * (pair >> 4) + (pair & 15) + OFFSET
    if pair >> 4 < 10 and pair & 15 < 10 and 10 * (pair >> 4) + (pair & 15) <= LARGEST
    else 0
    for pair in range(256)
)


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
    if not digits.isdigit():
        at = next(index for index, char in enumerate(digits) if not 48 <= char <= 57)
        raise EnvelopeError(NumericCode.NOT_DIGITS, facts={"at": at})
    if len(digits) % 2:
        raise EnvelopeError(NumericCode.ODD_LENGTH, facts={"length": len(digits)})
    text = bytes.fromhex(digits.decode("ascii")).translate(_CHARACTERS)
    if 0 in text:
        raise EnvelopeError(NumericCode.OUT_OF_RANGE, facts={"at": 2 * text.index(0)})
    return text
