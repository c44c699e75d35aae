"""A raised hand in Teams: an agent, and those who are asked, each in Microsoft's own client."""

import json
import os
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from bot.teams.package import RAISE_A_HAND
from tests.teams_e2e.conftest import ANNA, JANIS, LIGA, ClientsHouse
from tests.teams_e2e.playground import side_by_side

pytestmark = pytest.mark.slow


def test_a_hand_climbs_until_somebody_comes(house: ClientsHouse, tmp_path: Path) -> None:
    anna, janis, liga = house.windows(ANNA, JANIS, LIGA)
    anna.says("hand contracts he threatens me")
    expect(anna.card("Your hand is up")).to_be_visible()
    expect(janis.card("Anna needs a colleague")).to_contain_text("he threatens me")
    janis.presses("Not now")
    expect(liga.card("Anna needs a colleague")).to_be_visible()
    liga.presses("I'm coming")
    expect(anna.card("Līga is on the way")).to_be_visible()
    room = liga.card("Anna and Līga")
    expect(room.get_by_role("link", name="Open your chat")).to_be_visible()
    expect(room.get_by_role("link", name="Call in Teams")).to_be_visible()
    expect(janis.card().get_by_role("button", name="I'm coming")).to_have_count(0)
    picture = Path(os.environ.get("PLECS_SCREENSHOT_TEAMS_HAND", tmp_path / "hand.png"))
    side_by_side((anna, liga), picture)
    anna.presses("Solved")
    expect(liga.card("Solved. Thank you for being there.")).to_be_visible()


def test_a_hand_is_raised_beside_a_message(house: ClientsHouse) -> None:
    """What stands beside the box where one writes, with the form in a dialog. What its last page
    says is read where the client is told: it empties its dialog after each card that comes."""
    anna, janis = house.windows(ANNA, JANIS)
    page = anna.page
    expect(anna.card("Good that you are here")).to_be_visible()
    page.route("**/v1/invoke", answered_once_it_is_open)
    page.get_by_label("Trigger Message Extension App").click()
    page.get_by_role("menuitem", name="Action Command").click()
    page.get_by_placeholder("Input command id").fill(RAISE_A_HAND)
    page.get_by_role("button", name="Create").click()
    dialog = page.get_by_role("dialog").last
    dialog.get_by_role("combobox", name="What is it about?").click()
    page.get_by_role("option", name="contracts").click()
    dialog.get_by_label("In a few words").fill("he threatens me")
    with page.expect_response("**/v1/invoke") as told:
        dialog.get_by_role("button", name="Raise it").click()
    assert "Asked: <at>Jānis</at>" in json.dumps(told.value.json(), ensure_ascii=False)
    expect(janis.card("Anna needs a colleague")).to_contain_text("he threatens me")
    expect(anna.card("Your hand is up")).to_contain_text("he threatens me")
    janis.presses("I'm coming")
    expect(anna.card("Jānis is on the way")).to_be_visible()


def test_who_removed_the_app_is_passed_over(house: ClientsHouse) -> None:
    anna, janis, liga = house.windows(ANNA, JANIS, LIGA)
    expect(janis.card("Good that you are here")).to_be_visible()
    janis.page.get_by_role("button", name="Mock an Activity").click()
    janis.page.get_by_text("Uninstall application").click()
    janis.presses("Send activity")
    expect(janis.page.get_by_role("dialog")).to_have_count(0)
    anna.says("hand contracts he *threatens* me <3")
    expect(liga.card("Anna needs a colleague")).to_contain_text("he *threatens* me <3")
    expect(janis.page.locator(".ac-adaptiveCard")).to_have_count(1)


def answered_once_it_is_open(route: Route) -> None:
    """The client empties its dialog 300 ms after it opened and after each card that came. So what
    it shows there is let through by a timer of its own, later than those."""
    page = route.request.frame.page
    page.get_by_role("dialog").last.wait_for()
    page.evaluate("() => new Promise((done) => setTimeout(done, 301))")
    route.continue_()
