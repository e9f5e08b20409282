"""Claim -6: the WHO digital vaccination certificate, and the International Certificate of Vaccination (ICVP).

Three generations share the claim. `v` is the vaccination in the two older ones and the version of the template in the
new one; `dt` is the day of the dose inside the old `v` and the kind of identity document at the top of the new one.

Validity is never taken from the payload: medical validity follows from product and day, `exp` ends the signature.

Source: smart-icvp ICVPMin and requirements (April 2026), smart-trust-phw DVCMin; who.md sections 2.1 and 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from verifier.errors import RecordError
from verifier.findings import Finding, Outcome
from verifier.formats.who_codes import WhoCode
from verifier.formats.who_values import country, day, issuer, mapping, number, plain, sex, text
from verifier.health import tables
from verifier.health.record import Coded, Disease, HealthRecord, Holder, HolderDocument, Vaccination
from verifier.model import UNKNOWN_DATE, SignedPayload

NAME = "icvp"
CLAIM = -6
DOMAIN = "ICVP"
SCOPE = frozenset({Disease.YELLOW_FEVER, Disease.POLIO})
KNOWN_MAJORS = frozenset({"0", "1"})  # of the template; the specification itself still counts 0.3.0
# the amended International Health Regulations: digital certificates issued from this day on count (REQ-CC-09)
IN_FORCE = datetime(2025, 9, 19, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Generation:
    """Names of the fields in one generation."""

    year: int
    dose: str
    date: tuple[str, ...]
    nationality: tuple[str, ...]
    document: str
    document_kind: str


# the 2026 draft once had `dt` inside `vx`, and one requirement still says so
GENERATIONS: Mapping[int, Generation] = {
    2024: Generation(2024, "v", ("dt",), ("ntl",), "nid", "ndt"),
    2025: Generation(2025, "v", ("dt",), ("ntl", "nt"), "nid", "ndt"),
    2026: Generation(2026, "vx", ("dv", "dt"), ("nt", "ntl"), "id", "dt"),
}
_ONLY_2024 = frozenset({"tg", "dn", "ma", "mp", "mid"})


def generation(payload: Mapping[Any, Any]) -> Generation | None:
    """Which generation a payload is of, or None where it holds no dose."""
    if "vx" in payload:
        return GENERATIONS[2026]
    dose = payload.get("v")
    dose = dose[0] if isinstance(dose, (list, tuple)) and dose else dose
    if not isinstance(dose, Mapping):
        return None
    return GENERATIONS[2024 if _ONLY_2024 & set(dose) else 2025]


def read_icvp(payload: SignedPayload) -> HealthRecord:
    """The record of one dose.

    Raises:
        RecordError: PAYLOAD_BROKEN, NO_PERSON, NO_DOSE, SEVERAL_DOSES.
    """
    claims: Mapping[Any, Any] = payload.content
    content = mapping(claims.get(-260)).get(CLAIM)
    if not isinstance(content, Mapping):
        raise RecordError(WhoCode.PAYLOAD_BROKEN, facts={"claim": CLAIM})
    found = generation(content)
    if found is None:
        raise RecordError(WhoCode.NO_DOSE)
    findings: list[Finding] = []
    stated_by = issuer(claims, payload, findings)
    _check_certificate(content, found, payload, findings)
    dose = _dose(_single(content[found.dose]), found, stated_by, findings)
    holder = _holder(content, found, findings)
    return HealthRecord(NAME, holder, (dose,), issuer=stated_by, payload=plain(content), findings=tuple(findings))


def _single(dose: object) -> Mapping[Any, Any]:
    """Exactly one dose per certificate (REQ-CC-03)."""
    doses = list(dose) if isinstance(dose, (list, tuple)) else [dose]
    if len(doses) > 1:
        raise RecordError(WhoCode.SEVERAL_DOSES, facts={"doses": len(doses)})
    if not doses or not isinstance(doses[0], Mapping):
        raise RecordError(WhoCode.NO_DOSE)
    return doses[0]


def _check_certificate(
    content: Mapping[Any, Any], found: Generation, payload: SignedPayload, findings: list[Finding]
) -> None:
    """What the certificate as a whole cannot prove for travel."""
    if found.year == 2026:
        version = text(content, "v")
        if version is None or version.partition(".")[0] not in KNOWN_MAJORS:
            shown = version[:12] if version and version.replace(".", "").isalnum() else None
            findings.append(Finding(WhoCode.VERSION_UNKNOWN, Outcome.OPEN, {"version": shown}))
    else:
        findings.append(Finding(WhoCode.OLD_GENERATION, Outcome.NOTE, {"year": found.year}))
    domain = payload.signer.domain
    if payload.signer.key_id and domain != DOMAIN:  # without a key there is no domain to judge
        findings.append(Finding(WhoCode.KEY_DOMAIN, Outcome.OPEN, {"domain": domain}))
    issued = payload.dates.issued
    if issued is not None and issued < IN_FORCE:
        facts = {"issued": issued.date().isoformat(), "from": IN_FORCE.date().isoformat()}
        findings.append(Finding(WhoCode.ISSUED_EARLY, Outcome.OPEN, facts))


def _holder(content: Mapping[Any, Any], found: Generation, findings: list[Finding]) -> Holder:
    name = text(content, "n")
    if name is None:
        raise RecordError(WhoCode.NO_PERSON)
    document = text(content, found.document)
    kind = text(content, found.document_kind)
    return Holder(
        full_name=name,
        birth_date=day(content, findings, "dob"),
        sex=sex(text(content, "s")),
        nationality=country(text(content, *found.nationality)),
        documents=(HolderDocument(document, kind),) if document else (),
        guardian=text(content, "gn"),
    )


def _dose(dose: Mapping[Any, Any], found: Generation, stated_by: str | None, findings: list[Finding]) -> Vaccination:
    code, target = text(dose, "vp"), text(dose, "tg")
    product = _product(code)
    disease = _disease(code, target, product)
    if product is None or not _listed(code):
        findings.append(Finding(WhoCode.PRODUCT_NOT_LISTED, Outcome.OPEN, {"product": code and code[:64]}))
    if disease is not None and disease not in SCOPE:
        findings.append(Finding(WhoCode.OUT_OF_SCOPE, Outcome.OPEN, {"disease": disease.value}))
    date = day(dose, findings, *found.date)
    lot, clinician, authority = text(dose, "bo"), text(dose, "cn"), text(dose, "is")
    for missing, what in (
        (date == UNKNOWN_DATE, WhoCode.DATE_MISSING),
        (lot is None, WhoCode.BATCH_MISSING),
        (clinician is None and authority is None, WhoCode.VACCINATOR_MISSING),
    ):
        if missing:
            findings.append(Finding(what, Outcome.OPEN))
    if "vls" in dose or "vle" in dose:
        findings.append(Finding(WhoCode.VALIDITY_IGNORED, Outcome.NOTE))
    maker = text(dose, "ma") or (product.maker if product else None)
    return Vaccination(
        disease=disease or Disease.OTHER,
        product=Coded(code, "icvp", product.name if product else None, product.key if product else None),
        date=date,
        dose=number(dose.get("dn")),
        maker=Coded(text=maker),
        vaccine=Coded(target, "icd11") if target else Coded(),
        lot=lot,
        centre=clinician or authority,
        issuer=authority or stated_by,
    )


def _product(code: str | None) -> tables.Product | None:
    """By the catalogue of either generation of ids; older payloads carry ICD-11 codes of vaccines."""
    if code is None:
        return None
    return tables.product("icvp", code) or tables.product("icd11", code)


def _listed(code: str | None) -> bool:
    """True for an id of the WHO catalogue; a code for a kind of vaccine names no prequalified product."""
    return code is not None and tables.product("icvp", code) is not None


def _disease(code: str | None, target: str | None, product: tables.Product | None) -> Disease | None:
    if product is not None:
        return product.disease
    for system, stated in (("icd11", code), ("snomed", code), ("icd11", target)):
        if stated and (disease := tables.disease_of(system, stated)):
            return disease
    return None
