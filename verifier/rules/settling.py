"""Which versions stand beside each other: what another one replaces, and what an announcement makes uncertain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from verifier.rules.codes import RulesCode
from verifier.rules.judging import not_applicable
from verifier.rules.logic import MET, OPEN, UNMET
from verifier.rules.policy import CompiledPolicy, Validity

SERIES_ENDED: Final = -1
"""Replaced by a version that has itself ended; less than any answer, so that one that still applies decides."""


def settle(standing: dict[CompiledPolicy, Validity]) -> Mapping[str, str]:
    """Take out what another version replaces, and collect what an announcement makes uncertain: id -> by which."""
    unsettled: dict[str, str] = {}
    replaced: dict[str, int] = {}
    for policy, valid in standing.items():
        if valid.ended:  # what it replaced does not come back: a series that it ended is not extended
            for ident in policy.overrides:
                replaced.setdefault(ident, SERIES_ENDED)
        elif valid.answer != UNMET:
            for ident in policy.overrides:
                replaced[ident] = max(valid.answer, replaced.get(ident, UNMET))
            for ident in policy.unsettles:
                unsettled[ident] = policy.id
    if replaced:
        for policy in list(standing):
            by = replaced.get(policy.id, UNMET)
            if by == MET or (by == SERIES_ENDED and standing[policy].doubt is RulesCode.PERIOD_MAY_BE_EXTENDED):
                standing[policy] = not_applicable(standing[policy])
            elif by == OPEN and standing[policy].answer == MET:
                standing[policy] = Validity(OPEN, standing[policy].version, RulesCode.TIME_EDGE)
    return unsettled
