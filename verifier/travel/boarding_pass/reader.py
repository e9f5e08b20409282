"""One walk over the text of a boarding pass, strict or tolerant.

At every place where the text may be wrong the walk states the problem. A strict walk ends there; a tolerant one notes
it and goes on with what can still be read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from verifier.errors import EnvelopeError
from verifier.findings import Finding, Outcome
from verifier.travel.boarding_pass import layout
from verifier.travel.boarding_pass.codes import BcbpCode
from verifier.travel.boarding_pass.dates import flight_date, issue_date
from verifier.travel.boarding_pass.layout import items, size_of
from verifier.travel.boarding_pass.model import BoardingPass, PassLeg, Security
from verifier.travel.boarding_pass.names import split_name

_PRINTABLE = re.compile("[ -~]*")
_NOTHING: Mapping[str, str] = {}


def walk(text: str, reference: date, said: list[Finding] | None) -> BoardingPass:
    """Read a boarding pass.

    Args:
        text: the barcode text; blanks are data.
        reference: today, for the year of its dates.
        said: None for a strict walk; else the list that takes what a strict walk would have rejected.

    Returns:
        The pass, without findings.

    Raises:
        EnvelopeError: strict: the first problem. Tolerant: FORMAT_CODE, NUMBER_OF_LEGS, or TOO_SHORT where not even the
            route of the first leg is there.
    """
    return _Walk(text, reference, said).read()


class _Walk:
    __slots__ = ("at", "reference", "said", "text", "unique", "version")

    def __init__(self, text: str, reference: date, said: list[Finding] | None) -> None:
        self.text = text
        self.reference = reference
        self.said = said
        self.at = layout.HEADER
        self.version: str | None = None
        self.unique: Mapping[str, str] = _NOTHING

    def read(self) -> BoardingPass:
        text = self.text
        if len(text) < layout.SMALLEST and (self.said is None or not text):
            raise EnvelopeError(BcbpCode.TOO_SHORT, facts={"characters": len(text)})
        if _PRINTABLE.fullmatch(text) is None:
            wrong = [at for at, character in enumerate(text, 1) if not " " <= character <= "~"]
            self.problem(BcbpCode.CHARSET, Outcome.OPEN, positions=wrong[:20], count=len(wrong))
        if text[:1] != "M":
            raise EnvelopeError(BcbpCode.FORMAT_CODE)
        if text[1:2] not in layout.LEGS or len(text) < 2:
            raise EnvelopeError(BcbpCode.NUMBER_OF_LEGS)
        if len(text) < layout.HEADER + layout.NEEDED:
            raise EnvelopeError(BcbpCode.TOO_SHORT, facts={"characters": len(text)})
        blocks = self.blocks(int(text[1]))
        security = self.security()
        name_field = text[layout.NAME]
        name = split_name(name_field)
        issued = issue_date(self.unique.get("issue_date_raw", ""), self.reference)
        legs: list[PassLeg] = []
        for part, conditional, airline_use in blocks:
            day = part[layout.DAY].strip(" ")
            before = legs[-1].flight_date if legs else None
            legs.append(
                PassLeg(
                    part[layout.PNR].strip(" "),
                    part[layout.ORIGIN].strip(" "),
                    part[layout.DESTINATION].strip(" "),
                    part[layout.CARRIER].strip(" "),
                    part[layout.FLIGHT].strip(" "),
                    day,
                    part[layout.COMPARTMENT].strip(" "),
                    part[layout.SEAT].strip(" "),
                    part[layout.SEQUENCE].strip(" "),
                    part[layout.STATUS].strip(" "),
                    conditional,
                    airline_use,
                    flight_date(day, issued=issued, before=before, reference=self.reference),
                )
            )
        return BoardingPass(
            name_field,
            name.surname,
            name.given_names,
            name.title,
            name.glued,
            text[22].strip(" "),
            tuple(legs),
            self.version,
            self.unique,
            security,
            issued,
        )

    def problem(self, code: BcbpCode, outcome: Outcome, **facts: object) -> None:
        """State a problem: raised by a strict walk, noted by a tolerant one."""
        if self.said is None:
            raise EnvelopeError(code, facts=facts)
        if all(finding.code is not code for finding in self.said):
            self.said.append(Finding(code, outcome, facts))

    def blocks(self, count: int) -> list[tuple[str, Mapping[str, str], str | None]]:
        """Per leg its mandatory characters, its conditional items and the airline's own data; moves to what follows."""
        text = self.text
        found: list[tuple[str, Mapping[str, str], str | None]] = []
        for number in range(1, count + 1):
            part = text[self.at : self.at + layout.LEG]
            self.at += layout.LEG
            if len(part) < layout.LEG:
                whole = number == count and len(part) >= layout.STATUS.stop  # nothing but its size is missing
                self.problem(BcbpCode.TOO_SHORT, Outcome.NOTE if whole else Outcome.OPEN, leg=number)
                if len(part) >= layout.NEEDED:
                    found.append((part.ljust(layout.LEG), _NOTHING, None))
                break
            size = size_of(part[layout.LEG_SIZE])
            if size is None:
                # without it nobody knows where the next leg begins
                self.problem(BcbpCode.FIELD_SIZE_NOT_HEX, Outcome.NOTE if count == 1 else Outcome.OPEN, leg=number)
                found.append((part, _NOTHING, None))
                self.at = len(text)
                break
            block = text[self.at : self.at + size]
            if len(block) < size:
                self.problem(BcbpCode.TOO_SHORT, Outcome.NOTE if number == count else Outcome.OPEN, leg=number)
            elif not size and count == 1 and self.said is not None and text[self.at : self.at + 1] == ">":
                # known fault: size 00 although a conditional block follows
                self.problem(BcbpCode.TRAILING_DATA, Outcome.NOTE, leg=number)
                block = text[self.at :].partition("^")[0]
                size = len(block)
            self.at += size
            found.append((part, *self.conditional(block, number, complete=len(block) == size)))
        return found

    def conditional(self, block: str, leg: int, *, complete: bool) -> tuple[Mapping[str, str], str | None]:
        """The repeated items and the airline's own data of one block; the unique items of the first go to the walk.

        `complete` is False where the text ended early: then sizes that reach beyond the block are no further problem.
        """
        if not block:
            return _NOTHING, None
        start = 0
        if leg == 1:
            if block[0] != ">":
                self.problem(BcbpCode.VERSION_INDICATOR, Outcome.NOTE)
                return _NOTHING, None
            self.version = block[1:2] or None
            size = size_of(block[2:4])
            if size is None:
                self.problem(BcbpCode.UNIQUE_SIZE_NOT_HEX, Outcome.NOTE)
                return _NOTHING, None
            start = 4 + size
            if start > len(block) and complete:
                self.problem(BcbpCode.UNIQUE_SIZE_EXCEEDS_FIELD, Outcome.NOTE)
            self.unique = items(layout.UNIQUE, block[4:start])
        if start >= len(block):
            return _NOTHING, None
        size = size_of(block[start : start + 2])
        if size is None:
            self.problem(BcbpCode.REPEATED_SIZE_NOT_HEX, Outcome.NOTE, leg=leg)
            return _NOTHING, None
        start += 2
        if start + size > len(block) and complete:
            self.problem(BcbpCode.REPEATED_SIZE_EXCEEDS_FIELD, Outcome.NOTE, leg=leg)
        return items(layout.REPEATED, block[start : start + size]), block[start + size :] or None

    def security(self) -> Security | None:
        """The security field behind the last leg."""
        rest = self.text[self.at :]
        if not rest:
            return None
        if rest[0] != "^":
            self.problem(BcbpCode.TRAILING_DATA, Outcome.NOTE, characters=len(rest))
            return None
        if len(rest) < 4:
            self.problem(BcbpCode.TOO_SHORT, Outcome.NOTE)
            return Security(rest[1:2], 0, "")
        size = size_of(rest[2:4])
        if size is None:
            self.problem(BcbpCode.SECURITY_SIZE_NOT_HEX, Outcome.NOTE)
            return Security(rest[1], 0, rest[4:])
        data = rest[4 : 4 + size]
        if len(data) < size:
            self.problem(BcbpCode.TOO_SHORT, Outcome.NOTE)
        elif len(rest) > 4 + size:
            self.problem(BcbpCode.TRAILING_DATA, Outcome.NOTE, characters=len(rest) - 4 - size)
        return Security(rest[1], size, data)
