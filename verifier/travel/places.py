"""Places of a journey: countries, territories, subdivisions and IATA codes; whose entry rules hold there, and local
time.

A territory relates to its state in two ways that must not be mixed: to which state it belongs (Puerto Rico to US,
Hong Kong to CN), and whose entry rules hold at its border (Puerto Rico: US; Hong Kong: its own). Rules ask the second
question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib import resources
from typing import Literal
from zoneinfo import ZoneInfo

from verifier.errors import InputError
from verifier.findings import Code
from verifier.model import Channel, Leg
from verifier.quick import remembered
from verifier.travel.airports import locate
from verifier.travel.tables import table

Kind = Literal["country", "territory", "subdivision", "location"]
_CODE = re.compile("[A-Z]{2}(-[A-Z0-9]{1,3})?|[A-Z0-9]{3}")
_COUNTRIES = {row["alpha2"]: row for row in table("countries")}
_SUBDIVISIONS = {row["code"]: row for row in table("subdivisions")}
_BY_NAME = {(row["state"], row["name"]): code for code, row in _SUBDIVISIONS.items() if row["name"]}
_DAY = timedelta(days=1)
_NOON = time(12)


class PlaceCode(Code):
    """Errors of place codes."""

    MALFORMED = "places.malformed-code"
    UNKNOWN = "places.unknown-code"


@dataclass(frozen=True, slots=True)
class Place:
    """One place.

    Attributes:
        code: as asked for, in capitals.
        kind: what the code is; `location` is an airport, a station or a city with an IATA code.
        territory: the finest ISO code known for it: `PR`, `HK`, `GB-ENG`, `DE`.
        country: its ISO 3166-1 alpha-2 code: `PR`, `HK`, `GB`, `DE`.
        state: the state it belongs to: `US`, `CN`, `GB`, `DE`.
        entry: the country or territory whose entry rules hold at its border: `US`, `HK`, `GB`, `DE`.
        zones: IANA zones in use there; one for a location, several for a large country.
        channel: how travellers come through it, None where the code does not say.
    """

    code: str
    kind: Kind
    territory: str
    country: str
    state: str
    entry: str
    zones: tuple[str, ...]
    channel: Channel | None

    @property
    def zone(self) -> ZoneInfo | None:
        """Its time zone, None where it has none or several."""
        return ZoneInfo(self.zones[0]) if len(self.zones) == 1 else None

    @property
    def within(self) -> tuple[str, ...]:
        """Codes under which a rule may name it, finest first: `("GB-ENG", "GB")`, `("PR", "US")`, `("HK",)`."""
        return tuple(dict.fromkeys((self.territory, self.country, self.entry)))


@remembered(4096)
def find_place(code: str) -> Place | None:
    """The place with this code, or None.

    Args:
        code: ISO 3166-1 alpha-2 (`US`, `HK`), a known ISO 3166-2 subdivision (`GB-ENG`, `US-PR`), or an IATA location
            code (`JFK`, city `NYC`). Three characters are always IATA: `CAN` is Guangzhou. Small letters are taken as
            capitals.
    """
    code = code.upper() if code.isascii() else ""
    if _CODE.fullmatch(code) is None:
        return None
    if len(code) == 2:
        return _country(code, code)
    if len(code) == 3:
        return _location(code)
    row = _SUBDIVISIONS.get(code)
    if row is None:
        return None
    if row["same_as"]:
        return _country(row["same_as"], code)
    state = row["state"]
    return Place(code, "subdivision", code, state, state, _COUNTRIES[state]["entry"], _zones().get(state, ()), None)


def place(code: str) -> Place:
    """The place with this code; see `find_place`.

    Raises:
        InputError: MALFORMED where no code looks like this, UNKNOWN where no such place is known.
    """
    found = find_place(code)
    if found is not None:
        return found
    if not code.isascii() or _CODE.fullmatch(code.upper()) is None:
        raise InputError(PlaceCode.MALFORMED, facts={"length": len(code)})
    raise InputError(PlaceCode.UNKNOWN, facts={"code": code.upper()})


def local_noon(code: str, day: date) -> datetime | None:
    """Noon of a calendar day at a place, with its zone: the convention for a departure whose time is not known.

    None where the place has several zones that disagree about that noon.

    Raises:
        InputError: as for `place`.
    """
    noons = [datetime.combine(day, _NOON, ZoneInfo(zone)) for zone in place(code).zones]
    return noons[0] if len({noon.timestamp() for noon in noons}) == 1 else None


def local_day(code: str, day: date) -> tuple[datetime, datetime] | None:
    """The first instant of a calendar day at a place and the first one after it, widest over its zones; None without
    zone.

    Raises:
        InputError: as for `place`.
    """
    zones = [ZoneInfo(zone) for zone in place(code).zones]
    if not zones or day == date.max:
        return None
    starts = [datetime.combine(day, time(), zone) for zone in zones]
    ends = [datetime.combine(day + _DAY, time(), zone) for zone in zones]
    return min(starts, key=datetime.timestamp), max(ends, key=datetime.timestamp)


@dataclass(frozen=True, slots=True)
class Departure:
    """When a leg departs.

    Attributes:
        instant: the departure, or noon local where only the day is known.
        earliest, latest: the same instant where the time is known, else the bounds of the day: an edge of a rule
            between them cannot be decided.
        exact: True where the time is known.
    """

    instant: datetime
    earliest: datetime
    latest: datetime
    exact: bool


def departure(leg: Leg) -> Departure | None:
    """The departure of a leg; None where neither time nor day is known, or the zone of its origin is not.

    Raises:
        InputError: the origin is no place and only a day is stated.
    """
    if leg.departs is not None and leg.departs.tzinfo is not None:
        return Departure(leg.departs, leg.departs, leg.departs, exact=True)
    day = leg.departs.date() if leg.departs is not None else leg.flight_date
    if day is None:
        return None
    if leg.departs is not None and (zone := place(leg.origin).zone) is not None:
        instant = leg.departs.replace(tzinfo=zone)
        return Departure(instant, instant, instant, exact=True)
    bounds = local_day(leg.origin, day)
    if bounds is None:
        return None
    return Departure(local_noon(leg.origin, day) or bounds[0] + (bounds[1] - bounds[0]) / 2, *bounds, exact=False)


def _country(alpha2: str, code: str) -> Place | None:
    row = _COUNTRIES.get(alpha2)
    if row is None:
        return None
    kind: Kind = "country" if row["state"] == alpha2 else "territory"
    return Place(code, kind, alpha2, alpha2, row["state"], row["entry"], _zones().get(alpha2, ()), None)


def _location(code: str) -> Place | None:
    found = locate(code)
    if found is None or found.country not in _COUNTRIES:
        return None
    country, territory = found.country, found.country
    subdivision = _BY_NAME.get((country, found.subdivision))
    if subdivision is not None:
        territory = _SUBDIVISIONS[subdivision]["same_as"] or subdivision
        country = _SUBDIVISIONS[subdivision]["same_as"] or country
    row = _COUNTRIES[country]
    zones = (found.zone,) if found.zone else ()
    return Place(code, "location", territory, country, row["state"], row["entry"], zones, found.channel)


@cache
def _zones() -> dict[str, tuple[str, ...]]:
    """Country -> its zones, the most important first, from the zone table of tzdata."""
    zones: dict[str, list[str]] = {}
    for line in (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            zones.setdefault(country, []).append(zone)
    zones["XK"] = ["Europe/Belgrade"]
    return {country: tuple(names) for country, names in zones.items()}
