"""Strict CBOR (RFC 8949): one item, no trailing bytes, bounded depth, no duplicate keys, no clever tags.

cbor2 turns many tags into Python objects (shared references, regular expressions, decimals). None of them belongs in a
certificate, and some are a way to attack the reader, so their plain content is kept instead. Tagged texts (tag 0 and
1004, dates) stay recognisable as `TaggedText`, because rules read them as text and the tolerance is reported.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

import cbor2

from verifier.codecs import CodecCode
from verifier.errors import EnvelopeError

MAX_DEPTH = 32


class TaggedText(str):
    """A text that stood under a date tag (0 or 1004)."""

    __slots__ = ()


def _date_text(value: Any, _immutable: bool) -> Any:
    return TaggedText(value) if isinstance(value, str) else value


def _content(value: Any, _immutable: bool) -> Any:
    return value


# every tag to which cbor2 gives a meaning of its own
_PLAIN = dict.fromkeys(
    (1, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54, 64, 100, 256, 258, 260, 261, 43000, 55799), _content
)
_TAGS: dict[int, Any] = {**_PLAIN, 0: _date_text, 1004: _date_text}


def _decode(data: bytes, allow_indefinite: bool) -> Any:
    stream = BytesIO(data)
    value = cbor2.CBORDecoder(
        stream,
        semantic_decoders=_TAGS,
        max_depth=MAX_DEPTH,
        allow_indefinite=allow_indefinite,
        allow_duplicate_keys=False,
    ).decode()
    if stream.tell() != len(data):
        raise EnvelopeError(CodecCode.CBOR_TRAILING, facts={"bytes": len(data) - stream.tell()})
    return value


def decode(data: bytes) -> tuple[Any, bool]:
    """Decode exactly one item. The second value is True where indefinite lengths had to be tolerated.

    Raises:
        EnvelopeError: CBOR_TRAILING, CBOR_DUPLICATE_KEY, CBOR_LIMIT (nesting over 32), CBOR_TEXT (invalid UTF-8),
            CBOR_BROKEN for anything else that is not well-formed.
    """
    try:
        try:
            return _decode(data, False), False
        except cbor2.CBORDecodeError as error:
            if "indefinite length" not in str(error):
                raise
            return _decode(data, True), True
    except EnvelopeError:
        raise
    except Exception as error:  # noqa: BLE001 - cbor2 raises what its callbacks and Python raise
        raise EnvelopeError(_reason(error), facts={"length": len(data)}) from None


def _reason(error: Exception) -> CodecCode:
    """cbor2 tells its errors apart by message and cause only."""
    text = str(error)
    if "Duplicate map key" in text:
        return CodecCode.CBOR_DUPLICATE_KEY
    if "nesting depth" in text or isinstance(error, (RecursionError, MemoryError, OverflowError)):
        return CodecCode.CBOR_LIMIT
    if "decoding text string" in text or isinstance(error.__cause__, UnicodeDecodeError):
        return CodecCode.CBOR_TEXT
    return CodecCode.CBOR_BROKEN
