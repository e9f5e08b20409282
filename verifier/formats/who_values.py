"""Small readers shared by the WHO payloads: values of CBOR maps that hold anything at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from verifier.findings import Finding, Outcome
from verifier.formats.who_codes import WhoCode
from verifier.health import tables
from verifier.health.dates import parse_date
from verifier.model import UNKNOWN_DATE, PartialDate, SignedPayload

ISS = 1
# the FHIR gender words of 2025 and 2026, the letters of 2024; `unknown` says nothing
SEXES: Mapping[str, str] = {"male": "M", "m": "M", "female": "F", "f": "F", "other": "X", "x": "X"}


def text(values: Mapping[Any, Any], *names: str) -> str | None:
    """The first of the named members that is a text and says something, trimmed."""
    for name in names:
        value = values.get(name)
        if isinstance(value, str) and (trimmed := str(value).strip()):
            return trimmed
    return None


def mapping(value: object) -> Mapping[Any, Any]:
    """The value where it is a map, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def number(value: object) -> int | None:
    """A whole number, also as a short text."""
    if isinstance(value, str) and 0 < len(value) <= 3 and value.isascii() and value.isdigit():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def day(values: Mapping[Any, Any], findings: list[Finding], *names: str) -> PartialDate:
    """The first of the named members as a date; unknown where there is none."""
    for name in names:
        value = values.get(name)
        if value is not None and value != "":
            found, notes = parse_date(value, field=name)
            findings.extend(notes)
            return found
    return UNKNOWN_DATE


def country(code: str | None) -> str | None:
    """ISO alpha-2 of an alpha-2 or alpha-3 code; a placeholder of the network as it is."""
    if code is None:
        return None
    return tables.country_alpha2(code) or code.upper()


def sex(value: str | None) -> str | None:
    """`M`, `F`, `X`, or None where nothing is said."""
    return SEXES.get((value or "").lower())


def issuer(claims: Mapping[Any, Any], payload: SignedPayload, findings: list[Finding]) -> str | None:
    """The country that claims to have issued, compared with the participant whose key signed.

    Placeholders of test participants have two letters in claims and three in the lists (`XJ`, `XXJ`).
    """
    stated = claims.get(ISS)
    if not isinstance(stated, str) or not stated.strip():
        return payload.signer.country
    found, signer = country(stated.strip()), payload.signer.country
    if signer and found not in (signer, country(signer)) and f"X{found}" != signer:
        facts = {"issuer": (found or "")[:8], "signer": signer}
        findings.append(Finding(WhoCode.ISSUER_NOT_SIGNER, Outcome.OPEN, facts, alert=True))
    return found


def plain(value: Any, depth: int = 16) -> Any:
    """CBOR content as JSON-able data: keys as text, bytes as hex, what JSON cannot hold as null."""
    if depth <= 0:
        return None
    if isinstance(value, Mapping):
        return {str(key): plain(item, depth - 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item, depth - 1) for item in value]
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, float) and value != value:  # NaN
        return None
    return value if isinstance(value, (str, int, float, bool)) else None
