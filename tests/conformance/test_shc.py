"""SMART Health Cards: every carrier, every kind of damage, the published key sets and the mapping of FHIR bundles."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from corpora import Tally, corpus, rows, run
from document_cases import TRUST, Case, differing, judge_document

from verifier.health import tables
from verifier.health.record import TestKind, TestResult
from verifier.reading import Document
from verifier.trust.lists.jwks import check_jwks

KINDS: Mapping[str, str] = {
    **TRUST,
    "numeric.empty": "malformed_numeric",
    "numeric.not-digits": "malformed_numeric",
    "numeric.odd-length": "malformed_numeric",
    "numeric.out-of-range": "malformed_numeric",
    "shc.qr-header": "malformed_header",
    "shc.chunk-index": "chunk",
    "shc.chunk-conflict": "chunk",
    "shc.chunk-mixed": "chunk",
    "shc.chunk-missing": "chunk_missing",
    "shc.chunk-long": "oversize_chunk",
    "shc.too-large": "oversize",
    "shc.too-many-cards": "oversize",
    "shc.file": "malformed",
    "shc.link": "not_this_format",
    "shc.no-card": "malformed",
    "jws.parts": "malformed",
    "jws.base64url": "malformed",
    "jws.header": "malformed",
    "jws.critical": "malformed",
    "shc.algorithm": "wrong_alg",
    "shc.zip": "missing_zip",
    "shc.kid-missing": "missing_kid",
    "codec.zlib-broken": "inflate_error",
    "codec.zlib-truncated": "inflate_error",
    "codec.zlib-trailing": "inflate_error",
    "codec.inflate-too-large": "oversize",
    "json.not-utf8": "malformed_payload",
    "json.broken": "malformed_payload",
    "json.duplicate-key": "malformed_payload",
    "json.too-deep": "malformed_payload",
    "json.too-large": "oversize",
    "json.not-canonical": "malformed_payload",
    "shc.payload": "malformed_payload",
    "shc.claim": "schema",
    "shc.issuer-url": "invalid_issuer_url",
    "shc.type": "schema",
    "shc.bundle": "schema",
    "shc.patient-several": "schema",
    "trust.not-signed": "signature",
}
FINAL = {"final", "amended", "corrected"}
DETECTED = {
    "260415000": TestResult.NEGATIVE,
    "260385009": TestResult.NEGATIVE,
    "260373001": TestResult.POSITIVE,
    "10828004": TestResult.POSITIVE,
}


def codes_of(document: Document, name: str) -> set[str]:
    """Every code of the vaccine of each immunisation, as signed."""
    assert document.record is not None
    entries = document.record.payload["vc"]["credentialSubject"]["fhirBundle"]["entry"]
    return {
        coding.get("code")
        for entry in entries
        for coding in entry["resource"].get(name, {}).get("coding", ())
        if isinstance(coding, dict)
    }


def fields(expected: Mapping[str, Any], document: Document) -> list[str]:
    """Names of the expected fields that the record does not hold."""
    record = document.record
    if record is None:
        return ["record"]
    holder = record.holder
    pairs: dict[str, tuple[object, object]] = {"issuer": (expected["issuer"], document.issuer)}
    if document.dates.not_before is not None:
        pairs["nbf"] = (round(expected["nbf"], 3), round(document.dates.not_before.timestamp(), 3))
    if "exp" in expected and expected["exp"] < 1e11 and document.dates.expires is not None:
        pairs["exp"] = (round(expected["exp"], 3), round(document.dates.expires.timestamp(), 3))
    if "family" in expected:
        pairs["family"] = (expected["family"], holder.surname)
        pairs["given"] = (" ".join(expected["given"]), holder.given)
        pairs["birth_date"] = (expected["birth_date"], str(holder.birth_date))
    doses = [dose for dose in expected.get("doses", ()) if dose["status"] == "completed"]
    pairs["doses"] = (len(doses), len(record.vaccinations))
    for dose, got in zip(doses, record.vaccinations, strict=False):
        pairs[f"date {dose}"] = ((dose["date"] or "")[:10], str(got.date))
        pairs[f"lot {dose}"] = (dose["lot"] or None, got.lot)
        pairs[f"performer {dose}"] = (dose["performer"], got.centre)
        same = dose["code"] == got.product.code or dose["code"] in codes_of(document, "vaccineCode")
        pairs[f"code {dose}"] = (True, same or dose["code"] is None)
    known = [
        row
        for row in expected.get("observations", ())
        if row["status"] in FINAL and tables.test_kind(row["code_system"], row["code"]) is not TestKind.UNKNOWN
    ]
    pairs["tests"] = (len(known), len(record.tests))
    for row, test in zip(known, record.tests, strict=False):
        pairs[f"result {row}"] = (DETECTED[row["value"]], test.result)
        got_when = str(test.sampled_on) if test.sampled is None else test.sampled.isoformat().replace("+00:00", "Z")
        pairs[f"when {row}"] = (row["effective"], got_when)
    return differing(pairs)


def test_shc() -> None:
    folder = corpus("shc")

    def judge(tally: Tally, case: Case) -> None:
        if case["input_kind"] == "jwks":
            keys = case["jwk"] if "keys" in case["jwk"] else {"keys": [case["jwk"]]}
            found = check_jwks(json.dumps(keys).encode(), issuer=case.get("issuer"))
            got = "key_invalid" if found else "key_ok"
            tally.judge(case["id"], case["expected"], got, accept=case.get("also_accept", ()))
        else:
            judge_document(tally, case, folder, KINDS, fields)

    run("shc", rows(folder / "cases.jsonl"), judge)
