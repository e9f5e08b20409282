"""PathCheck PaperCred: `CRED:TYPE:VERSION:SIGNATURE:KEYID:PAYLOAD`, ECDSA over secp256k1.

Only the payload text is signed: type, version and key identifier are not. So a payload is read as what its type says
only where its shape agrees, and the record says that the type is unsigned. In use for pilots only.

Source: Path-Check/paper-cred, README and payload definitions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote_to_bytes

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from verifier.codecs import base32
from verifier.errors import EnvelopeError
from verifier.findings import Code, Finding, Outcome
from verifier.formats import cred_fields
from verifier.health.record import HealthRecord, Holder
from verifier.model import Envelope, SignedPayload, SignerHint

NAME = "cred"
RING = "cred"
PREFIX = b"CRED:"
PARTS = 6
MAX_TEXT = 16 * 1024
MAX_VALUES = 100
MAX_INTEGER = 40  # bytes of r or s; the curve needs 33


class CredCode(Code):
    """Findings about a PaperCred."""

    TOO_LARGE = "cred.too-large"
    PARTS = "cred.parts"
    ENCODING = "cred.encoding"
    SIGNATURE_NOT_MINIMAL = "cred.signature-not-minimal"
    TYPE_UNSIGNED = "cred.type-unsigned"
    TYPE_DOES_NOT_FIT = "cred.type-does-not-fit"
    NO_HEALTH_STATEMENT = "cred.no-health-statement"
    NO_NAME = "cred.no-name"
    PILOT = "cred.pilot"


_TYPE_UNSIGNED = Finding(CredCode.TYPE_UNSIGNED, Outcome.NOTE)
_PILOT = Finding(CredCode.PILOT, Outcome.OPEN)


def recognise(scan: bytes) -> bool:
    """True for a text that starts with `CRED:`."""
    return scan.startswith(PREFIX)


def unwrap(scans: Sequence[bytes]) -> Sequence[Envelope]:
    """One envelope per text. `content` is `{type, version, key, values}`.

    Raises:
        EnvelopeError: TOO_LARGE, PARTS where a part is missing or empty, codes of base32 for the signature, ENCODING
            where the payload is no UTF-8 once unescaped.
    """
    return [_unwrap(scan) for scan in scans]


def _unwrap(scan: bytes) -> Envelope:
    if len(scan) > MAX_TEXT:
        raise EnvelopeError(CredCode.TOO_LARGE, facts={"length": len(scan), "limit": MAX_TEXT})
    parts = scan.split(b":", PARTS - 1)
    if len(parts) != PARTS or not all(parts):
        raise EnvelopeError(CredCode.PARTS, facts={"parts": len(parts)})
    _, kind, version, signature, key, signed = parts
    try:
        content: dict[str, Any] = {
            "type": kind.decode("ascii"),
            "version": version.decode("ascii"),
            "key": key.decode("ascii"),
            "values": [unquote_to_bytes(value).decode("utf-8") for value in signed.split(b"/", MAX_VALUES)],
        }
    except UnicodeDecodeError:
        raise EnvelopeError(CredCode.ENCODING) from None
    der, padded = _minimal(base32.decode(signature))
    return Envelope(
        NAME,
        SignerHint(RING, key),
        "ES256K-DER",
        signed,
        der,
        content,
        claims=cred_fields.states(content["type"]),
        findings=(Finding(CredCode.SIGNATURE_NOT_MINIMAL, Outcome.NOTE),) if padded else (),
    )


def _minimal(der: bytes) -> tuple[bytes, bool]:
    """An ECDSA signature in minimal DER, and whether it had to be rewritten.

    Early writers put needless zero bytes before r or s, which the crypto library refuses. What is no SEQUENCE of two
    INTEGER is returned as it is: it will not verify.
    """
    body = _element(der, 0x30)
    first = None if body is None or body[1] else _element(body[0], 0x02)
    second = None if first is None else _element(first[1], 0x02)
    if first is None or second is None or second[1] or not (first[0] and second[0]):
        return der, False
    minimal = encode_dss_signature(int.from_bytes(first[0], "big"), int.from_bytes(second[0], "big"))
    return minimal, minimal != der


def _element(data: bytes, tag: int) -> tuple[bytes, bytes] | None:
    """Content of one short-form DER element and what follows it."""
    if len(data) < 2 or data[0] != tag or data[1] > 0x7F or len(data) < 2 + data[1]:
        return None
    end = 2 + data[1]
    if tag == 0x02 and data[1] > MAX_INTEGER:
        return None
    return data[2:end], data[end:]


def read(payload: SignedPayload) -> HealthRecord:
    """The record of a verified payload, where its type states something about health and its values have that shape."""
    content = payload.content
    kind, values = content["type"], content["values"]
    findings = [_PILOT, _TYPE_UNSIGNED]
    named = cred_fields.named_values(kind, content["version"], values)
    said = None if named is None else cred_fields.statement(kind, named)
    if said is None:
        fits = named is not None and not cred_fields.states(kind)
        code = CredCode.NO_HEALTH_STATEMENT if fits else CredCode.TYPE_DOES_NOT_FIT
        findings.append(Finding(code, Outcome.OPEN, {"type": kind[:20], "values": len(values)}))
        said = cred_fields.Statement(Holder())
    elif said.holder.surname is None and said.holder.full_name is None:
        findings.append(Finding(CredCode.NO_NAME, Outcome.OPEN))
    return HealthRecord(
        NAME,
        said.holder,
        said.vaccinations,
        said.tests,
        said.recoveries,
        content["key"],
        content,
        tuple(findings),
    )
