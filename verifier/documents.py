"""Documents and records as JSON-able data: what the filter, the API and the kiosk show. One shape for all of them.

Unknown values are left out; dates are ISO 8601 at their precision; nothing is shortened.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from verifier.health.record import HealthRecord
from verifier.model import PartialDate, Signer
from verifier.reading import Document


def plain(value: Any) -> Any:
    """Any value of a record as JSON-able data; members that are None, empty or unknown are left out."""
    if isinstance(value, PartialDate):
        return str(value) or None
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        members = ((field.name, plain(getattr(value, field.name))) for field in fields(value))
        return {name: member for name, member in members if member not in (None, "", [], {}, False)}
    if isinstance(value, (tuple, list, frozenset, set)):
        return [plain(item) for item in value]
    return value


def record_json(record: HealthRecord) -> dict[str, Any]:
    """A record without its raw payload and findings (those stand in the document)."""
    shown = ("holder", "vaccinations", "tests", "recoveries", "issuer")
    members = {name: plain(getattr(record, name)) for name in shown}
    return {name: value for name, value in members.items() if value not in (None, [], {})}


def signer_json(signer: Signer) -> dict[str, Any]:
    """The key that verified."""
    members = plain(signer)
    assert isinstance(members, dict)
    return members


def document_json(document: Document) -> dict[str, Any]:
    """`{format, signature, evidence, issuer, kid, dates, record, signer, trust, findings}`."""
    dates = {
        name: moment.isoformat()
        for name in ("issued", "not_before", "expires")
        if (moment := getattr(document.dates, name)) is not None
    }
    out: dict[str, Any] = {
        "format": document.format,
        "signature": document.signature.value,
        "evidence": document.evidence.value,
        "algorithm": document.algorithm,
        "issuer": document.issuer,
        "kid": document.kid,
        "dates": dates,
        "record": None if document.record is None else record_json(document.record),
        "findings": [finding.as_json() for finding in document.findings],
    }
    if document.signer is not None:
        out["signer"] = signer_json(document.signer)
    if (source := document.source) is not None:
        out["trust"] = {
            "list": source.name,
            "origin": source.origin,
            "fetched": None if source.fetched is None else source.fetched.isoformat(),
            "expires": None if source.expires is None else source.expires.isoformat(),
            "qa": source.qa,
        }
    return out
