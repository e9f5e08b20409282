"""The FHIR bundle of a SMART Health Card as a health record.

Classified by the resources it holds, never by `vc.type`. Only what counts is taken: completed immunisations, final
tests. Everything else leaves a finding, so that an agent sees why a dose on the phone's screen is not a dose here.
There is no dose number and no series length: order is by date, and the number of doses is the number of entries.

Findings about single values are notes: what a missing date or an unknown product means, the requirements judge.

Source: SMART Health Cards framework 1.4; Vaccination & Testing Implementation Guide 0.6; FHIR R4 4.0.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from verifier.errors import RecordError
from verifier.findings import Finding, Outcome
from verifier.formats.shc_codes import ShcCode
from verifier.health import tables
from verifier.health.dates import parse_date, parse_datetime
from verifier.health.record import (
    NOT_CODED,
    Coded,
    Disease,
    HealthRecord,
    Holder,
    Test,
    TestKind,
    TestResult,
    Vaccination,
)
from verifier.model import UNKNOWN_DATE
from verifier.quick import remembered

COUNTED_TESTS = ("final", "amended", "corrected")
SEX = {"male": "M", "female": "F", "other": "X"}
# earlier in the list is preferred; a former or invented name is taken only where there is no other
NAME_USES = ("official", "usual", None, "temp", "nickname", "anonymous", "old", "maiden")
_NO_DOCUMENT_NUMBER = Finding(ShcCode.NO_DOCUMENT_NUMBER, Outcome.NOTE)
_NOTHING_COUNTED = Finding(ShcCode.NOTHING_COUNTED, Outcome.OPEN)
_META = Finding(ShcCode.META, Outcome.NOTE)


def resources(vc: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """The resources of the bundle in order; None where there is no bundle."""
    subject = vc.get("credentialSubject")
    bundle = subject.get("fhirBundle") if isinstance(subject, dict) else None
    entries = bundle.get("entry") if isinstance(bundle, dict) else None
    if not isinstance(entries, list):
        return None
    return [
        entry["resource"] for entry in entries if isinstance(entry, dict) and isinstance(entry.get("resource"), dict)
    ]


def read_bundle(name: str, content: Mapping[str, Any]) -> HealthRecord:
    """The record of verified claims.

    Args:
        name: of the format.
        content: the claims, `vc` being an object.

    Raises:
        RecordError: BUNDLE, PATIENT_SEVERAL.
    """
    found = resources(content["vc"])
    if found is None:
        raise RecordError(ShcCode.BUNDLE)
    notes: list[Finding] = [_NO_DOCUMENT_NUMBER]
    patients: list[dict[str, Any]] = []
    doses: list[Vaccination] = []
    tests: list[Test] = []
    others = 0
    extra = False
    for position, resource in enumerate(found):
        kind = resource.get("resourceType")
        if kind == "Immunization":
            _immunization(resource, position, doses, notes)
        elif kind == "Observation":
            others += not _observation(resource, position, tests, notes)
        elif kind == "Patient":
            patients.append(resource)
        meta = resource.get("meta")
        extra = extra or (meta is not None and not _is_plain(meta))
    if extra:
        notes.append(_META)
    if others:
        notes.append(Finding(ShcCode.TEST_OTHER, Outcome.NOTE, {"observations": others}))
    if not doses and not tests:
        notes.append(_NOTHING_COUNTED)
    return HealthRecord(
        format=name,
        holder=_holder(patients, notes),
        vaccinations=tuple(doses),
        tests=tuple(tests),
        issuer=content["iss"],
        payload=content,
        findings=tuple(notes),
    )


def _is_plain(meta: Any) -> bool:
    """True for a `meta` as a card may carry it: nothing, or the level of identity assurance."""
    if not isinstance(meta, dict) or not meta.keys() <= {"security"}:
        return False
    return all(isinstance(item, dict) and "code" in item for item in _list(meta.get("security")))


# --- small readers: FHIR as issued holds empty texts, arrays and objects where values belong --------------------------


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    return (value.strip() or None) if isinstance(value, str) else None


def _display(value: Any, *path: str) -> str | None:
    """The first text at this path in a list of objects."""
    for item in _list(value):
        for step in path:
            item = item.get(step) if isinstance(item, dict) else None
        found = _text(item)
        if found is not None:
            return found
    return None


def _codings(concept: Any) -> list[tuple[str | None, str, str | None]]:
    """(system, code, display) of a CodeableConcept; the concept's own text stands in for a missing display."""
    if not isinstance(concept, dict):
        return []
    text = concept.get("text")
    found = []
    for coding in _list(concept.get("coding")):
        if isinstance(coding, dict) and (code := _text(coding.get("code"))) is not None:
            found.append((_text(coding.get("system")), code, _text(coding.get("display", text))))
    return found


