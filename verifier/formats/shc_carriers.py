"""Where a SMART Health Card is found: QR codes, one or several; a file; a FHIR reply; the link of an app; a bare JWS.

Source: SMART Health Cards framework 1.4, "Sending SMART Health Cards", "Encoding QRs", "Chunking" (deprecated 2022-12).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

from verifier.codecs import canonical_json, numeric
from verifier.errors import EnvelopeError
from verifier.findings import Finding, Outcome
from verifier.formats.shc_codes import ShcCode

SCHEME = b"shc:/"
MAX_CODE = 16 * 1024  # characters of one QR code
MAX_FILE = 1024 * 1024  # bytes
MAX_JWS = 64 * 1024  # characters
MAX_CARDS = 50
MAX_CHUNKS = 100
SINGLE_LENGTH = 1195  # characters of a JWS that fit one code, version 22 level L
CHUNK_LENGTH = 1191
KEY = b'"verifiableCredential"'
QUOTED_KEY = b"%22verifiablecredential%22"
BOM = b"\xef\xbb\xbf"

_CHUNK = re.compile(rb"([0-9]{1,4})/([0-9]{1,4})/")
_JWS_START = re.compile(rb"ey[A-Za-z0-9_-]{8,4096}\.", re.ASCII)

Card = tuple[bytes, tuple[Finding, ...]]

_CHUNKED = Finding(ShcCode.CHUNKED, Outcome.NOTE)
_SURROUNDED = Finding(ShcCode.SURROUNDED, Outcome.NOTE)
_CHUNK_SINGLE = Finding(ShcCode.CHUNK_SINGLE, Outcome.NOTE)


def recognise(scan: bytes) -> bool:
    """True for anything that claims to be a SMART Health Card, whole or damaged."""
    head = scan[:64].lstrip().removeprefix(BOM)
    if head[:5].lower() == SCHEME:
        return True
    if head[:1] == b"{":
        return KEY in scan[:MAX_FILE] and b'"@context"' not in scan[:MAX_FILE]
    if head[:8].lower().startswith((b"https://", b"http://")):
        return QUOTED_KEY in scan[: 2 * MAX_CODE].lower() or b"#{" + KEY in scan[: 2 * MAX_CODE]
    return head[:2] == b"ey" and _JWS_START.match(scan.lstrip()) is not None


@dataclass(slots=True)
class _Codes:
    """QR codes as they are collected.

    Attributes:
        whole: cards of one code each, and of other carriers.
        chunks: count of a set -> index -> characters; None once the set has proved to be two.
        notes: tolerances used on chunks.
    """

    whole: list[Card]
    chunks: dict[int, dict[int, bytes] | None]
    notes: list[Finding]


def cards(scans: Sequence[bytes]) -> tuple[list[Card], list[EnvelopeError]]:
    """Every compact JWS in these scans with the tolerances used to get at it, and what was wrong with the rest.

    Chunks may come in any order and more than once; a set is joined only when it is complete. The errors carry
    TOO_LARGE, HEADER, the codes of `verifier.codecs.numeric`, the CHUNK codes, FILE, LINK, NO_CARD or TOO_MANY_CARDS;
    there is at least one where there is no card.
    """
    failures: list[EnvelopeError] = []
    if len(scans) == 1 and _is_plain(scans[0]):
        try:
            return [(numeric.decode(scans[0][len(SCHEME) :]), ())], failures
        except EnvelopeError as error:
            return [], [error]
    codes = _Codes([], {}, [])
    for scan in scans:
        text = scan.strip()
        notes = (_SURROUNDED,) if len(text) != len(scan) else ()
        try:
            if text[:5].lower() == SCHEME:
                _code(text, notes, codes)
            else:
                codes.whole.extend((jws, notes) for jws in _others(text))
        except EnvelopeError as error:
            failures.append(error)
    found = codes.whole
    for total, parts in codes.chunks.items():
        try:
            found.append((_join(total, parts, codes.chunks), (*codes.notes, _CHUNKED)))
        except EnvelopeError as error:
            failures.append(error)
    if len(found) > MAX_CARDS:
        failures.append(EnvelopeError(ShcCode.TOO_MANY_CARDS, facts={"cards": len(found), "limit": MAX_CARDS}))
    if not found and not failures:
        failures.append(EnvelopeError(ShcCode.NO_CARD))
    return found[:MAX_CARDS], failures


def _is_plain(scan: bytes) -> bool:
    """True for one whole code of digits, which is nearly every scan."""
    return scan.startswith(SCHEME) and len(scan) <= len(SCHEME) + 2 * SINGLE_LENGTH and scan[len(SCHEME) :].isdigit()


def _code(text: bytes, notes: tuple[Finding, ...], codes: _Codes) -> None:
    """Sort one QR code in: a whole card or a chunk."""
    if len(text) > MAX_CODE:
        raise EnvelopeError(ShcCode.TOO_LARGE, facts={"length": len(text), "limit": MAX_CODE})
    body = text[len(SCHEME) :]
    if b"/" not in body:
        jws = numeric.decode(body)
        if len(jws) > SINGLE_LENGTH:
            notes = (*notes, Finding(ShcCode.LONG, Outcome.NOTE, {"length": len(jws), "limit": SINGLE_LENGTH}))
        codes.whole.append((jws, notes))
        return
    match = _CHUNK.match(body)
    if match is None or b"/" in body[match.end() :]:
        raise EnvelopeError(ShcCode.HEADER)
    index, total = int(match[1]), int(match[2])
    if not 1 <= index <= total <= MAX_CHUNKS:
        raise EnvelopeError(ShcCode.CHUNK_INDEX, facts={"index": index, "total": total})
    part = numeric.decode(body[match.end() :])
    if total == 1:
        codes.whole.append((part, (*notes, _CHUNK_SINGLE)))
        return
    codes.notes.extend(notes)
    if len(part) > CHUNK_LENGTH:
        codes.notes.append(Finding(ShcCode.CHUNK_LONG, Outcome.NOTE, {"length": len(part), "limit": CHUNK_LENGTH}))
    parts = codes.chunks.setdefault(total, {})
    if parts is not None and parts.setdefault(index, part) != part:
        codes.chunks[total] = None
        raise EnvelopeError(ShcCode.CHUNK_CONFLICT, facts={"index": index, "total": total})


def _join(total: int, parts: dict[int, bytes] | None, chunks: Mapping[int, object]) -> bytes:
    if parts is None:
        raise EnvelopeError(ShcCode.CHUNK_CONFLICT, facts={"total": total})
    missing = [index for index in range(1, total + 1) if index not in parts]
    if missing and len(chunks) > 1:
        raise EnvelopeError(ShcCode.CHUNK_MIXED, facts={"totals": sorted(chunks)})
    if missing:
        raise EnvelopeError(ShcCode.CHUNK_MISSING, facts={"missing": missing, "total": total})
    return b"".join(parts[index] for index in sorted(parts))


def _others(text: bytes) -> list[bytes]:
    """The JWS of a file, a FHIR reply, a link or a bare text."""
    if len(text) > MAX_FILE:
        raise EnvelopeError(ShcCode.TOO_LARGE, facts={"length": len(text), "limit": MAX_FILE})
    text = text.removeprefix(BOM)
    if text[:4].lower() == b"http":
        fragment = unquote_to_bytes(text.partition(b"#")[2])
        if not fragment.startswith(b"{"):
            raise EnvelopeError(ShcCode.LINK)
        text = fragment
    if text.startswith(b"{"):
        return _listed(canonical_json.parse(text, limit=MAX_FILE))
    if len(text) > MAX_JWS:
        raise EnvelopeError(ShcCode.TOO_LARGE, facts={"length": len(text), "limit": MAX_JWS})
    return [text]


def _listed(content: Any) -> list[bytes]:
    """The JWS in `{verifiableCredential: [...]}` or in a FHIR `Parameters` with values of that name."""
    if not isinstance(content, dict):
        raise EnvelopeError(ShcCode.FILE)
    if content.get("resourceType") == "Parameters":
        parameters = content.get("parameter")
        listed: Any = [
            next((item[key] for key in ("valueString", "valueCanonical", "valueUri") if key in item), None)
            for item in (parameters if isinstance(parameters, list) else ())
            if isinstance(item, dict) and item.get("name") == "verifiableCredential"
        ]
    else:
        listed = content.get("verifiableCredential")
        listed = [listed] if isinstance(listed, str) else listed
    if not isinstance(listed, list) or not all(isinstance(jws, str) for jws in listed):
        raise EnvelopeError(ShcCode.FILE)
    if not listed:
        raise EnvelopeError(ShcCode.NO_CARD)
    if len(listed) > MAX_CARDS:
        raise EnvelopeError(ShcCode.TOO_MANY_CARDS, facts={"cards": len(listed), "limit": MAX_CARDS})
    if any(len(jws) > MAX_JWS for jws in listed):
        raise EnvelopeError(ShcCode.TOO_LARGE, facts={"limit": MAX_JWS})
    return [jws.strip().encode("utf-8", "replace") for jws in listed]
