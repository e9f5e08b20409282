"""SMART Health Cards: a compact JWS over deflated JSON with a FHIR bundle, signed with ES256 by an https issuer.

The key is looked up by kid under the issuer and nowhere else: many issuers publish the same kid.

Source: SMART Health Cards framework 1.4; RFC 7515, RFC 7519.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from verifier.codecs import CodecCode, canonical_json, jws
from verifier.codecs.inflate import RAW, inflate
from verifier.errors import EnvelopeError, RecordError
from verifier.findings import Finding, Outcome
from verifier.formats import shc_carriers, shc_fhir
from verifier.formats.shc_codes import ShcCode
from verifier.health.record import HealthRecord
from verifier.model import Claim, Envelope, SignedDates, SignedPayload, SignerHint

NAME = "shc"
RING = "shc"
HEALTH_CARD = "https://smarthealth.cards#health-card"
MAX_INFLATED = 256 * 1024  # a lab report of three codes inflates to 15 KiB; a hostile code to 2.6 MB
MAX_DEPTH = 64
MAX_TRAILING = 8  # bytes: CRC-32 and length of a gzip member
MILLISECONDS = 100_000_000_000  # a NumericDate beyond the year 5138 was meant as milliseconds
LATEST = datetime.max.replace(tzinfo=UTC)
EPOCH = datetime.fromtimestamp(0, UTC)

_ISSUER = re.compile(r"https://[^\s/?#@]+(?:/[^\s?#]*)?(?<!/)", re.ASCII)
_RID = re.compile(r"[A-Za-z0-9_-]{1,24}", re.ASCII)
_STATES = {b'"Immunization"': Claim.VACCINATION, b'"Observation"': Claim.TEST}

recognise = shc_carriers.recognise


def unwrap(scans: Sequence[bytes]) -> Sequence[Envelope]:
    """One envelope per card in these scans: QR codes (chunks in any order), files, FHIR replies, links or bare JWS.

    Where one of several is broken, the others are returned and each says how many were left out.

    Raises:
        EnvelopeError: codes of `shc_carriers.cards`, `verifier.codecs.jws`, `inflate` and `canonical_json`; ALGORITHM,
            ZIP, KID_MISSING, PAYLOAD, CLAIM, ISSUER_URL.
    """
    found, failures = shc_carriers.cards(scans)
    envelopes: list[Envelope] = []
    for card in found:
        try:
            envelopes.append(_envelope(*card))
        except EnvelopeError as error:
            failures.append(error)
    if not envelopes:
        raise failures[0]
    if failures:
        facts = {"broken": len(failures), "reasons": sorted({error.code.value for error in failures})}
        note = Finding(ShcCode.CARD_LEFT_OUT, Outcome.NOTE, facts)
        return [replace(envelope, findings=(*envelope.findings, note)) for envelope in envelopes]
    return envelopes


def _envelope(text: bytes, notes: tuple[Finding, ...]) -> Envelope:
    parts = jws.parse(text)
    header = parts.header
    if header.get("alg") != "ES256":
        raise EnvelopeError(ShcCode.ALGORITHM, facts={"algorithm": str(header.get("alg"))[:20]})
    if header.get("zip") != "DEF":
        raise EnvelopeError(ShcCode.ZIP, facts={"zip": str(header.get("zip"))[:20]})
    kid = header.get("kid")
    if not isinstance(kid, str) or not kid:
        raise EnvelopeError(ShcCode.KID_MISSING)
    body, notes = _inflate(parts.payload, notes)
    content = canonical_json.parse(body, limit=MAX_INFLATED, depth=MAX_DEPTH)
    if b"\\u" in body and not _writable(content):
        raise EnvelopeError(ShcCode.PAYLOAD, facts={"type": "surrogate"})
    if not isinstance(content, dict):
        raise EnvelopeError(ShcCode.PAYLOAD, facts={"type": type(content).__name__})
    issuer = content.get("iss")
    if not isinstance(issuer, str):
        raise EnvelopeError(ShcCode.CLAIM, facts={"claim": "iss"})
    if _ISSUER.fullmatch(issuer) is None:
        raise EnvelopeError(ShcCode.ISSUER_URL, facts={"https": issuer.startswith("https://")})
    start, late = _moment(content, "nbf", required=True)
    end, far = _moment(content, "exp", required=False)
    if late:
        notes = (*notes, Finding(ShcCode.NBF_MILLISECONDS, Outcome.NOTE))
    if far:
        notes = (*notes, Finding(ShcCode.EXP_MILLISECONDS, Outcome.NOTE))
    vc = content.get("vc")
    rid = vc.get("rid") if isinstance(vc, dict) else None
    if rid is not None and (not isinstance(rid, str) or _RID.fullmatch(rid) is None):
        notes = (*notes, Finding(ShcCode.RID, Outcome.NOTE))
    return Envelope(
        NAME,
        SignerHint(RING, kid.encode("utf-8", "surrogatepass"), issuer),
        "ES256",
        parts.signed,
        parts.signature,
        content,
        # the trust store takes `expires` as the last good moment, exp itself is none (RFC 7519 section 4.1.4)
        SignedDates(not_before=start, expires=None if end is None else end - datetime.resolution),
        # by what the bundle holds and never by vc.type; a word too much asks more of the key, not less
        frozenset(state for word, state in _STATES.items() if word in body),
        notes,
        rid if isinstance(rid, str) else None,
    )


def _writable(content: Any) -> bool:
    """False where a text holds half a surrogate pair, which no later stage could write out."""
    try:
        json.dumps(content, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _inflate(payload: bytes, notes: tuple[Finding, ...]) -> tuple[bytes, tuple[Finding, ...]]:
    """The inflated payload. Some issuers let checksum and length of gzip follow the bare stream: ignored and noted."""
    try:
        return inflate(payload, wbits=RAW, limit=MAX_INFLATED), notes
    except EnvelopeError as error:
        extra = error.facts.get("bytes", 0)
        if error.code is not CodecCode.ZLIB_TRAILING or extra > MAX_TRAILING:
            raise
    note = Finding(ShcCode.TRAILING, Outcome.NOTE, {"bytes": extra})
    return inflate(payload[:-extra], wbits=RAW, limit=MAX_INFLATED), (*notes, note)


def _moment(content: Mapping[str, Any], claim: str, *, required: bool) -> tuple[datetime | None, bool]:
    """A NumericDate (seconds, often with a fraction) as UTC, and whether it can only have been meant as milliseconds.

    Read as seconds all the same: an issuer's error must not make a card valid earlier than it says. What lies beyond
    the calendar is its end.
    """
    value = content.get(claim)
    if value is None and not required:
        return None, False
    if isinstance(value, bool) or not isinstance(value, (int, float)) or (value != value):
        raise EnvelopeError(ShcCode.CLAIM, facts={"claim": claim})
    if value <= 0:
        return EPOCH, False
    try:
        return datetime.fromtimestamp(value, UTC), value > MILLISECONDS
    except (OverflowError, ValueError, OSError):
        return LATEST, True


def read(payload: SignedPayload) -> HealthRecord:
    """The record of a verified card.

    Raises:
        RecordError: TYPE where `vc.type` does not name a health card, BUNDLE where there is no FHIR bundle,
            PATIENT_SEVERAL where the statements are about several persons.
    """
    content = payload.content
    vc = content.get("vc")
    kinds = vc.get("type") if isinstance(vc, dict) else None
    if not isinstance(kinds, list) or HEALTH_CARD not in kinds:
        raise RecordError(ShcCode.TYPE)
    return shc_fhir.read_bundle(NAME, content)
