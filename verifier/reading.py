"""From scans to documents: picture, bytes, envelope, trust, record - for every document shown, with every finding.

Reading never raises for a bad document. A document whose signature could not be verified is looked into for the agent's
eyes (`record` is then not evidence); what it may count as is said by `evidence` (the table of document states).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from verifier.errors import DocumentError, EnvelopeError, RecordError, ScanError
from verifier.findings import Code, Finding, Outcome
from verifier.formats import Entry, Format, find, load
from verifier.formats.recognition import clean, explain
from verifier.health.record import HealthRecord
from verifier.model import Envelope, Scan, SignedDates, Signer
from verifier.quick import quick
from verifier.trust.codes import TrustCode
from verifier.trust.keys import ListSource
from verifier.trust.store import SignatureState, TrustStore, shown_kid, unsafe_peek

MAX_SCANS = 64
_NEVER = date.max.toordinal()
# looking a member of an enumeration up takes longer than most of what is done with it
_VALID, _MET, _NOTE = SignatureState.VALID, Outcome.MET, Outcome.NOTE
# areas that speak of values inside the record; requirements judge those values themselves
RECORD_AREAS = frozenset({"health", "schema"})


class ReadingCode(Code):
    """Findings about the act of reading."""

    TOO_MANY_SCANS = "reading.too-many-scans"
    EVENT_AFTER_SIGNATURE = "reading.event-after-signature"
    EVENT_IN_FUTURE = "reading.event-in-future"
    EVENT_BEFORE_BIRTH = "reading.event-before-birth"
    FAULT = "reading.fault"


class Evidence(StrEnum):
    """What a document may count as."""

    USABLE = "usable"
    OPEN = "open"
    NONE = "none"


_USABLE = Evidence.USABLE


@quick
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
    return tuple(read_items(unfold(scans), trust=trust, at=at, known=known))


def _no_pause() -> None:
    """Nobody keeps a budget."""


def unfold(
    scans: Sequence[Scan], *, pause: Callable[[], None] = _no_pause, remarks: list[Finding] | None = None
) -> tuple[bytes | Document, ...]:
    """The bytes of every code in the scans, each once; a picture without one becomes a failed document in its place.

    An upload without a code is searched for a passport's machine-readable zone. Scans beyond the 64th are not looked at
    and reported by one failed document at the end. `pause` is called between scans, pages and attempts at a picture;
    what it raises ends the work, so that a budget can be kept. `remarks` gets what is worth saying of what was read.
    """
    items: list[bytes | Document] = []
    seen: set[bytes] = set()
    for scan in scans[:MAX_SCANS]:
        try:
            pause()
            codes = (clean(scan.data),) if scan.kind == "payload" else _codes(scan, pause, remarks)
        except DocumentError as error:
            items.append(_failed(None, error))
            continue
        for data in codes:
            if data not in seen:
                seen.add(data)
                items.append(data)
    if len(scans) > MAX_SCANS:
        facts = {"scans": len(scans), "limit": MAX_SCANS}
        items.append(_failed(None, EnvelopeError(ReadingCode.TOO_MANY_SCANS, facts=facts)))
    return tuple(items)


def _codes(scan: Scan, pause: Callable[[], None], remarks: list[Finding] | None) -> Sequence[bytes]:
    try:
        return _barcodes(scan, pause)
    except ScanError as error:
        if scan.frame:
            raise
        from verifier.scan_mrz import read_zone_instead  # only an upload without a code pays for it

        zone = read_zone_instead(scan.data, error, pause=pause)
    if remarks is not None:
        remarks.extend(zone.findings)
    return (zone.text.encode(),)


def _barcodes(scan: Scan, pause: Callable[[], None]) -> Sequence[bytes]:
    pdf = scan.data.startswith(b"%PDF")
    if scan.kind == "file" and not pdf:
        return (clean(scan.data),)
    # decoders and Pillow are needed for pictures only
    if pdf:
        from verifier.scan_pdf import read_pdf

        picture = read_pdf(scan.data, pause=pause)
    else:
        from verifier.scan import read_picture

        picture = read_picture(scan.data, frame=scan.frame, pause=pause)
    return tuple(clean(code.data) for code in picture.codes)


def read_items(
    items: Sequence[bytes | Document], *, trust: TrustStore, at: datetime, known: datetime | None = None
) -> Iterator[Document]:
    """Documents of unfolded scans. Chunks of one format are read together, where the first of them stood."""
    chunks: dict[str, list[bytes]] = {}
    order: list[tuple[Entry, list[bytes]] | Document] = []
    for item in items:
        if isinstance(item, Document):
            order.append(item)
        elif (entry := find(item)) is None:
            order.append(_failed(None, explain(item)))
        elif entry.chunks and entry.name in chunks:
            chunks[entry.name].append(item)
        else:
            group = [item]
            if entry.chunks:
                chunks[entry.name] = group
            order.append((entry, group))
    for held in order:
        if isinstance(held, Document):
            yield held
        else:
            yield from _unwrap(held[0], held[1], trust, at, known)


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
        if checked.payload is not None:
            findings.extend(_impossible(record, envelope.dates, at))
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


def _impossible(record: HealthRecord, dates: SignedDates, at: datetime) -> list[Finding]:
    """Events that no issuer can vouch for: after the signature, after the moment asked about, before the birth.

    A day of slack, because the days of events are local ones.
    """
    found: list[Finding] = []
    signed, today, born = dates.issued or dates.not_before, at.toordinal() + 1, record.holder.birth_date
    limit = _NEVER if signed is None else signed.toordinal() + 1
    sure = min(limit, today)
    events = (
        ("vaccination", [dose.date for dose in record.vaccinations] if record.vaccinations else ()),
        ("test", [test.sampled_on for test in record.tests] if record.tests else ()),
        ("recovery", [recovery.first_positive for recovery in record.recoveries] if record.recoveries else ()),
    )
    for event, days in events:
        for position, stated in enumerate(days):
            if stated.year is None:
                continue
            first = date(stated.year, stated.month or 1, stated.day or 1).toordinal()
            if first <= sure and (born.year is None or born.year < stated.year):
                continue  # as nearly all are
            facts = {"event": event, "position": position}
            if signed is not None and first > limit:
                more = {"signed": signed.isoformat()}
                found.append(Finding(ReadingCode.EVENT_AFTER_SIGNATURE, Outcome.OPEN, facts | more))
            if first > today:
                found.append(Finding(ReadingCode.EVENT_IN_FUTURE, Outcome.OPEN, facts))
            last = stated.year, stated.month or 12, stated.day or 31
            if born.year is not None and last < (born.year, born.month or 1, born.day or 1):
                found.append(Finding(ReadingCode.EVENT_BEFORE_BIRTH, Outcome.OPEN, facts))
    return found


def _evidence(state: SignatureState, findings: Sequence[Finding], record: HealthRecord | None) -> Evidence:
    """The table of document states, for what is known before identity and rules (architecture, "Three answers")."""
    if record is None:
        return Evidence.NONE
    doubt = state is not _VALID
    for finding in findings:
        outcome = finding.outcome
        if outcome is _MET or outcome is _NOTE:
            continue
        if finding.code is TrustCode.REVOKED:
            return Evidence.NONE
        doubt = doubt or finding.code.area not in RECORD_AREAS
    return Evidence.OPEN if doubt else _USABLE


def _failed(name: str | None, error: DocumentError) -> Document:
    return Document(name, SignatureState.UNCHECKED, Evidence.NONE, (error.finding(),))
