"""The scenario form of a case (JSON lines of the corpus and of `cleargate judge`)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

from verifier.errors import InputError
from verifier.findings import Finding
from verifier.rules import facts as read
from verifier.rules.case import MAX_DOCUMENTS, MAX_LEGS, Case, Companion, Evidence, Movement, Range, Shown, Stayed
from verifier.rules.case_evidence import Shelf, certificate, take
from verifier.rules.codes import RulesCode
from verifier.rules.logic import MET, OPEN, UNMET
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
US_STATUS: Final[Mapping[str, str]] = {
    "permanent-resident": "lpr",
    "lawful-permanent-resident": "lpr",
    "green-card": "lpr",
    "us-citizen": "citizen",
    "us-national": "national",
    "immigrant": "immigrant-visa",
    "non-immigrant": "nonimmigrant",
    "visa-waiver": "nonimmigrant",
    "esta": "nonimmigrant",
}
STATUS: Final[Mapping[str, str]] = {"canadian-citizen": "citizen", "pr": "permanent-resident"}
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
    for number, item in enumerate(read.objects(question.get("evidence"), "evidence", MAX_DOCUMENTS)):
        take(shelf, number, item)
        records.extend(certificate(item))
    lands = any(border(leg.destination_place) == "US" and leg.channel == "air" for leg in legs)
    if lands and legs[0].departs_days[1] < _FIRST_LISTED:
        for what in ("attestation", "contact_info"):
            shelf.shown.setdefault(what, []).append(Shown(what))
    citizenships = _citizenships(traveller)
    status = _status(traveller, citizenships, country, problems)
    born = _born(traveller, legs[-1], problems)
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
        party=_party(traveller),
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


def _spot(trip: Mapping[str, Any], key: str, country_key: str) -> Spot:
    country = read.code(trip.get(country_key))
    given = trip.get(key) if isinstance(trip.get(key), str) and trip.get(key) else country
    found = spot(given) if given else None
    if found is None and country is None:
        raise InputError(RulesCode.MISSING_FACT if given is None else RulesCode.PLACE_UNKNOWN, facts={"fact": key})
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
    spots = [_spot(trip, "from", "origin_country")]
    for stop in stops:
        found = spot(stop)
        if found is None:
            problems.append(read.problem(RulesCode.PLACE_UNKNOWN, fact="transit"))
        else:
            spots.append(found)
    spots.append(_spot(trip, "to", "destination_country"))
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


def _citizenships(traveller: Mapping[str, Any]) -> tuple[str, ...]:
    value = traveller.get("citizenship", traveller.get("citizenships"))
    given = value if isinstance(value, (list, tuple)) else [value]
    return tuple(found for found in map(read.code, given) if found)


def _status(
    traveller: Mapping[str, Any], citizenships: tuple[str, ...], country: str, problems: list[Finding]
) -> Mapping[str, str]:
    """`us_status` and the like by place. A citizenship of the destination is a status; contradictions are left out."""
    status: dict[str, str] = {}
    for key, value in traveller.items():
        stated = read.word(value) if key.endswith("_status") else None
        if stated:
            place = key[: -len("_status")].upper()
            status["GB" if place == "UK" else place] = (US_STATUS if place == "US" else STATUS).get(stated, stated)
    return read.settle_status(status, citizenships, country, problems)


def _born(traveller: Mapping[str, Any], entry: Movement, problems: list[Finding]) -> Range | None:
    value = traveller.get("date_of_birth", traveller.get("birth_date"))
    if value is None:
        return None
    days = read.days_of(value)
    if days is None:
        problems.append(read.problem(RulesCode.DATE_IMPOSSIBLE, fact="date_of_birth"))
    elif days[0] > entry.arrives_days[1]:
        problems.append(read.problem(RulesCode.BIRTH_AFTER_TRAVEL))
        return None
    return days


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


def _party(traveller: Mapping[str, Any]) -> tuple[Companion, ...] | None:
    """`accompanied_by`: null is alone, a text names one companion, a missing key says nothing."""
    if "accompanied_by" not in traveller:
        return None
    value = traveller["accompanied_by"]
    if value is None or value == [] or traveller.get("unaccompanied") is True:
        return ()
    return tuple(_companion(item) for item in (value if isinstance(value, list) else [value]))


def _companion(value: Any) -> Companion:
    if isinstance(value, Mapping):
        stated = value.get("fully_vaccinated", value.get("vaccinated"))
        known = (MET if stated else UNMET) if isinstance(stated, bool) else OPEN
        return Companion(read.word(value.get("relation", value.get("kind"))), read.age_of(value.get("age"), []), known)
    text = read.word(value) or ""
    if "unvaccinated" in text or "not-" in text or "partially" in text:
        vaccinated = UNMET
    else:
        vaccinated = MET if "vaccinated" in text else OPEN
    return Companion(text.rsplit("-", 1)[-1] or None, None, vaccinated)
