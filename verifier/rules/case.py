"""What is asked: who goes where, when, as known when, and what is shown.

A `Case` is made once (`from_json`, `from_travel`) and is then only looked at: local days, instants and evidence
states are worked
out here, so that judging a rule is comparing small numbers. Days are proleptic ordinals (`date.toordinal`), instants
are
seconds since 1970 UTC; both come as `(first, last)` where the exact value is not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from verifier.findings import NO_FACTS, Finding
from verifier.health.record import HealthRecord
from verifier.model import Journey, Traveller
from verifier.quick import quick
from verifier.rules.logic import MET

Range = tuple[int, int]

MAX_LEGS = 64
MAX_DOCUMENTS = 1000
MANY_LEGS = 16
MANY_DOCUMENTS = 100
"""More of them than any journey has: judged, but a person must look."""
MAX_DOSES = 64


class EvidenceState(StrEnum):
    """What a document's checks leave of its evidence (the table of document states in the design)."""

    USABLE = "usable"
    OPEN = "open"
    NONE = "none"


@quick
@dataclass(frozen=True, slots=True)
class Evidence:
    """One record and what its checks leave of it. `sighted`: seen by an agent on paper or as a photo, without
    signature.
    """

    record: HealthRecord
    state: EvidenceState = EvidenceState.USABLE
    sighted: bool = False


@quick
@dataclass(frozen=True, slots=True)
class Dose:
    """One dose. `state` is MET for usable evidence, OPEN otherwise; `number` of `total` as the document states them;
    `forms` are the formats of the documents that show it.
    """

    product: str | None
    days: Range
    number: int | None = None
    total: int | None = None
    booster: bool = False
    trial: str | None = None
    country: str | None = None
    disease: str = "covid-19"
    state: int = MET
    sighted: bool = False
    document: int | None = None
    forms: frozenset[str] = frozenset()


@quick
@dataclass(frozen=True, slots=True)
class Specimen:
    """One test. `days` are local to where it was taken (or the trip starts), `taken` the instants they allow."""

    kind: str
    result: str
    days: Range
    taken: Range
    place: str | None = None
    supervised: bool | None = None
    taken_by: str | None = None
    disease: str = "covid-19"
    state: int = MET
    sighted: bool = False
    document: int | None = None


@quick
@dataclass(frozen=True, slots=True)
class Recovered:
    """A past infection: day of the first positive specimen, kind and place of the test, and whether a letter clears for
    travel.
    """

    kind: str | None
    days: Range
    letter: bool | None = None
    disease: str = "covid-19"
    state: int = MET
    sighted: bool = False
    document: int | None = None
    place: str | None = None


@quick
@dataclass(frozen=True, slots=True)
class Shown:
    """A paper, form or attestation that was shown: `what` it is and its attributes."""

    what: str
    attributes: Mapping[str, Any] = field(default_factory=lambda: NO_FACTS)
    state: int = MET
    document: int | None = None


@quick
@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody who travels along. `vaccinated`: MET, OPEN or UNMET where it is stated, None where `doses` tell."""

    relation: str | None = None
    age: int | None = None
    vaccinated: int | None = None
    doses: tuple[Dose, ...] = ()


@quick
@dataclass(frozen=True, slots=True)
class Movement:
    """One leg: codes and places of both ends, instants (UTC) and local days of departure and arrival."""

    origin: str
    origin_place: str
    destination: str
    destination_place: str
    channel: str
    departs: Range
    departs_days: Range
    arrives: Range
    arrives_days: Range


@quick
@dataclass(frozen=True, slots=True)
class Stayed:
    """Presence in a place from day to day, both included."""

    place: str
    first: int
    last: int
    transit: bool = False


@quick
@dataclass(frozen=True, slots=True)
class Case:
    """A question to the rules.

    Attributes:
        legs: in order; `crossing` is the index of the leg that enters the country of destination.
        known_day, known_at: knowledge time; a bare day counts all that was public on it. `known_at` is None for a day.
        stays: presence before the journey; None where it was not stated. `stays_complete`: gaps mean "at the origin".
        status: place -> standing there (`{"US": "lpr"}`); `facts`: everything else stated about person and trip.
        party: None where it was not stated who travels along, empty where the person travels alone.
        problems: what is wrong with the question; any of them keeps the answer from `cleared`.
    """

    legs: tuple[Movement, ...]
    crossing: int
    known_day: int
    known_at: int | None
    citizenships: tuple[str, ...] = ()
    age: int | None = None
    born: Range | None = None
    residence: str | None = None
    status: Mapping[str, str] = field(default_factory=lambda: NO_FACTS)
    visa: str | None = None
    purpose: str | None = None
    facts: Mapping[str, Any] = field(default_factory=lambda: NO_FACTS)
    border: str | None = None
    stays: tuple[Stayed, ...] | None = None
    stays_complete: bool = False
    doses: tuple[Dose, ...] = ()
    tests: tuple[Specimen, ...] = ()
    recoveries: tuple[Recovered, ...] = ()
    shown: Mapping[str, tuple[Shown, ...]] = field(default_factory=lambda: NO_FACTS)
    party: tuple[Companion, ...] | None = None
    records: tuple[Evidence, ...] = ()
    problems: tuple[Finding, ...] = ()
    ident: str | None = field(default=None, compare=False)

    @property
    def entry(self) -> Movement:
        """The leg that enters the country of destination."""
        return self.legs[self.crossing]

    @property
    def destination(self) -> str:
        """Place that is entered, such as `US` or `GB-ENG`."""
        return self.legs[self.crossing].destination_place

    @property
    def origin(self) -> str:
        """Place where the journey starts."""
        return self.legs[0].origin_place

    @classmethod
    def from_json(cls, question: Mapping[str, Any]) -> Case:
        """A case in the form of the scenario corpus: `as_known_on`, `travel_date`, `traveller`, `trip`, `evidence`.

        Conventions of that form: without a time a journey leaves at noon in New York; a list of stays that is not
            given means
        the country of origin; what is not listed under `evidence` is not shown; on flights to the US before 2021
        attestation and contact data are not listed and taken as given.

        Raises:
            InputError: MISSING_FACT, BAD_FACT, DATE_IMPOSSIBLE or TOO_MANY where there is no question left to ask.
        """
        from verifier.rules.case_json import read_case

        return read_case(question)

    @classmethod
    def from_travel(
        cls,
        traveller: Traveller,
        journey: Journey,
        evidence: Sequence[Evidence],
        *,
        known: date | datetime,
        shown: Sequence[str | Mapping[str, Any]] = (),
        party: Sequence[tuple[Traveller, Sequence[Evidence]]] | None = None,
    ) -> Case:
        """A case from the types of the library. Nothing is assumed: what is not stated is unknown.

        Args:
            evidence: every record that was read, with the state its checks left it in.
            known: knowledge time; an aware datetime, or a day for all that was public on it.
            shown: what an agent saw: names (`attestation`, `contact_info`, `clearance-letter`), or mappings with
                `type` and attributes.
            party: who travels along, with their records; None where it was not asked.

        Raises:
            InputError: NO_BORDER for a journey without legs, TOO_MANY beyond 64 legs or 1000 documents, BAD_FACT
                for a naive time.
        """
        from verifier.rules.case_travel import build_case

        return build_case(traveller, journey, evidence, known=known, shown=shown, party=party)
