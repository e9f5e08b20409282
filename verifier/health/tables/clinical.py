"""Diseases, test kinds, test results and test devices by code or by the words certificates use for them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from verifier.health.record import Disease, TestKind, TestResult
from verifier.health.tables.load import spread, system_name, table, words
from verifier.health.tables.products import product, vaccine_kind


@lru_cache(maxsize=1)
def _diseases() -> Mapping[tuple[str, str], Disease]:
    content = table("diseases")
    found = {
        (system, code.casefold()): Disease(disease)
        for system in ("snomed", "icd11", "icd10", "cvx", "text")
        for code, disease in content[system].items()
    }
    found.update((("icd11", code.casefold()), Disease.OTHER) for code in content["icd11_other"].split())
    return found


def disease_of(system: str, code: str) -> Disease | None:
    """The disease a code is about: a disease code, or the target of a vaccine code; None if the code is unknown.

    ICD-10 and ICD-11 subdivisions (`RA01.0`, `U07.1`) count as their category. System `text` takes words such as
    `COVID-19`. `OTHER` is a known disease that this kit has no rules for.
    """
    name, key = system_name(system), code.strip().casefold()
    if name == "text":
        key = " ".join(words(code))
    known = _diseases()
    if (found := known.get((name, key))) is not None:
        return found
    if name in ("icd10", "icd11") and (found := known.get((name, key.partition(".")[0]))) is not None:
        return found
    if (kind := vaccine_kind(system, code)) is not None:
        return kind.disease
    return None if (named := product(system, code)) is None else named.disease


@lru_cache(maxsize=1)
def _kinds() -> Mapping[tuple[str, str], TestKind]:
    found: dict[tuple[str, str], TestKind] = {}
    kinds = table("tests")["kinds"]
    for system in ("loinc", "ichi"):
        for code, kind in spread(kinds[system]).items():
            found[system, code.casefold()] = TestKind(kind)
            found.setdefault(
                (system, code.partition("-")[0].casefold()), TestKind(kind)
            )  # 2D-DOC leaves the check digit out
    return found


@lru_cache(maxsize=1)
def _kind_words() -> Mapping[str, TestKind]:
    return {word: TestKind(kind) for kind, said in table("tests")["kinds"]["words"].items() for word in said}


def test_kind(system: str, code: str) -> TestKind:
    """What kind of test a code means; UNKNOWN where it is not in the table.

    System `dcc.tt` or `loinc` (the check digit may be missing), `ichi`, or `text` for words such as `molecular(PCR)`;
    words that name two kinds give UNKNOWN.
    """
    name = system_name(system)
    if name == "text":
        kinds = {_kind_words()[word] for word in words(code) if word in _kind_words()}
        return kinds.pop() if len(kinds) == 1 else TestKind.UNKNOWN
    return _kinds().get((name, code.strip().casefold()), TestKind.UNKNOWN)


@lru_cache(maxsize=1)
def _results() -> Mapping[tuple[str, str], TestResult]:
    results = table("tests")["results"]
    found = {
        (system, code.casefold()): TestResult(result)
        for system in ("snomed", "2ddoc")
        for code, result in spread(results[system]).items()
    }
    found.update(
        (("text", " ".join(words(text))), TestResult(result))
        for result, said in results["words"].items()
        for text in said
    )
    return found


def test_result(system: str, code: str) -> TestResult:
    """What a test found; UNKNOWN where the code or text is not in the table, never a guess.

    System `dcc.tr` or `snomed`, `2ddoc` for the result letter of type B2, or `text` for a word or two (`not detected`).
    """
    name = system_name(system)
    key = " ".join(words(code)) if name == "text" else code.strip().casefold()
    return _results().get((name, key), TestResult.UNKNOWN)


def test_device(code: str) -> str | None:
    """Maker and name of a rapid antigen test by its number in the JRC database (`dcc.device`), or None.

    The table is an example of a list that grew by the week: an unknown number says nothing against a test.
    """
    name: str | None = table("devices")["devices"].get(code.strip())
    return name


for _function in (test_kind, test_result, test_device):
    _function.__dict__["__test__"] = False  # pytest would take the names for tests where they are imported
