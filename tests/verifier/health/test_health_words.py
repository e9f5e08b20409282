"""Every health finding can be said in every language, in words of that language."""

import pytest

from verifier.findings import Outcome
from verifier.health.dates import HealthCode, parse_date
from verifier.wording import LANGUAGES, action, catalogue, sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_its_own_sentence(language: str) -> None:
    words = catalogue("health", language)
    assert {code.value for code in HealthCode} == {key for key in words if not key.endswith("!")}
    assert len({sentence(code, {"field": "dob"}, language) for code in HealthCode}) == len(HealthCode)


@pytest.mark.parametrize("language", LANGUAGES)
def test_open_questions_say_what_to_do(language: str) -> None:
    (finding,) = parse_date("2022-17-01", field="v.dt")[1]
    assert finding.outcome is Outcome.OPEN
    assert action(finding.code, finding.facts, language)
    assert "v.dt" in sentence(finding.code, finding.facts, language)
