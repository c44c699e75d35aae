"""A supervision group in Teams: made, joined and planned, and what its members see."""

import pytest
from playwright.sync_api import expect

from tests.teams_e2e.conftest import ANNA, MARA, PETERIS, ClientsHouse

pytestmark = pytest.mark.slow


def test_a_group_from_its_making_to_its_dates(house: ClientsHouse) -> None:
    mara, anna, peteris = house.windows(MARA, ANNA, PETERIS)
    mara.says("supervision")
    mara.presses("New group")
    form = mara.card("New group")
    form.get_by_label("Name").fill("Evening equals")
    form.get_by_label("Seats").fill("4")
    mara.presses("Make the group")
    expect(mara.card("Evening equals")).to_contain_text("0 of 4")

    mara.presses("Invite")
    mara.chooses("Whom?", ANNA.name, PETERIS.name)
    mara.presses("Invite")
    expect(mara.card("Evening equals")).to_contain_text("0 of 4, 2 invited")
    for window in (anna, peteris):
        expect(window.card("An invitation to a supervision group")).to_be_visible()
        window.presses("I'd like to join")
        expect(window.card("You are in the group Evening equals")).to_be_visible()

    mara.presses("Plan a cycle")
    plan = mara.card("Plan a cycle")
    plan.get_by_label("Every how many weeks").fill("1")
    mara.presses("Show the dates")
    expect(mara.card("Evening equals: these dates?")).to_contain_text("2 people get one message")
    mara.presses("Plan these dates")
    expect(mara.card("Evening equals: done")).to_contain_text("2 people are told.")
    for window in (anna, peteris):
        expect(window.card("Evening equals: 8 dates")).to_be_visible()

    anna.presses("My groups")
    anna.presses("Read it")
    anna.presses("I agree")
    anna.says("supervision")
    anna.presses("Open")
    expect(anna.card("Evening equals: ")).to_contain_text("nobody has answered yet")
    anna.presses("I can't")
    peteris.says("supervīzija")
    peteris.presses("Open")
    expect(peteris.card("Evening equals: ")).to_contain_text("1 of 2")

    mara.presses("Undo")
    for window in (anna, peteris):
        expect(window.card("Evening equals: taken back")).to_be_visible()
