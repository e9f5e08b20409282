"""Vaccine products, their makers, and vaccine codes that name a technique but no product.

Product keys (`comirnaty`, `sputnik-v`, `yellow-fever` ...) are the words of the rule packs. Code systems: `dcc.mp`,
`dcc.ma` and `dcc.vp` (EU value sets), `cvx`, `icd11` (XM codes), `snomed` (with national extensions), `atc`, `icvp`
(WHO catalogue of prequalified products, both generations of ids); or the URL by which FHIR documents cite them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from verifier.health.record import Disease
from verifier.health.tables.load import system_name, table, words
from verifier.quick import remembered


@dataclass(frozen=True, slots=True)
class Product:
    """A vaccine product.

    Attributes:
        key: our stable name; what rule packs list.
        name: brand name for people.
        maker: who makes it, for people.
        disease: what it protects against.
        doses: doses of the primary series; None where no source states it (never to be guessed by a rule).
        platform: `mrna`, `vector`, `protein`, `inactivated`, `vlp`, `dna`, `live`, `oral-live`, or None.
        bivalent: True where the code or text names an adapted (bivalent) form. EU codes do not tell.
        holders: EU codes of the marketing authorisation holder that belong to it (`dcc.ma`).
        alternatives: keys of other products that the same code may mean (CVX 210 is any ChAdOx1 vaccine).
        source: names of the sources in `products.json`.
    """

    key: str
    name: str
    maker: str | None
    disease: Disease
    doses: int | None
    platform: str | None = None
    bivalent: bool = False
    holders: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VaccineKind:
    """What a code says that names no product: disease, technique (None if left open) and words for people."""

    disease: Disease
    platform: str | None
    name: str


@lru_cache(maxsize=1)
def products() -> Mapping[str, Product]:
    """Every product by key."""
    return {
        row["key"]: Product(
            key=row["key"],
            name=row["name"],
            maker=row.get("maker"),
            disease=Disease(row["disease"]),
            doses=row.get("series"),
            platform=row.get("platform"),
            holders=tuple(row.get("holders", ())),
            source=tuple(row["source"]),
        )
        for row in table("products")["products"]
    }


@lru_cache(maxsize=1)
def _by_code() -> Mapping[tuple[str, str], Product]:
    content, known = table("products"), products()
    shared: Mapping[str, list[str]] = content["shared_codes"]
    found: dict[tuple[str, str], Product] = {}
    for row in content["products"]:
        for field, bivalent in (("codes", False), ("bivalent", True)):
            for system, codes in row.get(field, {}).items():
                for code in codes:
                    others = tuple(shared.get(f"{system} {code}", ()))
                    found[system, code.casefold()] = replace(known[row["key"]], bivalent=bivalent, alternatives=others)
    for code, (key, name, maker, _) in table("icvp")["products"].items():
        found["icvp", code.casefold()] = replace(
            known[key], name=name or known[key].name, maker=maker, source=("icvp",)
        )
    return found


def product(system: str, code: str) -> Product | None:
    """The product a code names, or None (unknown code, or a code that names no product: see `vaccine_kind`)."""
    return _by_code().get((system_name(system), code.strip().casefold()))


def product_by_key(key: str) -> Product | None:
    """The product of one of our keys, or None."""
    return products().get(key)


_TIERS = ("brands", "substances", "makers")


@lru_cache(maxsize=1)
def _phrases() -> Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]:
    rows = table("products")["products"]
    return {tier: tuple((words(text), row["key"]) for row in rows for text in row.get(tier, ())) for tier in _TIERS}


@remembered(512)
def find_product(text: str) -> Product | None:
    """The one product that free text names (`COVISHIELD`, `COMIRNATY PFIZER/BIONTECH`), or None.

    Brand names count first, then substances, then makers with one product; within a step the longest match wins
    (`Sinopharm Wuhan` over `Sinopharm`). Text that names two products, or only a maker of several, gives None.
    """
    said = words(text)
    for tier in _TIERS:
        hits = [(phrase, key) for phrase, key in _phrases()[tier] if _contains(said, phrase)]
        keys = {key for phrase, key in hits if not any(_contains(other, phrase) for other, k in hits if k != key)}
        if len(keys) == 1:
            found = products()[keys.pop()]
            return replace(found, bivalent=True) if "bivalent" in said else found
        if keys:
            return None
    return None


def _contains(said: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    return any(said[at : at + len(phrase)] == phrase for at in range(len(said) - len(phrase) + 1))


@lru_cache(maxsize=1)
def _kinds() -> Mapping[tuple[str, str], VaccineKind]:
    content = table("vaccine_kinds")
    return {
        (system, code.casefold()): VaccineKind(Disease(disease), platform, name)
        for system in ("snomed", "atc", "icd11", "cvx")
        for code, (disease, platform, name) in content[system].items()
    }


def vaccine_kind(system: str, code: str) -> VaccineKind | None:
    """What a code says about technique and disease: of a generic code, or of the product it names; None if unknown."""
    name, key = system_name(system), code.strip().casefold()
    for each in ("snomed", "atc") if name == "dcc.vp" else (name,):
        if (kind := _kinds().get((each, key))) is not None:
            return kind
    found = _by_code().get((name, key))
    return None if found is None else VaccineKind(found.disease, found.platform, found.name)


def maker(code: str) -> str | None:
    """The name behind an EU code of a marketing authorisation holder or manufacturer (`dcc.ma`), or None."""
    name: str | None = table("makers")["dcc.ma"].get(code.strip())
    return name


def product_codes(key: str) -> Iterator[tuple[str, str]]:
    """(system, code) of every code that names a product by itself, bivalent forms included."""
    return ((system, code) for (system, code), found in _by_code().items() if found.key == key)
