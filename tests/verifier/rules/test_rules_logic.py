"""The ten lines that combine, as a table."""

from __future__ import annotations

import pytest

from verifier.findings import Outcome
from verifier.rules.logic import MET, OPEN, UNMET, agreed, all_of, any_of, not_, outcome, truth

M, O, U = MET, OPEN, UNMET  # noqa: E741


@pytest.mark.parametrize(
    ("answers", "every", "some"),
    [
        ((), O, O),
        ((M,), M, M), ((O,), O, O), ((U,), U, U),
        ((M, M), M, M), ((M, O), O, M), ((M, U), U, M),
        ((O, O), O, O), ((O, U), U, O), ((U, U), U, U),
        ((M, O, U), U, M),
    ],
)  # fmt: skip
def test_all_takes_the_worst_and_any_the_best(answers: tuple[int, ...], every: int, some: int) -> None:
    assert all_of(answers) == every
    assert any_of(answers) == some


@pytest.mark.parametrize(("answer", "opposite"), [(M, U), (O, O), (U, M)])
def test_not(answer: int, opposite: int) -> None:
    assert not_(answer) == opposite


def test_two_ends_that_differ_are_open() -> None:
    assert [agreed(a, b) for a in (M, O, U) for b in (M, O, U)] == [M, O, O, O, O, O, O, O, U]


def test_outcomes_go_both_ways() -> None:
    assert [outcome(answer) for answer in (U, O, M)] == [Outcome.UNMET, Outcome.OPEN, Outcome.MET]
    assert all(truth(outcome(answer)) == answer for answer in (U, O, M))
    assert truth(Outcome.NOTE) == MET
