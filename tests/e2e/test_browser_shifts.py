"""Shifts and cover in the local workspace, in a real browser, with three people."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.served import Served
from tests.e2e.visiting import button, column, forward, newest, opened, picture, say, serious

SHOWN = ("anna", "peteris", "mara")
"""An agent, who knows bills, and the coordinator."""


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    with opened(browser, served.address, viewport={"width": 1440, "height": 1300}) as page:
        chips = page.get_by_role("navigation")
        for name in ("Pēteris", "Līga", "Jānis"):
            chips.get_by_role("button", name=name).click()
        yield page


def test_a_week_is_seen_corrected_and_swapped_and_topics_are_looked_after(
    page: Page, tmp_path: Path
) -> None:
    anna, peteris, mara = (column(page, user) for user in SHOWN)
    tomorrow = datetime.now(ZoneInfo("Europe/Riga")).date() + timedelta(days=1)

    # My week, and a day of it that is otherwise.
    say(peteris, "/plecs shift tomorrow")
    expect(newest(peteris, "private")).to_contain_text("Your shifts from")
    newest(peteris, "private").get_by_role("button", name="Correct").first.click()
    form = page.get_by_role("dialog")
    form.get_by_label("On the line").check()
    form.get_by_label("From").fill("10:00")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_label("To")).to_have_attribute("aria-invalid", "true")
    form.get_by_label("To").fill("18:00")
    form.get_by_role("button", name="Save").click()
    expect(newest(peteris, "private")).to_contain_text("10:00–18:00")
    expect(newest(mara, "sent")).to_contain_text("Pēteris corrected a shift")

    # Two swap it: nothing changes before the other agrees, and the coordinator sees it.
    say(peteris, "/plecs shift I swapped with @Anna")
    form = page.get_by_role("dialog", name="Swap shifts")
    form.get_by_label("Your day that they take").fill(tomorrow.isoformat())
    form.get_by_role("button", name="Ask").click()
    asked = anna.locator(".message.sent", has_text="would like to swap shifts with you")
    expect(asked).to_contain_text("10:00–18:00")
    asked.get_by_role("button", name="Agree").click()
    expect(newest(peteris, "sent")).to_contain_text("Pēteris and Anna swapped shifts")
    expect(newest(mara, "sent")).to_contain_text("Pēteris and Anna swapped shifts")

    # Somebody looks after one's topics for a while.
    say(peteris, "/cover 30 @Anna")
    expect(newest(peteris, "private")).to_contain_text("Anna is asked")
    question = anna.locator(".message.sent", has_text="Can you look after Pēteris's topics?")
    question.get_by_role("button", name="I'll do it").click()
    expect(newest(peteris, "sent")).to_contain_text("Anna looks after your topics until")
    say(mara, "/plecs who")
    who = newest(mara, "private")
    expect(who).to_contain_text("Who is there now")
    expect(who).to_contain_text("Anna")
    expect(who).not_to_contain_text("Pēteris")
    picture(page, "PLECS_SCREENSHOT_SHIFTS", tmp_path)
    assert serious(page) == []
    forward(page, *7 * ("+5 min",))
    expect(newest(peteris, "sent")).to_contain_text("Anna no longer looks after your topics")

    # What one says oneself.
    say(anna, "/plecs away 9.3.-13.3.")
    expect(newest(anna, "private")).to_contain_text("You are away then")
    button(anna, "Not away after all").last.click()
    expect(newest(anna, "private")).not_to_contain_text("You are away then")
    say(anna, "/plecs here until 20:00")
    expect(newest(anna, "private")).to_contain_text("You are here until")
    say(anna, "/break plan")
    button(anna, "5 minutes each hour").last.click()
    button(anna, "Quiet for an hour").last.click()
    expect(button(anna, "Remind me again").last).to_be_visible()
