"""Pictures: a camera frame against JPEG-to-grey plus a bare zxing-cpp call; `cleargate read` against a bare start.

The frame is made here: 1280 x 720, a code of 420 pixels in a noisy scene, JPEG quality 60 as the camera page sends it.
The code is a certificate of the QA document factory; the command reads it with the QA trust that comes with the kit, as
an upload, so that its decode is the one of an upload.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path

import segno
import zxingcpp
from PIL import Image

from bench.baseline import fastest_seconds
from verifier import scan

FRAME = "frame 1280x720 / JPEG-to-grey + zxing-cpp"
READ = "cleargate read PICTURE / (start + decode)"
TARGETS = {FRAME: 1.2, READ: 2.0}
_START = "from cryptography import x509; from pydantic import BaseModel"


def certificate() -> tuple[str, str]:
    """The text of a vaccination certificate, and a moment at which it holds."""
    from fixtures.flights import flight  # the factory is the independent writer

    sample = flight("us-air-2021-12-20")
    return sample.passenger("anna").documents()[0].text, sample.clock.isoformat()


def frame_jpeg(text: str) -> bytes:
    """The scene as JPEG."""
    drawn = BytesIO()
    segno.make(text, error="q", micro=False).save(drawn, kind="png", scale=4, border=4)
    code = Image.open(BytesIO(drawn.getvalue())).convert("L").resize((420, 420), Image.Resampling.BICUBIC)
    scene = Image.merge("RGB", [Image.effect_noise((1280, 720), 30) for _ in range(3)])
    scene.paste(code.convert("RGB"), (430, 150))
    out = BytesIO()
    scene.save(out, "JPEG", quality=60)
    return out.getvalue()


def _bare(data: bytes, text: str, *, frame: bool) -> None:
    grey = Image.open(BytesIO(data)).convert("L")
    (found,) = zxingcpp.read_barcodes(grey, formats=scan._FORMATS[frame])
    assert found.bytes == text.encode()


def measure() -> dict[str, float]:
    """Ratios, and milliseconds per picture."""
    text, at = certificate()
    data = frame_jpeg(text)
    (found,) = scan.read_picture(data, frame=True).codes
    assert found.data == text.encode()
    bare, ours = fastest_seconds(
        lambda: _bare(data, text, frame=True), lambda: scan.read_picture(data, frame=True), rounds=40, repeat=1
    )
    bare_upload, upload = fastest_seconds(
        lambda: _bare(data, text, frame=False), lambda: scan.read_picture(data), rounds=20, repeat=1
    )
    return {
        FRAME: ours / bare,
        "frame (ms)": ours * 1e3,
        "upload / JPEG-to-grey + zxing-cpp, four symbologies": upload / bare_upload,
        "upload (ms)": upload * 1e3,
        **_command(data, at, bare_upload),
    }


def _command(data: bytes, at: str, decode: float) -> dict[str, float]:
    """The whole command on one picture, start of the interpreter included; nothing where it does not clear it."""
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "frame.jpg"
        picture.write_bytes(data)
        bare = [sys.executable, "-c", _START]
        read = [sys.executable, "-c", "from verifier.cli import main; main()", "read", str(picture), "--at", at]
        if subprocess.run(read, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode:
            return {}
        start, whole = fastest_seconds(lambda: _output(bare), lambda: _output(read), rounds=15, repeat=1)
    return {READ: whole / (start + decode), "cleargate read PICTURE (ms)": whole * 1e3}


def _output(command: list[str]) -> bytes:
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout
