"""A folder of trust: `anchors.toml` names every list with its hash, where it came from and how long it counts.

    [[anchor]]
    file = "eu-dsc.json"            # relative to the folder, no way out of it
    kind = "dsc-json"               # a reader of verifier.trust.lists
    sha256 = "..."                  # of the file; start-up fails where it does not fit
    source = "who published it and where"
    fetched = 2026-10-01T06:00:00Z
    expires = 2026-10-15T06:00:00Z  # when it starts to count as stale
    qa = true                       # a list of test keys; never beside production lists

Anything wrong here is a ConfigError with file and line, at start-up and never in front of a passenger.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from verifier.errors import CleargateError, ConfigError
from verifier.trust.codes import ListCode
from verifier.trust.keys import KeyList, ListSource
from verifier.trust.lists import READERS, read_list
from verifier.trust.patient import RINGS, PatientStore, Waiting
from verifier.trust.store import TrustStore

FILE = "anchors.toml"
_KNOWN = frozenset({"file", "kind", "sha256", "source", "fetched", "expires", "qa", "issuer", "key", "options"})
_REQUIRED = ("file", "kind", "sha256", "source", "fetched")
# how test authorities call themselves, and hosts that nobody can own (RFC 2606)
QA_NAME = re.compile(
    r"QA |QA[0-9]{2}\Z|.*\(not for production\)|(?:https?://|did:web:)(?:[^/:]*\.)?example(?:[/:#]|\Z)"
)


def load_store(folder: Path, *, patient: bool = False) -> TrustStore:
    """The trust store of a folder with `anchors.toml`.

    Args:
        patient: for a command that ends after one answer: files and hashes are checked now, and a list is read when a
            document needs it (`verifier.trust.patient`); what is wrong inside one is then raised by `verify`.

    Raises:
        ConfigError: FILE_MISSING, ANCHOR_BROKEN, HASH_DIFFERS, NOT_READABLE, EMPTY, QA_MIXED, QA_REFUSED; facts hold
            `file` and `line`.
    """
    path = folder / FILE
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise ConfigError(ListCode.FILE_MISSING, facts={"file": str(path), "line": 0}) from None
    try:
        anchors = tomllib.loads(text).get("anchor", [])
    except tomllib.TOMLDecodeError as error:
        facts = {"file": str(path), "line": getattr(error, "lineno", 0), "reason": "toml"}
        raise ConfigError(ListCode.ANCHOR_BROKEN, facts=facts) from None
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.strip() == "[[anchor]]"]
    if not isinstance(anchors, list) or not anchors:
        raise ConfigError(ListCode.EMPTY, facts={"file": str(path), "line": 0})
    waiting = [_anchor(folder, anchor, line) for anchor, line in zip(anchors, lines, strict=False)]
    if patient:
        return PatientStore(waiting)
    return TrustStore(held for anchor in waiting for held in anchor.read())


def _anchor(folder: Path, anchor: Mapping[str, Any], line: int) -> Waiting:
    """An entry whose file is there and has its hash."""
    where = {"file": str(folder / FILE), "line": line}

    def refuse(code: ListCode, **facts: object) -> ConfigError:
        return ConfigError(code, facts={**where, **facts})

    missing = [key for key in _REQUIRED if key not in anchor]
    unknown = sorted(set(anchor) - _KNOWN)
    if missing or unknown:
        raise refuse(ListCode.ANCHOR_BROKEN, reason="keys", missing=missing, unknown=unknown)
    if anchor["kind"] not in READERS:
        raise refuse(ListCode.ANCHOR_BROKEN, reason="kind", known=sorted(READERS))
    data = _bytes(folder, str(anchor["file"]), refuse)
    digest = hashlib.sha256(data).hexdigest()
    if digest != str(anchor["sha256"]).lower():
        raise refuse(ListCode.HASH_DIFFERS, anchor=str(anchor["file"]), found=digest)
    source = ListSource(
        name=str(anchor["file"]),
        sha256=digest,
        origin=str(anchor["source"]),
        fetched=_time(anchor["fetched"], refuse),
        expires=_time(anchor["expires"], refuse) if "expires" in anchor else None,
        qa=anchor.get("qa") is True,
    )
    options: dict[str, Any] = dict(anchor.get("options", {}))
    if "issuer" in anchor:
        options["issuer"] = str(anchor["issuer"])
    if "key" in anchor:
        options["key_pem"] = _bytes(folder, str(anchor["key"]), refuse)
    kind = str(anchor["kind"])

    def read() -> tuple[KeyList, ...]:
        try:
            held = read_list(kind, data, source, **options)
        except CleargateError as error:
            raise refuse(ListCode.NOT_READABLE, anchor=source.name, reason=error.code.value) from None
        except TypeError:
            raise refuse(ListCode.ANCHOR_BROKEN, reason="options", anchor=source.name) from None
        if not source.qa and any(QA_NAME.match(name) for each in held for name in _names(each)):
            raise refuse(ListCode.QA_REFUSED, anchor=source.name)
        return held

    rings = frozenset({str(options["ring"])}) if "ring" in options else RINGS.get(kind)
    return Waiting(kind, source, rings, read)


def _names(held: KeyList) -> Iterator[str]:
    """Everything a list calls its keys, issuers and authorities."""
    for key in held.keys:
        yield from filter(None, (key.signer.name, key.signer.issuer, key.issuer))
    yield from held.trusted_issuers
    yield from filter(None, (revocations.issuer for revocations in held.revocations))
    if held.authorities:
        from verifier.trust.x509 import parse  # asn1crypto is only needed by lists of authorities

        yield from (parse(authority.certificate).name or "" for authority in held.authorities)


def _bytes(folder: Path, name: str, refuse: Any) -> bytes:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise refuse(ListCode.FILE_MISSING, anchor=name)
    return path.read_bytes()


def _time(value: object, refuse: Any) -> datetime:
    if not isinstance(value, datetime):
        raise refuse(ListCode.ANCHOR_BROKEN, reason="time")
    return value if value.tzinfo is not None else value.replace(tzinfo=UTC)
