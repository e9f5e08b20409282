"""Traveller values out of passports and boarding passes, and one traveller out of several sources.

Every value says where it came from. Where sources contradict each other the better one is taken and the conflict is a
finding: nothing is decided silently. Whether two names mean one person is decided in `verifier.identity`, not here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from verifier.findings import Finding, Outcome
from verifier.model import UNKNOWN_DATE, PartialDate, Source, TravelDocument, Traveller
from verifier.travel.boarding_pass import BoardingPass
from verifier.travel.codes import TravelCode
from verifier.travel.mrz import Mrz
from verifier.travel.states import citizenship

T = TypeVar("T")

# The better source first. A value without a source was typed by whoever asks, like an agent's.
RANK: Mapping[Source | None, int] = {
    Source.PASSPORT: 0,
    Source.AGENT: 1,
    None: 1,
    Source.BOOKING: 2,
    Source.FLIGHT_LIST: 3,
    Source.BOARDING_PASS: 4,
    Source.CERTIFICATE: 5,
}
_SEX_OF_DESCRIPTION = {"1": "M", "2": "F", "X": "X"}


def traveller_from_mrz(mrz: Mrz) -> Traveller:
    """The traveller that a machine-readable zone describes.

    A value whose check digit does not agree is left out; the rest stays. The name is taken as it stands: no digit
    covers it.
    """
    found, checks = mrz.fields, mrz.checks
    nationality = citizenship(found.nationality)
    values: dict[str, Any] = {
        "surname": found.surname or None,
        "given_names": found.given_names or None,
        "name_field": mrz.name_field,
        "birth_date": mrz.birth if checks["birth_date"] else UNKNOWN_DATE,
        "sex": found.sex if found.sex in ("M", "F", "X") else None,
        "citizenships": () if nationality is None else (nationality,),
        "document": TravelDocument(
            number=found.document_number or None if checks["document_number"] else None,
            kind=found.document_code or None,
            issuer=citizenship(found.issuing_state),
            expires=PartialDate.of(mrz.expires) if mrz.expires and checks["expiry_date"] else UNKNOWN_DATE,
        ),
    }
    return Traveller(**values, sources=_sources(values, Source.PASSPORT))


def traveller_from_boarding_pass(found: BoardingPass) -> Traveller:
    """The passenger that a boarding pass names: booking name, and sex where it is stated. Never a birth date."""
    values: dict[str, Any] = {
        "surname": found.surname or None,
        "given_names": found.given_names or None,
        "name_field": found.name_field,
        "sex": _SEX_OF_DESCRIPTION.get(found.unique.get("passenger_description", "")),
    }
    return Traveller(**values, sources=_sources(values, Source.BOARDING_PASS))


def merge_travellers(travellers: Sequence[Traveller]) -> tuple[Traveller, tuple[Finding, ...]]:
    """One traveller out of what several sources say of the same person.

    Args:
        travellers: one per source, each with its `sources`; in any order.

    Returns:
        The traveller, each value from the best source that has one (passport, agent, booking, flight list, boarding
        pass, certificate), and a finding for every contradiction. Names are taken together from one source and not
        compared.
    """
    said: list[Finding] = []
    values: dict[str, Any] = {}
    sources: dict[str, Source] = {}

    def take(name: str, value: Any, source: Source | None) -> None:
        values[name] = value
        if source is not None:
            sources[name] = source

    named = _stated(travellers, "surname", lambda t: t.surname or t.given_names)
    if named:
        for name in ("surname", "given_names", "name_field"):
            value = getattr(named[0][0], name)
            if value is not None:
                take(name, value, named[0][0].sources.get(name, named[0][2]))
    for name, merge in _MERGES.items():
        stated = _stated(travellers, name, lambda t, name=name: getattr(t, name))  # type: ignore[misc]
        if stated:
            value, source = merge(name, [(value, source) for _, value, source in stated], said)
            take(name, value, source)
    return Traveller(**values, sources=sources), tuple(said)


Stated = list[tuple[Any, Source | None]]


def _stated(
    travellers: Iterable[Traveller], name: str, value: Callable[[Traveller], T]
) -> list[tuple[Traveller, T, Source | None]]:
    """Who states a value, the best source first."""
    found = [(t, value(t), t.sources.get(name)) for t in travellers]
    known = [entry for entry in found if (entry[1] and entry[1] != UNKNOWN_DATE) or entry[1] == 0]
    return sorted(known, key=lambda entry: RANK[entry[2]])


def _sources(values: Mapping[str, Any], source: Source) -> dict[str, Source]:
    """The source of every value that says something."""
    return {name: source for name, value in values.items() if value and value != UNKNOWN_DATE}


def _say(code: TravelCode, outcome: Outcome, stated: Stated, **facts: Any) -> Finding:
    names = [source.value for _, source in stated if source is not None]
    return Finding(code, outcome, {"sources": list(dict.fromkeys(names)), **facts})


def _same(code: TravelCode) -> Callable[[str, Stated, list[Finding]], tuple[Any, Source | None]]:
    """A merge of plain values: the best one, and a finding where another differs."""

    def merge(name: str, stated: Stated, said: list[Finding]) -> tuple[Any, Source | None]:
        if any(value != stated[0][0] for value, _ in stated):
            said.append(_say(code, Outcome.OPEN, stated, field=name))
        return stated[0]

    return merge


def _birth_dates(_: str, stated: Stated, said: list[Finding]) -> tuple[Any, Source | None]:
    """The best date, made more precise by a consistent one."""
    best: PartialDate = stated[0][0]
    source = stated[0][1]
    contradicted = False
    for value, other in stated[1:]:
        if not best.consistent_with(value):
            contradicted = True
        elif _PRECISION.index(value.precision) > _PRECISION.index(best.precision):
            best, source = value, other
    if contradicted:
        said.append(_say(TravelCode.BIRTH_DATES_DIFFER, Outcome.OPEN, stated))
    return best, source


_PRECISION = ("unknown", "year", "month", "day")


def _sexes(_: str, stated: Stated, said: list[Finding]) -> tuple[Any, Source | None]:
    """The best one. X is "unspecified" on one document and stated on another: worth a remark, no contradiction."""
    stated_sexes = {value for value, _ in stated}
    if len(stated_sexes) > 1:
        outcome = Outcome.OPEN if len(stated_sexes - {"X"}) > 1 else Outcome.NOTE
        said.append(_say(TravelCode.SEXES_DIFFER, outcome, stated))
    return stated[0]


def _citizenships(_: str, stated: Stated, said: list[Finding]) -> tuple[Any, Source | None]:
    """Those of the best source; an agent who names more has seen a second passport, a booking that does has not."""
    best, source = stated[0]
    for value, other in stated[1:]:
        if set(value) > set(best) and other in (Source.AGENT, None):
            best, source = value, other
        elif not set(value) & set(best):
            said.append(_say(TravelCode.CITIZENSHIPS_DIFFER, Outcome.OPEN, stated, used=list(best), other=list(value)))
        elif set(value) - set(best):
            unseen = sorted(set(value) - set(best))
            said.append(_say(TravelCode.CITIZENSHIP_NOT_SHOWN, Outcome.NOTE, stated, other=unseen))
    return best, source


def _documents(_: str, stated: Stated, said: list[Finding]) -> tuple[Any, Source | None]:
    """The best document that is no visa, completed by the others where they mean the same."""
    passports = [entry for entry in stated if not (entry[0].kind or "").startswith("V")] or stated
    best: TravelDocument = passports[0][0]
    for other, _source in passports[1:]:
        if best.number and other.number and _plain(best.number) != _plain(other.number):
            said.append(_say(TravelCode.DOCUMENT_NUMBERS_DIFFER, Outcome.OPEN, passports))
            continue
        if not best.expires.consistent_with(other.expires):
            said.append(_say(TravelCode.DOCUMENT_EXPIRIES_DIFFER, Outcome.OPEN, passports))
        best = TravelDocument(
            number=best.number or other.number,
            kind=best.kind or other.kind,
            issuer=best.issuer or other.issuer,
            expires=best.expires if best.expires != UNKNOWN_DATE else other.expires,
        )
    return best, passports[0][1]


def _plain(number: str) -> str:
    return "".join(character for character in number.upper() if character.isalnum())


def _mappings(name: str, stated: Stated, said: list[Finding]) -> tuple[Any, Source | None]:
    """All statements together, the better source first."""
    merged: dict[str, Any] = {}
    for statements, _ in stated:
        for key, value in statements.items():
            if key in merged and merged[key] != value:
                said.append(_say(TravelCode.STATEMENTS_DIFFER, Outcome.OPEN, stated, field=name))
            merged.setdefault(key, value)
    return merged, stated[0][1]


_MERGES: Mapping[str, Callable[[str, Stated, list[Finding]], tuple[Any, Source | None]]] = {
    "birth_date": _birth_dates,
    "age": _same(TravelCode.AGES_DIFFER),
    "sex": _sexes,
    "citizenships": _citizenships,
    "residence": _same(TravelCode.RESIDENCES_DIFFER),
    "visa": _same(TravelCode.STATEMENTS_DIFFER),
    "status": _mappings,
    "document": _documents,
    "facts": _mappings,
}
