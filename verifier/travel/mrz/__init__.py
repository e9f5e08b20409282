"""The machine-readable zone of passports, cards and visas (ICAO Doc 9303): `parse_mrz`.

One file per type holds its layout; `fields` reads a zone strictly, `framing` finds its lines in what a scanner sent,
`repair` puts scanner damage right where a check digit proves it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from verifier.findings import Finding, Outcome
from verifier.model import PartialDate
from verifier.travel.mrz.codes import MrzCode
from verifier.travel.mrz.fields import Layout, MrzFields, Reading, check_digit, read
from verifier.travel.mrz.framing import LAYOUTS, frame, is_zone, layout_of
from verifier.travel.mrz.repair import repair
from verifier.travel.states import SPECIMENS, is_state

__all__ = ["LAYOUTS", "Mrz", "MrzCode", "MrzFields", "Reading", "check_digit", "parse_mrz", "read_strictly"]

_REASONS: Mapping[str, MrzCode] = {
    "document_number_check_digit": MrzCode.NUMBER_DIGIT,
    "birth_date_check_digit": MrzCode.BIRTH_DIGIT,
    "expiry_date_check_digit": MrzCode.EXPIRY_DIGIT,
    "optional_data_check_digit": MrzCode.OPTIONAL_DIGIT,
    "composite_check_digit": MrzCode.COMPOSITE_DIGIT,
    "birth_date_not_a_date": MrzCode.BIRTH_NOT_A_DATE,
    "expiry_date_not_a_date": MrzCode.EXPIRY_NOT_A_DATE,
    "digit_in_name": MrzCode.DIGIT_IN_NAME,
    "sex_not_allowed": MrzCode.SEX_NOT_ALLOWED,
}


@dataclass(frozen=True, slots=True)
class Mrz:
    """A machine-readable zone as read.

    Attributes:
        reading: the fields, after proved repairs.
        scanned: the strict reading before repairs, or None where nothing was repaired.
        findings: every reason why it is not valid, every liberty taken, every remark an agent needs.
    """

    reading: Reading
    scanned: Reading | None
    findings: tuple[Finding, ...]

    @property
    def type(self) -> str:
        """`TD1`, `TD2`, `TD3`, `MRV-A` or `MRV-B`."""
        return self.reading.type

    @property
    def lines(self) -> tuple[str, ...]:
        return self.reading.lines

    @property
    def fields(self) -> MrzFields:
        return self.reading.fields

    @property
    def checks(self) -> Mapping[str, bool]:
        """Check digit -> whether it agrees."""
        return self.reading.checks

    @property
    def reasons(self) -> tuple[str, ...]:
        return self.reading.reasons

    @property
    def valid(self) -> bool:
        """True when every check digit and date holds. The name is covered by none of them."""
        return self.reading.valid

    @property
    def birth(self) -> PartialDate:
        return self.reading.birth

    @property
    def expires(self) -> date | None:
        return self.reading.expires

    @property
    def name_field(self) -> str:
        """The name field with its fillers, full width."""
        return self.reading.name_field


def parse_mrz(text_or_lines: str | bytes | Iterable[str], *, reference: date) -> Mrz:
    """Read a machine-readable zone, tolerantly: one bad field never throws the others away.

    Args:
        text_or_lines: the lines, or the text as a scanner sent it: lines, one run of 88, 72 or 90 characters, or a
            swipe reader's output with CR or TAB between lines and marks at both ends.
        reference: the day from which two-digit years are counted; normally the day of travel or today.

    Returns:
        The zone, valid or not: see `Mrz.valid`, `Mrz.checks` and `Mrz.findings`.

    Raises:
        EnvelopeError: TOO_LONG, LENGTH or CHARACTERS: no zone can be seen in the text.

    Source: ICAO Doc 9303 parts 3 to 7.
    """
    layout, zone, findings = frame(text_or_lines)
    reading = read(layout, zone, reference)
    scanned = None
    if reading.reasons:
        repaired, said = repair(reading, reference)
        if said:
            scanned, reading = reading, repaired
            findings.extend(said)
        findings.extend(Finding(_REASONS[reason], Outcome.OPEN) for reason in reading.reasons)
    _remark(reading, findings)
    return Mrz(reading, scanned, tuple(findings))


def read_strictly(lines: Sequence[str], *, reference: date, layout: Layout | None = None) -> Reading | tuple[str, ...]:
    """Read lines exactly as they are, without any tolerance.

    Args:
        lines: the lines, without line ends.
        reference: as for `parse_mrz`.
        layout: the expected type; None to tell it from the lines.

    Returns:
        The reading, or why there is none: `length` (no type, or not this one, has such lines), `characters`.
    """
    found = layout_of(lines)
    if layout is not None and (found is None or (found.lines, found.width) != (layout.lines, layout.width)):
        found = None
    reasons = [] if found is not None else ["length"]
    if not all(is_zone(line) for line in lines if line):
        reasons.append("characters")
    if reasons or found is None:
        return tuple(reasons)
    return read(layout or found, "".join(lines), reference)


def _remark(reading: Reading, findings: list[Finding]) -> None:
    """What is in order by the digits and still worth a person's attention."""
    found, layout = reading.fields, reading.layout
    if not found.surname and not found.given_names:
        findings.append(Finding(MrzCode.NAME_EMPTY, Outcome.OPEN))
    if found.name_may_be_truncated:
        findings.append(
            Finding(MrzCode.NAME_MAYBE_CUT, Outcome.NOTE, {"width": layout.names.stop - layout.names.start})
        )
    if found.birth_date is None and "birth_date_not_a_date" not in reading.reasons:
        findings.append(Finding(MrzCode.BIRTH_PARTLY_UNKNOWN, Outcome.NOTE, {"known": reading.birth.precision}))
    if found.document_code[:1] not in layout.code_letters or not found.document_code:
        findings.append(Finding(MrzCode.DOCUMENT_CODE, Outcome.OPEN, {"type": layout.name}))
    for state, code in (
        (found.issuing_state, MrzCode.STATE_UNKNOWN),
        (found.nationality, MrzCode.NATIONALITY_UNKNOWN),
    ):
        if not is_state(state):
            findings.append(Finding(code, Outcome.OPEN))
    if found.issuing_state in SPECIMENS or found.nationality in SPECIMENS:
        findings.append(Finding(MrzCode.SPECIMEN, Outcome.OPEN))
