"""The local workspace's page, as tests find their way in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.patience import patient

DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}

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
    found = Axe().run(page).response["violations"]
    return [
        (violation["id"], node["html"][:200])
        for violation in found
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]
