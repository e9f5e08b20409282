"""The borders on the way: at each transit point, is the border passed, and do the rules there let the traveller on?

Changing planes airside is not entry. The border is passed where the country has no airside transit (policies with
`transit: landing`), where the journey goes on from another airport or not by air, where the next leg stays inside the
country or the Schengen area, after a stop of more than 24 hours, and on separate tickets. What a policy says of
travellers in transit (`transit` in a pack) goes before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Protocol

from verifier.findings import Finding, Outcome
from verifier.quick import quick
from verifier.rules.answer import TRANSIT, LegAnswer, PolicyAnswer, Role
from verifier.rules.case import Case, Movement
from verifier.rules.codes import RulesCode
from verifier.rules.facts import settle_status
from verifier.rules.logic import MET, OPEN, OUTCOMES, TRUTHS, UNMET
from verifier.rules.places import border, common_lists, within
from verifier.rules.policy import CompiledPolicy, PackInfo
from verifier.rules.requirements.base import LAYOVER

Through = Callable[[CompiledPolicy], bool]


@quick
@dataclass(frozen=True, slots=True)
class BorderAnswer:
    """What one border says: the worst answer, its policies, findings about the question, and the packs consulted."""

    answer: int
    policies: tuple[PolicyAnswer, ...]
    findings: tuple[Finding, ...]
    packs: tuple[PackInfo, ...]


class Borders(Protocol):
    """What the points of a journey are judged with."""

    def packs_for(self, case: Case) -> tuple[PackInfo, ...]: ...
    def judge_border(self, case: Case, through: Through) -> BorderAnswer: ...


@dataclass(frozen=True, slots=True)
class Passing:
    """Whether the traveller passes the border at a point: MET, OPEN or UNMET, and why. `inside`: within one area that
    is entered here for the journey's own purpose, such as Schengen on the way to another member.
    """

    answer: int
    why: str
    inside: bool = False


def judge_legs(case: Case, borders: Borders, entered: BorderAnswer) -> Iterator[LegAnswer]:
    """One answer for each leg of a journey, in order; `entered` is that of the destination."""
    for index, leg in enumerate(case.legs):
        if index == case.crossing:
            yield leg_answer(index, leg, "entry", entered.answer, entered.findings, entered.policies)
        elif index > case.crossing or border(leg.origin_place) == border(leg.destination_place):
            yield leg_answer(index, leg, "inside", MET)
        else:
            yield _point(case, index, borders)


def leg_answer(
    index: int,
    leg: Movement,
    role: Role,
    answer: int,
    findings: tuple[Finding, ...] = (),
    policies: tuple[PolicyAnswer, ...] = (),
) -> LegAnswer:
    """The answer of one leg."""
    return LegAnswer(index, leg.origin, leg.destination, leg.destination_place, role, answer, findings, policies)


def _point(case: Case, index: int, borders: Borders) -> LegAnswer:
    """The answer of a point at which the journey goes on to another country."""
    leg, passed = case.legs[index], passing(case, index)
    place = leg.destination
    seen = at_point(case, index, passed)
    packs = borders.packs_for(seen)
    if passed.answer != MET and any(pack.transit == "landing" for pack in packs):
        passed = Passing(MET, "no-airside-transit")
    facts = {"leg": index, "place": place, "why": passed.why}
    if passed.answer == UNMET:
        found = borders.judge_border(seen, lambda policy: policy.transit == "landing")
        code = RulesCode.TRANSIT_AIRSIDE if packs else RulesCode.TRANSIT_NOT_JUDGED
        answer = min((policy.answer for policy in found.policies), default=MET)
        note = Finding(code, Outcome.NOTE if answer == MET else OUTCOMES[answer], facts)
        return leg_answer(index, leg, TRANSIT, answer, (note,), _placed(found.policies, index, place, answer))
    found = borders.judge_border(seen, _whoever_passes)
    if found.answer != MET and not passed.inside:
        found = _for_own_purpose(found, replace(seen, purpose=case.purpose), borders)
    answer = found.answer if passed.answer == MET else max(found.answer, OPEN)
    code = RulesCode.TRANSIT_UNSURE if passed.answer == OPEN and answer == OPEN else RulesCode.TRANSIT_BORDER
    findings = (Finding(code, OUTCOMES[answer], facts), *(_at(item, index, place, answer) for item in found.findings))
    return leg_answer(index, leg, TRANSIT, answer, findings, _placed(found.policies, index, place, answer))


def _for_own_purpose(found: BorderAnswer, seen: Case, borders: Borders) -> BorderAnswer:
    """What the person travels for may satisfy a policy where passing through does not: the better answer of each."""
    unmet = {policy.policy for policy in found.policies if policy.answer != MET}
    own = {answer.policy: answer for answer in borders.judge_border(seen, unmet.__contains__).policies}
    better = tuple(max(answer, own.get(answer.policy, answer), key=_by_answer) for answer in found.policies)
    if not own:
        return found
    if found.answer > min(map(_by_answer, found.policies)):  # a question that is wrong altogether stays one
        return replace(found, policies=better)
    about = min((TRUTHS[item.outcome] for item in found.findings), default=MET)
    return replace(found, answer=min(about, *map(_by_answer, better)), policies=better)


def _by_answer(answer: PolicyAnswer) -> int:
    return answer.answer


def _whoever_passes(policy: CompiledPolicy) -> bool:
    return policy.transit != "exempt" and not policy.at_departure


def _placed(policies: tuple[PolicyAnswer, ...], index: int, place: str, least: int) -> tuple[PolicyAnswer, ...]:
    """The policies under the name of their point; none worse than the point itself."""
    return tuple(
        replace(
            policy,
            answer=max(policy.answer, least),
            findings=tuple(_at(item, index, place, least) for item in policy.findings),
            leg=index,
        )
        for policy in policies
    )


def _at(finding: Finding, index: int, place: str, least: int) -> Finding:
    outcome = Outcome.OPEN if least == OPEN and finding.outcome is Outcome.UNMET else finding.outcome
    facts = {**finding.facts, "leg": index, "at": place}
    return Finding(finding.code, outcome, facts, finding.alert, finding.document)


def passing(case: Case, index: int) -> Passing:
    """Whether the border is passed where a leg before the last border lands."""
    leg, onward = case.legs[index], case.legs[index + 1]
    here, there = leg.destination_place, onward.destination_place
    if border(here) == border(there):
        return Passing(MET, "goes-on-inside", border(here) == border(case.destination))
    schengen = common_lists()["schengen"].on(leg.arrives_days[1], case.known_day)
    if within(here, schengen) and within(there, schengen) and not within(leg.origin_place, schengen):
        return Passing(MET, "goes-on-inside", True)
    if leg.channel != "air" or onward.channel != "air" or leg.destination != onward.origin:
        return Passing(MET, "another-airport")
    if onward.departs[0] - leg.arrives[1] > LAYOVER:
        return Passing(MET, "long-stop")
    airside, tickets = (_stated(case, name) for name in ("airside", "separate_tickets"))
    for stated, passes, why in ((airside, False, "not-airside"), (tickets, True, "separate-tickets")):
        if isinstance(stated, bool):
            return Passing(MET, why) if stated is passes else Passing(UNMET, "airside")
    return Passing(UNMET, "taken-as-airside") if airside is tickets is NOT_ASKED else Passing(OPEN, "tickets-unknown")


NOT_ASKED: Final = object()


def _stated(case: Case, name: str) -> object:
    """A fact of the trip or the person; NOT_ASKED where nothing is said of it, so that "unknown" differs from that."""
    return case.facts.get(f"trip-{name}", case.facts.get(name, NOT_ASKED))


def at_point(case: Case, index: int, passed: Passing) -> Case:
    """The case as the border where a leg lands sees it: the journey up to there, on the way to somewhere else."""
    country = border(case.legs[index].destination_place)
    return replace(
        case,
        legs=case.legs[: index + 1],
        crossing=index,
        border=None,
        purpose=case.purpose if passed.inside else TRANSIT,
        status=settle_status(dict(case.status), case.citizenships, country, []),
        problems=(),
    )
