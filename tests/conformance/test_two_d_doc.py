"""French 2D-DOC: the official samples, mutations of them, and codes of a synthetic authority."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corpora import Tally, corpus, rows, run
from document_cases import TRUST, Case, differing, judge_document

from verifier.reading import Document

KINDS: Mapping[str, str] = {
    **TRUST,
    "2ddoc.header": "malformed",
    "2ddoc.field": "malformed",
    "2ddoc.encoding": "malformed",
    "2ddoc.link": "malformed",
    "2ddoc.too-large": "oversize",
    "2ddoc.version": "unsupported_version",
    "2ddoc.kind": "unsupported_type",
    "2ddoc.signature-missing": "missing_signature",
    "2ddoc.field-missing": "schema",
    "base32.empty": "missing_signature",
    "base32.alphabet": "malformed",
    "base32.length": "malformed",
    "trust.not-signed": "missing_signature",
}


def fields(expected: Mapping[str, Any], document: Document) -> list[str]:
    if document.record is None:
        return ["record"]
    payload = document.record.payload
    names = {"version": "version", "authority": "authority", "certificate": "certificate", "type": "kind"}
    names |= {"emitted": "emitted", "signed": "signed", "fields": "fields"}
    return differing({name: (expected[name], payload[ours]) for name, ours in names.items()})


def test_two_d_doc() -> None:
    folder = corpus("2ddoc")

    def judge(tally: Tally, case: Case) -> None:
        judge_document(tally, case, folder, KINDS, fields)

    run("2ddoc", rows(folder / "cases.jsonl"), judge)
