"""What a list of keys holds once it is read: keys, certificate authorities, revocations, and where they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from verifier.findings import Finding
from verifier.model import Signer

PublicKey = EllipticCurvePublicKey | RSAPublicKey | Ed25519PublicKey


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """One key of a list.

    Attributes:
        signer: how it is described once it has verified something.
        public_key: parsed once, at load.
        kid: under which documents name it (bytes; a text kid is its UTF-8).
        issuer: URL or DID it is bound to; a ring bound to issuers finds it under this one only.
        certificate: DER, None where the list holds bare keys.
        crl_version: SHC `crlVersion`, None where the key has no revocation list.
    """

    signer: Signer
    public_key: PublicKey
    kid: bytes
    issuer: str | None = None
    certificate: bytes | None = None
    crl_version: int | None = None


@dataclass(frozen=True, slots=True)
class ListSource:
    """Provenance of a list. Times are UTC; `stale_after` is the moment from which answers are marked stale."""

    name: str
    sha256: str = ""
    origin: str = ""
    fetched: datetime | None = None
    expires: datetime | None = None
    stale_after: datetime | None = None
    qa: bool = False


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate authority (CSCA, SCA): DER certificate, the country its list names, and the name of that list."""

    certificate: bytes
    country: str | None = None
    ring: str = "icao"
    source: str = ""


@dataclass(frozen=True, slots=True)
class RevocationList:
    """Revoked identifiers of one issuer key.

    Attributes:
        ring, issuer, kid: whose documents it is about (X.509 CRLs: `certificate_serials` under the issuer's DER name).
        entries: identifier -> moment before which documents are revoked; None revokes whatever the date.
        version: SHC `ctr`; good while it equals the key's `crlVersion`.
        next_update: when a newer list was promised.
        crl: DER of an X.509 list, checked against its CSCA when used.
    """

    ring: str
    issuer: str | None = None
    kid: bytes | None = None
    entries: Mapping[str, datetime | None] = field(default_factory=dict)
    version: int | None = None
    next_update: datetime | None = None
    crl: bytes | None = None


@dataclass(frozen=True, slots=True)
class KeyList:
    """Everything one reader took from one publisher. `findings` name the entries that were left out."""

    ring: str
    source: ListSource
    keys: tuple[TrustedKey, ...] = ()
    authorities: tuple[Authority, ...] = ()
    revocations: tuple[RevocationList, ...] = ()
    trusted_issuers: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()
