"""docs/kiosk-api.md says what is so."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kiosk.api.models import CheckIn
from kiosk.codes import KioskCode
from kiosk.config import Limits

PAGE = Path(__file__).resolve().parents[2] / "docs" / "kiosk-api.md"


@pytest.fixture(scope="module")
def text() -> str:
    return PAGE.read_text("utf-8")


def test_the_example_is_answered_as_told(client: FlaskClient, text: str) -> None:
    (example,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    answer = client.post("/api/v1/checks", json=json.loads(example))
    assert answer.json["verdict"] == "denied"
    said = " ".join(reason["code"] for reason in answer.json["reasons"])
    assert "vaccination" in said
    assert "test" in said


def test_every_code_and_member_is_named(text: str) -> None:
    assert {code for code in KioskCode if f"`{code.value}`" not in text} == set()
    assert {name for name in CheckIn.model_fields if f"`{name}`" not in text} == set()


def test_limits_are_those_of_the_code(text: str) -> None:
    assert f"{Limits().body // 1024**2} MiB" in text
    assert f"after {Limits().reset_seconds} seconds" in text
