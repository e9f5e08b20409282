"""Country codes: ISO 3166-1, with the codes that only travel documents use (ICAO Doc 9303 part 3 section 5)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from verifier.health.tables.load import table


@lru_cache(maxsize=1)
def _alpha3() -> Mapping[str, str]:
    codes: Mapping[str, str] = table("countries")["alpha3"]
    return codes


@lru_cache(maxsize=1)
def _alpha2() -> Mapping[str, str]:
    return {**{three: two for two, three in _alpha3().items()}, **table("countries")["alpha2_of_special"]}


def country_alpha2(alpha3: str) -> str | None:
    """ISO alpha-2 of an alpha-3 or travel-document code (`D`, `GBN`, `RKS`); None for no country (`XXA`, `UTO`).

    Fillers and case are ignored. `EU` and `UN` stand for the two that issue laissez-passers.
    """
    return _alpha2().get(alpha3.strip().rstrip("<").upper())


def country_alpha3(alpha2: str) -> str | None:
    """ISO alpha-3 of an alpha-2 code, or None."""
    return _alpha3().get(alpha2.strip().upper())


def is_country(alpha2: str) -> bool:
    """True for the alpha-2 codes of ISO 3166-1, and XK."""
    return alpha2 in _alpha3()


def special_code(code: str) -> str | None:
    """What a travel-document code that is no country means (`XXA`: stateless person), in English; else None."""
    meaning: str | None = table("countries")["special"].get(code.strip().rstrip("<").upper())
    return meaning


def country_name(alpha2: str, language: str = "en") -> str | None:
    """The name of a country in a language (Unicode CLDR through Babel), or None where either is unknown."""
    from babel import Locale, UnknownLocaleError  # only answers in words need Babel; it costs start-up time

    try:
        name = Locale.parse(language).territories.get(alpha2.strip().upper())
    except (UnknownLocaleError, ValueError):
        return None
    return None if name is None else str(name)
