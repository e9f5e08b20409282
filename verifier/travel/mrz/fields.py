"""What the five zones have in common: a layout table, check digits, and the strict reading of one zone.

The strict reading takes exactly the characters of the zone and says what they hold. It repairs nothing; that is done by
`verifier.travel.mrz.repair`, which reads again.

Source: ICAO Doc 9303 parts 3 (section 4), 4, 5, 6 and 7, eighth edition.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

from verifier.model import PartialDate
from verifier.travel.mrz.dates import birth_date, expiry_date

FILLER = "<"
_VALUES = bytes(
    code - 48 if 48 <= code <= 57 else code - 55 if 65 <= code <= 90 else 0  # 0-9 as they are, A=10 ... Z=35, filler 0
    for code in range(256)
)
_DIGIT = re.compile("[0-9]")
SEXES: Mapping[str, str] = {"M": "M", "F": "F", FILLER: "X", "X": "X"}  # some states print X instead of the filler


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the fields of one document type stand in its lines written one after another.

    Attributes:
        name: `TD1`, `TD2`, `TD3`, `MRV-A` or `MRV-B`.
        lines, width: number of lines and characters in each.
        document_code ... optional_data: places of the fields.
        optional_data_2: second optional field (TD1 only).
        optional_digit: place of the check digit over the optional data (TD3 only).
        composite: what the composite digit covers, and its place as last element; empty for visas.
        long_numbers: a document number may run on into the optional data (TD1 and TD2).
        code_letters: first letters that the standard allows in the document code.
    """

    name: str
    lines: int
    width: int
    document_code: slice
    issuing_state: slice
    names: slice
    document_number: slice
    nationality: slice
    birth_date: slice
    sex: int
    expiry_date: slice
    optional_data: slice
    optional_data_2: slice | None = None
    optional_digit: int | None = None
    composite: tuple[slice, ...] = ()
    composite_digit: int | None = None
    long_numbers: bool = False
    code_letters: str = ""

    @property
    def size(self) -> int:
        """Characters of the whole zone."""
        return self.lines * self.width

    @property
    def name_line(self) -> int:
        """Index of the line that holds the name."""
        return int(self.names.start) // self.width


@dataclass(frozen=True, slots=True)
class MrzFields:
    """The fields as the zone states them; end fillers removed, inner fillers of names are one blank.

    `birth_date` and `expiry_date` are ISO texts, or None where the raw value is no full date. `sex` is M, F or X, or
    the character found where it is none of those. `optional_data_2` is None except for TD1.
    """

    document_code: str
    issuing_state: str
    document_number: str
    nationality: str
    birth_date_raw: str
    birth_date: str | None
    sex: str
    expiry_date_raw: str
    expiry_date: str | None
    surname: str
    given_names: str
    optional_data: str
    optional_data_2: str | None
    name_may_be_truncated: bool

    def as_json(self) -> dict[str, object]:
        """All fields by name; `optional_data_2` only where the type has it."""
        out = {key: getattr(self, key) for key in _FIELD_NAMES}
        if self.optional_data_2 is None:
            del out["optional_data_2"]
        return out


_FIELD_NAMES = tuple(entry.name for entry in fields(MrzFields))


@dataclass(frozen=True, slots=True)
class Reading:
    """One strict reading.

    Attributes:
        layout: type of the document.
        zone: the characters read, all lines in one run.
        fields: what they hold.
        checks: check digit name -> whether it agrees; in the order of the standard, the composite last.
        reasons: why the zone is not valid; empty when it is.
        birth: birth date as far as it is known; unknown also where the characters are no date.
        expires: expiry date, or None.
        name_field: the name field with its fillers, as wide as the type allows.
    """

    layout: Layout
    zone: str
    fields: MrzFields
    checks: Mapping[str, bool]
    reasons: tuple[str, ...]
    birth: PartialDate
    expires: date | None

    @property
    def type(self) -> str:
        return self.layout.name

    @property
    def lines(self) -> tuple[str, ...]:
        width = self.layout.width
        return tuple(self.zone[start : start + width] for start in range(0, self.layout.size, width))

    @property
    def valid(self) -> bool:
        """Every check digit, date and character class holds. Says nothing about the name: no digit covers it."""
        return not self.reasons

    @property
    def name_field(self) -> str:
        return self.zone[self.layout.names]


