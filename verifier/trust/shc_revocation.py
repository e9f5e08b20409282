"""Revocation lists of SMART Health Cards: `{kid, method, ctr, rids}`, one for each key.

An entry is `rid` or `rid.ts`. A card is revoked when its rid is listed and there is no moment, or the card became valid
before it; nbf has a fraction, the moment has not, so neither may be rounded. Method `hash-fhir` names cards that carry
no rid by a hash of their content.

Source: SMART Health Cards framework 1.4, "Revocation"; RFC 002 of the framework (draft).
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from verifier.codecs import canonical_json
from verifier.errors import EnvelopeError, TrustError
from verifier.findings import Finding, Outcome
from verifier.model import Envelope
from verifier.trust.keys import ListSource, RevocationList
from verifier.trust.lists.jwks import RING, JwksCode, parse_json, version_number

MAX_BYTES = 32 * 1024 * 1024
BROKEN = -1  # version of a list with broken entries: below every crlVersion, so it never counts as complete
HASH = "hash-fhir:"  # marks the entries of that method, whose identifiers come from the content
METHODS = {"rid": "", "hash-fhir": HASH}
_ENTRY = re.compile(r"([A-Za-z0-9_-]{1,24})(?:\.([0-9]{1,12}))?", re.ASCII)


def read_crl(
    data: bytes | Any, *, issuer: str, source: ListSource
) -> tuple[RevocationList | None, tuple[Finding, ...]]:
    """One list, with what was wrong with it.

    Entries that can be read count even where others cannot, but such a list never stands for "not revoked".

    Args:
        data: the file, or its parsed JSON where it stands inside another list.
        issuer: URL it is published under.
        source: where it came from.

    Returns:
        The list, or None where nothing of it can be used; findings with the position of each broken entry.
    """
    facts = {"list": source.name, "issuer": issuer}
    try:
        content = parse_json(data, limit=MAX_BYTES) if isinstance(data, bytes) else data
    except TrustError as error:
        return None, (Finding(JwksCode.CRL, Outcome.NOTE, {**facts, "reason": error.code.value}),)
    if not isinstance(content, Mapping):
        return None, (Finding(JwksCode.CRL, Outcome.NOTE, {**facts, "reason": "not-an-object"}),)
    kid, method, rids = content.get("kid"), content.get("method"), content.get("rids")
    mark = METHODS.get(method) if isinstance(method, str) else None
    if not isinstance(kid, str) or mark is None or not isinstance(rids, list):
        return None, (Finding(JwksCode.CRL, Outcome.NOTE, {**facts, "reason": "members"}),)
    entries: dict[str, datetime | None] = {}
    broken: list[int] = []
    for index, entry in enumerate(rids):
        match = _ENTRY.fullmatch(entry) if isinstance(entry, str) else None
        moment = None if match is None or match[2] is None else _moment(match[2])
        if match is None or (match[2] is not None and moment is None):
            broken.append(index)
            continue
        name = mark + match[1]
        # the same rid twice: without a moment it is revoked for good, else the later moment revokes more
        held = entries.get(name, moment)
        entries[name] = None if held is None or moment is None else max(held, moment)
    number = version_number(content.get("ctr"))
    findings = []
    if broken:
        findings.append(
            Finding(JwksCode.CRL_ENTRY, Outcome.NOTE, {**facts, "entries": broken[:20], "count": len(broken)})
        )
    if number is None:
        findings.append(Finding(JwksCode.CRL, Outcome.NOTE, {**facts, "reason": "ctr"}))
    complete = number is not None and not broken
    return RevocationList(RING, issuer, kid.encode(), entries, number if complete else BROKEN), tuple(findings)


def _moment(seconds: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (OverflowError, ValueError, OSError):
        return None


def identifiers(envelope: Envelope, held: RevocationList) -> tuple[str, ...]:
    """Under which entries of a list a document may be named: its own identifier, and for a list that names cards by
    content, the hash of its bundle."""
    own = () if envelope.revocation_id is None else (envelope.revocation_id,)
    if not any(name.startswith(HASH) for name in held.entries):
        return own
    hashed = _content_hash(envelope.content)
    return own if hashed is None else (*own, HASH + hashed)


def _content_hash(content: Any) -> str | None:
    """base64url of the first eight bytes of SHA-256 over base64url of the canonical bundle."""
    try:
        bundle = content["vc"]["credentialSubject"]["fhirBundle"]
        canonical = canonical_json.canonicalise(bundle)
    except (KeyError, TypeError, EnvelopeError):
        return None
    inner = base64.urlsafe_b64encode(canonical).rstrip(b"=")
    return base64.urlsafe_b64encode(hashlib.sha256(inner).digest()[:8]).rstrip(b"=").decode()
