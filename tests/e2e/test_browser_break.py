"""Breaks in the local workspace, in a real browser, with three people."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.served import Served
from tests.e2e.visiting import forward, opened

SHOWN = ("anna", "janis", "liga")
"""Who goes first, who wants to go too, and the supervisor who covers."""


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    with opened(browser, served.address, viewport={"width": 1440, "height": 1000}) as page:
        for user in ("janis", "liga"):
            switch = page.locator(f"#column-{user} .switch")
            switch.get_by_role("button", name="EN").click()
            expect(page.locator(f"#column-{user}")).to_have_attribute("lang", "en")
        yield page


def test_a_break_nobody_disturbs_and_one_that_a_colleague_covers(
    page: Page, tmp_path: Path
) -> None:
    anna, janis, liga = (page.locator(f"#column-{user}") for user in SHOWN)
    four_of_five_stay(page)

    say(anna, "/break 10")
    expect(title(anna, "private")).to_have_text(re.compile(r"Your break, until \d\d:\d\d"))
    say(janis, "/hand")
    forward(page, "+30 s")
    expect(title(liga, "sent")).to_have_text("Jānis needs a colleague")
    forward(page, "+30 s", "+5 min")
    press(liga, "I'm coming")
    janis.locator("[data-does='hand.solved']").last.click()
    expect(title(liga, "sent")).to_have_text("Solved. Thank you for being there.")
    forward(page, "+5 min")
    expect(title(anna, "sent")).to_have_text("Your break is over. How do you come back?")
    expect(anna.locator(".message.sent")).to_have_count(1)
    press(anna, "Available")
    expect(title(anna, "sent")).to_have_text("Good to have you back")

    say(janis, "/hand")
    forward(page, "+30 s", "+30 s")
    expect(title(anna, "sent")).to_have_text("Jānis needs a colleague")
    expect(anna.locator(".message.sent")).to_have_count(2)
    press(janis, "Take my hand down")
    expect(title(janis, "private")).to_have_text("Your hand is down")

    say(anna, "/break 10")
    expect(title(anna, "private")).to_have_text(re.compile(r"Your break, until \d\d:\d\d"))
    say(janis, "/break 5")
    expect(title(janis, "private")).to_have_text("Not this minute")
    expect(janis.get_by_role("button", name=re.compile(r"^At \d\d:\d\d"))).to_be_visible()
    press(janis, "Ask for cover")
    expect(title(liga, "sent")).to_have_text("Can you cover for Jānis?")
    press(liga, "I'll cover")
    expect(title(liga, "sent")).to_have_text(re.compile(r"You cover for Jānis until \d\d:\d\d"))
    expect(title(janis, "sent")).to_have_text(re.compile(r"Your break, until \d\d:\d\d"))
    expect(janis.locator(".message.sent").last).to_contain_text("Līga covers for you meanwhile.")
    picture = Path(os.environ.get("PLECS_SCREENSHOT_BREAK", tmp_path / "break.png"))
    page.screenshot(path=picture)
    assert picture.read_bytes().startswith(b"\x89PNG")


def four_of_five_stay(page: Page) -> None:
    """What Māra decides as the admin; then her column makes room for the others'."""
    mara = page.locator("#column-mara")
    say(mara, "/plecs settings")
    press(mara, "Change the breaks")
    form = page.get_by_role("dialog", name="Breaks")
    form.get_by_label("At least so many of a team stay available").fill("4")
    form.get_by_role("button", name="Save").click()
    expect(title(mara, "private")).to_have_text("Saved")
    page.get_by_role("navigation").get_by_role("button", name="Māra").click()


def title(column: Locator, kind: str) -> Locator:
    """Of the newest message of its kind: a private answer, or one that was sent to them alone."""
    return column.locator(f".message.{kind}:not(.shared) .title").last


def press(where: Locator, name: str) -> None:
    where.get_by_role("button", name=name, exact=True).last.click()


def say(column: Locator, text: str) -> None:
    box = column.get_by_role("combobox")
    box.fill(text)
    box.press("Enter")
    expect(box).to_have_value("")
