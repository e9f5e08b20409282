"""Every stage as a filter: JSON lines in, JSON lines out, in order; a bad line is answered and the run goes on."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any

import click

from verifier.errors import CleargateError, InputError, whereabouts
from verifier.findings import Code
from verifier.wording import sentence

MAX_LINE = 32 * 1024 * 1024  # a line may hold a picture of 10 MB in base64 and a trust list
log = logging.getLogger(__name__)


class InputCode(Code):
    """What is wrong with a question put to a filter or command."""

    NOT_JSON = "input.not-json"
    DUPLICATE_KEY = "input.duplicate-key"
    NOT_AN_OBJECT = "input.not-an-object"
    LINE_TOO_LONG = "input.line-too-long"
    MISSING = "input.missing-field"
    BAD_VALUE = "input.bad-value"
    BAD_TIME = "input.bad-time"
    NO_FILE = "input.no-file"
    INTERNAL = "input.internal-error"


Handler = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def error_json(error: CleargateError) -> dict[str, Any]:
    """The one shape of an error: `{code, facts, message}`."""
    return {"code": error.code.value, "facts": dict(error.facts), "message": sentence(error.code, error.facts)}


def strict_json(text: str | bytes) -> Any:
    """JSON that every reader understands alike: who asks about a person must not be taken for asking about another.

    Raises:
        InputError: NOT_JSON (also for NaN, Infinity and nesting that overflows the parser), DUPLICATE_KEY.
    """
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except (ValueError, RecursionError) as error:
        raise InputError(InputCode.NOT_JSON, facts={"at": getattr(error, "pos", None)}) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise InputError(InputCode.DUPLICATE_KEY)
    return value


def _constant(name: str) -> Any:
    raise ValueError(name)


def parse_line(line: bytes) -> Mapping[str, Any]:
    """One line as a JSON object.

    Raises:
        InputError: LINE_TOO_LONG, codes of `strict_json`, or NOT_AN_OBJECT.
    """
    if len(line) > MAX_LINE:
        raise InputError(InputCode.LINE_TOO_LONG, facts={"bytes": len(line), "limit": MAX_LINE})
    value = strict_json(line)
    if not isinstance(value, dict):
        raise InputError(InputCode.NOT_AN_OBJECT)
    return value


def answer(line: bytes, handle: Handler) -> dict[str, Any]:
    """The answer to one line: the handler's own under the line's `id`, or its error."""
    ident: Any = None
    try:
        question = parse_line(line)
        ident = question.get("id")
        return {"id": ident, **handle(question)}
    except CleargateError as error:
        return {"id": ident, "error": error_json(error)}
    except Exception as error:  # noqa: BLE001 - a fault of ours must not end the run, and never shows data
        log.error("unexpected %s in a filter", type(error).__name__)
        log.debug("it came from %s", whereabouts(error))
        return {"id": ident, "error": error_json(InputError(InputCode.INTERNAL, facts={"kind": type(error).__name__}))}


@contextmanager
def open_lines(path: str) -> Iterator[IO[bytes]]:
    """The file, or standard input for `-`."""
    if path == "-":
        yield sys.stdin.buffer
        return
    try:
        handle = open(path, "rb")  # noqa: SIM115 - closed below
    except OSError as error:
        raise click.ClickException(f"cannot read {path}: {error.strerror}") from None
    with handle:
        yield handle


def _writable(reply: Mapping[str, Any]) -> str:
    """The reply as JSON that standard output can encode: an id may hold half a surrogate pair."""
    text = json.dumps(reply, ensure_ascii=False, default=str)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(reply, default=str)
    return text


def run_filter(path: str, handle: Handler) -> None:
    """Answer every line of the file (or `-`) on standard output, a JSON object a line, in order; blank ones skipped."""
    with open_lines(path) as lines:
        for line in lines:
            if line.strip():
                sys.stdout.write(_writable(answer(line, handle)) + "\n")
                sys.stdout.flush()
