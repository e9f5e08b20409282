"""Pictures in, barcode payloads out: exact bytes with symbology and place.

Only this file knows zxing-cpp and pyzbar. zxing-cpp reads first; pyzbar is asked where it finds nothing, and
its absence (it needs the system's libzbar) is said, never fatal. Formats are named one by one: the family `QRCode` of
zxing-cpp includes Micro QR and `Aztec` the runes, and blurred pictures of other codes are taken for such. Payloads are
bytes, because the text that either library makes of them is not what the code holds.

Sources: ISO/IEC 18004 (QR), 24778 (Aztec), 15438 (PDF417), 16022 (Data Matrix); EXIF 2.3 section 4.6.4 (orientation).
"""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import zxingcpp
from PIL import (
    ExifTags,
    GifImagePlugin,
    Image,
    ImageFile,
    ImageFilter,
    ImageOps,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from verifier.errors import ScanError
from verifier.findings import Code, Finding, Outcome
from verifier.model import Symbology

MAX_BYTES = 10_000_000  # of an uploaded file
MAX_PIXELS = 12_000_000
MAX_SIDE = 30_000  # pixels; zxing-cpp takes 65,535, and a copy may be twice as large
MAX_CODES = 20  # distinct payloads kept from one picture


class ScanCode(Code):
    """Why no payload came out of a picture or file, and what to know about those that did."""

    EMPTY = "scan.empty"
    TOO_LARGE = "scan.too-large"
    TOO_MANY_PIXELS = "scan.too-many-pixels"
    NOT_A_PICTURE = "scan.not-a-picture"
    TRUNCATED = "scan.truncated"
    NO_CODE = "scan.no-code"
    NO_CODE_ONE_READER = "scan.no-code-one-reader"
    CODE_DAMAGED = "scan.code-damaged"
    SEVERAL_CODES = "scan.several-codes"
    SECOND_READER = "scan.second-reader"
    PDF_DAMAGED = "scan.pdf-damaged"
    PDF_LOCKED = "scan.pdf-locked"
    PDF_TOO_COMPLEX = "scan.pdf-too-complex"
    PDF_PAGES_LEFT_OUT = "scan.pdf-pages-left-out"
    PDF_READER_MISSING = "scan.pdf-reader-missing"


NOTHING_FOUND = frozenset({ScanCode.NO_CODE, ScanCode.NO_CODE_ONE_READER, ScanCode.CODE_DAMAGED})
"""Codes that mean "look again": the picture was fine, no payload was in it. A camera loop takes the next frame."""

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Barcode:
    """One payload: its bytes, its symbology, and the corners in pixels of the upright picture.

    `corners` begin at the code's own top left and go clockwise; empty where the reader does not tell. `page` counts
    from 0.
    """

    data: bytes
    symbology: Symbology
    corners: tuple[Point, ...] = ()
    page: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """The payloads of one picture or PDF: each once, at least one, in the order found; and what to know about them."""

    codes: tuple[Barcode, ...]
    findings: tuple[Finding, ...] = ()


_SCREENS = [zxingcpp.BarcodeFormat.QRCodeModel2, zxingcpp.BarcodeFormat.AztecCode]
_FORMATS: Mapping[bool, Any] = {  # by whether it is a camera frame
    True: _SCREENS,
    False: [*_SCREENS, zxingcpp.BarcodeFormat.PDF417, zxingcpp.BarcodeFormat.DataMatrix],
}
_SYMBOLOGIES: Mapping[object, Symbology] = {
    zxingcpp.BarcodeFormat.QRCode: Symbology.QR,
    zxingcpp.BarcodeFormat.Aztec: Symbology.AZTEC,
    zxingcpp.BarcodeFormat.PDF417: Symbology.PDF417,
    zxingcpp.BarcodeFormat.DataMatrix: Symbology.DATA_MATRIX,
}
_Plugin = Callable[[BytesIO], ImageFile.ImageFile]
# The plugins are called by their signatures: Image.open would try every format it knows, and warn or raise on sizes of
# its own choosing before ours is checked.
_PLUGINS: tuple[tuple[bytes, int, bytes, _Plugin], ...] = (
    (b"\xff\xd8\xff", 0, b"", JpegImagePlugin.JpegImageFile),
    (b"\x89PNG\r\n\x1a\n", 0, b"", PngImagePlugin.PngImageFile),
    (b"RIFF", 8, b"WEBP", WebPImagePlugin.WebPImageFile),
    (b"GIF8", 0, b"", GifImagePlugin.GifImageFile),
    (b"II*\0", 0, b"", TiffImagePlugin.TiffImageFile),
    (b"MM\0*", 0, b"", TiffImagePlugin.TiffImageFile),
)
_TIFF_TILE = (322, 323)  # TileWidth, TileLength: libtiff takes memory for a whole tile, however small the picture
_WARNINGS = threading.Lock()  # catch_warnings changes process-wide state
logging.getLogger("PIL").addHandler(logging.NullHandler())  # else its remarks on broken files go to standard error


def read_picture(data: bytes, *, frame: bool = False, pause: Callable[[], None] = lambda: None) -> Picture:
    """Read every code in an encoded picture.

    Args:
        data: a PNG, JPEG, WebP, GIF or TIFF file; of an animation or several pages the first counts.
        frame: a live camera frame. QR and Aztec only, as it is: the next frame is the retry. Otherwise PDF417 and Data
            Matrix too, and further attempts on a sharpened, a smoothed and an enlarged copy where nothing is found.
        pause: called before each attempt; what it raises ends the work, so that a budget can be kept.

    Raises:
        ScanError: EMPTY; TOO_LARGE over 10 MB; TOO_MANY_PIXELS over 12 megapixels, before they are loaded;
            NOT_A_PICTURE for other files; TRUNCATED for a damaged one; CODE_DAMAGED where a code is seen but does not
            hold together; NO_CODE, or NO_CODE_ONE_READER where the second reader is not installed.
    """
    return codes_of([grey_picture(data)], frame=frame, pause=pause)


def codes_of(
    pages: Iterable[Image.Image],
    *,
    frame: bool = False,
    findings: tuple[Finding, ...] = (),
    pause: Callable[[], None] = lambda: None,
) -> Picture:
    """The codes of grey pictures that are the pages of one document; raises as `read_picture`.

    `findings` are put first. Each page is read as it is; only where none holds a code, the first two are tried further.
    """
    found: dict[bytes, Barcode] = {}
    tried: list[Image.Image] = []
    notes = list(findings)
    damaged, asked_both = False, True
    for number, page in enumerate(pages):
        pause()
        codes, broken = _zxing(page, frame=frame, page=number)
        _keep(found, codes)
        damaged |= broken
        tried += [page] if number < _TRIED_FURTHER else []
    for number, page in enumerate(tried if not found else ()):
        codes = [] if frame else _retry(page, number, pause)
        if not codes:
            pause()
            codes, available = _second_reader(page, number)
            asked_both &= available
            notes += [Finding(ScanCode.SECOND_READER, Outcome.NOTE)] if codes else []
        _keep(found, codes)
    if not found:
        missing = ScanCode.NO_CODE if asked_both else ScanCode.NO_CODE_ONE_READER
        raise ScanError(ScanCode.CODE_DAMAGED if damaged else missing)
    if len(found) > 1:
        notes.append(Finding(ScanCode.SEVERAL_CODES, Outcome.NOTE, {"count": len(found)}))
    return Picture(tuple(found.values()), tuple(notes))


def _keep(found: dict[bytes, Barcode], codes: Iterable[Barcode]) -> None:
    """Add codes whose payload is new, up to a bound."""
    for code in codes:
        if len(found) < MAX_CODES:
            found.setdefault(code.data, code)


def grey_image(pixels: bytes, size: tuple[int, int]) -> Image.Image:
    """A grey picture from one byte per pixel, rows without padding; ValueError where the length does not fit."""
    return Image.frombytes("L", size, pixels)


# --- readers ----------------------------------------------------------------------------------------------------------

_TRIED_FURTHER = 2  # pages
_ENLARGED = MAX_PIXELS // 4  # pixels up to which doubling the sides stays within the bound
# Measured on 54 pictures each: of those lost to a blur of 3 pixels the first rescues 12 of 39; of those lost to noise
# the second rescues 44 of 54; of those lost by scaling to a third the last rescues 6 of 30.
_RETRIES: tuple[tuple[int, Callable[[Image.Image], Image.Image]], ...] = (
    (1, lambda image: image.filter(ImageFilter.UnsharpMask(3, 200, 0))),
    (1, lambda image: image.filter(ImageFilter.GaussianBlur(1))),
    (2, lambda image: image.resize((image.width * 2, image.height * 2), Image.Resampling.BICUBIC)),
)


def _retry(image: Image.Image, page: int, pause: Callable[[], None]) -> list[Barcode]:
    """What zxing-cpp reads in the first changed copy that holds anything."""
    for scale, change in _RETRIES:
        if scale == 1 or image.width * image.height <= _ENLARGED:
            pause()
            codes, _ = _zxing(change(image), page=page, scale=scale)
            if codes:
                return codes
    return []


def _zxing(image: Image.Image, *, frame: bool = False, page: int, scale: int = 1) -> tuple[list[Barcode], bool]:
    """What zxing-cpp reads, and whether it saw a code that does not hold together. `scale`: of the copy it is given."""
    results = zxingcpp.read_barcodes(image, formats=_FORMATS[frame], return_errors=True)
    codes = []
    for result in results:
        symbology = _SYMBOLOGIES.get(result.symbology)
        if result.valid and symbology is not None and result.bytes:
            at = result.position
            points = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
            corners = tuple((point.x // scale, point.y // scale) for point in points)
            codes.append(Barcode(result.bytes, symbology, corners, page))
    return codes, any(not result.valid for result in results)


def _second_reader(image: Image.Image, page: int) -> tuple[list[Barcode], bool]:
    """What pyzbar reads, and whether it is installed. QR only: it knows no other of our symbologies."""
    try:
        from pyzbar.pyzbar import ZBarSymbol, decode
    except ImportError:  # the library or the system's libzbar is absent
        return [], False
    codes = []
    for result in decode(image, symbols=[ZBarSymbol.QRCODE]):
        if payload := _zbar_bytes(result.data):
            codes.append(Barcode(payload, Symbology.QR, tuple((at.x, at.y) for at in result.polygon), page))
    return codes, True


def _zbar_bytes(data: bytes) -> bytes:
    """The bytes in the code, of which zbar guesses a charset and delivers UTF-8; empty where the guess was not Latin-1.

    A wrong reversal is harmless: the signature over the bytes will not hold.
    """
    if data.isascii():
        return data
    try:
        return data.decode("utf-8").encode("latin-1")
    except UnicodeError:
        return b""


# --- pictures ---------------------------------------------------------------------------------------------------------


def check_size(data: bytes) -> None:
    """Raise ScanError for an empty file or one over 10 MB."""
    if not data:
        raise ScanError(ScanCode.EMPTY)
    if len(data) > MAX_BYTES:
        raise ScanError(ScanCode.TOO_LARGE, facts={"bytes": len(data), "limit": MAX_BYTES})


def grey_picture(data: bytes) -> Image.Image:
    """The picture, upright by its EXIF data, eight-bit grey, on white; raises what `read_picture` raises of files."""
    check_size(data)
    plugin = next((p for head, at, more, p in _PLUGINS if data.startswith(head) and data.startswith(more, at)), None)
    if plugin is None:
        raise ScanError(ScanCode.NOT_A_PICTURE, facts={"bytes": len(data)})
    try:
        image, turn = _open(plugin, data)
        image.load()
        grey = _grey(image)
    except ScanError:
        raise
    except Exception as error:  # Pillow raises what its parsers trip over, of any type
        raise ScanError(ScanCode.TRUNCATED, facts={"bytes": len(data)}) from error
    return grey if turn is None else grey.transpose(turn)


def _open(plugin: _Plugin, data: bytes) -> tuple[ImageFile.ImageFile, Image.Transpose | None]:
    """The picture before its pixels are loaded, and what brings it upright."""
    _check_pixels(*_webp_canvas(data))  # the WebP plugin takes memory for the canvas while it opens
    with _WARNINGS, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow remarks on odd metadata that no payload depends on
        image = plugin(BytesIO(data))
        turn = _orientation(image)
    _check_pixels(*image.size)
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        _check_pixels(*(int(image.tag_v2.get(tag, 1)) for tag in _TIFF_TILE))
    if isinstance(image, JpegImagePlugin.JpegImageFile):
        image.draft("L", image.size)  # the decoder leaves the colours out
    return image, turn


def _check_pixels(width: int, height: int) -> None:
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        facts = {"width": width, "height": height, "limit": MAX_PIXELS}
        raise ScanError(ScanCode.TOO_MANY_PIXELS, facts=facts)


def _webp_canvas(data: bytes) -> tuple[int, int]:
    """Width and height stated by an extended WebP header, else (1, 1). Source: RFC 9649 section 2.7."""
    if data[:4] != b"RIFF" or data[12:16] != b"VP8X" or len(data) < 30:
        return 1, 1
    return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _orientation(image: ImageFile.ImageFile) -> Image.Transpose | None:
    """What brings the picture upright; None where it is, or where its EXIF data is broken."""
    try:
        return _TURNS.get(int(image.getexif().get(ExifTags.Base.Orientation, 1)))
    except Exception:  # noqa: BLE001 - broken metadata of any kind says nothing about the pixels
        return None


def _grey(image: Image.Image) -> Image.Image:
    """Eight-bit grey; transparency becomes white, as a page under the code would be."""
    if image.mode == "L" and "transparency" not in image.info:
        return image
    if image.mode.startswith("I;16"):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in ("I", "F"):
        return ImageOps.autocontrast(_spread(image))
    if image.has_transparency_data:
        clear = image.convert("RGBA")
        page = Image.new("L", image.size, 255)
        page.paste(clear.convert("L"), mask=clear.getchannel("A"))
        return page
    return image.convert("L" if image.mode in ("1", "RGB", "P") else "RGB").convert("L")


def _spread(image: Image.Image) -> Image.Image:
    """A picture of 32-bit values with its darkest and lightest value as black and white."""
    low, high = (float(value) for value in image.getextrema())  # type: ignore[arg-type]
    scale = 255 / (high - low) if high > low else 1.0
    return image.point(lambda value: value * scale - low * scale).convert("L")
