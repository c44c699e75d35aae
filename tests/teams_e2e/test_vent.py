"""Letting off steam in Teams: each in their own chat with Plecs, and a link to that of the two."""

import os
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.teams_e2e.conftest import ANNA, JANIS, PETERIS, ClientsHouse
from tests.teams_e2e.playground import side_by_side

pytestmark = pytest.mark.slow


def test_a_talk_of_two_and_nothing_left_of_it(house: ClientsHouse, tmp_path: Path) -> None:
    anna, peteris, janis = house.windows(ANNA, PETERIS, JANIS)
    anna.says("vent Pēteris an hour of shouting today")
    expect(anna.card("You asked Pēteris to talk")).to_be_visible()
    expect(peteris.card("Anna would like to talk with you")).to_contain_text(
        "an hour of shouting today"
    )
    peteris.presses("Yes, now")
    for window, other in ((anna, PETERIS), (peteris, ANNA)):
        room = window.card("Anna and Pēteris")
        expect(room).to_contain_text("Talk in a chat of your own, not here.")
        expect(room).to_contain_text("116123")
        query = urlsplit(window.opens_by("Open your chat", room)).query
        assert parse_qs(query)["users"] == [other.address]
    anna.presses("A minute of breathing")
    expect(peteris.card("Anna and Pēteris")).to_contain_text("Breath 1 of 6")
    anna.presses("A light frame")
    expect(peteris.card("Anna and Pēteris")).to_contain_text("What went right, even a little?")
    picture = Path(os.environ.get("PLECS_SCREENSHOT_TEAMS_VENT", tmp_path / "vent.png"))
    side_by_side((anna, peteris), picture)
    peteris.presses("Done")
    for window in (anna, peteris):
        expect(window.card("This conversation has ended")).to_be_visible()
        expect(window.card().get_by_role("button", name="Take a break")).to_be_visible()
    expect(janis.page.locator(".ac-adaptiveCard")).to_have_count(1)  # the welcome
    house.served.stop()
    kept = b"".join(file.read_bytes() for file in tmp_path.glob("plecs.db*"))
    house.served.start()
    assert b"hour of shouting" not in kept
