"""Shifts and cover in Microsoft's own client: one's week, a swap that both confirm, and who is
there."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.teams_e2e.conftest import ANNA, JANIS, MARA, ClientsHouse

pytestmark = pytest.mark.slow


def test_shifts_and_cover(house: ClientsHouse) -> None:
    anna, janis, mara = house.windows(ANNA, JANIS, MARA)
    today = datetime.now(ZoneInfo("Europe/Riga")).date()
    seventh = today + timedelta(days=7)  # the last day of a week from tomorrow on

    janis.says("plecs shift tomorrow")
    janis.presses("Correct", janis.card("Your shifts from"))
    form = janis.card("What is it?")
    form.get_by_label("On the line").check()
    form.get_by_label("From").fill("10:00")
    form.get_by_label("To").fill("18:00")
    janis.presses("Save")
    expect(janis.card("is corrected")).to_contain_text("10:00–18:00")
    expect(mara.card("Jānis corrected a shift")).to_be_visible()

    janis.says("plecs shift Anna")
    form = janis.card("Swap shifts")
    form.get_by_label("Your day that they take").fill(seventh.isoformat())
    janis.presses("Ask")
    expect(janis.card("Anna is asked")).to_be_visible()
    anna.presses("Agree", anna.card("would like to swap shifts with you"))
    expect(janis.card("Jānis and Anna swapped shifts")).to_be_visible()
    expect(mara.card("Jānis and Anna swapped shifts")).to_be_visible()

    janis.says("cover 30 Anna")
    anna.presses("I'll do it", anna.card("Can you look after Jānis's topics?"))
    expect(janis.card("Anna looks after your topics until")).to_be_visible()
    mara.says("plecs who")
    expect(mara.card("Who is there now")).to_contain_text("Anna")
    janis.presses("I'm there again", janis.card("Anna looks after your topics until"))
    expect(anna.card("You no longer look after Jānis's topics")).to_be_visible()
