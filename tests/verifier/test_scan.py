"""Pictures made here: every symbology and file type comes back exactly, every bad input gets its code."""

import builtins
import contextlib
import random
import struct
import sys
import warnings
import zlib
from io import BytesIO
from typing import Any

import aztec_code_generator
import pdf417gen
import pytest
import segno
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter

from verifier import scan
from verifier.errors import ScanError
from verifier.findings import Outcome
from verifier.model import Symbology
from verifier.scan import Barcode, ScanCode, read_picture
from verifier.scan_ocr import ZoneCode
from verifier.wording import LANGUAGES, action, catalogue, sentence

TEXT = b"HC1:NCFOXN%TS3DH3ZSUZK+.V0ETD%65NL-AH-R6IOOK.IR9B+9D1UK.N8  8QH4"
BINARY = bytes(range(256))


def qr(payload: bytes = TEXT, scale: int = 4) -> Image.Image:
    out = BytesIO()
    segno.make(payload, error="m", micro=False, encoding=None if payload.isascii() else "latin-1").save(
        out, kind="png", scale=scale, border=4
    )
    return Image.open(BytesIO(out.getvalue())).convert("RGB")


def made(format_: Any, payload: bytes) -> Image.Image:
    barcode = zxingcpp.create_barcode(payload, format_)
    return Image.fromarray(zxingcpp.write_barcode_to_image(barcode, scale=4, add_quiet_zones=True)).convert("RGB")


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def payloads(data: bytes, *, frame: bool = False) -> list[bytes]:
    return [code.data for code in read_picture(data, frame=frame).codes]


def refused(data: bytes, *, frame: bool = False) -> ScanError:
    with pytest.raises(ScanError) as caught:
        read_picture(data, frame=frame)
    return caught.value


# --- symbologies ------------------------------------------------------------------------------------------------------


def test_qr_with_its_place() -> None:
    page = Image.new("RGB", (900, 600), "white")
    code = qr()
    page.paste(code, (300, 100))
    picture = read_picture(encoded(page))
    (found,) = picture.codes
    assert (found.data, found.symbology, found.page) == (TEXT, Symbology.QR, 0)
    assert picture.findings == ()
    left, top = 300 + 16, 100 + 16  # four modules of border, four pixels each
    right, bottom = 300 + code.width - 16, 100 + code.height - 16
    for (x, y), (ex, ey) in zip(
        found.corners, [(left, top), (right, top), (right, bottom), (left, bottom)], strict=True
    ):
        assert abs(x - ex) <= 4
        assert abs(y - ey) <= 4


@pytest.mark.parametrize("payload", [BINARY, "Müller Zoë".encode(), "Иванов".encode(), b"\xef\xbb\xbfBOM", b"\x00\x01"])
def test_bytes_come_back_exactly(payload: bytes) -> None:
    assert payloads(encoded(made(zxingcpp.BarcodeFormat.QRCodeModel2, payload))) == [payload]


def test_aztec_of_another_maker() -> None:
    image = aztec_code_generator.AztecCode(TEXT.decode()).image(module_size=4, border=4).convert("RGB")
    (found,) = read_picture(encoded(image)).codes
    assert (found.data, found.symbology) == (TEXT, Symbology.AZTEC)


def test_pdf417_of_another_maker() -> None:
    text = "M1DESMARAIS/LUC       EABC123 YULFRAAC 0834 226F001A0025 100"
    image = pdf417gen.render_image(pdf417gen.encode(text, columns=6), scale=3, ratio=3, padding=20).convert("RGB")
    (found,) = read_picture(encoded(image)).codes
    assert (found.data, found.symbology) == (text.encode(), Symbology.PDF417)


def test_data_matrix_with_control_characters() -> None:
    payload = b"DC04DHI0TST11E3C1E3CB201FRF0JEAN\x1dF1DUPOND\x1dF225111980\x1fABC"
    (found,) = read_picture(encoded(made(zxingcpp.BarcodeFormat.DataMatrix, payload))).codes
    assert (found.data, found.symbology) == (payload, Symbology.DATA_MATRIX)


def test_a_camera_frame_is_read_for_qr_and_aztec_only() -> None:
    assert payloads(encoded(qr(), "JPEG"), frame=True) == [TEXT]
    assert payloads(encoded(made(zxingcpp.BarcodeFormat.Aztec, TEXT)), frame=True) == [TEXT]
    for other in (zxingcpp.BarcodeFormat.PDF417, zxingcpp.BarcodeFormat.DataMatrix):
        picture = encoded(made(other, TEXT))
        assert payloads(picture) == [TEXT]
        assert refused(picture, frame=True).code in scan.NOTHING_FOUND


