"""Pictures in, the text of a passport's machine-readable zone out.

`scan_lines` finds the lines, `scan_cells` their cells and fillers, `scan_ocr` reads what stands between the fillers;
the check digits decide. No digit covers names, states and sex: they are read a second time, as letters only and from a
changed copy, and two readings must agree.

Source: ICAO Doc 9303-3 section 4.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Container, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from itertools import islice, pairwise

from PIL import Image, ImageChops, ImageFilter

from verifier.errors import EnvelopeError, ScanError
from verifier.findings import Finding, Outcome
from verifier.scan import ScanCode, check_size, grey_picture
from verifier.scan_cells import HEIGHT
from verifier.scan_lines import Line, zones
from verifier.scan_ocr import ZoneCode, characters
from verifier.scan_pdf import is_pdf, pages_of
from verifier.travel.mrz import Mrz, MrzCode, parse_mrz
from verifier.travel.mrz.fields import FILLER, Layout
from verifier.travel.mrz.framing import layout_of

SECONDS = 6.0  # on the clock for one picture
_PLACES = 3  # in one picture that are read
_PAGES = 2  # of a PDF
_NO_CODE = frozenset({ScanCode.NO_CODE, ScanCode.NO_CODE_ONE_READER})
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ALL = _LETTERS + "0123456789"
_UNREAD = "?"
_NO_STATE = frozenset({MrzCode.STATE_UNKNOWN, MrzCode.NATIONALITY_UNKNOWN})
# What a digit is where only a letter can stand.
_LETTER_FOR = {"1": "I", "2": "Z", "5": "S", "6": "G", "8": "B"}
# The century of a date is for whoever uses the zone: which check digits hold does not depend on it. On this day every
# 29 February of either century is a date.
_ANY_DAY = date(2099, 12, 31)


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone read from a picture; every check digit and date holds, after repairs that a check digit proves.

    Attributes:
        lines: as they were read, before repairs: `parse_mrz` makes and reports them again.
        findings: that it was read from a picture.
    """

    lines: tuple[str, ...]
    findings: tuple[Finding, ...] = (Finding(ZoneCode.ZONE_READ, Outcome.NOTE),)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def read_zone(data: bytes, *, seconds: float = SECONDS, pause: Callable[[], None] = lambda: None) -> Zone:
    """Read the machine-readable zone of a passport, card or visa in an encoded picture or a PDF.

    Args:
        data: a PNG, JPEG, WebP, GIF or TIFF file, or a PDF of which the first pages count; the page may be turned by a
            multiple of 90 degrees and some more.
        seconds: on the clock, for a picture or page.
        pause: called before each attempt; what it raises ends the work, so that a budget can be kept.

    Raises:
        ScanError: NO_ZONE where nothing looks like one; OCR_MISSING where something does and Tesseract or its English
            data is not installed; OCR_TOO_SLOW where time or memory run out; ZONE_DOUBTFUL where it was read and check
            digits do not hold (`checks` names them) or letters are in doubt (`letters`: how many); and those of
            `verifier.scan.grey_picture`.
    """
    if not is_pdf(data):
        return zone_of(grey_picture(data), seconds=seconds, pause=pause)
    check_size(data)
    with closing(pages_of(data)) as pages:
        for page in islice(pages, _PAGES):
            try:
                return zone_of(page, seconds=seconds, pause=pause)
            except ScanError as error:
                if error.code is not ZoneCode.NO_ZONE:
                    raise
    raise ScanError(ZoneCode.NO_ZONE)


def read_zone_instead(data: bytes, missing: ScanError, *, pause: Callable[[], None] = lambda: None) -> Zone:
    """Read the zone in an upload in which no barcode was found.

    Raises:
        ScanError: `missing` itself where it says anything but that there is no code, and where there is no zone either;
            else as `read_zone`.
    """
    if missing.code not in _NO_CODE:
        raise missing
    try:
        return read_zone(data, pause=pause)
    except ScanError as error:
        if error.code is ZoneCode.NO_ZONE:
            raise missing from None
        raise


def zone_of(image: Image.Image, *, seconds: float = SECONDS, pause: Callable[[], None] = lambda: None) -> Zone:
    """The zone in an eight-bit grey picture; as `read_zone`."""
    until = time.monotonic() + seconds

    def go_on() -> None:
        pause()
        if time.monotonic() > until:
            raise ScanError(ZoneCode.OCR_TOO_SLOW)

    doubt: ScanError | None = None
    for place in islice(zones(image, go_on), _PLACES):
        go_on()
        try:
            return _read(place, until)
        except ScanError as error:
            if error.code is ZoneCode.ZONE_DOUBTFUL:
                doubt = doubt or error
            elif error.code is not ZoneCode.NO_ZONE:
                raise
    raise doubt or ScanError(ZoneCode.NO_ZONE)


