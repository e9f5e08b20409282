"""DID documents of NZCP issuers: the keys that may sign passes of one `did:web`.

A pass names its issuer and a key fragment; the key counts only where the issuer is on the list of trusted issuers, the
document is its own, and `assertionMethod` names the key.

Source: New Zealand COVID Pass technical specification 1.0.0, sections 5 and 6; W3C DID Core 1.0 section 5.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from verifier.errors import TrustError
from verifier.findings import Finding, Outcome
from verifier.model import Claim, Signer
from verifier.trust.keys import KeyList, ListSource, TrustedKey
from verifier.trust.lists.jwks import JwksCode, key_id, parse_json, public_key

RING = "nzcp"
METHOD_TYPE = "JsonWebKey2020"
_CLAIMS = frozenset({Claim.PASS})
_COUNTRIES = {".nz": "NZ"}


def read_did(data: bytes, *, trusted: Collection[str], source: ListSource) -> KeyList:
    """The keys of one DID document.

    Args:
        data: the document.
        trusted: DIDs that may issue; a document of another DID gives no keys and a finding.
        source: where it came from.
    """
    trust = frozenset(trusted)
    try:
        document = parse_json(data)
        did = document.get("id") if isinstance(document, Mapping) else None
        if not isinstance(did, str):
            raise TrustError(JwksCode.DID_DOCUMENT)
        if did not in trust:
            raise TrustError(JwksCode.DID_UNTRUSTED, facts={"did": did[:100]})
        keys, found = _keys(document, did, source)
    except TrustError as error:
        facts = {"list": source.name, **error.facts}
        keys, found = (), (Finding(error.code, Outcome.NOTE, facts),)
    return KeyList(RING, source, keys, trusted_issuers=trust, findings=found)


def _keys(
    document: Mapping[str, Any], did: str, source: ListSource
) -> tuple[tuple[TrustedKey, ...], tuple[Finding, ...]]:
    asserting = {_absolute(reference, did) for reference in _references(document.get("assertionMethod"))}
    keys: list[TrustedKey] = []
    found: list[Finding] = []
    for index, method in enumerate(_methods(document)):
        reference = _absolute(method.get("id"), did)
        try:
            if reference is None or not reference.startswith(f"{did}#"):
                raise TrustError(JwksCode.DID_METHOD, facts={"reason": "id"})
            if reference not in asserting:
                raise TrustError(JwksCode.DID_METHOD, facts={"reason": "assertionMethod"})
            if method.get("type") != METHOD_TYPE:
                raise TrustError(JwksCode.DID_METHOD, facts={"reason": "type"})
            key = public_key(method.get("publicKeyJwk"))
        except TrustError as error:
            facts = {"list": source.name, "issuer": did[:100], "entry": index, **error.facts}
            found.append(Finding(error.code, Outcome.NOTE, facts))
            continue
        fragment = reference.partition("#")[2]
        country = next((code for end, code in _COUNTRIES.items() if did.endswith(end)), None)
        signer = Signer(RING, key_id(key), fragment, did, country, did, _CLAIMS, source=source.name)
        keys.append(TrustedKey(signer, key, fragment.encode(), did))
    return tuple(keys), tuple(found)


def _methods(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Methods of the document, also those written out under `assertionMethod`."""
    for member in ("verificationMethod", "assertionMethod"):
        for item in _listed(document.get(member)):
            if isinstance(item, Mapping):
                yield item


def _references(value: Any) -> Iterator[Any]:
    for item in _listed(value):
        yield item.get("id") if isinstance(item, Mapping) else item


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _absolute(reference: Any, did: str) -> str | None:
    """A reference with its DID in front; `#key-1` is short for the document's own."""
    if not isinstance(reference, str):
        return None
    return did + reference if reference.startswith("#") else reference
