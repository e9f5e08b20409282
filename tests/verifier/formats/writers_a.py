"""Writers of SMART cards, NZ passes, PaperCred, 2D-DOC and NL2 codes with any content and fault, from fixed keys."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from verifier.model import Scan
from verifier.reading import Document, read_scans
from verifier.trust.keys import KeyList, ListSource
from verifier.trust.lists.did_nzcp import read_did
from verifier.trust.lists.jwks import read_jwks, thumbprint
from verifier.trust.lists.named_keys import read_named_keys
from verifier.trust.store import TrustStore

AT = datetime(2022, 1, 15, tzinfo=UTC)
NBF = 1640995200  # 2022-01-01
SOURCE = ListSource("test", fetched=datetime(2022, 1, 10, tzinfo=UTC))
ISSUER, OTHER_ISSUER = "https://shc.example/issuer", "https://other.example/issuer"
DID = "did:web:nzcp.example"
P256 = ec.derive_private_key(0xA11CE, ec.SECP256R1())
STRANGER = ec.derive_private_key(0xBAD, ec.SECP256R1())
P384 = ec.derive_private_key(0xA11CE, ec.SECP384R1())
K256 = ec.derive_private_key(0xA11CE, ec.SECP256K1())
CVX = "http://hl7.org/fhir/sid/cvx"
Sign = Callable[[bytes], bytes]


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def der(key: ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
    return key.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))


def raw(key: ec.EllipticCurvePrivateKey) -> Sign:
    def sign(message: bytes) -> bytes:
        r, s = decode_dss_signature(der(key, message))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    return sign


def pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def jwk(key: ec.EllipticCurvePrivateKey = P256, **changes: Any) -> dict[str, Any]:
    """A JWK as the specification wants it; a change to None leaves the member out."""
    numbers = key.public_key().public_numbers()
    x, y = b64url(numbers.x.to_bytes(32, "big")), b64url(numbers.y.to_bytes(32, "big"))
    whole = {"kty": "EC", "kid": thumbprint(x, y), "use": "sig", "alg": "ES256", "crv": "P-256", "x": x, "y": y}
    return {name: value for name, value in {**whole, **changes}.items() if value is not None}


def jwks(*keys: dict[str, Any]) -> bytes:
    return json.dumps({"keys": list(keys or (jwk(),))}).encode()


KID: str = jwk()["kid"]


# --- SMART Health Cards -----------------------------------------------------------------------------------------------


def dose(day: str | None = "2021-06-01", code: str = "207", **changes: Any) -> dict[str, Any]:
    whole = {
        "resourceType": "Immunization",
        "status": "completed",
        "vaccineCode": {"coding": [{"system": CVX, "code": code}]},
        "patient": {"reference": "resource:0"},
        "occurrenceDateTime": day,
        "lotNumber": "L1",
        "performer": [{"actor": {"display": "Clinic"}}],
    }
    return {name: value for name, value in {**whole, **changes}.items() if value is not None}


def observation(code: str = "94500-6", value: str = "260415000", **changes: Any) -> dict[str, Any]:
    whole = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "effectiveDateTime": "2022-01-14T08:00:00+10:00",
        "valueCodeableConcept": {"coding": [{"system": "http://snomed.info/sct", "code": value}]},
        "performer": [{"display": "Laboratory"}],
    }
    return {name: value for name, value in {**whole, **changes}.items() if value is not None}


PATIENT = {
    "resourceType": "Patient",
    "name": [{"family": "Example", "given": ["Ann", "Bea"]}],
    "birthDate": "1951-01-20",
}


def claims(*resources: dict[str, Any], vc: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    entries = [
        {"fullUrl": f"resource:{index}", "resource": resource}
        for index, resource in enumerate(resources or (PATIENT, dose()))
    ]
    whole = {
        "iss": ISSUER,
        "nbf": NBF,
        "vc": {
            "type": ["https://smarthealth.cards#health-card"],
            "credentialSubject": {
                "fhirVersion": "4.0.1",
                "fhirBundle": {"resourceType": "Bundle", "type": "collection", "entry": entries},
            },
            **(vc or {}),
        },
    }
    return {name: value for name, value in {**whole, **changes}.items() if value is not None}


def deflate(data: bytes, wbits: int = -15) -> bytes:
    stream = zlib.compressobj(9, wbits=wbits)
    return stream.compress(data) + stream.flush()


def card(
    content: Any = None,
    *,
    body: bytes | None = None,
    packed: bytes | None = None,
    header: dict[str, Any] | None = None,
    sign: Sign | None = None,
) -> str:
    """A compact JWS; `body` replaces the JSON, `packed` the deflated JSON, `header` members of the header."""
    plain = json.dumps(claims() if content is None else content, separators=(",", ":")).encode()
    inside = deflate(plain if body is None else body) if packed is None else packed
    whole = {"zip": "DEF", "alg": "ES256", "kid": KID, **(header or {})}
    members = {name: value for name, value in whole.items() if value is not None}
    signed = f"{b64url(json.dumps(members).encode())}.{b64url(inside)}"
    return f"{signed}.{b64url((sign or raw(P256))(signed.encode()))}"


def digits(jws: str) -> str:
    return "".join(f"{ord(char) - 45:02d}" for char in jws)


def qr(jws: str) -> bytes:
    return f"shc:/{digits(jws)}".encode()


def chunks(jws: str, count: int) -> list[bytes]:
    size = -(-len(jws) // count)
    parts = [jws[at : at + size] for at in range(0, len(jws), size)]
    return [f"shc:/{index}/{len(parts)}/{digits(part)}".encode() for index, part in enumerate(parts, 1)]


def shc_store(*more: KeyList, keys: bytes | None = None) -> TrustStore:
    return TrustStore([read_jwks(keys or jwks(), issuer=ISSUER, name="Example", source=SOURCE), *more])


# --- New Zealand ------------------------------------------------------------------------------------------------------


def pass_claims(**changes: Any) -> dict[Any, Any]:
    """CWT claims; keyword names are `iss`, `nbf`, `exp`, `cti`, `vc`, a change to None leaves one out."""
    numbers = {"iss": 1, "exp": 4, "nbf": 5, "cti": 7, "vc": "vc"}
    whole = {
        "iss": DID,
        "nbf": NBF,
        "exp": NBF + 31536000,
        "cti": bytes(range(16)),
        "vc": {
            "@context": ["https://www.w3.org/2018/credentials/v1", "https://nzcp.covid19.health.nz/contexts/v1"],
            "version": "1.0.0",
            "type": ["VerifiableCredential", "PublicCovidPass"],
            "credentialSubject": {"givenName": "Ana", "familyName": "Tāne", "dob": "1960-04-16"},
        },
        **changes,
    }
    return {numbers[name]: value for name, value in whole.items() if value is not None}


def nzcp(
    content: Any = None,
    *,
    protected: dict[Any, Any] | None = None,
    tag: int = 18,
    sign: Sign | None = None,
    signature: bytes | None = None,
) -> bytes:
    head = cbor2.dumps(protected if protected is not None else {4: b"key-1", 1: -7})
    body = cbor2.dumps(pass_claims() if content is None else content)
    signed = cbor2.dumps(["Signature1", head, b"", body])
    made = (sign or raw(P256))(signed) if signature is None else signature
    message = cbor2.dumps(cbor2.CBORTag(tag, [head, {}, body, made]))
    return b"NZCP:/1/" + base64.b32encode(message).rstrip(b"=")


def did_document(**changes: Any) -> dict[str, Any]:
    reference = f"{DID}#key-1"
    key = {name: value for name, value in jwk().items() if name in ("kty", "crv", "x", "y")}
    method = {"id": reference, "controller": DID, "type": "JsonWebKey2020", "publicKeyJwk": key}
    return {"id": DID, "verificationMethod": [method], "assertionMethod": [reference], **changes}


def nzcp_store(document: dict[str, Any] | None = None, trusted: tuple[str, ...] = (DID,)) -> TrustStore:
    data = json.dumps(document or did_document()).encode()
    return TrustStore([read_did(data, trusted=trusted, source=SOURCE)])


# --- named keys -------------------------------------------------------------------------------------------------------


def cred(
    payload: str, kind: str = "BADGE", version: str = "2", key: str = "QA.KEY", signature: bytes | None = None
) -> bytes:
    made = der(K256, payload.encode()) if signature is None else signature
    return f"CRED:{kind}:{version}:{base64.b32encode(made).rstrip(b'=').decode()}:{key}:{payload}".encode()


VACCINATION_FIELDS = (
    "L0EXEMPLE\x1dL1ANNE/MARIE\x1dL205021988L3COVID-19\x1dL4J07BX03\x1d"
    "L5COMIRNATY PFIZER/BIONTECH\x1dL6PFIZER/BIONTECH\x1dL72L82L915112021LATE"
)
TEST_FIELDS = "F0ANNE\x1dF1EXEMPLE\x1dF205021988F3FF494558-4\x1dF5NF6140120221430"


def two_d_doc(
    fields: str = VACCINATION_FIELDS,
    kind: str = "L1",
    *,
    header: str | None = None,
    sign: Sign | None = None,
) -> bytes:
    body = ((header or f"DC04QA01QA011F3F1F3F{kind}01FR") + fields).encode()
    return body + b"\x1f" + base64.b32encode((sign or raw(P256))(body)).rstrip(b"=")


def named_store() -> TrustStore:
    return TrustStore(read_named_keys([("QA.KEY", pem(K256)), ("QA01", pem(P256))], source=SOURCE))


# --- the Netherlands --------------------------------------------------------------------------------------------------

BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def tlv(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x82]) + size.to_bytes(2, "big")
    return bytes([tag]) + length + content


def attribute(value: bytes) -> bytes:
    number = int.from_bytes(value, "big") << 1 | 1
    return tlv(2, number.to_bytes((number.bit_length() + 8) // 8, "big"))


def nl2(*attributes: str, key: str = "VWS-CC-QA", version: bytes = b"\x02", members: int = 5) -> bytes:
    values = attributes or ("0", "1", "1642204800", "25", "A", "B", "17", "5")
    metadata = tlv(0x30, tlv(4, version) + tlv(0x13, key.encode()))
    disclosed = tlv(0x30, b"".join(attribute(value) for value in (metadata, *(v.encode() for v in values))))
    data = tlv(0x30, tlv(2, b"\x00") + b"".join(tlv(2, bytes(range(1, 40))) for _ in range(members)) + disclosed)
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 45)
        text = BASE45[digit] + text
    return b"NL2:" + text.encode()


# --- reading ----------------------------------------------------------------------------------------------------------


def read(*scans: bytes, store: TrustStore, at: datetime = AT) -> tuple[Document, ...]:
    return read_scans([Scan.text(scan) for scan in scans], trust=store, at=at)


def codes(document: Document) -> set[str]:
    return {finding.code.value for finding in document.findings}
