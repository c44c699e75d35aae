"""The local workspace's page, as tests find their way in it."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.patience import patient

DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}

_STEPS = (("+1 day", 86_400), ("+1 h", 3_600), ("+5 min", 300), ("+30 s", 30))

Visit = Callable[..., Page]
"""Opens the page, as the fixture `visit` does."""


@contextmanager
def opened(
    browser: Browser,
    address: str,
    *,
    hint: bool = False,
    listen: Callable[[Page], None] = lambda _: None,
    **also: Any,
) -> Iterator[Page]:
    """The page once it is ready, in a browser's context of its own, made with `also`. `hint`: its
    hint was never seen. `listen` is given the page before anything is loaded."""
    made = browser.new_context(locale="en-GB", reduced_motion="reduce", **also)
    with patient(made) as context:
        page = context.new_page()
        listen(page)
        if not hint:
            page.add_init_script("localStorage.setItem('plecs-hint-seen', 'true')")
        page.goto(address)
        expect(page.locator("body[data-ready]")).to_be_attached()
        yield page


def column(page: Page, user: str) -> Locator:
    return page.locator(f"#column-{user}")


def button(column: Locator, name: str) -> Locator:
    return column.get_by_role("button", name=name, exact=True)


def say(column: Locator, text: str) -> None:
    box = column.get_by_role("combobox")
    box.fill(text)
    box.press("Enter")
    expect(box).to_have_value("")


def tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Presses the key until the element has the focus."""
    for _ in range(80):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{wanted} cannot be reached with {key}")


def serious(page: Page) -> list[tuple[str, str]]:
    """What axe calls serious or critical: the rule, and where."""
    # What was just pressed is pale until it is answered.
    page.wait_for_function("() => !document.querySelector('[aria-busy=true]')")
    found = Axe().run(page).response["violations"]
    return [
        (violation["id"], node["html"][:200])
        for violation in found
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]


def newest(column: Locator, kind: str = "private") -> Locator:
    return column.locator(f".message.{kind}").last


def title(column: Locator, kind: str = "private") -> Locator:
    return newest(column, kind).locator(".title")


def press(where: Locator, does: str) -> None:
    where.locator(f"[data-does='{does}']").last.click()


def picture(page: Page, variable: str, folder: Path) -> None:
    """`make screenshot` has this write the pictures where the README shows them."""
    page.evaluate("document.activeElement.blur()")
    file = Path(os.environ.get(variable, folder / f"{variable}.png"))
    page.screenshot(path=file)
    assert file.read_bytes().startswith(b"\x89PNG")


def forward(page: Page, *moves: str) -> None:
    """Presses these buttons of the page's clock, one after the other."""
    for name in moves:
        button = page.get_by_role("button", name=name, exact=True)
        # The page has its last answer a moment later than it is here, and takes no press before.
        expect(button).not_to_have_attribute("aria-busy", "true")
        with page.expect_response("**/local/clock"):
            button.click()


class PageClock:
    """The page's clock, moved by its own buttons."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._ahead = 0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._ahead)

    def to(self, when: datetime) -> None:
        """Until `when`, and half a minute over at most."""
        for name, seconds in _STEPS:
            while (when - self.now()).total_seconds() >= seconds:
                self._move(name, seconds)
        while self.now() < when:
            self._move(*_STEPS[-1])

    def _move(self, name: str, seconds: int) -> None:
        forward(self._page, name)
        self._ahead += seconds
