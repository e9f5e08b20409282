"""Finding codes of trust: signature, signer, key usage, dates, lists."""

from __future__ import annotations

from verifier.findings import Code


class TrustCode(Code):
    """Signature, signer and usage."""

    SIGNATURE_HOLDS = "trust.signature-holds"
    SIGNATURE_INVALID = "trust.signature-invalid"
    SIGNATURE_SIZE = "trust.signature-size"
    NOT_SIGNED = "trust.not-signed"
    PROOF_NOT_CHECKED = "trust.proof-not-checked"
    ALGORITHM_MISMATCH = "trust.algorithm-mismatch"
    ALGORITHM_REFUSED = "trust.algorithm-refused"
    KEY_TOO_SMALL = "trust.key-too-small"
    SIGNER_UNKNOWN = "trust.signer-unknown"
    ISSUER_UNKNOWN = "trust.issuer-unknown"
    KEY_UNKNOWN = "trust.key-unknown"
    KEYS_UNAVAILABLE = "trust.keys-unavailable"
    KID_MISSING = "trust.kid-missing"
    KEY_USAGE = "trust.key-usage"
    ISSUER_NOT_SIGNER = "trust.issuer-not-signer"
    REVOKED = "trust.revoked"
    REVOCATION_UNCHECKED = "trust.revocation-unchecked"
    REVOCATION_STALE = "trust.revocation-stale"
    UNSAFE_ANY = "trust.unsafe-any-signer"


class DatesCode(Code):
    """Dates of signature and signer (dcc.md section 3 semantics: notBefore <= iat <= at <= exp <= notAfter)."""

    EXPIRED = "dates.expired"
    NOT_YET_VALID = "dates.not-yet-valid"
    ISSUED_BEFORE_SIGNER = "dates.issued-before-signer"
    EXPIRES_AFTER_SIGNER = "dates.expires-after-signer"
    SIGNER_EXPIRED = "dates.signer-expired"
    SIGNER_NOT_YET_VALID = "dates.signer-not-yet-valid"
    NO_EXPIRY = "dates.no-expiry"
    NO_ISSUE = "dates.no-issue"


class ListCode(Code):
    """Lists of keys: how old, from where, what was left out."""

    STALE = "list.stale"
    FETCHED_LATER = "list.fetched-later"
    AGE_UNKNOWN = "list.age-unknown"
    ENTRY_BROKEN = "list.entry-broken"
    KEY_REFUSED = "list.key-refused"
    NOT_READABLE = "list.not-readable"
    TOO_LARGE = "list.too-large"
    SIGNATURE_INVALID = "list.signature-invalid"
    KID_DIFFERS = "list.kid-differs"
    HASH_DIFFERS = "list.hash-differs"
    ANCHOR_BROKEN = "list.anchor-broken"
    FILE_MISSING = "list.file-missing"
    QA_MIXED = "list.qa-mixed"
    QA_REFUSED = "list.qa-refused"
    EMPTY = "list.empty"
