"""The `trust` member of a question put to a filter: keys given with the question itself.

    {"certificates": [base64 DER, ...]}        EU or WHO signers
    {"trustlist": {...} | "path"}              JSON list of signers
    {"jwks" | "issuers" | "did" | "csca" | "crls" | "keys" | ...}   see verifier.trust.lists

Values are given inline or as paths, which are relative to the folder the questions came from.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from verifier.errors import InputError, TrustError
from verifier.trust.codes import ListCode
from verifier.trust.keys import KeyList, ListSource
from verifier.trust.lists import dsc
from verifier.trust.store import TrustStore

SOURCE = ListSource("question", origin="given with the question")


def store_from(trust: Mapping[str, Any], base: Path | None = None) -> TrustStore:
    """A store of what the question gives.

    Raises:
        InputError: a value that is neither a usable list nor a readable path.
    """
    lists: list[KeyList] = []
    try:
        if (certificates := trust.get("certificates")) is not None:
            given = certificates if isinstance(certificates, list) else [certificates]
            for item in given:
                lists.append(_certificate(item, base))
        if (trustlist := trust.get("trustlist")) is not None:
            lists.append(dsc.read_json(material(trustlist, base), SOURCE))
        from verifier.trust.lists.from_case_a import key_lists_from_trust as named
        from verifier.trust.lists.from_case_b import key_lists_from_trust as chained

        lists.extend(named(trust, base))
        lists.extend(chained(trust, base))
    except TrustError as error:
        raise InputError(error.code, facts=error.facts) from None
    return TrustStore(lists)


def _certificate(item: object, base: Path | None) -> KeyList:
    if isinstance(item, str) and not item.lstrip().startswith("-----BEGIN") and not _is_path(item, base):
        return dsc.from_certificates([(0, item, None, None)], SOURCE)
    return dsc.read_certificates(material(item, base), SOURCE)


def _is_path(text: str, base: Path | None) -> bool:
    if len(text) > 512 or "\n" in text:
        return False
    try:
        return ((base or Path()) / text).is_file()
    except (OSError, ValueError):
        return False


def material(value: object, base: Path | None) -> bytes:
    """Bytes of a value: a JSON object or array, the file a path names, or the text itself.

    Raises:
        TrustError: NOT_READABLE.
    """
    if isinstance(value, (dict, list)):
        return json.dumps(value).encode()
    if isinstance(value, str):
        return ((base or Path()) / value).read_bytes() if _is_path(value, base) else value.encode()
    raise TrustError(ListCode.NOT_READABLE, facts={"list": SOURCE.name, "expected": "text, object or path"})
