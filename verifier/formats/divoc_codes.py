"""Finding codes of DIVOC."""

from __future__ import annotations

from verifier.findings import Code


class DivocCode(Code):
    """Archive, proof and record."""

    TOO_LARGE = "divoc.too-large"
    ARCHIVE_BROKEN = "divoc.archive-broken"
    ENTRY_MISSING = "divoc.entry-missing"
    BASE64_BROKEN = "divoc.base64-broken"
    BYTES_RESTORED = "divoc.bytes-restored"
    NOT_A_CREDENTIAL = "divoc.not-a-credential"
    PROOF_MISSING = "divoc.proof-missing"
    PROOF_BROKEN = "divoc.proof-broken"
    KEY_NOT_NAMED = "divoc.key-not-named"
    ALGORITHM = "divoc.algorithm-refused"
    UNSIGNED_PROPERTY = "divoc.unsigned-property"
    NO_PERSON = "divoc.no-person"
    NO_DOSE = "divoc.no-dose"
    AGE_ONLY = "divoc.age-only"
    DOSES_NOT_BOUND = "divoc.doses-not-bound"
    DATE_NOT_BOUND = "divoc.date-not-bound"
    EXCHANGEABLE = "divoc.exchangeable-values"
    PRODUCT_UNKNOWN = "divoc.product-unknown"
    NO_END = "divoc.no-end-date"
