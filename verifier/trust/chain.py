"""From the certificate inside a document to an authority we hold: one step, as ICAO and WHO build their chains.

Shell model: signer and authority must both be valid at the moment asked about. The signer's own dates are judged with
all other dates (`verifier.trust.dates`); the authority's here.

Source: ICAO Doc 9303 part 12 (profiles) and part 13, ICAO TR VDS-NC (barcode signer); RFC 5280 sections 4.2 and 6.3.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Generic, TypeVar

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from verifier.errors import TrustError
from verifier.findings import Finding, Outcome
from verifier.model import Claim, Signer
from verifier.trust.chain_codes import ChainCode
from verifier.trust.codes import TrustCode
from verifier.trust.crl import Crl, genuine
from verifier.trust.crl import parse as parse_crl
from verifier.trust.keys import Authority, PublicKey, RevocationList
from verifier.trust.x509 import Certificate, issued, parse, public_key

BARCODE_SIGNER = "2.23.136.1.1.14.2"
HEALTH_SEAL = "NV"
CLAIMS = frozenset({Claim.VACCINATION, Claim.TEST})
_KEPT_INDEXES = 8
Item = TypeVar("Item")
Index = TypeVar("Index")


@dataclass(frozen=True, slots=True)
class ChainResult:
    """A chain that holds: the signer's key, how it is described, and what was found on the way."""

    public_key: PublicKey
    signer: Signer
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Held:
    authority: Authority
    certificate: Certificate


class Authorities:
    """Authorities of one ring, found by key identifier or by name. Entries that do not parse are left out."""

    def __init__(self, authorities: Iterable[Authority]) -> None:
        self.by_key_id: dict[bytes, list[_Held]] = {}
        self.by_name: dict[str, list[_Held]] = {}
        for authority in authorities:
            try:
                held = _Held(authority, parse(authority.certificate))
            except TrustError:
                continue
            self.by_key_id.setdefault(held.certificate.key_id, []).append(held)
            self.by_name.setdefault(held.certificate.subject, []).append(held)

    def candidates(self, certificate: Certificate) -> Sequence[_Held]:
        """Those that the certificate points at: by authority key identifier, else by issuer name."""
        if certificate.authority_key_id is not None:
            return self.by_key_id.get(certificate.authority_key_id, ())
        return self.by_name.get(certificate.issuer, ())

    def issuers(self, certificate: Certificate) -> tuple[Sequence[_Held], list[_Held]]:
        """Candidates, and those among them whose key made the signature."""
        named = self.candidates(certificate)
        return named, [held for held in named if issued(held.certificate, certificate)]


class Lists:
    """Revocation lists that parse, by the name of their issuer."""

    def __init__(self, lists: Iterable[RevocationList]) -> None:
        self.by_issuer: dict[str, list[Crl]] = {}
        for held in lists:
            try:
                loaded = parse_crl(held.crl or b"")
            except TrustError:
                continue
            self.by_issuer.setdefault(loaded.issuer, []).append(loaded)

    def of(self, authorities: Sequence[Certificate]) -> list[Crl]:
        """Those that one of these authorities made."""
        names = {authority.subject for authority in authorities}
        return [
            crl
            for name in sorted(names)
            for crl in self.by_issuer.get(name, ())
            if any(genuine(crl, authority) for authority in authorities)
        ]


class _Kept(Generic[Item, Index]):
    """Indexes of sequences, kept by identity: a store passes the same sequence for every document."""

    def __init__(self, make: Callable[[Sequence[Item]], Index]) -> None:
        self._make = make
        self._held: OrderedDict[int, tuple[Sequence[Item], Index]] = OrderedDict()

    def __call__(self, items: Sequence[Item]) -> Index:
        kept = self._held.get(id(items))
        if kept is None or kept[0] is not items:
            kept = items, self._make(items)
            self._held[id(items)] = kept
            while len(self._held) > _KEPT_INDEXES:
                self._held.popitem(last=False)
        return kept[1]


_authorities: _Kept[Authority, Authorities] = _Kept(Authorities)
_lists: _Kept[RevocationList, Lists] = _Kept(Lists)


@dataclass(frozen=True, slots=True)
class _Link:
    """All of a chain that does not depend on the moment: each authority that fits, with what it makes of the signer."""

    key: PublicKey
    issuers: tuple[tuple[Certificate, Signer, tuple[Finding, ...]], ...]
    serial: int
    lists: tuple[Crl, ...]


