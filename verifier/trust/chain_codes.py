"""Finding codes of certificate chains and of the lists of authorities."""

from __future__ import annotations

from verifier.findings import Code


class ChainCode(Code):
    """From a certificate carried in a document to an authority we hold."""

    HOLDS = "chain.holds"
    CERTIFICATE_BROKEN = "chain.certificate-broken"
    KEY_UNSUPPORTED = "chain.key-unsupported"
    AUTHORITY_UNKNOWN = "chain.authority-unknown"
    NOT_ISSUED_BY_AUTHORITY = "chain.not-issued-by-authority"
    NOT_A_BARCODE_SIGNER = "chain.not-a-barcode-signer"
    DOCUMENT_TYPE = "chain.document-type"
    COUNTRY_DIFFERS = "chain.country-differs"
    AUTHORITY_EXPIRED = "chain.authority-expired"
    AUTHORITY_NOT_YET_VALID = "chain.authority-not-yet-valid"
    NO_AUTHORITY_KEY_ID = "chain.no-authority-key-id"
    LIST_SIGNER_UNKNOWN = "chain.list-signer-unknown"
    LIST_SIGNATURE = "chain.list-signature-invalid"
    CRL_BROKEN = "chain.crl-broken"
