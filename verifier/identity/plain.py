"""The name that both sides write alike, letter by letter, with one date of birth: most passengers.

It answers only where the rules of `verifier.identity.names` and `compare` have nothing to decide: plain letters on
both sides, no word that parsing looks at, nothing cut. A test holds it to the answer of the rules.
"""

from __future__ import annotations

from verifier.health.record import Holder
from verifier.identity import lexicon
from verifier.identity.names import MRZ_WIDTHS
from verifier.identity.transliteration import MAX_WORD
from verifier.model import Source, Traveller

_LOOKED_AT = lexicon.SPECIAL | lexicon.TITLES


def writes_alike(holder: Holder, traveller: Traveller) -> bool:
    """True where certificate and traveller have surname, given names and date of birth in common as written.

    False says nothing. Case and the `<` of standardised names do not count.
    """
    surname, given, birth = holder.surname, holder.given, holder.birth_date
    if not surname or not given or holder.initials_only or birth.year is None or birth != traveller.birth_date:
        return False
    surname, given = surname.upper(), given.upper()
    if _stated(traveller) != (surname, given) or len(surname) > MAX_WORD or len(given) > MAX_WORD:
        return False
    standard = holder.surname_std, holder.given_std
    if any(standard) and (_blanks(standard[0]), _blanks(standard[1])) != (surname, given):
        return False
    letters = f"{surname} {given}"
    words = letters.split(" ")
    return (
        letters.isascii() and "".join(words).isalpha() and all(words) and "XX" not in letters.replace(" ", "")
    ) and _LOOKED_AT.isdisjoint(words)


def source_of(traveller: Traveller) -> Source | None:
    """Where the name came from."""
    stated = traveller.sources
    return stated.get("name_field") or stated.get("surname") or stated.get("given_names")


def _stated(traveller: Traveller) -> tuple[str | None, str | None]:
    """Surname and given names in capitals: of a passport zone, or as two fields. None where it is neither."""
    field = traveller.name_field
    if field:
        if source_of(traveller) is Source.BOARDING_PASS or len(field) > MRZ_WIDTHS[0]:
            return None, None
        primary, mark, secondary = field.rstrip("<").partition("<<")
        return (_blanks(primary), _blanks(secondary)) if mark else (None, None)
    surname, given = traveller.surname, traveller.given_names
    return (surname.upper(), given.upper()) if surname and given else (None, None)


def _blanks(text: str | None) -> str | None:
    return text.replace("<", " ") if text else None