def _read(lines: Sequence[Line], until: float) -> Zone:
    """The zone in these lines, or ZONE_DOUBTFUL, or NO_ZONE where what is read looks like none."""
    layout = layout_of([FILLER * len(line.fillers) for line in lines])  # a visa has its letters in the same places
    assert layout is not None
    page = _Page(lines, layout, until)
    letters = _letters(layout)
    plain = page.read(_ALL)
    if plain[0] not in "PIACV":
        raise ScanError(ZoneCode.NO_ZONE)
    only = page.read(_LETTERS, letters, sharpened=True)
    text, doubtful = _agreed([plain], only, letters)
    found = _parsed(text, layout)
    if doubtful or found is None or not found.valid:
        changed = page.read(_ALL, scale=0.7)
        text, doubtful = _agreed([plain, changed], only, letters)
        filled = [a if a != _UNREAD else b for a, b in zip(text, changed, strict=True)]
        other = [text[at] if at in letters else character for at, character in enumerate(changed)]
        for text in (filled, other):
            found = _parsed(text, layout) or found
            if found is not None and found.valid:
                break
    if found is not None:
        doubtful += sum(finding.code in _NO_STATE for finding in found.findings)
    if doubtful or found is None or not found.valid:
        checks = [] if found is None else [name for name, holds in found.checks.items() if not holds]
        raise ScanError(ZoneCode.ZONE_DOUBTFUL, facts={"checks": checks, "letters": doubtful})
    return Zone(tuple(_split(text, layout)))


def _agreed(readings: Sequence[Sequence[str]], only: Sequence[str], letters: set[int]) -> tuple[list[str], int]:
    """The first reading with letters where only letters can stand, and how many of those are in doubt.

    Args:
        readings: one or two that knew all signs.
        only: the one that knew letters only.
        letters: the places.

    A letter is believed that two readings share; a digit is taken for the letter it looks like where the reading that
    knew letters only saw just that. A nought may be O, D or Q: it is not taken for any.
    """
    out, doubtful = list(readings[0]), 0
    for at in letters:
        seen = [reading[at] for reading in readings]
        if seen[0] == FILLER:
            continue
        believed = [sign for sign in seen if sign.isalpha() and [*seen, only[at]].count(sign) > 1]
        if not believed:
            believed = [letter for letter in map(_LETTER_FOR.get, seen) if letter == only[at] != _UNREAD]
        out[at] = believed[0] if believed else seen[0]
        doubtful += not believed
    return out, doubtful


def _split(text: Sequence[str], layout: Layout) -> list[str]:
    return ["".join(text[start : start + layout.width]) for start in range(0, layout.size, layout.width)]


def _parsed(text: Sequence[str], layout: Layout) -> Mrz | None:
    """The zone as it is understood; None where a character was not read."""
    if _UNREAD in text:
        return None
    try:
        return parse_mrz(_split(text, layout), reference=_ANY_DAY)
    except EnvelopeError:
        return None


def _letters(layout: Layout) -> set[int]:
    """The places that no check digit covers. Letters and fillers only stand there."""
    fields = (layout.document_code, layout.issuing_state, layout.names, layout.nationality)
    return {at for field in fields for at in range(field.start, field.stop)} | {layout.sex}


# --- what Tesseract sees ----------------------------------------------------------------------------------------------

_GAP = 96  # pixels between words: about three letters
_BORDER = 40  # pixels around all
_Box = tuple[int, float, float, int]


@dataclass(frozen=True, slots=True)
class _Page:
    """The lines of a zone as Tesseract gets to see them: what stands between fillers, as words."""

    lines: Sequence[Line]
    layout: Layout
    until: float

    def read(
        self, alphabet: str, places: Container[int] | None = None, *, scale: float = 1.0, sharpened: bool = False
    ) -> list[str]:
        """The characters of the zone; fillers where there are any, `?` where no single one was read or none asked for.

        Args:
            alphabet: what may be found.
            places: what to read, counted over all lines; None for all.
            scale, sharpened: of the copy that is read, so that a second opinion is one.
        """
        image, boxes = self._composed(range(self.layout.size) if places is None else places)
        if scale != 1.0:
            image = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS)
        if sharpened:
            image = image.filter(ImageFilter.UnsharpMask(2, 120, 0))
        out = [FILLER if filler else _UNREAD for line in self.lines for filler in line.fillers]
        read: set[int] = set()
        for character, x, y in characters(image, alphabet, self.until):
            row, middle = int((y / scale - _BORDER) // HEIGHT), x / scale
            at = next((at for line, start, end, at in boxes if line == row and start <= middle < end), None)
            if at is not None:
                out[at] = _UNREAD if at in read else character
                read.add(at)
        return out

    def _composed(self, places: Container[int]) -> tuple[Image.Image, list[_Box]]:
        """The asked places as black words on white, and of each its line, left and right border, and place."""
        nation = self.layout.nationality  # letters among digits: as a word of its own it is read as letters
        boxes: list[_Box] = []
        for row, line in enumerate(self.lines):
            x, before = _BORDER, -1
            for column, (left, right) in enumerate(pairwise(map(round, line.edges))):
                at = row * self.layout.width + column
                if line.fillers[column] or at not in places:
                    continue
                if before >= 0 and (before != at - 1 or at in (nation.start, nation.stop)):
                    x += _GAP
                boxes.append((row, x, x + right - left, at))
                x, before = x + right - left, at
        width = max((box[2] for box in boxes), default=0) + _BORDER
        image = Image.new("L", (round(width), len(self.lines) * HEIGHT + 2 * _BORDER))
        for row, start, _, at in boxes:
            left, right = (round(edge) for edge in self.lines[row].edges[at % self.layout.width :][:2])
            image.paste(self.lines[row].ink.crop((left, 0, right, HEIGHT)), (round(start), _BORDER + row * HEIGHT))
        return ImageChops.invert(image), boxes
