"""Pictures: a camera frame against JPEG-to-grey plus a bare zxing-cpp call; `cleargate read` against a bare start.

The frame is made here: 1280 x 720, a code of 420 pixels in a noisy scene, JPEG quality 60 as the camera page sends it.
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

from bench.baseline import median_seconds
from verifier import scan

FRAME = "frame 1280x720 / JPEG-to-grey + zxing-cpp"
READ = "cleargate read PICTURE / (start + decode)"
TARGETS = {FRAME: 1.2, READ: 2.0}
_PAYLOAD = "HC1:" + "NCFOXN%TS3DH3ZSUZK+.V0ETD%65NL-AH-R6IO" * 14  # as long as a median certificate
_START = "from cryptography import x509; from pydantic import BaseModel"


def frame_jpeg() -> bytes:
    """The scene as JPEG."""
    drawn = BytesIO()
    segno.make(_PAYLOAD, error="q", micro=False).save(drawn, kind="png", scale=4, border=4)
    code = Image.open(BytesIO(drawn.getvalue())).convert("L").resize((420, 420), Image.Resampling.BICUBIC)
    scene = Image.merge("RGB", [Image.effect_noise((1280, 720), 30) for _ in range(3)])
    scene.paste(code.convert("RGB"), (430, 150))
    out = BytesIO()
    scene.save(out, "JPEG", quality=60)
    return out.getvalue()


def _bare(data: bytes, *, frame: bool) -> None:
    grey = Image.open(BytesIO(data)).convert("L")
    (found,) = zxingcpp.read_barcodes(grey, formats=scan._FORMATS[frame])
    assert found.bytes == _PAYLOAD.encode()


def measure() -> dict[str, float]:
    """Ratios, and milliseconds per picture."""
    data = frame_jpeg()
    (found,) = scan.read_picture(data, frame=True).codes
    assert found.data == _PAYLOAD.encode()
    bare, ours = median_seconds(lambda: _bare(data, frame=True), lambda: scan.read_picture(data, frame=True))
    bare_upload, upload = median_seconds(lambda: _bare(data, frame=False), lambda: scan.read_picture(data), rounds=20)
    return {
        FRAME: ours / bare,
        "frame (ms)": ours * 1e3,
        "upload / JPEG-to-grey + zxing-cpp, four symbologies": upload / bare_upload,
        "upload (ms)": upload * 1e3,
        **_command(data, ours),
    }


def _command(data: bytes, decode: float) -> dict[str, float]:
    """The whole command on one picture, start of the interpreter included; nothing where it gives no answer."""
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "frame.jpg"
        picture.write_bytes(data)
        bare = [sys.executable, "-c", _START]
        read = [sys.executable, "-c", "from verifier.cli import main; main()", "read", str(picture)]
        if not _output(read):
            return {}
        start, whole = median_seconds(lambda: _output(bare), lambda: _output(read), rounds=7)
    return {READ: whole / (start + decode), "cleargate read PICTURE (ms)": whole * 1e3}


def _output(command: list[str]) -> bytes:
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout
