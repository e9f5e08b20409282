"""Bytes in, bytes out, every one of them bounded. No codec knows what a certificate is."""

from __future__ import annotations

from verifier.findings import Code


class CodecCode(Code):
    """What a codec can find wrong with its input."""

    BASE45_LENGTH = "codec.base45-length"
    BASE45_ALPHABET = "codec.base45-alphabet"
    BASE45_RANGE = "codec.base45-range"
    ZLIB_BROKEN = "codec.zlib-broken"
    ZLIB_TRUNCATED = "codec.zlib-truncated"
    ZLIB_TRAILING = "codec.zlib-trailing"
    INFLATE_TOO_LARGE = "codec.inflate-too-large"
    CBOR_BROKEN = "codec.cbor-broken"
    CBOR_TRAILING = "codec.cbor-trailing"
    CBOR_LIMIT = "codec.cbor-limit"
    CBOR_DUPLICATE_KEY = "codec.cbor-duplicate-key"
    CBOR_TEXT = "codec.cbor-text"
    CBOR_INDEFINITE = "codec.cbor-indefinite"
    COSE_STRUCTURE = "codec.cose-structure"
    COSE_HEADER = "codec.cose-header"
    COSE_CRITICAL = "codec.cose-critical"
