"""A boarding pass as read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from verifier.findings import Finding


@dataclass(frozen=True, slots=True)
class PassLeg:
    """One leg. Texts are without the blanks around them; an empty one was blank.

    Attributes:
        pnr ... passenger_status: the mandatory items.
        conditional: items of the repeated block by name, as far as its declared size reaches.
        airline_use: what follows that block, exactly as it stands; None where nothing does.
        flight_date: the local day of departure, None where the day of the year is none.
    """

    pnr: str
    origin: str
    destination: str
    operating_carrier: str
    flight_number: str
    day_of_year: str
    compartment: str
    seat: str
    sequence: str
    passenger_status: str
    conditional: Mapping[str, str]
    airline_use: str | None
    flight_date: date | None

    def as_json(self) -> dict[str, Any]:
        """The leg in the form of the corpus: conditional items and airline data only where present."""
        out: dict[str, Any] = {
            "pnr": self.pnr,
            "from": self.origin,
            "to": self.destination,
            "operating_carrier": self.operating_carrier,
            "flight_number": self.flight_number,
            "day_of_year": self.day_of_year,
            "compartment": self.compartment,
            "seat": self.seat,
            "sequence": self.sequence,
            "passenger_status": self.passenger_status,
            **self.conditional,
        }
        if self.airline_use is not None:
            out["airline_use"] = self.airline_use
        out["flight_date"] = None if self.flight_date is None else self.flight_date.isoformat()
        return out


@dataclass(frozen=True, slots=True)
class Security:
    """The security field. It is never checked here: its keys belong to the carriers."""

    type: str
    length: int
    data: str


@dataclass(frozen=True, slots=True)
class BoardingPass:
    """A bar-coded boarding pass of format M.

    Attributes:
        name_field: the twenty characters of the name, blanks included; a full field may have been cut.
        surname, given_names, title: its parts; `title_glued_candidate` is a title that may be glued to the given name.
        eticket_indicator: `E`, or another letter, or empty.
        legs: one to four.
        version: version digit, None where there is no conditional block.
        unique: items of the unique block by name, as far as its declared size reaches.
        security: present and not checked, or None.
        issue_date: day of issue, None where absent or no date.
        tolerated: what a strict reader would have rejected.
        remarks: what is in order and still worth attention.
    """

    name_field: str
    surname: str
    given_names: str
    title: str | None
    title_glued_candidate: str | None
    eticket_indicator: str
    legs: tuple[PassLeg, ...]
    version: str | None
    unique: Mapping[str, str]
    security: Security | None
    issue_date: date | None
    tolerated: tuple[Finding, ...] = ()
    remarks: tuple[Finding, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.tolerated + self.remarks

    @property
    def name_may_be_truncated(self) -> bool:
        return self.name_field[-1:] not in ("", " ")

    @property
    def key(self) -> str:
        """What tells this pass from others without saying whose it is: day, carrier, flight, sequence, origin."""
        leg = self.legs[0]
        day = leg.flight_date.isoformat() if leg.flight_date else leg.day_of_year
        return "-".join((day, leg.operating_carrier, leg.flight_number, leg.sequence, leg.origin))

    def as_json(self) -> dict[str, Any]:
        """The pass in the form of the corpus."""
        security = self.security
        out: dict[str, Any] = {
            "format_code": "M",
            "number_of_legs": len(self.legs),
            "passenger_name": self.name_field.strip(" "),
            "eticket_indicator": self.eticket_indicator,
            "legs": [leg.as_json() for leg in self.legs],
            "version": self.version,
            **self.unique,
            "security": None
            if security is None
            else {"type": security.type, "length": security.length, "data": security.data},
            "issue_date": None if self.issue_date is None else self.issue_date.isoformat(),
            "surname": self.surname,
            "title": self.title,
            "given_names": self.given_names,
            "name_may_be_truncated": self.name_may_be_truncated,
        }
        if self.title_glued_candidate is not None:
            out["title_glued_candidate"] = self.title_glued_candidate
        return out
