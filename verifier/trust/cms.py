"""CMS SignedData (RFC 5652): the wrapping of ICAO master lists and of WHO trust-anchor statements."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from asn1crypto import cms

from verifier.errors import TrustError
from verifier.trust.chain_codes import ChainCode
from verifier.trust.codes import ListCode
from verifier.trust.x509 import HASHES, Certificate, issued, parse, public_key, signature_holds


@dataclass(frozen=True, slots=True)
class SignedContent:
    """Content whose signature holds, and who made it: `signer`, and `carried`, the certificates beside it."""

    kind: str
    content: bytes
    signer: Certificate
    carried: Sequence[Certificate]


def verify(data: bytes, known: Iterable[bytes] = ()) -> SignedContent:
    """Check one signature of a SignedData with its content inside.

    Whether the signer may be believed is the caller's question: compare `signer` with what is pinned (`anchored`).

    Args:
        data: DER ContentInfo.
        known: further certificates the signer may be among.

    Raises:
        TrustError: NOT_READABLE where it is no SignedData with content and signer, LIST_SIGNATURE where no signature
            holds.

    Source: RFC 5652 sections 5.3 to 5.6.
    """
    try:
        info = cms.ContentInfo.load(data, strict=True)
        if info["content_type"].native != "signed_data":
            raise ValueError
        signed = info["content"]
        wrapped = signed["encap_content_info"]
        kind = wrapped["content_type"].dotted
        content = wrapped["content"]
        octets: bytes = content.parsed.dump() if content.native is None else _octets(content)
        carried = [parse(choice.chosen.dump()) for choice in signed["certificates"] if choice.name == "certificate"]
        signers = list(signed["signer_infos"])
    except TrustError:
        raise
    except Exception as error:  # noqa: BLE001 - asn1crypto raises many kinds from any access
        raise TrustError(ListCode.NOT_READABLE, facts={"expected": "CMS", "reason": type(error).__name__}) from None
    among = [*carried, *(parse(der) for der in known)]
    for one in signers:
        try:
            signer = _holds(one, kind, octets, among)
        except Exception:  # noqa: BLE001, S112 - a signer we cannot read is a signature that does not hold
            continue
        if signer is not None:
            return SignedContent(kind, octets, signer, carried)
    raise TrustError(ChainCode.LIST_SIGNATURE, alert=True)


def _octets(content: Any) -> bytes:
    value = content.native
    return value if isinstance(value, bytes) else bytes(content.contents)


def _holds(info: Any, kind: str, content: bytes, among: Sequence[Certificate]) -> Certificate | None:
    """The certificate whose key made this signature, or None."""
    sid = info["sid"]
    digest = info["digest_algorithm"]["algorithm"].native
    if digest not in HASHES:
        return None
    attributes = info["signed_attrs"]
    signed = content
    if attributes.native is not None:
        stated = {item["type"].dotted: item["values"][0] for item in attributes}
        if stated["1.2.840.113549.1.9.4"].native != hashlib.new(digest, content).digest():
            return None
        if stated["1.2.840.113549.1.9.3"].dotted != kind:
            return None
        signed = b"\x31" + attributes.dump(force=False)[1:]  # signed as SET OF, carried as [0] (section 5.4)
    for certificate in among:
        if sid.name == "issuer_and_serial_number":
            chosen = sid.chosen
            if certificate.issuer != chosen["issuer"].hashable or certificate.serial != chosen["serial_number"].native:
                continue
        elif certificate.key_id != sid.native:
            continue
        key = public_key(certificate)
        if signature_holds(key, info["signature_algorithm"], signed, info["signature"].native, digest):
            return certificate
    return None


def anchored(signed: SignedContent, anchors: Iterable[bytes]) -> bool:
    """True where the signer is one of the pinned certificates, or was issued by one of them, or through one carried."""
    pinned = [parse(der) for der in anchors]
    known = {certificate.sha256 for certificate in pinned}
    chain = [signed.signer, *(c for c in signed.carried if c.authority and issued(c, signed.signer))]
    return any(
        certificate.sha256 in known or any(issued(anchor, certificate) for anchor in pinned if anchor.authority)
        for certificate in chain
    )
