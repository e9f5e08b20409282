"""The official CertLogic test suite and format-validation suite, in place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from corpora import Tally, corpus, run

from verifier.rules.certlogic import CertLogicError, Expression, validate

SKIP = "skip"


def suites(folder: str) -> list[tuple[str, dict[str, Any]]]:
    found = sorted((corpus("certlogic") / folder).glob("*.json"))
    if not found:
        pytest.skip(f"certlogic/{folder} is absent")
    return [(path.stem, json.loads(path.read_text("utf-8"))) for path in found]


def assertions() -> Iterator[tuple[str, bool, Any, dict[str, Any]]]:
    for name, suite in suites("testSuite"):
        for number, case in enumerate(suite["cases"]):
            for index, assertion in enumerate(case["assertions"]):
                skipped = SKIP in (suite.get("directive"), case.get("directive"), assertion.get("directive"))
                expression = assertion.get("certLogicExpression", case.get("certLogicExpression"))
                yield f"{name}/{number}/{index}", skipped, expression, assertion


def test_suite() -> None:
    def judge(tally: Tally, case: tuple[str, bool, Any, dict[str, Any]]) -> None:
        ident, skipped, expression, assertion = case
        if skipped:
            tally.skip("directive skip")
            return
        try:
            got = Expression.compile(expression).answer(assertion["data"])
        except CertLogicError as error:
            got = error
        # compared as JSON text, where true is not 1
        tally.judge(ident, json.dumps(assertion["expected"]), got if isinstance(got, Exception) else json.dumps(got))

    run("certlogic", assertions(), judge)


def test_validation_suite() -> None:
    def judge(tally: Tally, case: tuple[str, dict[str, Any]]) -> None:
        name, suite = case
        for number, row in enumerate(suite["cases"]):
            if SKIP in (suite.get("directive"), row.get("directive")):
                tally.skip("directive skip")
                continue
            found = validate(row["certLogicExpression"])
            tally.judge(f"{name}/{number}", len(row["issues"]), len(found))

    run("certlogic validation", suites("validation-testSuite"), judge)
