"""An offer with a second signature in the local workspace, in a real browser: the agent reads
English, whoever signs Latvian."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.served import Served
from tests.e2e.visiting import opened

SHOWN = ("anna", "liga")


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    with opened(
        browser,
        served.address,
        viewport={"width": 1440, "height": 1200},
        timezone_id="Europe/Riga",
        device_scale_factor=1.5,
    ) as page:
        chips = page.get_by_role("navigation")
        for name in ("Jānis", "Māra"):
            chips.get_by_role("button", name=name).click()
        yield page


def test_a_gift_card_is_offered_signed_accepted_and_its_code_shown(
    page: Page, tmp_path: Path
) -> None:
    anna, liga = (page.locator(f"#column-{user}") for user in SHOWN)
    say(anna, "/offer +371 26 123 456 missed visit")
    card = anna.locator(".message.private").last
    expect(card.locator(".title")).to_have_text("Missed visit")
    expect(card.locator("blockquote")).to_contain_text("I can take 15 euros off your next bill.")
    press(card, "Card €25, if signed")
    form = page.get_by_role("dialog", name="Why something else?")
    form.get_by_label("They had expenses").check()
    form.get_by_role("button", name="Offer it").click()
    expect(anna.get_by_text("A second signature is asked for")).to_be_visible()

    asked = liga.locator(".message").last
    expect(asked).to_contain_text("Anna lūdz parakstīt: dāvanu karte, 25\u00a0€")
    expect(asked).to_contain_text("Klientam radās izdevumi")
    picture = Path(os.environ.get("PLECS_SCREENSHOT_OFFER", tmp_path / "offer.png"))
    page.screenshot(path=picture)
    press(asked, "Parakstīt")
    expect(liga.locator(".message").last).to_contain_text("Jūs parakstījāt")
    expect(anna.get_by_text("Līga has signed it.")).to_be_visible()

    press(anna, "The customer accepts")
    expect(anna.get_by_text("Given: gift card, €25")).to_be_visible()
    press(anna, "Show the code")
    window = page.get_by_role("dialog", name="The gift card’s code")
    expect(window).to_contain_text("DEMO-2500-")
    window.get_by_role("button", name="The customer has it").click()
    expect(anna.get_by_text("The customer has the gift card")).to_be_visible()
    expect(page.get_by_text("DEMO-2500-")).to_be_hidden()
    press(anna, "Show the code")
    expect(anna.get_by_text("The code is no longer here")).to_be_visible()


def say(where: Locator, text: str) -> None:
    box = where.get_by_role("combobox")
    box.fill(text)
    box.press("Enter")


def press(where: Locator, name: str) -> None:
    where.get_by_role("button", name=name, exact=True).last.click()
