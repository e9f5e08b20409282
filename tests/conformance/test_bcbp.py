"""Corpus `bcbp`: values, acceptance and reject class of every boarding pass, as the filter answers them."""

from datetime import date
from typing import Any

from corpora import Tally, corpus, rows, run

from verifier.cli.travel import answer_boarding_pass

UNUSED = date(1999, 1, 1)  # every case names its own reference date


def test_boarding_passes_agree() -> None:
    def judge(tally: Tally, case: dict[str, Any]) -> None:
        answer = answer_boarding_pass(case, UNUSED)
        for key in ("accept", "expected"):
            tally.judge(f"{case['id']} {key}", case[key], answer[key])
        if not case["accept"]:
            tally.judge(f"{case['id']} error", case.get("error"), answer["error"])

    run("bcbp", rows(corpus("bcbp") / "cases.jsonl"), judge)


def test_nothing_is_tolerated_silently() -> None:
    """A pass that the strict reading rejects is read with a warning, or not at all with an error."""

    def judge(tally: Tally, case: dict[str, Any]) -> None:
        if case["accept"]:
            tally.skip("accepted")
            return
        answer = answer_boarding_pass(case, UNUSED)
        tally.judge(case["id"], True, bool(answer["warnings"]) if answer["value"] else bool(answer["findings"]))

    run("bcbp warnings", rows(corpus("bcbp") / "cases.jsonl"), judge)
