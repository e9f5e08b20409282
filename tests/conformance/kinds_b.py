"""From our finding codes to the kinds of error that the corpora name, and one way to judge a case by them."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from verifier.findings import Outcome
from verifier.model import Scan
from verifier.reading import Document, read_scans
from verifier.times import parse_moment
from verifier.trust.from_case import store_from
from verifier.trust.store import SignatureState

Case = Mapping[str, Any]

# code -> the kinds it means; the first is what we would say
KINDS: Mapping[str, tuple[str, ...]] = {
    "chain.authority-unknown": ("unknown_issuer",),
    "chain.authority-expired": ("cert_expired",),
    "chain.authority-not-yet-valid": ("cert_not_yet_valid", "cert_expired"),
    "chain.certificate-broken": ("malformed",),
    "chain.country-differs": ("cert_chain",),
    "chain.document-type": ("cert_usage",),
    "chain.key-unsupported": ("wrong_alg",),
    "chain.not-a-barcode-signer": ("cert_usage",),
    "chain.not-issued-by-authority": ("cert_chain",),
    "dates.expired": ("expired",),
    "dates.not-yet-valid": ("not_yet_valid",),
    "dates.signer-expired": ("cert_expired",),
    "dates.signer-not-yet-valid": ("cert_not_yet_valid", "cert_expired"),
    "divoc.algorithm-refused": ("wrong_alg",),
    "divoc.key-not-named": ("missing_kid",),
    "divoc.proof-missing": ("missing_signature",),
    "divoc.too-large": ("oversize",),
    "format.empty": ("not_this_format", "malformed"),
    "format.unknown": ("not_this_format",),
    "json.too-large": ("oversize", "malformed"),
    "json.too-deep": ("malformed", "oversize"),
    "jsonld.context-missing": ("context_unavailable", "malformed"),
    "jsonld.context-unknown": ("context_unavailable",),
    "jsonld.context-inline": ("context_unavailable", "malformed"),
    "jsonld.too-complex": ("oversize", "malformed"),
    "codec.inflate-too-large": ("oversize",),
    "trust.algorithm-mismatch": ("wrong_alg",),
    "trust.algorithm-refused": ("wrong_alg",),
    "trust.key-too-small": ("wrong_alg",),
    "trust.key-usage": ("cert_usage",),
    "trust.kid-missing": ("missing_kid",),
    "trust.not-signed": ("missing_signature",),
    "trust.revoked": ("cert_revoked",),
    "trust.signature-invalid": ("signature",),
    "trust.signature-size": ("signature",),
    "trust.signer-unknown": ("unknown_issuer", "unknown_key"),
    "vdsnc.algorithm-refused": ("wrong_alg",),
    "vdsnc.signature-missing": ("missing_signature",),
    "vdsnc.too-large": ("oversize",),
    "vdsnc.type-unknown": ("unsupported_type",),
    "vdsnc.version-unknown": ("unsupported_version",),
}
WARNINGS: Mapping[str, str] = {
    "divoc.unsigned-property": "unsigned_property",
    "trust.revocation-unchecked": "revocation_unchecked",
}
# said beside another answer, and never the answer itself
BESIDE: Mapping[str, str] = {"vdsnc.certificate-missing": "missing_certificate"}


def documents(case: Case, folder: Path) -> tuple[Document, ...]:
    """What our reader makes of a case."""
    data = base64.b64decode(case["bytes_b64"]) if "bytes_b64" in case else case["text"].encode()
    return read_scans([Scan.text(data)], trust=store_from(case["trust"], folder), at=parse_moment(case["at"]))


def kinds(found: tuple[Document, ...]) -> set[str]:
    """`valid`, or every kind of error that the findings of the documents mean."""
    said: set[str] = set()
    for document in found:
        codes = [finding.code.value for finding in document.findings]
        for finding in document.findings:
            if finding.outcome in (Outcome.OPEN, Outcome.UNMET):  # a note does not change the verdict
                said.update(KINDS.get(finding.code.value, ()))
        if document.signature is SignatureState.UNCHECKED and not said:
            said.add("malformed")  # refused before trust, by a code of its own
        if document.record is None and not said:
            said.add("malformed")
        if said:
            said.update(BESIDE[code] for code in codes if code in BESIDE)
    return said or {"valid"}


def answer(case: Case, found: tuple[Document, ...]) -> str:
    """The one kind to compare: the expected one where we say it, then an accepted one, else all that we say."""
    said = kinds(found)
    for wanted in (case["expected"], *case.get("also_accept", ())):
        if wanted in said:
            return str(wanted)
    return "+".join(sorted(said))


def warnings(found: Iterable[Document]) -> set[str]:
    codes = (finding.code.value for document in found for finding in document.findings)
    return {WARNINGS[code] for code in codes if code in WARNINGS}
