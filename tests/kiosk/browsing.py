"""Chromium against a running kiosk: flags that keep it off the network, a fake camera, and the words of the tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-pings",
    "--disable-default-apps", "--disable-extensions", "--disable-domain-reliability", "--no-first-run",
    "--no-default-browser-check", "--metrics-recording-only",
)  # fmt: skip
FAKE_DEVICE, FAKE_YES = "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"
SIZES = ((1280, 800), (1080, 1920), (390, 844))


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=[*FLAGS, *flags])
        try:
            yield browser
        finally:
            browser.close()


class Desk:
    """The page with what went wrong on it: script errors and console messages."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base = page, base
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda said: self.faults.append(said.text) if said.type in ("error", "warning") else None)

    def open(self, language: str = "en") -> Desk:
        self.page.goto(f"{self.base}/?lang={language}")
        self.page.locator("html[data-ready]").wait_for(state="attached")
        return self

    def choose(self, passenger: str, flight: str | None = None) -> int:
        """Choose a sample passenger; the number of pictures they show."""
        if flight:
            self.page.select_option("[data-flight]", flight)
        with self.page.expect_response("**/lab/flights/*/passengers/*.json"):
            self.page.select_option("[data-passenger]", passenger)
        expect(self.page.locator("[data-about]")).not_to_be_empty()
        self.page.wait_for_timeout(50)
        return self.page.locator("[data-picture-list] button").count()

    def take_pictures(self, passenger: str, flight: str | None = None) -> Desk:
        for number in range(self.choose(passenger, flight)):
            self.page.locator("[data-picture-list] button").nth(number).click()
            self.chips(number + 1)
        return self

    def chips(self, count: int) -> None:
        expect(self.page.locator(".chip")).to_have_count(count)

    def check(self) -> Desk:
        self.page.locator("[data-check]").click()
        expect(self.page.locator("[data-heading]")).to_be_visible()
        return self

    def type(self, text: str, end: str | None = "Enter", delay: float = 0) -> None:
        self.page.keyboard.type(text, delay=delay)
        if end:
            self.page.keyboard.press(end)

    @property
    def verdict(self) -> str | None:
        return self.page.locator("[data-verdict]").get_attribute("data-verdict")

    def fits(self) -> None:
        wide, room = self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= room, f"{wide} > {room}"

    def quiet(self) -> None:
        assert self.faults == []


def fake_camera(path: Path, codes: Sequence[Image.Image], *, side: int = 440, frames: int = 16, blank: int = 4) -> Path:
    """A video of 1280 x 720 in Y4M that loops: some empty frames, then the codes one after another, a little turned."""
    width, height = 1280, 720
    grey = bytes([128]) * (width * height // 2)
    with path.open("wb") as out:
        out.write(f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\n".encode())
        for number in range(frames):
            frame = Image.new("L", (width, height), 90)
            if number >= blank and codes:
                code = codes[(number - blank) * len(codes) // (frames - blank)].convert("L")
                code = code.resize((side, side), Image.Resampling.LANCZOS)
                turned = code.rotate(number % 5 - 2, Image.Resampling.BICUBIC, fillcolor=255)
                frame.paste(turned, ((width - side) // 2 + 2 * number, (height - side) // 2))
            out.write(b"FRAME\n" + frame.tobytes() + grey)
    return path


Context = dict[str, Any]
