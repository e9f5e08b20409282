"""Places as the rules see them: what lies in what, main zones, and lists of places that change with time.

Codes are ISO 3166-1 alpha-2 or ISO 3166-2 (`GB-ENG`) where a part of a country has rules of its own; airports are IATA.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from verifier.quick import remembered
from verifier.travel.places import find_place


@dataclass(frozen=True, slots=True)
class Spot:
    """One point of a journey: the code as given, its place, and its zone name (None: not known)."""

    code: str
    place: str
    zone: str | None


@lru_cache(maxsize=1)
def data() -> Mapping[str, Any]:
    """`data/places.yaml`, read once."""
    text = resources.files(__package__).joinpath("data/places.yaml").read_text("utf-8")
    loaded: Mapping[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return loaded


@lru_cache(maxsize=4096)
def lineage(place: str) -> frozenset[str]:
    """The place and everything it lies in whose rules hold there: `GB-ENG` -> {GB-ENG, GB}, `PR` -> {PR, US}."""
    found = find_place(place)
    return frozenset((place,)) if found is None else frozenset((place, *found.within))


@lru_cache(maxsize=4096)
def border(place: str) -> str:
    """The country whose border is crossed on entering the place: `PR` -> `US`, `GB-ENG` -> `GB`, `HK` -> `HK`."""
    found = find_place(place)
    return place if found is None else found.entry


def within(place: str, places: frozenset[str]) -> bool:
    """Whether the place, or one it lies in, is among the places."""
    return place in places or not places.isdisjoint(lineage(place))


@remembered(4096)
def spot(code: str) -> Spot | None:
    """The place and zone of an IATA code or an ISO code; None where no such place is known."""
    found = find_place(code.strip())
    if found is None:
        return None
    zone_name = found.zones[0] if len(found.zones) == 1 else data()["zones"].get(found.territory)
    return Spot(found.code, found.territory, zone_name)


@lru_cache(maxsize=1024)
def zone(name: str | None) -> ZoneInfo:
    """The zone of that name; UTC where the name is None or unknown."""
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class PlaceList:
    """A list with dated versions: `(from, hour, announced, places)`, oldest first.

    `from` and `announced` are ordinals of days (0: since ever); `hour` is the instant in that day from which on the
    version holds (seconds since 1970 UTC; 0: all day).
    """

    versions: tuple[tuple[int, int, int, frozenset[str]], ...]

    def on(self, day: int, known_day: int, at: int | None = None) -> frozenset[str]:
        """The list that applied on a day, as known on another; at an instant of it, or at its end."""
        for start, hour, announced, places in reversed(self.versions):
            if start <= day and announced <= known_day and (at is None or hour <= at):
                return places
        return frozenset()

    def always(self) -> frozenset[str] | None:
        """The places of a list that never changes; None for one that does."""
        if len(self.versions) == 1 and not any(self.versions[0][:3]):
            return self.versions[0][3]
        return None


def place_list(rows: Iterable[Mapping[str, Any]], local: ZoneInfo | None = None) -> PlaceList:
    """A list from its rows: `{places}` sets it, `{from, announced, added, removed}` change it.

    A row that is not yet known is left out by `on`, so each later version builds on all rows before it. `from` may be a
    time, local to the authority (`local`) where it names no offset.
    """
    versions = []
    current: frozenset[str] = frozenset()
    for row in rows:
        start, announced = row.get("from"), row.get("announced")
        base = frozenset(row["places"]) if "places" in row else current
        current = base.union(row.get("added", ())).difference(row.get("removed", ()))
        told, hour = announced or start, 0
        if isinstance(start, datetime):
            hour = int(start.replace(tzinfo=start.tzinfo or local or UTC).timestamp())
        versions.append((start.toordinal() if start else 0, hour, told.toordinal() if told else 0, current))
    return PlaceList(tuple(versions))


@lru_cache(maxsize=1)
def common_lists() -> Mapping[str, PlaceList]:
    """The lists that several packs share."""
    return {name: place_list(rows) for name, rows in data()["lists"].items()}
