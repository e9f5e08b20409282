"""IATA location codes: where a place is and in which time zone. The table is read once, when the first code is asked
for.

Sources: the airportsdata package (airports, and the airports of each city code), `data/stations.csv` (rail and bus),
the tzdata package (zones).
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from sys import intern

from verifier.model import Channel
from verifier.travel.tables import table

_WITH_IATA = re.compile(r'^"[^"]*","[A-Z0-9]{3}",.*$', re.MULTILINE)
_IATA, _SUBDIVISION, _COUNTRY, _ZONE = 1, 4, 5, 9  # columns of airports.csv
_ZONE_OF = {"GIB": "Europe/Gibraltar"}  # the table gives the zone of the town across the border


@dataclass(frozen=True, slots=True)
class Location:
    """What an IATA code stands for. `subdivision` is the name in the airport data; `zone` is an IANA name or empty."""

    country: str
    subdivision: str
    zone: str
    channel: Channel


@cache
def _airports() -> dict[str, tuple[str, str, str]]:
    """IATA code -> country, subdivision, zone; about 8,000 short tuples of shared texts."""
    text = (resources.files("airportsdata") / "airports.csv").read_text("utf-8")
    rows = csv.reader(_WITH_IATA.findall(text))
    return {row[_IATA]: (intern(row[_COUNTRY]), intern(row[_SUBDIVISION]), intern(row[_ZONE])) for row in rows}


@cache
def _cities() -> dict[str, tuple[str, ...]]:
    """City code -> its airports. A city that has the code of one of its airports is that airport."""
    text = (resources.files("airportsdata") / "iata_macs.csv").read_text("utf-8")
    members: dict[str, list[str]] = {}
    for row in csv.DictReader(text.splitlines()):
        members.setdefault(row["City Code"], []).append(row["Airport Code"])
    return {city: tuple(codes) for city, codes in members.items()}


@cache
def _stations() -> dict[str, Location]:
    return {
        row["code"]: Location(row["country"], "", row["zone"], Channel(row["channel"])) for row in table("stations")
    }


def locate(code: str) -> Location | None:
    """The location of an IATA airport, station or city code (three capitals or digits), or None where it is unknown.

    A city code is known where all its airports lie in one place and zone.
    """
    found = _airports().get(code)
    if found is not None:
        country, subdivision, zone = found
        return Location(country, subdivision, _ZONE_OF.get(code, zone), Channel.AIR)
    if code in _stations():
        return _stations()[code]
    airports = [_airports()[member] for member in _cities().get(code, ()) if member in _airports()]
    if not airports or len({(country, zone) for country, _, zone in airports}) != 1:
        return None
    country, _, zone = airports[0]
    subdivisions = {subdivision for _, subdivision, _ in airports}
    return Location(country, subdivisions.pop() if len(subdivisions) == 1 else "", zone, Channel.AIR)