# --- the person -------------------------------------------------------------------------------------------------------


def _holder(patients: list[dict[str, Any]], notes: list[Finding]) -> Holder:
    if not patients:
        notes.append(Finding(ShcCode.PATIENT_MISSING, Outcome.OPEN))
        return Holder()
    if len(patients) > 1 and any(other != patients[0] for other in patients[1:]):
        raise RecordError(ShcCode.PATIENT_SEVERAL, facts={"patients": len(patients)})
    patient = patients[0]
    surname, given, full = _name(patient.get("name"))
    if surname is None and given is None and full is None:
        notes.append(Finding(ShcCode.NAME_MISSING, Outcome.OPEN))
    birth, unclear = parse_date(patient.get("birthDate"), field="birthDate")
    notes.extend(unclear)
    sex = patient.get("gender")
    return Holder(
        surname=surname,
        given=given,
        full_name=full if surname is None and given is None else None,
        birth_date=birth,
        sex=SEX.get(sex) if isinstance(sex, str) else None,
    )


def _name(names: Any) -> tuple[str | None, str | None, str | None]:
    """Family, given names joined by blanks, and the undivided text of the preferred name."""
    best: tuple[int, tuple[str | None, str | None, str | None]] | None = None
    for name in _list(names):
        if not isinstance(name, dict):
            continue
        given = name.get("given")
        parts = (given,) if isinstance(given, str) else _list(given)
        joined = " ".join(part for item in parts if (part := _text(item)) is not None) or None
        read = (_text(name.get("family")), joined, _text(name.get("text")))
        if len(names) == 1:
            return read
        use = name.get("use")
        rank = NAME_USES.index(use) if use in NAME_USES else len(NAME_USES)
        if any(read) and (best is None or rank < best[0]):
            best = rank, read
    return best[1] if best is not None else (None, None, None)


# --- doses ------------------------------------------------------------------------------------------------------------


@remembered(1024)
def _product(system: str | None, code: str, display: str | None) -> tuple[Coded, Disease | None]:
    """A vaccine code with our key and its disease. Issuers repeat few codes, so answers are kept."""
    named = tables.product(system or "", code)
    key = None if named is None else named.key
    return Coded(code, system, display, key), tables.disease_of(system or "", code)


def _immunization(resource: dict[str, Any], position: int, doses: list[Vaccination], notes: list[Finding]) -> None:
    status = resource.get("status")
    if status != "completed" or resource.get("isSubpotent") is True:
        reason = "subpotent" if status == "completed" else str(status)[:20]
        notes.append(Finding(ShcCode.DOSE_NOT_COUNTED, Outcome.NOTE, {"entry": position, "status": reason}))
        return
    product, disease = _vaccine(resource.get("vaccineCode"))
    if product.key is None and disease in (None, Disease.COVID_19):
        notes.append(Finding(ShcCode.PRODUCT_UNKNOWN, Outcome.NOTE, {"entry": position, "code": product.code}))
    stated = resource.get("occurrenceDateTime", resource.get("occurrenceString"))
    if stated is None:
        date = UNKNOWN_DATE
        notes.append(Finding(ShcCode.DOSE_DATE_MISSING, Outcome.NOTE, {"entry": position}))
    else:
        date, unclear = parse_date(stated, field="occurrenceDateTime")
        notes.extend(unclear)
    maker = resource.get("manufacturer")
    dose, total = _protocol(resource["protocolApplied"]) if "protocolApplied" in resource else (None, None)
    doses.append(
        Vaccination(
            disease=disease or Disease.OTHER,
            product=product,
            date=date,
            dose=dose,
            total=total,
            maker=Coded(text=_text(maker.get("display"))) if isinstance(maker, dict) else NOT_CODED,
            lot=_text(resource.get("lotNumber")),
            centre=_display(resource.get("performer"), "actor", "display"),
        )
    )


