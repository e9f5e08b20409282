"""From scans to documents: picture, bytes, envelope, trust, record - for every document shown, with every finding.

Reading never raises for a bad document. A document whose signature could not be verified is looked into for the agent's
eyes (`record` is then not evidence); what it may count as is said by `evidence` (the table of document states).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from verifier.errors import DocumentError, EnvelopeError, RecordError
from verifier.findings import Code, Finding, Outcome
from verifier.formats import Entry, Format, find, load
from verifier.formats.recognition import clean, explain
from verifier.health.record import HealthRecord
from verifier.model import Envelope, Scan, SignedDates, Signer
from verifier.trust.codes import TrustCode
from verifier.trust.keys import ListSource
from verifier.trust.store import SignatureState, TrustStore, shown_kid, unsafe_peek

if TYPE_CHECKING:
    from verifier.scan import Picture

MAX_SCANS = 64
# areas that speak of values inside the record; requirements judge those values themselves
RECORD_AREAS = frozenset({"health", "schema"})


class ReadingCode(Code):
    """Findings about the act of reading."""

    TOO_MANY_SCANS = "reading.too-many-scans"
    FAULT = "reading.fault"


class Evidence(StrEnum):
    """What a document may count as."""

    USABLE = "usable"
    OPEN = "open"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Document:
    """One document as read.

    Attributes:
        format: name of the format; None where none was recognised.
        signature: what can be said about the signature alone.
        evidence: usable, open (a person must look) or none.
        record: what it says; evidence only where `evidence` is usable. None where it cannot be read.
        issuer: country, URL or DID as stated (not verified unless the signature is valid).
        kid: key identifier for people.
        signer, source: key and list that verified it.
        algorithm: as claimed.
    """

    format: str | None
    signature: SignatureState
    evidence: Evidence
    findings: tuple[Finding, ...]
    record: HealthRecord | None = None
    issuer: str | None = None
    kid: str | None = None
    dates: SignedDates = SignedDates()
    signer: Signer | None = None
    source: ListSource | None = None
    algorithm: str | None = None


def read_scans(
    scans: Sequence[Scan], *, trust: TrustStore, at: datetime, known: datetime | None = None
) -> tuple[Document, ...]:
    """Read every document in the scans, in order of first appearance.

    Args:
        scans: payloads, pictures and files as shown; chunks of one card may stand in any order.
        trust: keys to verify with.
        at: the moment asked about, with zone.
        known: the moment whose knowledge counts (default `at`).
    """
    return tuple(_documents(scans, trust, at, known))


def _documents(scans: Sequence[Scan], trust: TrustStore, at: datetime, known: datetime | None) -> Iterator[Document]:
    groups: dict[str, list[bytes]] = {}
    order: list[tuple[Entry, list[bytes]] | Document] = []
    for data in _payloads(scans[:MAX_SCANS], order):
        entry = find(data)
        if entry is None:
            order.append(_failed(None, explain(data)))
        elif entry.chunks and entry.name in groups:
            groups[entry.name].append(data)
        else:
            group = [data]
            if entry.chunks:
                groups[entry.name] = group
            order.append((entry, group))
    if len(scans) > MAX_SCANS:
        facts = {"scans": len(scans), "limit": MAX_SCANS}
        order.append(_failed(None, EnvelopeError(ReadingCode.TOO_MANY_SCANS, facts=facts)))
    for item in order:
        if isinstance(item, Document):
            yield item
        else:
            yield from _unwrap(item[0], item[1], trust, at, known)


def _payloads(scans: Sequence[Scan], order: list[Any]) -> Iterator[bytes]:
    """Bytes of every code in every scan; a picture without one becomes a failed document in its place."""
    seen: set[bytes] = set()
    for scan in scans:
        if scan.kind == "payload" or (scan.kind == "file" and not scan.data.startswith(b"%PDF")):
            codes = [clean(scan.data)]
        else:
            try:
                picture = _picture(scan)
            except DocumentError as error:
                order.append(_failed(None, error))
                continue
            codes = [clean(code.data) for code in picture.codes]
        for data in codes:
            if data not in seen:
                seen.add(data)
                yield data


def _picture(scan: Scan) -> Picture:
    # decoders and Pillow are needed for pictures only
    if scan.data.startswith(b"%PDF"):
        from verifier.scan_pdf import read_pdf

        return read_pdf(scan.data)
    from verifier.scan import read_picture

    return read_picture(scan.data, frame=scan.frame)


def _unwrap(
    entry: Entry, scans: Sequence[bytes], trust: TrustStore, at: datetime, known: datetime | None
) -> Iterator[Document]:
    module = load(entry)
    try:
        envelopes = module.unwrap(scans)
    except DocumentError as error:
        yield _failed(entry.name, error)
        return
    for envelope in envelopes:
        yield read_envelope(module, envelope, trust, at, known)


def read_envelope(
    module: Format, envelope: Envelope, trust: TrustStore, at: datetime, known: datetime | None = None
) -> Document:
    """Trust and record of one envelope."""
    checked = trust.verify(envelope, at=at, known=known)
    findings = [*checked.findings, *envelope.findings]
    record: HealthRecord | None = None
    try:
        record = module.read(checked.payload or unsafe_peek(envelope))
        findings.extend(record.findings)
    except RecordError as error:
        findings.append(error.finding())
    hint = envelope.hint
    return Document(
        envelope.format,
        checked.state,
        _evidence(checked.state, findings, record),
        tuple(findings),
        record,
        (record.issuer if record is not None and record.issuer else None) or hint.issuer,
        None if hint.kid is None else shown_kid(hint.kid),
        envelope.dates,
        checked.signer,
        checked.source,
        envelope.algorithm,
    )


def _evidence(state: SignatureState, findings: Sequence[Finding], record: HealthRecord | None) -> Evidence:
    """The table of document states, for what is known before identity and rules (architecture, "Three answers")."""
    if record is None or any(finding.code is TrustCode.REVOKED for finding in findings):
        return Evidence.NONE
    doubts = any(
        finding.outcome in (Outcome.OPEN, Outcome.UNMET) and finding.code.area not in RECORD_AREAS
        for finding in findings
    )
    return Evidence.OPEN if doubts or state is not SignatureState.VALID else Evidence.USABLE


def _failed(name: str | None, error: DocumentError) -> Document:
    return Document(name, SignatureState.UNCHECKED, Evidence.NONE, (error.finding(),))
