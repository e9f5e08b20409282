"""Trust given with a question, for formats whose keys are bound to an issuer or called by a name.

    issuers        SHC: list of {iss, name, jwks | jwks_text, crls: {kid: list} | [list, ...]}
    issuers_file   SHC: a VCI snapshot
    jwks           SHC: a key set, with the member `iss` (or `issuer`) beside it
    trusted        NZCP: DIDs that may issue
    did_documents  NZCP: their DID documents
    keys           {name: PEM or issuer key file} for PaperCred, 2D-DOC and NL2; for NL2 also a list of names, whose
                   files are `keys/<name>.xml` in the folder of the questions
    pathcheck      a PathCheck registry

Every value is the content itself or a path relative to the folder of the questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from verifier.errors import TrustError
from verifier.findings import Finding, Outcome
from verifier.trust.from_case import SOURCE, material
from verifier.trust.keys import KeyList, RevocationList
from verifier.trust.lists import did_nzcp, named_keys, pathcheck, vci
from verifier.trust.lists.jwks import RING, JwksCode, read_jwks
from verifier.trust.shc_revocation import read_crl

SNAPSHOT = replace(SOURCE, name="VCI directory snapshot")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


def key_lists_from_trust(trust: Mapping[str, Any], base: Path | None = None) -> list[KeyList]:
    """The lists that the members named above describe; members of other formats are left alone.

    Raises:
        TrustError: a value that is neither a usable list nor a readable path.
    """
    lists: list[KeyList] = []
    for issuer in _listed(trust.get("issuers")):
        lists.extend(_issuer(issuer, base))
    if (snapshot := trust.get("issuers_file")) is not None:
        lists.extend(vci.read_snapshot(material(snapshot, base), source=SNAPSHOT))
    stated = trust.get("iss", trust.get("issuer"))
    keys = trust.get("jwks", trust.get("jwks_text"))
    if keys is not None and isinstance(stated, str):
        lists.append(read_jwks(material(keys, base), issuer=stated, name=None, source=SOURCE))
    trusted = [did for did in _listed(trust.get("trusted")) if isinstance(did, str)]
    if trusted:
        lists.append(KeyList(did_nzcp.RING, SOURCE, trusted_issuers=frozenset(trusted)))
        for document in _listed(trust.get("did_documents")):
            lists.append(did_nzcp.read_did(material(document, base), trusted=trusted, source=SOURCE))
    if (named := trust.get("keys")) is not None:
        lists.extend(named_keys.read_named_keys(_named(named, base), source=SOURCE))
    if (registry := trust.get("pathcheck")) is not None:
        lists.extend(pathcheck.read_registry(material(registry, base), source=SOURCE))
    return lists


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [] if value is None else [value]


def _issuer(entry: Any, base: Path | None) -> Iterator[KeyList]:
    """The keys and revocation lists of one issuer."""
    iss = entry.get("iss") if isinstance(entry, Mapping) else None
    if not isinstance(iss, str):
        facts = {"list": SOURCE.name}
        yield KeyList(RING, SOURCE, findings=(Finding(JwksCode.ISSUER, Outcome.NOTE, facts),))
        return
    name = entry.get("name")
    keys = entry.get("jwks", entry.get("jwks_text", ""))
    yield read_jwks(material(keys, base), issuer=iss, name=name if isinstance(name, str) else None, source=SOURCE)
    crls = entry.get("crls")
    held: list[RevocationList] = []
    found: list[Finding] = []
    for value in crls.values() if isinstance(crls, Mapping) else _listed(crls):
        crl, notes = read_crl(material(value, base), issuer=iss, source=SOURCE)
        found.extend(notes)
        if crl is not None:
            held.append(crl)
    if held or found:
        yield KeyList(RING, SOURCE, revocations=tuple(held), findings=tuple(found))


def _named(named: Any, base: Path | None) -> Iterator[tuple[str, bytes]]:
    """Names and their keys; what is no key of this module's kinds is left to others."""
    if isinstance(named, Mapping):
        for name, value in named.items():
            try:
                data = material(value, base)
            except TrustError:
                continue
            if any(mark in data for mark in (named_keys.PUBLIC_KEY, named_keys.ISSUER_KEY)) or (
                named_keys.CERTIFICATE in data and not str(name).endswith("=")
            ):
                yield str(name), data
        return
    for name in _listed(named):
        if not isinstance(name, str) or _NAME.fullmatch(name) is None:
            continue
        path = (base or Path()) / "keys" / f"{name}.xml"
        if path.is_file():
            yield name, path.read_bytes()
