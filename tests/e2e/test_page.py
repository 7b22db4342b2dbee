"""The chat page in a real browser: a booking by keyboard alone, a reload, starting over, a phone.

To renew the picture in the docs: SKYCAP_TEST_SCREENSHOT=docs/chat-page.png pytest tests/e2e/test_page.py -k keyboard
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks.server import ServerProcess

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed. Run `make setup`.")

CHROMIUM = shutil.which("chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TURN_MILLISECONDS = 20_000
PERSON = ("Jordan Smith", "jordan.smith@example.com", "+1 202 555 0143")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("There is no Chromium. Install the package chromium to test the page.")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


class ChatPage:
    """The page as its reader sees it, used by keyboard."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("console", lambda line: self.errors.append(line.text) if line.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, url: str) -> None:
        self.page.goto(url)
        self.page.wait_for_selector("#status[data-state=online]", timeout=TURN_MILLISECONDS)

    def count(self, selector: str) -> int:
        return self.page.locator(selector).count()

    def say(self, text: str) -> str:
        """Type it, press Enter, wait for the turn's end; returns the last thing that Skycap said."""
        self.page.keyboard.type(text)
        return self.press_and_wait("Enter")

    def press_and_wait(self, key: str) -> str:
        before = self.count(".message.bot")
        self.page.keyboard.press(key)
        self.page.wait_for_function(
            "before => document.querySelectorAll('.message.bot').length > before"
            " && JSON.parse(localStorage['skycap.chat.1']).queue.length === 0",
            arg=before,
            timeout=TURN_MILLISECONDS,
        )
        return self.page.locator(".message.bot").last.inner_text()

    def tab_to(self, name: str) -> None:
        """Move the focus back from the input until a button called `name` has it."""
        for _ in range(40):
            self.page.keyboard.press("Shift+Tab")
            focused = "(document.activeElement.ariaLabel || document.activeElement.textContent).trim()"
            if re.search(name, self.page.evaluate(focused)):
                return
        raise AssertionError(f"The keyboard reaches no button called {name}.")


@pytest.fixture
def chat(browser: Any, server: ServerProcess) -> Iterator[ChatPage]:
    """The open page on a desk; the browser must have nothing to complain about at the end."""
    context = browser.new_context(viewport={"width": 1200, "height": 800}, locale="en-US")
    chat = ChatPage(context.new_page())
    chat.open(server.url)
    yield chat
    context.close()
    assert chat.errors == []


def test_user_books_a_flight_by_keyboard_alone(chat: ChatPage) -> None:
    assert chat.page.evaluate("document.activeElement.id") == "message"
    chat.say("I need a flight from Berlin to Rome on March 12")
    chat.tab_to("One way")
    chat.press_and_wait("Enter")
    assert chat.count(".replies button") > 0
    reply = chat.say("two people")
    assert chat.count(".card.offer") == 3, reply
    assert chat.count(".card.offer .leg-time") >= 6
    if picture := os.environ.get("SKYCAP_TEST_SCREENSHOT"):
        chat.page.screenshot(path=picture)
    chat.tab_to("^Choose.*")
    chat.press_and_wait("Enter")
    for answer in PERSON:
        chat.say(answer)
    assert chat.count(".card.summary") == 1
    chat.tab_to("Yes, book it")
    chat.press_and_wait("Enter")
    assert chat.count(".card.booking") == 1
    assert re.fullmatch(r"[A-Z0-9]{6}", chat.page.locator(".card.booking .reference").inner_text())
    assert chat.count(".choose") == 0, "a flight can still be chosen after the booking"


def test_conversation_survives_a_reload(chat: ChatPage) -> None:
    chat.say("I need a flight from Berlin to Rome on March 12")
    said = chat.page.locator("#log").inner_text()
    chat.page.reload()
    chat.page.wait_for_selector("#status[data-state=online]", timeout=TURN_MILLISECONDS)
    assert chat.page.locator("#log").inner_text() == said
    assert "how many" in chat.say("one way").lower()


def test_start_over_forgets_the_conversation(chat: ChatPage) -> None:
    chat.say("I need a flight from Berlin to Rome on March 12")
    chat.tab_to("Start over")
    chat.page.keyboard.press("Enter")
    chat.page.wait_for_selector("#status[data-state=online]", timeout=TURN_MILLISECONDS)
    assert chat.count(".message") == 0
    assert chat.page.locator("#welcome").is_visible()
    assert "booking reference" in chat.say("show me my booking").lower()


def test_what_the_traveller_writes_is_never_read_as_html(chat: ChatPage) -> None:
    chat.say("<img src=x onerror=document.title='owned'> <b>hi</b>")
    assert "<b>hi</b>" in chat.page.locator(".message.user").inner_text()
    assert "owned" not in chat.page.title()


def test_page_fits_a_narrow_phone(browser: Any, server: ServerProcess) -> None:
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, is_mobile=True, has_touch=True, locale="en-US"
    )
    chat = ChatPage(context.new_page())
    chat.open(server.url)
    chat.page.locator("#message").focus()
    reply = chat.say("one way for two people from Berlin to Rome on March 12")
    assert chat.count(".card.offer") == 3, reply
    for part in ("document.documentElement", "document.getElementById('scroll')"):
        assert chat.page.evaluate(f"{part}.scrollWidth <= innerWidth"), f"{part} is wider than the screen"
    too_small = chat.page.evaluate(
        "[...document.querySelectorAll('button')].filter(each => each.offsetParent)"
        ".map(each => [each.textContent.trim(), each.getBoundingClientRect().height]).filter(each => each[1] < 32)"
    )
    assert too_small == []
    chat.page.locator(".choose").first.tap()
    chat.page.wait_for_function(
        "() => JSON.parse(localStorage['skycap.chat.1']).queue.length === 0", timeout=TURN_MILLISECONDS
    )
    assert "name" in chat.page.locator(".message.bot").last.inner_text().lower()
    context.close()
    assert chat.errors == []
