"""EU DCC test cases, one layer at a time, each layer read from the findings of one run of the reader.

Only entries of known_issues.json that name the same check excuse a disagreement; they are counted apart.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from corpora import Tally, corpus, rows, run

from verifier.errors import EnvelopeError
from verifier.formats import find
from verifier.formats.dcc_schema import violations
from verifier.formats.hcert import unwrap
from verifier.model import Scan
from verifier.reading import Document, read_scans
from verifier.scan import read_picture
from verifier.times import parse_moment
from verifier.trust.from_case import SOURCE
from verifier.trust.lists import dsc
from verifier.trust.store import TrustStore

Case = Mapping[str, Any]
NO_VIEW_OF_DATES = {"dates.no-expiry"}


def codes(document: Document) -> set[str]:
    return {finding.code.value for finding in document.findings}


def has(document: Document, *areas: str) -> bool:
    return any(code.startswith(areas) and code not in NO_VIEW_OF_DATES for code in codes(document))


def content(case: Case) -> Any:
    try:
        return unwrap([case["prefix"].encode()])[0].content["dcc"]
    except EnvelopeError:
        return None


LAYERS: Mapping[str, Callable[[Case, Document], bool]] = {
    "EXPECTEDUNPREFIX": lambda case, _: (entry := find(case["prefix"].encode())) is not None and entry.name == "hcert",
    "EXPECTEDB45DECODE": lambda _, document: not has(document, "format.", "codec.base45"),
    "EXPECTEDCOMPRESSION": lambda _, document: (
        not has(document, "format.", "codec.base45", "codec.zlib", "codec.inflate")
    ),
    "EXPECTEDDECODE": lambda case, _: content(case) == case["json"],
    "EXPECTEDVALIDJSON": lambda case, _: content(case) == case["json"],
    "EXPECTEDVERIFY": lambda _, document: document.signature.value == "valid",
    "EXPECTEDEXPIRATIONCHECK": lambda _, document: not has(document, "dates."),
    "EXPECTEDKEYUSAGE": lambda _, document: not has(document, "trust.key-usage"),
    "EXPECTEDSCHEMAVALIDATION": lambda _, document: not has(document, "schema.", "codec.", "hcert.claims"),
    "EXPECTEDVALIDOBJECT": lambda case, _: not violations(case["json"]),
}
NEEDS_SIGNER = {"EXPECTEDVERIFY", "EXPECTEDEXPIRATIONCHECK", "EXPECTEDKEYUSAGE"}


def test_dcc() -> None:
    folder = corpus("dcc")
    issues_file = folder / "known_issues.json"
    issues = json.loads(issues_file.read_text("utf-8")) if issues_file.is_file() else {}

    def judge(tally: Tally, case: Case) -> None:
        excused = {issue["check"] for issue in issues.get(case["id"], ())}
        certificates = [(0, case["certificate"], None, None)] if case["certificate"] else []
        store = TrustStore([dsc.from_certificates(certificates, SOURCE)])
        at = parse_moment(case["validation_clock"] or "2021-06-01T00:00:00Z")
        (document,) = read_scans([Scan.text(case["prefix"])], trust=store, at=at)
        for check, expected in case["expected"].items():
            layer = LAYERS.get(check)
            if not isinstance(expected, bool) or (layer is None and check != "EXPECTEDPICTUREDECODE"):
                tally.skip(f"{check} is for issuers" if check == "EXPECTEDENCODE" else "no check of a verifier")
            elif check in NEEDS_SIGNER and not case["certificate"]:
                tally.skip(f"{check} without certificate")
            elif check in ("EXPECTEDDECODE", "EXPECTEDVALIDJSON", "EXPECTEDVALIDOBJECT") and case["json"] is None:
                tally.skip(f"{check} without json")
            elif check == "EXPECTEDPICTUREDECODE" and not case["image"]:
                tally.skip("no picture")
            else:
                got = _picture(folder, case) if layer is None else layer(case, document)
                if got != expected and check in excused:
                    tally.skip(f"known issue, {check}")
                else:
                    tally.judge(f"{case['id']} {check}", expected, got)

    run("dcc", rows(folder / "cases.jsonl"), judge)


def _picture(folder: Any, case: Case) -> bool:
    picture = read_picture((folder / case["image"]).read_bytes())
    return case["prefix"].encode() in [code.data for code in picture.codes]
