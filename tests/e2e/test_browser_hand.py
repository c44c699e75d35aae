"""The one card that an agent keeps, in the local workspace, in a real browser: at four moments."""

import os
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.served import Served
from tests.e2e.visiting import forward, opened, say

_GAP = 24


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    with opened(
        browser,
        served.address,
        viewport={"width": 1440, "height": 1400},
        timezone_id="Europe/Riga",
        device_scale_factor=1.5,
    ) as page:
        yield page


def test_the_agents_card_tells_every_step(page: Page, tmp_path: Path) -> None:
    anna, liga = page.locator("#column-anna"), page.locator("#column-liga")
    say(liga, "/tēmas")
    _press(liga, "Mainīt")
    form = page.get_by_role("dialog", name="Tēmas un cilvēki")
    form.get_by_label("Mans iekšējais numurs vai vieta").fill("214")
    form.get_by_role("button", name="Saglabāt").click()
    expect(form).to_be_hidden()
    say(anna, "/hand contracts he threatens me")
    card, moments = anna.locator(".message.private").last, []
    expect(card.locator(".title")).to_have_text("Your hand is up")
    expect(card).to_contain_text("Asked: Jānis")
    expect(card).to_contain_text("supervisors")
    moments.append(card.screenshot())
    forward(page, "+30 s")
    expect(card).to_contain_text("Līga")
    moments.append(card.screenshot())
    _press(liga, "Nāku")
    expect(card.locator(".title")).to_have_text("Līga is on the way")
    expect(card).to_contain_text("Līga, ext. 214")
    moments.append(card.screenshot())
    _press(card, "Solved")
    expect(card.locator(".title")).to_have_text("Solved. Well done.")
    moments.append(card.screenshot())
    expect(anna.locator(".message.private")).to_have_count(1)
    picture = Path(os.environ.get("PLECS_SCREENSHOT_HAND", tmp_path / "hand.png"))
    _beside_each_other([Image.open(BytesIO(moment)) for moment in moments]).save(picture)
    assert picture.read_bytes().startswith(b"\x89PNG")


def _beside_each_other(pictures: Sequence[Image.Image]) -> Image.Image:
    width = sum(one.width + _GAP for one in pictures) + _GAP
    whole = Image.new("RGB", (width, max(one.height for one in pictures) + 2 * _GAP), "white")
    left = _GAP
    for one in pictures:
        whole.paste(one, (left, _GAP))
        left += one.width + _GAP
    return whole


def _press(where: Locator, name: str) -> None:
    where.get_by_role("button", name=name, exact=True).last.click()
