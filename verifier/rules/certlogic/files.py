"""JSON files and folders of them, read with limits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from verifier.errors import ConfigError
from verifier.rules.certlogic.codes import CertLogicCode

MAX_FILE = 64 * 1024 * 1024
SUFFIXES = (".json", ".jsonl")


def json_files(path: Path) -> Iterator[Path]:
    """The file itself, or every JSON file under a folder, sorted by path.

    Raises:
        ConfigError: NO_FILE.
    """
    if path.is_dir():
        yield from sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES and file.is_file())
    elif path.is_file():
        yield path
    else:
        raise ConfigError(CertLogicCode.NO_FILE, facts={"file": str(path)})


def read_json(path: Path) -> Any:
    """Parsed content; JSON lines become a list.

    Raises:
        ConfigError: NO_FILE; TOO_LARGE; NOT_JSON with the line, also for nesting deeper than the parser can go.
    """
    try:
        if path.stat().st_size > MAX_FILE:
            raise ConfigError(CertLogicCode.TOO_LARGE, facts={"file": str(path), "limit": MAX_FILE})
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(CertLogicCode.NOT_JSON, facts={"file": str(path), "at": error.start}) from None
    except OSError as error:
        facts = {"file": str(path), "reason": error.strerror}
        raise ConfigError(CertLogicCode.NO_FILE, facts=facts) from None
    if path.suffix == ".jsonl":
        lines = enumerate(text.split("\n"), start=1)
        return [_parse(line, path, number) for number, line in lines if line.strip()]
    return _parse(text, path, 1)


def _parse(text: str, path: Path, first: int) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        line = first + error.lineno - 1
    except (ValueError, RecursionError):
        line = first
    raise ConfigError(CertLogicCode.NOT_JSON, facts={"file": str(path), "line": line})
