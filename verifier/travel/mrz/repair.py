"""Scanner damage: letters read as digits and digits read as letters, put right only where a check digit proves it.

What no digit covers (names, states, sex) is never changed. A date holds digits only, so its repair has one possible
result; a document number may hold both, so a repair counts only if it is the only one that its digit and, where the
type has one, the composite digit accept.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations

from verifier.findings import Finding, Outcome
from verifier.travel.mrz.codes import MrzCode
from verifier.travel.mrz.fields import FILLER, Layout, Reading, check_digit, read

# G is left out: its value differs from 6 by ten, so no check digit can tell them apart
DIGIT_FOR = {"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "B": "8"}
_TO_DIGITS = str.maketrans(DIGIT_FOR)
OTHER = {"O": "0", "0": "O", "I": "1", "1": "I", "Z": "2", "2": "Z", "S": "5", "5": "S", "B": "8", "8": "B"}
MAX_FLIPS = 2  # of the document number: a check digit proves no more than that


def repair(reading: Reading, reference: date) -> tuple[Reading, tuple[Finding, ...]]:
    """The reading with every damage put right that a check digit proves, and one finding per field changed.

    Args:
        reading: a reading that is not valid.
        reference: as for `read`.

    Returns:
        The same reading and no findings where nothing could be proved.
    """
    layout, zone = reading.layout, reading.zone
    changed: dict[str, str] = {}
    for name, place in (("birth_date", layout.birth_date), ("expiry_date", layout.expiry_date)):
        fixed = _digits_only(zone, place)
        if fixed != zone and _date_holds(layout, fixed, name, reference):
            changed[name], zone = "", fixed
    if layout.optional_digit is not None and not reading.checks["optional_data"]:
        fixed = _with_digit(zone, layout.optional_digit)
        if read(layout, fixed, reference).checks["optional_data"]:
            changed["optional_data"], zone = "", fixed
    if layout.composite_digit is not None:
        zone = _with_digit(zone, layout.composite_digit)
    if not reading.checks["document_number"]:
        candidates = [fixed for fixed in _numbers(layout, zone) if _proved(read(layout, fixed, reference))]
        if len(candidates) == 1:
            changed["document_number"], zone = "", candidates[0]
    after = read(layout, zone, reference)
    if layout.composite_digit is not None and not after.checks["composite"]:
        # the composite digit itself proves nothing here: leave it as it was scanned
        at = layout.composite_digit
        zone = zone[:at] + reading.zone[at] + zone[at + 1 :]
        after = read(layout, zone, reference)
    elif layout.composite_digit is not None and zone[layout.composite_digit] != reading.zone[layout.composite_digit]:
        changed["composite"] = ""
    return after, tuple(
        Finding(MrzCode.REPAIRED, Outcome.NOTE, {"field": name, "positions": _positions(reading, zone, name)})
        for name in changed
    )


def _digits_only(zone: str, place: slice) -> str:
    """The zone with the field and its check digit in digits."""
    end = place.stop + 1
    return zone[: place.start] + zone[place.start : end].translate(_TO_DIGITS) + zone[end:]


def _with_digit(zone: str, at: int) -> str:
    return zone[:at] + zone[at].translate(_TO_DIGITS) + zone[at + 1 :]


def _date_holds(layout: Layout, zone: str, name: str, reference: date) -> bool:
    reading = read(layout, zone, reference)
    return reading.checks[name] and f"{name}_not_a_date" not in reading.reasons


def _proved(reading: Reading) -> bool:
    return reading.checks["document_number"] and reading.checks.get("composite", True)


def _numbers(layout: Layout, zone: str) -> Iterator[str]:
    """Zones with up to MAX_FLIPS characters of the document number exchanged for their look-alikes.

    A number that runs on into the optional data is left alone: where it ends is itself in doubt.
    """
    place = layout.document_number
    fixed = _with_digit(zone, place.stop)
    if fixed[place.stop] == FILLER:
        return
    number = fixed[place]
    doubtful = [at for at, character in enumerate(number) if character in OTHER]
    for count in range(MAX_FLIPS + 1):
        for chosen in combinations(doubtful, count):
            candidate = "".join(OTHER[c] if at in chosen else c for at, c in enumerate(number))
            if str(check_digit(candidate)) == fixed[place.stop]:
                yield fixed[: place.start] + candidate + fixed[place.stop :]


def _positions(scanned: Reading, zone: str, name: str) -> list[int]:
    """1-based positions in the zone, over all lines, that were changed for one field."""
    layout = scanned.layout
    first, last = {
        "birth_date": (layout.birth_date.start, layout.birth_date.stop),
        "expiry_date": (layout.expiry_date.start, layout.expiry_date.stop),
        "document_number": (layout.document_number.start, layout.document_number.stop),
        "optional_data": (layout.optional_digit or 0, layout.optional_digit or 0),
        "composite": (layout.composite_digit or 0, layout.composite_digit or 0),
    }[name]
    return [at + 1 for at in range(first, last + 1) if zone[at] != scanned.zone[at]]
