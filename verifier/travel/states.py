"""State codes of machine-readable zones: ISO 3166-1 alpha-3 and the specials of ICAO Doc 9303-3 section 5."""

from __future__ import annotations

from verifier.travel.tables import table

_ALPHA2 = {row["alpha3"]: row["alpha2"] for row in table("countries")}
_SPECIAL = {row["code"]: row for row in table("states")}
SPECIMENS = frozenset(code for code, row in _SPECIAL.items() if row["kind"] == "specimen")


def is_state(code: str) -> bool:
    """True for a code that may stand as issuer or nationality, specimens included."""
    return code in _ALPHA2 or code in _SPECIAL


def citizenship(code: str) -> str | None:
    """The code of `Traveller.citizenships` for a nationality of a zone.

    ISO 3166-1 alpha-2 where the code means the citizens of one country (`DEU` and `D` are `DE`, `RKS` is `XK`), else
    the ICAO special itself (`XXA` stateless, `GBN` British national overseas, `UNO`). None for codes of no state,
    empty included.
    """
    special = _SPECIAL.get(code)
    if special is not None:
        return special["alpha2"] or code
    return _ALPHA2.get(code)


def country_of(code: str) -> str | None:
    """The country that a code means, or that a nationality special belongs to (`GBN`: `GB`); None without one."""
    special = _SPECIAL.get(code)
    if special is not None:
        return special["country"] or None
    return _ALPHA2.get(code)
