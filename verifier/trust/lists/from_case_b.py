"""Trust given with a question, for formats whose keys come with certificates or under a plain name.

    csca            list of PEM or DER certificates of authorities, or one
    csca_file       JSON list of authorities, PEM bundle, or ICAO master list
    barcode_signers list of signer certificates trusted without an authority
    crls            list of X.509 revocation lists
    did             WHO trust list, or several; did_signer: DID document or PEM key of who signed it
    keys            {name: PEM}: a public key is DIVOC's under its DID, a certificate an HC1 signer's under its kid

Every value is the content itself or a path relative to the folder of the questions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from verifier.errors import TrustError
from verifier.trust.from_case import SOURCE, material
from verifier.trust.keys import KeyList
from verifier.trust.lists import csca, did_who, divoc_keys, dsc

CERTIFICATE = b"-----BEGIN CERTIFICATE"
PUBLIC_KEY = b"-----BEGIN PUBLIC KEY"
WHO_HOST = b"did:web:tng-cdn"


def key_lists_from_trust(trust: Mapping[str, Any], base: Path | None = None) -> list[KeyList]:
    """The lists that the members named above describe; members of other formats are left alone.

    Raises:
        TrustError: a value that is neither a usable list nor a readable path.
    """
    readers: dict[str, Callable[[bytes], KeyList]] = {
        "csca": lambda data: csca.read_authorities(_der(data), SOURCE),
        "csca_file": lambda data: csca.read_authorities(data, SOURCE),
        "barcode_signers": lambda data: csca.read_barcode_signers(_der(data), SOURCE),
        "crls": lambda data: csca.read_crl(_der(data), SOURCE),
    }
    lists = [
        read(material(value, base))
        for member, read in readers.items()
        if trust.get(member) is not None
        for value in _listed(trust[member])
    ]
    signer = material(trust["did_signer"], base) if trust.get("did_signer") is not None else None
    for value in _listed(trust.get("did") or ()):
        data = material(value, base)
        if WHO_HOST in data:
            lists.append(did_who.read_did(data, SOURCE, key_pem=signer, environment=did_who.ANY))
    if isinstance(keys := trust.get("keys"), Mapping):
        lists.extend(_named(keys, base))
    return lists


def _listed(value: object) -> Iterable[object]:
    return value if isinstance(value, (list, tuple)) else (value,)


def _der(data: bytes) -> bytes:
    """The data, with base64 of DER taken off where it is that."""
    if data[:1] == b"M" and (der := csca.certificate_bytes(data.decode("ascii", "replace"))):
        return der
    return data


def _named(keys: Mapping[Any, Any], base: Path | None) -> Iterable[KeyList]:
    bare: list[tuple[str, bytes, str | None, str | None]] = []
    certificates: list[tuple[object, bytes | str, str | None, str | None]] = []
    for name, value in keys.items():
        try:
            data = material(value, base)
        except TrustError:
            continue  # not a key of ours: other formats give numbers or objects here
        if CERTIFICATE in data:
            certificates.extend((name, der, None, str(name)) for der in dsc.split_pem(data))
        elif PUBLIC_KEY in data:
            bare.append((str(name), data, None, None))
    if bare:
        yield divoc_keys.from_keys(bare, SOURCE)
    if certificates:
        yield dsc.from_certificates(certificates, SOURCE)
