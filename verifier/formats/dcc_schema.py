"""The EU DCC payload against the schema of its own version, as findings.

Real issuers depart from the schema in small ways and verifiers are advised to tolerate it, so a violation is a note:
what makes a certificate unreadable is decided in `eu_dcc`. Formats (`date`, `date-time`) are not part of this check.

Source: EU DCC schema 1.0.0 to 1.3.3 (rules restated, per version, in the tables below).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from verifier.findings import Code, Finding, Outcome


class SchemaCode(Code):
    """Departures from the schema. Facts: `path` in the payload, never a value."""

    MISSING = "schema.missing"
    TYPE = "schema.type"
    PATTERN = "schema.pattern"
    TOO_LONG = "schema.too-long"
    RANGE = "schema.range"
    ENTRIES = "schema.entries"


@dataclass(frozen=True, slots=True)
class Edition:
    """What differs between versions of the schema."""

    birth_date: re.Pattern[str]
    longest: int
    most_doses: int | None
    centre_required: bool
    either_name: bool
    exactly_one: bool
    result_time: bool
    device_name_bounded: bool


_FULL = re.compile(r"(19|20)\d{2}-\d{2}-\d{2}")
_PARTIAL = re.compile(r"^(19|20)\d\d(-\d\d){0,2}$")
_EMPTY_TOO = re.compile(r"^((19|20)\d\d(-\d\d){0,2}){0,1}$")
_VERSION = re.compile(r"^\d+.\d+.\d+$")
_STANDARD_NAME = re.compile(r"^[A-Z<]*$")
_COUNTRY = re.compile(r"[A-Z]{1,10}")

_1_0 = Edition(_FULL, 50, 9, True, False, False, True, False)
_1_1 = Edition(_PARTIAL, 50, 9, True, False, False, True, False)
_1_2 = Edition(_PARTIAL, 50, 9, True, False, False, False, False)
_1_3_0 = Edition(_EMPTY_TOO, 80, None, False, False, True, False, True)
_1_3_2 = Edition(_EMPTY_TOO, 80, None, False, True, True, False, True)
EDITIONS: Mapping[str, Edition] = {
    "1.0.0": _1_0, "1.0.1": _1_0, "1.1.0": _1_1, "1.2.0": _1_2, "1.2.1": _1_2,
    "1.3.0": _1_3_0, "1.3.1": _1_3_0, "1.3.2": _1_3_2, "1.3.3": _1_3_2,
}  # fmt: skip
LATEST = _1_3_2

TEXT, BOUNDED, COUNTRY, DOSE, DEVICE = range(5)
# field, kind, required; `tc` is required before 1.3.0 only, `dr` exists before 1.2.0 only
_FIELDS: Mapping[str, tuple[tuple[str, int, bool], ...]] = {
    "v": (
        ("tg", TEXT, True), ("vp", TEXT, True), ("mp", TEXT, True), ("ma", TEXT, True), ("dn", DOSE, True),
        ("sd", DOSE, True), ("dt", TEXT, True), ("co", COUNTRY, True), ("is", BOUNDED, True), ("ci", BOUNDED, True),
    ),
    "t": (
        ("tg", TEXT, True), ("tt", TEXT, True), ("nm", DEVICE, False), ("ma", TEXT, False), ("sc", TEXT, True),
        ("tr", TEXT, True), ("tc", BOUNDED, False), ("co", COUNTRY, True), ("is", BOUNDED, True), ("ci", BOUNDED, True),
    ),
    "r": (
        ("tg", TEXT, True), ("fr", TEXT, True), ("co", COUNTRY, True), ("is", BOUNDED, True), ("df", TEXT, True),
        ("du", TEXT, True), ("ci", BOUNDED, True),
    ),
}  # fmt: skip
GROUPS = ("v", "t", "r")
_ABSENT = object()


def _note(code: SchemaCode, path: str) -> Finding:
    return Finding(code, Outcome.NOTE, {"path": path})


def is_integer(value: object) -> bool:
    """JSON Schema's integer: 3 and 3.0, never true."""
    return not isinstance(value, bool) and (isinstance(value, int) or (isinstance(value, float) and value.is_integer()))


def violations(payload: Mapping[Any, Any]) -> tuple[Finding, ...]:
    """Every departure from the schema of the payload's own `ver` (the latest where the version is unknown)."""
    found: list[Finding] = []
    version = payload.get("ver")
    known = EDITIONS.get(version) if isinstance(version, str) else None
    edition = known or LATEST
    if known is None:  # the known ones are well-formed
        _text(found, payload, "ver", _VERSION)
    if not _plain_date(payload.get("dob")):
        _text(found, payload, "dob", edition.birth_date)
    _name(found, payload, edition)
    _groups(found, payload, edition)
    return tuple(found)


def _text(found: list[Finding], payload: Mapping[Any, Any], key: str, pattern: re.Pattern[str]) -> None:
    if key not in payload:
        found.append(_note(SchemaCode.MISSING, key))
    elif not isinstance(value := payload[key], str):
        found.append(_note(SchemaCode.TYPE, key))
    elif not pattern.search(value):
        found.append(_note(SchemaCode.PATTERN, key))


