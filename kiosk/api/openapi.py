"""The OpenAPI 3.1 file, made from the models."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from kiosk.api.answer import DecisionOut
from kiosk.api.models import CheckIn, HealthOut, ProblemOut
from kiosk.problems import MEDIA_TYPE

_MODELS: Final[tuple[tuple[type[BaseModel], JsonSchemaMode], ...]] = (
    (CheckIn, "validation"),
    (DecisionOut, "validation"),
    (HealthOut, "serialization"),
    (ProblemOut, "serialization"),
)
_PROBLEMS: Final[Mapping[str, str]] = {
    "400": "The body is not JSON, or the request names a host that is not ours.",
    "413": "The body is larger than 16 MiB.",
    "415": "The body is not declared as application/json.",
    "422": "The question has another form, or holds a value that cannot be.",
}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(name: str, description: str, media_type: str = "application/json") -> dict[str, Any]:
    return {"description": description, "content": {media_type: {"schema": _ref(name)}}}


def _problem(description: str) -> dict[str, Any]:
    return _json("ProblemOut", description, MEDIA_TYPE)


@cache
def document(version: str) -> Mapping[str, Any]:
    """The whole file."""
    _, schemas = models_json_schema(_MODELS, ref_template="#/components/schemas/{model}")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Cleargate",
            "version": version,
            "description": "May this person board this flight, and if not, what is missing?",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {
            "/api/v1/checks": {
                "post": {
                    "operationId": "check",
                    "summary": "Check one passenger",
                    "requestBody": {"required": True, "content": {"application/json": {"schema": _ref("CheckIn")}}},
                    "responses": {
                        "200": _json("DecisionOut", "The decision, whatever it is."),
                        **{status: _problem(text) for status, text in _PROBLEMS.items()},
                    },
                }
            },
            "/api/v1/openapi.json": {
                "get": {
                    "operationId": "openapi",
                    "summary": "This file",
                    "responses": {
                        "200": {
                            "description": "OpenAPI 3.1",
                            "content": {"application/json": {"schema": {"type": "object"}}},
                        }
                    },
                }
            },
            "/healthz": {
                "get": {
                    "operationId": "health",
                    "summary": "Does the kiosk answer, and with what",
                    "responses": {"200": _json("HealthOut", "It does.")},
                }
            },
        },
        "components": {"schemas": schemas["$defs"]},
    }
