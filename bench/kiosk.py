"""POST /api/v1/checks with one text, against the library's own call and a constant answer of the same server.

The server is waitress as `cleargate kiosk` sets it up, asked over one kept connection. The constant answer takes
the same request and gives the same bytes without asking anything.
"""

from __future__ import annotations

import http.client
import json
import tempfile
import threading
from pathlib import Path

from flask import request

from bench.baseline import median_seconds
from fixtures.authorities import write_trust
from fixtures.flights import SAMPLE
from kiosk import Config, Mode, create_app
from kiosk.serving import make_server
from kiosk.station import Station
from verifier.questions import question_from_json

ROW = "POST one text / (library call + constant answer)"
TARGETS = {ROW: 2.0}
JSON = {"Content-Type": "application/json"}


def _ask(connection: http.client.HTTPConnection, path: str, body: bytes) -> bytes:
    connection.request("POST", path, body, JSON)
    answer = connection.getresponse()
    data = answer.read()
    assert answer.status == 200, data
    return data


def measure() -> dict[str, float]:
    """Ratio, and milliseconds of the whole request, the library's part and a constant answer."""
    person = SAMPLE.passenger("dita")
    text = person.documents()[0].text
    question = {"traveller": person.traveller, "journey": person.journey, "shown": list(person.shown), "texts": [text]}
    body = json.dumps(question).encode()
    with tempfile.TemporaryDirectory() as folder:
        write_trust(folder)
        config = Config(Mode.QA, Path(folder))
        app = create_app(config)
        station: Station = app.extensions["station"]
        kept = {"answer": b""}
        app.add_url_rule("/constant", "constant", lambda: (request.get_data(), kept["answer"])[1], methods=["POST"])
        server = make_server(app, config, host="127.0.0.1", port=0)
        threading.Thread(target=server.run, daemon=True).start()
        connection = http.client.HTTPConnection("127.0.0.1", server.effective_port, timeout=10)
        asked = question_from_json({**question, "at": station.now()})
        try:
            kept["answer"] = _ask(connection, "/api/v1/checks", body)
            assert json.loads(kept["answer"])["documents"][0]["evidence"] == "usable"
            library, constant, whole = median_seconds(
                lambda: station.check_in.check(**asked),
                lambda: _ask(connection, "/constant", body),
                lambda: _ask(connection, "/api/v1/checks", body),
                rounds=300,  # one at a time, by turns: passengers do not come five in a row
                repeat=1,
            )
        finally:
            connection.close()
            server.task_dispatcher.shutdown()  # lets the last answer end before its sockets close
            server.close()
    return {
        ROW: whole / (library + constant),
        "POST one text (ms)": whole * 1000,
        "library call (ms)": library * 1000,
        "constant answer (ms)": constant * 1000,
    }
