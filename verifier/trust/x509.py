"""Certificates and their signatures as passport authorities really make them.

ICAO certificates carry what strict parsers refuse: NULL parameters on ECDSA algorithms, curves written out in full, odd
extensions. They are taken apart with asn1crypto, and only key and signature go to `cryptography`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from asn1crypto import algos, core, keys, x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from verifier.errors import TrustError
from verifier.quick import remembered
from verifier.trust.chain_codes import ChainCode
from verifier.trust.curves import named_curve_key
from verifier.trust.keys import PublicKey

MAX_CERTIFICATE = 16 * 1024  # bytes; the largest authority seen has 2 KiB
DOCUMENT_TYPES = "2.23.136.1.1.6.2"
# SHA-1 and MD5 are left out on purpose: nothing signed with them is believed
HASHES: Mapping[str, hashes.HashAlgorithm] = {
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


class DocumentTypeList(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    """ICAO Doc 9303 part 12: SEQUENCE {version INTEGER, docTypeList SET OF PrintableString}."""

    class _Types(core.SetOf):  # type: ignore[misc]
        _child_spec = core.PrintableString

    _fields = [("version", core.Integer), ("types", _Types)]  # noqa: RUF012 - asn1crypto's own form


@dataclass(frozen=True, slots=True, eq=False)
class Certificate:
    """A certificate taken apart.

    Attributes:
        der, sha256: as given, and its hex digest.
        tbs, signature, algorithm: what was signed, the signature, and its algorithm as asn1crypto reads it.
        subject, issuer: names in a form that compares as RFC 5280 section 7.1 asks.
        name, country: common name (else organisation) and country (upper case) of the subject.
        key_id: subject key identifier as stated, else the SHA-1 of the key (RFC 5280 section 4.2.1.2).
        authority_key_id: as stated, or None.
        usages: dotted OIDs of the extended key usage; None where there is none.
        document_types: ICAO document type list; None where there is none.
        authority: basic constraints say CA. `signs`: key usage allows signatures (or is absent).
    """

    der: bytes
    sha256: str
    tbs: bytes
    signature: bytes
    algorithm: Any
    spki: Any
    subject: str
    issuer: str
    name: str | None
    country: str | None
    serial: int
    not_before: datetime
    not_after: datetime
    key_id: bytes
    authority_key_id: bytes | None
    usages: frozenset[str] | None
    document_types: frozenset[str] | None
    authority: bool
    signs: bool

    @property
    def label(self) -> str:
        """Name for people: `name (country)`."""
        return f"{self.name or '?'} ({self.country})" if self.country else self.name or "?"


@remembered(2048, longest=8192)
def parse(der: bytes) -> Certificate:
    """Take a DER certificate apart.

    Raises:
        TrustError: CERTIFICATE_BROKEN.
    """
    try:
        if len(der) > MAX_CERTIFICATE:
            raise ValueError
        return _parse(der)
    except Exception as error:  # noqa: BLE001 - asn1crypto reads lazily and raises many kinds from any access
        raise TrustError(ChainCode.CERTIFICATE_BROKEN, facts={"reason": type(error).__name__}) from None


def _parse(der: bytes) -> Certificate:
    loaded = x509.Certificate.load(der, strict=True)
    tbs = loaded["tbs_certificate"]
    algorithm = loaded["signature_algorithm"]
    if tbs["signature"]["algorithm"].dotted != algorithm["algorithm"].dotted:
        raise ValueError("inner and outer algorithm differ")
    extensions = {}
    for extension in tbs["extensions"]:
        oid = extension["extn_id"].dotted
        if oid in extensions:
            raise ValueError("extension repeated")
        extensions[oid] = extension["extn_value"]
    names = tbs["subject"].native
    country = names.get("country_name")
    spki = tbs["subject_public_key_info"]
    types = None
    if DOCUMENT_TYPES in extensions:
        listed = DocumentTypeList.load(extensions[DOCUMENT_TYPES].contents, strict=True)
        types = frozenset(str(item) for item in listed["types"].native)
    usages = extensions.get("2.5.29.37")
    key_usage = extensions.get("2.5.29.15")
    constraints = extensions.get("2.5.29.19")
    stated = extensions.get("2.5.29.14")
    authority = extensions.get("2.5.29.35")
    return Certificate(
        der=der,
        sha256=hashlib.sha256(der).hexdigest(),
        tbs=tbs.dump(),
        signature=loaded["signature_value"].native,
        algorithm=algorithm,
        spki=spki,
        subject=tbs["subject"].hashable,
        issuer=tbs["issuer"].hashable,
        name=_text(names.get("common_name") or names.get("organization_name")),
        country=country.upper() if isinstance(country, str) else None,
        serial=tbs["serial_number"].native,
        not_before=tbs["validity"]["not_before"].native,
        not_after=tbs["validity"]["not_after"].native,
        key_id=stated.parsed.native if stated is not None else hashlib.sha1(_key_bits(spki)).digest(),  # noqa: S324
        authority_key_id=None if authority is None else authority.parsed["key_identifier"].native,
        usages=None if usages is None else frozenset(oid.dotted for oid in usages.parsed),
        document_types=types,
        authority=constraints is not None and bool(constraints.parsed["ca"].native),
        signs=key_usage is None or "digital_signature" in key_usage.parsed.native,
    )


def _text(value: Any) -> str | None:
    return ", ".join(map(str, value)) if isinstance(value, list) else None if value is None else str(value)


def _key_bits(spki: Any) -> bytes:
    """The subjectPublicKey BIT STRING without its unused-bits octet."""
    contents: bytes = spki["public_key"].contents
    return contents[1:]


@lru_cache(maxsize=2048)
def public_key(certificate: Certificate) -> PublicKey:
    """The key of a certificate, also where its curve is written out in full.

    Raises:
        TrustError: KEY_UNSUPPORTED.
    """
    spki = certificate.spki
    try:
        parameters = spki["algorithm"]["parameters"]
        if isinstance(parameters, keys.ECDomainParameters) and parameters.name == "specified":
            return named_curve_key(parameters.chosen, _key_bits(spki))
        key = load_der_public_key(spki.dump())
    except Exception:  # noqa: BLE001
        raise TrustError(ChainCode.KEY_UNSUPPORTED) from None
    if isinstance(key, (ec.EllipticCurvePublicKey, rsa.RSAPublicKey, ed25519.Ed25519PublicKey)):
        return key
    raise TrustError(ChainCode.KEY_UNSUPPORTED, facts={"type": type(key).__name__})


def signature_holds(key: PublicKey, algorithm: Any, signed: bytes, signature: bytes, digest: str | None = None) -> bool:
    """Check a signature as X.509 and CMS carry it: RSA PKCS#1 v1.5, RSA-PSS, ECDSA in DER.

    Args:
        algorithm: asn1crypto SignedDigestAlgorithm; unknown and weak (SHA-1) ones do not hold.
        digest: hash name where the algorithm states none (CMS).
    """
    try:
        scheme = algorithm.signature_algo
        if isinstance(key, ec.EllipticCurvePublicKey) and scheme == "ecdsa":
            key.verify(signature, signed, ec.ECDSA(_hash(algorithm, digest)))
        elif isinstance(key, rsa.RSAPublicKey) and scheme == "rsassa_pkcs1v15":
            key.verify(signature, signed, padding.PKCS1v15(), _hash(algorithm, digest))
        elif isinstance(key, rsa.RSAPublicKey) and scheme == "rsassa_pss":
            used, pss = _pss(algorithm["parameters"])
            key.verify(signature, signed, pss, used)
        else:
            return False
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, KeyError, TypeError):
        return False
    return True


def _hash(algorithm: Any, digest: str | None) -> hashes.HashAlgorithm:
    try:
        stated: str | None = algorithm.hash_algo
    except ValueError:  # `ecdsa` and `rsassa_pkcs1v15` alone state no hash
        stated = digest
    return HASHES[stated or ""]


def _pss(parameters: Any) -> tuple[hashes.HashAlgorithm, padding.PSS]:
    if not isinstance(parameters, algos.RSASSAPSSParams):
        raise ValueError
    used = HASHES[parameters["hash_algorithm"]["algorithm"].native]
    mask = HASHES[parameters["mask_gen_algorithm"]["parameters"]["algorithm"].native]
    return used, padding.PSS(padding.MGF1(mask), parameters["salt_length"].native)


@lru_cache(maxsize=4096)
def issued(authority: Certificate, certificate: Certificate) -> bool:
    """True where the authority's key made the signature on the certificate."""
    try:
        key = public_key(authority)
    except TrustError:
        return False
    return signature_holds(key, certificate.algorithm, certificate.tbs, certificate.signature)
