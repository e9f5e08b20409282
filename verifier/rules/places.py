"""Places as the rules see them: what lies in what, main zones, and lists of places that change with time.

Codes are ISO 3166-1 alpha-2 or ISO 3166-2 (`GB-ENG`) where a part of a country has rules of its own; airports are IATA.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

import yaml

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


@lru_cache(maxsize=4096)
def spot(code: str) -> Spot | None:
    """The place and zone of an IATA code or an ISO code; None where no such place is known."""
    found = find_place(code.strip())
    if found is None:
        return None
    single = found.zones[0] if len(found.zones) == 1 else None
    return Spot(found.code, found.territory, data()["zones"].get(found.territory, single))


@lru_cache(maxsize=1024)
def zone(name: str | None) -> ZoneInfo:
    """The zone of that name; UTC where the name is None or unknown."""
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class PlaceList:
    """A list with dated versions: `(from, announced, places)` as ordinals of days (0: since ever), oldest first."""

    versions: tuple[tuple[int, int, frozenset[str]], ...]

    def on(self, day: int, known_day: int) -> frozenset[str]:
        """The list that applied on a day, as known on another."""
        for start, announced, places in reversed(self.versions):
            if start <= day and announced <= known_day:
                return places
        return frozenset()


def place_list(rows: Iterable[Mapping[str, Any]]) -> PlaceList:
    """A list from its rows: `{places}` sets it, `{from, announced, added, removed}` change it.

    A row that is not yet known is left out by `on`, so each later version builds on all rows before it.
    """
    versions = []
    current: frozenset[str] = frozenset()
    for row in rows:
        start, announced = row.get("from"), row.get("announced")
        base = frozenset(row["places"]) if "places" in row else current
        current = base.union(row.get("added", ())).difference(row.get("removed", ()))
        told = announced or start
        versions.append((start.toordinal() if start else 0, told.toordinal() if told else 0, current))
    return PlaceList(tuple(versions))


@lru_cache(maxsize=1)
def common_lists() -> Mapping[str, PlaceList]:
    """The lists that several packs share."""
    return {name: place_list(rows) for name, rows in data()["lists"].items()}
