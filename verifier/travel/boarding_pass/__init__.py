"""Bar-coded boarding passes of airlines (IATA Resolution 792, format M): `parse_boarding_pass`.

`layout` holds the field tables, `reader` walks over the text, `dates` finds the years, `remarks` says what a person
should know. The security field is reported as present and not checked.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from verifier.errors import EnvelopeError
from verifier.findings import Finding, Outcome
from verifier.travel.boarding_pass.codes import BcbpCode, error_class
from verifier.travel.boarding_pass.model import BoardingPass, PassLeg, Security
from verifier.travel.boarding_pass.reader import walk
from verifier.travel.boarding_pass.remarks import remarks
from verifier.travel.lookalikes import to_latin, whole, without_unseen

__all__ = ["BcbpCode", "BoardingPass", "PassLeg", "Security", "error_class", "parse_boarding_pass", "recognise"]

MAX_CHARACTERS = 4096  # four legs with full blocks and a full security field are 1,495
_AIM = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_ENDS = "\r\n\t\0\x02\x03\x04"
_LOOKS_LIKE = re.compile(rb"(\][A-Za-z][0-9A-Za-z])?[Mm][1-4]")


def recognise(scan: bytes) -> bool:
    """True where the bytes may be a boarding pass: cheap, and wrong now and then."""
    return len(scan) >= 40 and _LOOKS_LIKE.match(scan) is not None


def parse_boarding_pass(data: str | bytes, *, reference: date, strict: bool = False) -> BoardingPass:
    """Read a boarding pass.

    Args:
        data: the barcode text exactly as decoded. It is never stripped: blanks are data.
        reference: today; the year of every date is inferred from it.
        strict: reject whatever the resolution does not allow. Otherwise known faults of printers and scanners are
            tolerated, and each is listed in `tolerated`.

    Raises:
        EnvelopeError: strict: the first problem, of the first group of `BcbpCode`. Otherwise only where no boarding
            pass can be seen: TOO_LONG, TOO_SHORT (no route in it), FORMAT_CODE, NUMBER_OF_LEGS.

    Source: IATA Resolution 792 and its attachments; Implementation Guide, 7th edition.
    """
    text = _text(data)
    try:
        found = walk(text, reference, None)
    except EnvelopeError:
        if strict:
            raise
        said: list[Finding] = []
        cleaned = _cleaned(text, said)
        found = replace(walk(cleaned, reference, said), tolerated=tuple(said))
    said_of_content = remarks(found)
    return replace(found, remarks=said_of_content) if said_of_content else found


def _text(data: str | bytes) -> str:
    if isinstance(data, bytes):
        if len(data) > MAX_CHARACTERS:
            raise EnvelopeError(BcbpCode.TOO_LONG, facts={"characters": len(data), "limit": MAX_CHARACTERS})
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return data.decode("latin-1")
    if len(data) > MAX_CHARACTERS:
        raise EnvelopeError(BcbpCode.TOO_LONG, facts={"characters": len(data), "limit": MAX_CHARACTERS})
    return data


def _cleaned(text: str, said: list[Finding]) -> str:
    """The text without what readers put around or into it; each step is said."""
    text, unseen = without_unseen(whole(text))
    if unseen:
        said.append(Finding(BcbpCode.UNSEEN_MARKS, Outcome.NOTE, {"count": unseen}))
    text, positions = to_latin(text)
    if positions:
        facts = {"positions": positions[:20], "count": len(positions)}
        said.append(Finding(BcbpCode.LOOKALIKE, Outcome.OPEN, facts))
    inner = text.strip(_ENDS)  # line ends and transmission marks only, never blanks
    if inner != text:
        said.append(Finding(BcbpCode.LINE_END, Outcome.NOTE, {"count": len(text) - len(inner)}))
        text = inner
    prefix = _AIM.match(text)
    if prefix is not None:
        said.append(Finding(BcbpCode.AIM_PREFIX, Outcome.NOTE))
        text = text[prefix.end() :]
    before_security = text.partition("^")[0]
    if text.isascii() and before_security.islower() and text[:1] == "m":
        # Caps Lock turns every letter round, those of the security data too; a mixed-case text is never touched
        said.append(Finding(BcbpCode.CASE_INVERTED, Outcome.NOTE))
        text = text.swapcase()
    return text
