"""`cleargate read`: what is this document, who signed it, and what does it say?"""

from __future__ import annotations

import base64
import binascii
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verifier.cli.filters import InputCode, error_json, run_filter
from verifier.errors import CleargateError, ConfigError, InputError
from verifier.model import Scan

if TYPE_CHECKING:
    from verifier.trust.store import TrustStore

PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".tif", ".tiff"}
TRUST_VARIABLE = "CLEARGATE_TRUST"


def default_trust() -> Path:
    """The folder named by CLEARGATE_TRUST, else the QA store that ships with the kit."""
    named = os.environ.get(TRUST_VARIABLE)
    if named:
        return Path(named)
    package = find_spec("certs")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).parent / "qa"


def open_trust(folder: Path | None, *, patient: bool = False) -> TrustStore:
    """The trust store of a folder, `patient` for one answer; a bad one ends the command with file and line."""
    from verifier.trust.anchors import load_store

    with bad_trust():
        return load_store(folder or default_trust(), patient=patient)


@contextmanager
def bad_trust() -> Iterator[None]:
    """Ends the command with file and line of what is wrong with its trust."""
    try:
        yield
    except ConfigError as error:
        from verifier.wording import sentence

        where = f"{error.facts.get('file', '')}:{error.facts.get('line', '')}"
        raise click.ClickException(f"{where}: {sentence(error.code, error.facts)} [{error.code.value}]") from None


def scan_from_argument(argument: str) -> Scan:
    """A scan from the command line: a file (picture, PDF, certificate file, text), `-` for standard input, or the text.

    Raises:
        InputError: NO_FILE where it looks like a file that is not there.
    """
    if argument == "-":
        return _by_content(sys.stdin.buffer.read(), "")
    path = Path(argument)
    try:
        if len(argument) < 1024 and path.is_file():
            return _by_content(path.read_bytes(), path.suffix.lower())
    except (OSError, ValueError):
        pass
    if Path(argument).suffix.lower() in PICTURES | {".pdf", ".txt", ".json"} and len(argument) < 1024:
        raise InputError(InputCode.NO_FILE, facts={"name": path.name})
    return Scan.text(argument)


_MAGIC = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\x00", b"MM\x00*")


def _by_content(data: bytes, suffix: str) -> Scan:
    if data.startswith(_MAGIC) or suffix in PICTURES:
        return Scan.image(data)
    return Scan.file(data)


def scans_from_line(line: Mapping[str, Any], base: Path | None) -> list[Scan]:
    """Scans of a filter line: `text`, `texts`, `bytes_b64`, `image`, `images` (path or base64) and `file_text`.

    Raises:
        InputError: MISSING where none of them is given, BAD_VALUE, NO_FILE.
    """
    scans: list[Scan] = []
    for key in ("text", "texts"):
        if (given := line.get(key)) is not None:
            scans.extend(Scan.text(_checked(text, key)) for text in (given if isinstance(given, list) else [given]))
    if (encoded := line.get("bytes_b64")) is not None:
        scans.append(Scan(_base64(_checked(encoded, "bytes_b64"), "bytes_b64")))
    for key in ("image", "images"):
        if (given := line.get(key)) is not None:
            for name in given if isinstance(given, list) else [given]:
                scans.append(_by_content(_picture(_checked(name, key), base), ".png"))
    if (text := line.get("file_text")) is not None:
        scans.append(Scan.file(_checked(text, "file_text").encode()))
    if not scans:
        raise InputError(InputCode.MISSING, facts={"field": "text|texts|bytes_b64|image|file_text"})
    return scans


def _checked(value: object, key: str) -> str:
    if not isinstance(value, str):
        raise InputError(InputCode.BAD_VALUE, facts={"field": key})
    return value


def _base64(text: str, key: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise InputError(InputCode.BAD_VALUE, facts={"field": key}) from None


def _picture(text: str, base: Path | None) -> bytes:
    if len(text) < 1024:
        try:
            path = (base or Path()) / text
            if path.is_file():
                return path.read_bytes()
        except (OSError, ValueError):
            pass
        if Path(text).suffix.lower() in PICTURES:
            raise InputError(InputCode.NO_FILE, facts={"name": Path(text).name})
    return _base64(text, "image")


def _answer(line: Mapping[str, Any], base: Path | None, store: TrustStore | None, at: datetime) -> dict[str, Any]:
    from verifier.documents import document_json
    from verifier.reading import read_scans
    from verifier.times import parse_moment
    from verifier.trust.from_case import store_from

    if line.get("jwk") is not None:
        return _key_set(line)
    given = line.get("trust")
    if given is not None and not isinstance(given, dict):
        raise InputError(InputCode.BAD_VALUE, facts={"field": "trust"})
    trust = store_from(given, base) if given is not None else store
    if trust is None:
        trust = open_trust(None)
    moment = parse_moment(line["at"]) if line.get("at") else at
    known = parse_moment(line["known"]) if line.get("known") else None
    documents = read_scans(scans_from_line(line, base), trust=trust, at=moment, known=known)
    return {"documents": [document_json(document) for document in documents]}


def _key_set(line: Mapping[str, Any]) -> dict[str, Any]:
    """The check of one SMART Health Card key set: a question with `jwk` and `issuer` instead of a scan."""
    from verifier.trust.lists.jwks import check_jwks

    issuer = line.get("issuer")
    found = check_jwks(json.dumps(line["jwk"]).encode(), issuer=issuer if isinstance(issuer, str) else None)
    return {"documents": [], "keys": "invalid" if found else "ok", "findings": [finding.as_json() for finding in found]}


@click.command()
@click.argument("scans", nargs=-1, metavar="SCAN...")
@click.option("--jsonl", metavar="FILE|-", help="Filter: a question a line in, an answer a line out.")
@click.option("--json", "as_json", is_flag=True, help="The documents as one JSON object.")
@click.option("--trust", type=click.Path(path_type=Path, file_okay=False), help="Folder with anchors.toml.")
@click.option("--at", metavar="TIME", help="The moment asked about, ISO 8601 (default: now).")
@click.option("--lang", default="en", show_default=True, help="Language of the sentences: en, es, ar.")
def read(
    scans: tuple[str, ...], jsonl: str | None, as_json: bool, trust: Path | None, at: str | None, lang: str
) -> None:
    """Read health documents: what each is, who signed it, what it says, and what was checked.

    SCAN is a picture, a PDF, a certificate file, the text of a code, or - for standard input. Exit status 0 when every
    document is usable, 10 when one is not, 2 for a wrong question.
    """
    from verifier.documents import document_json
    from verifier.reading import Evidence, read_scans
    from verifier.times import parse_moment

    try:
        moment = parse_moment(at) if at else datetime.now(UTC)
        if jsonl is not None:
            base = None if jsonl == "-" else Path(jsonl).resolve().parent
            store = open_trust(trust) if trust is not None else None
            run_filter(jsonl, lambda line: _answer(line, base, store, moment))
            return
        if not scans:
            raise click.UsageError("give at least one SCAN, or --jsonl")
        given = [scan_from_argument(scan) for scan in scans]
    except CleargateError as error:
        raise click.UsageError(error_json(error)["message"]) from None
    store = open_trust(trust, patient=True)
    with bad_trust():
        documents = read_scans(given, trust=store, at=moment)
    if as_json:
        click.echo(json.dumps({"documents": [document_json(document) for document in documents]}, ensure_ascii=False))
    else:
        from verifier.cli.screen import document_screen

        click.echo("\n\n".join(document_screen(document, moment, lang) for document in documents))
    sys.exit(0 if documents and all(document.evidence is Evidence.USABLE for document in documents) else 10)
