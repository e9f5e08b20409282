"""Every code of SMART cards, NZCP, PaperCred, 2D-DOC, NL2, their codecs and key lists can be said in every language."""

from __future__ import annotations

import re

import pytest

from verifier.codecs.base32 import Base32Code
from verifier.codecs.jws import JwsCode
from verifier.codecs.numeric import NumericCode
from verifier.findings import Code
from verifier.formats.cred import CredCode
from verifier.formats.nl2 import Nl2Code
from verifier.formats.nzcp import NzcpCode
from verifier.formats.shc_codes import ShcCode
from verifier.formats.two_d_doc_fields import TwoDDocCode
from verifier.trust.lists.jwks import JwksCode
from verifier.wording import LANGUAGES, catalogue

AREAS: tuple[type[Code], ...] = (
    ShcCode, NzcpCode, CredCode, TwoDDocCode, Nl2Code, JwsCode, NumericCode, Base32Code, JwksCode,
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("area", AREAS, ids=lambda area: area.__name__)
def test_every_code_has_a_sentence_and_none_is_left_over(area: type[Code], language: str) -> None:
    words = catalogue(next(iter(area)).area, language)
    values = {code.value for code in area}
    assert {key for key in words if not key.endswith("!")} == values
    assert {key[:-1] for key in words if key.endswith("!")} <= values


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
@pytest.mark.parametrize("area", AREAS, ids=lambda area: area.__name__)
def test_translations_name_the_same_facts(area: type[Code], language: str) -> None:
    english, other = (catalogue(next(iter(area)).area, each) for each in ("en", language))
    assert english.keys() == other.keys()
    for key, text in english.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", other[key])), key
        assert text != other[key], key
