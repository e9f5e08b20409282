"""A kiosk in QA mode, asked through Flask's client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fixtures.flights import flight
from kiosk import Config, Mode, create_app

SAMPLE = "us-air-2021-12-20"


@pytest.fixture(scope="session")
def qa_trust(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from fixtures.authorities import write_trust

    return write_trust(tmp_path_factory.mktemp("trust")).parent


@pytest.fixture(scope="session")
def kiosk_app(qa_trust: Path) -> Flask:
    return create_app(Config(Mode.QA, qa_trust))


@pytest.fixture
def client(kiosk_app: Flask) -> FlaskClient:
    return kiosk_app.test_client()


Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def ask() -> Ask:
    """The question a desk asks about a sample passenger, with their documents as texts."""

    def make(name: str, on: str = SAMPLE, **changes: Any) -> dict[str, Any]:
        person = flight(on).passenger(name)
        texts = [text.decode("ascii") for document in person.documents() for text in document.texts]
        question: dict[str, Any] = {
            "traveller": person.traveller,
            "journey": person.journey,
            "shown": [dict(item) for item in person.shown],
            "texts": texts,
        }
        return question | changes

    return make


@pytest.fixture(scope="session")
def base(kiosk_app: Flask) -> Iterator[str]:
    """A running kiosk's address."""
    import threading

    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, kiosk_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
