"""Draws the pages of a PDF in a process of its own, so that a hostile file can only exhaust that.

Run as a script: the file on standard input; on standard output the number of pages (4 bytes, big-endian), then per
page width and height (4 bytes each) and the grey pixels row by row. The exit status is one of `STATUS`. Imports nothing
of the project. The text layer is not looked at: what a person sees on the page is what counts.
"""

from __future__ import annotations

import math
import struct
import sys
from typing import Any

PAGES = 10
DOTS = 250 / 72  # pixels per point: 250 dots per inch, 3 pixels per module of a large code (93 modules) 30 mm wide
PIXELS = 6_200_000  # per page; A4 at this resolution
MEMORY = 1 << 30  # bytes of address space, the interpreter's included
SECONDS = 20  # of processor time
STATUS = {"done": 0, "damaged": 10, "locked": 11, "reader-missing": 12, "too-complex": 13}


def limit() -> None:
    """Bound memory and processor time, where the system can."""
    try:
        import resource
    except ImportError:  # not on this system: the parent's clock remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def draw(page: Any) -> bytes:
    """One page as width, height and grey pixels."""
    width, height = page.get_size()
    scale = min(DOTS, math.sqrt(PIXELS / max(width * height, 1)))
    bitmap = page.render(scale=scale, grayscale=True)
    rows, stride = bytes(bitmap.buffer), bitmap.stride
    if stride != bitmap.width:
        rows = b"".join(rows[at : at + bitmap.width] for at in range(0, stride * bitmap.height, stride))
    return struct.pack(">II", bitmap.width, bitmap.height) + rows


def main() -> int:
    """Draw the first pages of standard input to standard output."""
    limit()
    data, out = sys.stdin.buffer.read(), sys.stdout.buffer
    try:
        import pypdfium2
    except (ImportError, OSError):
        return STATUS["reader-missing"]
    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
        out.write(struct.pack(">I", count))
        for number in range(min(count, PAGES)):
            out.write(draw(document[number]))
            out.flush()
    except pypdfium2.PdfiumError as error:
        return STATUS["locked" if "password" in str(error).lower() else "damaged"]
    except (MemoryError, OverflowError, ValueError):
        return STATUS["too-complex"]
    return STATUS["done"]


if __name__ == "__main__":
    sys.exit(main())
