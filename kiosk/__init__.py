"""The kiosk: one page for a check-in agent, one API for other programs, and in QA mode sample passengers.

`create_app(Config(...))` loads keys and rules once, refuses whatever is wrong with them at start-up, and answers.
Views only parse, ask `verifier.checkin.CheckIn` and present; nothing personal is kept, logged or put into a URL.
"""

from __future__ import annotations

from flask import Flask

from kiosk import api, desk, problems, security
from kiosk.config import Config, Limits, Mode
from kiosk.station import Station

__all__ = ["Config", "Limits", "Mode", "Station", "create_app"]


def create_app(config: Config) -> Flask:
    """The WSGI application of one kiosk.

    Raises:
        ConfigError: bad settings, keys or rules, with file and line; QA and production keys in the wrong mode.
    """
    app = Flask("kiosk", static_folder="static", template_folder="templates")
    app.extensions["station"] = Station.open(config)
    security.harden(app, config)
    problems.install(app)
    app.register_blueprint(api.blueprint)
    app.register_blueprint(desk.blueprint)
    if config.mode is Mode.QA:
        from kiosk import lab  # the document factory is loaded in QA mode only

        app.register_blueprint(lab.blueprint)
    return app
