"""Finding codes of ICAO VDS-NC."""

from __future__ import annotations

from verifier.findings import Code


class VdsCode(Code):
    """Findings about seal and record."""

    TOO_LARGE = "vdsnc.too-large"
    NOT_A_SEAL = "vdsnc.not-a-seal"
    TYPE_UNKNOWN = "vdsnc.type-unknown"
    VERSION_UNKNOWN = "vdsnc.version-unknown"
    ALGORITHM = "vdsnc.algorithm-refused"
    SIGNATURE_MISSING = "vdsnc.signature-missing"
    CERTIFICATE_MISSING = "vdsnc.certificate-missing"
    CERTIFICATE_CUT = "vdsnc.certificate-cut"
    BASE64_BROKEN = "vdsnc.base64-broken"
    BASE64_ALPHABET = "vdsnc.base64-alphabet"
    ISSUER_NOT_SIGNER = "vdsnc.issuer-not-signer"
    NO_PERSON = "vdsnc.no-person"
    NO_DOSE = "vdsnc.no-dose"
    NO_RESULT = "vdsnc.no-result"
    PRODUCT_UNKNOWN = "vdsnc.product-unknown"
    RESULT_UNKNOWN = "vdsnc.result-unknown"
    TEST_POSITIVE = "vdsnc.test-positive"
    NO_SERIES = "vdsnc.no-series"
