"""The fields of a 2D-DOC: identifier of two characters, then a value of fixed or variable length.

A variable value ends with GS, or with RS where it was cut to its greatest length. Hand scanners that type lose control
characters; for the known types they are put back where the fields leave no doubt, and the signature proves it.

Source: 2D-DOC specification 3.2.3 (ANTS), sections 3 and 4; field sheets of types B2 and L1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from verifier.errors import EnvelopeError
from verifier.findings import Code

GS, RS, US = b"\x1d", b"\x1e", b"\x1f"
# field -> characters of a value of fixed length; None for a variable one
FIELDS: Mapping[str, Mapping[str, int | None]] = {
    "B2": {"F0": None, "F1": None, "F2": 8, "F3": 1, "F4": None, "F5": 1, "F6": 12},
    "L1": {
        "L0": None, "L1": None, "L2": 8, "L3": None, "L4": None, "L5": None, "L6": None, "L7": 1, "L8": 1, "L9": 8,
        "LA": 2,
    },
}  # fmt: skip
SIGNATURE_CHARACTERS = 103  # base32 of the 64 bytes of a P-256 signature, without padding
_END = re.compile(rb"[\x1d\x1e]")
_SIGNATURE = re.compile(rb"[A-Z2-7]{%d}" % SIGNATURE_CHARACTERS)


class TwoDDocCode(Code):
    """Findings about a 2D-DOC."""

    TOO_LARGE = "2ddoc.too-large"
    LINK = "2ddoc.link"
    HEADER = "2ddoc.header"
    VERSION = "2ddoc.version"
    KIND = "2ddoc.kind"
    SIGNATURE_MISSING = "2ddoc.signature-missing"
    FIELD = "2ddoc.field"
    ENCODING = "2ddoc.encoding"
    FIELD_MISSING = "2ddoc.field-missing"
    VALUE_CUT = "2ddoc.value-cut"
    SEPARATORS_RESTORED = "2ddoc.separators-restored"
    TIME_ZONE_ASSUMED = "2ddoc.time-zone-assumed"
    PRODUCT_UNKNOWN = "2ddoc.product-unknown"
    CYCLE_UNDER_WAY = "2ddoc.cycle-under-way"
    COMPLETE_AFTER_INFECTION = "2ddoc.complete-after-infection"


def parse(kind: str, body: bytes) -> tuple[dict[str, str], tuple[str, ...]]:
    """Values by field, and the fields whose value was cut.

    Args:
        kind: type of the document, a key of `FIELDS`.
        body: what stands between header and signature.

    Raises:
        EnvelopeError: FIELD where a field is not of this type, stands twice, is too short or has no end; ENCODING.
    """
    sizes = FIELDS[kind]
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise EnvelopeError(TwoDDocCode.ENCODING, facts={"at": error.start}) from None
    values: dict[str, str] = {}
    cut: list[str] = []
    at = 0
    while at < len(text):
        name = text[at : at + 2]
        if name not in sizes or name in values:
            raise EnvelopeError(TwoDDocCode.FIELD, facts={"at": at})
        at += 2
        size = sizes[name]
        if size is None:
            ends = [end for mark in "\x1d\x1e" if (end := text.find(mark, at)) >= 0]
            end = min(ends, default=len(text))
            if text[end : end + 1] == "\x1e":
                cut.append(name)
            values[name], at = text[at:end], end + 1
            continue
        values[name] = text[at : at + size]
        at += size
        if len(values[name]) != size or _END.search(values[name].encode()):
            raise EnvelopeError(TwoDDocCode.FIELD, facts={"field": name})
        if text[at : at + 1] in ("\x1d", "\x1e"):  # some writers end fixed values too
            at += 1
    return values, tuple(cut)


def _shape(kind: str) -> re.Pattern[bytes]:
    """All fields of a type in their order, with or without separators."""
    parts = (
        rb"%s(.{%d})[\x1d\x1e]?" % (name.encode(), size)
        if size is not None
        else rb"%s([^\x1d\x1e]{0,80}?)[\x1d\x1e]?" % name.encode()
        for name, size in FIELDS[kind].items()
    )
    return re.compile(b"".join(parts), re.DOTALL)


_SHAPES = {kind: _shape(kind) for kind in FIELDS}


def restore(text: bytes, header: int, kind: str) -> bytes | None:
    """The text with the separators a scanner dropped, or None where nothing shows where they stood.

    Args:
        text: the whole code, without US.
        header: characters of its header.
        kind: type of the document.
    """
    body, signature = text[header:-SIGNATURE_CHARACTERS], text[-SIGNATURE_CHARACTERS:]
    if _SIGNATURE.fullmatch(signature) is None or (match := _SHAPES[kind].fullmatch(body)) is None:
        return None
    if GS in body:
        return text[:header] + body + US + signature
    parts = (
        name.encode() + value + (GS if size is None else b"")
        for (name, size), value in zip(FIELDS[kind].items(), match.groups(), strict=True)
    )
    return text[:header] + b"".join(parts) + US + signature
