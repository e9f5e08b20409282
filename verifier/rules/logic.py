"""Three answers, one logic: Kleene's MET, OPEN ("cannot tell") and UNMET.

Inside the engine an answer is a plain int, so that AllOf is `min` and AnyOf is `max`; at its borders it is an
`Outcome`.
An AllOf or AnyOf over nothing is OPEN: what was never asked is never a pass.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from verifier.findings import Outcome

UNMET: Final = 0
OPEN: Final = 1
MET: Final = 2

OUTCOMES: Final[tuple[Outcome, Outcome, Outcome]] = (Outcome.UNMET, Outcome.OPEN, Outcome.MET)
TRUTHS: Final[dict[Outcome, int]] = {Outcome.UNMET: UNMET, Outcome.OPEN: OPEN, Outcome.MET: MET, Outcome.NOTE: MET}


def all_of(answers: Iterable[int]) -> int:
    """The worst answer; OPEN over nothing."""
    return min(answers, default=OPEN)


def any_of(answers: Iterable[int]) -> int:
    """The best answer; OPEN over nothing."""
    return max(answers, default=OPEN)


def not_(answer: int) -> int:
    """MET and UNMET change places, OPEN stays."""
    return MET - answer


def agreed(first: int, second: int) -> int:
    """One answer where both ends of an uncertain fact give the same one, else OPEN."""
    return first if first == second else OPEN


def outcome(answer: int) -> Outcome:
    """The public form of an answer."""
    return OUTCOMES[answer]


def truth(value: Outcome) -> int:
    """The inner form of an outcome; a NOTE takes nothing away."""
    return TRUTHS[value]
