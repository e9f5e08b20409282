"""Parsing of every source's form of a name, and of everything that has no place in one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verifier.errors import InputError
from verifier.identity import forget, names, text
from verifier.identity.codes import IdentityCode as C
from verifier.identity.codes import Label
from verifier.identity.forms import Division
from verifier.identity.match import match_names
from verifier.identity.names import NameSource, PersonName
from verifier.identity.sides import read_side
from verifier.identity.text import words_of


def parts(name: PersonName, form: int = 0) -> tuple[list[str], list[str]]:
    found = name.forms[form]
    return [word[0] for word in found.primary], [word[0] for word in found.secondary]


def test_zone_is_parted_by_its_fillers() -> None:
    name = names.from_mrz("VAN<DER<MUSTER<<ANNA<MARIA<<<<<<<<<<<<<")
    assert parts(name) == (["VAN", "DER", "MUSTER"], ["ANNA", "MARIA"])
    assert name.width == 0
    assert name.forms[0].division is Division.DIVIDED


@pytest.mark.parametrize(("length", "width"), [(39, 39), (31, 31), (30, 30), (38, 0), (29, 0)])
def test_zone_that_ends_in_a_letter_counts_as_cut(length: int, width: int) -> None:
    assert names.from_mrz(("MUSTER<<" + "A" * 40)[:length]).width == width


def test_zone_with_fillers_at_its_end_is_not_cut() -> None:
    assert names.from_mrz("MUSTER<<EVA".ljust(30, "<")).width == 0


def test_zone_without_double_filler_is_undivided() -> None:
    assert names.from_mrz("SATRIYA<SUDARPA").forms[0].division is Division.FREE
    blank = names.from_mrz("<<FIRST<NAME").forms[0]
    assert (blank.primary, blank.division) == ((), Division.SINGLE)


def test_boarding_pass_width_and_titles() -> None:
    assert parts(names.from_bcbp("MUSTER/EVA MRS")) == (["MUSTER"], ["EVA"])
    assert names.from_bcbp("MUSTER/EVA MRS").forms[0].explained == (C.TITLE,)
    assert names.from_bcbp("VANDERMUELLEN/MARTIN").width == 20
    assert names.from_bcbp("VANDERMUELLEN/MARTI ").width == 0


def test_title_is_never_the_whole_name() -> None:
    assert parts(names.from_bcbp("SAMPLE/MS")) == (["SAMPLE"], ["MS"])
    assert parts(names.from_bcbp("SAMPLE/MS"), 1) == (["SAMPLE"], [])
    assert parts(names.from_booking("DR", "EVA")) == (["DR"], ["EVA"])


def test_booking_fields() -> None:
    assert parts(names.from_booking("Müller", "Eva Dr.")) == (["MUELLER"], ["EVA"])
    assert parts(names.from_booking("MUSTER/EVA", None)) == (["MUSTER"], ["EVA"])
    assert names.from_booking("KING", "MARTIN JUNIOR").forms[0].suffix == "JR"
    assert parts(names.from_booking("LNU", "ARKFREITH")) == ([], ["ARKFREITH"])
    assert parts(names.from_booking("KUMAR", "RAVI S/O MOHAN")) == (["KUMAR"], ["RAVI", "BIN", "MOHAN"])
    assert names.from_booking(None, "  ").forms == ()
    assert names.from_booking("N/A", "-").forms == ()


def test_birth_name_is_kept_apart() -> None:
    form = names.from_dcc("Muster geb. Beispiel", "Eva", "MUSTER<GEB<BEISPIEL", "EVA").forms[0]
    assert [word[0] for word in form.primary] == ["MUSTER"]
    assert [word[0] for word in form.birth_name] == ["BEISPIEL"]


def test_seal_and_undivided_names() -> None:
    assert parts(names.from_full("MUSTER  EVA MARIA", NameSource.VDS)) == (["MUSTER"], ["EVA", "MARIA"])
    assert names.from_full("MUSTER EVA", NameSource.VDS).forms[0].division is Division.PRIMARY_FIRST
    assert names.from_full("Eva Muster").forms[0].division is Division.FREE
    assert names.from_full("M" * 39, NameSource.VDS).width == 39


def test_certificate_joins_native_and_standardised_spellings() -> None:
    form = names.from_dcc("Müller", "Jörg", "MUELLER", "JORG").forms[0]
    assert set(form.primary[0]) == {"MUELLER", "MUXXLLER", "MULLER"}
    assert {"JORG", "JOERG"} <= set(form.secondary[0])


def test_certificate_whose_spellings_contradict_is_capped() -> None:
    name = names.from_dcc("Muster", "Lena", "MUSTER", "LEA")
    assert name.caps == (C.NATIVE_CONTRADICTS,)
    other = names.from_dcc("Muster", "Eva", "BEISPIEL", "OLAF")
    assert other.caps == (C.NATIVE_CONTRADICTS,)
    assert len(other.forms) == 2
    assert names.from_dcc("Müller", "Eva", "MULLER", "EVA").caps == ()


def test_title_before_a_double_separator_is_no_surname() -> None:
    assert parts(names.from_dcc("", "", "DR<<MUSTERMANN", "")) == (["MUSTERMANN"], [])
    assert names.from_dcc("", "", "MUSTER<<EVA", "").caps == (C.WHOLE_NAME,)


def test_single_letter_standardisation_adds_nothing() -> None:
    assert parts(names.from_dcc("Muster", "Eva", "M", "E")) == (["MUSTER"], ["EVA"])


ODD = {
    "NUL": ("MUS\0TER", C.CONTROL),
    "escape": ("MUS\x1bTER", C.CONTROL),
    "unit separator": ("MUS\x1fTER", C.CONTROL),
    "lone surrogate": ("MUS\ud800TER", C.CONTROL),
    "emoji": ("MUSTER🙂", C.SYMBOL),
    "digit": ("MU5TER", C.DIGIT),
    "Arabic digit": ("MU٥TER", C.DIGIT),
    "Cyrillic letter": ("MUSТER", C.MIXED_SCRIPT),
    "Greek letter": ("MUSTΕR", C.MIXED_SCRIPT),
    "too long a word": ("MUSTER" + "R" * 80, C.TOO_LONG),
    "too many words": ("MUSTER " * 60, C.TOO_LONG),
    "too long a text": ("MUSTER " * 200, C.TOO_LONG),
    "Han": ("山田", C.NOT_LATIN),
}


@pytest.mark.parametrize(("raw", "code"), ODD.values(), ids=ODD)
def test_oddity_is_a_finding_and_never_a_match(raw: str, code: C) -> None:
    clean = words_of("MUSTER")[0]
    for name in (names.from_booking(raw, "EVA"), names.from_mrz(f"{raw}<<EVA"), names.from_shc(raw, ("EVA",))):
        assert code in name.caps
        for plain in (names.from_booking("MUSTER", "EVA"), name):
            result = match_names(name, plain)
            assert result.label is not Label.MATCH
            assert code in result.codes
    assert clean == (("MUSTER",),)


def test_oddity_beside_a_clean_standardised_name_is_mentioned() -> None:
    name = names.from_dcc("Muѕter", "Eva", "MUSTER", "EVA")
    assert (name.caps, name.remarks) == ((), (C.MIXED_SCRIPT,))
    result = match_names(name, names.from_mrz("MUSTER<<EVA"))
    assert result.label is Label.MATCH
    assert C.MIXED_SCRIPT in result.codes


@pytest.mark.parametrize("mark", ["‏", "‮", "​", "﻿", "⁦"])
def test_invisible_characters_are_left_out_and_said(mark: str) -> None:
    name = names.from_booking(f"MUS{mark}TER", "EVA")
    assert name.remarks == (C.INVISIBLE,)
    assert C.INVISIBLE in match_names(name, names.from_mrz("MUSTER<<EVA")).codes


def test_combining_characters_are_composed() -> None:
    assert words_of("Müller")[0] == words_of("Müller")[0]
    assert words_of("M" + "́" * 50 + "UELLER")[0][0][0].startswith("M")


def test_two_hundred_parts_are_bounded() -> None:
    many = " ".join(f"TEIL{chr(65 + i % 26)}{chr(65 + i // 26)}" for i in range(200))
    name = names.from_booking(many, many)
    assert len(name.forms[0].primary) <= text.MAX_WORDS
    assert match_names(name, name).label is Label.REFER


def test_alternatives_of_a_name_are_bounded() -> None:
    words, _ = words_of(" ".join(["ÄÖÜÅÑ"] * 40))
    assert sum(map(len, words)) <= text.MAX_ALTERNATIVES + text.STYLES_KEPT * len(words)


@pytest.mark.parametrize(
    ("side", "code"),
    [
        (None, C.SIDE_MISSING),
        ([], C.SIDE_MISSING),
        ({}, C.SOURCE_UNKNOWN),
        ({"source": "passport"}, C.SOURCE_UNKNOWN),
        ({"source": ["mrz"]}, C.SOURCE_UNKNOWN),
        ({"source": "mrz", "name_field": 7}, C.FIELD_NOT_TEXT),
        ({"source": "mrz", "name_field": "A<<B", "dob": 19740812}, C.FIELD_NOT_TEXT),
        ({"source": "shc", "given": {"a": 1}}, C.FIELD_NOT_TEXT),
        ({"source": "shc", "given": [None]}, C.FIELD_NOT_TEXT),
        ({"source": "dcc", "fn": ["A"]}, C.FIELD_NOT_TEXT),
    ],
)
def test_question_that_cannot_be_asked(side: object, code: C) -> None:
    with pytest.raises(InputError) as caught:
        read_side(side)
    assert caught.value.code is code


def test_missing_fields_are_missing_names() -> None:
    for source in NameSource:
        assert read_side({"source": source.value}).forms == ()


def test_nothing_stays_in_memory_after_forget() -> None:
    words_of("Ştefan Ñandú")
    match_names(names.from_booking("MUSTER", "EVA"), names.from_booking("MUSTERS", "EVI"))
    forget()
    from verifier.identity.likeness import likeness

    assert likeness.cache_info().currsize == 0


FIELDS = st.one_of(st.text(max_size=60), st.text(alphabet="ABCÄЖΩع<>/ -'.\0‏", max_size=60))
SIDES = st.fixed_dictionaries(
    {"source": st.sampled_from([source.value for source in NameSource])},
    optional={
        key: st.one_of(st.none(), FIELDS)
        for key in ("fn", "gn", "fnt", "gnt", "name_field", "surname", "family", "n", "name", "dob")
    }
    | {"given": st.one_of(st.none(), FIELDS)},
)


@settings(max_examples=300, deadline=None)
@given(SIDES, SIDES)
def test_any_two_sides_give_a_symmetric_answer(one: dict[str, object], other: dict[str, object]) -> None:
    a, b = read_side(one), read_side(other)
    result, turned = match_names(a, b), match_names(b, a)
    assert result.label is turned.label
    assert result.reasons
    assert result.sentence()
    assert result.findings()[0].facts["a"].startswith("names.")


@settings(max_examples=150, deadline=None)
@given(SIDES)
def test_any_side_against_itself_is_never_another_person(one: dict[str, object]) -> None:
    name = read_side(one)
    assert match_names(name, name).label is not Label.MISMATCH
