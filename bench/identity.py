"""How long it takes to tell whether certificate, passport and boarding pass are one person, in P-256 verifications.

People are made of syllables, so that no table and no cache knows their names; each is matched once with empty caches
and once again. The kinds of name take turns: plain, umlauts, a title glued, a second given name missing, a cut field.
"""

from __future__ import annotations

import gc
import statistics
import time

from bench.baseline import p256_verification
from verifier.health.record import Holder
from verifier.identity import forget
from verifier.identity.match import match_names
from verifier.identity.names import PersonName, from_mrz
from verifier.identity.person import match_identity
from verifier.model import PartialDate, Source, Traveller

TARGETS = {"match of three sources": 1.0, "match of ten times the name parts / median pair": 30.0}
PEOPLE = 240
_CONSONANTS, _VOWELS = "BDFGKLMNPRSTVZ", "AEIOU"
_PASSPORT = {"name_field": Source.PASSPORT}
_PASS = {"name_field": Source.BOARDING_PASS}

Case = tuple[Holder, Traveller, Traveller]


def _word(number: int, syllables: int) -> str:
    out = ""
    for place in range(syllables):
        number, rest = divmod(number * 7 + 11 * place + 3, 70)
        out += _CONSONANTS[rest // 5] + _VOWELS[rest % 5]
        number += rest
    return out


def person(number: int) -> Case:
    """One made-up person as three sources write the name; the kind of name goes by the number."""
    surname, first, second = _word(number * 31 + 5, 4), _word(number * 17 + 1, 3), _word(number * 13 + 2, 3)
    born = PartialDate(1940 + number % 60, 1 + number % 12, 1 + number % 28)
    kind = number % 5
    native, standard, zone, booked = surname.title(), surname, surname, surname
    given_native, given_std, given_zone, given_booked = first.title(), first, first, f"{first} MR"
    if kind == 1:
        native, standard, zone, booked = (
            f"{surname.title()}müller",
            f"{surname}MUELLER",
            f"{surname}MUELLER",
            f"{surname}MULLER",
        )
        given_booked = first[:2]
        given_native = given_std = given_zone = given_booked
    elif kind == 2:
        given_native, given_std, given_zone = f"{first} {second}".title(), f"{first}<{second}", f"{first}<{second}"
        given_booked = f"{first}MRS"
    elif kind == 3:
        given_zone = f"{first}<{second}"
    elif kind == 4:
        given_native, given_std, given_zone = f"{first} {second}".title(), f"{first}<{second}", f"{first}<{second}"
        given_booked = f"{first}{second}"
    return (
        Holder(surname=native, given=given_native, surname_std=standard, given_std=given_std, birth_date=born),
        Traveller(name_field=f"{zone}<<{given_zone}", birth_date=born, sources=_PASSPORT),
        Traveller(name_field=f"{booked}/{given_booked}"[:20], sources=_PASS),
    )


def _many_parts(count: int, change: bool) -> PersonName:
    words = [_word(number * 29 + 7, 3) for number in range(count)]
    if change:
        words = [word[::-1] for word in words]
    return from_mrz(f"{'<'.join(words[: count // 2])}<<{'<'.join(words[count // 2 :])}")


def _times(cases: list[Case]) -> list[float]:
    taken = []
    for holder, traveller, booking in cases:
        start = time.perf_counter()
        match_identity(holder, traveller, booking)
        taken.append(time.perf_counter() - start)
    return taken


def measure() -> dict[str, float]:
    """Rows: ratios to one verification measured in turns with the matches, and the cost of long names."""
    verify = p256_verification()
    cases = [person(number) for number in range(PEOPLE)]
    match_identity(*cases[0])
    new: list[float] = []
    seen: list[float] = []
    unit: list[float] = []
    pair: list[float] = []
    long: list[float] = []
    few, many = (_many_parts(4, False), _many_parts(4, True)), (_many_parts(40, False), _many_parts(40, True))
    gc.disable()
    try:
        for _ in range(5):
            forget()
            new += _times(cases)
            seen += _times(cases)
            for _ in range(PEOPLE):
                start = time.perf_counter()
                verify()
                unit.append(time.perf_counter() - start)
            for names, taken in ((few, pair), (many, long)):
                forget()
                start = time.perf_counter()
                match_names(*names)
                taken.append(time.perf_counter() - start)
    finally:
        gc.enable()
    one = statistics.median(unit)
    return {
        "match of three sources": statistics.median(new) / one,
        "match of three sources, seen before": statistics.median(seen) / one,
        "match of three sources, slowest in twenty": statistics.quantiles(new, n=20)[-1] / one,
        "match of ten times the name parts / median pair": statistics.median(long) / statistics.median(pair),
    }
