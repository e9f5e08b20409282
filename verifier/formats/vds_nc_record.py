"""What an ICAO VDS-NC seal says: doses of a vaccination, or one test.

Source: ICAO TR VDS-NC 1.4, sections on the data structures of `icao.vacc` and `icao.test`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from verifier.errors import RecordError
from verifier.findings import Finding, Outcome
from verifier.formats.vds_nc_codes import VdsCode
from verifier.health import tables
from verifier.health.dates import parse_date, parse_datetime
from verifier.health.record import (
    Coded,
    Disease,
    HealthRecord,
    Holder,
    HolderDocument,
    Test,
    TestKind,
    TestResult,
    Vaccination,
)
from verifier.model import UNKNOWN_DATE, PartialDate, SignedPayload
from verifier.quick import remembered

NAME = "vds-nc"
VACCINATION, TEST = "icao.vacc", "icao.test"
# codes of Utopia, ICAO's specimen country: no ISO code, and two letters in certificates
SPECIMEN: Mapping[str, str] = {"UTO": "UT"}
_NO_SERIES = Finding(VdsCode.NO_SERIES, Outcome.NOTE)


@remembered(256)
def two_letters(country: str | None) -> str | None:
    """ISO alpha-2 of a country as the seal writes it; unknown codes as they are."""
    if country is None:
        return None
    return tables.country_alpha2(country) or SPECIMEN.get(country) or country


def read(payload: SignedPayload) -> HealthRecord:
    """The record of a seal.

    Raises:
        RecordError: NO_PERSON, NO_DOSE, NO_RESULT.
    """
    content: Mapping[str, Any] = payload.content
    header, message = content["hdr"], content["msg"]
    findings: list[Finding] = []
    issuer = two_letters(_text(header, "is"))
    signer = payload.signer.country
    if issuer and signer and issuer != signer:
        facts = {"issuer": issuer[:3], "signer": signer}
        findings.append(Finding(VdsCode.ISSUER_NOT_SIGNER, Outcome.OPEN, facts, alert=True))
    person = message.get("pid")
    if not isinstance(person, dict) or _text(person, "n") is None:
        raise RecordError(VdsCode.NO_PERSON)
    holder = _holder(person, findings)
    if header["t"] == VACCINATION:
        doses = _doses(message, issuer, findings)
        findings.append(_NO_SERIES)
        return HealthRecord(NAME, holder, doses, issuer=issuer, payload=content, findings=tuple(findings))
    test = _test(message, issuer, findings)
    return HealthRecord(NAME, holder, tests=(test,), issuer=issuer, payload=content, findings=tuple(findings))


def _holder(person: Mapping[str, Any], findings: list[Finding]) -> Holder:
    name = _text(person, "n")
    surname, divider, given = (name or "").partition("<<")
    number, kind = _text(person, "i"), None
    if number is None:
        number, kind = _text(person, "dn"), _text(person, "dt")
    sex = (_text(person, "sex") or "").upper()
    return Holder(
        surname_std=surname if divider else None,
        given_std=(given.rstrip("<") or None) if divider else None,
        full_name=name,
        birth_date=_date(person, "dob", findings),
        sex=sex if sex in ("M", "F", "X") else None,
        documents=(HolderDocument(number, kind),) if number else (),
    )


def _doses(message: Mapping[str, Any], issuer: str | None, findings: list[Finding]) -> tuple[Vaccination, ...]:
    """Every dose. One product with several doses, or one entry a dose (Japan), is the same thing."""
    identifier = _text(message, "uvci")
    found = [
        _dose(event, dose, issuer, identifier, findings)
        for event in _objects(message.get("ve"))
        for dose in _objects(event.get("vd"))
    ]
    if not found:
        raise RecordError(VdsCode.NO_DOSE)
    return tuple(found)


@remembered(256)
def _vaccine(code: str | None, name: str | None, disease: str | None) -> tuple[Coded, Disease]:
    """What the codes of an event mean. The name tells the product, because the code names only its technique."""
    product = (tables.find_product(name) if name else None) or (tables.product("icd11", code) if code else None)
    stated = tables.disease_of("icd11", disease) if disease else None
    meant = stated or (tables.disease_of("icd11", code) if code else None) or (product.disease if product else None)
    coded = Coded(code, "icd11" if code else None, name, product.key if product else None)
    return coded, meant or Disease.OTHER


def _dose(
    event: Mapping[str, Any],
    dose: Mapping[str, Any],
    issuer: str | None,
    identifier: str | None,
    findings: list[Finding],
) -> Vaccination:
    code, name, disease = _text(event, "des"), _text(event, "nam"), _text(event, "dis")
    product, meant = _vaccine(code, name, disease)
    if product.key is None:
        findings.append(Finding(VdsCode.PRODUCT_UNKNOWN, Outcome.NOTE, {"code": code and code[:16]}))
    return Vaccination(
        disease=meant,
        product=product,
        date=_date(dose, "dvc", findings),
        dose=_number(dose.get("seq")),
        lot=_text(dose, "lot"),
        country=two_letters(_text(dose, "ctr")),
        centre=_text(dose, "adm"),
        issuer=issuer,
        certificate_id=identifier,
    )


def _test(message: Mapping[str, Any], issuer: str | None, findings: list[Finding]) -> Test:
    """The one test. The seal names no disease: the profile was made for COVID-19 alone."""
    provider, times, result = (_objects(message.get(name)) for name in ("sp", "dat", "tr"))
    if not result:
        raise RecordError(VdsCode.NO_RESULT)
    said = tables.test_result("text", _text(result[0], "r") or "")
    if said is TestResult.POSITIVE:
        findings.append(Finding(VdsCode.TEST_POSITIVE, Outcome.NOTE))
    elif said is not TestResult.NEGATIVE:
        findings.append(Finding(VdsCode.RESULT_UNKNOWN, Outcome.OPEN))
    kind = _text(result[0], "tc")
    moments = times[0] if times else {}
    sampled, day, notes = parse_datetime(moments.get("sc"), field="sc")
    findings.extend(notes)
    place = provider[0] if provider else {}
    return Test(
        disease=Disease.COVID_19,
        kind=tables.test_kind("text", kind) if kind else TestKind.UNKNOWN,
        result=said,
        sampled=sampled,
        sampled_on=day,
        reported=parse_datetime(moments["ri"], field="ri")[0] if _text(moments, "ri") else None,
        name=kind,
        country=two_letters(_text(place, "ctr")),
        centre=_text(place, "spn"),
        issuer=issuer,
        certificate_id=_text(message, "utci"),
    )


def _date(holder: Mapping[str, Any], field: str, findings: list[Finding]) -> PartialDate:
    value = holder.get(field)
    if value is None or value == "":
        return UNKNOWN_DATE
    day, notes = parse_date(value, field=field)
    findings.extend(notes)
    return day


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [item for item in (value if isinstance(value, list) else (value,)) if isinstance(item, dict)]


def _text(holder: Mapping[str, Any], name: str) -> str | None:
    """A text as signed: blanks inside stay, because two of them divide a name."""
    value = holder.get(name)
    return value.strip() or None if isinstance(value, str) else None


def _number(value: object) -> int | None:
    """A sequence number, which some issuers write as text."""
    if isinstance(value, str) and 0 < len(value) <= 3 and value.isascii() and value.isdigit():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
