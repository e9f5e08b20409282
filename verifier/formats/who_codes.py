"""Finding codes of the WHO payloads."""

from __future__ import annotations

from verifier.findings import Code


class WhoCode(Code):
    """Claim -6 (digital vaccination certificate, ICVP), claim 5 (link), claim 3 and bare DDCC core sets."""

    PAYLOAD_BROKEN = "who.payload-broken"
    NO_PERSON = "who.no-person"
    NO_DOSE = "who.no-dose"
    SEVERAL_DOSES = "who.several-doses"
    ISSUER_NOT_SIGNER = "who.issuer-not-signer"
    KEY_DOMAIN = "who.key-domain"
    VERSION_UNKNOWN = "who.version-unknown"
    OLD_GENERATION = "who.old-generation"
    ISSUED_EARLY = "who.issued-before-amendment"
    PRODUCT_NOT_LISTED = "who.product-not-listed"
    OUT_OF_SCOPE = "who.out-of-scope"
    DATE_MISSING = "who.date-missing"
    BATCH_MISSING = "who.batch-missing"
    VACCINATOR_MISSING = "who.vaccinator-missing"
    VALIDITY_IGNORED = "who.validity-ignored"
    LINK_NOT_OPENED = "who.link-not-opened"
    LINK_BROKEN = "who.link-broken"
    DDCC_DRAFT = "who.ddcc-draft"
    DDCC_NO_EVENT = "who.ddcc-no-event"
    PRODUCT_UNKNOWN = "who.product-unknown"
    RESULT_UNKNOWN = "who.result-unknown"
    TEST_POSITIVE = "who.test-positive"
