"""ICAO VDS-NC: health seals for vaccination (`icao.vacc`) and testing (`icao.test`).

JSON in a barcode: `data` is signed in its canonical form (RFC 8785), `sig` holds algorithm, signature and the
certificate of the barcode signer. Japan prints an array with that one object.

Source: ICAO TR VDS-NC 1.4; ICAO Doc 9303 part 13.
"""

from __future__ import annotations

import binascii
import hashlib
from binascii import a2b_base64
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from verifier.codecs.canonical_json import canonicalise, parse
from verifier.errors import EnvelopeError, RecordError
from verifier.findings import Code, Finding, Outcome
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
from verifier.model import UNKNOWN_DATE, Claim, Envelope, PartialDate, SignedPayload, SignerHint

NAME = "vds-nc"
RING = "icao"
VACCINATION, TEST = "icao.vacc", "icao.test"
CLAIMS: Mapping[str, frozenset[Claim]] = {
    VACCINATION: frozenset({Claim.VACCINATION}),
    TEST: frozenset({Claim.TEST}),
}
VERSION = 1
ALGORITHMS = frozenset({"ES256", "ES384", "ES512"})
MAX_SCAN = 64 * 1024
MAX_SEALS = 4  # objects in an array
# codes of Utopia, ICAO's specimen country: no ISO code, and two letters in certificates
SPECIMEN: Mapping[str, str] = {"UTO": "UT"}
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")


class VdsCode(Code):
    """Findings about seal and record."""

    TOO_LARGE = "vdsnc.too-large"
    NOT_A_SEAL = "vdsnc.not-a-seal"
    TYPE_UNKNOWN = "vdsnc.type-unknown"
    VERSION_UNKNOWN = "vdsnc.version-unknown"
    ALGORITHM = "vdsnc.algorithm-refused"
    SIGNATURE_MISSING = "vdsnc.signature-missing"
    CERTIFICATE_MISSING = "vdsnc.certificate-missing"
    CERTIFICATE_CUT = "vdsnc.certificate-cut"
    BASE64_BROKEN = "vdsnc.base64-broken"
    BASE64_ALPHABET = "vdsnc.base64-alphabet"
    ISSUER_NOT_SIGNER = "vdsnc.issuer-not-signer"
    NO_PERSON = "vdsnc.no-person"
    NO_DOSE = "vdsnc.no-dose"
    NO_RESULT = "vdsnc.no-result"
    PRODUCT_UNKNOWN = "vdsnc.product-unknown"
    RESULT_UNKNOWN = "vdsnc.result-unknown"
    TEST_POSITIVE = "vdsnc.test-positive"
    NO_SERIES = "vdsnc.no-series"


_NO_SERIES = Finding(VdsCode.NO_SERIES, Outcome.NOTE)


def recognise(scan: bytes) -> bool:
    """True for JSON that names an ICAO seal type, or has the members of a seal."""
    head = scan[:MAX_SCAN]
    return head.lstrip()[:1] in (b"{", b"[") and (
        b'"icao.' in head or (b'"hdr"' in head and b'"sig"' in head and b'"data"' in head)
    )


def unwrap(scans: Sequence[bytes]) -> Sequence[Envelope]:
    """One envelope per seal.

    Raises:
        EnvelopeError: TOO_LARGE, codes of JSON, NOT_A_SEAL, TYPE_UNKNOWN, VERSION_UNKNOWN, ALGORITHM,
            SIGNATURE_MISSING, BASE64_BROKEN, CERTIFICATE_CUT.
    """
    return [envelope for scan in scans for envelope in _unwrap(scan)]


def _unwrap(scan: bytes) -> list[Envelope]:
    if len(scan) > MAX_SCAN:
        raise EnvelopeError(VdsCode.TOO_LARGE, facts={"bytes": len(scan), "limit": MAX_SCAN})
    value = parse(scan, limit=MAX_SCAN)
    seals = value if isinstance(value, list) else [value]
    if not 1 <= len(seals) <= MAX_SEALS:
        raise EnvelopeError(VdsCode.NOT_A_SEAL, facts={"seals": len(seals)})
    return [_seal(seal) for seal in seals]


