"""The proof of a WHO trust list: JsonWebSignature2020 with a detached JWS over canonical forms.

    header "." SHA-256(canonical proof options) SHA-256(canonical document without proof)

The proof options take the document's own contexts. The signature is ECDSA in DER, which is not what JWS asks for but
what the network writes; the raw form is taken as well.

Source: W3C JSON Web Signature 2020; RFC 7797; who.md section 4.3.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from verifier.errors import CleargateError, TrustError
from verifier.trust.codes import ListCode
from verifier.trust.lists.did_codes import DidCode
from verifier.trust.lists.divoc_keys import public_key_from_pem
from verifier.trust.lists.dsc import decode_base64

MAX_VALUES = 400_000  # JSON values; the production list has about 15,000
SUITE = "JsonWebSignature2020"
_RAW = 64


def signer_key(data: bytes) -> tuple[str | None, ec.EllipticCurvePublicKey]:
    """DID and key of a signer: its DID document (first P-256 method), or a PEM public key (DID None).

    Raises:
        TrustError: NOT_READABLE.
    """
    try:
        if data.lstrip()[:1] != b"{":
            key = public_key_from_pem(data)
            if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
                raise ValueError
            return None, key
        document = json.loads(data)
        jwk = document["verificationMethod"][0]["publicKeyJwk"]
        if jwk["kty"] != "EC" or jwk["crv"] != "P-256":
            raise ValueError
        x, y = (int.from_bytes(decode_base64(jwk[part]), "big") for part in ("x", "y"))
        return str(document["id"]), ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    except (ValueError, TypeError, KeyError, IndexError, RecursionError, TrustError):
        raise TrustError(ListCode.NOT_READABLE, facts={"expected": "P-256 signer"}) from None


def check_proof(document: Mapping[str, Any], signer: bytes) -> str | None:
    """Return the proof's `created` where the proof holds under the signer's key.

    Args:
        document: parsed DID document with its `proof`.
        signer: DID document or PEM public key that must have signed it.

    Raises:
        TrustError: PROOF_INVALID (also where there is none, or it has another form), PROOF_SIGNER where it names
            another signer than the DID document given, NOT_READABLE for the signer.
    """
    from verifier.codecs.jsonld import canonicalise  # PyLD takes 80 ms to load, and few lists can be proved

    did, key = signer_key(signer)
    proof = document.get("proof")
    if not isinstance(proof, dict) or proof.get("type") != SUITE:
        raise TrustError(DidCode.PROOF_INVALID, facts={"part": "type"}, alert=True)
    if did is not None and str(proof.get("verificationMethod")).partition("#")[0] != did:
        raise TrustError(DidCode.PROOF_SIGNER, alert=True)
    try:
        header, payload, signature = str(proof["jws"]).split(".")
        stated = json.loads(decode_base64(header))
        if payload or stated["alg"] != "ES256" or stated["b64"] is not False or stated["crit"] != ["b64"]:
            raise ValueError
        options = {name: value for name, value in proof.items() if name != "jws"}
        bare = {name: value for name, value in document.items() if name != "proof"}
        message = header.encode("ascii") + b"."
        for part in ({**options, "@context": document["@context"]}, bare):
            message += hashlib.sha256(canonicalise(part, values=MAX_VALUES)).digest()
        key.verify(_der(decode_base64(signature)), message, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError, TypeError, KeyError, RecursionError, CleargateError):
        raise TrustError(DidCode.PROOF_INVALID, facts={"part": "signature"}, alert=True) from None
    created = proof.get("created")
    return created if isinstance(created, str) else None


def _der(signature: bytes) -> bytes:
    if len(signature) != _RAW:
        return signature
    half = _RAW // 2
    return encode_dss_signature(int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big"))
