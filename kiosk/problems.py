"""The one shape of an error: problem+json with a code. A refused document is no error but an answer.

`{type, title, status, code, detail, action?, facts?, errors?}`; `errors` holds `{at, type}`: where in the question, by
names of fields that exist and positions, and the kind of mistake. Never what was sent. Source: RFC 9457.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from kiosk.codes import KioskCode
from verifier.errors import InputError, whereabouts
from verifier.findings import Code
from verifier.wording import LANGUAGES, action, sentence

log = logging.getLogger(__name__)
MEDIA_TYPE: Final = "application/problem+json"

_BY_STATUS: Final[Mapping[int, KioskCode]] = {
    404: KioskCode.NOT_FOUND,
    405: KioskCode.METHOD,
    413: KioskCode.TOO_LARGE,
    415: KioskCode.MEDIA_TYPE,
}


class Problem(Exception):  # noqa: N818 - named as RFC 9457 does
    """An answer other than 200; turned into problem+json by the application."""

    def __init__(
        self,
        status: int,
        code: Code,
        *,
        facts: Mapping[str, Any] | None = None,
        errors: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        super().__init__(code.value)
        self.status, self.code, self.facts, self.errors = status, code, dict(facts or {}), list(errors)


def body(status: int, code: Code, facts: Mapping[str, Any], errors: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """The members of a problem, in words of the language the request prefers."""
    language = request.accept_languages.best_match(LANGUAGES, default=LANGUAGES[0])
    out: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code.value,
        "detail": sentence(code, facts, language),
    }
    if todo := action(code, facts, language):
        out["action"] = todo
    if facts:
        out["facts"] = dict(facts)
    if errors:
        out["errors"] = list(errors)
    return out


def install(app: Flask) -> None:
    """Answer every error of the application in this shape."""
    app.register_error_handler(Problem, _problem)
    app.register_error_handler(InputError, _input)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)


def _answer(status: int, code: Code, facts: Mapping[str, Any], errors: Sequence[Mapping[str, Any]] = ()) -> Response:
    text = json.dumps(body(status, code, facts, errors), ensure_ascii=False)
    return Response(text, status, mimetype=MEDIA_TYPE)


def _problem(error: Problem) -> Response:
    return _answer(error.status, error.code, error.facts, error.errors)


def _input(error: InputError) -> Response:
    return _answer(422, error.code, error.facts)


def _http(error: HTTPException) -> Response:
    answer = error.get_response()  # keeps headers such as Allow
    status = answer.status_code
    if status < 400:
        return Response(answer.get_data(), status, answer.headers)
    text = json.dumps(body(status, _BY_STATUS.get(status, KioskCode.BAD_REQUEST), {}), ensure_ascii=False)
    kept = {name: value for name, value in answer.headers.items() if name in ("Allow", "Retry-After")}
    return Response(text, status, kept, mimetype=MEDIA_TYPE)


def _fault(error: Exception) -> Response:
    """Our bug: named by its type alone, because a message or traceback may hold what a passenger showed."""
    log.error("unexpected %s while answering %s", type(error).__name__, request.endpoint)
    log.debug("it came from %s", whereabouts(error))
    return _answer(500, KioskCode.FAULT, {})
