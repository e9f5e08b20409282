"""EU DCC signer lists: JSON with certificates, the signed German list, folders of PEM and DER, single certificates."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import load_pem_public_key

from verifier.errors import TrustError
from verifier.findings import Finding, Outcome
from verifier.model import Signer
from verifier.trust.certificates import SignerCertificate, health_claims, parse_certificate
from verifier.trust.codes import ListCode
from verifier.trust.keys import KeyList, ListSource, TrustedKey
from verifier.trust.signatures import check_signature

RING = "hcert"
MAX_BYTES = 64 * 1024 * 1024
PEM_BEGIN, PEM_END = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"


def _left_out(source: ListSource, entry: object, error: TrustError) -> Finding:
    facts = {"list": source.name, "entry": entry, "reason": error.code.value, **error.facts}
    return Finding(ListCode.ENTRY_BROKEN, Outcome.NOTE, facts)


def trusted_key(certificate: SignerCertificate, source: ListSource, country: str | None = None) -> TrustedKey:
    """A listed signer certificate as a key of the ring, under its computed kid."""
    signer = Signer(
        ring=RING,
        key_id=certificate.sha256,
        kid=certificate.kid.hex(),
        name=certificate.subject,
        country=country or certificate.country,
        claims=health_claims(certificate.key_usages),
        not_before=certificate.not_before,
        not_after=certificate.not_after,
        source=source.name,
    )
    return TrustedKey(signer, certificate.public_key, certificate.kid, None, certificate.der)


def from_certificates(
    entries: Iterable[tuple[object, bytes | str, str | None, str | None]], source: ListSource
) -> KeyList:
    """Build a list from entries (label, DER or base64 of DER, stated country, stated kid in base64).

    A broken entry is left out and reported; the rest loads. A stated kid that is not the computed one is reported, and
    the key is then found under both.
    """
    keys: list[TrustedKey] = []
    findings: list[Finding] = []
    for label, data, country, kid in entries:
        try:
            der = decode_base64(data) if isinstance(data, str) else data
            key = trusted_key(parse_certificate(der), source, country)
        except TrustError as error:
            findings.append(_left_out(source, label, error))
            continue
        keys.append(key)
        stated = _stated_kid(kid)
        if stated is not None and stated != key.kid:
            keys.append(replace(key, kid=stated))
            findings.append(Finding(ListCode.KID_DIFFERS, Outcome.NOTE, {"list": source.name, "entry": label}))
    return KeyList(RING, source, tuple(keys), findings=tuple(findings))


def decode_base64(text: str) -> bytes:
    """Standard or URL alphabet, padded or not.

    Raises:
        TrustError: ENTRY_BROKEN.
    """
    try:
        plain = "".join(text.split()).rstrip("=").replace("-", "+").replace("_", "/")
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError, AttributeError):
        raise TrustError(ListCode.ENTRY_BROKEN, facts={"reason": "base64"}) from None


def _stated_kid(kid: str | None) -> bytes | None:
    try:
        return None if kid is None else decode_base64(kid)
    except TrustError:
        return None


def _json(data: bytes, source: ListSource) -> Any:
    if len(data) > MAX_BYTES:
        raise TrustError(ListCode.TOO_LARGE, facts={"list": source.name, "bytes": len(data), "limit": MAX_BYTES})
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise TrustError(ListCode.NOT_READABLE, facts={"list": source.name, "expected": "JSON"}) from None


def _entries(value: Any, source: ListSource) -> Iterator[tuple[object, bytes | str, str | None, str | None]]:
    listed = value.get("certificates") if isinstance(value, dict) else value
    if not isinstance(listed, list):
        raise TrustError(ListCode.NOT_READABLE, facts={"list": source.name, "expected": "certificates"})
    for index, entry in enumerate(listed):
        if isinstance(entry, str):
            yield index, entry, None, None
        elif isinstance(entry, Mapping):
            der = entry.get("certificate") or entry.get("rawData")
            country, kid = entry.get("country"), entry.get("kid")
            yield (
                index,
                der if isinstance(der, str) else "",
                country if isinstance(country, str) else None,
                kid if isinstance(kid, str) else None,
            )
        else:
            yield index, "", None, None


def read_json(data: bytes, source: ListSource) -> KeyList:
    """`{certificates: [{certificate | rawData: base64 DER, country?, kid?}]}`, or a bare array of such or of base64.

    Raises:
        TrustError: TOO_LARGE, NOT_READABLE.
    """
    return from_certificates(_entries(_json(data, source), source), source)


def read_german(data: bytes, source: ListSource, *, key_pem: bytes) -> KeyList:
    """The German list: line 1 base64 of a raw P-256 signature over every byte after the first line feed, then JSON.

    Args:
        key_pem: public key that must have signed the list.

    Raises:
        TrustError: SIGNATURE_INVALID, TOO_LARGE, NOT_READABLE.

    Source: dcc.md section 3, trust list formats.
    """
    first, _, rest = data.partition(b"\n")
    try:
        signature = decode_base64(first.decode("ascii", "replace"))
        check_signature(load_pem_public_key(key_pem), "ES256", rest, signature)  # type: ignore[arg-type]
    except (TrustError, ValueError):
        raise TrustError(ListCode.SIGNATURE_INVALID, facts={"list": source.name}) from None
    return read_json(rest, source)


def split_pem(data: bytes) -> Iterator[bytes]:
    """DER of every certificate in a PEM text; a block that does not decode gives empty bytes."""
    for block in data.split(PEM_BEGIN)[1:]:
        body = block.partition(PEM_END)[0]
        try:
            yield base64.b64decode(b"".join(body.split()), validate=True)
        except (binascii.Error, ValueError):
            yield b""


def read_certificates(data: bytes, source: ListSource) -> KeyList:
    """One DER certificate, or a PEM text with any number of them."""
    blocks = list(split_pem(data)) if PEM_BEGIN in data else [data]
    return from_certificates(((index, der, None, None) for index, der in enumerate(blocks)), source)


def read_folder(folder: Path, source: ListSource) -> KeyList:
    """Every `.pem`, `.crt`, `.cer` and `.der` file of a folder, in order of name."""
    lists = [
        read_certificates(path.read_bytes(), source)
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in {".pem", ".crt", ".cer", ".der"}
    ]
    return KeyList(
        RING,
        source,
        tuple(key for held in lists for key in held.keys),
        findings=tuple(finding for held in lists for finding in held.findings),
    )
