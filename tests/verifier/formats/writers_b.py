"""Seals and cards with any content and any fault, signed by QA authorities, canonical forms by other code than ours."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import rfc8785

from fixtures.authorities import icao, question_trust, simple
from fixtures.authorities.signers import Signer
from fixtures.codecs import jws
from fixtures.encoders import divoc as divoc_writer
from verifier.model import Scan
from verifier.reading import Document, read_scans
from verifier.trust.from_case import store_from
from verifier.trust.store import TrustStore

AT = datetime(2022, 1, 15, tzinfo=UTC)
DOSE = {"dvc": "2021-08-02", "seq": 1, "ctr": "AUS", "adm": "QA Centre", "lot": "QA-1"}
VACCINATION: dict[str, Any] = {
    "hdr": {"t": "icao.vacc", "v": 1, "is": "AUS"},
    "msg": {
        "uvci": "QA0001",
        "pid": {"n": "CITIZEN  JANE SUE", "dob": "1961-05-15", "sex": "F", "i": "PA0941262"},
        "ve": [{"des": "XM68M6", "nam": "Comirnaty", "dis": "RA01.0", "vd": [DOSE]}],
    },
}
TEST: dict[str, Any] = {
    "hdr": {"t": "icao.test", "v": 1, "is": "AUS"},
    "msg": {
        "utci": "QA0002",
        "pid": {"n": "CITIZEN  JANE SUE", "dob": "1961-05-15", "dt": "P", "dn": "PA0941262"},
        "sp": {"spn": "QA Hospital", "ctr": "AUS", "cd": {"p": "+0", "e": "qa@qa.example", "a": "1 QA Street"}},
        "dat": {"sc": "2022-01-14T12:00:00+08:00", "ri": "2022-01-14T14:00:00+08:00"},
        "tr": {"tc": "molecular(PCR)", "r": "negative", "m": "nasopharyngeal"},
    },
}


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode()


def message(of: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The data of a seal with members of its message replaced."""
    return {**of, "msg": {**of["msg"], **changes}}


def header(of: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The data of a seal with members of its header replaced."""
    return {**of, "hdr": {**of["hdr"], **changes}}


def seal(data: Any = VACCINATION, signer: Signer | None = None, **sig: Any) -> dict[str, Any]:
    """A signed seal; members of `sig` are replaced, or left out where the value is None."""
    who = signer or icao.signer("AU")
    assert who.certified is not None
    made = {
        "alg": who.algorithm if who.algorithm.startswith("ES") else "ES256",
        "sigvl": b64url(who.sign(rfc8785.dumps(data))),
        "cer": b64url(who.certified.der),
    }
    kept = {name: value for name, value in {**made, **sig}.items() if value is not None}
    return {"data": data, "sig": kept}


def text(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def icao_store(**trust: Any) -> TrustStore:
    return store_from(trust or question_trust("vds-nc"))


def read(scan: bytes, store: TrustStore, at: datetime = AT) -> Document:
    (document,) = read_scans([Scan.text(scan)], trust=store, at=at)
    return document


def codes(document: Document) -> set[str]:
    return {finding.code.value for finding in document.findings}


# --- DIVOC ------------------------------------------------------------------------------------------------------------

EVIDENCE: dict[str, Any] = {
    "id": "https://qa.cleargate.example/vaccine/1",
    "certificateId": "QA1",
    "type": ["Vaccination"],
    "batch": "QA-B1",
    "vaccine": "COVISHIELD",
    "manufacturer": "Serum Institute of India",
    "date": "2021-07-01T10:00:00.000Z",
    "effectiveStart": "2021-07-01",
    "effectiveUntil": "2022-07-01",
    "dose": 1,
    "totalDoses": 2,
    "verifier": {"name": "QA Vaccinator"},
    "facility": {"name": "QA Clinic", "address": {"city": "QA City", "addressCountry": "IN"}},
}
SUBJECT: dict[str, Any] = {
    "type": "Person",
    "id": "did:Passport:QA1234567",
    "refId": "QA1",
    "name": "Anna Example",
    "gender": "Female",
    "dob": "1988-03-04",
    "nationality": "Example",
}
CREDENTIAL: dict[str, Any] = {
    "@context": list(divoc_writer.CONTEXTS),
    "type": ["VerifiableCredential", "ProofOfVaccinationCredential"],
    "credentialSubject": SUBJECT,
    "issuer": "https://qa.cleargate.example/",
    "issuanceDate": "2021-08-01T10:00:00.000Z",
    "evidence": [EVIDENCE],
    "nonTransferable": "true",
}
PROOF_TYPES = {"PS256": "RsaSignature2018", "EdDSA": "Ed25519Signature2018"}


def credential(
    evidence: dict[str, Any] | None = None, subject: dict[str, Any] | None = None, **top: Any
) -> dict[str, Any]:
    """The credential with members replaced."""
    return {
        **CREDENTIAL,
        "evidence": [{**EVIDENCE, **(evidence or {})}],
        "credentialSubject": {**SUBJECT, **(subject or {})},
        **top,
    }


def card(
    content: dict[str, Any] = CREDENTIAL,
    signer: Signer | None = None,
    *,
    jws_header: dict[str, Any] | None = None,
    proof: dict[str, Any] | None = None,
    after: Callable[[dict[str, Any]], dict[str, Any]] = lambda document: document,
) -> dict[str, Any]:
    """A signed card. `after` changes the document once it is signed."""
    who = signer or simple.divoc_ed25519("IN")
    options = {
        "type": PROOF_TYPES[who.algorithm],
        "created": "2021-08-01T10:00:00Z",
        "verificationMethod": who.kid.decode(),
        "proofPurpose": "assertionMethod",
        **(proof or {}),
    }
    version = 2 if content["@context"][-1].endswith("v2") else 1
    head = jws.b64url(jws.minified(jws_header or {"alg": who.algorithm, "b64": False, "crit": ["b64"]}))
    signature = who.sign(f"{head}.".encode() + divoc_writer.to_be_signed(options, content, version))
    return after({**content, "proof": {**options, "jws": f"{head}..{jws.b64url(signature)}"}})


def zipped(data: bytes, name: str = "certificate.json", **others: bytes) -> bytes:
    """A ZIP archive with the entry, after any others."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for other, content in others.items():
            archive.writestr(other, content)
        archive.writestr(name, data)
    return out.getvalue()


def divoc_store() -> TrustStore:
    return store_from(question_trust("divoc"))
