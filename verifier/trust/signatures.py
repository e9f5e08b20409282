"""One line per signature algorithm: which key it needs and how it is checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from verifier.errors import TrustError
from verifier.findings import Finding, Outcome
from verifier.trust.codes import TrustCode
from verifier.trust.keys import PublicKey

RSA_FLOOR = 2048  # bits
Check = Callable[[Any, bytes, bytes], None]


def _ecdsa(hash_algorithm: hashes.HashAlgorithm, size: int) -> Check:
    scheme = ec.ECDSA(hash_algorithm)
    half = size // 2

    def check(key: ec.EllipticCurvePublicKey, signed: bytes, signature: bytes) -> None:
        if len(signature) != size:
            raise TrustError(TrustCode.SIGNATURE_SIZE, facts={"bytes": len(signature), "expected": size}, alert=True)
        r, s = int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
        key.verify(encode_dss_signature(r, s), signed, scheme)

    return check


def _ecdsa_der(hash_algorithm: hashes.HashAlgorithm) -> Check:
    scheme = ec.ECDSA(hash_algorithm)

    def check(key: ec.EllipticCurvePublicKey, signed: bytes, signature: bytes) -> None:
        key.verify(signature, signed, scheme)

    return check


def _pss(hash_algorithm: hashes.HashAlgorithm) -> Check:
    scheme = padding.PSS(padding.MGF1(hash_algorithm), padding.PSS.AUTO)

    def check(key: rsa.RSAPublicKey, signed: bytes, signature: bytes) -> None:
        key.verify(signature, signed, scheme, hash_algorithm)

    return check


def _ed25519(key: ed25519.Ed25519PublicKey, signed: bytes, signature: bytes) -> None:
    key.verify(signature, signed)


# algorithm -> (family of key it needs, check); raw r then s, big-endian: RFC 9053 section 2.1, RFC 7518 section 3.4
ALGORITHMS: Mapping[str, tuple[str, Check]] = {
    "ES256": ("P-256", _ecdsa(hashes.SHA256(), 64)),
    "ES384": ("P-384", _ecdsa(hashes.SHA384(), 96)),
    "ES512": ("P-521", _ecdsa(hashes.SHA512(), 132)),
    "PS256": ("RSA", _pss(hashes.SHA256())),
    "EdDSA": ("Ed25519", _ed25519),
    "ES256K-DER": ("secp256k1", _ecdsa_der(hashes.SHA256())),
}
_CURVES = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521", "secp256k1": "secp256k1"}
DEFAULT = {family: name for name, (family, _) in ALGORITHMS.items()}


def family(key: PublicKey) -> str:
    """`P-256`, `P-384`, `P-521`, `secp256k1`, `RSA`, `Ed25519`, or the name of another curve."""
    if isinstance(key, ec.EllipticCurvePublicKey):
        return _CURVES.get(key.curve.name, key.curve.name)
    return "RSA" if isinstance(key, rsa.RSAPublicKey) else "Ed25519"


def key_findings(key: PublicKey) -> tuple[Finding, ...]:
    """KEY_TOO_SMALL (OPEN) for an RSA key under 2048 bits: its signature may hold and still proves nothing."""
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < RSA_FLOOR:
        return (Finding(TrustCode.KEY_TOO_SMALL, Outcome.OPEN, {"bits": key.key_size, "floor": RSA_FLOOR}),)
    return ()


def check_signature(
    key: PublicKey, algorithm: str | None, signed: bytes, signature: bytes, kind: str | None = None
) -> None:
    """Return only if the signature holds. The key decides the algorithm; a header that says otherwise is refused.

    Args:
        key: public key of a candidate signer.
        algorithm: as the document claims; None takes the one that fits the key.
        signed: exactly the bytes the signer covered.
        signature: as carried (ECDSA: r then s; `ES256K-DER`: DER).
        kind: the key's `family`, where the caller has it at hand.

    Raises:
        TrustError: ALGORITHM_REFUSED for a name not in the table, ALGORITHM_MISMATCH where it does not fit the key,
            SIGNATURE_SIZE, SIGNATURE_INVALID. All carry the alert mark.
    """
    kind = kind or family(key)
    name = algorithm if algorithm is not None else DEFAULT.get(kind)
    needs, check = ALGORITHMS.get(name or "", (None, None))
    if check is None:
        raise TrustError(TrustCode.ALGORITHM_REFUSED, facts={"algorithm": name}, alert=True)
    if needs != kind:
        raise TrustError(TrustCode.ALGORITHM_MISMATCH, facts={"algorithm": name, "key": kind}, alert=True)
    try:
        check(key, signed, signature)
    except InvalidSignature:
        raise TrustError(TrustCode.SIGNATURE_INVALID, outcome=Outcome.OPEN, alert=True) from None
