"""The certificates that can be read: one module per format, found by the first bytes of a scan.

A format module offers `NAME`, `recognise(scan)`, `unwrap(scans)` and `read(payload)` (see the protocol `Format`).
Modules are imported when a scan first looks like theirs, because some need heavy libraries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from verifier.health.record import HealthRecord
from verifier.model import Envelope, SignedPayload


class Format(Protocol):
    """What a format module offers."""

    NAME: str

    def recognise(self, scan: bytes) -> bool:
        """Cheap test on bytes, after AIM prefix and line end were taken off."""

    def unwrap(self, scans: Sequence[bytes]) -> Sequence[Envelope]:
        """Several codes may be one document, one file may hold several. Raises EnvelopeError."""

    def read(self, payload: SignedPayload) -> HealthRecord:
        """The record. Raises RecordError."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A format and the first bytes that make it worth asking. `chunks`: several scans may form one document."""

    name: str
    module: str
    starts: tuple[bytes, ...]
    chunks: bool = False


FORMATS: tuple[Entry, ...] = (
    Entry("hcert", "verifier.formats.hcert", (b"HC1:",)),
    Entry("shc", "verifier.formats.shc", (b"shc:/", b"SHC:/", b"eyJ", b"{", b"http", b"\xef\xbb\xbf{"), chunks=True),
    Entry("vds-nc", "verifier.formats.vds_nc", (b"{", b"[")),
    Entry("divoc", "verifier.formats.divoc", (b"PK\x03\x04", b"{", b"B64:")),
    Entry("nzcp", "verifier.formats.nzcp", (b"NZCP:",)),
    Entry("cred", "verifier.formats.cred", (b"CRED:",)),
    Entry("2ddoc", "verifier.formats.two_d_doc", (b"DC", b"http")),
    Entry("nl2", "verifier.formats.nl2", (b"NL2:",)),
)


_LOADED: dict[str, Format] = {}


def load(entry: Entry) -> Format:
    """The module of an entry."""
    module = _LOADED.get(entry.name)
    if module is None:
        module = _LOADED[entry.name] = cast(Format, import_module(entry.module))
    return module


def find(scan: bytes) -> Entry | None:
    """The format a scan claims to be, or None."""
    for entry in FORMATS:
        if scan.startswith(entry.starts) and load(entry).recognise(scan):
            return entry
    return None
