"""Accessibility by axe-core in every state, light and dark, left to right and right to left.

axe-core (MPL-2.0) is no part of this project: it is taken from `CLEARGATE_AXE` (a file axe.min.js) or fetched by npm.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from browsing import CHROMIUM, Desk, chromium  # noqa: E402

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="/usr/bin/chromium is not installed"),
    pytest.mark.filterwarnings("default::ResourceWarning"),
]
AXE_VERSION = "4.14.1"
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    named = os.environ.get("CLEARGATE_AXE")
    if named:
        return Path(named).read_text("utf-8")
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed, and CLEARGATE_AXE names no axe.min.js")
    folder = tmp_path_factory.mktemp("axe")
    run = [npm, "install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", f"axe-core@{AXE_VERSION}"]
    try:
        done = subprocess.run(run, cwd=folder, capture_output=True, timeout=60, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip("npm cannot fetch axe-core")
    file = folder / "node_modules" / "axe-core" / "axe.min.js"
    if done.returncode or not file.is_file():
        pytest.skip("npm cannot fetch axe-core")
    return file.read_text("utf-8")


def violations(desk: Desk, axe: str) -> list[Any]:
    desk.page.evaluate(f"{axe};0")
    run = f"axe.run(document, {{runOnly: {RULES}, resultTypes: ['violations']}})"
    found = desk.page.evaluate(run)["violations"]
    return [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_violation_in_any_state(base: str, axe: str, language: str, scheme: Any) -> None:
    with chromium() as browser:
        context = browser.new_context(
            color_scheme=scheme, viewport={"width": 1280, "height": 800}, reduced_motion="reduce"
        )
        desk = Desk(context.new_page(), base).open(language)
        assert violations(desk, axe) == []
        for passenger in ("anna", "falko", "carlos"):
            desk.take_pictures(passenger)
            assert violations(desk, axe) == []
            desk.check()
            for details in desk.page.locator("details").all():
                details.evaluate("each => { each.open = true; }")
            assert violations(desk, axe) == [], passenger
            desk.page.locator("[data-next]").click()
        for path in ("/lab/", "/lab/flights/us-air-2021-12-20/passengers/anna/"):
            desk.page.goto(f"{base}{path}?lang={language}")
            assert violations(desk, axe) == []
            desk.fits()
