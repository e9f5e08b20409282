"""French 2D-DOC: a header of fixed width, fields, US, and an ECDSA signature in base32 over everything before US.

Read are type B2 (COVID-19 test) and L1 (COVID-19 vaccination), versions 3 and 4. Dates and times are French civil time;
the format states no zone.

Source: 2D-DOC specification 3.2.3 (ANTS), sections 2 to 4; field sheets of types B2 and L1 (2021).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import unquote_to_bytes
from zoneinfo import ZoneInfo

from verifier.codecs import base32
from verifier.errors import EnvelopeError, RecordError
from verifier.findings import Finding, Outcome
from verifier.formats.two_d_doc_fields import FIELDS, US, TwoDDocCode, parse, restore
from verifier.health import tables
from verifier.health.dates import parse_date
from verifier.health.record import Coded, Disease, HealthRecord, Holder, Test, Vaccination
from verifier.model import Claim, Envelope, PartialDate, SignedDates, SignedPayload, SignerHint

NAME = "2ddoc"
RING = "2ddoc"
MAX_TEXT = 4 * 1024
LINK = b"https://bonjour.tousanticovid.gouv.fr/app/wallet?v="
VERSIONS = frozenset({"03", "04"})
EPOCH = date(2000, 1, 1)
NO_DATE = "FFFF"
ZONE = ZoneInfo("Europe/Paris")
STATES = {"B2": frozenset({Claim.TEST}), "L1": frozenset({Claim.VACCINATION})}
ALGORITHMS = {64: "ES256", 96: "ES384", 132: "ES512"}  # by length of r and s

_START = re.compile(rb"DC[0-9]{2}")
_HEADER = re.compile(
    r"DC(?P<version>03|04)(?P<authority>[A-Z0-9]{4})(?P<certificate>[A-Z0-9]{4})"
    r"(?P<emitted>[0-9A-F]{4})(?P<signed>[0-9A-F]{4})(?P<kind>[A-Z0-9]{2})(?P<perimeter>[A-Z0-9]{2})"
    r"(?P<country>[A-Z]{2})?",
    re.ASCII,
)


def recognise(scan: bytes) -> bool:
    """True for a code that starts with `DC` and two digits, or the TousAntiCovid link around one."""
    return _START.match(scan) is not None or scan[: len(LINK)].lower() == LINK


def unwrap(scans: Sequence[bytes]) -> Sequence[Envelope]:
    """One envelope per code. `content` is `{version, authority, certificate, kind, country, emitted, signed, fields}`.

    Raises:
        EnvelopeError: TOO_LARGE, LINK, HEADER, VERSION, KIND, SIGNATURE_MISSING, codes of base32, FIELD, ENCODING.
    """
    return [_unwrap(scan) for scan in scans]


def _unwrap(scan: bytes) -> Envelope:
    if len(scan) > MAX_TEXT:
        raise EnvelopeError(TwoDDocCode.TOO_LARGE, facts={"length": len(scan), "limit": MAX_TEXT})
    if scan[: len(LINK)].lower() == LINK:
        scan = unquote_to_bytes(scan[len(LINK) :].partition(b"&")[0])
        if _START.match(scan) is None:
            raise EnvelopeError(TwoDDocCode.LINK)
    header, length = _header(scan)
    kind = header["kind"]
    if kind not in FIELDS:
        raise EnvelopeError(TwoDDocCode.KIND, facts={"kind": kind})
    findings: list[Finding] = []
    if US not in scan:
        restored = restore(scan, length, kind)
        if restored is None:
            raise EnvelopeError(TwoDDocCode.SIGNATURE_MISSING)
        scan = restored
        findings.append(Finding(TwoDDocCode.SEPARATORS_RESTORED, Outcome.NOTE))
    signed, _, tail = scan.rpartition(US)
    if not tail:
        raise EnvelopeError(TwoDDocCode.SIGNATURE_MISSING)
    signature = base32.decode(tail)
    fields, cut = parse(kind, signed[length:])
    findings.extend(Finding(TwoDDocCode.VALUE_CUT, Outcome.NOTE, {"field": name}) for name in cut)
    emitted, stamped = _day(header["emitted"]), _day(header["signed"])
    content = {
        "version": int(header["version"]),
        "authority": header["authority"],
        "certificate": header["certificate"],
        "kind": kind,
        "country": header["country"],
        "emitted": None if emitted is None else emitted.isoformat(),
        "signed": None if stamped is None else stamped.isoformat(),
        "fields": fields,
    }
    issued = stamped or emitted
    return Envelope(
        NAME,
        SignerHint(RING, header["certificate"].encode(), header["authority"]),
        ALGORITHMS.get(len(signature), "ES256"),
        signed,
        signature,
        content,
        SignedDates(issued=None if issued is None else _midnight(issued)),
        STATES[kind],
        tuple(findings),
    )


def _header(scan: bytes) -> tuple[Mapping[str, Any], int]:
    """Members of the header and its length: 24 characters in version 3, 26 with the country in version 4."""
    text = scan[:26].decode("ascii", "replace")
    if text[2:4] not in VERSIONS:
        raise EnvelopeError(TwoDDocCode.VERSION, facts={"version": text[2:4]})
    size = 24 if text[2:4] == "03" else 26
    match = _HEADER.fullmatch(text[:size])
    if match is None or (size == 26) is not (match["country"] is not None):
        raise EnvelopeError(TwoDDocCode.HEADER)
    return match.groupdict(), size


def _day(text: str) -> date | None:
    """Days since 2000-01-01 in four hexadecimal digits; FFFF is no date."""
    return None if text == NO_DATE else EPOCH + timedelta(days=int(text, 16))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZONE).astimezone(UTC)


def read(payload: SignedPayload) -> HealthRecord:
    """The record of a verified code.

    Raises:
        RecordError: FIELD_MISSING where there is no name, result, time of test or date of dose.
    """
    content = payload.content
    fields: Mapping[str, str] = content["fields"]
    findings: list[Finding] = []
    reader = _READERS[content["kind"]]
    holder, doses, tests = reader(fields, content["country"], findings)
    return HealthRecord(
        NAME, holder, doses, tests, issuer=content["authority"], payload=content, findings=tuple(findings)
    )


def _needed(fields: Mapping[str, str], name: str) -> str:
    value = fields.get(name, "").strip()
    if not value:
        raise RecordError(TwoDDocCode.FIELD_MISSING, facts={"field": name})
    return value


def _optional(fields: Mapping[str, str], name: str) -> str | None:
    return fields.get(name, "").strip() or None


def _iso_day(text: str) -> str:
    """DDMMYYYY as ISO 8601; day and month may be 00 (unknown)."""
    return f"{text[4:8]}-{text[2:4]}-{text[:2]}"


def _holder(fields: Mapping[str, str], family: str, given: str, birth: str, findings: list[Finding]) -> Holder:
    names = _optional(fields, given)
    if names is None and _optional(fields, family) is None:
        raise RecordError(TwoDDocCode.FIELD_MISSING, facts={"field": family})
    born, unclear = parse_date(_iso_day(fields[birth]) if birth in fields else None, field=birth)
    findings.extend(unclear)
    sex = _optional(fields, "F3")
    return Holder(
        surname=_optional(fields, family),
        given=None if names is None else " ".join(names.replace("/", " ").split()),
        birth_date=born,
        sex=sex if sex in ("M", "F") else None,
    )


_Read = tuple[Holder, tuple[Vaccination, ...], tuple[Test, ...]]


def _test(fields: Mapping[str, str], country: str | None, findings: list[Finding]) -> _Read:
    holder = _holder(fields, "F1", "F0", "F2", findings)
    result = tables.test_result("2ddoc", _needed(fields, "F5"))
    stated = _needed(fields, "F6")
    try:
        sampled = datetime.strptime(stated, "%d%m%Y%H%M").replace(tzinfo=ZONE)
    except ValueError:
        raise RecordError(TwoDDocCode.FIELD_MISSING, facts={"field": "F6"}) from None
    findings.append(Finding(TwoDDocCode.TIME_ZONE_ASSUMED, Outcome.NOTE, {"zone": ZONE.key}))
    test = Test(
        disease=Disease.COVID_19,
        kind=tables.test_kind("loinc", fields.get("F4", "")),
        result=result,
        sampled=sampled,
        sampled_on=PartialDate.of(sampled),
        device=Coded(_optional(fields, "F4"), "loinc"),
        country=country,
    )
    return holder, (), (test,)


def _vaccination(fields: Mapping[str, str], country: str | None, findings: list[Finding]) -> _Read:
    holder = _holder(fields, "L0", "L1", "L2", findings)
    day, unclear = parse_date(_iso_day(_needed(fields, "L9")), field="L9")
    findings.extend(unclear)
    named = tables.find_product(fields.get("L5", ""))
    if named is None:
        findings.append(Finding(TwoDDocCode.PRODUCT_UNKNOWN, Outcome.NOTE))
    dose, total = (int(text) if (text := fields.get(name, "")).isdigit() else None for name in ("L7", "L8"))
    state = fields.get("LA")
    if state == "CO":
        findings.append(Finding(TwoDDocCode.CYCLE_UNDER_WAY, Outcome.NOTE))
    elif state == "TE" and dose is not None and total is not None and dose < total:
        # one dose of two with the course complete: the person had recovered before (HAS, 12 February 2021)
        findings.append(Finding(TwoDDocCode.COMPLETE_AFTER_INFECTION, Outcome.NOTE, {"dose": dose, "total": total}))
    agent = fields.get("L4", "")
    disease = tables.disease_of("text", fields.get("L3", "")) or tables.disease_of("atc", agent)
    vaccination = Vaccination(
        disease=disease or Disease.OTHER,
        product=Coded(text=_optional(fields, "L5"), key=None if named is None else named.key),
        date=day,
        dose=dose,
        total=total,
        maker=Coded(text=_optional(fields, "L6")),
        vaccine=Coded(agent or None, "atc"),
        country=country,
    )
    return holder, (vaccination,), ()


_READERS = {"B2": _test, "L1": _vaccination}
