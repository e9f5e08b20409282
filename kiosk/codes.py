"""What can be wrong with a request or with the way a kiosk is started."""

from __future__ import annotations

from verifier.findings import Code


class KioskCode(Code):
    """Codes of problem answers and of start-up errors; sentences in the catalogue `kiosk`."""

    NOT_JSON = "kiosk.not-json"
    INVALID = "kiosk.invalid-question"
    MEDIA_TYPE = "kiosk.media-type"
    TOO_LARGE = "kiosk.too-large"
    NOT_FOUND = "kiosk.not-found"
    METHOD = "kiosk.method-not-allowed"
    BAD_REQUEST = "kiosk.bad-request"
    FAULT = "kiosk.fault"
    NO_SAMPLE = "kiosk.no-such-sample"

    QA_KEYS = "kiosk.qa-keys-in-production"
    PRODUCTION_KEYS = "kiosk.production-keys-in-qa"
    NO_TRUST_FOLDER = "kiosk.no-trust-folder"
    CLOCK_IN_PRODUCTION = "kiosk.clock-in-production"
    CLOCK_WITHOUT_ZONE = "kiosk.clock-without-zone"
    LANGUAGE_UNKNOWN = "kiosk.language-unknown"
