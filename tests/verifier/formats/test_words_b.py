"""Every code of VDS-NC, DIVOC, WHO, chains, WHO lists and the JSON codecs can be said in every language."""

from __future__ import annotations

import re

import pytest

from verifier.codecs.canonical_json import JsonCode
from verifier.codecs.jsonld import JsonLdCode
from verifier.findings import Code
from verifier.formats.divoc_codes import DivocCode
from verifier.formats.vds_nc_codes import VdsCode
from verifier.formats.who_codes import WhoCode
from verifier.trust.chain_codes import ChainCode
from verifier.trust.lists.did_codes import DidCode
from verifier.wording import LANGUAGES, catalogue

AREAS: tuple[type[Code], ...] = (JsonCode, JsonLdCode, DivocCode, VdsCode, WhoCode, ChainCode, DidCode)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("codes", AREAS, ids=lambda codes: codes.__name__)
def test_every_code_has_a_sentence_and_none_is_left_over(codes: type[Code], language: str) -> None:
    area = next(iter(codes)).area
    words = catalogue(area, language)
    assert {code.value for code in codes} == {key for key in words if not key.endswith("!")}
    assert {key[:-1] for key in words if key.endswith("!")} <= {code.value for code in codes}


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
@pytest.mark.parametrize("codes", AREAS, ids=lambda codes: codes.__name__)
def test_translations_name_the_same_facts(codes: type[Code], language: str) -> None:
    area = next(iter(codes)).area
    english, other = catalogue(area, "en"), catalogue(area, language)
    assert english.keys() == other.keys()
    for key, text in english.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", other[key])), key
        assert text != other[key], key
