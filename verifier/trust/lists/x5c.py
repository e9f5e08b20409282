"""The certificate chain that a JWK may carry (`x5c`): it must be a chain, about this key, and name the issuer's URL.

No framework of trusted roots for it ever came to use, so a good chain adds nothing to the trust in the list; a bad one
means that somebody mixed something up, and the key is left out. Dates are not compared: lists are renewed, chains were
not.

Source: RFC 7517 section 4.7; SMART Health Cards framework 1.4, "Issuer public key certificates".
"""

from __future__ import annotations

import base64
import binascii
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec

from verifier.errors import TrustError
from verifier.trust.lists.jwks import JwksCode

MAX_CHAIN = 10


def _certificates(x5c: object) -> list[x509.Certificate]:
    if not isinstance(x5c, list) or not 0 < len(x5c) <= MAX_CHAIN:
        raise TrustError(JwksCode.CERTIFICATE)
    try:
        return [x509.load_der_x509_certificate(base64.b64decode(text, validate=True)) for text in x5c]
    except (ValueError, TypeError, binascii.Error):
        raise TrustError(JwksCode.CERTIFICATE) from None


def check_chain(x5c: object, key: ec.EllipticCurvePublicKey, issuer: str | None) -> None:
    """Return only if the chain holds.

    Args:
        x5c: base64 DER (standard alphabet), leaf first.
        key: what the JWK itself says.
        issuer: URL that the leaf must name as a URI (a DNS name will not do); None skips this.

    Raises:
        TrustError: CERTIFICATE where one does not parse; CERTIFICATE_KEY where the leaf holds another key;
            CERTIFICATE_CHAIN where one is not issued by the next, or the next is no authority; CERTIFICATE_ISSUER.
    """
    chain = _certificates(x5c)
    try:
        if chain[0].public_key() != key:
            raise TrustError(JwksCode.CERTIFICATE_KEY)
        for index, (child, parent) in enumerate(pairwise(chain)):
            child.verify_directly_issued_by(parent)
            constraints = parent.extensions.get_extension_for_class(x509.BasicConstraints).value
            if not constraints.ca or (constraints.path_length is not None and constraints.path_length < index):
                raise TrustError(JwksCode.CERTIFICATE_CHAIN, facts={"certificate": index + 1})
        if issuer is not None and issuer not in _uris(chain[0]):
            raise TrustError(JwksCode.CERTIFICATE_ISSUER)
    except (InvalidSignature, x509.ExtensionNotFound, TypeError, ValueError):
        raise TrustError(JwksCode.CERTIFICATE_CHAIN) from None


def _uris(certificate: x509.Certificate) -> list[str]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return names.get_values_for_type(x509.UniformResourceIdentifier)
