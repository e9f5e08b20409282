"""DEFLATE with a ceiling: hostile input never grows past the limit."""

from __future__ import annotations

import zlib

from verifier.codecs import CodecCode
from verifier.errors import EnvelopeError

ZLIB = zlib.MAX_WBITS
RAW = -zlib.MAX_WBITS
LIMIT = 1024 * 1024


def inflate(data: bytes, *, wbits: int = ZLIB, limit: int = LIMIT) -> bytes:
    """Inflate one complete stream (`wbits` ZLIB or RAW) of at most `limit` bytes output.

    Raises:
        EnvelopeError: ZLIB_BROKEN, ZLIB_TRUNCATED, ZLIB_TRAILING for bytes after the stream, INFLATE_TOO_LARGE.

    Source: RFC 1950, RFC 1951.
    """
    stream = zlib.decompressobj(wbits)
    try:
        out = stream.decompress(data, limit + 1)
    except zlib.error:
        raise EnvelopeError(CodecCode.ZLIB_BROKEN) from None
    if len(out) > limit:
        raise EnvelopeError(CodecCode.INFLATE_TOO_LARGE, facts={"limit": limit})
    if not stream.eof:
        raise EnvelopeError(CodecCode.ZLIB_TRUNCATED)
    if stream.unused_data:
        raise EnvelopeError(CodecCode.ZLIB_TRAILING, facts={"bytes": len(stream.unused_data)})
    return out
