"""The rule book: all packs, selected by border and time, judged together.

All rules for destination, channel, border and person must hold; an exemption lifts one rule only. The same question
gets the
same answer for ever: nothing here reads a clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from verifier.errors import ConfigError
from verifier.findings import Finding, Outcome
from verifier.rules import earliest as later
from verifier.rules.answer import TRANSIT, Earliest, PolicyAnswer, RulesAnswer
from verifier.rules.bordering import DEVASTATING, Bench
from verifier.rules.case import Case, Range
from verifier.rules.citations import check_citations
from verifier.rules.codes import RulesCode
from verifier.rules.loading import Pack, fail, load_pack
from verifier.rules.logic import MET, OPEN, UNMET
from verifier.rules.places import border, lineage
from verifier.rules.policy import CompiledPolicy, PackInfo, Validity, valid_at, validity
from verifier.rules.requirements.base import Asked, say
from verifier.rules.settling import settle
from verifier.rules.transit import at_point, judge_legs, leg_answer, passing

PACKS: Final = Path(__file__).parent / "packs"
SILENT: Final = frozenset({"amendment", "exemption"})
"""Kinds that answer nothing themselves: other policies ask whether they are in force."""

RECORDS: Final = frozenset({"rule", "rescission", "absence", "announcement"})
"""Kinds that count as a rule or a recorded absence of one: without any of them nobody is cleared."""

Hook = Callable[[Mapping[str, Any], Case], tuple[Outcome, Sequence[Finding]]]


MAX_JOURNEYS: Final = 2048
"""Journeys whose rules are kept: the flights of some days."""


Selected = tuple[tuple[CompiledPolicy, ...], tuple[PackInfo, ...], tuple[PackInfo, ...]]
"""Policies for a border, the packs that are asked there, and recommendations that they replace."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What applies to a journey, whoever makes it: policies with their validity and what unsettles them, packs, and
    findings. `inside`: it crosses no border, but the country has rules for leaving from there.
    """

    speaking: tuple[tuple[CompiledPolicy, Validity, str | None], ...]
    packs: tuple[PackInfo, ...]
    about: tuple[Finding, ...]
    inside: bool


class RuleBook:
    """Loaded packs. Make one with `RuleBook.load`, keep it, ask it."""

    def __init__(self, packs: Sequence[Pack], hooks: Mapping[str, Hook] | None = None) -> None:
        """Take loaded packs together.

        Args:
            hooks: answers to `external` requirements by name; whatever nobody answers is OPEN.

        Raises:
            ConfigError: PACK_DUPLICATE, PACK_DANGLING or PACK_CIRCLE across packs.
        """
        self.packs: tuple[PackInfo, ...] = tuple(pack.info for pack in packs)
        self.policies: Mapping[str, CompiledPolicy] = {}
        self.hooks: Mapping[str, Hook] = dict(hooks or {})
        table: dict[str, CompiledPolicy] = {}
        for pack in packs:
            for policy in pack.policies:
                if policy.id in table:
                    path, where = pack.written[policy.id]
                    raise fail(RulesCode.PACK_DUPLICATE, path, where, id=policy.id)
                table[policy.id] = policy
        self.policies = table
        check_citations(packs, table)
        self._standings: dict[tuple[object, ...], Standing] = {}
        self._found: dict[tuple[str, str, str, str], Selected] = {}

    @classmethod
    def load(cls, path: Path | str | None = None, *, hooks: Mapping[str, Hook] | None = None) -> RuleBook:
        """Every pack under a folder (one folder each), or the packs that come with the library.

        Args:
            hooks: answers to `external` requirements by name; packs that a hook brings (`packs`) are added.

        Raises:
            ConfigError: with file and line, for anything wrong in a pack; PACK_EMPTY where there is none.
        """
        root = Path(path) if path is not None else PACKS
        folders = sorted(folder for folder in root.iterdir() if _is_pack(folder)) if root.is_dir() else []
        if root.is_dir() and not folders and any(root.glob("*.yaml")):
            folders = [root]
        if not folders:
            raise ConfigError(RulesCode.PACK_EMPTY, facts={"folder": root.name})
        brought = [pack for hook in (hooks or {}).values() for pack in getattr(hook, "packs", ())]
        return cls([*(load_pack(folder) for folder in folders), *brought], hooks)

    def judge(
        self, case: Case, *, budget: float | None = None, fresh: bool = False, unread: bool = False
    ) -> RulesAnswer:
        """Everything the rules say about a case.

        Args:
            budget: seconds after which what is left is OPEN; None for no limit.
            fresh: judge as if every test and paper that can be had at any time were had.
            unread: something was shown that could not be read; evidence that seems missing is then OPEN.
        """
        stop = None if budget is None else perf_counter() + budget
        bench = Bench(self, stop, fresh, unread)
        found = bench.judge_border(case)
        legs, leg = case.legs, case.legs[case.crossing]
        if len(legs) == 1:
            alone = leg_answer(0, leg, "entry", found.answer, found.findings, found.policies)
            return RulesAnswer(found.answer, found.policies, found.findings, found.packs, (alone,))
        judged = tuple(judge_legs(case, bench, found))
        worst, answers, packs = found.answer, found.policies, found.packs
        if not any(finding.code in DEVASTATING for finding in found.findings):
            worst = min(leg.answer for leg in judged)
        said = {(answer.id, answer.version): answer.answer for answer in answers}
        for point in judged:
            if point.role == TRANSIT:
                more = [a for a in point.policies if a.answer < said.get((a.id, a.version), MET + 1)]
                answers += tuple(more)
                said.update({(a.id, a.version): a.answer for a in more})
                packs += tuple(dict.fromkeys(a.policy.pack for a in more if a.policy.pack not in packs))
        return RulesAnswer(worst, answers, found.findings, packs, judged)

    def earliest(self, case: Case) -> Earliest | None:
        """The first moment of travel at which the case would be cleared; None where none is found within a year."""
        return later.earliest(self, case)

    def alternatives(self, case: Case, answer: PolicyAnswer) -> tuple[Finding, ...]:
        """What else would satisfy a policy that is not met: each a NOTE, the exemptions last."""
        if answer.answer == MET:
            return ()
        if answer.leg is not None:
            case = at_point(case, answer.leg, passing(case, answer.leg))
        asked = Asked(case, self)
        missing = [clause.require for clause in answer.policy.clauses if clause.require.judge(asked) != MET]
        found = [note for require in missing for note in require.satisfiers(asked)]
        lifted = [*answer.policy.exemptions, *(lift for clause in answer.policy.clauses for lift in clause.exemptions)]
        names = sorted({lift.id for lift in lifted})
        if names:
            found.append(Finding(RulesCode.CAN_BE_EXEMPT, Outcome.NOTE, {"policy": answer.id, "exemptions": names}))
        return tuple({(note.code, str(note.facts)): note for note in found}.values())

    def in_force(self, ident: str, asked: Asked) -> int:
        """Whether a version is known and in force for the case, and the case within its reach."""
        policy = self.policies[ident]
        valid = validity(policy, asked.case)
        if valid.answer == UNMET or policy.applies is None:
            return valid.answer
        return min(valid.answer, policy.applies.judge(asked))

    def ask(self, hook: str, options: Mapping[str, Any], case: Case) -> tuple[int, Sequence[Finding]]:
        """The answer of an external rule set; OPEN where there is none."""
        answer = self.hooks.get(hook)
        if answer is None:
            return OPEN, (say(RulesCode.EXTERNAL, OPEN, hook=hook),)
        outcome, findings = answer(options, case)
        return {Outcome.UNMET: UNMET, Outcome.OPEN: OPEN}.get(outcome, MET), findings

    def forget(self) -> None:
        """Drop what was kept about journeys. Answers stay the same; only the next one takes longer."""
        self._standings.clear()

    def relevant(self, case: Case) -> tuple[CompiledPolicy, ...]:
        """Policies of the case's border, whatever the time."""
        return self._select(case)[0]

    def packs_for(self, case: Case) -> tuple[PackInfo, ...]:
        """Packs that are asked at the case's border."""
        return self._select(case)[1]

    def _select(self, case: Case) -> Selected:
        """By destination, channel and place of departure; worked out once for each combination."""
        entry, first = case.entry, case.legs[0]
        key = (entry.destination_place, entry.channel, first.origin_place, first.channel)
        found = self._found.get(key)
        if found is None:
            if len(self._found) > 4096:
                self._found.clear()
            found = self._found[key] = self._search(*key)
        return found

    def _search(self, place: str, channel: str, origin: str, leaving: str) -> Selected:
        entered, left = lineage(place), lineage(origin)
        packs = [pack for pack in self.packs if not entered.isdisjoint(pack.destinations)]
        replaced: list[PackInfo] = []
        if any(not pack.recommendation for pack in packs):  # a national pack replaces a recommendation
            replaced = [pack for pack in packs if pack.recommendation]
            packs = [pack for pack in packs if not pack.recommendation]
        out = []
        for policy in self.policies.values():
            if policy.at_departure:
                if leaving in policy.channels and not left.isdisjoint(policy.pack.destinations):
                    out.append(policy)
            elif policy.pack in packs and channel in policy.channels:
                out.append(policy)
        return tuple(out), tuple(packs), tuple(replaced)

    def standing(self, case: Case) -> Standing:
        """What applies to a journey: the same for everybody who makes it, so it is worked out once."""
        first, entry = case.legs[0], case.entry
        key = (
            entry.destination_place,
            entry.channel,
            first.origin_place,
            first.channel,
            entry.origin_place,
            case.border,
            case.known_day,
            case.known_at,
            first.departs,
            entry.departs,
            entry.arrives,
            first.arrives,
            entry.arrives_days,
        )
        found = self._standings.get(key)
        if found is None:
            if len(self._standings) >= MAX_JOURNEYS:
                self._standings.clear()
            policies, packs, replaced = self._select(case)
            inside = border(entry.origin_place) == border(entry.destination_place)
            if inside:
                policies = tuple(policy for policy in policies if policy.at_departure)
            latest = max(first.arrives[1], entry.arrives[1])
            spans: dict[tuple[str, bool], Range] = {}
            valid = {}
            for policy in policies:
                if policy.starts <= latest and (not policy.borders or policy.reaches(case)):
                    anchor = (policy.anchor, policy.at_departure)
                    span = spans.get(anchor)
                    if span is None:
                        span = spans[anchor] = policy.reference(case)
                    valid[policy] = valid_at(policy, case, span)
            unsettled = settle(valid)
            speaking = tuple(
                (policy, validity_, unsettled.get(policy.id))
                for policy, validity_ in valid.items()
                if validity_.answer != UNMET and policy.kind not in SILENT
            )
            about = tuple(self._about(case, packs, replaced, valid, speaking))
            found = Standing(speaking, packs, about, inside and bool(policies))
            self._standings[key] = found
        return found

    def _about(
        self,
        case: Case,
        packs: tuple[PackInfo, ...],
        replaced: tuple[PackInfo, ...],
        standing: Mapping[CompiledPolicy, Validity],
        speaking: Sequence[tuple[CompiledPolicy, Validity, str | None]],
    ) -> Iterable[Finding]:
        """Findings about the question as a whole."""
        if not packs:
            yield say(RulesCode.NO_PACK, OPEN, place=case.destination)
            return
        first, last = case.entry.arrives_days
        if replaced:
            facts = {"packs": [pack.id for pack in replaced], "by": [pack.id for pack in packs]}
            yield Finding(RulesCode.RECOMMENDATION_REPLACED, Outcome.NOTE, facts)
        for pack in packs:
            if first < pack.complete_from or last >= pack.complete_until or case.known_day > pack.as_of:
                yield say(RulesCode.OUTSIDE_SPAN, OPEN, pack=pack.id)
        if any(policy.kind in RECORDS for policy, _, _ in speaking):
            return
        ended = [policy.id for policy, valid in standing.items() if valid.ended and policy.kind in RECORDS]
        if ended:
            yield Finding(RulesCode.NONE_IN_FORCE, Outcome.MET, {"policies": ended})
        else:
            yield say(RulesCode.NO_RECORD, OPEN, place=case.destination)


def _is_pack(folder: Path) -> bool:
    return folder.is_dir() and not folder.name.startswith((".", "_"))
