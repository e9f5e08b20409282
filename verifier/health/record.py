"""One record for vaccination, test and recovery of any format.

Formats fill what their document states and leave the rest None; nothing is guessed. Code tables
(`verifier.health.tables`) turn a format's codes into the product and test keys that rules use; the code as signed is
kept beside the key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from verifier.findings import Finding
from verifier.model import UNKNOWN_DATE, PartialDate
from verifier.quick import quick


class Disease(StrEnum):
    """Diseases this kit has rules or formats for."""

    COVID_19 = "covid-19"
    YELLOW_FEVER = "yellow-fever"
    POLIO = "polio"
    OTHER = "other"


class TestKind(StrEnum):
    """Kinds of test that entry rules tell apart."""

    __test__ = False

    NAAT = "naat"
    ANTIGEN = "antigen"
    ANTIBODY = "antibody"
    UNKNOWN = "unknown"


class TestResult(StrEnum):
    """What the test found."""

    __test__ = False

    NEGATIVE = "negative"
    POSITIVE = "positive"
    INCONCLUSIVE = "inconclusive"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class HolderDocument:
    """An identity document named inside a certificate. `kind` as the format writes it, `issuer` an ISO country code."""

    number: str
    kind: str | None = None
    issuer: str | None = None


@quick
@dataclass(frozen=True, slots=True)
class Holder:
    """The person a document is about.

    Attributes:
        surname, given: native spelling (`given` is one text, parts separated by blanks).
        surname_std, given_std: ICAO 9303 transliteration with `<` between parts, where the format carries it.
        full_name: one undivided string where that is all the format has (VDS-NC `n`: two blanks may divide it).
        initials_only: True where the format holds initials alone (NL2).
        birth_date: with its precision; `age` where only an age is stated.
    """

    surname: str | None = None
    given: str | None = None
    surname_std: str | None = None
    given_std: str | None = None
    full_name: str | None = None
    initials_only: bool = False
    birth_date: PartialDate = UNKNOWN_DATE
    age: int | None = None
    sex: str | None = None
    nationality: str | None = None
    documents: tuple[HolderDocument, ...] = ()
    guardian: str | None = None


@quick
@dataclass(frozen=True, slots=True)
class Coded:
    """A code as signed: `code` in `system`, the issuer's own `text`, and our table's `key` (None: not in the table)."""

    code: str | None = None
    system: str | None = None
    text: str | None = None
    key: str | None = None


NOT_CODED = Coded()


@quick
@dataclass(frozen=True, slots=True)
class Vaccination:
    """One dose. `dose` of `total` as stated (3/3, 3/1 and 2/1 are boosters); None where the format has none."""

    disease: Disease
    product: Coded
    date: PartialDate
    dose: int | None = None
    total: int | None = None
    maker: Coded = NOT_CODED
    vaccine: Coded = NOT_CODED
    lot: str | None = None
    country: str | None = None
    centre: str | None = None
    issuer: str | None = None
    certificate_id: str | None = None
    valid_from: PartialDate = UNKNOWN_DATE
    valid_until: PartialDate = UNKNOWN_DATE


@quick
@dataclass(frozen=True, slots=True)
class Test:
    """One test. `sampled` carries a zone; `sampled_on` is used where only a day is stated."""

    __test__ = False

    disease: Disease
    kind: TestKind
    result: TestResult
    sampled: datetime | None = None
    sampled_on: PartialDate = UNKNOWN_DATE
    reported: datetime | None = None
    device: Coded = NOT_CODED
    name: str | None = None
    country: str | None = None
    centre: str | None = None
    issuer: str | None = None
    certificate_id: str | None = None


@quick
@dataclass(frozen=True, slots=True)
class Recovery:
    """A recovery statement. `first_positive` is the day of the first positive test."""

    disease: Disease
    first_positive: PartialDate
    valid_from: PartialDate = UNKNOWN_DATE
    valid_until: PartialDate = UNKNOWN_DATE
    country: str | None = None
    issuer: str | None = None
    certificate_id: str | None = None


@quick
@dataclass(frozen=True, slots=True)
class HealthRecord:
    """What one document states about one person.

    Attributes:
        format: name of the format module.
        holder: who it is about.
        issuer: as stated inside the signed content (country code, URL or authority name).
        payload: the signed content as JSON-able data, for rules written against the format itself (CertLogic).
        findings: tolerances used while reading, and what the format cannot prove for travel.
    """

    format: str
    holder: Holder
    vaccinations: tuple[Vaccination, ...] = ()
    tests: tuple[Test, ...] = ()
    recoveries: tuple[Recovery, ...] = ()
    issuer: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
