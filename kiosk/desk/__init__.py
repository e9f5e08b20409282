"""The agent's page: one document, and fragments of it that its scripts ask for. No cookie, no state on this side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, render_template, request

from kiosk.api.asking import as_json, parse, question
from kiosk.api.models import CheckIn
from kiosk.config import Mode
from kiosk.desk.looking import look
from kiosk.presenting import present, present_earliest
from kiosk.station import Station, station
from kiosk.words import NAMES, Words, words

blueprint = Blueprint("desk", __name__)
STATUSES = ("citizen", "national", "lpr", "permanent-resident", "immigrant-visa", "nonimmigrant", "foreign-national")
PURPOSES = ("tourism", "business", "education", "medical", "official", "return", "cross-border-trade", "marriage")


def language(here: Station) -> str:
    """The language asked for by `?lang=`, else the best the browser prefers, else the kiosk's first."""
    offered = list(here.config.languages)
    wanted = request.args.get("lang", "")
    if wanted in offered:
        return wanted
    return request.accept_languages.best_match(offered, default=offered[0]) or offered[0]


def page_words(here: Station) -> dict[str, Any]:
    """What every page needs: words, languages, mode and, in QA mode, where the clock stands."""
    say: Words = words(language(here))
    clock = here.config.clock
    return {
        "t": say,
        "languages": [(code, NAMES[code]) for code in here.config.languages],
        "qa": here.config.mode is Mode.QA,
        "clock": None if clock is None else say.moment(clock),
        "clock_iso": None if clock is None else clock.isoformat(),
    }


@blueprint.get("/")
def page() -> str:
    """The page, empty."""
    here = station()
    shared = page_words(here)
    return render_template(
        "desk.html",
        **shared,
        said=shared["t"].starting("js."),
        statuses=STATUSES,
        purposes=PURPOSES,
        reset_seconds=here.config.limits.reset_seconds,
        body_limit=here.config.limits.body,
    )


@blueprint.post("/desk/checks")
def check() -> str:
    """The result of a check as a part of the page; the question is that of the API."""
    asked = parse(CheckIn)
    here = station()
    decision = here.decide(question(asked, here))
    return render_template("result.html", t=words(asked.lang), screen=present(decision, asked.lang))


@blueprint.post("/desk/earliest")
def earliest() -> str:
    """When the same passenger would be cleared at the earliest, as a part of the page."""
    asked = parse(CheckIn)
    here = station()
    found = here.decide(question(asked, here)).earliest()
    origin = asked.journey.legs[0].origin.upper() if asked.journey else None
    return render_template("earliest.html", t=words(asked.lang), screen=present_earliest(found, asked.lang, origin))


@blueprint.post("/desk/scans")
def scans() -> Response:
    """What is in a picture, PDF, file or text: `{codes: [{bytes_b64, kind, known}], problem}`.

    The body is the picture itself, or `text/plain`. With `?frame=1` it is a camera frame: nothing found is no problem.
    """
    here = station()
    said = language(here)
    is_text = request.mimetype == "text/plain"
    found: Mapping[str, Any] = look(
        here, request.get_data(cache=False), text=is_text, frame=request.args.get("frame") == "1", language=said
    )
    return Response(as_json(found), 200, mimetype="application/json")
