"""Cases of one document each: `{id, input_kind, text | texts | file_text | payload | image(s), trust, at, expected}`.

The expected answer is `valid` or a kind of error. A table from finding codes to kinds says what this kit's findings
mean in those words; what no table names does not change the answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from corpora import Tally

from verifier.cli.read import scans_from_line
from verifier.model import Scan
from verifier.reading import Document, read_scans
from verifier.times import parse_moment
from verifier.trust.from_case import store_from
from verifier.trust.store import SignatureState, TrustStore

Case = Mapping[str, Any]
Kinds = Mapping[str, str]
Fields = Callable[[Mapping[str, Any], Document], Sequence[str]]

# findings of trust, the same for every format
TRUST: Kinds = {
    "trust.signature-invalid": "signature",
    "trust.signature-size": "signature",
    "trust.algorithm-mismatch": "wrong_alg",
    "trust.algorithm-refused": "wrong_alg",
    "trust.issuer-unknown": "unknown_issuer",
    "trust.signer-unknown": "unknown_issuer",
    "trust.key-unknown": "unknown_key",
    "trust.keys-unavailable": "keys_unavailable",
    "trust.kid-missing": "missing_kid",
    "trust.revoked": "revoked",
    "dates.expired": "expired",
    "dates.not-yet-valid": "not_yet_valid",
    "scan.no-code": "unreadable_image",
    "scan.code-damaged": "unreadable_image",
    "format.unknown": "not_this_format",
    "format.url": "not_this_format",
    "format.health-link": "not_this_format",
    "format.keyboard-layout": "not_this_format",
    "format.version-unknown": "unsupported_version",
}


# warnings of the corpora that a payload can show, and the finding that stands for each
WARNINGS: Kinds = {
    "chunking_deprecated": "shc.chunked",
    "chunk_header_on_single": "shc.chunk-header-on-single",
    "fhir_meta": "shc.meta",
    "exp_milliseconds": "shc.exp-milliseconds",
    "dose_date_missing": "shc.dose-date-missing",
    "type_unsigned": "cred.type-unsigned",
}


@lru_cache(maxsize=64)
def _store(trust: str, folder: Path) -> TrustStore:
    return store_from(json.loads(trust), folder)


def read_case(case: Case, folder: Path) -> tuple[Document, ...]:
    """The documents of one case, read as the filter reads them."""
    line = dict(case)
    if isinstance(payload := line.pop("payload", None), (dict, list)):
        line["file_text"] = json.dumps(payload)
    scans: list[Scan] = scans_from_line(line, folder)
    store = _store(json.dumps(case["trust"], sort_keys=True), folder)
    return read_scans(scans, trust=store, at=parse_moment(case["at"]))


def kind_of(document: Document, kinds: Kinds) -> str:
    """The first finding that is an error, in the corpus' words; `valid` where the signature holds and none is."""
    for finding in document.findings:
        if (kind := kinds.get(finding.code.value)) is not None:
            return kind
    if document.signature is SignatureState.VALID:
        return "valid"
    return f"{document.signature.value}: {[finding.code.value for finding in document.findings]}"


def judge_document(tally: Tally, case: Case, folder: Path, kinds: Kinds, fields: Fields) -> None:
    """Judge kind and, where valid, fields of one case. Unverified and unevaluated cases are counted apart."""
    expected = case["expected"]
    if expected == "not_evaluated" and "per_card" not in case:
        tally.skip("not evaluated")
        return
    if case.get("verified") is False:
        tally.skip("not verified")
        return
    documents = read_case(case, folder)
    wanted = case.get("per_card") or [expected] * max(1, len(documents))
    accept = [*case.get("also_accept", ()), *(("valid",) if case.get("lenient_ok") else ())]
    stated = case.get("expect_fields")
    rows = stated if isinstance(stated, list) else [stated] * len(wanted)
    if len(wanted) != len(documents):
        tally.judge(case["id"], f"{len(wanted)} documents", f"{len(documents)} documents")
        return
    for index, (document, kind) in enumerate(zip(documents, wanted, strict=True)):
        got = kind_of(document, kinds)
        wrong: list[str] = []
        if got == "valid" == kind:
            found = {finding.code.value for finding in document.findings}
            wrong += [word for word in case.get("warnings", ()) if WARNINGS.get(word, "") not in {"", *found}]
            wrong += fields(rows[index], document) if index < len(rows) and rows[index] else ()
        label = case["id"] if len(documents) == 1 else f"{case['id']} card {index + 1}"
        if wrong:
            tally.judge(f"{label} fields", "agree", f"differ: {', '.join(wrong)}")
        else:
            tally.judge(label, kind, got, accept=accept)


def differing(pairs: Mapping[str, tuple[object, object]]) -> list[str]:
    """Names whose expected and actual value differ."""
    return [f"{name} {expected!r} != {got!r}" for name, (expected, got) in pairs.items() if expected != got]
