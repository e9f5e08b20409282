"""X.509 revocation lists of passport authorities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from asn1crypto import crl

from verifier.errors import TrustError
from verifier.trust.chain_codes import ChainCode
from verifier.trust.x509 import Certificate, public_key, signature_holds

MAX_CRL = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True, eq=False)
class Crl:
    """A revocation list taken apart: serial -> moment of revocation. Its signature is checked by `genuine`."""

    issuer: str
    tbs: bytes
    signature: bytes
    algorithm: Any
    this_update: datetime
    next_update: datetime | None
    revoked: Mapping[int, datetime]


@lru_cache(maxsize=512)
def parse(der: bytes) -> Crl:
    """Take a DER revocation list apart.

    Raises:
        TrustError: CRL_BROKEN.
    """
    try:
        if len(der) > MAX_CRL:
            raise ValueError
        loaded = crl.CertificateList.load(der, strict=True)
        tbs = loaded["tbs_cert_list"]
        entries = tbs["revoked_certificates"]
        next_update = tbs["next_update"].native
        return Crl(
            issuer=tbs["issuer"].hashable,
            tbs=tbs.dump(),
            signature=loaded["signature"].native,
            algorithm=loaded["signature_algorithm"],
            this_update=tbs["this_update"].native,
            next_update=next_update,
            revoked={entry["user_certificate"].native: entry["revocation_date"].native for entry in entries},
        )
    except Exception as error:  # noqa: BLE001 - asn1crypto raises many kinds from any access
        raise TrustError(ChainCode.CRL_BROKEN, facts={"reason": type(error).__name__}) from None


@lru_cache(maxsize=1024)
def genuine(held: Crl, authority: Certificate) -> bool:
    """True where the list names this authority as its issuer and carries its signature."""
    if held.issuer != authority.subject:
        return False
    try:
        key = public_key(authority)
    except TrustError:
        return False
    return signature_holds(key, held.algorithm, held.tbs, held.signature)
