"""One policy against one case: reach, exemptions, clauses, and the reasons."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from verifier.findings import Finding, Outcome
from verifier.rules.answer import PolicyAnswer
from verifier.rules.codes import RulesCode
from verifier.rules.logic import MET, OPEN, TRUTHS, UNMET
from verifier.rules.policy import CompiledClause, CompiledExemption, CompiledPolicy, Validity, Version
from verifier.rules.requirements.base import Asked

WITHOUT_TEXT: Final = "announcement"


def not_applicable(before: Validity) -> Validity:
    """A version that another one replaces."""
    return Validity(UNMET, before.version, None, False)


def judge_policy(policy: CompiledPolicy, valid: Validity, unsettled_by: str | None, asked: Asked) -> PolicyAnswer:
    """The answer of one policy that applies or might apply.

    What is not sure to apply can be met, but it can only be OPEN where it is not met. The same holds for an
    announcement
    without text and for a row that rests on memory.
    """
    reach = MET if policy.applies is None else policy.applies.judge(asked)
    if reach == UNMET:
        return _done(policy, valid, RulesCode.NOT_COVERED)
    judged: list[tuple[int, CompiledClause]] = []
    answer, lift = MET, None
    for clause in policy.clauses:
        result, by = _clause(clause, asked)
        judged.append((result, clause))
        if result < answer:
            answer = result
        lift = lift or by
    if answer == MET:
        return _done(policy, valid, RulesCode.MET, lift)
    lifted, lift = _lifted(policy.exemptions, asked)
    if lifted == MET and lift is not None:
        return _done(policy, valid, RulesCode.EXEMPT, lift)
    reasons: list[Finding] = []
    if lifted == OPEN:
        answer = OPEN
        _explain_exemptions(policy.exemptions, asked, reasons)
    doubt = _doubt(policy, valid, unsettled_by, reach)
    if reach == OPEN and policy.applies is not None:
        policy.applies.explain(asked, reasons)
    if doubt is not None:
        answer = OPEN
        reasons.append(doubt)
    for result, clause in judged:
        if result < MET and (answer == OPEN or result == UNMET):
            _explain_clause(clause, asked, reasons)
    named: list[Finding] = []
    for reason in reasons:
        finding = _named(reason, policy.id, answer)
        if finding not in named:
            named.append(finding)
    return PolicyAnswer(policy, valid.version, answer, tuple(named), policy.duties)


def _named(finding: Finding, policy: str, answer: int) -> Finding:
    """The finding under the name of its policy; never worse than the policy itself."""
    outcome = Outcome.OPEN if answer == OPEN and TRUTHS[finding.outcome] == UNMET else finding.outcome
    return Finding(finding.code, outcome, {"policy": policy, **finding.facts}, finding.alert, finding.document)


@lru_cache(maxsize=4096)
def _good(
    policy: CompiledPolicy, version: Version | None, code: RulesCode, by: CompiledExemption | None
) -> PolicyAnswer:
    """A policy that stands in nobody's way. It holds nothing of a case, so one answer serves all."""
    facts = {"policy": policy.id} if by is None else {"policy": policy.id, "exemption": by.id}
    covered = code is not RulesCode.NOT_COVERED
    found = [Finding(RulesCode.EXEMPT if by is not None else code, Outcome.MET, facts)]
    if policy.recommendation and covered:
        found.append(Finding(RulesCode.RECOMMENDATION, Outcome.NOTE, facts))
    duties = (policy.duties if covered else ()) + (by.duties if by is not None else ())
    return PolicyAnswer(policy, version, MET, tuple(found), duties, by.id if by is not None else None)


def _done(
    policy: CompiledPolicy, valid: Validity, code: RulesCode, by: CompiledExemption | None = None
) -> PolicyAnswer:
    return _good(policy, valid.version, code, by)


def _lifted(exemptions: Iterable[CompiledExemption], asked: Asked) -> tuple[int, CompiledExemption | None]:
    """The best answer of the exemptions, and which one gave it."""
    best, by = UNMET, None
    fresh, memo = asked.fresh, asked.memo
    if fresh:  # the paper that proves an exemption cannot simply be had
        asked.fresh, asked.memo = False, {}
    try:
        for exemption in exemptions:
            answer = exemption.when.judge(asked)
            if answer == MET:
                return MET, exemption
            if answer > best:
                best, by = answer, exemption
    finally:
        asked.fresh, asked.memo = fresh, memo
    return best, by


def _clause(clause: CompiledClause, asked: Asked) -> tuple[int, CompiledExemption | None]:
    """The answer of one clause, and the exemption that lifted it."""
    result = clause.require.judge(asked)
    if result == MET:
        return MET, None
    reach = MET if clause.applies is None else clause.applies.judge(asked)
    if reach == UNMET:
        return MET, None
    lifted, by = _lifted(clause.exemptions, asked)
    if lifted == MET:
        return MET, by
    return max(result, lifted, MET - reach), None


def _explain_clause(clause: CompiledClause, asked: Asked, out: list[Finding]) -> None:
    if clause.applies is not None and clause.applies.judge(asked) == OPEN:
        clause.applies.explain(asked, out)
    _explain_exemptions(clause.exemptions, asked, out)
    clause.require.explain(asked, out)


def _explain_exemptions(exemptions: Iterable[CompiledExemption], asked: Asked, out: list[Finding]) -> None:
    for exemption in exemptions:
        if exemption.when.judge(asked) == OPEN:
            exemption.when.explain(asked, out)


def _doubt(policy: CompiledPolicy, valid: Validity, unsettled_by: str | None, reach: int) -> Finding | None:
    """Why a policy that is not met is still only OPEN; None where it surely applies."""
    if policy.kind == WITHOUT_TEXT:
        return Finding(RulesCode.ANNOUNCED_ONLY, Outcome.OPEN)
    if valid.answer == OPEN:
        return Finding(valid.doubt or RulesCode.TIME_EDGE, Outcome.OPEN)
    if unsettled_by is not None:
        return Finding(RulesCode.UNSETTLED, Outcome.OPEN, {"by": unsettled_by})
    if reach == OPEN:
        return Finding(RulesCode.COVERAGE_UNKNOWN, Outcome.OPEN)
    if policy.confidence == "memory":
        return Finding(RulesCode.FROM_MEMORY, Outcome.OPEN)
    return None
