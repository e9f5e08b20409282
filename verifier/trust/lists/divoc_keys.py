"""Public keys of DIVOC issuers. There is no discovery: a key is listed under the name its documents give it.

{"source": "...", "keys": [{"did": "did:india", "name": "...", "country": "IN", "pem": "-----BEGIN PUBLIC KEY..."}]}
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from verifier.errors import TrustError
from verifier.findings import Finding
from verifier.model import Claim, Signer
from verifier.trust.codes import ListCode
from verifier.trust.keys import KeyList, ListSource, PublicKey, TrustedKey
from verifier.trust.lists.csca import left_out

RING = "divoc"
MAX_BYTES = 1024 * 1024


def public_key_from_pem(pem: bytes) -> PublicKey:
    """A `PUBLIC KEY` block.

    Raises:
        TrustError: ENTRY_BROKEN, KEY_REFUSED.
    """
    try:
        key = load_pem_public_key(pem)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise TrustError(ListCode.ENTRY_BROKEN, facts={"reason": "pem"}) from None
    if isinstance(key, (ec.EllipticCurvePublicKey, rsa.RSAPublicKey, ed25519.Ed25519PublicKey)):
        return key
    raise TrustError(ListCode.KEY_REFUSED, facts={"type": type(key).__name__})


def from_keys(entries: Iterable[tuple[str, bytes, str | None, str | None]], source: ListSource) -> KeyList:
    """Build a list from entries (name that documents give the key, PEM, name for people, country)."""
    keys: list[TrustedKey] = []
    findings: list[Finding] = []
    for did, pem, name, country in entries:
        try:
            key = public_key_from_pem(pem)
        except TrustError as error:
            findings.append(left_out(source, did, error))
            continue
        spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        signer = Signer(
            ring=RING,
            key_id=hashlib.sha256(spki).hexdigest(),
            kid=did,
            name=name or did,
            country=country,
            claims=frozenset({Claim.VACCINATION}),
            source=source.name,
        )
        keys.append(TrustedKey(signer, key, did.encode("utf-8", "replace")))
    return KeyList(RING, source, tuple(keys), findings=tuple(findings))


def read_keys(data: bytes, source: ListSource) -> KeyList:
    """The JSON form named above.

    Raises:
        TrustError: TOO_LARGE, NOT_READABLE.
    """
    if len(data) > MAX_BYTES:
        raise TrustError(ListCode.TOO_LARGE, facts={"list": source.name, "bytes": len(data), "limit": MAX_BYTES})
    try:
        entries = json.loads(data)["keys"]
        rows = [
            (str(row["did"]), str(row["pem"]).encode(), row.get("name"), row.get("country"))
            for row in entries
            if isinstance(row, dict)
        ]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise TrustError(ListCode.NOT_READABLE, facts={"list": source.name, "expected": "keys"}) from None
    return from_keys(rows, source)
