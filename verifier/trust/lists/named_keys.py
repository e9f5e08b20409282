"""Keys that documents call by a plain name: PaperCred key identifiers, 2D-DOC certificate identifiers, Dutch key names.

There is no publisher's list of these; an operator keeps the keys he was given, as PEM or as the issuer's key file.

Source: Path-Check/paper-cred; 2D-DOC specification 3.2.3 (trusted list of ANTS); minvws CoronaCheck issuer keys (XML).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Mapping

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
    load_pem_public_key,
)

from verifier.errors import TrustError
from verifier.findings import Finding, Outcome
from verifier.model import Claim, Signer
from verifier.trust.certificates import parse_certificate
from verifier.trust.keys import KeyList, ListSource, TrustedKey
from verifier.trust.lists.dsc import split_pem
from verifier.trust.lists.jwks import JwksCode

CRED, TWO_D_DOC, NL2 = "cred", "2ddoc", "nl2"
RINGS_BY_CURVE: Mapping[str, str] = {
    "secp256k1": CRED,
    "secp256r1": TWO_D_DOC,
    "secp384r1": TWO_D_DOC,
    "secp521r1": TWO_D_DOC,
}
MAX_BYTES = 64 * 1024
CERTIFICATE, PUBLIC_KEY, ISSUER_KEY = b"-----BEGIN CERTIFICATE", b"-----BEGIN PUBLIC KEY", b"<IssuerPublicKey"
_COUNTRIES = {TWO_D_DOC: "FR", NL2: "NL"}
_CLAIMS = {NL2: frozenset({Claim.PASS})}
# the file is not parsed as XML: entities are no part of it
_ISSUER_ECDSA = re.compile(rb"<ECDSA>\s*([A-Za-z0-9+/=\s]{64,2048})</ECDSA>")


def read_named_keys(entries: Iterable[tuple[str, bytes]], *, source: ListSource) -> tuple[KeyList, ...]:
    """Keys by name, each in the ring its kind belongs to: secp256k1 to PaperCred, P-256, P-384 and P-521 to 2D-DOC, an
    Idemix issuer key to NL2. Keys of other kinds belong to other formats and are passed over.

    Args:
        entries: name as documents write it, and PEM (public key or certificate) or the issuer's key file.
        source: where they came from.

    Returns:
        One list per ring that has keys; the first also holds the findings about broken entries.
    """
    keys: dict[str, list[TrustedKey]] = {}
    found: list[Finding] = []
    for name, data in entries:
        try:
            key = _named(name, data, source)
        except TrustError as error:
            found.append(Finding(error.code, Outcome.NOTE, {"list": source.name, "name": name[:40], **error.facts}))
            continue
        if key is not None:
            keys.setdefault(key.signer.ring, []).append(key)
    if found and not keys:
        keys[CRED] = []
    return tuple(
        KeyList(ring, source, tuple(held), findings=tuple(found) if index == 0 else ())
        for index, (ring, held) in enumerate(keys.items())
    )


def _named(name: str, data: bytes, source: ListSource) -> TrustedKey | None:
    """One key; None where it is of no ring of this module. Raises TrustError PEM."""
    if len(data) > MAX_BYTES:
        raise TrustError(JwksCode.PEM, facts={"bytes": len(data), "limit": MAX_BYTES})
    certificate = None
    if CERTIFICATE in data:
        certificate = parse_certificate(next(split_pem(data)))
        key: object = certificate.public_key
    elif ISSUER_KEY in data:
        key = _issuer_key(data)
    else:
        try:
            key = load_pem_public_key(data)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise TrustError(JwksCode.PEM) from None
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return None
    ring = NL2 if ISSUER_KEY in data else RINGS_BY_CURVE.get(key.curve.name)
    if ring is None:
        return None
    signer = Signer(
        ring,
        certificate.sha256
        if certificate is not None
        else hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest(),
        name,
        (certificate.subject if certificate is not None else None) or name,
        (certificate.country if certificate is not None else None) or _COUNTRIES.get(ring),
        claims=_CLAIMS.get(ring),
        not_before=certificate.not_before if certificate is not None else None,
        not_after=certificate.not_after if certificate is not None else None,
        source=source.name,
    )
    der = None if certificate is None else certificate.der
    return TrustedKey(signer, key, name.encode(), certificate=der)


def _issuer_key(data: bytes) -> object:
    """The ECDSA key that an Idemix issuer's key file carries beside the numbers of the proof. It stands for the file in
    the trust store; no pass is signed with it."""
    match = _ISSUER_ECDSA.search(data)
    try:
        return load_der_public_key(base64.b64decode(b"".join(match[1].split()), validate=True)) if match else None
    except (ValueError, TypeError, binascii.Error, UnsupportedAlgorithm):
        raise TrustError(JwksCode.PEM) from None
