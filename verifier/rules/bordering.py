"""One question on its way through its borders."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Final

from verifier.findings import Outcome
from verifier.quick import quick
from verifier.rules.answer import PolicyAnswer
from verifier.rules.case import Case
from verifier.rules.codes import RulesCode
from verifier.rules.judging import judge_policy
from verifier.rules.logic import MET, OPEN
from verifier.rules.policy import PackInfo
from verifier.rules.requirements.base import Asked, say
from verifier.rules.transit import BorderAnswer, Through

if TYPE_CHECKING:
    from verifier.rules.rulebook import RuleBook

DEVASTATING: Final = frozenset(
    {RulesCode.BACK_IN_TIME, RulesCode.NO_BORDER, RulesCode.OUTSIDE_SPAN, RulesCode.NO_PACK, RulesCode.PLACE_UNKNOWN}
)
"""Problems after which not even a rule that is not met is sure: the answer is OPEN whatever the rules say."""


@quick
@dataclass(frozen=True, slots=True)
class Bench:
    """What holds for all borders of one question."""

    book: RuleBook
    stop: float | None
    fresh: bool
    unread: bool

    def packs_for(self, case: Case) -> tuple[PackInfo, ...]:
        return self.book.packs_for(case)

    def judge_border(self, case: Case, through: Through | None = None) -> BorderAnswer:
        """The border by which a case enters its destination."""
        asked = Asked(case, self.book, self.fresh, self.unread)
        standing = self.book.standing(case)
        answers: list[PolicyAnswer] = []
        findings = [
            problem for problem in case.problems if not (standing.inside and problem.code is RulesCode.NO_BORDER)
        ]
        for policy, valid, unsettled_by in standing.speaking:
            if through is not None and not through(policy):
                continue
            if self.stop is not None and perf_counter() > self.stop:
                findings.append(say(RulesCode.TIME_BUDGET, OPEN))
                break
            answers.append(judge_policy(policy, valid, unsettled_by, asked))
        findings.extend(standing.about)
        worst = min((answer.answer for answer in answers), default=MET)
        for finding in findings:
            if finding.outcome is Outcome.OPEN:
                worst = OPEN if finding.code in DEVASTATING else min(worst, OPEN)
        return BorderAnswer(worst, tuple(answers), tuple(findings), standing.packs)
