"""Letting off steam in the local workspace, in a real browser, with three people."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.served import Served
from tests.e2e.visiting import opened

SHOWN = ("anna", "peteris", "janis")
"""Who asks, whom she trusts, and somebody who learns nothing of it."""


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    with opened(browser, served.address, viewport={"width": 1440, "height": 1100}) as page:
        chips = page.get_by_role("navigation")
        for name in ("Pēteris", "Līga", "Māra"):
            chips.get_by_role("button", name=name).click()
        yield page


def test_a_talk_with_a_trusted_colleague(page: Page, served: Served, tmp_path: Path) -> None:
    anna, peteris, janis = (page.locator(f"#column-{user}") for user in SHOWN)
    say(anna, "/vent")
    expect(anna.locator(".message.private")).to_contain_text("With whom would you like to talk?")
    expect(anna.locator(".message.private")).to_contain_text("Here now:")

    say(anna, "/vent @Pēteris MARKER he shouted an hour")
    expect(anna.locator(".message.said").last).to_contain_text("/vent …")
    expect(peteris.locator("blockquote")).to_have_text("MARKER he shouted an hour")
    press(peteris, "Not today")
    expect(peteris.locator(".card").first).to_contain_text("Not today. That is all right.")
    expect(anna.get_by_text("You asked Pēteris to talk")).to_be_visible()
    page.get_by_role("button", name="+5 min").click()
    expect(anna.get_by_text("It didn't work out with Pēteris this time")).to_be_visible()

    say(anna, "/vent @Pēteris MARKER he shouted an hour")
    press(peteris, "Yes, now")
    room = anna.locator(".message.shared")
    expect(room).to_contain_text("Talk in a chat of your own, not here.")
    expect(room).to_contain_text("116123")
    room.get_by_role("button", name="A minute of breathing").click()
    expect(room).to_contain_text("Breath 1 of 6")
    room.get_by_role("button", name="A light frame").click()
    expect(room).to_contain_text("What went right, even a little?")
    expect(janis.locator(".message")).to_have_count(0)

    press(room, "Done")
    for column in (anna, peteris):
        expect(column.locator(".message.shared")).to_contain_text("This conversation has ended")
        expect(column.get_by_role("button", name="Take a break").last).to_be_visible()
    expect(janis.locator(".message")).to_have_count(0)
    served.stop()
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    assert b"MARKER" not in kept
    served.start()


def press(where: Locator, name: str) -> None:
    where.get_by_role("button", name=name, exact=True).last.click()


def say(column: Locator, text: str) -> None:
    box = column.get_by_role("combobox")
    box.fill(text)
    box.press("Enter")
    expect(box).to_have_value("")
