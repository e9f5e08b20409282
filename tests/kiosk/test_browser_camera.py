"""The camera of the page, with videos made here; one browser for each, because the video belongs to its start."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from browsing import CHROMIUM, FAKE_DEVICE, FAKE_YES, Desk, chromium, fake_camera  # noqa: E402

from fixtures.flights import flight  # noqa: E402

expect = playwright.expect
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="/usr/bin/chromium is not installed"),
    pytest.mark.filterwarnings("default::ResourceWarning"),
]


def test_codes_held_into_the_camera_become_documents(base: str, tmp_path: Path) -> None:
    images = [
        image for document in flight("us-air-2021-12-20").passenger("anna").documents() for image in document.images()
    ]
    video = fake_camera(tmp_path / "camera.y4m", images)
    with chromium(FAKE_DEVICE, FAKE_YES, f"--use-file-for-fake-video-capture={video}") as browser:
        desk = Desk(browser.new_page(), base).open()
        sent: list[float] = []
        desk.page.on("request", lambda request: sent.append(0.0) if "frame=1" in request.url else None)
        desk.choose("anna")
        desk.page.locator("[data-camera]").click()
        desk.chips(2)
        before = len(sent)
        desk.page.wait_for_timeout(2_000)
        assert len(sent) - before <= 17  # eight a second
        assert desk.check().verdict == "cleared"
        stopped = len(sent)
        desk.page.wait_for_timeout(500)
        assert len(sent) == stopped
        desk.quiet()


def test_an_empty_picture_says_nothing(base: str, tmp_path: Path) -> None:
    video = fake_camera(tmp_path / "empty.y4m", [], frames=4)
    with chromium(FAKE_DEVICE, FAKE_YES, f"--use-file-for-fake-video-capture={video}") as browser:
        desk = Desk(browser.new_page(), base).open()
        with desk.page.expect_response("**/desk/scans*frame=1*"):
            desk.page.locator("[data-camera]").click()
        desk.chips(0)
        expect(desk.page.locator("[data-said]")).to_contain_text("Hold the code")
        desk.page.locator("[data-camera]").click()
        expect(desk.page.locator("[data-viewer]")).to_be_hidden()
        desk.quiet()


@pytest.mark.parametrize(
    ("flags", "said"),
    [((), "No camera was found"), ((FAKE_DEVICE, "--deny-permission-prompts"), "may not use the camera")],
)
def test_a_camera_that_cannot_be_used_is_told_apart(base: str, flags: tuple[str, ...], said: str) -> None:
    with chromium(*flags) as browser:
        context = browser.new_context(permissions=[] if flags else ["camera"])
        desk = Desk(context.new_page(), base).open()
        desk.page.locator("[data-camera]").click()
        expect(desk.page.locator("[data-said]")).to_contain_text(said)
        expect(desk.page.locator("[data-viewer]")).to_be_hidden()
        desk.quiet()


def test_an_insecure_address_is_told_apart(base: str) -> None:
    with chromium() as browser:
        page = browser.new_page()
        page.add_init_script("Object.defineProperty(window, 'isSecureContext', { get: () => false })")
        Desk(page, base).open()
        page.locator("[data-camera]").click()
        expect(page.locator("[data-said]")).to_contain_text("HTTPS")
