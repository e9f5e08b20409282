"""The first moment of travel at which a case would be cleared: the question asked again at the moments that could
change it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from verifier.rules.answer import Earliest, RulesAnswer
from verifier.rules.case import Case, Movement, Stayed
from verifier.rules.codes import RulesCode
from verifier.rules.facts import DAY, local_day
from verifier.rules.logic import MET, UNMET
from verifier.rules.places import spot, zone
from verifier.rules.policy import CompiledPolicy
from verifier.rules.requirements.base import Asked, Relative
from verifier.rules.transit import at_point, passing

if TYPE_CHECKING:
    from verifier.rules.rulebook import RuleBook

HORIZON: Final = 366 * DAY
TRIES: Final = 12


def earliest(book: RuleBook, case: Case) -> Earliest | None:
    """See `RuleBook.earliest`. At most TRIES moments are tried, the soonest first."""
    now = book.judge(case)
    if now.answer == MET:
        return Earliest(datetime.fromtimestamp(case.entry.departs[0], UTC))
    for seconds in _moments(book, case, now)[:TRIES]:
        moved = move(case, seconds)
        if book.judge(moved, fresh=True).answer == MET:
            needs = [
                note
                for policy in book.judge(moved).policies
                if policy.answer != MET
                for note in book.alternatives(moved, policy)
                if note.code in (RulesCode.CAN_TEST, RulesCode.CAN_SHOW)
            ]
            unique = {(note.code, str(note.facts)): note for note in needs}
            return Earliest(datetime.fromtimestamp(moved.entry.departs[0], UTC), tuple(unique.values()))
    return None


def _moments(book: RuleBook, case: Case, now: RulesAnswer) -> list[int]:
    """How much later the journey would have to begin (seconds) for what is in the way to change; now is the first."""
    found: set[int] = {0}
    for leg in {answer.leg for answer in now.policies if answer.answer != MET}:
        blocking = {answer.id: answer.policy for answer in now.policies if answer.answer != MET and answer.leg == leg}
        seen = case if leg is None else at_point(case, leg, passing(case, leg))
        found.update(_changes(book, seen, blocking))
    return sorted(seconds for seconds in found if 0 <= seconds <= HORIZON)


def _changes(book: RuleBook, case: Case, blocking: Mapping[str, CompiledPolicy]) -> Iterator[int]:
    """Seconds until something changes in what blocks at one border."""
    asked = Asked(case, book)
    for policy in book.relevant(case):
        if policy.id not in blocking and blocking.keys().isdisjoint(policy.overrides):
            continue
        first, _ = policy.reference(case)
        for version in policy.versions:
            if version.told.known(case):
                yield version.start - first
                yield version.until(case) - first
    for policy in blocking.values():
        nodes = [clause.require for clause in policy.clauses] + [lift.when for lift in policy.exemptions]
        nodes += [lift.when for clause in policy.clauses for lift in clause.exemptions]
        nodes += [policy.applies] if policy.applies is not None else []
        for node in nodes:
            yield from (_later(case, relative, day) for relative, day in node.moments(asked))


def _later(case: Case, relative: Relative, day: int) -> int:
    """Seconds until the reference point reaches the start of a local day."""
    leg = case.legs[0] if relative == "departure" else case.entry
    code, moment = (leg.destination, leg.arrives[0]) if relative == "arrival" else (leg.origin, leg.departs[0])
    place = spot(code)
    local = zone(place.zone if place else None)
    today = local_day(moment, local)
    midnight = datetime.fromtimestamp(moment, UTC).astimezone(local).replace(hour=0, minute=0, second=0, microsecond=0)
    return max(0, (day - today) * DAY - (moment - int(midnight.timestamp()))) if day > today else UNMET


def move(case: Case, seconds: int) -> Case:
    """The same case, beginning later. Who was still somewhere on the day of departure is taken to stay there until
    then.
    """
    if not seconds:
        return case
    legs = tuple(_moved(leg, seconds) for leg in case.legs)
    departs = case.legs[0].departs_days[0]
    until = legs[0].departs_days[1]
    stays = None
    if case.stays is not None:
        stays = tuple(Stayed(s.place, s.first, until, s.transit) if s.last >= departs else s for s in case.stays)
    return replace(case, legs=legs, stays=stays)


def _moved(leg: Movement, seconds: int) -> Movement:
    start, end = spot(leg.origin), spot(leg.destination)
    leaves, lands = zone(start.zone if start else None), zone(end.zone if end else None)
    departs = (leg.departs[0] + seconds, leg.departs[1] + seconds)
    arrives = (leg.arrives[0] + seconds, leg.arrives[1] + seconds)
    return replace(
        leg,
        departs=departs,
        departs_days=(local_day(departs[0], leaves), local_day(departs[1], leaves)),
        arrives=arrives,
        arrives_days=(local_day(arrives[0], lands), local_day(arrives[1], lands)),
    )
