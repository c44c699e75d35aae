"""A whole call in the local workspace, by its telephone: it comes again, with what was promised."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.served import Served
from tests.e2e.visiting import button, column, opened, say, serious


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    with opened(
        browser,
        served.address,
        viewport={"width": 1440, "height": 1000},
        timezone_id="Europe/Riga",
    ) as page:
        yield page


def rings_and_is_answered(who: Locator) -> None:
    button(who, "Let it ring").click()
    button(who, "Pick up").click()
    expect(button(who, "Hang up")).to_be_visible()


def test_a_call_comes_again_with_what_was_promised_and_a_hand_ends_with_it(
    page: Page, tmp_path: Path
) -> None:
    anna = column(page, "anna")
    button(anna, "Telephone of Anna").click()
    rings_and_is_answered(anna)
    button(anna, "Hang up").click()
    expect(button(anna, "Let it ring")).to_be_visible()
    say(anna, "/caller")
    button(anna, "Two lines about it").click()
    form = page.locator("#form")
    form.locator("[name=promised]").fill("recalculation")
    due = datetime.now(UTC).date() + timedelta(days=3)
    form.locator("[name=due]").fill(due.isoformat())
    form.locator("[name=helped]").fill("naming the next step")
    form.get_by_role("button", name="Keep", exact=True).click()
    expect(anna.locator(".log")).to_contain_text("You promised: recalculation")

    page.get_by_role("button", name="+1 day").click()
    mara = column(page, "mara")
    button(mara, "Telephone of Māra").click()
    rings_and_is_answered(mara)
    known = mara.locator(".message").last
    expect(known).to_contain_text("This number calls again")
    expect(known).to_contain_text("Anna promised yesterday: recalculation.")
    expect(known).to_contain_text("What helped: naming the next step.")
    assert serious(page) == []
    picture = Path(os.environ.get("PLECS_SCREENSHOT_CALL", tmp_path / "call.png"))
    page.screenshot(path=picture)
    assert picture.read_bytes().startswith(b"\x89PNG")

    say(mara, "/hand contracts he shouts")
    expect(column(page, "janis").locator(".log")).to_contain_text("Māra")
    button(mara, "Hang up").click()
    expect(mara.locator(".log")).to_contain_text("Your call has ended. Still need somebody?")
    expect(button(column(page, "janis"), "Nāku")).to_have_count(0)
    expect(mara.locator(".log")).not_to_contain_text("recalculation")
    button(mara, "No, thank you").click()
    expect(button(mara, "Yes, ask again")).to_have_count(0)
