"""The scenario form of a case (JSON lines of the corpus and of `cleargate judge`)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

from verifier.errors import InputError
from verifier.findings import Finding
from verifier.rules import facts as read
from verifier.rules.case import (
    MANY_DOCUMENTS,
    MANY_LEGS,
    MAX_DOCUMENTS,
    MAX_LEGS,
    Case,
    Evidence,
    Movement,
    Range,
    Shown,
    Stayed,
)
from verifier.rules.case_evidence import Shelf, certificate, take
from verifier.rules.case_person import born_of, citizenships_of, party_of, status_of
from verifier.rules.codes import RulesCode
from verifier.rules.places import Spot, border, lineage, spot, zone

CHANNELS: Final = frozenset({"air", "land", "rail", "ferry", "sea"})
NAMED: Final = frozenset(
    {
        "citizenship",
        "citizenships",
        "age",
        "date_of_birth",
        "birth_date",
        "purpose",
        "residence",
        "visa",
        "presence_14d",
    }
)
LONGEST_FLIGHT: Final = 20 * 3600


def read_case(question: Mapping[str, Any]) -> Case:
    """See `Case.from_json`."""
    traveller, trip = read.mapping(question, "traveller"), read.mapping(question, "trip")
    problems: list[Finding] = []
    known_day, known_at = _known(question)
    legs = _legs(question, trip, problems)
    country = border(legs[-1].destination_place)
    shelf = Shelf(zone(_zone(trip, "from", "origin_country")), problems)
    records: list[Evidence] = []
    evidence = read.objects(question.get("evidence"), "evidence", MAX_DOCUMENTS)
    read.too_many({"legs": (len(legs), MANY_LEGS), "documents": (len(evidence), MANY_DOCUMENTS)}, problems)
    for number, item in enumerate(evidence):
        take(shelf, number, item)
        records.extend(certificate(item))
    lands = any(border(leg.destination_place) == "US" and leg.channel == "air" for leg in legs)
    if lands and legs[0].departs_days[1] < _FIRST_LISTED:
        for what in ("attestation", "contact_info"):
            shelf.shown.setdefault(what, []).append(Shown(what))
    citizenships = citizenships_of(traveller, problems)
    status = status_of(traveller, citizenships, country, problems)
    born = born_of(traveller, legs[-1], problems)
    rest = {key: value for key, value in traveller.items() if key not in NAMED}
    stays = _stays(traveller, problems)
    return Case(
        legs=legs,
        crossing=_crossing(legs, problems),
        known_day=known_day,
        known_at=known_at,
        citizenships=citizenships,
        age=read.age_of(traveller.get("age"), problems),
        born=born,
        residence=read.code(traveller.get("residence")),
        status=status,
        visa=read.code(traveller.get("visa")),
        purpose=read.word(traveller.get("purpose")),
        facts={**{f"trip-{key}": value for key, value in trip.items()}, **rest},
        border=read.code(trip.get("border")),
        stays=stays,
        stays_complete=True,
        doses=shelf.doses(),
        tests=tuple(shelf.tests),
        recoveries=tuple(shelf.recoveries),
        shown={what: tuple(items) for what, items in shelf.shown.items()},
        party=party_of(traveller),
        records=tuple(records),
        problems=tuple(problems),
        ident=question["id"] if isinstance(question.get("id"), str) else None,
    )


_FIRST_LISTED: Final = 737791  # 1 January 2021: from here on the form lists attestation and contact data


def _known(question: Mapping[str, Any]) -> tuple[int, int | None]:
    value = question.get("as_known_on")
    if value is None:
        raise InputError(RulesCode.MISSING_FACT, facts={"fact": "as_known_on"})
    days = read.days_of(value)
    if days is None:
        raise InputError(RulesCode.DATE_IMPOSSIBLE, facts={"fact": "as_known_on"})
    moment = read.moment_of(value, zone(read.NEW_YORK))
    return days[1], None if moment is None else read.instant(moment)


def _zone(trip: Mapping[str, Any], *keys: str) -> str:
    """The zone of the first of the places that has one; New York where none has (a convention of the form)."""
    for key in keys:
        value = trip.get(key)
        found = spot(value) if isinstance(value, str) else None
        if found is not None and found.zone is not None:
            return found.zone
    return read.NEW_YORK


def _spot(trip: Mapping[str, Any], key: str, country_key: str, problems: list[Finding]) -> Spot:
    country = read.code(trip.get(country_key))
    given = trip.get(key) if isinstance(trip.get(key), str) and trip.get(key) else country
    found = spot(given) if given else None
    if found is None and country is None:
        raise InputError(RulesCode.MISSING_FACT if given is None else RulesCode.PLACE_UNKNOWN, facts={"fact": key})
    for fact, value in ((key, given), (country_key, country)):
        if value is not None and spot(value) is None:
            problems.append(read.problem(RulesCode.PLACE_UNKNOWN, fact=fact))
    place = country or (found.place if found else "")
    if found is not None and country in lineage(found.place):
        place = found.place  # the more exact of the two: LHR in GB is in GB-ENG
    return Spot(found.code if found else place, place, found.zone if found else None)


def _legs(question: Mapping[str, Any], trip: Mapping[str, Any], problems: list[Finding]) -> tuple[Movement, ...]:
    """The movements of the trip. Times belong to the whole trip: its first departure and its last arrival."""
    channel = read.word(trip.get("channel")) or "air"
    if channel not in CHANNELS:
        raise InputError(RulesCode.BAD_FACT, facts={"fact": "channel"})
    stops = trip.get("transit") or []
    if not isinstance(stops, list) or not all(isinstance(stop, str) for stop in stops):
        raise InputError(RulesCode.BAD_FACT, facts={"fact": "transit"})
    if len(stops) >= MAX_LEGS:
        raise InputError(RulesCode.TOO_MANY, facts={"fact": "transit", "count": len(stops), "limit": MAX_LEGS})
    spots = [_spot(trip, "from", "origin_country", problems)]
    for stop in stops:
        found = spot(stop)
        if found is None:
            problems.append(read.problem(RulesCode.PLACE_UNKNOWN, fact="transit"))
        else:
            spots.append(found)
    spots.append(_spot(trip, "to", "destination_country", problems))
    departs, arrives = _times(question, trip, channel, spots[0].zone, spots[-1].zone, problems)
    out = []
    for start, end in pairwise(spots):
        leaves, lands = zone(start.zone or read.NEW_YORK), zone(end.zone or read.NEW_YORK)
        out.append(
            Movement(
                start.code,
                start.place,
                end.code,
                end.place,
                channel,
                departs,
                (read.local_day(departs[0], leaves), read.local_day(departs[1], leaves)),
                arrives,
                (read.local_day(arrives[0], lands), read.local_day(arrives[1], lands)),
            )
        )
    return tuple(out)


def _times(
    question: Mapping[str, Any],
    trip: Mapping[str, Any],
    channel: str,
    leaves: str | None,
    lands: str | None,
    problems: list[Finding],
) -> tuple[Range, Range]:
    """First departure and last arrival as instants."""
    times: dict[str, int | None] = {}
    for key, local in (("departs", leaves), ("arrives", lands)):
        value = trip.get(key)
        moment = read.moment_of(value, zone(local or read.NEW_YORK))
        if value is not None and moment is None:
            raise InputError(RulesCode.DATE_IMPOSSIBLE, facts={"fact": key})
        times[key] = None if moment is None else read.instant(moment)
    departs, arrives = times["departs"], times["arrives"]
    travel = read.days_of(question.get("travel_date"))
    if travel is None and question.get("travel_date") is not None:
        raise InputError(RulesCode.DATE_IMPOSSIBLE, facts={"fact": "travel_date"})
    if travel is None and departs is None and arrives is None:
        raise InputError(RulesCode.MISSING_FACT, facts={"fact": "travel_date"})
    if departs is not None and arrives is not None:
        if arrives < departs:
            problems.append(read.problem(RulesCode.BACK_IN_TIME))
        return (departs, departs), (arrives, arrives)
    if departs is not None:
        return (departs, departs), (departs, departs)
    assumed = read.instant(read.noon(travel[0], read.NEW_YORK)) if travel is not None else None
    if arrives is None:
        assert assumed is not None
        return (assumed, assumed), (assumed, assumed)
    if channel != "air":
        return (arrives, arrives), (arrives, arrives)
    if assumed is not None and assumed < arrives:
        return (assumed, assumed), (arrives, arrives)
    return (arrives - LONGEST_FLIGHT, arrives), (arrives, arrives)


def _crossing(legs: tuple[Movement, ...], problems: list[Finding]) -> int:
    """Index of the leg that enters the country of the last destination."""
    country = border(legs[-1].destination_place)
    index = len(legs) - 1
    while index > 0 and border(legs[index].origin_place) == country:
        index -= 1
    if border(legs[index].origin_place) == country:
        problems.append(read.problem(RulesCode.NO_BORDER))
    return index


def _stays(traveller: Mapping[str, Any], problems: list[Finding]) -> tuple[Stayed, ...]:
    out = []
    for item in read.objects(traveller.get("presence_14d"), "presence_14d", MAX_DOCUMENTS):
        place, first, last = read.code(item.get("place")), read.days_of(item.get("from")), read.days_of(item.get("to"))
        if place is None or first is None or last is None or last[1] < first[0]:
            problems.append(read.problem(RulesCode.DATE_IMPOSSIBLE, fact="presence_14d"))
            continue
        found = spot(place)
        out.append(Stayed(found.place if found else place, first[0], last[1], bool(item.get("transit"))))
    return tuple(out)
