"""SMART Health Cards and NZ COVID Passes: text to HealthRecord with every check, against a bare P-256 verification.

The documents are written here from a fixed key, so the measurement needs nothing beside the project.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from datetime import UTC, datetime

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from bench.baseline import fastest_seconds
from verifier.codecs.cose import sig_structure
from verifier.model import Scan
from verifier.reading import read_scans
from verifier.trust.keys import ListSource
from verifier.trust.lists.did_nzcp import read_did
from verifier.trust.lists.jwks import read_jwks, thumbprint
from verifier.trust.store import TrustStore

TARGETS = {"SHC text to record / P-256": 2.2, "NZCP text to record / P-256": 1.6}
ISSUER, DID = "https://bench.example/issuer", "did:web:bench.example"
AT = datetime(2022, 3, 1, tzinfo=UTC)
KEY = ec.derive_private_key(0xC1EA26A7E, ec.SECP256R1())


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _sign(message: bytes) -> bytes:
    r, s = decode_dss_signature(KEY.sign(message, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def _jwk() -> dict[str, str]:
    numbers = KEY.public_key().public_numbers()
    x, y = _b64(numbers.x.to_bytes(32, "big")), _b64(numbers.y.to_bytes(32, "big"))
    return {"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": thumbprint(x, y), "x": x, "y": y}


def shc() -> tuple[bytes, TrustStore]:
    """A card of one code with two doses, and its issuer's key."""
    doses = [
        {
            "fullUrl": f"resource:{index}",
            "resource": {
                "resourceType": "Immunization",
                "status": "completed",
                "vaccineCode": {"coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": "207"}]},
                "patient": {"reference": "resource:0"},
                "occurrenceDateTime": day,
                "performer": [{"actor": {"display": "ABC General Hospital"}}],
                "lotNumber": f"000000{index}",
            },
        }
        for index, day in enumerate(("2021-01-01", "2021-01-29"), 1)
    ]
    person = {"resourceType": "Patient", "name": [{"family": "Example", "given": ["Ann"]}], "birthDate": "1951-01-20"}
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": "resource:0", "resource": person}]}
    bundle["entry"] += doses  # type: ignore[operator]
    claims = {
        "iss": ISSUER,
        "nbf": 1640995200.5,
        "vc": {
            "type": ["https://smarthealth.cards#health-card"],
            "credentialSubject": {"fhirVersion": "4.0.1", "fhirBundle": bundle},
        },
    }
    jwk = _jwk()
    deflate = zlib.compressobj(9, wbits=-15)
    body = deflate.compress(json.dumps(claims, separators=(",", ":")).encode()) + deflate.flush()
    header = json.dumps({"zip": "DEF", "alg": "ES256", "kid": jwk["kid"]}, separators=(",", ":")).encode()
    signed = f"{_b64(header)}.{_b64(body)}"
    jws = f"{signed}.{_b64(_sign(signed.encode()))}"
    digits = "".join(f"{ord(char) - 45:02d}" for char in jws)
    keys = json.dumps({"keys": [jwk]}).encode()
    source = ListSource("bench", fetched=AT)
    return f"shc:/{digits}".encode(), TrustStore([read_jwks(keys, issuer=ISSUER, name="Bench", source=source)])


def nzcp() -> tuple[bytes, TrustStore]:
    """A pass, and its issuer's DID document."""
    credential = {
        "@context": ["https://www.w3.org/2018/credentials/v1", "https://nzcp.covid19.health.nz/contexts/v1"],
        "version": "1.0.0",
        "type": ["VerifiableCredential", "PublicCovidPass"],
        "credentialSubject": {"givenName": "Ann", "familyName": "Example", "dob": "1960-04-16"},
    }
    protected = cbor2.dumps({4: b"key-1", 1: -7})
    payload = cbor2.dumps({1: DID, 5: 1640995200, 4: 1956528000, "vc": credential, 7: bytes(range(16))})
    signature = _sign(sig_structure(protected, payload))
    text = base64.b32encode(cbor2.dumps(cbor2.CBORTag(18, [protected, {}, payload, signature]))).rstrip(b"=")
    method = {"id": f"{DID}#key-1", "controller": DID, "type": "JsonWebKey2020", "publicKeyJwk": _jwk()}
    document = json.dumps({"id": DID, "verificationMethod": [method], "assertionMethod": [method["id"]]}).encode()
    source = ListSource("bench", fetched=AT)
    return b"NZCP:/1/" + text, TrustStore([read_did(document, trusted=[DID], source=source)])


def _ratio(text: bytes, store: TrustStore) -> float:
    scans = [Scan.text(text)]
    (document,) = read_scans(scans, trust=store, at=AT)
    assert document.signature.value == "valid", document.findings
    message, scheme = b"x" * 700, ec.ECDSA(hashes.SHA256())
    signature, public = KEY.sign(message, scheme), KEY.public_key()
    bare: Callable[[], object] = lambda: public.verify(signature, message, scheme)  # noqa: E731
    ours, unit = fastest_seconds(lambda: read_scans(scans, trust=store, at=AT), bare)
    return ours / unit


def measure() -> dict[str, float]:
    """Ratios to one bare P-256 verification of a message of the same size, in the same run."""
    return {name: _ratio(*sample()) for name, sample in zip(TARGETS, (shc, nzcp), strict=True)}
