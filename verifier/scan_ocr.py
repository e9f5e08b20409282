"""Pictures of words in, characters with their places out. The only file that knows Tesseract.

Tesseract is a system program that may be absent. It gets a picture that was made here, on standard input, in a process
with bounded memory and time that may not write a file: no decoder of it meets foreign bytes, and nothing personal is
left behind. Only the English data is used, which its packages bring along.

Source: tesseract(1); hOCR 1.2 (`x_bboxes`).
"""

from __future__ import annotations

import math
import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress

from PIL import Image

from verifier.errors import ScanError
from verifier.findings import Code

MEMORY = 1 << 30  # bytes of address space
_SLOTS = threading.BoundedSemaphore(2)  # processes at once, whoever asks
_OPTIONS = (
    "--psm", "6", "--oem", "1", "--dpi", "300", "-l", "eng", "-c", "load_system_dawg=0", "-c", "load_freq_dawg=0",
    "-c", "hocr_char_boxes=1",
)  # fmt: skip
_CHARACTER = re.compile(rb"x_bboxes (\d+) (\d+) (\d+) (\d+); x_conf [\d.]+'>([A-Z0-9])<")


class ZoneCode(Code):
    """What comes of looking for a machine-readable zone in a picture."""

    NO_ZONE = "scan.no-zone"
    OCR_MISSING = "scan.ocr-missing"
    OCR_TOO_SLOW = "scan.ocr-too-slow"
    ZONE_DOUBTFUL = "scan.zone-doubtful"
    ZONE_READ = "scan.zone-read"


def characters(image: Image.Image, alphabet: str, until: float) -> Iterator[tuple[str, float, float]]:
    """The characters in a picture and where their middles are: character, x, y in pixels.

    Args:
        image: eight-bit grey, black words on white, letters some 20 to 40 pixels high.
        alphabet: what may be found, of A-Z and 0-9.
        until: the moment of `time.monotonic` at which it must be done.

    Raises:
        ScanError: OCR_MISSING where Tesseract or its English data is not installed; OCR_TOO_SLOW where time or memory
            run out.
    """
    for match in _CHARACTER.finditer(_tesseract(image, alphabet, until)):
        left, top, right, bottom = (int(value) for value in match.groups()[:4])
        yield match[5].decode(), (left + right) / 2, (top + bottom) / 2


def _tesseract(image: Image.Image, alphabet: str, until: float) -> bytes:
    """What Tesseract says of a picture, as hOCR."""
    program = shutil.which("tesseract")
    if program is None:
        raise ScanError(ZoneCode.OCR_MISSING)
    if not _SLOTS.acquire(timeout=max(0.0, until - time.monotonic())):
        raise ScanError(ZoneCode.OCR_TOO_SLOW)
    try:
        command = [program, "-", "-", *_OPTIONS, "-c", f"tessedit_char_whitelist={alphabet}", "hocr"]
        picture = b"P5 %d %d 255\n" % image.size + image.tobytes()
        status, said = _run(command, picture, max(0.01, until - time.monotonic()))
    finally:
        _SLOTS.release()
    if status:
        # it ends with a status where its data is missing, by a signal where it is out of bounds
        raise ScanError(ZoneCode.OCR_MISSING if status > 0 else ZoneCode.OCR_TOO_SLOW)
    return said


def _run(command: Sequence[str], said: bytes, seconds: float) -> tuple[int, bytes]:
    """Exit status (negative: the signal) and output of a bounded program that knows nothing it need not know."""
    known = {name: os.environ[name] for name in ("PATH", "TESSDATA_PREFIX", "LD_LIBRARY_PATH") if name in os.environ}
    try:
        program = subprocess.Popen(  # noqa: S603 - the name is ours, nothing of the picture is in the command
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd="/",
            env=known | {"OMP_THREAD_LIMIT": "1", "LC_ALL": "C"},
        )  # fmt: skip
    except OSError:
        return 1, b""
    with program:
        try:
            _limit(program.pid, seconds)
            out, _ = program.communicate(said, timeout=seconds)
        except subprocess.TimeoutExpired:
            return -1, b""
        finally:
            program.kill()
    return program.returncode, out


def _limit(pid: int, seconds: float) -> None:
    """Bound memory and processor time and forbid files, where the system can; the clock of the caller remains."""
    with suppress(ImportError, AttributeError, OSError):
        import resource

        for what, most in (
            (resource.RLIMIT_AS, MEMORY),
            (resource.RLIMIT_CPU, math.ceil(seconds) + 1),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
        ):
            resource.prlimit(pid, what, (most, most))
