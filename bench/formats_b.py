"""ICAO VDS-NC against a bare P-256 verification, and DIVOC against PyLD's own canonicalisation of the same card.

Documents and keys come from the QA document factory, so the measurement needs nothing beside the project.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pyld import jsonld

from bench.baseline import median_seconds
from fixtures import documents
from fixtures.authorities import question_trust
from fixtures.personas import personas
from verifier.codecs.contexts import contexts
from verifier.formats import vds_nc
from verifier.formats.divoc import PROOF_CONTEXT
from verifier.model import Scan
from verifier.reading import read_scans
from verifier.trust import x509
from verifier.trust.from_case import store_from
from verifier.trust.store import TrustStore

VDS, DIVOC = "VDS-NC text to record / P-256", "DIVOC JSON to record / PyLD canonicalisation"
TARGETS = {VDS: 2.5, DIVOC: 1.2}
DAY = date(2021, 12, 20)


@cache
def sample(name: str, option: str = "") -> tuple[bytes, datetime]:
    """The code of a vaccination in a format, and the moment it is shown."""
    for person in personas().values():
        if person.format == name:
            for title, draft in documents.drafts(person, DAY):
                if title.startswith("vaccination"):
                    spelt = documents.draft(person, draft.statement.events, examined=draft.examined, option=option)
                    return documents.encode(spelt).payloads[0], draft.examined
    raise LookupError(name)


def _reader(data: bytes, store: TrustStore, at: datetime) -> Any:
    scans = [Scan.text(data)]
    (document,) = read_scans(scans, trust=store, at=at)
    assert document.evidence.value == "usable", document.findings
    return lambda: read_scans(scans, trust=store, at=at)


def _verification(data: bytes) -> Any:
    """One bare verification of the seal's own signature."""
    (envelope,) = vds_nc.unwrap([data])
    assert envelope.hint.certificate is not None
    spki = x509.parse(envelope.hint.certificate).spki.dump()
    key, half = load_der_public_key(spki), len(envelope.signature) // 2
    assert isinstance(key, ec.EllipticCurvePublicKey)
    r, s = (int.from_bytes(part, "big") for part in (envelope.signature[:half], envelope.signature[half:]))
    signature, scheme = encode_dss_signature(r, s), ec.ECDSA(hashes.SHA256())
    return lambda: key.verify(signature, envelope.signed, scheme)


def _canonicalisation(data: bytes) -> Any:
    """PyLD over document and proof options, its contexts in memory and cached by it."""
    document = json.loads(data)
    proof = {name: value for name, value in document.pop("proof").items() if name != "jws"}
    proof["@context"] = PROOF_CONTEXT

    def load(url: str, _options: object) -> dict[str, Any]:
        context = contexts()[url]
        found = {"@context": [*context.after, context.local]}
        kind = "application/ld+json"
        return {"contextUrl": None, "documentUrl": url, "document": found, "contentType": kind, "tag": "static"}

    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}
    return lambda: [jsonld.normalize(part, options) for part in (document, proof)]


def measure() -> dict[str, float]:
    """Ratios; and the time of a DIVOC card in milliseconds."""
    seal, shown = sample("vds-nc")
    bare, whole = median_seconds(
        _verification(seal), _reader(seal, store_from(question_trust("vds-nc")), shown), rounds=60, repeat=20
    )
    card, shown = sample("divoc", "json")
    pyld, read = median_seconds(
        _canonicalisation(card), _reader(card, store_from(question_trust("divoc")), shown), rounds=40, repeat=2
    )
    return {VDS: whole / bare, DIVOC: read / pyld, "DIVOC card (ms)": read * 1e3}


if __name__ == "__main__":
    print(measure())
