"""Codes of everything that CertLogic can say: about an expression, an evaluation, an import and a judgement."""

from __future__ import annotations

from verifier.errors import CleargateError
from verifier.findings import Code


class CertLogicCode(Code):
    """Stable codes of the EU rule language."""

    # the expression
    BAD_EXPRESSION = "certlogic.bad-expression"
    TOO_DEEP = "certlogic.too-deep"
    TOO_LARGE = "certlogic.too-large"
    # its evaluation
    NOT_A_CONDITION = "certlogic.not-a-condition"
    NOT_AN_INTEGER = "certlogic.not-an-integer"
    NOT_A_TIME = "certlogic.not-a-time"
    NOT_AN_ARRAY = "certlogic.not-an-array"
    NOT_TEXT = "certlogic.not-text"
    NOT_COMPARABLE = "certlogic.not-comparable"
    NOT_A_BOOLEAN = "certlogic.not-a-boolean"
    BAD_DATE = "certlogic.bad-date"
    OUT_OF_RANGE = "certlogic.out-of-range"
    TOO_EXPENSIVE = "certlogic.too-expensive"
    BAD_DATA = "certlogic.bad-data"
    # rules and value sets as files
    NO_FILE = "certlogic.no-file"
    NOT_JSON = "certlogic.not-json"
    NOT_A_RULE = "certlogic.not-a-rule"
    BAD_RULE = "certlogic.bad-rule"
    SAME_VERSION = "certlogic.same-version"
    BAD_VALUE_SET = "certlogic.bad-value-set"
    # a judgement
    RULE_MET = "certlogic.rule-met"
    RULE_UNMET = "certlogic.rule-unmet"
    RULE_ERROR = "certlogic.rule-error"
    RULE_BROKEN = "certlogic.rule-broken"
    RULE_ENGINE = "certlogic.rule-engine"
    RULE_SCHEMA = "certlogic.rule-schema"
    NO_RULES = "certlogic.no-rules"
    NONE_APPLY = "certlogic.none-apply"
    LATER_VALUE_SET = "certlogic.later-value-set"
    NO_ZONE = "certlogic.no-zone"


class CertLogicError(CleargateError):
    """An expression that is no CertLogic, or an evaluation that cannot go on. Distinct from the answer false."""