def _name(found: list[Finding], payload: Mapping[Any, Any], edition: Edition) -> None:
    name = payload.get("nam")
    if not isinstance(name, dict):
        found.append(_note(SchemaCode.TYPE if "nam" in payload else SchemaCode.MISSING, "nam"))
        return
    if _plain_name(name, edition):
        return
    if "fnt" not in name and not (edition.either_name and "gnt" in name):
        found.append(_note(SchemaCode.MISSING, "nam.fnt"))
    for key in ("fn", "gn", "fnt", "gnt"):
        value = name.get(key, _ABSENT)
        if value is _ABSENT:
            continue
        if not isinstance(value, str):
            found.append(_note(SchemaCode.TYPE, f"nam.{key}"))
            continue
        if len(value) > edition.longest:
            found.append(_note(SchemaCode.TOO_LONG, f"nam.{key}"))
        if len(key) == 3 and not _STANDARD_NAME.search(value):
            found.append(_note(SchemaCode.PATTERN, f"nam.{key}"))


def _groups(found: list[Finding], payload: Mapping[Any, Any], edition: Edition) -> None:
    entries = 0
    present = 0
    for group in GROUPS:
        if group not in payload:
            continue
        present += 1
        listed = payload[group]
        if not isinstance(listed, (list, tuple)):
            found.append(_note(SchemaCode.TYPE, group))
            continue
        entries += len(listed)
        if not listed:
            found.append(_note(SchemaCode.ENTRIES, group))
        for index, entry in enumerate(listed[:16]):
            _entry(found, entry, group, f"{group}.{index}", edition)
    if entries != 1 or (edition.exactly_one and present != 1):
        found.append(_note(SchemaCode.ENTRIES, "v|t|r"))


# Almost every entry and name is plain: all texts there, none too long. That is seen in a few steps, without loops and
# without regular expressions, whose engine is large and has left the processor's caches while a signature was checked.
_ALL_TEXT = {str}
_TEXTS: Mapping[str, Callable[[Any], tuple[Any, ...]]] = {
    "v": itemgetter("tg", "vp", "mp", "ma", "dt", "co", "is", "ci"),
    "t": itemgetter("tg", "tt", "sc", "tr", "co", "is", "ci"),
    "r": itemgetter("tg", "fr", "df", "du", "co", "is", "ci"),
}
_NAMES: Callable[[Any], tuple[Any, ...]] = itemgetter("fn", "gn", "fnt", "gnt")


def _plain_date(value: object) -> bool:
    """True for a full date of the years 1900 to 2099, which every edition takes; False says nothing."""
    return (
        isinstance(value, str)
        and len(value) == 10
        and value[4] == value[7] == "-"
        and value[:2] in ("19", "20")
        and (value[2:4] + value[5:7] + value[8:]).isdecimal()
    )


def _plain_name(name: Mapping[Any, Any], edition: Edition) -> bool:
    """True for four texts that hold to the schema; False says nothing."""
    try:
        texts = _NAMES(name)
    except KeyError:
        return False
    if set(map(type, texts)) != _ALL_TEXT or max(map(len, texts)) > edition.longest:
        return False
    standard = texts[2] + texts[3]
    return bool(standard.isascii() and standard.isupper() and standard.replace("<", "").isalpha())


def _plain_entry(entry: Mapping[Any, Any], group: str, edition: Edition) -> bool:
    """True for an entry that holds to the schema; False says nothing."""
    try:
        texts = _TEXTS[group](entry)
        *_, country, issuer, ident = texts
        if (
            set(map(type, texts)) != _ALL_TEXT
            or len(issuer) > edition.longest
            or len(ident) > edition.longest
            or not (country.isascii() and country.isupper())
        ):
            return False
        if group == "v":
            dose, total = entry["dn"], entry["sd"]
            return type(dose) is int and type(total) is int and 0 < dose < 10 and 0 < total < 10
    except KeyError:
        return False
    if group == "r":
        return True
    more = [entry[key] for key in ("nm", "ma", "tc", "dr") if key in entry]
    return ("tc" in entry or not edition.centre_required) and all(
        type(value) is str and len(value) <= edition.longest for value in more
    )


def _entry(found: list[Finding], entry: object, group: str, path: str, edition: Edition) -> None:
    if not isinstance(entry, dict):
        found.append(_note(SchemaCode.TYPE, path))
        return
    if _plain_entry(entry, group, edition):
        return
    for key, kind, required in _FIELDS[group]:
        value = entry.get(key, _ABSENT)
        if value is _ABSENT:
            if required or (key == "tc" and edition.centre_required):
                found.append(_note(SchemaCode.MISSING, f"{path}.{key}"))
        elif kind != TEXT or not isinstance(value, str):
            _field(found, value, kind, path, key, edition)
    if group == "t" and edition.result_time and "dr" in entry and not isinstance(entry["dr"], str):
        found.append(_note(SchemaCode.TYPE, f"{path}.dr"))


def _field(found: list[Finding], value: object, kind: int, entry: str, key: str, edition: Edition) -> None:
    if kind == DOSE:
        if not is_integer(value):
            found.append(_note(SchemaCode.TYPE, f"{entry}.{key}"))
        elif value < 1 or (edition.most_doses is not None and value > edition.most_doses):  # type: ignore[operator]
            found.append(_note(SchemaCode.RANGE, f"{entry}.{key}"))
        return
    if not isinstance(value, str):
        found.append(_note(SchemaCode.TYPE, f"{entry}.{key}"))
    elif kind == BOUNDED or (kind == DEVICE and edition.device_name_bounded):
        if len(value) > edition.longest:
            found.append(_note(SchemaCode.TOO_LONG, f"{entry}.{key}"))
    elif kind == COUNTRY and not _COUNTRY.search(value):
        found.append(_note(SchemaCode.PATTERN, f"{entry}.{key}"))
