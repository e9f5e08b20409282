"""A case from the types of the library: Traveller, Journey, HealthRecords and what an agent saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

from verifier.errors import InputError
from verifier.findings import Finding
from verifier.health.record import Test, TestKind, Vaccination
from verifier.model import Journey, Leg, PartialDate, Traveller
from verifier.rules import facts as read
from verifier.rules.case import (
    MANY_DOCUMENTS,
    MANY_LEGS,
    MAX_DOCUMENTS,
    MAX_LEGS,
    Case,
    Companion,
    Dose,
    Evidence,
    EvidenceState,
    Movement,
    Range,
    Recovered,
    Shown,
    Specimen,
    Stayed,
)
from verifier.rules.case_evidence import PAPERS, Shelf
from verifier.rules.codes import RulesCode
from verifier.rules.logic import MET, OPEN
from verifier.rules.places import border, spot, zone

STATES: Final = {EvidenceState.USABLE: MET, EvidenceState.OPEN: OPEN}
LONGEST: Final = 20 * 3600
"""The longest a leg takes where its arrival is not known (seconds)."""


def build_case(
    traveller: Traveller,
    journey: Journey,
    evidence: Sequence[Evidence],
    *,
    known: date | datetime,
    shown: Sequence[str | Mapping[str, Any]] = (),
    party: Sequence[tuple[Traveller, Sequence[Evidence]]] | None = None,
) -> Case:
    """See `Case.from_travel`."""
    if not journey.legs:
        raise InputError(RulesCode.MISSING_FACT, facts={"fact": "legs"})
    if len(journey.legs) > MAX_LEGS:
        raise InputError(RulesCode.TOO_MANY, facts={"fact": "legs", "count": len(journey.legs), "limit": MAX_LEGS})
    if len(evidence) > MAX_DOCUMENTS:
        raise InputError(
            RulesCode.TOO_MANY, facts={"fact": "documents", "count": len(evidence), "limit": MAX_DOCUMENTS}
        )
    problems: list[Finding] = []
    if len(journey.legs) > MANY_LEGS or len(evidence) > MANY_DOCUMENTS:
        read.too_many({"legs": (len(journey.legs), MANY_LEGS), "documents": (len(evidence), MANY_DOCUMENTS)}, problems)
    route = _route(tuple(journey.legs))
    problems.extend(route.problems)
    entry = route.legs[route.crossing]
    shelf = Shelf(route.local, problems)
    for number, item in enumerate(evidence):
        put(shelf, number, item)
    for number, paper in enumerate(shown):
        attributes = {"type": paper} if isinstance(paper, str) else paper
        what = attributes.get("type")
        if not isinstance(what, str):
            raise InputError(RulesCode.BAD_FACT, facts={"fact": "shown", "position": number})
        what = PAPERS.get(what, what)
        shelf.shown.setdefault(what, []).append(Shown(what, attributes))
    citizenships = tuple([found for found in map(read.code, traveller.citizenships) if found])
    stated: dict[str, str] = {}
    for place, value in traveller.status.items():
        standing = read.word(value) or ""
        if stated.setdefault(place.upper(), standing) != standing:
            problems.append(read.problem(RulesCode.STATUS_CONTRADICTS, place=place.upper()))
    born = _born(traveller.birth_date, entry, problems)
    leg = journey.legs[route.crossing]
    facts = {**traveller.facts, "trip-carrier": leg.carrier, "trip-flight": leg.flight}
    if None in facts.values():
        facts = {key: value for key, value in facts.items() if value is not None}
    return Case(
        legs=route.legs,
        crossing=route.crossing,
        known_day=known.toordinal(),
        known_at=read.instant(_aware(known)) if isinstance(known, datetime) else None,
        citizenships=citizenships,
        age=read.age_of(traveller.age, problems),
        born=born,
        residence=read.code(traveller.residence),
        status=read.settle_status(stated, citizenships, route.border, problems),
        visa=read.code(traveller.visa),
        purpose=read.word(journey.purpose),
        facts=facts,
        border=leg.border,
        stays=_stays(journey, problems),
        doses=shelf.doses(),
        tests=tuple(shelf.tests),
        recoveries=tuple(shelf.recoveries),
        shown={what: tuple(items) for what, items in shelf.shown.items()},
        party=None if party is None else tuple(_companion(person, theirs, entry) for person, theirs in party),
        records=tuple(evidence),
        problems=tuple(problems),
    )


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise InputError(RulesCode.BAD_FACT, facts={"fact": "known", "why": "no zone"})
    return value


@dataclass(frozen=True, slots=True)
class _Route:
    """What the legs of a journey say, whoever makes it. `local` is the zone where it starts."""

    legs: tuple[Movement, ...]
    crossing: int
    border: str
    local: ZoneInfo
    problems: tuple[Finding, ...]


@lru_cache(maxsize=2048)
def _route(legs: tuple[Leg, ...]) -> _Route:
    """The legs as the rules see them; kept, because all passengers of a flight have the same."""
    problems: list[Finding] = []
    moves = tuple([_movement(leg, problems) for leg in legs])
    _in_order(moves, problems)
    crossing = _crossing(moves, problems)
    start = spot(moves[0].origin)
    local = zone(start.zone if start else None)
    return _Route(moves, crossing, border(moves[crossing].destination_place), local, tuple(problems))


def _movement(leg: Leg, problems: list[Finding]) -> Movement:
    start, end = spot(leg.origin or ""), spot(leg.destination or "")
    if start is None or end is None:
        problems.append(read.problem(RulesCode.PLACE_UNKNOWN, fact="origin" if start is None else "destination"))
    start_zone, end_zone = zone(start.zone if start else None), zone(end.zone if end else None)
    for fact, stated in (("departs", leg.departs), ("arrives", leg.arrives), ("flight_date", leg.flight_date)):
        if stated is not None and stated.year not in read.YEARS:
            raise InputError(RulesCode.DATE_IMPOSSIBLE, facts={"fact": fact})
        if isinstance(stated, datetime) and stated.tzinfo is None:
            raise InputError(RulesCode.BAD_FACT, facts={"fact": "departs", "why": "no zone"})
    departs = None if leg.departs is None else (read.instant(leg.departs),) * 2
    arrives = None if leg.arrives is None else (read.instant(leg.arrives),) * 2
    if departs is None and leg.flight_date is not None:
        departs = read.day_span((leg.flight_date.toordinal(),) * 2, start_zone)
        if arrives is not None:
            departs = (min(departs[0], arrives[0]), min(departs[1], arrives[1]))
    if departs is None and arrives is None:
        problems.append(read.problem(RulesCode.MISSING_FACT, fact="departs"))
        raise InputError(RulesCode.MISSING_FACT, facts={"fact": "departs"})
    longest = LONGEST if leg.channel == "air" else 0
    if departs is None:
        assert arrives is not None
        departs = (arrives[0] - longest, arrives[1])
    if arrives is None:
        arrives = (departs[0], departs[1] + longest)
    if arrives[1] < departs[0]:
        problems.append(read.problem(RulesCode.BACK_IN_TIME))
    return Movement(
        start.code if start else leg.origin, start.place if start else "", end.code if end else leg.destination,
        end.place if end else "", str(leg.channel),
        departs, (read.local_day(departs[0], start_zone), read.local_day(departs[1], start_zone)),
        arrives, (read.local_day(arrives[0], end_zone), read.local_day(arrives[1], end_zone)),
    )  # fmt: skip


def _in_order(legs: tuple[Movement, ...], problems: list[Finding]) -> None:
    """A leg that certainly leaves before the one before it has landed is no journey."""
    for position, (before, after) in enumerate(pairwise(legs), 1):
        if after.departs[1] < before.arrives[0]:
            problems.append(read.problem(RulesCode.BACK_IN_TIME, leg=position))
            return


def _crossing(legs: tuple[Movement, ...], problems: list[Finding]) -> int:
    country = border(legs[-1].destination_place)
    index = len(legs) - 1
    while index > 0 and border(legs[index].origin_place) == country:
        index -= 1
    if border(legs[index].origin_place) == country:
        problems.append(read.problem(RulesCode.NO_BORDER))
    return index


def _born(birth: PartialDate, entry: Movement, problems: list[Finding]) -> Range | None:
    try:
        days = birth.days
    except ValueError:  # a day that its month does not have
        problems.append(read.problem(RulesCode.DATE_IMPOSSIBLE, fact="birth_date"))
        return None
    if days is not None and days[0] > entry.arrives_days[1]:
        problems.append(read.problem(RulesCode.BIRTH_AFTER_TRAVEL))
        return None
    return days


def _stays(journey: Journey, problems: list[Finding]) -> tuple[Stayed, ...] | None:
    if journey.stays is None:
        return None
    out = []
    for stay in journey.stays[:MAX_DOCUMENTS]:
        found = spot(stay.place)
        if found is None or stay.last < stay.first:
            problems.append(read.problem(RulesCode.DATE_IMPOSSIBLE if found else RulesCode.PLACE_UNKNOWN, fact="stays"))
            continue
        out.append(Stayed(found.place, stay.first.toordinal(), stay.last.toordinal(), stay.transit))
    return tuple(out)


def _companion(person: Traveller, theirs: Sequence[Evidence], entry: Movement) -> Companion:
    unheard: list[Finding] = []  # what is wrong with a companion's papers is told when that companion is checked
    shelf = Shelf(zone(None), unheard)
    for number, item in enumerate(theirs[:MAX_DOCUMENTS]):
        put(shelf, number, item)
    born = _born(person.birth_date, entry, unheard)
    age = read.age_of(person.age, unheard) if born is None else read.age_on(born, entry.departs_days[0])[0]
    return Companion(read.word(person.facts.get("relation")), age, None, shelf.doses())


def put(shelf: Shelf, number: int, item: Evidence) -> None:
    """Put what one record states on the shelf; a record without usable or open evidence leaves nothing."""
    level = STATES.get(item.state)
    if level is None:
        return
    for dose in item.record.vaccinations:
        days = _days(dose.date)
        if days is None:
            shelf.problems.append(read.problem(RulesCode.DATE_IMPOSSIBLE, number, fact="dose"))
            continue
        shelf.add(_dose(dose, days, level, item, number))
    for test in item.record.tests:
        _put_test(shelf, test, level, item.sighted, number)
    for recovery in item.record.recoveries:
        days = _days(recovery.first_positive)
        if days is not None:
            kind, disease = TestKind.NAAT.value, recovery.disease.value
            place = read.code(recovery.country)
            shelf.recoveries.append(Recovered(kind, days, None, disease, level, item.sighted, number, place))


def _days(value: PartialDate) -> Range | None:
    try:
        days = value.days
    except ValueError:
        return None
    return days if days is not None and read.usual(days) else None


def _dose(dose: Vaccination, days: Range, level: int, item: Evidence, number: int) -> Dose:
    booster = dose.dose is not None and dose.total is not None and dose.dose > dose.total
    return Dose(
        dose.product.key, days, dose.dose, dose.total, booster, None, read.code(dose.country), dose.disease._value_,
        level, item.sighted, number, frozenset((item.record.format,)),
    )  # fmt: skip


def _put_test(shelf: Shelf, test: Test, level: int, sighted: bool, number: int) -> None:
    if test.sampled is not None and test.sampled.tzinfo is not None and test.sampled.year in read.YEARS:
        span: Range | None = (read.instant(test.sampled),) * 2
        days: Range | None = (test.sampled.astimezone(shelf.local).date().toordinal(),) * 2
    else:
        days = _days(test.sampled_on)
        span = None if days is None else read.day_span(days, shelf.local)
    if days is None or span is None:
        shelf.problems.append(read.problem(RulesCode.DATE_IMPOSSIBLE, number, fact="specimen"))
        return
    place, disease = read.code(test.country), test.disease.value
    by = "laboratory" if test.centre else None
    shelf.tests.append(
        Specimen(
            test.kind.value,
            test.result.value,
            days,
            span,
            place,
            True if by else None,
            by,
            disease,
            level,
            sighted,
            number,
        )
    )
    if test.result == "positive":
        shelf.recoveries.append(Recovered(test.kind.value, days, None, disease, level, sighted, number, place))
