"""Headers, hosts, and where personal data must never be."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kiosk import Config, Limits, Mode, create_app

ROOT = Path(__file__).resolve().parents[2] / "kiosk"
PATHS = ["/", "/healthz", "/lab/", "/lab/flights.json", "/nowhere", "/api/v1/checks", "/api/v1/openapi.json"]


@pytest.mark.parametrize("path", [*PATHS, "/static/kiosk.css", "/static/js/main.js"])
def test_every_answer_carries_the_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:  # a file stays open until its answer is closed
        headers = answer.headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'none'"
    assert not any("unsafe" in value or "*" in value or "http" in value for value in policy.values())
    assert "camera=(self)" in headers["Permissions-Policy"]
    assert "microphone=()" in headers["Permissions-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == ("no-cache" if path.startswith("/static") else "no-store")


def test_errors_and_results_carry_the_headers_too(client: FlaskClient) -> None:
    for answer in (
        client.post("/desk/checks", json={}),
        client.post("/api/v1/checks", data=b"{", content_type="application/json"),
        client.get("/", headers={"Host": "elsewhere.example"}),
    ):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_only_its_own_names_are_answered(client: FlaskClient) -> None:
    for host in ("localhost", "localhost:8080", "127.0.0.1:5000"):
        assert client.get("/healthz", headers={"Host": host}).status_code == 200
    for host in ("elsewhere.example", "localhost.elsewhere.example", "10.0.0.7"):
        answer = client.get("/healthz", headers={"Host": host})
        assert answer.status_code == 400
        assert answer.json["code"] == "kiosk.bad-request"


def test_bodies_are_bounded_by_the_settings(qa_trust: Path) -> None:
    small = create_app(Config(Mode.QA, qa_trust, limits=Limits(body=1000))).test_client()
    assert small.post("/api/v1/checks", json={"texts": ["x" * 2000]}).status_code == 413


def test_no_cookies(client: FlaskClient, ask: Any) -> None:
    for answer in (client.get("/"), client.post("/desk/checks", json=ask("anna"))):
        assert "Set-Cookie" not in answer.headers


def test_logs_hold_no_personal_data(client: FlaskClient, ask: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    question = ask("anna")
    client.post("/api/v1/checks", json=question)
    client.post("/desk/checks", json=ask("tom"))
    client.post("/desk/scans", data=question["texts"][0], content_type="text/plain")
    client.post("/api/v1/checks", json=question | {"texts": ["HC1:BROKEN"]})
    assert re.search(r"check: cleared in \d+ ms", caplog.text)
    person = question["traveller"]
    for secret in (
        person["surname"],
        person["given_names"],
        person["birth_date"],
        person["document"]["number"],
        "HC1:",
    ):
        assert secret not in caplog.text


def test_the_answer_names_nobody(client: FlaskClient, ask: Any) -> None:
    for name in ("anna", "carlos", "viktor", "greta"):
        person = ask(name)["traveller"]
        for text in (
            client.post("/api/v1/checks", json=ask(name)).text,
            client.post("/desk/checks", json=ask(name)).text,
        ):
            for secret in (
                person["surname"],
                person["given_names"],
                person["birth_date"],
                person["document"]["number"],
            ):
                assert secret.upper() not in text.upper()


def test_pages_hold_no_inline_code_or_style() -> None:
    for path in (ROOT / "templates").glob("*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:", text), path.name
        for tag in re.findall(r"<script[^>]*>", text):
            assert "src=" in tag or 'type="application/json"' in tag


def test_scripts_keep_nothing_and_put_nothing_into_addresses() -> None:
    for path in (ROOT / "static" / "js").glob("*.js"):
        text = path.read_text("utf-8")
        assert not re.search(
            r"localStorage|sessionStorage|indexedDB|document\.cookie|document\.title|caches\.", text
        ), path.name
        assert not re.search(r"https?://(?!\?)[a-z]", text.replace("https?:", "")), path.name


def test_every_route_is_known(kiosk_app: Flask) -> None:
    routes = {rule.rule for rule in kiosk_app.url_map.iter_rules()}
    passenger = "/lab/flights/<flight>/passengers/<passenger>"
    assert routes == {
        "/static/<path:filename>", "/", "/desk/checks", "/desk/earliest", "/desk/scans", "/healthz", "/api/v1/checks",
        "/api/v1/openapi.json", "/lab/", "/lab/flights.json", f"{passenger}.json",
        f"{passenger}/<int:document>-<int:code>.png",
        f"{passenger}/",
        f"{passenger}/boarding-pass.png",
    }  # fmt: skip
