"""What a scan that is no certificate is instead, so that the agent hears why and not just "invalid".

Also takes off what scanners add: AIM symbology identifiers and the line end of a keyboard wedge.
"""

from __future__ import annotations

import re
from typing import Final

from verifier.errors import EnvelopeError
from verifier.findings import Code


class FormatCode(Code):
    """Why a scan is not a health certificate."""

    EMPTY = "format.empty"
    UNKNOWN = "format.unknown"
    KEYBOARD_LAYOUT = "format.keyboard-layout"
    PREFIX_MISSING = "format.prefix-missing"
    VERSION_UNKNOWN = "format.version-unknown"
    BOARDING_PASS = "format.boarding-pass"
    MRZ = "format.mrz"
    URL = "format.url"
    HEALTH_LINK = "format.health-link"
    WIFI = "format.wifi"
    CONTACT = "format.contact"
    DOMESTIC = "format.domestic"


_AIM: Final = re.compile(rb"\](?:Q[0-6]|L[0-5]|z[0-9A-C]|d[0-6]|C[0-4]|E[0-4])")  # ISO/IEC 15424
_LINE_ENDS: Final = b"\r\n\t"
# prefix letters intact, punctuation or case not: the scanner types for another keyboard layout, or Caps Lock is on
_LAYOUT: Final = re.compile(
    rb"(?:hc1.|HC1[^:]|shc[^:]|shc:[^/]|SHC[^:]|NZCP[^:]|nzcp.|NZCP:[^/]|NL2[^:]|nl2.|CRED[^:]|cred.|ZNCP|N[YZ]CP[^:])",
    re.DOTALL,
)
_BASE45: Final = re.compile(rb"[0-9A-Z $%*+\-./:]{200,}")
_WRONG: Final[tuple[tuple[re.Pattern[bytes], FormatCode], ...]] = (
    (re.compile(rb"HC[2-9A-Z]:"), FormatCode.VERSION_UNKNOWN),
    (re.compile(rb"(?:shlink|vhlink):/|https?://[^\s#]*#(?:shlink|vhlink):/", re.IGNORECASE), FormatCode.HEALTH_LINK),
    (re.compile(rb"(?:NO1|DK[0-9]|LT1):"), FormatCode.DOMESTIC),
    (re.compile(rb"M[1-4][A-Z][A-Z .'\-]*/?[A-Z .'\-]{0,20}.{30,}", re.DOTALL), FormatCode.BOARDING_PASS),
    (re.compile(rb"(?:[PVIAC][A-Z<][A-Z]{1}[A-Z<]{2}[A-Z0-9<\s]{50,})"), FormatCode.MRZ),
    (re.compile(rb"WIFI:", re.IGNORECASE), FormatCode.WIFI),
    (re.compile(rb"BEGIN:VCARD|MECARD:", re.IGNORECASE), FormatCode.CONTACT),
    (re.compile(rb"https?://|www\.", re.IGNORECASE), FormatCode.URL),
    (_LAYOUT, FormatCode.KEYBOARD_LAYOUT),
    (re.compile(rb"[0-9A-Z]{2,3}:" + _BASE45.pattern), FormatCode.VERSION_UNKNOWN),
    (re.compile(_BASE45.pattern + rb"\Z"), FormatCode.PREFIX_MISSING),
)


def clean(scan: bytes) -> bytes:
    """The scan without AIM prefix, leading white space and trailing line end. Other blanks are data and stay."""
    if scan.startswith(b"PK\x03\x04"):
        return scan
    scan = scan.rstrip(_LINE_ENDS)
    if scan[:1].isspace():  # no format begins with white space; some apps put it there
        scan = scan.lstrip()
    if scan[:1] != b"]":
        return scan
    match = _AIM.match(scan)
    return scan[match.end() :] if match else scan


def explain(scan: bytes) -> EnvelopeError:
    """The error for a scan that no format recognised, naming what it is where that can be told."""
    if not scan.strip():
        return EnvelopeError(FormatCode.EMPTY)
    head = scan[:4096]
    for pattern, code in _WRONG:
        if pattern.match(head):
            return EnvelopeError(code)
    return EnvelopeError(FormatCode.UNKNOWN, facts={"length": len(scan)})
