"""The ZIP archive inside a DIVOC code: one entry, bounded."""

from __future__ import annotations

import io
import zipfile

from verifier.errors import EnvelopeError
from verifier.formats.divoc_codes import DivocCode

ENTRY = "certificate.json"
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
MAX_ENTRIES = 16


def certificate_json(scan: bytes, limit: int) -> tuple[bytes, bool]:
    """The bytes of `certificate.json`, and True where the archive had to be restored from text first.

    A scanner that hands over text turns every byte above 7F into two (Latin-1 read, UTF-8 written); that is undone
    where the bytes as they stand are no archive.

    Args:
        limit: most bytes the entry may inflate to.

    Raises:
        EnvelopeError: ARCHIVE_BROKEN, ENTRY_MISSING, TOO_LARGE.
    """
    try:
        return _read(scan, limit), False
    except EnvelopeError as error:
        if error.code is not DivocCode.ARCHIVE_BROKEN:
            raise
        try:
            restored = scan.decode("utf-8").encode("latin-1")
        except UnicodeError:
            raise error from None
        if restored == scan:
            raise
        return _read(restored, limit), True


def _read(data: bytes, limit: int) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            named = [entry for entry in entries if entry.filename == ENTRY]
            if len(named) != 1 or len(entries) > MAX_ENTRIES:
                raise EnvelopeError(DivocCode.ENTRY_MISSING, facts={"entries": len(entries), "named": len(named)})
            entry = named[0]
            if entry.compress_type not in METHODS or entry.flag_bits & 1:
                raise EnvelopeError(DivocCode.ARCHIVE_BROKEN, facts={"method": entry.compress_type})
            if entry.file_size > limit:
                raise EnvelopeError(DivocCode.TOO_LARGE, facts={"bytes": entry.file_size, "limit": limit})
            with archive.open(entry) as handle:
                text = handle.read(limit + 1)
    except EnvelopeError:
        raise
    except Exception as error:  # noqa: BLE001 - BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError ...
        raise EnvelopeError(DivocCode.ARCHIVE_BROKEN, facts={"reason": type(error).__name__}) from None
    if len(text) > limit:
        raise EnvelopeError(DivocCode.TOO_LARGE, facts={"limit": limit})
    return text
