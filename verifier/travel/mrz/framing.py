"""From what a reader delivered to the lines of a zone: lines, one run of 88, 72 or 90 characters, or a swipe reader's
output.

Every liberty taken is a finding. Nothing here touches a character that a field could mean: only separators, marks,
fillers at line ends and signs that cannot occur in a zone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from verifier.errors import EnvelopeError
from verifier.findings import Finding, Outcome
from verifier.travel.lookalikes import to_latin, whole, without_unseen
from verifier.travel.mrz.codes import MrzCode
from verifier.travel.mrz.fields import FILLER, Layout
from verifier.travel.mrz.mrv_a import MRV_A
from verifier.travel.mrz.mrv_b import MRV_B
from verifier.travel.mrz.td1 import TD1
from verifier.travel.mrz.td2 import TD2
from verifier.travel.mrz.td3 import TD3

LAYOUTS: dict[str, Layout] = {layout.name: layout for layout in (TD1, TD2, TD3, MRV_A, MRV_B)}
_BY_SHAPE = {(3, 30): (TD1, TD1), (2, 36): (TD2, MRV_B), (2, 44): (TD3, MRV_A)}
_BY_RUN = {layout.size: (layout.lines, layout.width) for layout in (TD1, TD2, TD3)}
MAX_CHARACTERS = 2000

_ZONE = re.compile("[A-Z0-9<]+")
_BREAKS = re.compile("[\r\n\t\v\f\x1c-\x1e\x85\u2028\u2029]+")
_MARKS = re.compile("[\x01-\x04]")  # start and end of heading, text and transmission, as swipe readers send them
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")  # all but the line feed
_EDGE = "%;?!#*+^~$@&=|{}[]()/\\\"':,._-"
_OTHER_FILLER = re.compile(r"[!-/:-@\[-`{-~]")
MIN_FILLERS = 5  # of one foreign sign, before it is taken for the filler of another keyboard layout


def layout_of(lines: Sequence[str]) -> Layout | None:
    """The type of zone that has this many lines of this width, or None. Visas are known by their first letter."""
    pair = _BY_SHAPE.get((len(lines), len(lines[0]))) if lines else None
    if pair is None or any(len(line) != pair[0].width for line in lines):
        return None
    return pair[lines[0][0] == "V"]


def is_zone(text: str) -> bool:
    """Only A-Z, 0-9 and fillers."""
    return _ZONE.fullmatch(text) is not None


def frame(source: str | bytes | Iterable[str]) -> tuple[Layout, str, list[Finding]]:
    """The type and the characters of the zone in what was scanned.

    Args:
        source: the text as delivered, or its lines.

    Returns:
        The layout, its characters in one run, and a finding for every liberty taken.

    Raises:
        EnvelopeError: TOO_LONG, LENGTH (no type has lines like these) or CHARACTERS (signs that no zone holds).
    """
    text = _text(source)
    findings: list[Finding] = []
    parts = [part for part in _BREAKS.split(text) if part]
    found = _fit(parts)
    if found is None or not is_zone(found[1]):
        parts = _cleaned(text, findings)
        found = _fit(parts) or _fit_loosely(parts, findings)
    if found is None:
        raise EnvelopeError(MrzCode.LENGTH, facts={"lengths": [len(part) for part in parts][:10]})
    layout, zone = found
    if not is_zone(zone):
        wrong = [at for at, character in enumerate(zone, 1) if not is_zone(character)]
        raise EnvelopeError(MrzCode.CHARACTERS, facts={"positions": wrong[:20], "count": len(wrong)})
    return layout, zone, findings


def _text(source: str | bytes | Iterable[str]) -> str:
    if isinstance(source, bytes):
        source = source[: MAX_CHARACTERS * 4 + 1].decode("utf-8", "replace")
    elif not isinstance(source, str):
        joined: list[str] = []
        size = 0
        for line in source:
            joined.append(line)
            size += len(line) + 1
            if size > MAX_CHARACTERS:
                break
        source = "\n".join(joined)
    if len(source) > MAX_CHARACTERS:
        raise EnvelopeError(MrzCode.TOO_LONG, facts={"limit": MAX_CHARACTERS})
    return source


def _fit(parts: Sequence[str]) -> tuple[Layout, str] | None:
    """Parts that are exactly a zone: its lines, one run, or lines among other text where only one place fits."""
    if not parts:
        return None
    layout = layout_of(parts)
    if layout is not None:
        return layout, "".join(parts)
    run = "".join(parts)
    shape = _BY_RUN.get(len(run))
    if shape is None or len(parts) > shape[0]:
        return None
    return _BY_SHAPE[shape][run[0] == "V"], run


def _cleaned(text: str, findings: list[Finding]) -> list[str]:
    """The parts of the text after everything that a zone cannot hold was taken off or put into its letters."""
    text, unseen = without_unseen(whole(text))
    text = _MARKS.sub("\n", text)
    parts = [part for part in _BREAKS.split(text) if part.strip()]
    body = "\n".join(parts)
    body, controls = _CONTROL.subn("", body)
    if controls or unseen:
        findings.append(Finding(MrzCode.CONTROL, Outcome.NOTE, {"count": controls + unseen}))
    body, positions = to_latin(body)
    if positions:
        findings.append(
            Finding(MrzCode.LOOKALIKE, Outcome.OPEN, {"positions": positions[:20], "count": len(positions)})
        )
    if FILLER not in body:
        signs = Counter(_OTHER_FILLER.findall(body)).most_common(1)
        if signs and signs[0][1] >= MIN_FILLERS:
            body = body.replace(signs[0][0], FILLER)
            findings.append(Finding(MrzCode.FILLER_LAYOUT, Outcome.NOTE, {"count": signs[0][1]}))
    if body != (upper := body.upper()) and len(upper) == len(body):
        findings.append(Finding(MrzCode.LOWER_CASE, Outcome.NOTE))
        body = upper
    parts = [part.strip().strip(_EDGE) if FILLER in body else part.strip(_EDGE) for part in body.split("\n")]
    if any(" " in part for part in parts):
        # no zone is without fillers: where there are none, the blanks stand for them
        findings.append(Finding(MrzCode.BLANKS, Outcome.NOTE))
        parts = [part.replace(" ", "" if FILLER in body else FILLER) for part in parts]
    return [part for part in parts if part]


def _fit_loosely(parts: Sequence[str], findings: list[Finding]) -> tuple[Layout, str] | None:
    """Lines with fillers too many or too few at their ends, or with other text around them."""
    for count, width in ((2, 44), (2, 36), (3, 30)):
        if len(parts) == count:
            lines = _to_width(parts, _BY_SHAPE[count, width][parts[0][0] == "V"], findings)
            if lines is not None:
                return _BY_SHAPE[count, width][lines[0][0] == "V"], "".join(lines)
    places = [
        (layout, parts[at : at + layout.lines])
        for layout in (TD3, TD2, TD1)
        for at in range(len(parts) - layout.lines + 1)
        if all(len(part) == layout.width and is_zone(part) for part in parts[at : at + layout.lines])
    ]
    if len(places) != 1:
        return None
    findings.append(Finding(MrzCode.SURROUNDED, Outcome.NOTE, {"count": len(parts) - len(places[0][1])}))
    layout, found = places[0]
    return _BY_SHAPE[layout.lines, layout.width][found[0][0] == "V"], "".join(found)


def _to_width(parts: Sequence[str], layout: Layout, findings: list[Finding]) -> list[str] | None:
    """The lines at the width of the layout, or None where more than fillers at line ends would have to change."""
    lines: list[str] = []
    said: list[Finding] = []
    for index, part in enumerate(parts):
        missing = layout.width - len(part)
        line = part.ljust(layout.width, FILLER) if missing > 0 else part
        if missing > 0:
            if not _ends_with_fillers(layout, index):
                return None
            outcome = Outcome.NOTE if part.endswith(FILLER) else Outcome.OPEN  # else the line may have been cut
            said.append(Finding(MrzCode.FILLER_RESTORED, outcome, {"line": index + 1, "count": missing}))
        elif missing < 0:
            line = part[: layout.width]
            if part[layout.width :].strip(FILLER):
                return None
            said.append(Finding(MrzCode.FILLER_DROPPED, Outcome.NOTE, {"line": index + 1, "count": -missing}))
        lines.append(line)
    findings.extend(said)
    return lines


def _ends_with_fillers(layout: Layout, line: int) -> bool:
    """True for a line whose last characters belong to a field that fillers close, not to a check digit."""
    end = (line + 1) * layout.width
    closing = (layout.names, layout.optional_data)
    return any(place.stop == end for place in closing)
