"""Passport, booking and boarding pass against the traveller: no paper of somebody else passes unnoticed."""

from __future__ import annotations

from verifier.findings import Finding
from verifier.identity.match import match_names
from verifier.identity.person import name_of_traveller
from verifier.model import UNKNOWN_DATE, Traveller


def same_person(traveller: Traveller, other: Traveller) -> tuple[Finding, ...]:
    """What the names and birth dates of two sources say: MET for a match, OPEN or UNMET with reasons for anything else.

    Nothing where either side names nobody, or where both write the same.
    """
    if not (any(_name(traveller)) and any(_name(other))):
        return ()
    if _name(other) == _name(traveller) and other.birth_date in (UNKNOWN_DATE, traveller.birth_date):
        return ()
    return match_names(name_of_traveller(traveller), name_of_traveller(other)).findings()


def _name(person: Traveller) -> tuple[str | None, str | None, str | None]:
    return person.surname, person.given_names, person.name_field
