"""Letters of other alphabets that look like Latin capitals, and marks that cannot be seen.

A boarding pass or a machine-readable zone holds plain ASCII. Where another letter stands in, someone typed or forged
it, or a scanner is set to another keyboard: it is read as the letter it looks like, and always reported.

Source: Unicode Technical Standard 39 (confusables), the capitals of Greek and Cyrillic; full-width forms U+FF01-FF5E.
"""

from __future__ import annotations

import re

_CYRILLIC = dict(zip("АВЕЅІЈКМНОРСТУХԚԜҮ", "ABESIJKMHOPCTYXQWY", strict=True))
_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True))
_SMALL = dict(zip("асеорхуіјѕ", "aceopxyijs", strict=True))
_WIDE = {chr(0xFEE0 + code): chr(code) for code in range(0x21, 0x7F)}
_TABLE = str.maketrans({**_CYRILLIC, **_GREEK, **_SMALL, **_WIDE, "‹": "<", "«": "<"})
# byte order mark, zero-width and bidirectional marks, soft hyphen, word joiner, isolates
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def to_latin(text: str) -> tuple[str, list[int]]:
    """The text with look-alikes replaced, and the 1-based positions of those replaced."""
    if text.isascii():
        return text, []
    latin = text.translate(_TABLE)
    return latin, [at for at, (old, new) in enumerate(zip(text, latin, strict=True), 1) if old != new]


def without_unseen(text: str) -> tuple[str, int]:
    """The text without marks that cannot be seen, and how many there were."""
    if text.isascii():
        return text, 0
    return _UNSEEN.subn("", text)


def whole(text: str) -> str:
    """The text with halves of surrogate pairs, which no encoding can write, replaced by U+FFFD."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)
