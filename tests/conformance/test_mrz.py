"""Corpus `mrz`: fields, check digits, validity and reasons of every zone, as the filter answers them."""

from datetime import date
from typing import Any

import pytest
from corpora import Tally, corpus, rows, run

from verifier.cli.travel import answer_mrz

UNUSED = date(1999, 1, 1)  # every case names its own reference date


def test_zones_agree() -> None:
    def judge(tally: Tally, case: dict[str, Any]) -> None:
        answer = answer_mrz(case, UNUSED)
        for key in ("valid", "fields", "checks"):
            tally.judge(f"{case['id']} {key}", case[key], answer[key])
        tally.judge(f"{case['id']} reasons", sorted(case["reasons"]), sorted(answer["reasons"]))

    run("mrz", rows(corpus("mrz") / "cases.jsonl"), judge)


def test_types_are_told_from_the_lines() -> None:
    """The type is found without being told, wherever the lines have the shape of one."""

    def judge(tally: Tally, case: dict[str, Any]) -> None:
        if case["fields"] is None:
            tally.skip("no zone")
            return
        untold = {key: value for key, value in case.items() if key != "type"}
        tally.judge(case["id"], case["type"], answer_mrz(untold, UNUSED)["type"])

    run("mrz types", rows(corpus("mrz") / "cases.jsonl"), judge)


@pytest.mark.parametrize("framing", ["{}", "\x02{}\x03\r", "%{}?\r\n", "  {}  "])
@pytest.mark.parametrize("separator", ["", "\r", "\t", "\r\n"])
def test_swipe_readers_deliver_the_same(framing: str, separator: str) -> None:
    """One run of 88, 72 or 90 characters, or lines with a reader's separators and marks, hold the same zone."""

    def judge(tally: Tally, case: dict[str, Any]) -> None:
        if case["fields"] is None:
            tally.skip("no zone")
            return
        text = framing.format(separator.join(case["lines"]))
        answer = answer_mrz({"text": text, "reference_date": case["reference_date"]}, UNUSED)
        tally.judge(case["id"], (case["fields"], case["checks"]), (answer["fields"], answer["checks"]))

    run("mrz swiped", rows(corpus("mrz") / "cases.jsonl"), judge)
