"""Claim 5: a signed link to health data (VHL, SMART Health Link). It is reported and never opened.

A good signature proves who signed the link and nothing about vaccination. Some links lead to data that only a member of
the network may fetch, others to a person's whole record behind a passcode; neither is a gate agent's business.

Source: WHO HCERT 1.1.1 (claim 5); SMART Health Links; IHE VHL ITI-YY3; who.md section 2.2.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from verifier.errors import RecordError
from verifier.findings import Finding, Outcome
from verifier.formats.who_codes import WhoCode
from verifier.formats.who_values import issuer, mapping
from verifier.health.record import HealthRecord, Holder
from verifier.model import SignedPayload

NAME = "health-link"
CLAIM = 5
MAX_LINKS = 8
MAX_LINK = 16 * 1024
MILLISECONDS = 100_000_000_000  # a date beyond the year 5138 is written in milliseconds
# an optional viewer address, then the scheme; two slashes are seen in the wild
_LINK = re.compile(r"(?:https?://[^#\s]{1,2048}#)?(?P<kind>vhlink|shlink)://?(?P<body>[A-Za-z0-9_=-]+)\s*")
_HOST = re.compile(r"[a-z0-9.-]{1,253}")


def read_link(payload: SignedPayload) -> HealthRecord:
    """A record without any event; each link is a finding.

    Raises:
        RecordError: LINK_BROKEN where no text of the claim is a link.
    """
    claims: Mapping[Any, Any] = payload.content
    findings: list[Finding] = []
    stated_by = issuer(claims, payload, findings)
    links = _texts(mapping(claims.get(-260)).get(CLAIM))
    if not links:
        raise RecordError(WhoCode.LINK_BROKEN)
    for link in links:
        findings.append(Finding(WhoCode.LINK_NOT_OPENED, Outcome.OPEN, describe(link)))
    return HealthRecord(NAME, Holder(), issuer=stated_by, findings=tuple(findings))


def _texts(value: object) -> list[str]:
    """The links of a claim: one text, or a list of texts or of maps with the link under `u`."""
    items = list(value) if isinstance(value, (list, tuple)) else [value]
    found = [item.get("u") if isinstance(item, Mapping) else item for item in items[:MAX_LINKS]]
    return [item for item in found if isinstance(item, str)]


def describe(link: str) -> dict[str, Any]:
    """What a link says about itself: kind, host, whether a passcode is asked for, and until when it works.

    Neither the address nor the key of the link is repeated.

    Raises:
        RecordError: LINK_BROKEN.
    """
    match = _LINK.fullmatch(link) if len(link) <= MAX_LINK else None
    if match is None:
        raise RecordError(WhoCode.LINK_BROKEN)
    body = match["body"].rstrip("=")
    try:
        value = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        host = urlsplit(value["url"]).hostname or ""
        flags = value.get("flag") or ""
    except (ValueError, TypeError, KeyError, AttributeError, binascii.Error, RecursionError):
        raise RecordError(WhoCode.LINK_BROKEN) from None
    kind = value.get("type") if value.get("type") in ("vhl", "shl") else match["kind"].removesuffix("ink")
    return {
        "kind": kind,
        "host": host if _HOST.fullmatch(host) else None,
        "passcode": isinstance(flags, str) and "P" in flags,
        "until": _until(value.get("exp")),
    }


def _until(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return datetime.fromtimestamp(value / 1000 if value > MILLISECONDS else value, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return None
