"""A first look at what was scanned: which code is in it, and what kind of thing that is. Nothing is trusted here."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from kiosk.station import Station
from verifier.findings import Finding
from verifier.formats import find
from verifier.formats.recognition import explain
from verifier.model import Scan
from verifier.reading import Document
from verifier.travel import boarding_pass
from verifier.wording import action, sentence


def look(station: Station, data: bytes, *, text: bool, frame: bool, language: str) -> Mapping[str, Any]:
    """What the page shows as chips.

    Args:
        data: a picture, PDF or certificate file; a scanned text where `text`.
        frame: a camera frame: where no code is in it, `codes` is empty and there is no problem.

    Returns:
        `{codes: [{bytes_b64, kind, known}], problem: {said, todo} | None}`; `kind` is a format, `passport`,
        `boarding-pass` or `unknown`, `problem` says why nothing, or nothing useful, was found.
    """
    picture = not text and (data.startswith(_PICTURES) or data[:4] == b"%PDF" or frame)
    scan = Scan.image(data, frame=frame) if picture else Scan(data)
    codes: list[dict[str, Any]] = []
    problem: dict[str, Any] | None = None
    for item in station.unfold(scan):
        if isinstance(item, Document):
            problem = _problem(item.findings[0], language)
            continue
        kind = kind_of(item)
        codes.append({"bytes_b64": base64.b64encode(item).decode(), "kind": kind, "known": kind != "unknown"})
        if kind == "unknown":
            problem = _problem(explain(item).finding(), language)
    return {"codes": codes, "problem": None if frame and not codes else problem}


_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\0", b"MM\0*")


def kind_of(data: bytes) -> str:
    """What kind of thing a payload is, by its first bytes: a guess for the agent's eyes."""
    if boarding_pass.recognise(data):
        return "boarding-pass"
    if data[:1] in b"PIACV" and data.count(b"<") > 4:
        return "passport"
    entry = find(data)
    return "unknown" if entry is None else entry.name


def _problem(finding: Finding, language: str) -> dict[str, Any]:
    return {
        "said": sentence(finding.code, finding.facts, language),
        "todo": action(finding.code, finding.facts, language),
    }
