"""What can be said about a boarding pass. The first group of codes names the reject classes of the strict reading."""

from __future__ import annotations

from verifier.findings import Code


class BcbpCode(Code):
    """Findings and errors of bar-coded boarding passes (IATA Resolution 792)."""

    # the strict reading rejects; the tolerant one raises the same or goes on and reports it
    TOO_SHORT = "bcbp.too-short"
    TOO_LONG = "bcbp.too-long"
    CHARSET = "bcbp.charset"
    FORMAT_CODE = "bcbp.format-code"
    NUMBER_OF_LEGS = "bcbp.number-of-legs"
    FIELD_SIZE_NOT_HEX = "bcbp.field-size-not-hex"
    VERSION_INDICATOR = "bcbp.version-indicator"
    UNIQUE_SIZE_NOT_HEX = "bcbp.unique-size-not-hex"
    UNIQUE_SIZE_EXCEEDS_FIELD = "bcbp.unique-size-exceeds-field"
    REPEATED_SIZE_NOT_HEX = "bcbp.repeated-size-not-hex"
    REPEATED_SIZE_EXCEEDS_FIELD = "bcbp.repeated-size-exceeds-field"
    SECURITY_SIZE_NOT_HEX = "bcbp.security-size-not-hex"
    TRAILING_DATA = "bcbp.trailing-data"
    # tolerances on the text before it is read
    AIM_PREFIX = "bcbp.aim-prefix"
    LINE_END = "bcbp.line-end"
    CASE_INVERTED = "bcbp.case-inverted"
    UNSEEN_MARKS = "bcbp.unseen-marks"
    LOOKALIKE = "bcbp.lookalike-letters"
    # remarks on content
    NAME_EMPTY = "bcbp.name-empty"
    NAME_MAYBE_CUT = "bcbp.name-maybe-cut"
    NAME_WITHOUT_SLASH = "bcbp.name-without-slash"
    NO_FLIGHT_DATE = "bcbp.no-flight-date"
    NO_ISSUE_DATE = "bcbp.no-issue-date"
    AIRPORT = "bcbp.bad-airport"
    UNUSUAL = "bcbp.unusual-value"
    ITINERARY_RECEIPT = "bcbp.itinerary-receipt"
    NO_PASSENGER = "bcbp.no-passenger"
    WITH_INFANT = "bcbp.with-infant"
    INFANT = "bcbp.infant"
    UNACCOMPANIED_MINOR = "bcbp.unaccompanied-minor"
    DOCUMENTS_REQUIRED = "bcbp.documents-required"
    SECURITY_NOT_CHECKED = "bcbp.security-not-checked"
    DATE_LINE = "bcbp.date-line"


def error_class(code: BcbpCode) -> str:
    """The name of a reject class: `bcbp.too-short` is `too_short`."""
    return code.value.partition(".")[2].replace("-", "_")
