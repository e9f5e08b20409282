"""Strict JSON in, the canonical form of RFC 8785 (JCS) out.

A signature over JSON covers the canonical form, so what two parsers may read differently (duplicate keys, NaN, lone
surrogates, bytes that are not UTF-8) is refused before anything else looks at it.
"""

from __future__ import annotations

import json
import re
from typing import Any

import rfc8785

from verifier.errors import EnvelopeError
from verifier.findings import Code


class JsonCode(Code):
    """What is wrong with a JSON text."""

    NOT_UTF8 = "json.not-utf8"
    BROKEN = "json.broken"
    DUPLICATE_KEY = "json.duplicate-key"
    TOO_LARGE = "json.too-large"
    TOO_DEEP = "json.too-deep"
    NOT_CANONICAL = "json.not-canonical"


LIMIT = 256 * 1024  # bytes; the largest QR code holds 2,953
DEPTH = 32


class _DuplicateKeyError(Exception):
    """Raised inside the parser, which knows no position; never leaves this module."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _DuplicateKeyError
    return value


def _constant(name: str) -> Any:
    raise ValueError(name)


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)


def parse(data: bytes, *, limit: int = LIMIT, depth: int = DEPTH) -> Any:
    """One JSON value (RFC 8259) with optional white space around it, and nothing else.

    Args:
        data: UTF-8 bytes; a byte order mark is refused.
        limit: most bytes accepted.
        depth: most levels of arrays and objects.

    Raises:
        EnvelopeError: TOO_LARGE, NOT_UTF8, DUPLICATE_KEY, TOO_DEEP, BROKEN (also for NaN, Infinity and trailing text;
            fact `at` is the position in characters).
    """
    if len(data) > limit:
        raise EnvelopeError(JsonCode.TOO_LARGE, facts={"bytes": len(data), "limit": limit})
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise EnvelopeError(JsonCode.NOT_UTF8, facts={"at": error.start}) from None
    try:
        value = _DECODER.decode(text)
    except _DuplicateKeyError:
        raise EnvelopeError(JsonCode.DUPLICATE_KEY) from None
    except RecursionError:
        raise EnvelopeError(JsonCode.TOO_DEEP, facts={"limit": depth}) from None
    except ValueError as error:
        raise EnvelopeError(JsonCode.BROKEN, facts={"at": getattr(error, "pos", None)}) from None
    # fewer openers than the limit cannot nest deeper than it, which spares the walk for every honest document
    if text.count("{") + text.count("[") > depth and _deeper(value, depth):
        raise EnvelopeError(JsonCode.TOO_DEEP, facts={"limit": depth})
    return value


def _deeper(value: Any, depth: int) -> bool:
    """True where the value nests deeper than `depth` levels; level by level, so that it cannot overflow itself."""
    level = [value]
    for _ in range(depth):
        level = [
            child
            for item in level
            if isinstance(item, (dict, list))
            for child in (item.values() if isinstance(item, dict) else item)
        ]
        if not level:
            return False
    return any(isinstance(item, (dict, list)) for item in level)


_PLAIN = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
# a number with a fraction or exponent, or one of 16 digits: only the library writes those as ECMAScript does
_CAREFUL = re.compile(r"[:,\[]-?(?:\d+[.eE]|\d{16})")


def canonicalise(value: Any) -> bytes:
    """The canonical form of a parsed JSON value, UTF-8.

    The standard library's encoder writes the same form wherever no number needs care and no key lies outside the Basic
    Multilingual Plane (where order by code point and order by UTF-16 unit part); everything else goes to `rfc8785`.

    Raises:
        EnvelopeError: NOT_CANONICAL where there is no canonical form: a lone surrogate, or a number beyond what an
            IEEE 754 double holds exactly.

    Source: RFC 8785 sections 3.2.2 and 3.2.3.
    """
    try:
        text = _PLAIN(value)
        plain = text.isascii() or max(text) < "\ud800"
        if plain and text[0] in '{["' and _CAREFUL.search(text) is None:
            return text.encode("utf-8")
        return rfc8785.dumps(value)
    except (ValueError, TypeError, RecursionError):  # UnicodeEncodeError and rfc8785's own are ValueErrors
        raise EnvelopeError(JsonCode.NOT_CANONICAL) from None
