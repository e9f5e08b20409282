"""Headers and bounds of every answer. They live in the application, so that tests see them wherever it is served."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, request

from kiosk.config import Config

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""From nothing, what the page needs: its own scripts and styles, and pictures and video of its own making."""

HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def harden(app: Flask, config: Config) -> None:
    """Bound requests and put the headers on every answer; no sessions, no cookies."""
    app.config.update(
        MAX_CONTENT_LENGTH=config.limits.body,
        MAX_FORM_MEMORY_SIZE=0,
        MAX_FORM_PARTS=0,
        TRUSTED_HOSTS=list(config.hosts) or ["localhost"],  # an empty list would let every name in
    )
    app.after_request(_protect)


def _protect(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers[name] = value
    # answers hold what a passenger showed; scripts and styles do not, and are asked for again only when they changed
    static = request.endpoint == "static" and response.status_code in (200, 304)
    response.headers["Cache-Control"] = "no-cache" if static else "no-store"
    return response