def check_digit(characters: str) -> int:
    """The check digit over A-Z, 0-9 and fillers: weights 7, 3, 1, modulus 10.

    Source: Doc 9303-3 section 4.9.
    """
    return _digit(characters.encode("ascii", "replace").translate(_VALUES))


def _digit(values: bytes) -> int:
    return (7 * sum(values[::3]) + 3 * sum(values[1::3]) + sum(values[2::3])) % 10


def read(layout: Layout, zone: str, reference: date) -> Reading:
    """Read a zone strictly.

    Args:
        layout: type of the document.
        zone: exactly `layout.size` characters out of A-Z, 0-9 and `<` (not checked here).
        reference: the day from which two-digit years are counted.
    """
    values = zone.encode("ascii").translate(_VALUES)

    def agrees(place: slice) -> bool:
        at = place.stop  # a filler has the value 0 but is no digit
        return zone[at] != FILLER and values[at] == _digit(values[place])

    optional_start, optional_stop = layout.optional_data.start, layout.optional_data.stop
    number_place = layout.document_number
    number = zone[number_place]
    rest = ""
    if layout.long_numbers and zone[number_place.stop] == FILLER:
        # Part 5 4.2.2 note j, part 6 4.2.2: the rest of the number and its digit open the optional data, then a filler
        rest = zone[optional_start:optional_stop].partition(FILLER)[0]
    if len(rest) > 1:
        optional_start += len(rest)
        number += rest[:-1]
        number_holds = rest[-1].isdigit() and int(rest[-1]) == check_digit(number)
    else:
        number_holds = agrees(number_place)
    checks = {
        "document_number": number_holds,
        "birth_date": agrees(layout.birth_date),
        "expiry_date": agrees(layout.expiry_date),
    }
    if layout.optional_digit is not None:
        # Part 4 4.2.2: an unused field may carry a filler or zero as its digit
        empty = zone[layout.optional_digit] == FILLER and not zone[layout.optional_data].strip(FILLER)
        checks["optional_data"] = empty or agrees(layout.optional_data)
    if layout.composite_digit is not None:
        covered = b"".join([values[place] for place in layout.composite])
        at = layout.composite_digit
        checks["composite"] = zone[at] != FILLER and values[at] == _digit(covered)
    reasons = [f"{name}_check_digit" for name, holds in checks.items() if not holds]

    expires_raw = zone[layout.expiry_date]
    expires = expiry_date(expires_raw, reference)
    if expires is None:
        reasons.append("expiry_date_not_a_date")
    birth_raw = zone[layout.birth_date]
    birth = birth_date(birth_raw, reference)
    if birth is None:
        reasons.append("birth_date_not_a_date")
        birth = PartialDate()
    names = zone[layout.names]
    if _DIGIT.search(names):
        reasons.append("digit_in_name")
    sex = SEXES.get(zone[layout.sex])
    if sex is None:
        reasons.append("sex_not_allowed")
        sex = zone[layout.sex]
    primary, _, secondary = names.partition("<<")
    born = birth.exact
    found = MrzFields(
        document_code=zone[layout.document_code].rstrip(FILLER),
        issuing_state=zone[layout.issuing_state].rstrip(FILLER),
        document_number=number.rstrip(FILLER),
        nationality=zone[layout.nationality].rstrip(FILLER),
        birth_date_raw=birth_raw,
        birth_date=None if born is None else born.isoformat(),
        sex=sex,
        expiry_date_raw=expires_raw,
        expiry_date=None if expires is None else expires.isoformat(),
        surname=" ".join(primary.replace(FILLER, " ").split()),
        given_names=" ".join(secondary.replace(FILLER, " ").split()),
        optional_data=zone[optional_start:optional_stop].rstrip(FILLER),
        optional_data_2=None if layout.optional_data_2 is None else zone[layout.optional_data_2].rstrip(FILLER),
        name_may_be_truncated=names[-1] != FILLER,
    )
    return Reading(layout, zone, found, checks, tuple(reasons), birth, expires)
