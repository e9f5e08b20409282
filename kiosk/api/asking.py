"""From the bytes of a request to a question for the library: check its form, complete local times and destination."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from flask import request
from pydantic import BaseModel, ValidationError

from kiosk.api.models import CheckIn
from kiosk.codes import KioskCode
from kiosk.problems import Problem
from kiosk.station import Station
from verifier.questions import question_from_json
from verifier.rules.places import border, spot, zone

M = TypeVar("M", bound=BaseModel)
DESTINATION = "destination"
MAX_ERRORS = 20
# made once; what it writes is built here and holds no circles
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)


def parse(model: type[M]) -> M:
    """The body of the request as a model.

    Raises:
        Problem: 415 where it is not declared as JSON, 400 where it is not JSON, 422 where it has another form.
        RequestEntityTooLarge: over the limit of the application.
    """
    if request.mimetype != "application/json":
        raise Problem(415, KioskCode.MEDIA_TYPE)
    try:
        return model.model_validate_json(request.get_data(cache=False))
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
    if found[0]["type"] == "json_invalid":
        raise Problem(400, KioskCode.NOT_JSON)
    errors = [{"at": _place(item["loc"]), "type": item["type"]} for item in found[:MAX_ERRORS]]
    raise Problem(422, KioskCode.INVALID, errors=errors)


@cache
def _names() -> frozenset[str]:
    """Every member name of the models: what may be repeated in an error."""
    from kiosk.api import models

    kinds = (kind for kind in vars(models).values() if isinstance(kind, type) and issubclass(kind, BaseModel))
    return frozenset(name for kind in kinds for name in kind.model_fields)


def _place(path: tuple[int | str, ...]) -> list[int | str]:
    """Where in the question; a name that is not ours was sent by somebody and is not repeated."""
    return [step if isinstance(step, int) or step in _names() else "*" for step in path]


def question(asked: CheckIn, station: Station) -> dict[str, Any]:
    """The arguments of `CheckIn.check`.

    Raises:
        InputError: of `verifier.questions`.
    """
    values = asked.model_dump(exclude_none=True, exclude={"lang", "earliest"}, mode="python")
    values.setdefault("at", station.now())
    journey = values.get("journey")
    if journey is not None:
        for leg in journey["legs"]:
            _localise(leg)
        end = border(spot_place(journey["legs"][-1]["destination"]))
        status = values["traveller"].get("status") or {}
        if DESTINATION in status:
            values["traveller"]["status"] = {**status, end: status[DESTINATION]}
            del values["traveller"]["status"][DESTINATION]
    return question_from_json(values)


def spot_place(code: str) -> str:
    """Country or territory of a place; the code itself where it is not known."""
    found = spot(code.upper())
    return code.upper() if found is None else found.place


def _localise(leg: dict[str, Any]) -> None:
    """Give times without offset the zone of their airport; where it is not known they stay, and are refused as such."""
    for key, place in (("departs", "origin"), ("arrives", "destination")):
        text = leg.get(key)
        if text is None or len(text) <= 10:
            continue
        try:
            moment = datetime.fromisoformat(text.strip())
        except ValueError:
            continue
        found = spot(leg[place].upper())
        if moment.tzinfo is None and found is not None and found.zone is not None:
            leg[key] = moment.replace(tzinfo=zone(found.zone)).isoformat()


def as_json(values: Mapping[str, Any]) -> bytes:
    """JSON as it is sent."""
    return _ENCODER.encode(values).encode()
