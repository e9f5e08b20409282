"""The application behind waitress: one process, four threads, nothing on disk."""

from __future__ import annotations

import gc
from typing import Any

from flask import Flask
from waitress.server import create_server

from kiosk.config import Config

THREADS = 4


def make_server(app: Flask, config: Config, *, host: str, port: int) -> Any:
    """A server that is bound and not yet running; `effective_port` tells the port.

    Bodies hold personal data, so they stay in memory, whatever their size. The server takes twice the limit of the
    application, so that the application answers in its own shape; beyond that the server refuses by itself.

    Raises:
        OSError: the address is taken or not ours.
    """
    most = 2 * config.limits.body
    server = create_server(
        app,
        host=host,
        port=port,
        threads=THREADS,
        ident="cleargate",
        max_request_body_size=most,
        inbuf_overflow=most + 1,
        outbuf_overflow=most + 1,
    )
    gc.collect()
    gc.freeze()  # keys, rules and tables stay for good: no collection needs to walk them while a passenger waits
    return server
