"""The API, version 1: `POST /api/v1/checks`, `GET /api/v1/openapi.json`, `GET /healthz`."""

from __future__ import annotations

from functools import cache
from importlib import metadata

from flask import Blueprint, Response

from kiosk.api.asking import as_json, parse, question
from kiosk.api.models import CheckIn
from kiosk.api.openapi import document
from kiosk.station import station

blueprint = Blueprint("api", __name__)


@cache
def version() -> str:
    """Version of the kit."""
    return metadata.version("cleargate")


def _answer(body: bytes) -> Response:
    return Response(body, 200, mimetype="application/json")


@blueprint.post("/api/v1/checks")
def check() -> Response:
    """Check one passenger; status 200 with the decision, whatever it is."""
    asked = parse(CheckIn)
    here = station()
    decision = here.decide(question(asked, here))
    return _answer(as_json(decision.as_json(asked.lang, earliest=asked.earliest)))


@blueprint.get("/api/v1/openapi.json")
def openapi() -> Response:
    """The OpenAPI file."""
    return _answer(as_json(document(version())))


@blueprint.get("/healthz")
def health() -> Response:
    """That the kiosk answers, and with what."""
    here = station()
    clock = here.config.clock
    return _answer(
        as_json(
            {
                "status": "ok",
                "version": version(),
                "mode": here.config.mode.value,
                "clock": None if clock is None else clock.isoformat(),
                "keys": len(here.store),
                "lists": len(here.store.sources),
                "packs": [pack.id for pack in here.rules.packs],
            }
        )
    )
