"""The Dutch domestic pass (`NL2:`): recognised, read, and said to be domestic. Its zero-knowledge proof is not checked.

The code holds initials and a birthday without a year, so it cannot be matched to a passenger, and it states nothing
that an entry rule asks for. A holder has the EU certificate beside it.

Source: minvws/nl-covid19-coronacheck-idemix, wire format 2; KDE/khealthcertificate, NL parser.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from verifier.codecs.base45 import ALPHABET
from verifier.errors import EnvelopeError, RecordError
from verifier.findings import Code, Finding, Outcome
from verifier.health.record import HealthRecord, Holder
from verifier.model import Claim, Envelope, SignedDates, SignedPayload, SignerHint

NAME = "nl2"
RING = "nl2"
PREFIX = b"NL2:"
NOT_CHECKED = "none-checked"  # names no algorithm of the trust store: the proof is never taken for a signature
MAX_TEXT = 4 * 1024
SEQUENCE, INTEGER, OCTETS, PRINTABLE = 0x30, 0x02, 0x04, 0x13
MEMBERS = 7
METADATA_VERSION = b"\x02"
# attributes in the order of disclosure; a later version added the category
ATTRIBUTES = (
    "isSpecimen",
    "isPaperProof",
    "validFrom",
    "validForHours",
    "firstNameInitial",
    "lastNameInitial",
    "birthDay",
    "birthMonth",
    "category",
)
MANDATORY = 8

_DIGITS = {char: value for value, char in enumerate(ALPHABET)}
_BASE = len(ALPHABET)
_CHUNK = 64  # digits that are joined before the long number is touched


class Nl2Code(Code):
    """Findings about a Dutch domestic pass."""

    TOO_LARGE = "nl2.too-large"
    EMPTY = "nl2.empty"
    ALPHABET = "nl2.alphabet"
    STRUCTURE = "nl2.structure"
    METADATA = "nl2.metadata"
    ATTRIBUTES = "nl2.attributes"
    SPECIMEN = "nl2.specimen"
    PROOF_NOT_CHECKED = "nl2.proof-not-checked"
    DOMESTIC_ONLY = "nl2.domestic-only"


_PROOF_NOT_CHECKED = Finding(Nl2Code.PROOF_NOT_CHECKED, Outcome.OPEN)
_DOMESTIC_ONLY = Finding(Nl2Code.DOMESTIC_ONLY, Outcome.OPEN)
_SPECIMEN = Finding(Nl2Code.SPECIMEN, Outcome.UNMET)


def recognise(scan: bytes) -> bool:
    """True for a text that starts with `NL2:`."""
    return scan.startswith(PREFIX)


def unwrap(scans: Sequence[bytes]) -> Sequence[Envelope]:
    """One envelope per text. `content` maps the names of `ATTRIBUTES` to text.

    Raises:
        EnvelopeError: TOO_LARGE, EMPTY, ALPHABET, STRUCTURE, METADATA, ATTRIBUTES.
    """
    return [_unwrap(scan) for scan in scans]


def _unwrap(scan: bytes) -> Envelope:
    if len(scan) > MAX_TEXT:
        raise EnvelopeError(Nl2Code.TOO_LARGE, facts={"length": len(scan), "limit": MAX_TEXT})
    data = _number(scan[len(PREFIX) :])
    proof = list(_elements(_only(data, SEQUENCE)))
    if len(proof) != MEMBERS or [tag for tag, _ in proof] != [INTEGER] * (MEMBERS - 1) + [SEQUENCE]:
        raise EnvelopeError(Nl2Code.STRUCTURE)
    disclosed = []
    for tag, value in _elements(proof[-1][1]):
        if tag != INTEGER:
            raise EnvelopeError(Nl2Code.STRUCTURE)
        disclosed.append(_attribute(value))
    if not MANDATORY < len(disclosed) <= 1 + len(ATTRIBUTES):
        raise EnvelopeError(Nl2Code.ATTRIBUTES, facts={"attributes": len(disclosed)})
    key = _key_name(disclosed[0])
    try:
        texts = [value.decode("ascii") for value in disclosed[1:]]
    except UnicodeDecodeError:
        raise EnvelopeError(Nl2Code.ATTRIBUTES) from None
    content = dict(zip(ATTRIBUTES, texts, strict=False))
    return Envelope(
        NAME,
        SignerHint(RING, key),
        NOT_CHECKED,
        data,
        proof[1][1],
        content,
        _validity(content),
        frozenset({Claim.PASS}),
    )


def _number(text: bytes) -> bytes:
    """The text as one number in base 45, most significant digit first, as bytes. This is not RFC 9285."""
    if not text:
        raise EnvelopeError(Nl2Code.EMPTY)
    if text.translate(None, ALPHABET):
        at = next(index for index, char in enumerate(text) if char not in _DIGITS)
        raise EnvelopeError(Nl2Code.ALPHABET, facts={"at": at})
    total = 0
    for start in range(0, len(text), _CHUNK):
        part = 0
        piece = text[start : start + _CHUNK]
        for char in piece:
            part = part * _BASE + _DIGITS[char]
        total = total * _BASE ** len(piece) + part
    return total.to_bytes((total.bit_length() + 7) // 8, "big")


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and content of DER elements that follow each other. Raises STRUCTURE."""
    at = 0
    while at < len(data):
        tag, size = data[at], data[at + 1] if at + 1 < len(data) else 0x80
        at += 2
        if size & 0x80:
            count = size & 0x7F
            if not 1 <= count <= 2:  # a code of 4 KiB holds nothing longer
                raise EnvelopeError(Nl2Code.STRUCTURE)
            size = int.from_bytes(data[at : at + count], "big")
            at += count
        if at + size > len(data):
            raise EnvelopeError(Nl2Code.STRUCTURE)
        yield tag, data[at : at + size]
        at += size


