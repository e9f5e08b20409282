"""What a well-formed boarding pass says that a person should know. Unlisted values are read and remarked on."""

from __future__ import annotations

import re
from collections.abc import Mapping

from verifier.findings import Finding, Outcome
from verifier.travel.boarding_pass.codes import BcbpCode
from verifier.travel.boarding_pass.dates import across_date_line
from verifier.travel.boarding_pass.layout import VALUES
from verifier.travel.boarding_pass.model import BoardingPass, PassLeg

_PATTERNS = {
    "operating_carrier": re.compile("[A-Z0-9]{2}"),
    "flight_number": re.compile("[0-9]{4}[A-Z]?"),
    "seat": re.compile("[0-9]{3}[A-Z]|INF|"),
    "sequence": re.compile("[0-9]{4}[A-Z0-9]?|"),
}
_AIRPORT = re.compile("[A-Z]{3}")
_DESCRIPTIONS: Mapping[str, tuple[BcbpCode, Outcome]] = {
    "4": (BcbpCode.INFANT, Outcome.NOTE),
    "5": (BcbpCode.NO_PASSENGER, Outcome.OPEN),
    "6": (BcbpCode.WITH_INFANT, Outcome.NOTE),
    "7": (BcbpCode.UNACCOMPANIED_MINOR, Outcome.NOTE),
}


def remarks(found: BoardingPass) -> tuple[Finding, ...]:
    """Everything worth a sentence about a pass that was read."""
    said: list[Finding] = []

    def say(code: BcbpCode, outcome: Outcome = Outcome.NOTE, **facts: object) -> None:
        said.append(Finding(code, outcome, facts))

    if not found.surname and not found.given_names:
        say(BcbpCode.NAME_EMPTY, Outcome.OPEN)
    elif "/" not in found.name_field:
        say(BcbpCode.NAME_WITHOUT_SLASH)
    if found.name_may_be_truncated:
        say(BcbpCode.NAME_MAYBE_CUT)
    if found.eticket_indicator != "E":
        say(BcbpCode.UNUSUAL, field="eticket_indicator", leg=0)
    unique = found.unique
    if unique:
        for name in ("passenger_description", "checkin_source", "issuance_source", "document_type"):
            if unique.get(name, "") not in VALUES[name]:
                say(BcbpCode.UNUSUAL, field=name, leg=0)
        if unique.get("document_type") == "I":
            say(BcbpCode.ITINERARY_RECEIPT, Outcome.OPEN)
        described = _DESCRIPTIONS.get(unique.get("passenger_description", ""))
        if described is not None:
            say(*described)
        if found.issue_date is None and unique.get("issue_date_raw"):
            say(BcbpCode.NO_ISSUE_DATE)
    before = None
    for number, leg in enumerate(found.legs, 1):
        _leg(number, leg, said)
        if before and leg.flight_date and across_date_line(before, leg.flight_date, leg.day_of_year):
            say(BcbpCode.DATE_LINE, leg=number)
        before = leg.flight_date
    if found.security is not None:
        say(BcbpCode.SECURITY_NOT_CHECKED)
    return tuple(said)


def _leg(number: int, leg: PassLeg, said: list[Finding]) -> None:
    if leg.flight_date is None:
        said.append(Finding(BcbpCode.NO_FLIGHT_DATE, Outcome.OPEN, {"leg": number}))
    if _AIRPORT.fullmatch(leg.origin) is None or _AIRPORT.fullmatch(leg.destination) is None:
        said.append(Finding(BcbpCode.AIRPORT, Outcome.OPEN, {"leg": number}))
    unusual = [name for name, pattern in _PATTERNS.items() if pattern.fullmatch(getattr(leg, name)) is None]
    if leg.passenger_status not in VALUES["passenger_status"] or not leg.passenger_status:
        unusual.append("passenger_status")
    conditional = leg.conditional
    if conditional:
        unusual.extend(
            name for name in ("document_verification", "fast_track") if conditional.get(name, "") not in VALUES[name]
        )
        if conditional.get("document_verification") == "1":
            said.append(Finding(BcbpCode.DOCUMENTS_REQUIRED, Outcome.NOTE, {"leg": number}))
    said.extend(Finding(BcbpCode.UNUSUAL, Outcome.NOTE, {"field": name, "leg": number}) for name in unusual)
    if leg.seat == "INF":
        said.append(Finding(BcbpCode.INFANT, Outcome.NOTE, {"leg": number}))
