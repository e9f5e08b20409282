"""The EU rule language: CertLogic to specification 1.3.3, rules of member states, and how a verifier applies them.

    rules = RuleSet.load("eu-rules.json")
    answer = rules.judge(payload, country="DE", issuer_country="FR", kind=Claim.VACCINATION, at=now, valuesets=sets)
    print(answer.outcome, [finding.code for finding in answer.findings])

`codes` errors and findings; `values` what expressions compute with; `validate` the format check; `operations` and
`expression` compile; `rule` one rule of a country; `importing` and `files` read them; `valuesets` code lists by date;
`ruleset` selects and judges.
"""

from verifier.rules.certlogic.codes import CertLogicCode, CertLogicError
from verifier.rules.certlogic.expression import SPECIFICATION, Expression
from verifier.rules.certlogic.rule import Rule, RuleType
from verifier.rules.certlogic.ruleset import RuleSet, RuleSetAnswer
from verifier.rules.certlogic.validate import Issue, validate
from verifier.rules.certlogic.valuesets import ValueSets

__all__ = [
    "SPECIFICATION",
    "CertLogicCode",
    "CertLogicError",
    "Expression",
    "Issue",
    "Rule",
    "RuleSet",
    "RuleSetAnswer",
    "RuleType",
    "ValueSets",
    "validate",
]
