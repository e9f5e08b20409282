"""DIVOC: the certificate of India's CoWIN and of the countries that took its software over.

A W3C Verifiable Credential in JSON-LD, in a ZIP archive with the one entry `certificate.json`, as plain JSON, or as
`B64:` and base64 of either. One certificate states one dose.

Only what the contexts define is signed, and of that the canonical form keeps statements, not field names: `dose` and
`totalDoses` are both `schema:doseValue`, the three dates are all `schema:date`. A forger can exchange such values and
keep the signature, so a reading that gains from an exchange is reported as OPEN.

Source: egovernments/DIVOC certificate signer; W3C Verifiable Credentials 1.0; RsaSignature2018, Ed25519Signature2018.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from verifier.codecs.canonical_json import parse
from verifier.codecs.jsonld import canonicalise, signed_view
from verifier.errors import EnvelopeError, RecordError
from verifier.findings import Finding, Outcome
from verifier.formats.divoc_archive import certificate_json
from verifier.formats.divoc_codes import DivocCode
from verifier.health import tables
from verifier.health.dates import parse_date, parse_datetime
from verifier.health.record import Coded, Disease, HealthRecord, Holder, HolderDocument, Vaccination
from verifier.model import UNKNOWN_DATE, Claim, Envelope, PartialDate, SignedDates, SignedPayload, SignerHint

NAME = "divoc"
RING = "divoc"
ZIP = b"PK\x03\x04"
BASE64 = b"B64:"
MAX_SCAN = 256 * 1024
MAX_JSON = 64 * 1024  # a full QR code inflates to about 8 KiB of certificate
PROOF_CONTEXT = "https://w3id.org/security/v2"
# proof type -> the one algorithm its signatures have
PROOF_TYPES: Mapping[str, str] = {"RsaSignature2018": "PS256", "Ed25519Signature2018": "EdDSA"}
SIGNATURE_MEMBERS = frozenset({"jws", "proofValue", "signatureValue"})
SEXES: Mapping[str, str] = {"male": "M", "m": "M", "female": "F", "f": "F"}
OLDEST = 130
DOSE_TYPE = "Vaccination"
# one statement each in the canonical form; as a list, one of them could take up the honest value of another
EXCHANGEABLE = ("dose", "totalDoses", "date", "effectiveStart", "effectiveUntil")
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*={0,2}")
_PASSPORT = re.compile(r"did:passport:([A-Z0-9<-]{1,20})", re.IGNORECASE)


def recognise(scan: bytes) -> bool:
    """True for a ZIP archive, `B64:`, or JSON that names a context and a subject."""
    if scan.startswith((ZIP, BASE64)):
        return True
    head = scan[:MAX_SCAN]
    return (
        head.lstrip()[:1] == b"{"
        and b'"@context"' in head
        and (b'"credentialSubject"' in head or b"VerifiableCredential" in head or b"/vaccination/" in head)
        and b'"verifiableCredential"' not in head
    )


def unwrap(scans: Sequence[bytes]) -> Sequence[Envelope]:
    """One envelope per scan.

    Raises:
        EnvelopeError: TOO_LARGE, ARCHIVE_BROKEN, ENTRY_MISSING, BASE64_BROKEN, codes of JSON and JSON-LD,
            NOT_A_CREDENTIAL, PROOF_MISSING, PROOF_BROKEN, KEY_NOT_NAMED, ALGORITHM.
    """
    return [_unwrap(scan) for scan in scans]


def _unwrap(scan: bytes) -> Envelope:
    if len(scan) > MAX_SCAN:
        raise EnvelopeError(DivocCode.TOO_LARGE, facts={"bytes": len(scan), "limit": MAX_SCAN})
    findings: list[Finding] = []
    document = parse(_json_text(scan, findings), limit=MAX_JSON)
    if not isinstance(document, dict):
        raise EnvelopeError(DivocCode.NOT_A_CREDENTIAL)
    proof = document.pop("proof", None)
    if isinstance(proof, list) and len(proof) == 1:
        proof = proof[0]
    if proof is None or proof == []:
        raise EnvelopeError(DivocCode.PROOF_MISSING)
    if not isinstance(proof, dict):
        raise EnvelopeError(DivocCode.PROOF_BROKEN)
    header, signature, algorithm = _jws(proof)
    method = proof.get("verificationMethod")
    if not isinstance(method, str) or not method:
        raise EnvelopeError(DivocCode.KEY_NOT_NAMED)
    view = signed_view(document)
    if view.dropped:
        facts = {"count": view.dropped, "properties": list(view.unsigned)}
        findings.append(Finding(DivocCode.UNSIGNED_PROPERTY, Outcome.NOTE, facts))
    options = {key: value for key, value in proof.items() if key not in SIGNATURE_MEMBERS}
    options_form = canonicalise({**options, "@context": PROOF_CONTEXT})
    signed = header + b"." + hashlib.sha256(options_form).digest() + hashlib.sha256(view.canonical).digest()
    issuer = view.content.get("issuer")
    return Envelope(
        NAME,
        SignerHint(RING, method.encode("utf-8", "replace"), issuer if isinstance(issuer, str) else None),
        algorithm,
        signed,
        signature,
        view.content,
        SignedDates(issued=_moment(proof.get("created")), expires=_moment(view.content.get("expirationDate"))),
        frozenset({Claim.VACCINATION}),
        tuple(findings),
    )


def _json_text(scan: bytes, findings: list[Finding]) -> bytes:
    """The JSON inside whatever the scan is."""
    if scan.startswith(BASE64):
        try:
            scan = base64.b64decode(scan[len(BASE64) :].strip(), validate=True)
        except (binascii.Error, ValueError):
            raise EnvelopeError(DivocCode.BASE64_BROKEN) from None
    if scan.startswith(ZIP):
        text, restored = certificate_json(scan, MAX_JSON)
        if restored:
            findings.append(Finding(DivocCode.BYTES_RESTORED, Outcome.NOTE))
        return text
    return scan


def _jws(proof: Mapping[str, Any]) -> tuple[bytes, bytes, str]:
    """Header as signed, signature and algorithm of a detached JWS with an unencoded payload (RFC 7797)."""
    jws = proof.get("jws")
    if jws is None or jws == "":
        raise EnvelopeError(DivocCode.PROOF_MISSING)
    parts = jws.split(".") if isinstance(jws, str) else []
    if len(parts) != 3 or parts[1]:
        raise EnvelopeError(DivocCode.PROOF_BROKEN, facts={"part": "jws"})
    header = parse(_base64url(parts[0]), limit=1024)
    algorithm = header.get("alg") if isinstance(header, dict) else None
    wanted = PROOF_TYPES.get(kind) if isinstance(kind := proof.get("type"), str) else None
    if wanted is None or algorithm != wanted:
        named = algorithm if isinstance(algorithm, str) and algorithm.isalnum() else None
        raise EnvelopeError(DivocCode.ALGORITHM, facts={"algorithm": (named or "")[:16] or None}, alert=True)
    if header.get("b64") is not False or header.get("crit") != ["b64"]:
        raise EnvelopeError(DivocCode.PROOF_BROKEN, facts={"part": "b64"})
    signature = _base64url(parts[2])
    if not signature:
        raise EnvelopeError(DivocCode.PROOF_MISSING)
    return parts[0].encode("ascii"), signature, wanted


def _base64url(text: str) -> bytes:
    try:
        if _BASE64URL.fullmatch(text) is None:
            raise ValueError
        plain = text.rstrip("=")
        return base64.urlsafe_b64decode(plain + "=" * (-len(plain) % 4))
    except (binascii.Error, ValueError):
        raise EnvelopeError(DivocCode.PROOF_BROKEN, facts={"part": "base64url"}) from None


def _moment(value: object) -> datetime | None:
    return parse_datetime(value, field="created")[0] if isinstance(value, str) else None


# --- the record -------------------------------------------------------------------------------------------------------


def read(payload: SignedPayload) -> HealthRecord:
    """The record of the signed properties.

    Raises:
        RecordError: NO_PERSON, NO_DOSE.
    """
    content: Mapping[str, Any] = payload.content
    findings: list[Finding] = []
    subjects = _objects(content.get("credentialSubject"))
    if len(subjects) != 1 or _text(subjects[0].get("name")) is None:
        raise RecordError(DivocCode.NO_PERSON, facts={"count": len(subjects)})
    holder = _holder(subjects[0], findings)
    issuer = _text(content.get("issuer"))
    issued = _date(content.get("issuanceDate"), "issuanceDate", findings)
    events = [item for item in _objects(content.get("evidence")) if DOSE_TYPE in _types(item)]
    doses = tuple(_dose(item, issuer, issued, findings) for item in events)
    if not doses:
        raise RecordError(DivocCode.NO_DOSE)
    findings.append(Finding(DivocCode.NO_END, Outcome.NOTE))
    return HealthRecord(NAME, holder, doses, issuer=issuer, payload=content, findings=tuple(findings))


def _holder(subject: Mapping[str, Any], findings: list[Finding]) -> Holder:
    birth = _date(subject.get("dob"), "dob", findings)
    if birth == UNKNOWN_DATE:
        findings.append(Finding(DivocCode.AGE_ONLY, Outcome.NOTE))
    age = _number(subject.get("age"))
    nationality = _text(subject.get("nationality"))
    passport = _PASSPORT.fullmatch(_text(subject.get("id")) or "")
    return Holder(
        full_name=_text(subject.get("name")),
        birth_date=birth,
        age=age if age is not None and 0 <= age <= OLDEST else None,
        sex=SEXES.get((_text(subject.get("gender")) or _text(subject.get("sex")) or "").lower()),
        nationality=tables.country_alpha2(nationality) if nationality and len(nationality) == 3 else None,
        documents=(HolderDocument(passport[1], "passport"),) if passport else (),
    )


def _dose(evidence: Mapping[str, Any], issuer: str | None, issued: PartialDate, findings: list[Finding]) -> Vaccination:
    name, code = _text(evidence.get("vaccine")), _text(evidence.get("icd11Code"))
    product = tables.find_product(name) if name else None
    if product is None:
        findings.append(Finding(DivocCode.PRODUCT_UNKNOWN, Outcome.NOTE, {"code": code}))
    dose, total = _number(evidence.get("dose")), _number(evidence.get("totalDoses"))
    if dose is not None and total is not None and dose > total:  # 1 of 2 with the two exchanged reads 2 of 1
        findings.append(Finding(DivocCode.DOSES_NOT_BOUND, Outcome.OPEN, {"dose": dose, "total": total}))
    day = _date(evidence.get("date"), "date", findings)
    if day.earliest and issued.latest and (day.earliest - issued.latest).days > 1:  # a day of slack for time zones
        facts = {"date": str(day), "issued": str(issued)}
        findings.append(Finding(DivocCode.DATE_NOT_BOUND, Outcome.OPEN, facts))
    start = _date(evidence.get("effectiveStart"), "effectiveStart", findings)
    early = day.earliest and start.latest and day.earliest > start.latest
    if early or any(isinstance(evidence.get(name), list) for name in EXCHANGEABLE):
        findings.append(Finding(DivocCode.EXCHANGEABLE, Outcome.OPEN))
    facility = _object(evidence.get("facility"))
    return Vaccination(
        disease=_disease(evidence, product),
        product=Coded(code, "icd11" if code else None, name, product.key if product else None),
        date=day,
        dose=dose,
        total=total,
        maker=Coded(text=_text(evidence.get("manufacturer"))),
        lot=_text(evidence.get("batch")),
        country=_text(_object(facility.get("address")).get("addressCountry")),
        centre=_text(facility.get("name")),
        issuer=issuer,
        certificate_id=_text(evidence.get("certificateId")),
        valid_from=start,
        valid_until=_date(evidence.get("effectiveUntil"), "effectiveUntil", findings),
    )


def _disease(evidence: Mapping[str, Any], product: tables.Product | None) -> Disease:
    """What the signed texts say; the first context has no field for it and served COVID-19 alone."""
    stated = [("icd11", _text(evidence.get("icd11Code"))), ("text", _text(evidence.get("prophylaxis")))]
    for system, text in stated:
        if text and (disease := tables.disease_of(system, text)):
            return disease
    if product is not None:
        return product.disease
    return Disease.OTHER if any(text for _, text in stated) else Disease.COVID_19


def _date(value: object, field: str, findings: list[Finding]) -> PartialDate:
    """A date as written; that issuers write times is their form, not worth a word."""
    if _text(value) is None:
        return UNKNOWN_DATE
    day, notes = parse_date(value, field=field)
    findings.extend(note for note in notes if note.outcome is not Outcome.NOTE)
    return day


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)]


def _types(value: Mapping[str, Any]) -> Sequence[Any]:
    named = value.get("type")
    return named if isinstance(named, list) else [named]


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str | None:
    """A text that says something; issuers write `-` and empty texts for what they do not know."""
    text = value.strip() if isinstance(value, str) else ""
    return text if text not in ("", "-") else None


def _number(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and len(value) <= 3 and value.strip().isascii() and value.strip().isdigit():
        return int(value)
    return value if isinstance(value, int) else None
