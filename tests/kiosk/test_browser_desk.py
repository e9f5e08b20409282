"""The page in a real chromium: verdicts in three languages, layout, privacy, scanner, timer."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from browsing import CHROMIUM, SIZES, Desk, chromium  # noqa: E402

from fixtures.flights import flight  # noqa: E402

expect = playwright.expect
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="/usr/bin/chromium is not installed"),
    pytest.mark.filterwarnings("default::ResourceWarning"),
]
WORDS = {
    "en": {"cleared": "Cleared", "refer": "Refer", "denied": "Denied"},
    "es": {"cleared": "Autorizado", "refer": "Consultar", "denied": "Denegado"},
    "ar": {"cleared": "مسموح", "refer": "إحالة", "denied": "مرفوض"},
}
PASSENGERS = {"cleared": "anna", "refer": "tom", "denied": "carlos"}
ANNA = flight("us-air-2021-12-20").passenger("anna")
TEXTS = [text.decode() for document in ANNA.documents() for text in document.texts]


@pytest.fixture(scope="module")
def browser() -> Iterator[playwright.Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture
def desk(browser: playwright.Browser, base: str) -> Iterator[Desk]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    opened = Desk(context.new_page(), base)
    yield opened.open()
    opened.quiet()
    context.close()


@pytest.mark.parametrize("language", list(WORDS))
def test_each_verdict_in_each_language(browser: playwright.Browser, base: str, language: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    desk = Desk(context.new_page(), base).open(language)
    for verdict, passenger in PASSENGERS.items():
        desk.take_pictures(passenger).check()
        assert desk.verdict == verdict
        heading = desk.page.locator("[data-heading]")
        expect(heading).to_have_text(WORDS[language][verdict])
        expect(heading).to_be_focused()
        expect(desk.page.locator("[data-live]")).to_contain_text(WORDS[language][verdict])
        assert (desk.page.locator(".reasons .line").count() > 0) is (verdict != "cleared")
        desk.fits()
        desk.page.locator("[data-next]").click()
        expect(desk.page.locator("#main")).to_have_attribute("data-state", "entry")
    desk.quiet()
    context.close()


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("language", ["es", "ar"])
def test_result_and_its_button_fit_every_screen(
    browser: playwright.Browser, base: str, width: int, height: int, language: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    desk = Desk(context.new_page(), base).open(language)
    desk.fits()
    for passenger in PASSENGERS.values():
        desk.take_pictures(passenger)
        desk.fits()
        desk.check().fits()
        box = desk.page.locator("[data-next]").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= height
        assert desk.page.evaluate(
            "getComputedStyle(document.querySelector('.left') ?? document.body).transitionDuration"
        ) in ("0s", "")
        for details in desk.page.locator(".account details").all():
            details.evaluate("each => { each.open = true; }")
        desk.fits()
        desk.page.locator("[data-next]").click()
    context.close()


def test_targets_are_large_enough(desk: Desk) -> None:
    desk.take_pictures("tom")
    small = """[...document.querySelectorAll('button, select, [type=text], textarea, summary, .check, .languages a')]
        .filter((each) => each.offsetParent !== null)
        .filter((each) => each.getBoundingClientRect().height < 55.5).map((each) => each.outerHTML.slice(0, 90))"""
    assert desk.page.evaluate(small) == []
    desk.check()
    assert desk.page.evaluate(small) == []


def test_nothing_of_the_passenger_stays(desk: Desk) -> None:
    desk.take_pictures("carlos").check()
    page = desk.page
    assert page.title() == "Cleargate"
    assert "GARCIA" not in page.url
    page.locator("[data-person] summary").click()
    expect(page.locator("[data-person-list]")).to_contain_text("GARCIA NUNEZ")
    page.locator("[data-next]").click()
    expect(page.locator("#main")).to_have_attribute("data-state", "entry")
    assert "GARCIA" not in page.content()
    assert page.locator("[name=surname]").input_value() == ""
    desk.chips(0)
    stored = "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, history.state])"
    assert json.loads(page.evaluate(stored)) == [{}, {}, "", None]


def test_person_is_hidden_until_asked_for(desk: Desk) -> None:
    desk.take_pictures("anna").check()
    expect(desk.page.locator("[data-person-list]")).to_be_hidden()
    expect(desk.page.locator("[name=surname]")).to_be_hidden()


def test_the_earliest_moment_on_demand(desk: Desk) -> None:
    desk.take_pictures("carlos").check()
    desk.page.locator("[data-earliest]").click()
    expect(desk.page.locator(".moment")).to_be_visible()


def test_another_language_keeps_what_was_entered(desk: Desk) -> None:
    desk.take_pictures("tom")
    page = desk.page
    page.locator(".more summary").click()
    page.locator("[name=residence]").fill("FR")
    page.locator('[data-language="ar"]').click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("[name=residence]")).to_have_value("FR")
    expect(page.locator("[data-passenger]")).to_have_value("tom")
    desk.chips(2)
    desk.check()
    page.locator('[data-language="es"]').click()
    expect(page.locator("[data-heading]")).to_have_text(WORDS["es"]["refer"])


def test_a_flight_moves_the_clock(desk: Desk) -> None:
    clock = desk.page.locator("[data-clock]")
    expect(clock).to_have_text("20 Dec 2021, 12:00 UTC")
    desk.take_pictures("anna", "us-air-2021-11-08")
    expect(clock).to_have_text("8 Nov 2021, 01:30 UTC")
    assert desk.check().verdict == "denied"


def test_what_cannot_be_is_marked_in_its_field(desk: Desk) -> None:
    desk.choose("anna")
    page = desk.page
    page.locator("[name=birth_date]").fill("1984-02-31")
    page.locator("[data-check]").click()
    expect(page.locator("[name=birth_date]")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[name=birth_date]")).to_be_focused()
    expect(page.locator("[data-problem]")).to_contain_text("date")
    expect(page.locator("#main")).to_have_attribute("data-state", "entry")
    page.locator("[name=birth_date]").fill("1984-03-12")
    page.locator("[name=departs]").first.fill("tomorrow")
    page.locator("[data-check]").click()
    expect(page.locator("[name=departs]").first).to_have_attribute("aria-invalid", "true")
    desk.faults.clear()  # the browser itself notes answers of 422


def test_typed_and_pasted_and_uploaded(desk: Desk, tmp_path: Path) -> None:
    page = desk.page
    values = {"surname": "Schneider", "given_names": "Anna Katharina", "birth_date": "1984-03-12", "citizenships": "de"}
    for name, value in values.items():
        page.locator(f"[name={name}]").fill(value)
    page.select_option("[name=status]", "nonimmigrant")
    leg = {"origin": "lhr", "destination": "jfk", "departs": "2021-12-20 17:00", "arrives": "2021-12-20 20:05"}
    for name, value in leg.items():
        page.locator(f"[name={name}]").fill(value)
    page.select_option("[name=purpose]", "tourism")
    page.locator(".more summary").click()
    page.locator("[data-add-stay]").click()
    for name, value in {"place": "gb", "first": "2021-11-20", "last": "2021-12-20"}.items():
        page.locator(f"[data-stay] [name={name}]").fill(value)
    for box in page.locator("[name=shown]").all():
        box.check()
    page.locator(".paste summary").click()
    page.locator("[data-paste]").fill(TEXTS[0])
    page.locator("[data-add-text]").click()
    desk.chips(1)
    picture = tmp_path / "test.png"
    picture.write_bytes(ANNA.documents()[1].png)
    page.locator("[data-files]").set_input_files(picture)
    desk.chips(2)
    assert desk.check().verdict == "cleared"


def test_a_dropped_file_is_read(desk: Desk) -> None:
    data = list(ANNA.documents()[0].png)
    desk.page.evaluate(
        """(data) => {
            const carried = new DataTransfer();
            carried.items.add(new File([new Uint8Array(data)], "x.png", { type: "image/png" }));
            document.querySelector("[data-drop]").dispatchEvent(
                new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: carried }));
        }""",
        data,
    )
    desk.chips(1)


def test_no_server_is_said(desk: Desk) -> None:
    desk.choose("anna")
    desk.page.context.set_offline(True)
    desk.page.locator("[data-check]").click()
    expect(desk.page.locator("[data-problem]")).to_contain_text("does not answer")
    desk.page.context.set_offline(False)
    desk.faults.clear()  # the browser itself notes that it is offline


# --- the clock that clears --------------------------------------------------------------------------------------------


def test_cleared_leaves_by_itself_after_12_seconds(desk: Desk) -> None:
    desk.page.clock.install()
    desk.open().take_pictures("anna").check()
    expect(desk.page.locator("[data-count]")).to_have_text("12")
    desk.page.clock.fast_forward(5_000)
    expect(desk.page.locator("[data-count]")).not_to_have_text("12")
    for _ in range(12):
        desk.page.clock.run_for(1_000)
    expect(desk.page.locator("#main")).to_have_attribute("data-state", "entry")
    assert "SCHNEIDER" not in desk.page.content()


def test_it_can_be_kept_and_a_refusal_stays(desk: Desk) -> None:
    desk.page.clock.install()
    desk.open().take_pictures("anna").check()
    desk.page.locator("[data-keep]").click()
    desk.page.clock.run_for(60_000)
    expect(desk.page.locator("[data-heading]")).to_be_visible()
    desk.page.locator("[data-next]").click()
    desk.take_pictures("carlos").check()
    expect(desk.page.locator("[data-reset-box]")).to_have_count(0)
    desk.page.clock.run_for(60_000)
    expect(desk.page.locator("[data-heading]")).to_be_visible()


# --- the scanner that types -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "focus", ["body", "[data-clear]", "[name=surname]", "[data-passenger]", "[name=status]", ".languages a"]
)
def test_a_scan_is_taken_wherever_the_focus_is(desk: Desk, focus: str) -> None:
    desk.choose("anna")
    desk.page.locator("[name=surname]").fill("SCHNEIDER")
    if focus == "body":
        desk.page.evaluate("document.activeElement.blur()")
    else:
        desk.page.locator(focus).first.focus()
    desk.type(TEXTS[0])
    desk.chips(1)
    desk.type(TEXTS[1], end="Tab")
    desk.chips(2)
    expect(desk.page.locator("#main")).to_have_attribute("data-state", "entry")
    expect(desk.page.locator("[name=surname]")).to_have_value("SCHNEIDER")
    expect(desk.page.locator("[data-passenger]")).to_have_value("anna")
    expect(desk.page.locator("[name=status]")).to_have_value("nonimmigrant")
    assert desk.check().verdict == "cleared"  # every blank arrived


def test_a_scanner_without_a_last_key(desk: Desk) -> None:
    desk.choose("anna")
    desk.type(TEXTS[0], end=None)
    desk.chips(1)


def test_a_hand_that_types_is_no_scanner(desk: Desk) -> None:
    desk.page.locator("[name=surname]").focus()
    desk.type("SCHNEIDER VON DER ALTEN M", end=None, delay=120)
    expect(desk.page.locator("[name=surname]")).to_have_value("SCHNEIDER VON DER ALTEN M")
    desk.chips(0)


def test_a_list_is_still_chosen_from_by_letters(desk: Desk) -> None:
    desk.page.locator("[name=purpose]").focus()
    desk.type("med", end=None)
    expect(desk.page.locator("[name=purpose]")).to_have_value("medical")


def test_a_quick_short_word_is_given_back(desk: Desk) -> None:
    desk.page.locator("[name=surname]").focus()
    desk.type("SCHNEIDER", end=None)
    expect(desk.page.locator("[name=surname]")).to_have_value("SCHNEIDER")
    desk.chips(0)


def test_passport_lines_come_one_after_another(desk: Desk) -> None:
    for line in ANNA.mrz:
        desk.type(line)
    desk.chips(1)
    expect(desk.page.locator(".chip")).to_have_attribute("data-kind", "passport")
    desk.type(ANNA.boarding_pass)
    desk.chips(2)


def test_a_code_shown_twice_is_one_document(desk: Desk) -> None:
    desk.type(TEXTS[0])
    desk.chips(1)
    desk.type(TEXTS[0])
    desk.page.wait_for_timeout(300)
    desk.chips(1)


def test_a_further_scan_after_a_refusal_is_checked_at_once(desk: Desk) -> None:
    desk.choose("anna")
    desk.type(TEXTS[1])
    desk.chips(1)
    first = desk.check().verdict
    assert first != "cleared"
    desk.type(TEXTS[0])
    expect(desk.page.locator("[data-verdict=cleared]")).to_be_visible()


def test_a_scan_after_cleared_belongs_to_the_next_passenger(desk: Desk) -> None:
    desk.take_pictures("anna").check()
    desk.type(TEXTS[0])
    expect(desk.page.locator("#main")).to_have_attribute("data-state", "entry")
    desk.chips(1)
    expect(desk.page.locator("[name=surname]")).to_have_value("")


def test_the_us_layout_is_taken_where_the_host_has_another(desk: Desk) -> None:
    keys = [
        ("H", "KeyH", True), ("C", "KeyC", True), ("1", "Digit1", False), ("Ö", "Semicolon", True),
        *[("A", "KeyA", True)] * 24, ("-", "Slash", False),
    ]  # fmt: skip
    with desk.page.expect_request("**/desk/scans**") as sent:
        desk.page.evaluate(
            """(keys) => {
                for (const [key, code, shiftKey] of keys) document.body.dispatchEvent(
                    new KeyboardEvent("keydown", { key, code, shiftKey, bubbles: true, cancelable: true }));
                document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
            }""",
            keys,
        )
    assert sent.value.post_data == "HC1:" + "A" * 24 + "/"
