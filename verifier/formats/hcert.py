"""HCERT: text `HC1:`, base45, zlib, COSE_Sign1, CWT. The claims of the CWT decide which payload is inside.

One envelope carries the EU DCC (claim -260, key 1), the WHO payloads and payloads of others. This module takes the
envelope apart; `eu_dcc` and the `who_*` modules read what is inside.

Source: EU DCC HCERT specification 1.0.8; WHO HCERT specification 1.1.1; RFC 8392 (CWT).
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from verifier.codecs.base45 import decode as base45_decode
from verifier.codecs.cbor import decode as cbor_decode
from verifier.codecs.cose import KID, parse_sign1
from verifier.codecs.inflate import inflate
from verifier.errors import EnvelopeError, RecordError
from verifier.findings import Code, Finding, Outcome
from verifier.formats import eu_dcc
from verifier.health.record import HealthRecord
from verifier.model import Claim, Envelope, SignedDates, SignedPayload, SignerHint

NAME = "hcert"
PREFIX = b"HC1:"
MAX_TEXT = 16 * 1024
MAX_INFLATED = 256 * 1024  # the largest real message has 870 bytes, a full QR code inflates to less than 3 KiB of CBOR
ISS, EXP, IAT, HCERT = 1, 4, 6, -260
_NUMBER = re.compile(r"-?[0-9]{1,4}")
MILLISECONDS = 100_000_000_000  # a NumericDate beyond the year 5138 is a time in milliseconds (seen in WHO test data)


class HcertCode(Code):
    """Findings about the envelope and its claims."""

    TEXT_TOO_LONG = "hcert.text-too-long"
    EMPTY = "hcert.empty"
    CLAIMS = "hcert.claims-not-a-map"
    NO_PAYLOAD = "hcert.no-payload"
    PAYLOAD_UNKNOWN = "hcert.payload-unknown"
    DATE_UNREADABLE = "hcert.date-unreadable"
    DATE_FRACTION = "hcert.date-fraction"
    DATE_MILLISECONDS = "hcert.date-milliseconds"
    KID_TEXT = "hcert.kid-text"
    KEYS_TEXT = "hcert.keys-text"
    KID_UNPROTECTED = "hcert.kid-unprotected"
    ALGORITHM_UNPROTECTED = "hcert.algorithm-unprotected"
    INDEFINITE = "hcert.indefinite-length"


def recognise(scan: bytes) -> bool:
    """True for a text that starts with `HC1:`."""
    return scan.startswith(PREFIX)


def unwrap(scans: Sequence[bytes]) -> Sequence[Envelope]:
    """One envelope per text.

    Raises:
        EnvelopeError: TEXT_TOO_LONG, EMPTY, codes of the codecs, CLAIMS, NO_PAYLOAD, PAYLOAD_UNKNOWN.
    """
    return [_unwrap(scan) for scan in scans]


def _unwrap(scan: bytes) -> Envelope:
    if len(scan) > MAX_TEXT:
        raise EnvelopeError(HcertCode.TEXT_TOO_LONG, facts={"length": len(scan), "limit": MAX_TEXT})
    text = scan[len(PREFIX) :]
    if not text:
        raise EnvelopeError(HcertCode.EMPTY)
    sign1 = parse_sign1(inflate(base45_decode(text), limit=MAX_INFLATED))
    claims, indefinite = cbor_decode(sign1.payload)
    if not isinstance(claims, dict):
        raise EnvelopeError(HcertCode.CLAIMS)
    findings: list[Finding] = []
    if [key for key in claims if isinstance(key, str) and _NUMBER.fullmatch(key)]:
        claims = _numbered(claims)
        findings.append(Finding(HcertCode.KEYS_TEXT, Outcome.NOTE))
    if indefinite or sign1.indefinite:
        findings.append(Finding(HcertCode.INDEFINITE, Outcome.NOTE))
    if sign1.algorithm is not None and not sign1.algorithm_protected:
        findings.append(Finding(HcertCode.ALGORITHM_UNPROTECTED, Outcome.NOTE))
    issuer = claims.get(ISS)
    issuer = issuer if isinstance(issuer, str) else None
    kid = _kid(*sign1.header(KID), findings)
    dates = SignedDates(
        issued=_numeric_date(claims.get(IAT), "iat", findings),
        expires=_numeric_date(claims.get(EXP), "exp", findings),
    )
    name, content, states = _payload(claims, findings)
    return Envelope(
        name,
        SignerHint(NAME, kid, issuer),
        sign1.algorithm,
        sign1.signed,
        sign1.signature,
        content,
        dates,
        states,
        tuple(findings),
    )


def _numbered(values: Mapping[Any, Any]) -> dict[Any, Any]:
    """Claims and subclaims whose keys are numbers written as text (seen in WHO test data); a real number wins."""
    out: dict[Any, Any] = {}
    for key, value in values.items():
        number = int(key) if isinstance(key, str) and _NUMBER.fullmatch(key) else key
        if number is not key and number in values:
            continue
        out[number] = _numbered(value) if number == HCERT and isinstance(value, Mapping) else value
    return out


def _kid(value: object, protected: bool, findings: list[Finding]) -> bytes | None:
    """The key identifier as bytes. A text holding base64 (seen in WHO test data) is decoded and reported."""
    if value is None:
        return None
    if not protected:
        findings.append(Finding(HcertCode.KID_UNPROTECTED, Outcome.NOTE))
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        findings.append(Finding(HcertCode.KID_TEXT, Outcome.NOTE))
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            return value.encode("utf-8", "replace")
    return None


def _numeric_date(value: object, claim: str, findings: list[Finding]) -> datetime | None:
    """A CWT NumericDate (seconds since 1970, RFC 8392 section 2) as UTC; fractions and milliseconds are tolerated."""
    if type(value) is int and 0 <= value <= MILLISECONDS:
        return datetime.fromtimestamp(value, UTC)
    if value is None:
        return None
    if type(value) is not int and not (isinstance(value, float) and math.isfinite(value)):
        findings.append(Finding(HcertCode.DATE_UNREADABLE, Outcome.OPEN, {"claim": claim}))
        return None
    if isinstance(value, float) and not value.is_integer():
        findings.append(Finding(HcertCode.DATE_FRACTION, Outcome.NOTE, {"claim": claim}))
    assert isinstance(value, (int, float))
    if value > MILLISECONDS:
        findings.append(Finding(HcertCode.DATE_MILLISECONDS, Outcome.NOTE, {"claim": claim}))
        value = value / 1000
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):
        findings.append(Finding(HcertCode.DATE_UNREADABLE, Outcome.OPEN, {"claim": claim}))
        return None


def _payload(claims: Mapping[Any, Any], findings: list[Finding]) -> tuple[str, Any, frozenset[Claim]]:
    """Name of the payload's format, its content, and what it states."""
    hcert = claims.get(HCERT)
    if isinstance(hcert, dict) and isinstance(dcc := hcert.get(1), dict):
        findings.extend(eu_dcc.check(dcc))
        return eu_dcc.NAME, {"iss": claims.get(ISS), "dcc": dcc}, eu_dcc.states(dcc)
    from verifier.formats import who_payloads  # the payloads of few documents

    name = who_payloads.classify(claims)
    if name is not None:
        return name, claims, who_payloads.states(claims)
    if hcert is None:
        raise EnvelopeError(HcertCode.NO_PAYLOAD)
    keys = [str(key)[:20] for key in hcert][:5] if isinstance(hcert, dict) else None
    raise EnvelopeError(HcertCode.PAYLOAD_UNKNOWN, facts={"keys": keys})


def read(payload: SignedPayload) -> HealthRecord:
    """The record of whatever payload was inside.

    Raises:
        RecordError: of the payload's own reader.
    """
    if payload.format == eu_dcc.NAME:
        return eu_dcc.read(payload)
    from verifier.formats import who_payloads

    if payload.format in who_payloads.NAMES:
        return who_payloads.read(payload)
    raise RecordError(HcertCode.PAYLOAD_UNKNOWN)
