"""The short way for names that both sides write alike gives the answer of the rules."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from verifier.health.record import Holder, HolderDocument
from verifier.identity import person, plain
from verifier.identity.person import match_identity
from verifier.model import PartialDate, Source, TravelDocument, Traveller

BORN = PartialDate(1984, 3, 12)
HOLDER = Holder("Schneider", "Anna Katharina", "SCHNEIDER", "ANNA<KATHARINA", birth_date=BORN)
ZONE = Traveller(name_field="SCHNEIDER<<ANNA<KATHARINA", birth_date=BORN, sources={"name_field": Source.PASSPORT})
FIELDS = Traveller("Schneider", "Anna Katharina", birth_date=BORN, sources={"surname": Source.BOOKING})


def both_ways(holder: Holder, traveller: Traveller) -> None:
    short = match_identity(holder, traveller, format="eu-dcc", document=3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(person, "writes_alike", lambda *_: False)
        assert short == match_identity(holder, traveller, format="eu-dcc", document=3)


@pytest.mark.parametrize(
    "traveller",
    [
        ZONE,
        FIELDS,
        replace(FIELDS, sources={}),
        replace(FIELDS, surname="SCHNEIDER", sources={"surname": Source.CERTIFICATE}),
        replace(ZONE, name_field=f"{ZONE.name_field:<<39}", sources={}),
        replace(ZONE, document=TravelDocument("C01X00T47", "P", "DE")),
    ],
)
@pytest.mark.parametrize("holder", [HOLDER, replace(HOLDER, surname_std=None, given_std=None)])
def test_the_usual_passenger_goes_the_short_way(holder: Holder, traveller: Traveller) -> None:
    assert plain.writes_alike(holder, traveller)
    both_ways(holder, traveller)


@pytest.mark.parametrize(
    "traveller",
    [
        replace(ZONE, birth_date=PartialDate(1984, 3, 13)),
        replace(ZONE, birth_date=PartialDate()),
        replace(ZONE, name_field="SCHNEIDER<<ANNA"),
        replace(ZONE, name_field="SCHNEIDER<ANNA<KATHARINA"),
        replace(ZONE, name_field="SCHNEIDER/ANNA KATHARINA", sources={"name_field": Source.BOARDING_PASS}),
        replace(ZONE, name_field=f"{ZONE.name_field:<<44}"),
        replace(FIELDS, given_names=None),
    ],
)
def test_anything_else_goes_through_the_rules(traveller: Traveller) -> None:
    assert not plain.writes_alike(HOLDER, traveller)
    both_ways(HOLDER, traveller)


def test_a_number_in_the_certificate_goes_through_the_rules() -> None:
    numbered = replace(HOLDER, documents=(HolderDocument("OTHER1"),))
    both_ways(numbered, replace(ZONE, document=TravelDocument("C01X00T47", "P", "DE")))


WORDS = st.sampled_from(
    ["Anna", "ANNA", "anna", "Dr", "MR", "Jr", "GEB", "XX", "XXX", "A", "O'Brien", "Ann-Marie", "Müller", "FNU", "von",
     "", "X" * 40, "B" * 65, "N/A", "-", "1A", "LNU", "Baby"]
)  # fmt: skip
NAMES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)


@settings(max_examples=400, deadline=None)
@given(NAMES, NAMES, st.booleans(), st.sampled_from(["zone", "fields", "upper"]), st.sampled_from(list(Source)))
@example("Dr", "Anna", True, "zone", Source.PASSPORT)
@example("Anna", "Mr", False, "fields", Source.AGENT)
def test_any_name(surname: str, names: str, standard: bool, form: str, source: Source) -> None:
    first, last = (text.upper().replace(" ", "<") for text in (surname, names))
    holder = Holder(surname, names, first if standard else None, last if standard else None, birth_date=BORN)
    if form == "zone":
        traveller = Traveller(name_field=f"{first}<<{last}", birth_date=BORN, sources={"name_field": source})
    else:
        written = (surname, names) if form == "fields" else (surname.upper(), names.upper())
        traveller = Traveller(*written, birth_date=BORN, sources={"surname": source})
    both_ways(holder, traveller)