def _only(data: bytes, tag: int) -> bytes:
    """Content of the one element that the data holds."""
    found = list(_elements(data))
    if len(found) != 1 or found[0][0] != tag:
        raise EnvelopeError(Nl2Code.STRUCTURE)
    return found[0][1]


def _attribute(value: bytes) -> bytes:
    """An attribute is its bytes, shifted up by one bit that says it is not empty."""
    number = int.from_bytes(value, "big")
    if not number & 1:
        return b""
    number >>= 1
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _key_name(metadata: bytes) -> bytes:
    """The issuer's key from `SEQUENCE {OCTET STRING version, PrintableString key}`."""
    found = list(_elements(_only(metadata, SEQUENCE)))
    if [tag for tag, _ in found] != [OCTETS, PRINTABLE] or found[0][1] != METADATA_VERSION:
        raise EnvelopeError(Nl2Code.METADATA)
    return found[1][1]


def _validity(content: dict[str, str]) -> SignedDates:
    start, hours = content["validFrom"], content["validForHours"]
    if not (start.isdigit() and hours.isdigit() and len(start) <= 12 and len(hours) <= 6):
        raise EnvelopeError(Nl2Code.ATTRIBUTES)
    try:
        begin = datetime.fromtimestamp(int(start), UTC)
        return SignedDates(not_before=begin, expires=begin + timedelta(hours=int(hours)))
    except (OverflowError, ValueError, OSError):
        raise EnvelopeError(Nl2Code.ATTRIBUTES) from None


def read(payload: SignedPayload) -> HealthRecord:
    """Initials, and what the code cannot prove.

    Raises:
        RecordError: SPECIMEN for a code that says it is one.
    """
    content: dict[str, str] = payload.content
    if content["isSpecimen"] != "0":
        raise RecordError(Nl2Code.SPECIMEN, outcome=Outcome.UNMET)
    holder = Holder(
        surname=content["lastNameInitial"] or None, given=content["firstNameInitial"] or None, initials_only=True
    )
    return HealthRecord(NAME, holder, issuer="NL", payload=content, findings=(_PROOF_NOT_CHECKED, _DOMESTIC_ONLY))
