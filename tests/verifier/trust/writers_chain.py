"""Certificates, revocation lists and signed lists with any fault, for tests of chains."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from asn1crypto import algos, cms, core
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from verifier.trust.keys import Authority, RevocationList

AT = datetime(2022, 1, 15, tzinfo=UTC)
FROM, UNTIL = datetime(2021, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
BARCODE = "2.23.136.1.1.14.2"
TYPES = x509.ObjectIdentifier("2.23.136.1.1.6.2")
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def ec_key(number: int, curve: ec.EllipticCurve | None = None) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(number, curve or ec.SECP256R1())


CSCA_KEY, SIGNER_KEY, OTHER_KEY = ec_key(11), ec_key(12), ec_key(13)


def name(common: str, country: str | None) -> x509.Name:
    parts = [x509.NameAttribute(x509.NameOID.COMMON_NAME, common)]
    if country is not None:
        parts.insert(0, x509.NameAttribute(x509.NameOID.COUNTRY_NAME, country))
    return x509.Name(parts)


def document_types(*types: str) -> x509.UnrecognizedExtension:
    listed = b"".join(b"\x13" + bytes((len(kind),)) + kind.encode() for kind in types)
    body = b"\x02\x01\x00\x31" + bytes((len(listed),)) + listed
    return x509.UnrecognizedExtension(TYPES, b"\x30" + bytes((len(body),)) + body)


def certificate(
    common: str = "QA barcode signer",
    country: str | None = "UT",
    *,
    key: Key = SIGNER_KEY,
    issuer: str = "QA CSCA",
    issuer_country: str | None = "UT",
    issuer_key: Key = CSCA_KEY,
    serial: int = 7,
    start: datetime = FROM,
    end: datetime = UNTIL,
    authority: bool = False,
    usages: Sequence[str] | None = (BARCODE,),
    types: Sequence[str] | None = ("NV",),
    key_id: bool = True,
    named_key_id: Key | None = None,
    digital_signature: bool | None = None,
    digest: Any = None,
) -> bytes:
    """A DER certificate; the defaults make a good barcode signer."""
    builder = x509.CertificateBuilder(
        name(issuer, issuer_country), name(common, country), key.public_key(), serial, start, end
    )
    if authority:
        builder = builder.add_extension(x509.BasicConstraints(True, 0), True)
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    if key_id:
        aki = x509.AuthorityKeyIdentifier.from_issuer_public_key((named_key_id or issuer_key).public_key())
        builder = builder.add_extension(aki, False)
    if usages and not authority:
        builder = builder.add_extension(x509.ExtendedKeyUsage([x509.ObjectIdentifier(oid) for oid in usages]), True)
    if types and not authority:
        builder = builder.add_extension(document_types(*types), False)
    if digital_signature is not None:
        flags = [digital_signature, *[False] * 4, not digital_signature, *[False] * 3]
        builder = builder.add_extension(x509.KeyUsage(*flags), True)
    return builder.sign(issuer_key, digest or hashes.SHA256()).public_bytes(Encoding.DER)


def csca(common: str = "QA CSCA", country: str | None = "UT", key: Key = CSCA_KEY, **changes: Any) -> bytes:
    """A self-signed authority."""
    return certificate(
        common, country, key=key, issuer=common, issuer_country=country, issuer_key=key, authority=True, **changes
    )


def held(*ders: bytes) -> list[Authority]:
    return [Authority(der, source="test") for der in ders]


def crl(
    *serials: int,
    key: Key = CSCA_KEY,
    issuer: str = "QA CSCA",
    since: datetime = datetime(2021, 6, 1, tzinfo=UTC),
    start: datetime = datetime(2021, 12, 1, tzinfo=UTC),
    end: datetime = datetime(2022, 6, 1, tzinfo=UTC),
) -> RevocationList:
    builder = x509.CertificateRevocationListBuilder(name(issuer, "UT"), start, end)
    for serial in serials:
        builder = builder.add_revoked_certificate(x509.RevokedCertificateBuilder(serial, since).build())
    return RevocationList("icao", crl=builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER))


def sign(key: Key, data: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    return key.sign(data, ec.ECDSA(hashes.SHA256()))


def signed_data(
    content: bytes,
    signer: bytes,
    key: Key,
    *,
    kind: str = "2.23.136.1.1.2",
    carried: Sequence[bytes] = (),
    digest: bytes | None = None,
) -> bytes:
    """CMS SignedData over the content, with signed attributes (RFC 5652)."""
    leaf = asn1.Certificate.load(signer)
    attributes = cms.CMSAttributes(
        [
            {"type": "content_type", "values": [kind]},
            {"type": "message_digest", "values": [digest or hashlib.sha256(content).digest()]},
        ]
    )
    algorithm = "sha256_rsa" if isinstance(key, rsa.RSAPrivateKey) else "sha256_ecdsa"
    info = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {"issuer_and_serial_number": {"issuer": leaf.issuer, "serial_number": leaf.serial_number}}
            ),
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": attributes,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": algorithm}),
            "signature": sign(key, attributes.dump()),
        }
    )
    body = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": kind, "content": core.ParsableOctetString(content)},
            "certificates": [
                cms.CertificateChoices({"certificate": asn1.Certificate.load(der)}) for der in (signer, *carried)
            ],
            "signer_infos": [info],
        }
    )
    dumped: bytes = cms.ContentInfo({"content_type": "signed_data", "content": body}).dump()
    return dumped
