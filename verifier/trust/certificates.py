"""Document signer certificates, also those that strict X.509 parsers refuse.

`cryptography` refuses some real signers (BasicConstraints with an encoded default, an empty extended key usage,
ecdsa-with-SHA* with NULL parameters). Their key is sound, so what it cannot read is read with asn1crypto.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import ExtensionOID, NameOID

from verifier.errors import TrustError
from verifier.model import Claim
from verifier.trust.codes import ListCode
from verifier.trust.keys import PublicKey

# EU DCC extended key usage: the registered arc, and the one with a zero too many that was issued first (dcc.md 3)
USAGE_ARCS = ("1.3.6.1.4.1.1847.2021.1.", "1.3.6.1.4.1.0.1847.2021.1.")
USAGE: Mapping[str, Claim] = {"1": Claim.TEST, "2": Claim.VACCINATION, "3": Claim.RECOVERY}


@dataclass(frozen=True, slots=True)
class SignerCertificate:
    """What trust needs of a certificate.

    Attributes:
        der: as listed.
        sha256: hex digest of `der`; its first 8 bytes are the kid of an EU or WHO signer.
        subject, country: common name (else organisation) and C of the subject.
        not_before, not_after: UTC.
        key_usages: dotted OIDs of the extended key usage, empty where there is none.
        strict: False where strict parsing failed and the tolerant path was taken.
    """

    der: bytes
    sha256: str
    public_key: PublicKey
    subject: str | None
    country: str | None
    not_before: datetime
    not_after: datetime
    key_usages: frozenset[str]
    strict: bool

    @property
    def kid(self) -> bytes:
        """First 8 bytes of the SHA-256 of the DER (EU DCC and WHO)."""
        return bytes.fromhex(self.sha256[:16])


def health_claims(key_usages: Iterable[str]) -> frozenset[Claim] | None:
    """Kinds of statement the extended key usage allows, by both OID arcs; None where no health OID is among them.

    A certificate without health OIDs (none at all, or client authentication and e-mail only) is not restricted; one
    that carries only unknown members of the arc (1847.2021.1.4 is seen) is not restricted either.
    """
    claims = {
        USAGE[oid[len(arc) :]]
        for oid in key_usages
        for arc in USAGE_ARCS
        if oid.startswith(arc) and oid[len(arc) :] in USAGE
    }
    return frozenset(claims) if claims else None


def _public_key(key: object) -> PublicKey:
    if isinstance(key, (ec.EllipticCurvePublicKey, rsa.RSAPublicKey, ed25519.Ed25519PublicKey)):
        return key
    raise TrustError(ListCode.KEY_REFUSED, facts={"type": type(key).__name__})


def _first(name: x509.Name, *oids: x509.ObjectIdentifier) -> str | None:
    for oid in oids:
        found = name.get_attributes_for_oid(oid)
        if found:
            return str(found[0].value)
    return None


def _tolerant(der: bytes, sha256: str) -> SignerCertificate:
    from asn1crypto import x509 as asn1_x509  # few lists need it

    parsed = asn1_x509.Certificate.load(der, strict=True)
    tbs = parsed["tbs_certificate"]
    names = tbs["subject"].native
    usages: frozenset[str] = frozenset()
    for extension in tbs["extensions"]:
        if extension["extn_id"].dotted == ExtensionOID.EXTENDED_KEY_USAGE.dotted_string:
            usages = frozenset(oid.dotted for oid in extension["extn_value"].parsed)
    return SignerCertificate(
        der,
        sha256,
        _public_key(load_der_public_key(tbs["subject_public_key_info"].dump())),
        names.get("common_name") or names.get("organization_name"),
        names.get("country_name"),
        tbs["validity"]["not_before"].native.astimezone(UTC),
        tbs["validity"]["not_after"].native.astimezone(UTC),
        usages,
        False,
    )


def _strict(der: bytes, sha256: str) -> SignerCertificate:
    with warnings.catch_warnings():
        # deprecated today (serial numbers below 1), refused tomorrow: the tolerant path takes them already
        warnings.simplefilter("error", CryptographyDeprecationWarning)
        parsed = x509.load_der_x509_certificate(der)
    try:
        usage = parsed.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        usages = frozenset(oid.dotted_string for oid in usage)
    except x509.ExtensionNotFound:
        usages = frozenset()
    return SignerCertificate(
        der,
        sha256,
        _public_key(parsed.public_key()),
        _first(parsed.subject, NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME),
        _first(parsed.subject, NameOID.COUNTRY_NAME),
        parsed.not_valid_before_utc,
        parsed.not_valid_after_utc,
        usages,
        True,
    )


def parse_certificate(der: bytes) -> SignerCertificate:
    """Parse one DER certificate, strictly if possible, tolerantly if not.

    Raises:
        TrustError: ENTRY_BROKEN where it is no certificate, KEY_REFUSED where its key is of a kind we cannot use.
    """
    sha256 = hashlib.sha256(der).hexdigest()
    try:
        return _strict(der, sha256)
    except TrustError:
        raise
    except (
        ValueError,
        TypeError,
        UnsupportedAlgorithm,
        CryptographyDeprecationWarning,
        x509.UnsupportedGeneralNameType,
        x509.DuplicateExtension,
    ):
        pass
    try:
        return _tolerant(der, sha256)
    except TrustError:
        raise
    except Exception as error:  # noqa: BLE001 - asn1crypto raises many kinds on hostile input
        raise TrustError(ListCode.ENTRY_BROKEN, facts={"reason": type(error).__name__}) from None