def _vaccine(concept: Any) -> tuple[Coded, Disease | None]:
    """Several codings mean the same dose: the first that our tables know, else the first."""
    if not isinstance(concept, dict):
        return NOT_CODED, None
    listed = concept.get("coding")
    if isinstance(listed, list) and len(listed) == 1 and isinstance(only := listed[0], dict) and len(only) == 2:
        system, code = only.get("system"), only.get("code")
        if isinstance(system, str) and isinstance(code, str) and code and "text" not in concept:
            return _product(system, code, None)  # what nearly every card holds
    known = [_product(*coding) for coding in _codings(concept)]
    if len(known) == 1:
        return known[0]
    if not known:
        return Coded(text=_text(concept.get("text"))), None
    best = next((item for item in known if item[0].key is not None), known[0])
    return best[0], best[1] or next((disease for _, disease in known if disease is not None), None)


def _protocol(applied: Any) -> tuple[int | None, int | None]:
    """Dose and series length of the few issuers that state them (FHIR `protocolApplied`)."""
    first = next((item for item in _list(applied) if isinstance(item, dict)), {})
    numbers = (first.get("doseNumberPositiveInt"), first.get("seriesDosesPositiveInt"))
    dose, total = (n if isinstance(n, int) and not isinstance(n, bool) and 0 < n < 100 else None for n in numbers)
    return dose, total


# --- tests ------------------------------------------------------------------------------------------------------------


@remembered(1024)
def _kind(system: str | None, code: str) -> TestKind:
    return tables.test_kind(system or "", code)


def _observation(resource: dict[str, Any], position: int, tests: list[Test], notes: list[Finding]) -> bool:
    """Take a test into `tests` where it counts; False where it is none that this kit knows."""
    codings = _codings(resource.get("code"))
    known = next(((coding, kind) for coding in codings if (kind := _kind(*coding[:2])) is not TestKind.UNKNOWN), None)
    if known is None:
        return False
    status = resource.get("status")
    if status not in COUNTED_TESTS:
        facts = {"entry": position, "status": str(status)[:20]}
        notes.append(Finding(ShcCode.TEST_NOT_COUNTED, Outcome.NOTE, facts))
        return True
    (_, _, display), kind = known
    stated = resource.get("effectiveDateTime")
    if stated is None:
        period = resource.get("effectivePeriod")
        # the begin is the older of the two: a period must not make a test look fresher
        stated = period.get("start", period.get("end")) if isinstance(period, dict) else None
    sampled, day, unclear = parse_datetime(stated, field="effectiveDateTime")
    notes.extend(unclear)
    performers = resource.get("performer")
    tests.append(
        Test(
            disease=Disease.COVID_19,
            kind=kind,
            result=_result(resource),
            sampled=sampled,
            sampled_on=day,
            name=display,
            centre=_display(performers, "display") or _display(performers, "actor", "display"),
        )
    )
    return True


def _result(resource: dict[str, Any]) -> TestResult:
    """The result all codings agree on, else what the text says; codings that disagree are no result."""
    concept = resource.get("valueCodeableConcept")
    results = {tables.test_result(system or "", code) for system, code, _ in _codings(concept)}
    results.discard(TestResult.UNKNOWN)
    if results:
        return results.pop() if len(results) == 1 else TestResult.INCONCLUSIVE
    said = _text(resource.get("valueString")) or (_text(concept.get("text")) if isinstance(concept, dict) else None)
    return tables.test_result("text", said) if said is not None else TestResult.UNKNOWN
