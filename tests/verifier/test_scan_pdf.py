"""PDF uploads: codes on the pages are found, locked, damaged and hostile files end in a code, within bounds."""

import subprocess
import sys
import time
from io import BytesIO
from typing import Any

import pytest
import segno
from PIL import Image

from verifier import scan_pdf, scan_pdf_worker
from verifier.errors import ScanError
from verifier.scan import NOTHING_FOUND, ScanCode
from verifier.scan_pdf import is_pdf, read_pdf


def page(payload: str | None) -> Image.Image:
    """An A4 page at 100 dots per inch, with a code about 38 mm wide."""
    paper = Image.new("L", (827, 1169), 255)
    if payload is not None:
        out = BytesIO()
        segno.make(payload, error="m", micro=False).save(out, kind="png", scale=5, border=4)
        paper.paste(Image.open(BytesIO(out.getvalue())).convert("L"), (300, 400))
    return paper


def pdf(*payloads: str | None) -> bytes:
    first, *rest = (page(payload) for payload in payloads)
    out = BytesIO()
    first.save(out, "PDF", resolution=100, save_all=True, append_images=rest)
    return out.getvalue()


def raw_pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, the first being the catalogue, with a right cross-reference table."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out) + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)


def refused(data: bytes) -> ScanCode:
    with pytest.raises(ScanError) as caught:
        read_pdf(data)
    code = caught.value.code
    assert isinstance(code, ScanCode)
    return code


def test_codes_of_all_pages_with_their_page() -> None:
    picture = read_pdf(pdf("HC1:FIRST", None, "HC1:THIRD"))
    assert [(code.data, code.page) for code in picture.codes] == [(b"HC1:FIRST", 0), (b"HC1:THIRD", 2)]
    assert [finding.code for finding in picture.findings] == [ScanCode.SEVERAL_CODES]


def test_the_first_ten_pages_count() -> None:
    picture = read_pdf(pdf("HC1:FIRST", *[None] * 9, "HC1:ELEVENTH"))
    assert [code.data for code in picture.codes] == [b"HC1:FIRST"]
    (finding,) = picture.findings
    assert (finding.code, finding.facts) == (ScanCode.PDF_PAGES_LEFT_OUT, {"pages": 11, "read": 10})


def test_the_text_layer_is_ignored() -> None:
    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    canvas = Canvas(out)
    canvas.drawString(100, 700, "HC1:NCFOXN%TS3DH3ZSUZK")
    canvas.save()
    assert refused(out.getvalue()) in NOTHING_FOUND


def test_a_locked_file() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("secret"))
    canvas.drawString(100, 700, "locked")
    canvas.save()
    assert refused(out.getvalue()) is ScanCode.PDF_LOCKED


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", ScanCode.EMPTY),
        (b"no pdf", ScanCode.NOT_A_PICTURE),
        (b"x" * 2000 + b"%PDF-1.7", ScanCode.NOT_A_PICTURE),
        (b"%PDF-1.7 and nothing else", ScanCode.PDF_DAMAGED),
        (b"%PDF-1.7" + bytes(10_000_001), ScanCode.TOO_LARGE),
        (pdf("HC1:FIRST")[:2000], ScanCode.PDF_DAMAGED),
    ],
)
def test_files_that_are_refused(data: bytes, code: ScanCode) -> None:
    assert refused(data) is code


def bomb_of_pixels() -> bytes:
    """One picture of 60,000 by 60,000 pixels, a few kilobytes long (runs of one value)."""
    stream = b"\x81\xff" * 3000
    image = (
        b"<</Type/XObject/Subtype/Image/Width 60000/Height 60000/BitsPerComponent 8/ColorSpace/DeviceGray"
        b"/Filter/RunLengthDecode/Length %d>>\nstream\n%b\nendstream" % (len(stream), stream)
    )
    draw = b"595 0 0 842 0 0 cm /I Do"
    return raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</I 4 0 R>>>>/Contents 5 0 R>>",
        image,
        b"<</Length %d>>\nstream\n%b\nendstream" % (len(draw), draw),
    )


