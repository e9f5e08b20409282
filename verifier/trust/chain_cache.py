"""Chains already verified, kept by certificate hash, so that a queue with one signer pays for its chain once."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime

from verifier.findings import Finding
from verifier.trust.keys import Authority, RevocationList, TrustedKey

MAX_CHAINS = 1024  # a hostile sender could otherwise fill memory with signers of its own


class ChainCache:
    """Signer certificates carried in documents, resolved to keys through the authorities of their ring.

    Findings of a chain (dates, revocation) depend on the moment asked about and are taken anew per calendar day of it.
    """

    def __init__(self, authorities: Mapping[str, Sequence[Authority]], crls: Sequence[RevocationList]) -> None:
        self._authorities = authorities
        self._crls = tuple(crl for crl in crls if crl.crl is not None)
        self._kept: OrderedDict[tuple[bytes, str, datetime], tuple[TrustedKey, tuple[Finding, ...]]] = OrderedDict()

    def resolve(self, certificate: bytes, ring: str, at: datetime) -> tuple[TrustedKey, tuple[Finding, ...]]:
        """The key of a certificate whose chain holds at `at`.

        Raises:
            TrustError: of `verify_chain`: no authority known, chain broken, wrong profile.
        """
        from verifier.trust.chain import verify_chain  # asn1crypto is only needed by documents that carry certificates

        digest = hashlib.sha256(certificate).digest()
        slot = (digest, ring, at)
        kept = self._kept.get(slot)
        if kept is None:
            chain = verify_chain(certificate, self._authorities.get(ring, ()), self._crls, at)
            key = TrustedKey(chain.signer, chain.public_key, digest[:8], None, certificate)
            kept = key, chain.findings
            self._kept[slot] = kept
            if len(self._kept) > MAX_CHAINS:
                self._kept.popitem(last=False)
        return kept