def _seal(seal: Any) -> Envelope:
    data = _member(seal, "data")
    header = _member(data, "hdr")
    kind = header.get("t")
    claims = CLAIMS.get(kind) if isinstance(kind, str) else None
    if claims is None:
        named = kind if isinstance(kind, str) and kind.isascii() else None
        raise EnvelopeError(VdsCode.TYPE_UNKNOWN, facts={"type": named and named[:24]})
    version = header.get("v")
    if isinstance(version, bool) or version != VERSION:
        shown = version if isinstance(version, int) and abs(version) < 1_000_000 else None
        raise EnvelopeError(VdsCode.VERSION_UNKNOWN, facts={"version": shown})
    message = _member(data, "msg")
    sig = seal.get("sig")
    value = sig.get("sigvl") if isinstance(sig, dict) else None
    if value is None or value == "":
        raise EnvelopeError(VdsCode.SIGNATURE_MISSING)
    algorithm = sig.get("alg")
    if algorithm not in ALGORITHMS:
        named = algorithm if isinstance(algorithm, str) and algorithm.isalnum() else None
        raise EnvelopeError(VdsCode.ALGORITHM, facts={"algorithm": named and named[:16]}, alert=True)
    findings: list[Finding] = []
    signature = _decode(value, "sigvl", findings)
    issuer = header.get("is")
    issuer = issuer if isinstance(issuer, str) else None
    identifier = message.get("uvci", message.get("utci"))
    return Envelope(
        NAME,
        _hint(sig.get("cer"), issuer, findings),
        algorithm,
        canonicalise(data),
        signature,
        data,
        claims=claims,
        findings=tuple(findings),
        revocation_id=identifier if isinstance(identifier, str) else None,
    )


def _member(value: Any, name: str) -> dict[str, Any]:
    member = value.get(name) if isinstance(value, dict) else None
    if not isinstance(member, dict):
        raise EnvelopeError(VdsCode.NOT_A_SEAL, facts={"missing": name})
    return member


def _hint(carried: Any, issuer: str | None, findings: list[Finding]) -> SignerHint:
    """Where the key is: the certificate carried, else a signer of the country that we hold anyway."""
    if carried is None or carried == "":
        findings.append(Finding(VdsCode.CERTIFICATE_MISSING, Outcome.NOTE))
        return SignerHint(RING, (_two_letters(issuer) or "").encode("utf-8", "replace"), issuer)
    if not isinstance(carried, str):
        raise EnvelopeError(VdsCode.BASE64_BROKEN, facts={"member": "cer"})
    certificate, digest, notes = _certificate(carried)
    findings.extend(notes)
    return SignerHint(RING, digest, issuer, certificate)


@lru_cache(maxsize=64)
def _certificate(carried: str) -> tuple[bytes, bytes, tuple[Finding, ...]]:
    """The certificate and its SHA-256. Kept, because the seals of one queue carry few different ones."""
    notes: list[Finding] = []
    certificate = _decode(carried, "cer", notes)
    if not _whole(certificate):
        raise EnvelopeError(VdsCode.CERTIFICATE_CUT, facts={"bytes": len(certificate)})
    return certificate, hashlib.sha256(certificate).digest(), tuple(notes)


def _whole(der: bytes) -> bool:
    """True where the outer length of the DER SEQUENCE is the length at hand."""
    return len(der) > 4 and der[:2] == b"\x30\x82" and int.from_bytes(der[2:4], "big") + 4 == len(der)


def _decode(text: Any, member: str, findings: list[Finding]) -> bytes:
    """base64url, padded or not; the standard alphabet (written by one SDK) is taken and reported."""
    if not isinstance(text, str) or not text.isascii():
        raise EnvelopeError(VdsCode.BASE64_BROKEN, facts={"member": member})
    written = text.encode("ascii").rstrip(b"=")
    if b"+" in written or b"/" in written:
        findings.append(Finding(VdsCode.BASE64_ALPHABET, Outcome.NOTE, {"member": member}))
    try:
        decoded = a2b_base64(written.translate(_TO_STANDARD) + b"=" * (-len(written) % 4))
    except binascii.Error:
        raise EnvelopeError(VdsCode.BASE64_BROKEN, facts={"member": member}) from None
    if len(decoded) != len(written) * 3 // 4:  # what is not in the alphabet was skipped
        raise EnvelopeError(VdsCode.BASE64_BROKEN, facts={"member": member})
    return decoded


@lru_cache(maxsize=256)
def _two_letters(country: str | None) -> str | None:
    """ISO alpha-2 of a country as the seal writes it; unknown codes as they are."""
    if country is None:
        return None
    return tables.country_alpha2(country) or SPECIMEN.get(country) or country


# --- the record -------------------------------------------------------------------------------------------------------


def read(payload: SignedPayload) -> HealthRecord:
    """The record of a seal.

    Raises:
        RecordError: NO_PERSON, NO_DOSE, NO_RESULT.
    """
    content: Mapping[str, Any] = payload.content
    header, message = content["hdr"], content["msg"]
    findings: list[Finding] = []
    issuer = _two_letters(_text(header, "is"))
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


@lru_cache(maxsize=256)
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
        country=_two_letters(_text(dose, "ctr")),
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
        country=_two_letters(_text(place, "ctr")),
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
