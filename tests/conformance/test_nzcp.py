"""New Zealand COVID Passes: the official examples, mutations of them, and passes of a second issuer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corpora import Tally, corpus, rows, run
from document_cases import TRUST, Case, differing, judge_document

from verifier.reading import Document

KINDS: Mapping[str, str] = {
    **TRUST,
    "nzcp.header": "malformed_header",
    "nzcp.version": "unsupported_version",
    "nzcp.too-large": "oversize",
    "base32.empty": "malformed_encoding",
    "base32.alphabet": "malformed_encoding",
    "base32.length": "malformed_encoding",
    "codec.cbor-broken": "malformed",
    "codec.cbor-trailing": "malformed",
    "codec.cbor-limit": "malformed",
    "codec.cbor-duplicate-key": "malformed",
    "codec.cbor-text": "malformed",
    "codec.cose-structure": "malformed",
    "codec.cose-header": "malformed",
    "codec.cose-critical": "malformed",
    "nzcp.structure": "malformed",
    "nzcp.algorithm": "wrong_alg",
    "nzcp.kid-missing": "missing_kid",
    "nzcp.claim": "schema",
    "nzcp.credential": "schema",
    "nzcp.kind": "unsupported_type",
    "trust.not-signed": "signature",
}


def fields(expected: Mapping[str, Any], document: Document) -> list[str]:
    record, dates = document.record, document.dates
    if record is None or dates.not_before is None or dates.expires is None:
        return ["record"]
    holder = record.holder
    return differing({
        "issuer": (expected["issuer"], document.issuer),
        "kid": (expected["kid"], document.kid),
        "jti": (expected["jti"], record.payload["jti"]),
        "nbf": (expected["nbf"], dates.not_before.timestamp()),
        "exp": (expected["exp"], round(dates.expires.timestamp(), 3)),
        "given_name": (expected["given_name"], holder.given),
        "family_name": (expected.get("family_name"), holder.surname),
        "dob": (expected["dob"], str(holder.birth_date)),
    })  # fmt: skip


def test_nzcp() -> None:
    folder = corpus("nzcp")

    def judge(tally: Tally, case: Case) -> None:
        judge_document(tally, case, folder, KINDS, fields)

    run("nzcp", rows(folder / "cases.jsonl"), judge)
