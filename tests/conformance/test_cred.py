"""PathCheck PaperCred: documentation samples and mutations of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corpora import Tally, corpus, rows, run
from document_cases import TRUST, Case, differing, judge_document

from verifier.reading import Document

KINDS: Mapping[str, str] = {
    **TRUST,
    "cred.parts": "malformed",
    "cred.encoding": "malformed",
    "cred.too-large": "oversize",
    "base32.empty": "malformed",
    "base32.alphabet": "malformed",
    "base32.length": "malformed",
    "trust.not-signed": "signature",
}


def fields(expected: Mapping[str, Any], document: Document) -> list[str]:
    if document.record is None:
        return ["record"]
    payload = document.record.payload
    return differing({name: (expected[name], payload[name]) for name in ("type", "version", "key", "values")})


def test_cred() -> None:
    folder = corpus("cred")

    def judge(tally: Tally, case: Case) -> None:
        judge_document(tally, case, folder, KINDS, fields)

    run("cred", rows(folder / "cases.jsonl"), judge)
