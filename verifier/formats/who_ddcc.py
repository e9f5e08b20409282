"""DDCC core data sets: claim 3 (vaccination), claim 4 (test), and the drafts that lay bare at the top of the payload.

No issuer of these is known to live; what exists are drafts of 2021 and 2022 with flat, underscored names. Codes come as
text, or as `{code, system, display}`.

Source: WHO DDCC:VS and DDCC:TR models (ddcc a2f245a2); who.md section 2.3; formats.md section 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from verifier.errors import RecordError
from verifier.findings import Finding, Outcome
from verifier.formats.who_codes import WhoCode
from verifier.formats.who_values import country, day, issuer, mapping, number, plain, sex, text
from verifier.health import tables
from verifier.health.dates import parse_datetime
from verifier.health.record import Coded, Disease, HealthRecord, Holder, HolderDocument, Test, TestResult, Vaccination
from verifier.model import SignedPayload

NAME = "ddcc"
CLAIMS = (3, 4)
VACCINE = frozenset({"vaccine", "brand", "vaccination"})


def core_set(claims: Mapping[Any, Any]) -> Mapping[Any, Any] | None:
    """The core data set inside CWT claims: under its claim, or (drafts) the claims themselves; None without one."""
    hcert = claims.get(-260)
    if isinstance(hcert, Mapping):
        return next((found for claim in CLAIMS if isinstance(found := hcert.get(claim), Mapping)), None)
    named = "name" in claims or "birthDate" in claims
    return claims if named and (VACCINE & set(claims) or isinstance(claims.get("test"), Mapping)) else None


def states_test(core: Mapping[Any, Any]) -> bool:
    """True for a test result, False for a vaccination."""
    return isinstance(core.get("test"), Mapping)


def read_ddcc(payload: SignedPayload) -> HealthRecord:
    """The record of a core data set.

    Raises:
        RecordError: PAYLOAD_BROKEN, NO_PERSON, DDCC_NO_EVENT.
    """
    claims: Mapping[Any, Any] = payload.content
    core = core_set(claims)
    if core is None:
        raise RecordError(WhoCode.PAYLOAD_BROKEN, facts={"claim": CLAIMS[0]})
    findings: list[Finding] = []
    if core is claims:
        findings.append(Finding(WhoCode.DDCC_DRAFT, Outcome.NOTE))
    stated_by = issuer(claims, payload, findings)
    name = text(core, "name")
    if name is None:
        raise RecordError(WhoCode.NO_PERSON)
    passport = text(mapping(core.get("meta")), "passportNumber")  # Singapore's notarised results
    holder = Holder(
        full_name=name,
        birth_date=day(core, findings, "birthDate"),
        sex=sex(_code(core.get("sex")).code),
        documents=(HolderDocument(passport, "passport"),) if passport else (),
    )
    vaccinations = () if states_test(core) else (_vaccination(core, stated_by, findings),)
    tests = (_test(core, stated_by, findings),) if states_test(core) else ()
    return HealthRecord(
        NAME, holder, vaccinations, tests, issuer=stated_by, payload=plain(core), findings=tuple(findings)
    )


def _code(value: object) -> Coded:
    """A code with its system and words; a bare text is a code without system."""
    if isinstance(value, Mapping):
        return Coded(text(value, "code"), text(value, "system"), text(value, "display"))
    return Coded(value.strip() or None) if isinstance(value, str) else Coded()


def _first(core: Mapping[Any, Any], *names: str) -> Coded:
    return next((found for name in names if (found := _code(core.get(name))) != Coded()), Coded())


def _vaccination(core: Mapping[Any, Any], stated_by: str | None, findings: list[Finding]) -> Vaccination:
    dose = mapping(core.get("vaccination")) or core
    certificate = mapping(core.get("certificate")) or core
    brand, vaccine = _code(dose.get("brand")), _code(dose.get("vaccine"))
    if brand == Coded() and vaccine == Coded():
        raise RecordError(WhoCode.DDCC_NO_EVENT)
    product = _product(brand) or _product(vaccine)
    if product is None:
        findings.append(Finding(WhoCode.PRODUCT_UNKNOWN, Outcome.NOTE, {"code": brand.code and brand.code[:64]}))
    stated = _disease(_code(dose.get("disease"))) or _disease(vaccine)
    shown = brand if brand != Coded() else vaccine
    return Vaccination(
        disease=stated or (product.disease if product else Disease.OTHER),
        product=Coded(shown.code, shown.system, shown.text, product.key if product else None),
        date=day(dose, findings, "date"),
        dose=number(dose.get("dose")),
        total=number(dose.get("totalDoses", dose.get("total_doses"))),
        maker=_first(dose, "manufacturer", "maholder", "ma_holder"),
        vaccine=vaccine,
        lot=text(dose, "lot"),
        country=country(_code(dose.get("country")).code),
        centre=text(dose, "centre"),
        issuer=_code(certificate.get("issuer")).code or stated_by,
        certificate_id=text(certificate, "hcid"),
        valid_from=day(dose, findings, "validFrom", "vaccine_valid"),
    )


def _product(code: Coded) -> tables.Product | None:
    if code.code and code.system and (found := tables.product(code.system, code.code)):
        return found
    words = code.text or (code.code if not code.system else None)
    return tables.find_product(words) if words else None


def _disease(code: Coded) -> Disease | None:
    if code.code and (found := tables.disease_of(code.system or "icd11", code.code)):
        return found
    return tables.disease_of("text", code.text) if code.text else None


def _test(core: Mapping[Any, Any], stated_by: str | None, findings: list[Finding]) -> Test:
    test = mapping(core.get("test"))
    kind, result = _code(test.get("type")), _code(test.get("result"))
    said = tables.test_result(result.system or "text", result.code or "")
    if said is TestResult.POSITIVE:
        findings.append(Finding(WhoCode.TEST_POSITIVE, Outcome.NOTE))
    elif said is not TestResult.NEGATIVE:
        findings.append(Finding(WhoCode.RESULT_UNKNOWN, Outcome.OPEN))
    sampled, on, notes = parse_datetime(test.get("date"), field="date")
    findings.extend(notes)
    return Test(
        disease=_disease(_code(test.get("pathogen"))) or Disease.OTHER,
        kind=tables.test_kind(kind.system or "text", kind.code or ""),
        result=said,
        sampled=sampled,
        sampled_on=on,
        name=kind.text or kind.code,
        country=country(_code(test.get("country")).code),
        centre=text(test, "centre"),
        issuer=stated_by,
        certificate_id=text(core, "hcid", "identifier"),
    )
