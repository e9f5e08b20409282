"""Passport zones in pictures drawn here: read exactly, in doubt, or not there; never wrongly, never by chance."""

from __future__ import annotations

import dataclasses
import random
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter

from fixtures.encoders.mrz import WRITERS, Identity, Kind
from fixtures.personas import persona
from fixtures.render.fonts import font
from fixtures.render.scenes import passport_page
from verifier import scan_mrz, scan_ocr
from verifier.checkin import CheckIn
from verifier.cli import main
from verifier.errors import ScanError
from verifier.findings import Outcome
from verifier.model import Journey, Leg, Scan, Source, Traveller
from verifier.reading import unfold
from verifier.rules.rulebook import RuleBook
from verifier.scan import MAX_PIXELS, ScanCode, read_picture
from verifier.scan_lines import zones
from verifier.scan_mrz import read_zone, zone_of
from verifier.scan_ocr import ZoneCode
from verifier.travel.mrz import parse_mrz
from verifier.trust.store import TrustStore

TESSERACT = shutil.which("tesseract")
needs_tesseract = pytest.mark.skipif(TESSERACT is None, reason="tesseract-ocr is not installed")
PASSPORT = Identity(
    "P", "UTO", "ERIKSSON", "ANNA<MARIA", "L898902C3", "UTO", "1974-08-12", "F", "2030-04-15", "ZE184226B"
)
DAY = date(2021, 12, 1)
Change = Callable[[Image.Image], Image.Image]


