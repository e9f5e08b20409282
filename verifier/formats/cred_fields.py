"""What the values of a PaperCred mean, by type; and the types that state something about health as vaccinations, tests
and recoveries.

The type is not signed, so every value that a statement rests on must have its shape: dates are eight digits that name a
day. Otherwise the values are those of another type, or of none.

Source: `cred_fields.json`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from verifier.health import tables
from verifier.health.dates import parse_date, parse_datetime
from verifier.health.record import Coded, Disease, Holder, Recovery, Test, Vaccination
from verifier.model import UNKNOWN_DATE, Claim, PartialDate

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Statement:
    """What one payload says about health."""

    holder: Holder
    vaccinations: tuple[Vaccination, ...] = ()
    tests: tuple[Test, ...] = ()
    recoveries: tuple[Recovery, ...] = ()


@lru_cache(maxsize=1)
def _types() -> Mapping[str, tuple[str, ...]]:
    content = json.loads((Path(__file__).parent / "cred_fields.json").read_bytes())
    return {name: tuple(fields.split(" ")) for name, fields in content["types"].items()}


def named_values(kind: str, version: str, values: Sequence[str]) -> Values | None:
    """Values under their names; None where the type is unknown or has another number of values.

    Versions of a type only ever added values at the end, and writers put the later ones under the earlier version, so
    any version of the type with the right number of values will do.
    """
    known = _types()
    prefix = f"{kind.lower()}."
    stated = known.get(prefix + version, ())
    for fields in (stated, *(fields for name, fields in known.items() if name.startswith(prefix))):
        if fields and len(fields) == len(values):
            return dict(zip(fields, values, strict=True))
    return None


def statement(kind: str, values: Values) -> Statement | None:
    """The health statement of a payload; None where its values do not have the shape of its type."""
    reader = _READERS.get(kind.lower())
    return None if reader is None else reader(values)


def states(kind: str) -> frozenset[Claim]:
    """What a type states about health; empty for types that state nothing."""
    return _STATES.get(kind.lower(), frozenset())


def _date(text: str) -> PartialDate:
    """Eight digits, or ISO 8601; unknown otherwise."""
    plain = f"{text[:4]}-{text[4:6]}-{text[6:]}" if len(text) == 8 and text.isdigit() else text
    return parse_date(plain, field="date")[0]


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else None


def _text(values: Values, name: str) -> str | None:
    return values.get(name, "").strip() or None


def _product(*texts: str) -> Coded:
    """The first text that names a product by its words."""
    for text in texts:
        if (found := tables.find_product(text)) is not None:
            return Coded(text=text, key=found.key)
    return Coded(text=next((text for text in texts if text), None))


def _disease(text: str) -> Disease | None:
    return tables.disease_of("text", text) or tables.disease_of("snomed", text)


def _badge(values: Values) -> Statement | None:
    day = _date(values["date"])
    if day.exact is None:
        return None
    vaccination = Vaccination(
        disease=_disease(values["product"]) or Disease.OTHER,
        product=_product(values["product"], values["manuf"]),
        date=day,
        maker=Coded(text=_text(values, "manuf")),
        lot=_text(values, "lot"),
    )
    holder = Holder(full_name=_text(values, "name"), birth_date=_date(values.get("dob", "")))
    return Statement(holder, (vaccination,))


def _cowin(values: Values) -> Statement | None:
    day = _date(values["evidence.date"])
    if day.exact is None:
        return None
    vaccination = Vaccination(
        disease=Disease.COVID_19,
        product=_product(values["evidence.vaccine"], values["evidence.manufacturer"]),
        date=day,
        dose=_count(values["evidence.dose"]),
        total=_count(values["evidence.totalDoses"]),
        maker=Coded(text=_text(values, "evidence.manufacturer")),
        lot=_text(values, "evidence.batch"),
        country=_text(values, "evidence.facility.address.addressCountry"),
        centre=_text(values, "evidence.facility.name"),
    )
    holder = Holder(
        full_name=_text(values, "name"),
        age=int(values["age"])
        if values["age"].isascii() and values["age"].isdigit() and len(values["age"]) < 4
        else None,
        sex={"MALE": "M", "FEMALE": "F"}.get(values["gender"].upper()),
        nationality=_text(values, "nationality"),
    )
    return Statement(holder, (vaccination,))


def _dgc_holder(values: Values) -> Holder:
    return Holder(
        surname=_text(values, "nam.fn"),
        given=_text(values, "nam.gn"),
        surname_std=_text(values, "nam.fnt"),
        given_std=_text(values, "nam.gnt"),
        birth_date=_date(values["dob"]),
    )


def _dgc_vaccination(values: Values) -> Statement | None:
    day = _date(values["v.dt"])
    if day.exact is None:
        return None
    code = values["v.mp"]
    named = tables.product("dcc.mp", code)
    vaccination = Vaccination(
        disease=_disease(values["v.tg"]) or Disease.OTHER,
        product=Coded(code, "dcc.mp", key=None if named is None else named.key),
        date=day,
        dose=_count(values["v.dn"]),
        total=_count(values["v.sd"]),
        maker=Coded(_text(values, "v.ma"), "dcc.ma", tables.maker(values["v.ma"])),
        vaccine=Coded(_text(values, "v.vp"), "dcc.vp"),
        country=_text(values, "v.co"),
        issuer=_text(values, "v.is"),
        certificate_id=_text(values, "v.ci"),
    )
    return Statement(_dgc_holder(values), (vaccination,))


def _dgc_test(values: Values) -> Statement | None:
    sampled, day, _ = parse_datetime(values["t.sc"], field="sc")
    if day.exact is None:
        day = _date(values["t.sc"])
    if day.exact is None:
        return None
    test = Test(
        disease=_disease(values["t.tg"]) or Disease.OTHER,
        kind=tables.test_kind("loinc", values["t.tt"]),
        result=tables.test_result("snomed", values["t.tr"]),
        sampled=sampled,
        sampled_on=day,
        name=_text(values, "t.nm"),
        country=_text(values, "t.co"),
        centre=_text(values, "t.tc"),
        issuer=_text(values, "t.is"),
        certificate_id=_text(values, "t.ci"),
    )
    return Statement(_dgc_holder(values), tests=(test,))


def _dgc_recovery(values: Values) -> Statement | None:
    day = _date(values["r.fr"])
    if day.exact is None:
        return None
    recovery = Recovery(
        disease=_disease(values["r.tg"]) or Disease.OTHER,
        first_positive=day,
        valid_from=_date(values["r.df"]) if values["r.df"] else UNKNOWN_DATE,
        valid_until=_date(values["r.du"]) if values["r.du"] else UNKNOWN_DATE,
        country=_text(values, "r.co"),
        issuer=_text(values, "r.is"),
        certificate_id=_text(values, "r.ci"),
    )
    return Statement(_dgc_holder(values), recoveries=(recovery,))


_READERS: Mapping[str, Callable[[Values], Statement | None]] = {
    "badge": _badge,
    "cowin": _cowin,
    "dgc.vax": _dgc_vaccination,
    "dgc.test": _dgc_test,
    "dgc.recv": _dgc_recovery,
}
_STATES: Mapping[str, frozenset[Claim]] = {
    "badge": frozenset({Claim.VACCINATION}),
    "cowin": frozenset({Claim.VACCINATION}),
    "dgc.vax": frozenset({Claim.VACCINATION}),
    "dgc.test": frozenset({Claim.TEST}),
    "dgc.recv": frozenset({Claim.RECOVERY}),
}
