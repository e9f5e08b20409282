"""QA mode only: sample flights, their passengers, and the documents they show as pictures and texts.

This is the only part of the kiosk that knows the document factory.
"""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from fixtures.personas import UnknownNameError
from kiosk.api.asking import as_json
from kiosk.codes import KioskCode
from kiosk.desk import language, page_words
from kiosk.lab import samples
from kiosk.problems import Problem
from kiosk.station import station

blueprint = Blueprint("lab", __name__, url_prefix="/lab")


@blueprint.get("/")
def page() -> str:
    """Flights and passengers with the right answers, for testers."""
    here = station()
    return render_template("lab.html", **page_words(here), flights=samples.overview(language(here)))


@blueprint.get("/flights.json")
def flights() -> Response:
    """Flights with the moment of the check and the names of their passengers."""
    return Response(as_json({"flights": samples.overview(language(station()))}), mimetype="application/json")


@blueprint.get("/flights/<flight>/passengers/<passenger>/")
def papers(flight: str, passenger: str) -> str:
    """Everything one passenger can show, large enough to be held into a camera or printed."""
    try:
        found = samples.passenger(flight, passenger)
    except UnknownNameError:
        raise Problem(404, KioskCode.NO_SAMPLE) from None
    return render_template("papers.html", **page_words(station()), person=found)


@blueprint.get("/flights/<flight>/passengers/<passenger>/boarding-pass.png")
def boarding_pass(flight: str, passenger: str) -> Response:
    """The boarding pass as an Aztec code."""
    try:
        return Response(samples.boarding_pass_picture(flight, passenger), mimetype="image/png")
    except (UnknownNameError, LookupError):
        raise Problem(404, KioskCode.NO_SAMPLE) from None


@blueprint.get("/flights/<flight>/passengers/<passenger>.json")
def passenger(flight: str, passenger: str) -> Response:
    """One passenger as the page fills them in, with links to the pictures of their documents."""
    try:
        return Response(as_json(samples.passenger(flight, passenger)), mimetype="application/json")
    except UnknownNameError:
        raise Problem(404, KioskCode.NO_SAMPLE) from None


@blueprint.get("/flights/<flight>/passengers/<passenger>/<int:document>-<int:code>.png")
def picture(flight: str, passenger: str, document: int, code: int) -> Response:
    """One code of one document as a picture."""
    try:
        return Response(samples.picture(flight, passenger, document, code), mimetype="image/png")
    except (UnknownNameError, IndexError):
        raise Problem(404, KioskCode.NO_SAMPLE) from None
