"""Corpus `valuesets`: every code of the EU value sets is known to the tables and means what the set says."""

import json
from typing import Any

import pytest
from corpora import Tally, corpus, run

from verifier.health import tables
from verifier.health.record import Disease, TestKind, TestResult


def _set(name: str) -> dict[str, Any]:
    path = corpus("valuesets") / f"{name}.json"
    if not path.is_file():
        pytest.skip(f"valuesets/{name}.json is absent")
    values: dict[str, Any] = json.loads(path.read_text("utf-8"))["valueSetValues"]
    return values


def test_products_are_known() -> None:
    values = _set("vaccine-medicinal-product")
    run("valuesets products", values, lambda tally, code: tally.judge(code, True, _known_product(code)))


def _known_product(code: str) -> bool:
    found = tables.product("dcc.mp", code)
    return found is not None and found.disease is Disease.COVID_19


def test_makers_have_the_names_of_the_set() -> None:
    values = _set("vaccine-mah-manf")
    run("valuesets makers", values, lambda tally, code: tally.judge(code, values[code]["display"], tables.maker(code)))


def test_products_belong_to_the_makers_of_the_instructions() -> None:
    values = _set("vaccine-encoding-instructions")

    def judge(tally: Tally, name: str) -> None:
        row = values[name]
        found = tables.product("dcc.mp", row["vaccine-code"].removesuffix(" (deprecated)"))  # a remark inside the code
        tally.judge(f"{name} holder", True, found is not None and row["vaccine-manufacturer"] in found.holders)
        for code in row["sct-codes"]:
            kind = tables.vaccine_kind("dcc.vp", code)
            agrees = found is not None and kind is not None and kind.platform in (None, found.platform)
            tally.judge(f"{name} {code}", True, agrees)

    run("valuesets encoding instructions", values, judge)


def test_vaccine_kinds_are_known() -> None:
    values = _set("vaccine-prophylaxis")
    run(
        "valuesets prophylaxis",
        values,
        lambda tally, code: tally.judge(code, Disease.COVID_19, tables.disease_of("dcc.vp", code)),
    )


def test_diseases_are_known() -> None:
    values = _set("disease-agent-targeted")
    run(
        "valuesets diseases",
        values,
        lambda tally, code: tally.judge(code, True, tables.disease_of("dcc.tg", code) is not None),
    )


def test_test_types_and_results_are_known() -> None:
    for code in _set("test-type"):
        assert tables.test_kind("dcc.tt", code) is not TestKind.UNKNOWN, code
    for code in _set("test-result"):
        assert tables.test_result("dcc.tr", code) is not TestResult.UNKNOWN, code


def test_devices_have_the_names_of_the_set() -> None:
    values = _set("test-manf-example")
    run(
        "valuesets devices",
        values,
        lambda tally, code: tally.judge(code, values[code]["display"], tables.test_device(code)),
    )


def test_countries_are_known() -> None:
    values = _set("country-2-codes")
    run("valuesets countries", values, lambda tally, code: tally.judge(code, True, tables.is_country(code)))
