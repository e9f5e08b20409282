"""The PathCheck trust registry: `{FORMAT: {name: {displayName, status, validFromDT, didDocument, credentialType}}}`.

`didDocument` is a PEM public key, a PEM certificate or a JWK. The registry is unsigned and no longer kept up; it is
read for the keys that have no other public list (PaperCred, DIVOC).

Source: Path-Check/trust-registry, `registry.json`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from verifier.errors import TrustError
from verifier.findings import Finding, Outcome
from verifier.trust.keys import KeyList, ListSource
from verifier.trust.lists import csca, divoc_keys, dsc
from verifier.trust.lists.jwks import RING as SHC
from verifier.trust.lists.jwks import JwksCode, keys_of, parse_json
from verifier.trust.lists.named_keys import CRED, read_named_keys

MAX_BYTES = 64 * 1024 * 1024
CURRENT = "current"  # the other words say that the key is terminated, expired or revoked

Entry = tuple[str, str | None, Any]  # name, name for people, didDocument


def read_registry(data: bytes, *, source: ListSource) -> tuple[KeyList, ...]:
    """One list per format that the registry and this kit both know. Entries that are not current are left out.

    Raises:
        TrustError: TOO_LARGE, NOT_A_SET.
    """
    content = parse_json(data, limit=MAX_BYTES)
    if not isinstance(content, Mapping):
        raise TrustError(JwksCode.NOT_A_SET, facts={"list": source.name, "expected": "formats"})
    lists: list[KeyList] = []
    for section, reader in _READERS.items():
        found: list[Finding] = []
        entries = list(_current(content.get(section), section, source, found))
        lists.extend(held for held in reader(entries, source) if held.keys or held.findings)
        if found:
            lists.append(KeyList(_RINGS[section], source, findings=tuple(found)))
    return tuple(lists)


def _current(members: Any, section: str, source: ListSource, found: list[Finding]) -> Iterator[Entry]:
    for name, entry in members.items() if isinstance(members, Mapping) else ():
        status = entry.get("status") if isinstance(entry, Mapping) else None
        if status != CURRENT:
            facts = {"list": source.name, "section": section, "name": name[:60], "status": str(status)[:20]}
            found.append(Finding(JwksCode.NOT_CURRENT, Outcome.NOTE, facts))
            continue
        shown = entry.get("displayName")
        words = shown.get("en") if isinstance(shown, Mapping) else shown
        yield name, words if isinstance(words, str) else None, entry.get("didDocument")


def _pem(value: Any) -> bytes:
    return value.encode() if isinstance(value, str) else b""


def _paper_cred(entries: list[Entry], source: ListSource) -> Iterator[KeyList]:
    for held in read_named_keys(((name, _pem(pem)) for name, _, pem in entries), source=source):
        if held.ring == CRED:
            yield held


def _divoc(entries: list[Entry], source: ListSource) -> Iterator[KeyList]:
    yield divoc_keys.from_keys(((name, _pem(pem), shown, None) for name, shown, pem in entries), source)


def _eu_dcc(entries: list[Entry], source: ListSource) -> Iterator[KeyList]:
    rows = [(name, der, None, name) for name, _, pem in entries for der in dsc.split_pem(_pem(pem))]
    yield dsc.from_certificates(rows, source)


def _icao(entries: list[Entry], source: ListSource) -> Iterator[KeyList]:
    for _, _, pem in entries:
        yield csca.read_barcode_signers(_pem(pem), source)


def _smart(entries: list[Entry], source: ListSource) -> Iterator[KeyList]:
    """Names are `<iss>#<kid>`."""
    for name, shown, jwk in entries:
        issuer, _, kid = name.rpartition("#")
        if isinstance(jwk, Mapping) and jwk.get("kid", kid) == kid:
            keys, found = keys_of({"keys": [{**jwk, "kid": kid}]}, issuer=issuer, name=shown, source=source)
            yield KeyList(SHC, source, keys, trusted_issuers=frozenset({issuer}), findings=found)
        else:
            facts = {"list": source.name, "name": name[:100]}
            yield KeyList(SHC, source, findings=(Finding(JwksCode.NOT_A_KEY, Outcome.NOTE, facts),))


_READERS: Mapping[str, Callable[[list[Entry], ListSource], Iterator[KeyList]]] = {
    "CRED": _paper_cred,
    "DIVOC": _divoc,
    "EUDCC": _eu_dcc,
    "ICAO": _icao,
    "SmartHealthCards": _smart,
}
_RINGS = {"CRED": CRED, "DIVOC": divoc_keys.RING, "EUDCC": dsc.RING, "ICAO": csca.RING, "SmartHealthCards": SHC}
