"""Finding codes of SMART Health Cards."""

from __future__ import annotations

from verifier.findings import Code


class ShcCode(Code):
    """Carrier, envelope and content of a SMART Health Card."""

    # carrier
    TOO_LARGE = "shc.too-large"
    HEADER = "shc.qr-header"
    FILE = "shc.file"
    LINK = "shc.link"
    NO_CARD = "shc.no-card"
    TOO_MANY_CARDS = "shc.too-many-cards"
    CARD_LEFT_OUT = "shc.card-left-out"
    SURROUNDED = "shc.surrounded"
    CHUNKED = "shc.chunked"
    CHUNK_SINGLE = "shc.chunk-header-on-single"
    CHUNK_INDEX = "shc.chunk-index"
    CHUNK_MISSING = "shc.chunk-missing"
    CHUNK_CONFLICT = "shc.chunk-conflict"
    CHUNK_MIXED = "shc.chunk-mixed"
    CHUNK_LONG = "shc.chunk-long"
    LONG = "shc.long"
    # envelope
    ALGORITHM = "shc.algorithm"
    ZIP = "shc.zip"
    TRAILING = "shc.trailing-bytes"
    KID_MISSING = "shc.kid-missing"
    PAYLOAD = "shc.payload"
    CLAIM = "shc.claim"
    ISSUER_URL = "shc.issuer-url"
    NBF_MILLISECONDS = "shc.nbf-milliseconds"
    EXP_MILLISECONDS = "shc.exp-milliseconds"
    RID = "shc.rid"
    # content
    TYPE = "shc.type"
    BUNDLE = "shc.bundle"
    PATIENT_MISSING = "shc.patient-missing"
    PATIENT_SEVERAL = "shc.patient-several"
    NAME_MISSING = "shc.name-missing"
    META = "shc.meta"
    DOSE_NOT_COUNTED = "shc.dose-not-counted"
    DOSE_DATE_MISSING = "shc.dose-date-missing"
    PRODUCT_UNKNOWN = "shc.product-unknown"
    TEST_NOT_COUNTED = "shc.test-not-counted"
    TEST_OTHER = "shc.test-other"
    NOTHING_COUNTED = "shc.nothing-counted"
    NO_DOCUMENT_NUMBER = "shc.no-document-number"