def bomb_of_forms(depth: int = 9, width: int = 10) -> bytes:
    """Forms that each draw the next one ten times: 10^9 drawings from two kilobytes."""
    forms = []
    for level in range(depth):
        draw = b"/F Do " * width if level < depth - 1 else b"0 0 500 500 re f"
        then = b"/Resources<</XObject<</F %d 0 R>>>>" % (6 + level) if level < depth - 1 else b""
        forms.append(
            b"<</Type/XObject/Subtype/Form/BBox[0 0 600 900]%b/Length %d>>\nstream\n%b\nendstream"
            % (then, len(draw), draw)
        )
    return raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</F 5 0 R>>>>/Contents 4 0 R>>",
        b"<</Length 5>>\nstream\n/F Do\nendstream",
        *forms,
    )


def test_a_huge_page_is_drawn_small() -> None:
    blank = raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 1000000 1000000]>>",
    )
    assert refused(blank) in {*NOTHING_FOUND, ScanCode.PDF_TOO_COMPLEX}


@pytest.mark.parametrize("bomb", [bomb_of_pixels(), bomb_of_forms()], ids=["pixels", "forms"])
def test_bombs_end_in_a_code(bomb: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(bomb) < 20_000
    monkeypatch.setattr(scan_pdf, "SECONDS", 2.0)
    began = time.monotonic()
    assert refused(bomb) in {ScanCode.PDF_TOO_COMPLEX, *NOTHING_FOUND}
    assert time.monotonic() - began < 10


def test_memory_of_the_worker_is_bounded() -> None:
    pytest.importorskip("resource")
    code = "import verifier.scan_pdf_worker as w; w.limit(); bytearray(1 << 31)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "MemoryError" in run.stderr


class Pipe:
    """Standard output for a worker that runs in this process."""

    def __init__(self) -> None:
        self.buffer = BytesIO()


@pytest.mark.parametrize(
    ("data", "status"), [(pdf("HC1:A"), "done"), (b"%PDF-1.7", "damaged")], ids=["done", "damaged"]
)
def test_worker_in_this_process(data: bytes, status: str, monkeypatch: pytest.MonkeyPatch) -> None:
    source, sink = Pipe(), Pipe()
    source.buffer.write(data)
    source.buffer.seek(0)
    monkeypatch.setattr(scan_pdf_worker, "limit", lambda: None)
    monkeypatch.setattr(sys, "stdin", source)
    monkeypatch.setattr(sys, "stdout", sink)
    assert scan_pdf_worker.main() == scan_pdf_worker.STATUS[status]
    if status == "done":
        said = sink.buffer.getvalue()
        assert said[:4] == b"\0\0\0\x01"
        width, height = (int.from_bytes(said[at : at + 4]) for at in (4, 8))
        assert len(said) == 12 + width * height <= 12 + scan_pdf_worker.PIXELS * 1.01


def test_a_worker_that_cannot_read_pdf_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    script = tmp_path / "worker.py"
    script.write_text(f"import sys; sys.stdin.buffer.read(); sys.exit({scan_pdf_worker.STATUS['reader-missing']})")
    monkeypatch.setattr(scan_pdf, "_WORKER", script)
    assert refused(pdf("HC1:A")) is ScanCode.PDF_READER_MISSING


def test_pages_read_before_a_failure_count(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    drawn = page("HC1:FIRST")
    said = (3).to_bytes(4) + drawn.width.to_bytes(4) + drawn.height.to_bytes(4) + drawn.tobytes()
    (tmp_path / "said").write_bytes(said)
    script = tmp_path / "worker.py"
    script.write_text(
        f"import sys; sys.stdin.buffer.read(); sys.stdout.buffer.write(open({str(tmp_path / 'said')!r}, 'rb').read())\n"
        "sys.stdout.flush(); sys.exit(13)"
    )
    monkeypatch.setattr(scan_pdf, "_WORKER", script)
    picture = read_pdf(pdf("HC1:FIRST"))
    assert [code.data for code in picture.codes] == [b"HC1:FIRST"]
    (finding,) = picture.findings
    assert (finding.code, finding.facts) == (ScanCode.PDF_PAGES_LEFT_OUT, {"pages": 3, "read": 1})


def test_is_pdf() -> None:
    assert is_pdf(b"\r\n%PDF-1.4")
    assert not is_pdf(b"PDF")
