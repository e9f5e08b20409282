"""The VCI directory snapshot: the keys and revocation lists of all its issuers, as last retrieved from each.

Issuers that went offline stay in the snapshot with the keys of their last day; their keys get a source of their own
with that day, so that an answer which rests on them says how old it is.

Source: the-commons-project/vci-directory, `logs/vci_snapshot.json` and its detached signature (ECDSA, SHA-512).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from verifier.errors import TrustError
from verifier.findings import Finding, Outcome
from verifier.trust.keys import KeyList, ListSource, RevocationList, TrustedKey
from verifier.trust.lists.jwks import RING, JwksCode, keys_of, moment, parse_json
from verifier.trust.shc_revocation import read_crl

MAX_BYTES = 64 * 1024 * 1024
MAX_ISSUERS = 50_000
CURRENT = timedelta(days=2)  # retrieved this long before the snapshot or later: as old as the snapshot


@dataclass(frozen=True, slots=True)
class _Issuer:
    iss: str
    name: str | None
    country: str | None
    keys: list[Any]
    crls: list[Any]
    retrieved: datetime | None


def check_signature(data: bytes, signature: bytes, certificate: bytes) -> None:
    """Return only if the snapshot is the one that was signed.

    Args:
        data: the snapshot file.
        signature: DER, or base64 of it.
        certificate: PEM or DER of the signer, as kept with the anchors.

    Raises:
        TrustError: SNAPSHOT_SIGNATURE.
    """
    try:
        load = x509.load_pem_x509_certificate if b"-----BEGIN" in certificate else x509.load_der_x509_certificate
        key = load(certificate).public_key()
        der = signature if signature[:1] == b"\x30" else base64.b64decode(b"".join(signature.split()), validate=True)
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise TrustError(JwksCode.SNAPSHOT_SIGNATURE, facts={"reason": "key"})
        key.verify(der, data, ec.ECDSA(hashes.SHA512()))
    except (InvalidSignature, ValueError, binascii.Error):
        raise TrustError(JwksCode.SNAPSHOT_SIGNATURE) from None


def read_snapshot(
    data: bytes, *, source: ListSource, signature: bytes | None = None, certificate: bytes | None = None
) -> tuple[KeyList, ...]:
    """The snapshot as lists: the first with all issuers retrieved with it, then one for each older day.

    Args:
        data: the file as published (`issuerInfo`), or reduced to `issuers` with the same members in snake case.
        source: where it came from; `fetched` is taken from the file where the source does not say.
        signature, certificate: both given, the signature is checked first.

    Raises:
        TrustError: SNAPSHOT_SIGNATURE, TOO_LARGE, NOT_A_SET, SNAPSHOT where it is no snapshot.
    """
    if signature is not None and certificate is not None:
        check_signature(data, signature, certificate)
    content = parse_json(data, limit=MAX_BYTES)
    if not isinstance(content, Mapping):
        raise TrustError(JwksCode.SNAPSHOT, facts={"list": source.name})
    listed = content.get("issuerInfo", content.get("issuers"))
    if not isinstance(listed, list) or len(listed) > MAX_ISSUERS:
        raise TrustError(JwksCode.SNAPSHOT, facts={"list": source.name})
    taken = moment(content.get("time", content.get("snapshot_time")))
    if source.fetched is None:
        source = replace(source, fetched=taken)
    lists = _Lists(source, taken)
    for index, entry in enumerate(listed):
        issuer = _issuer(entry)
        if issuer is None:
            facts = {"list": source.name, "entry": index}
            lists.findings.append(Finding(JwksCode.ISSUER, Outcome.NOTE, facts))
        else:
            lists.add(issuer)
    return tuple(lists.build())


class _Lists:
    """Collects issuers under the source of the day they were last retrieved."""

    def __init__(self, source: ListSource, taken: datetime | None) -> None:
        self.source = source
        self.taken = taken
        self.findings: list[Finding] = []
        self._members: dict[ListSource, tuple[list[TrustedKey], list[RevocationList], set[str]]] = {
            source: ([], [], set())
        }

    def add(self, issuer: _Issuer) -> None:
        source = self._source_of(issuer)
        keys, crls, issuers = self._members.setdefault(source, ([], [], set()))
        issuers.add(issuer.iss)
        try:
            read, found = keys_of(
                {"keys": issuer.keys}, issuer=issuer.iss, name=issuer.name, source=source, country=issuer.country
            )
        except TrustError as error:
            facts = {"list": source.name, "issuer": issuer.iss, **error.facts}
            self.findings.append(Finding(error.code, Outcome.NOTE, facts))
            return
        keys.extend(read)
        self.findings.extend(found)
        for crl in issuer.crls:
            held, notes = read_crl(crl, issuer=issuer.iss, source=source)
            self.findings.extend(notes)
            if held is not None:
                crls.append(held)

    def _source_of(self, issuer: _Issuer) -> ListSource:
        if self.taken is None or issuer.retrieved is None or self.taken - issuer.retrieved <= CURRENT:
            return self.source
        day = issuer.retrieved.date().isoformat()
        return replace(
            self.source,
            name=f"{self.source.name}, issuers last retrieved {day}",
            fetched=issuer.retrieved.replace(hour=0, minute=0, second=0, microsecond=0),
        )

    def build(self) -> Iterator[KeyList]:
        findings = tuple(self.findings)
        for source, (keys, crls, issuers) in self._members.items():
            yield KeyList(
                RING,
                source,
                tuple(keys),
                revocations=tuple(crls),
                trusted_issuers=frozenset(issuers),
                findings=findings if source is self.source else (),
            )


def _issuer(entry: Any) -> _Issuer | None:
    """One entry of either form; None where it names no issuer or holds no list of keys."""
    if not isinstance(entry, Mapping):
        return None
    described = entry.get("issuer", entry)
    if not isinstance(described, Mapping) or not isinstance(described.get("iss"), str):
        return None
    keys, crls = entry.get("keys", []), entry.get("crls", [])
    if not isinstance(keys, list) or not isinstance(crls, list):
        return None
    name = described.get("name")
    return _Issuer(
        described["iss"],
        name if isinstance(name, str) else None,
        _country(entry.get("locations")),
        keys,
        crls,
        moment(entry.get("lastRetrieved", entry.get("last_retrieved"))),
    )


def _country(locations: Any) -> str | None:
    """The country that all locations of an issuer share."""
    if not isinstance(locations, list):
        return None
    countries = {place.get("country") for place in locations if isinstance(place, Mapping)}
    only = countries.pop() if len(countries) == 1 else None
    return only if isinstance(only, str) and len(only) == 2 else None
