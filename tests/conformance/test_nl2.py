"""The Dutch domestic pass. Its proof is not checked, so no case here can be `valid`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corpora import Tally, corpus, rows, run
from document_cases import TRUST, Case, judge_document

from verifier.reading import Document

KINDS: Mapping[str, str] = {
    **{code: kind for code, kind in TRUST.items() if code != "trust.algorithm-refused"},  # there is no algorithm
    "nl2.empty": "malformed",
    "nl2.alphabet": "malformed",
    "nl2.structure": "malformed",
    "nl2.metadata": "malformed",
    "nl2.attributes": "malformed",
    "nl2.too-large": "oversize",
    "nl2.specimen": "specimen",
}


def fields(expected: Mapping[str, Any], document: Document) -> list[str]:
    return [] if document.record is not None else ["record"]


def test_nl2() -> None:
    folder = corpus("nl2")

    def judge(tally: Tally, case: Case) -> None:
        judge_document(tally, case, folder, KINDS, fields)

    run("nl2", rows(folder / "cases.jsonl"), judge)
