"""The types every stage shares: scans, envelopes, signed payloads, travellers and journeys.

Frozen, slotted dataclasses without behaviour beyond named constructors. Nothing here reads a clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal

from verifier.findings import Finding
from verifier.partial import UNKNOWN_DATE as UNKNOWN_DATE
from verifier.partial import PartialDate as PartialDate
from verifier.quick import quick

# --- scans ------------------------------------------------------------------------------------------------------------


class Symbology(StrEnum):
    """Barcode kinds that carry travel or health documents."""

    QR = "qr"
    AZTEC = "aztec"
    PDF417 = "pdf417"
    DATA_MATRIX = "data-matrix"


@quick
@dataclass(frozen=True, slots=True)
class Scan:
    """One thing a person showed: bytes and how to take them.

    `payload`: what a barcode or wedge scanner delivered, undecoded. `image`: an encoded picture. `file`: the bytes of a
    downloaded certificate file (`.smart-health-card`, FHIR JSON, PDF). `frame` marks a live camera frame, where only QR
    and Aztec are looked for.
    """

    data: bytes
    kind: Literal["payload", "image", "file"] = "payload"
    frame: bool = False
    symbology: Symbology | None = None

    @classmethod
    def text(cls, text: str | bytes) -> Scan:
        """A payload as text (UTF-8) or raw bytes. Never stripped: blanks are data."""
        return cls(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)

    @classmethod
    def image(cls, data: bytes, *, frame: bool = False) -> Scan:
        """An encoded picture: PNG, JPEG, WebP, GIF or TIFF."""
        return cls(data, "image", frame)

    @classmethod
    def file(cls, data: bytes) -> Scan:
        """The bytes of a certificate file."""
        return cls(data, "file")


# --- envelopes and signed payloads ------------------------------------------------------------------------------------


class Claim(StrEnum):
    """What kind of statement a document makes; key usage is judged against it."""

    VACCINATION = "vaccination"
    TEST = "test"
    RECOVERY = "recovery"
    PASS = "pass"
    LINK = "link"


@quick
@dataclass(frozen=True, slots=True)
class SignedDates:
    """Dates of the signature (UTC), not of medical validity. None where the format has none."""

    issued: datetime | None = None
    not_before: datetime | None = None
    expires: datetime | None = None


@quick
@dataclass(frozen=True, slots=True)
class SignerHint:
    """Where the document says its key is to be found. Hints only: nothing here is trusted.

    Attributes:
        ring: name of the key ring to search: `hcert`, `shc`, `icao`, `divoc`, `nzcp`, `cred`, `2ddoc` or `nl2`.
        kid: key identifier exactly as bytes (a text kid is its UTF-8), or None.
        issuer: who claims to have issued: URL, DID, or country. Rings bound to an issuer search under it only.
        certificate: DER certificate carried in the document, if any.
    """

    ring: str
    kid: bytes | None = None
    issuer: str | None = None
    certificate: bytes | None = None


@quick
@dataclass(frozen=True, slots=True)
class Envelope:
    """A well-formed document before trust. `content` must not be believed; only `TrustStore` turns it into a payload.

    Attributes:
        format: name of the format module.
        hint: where to look for the signer.
        algorithm: registered name as claimed (`ES256`, `PS256`, `EdDSA`...), or None where the format fixes it by key.
        signed: exactly the bytes the signature covers.
        signature: signature bytes as carried.
        content: decoded content; where only part of the document is signed, that part alone.
        dates: dates of the signature.
        claims: what the content states, for key usage.
        findings: tolerances used while unwrapping.
        revocation_id: identifier that a revocation list of this ring may name (SHC rid, UVCI), or None.
    """

    format: str
    hint: SignerHint
    algorithm: str | None
    signed: bytes
    signature: bytes
    content: Any
    dates: SignedDates = SignedDates()
    claims: frozenset[Claim] = frozenset()
    findings: tuple[Finding, ...] = ()
    revocation_id: str | None = None


@dataclass(frozen=True, slots=True)
class Signer:
    """The key that verified, and why it is trusted.

    Attributes:
        ring: key ring it was found in.
        key_id: SHA-256 (hex) of the certificate, or of the SubjectPublicKeyInfo where there is no certificate.
        kid: identifier under which it is listed (hex for binary kids, text otherwise).
        name: subject or issuer name as the list states it.
        country: ISO 3166-1 alpha-2 (or the list's own placeholder), None if unknown.
        issuer: URL or DID the key is bound to, None if it is not.
        claims: kinds it may vouch for; None means no restriction is known.
        not_before, not_after: validity of its certificate (UTC), None without one.
        source: identifier of the list or file it came from.
        path: trust path as subject names, leaf first; empty where presence on the list is the trust.
    """

    ring: str
    key_id: str
    kid: str | None = None
    name: str | None = None
    country: str | None = None
    issuer: str | None = None
    claims: frozenset[Claim] | None = None
    not_before: datetime | None = None
    not_after: datetime | None = None
    source: str = ""
    path: tuple[str, ...] = ()
    domain: str | None = None


@quick
@dataclass(frozen=True, slots=True)
class SignedPayload:
    """Content whose signature was verified. Only `verifier.trust.store` makes one (held by a test).

    `findings` are those of trust: dates, key usage, revocation, age of the list.
    """

    format: str
    content: Any
    signer: Signer
    dates: SignedDates
    claims: frozenset[Claim] = frozenset()
    findings: tuple[Finding, ...] = ()


# --- people and journeys ----------------------------------------------------------------------------------------------


class Source(StrEnum):
    """Where a value of Traveller or Journey came from."""

    PASSPORT = "passport"
    BOARDING_PASS = "boarding-pass"
    BOOKING = "booking"
    FLIGHT_LIST = "flight-list"
    CERTIFICATE = "certificate"
    AGENT = "agent"


class Channel(StrEnum):
    """How a border is crossed."""

    AIR = "air"
    LAND = "land"
    RAIL = "rail"
    FERRY = "ferry"
    SEA = "sea"


@dataclass(frozen=True, slots=True)
class Stay:
    """Presence in a place (ISO country or territory code), first and last day included; transit counts as presence."""

    place: str
    first: date
    last: date
    transit: bool = False


@dataclass(frozen=True, slots=True)
class TravelDocument:
    """A passport or other travel document. `number` without fillers; `kind` as in the MRZ (`P`, `ID`, `V`)."""

    number: str | None = None
    kind: str | None = None
    issuer: str | None = None
    expires: PartialDate = UNKNOWN_DATE


@dataclass(frozen=True, slots=True)
class Traveller:
    """The person who wants to board. None means "not stated", never "no".

    Attributes:
        surname, given_names: as the source writes them (any script); `name_field` keeps a fixed-width original such as
            an MRZ name field or a boarding-pass name, whose truncation matters for matching.
        citizenships: ISO 3166-1 alpha-2 codes, or ICAO specials such as XXA for stateless.
        status: standing at each destination, e.g. {"US": "lpr"}; words of the rule packs.
        sources: field name -> where the value came from.
        facts: further rule facts stated by an agent or booking (occupation, relationship, programme_start ...).
    """

    surname: str | None = None
    given_names: str | None = None
    name_field: str | None = None
    birth_date: PartialDate = UNKNOWN_DATE
    age: int | None = None
    sex: str | None = None
    citizenships: tuple[str, ...] = ()
    residence: str | None = None
    status: Mapping[str, str] = field(default_factory=dict)
    visa: str | None = None
    document: TravelDocument | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Leg:
    """One movement. Places are IATA airport codes, or ISO country/territory codes where no airport is known.

    `departs` / `arrives` carry a zone. `flight_date` is the local calendar day where no time is known.
    """

    origin: str
    destination: str
    channel: Channel = Channel.AIR
    departs: datetime | None = None
    arrives: datetime | None = None
    flight_date: date | None = None
    carrier: str | None = None
    flight: str | None = None
    border: str | None = None


@dataclass(frozen=True, slots=True)
class Journey:
    """The whole trip: legs in order, why, and where the traveller was before it (None: not stated)."""

    legs: tuple[Leg, ...]
    purpose: str | None = None
    stays: Sequence[Stay] | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)
