"""One document as one screen of text for a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from verifier.findings import Finding, Outcome
from verifier.health.record import Coded, HealthRecord, Holder
from verifier.reading import Document, Evidence
from verifier.trust.ages import stale_after
from verifier.wording import explain

WIDTH = 16
NAMES = {
    "eu-dcc": "EU Digital COVID Certificate",
    "shc": "SMART Health Card",
    "vds-nc": "ICAO VDS-NC health seal",
    "divoc": "DIVOC certificate",
    "nzcp": "New Zealand COVID Pass",
    "cred": "PathCheck PaperCred",
    "2ddoc": "French 2D-DOC",
    "nl2": "Dutch domestic CoronaCheck",
    "icvp": "WHO digital yellow card (ICVP)",
    "ddcc": "WHO DDCC certificate",
    "health-link": "WHO health link",
}
STATES = {
    "valid": "holds",
    "invalid": "DOES NOT HOLD",
    "unknown-signer": "cannot be verified here (signer unknown)",
    "unchecked": "not checked",
}
USE = {
    Evidence.USABLE: "yes: all checks hold",
    Evidence.OPEN: "NOT AS IT IS: a person must look",
    Evidence.NONE: "no: this document gives no evidence",
}


def _row(label: str, value: object) -> str:
    return f"  {label:<{WIDTH}}{value}"


def document_screen(document: Document, at: datetime, language: str = "en") -> str:
    """Format, signature, signer and trust path, list and its age, dates, content, and every finding worth reading."""
    head = NAMES.get(document.format or "", document.format or "Not a health certificate")
    return "\n".join([head, *_lines(document, at), *_findings(document.findings, language)])


def _lines(document: Document, at: datetime) -> Iterator[str]:
    if document.format is None:
        return
    yield _row("Signature", f"{STATES[document.signature.value]}{_by(document.algorithm)}")
    if document.signer is not None:
        signer = document.signer
        who = " / ".join(part for part in (signer.country, signer.name or signer.issuer) if part)
        yield _row("Signer", f"{who or 'unnamed'}, key {document.kid or signer.kid}")
        yield _row("Trust path", " < ".join(signer.path) if signer.path else "listed by its publisher")
    elif document.kid or document.issuer:
        yield _row("Says it is by", f"{document.issuer or '?'}, key {document.kid or '?'} (not verified)")
    if (source := document.source) is not None:
        end = stale_after(source)
        age = "age unknown" if source.fetched is None else f"{max((at - source.fetched).days, 0)} days old"
        until = "" if end is None else f", good until {end:%Y-%m-%d}"
        yield _row("Trust list", f"{source.name}, {age}{until}{' [QA]' if source.qa else ''}")
    if document.signer is not None:
        yield _row("Revocation", _revocation(document.findings))
    dates = document.dates
    begin = dates.issued or dates.not_before
    if begin or dates.expires:
        yield _row("Code valid", f"{begin:%Y-%m-%d}" if begin else "?")
        if dates.expires:
            yield _row("", f"until {dates.expires:%Y-%m-%d}")
    if document.record is not None:
        yield from _record(document.record)
    yield _row("Use for travel", USE[document.evidence])


def _by(algorithm: str | None) -> str:
    return f" ({algorithm})" if algorithm else ""


def _revocation(findings: Sequence[Finding]) -> str:
    codes = {finding.code.value for finding in findings}
    if "trust.revoked" in codes:
        return "REVOKED"
    return "not checked" if any("revocation" in code for code in codes) else "not listed as revoked"


def _record(record: HealthRecord) -> Iterator[str]:
    yield _row("Holder", _holder(record.holder))
    for dose in record.vaccinations:
        of = f"dose {dose.dose or '?'} of {dose.total or '?'}, " if dose.dose or dose.total else ""
        yield _row(
            "Vaccination", f"{of}{_coded(dose.product)}, {str(dose.date) or 'date unknown'}, {dose.country or '?'}"
        )
    for test in record.tests:
        when = test.sampled.isoformat(" ", "minutes") if test.sampled else str(test.sampled_on) or "time unknown"
        yield _row("Test", f"{test.kind.value}, {test.result.value.upper()}, sample {when}, {test.country or '?'}")
    for recovery in record.recoveries:
        yield _row("Recovery", f"first positive {str(recovery.first_positive) or '?'}, {recovery.country or '?'}")


def _holder(holder: Holder) -> str:
    name = holder.full_name or ", ".join(part for part in (holder.surname, holder.given) if part)
    std = "<<".join(part for part in (holder.surname_std, holder.given_std) if part)
    born = f", born {holder.birth_date}" if str(holder.birth_date) else ""
    return f"{name or std or 'no name'}{f' [{std}]' if name and std else ''}{born}"


def _coded(coded: Coded) -> str:
    return coded.text or coded.key or coded.code or "product not stated"


_MARKS = {Outcome.OPEN: "?", Outcome.UNMET: "x", Outcome.NOTE: "-", Outcome.MET: " "}


def _findings(findings: Sequence[Finding], language: str) -> Iterator[str]:
    """What matters first: alerts, then open and unmet, then notes. Checks that hold need no line."""
    rank = {Outcome.UNMET: 0, Outcome.OPEN: 1, Outcome.NOTE: 2}
    shown = [finding for finding in findings if finding.outcome is not Outcome.MET]
    for finding in sorted(shown, key=lambda item: (not item.alert, rank[item.outcome])):
        mark = "!" if finding.alert else _MARKS[finding.outcome]
        yield f"  {mark} {explain(finding, language)} [{finding.code.value}]"
