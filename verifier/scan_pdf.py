"""PDF files in, barcode payloads out: the pages are drawn and read as pictures.

A PDF can describe pictures of any size in a few bytes, so the pages are drawn by `scan_pdf_worker` in a process with
bounded memory, time and pixels; the first ten pages count and the text layer is ignored.
"""

from __future__ import annotations

import contextlib
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import IO

from PIL import Image

from verifier.errors import ScanError
from verifier.findings import Finding, Outcome
from verifier.scan import Picture, ScanCode, check_size, codes_of, grey_image
from verifier.scan_pdf_worker import PAGES, PIXELS, STATUS

SECONDS = 30.0  # on the clock for one file, drawing and reading together
_HEADER = 1024  # bytes within which a PDF must say that it is one (ISO 32000-2 annex I)
_WORKER = Path(__file__).with_name("scan_pdf_worker.py")
_ERRORS = {
    STATUS["damaged"]: ScanCode.PDF_DAMAGED,
    STATUS["locked"]: ScanCode.PDF_LOCKED,
    STATUS["reader-missing"]: ScanCode.PDF_READER_MISSING,
}


def is_pdf(data: bytes) -> bool:
    """True for bytes that claim to be a PDF."""
    return b"%PDF-" in data[:_HEADER]


def read_pdf(data: bytes, *, pause: Callable[[], None] = lambda: None) -> Picture:
    """Read every code on the first ten pages of a PDF. `pause`: as for `verifier.scan.read_picture`.

    Raises:
        ScanError: EMPTY, TOO_LARGE, NOT_A_PICTURE for other files; PDF_DAMAGED; PDF_LOCKED where a password is needed;
            PDF_TOO_COMPLEX where drawing takes too much memory or time; and as `read_picture` where no code is found.
            What was read before a page failed is returned, with a finding that pages were left out.
    """
    check_size(data)
    if not is_pdf(data):
        raise ScanError(ScanCode.NOT_A_PICTURE, facts={"bytes": len(data)})
    pages = _Pages(data)
    try:
        picture = codes_of(pages, pause=pause)
    except ScanError:
        if pages.failure is not None:
            raise pages.failure from None
        raise
    left_out = pages.count - pages.drawn
    if left_out <= 0:
        return picture
    note = Finding(ScanCode.PDF_PAGES_LEFT_OUT, Outcome.NOTE, {"pages": pages.count, "read": pages.drawn})
    return Picture(picture.codes, (*picture.findings, note))


def pages_of(data: bytes) -> Generator[Image.Image, None, None]:
    """The first ten pages of a PDF as grey pictures, drawn one at a time; those that cannot be drawn are left out."""
    yield from _Pages(data)


class _Pages:
    """The drawn pages, one at a time. After the run: `count` pages in the file, `drawn` of them, and what failed."""

    def __init__(self, data: bytes) -> None:
        self.count = self.drawn = 0
        self.failure: ScanError | None = None
        self._data = data

    def __iter__(self) -> Iterator[Image.Image]:
        command = [sys.executable, "-P", str(_WORKER)]  # -P: the worker must not find our modules as its own
        worker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603
        assert worker.stdin is not None
        assert worker.stdout is not None
        watch = threading.Timer(SECONDS, worker.kill)
        watch.start()
        try:
            _send(worker.stdin, self._data)
            yield from self._read(worker.stdout)
            status = worker.wait()
            if status != STATUS["done"]:
                self.failure = ScanError(_ERRORS.get(status, ScanCode.PDF_TOO_COMPLEX))
        finally:
            watch.cancel()
            worker.kill()
            worker.wait()
            worker.stdout.close()

    def _read(self, pipe: IO[bytes]) -> Iterator[Image.Image]:
        head = pipe.read(4)
        if len(head) < 4:
            return
        (self.count,) = struct.unpack(">I", head)
        while len(size := pipe.read(8)) == 8:
            width, height = struct.unpack(">II", size)
            pixels = pipe.read(width * height) if width * height <= 2 * PIXELS else b""
            if len(pixels) < width * height or self.drawn == PAGES:
                return
            self.drawn += 1
            yield grey_image(pixels, (width, height))


def _send(pipe: IO[bytes], data: bytes) -> None:
    """Hand the file over; a worker that ended early is told by its exit status."""
    with contextlib.suppress(BrokenPipeError):
        pipe.write(data)
    with contextlib.suppress(BrokenPipeError):
        pipe.close()