def page(lines: Sequence[str], *, use: str = "ocr-b", size: int = 46) -> Image.Image:
    """A card or page with a zone, a portrait and some words."""
    width = len(lines[0]) * 30 + 120
    out = Image.new("L", (width, width * 2 // 3), 240)
    draw = ImageDraw.Draw(out)
    draw.rectangle((40, 60, width // 4, width // 3), fill=150)
    for line in range(4):
        draw.text((width // 3, 60 + 60 * line), f"Some words of the page, line {line}", font=font("sans", 26), fill=20)
    for line, text in enumerate(lines):
        for place, sign in enumerate(text):
            middle = (75 + place * 30, out.height - 60 - (len(lines) - 1 - line) * 75)
            draw.text(middle, sign, font=font(use, size), fill=20, anchor="mm")
    return out


def data(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def lines_of(kind: Kind = "TD3", **changes: str) -> list[str]:
    return WRITERS[kind](dataclasses.replace(PASSPORT, **changes))


def doubted(image: Image.Image) -> ScanError:
    with pytest.raises(ScanError) as caught:
        zone_of(image.convert("L"))
    return caught.value


def turned(degrees: float) -> Change:
    return lambda image: image.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=90)


def noisy(image: Image.Image) -> Image.Image:
    grains = random.Random(3).randbytes(image.width * image.height)
    return Image.blend(image, Image.frombytes("L", image.size, grains), 0.15)


def jpeg(image: Image.Image) -> Image.Image:
    return Image.open(BytesIO(data(image, "JPEG", quality=40))).convert("L")


def photographed(image: Image.Image) -> Image.Image:
    """On a dark desk, a little askew, seen from the side, the light falling off."""
    width, height = image.size
    corners = (-60, -30, -90, height + 60, width + 50, height + 20, width + 70, -60)
    seen = image.transform(image.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor=70)
    desk = Image.new("L", (width * 3 // 2, height * 3 // 2), 70)
    desk.paste(seen.rotate(2.5, Image.Resampling.BICUBIC, expand=True, fillcolor=70), (width // 5, height // 5))
    light = Image.linear_gradient("L").rotate(90).resize(desk.size).point(lambda value: value // 3)
    return Image.composite(Image.new("L", desk.size, 10), desk, light).filter(ImageFilter.GaussianBlur(1))


# --- what is read -----------------------------------------------------------------------------------------------------


@needs_tesseract
@pytest.mark.parametrize(("kind", "code"), [("TD1", "I"), ("TD2", "ID"), ("TD3", "P"), ("MRV-A", "V"), ("MRV-B", "V")])
@pytest.mark.parametrize("use", ["ocr-b", "mono"])
def test_every_type_of_zone(kind: Kind, code: str, use: str) -> None:
    lines = lines_of(kind, code=code)
    found = zone_of(page(lines, use=use))
    assert list(found.lines) == lines
    read = parse_mrz(found.text, reference=DAY)
    assert (read.type, read.valid, read.fields.surname) == (kind, True, "ERIKSSON")
    assert [(said.code, said.outcome) for said in found.findings] == [(ZoneCode.ZONE_READ, Outcome.NOTE)]


@needs_tesseract
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(turned(3), id="3 degrees"),
        pytest.param(turned(-6), id="6 degrees"),
        pytest.param(turned(90), id="on its side"),
        pytest.param(turned(180), id="upside down"),
        pytest.param(turned(267), id="on its other side and askew"),
        pytest.param(lambda image: image.filter(ImageFilter.GaussianBlur(2)), id="blurred"),
        pytest.param(noisy, id="noisy"),
        pytest.param(jpeg, id="jpeg"),
        pytest.param(photographed, id="photographed"),
        pytest.param(lambda image: image.resize((650, 433), Image.Resampling.LANCZOS), id="small"),
        pytest.param(lambda image: image.resize((3600, 2400)), id="large"),
        pytest.param(lambda image: image.crop((50, 770, image.width - 50, image.height - 20)), id="the zone alone"),
    ],
)
def test_the_page_as_people_send_it(change: Change) -> None:
    assert list(zone_of(change(page(lines_of()))).lines) == lines_of()


@needs_tesseract
@pytest.mark.parametrize("name", ["anna", "asa", "karol", "siobhan"])
def test_passport_pages_of_the_factory(name: str) -> None:
    drawn = persona(name)
    found = read_zone(data(passport_page(drawn), "JPEG", quality=70))
    assert parse_mrz(found.text, reference=DAY).lines == tuple(drawn.mrz_lines())


@needs_tesseract
def test_a_name_full_of_letters_that_look_like_fillers() -> None:
    lines = lines_of(surname="KKLAXCKEK", given="KLEK<CEKLEX<VYXK")
    assert list(zone_of(page(lines)).lines) == lines


@needs_tesseract
def test_a_photograph_held_sideways_says_so_itself() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it to the right
    sideways = page(lines_of()).transpose(Image.Transpose.ROTATE_90)
    assert list(read_zone(data(sideways, "JPEG", quality=90, exif=exif)).lines) == lines_of()


@needs_tesseract
def test_a_scanned_page_in_a_pdf() -> None:
    paper = Image.new("L", (1654, 2339), 255)
    paper.paste(page(lines_of()), (100, 700))
    assert list(read_zone(data(paper, "PDF", resolution=200)).lines) == lines_of()
    with pytest.raises(ScanError) as nothing:
        read_zone(data(Image.new("L", (400, 300), 255), "PDF"))
    assert nothing.value.code is ZoneCode.NO_ZONE


# --- what is not ------------------------------------------------------------------------------------------------------


def prose(columns: int, rows: int) -> Image.Image:
    """Lines of a fixed-width text as long as those of a zone."""
    out = Image.new("L", (columns * 22 + 100, rows * 60 + 200), 255)
    words = "ACCORDING TO THE TERMS OF CARRIAGE EVERY PASSENGER SHALL SHOW WHAT HE WAS ASKED TO SHOW "
    for row in range(rows):
        text = (words * 2)[row * 7 : row * 7 + columns]
        ImageDraw.Draw(out).text((50, 50 + row * 60), text, font=font("mono", 36), fill=0)
    return out


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(Image.new("L", (1200, 800), 255), id="white"),
        pytest.param(passport_page(persona("anna")).crop((0, 0, 1476, 800)).convert("L"), id="page without zone"),
        pytest.param(prose(44, 2), id="two lines of 44"),
        pytest.param(prose(30, 3), id="three lines of 30"),
        pytest.param(prose(44, 12), id="a text"),
        pytest.param(Image.frombytes("L", (600, 400), random.Random(1).randbytes(240_000)), id="noise"),
        *(pytest.param(Image.new("L", size, 9), id=str(size)) for size in ((1, 1), (9000, 3), (3, 9000), (17, 17))),
    ],
)
def test_pictures_without_a_zone(image: Image.Image) -> None:
    assert doubted(image).code is ZoneCode.NO_ZONE


def wrong_digit(lines: list[str]) -> list[str]:
    return [lines[0], lines[1][:19] + str((int(lines[1][19]) + 1) % 10) + lines[1][20:]]


@needs_tesseract
def test_check_digits_that_do_not_hold_are_doubt() -> None:
    error = doubted(page(wrong_digit(lines_of())))
    assert (error.code, error.outcome) == (ZoneCode.ZONE_DOUBTFUL, Outcome.OPEN)
    assert set(error.facts["checks"]) == {"birth_date", "composite"}


@needs_tesseract
@pytest.mark.parametrize("place", [(11, 0), (20, 1), (3, 0), (10, 1)])
def test_a_thumb_on_the_zone_is_never_read_over(place: tuple[int, int]) -> None:
    image = page(lines_of())
    x, y = 60 + place[0] * 30, image.height - 85 - (1 - place[1]) * 75
    ImageDraw.Draw(image).rectangle((x, y, x + 40, y + 50), fill=240)
    assert doubted(image).code in (ZoneCode.ZONE_DOUBTFUL, ZoneCode.NO_ZONE)


@needs_tesseract
def test_a_state_that_does_not_exist_is_doubt() -> None:
    # no check digit covers it: a D read as O makes one of NLD
    error = doubted(page(lines_of(state="NLO")))
    assert (error.code, error.facts["letters"]) == (ZoneCode.ZONE_DOUBTFUL, 1)


@needs_tesseract
@pytest.mark.parametrize("radius", [3, 4])
def test_blur_makes_doubt_and_no_other_person(radius: int) -> None:
    for name in ("anna", "joost"):
        drawn = persona(name)
        blurred = passport_page(drawn).filter(ImageFilter.GaussianBlur(radius)).convert("L")
        try:
            found = zone_of(blurred)
        except ScanError as error:
            assert error.code in (ZoneCode.ZONE_DOUBTFUL, ZoneCode.NO_ZONE)
        else:
            assert parse_mrz(found.text, reference=DAY).lines == tuple(drawn.mrz_lines())


def test_letters_in_doubt() -> None:
    letters = {0, 1, 2, 3}
    agreed = scan_mrz._agreed
    assert agreed([list("AB1<7")], list("ABI<?"), letters) == (list("ABI<7"), 0)
    assert agreed([list("AB0<7")], list("ABO<?"), letters) == (list("AB0<7"), 1)  # O, D and Q all look like that
    assert agreed([list("AV?<7")], list("AYX<?"), letters)[1] == 2
    assert agreed([list("AV?<7"), list("AVX<7")], list("AYX<?"), letters) == (list("AVX<7"), 0)


def test_what_was_not_read_is_no_reading() -> None:
    image = page(lines_of())
    (place, *_) = zones(image)
    assert [len(line.fillers) for line in place] == [44, 44]
    assert [[sign == "<" for sign in text] for text in lines_of()] == [list(line.fillers) for line in place]


# --- Tesseract, bounded or absent -------------------------------------------------------------------------------------


def program(folder: Path, text: str) -> None:
    script = folder / "tesseract"
    script.write_text(f"#!{sys.executable}\n{text}")
    script.chmod(0o755)


def test_without_tesseract_a_zone_is_named_and_nothing_else_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert doubted(page(lines_of())).code is ZoneCode.OCR_MISSING
    assert doubted(Image.new("L", (900, 600), 255)).code is ZoneCode.NO_ZONE
    (item,) = unfold([Scan.image(data(page(lines_of())))])
    assert not isinstance(item, bytes)
    assert [finding.code for finding in item.findings] == [ZoneCode.OCR_MISSING]


def test_without_its_data_it_is_missing_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "raise SystemExit(1)")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert doubted(page(lines_of())).code is ZoneCode.OCR_MISSING
    (tmp_path / "tesseract").write_text("no program at all")
    assert doubted(page(lines_of())).code is ZoneCode.OCR_MISSING


@pytest.mark.parametrize("text", ["import time; time.sleep(60)", "while True: pass", "import os; os.abort()"])
def test_a_reader_that_does_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    program(tmp_path, text)
    monkeypatch.setenv("PATH", str(tmp_path))
    started = time.monotonic()
    with pytest.raises(ScanError) as caught:
        zone_of(page(lines_of()), seconds=1.5)
    assert caught.value.code is ZoneCode.OCR_TOO_SLOW
    assert time.monotonic() - started < 10


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="bounds of processes are set on Linux")
@pytest.mark.parametrize("text", ["bytearray(1 << 31)", "import sys; open(sys.argv[-1], 'wb', 0).write(b'1')"])
def test_the_reader_gets_no_more_memory_and_writes_no_file(tmp_path: Path, text: str) -> None:
    target = tmp_path / "left behind"
    code = f"import sys; sys.stdin.buffer.read()\ntry:\n    {text}\nexcept (MemoryError, OSError): raise SystemExit(7)"
    status, said = scan_ocr._run([sys.executable, "-c", code, str(target)], b"", 20)
    assert (status, said) == (7, b"") or status < 0
    assert not target.exists() or not target.stat().st_size


def test_the_reader_is_told_nothing_it_need_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEARGATE_SECRET", "1")
    code = "import os; print('CLEARGATE_SECRET' in os.environ, os.getcwd())"
    assert scan_ocr._run([sys.executable, "-c", code], b"", 20) == (0, b"False /\n")


@needs_tesseract
def test_nothing_is_left_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    zone_of(page(lines_of()))
    assert not list(tmp_path.iterdir())


def test_more_than_two_at_once_wait_and_time_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program(tmp_path, "raise SystemExit(0)")
    monkeypatch.setenv("PATH", str(tmp_path))
    taken = [scan_ocr._SLOTS.acquire(timeout=1) for _ in range(2)]
    try:
        with pytest.raises(ScanError) as caught:
            list(scan_ocr.characters(Image.new("L", (9, 9)), "A", time.monotonic() + 0.2))
        assert caught.value.code is ZoneCode.OCR_TOO_SLOW
    finally:
        for _ in taken:
            scan_ocr._SLOTS.release()


@pytest.mark.parametrize(
    ("said", "count"),
    [(b"", 0), (b"\xff\x00 nonsense", 0), (b"<span title='x_bboxes 9 9 9 9; x_conf 1.0'>&lt;</span>", 0),
     (b"<span title='x_bboxes 99999999999 0 1 5; x_conf 99'>A</span>", 1)],
)  # fmt: skip
def test_whatever_the_reader_says_is_no_zone_by_itself(
    monkeypatch: pytest.MonkeyPatch, said: bytes, count: int
) -> None:
    monkeypatch.setattr(scan_ocr, "_tesseract", lambda *_: said)
    assert len(list(scan_ocr.characters(Image.new("L", (9, 9)), "A", 0))) == count
    assert doubted(page(lines_of())).code is ZoneCode.NO_ZONE


@given(st.binary(max_size=300), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"%PDF-1.4\n", b"II*\0"]))
@settings(max_examples=15, deadline=None)
def test_any_bytes_give_a_coded_error(body: bytes, head: bytes) -> None:
    with pytest.raises(ScanError):
        read_zone(head + body)


def test_bad_files_are_refused_as_for_barcodes() -> None:
    with pytest.raises(ScanError) as large:
        read_zone(data(Image.new("1", (5000, MAX_PIXELS // 5000 + 1))))
    assert large.value.code is ScanCode.TOO_MANY_PIXELS
    with pytest.raises(ScanError) as empty:
        read_zone(b"")
    assert empty.value.code is ScanCode.EMPTY


def test_a_budget_can_end_the_search() -> None:
    class OverError(Exception):
        pass

    def pause() -> None:
        raise OverError

    with pytest.raises(OverError):
        zone_of(page(lines_of()), pause=pause)


# --- among the scans of a check ---------------------------------------------------------------------------------------


@needs_tesseract
def test_an_upload_is_searched_and_a_frame_is_not() -> None:
    picture = data(page(lines_of()))
    remarks: list[Any] = []
    assert unfold([Scan.image(picture)], remarks=remarks) == ("\n".join(lines_of()).encode(),)
    assert [finding.code for finding in remarks] == [ZoneCode.ZONE_READ]
    (frame,) = unfold([Scan.image(picture, frame=True)])
    assert not isinstance(frame, bytes)


def test_a_picture_with_a_barcode_is_never_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    import segno

    out = BytesIO()
    segno.make("M1CODE", micro=False).save(out, kind="png", scale=6)
    monkeypatch.setattr(scan_mrz, "zone_of", lambda *_, **__: pytest.fail("searched"))
    assert unfold([Scan.image(out.getvalue())]) == (b"M1CODE",)


def test_no_zone_leaves_what_the_barcode_readers_said() -> None:
    blank = data(Image.new("L", (400, 300), 255))
    with pytest.raises(ScanError) as caught:
        read_picture(blank)
    (item,) = unfold([Scan.image(blank)])
    assert not isinstance(item, bytes)
    assert [finding.code for finding in item.findings] == [caught.value.code]


@needs_tesseract
def test_a_check_takes_the_traveller_from_a_picture() -> None:
    desk = CheckIn(trust=TrustStore([]), rules=RuleBook.load(), budget=60)
    at = datetime(2021, 12, 20, 12, tzinfo=UTC)
    journey = Journey((Leg("LHR", "JFK", departs=at),))
    picture = Scan.image(data(page(lines_of())))
    decision = desk.check(scans=[picture], traveller=Traveller(), journey=journey, at=at)
    assert {decision.provenance[f"traveller.{name}"] for name in ("surname", "birth_date", "document")} == {
        Source.PASSPORT
    }
    assert ZoneCode.ZONE_READ in {finding.code for finding in decision.findings}
    other = Traveller(surname="Eriksson", given_names="Anna Maria", birth_date=parse_mrz(
        lines_of(born="1975-08-12"), reference=DAY).birth)  # fmt: skip
    conflict = desk.check(scans=[picture], traveller=other, journey=journey, at=at)
    assert any(finding.code.value == "travel.birth-dates-differ" for finding in conflict.findings)
    doubtful = Scan.image(data(page(wrong_digit(lines_of()))))
    unread = desk.check(scans=[doubtful], traveller=Traveller(), journey=journey, at=at)
    assert ZoneCode.ZONE_DOUBTFUL in {finding.code for finding in unread.findings}
    assert "traveller.surname" not in unread.provenance


# --- commands ---------------------------------------------------------------------------------------------------------


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@needs_tesseract
def test_the_mrz_command_takes_pictures(tmp_path: Path) -> None:
    good, bad, none = (tmp_path / name for name in ("good.png", "bad.jpg", "none.png"))
    good.write_bytes(data(page(lines_of(state="D", nationality="D"))))
    shown = run("mrz", str(good), "--reference", "2021-12-01")
    assert shown.exit_code == 0
    assert "ERIKSSON / ANNA MARIA" in shown.output
    assert "[scan.zone-read]" in shown.output
    bad.write_bytes(data(page(wrong_digit(lines_of())), "JPEG"))
    refused = run("mrz", str(bad))
    assert (refused.exit_code, "[scan.zone-doubtful]" in refused.output) == (10, True)
    none.write_bytes(data(Image.new("L", (300, 200), 255)))
    assert "[scan.no-zone]" in run("mrz", str(none)).output


@needs_tesseract
@pytest.mark.parametrize("given", ["option", "scan"])
def test_the_check_command_takes_pictures(tmp_path: Path, given: str) -> None:
    picture = tmp_path / "passport.png"
    picture.write_bytes(data(page(lines_of())))
    shown = (("--mrz", str(picture)), (str(picture),))[given == "scan"]
    trip = (
        "--from",
        "LHR",
        "--to",
        "JFK",
        "--departs",
        "2021-12-20T17:00:00+00:00",
        "--at",
        "2021-12-20T12:00:00+00:00",
    )
    answer = run("check", *shown, *trip, "--json")
    assert '"traveller.document": "passport"' in answer.output
