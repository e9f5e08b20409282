"""What can be said about a machine-readable zone."""

from __future__ import annotations

from verifier.findings import Code


class MrzCode(Code):
    """Findings and errors of the machine-readable zone (ICAO Doc 9303)."""

    # errors: nothing can be read
    LENGTH = "mrz.wrong-length"
    CHARACTERS = "mrz.wrong-characters"
    TOO_LONG = "mrz.too-long"
    # check digits and dates: the value must not be relied on
    NUMBER_DIGIT = "mrz.number-check-digit"
    BIRTH_DIGIT = "mrz.birth-check-digit"
    EXPIRY_DIGIT = "mrz.expiry-check-digit"
    OPTIONAL_DIGIT = "mrz.optional-check-digit"
    COMPOSITE_DIGIT = "mrz.composite-check-digit"
    BIRTH_NOT_A_DATE = "mrz.birth-not-a-date"
    EXPIRY_NOT_A_DATE = "mrz.expiry-not-a-date"
    DIGIT_IN_NAME = "mrz.digit-in-name"
    SEX_NOT_ALLOWED = "mrz.sex-not-allowed"
    # remarks on content
    NAME_EMPTY = "mrz.name-empty"
    NAME_MAYBE_CUT = "mrz.name-maybe-cut"
    BIRTH_PARTLY_UNKNOWN = "mrz.birth-partly-unknown"
    DOCUMENT_CODE = "mrz.unusual-document-code"
    STATE_UNKNOWN = "mrz.issuer-unknown"
    NATIONALITY_UNKNOWN = "mrz.nationality-unknown"
    SPECIMEN = "mrz.specimen-state"
    # tolerances used on the way from the scan to the lines
    REPAIRED = "mrz.repaired"
    LOWER_CASE = "mrz.lower-case"
    FILLER_RESTORED = "mrz.filler-restored"
    FILLER_DROPPED = "mrz.filler-dropped"
    FILLER_LAYOUT = "mrz.filler-other-sign"
    BLANKS = "mrz.blanks-removed"
    CONTROL = "mrz.control-characters"
    LOOKALIKE = "mrz.lookalike-letters"
    SURROUNDED = "mrz.other-text-around"
