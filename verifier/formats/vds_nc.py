"""ICAO VDS-NC: health seals for vaccination (`icao.vacc`) and testing (`icao.test`).

JSON in a barcode: `data` is signed in its canonical form (RFC 8785), `sig` holds algorithm, signature and the
certificate of the barcode signer. Japan prints an array with that one object.

Source: ICAO TR VDS-NC 1.4; ICAO Doc 9303 part 13.
"""

from __future__ import annotations

import binascii
import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from verifier.codecs.canonical_json import canonicalise, parse
from verifier.errors import EnvelopeError
from verifier.findings import Finding, Outcome
from verifier.formats.vds_nc_codes import VdsCode
from verifier.formats.vds_nc_record import NAME, TEST, VACCINATION, read, two_letters
from verifier.model import Claim, Envelope, SignerHint

__all__ = ["NAME", "read", "recognise", "unwrap"]

RING = "icao"
CLAIMS: Mapping[str, frozenset[Claim]] = {
    VACCINATION: frozenset({Claim.VACCINATION}),
    TEST: frozenset({Claim.TEST}),
}
VERSION = 1
ALGORITHMS = frozenset({"ES256", "ES384", "ES512"})
MAX_SCAN = 64 * 1024
MAX_SEALS = 4  # objects in an array
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")


def recognise(scan: bytes) -> bool:
    """True for JSON that names an ICAO seal type, or has the members of a seal."""
    head = scan[:MAX_SCAN]
    return head.lstrip()[:1] in (b"{", b"[") and (
        b'"icao.' in head or (b'"hdr"' in head and b'"sig"' in head and b'"data"' in head)
    )


def unwrap(scans: Sequence[bytes]) -> Sequence[Envelope]:
    """One envelope per seal.

    Raises:
        EnvelopeError: TOO_LARGE, codes of JSON, NOT_A_SEAL, TYPE_UNKNOWN, VERSION_UNKNOWN, ALGORITHM,
            SIGNATURE_MISSING, BASE64_BROKEN, CERTIFICATE_CUT.
    """
    return [envelope for scan in scans for envelope in _unwrap(scan)]


def _unwrap(scan: bytes) -> list[Envelope]:
    if len(scan) > MAX_SCAN:
        raise EnvelopeError(VdsCode.TOO_LARGE, facts={"bytes": len(scan), "limit": MAX_SCAN})
    value = parse(scan, limit=MAX_SCAN)
    seals = value if isinstance(value, list) else [value]
    if not 1 <= len(seals) <= MAX_SEALS:
        raise EnvelopeError(VdsCode.NOT_A_SEAL, facts={"seals": len(seals)})
    return [_seal(seal) for seal in seals]


def _seal(seal: Any) -> Envelope:
    data = _member(seal, "data")
    header = _member(data, "hdr")
    kind = header.get("t")
    claims = CLAIMS.get(kind) if isinstance(kind, str) else None
    if claims is None:
        named = kind if isinstance(kind, str) and kind.isascii() else None
        raise EnvelopeError(VdsCode.TYPE_UNKNOWN, facts={"type": named and named[:24]})
    version = header.get("v")
    if isinstance(version, bool) or version != VERSION:
        shown = version if isinstance(version, int) and abs(version) < 1_000_000 else None
        raise EnvelopeError(VdsCode.VERSION_UNKNOWN, facts={"version": shown})
    message = _member(data, "msg")
    sig = seal.get("sig")
    value = sig.get("sigvl") if isinstance(sig, dict) else None
    if value is None or value == "":
        raise EnvelopeError(VdsCode.SIGNATURE_MISSING)
    algorithm = sig.get("alg")
    if algorithm not in ALGORITHMS:
        named = algorithm if isinstance(algorithm, str) and algorithm.isalnum() else None
        raise EnvelopeError(VdsCode.ALGORITHM, facts={"algorithm": named and named[:16]}, alert=True)
    findings: list[Finding] = []
    signature = _decode(value, "sigvl", findings)
    issuer = header.get("is")
    issuer = issuer if isinstance(issuer, str) else None
    identifier = message.get("uvci", message.get("utci"))
    return Envelope(
        NAME,
        _hint(sig.get("cer"), issuer, findings),
        algorithm,
        canonicalise(data),
        signature,
        data,
        claims=claims,
        findings=tuple(findings),
        revocation_id=identifier if isinstance(identifier, str) else None,
    )


def _member(value: Any, name: str) -> dict[str, Any]:
    member = value.get(name) if isinstance(value, dict) else None
    if not isinstance(member, dict):
        raise EnvelopeError(VdsCode.NOT_A_SEAL, facts={"missing": name})
    return member


def _hint(carried: Any, issuer: str | None, findings: list[Finding]) -> SignerHint:
    """Where the key is: the certificate carried, else a signer of the country that we hold anyway."""
    if carried is None or carried == "":
        findings.append(Finding(VdsCode.CERTIFICATE_MISSING, Outcome.NOTE))
        return SignerHint(RING, (two_letters(issuer) or "").encode("utf-8", "replace"), issuer)
    if not isinstance(carried, str):
        raise EnvelopeError(VdsCode.BASE64_BROKEN, facts={"member": "cer"})
    certificate, digest, notes = _certificate(carried)
    findings.extend(notes)
    return SignerHint(RING, digest, issuer, certificate)


@lru_cache(maxsize=64)
def _certificate(carried: str) -> tuple[bytes, bytes, tuple[Finding, ...]]:
    """The certificate and its SHA-256. Kept, because the seals of one queue carry few different ones."""
    notes: list[Finding] = []
    certificate = _decode(carried, "cer", notes)
    if not _whole(certificate):
        raise EnvelopeError(VdsCode.CERTIFICATE_CUT, facts={"bytes": len(certificate)})
    return certificate, hashlib.sha256(certificate).digest(), tuple(notes)


def _whole(der: bytes) -> bool:
    """True where the outer length of the DER SEQUENCE is the length at hand."""
    return len(der) > 4 and der[:2] == b"\x30\x82" and int.from_bytes(der[2:4], "big") + 4 == len(der)


def _decode(text: Any, member: str, findings: list[Finding]) -> bytes:
    """base64url, padded or not; the standard alphabet (written by one SDK) is taken and reported."""
    if not isinstance(text, str) or not text.isascii():
        raise EnvelopeError(VdsCode.BASE64_BROKEN, facts={"member": member})
    written = text.encode("ascii").rstrip(b"=")
    if b"+" in written or b"/" in written:
        findings.append(Finding(VdsCode.BASE64_ALPHABET, Outcome.NOTE, {"member": member}))
    try:
        decoded = binascii.a2b_base64(written.translate(_TO_STANDARD) + b"=" * (-len(written) % 4))
    except binascii.Error:
        raise EnvelopeError(VdsCode.BASE64_BROKEN, facts={"member": member}) from None
    if len(decoded) != len(written) * 3 // 4:  # what is not in the alphabet was skipped
        raise EnvelopeError(VdsCode.BASE64_BROKEN, facts={"member": member})
    return decoded
