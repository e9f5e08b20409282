"""Codes of the identity area: what two names and dates have to do with each other."""

from __future__ import annotations

from enum import IntEnum, StrEnum

from verifier.findings import Code


class Label(StrEnum):
    """Are two records about one person?"""

    MATCH = "match"
    REFER = "refer"
    MISMATCH = "mismatch"


class Grade(IntEnum):
    """What the names alone allow, worst first. `*_DATED` needs an equal date of birth to stand."""

    MISMATCH = 0
    REFER_DATED = 1
    REFER = 2
    MATCH_DATED = 3
    MATCH = 4


class DateRelation(StrEnum):
    """How two dates of birth relate."""

    EQUAL = "equal"
    ABSENT = "absent"
    PARTIAL = "partial"
    SLIP = "slip"
    YEAR_DIGIT = "year-digit"
    DIFFERENT = "different"


class IdentityCode(Code):
    """Facts: `a`, `b` name the two sources (terms of the catalogue `names`); `on` the one a finding is about."""

    # the names agree, or a rule explains why they look different
    NAMES_AGREE = "identity.names-agree"
    SPELLING = "identity.spelling-permitted"
    SEPARATORS = "identity.separators-differ"
    TITLE = "identity.title-left-out"
    SUFFIX = "identity.suffix-on-one"
    TRUNCATED = "identity.name-cut-at-field-end"
    GIVEN_MISSING = "identity.further-given-names-missing"
    MIDDLE_INITIAL = "identity.middle-name-as-initial"
    GIVEN_ORDER = "identity.given-names-reordered"
    PARTICLE = "identity.particle-left-out"
    BIRTH_NAME = "identity.birth-name-added"
    DIVIDED = "identity.divided-differently"
    SINGLE_NAME = "identity.single-name"
    # one plausible explanation remains: a person looks
    SURNAME_SLIP = "identity.surname-slip"
    GIVEN_SLIP = "identity.given-name-slip"
    TWO_SLIPS = "identity.slips-in-both-names"
    ROMANISATION = "identity.other-romanisation"
    SHORT_FORM = "identity.short-form"
    OTHER_LANGUAGE = "identity.name-in-other-language"
    ABBREVIATION = "identity.abbreviation"
    SHORTENED = "identity.given-name-shortened"
    WESTERN_NAME = "identity.other-calling-name"
    GIVEN_ELSEWHERE = "identity.first-given-name-missing"
    INITIAL_ONLY = "identity.initial-only"
    GIVEN_ABSENT = "identity.given-name-absent"
    GIVEN_CUT_SHORT = "identity.given-name-cut-to-initial"
    NAME_PART_MISSING = "identity.part-of-name-missing"
    EXCHANGED = "identity.names-exchanged"
    ARTICLE = "identity.article-differs"
    SURNAME_PART_MISSING = "identity.surname-part-missing"
    SURNAME_ORDER = "identity.surnames-reordered"
    SECOND_SURNAME = "identity.second-surname-differs"
    SURNAME_CHANGED = "identity.surname-differs"
    BIRTH_NAME_USED = "identity.birth-name-used"
    SUFFIX_CONFLICT = "identity.suffix-differs"
    NO_NAME = "identity.name-missing"
    PLACEHOLDER = "identity.name-is-placeholder"
    INITIALS_AGREE = "identity.initials-agree"
    # what is odd about one side; never a silent match
    NATIVE_CONTRADICTS = "identity.native-name-contradicts"
    NOT_LATIN = "identity.name-not-transliterable"
    MIXED_SCRIPT = "identity.mixed-alphabets"
    INVISIBLE = "identity.invisible-characters"
    CONTROL = "identity.control-characters"
    SYMBOL = "identity.symbols-in-name"
    DIGIT = "identity.digit-in-name"
    TOO_LONG = "identity.name-too-long"
    WHOLE_NAME = "identity.whole-name-in-surname"
    FILLER = "identity.filler-for-name"
    DATE_UNREADABLE = "identity.birth-date-unreadable"
    # contradiction
    GIVEN_DIFFERS = "identity.given-name-differs"
    NAMES_DIFFER = "identity.names-differ"
    # dates
    DATE_EQUAL = "identity.birth-date-agrees"
    DATE_ABSENT = "identity.birth-date-on-one"
    DATE_PARTIAL = "identity.birth-date-incomplete"
    DATE_SWAPPED = "identity.birth-date-day-month-exchanged"
    DATE_SLIP = "identity.birth-date-slip"
    DATE_ZONE = "identity.birth-date-time-zone"
    DATE_CENTURY = "identity.birth-date-century"
    DATE_PLACEHOLDER = "identity.birth-date-placeholder"
    DATE_YEAR = "identity.birth-year-digit"
    DATE_DIFFERS = "identity.birth-date-differs"
    # documents and missing evidence
    DOCUMENT_AGREES = "identity.document-number-agrees"
    DOCUMENT_DIFFERS = "identity.document-number-differs"
    DOCUMENT_NOT_COMPARED = "identity.document-number-not-compared"
    DOCUMENT_AGAINST_NAMES = "identity.document-number-against-names"
    TRAVELLER_NAME_MISSING = "identity.traveller-name-missing"
    TRAVELLER_DATE_MISSING = "identity.traveller-birth-date-missing"
    HOLDER_DATE_MISSING = "identity.certificate-birth-date-missing"
    # the answer for one pair, and for the case
    PAIR_MATCH = "identity.same-person"
    PAIR_REFER = "identity.maybe-same-person"
    PAIR_MISMATCH = "identity.another-person"
    # a question that cannot be asked
    SOURCE_UNKNOWN = "identity.source-unknown"
    FIELD_NOT_TEXT = "identity.field-not-text"
    SIDE_MISSING = "identity.side-missing"


C = IdentityCode

# Reasons that a rule explains, and remarks; every other reason keeps a pair from being a match.
EXPLAINED = frozenset({
    C.NAMES_AGREE, C.SPELLING, C.SEPARATORS, C.TITLE, C.SUFFIX, C.TRUNCATED, C.GIVEN_MISSING, C.MIDDLE_INITIAL,
    C.PARTICLE, C.BIRTH_NAME, C.DIVIDED, C.SINGLE_NAME, C.FILLER, C.INVISIBLE, C.DATE_EQUAL,
    C.DATE_ABSENT, C.DOCUMENT_AGREES,
})  # fmt: skip
