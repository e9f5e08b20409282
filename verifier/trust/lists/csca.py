"""Passport authorities (CSCA), their revocation lists, and barcode signers trusted directly.

Read are: PEM and DER certificates, JSON with `entries` of PEM, and the ICAO master list (CMS). An entry that cannot be
read is left out and reported; the rest loads.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from asn1crypto import core

from verifier.errors import TrustError
from verifier.findings import Finding, Outcome
from verifier.trust import cms
from verifier.trust.chain import describe
from verifier.trust.chain_codes import ChainCode
from verifier.trust.codes import ListCode
from verifier.trust.crl import parse as parse_crl
from verifier.trust.keys import Authority, KeyList, ListSource, RevocationList, TrustedKey
from verifier.trust.lists.dsc import decode_base64, split_pem
from verifier.trust.x509 import parse, public_key

RING = "icao"
MASTER_LIST = "2.23.136.1.1.2"  # id-icao-cscaMasterList
MAX_BYTES = 64 * 1024 * 1024
PEM = b"-----BEGIN"
_SEQUENCE, _OCTETS = 0x30, 0x04

Entry = tuple[object, bytes, str | None]


class _Certificates(core.SetOf):  # type: ignore[misc]  # asn1crypto has no types
    _child_spec = core.Any


class MasterList(core.Sequence):  # type: ignore[misc]
    """ICAO Doc 9303 part 12: SEQUENCE {version INTEGER, certList SET OF Certificate}."""

    _fields = [("version", core.Integer), ("certificates", _Certificates)]  # noqa: RUF012 - asn1crypto's own form


def read_authorities(data: bytes, source: ListSource, *, ring: str = RING, key_pem: bytes | None = None) -> KeyList:
    """Authorities in any of the forms named above.

    Args:
        key_pem: PEM certificates that may sign a master list, or issue its signer. Without any, the signature of a
            master list is checked against the certificate it carries, and that is reported.

    Raises:
        TrustError: TOO_LARGE, NOT_READABLE, LIST_SIGNATURE, LIST_SIGNER_UNKNOWN (anchors given, none fits).
    """
    if len(data) > MAX_BYTES:
        raise TrustError(ListCode.TOO_LARGE, facts={"list": source.name, "bytes": len(data), "limit": MAX_BYTES})
    findings: list[Finding] = []
    authorities: list[Authority] = []
    anchors = None if key_pem is None else certificates_of(key_pem)
    for label, der, country in _entries(data, source, anchors, findings):
        try:
            certificate = parse(der)
            public_key(certificate)
        except TrustError as error:
            findings.append(left_out(source, label, error))
            continue
        authorities.append(Authority(der, country or certificate.country, ring, source.name))
    return KeyList(ring, source, authorities=tuple(authorities), findings=tuple(findings))


def _entries(
    data: bytes, source: ListSource, anchors: Sequence[bytes] | None, findings: list[Finding]
) -> Iterable[Entry]:
    start = data.lstrip()[:1]
    if start in (b"{", b"["):
        return _json_entries(data, source)
    if PEM in data:
        return ((index, der, None) for index, der in enumerate(split_pem(data)))
    if start == bytes((_SEQUENCE,)) and not _is_certificate(data):
        return _master_list(data, source, anchors, findings)
    return ((0, data, None),)


def _is_certificate(data: bytes) -> bool:
    try:
        parse(data)
    except TrustError:
        return False
    return True


def _json_entries(data: bytes, source: ListSource) -> Iterator[Entry]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        raise TrustError(ListCode.NOT_READABLE, facts={"list": source.name, "expected": "JSON"}) from None
    entries = value.get("entries", value.get("certificates")) if isinstance(value, dict) else value
    if not isinstance(entries, list):
        raise TrustError(ListCode.NOT_READABLE, facts={"list": source.name, "expected": "entries"})
    for index, entry in enumerate(entries):
        text = entry.get("pem") or entry.get("certificate") if isinstance(entry, dict) else entry
        country = entry.get("country") if isinstance(entry, dict) else None
        yield index, certificate_bytes(text), country.upper() if isinstance(country, str) else None


def certificate_bytes(text: object) -> bytes:
    """DER of one certificate given as PEM or base64; empty bytes where it is neither."""
    if not isinstance(text, str):
        return b""
    if "-----BEGIN" in text:
        return next(split_pem(text.encode("utf-8", "replace")), b"")
    try:
        return decode_base64(text)
    except TrustError:
        return b""


def _master_list(
    data: bytes, source: ListSource, anchors: Sequence[bytes] | None, findings: list[Finding]
) -> Iterable[Entry]:
    signed = cms.verify(data, anchors or ())
    if signed.kind != MASTER_LIST:
        raise TrustError(ListCode.NOT_READABLE, facts={"list": source.name, "expected": "master list"})
    facts = {"list": source.name, "signer": signed.signer.label}
    if anchors is not None and not cms.anchored(signed, anchors):
        raise TrustError(ChainCode.LIST_SIGNER_UNKNOWN, facts=facts)
    if anchors is None:
        findings.append(Finding(ChainCode.LIST_SIGNER_UNKNOWN, Outcome.NOTE, facts))
    try:
        listed = MasterList.load(signed.content, strict=True)["certificates"]
        return [(index, item.dump(), None) for index, item in enumerate(listed)]
    except Exception:  # noqa: BLE001 - asn1crypto raises many kinds from any access
        raise TrustError(ListCode.NOT_READABLE, facts={"list": source.name, "expected": "certificates"}) from None


def left_out(source: ListSource, label: object, error: TrustError) -> Finding:
    """The finding for an entry that was not taken."""
    facts = {"list": source.name, "entry": label, "reason": error.code.value, **error.facts}
    return Finding(ListCode.ENTRY_BROKEN, Outcome.NOTE, facts)


def read_barcode_signers(data: bytes, source: ListSource) -> KeyList:
    """Signers trusted without an authority, PEM or DER: their presence here is the trust, no profile is asked for.

    Each is found by the SHA-256 of its certificate, and by its country for documents that carry no certificate.
    """
    keys: list[TrustedKey] = []
    findings: list[Finding] = []
    blocks = list(split_pem(data)) if PEM in data else [data]
    for label, der in enumerate(blocks):
        try:
            certificate = parse(der)
            key = public_key(certificate)
        except TrustError as error:
            findings.append(left_out(source, label, error))
            continue
        signer = describe(certificate, None, ring=RING, source=source.name)
        kids = [bytes.fromhex(certificate.sha256)]
        if certificate.country:
            kids.append(certificate.country.encode())
        keys.extend(TrustedKey(signer, key, kid, None, der) for kid in kids)
    return KeyList(RING, source, tuple(keys), findings=tuple(findings))


def read_crl(data: bytes, source: ListSource) -> KeyList:
    """One X.509 revocation list, DER or PEM. Its signature is checked against its authority when it is used.

    Raises:
        TrustError: CRL_BROKEN.
    """
    der = _pem_crl(data) if PEM in data else data
    held = parse_crl(der)
    return KeyList(RING, source, revocations=(RevocationList(RING, next_update=held.next_update, crl=der),))


def _pem_crl(data: bytes) -> bytes:
    body = data.partition(b"-----BEGIN X509 CRL-----")[2].partition(b"-----END")[0]
    try:
        return decode_base64(body.decode("ascii", "replace"))
    except TrustError:
        raise TrustError(ChainCode.CRL_BROKEN, facts={"reason": "pem"}) from None


def join(lists: Iterable[KeyList], source: ListSource, ring: str = RING) -> KeyList:
    """Several lists as one."""
    held = list(lists)
    return KeyList(
        ring,
        source,
        tuple(key for one in held for key in one.keys),
        tuple(authority for one in held for authority in one.authorities),
        tuple(revocation for one in held for revocation in one.revocations),
        findings=tuple(finding for one in held for finding in one.findings),
    )


def certificates_of(pem: bytes) -> list[bytes]:
    """DER of every certificate of a PEM text, for anchors; broken ones are left out."""
    return [der for der in split_pem(pem) if _is_certificate(der)]
