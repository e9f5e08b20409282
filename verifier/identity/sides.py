"""A side of a pair, as JSON in the form of the name corpus, into a PersonName with its date of birth.

Forms by `source`: `dcc` fn, gn, fnt, gnt; `mrz` and `bcbp` name_field; `pnr` surname, given; `shc` family, given
(list); `vds` n; `divoc` and `text` name. Each may carry `dob`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from verifier.errors import InputError
from verifier.identity import names
from verifier.identity.codes import IdentityCode as C
from verifier.identity.dates import read_birth_date
from verifier.identity.names import NameSource, PersonName

MAX_GIVEN = 64  # entries of a list of given names


def _text(side: Mapping[str, Any], field: str) -> str:
    value = side.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InputError(C.FIELD_NOT_TEXT, facts={"field": field, "type": type(value).__name__})
    return value


def _given(side: Mapping[str, Any]) -> tuple[str, ...]:
    value = side.get("given")
    if value is None or isinstance(value, str):
        return (value,) if value else ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InputError(C.FIELD_NOT_TEXT, facts={"field": "given", "type": type(value).__name__})
    return tuple(value[:MAX_GIVEN])


def _dcc(side: Mapping[str, Any]) -> PersonName:
    return names.from_dcc(_text(side, "fn"), _text(side, "gn"), _text(side, "fnt"), _text(side, "gnt"))


_SOURCES = {source.value: source for source in NameSource}
READERS: dict[NameSource, Callable[[Mapping[str, Any]], PersonName]] = {
    NameSource.DCC: _dcc,
    NameSource.MRZ: lambda side: names.from_mrz(_text(side, "name_field")),
    NameSource.BCBP: lambda side: names.from_bcbp(_text(side, "name_field")),
    NameSource.PNR: lambda side: names.from_booking(_text(side, "surname"), _text(side, "given")),
    NameSource.SHC: lambda side: names.from_shc(_text(side, "family"), _given(side)),
    NameSource.VDS: lambda side: names.from_full(_text(side, "n"), NameSource.VDS),
    NameSource.DIVOC: lambda side: names.from_full(_text(side, "name"), NameSource.DIVOC),
    NameSource.TEXT: lambda side: names.from_full(_text(side, "name"), NameSource.TEXT),
}


def read_side(value: object) -> PersonName:
    """One side of a pair.

    Raises:
        InputError: SIDE_MISSING if it is no object, SOURCE_UNKNOWN, FIELD_NOT_TEXT for a field of another type.
    """
    if not isinstance(value, Mapping):
        raise InputError(C.SIDE_MISSING)
    source = value.get("source")
    if not isinstance(source, str) or source not in _SOURCES:
        raise InputError(C.SOURCE_UNKNOWN, facts={"known": sorted(_SOURCES)})
    name = READERS[_SOURCES[source]](value)
    birth, shifted, codes = read_birth_date(_text(value, "dob"))
    return names.dated(name._replace(caps=name.caps + codes) if codes else name, birth, shifted)
