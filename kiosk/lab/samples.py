"""Sample passengers of the document factory in the form of the API."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from fixtures.documents import Document
from fixtures.flights import Flight, Passenger, flight, flights
from fixtures.personas import UnknownNameError
from fixtures.render.codes import matrix, png
from kiosk.words import words
from verifier.rules.places import spot, zone


def overview(language: str) -> list[dict[str, Any]]:
    """Each flight: `{name, title, turning_point, clock, clock_said, passengers: [{name, shown_as, ...}]}`."""
    say = words(language)
    return [
        {
            "name": each.name,
            "title": each.title,
            "turning_point": each.turning_point,
            "clock": each.clock.isoformat(),
            "clock_said": say.moment(each.clock),
            "passengers": [_entry(person) for person in each.passengers],
        }
        for each in flights().values()
    ]


def _entry(person: Passenger) -> dict[str, Any]:
    return {
        "name": person.persona.name,
        "shown_as": f"{person.persona.given} {person.persona.surname}".strip(),
        "about": person.persona.about,
        "verdict": person.verdict,
        "why": person.why,
    }


def passenger(flight_name: str, name: str) -> dict[str, Any]:
    """The question a desk would ask about this passenger, and the documents to show with it.

    Returns:
        `{address, flight, traveller, journey, shown, party, at, known, documents: [{name, kind, format, pictures}],
        boarding_pass, mrz, verdict, why}`; times of the journey are local to their places, as an agent would type them.

    Raises:
        UnknownNameError: no such flight or passenger.
    """
    on, person = _find(flight_name, name)
    base = f"/lab/flights/{on.name}/passengers/{name}"
    return {
        **_entry(person),
        "address": f"{base}/",
        "flight": on.title,
        "traveller": person.traveller,
        "journey": _local(person.journey),
        "shown": [dict(item) for item in person.shown],
        "party": [{"traveller": other.traveller, "bytes_b64": _codes(on.name, other)} for other in person.party]
        or None,
        "at": on.clock.isoformat(),
        "known": _known(on).isoformat(),
        "documents": [
            {
                "name": document.name,
                "kind": document.claim,
                "format": document.format,
                "pictures": [f"{base}/{number}-{code}.png" for code in range(len(document.texts))],
            }
            for number, document in enumerate(documents(on.name, name))
        ],
        "boarding_pass": person.boarding_pass,
        "mrz": "\r".join(person.mrz),
    }


def picture(flight_name: str, name: str, document: int, code: int) -> bytes:
    """One code as a PNG file.

    Raises:
        UnknownNameError, IndexError: no such thing.
    """
    _find(flight_name, name)
    return png(documents(flight_name, name)[document].images()[code])


def boarding_pass_picture(flight_name: str, name: str) -> bytes:
    """The boarding pass as an Aztec code in a PNG file.

    Raises:
        UnknownNameError: no such flight or passenger.
        LookupError: nobody flies on this journey.
    """
    text = _find(flight_name, name)[1].boarding_pass
    if text is None:
        raise LookupError("no boarding pass")
    return png(matrix(text.encode("ascii"), symbology="aztec"))


@lru_cache(maxsize=64)
def documents(flight_name: str, name: str) -> tuple[Document, ...]:
    """The documents of a passenger; signing them takes a while, so the last few are kept."""
    return tuple(_find(flight_name, name)[1].documents())


def _find(flight_name: str, name: str) -> tuple[Flight, Passenger]:
    on = flight(flight_name)
    for person in on.passengers:
        if person.persona.name == name:
            return on, person
    raise UnknownNameError("passenger", name, [person.persona.name for person in on.passengers])


def _codes(flight_name: str, person: Passenger) -> list[str]:
    held = documents(flight_name, person.persona.name)
    return [base64.b64encode(text).decode() for document in held for text in document.texts]


def _known(on: Flight) -> datetime:
    """The day whose knowledge counts, at the hour of the check."""
    return datetime.combine(on.known, on.clock.astimezone(UTC).timetz())


def _local(journey: Mapping[str, Any]) -> dict[str, Any]:
    legs = []
    for leg in journey["legs"]:
        told = dict(leg)
        for key, place in (("departs", "origin"), ("arrives", "destination")):
            found = spot(leg[place])
            if found is not None and found.zone is not None:
                moment = datetime.fromisoformat(leg[key]).astimezone(zone(found.zone))
                told[key] = moment.replace(tzinfo=None).isoformat(timespec="minutes")
        legs.append(told)
    return {**journey, "legs": legs}