@lru_cache(maxsize=1024)
def _link(der: bytes, authorities: Authorities, lists: Lists) -> _Link:
    """Everything that costs: parsing, two signatures, profile. Raises as `verify_chain`."""
    signer = parse(der)
    key = public_key(signer)
    named, verified = authorities.issuers(signer)
    if not named:
        raise TrustError(ChainCode.AUTHORITY_UNKNOWN, facts={"country": signer.country})
    if not verified:
        raise TrustError(ChainCode.NOT_ISSUED_BY_AUTHORITY, facts={"country": signer.country}, alert=True)
    if not isinstance(key, EllipticCurvePublicKey):  # Doc 9303 part 13: seals are signed with ECDSA only
        raise TrustError(ChainCode.KEY_UNSUPPORTED, facts={"type": "RSA"}, alert=True)
    _check_profile(signer)
    fitting = [held for held in verified if _same_country(signer, held)]
    if not fitting:
        facts = {"signer": signer.country, "authority": verified[0].certificate.country}
        raise TrustError(ChainCode.COUNTRY_DIFFERS, facts=facts, alert=True)
    note = () if signer.authority_key_id is not None else (Finding(ChainCode.NO_AUTHORITY_KEY_ID, Outcome.NOTE),)
    issuers = tuple(
        (
            held.certificate,
            describe(signer, held),
            (Finding(ChainCode.HOLDS, Outcome.MET, {"authority": held.certificate.label}), *note),
        )
        for held in fitting
    )
    return _Link(key, issuers, signer.serial, tuple(lists.of([held.certificate for held in fitting])))


def verify_chain(
    certificate_der: bytes, authorities: Sequence[Authority], crls: Sequence[RevocationList], at: datetime
) -> ChainResult:
    """Check that a barcode signer was issued by one of the authorities, for health seals, and is not revoked.

    Args:
        certificate_der: as carried in the document.
        authorities: of the ring, possibly several with one key: any that fits and is in date will do. This sequence and
            the next are indexed once and must not change afterwards.
        crls: revocation lists with `crl` set; only one signed by the same authority counts.
        at: the moment asked about, with zone.

    Raises:
        TrustError: CERTIFICATE_BROKEN, KEY_UNSUPPORTED, AUTHORITY_UNKNOWN; with alert NOT_ISSUED_BY_AUTHORITY,
            NOT_A_BARCODE_SIGNER, DOCUMENT_TYPE, COUNTRY_DIFFERS.

    Returns:
        The result; its findings tell of an authority out of date, of revocation, and of lists missing or out of date.
    """
    link = _link(certificate_der, _authorities(authorities), _lists(crls))
    issuer, signer, findings = max(link.issuers, key=lambda held: (_in_date(held[0], at), held[0].not_after))
    found = (*findings, *_authority_dates(issuer, at), *_revocation(link, at))
    return ChainResult(link.key, signer, found)


def describe(certificate: Certificate, issuer: _Held | None, *, ring: str = "icao", source: str = "") -> Signer:
    """A barcode signer as trust shows it. Without `issuer` presence on a list is the trust."""
    return Signer(
        ring=ring,
        key_id=certificate.sha256,
        kid=certificate.sha256[:16],
        name=certificate.name,
        country=certificate.country,
        claims=CLAIMS,
        not_before=certificate.not_before,
        not_after=certificate.not_after,
        source=source or (issuer.authority.source if issuer else ""),
        path=(certificate.label, issuer.certificate.label) if issuer else (),
    )


def _check_profile(signer: Certificate) -> None:
    if signer.usages is None or BARCODE_SIGNER not in signer.usages or signer.authority or not signer.signs:
        raise TrustError(ChainCode.NOT_A_BARCODE_SIGNER, facts={"usages": sorted(signer.usages or ())}, alert=True)
    if signer.document_types is None or HEALTH_SEAL not in signer.document_types:
        facts = {"types": sorted(kind[:8] for kind in signer.document_types or ())[:8]}
        raise TrustError(ChainCode.DOCUMENT_TYPE, facts=facts, alert=True)


def _same_country(signer: Certificate, held: _Held) -> bool:
    return signer.country is not None and signer.country == held.certificate.country


def _in_date(certificate: Certificate, at: datetime) -> bool:
    return certificate.not_before <= at <= certificate.not_after


def _authority_dates(authority: Certificate, at: datetime) -> tuple[Finding, ...]:
    if at > authority.not_after:
        facts = {"authority": authority.label, "until": authority.not_after.isoformat()}
        return (Finding(ChainCode.AUTHORITY_EXPIRED, Outcome.OPEN, facts),)
    if at < authority.not_before:
        facts = {"authority": authority.label, "from": authority.not_before.isoformat()}
        return (Finding(ChainCode.AUTHORITY_NOT_YET_VALID, Outcome.OPEN, facts),)
    return ()


def _revocation(link: _Link, at: datetime) -> tuple[Finding, ...]:
    """What the authority's lists say. Past its next update the newest may miss the newest entries."""
    if not link.lists:
        return (Finding(TrustCode.REVOCATION_UNCHECKED, Outcome.OPEN, {"reason": "list-missing"}),)
    since = min((crl.revoked[link.serial] for crl in link.lists if link.serial in crl.revoked), default=None)
    if since is not None and since <= at:
        return (Finding(TrustCode.REVOKED, Outcome.UNMET, {"since": since.isoformat()}, alert=True),)
    newest = max(link.lists, key=lambda crl: crl.this_update)
    if newest.next_update is not None and at > newest.next_update:
        return (Finding(TrustCode.REVOCATION_STALE, Outcome.OPEN, {"due": newest.next_update.isoformat()}),)
    return ()
