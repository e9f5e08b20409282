"""Journeys out of boarding passes, and one journey out of several sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from verifier.findings import Finding, Outcome
from verifier.model import Channel, Journey, Leg, Source
from verifier.travel.boarding_pass import BoardingPass, PassLeg
from verifier.travel.boarding_pass.dates import across_date_line
from verifier.travel.codes import TravelCode
from verifier.travel.places import find_place

# A flight list knows times, a booking the whole trip, a pass what was checked in.
RANK = {
    Source.AGENT: 0,
    None: 0,
    Source.FLIGHT_LIST: 1,
    Source.BOOKING: 2,
    Source.BOARDING_PASS: 3,
    Source.PASSPORT: 4,
    Source.CERTIFICATE: 4,
}

WHOLE_TRIP = frozenset({Source.AGENT, None, Source.BOOKING})


def journey_from_boarding_pass(found: BoardingPass) -> Journey:
    """The legs that a boarding pass states, in order.

    Places are IATA codes as printed (see `unknown_places`); flight numbers are without leading zeros; a pass holds
    days and no times, so `departs` is None. Purpose and earlier stays are not on a pass.
    """
    legs: list[Leg] = []
    before: date | None = None
    for leg in found.legs:
        day = leg.flight_date
        if before is not None and day is not None:
            day = across_date_line(before, day, leg.day_of_year) or day
        before = day
        legs.append(
            Leg(
                origin=leg.origin,
                destination=leg.destination,
                channel=_channel(leg),
                flight_date=day,
                carrier=leg.operating_carrier or None,
                flight=leg.flight_number.lstrip("0") or None,
            )
        )
    return Journey(tuple(legs), sources={"legs": Source.BOARDING_PASS})


def _channel(leg: PassLeg) -> Channel:
    """By air, unless one end is a railway or bus station."""
    ends = (find_place(leg.origin), find_place(leg.destination))
    channels = (end.channel for end in ends if end is not None)
    return next((channel for channel in channels if channel not in (None, Channel.AIR)), None) or Channel.AIR


def unknown_places(journey: Journey) -> tuple[Finding, ...]:
    """A finding for every end of a leg whose place is not known: no rule and no time zone can be found for it."""
    return tuple(
        Finding(TravelCode.PLACE_UNKNOWN, Outcome.OPEN, {"leg": number, "code": code[:6]})
        for number, leg in enumerate(journey.legs, 1)
        for code in (leg.origin, leg.destination)
        if find_place(code) is None
    )


def merge_journeys(journeys: Sequence[Journey]) -> tuple[Journey, tuple[Finding, ...]]:
    """One journey out of what several sources say of the same trip.

    The journey with the most legs leads, of equally long ones that of the better source; the others complete its legs
    and may not contradict them. A leg of another source that it does not have is a finding, and so is a longer journey
    of a lesser source that ends under other entry rules than an agent or the booking says: a boarding pass proves
    nothing about where a person goes. (A flight list knows one flight and not where its passengers go on to.)

    Raises:
        ValueError: there is no journey.
    """
    ordered = sorted(journeys, key=lambda journey: (-len(journey.legs), RANK[journey.sources.get("legs")]))
    if not ordered:
        raise ValueError("no journey")
    said: list[Finding] = []
    best = min(ordered, key=lambda journey: RANK[journey.sources.get("legs")])
    if best.legs and best.sources.get("legs") in WHOLE_TRIP and _entry(best) != _entry(ordered[0]):
        names = [source.value for source in (best.sources.get("legs"), ordered[0].sources.get("legs")) if source]
        said.append(Finding(TravelCode.ROUTES_DIFFER, Outcome.OPEN, {"sources": names}))
    legs = list(ordered[0].legs)
    sources = dict(ordered[0].sources)
    purpose, stays = ordered[0].purpose, ordered[0].stays
    for other in ordered[1:]:
        names = [source.value for source in (ordered[0].sources.get("legs"), other.sources.get("legs")) if source]
        taken: set[int] = set()
        for leg in other.legs:
            at = next((n for n, it in enumerate(legs) if n not in taken and _same_route(it, leg)), None)
            if at is None:
                said.append(Finding(TravelCode.ROUTES_DIFFER, Outcome.OPEN, {"sources": names}))
                continue
            taken.add(at)
            legs[at] = _merged(legs[at], leg, {"sources": names, "leg": at + 1}, said)
        if other.purpose is not None:
            if purpose is None:
                purpose = other.purpose
                sources.update({key: value for key, value in other.sources.items() if key == "purpose"})
            elif purpose != other.purpose:
                said.append(Finding(TravelCode.PURPOSES_DIFFER, Outcome.OPEN, {"sources": names}))
        if stays is None and other.stays is not None:
            stays = other.stays
            sources.update({key: value for key, value in other.sources.items() if key == "stays"})
    return Journey(tuple(legs), purpose, stays, sources), tuple(said)


def _entry(journey: Journey) -> str | None:
    """Whose entry rules hold where a journey ends."""
    found = find_place(journey.legs[-1].destination) if journey.legs else None
    return None if found is None else found.entry


def _same_route(one: Leg, other: Leg) -> bool:
    return _same_place(one.origin, other.origin) and _same_place(one.destination, other.destination)


def _same_place(one: str, other: str) -> bool:
    """The same code, or a country and an airport in it. Two airports are never the same, not even of one city."""
    if one == other:
        return True
    places = find_place(one), find_place(other)
    if places[0] is None or places[1] is None or (places[0].kind == places[1].kind == "location"):
        return False
    return places[0].code in places[1].within or places[1].code in places[0].within


def _merged(leg: Leg, other: Leg, facts: dict[str, object], said: list[Finding]) -> Leg:
    """The leg with what it does not know taken from the other one."""
    if leg.carrier and other.carrier and leg.flight and other.flight:
        here, there = (it.flight.lstrip("0") if it.flight else "" for it in (leg, other))
        if (leg.carrier, here) != (other.carrier, there):
            said.append(Finding(TravelCode.FLIGHTS_DIFFER, Outcome.OPEN, facts))
    days = [it.flight_date or (it.departs.date() if it.departs else None) for it in (leg, other)]
    if None not in days and days[0] != days[1]:
        said.append(Finding(TravelCode.FLIGHT_DATES_DIFFER, Outcome.OPEN, facts))
    elif leg.departs is not None and other.departs is not None and leg.departs != other.departs:
        said.append(Finding(TravelCode.DEPARTURES_DIFFER, Outcome.OPEN, facts))
    filled = {
        name: getattr(other, name)
        for name in ("departs", "arrives", "flight_date", "carrier", "flight", "border")
        if getattr(leg, name) is None
    }
    # an airport says more than its country
    for name in ("origin", "destination"):
        if len(getattr(leg, name)) != 3 and len(getattr(other, name)) == 3:
            filled[name] = getattr(other, name)
    return replace(leg, **filled)
