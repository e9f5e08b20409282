"""The trust lists of the WHO network (GDHCN): DID documents with one method per certificate.

The key is taken from the certificate (`x5c[0]`), never from `x` and `y`, which the network writes wrongly; the usage
from the path of the method's id. Only document signers (DSC) sign documents; country authorities (SCA) serve the
chain; everything else is left alone. References to other lists are counted and never followed: the production and UAT
reference lists name the development list as a trusted one.

Source: WHO smart-trust concepts_did_gdhcn and concepts_certificate_governance; who.md section 4.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from verifier.errors import TrustError
from verifier.findings import Finding, Outcome
from verifier.health.tables import country_alpha2
from verifier.model import Signer
from verifier.trust import cms, x509
from verifier.trust.certificates import SignerCertificate, health_claims, parse_certificate
from verifier.trust.chain import Authorities
from verifier.trust.codes import ListCode
from verifier.trust.keys import Authority, KeyList, ListSource, TrustedKey
from verifier.trust.lists.csca import left_out
from verifier.trust.lists.did_codes import DidCode
from verifier.trust.lists.did_proof import check_proof
from verifier.trust.lists.dsc import decode_base64

RING = "hcert"
MAX_BYTES = 64 * 1024 * 1024
ENVIRONMENTS: Mapping[str, str] = {
    "tng-cdn.who.int": "prod",
    "tng-cdn-uat.who.int": "uat",
    "tng-cdn-dev.who.int": "dev",
}
PRODUCTION = "prod"
ANY = "any"
VERSION_2 = ":v2:"
SIGNER, AUTHORITY = "DSC", "SCA"
USAGES: Mapping[str, str] = {"DSC": SIGNER, "SCA": AUTHORITY, "CSCA": AUTHORITY}
ALIAS: Mapping[str, str] = {"CSCA": "SCA"}  # `keyusage` says CSCA where the id says SCA


@dataclass(frozen=True, slots=True)
class _Method:
    """One entry of the list, taken apart."""

    ident: str
    usage: str
    participant: str | None
    domain: str | None
    kid: bytes
    certificate: SignerCertificate

    @property
    def country(self) -> str | None:
        """Alpha-2 where the participant is a country, else the placeholder as written."""
        return (country_alpha2(self.participant) or self.participant) if self.participant else None


def read_did(
    data: bytes,
    source: ListSource,
    *,
    key_pem: bytes | None = None,
    environment: str | None = None,
    authorities: Sequence[Authority] | None = None,
) -> KeyList:
    """Signers and country authorities of a list, version 2 or 1.

    Args:
        key_pem: DID document or PEM public key of the signer of the list; without it the proof is reported as unchecked
            (the signers of the UAT and production lists are not published).
        environment: `prod`, `uat`, `dev` or `any`. Unless named, only the production list is taken, except for a source
            marked as QA.
        authorities: country authorities known from elsewhere (`statements`); signers under none of them are left out.

    Raises:
        TrustError: TOO_LARGE, NOT_READABLE, ENVIRONMENT, PROOF_INVALID, PROOF_SIGNER.
    """
    document = _document(data, source)
    host = _host(str(document["id"]))
    _check_environment(host, environment, source)
    findings = [_proof(document, key_pem, source)]
    methods = list(_methods(document, host, source, findings))
    held = tuple(
        Authority(method.certificate.der, method.country, RING, source.name)
        for method in methods
        if method.usage == AUTHORITY
    )
    chains = _Chains(held if authorities is None else authorities)
    keys: list[TrustedKey] = []
    for method in methods:
        if method.usage != SIGNER:
            continue
        path = chains.path(method)
        if not path and (authorities is not None or VERSION_2 in method.ident):  # version 1 lists signers alone
            facts = {"list": source.name, "kid": method.kid.hex(), "participant": method.participant}
            findings.append(Finding(DidCode.NO_AUTHORITY, Outcome.NOTE, facts))
            if authorities is not None:
                continue
        keys.extend(_keys(method, path, source, findings))
    return KeyList(RING, source, tuple(keys), held, findings=tuple(findings))


def _document(data: bytes, source: ListSource) -> Mapping[str, Any]:
    if len(data) > MAX_BYTES:
        raise TrustError(ListCode.TOO_LARGE, facts={"list": source.name, "bytes": len(data), "limit": MAX_BYTES})
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise TrustError(ListCode.NOT_READABLE, facts={"list": source.name, "expected": "JSON"}) from None
    if (
        not isinstance(document, dict)
        or not isinstance(document.get("id"), str)
        or not isinstance(document.get("verificationMethod", []), list)
    ):
        raise TrustError(ListCode.NOT_READABLE, facts={"list": source.name, "expected": "DID document"})
    return document


def _host(did: str) -> str:
    """The host of a `did:web` identifier, lower case."""
    parts = did.split(":")
    return unquote(parts[2]).lower() if len(parts) > 2 and parts[:2] == ["did", "web"] else ""


def _check_environment(host: str, wanted: str | None, source: ListSource) -> None:
    found = ENVIRONMENTS.get(host)
    if wanted == ANY or (wanted is None and (source.qa or found == PRODUCTION)):
        return
    if found is None or found != wanted:
        raise TrustError(
            DidCode.ENVIRONMENT, facts={"list": source.name, "found": found, "wanted": wanted or PRODUCTION}
        )


def _proof(document: Mapping[str, Any], key_pem: bytes | None, source: ListSource) -> Finding:
    proof = document.get("proof")
    created = proof.get("created") if isinstance(proof, dict) else None
    if key_pem is None:
        return Finding(DidCode.PROOF_UNCHECKED, Outcome.NOTE, {"list": source.name, "created": created})
    return Finding(DidCode.PROOF_HOLDS, Outcome.MET, {"list": source.name, "created": check_proof(document, key_pem)})


def _methods(document: Mapping[str, Any], host: str, source: ListSource, findings: list[Finding]) -> Iterable[_Method]:
    references, others = Counter[str](), Counter[str]()
    for index, entry in enumerate(document.get("verificationMethod", ())):
        if isinstance(entry, str):
            references[ENVIRONMENTS.get(_host(entry), "elsewhere")] += 1
            continue
        try:
            method = _method(entry, host)
        except TrustError as error:
            findings.append(left_out(source, index, error))
            continue
        if method is None:
            others["other"] += 1
        else:
            yield method
    if references:
        facts = {"list": source.name, "count": references.total(), "environments": sorted(references)}
        findings.append(Finding(DidCode.REFERENCES, Outcome.NOTE, facts))
    if others:
        findings.append(Finding(DidCode.OTHER_USAGE, Outcome.NOTE, {"list": source.name, "count": others.total()}))


def _method(entry: Any, host: str) -> _Method | None:
    """One method, or None for a usage that we leave alone.

    Raises:
        TrustError: ENTRY_BROKEN, ENTRY_ELSEWHERE, USAGE_DIFFERS.
    """
    try:
        ident, fragment = str(entry["id"]).split("#", 1)
        der = decode_base64(entry["publicKeyJwk"]["x5c"][0])
        codes = {name: _code(entry.get(name)) for name in ("domain", "participant", "keyusage")}
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        raise TrustError(ListCode.ENTRY_BROKEN, facts={"reason": "form"}) from None
    if _host(ident) != host:
        raise TrustError(DidCode.ENTRY_ELSEWHERE)
    segments = ident.split(":")[3:]
    usage, participant, domain = _path(segments)
    stated = codes["keyusage"]
    if usage is not None and stated is not None and ALIAS.get(stated, stated) != usage:
        raise TrustError(DidCode.USAGE_DIFFERS, facts={"path": usage, "stated": stated})
    named = usage or stated
    if named is not None and named not in USAGES:
        return None
    certificate = parse_certificate(der)
    if named is None:  # version 1 states no usage: an authority is told by its certificate
        named = AUTHORITY if x509.parse(der).authority else SIGNER
    kid = decode_base64(unquote(fragment))
    return _Method(
        ident, USAGES[named], codes["participant"] or participant, codes["domain"] or domain, kid, certificate
    )


def _code(value: object) -> str | None:
    """`{"code": "#NZL"}` as `NZL`."""
    code = value.get("code") if isinstance(value, dict) else None
    return code.lstrip("#")[:32] or None if isinstance(code, str) else None


def _path(segments: Sequence[str]) -> tuple[str | None, str | None, str | None]:
    """Usage, participant and domain of `v2:trustlist:<domain>:<participant>:<usage>`; `-` stands for any."""
    if segments[:1] == ["v2"]:
        domain, participant, usage = ([None if part == "-" else part for part in segments[2:5]] + [None] * 3)[:3]
        return ALIAS.get(usage or "", usage), participant, domain
    return None, segments[1].upper() if len(segments) > 1 else None, None


class _Chains:
    """Finds the authority of a signer: one of the same participant whose key made the signature."""

    def __init__(self, authorities: Iterable[Authority]) -> None:
        self._by_country: dict[str | None, list[Authority]] = {}
        for authority in authorities:
            self._by_country.setdefault(authority.country, []).append(authority)
        self._index = {country: Authorities(held) for country, held in self._by_country.items()}

    def path(self, method: _Method) -> tuple[str, ...]:
        index = self._index.get(method.country)
        if index is None:
            return ()
        try:
            certificate = x509.parse(method.certificate.der)
        except TrustError:
            return ()
        _, verified = index.issuers(certificate)
        if not verified:  # authorities without key identifiers, or with several keys under one name
            verified = index.issuers(replace(certificate, authority_key_id=None))[1]
        return (certificate.label, verified[0].certificate.label) if verified else ()


def _keys(method: _Method, path: tuple[str, ...], source: ListSource, findings: list[Finding]) -> Iterable[TrustedKey]:
    certificate = method.certificate
    signer = Signer(
        ring=RING,
        key_id=certificate.sha256,
        kid=method.kid.hex(),
        name=certificate.subject,
        country=method.country,
        claims=health_claims(certificate.key_usages),
        not_before=certificate.not_before,
        not_after=certificate.not_after,
        source=source.name,
        path=path,
        domain=method.domain,
    )
    key = TrustedKey(signer, certificate.public_key, method.kid, None, certificate.der)
    yield key
    if certificate.kid != method.kid:
        findings.append(Finding(ListCode.KID_DIFFERS, Outcome.NOTE, {"list": source.name, "entry": method.kid.hex()}))
        yield replace(key, kid=certificate.kid)


def statements(wrapped: Iterable[bytes], anchors: Sequence[bytes], source: ListSource) -> KeyList:
    """Country authorities that the network's trust anchor (TNG_TA) signed one by one.

    Args:
        wrapped: CMS files, each holding one certificate.
        anchors: DER of the pinned trust anchor.

    A file whose signature does not hold, or has another signer, is left out and reported.
    """
    held: list[Authority] = []
    findings: list[Finding] = []
    for index, data in enumerate(wrapped):
        try:
            signed = cms.verify(data, anchors)
            if signed.signer.sha256 not in {x509.parse(anchor).sha256 for anchor in anchors}:
                raise TrustError(ListCode.SIGNATURE_INVALID, facts={"signer": signed.signer.label})
            certificate = x509.parse(signed.content)
        except TrustError as error:
            findings.append(left_out(source, index, error))
            continue
        held.append(Authority(certificate.der, certificate.country, RING, source.name))
    return KeyList(RING, source, authorities=tuple(held), findings=tuple(findings))