@pytest.mark.parametrize("format_", ["MicroQRCode", "AztecRune", "Code128", "EAN13"])
def test_other_symbologies_are_not_taken(format_: str) -> None:
    payload = b"4012345678901" if format_ == "EAN13" else b"25"
    picture = encoded(made(getattr(zxingcpp.BarcodeFormat, format_), payload))
    assert refused(picture).code in scan.NOTHING_FOUND


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("JPEG", {"quality": 60}),
        ("WebP", {"quality": 60}),
        ("WebP", {"lossless": True}),
        ("GIF", {}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("JPEG", {"progressive": True}),
    ],
)
def test_file_types(kind: str, options: dict[str, Any]) -> None:
    assert payloads(encoded(qr(), kind, **options)) == [TEXT]


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16", "I", "CMYK", "YCbCr", "F"])
def test_pixel_types(mode: str) -> None:
    kind = {"CMYK": "TIFF", "YCbCr": "JPEG", "F": "TIFF", "I": "TIFF"}.get(mode, "PNG")
    image = qr()
    if mode == "I;16":
        image = image.convert("I").point(lambda value: value * 257).convert("I;16")
    elif mode in ("I", "F"):
        image = image.convert("L").convert(mode).point(lambda value: value * 3 + 1000)
    else:
        image = image.convert(mode)
    assert payloads(encoded(image, kind)) == [TEXT]


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L"])
def test_transparent_ground_is_white(mode: str) -> None:
    grey = qr().convert("L")
    if mode in ("P", "L"):  # one value of the palette, or one grey, is the hole
        image = grey.point(lambda value: 255 if value < 128 else 0).point(lambda value: 0 if value else 1)
        data = encoded(image.convert("P") if mode == "P" else image, transparency=1)
    else:  # black on black that is clear: nothing to see before it lies on white
        image = Image.new(mode, grey.size, 0)
        image.putalpha(grey.point(lambda value: 255 - value))
        data = encoded(image)
    assert payloads(data) == [TEXT]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_of_a_photo(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    page = Image.new("RGB", (500, 300), "white")
    page.paste(qr(scale=3), (10, 20))
    (found,) = read_picture(encoded(page, "JPEG", exif=exif)).codes
    assert found.data == TEXT
    upright = page.getexif() is not None and orientation <= 4
    xs, ys = zip(*found.corners, strict=True)
    limit = (500, 300) if upright else (300, 500)
    assert max(xs) < limit[0]
    assert max(ys) < limit[1]
    if orientation == 1:
        assert min(xs) < 60
    if orientation == 3:
        assert max(xs) > 440


def test_broken_exif_does_not_hide_the_code() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # as pytest is told to, said again because it is the point here
        assert payloads(encoded(qr(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")) == [TEXT]


def test_first_frame_of_an_animation_and_first_page_of_a_tiff() -> None:
    other = qr(b"ANOTHER").resize(qr().size)
    for kind in ("GIF", "TIFF", "WebP"):
        assert payloads(encoded(qr(), kind, save_all=True, append_images=[other])) == [TEXT]


# --- many codes -------------------------------------------------------------------------------------------------------


def page_of(*images: Image.Image) -> Image.Image:
    page = Image.new("RGB", (sum(i.width for i in images) + 40 * len(images), max(i.height for i in images)), "white")
    at = 0
    for image in images:
        page.paste(image, (at, 0))
        at += image.width + 40
    return page


def test_equal_payloads_are_one() -> None:
    picture = read_picture(encoded(page_of(qr(), qr(scale=3), made(zxingcpp.BarcodeFormat.Aztec, TEXT))))
    assert [code.data for code in picture.codes] == [TEXT]
    assert picture.findings == ()


def test_three_codes_are_three_and_said() -> None:
    picture = read_picture(encoded(page_of(qr(b"ONE"), qr(b"TWO"), qr(b"THREE"))))
    assert {code.data for code in picture.codes} == {b"ONE", b"TWO", b"THREE"}
    (finding,) = picture.findings
    assert (finding.code, finding.outcome, finding.facts) == (ScanCode.SEVERAL_CODES, Outcome.NOTE, {"count": 3})


def test_the_number_of_codes_is_bounded() -> None:
    images = [qr(f"CODE {number}".encode(), scale=2) for number in range(24)]
    rows = [page_of(*images[at : at + 6]) for at in range(0, 24, 6)]
    page = Image.new("RGB", (max(r.width for r in rows), sum(r.height + 40 for r in rows)), "white")
    for number, row in enumerate(rows):
        page.paste(row, (0, number * (row.height + 40)))
    assert len(read_picture(encoded(page)).codes) == scan.MAX_CODES


# --- hard pictures ----------------------------------------------------------------------------------------------------


def test_noise_is_smoothed_away_for_an_upload() -> None:
    random.seed(7)
    image = Image.blend(qr(scale=6).convert("L"), Image.effect_noise(qr(scale=6).size, 120), 0.55)
    data = encoded(image)
    assert not zxingcpp.read_barcodes(image, formats=[zxingcpp.BarcodeFormat.QRCodeModel2])
    assert payloads(data) == [TEXT]


def test_inverted_and_turned() -> None:
    assert payloads(encoded(qr().convert("L").point(lambda value: 255 - value))) == [TEXT]
    assert payloads(encoded(qr().rotate(33, expand=True, fillcolor="white"))) == [TEXT]


def test_damaged_code_is_told_from_no_code(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        valid, symbology, bytes = False, zxingcpp.BarcodeFormat.QRCode, b""

    monkeypatch.setattr(zxingcpp, "read_barcodes", lambda *_, **__: [Broken()])
    monkeypatch.setattr(scan, "_second_reader", lambda *_: ([], True))
    assert refused(encoded(qr())).code is ScanCode.CODE_DAMAGED


# --- the second reader ------------------------------------------------------------------------------------------------


def no_first_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "_zxing", lambda *_, **__: ([], False))


def without_pyzbar(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pyzbar", "pyzbar.pyzbar", "pyzbar.wrapper", "pyzbar.zbar_library"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    real = builtins.__import__

    def importing(name: str, *rest: Any) -> Any:
        if name.startswith("pyzbar"):
            raise ImportError("Unable to find zbar shared library")
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", importing)


def test_second_reader_answers_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyzbar.pyzbar", exc_type=ImportError, reason="libzbar is not installed")
    no_first_reader(monkeypatch)
    picture = read_picture(encoded(qr()), frame=True)
    assert [(code.data, code.symbology) for code in picture.codes] == [(TEXT, Symbology.QR)]
    assert len(picture.codes[0].corners) == 4
    assert [finding.code for finding in picture.findings] == [ScanCode.SECOND_READER]


def test_second_reader_is_not_asked_where_the_first_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*_: Any) -> tuple[list[Barcode], bool]:
        raise AssertionError

    monkeypatch.setattr(scan, "_second_reader", asked)
    assert payloads(encoded(qr())) == [TEXT]


def test_runs_without_libzbar_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    without_pyzbar(monkeypatch)
    assert payloads(encoded(qr())) == [TEXT]
    assert refused(encoded(Image.new("L", (300, 300), 255))).code is ScanCode.NO_CODE_ONE_READER


@pytest.mark.parametrize(
    ("delivered", "held"),
    [
        (b"HC1:ABC", b"HC1:ABC"),
        ("PK\x03\x04\x80ÿ".encode(), b"PK\x03\x04\x80\xff"),
        ("М羹".encode(), b""),
        (b"\xff\xfe", b""),
    ],
)
def test_bytes_that_zbar_turned_into_text(delivered: bytes, held: bytes) -> None:
    assert scan._zbar_bytes(delivered) == held


# --- bad input --------------------------------------------------------------------------------------------------------


def png_header(width: int, height: int) -> bytes:
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 4) + b"IDAT" + b"\0\0\0\0\0\0\0\0"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", ScanCode.EMPTY),
        (b"\x89PNG\r\n\x1a\n" + bytes(10_000_001), ScanCode.TOO_LARGE),
        (b"HC1:NOT A PICTURE", ScanCode.NOT_A_PICTURE),
        (b"%PDF-1.7", ScanCode.NOT_A_PICTURE),
        (b"BM" + bytes(100), ScanCode.NOT_A_PICTURE),
        (b"\x89PNG\r\n\x1a\n", ScanCode.TRUNCATED),
        (b"\xff\xd8\xff", ScanCode.TRUNCATED),
        (b"II*\0\x08\0\0\0", ScanCode.TRUNCATED),
        (png_header(13_000, 13_000), ScanCode.TOO_MANY_PIXELS),
        (png_header(60_000, 60_000), ScanCode.TOO_MANY_PIXELS),
        (png_header(70_000, 10), ScanCode.TOO_MANY_PIXELS),
        (
            b"RIFF\xff\0\0\0WEBPVP8X\x0a\0\0\0" + bytes(4) + b"\xff\x3f\0\xff\x3f\0" + bytes(60),
            ScanCode.TOO_MANY_PIXELS,
        ),
    ],
)
def test_files_that_are_refused(data: bytes, code: ScanCode) -> None:
    error = refused(data)
    assert error.code is code
    assert all(isinstance(fact, int) for fact in error.facts.values())


def test_size_is_checked_before_the_pixels_are_loaded() -> None:
    import tracemalloc

    bomb = encoded(Image.new("1", (13_000, 13_000)))
    assert len(bomb) < 100_000
    tracemalloc.start()
    assert refused(bomb).code is ScanCode.TOO_MANY_PIXELS
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


def test_just_under_the_limit_is_read() -> None:
    page = Image.new("L", (4000, 3000), 255)
    page.paste(qr().convert("L"), (1000, 1000))
    assert payloads(encoded(page)) == [TEXT]
    assert refused(encoded(Image.new("L", (4001, 3000), 255))).code is ScanCode.TOO_MANY_PIXELS


def test_tiff_tiles_are_bounded() -> None:
    tags = {256: 64, 257: 64, 258: 8, 259: 5, 262: 1, 277: 1, 322: 1_000_000, 323: 1_000_000, 324: 200, 325: 20}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    data = b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(200)
    assert refused(data).code is ScanCode.TOO_MANY_PIXELS


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WebP", "GIF", "TIFF"])
def test_truncated_files(kind: str) -> None:
    noisy = Image.effect_noise((200, 200), 80)
    data = encoded(noisy.convert("RGB"), kind)
    for part in (0.2, 0.5, 0.9):
        assert refused(data[: int(len(data) * part)]).code in {ScanCode.TRUNCATED, *scan.NOTHING_FOUND}
    assert refused(data[: len(data) // 2]).code is ScanCode.TRUNCATED


@pytest.mark.parametrize("size", [(1, 1), (2, 500), (300, 300)])
@pytest.mark.parametrize("frame", [True, False])
def test_no_code(size: tuple[int, int], frame: bool) -> None:
    assert refused(encoded(Image.new("RGB", size, "white")), frame=frame).code in scan.NOTHING_FOUND


def test_a_text_beside_the_code_is_no_code() -> None:
    page = Image.new("L", (400, 200), 255)
    ImageDraw.Draw(page).text((20, 20), "HC1:NCFOXN%TS3DH3ZSUZK", fill=0)
    assert refused(encoded(page.filter(ImageFilter.GaussianBlur(1)))).code in scan.NOTHING_FOUND


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([head for head, at, more, _ in scan._PLUGINS] + [b""]),
    st.binary(max_size=400),
    st.booleans(),
)
def test_any_bytes_give_a_coded_error(head: bytes, rest: bytes, frame: bool) -> None:
    with pytest.raises(ScanError):
        read_picture(head + rest, frame=frame)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["PNG", "JPEG", "WebP", "GIF", "TIFF"]), st.integers(0, 1 << 30), st.binary(min_size=1, max_size=6)
)
def test_any_damage_gives_a_picture_or_a_coded_error(kind: str, at: int, damage: bytes) -> None:
    data = bytearray(SMALL[kind])
    place = at % len(data)
    data[place : place + len(damage)] = damage
    with contextlib.suppress(ScanError):
        assert read_picture(bytes(data)).codes


SMALL = {kind: encoded(qr(b"HC1:SMALL", scale=2), kind) for kind in ("PNG", "JPEG", "WebP", "GIF", "TIFF")}


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_can_be_said(language: str) -> None:
    keys = {key for key in catalogue("scan", language) if not key.endswith("!")}
    assert keys == {code.value for code in (*ScanCode, *ZoneCode)}
    assert "4001" in sentence(ScanCode.TOO_MANY_PIXELS, {"width": 4001, "height": 3000}, language)
    for code in {*ScanCode, *ZoneCode} - {ScanCode.SEVERAL_CODES, ScanCode.SECOND_READER}:
        assert action(code, None, language), code
