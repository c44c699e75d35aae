"""An agent's day in Teams, typed and pressed in Microsoft's own client; a supervisor beside it."""

import socket
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.patience import LIMIT
from tests.teams_e2e.conftest import ANNA, LIGA, ClientsHouse

pytestmark = pytest.mark.slow


def test_a_day(house: ClientsHouse) -> None:
    anna, liga = house.windows(ANNA, LIGA)

    # What may I do with this caller?
    anna.says("policy swearing")
    expect(anna.card("Rude or shouting")).to_contain_text("Say now, warning 1 of 2:")
    anna.presses("I warned")
    expect(anna.card("Rude or shouting")).to_contain_text("Say now, warning 2 of 2:")
    anna.presses("I warned")
    expect(anna.card("Rude or shouting")).to_contain_text("You may end the call now")
    anna.presses("Latviski")
    expect(anna.card("Rude or shouting")).to_contain_text("tagad to beidzu")
    anna.presses("I ended the call")
    receipt = anna.card("Thank you. You did right.")
    expect(receipt.get_by_text("2", exact=True)).to_be_visible()
    expect(liga.card("Anna ended a call")).to_contain_text("Rude or shouting")
    anna.presses("My receipts")
    expect(anna.card("Your receipts").get_by_role("button", name="Open")).to_be_visible()

    # A break that is one, and the way back.
    anna.says("break 10")
    expect(anna.card("Your break, until")).to_be_visible()
    liga.says("break team")
    expect(liga.card("Anna")).to_be_visible()
    anna.presses("I'm back")
    expect(anna.card("Good to have you back")).to_be_visible()

    # A plan of one's own: what is wrong is said at the form, and nothing typed is lost.
    anna.says("plan")
    anna.presses("My own plan")
    form = anna.card("My own plan")
    form.get_by_label("Lunch at").fill("25:70")
    anna.presses("Save")
    expect(anna.card("My own plan")).to_contain_text("Please look at the marked fields.")
    form = anna.card("My own plan")
    expect(form.get_by_label("Lunch at")).to_have_value("25:70")
    anna.presses("Cancel")
    expect(anna.card("Your break plan")).to_be_visible()
    anna.presses("My own plan")
    form = anna.card("My own plan")
    form.get_by_label("Lunch at").fill("12:30")
    anna.presses("Save")
    expect(anna.card("Your break plan")).to_contain_text("12:30")

    # Away, home, help, language.
    anna.says("plecs away until Monday")
    expect(anna.card("You are away")).to_contain_text("Nobody is sent to you meanwhile.")
    anna.says("home")
    anna.presses("I'm back")
    expect(anna.card("Good to have you back")).to_be_visible()
    anna.says("language lv")
    expect(anna.card("Plecs ar jums runā latviski")).to_be_visible()
    anna.says("lūdzu pacel roku, līgumi viņš kliedz")
    expect(anna.card("Roka ir pacelta")).to_contain_text("viņš kliedz")
    anna.presses("Nolaist roku")
    expect(anna.card("Roka ir nolaista")).to_be_visible()


def test_words_are_read_as_one_writes_them(house: ClientsHouse) -> None:
    [anna] = house.windows(ANNA)
    anna.says("The printer is empty")
    expect(anna.card("I don't know")).to_be_visible()
    anna.presses("Help")
    help_ = anna.card("Plecs stands beside you")
    expect(help_).to_contain_text("policy [what the caller does]")
    expect(help_).not_to_contain_text("/")
    anna.says("hjelp")
    anna.presses("help")
    expect(anna.card("Did you mean")).to_have_count(0)
    anna.says("what may I do if the caller is drunk?")
    expect(anna.card("Under the influence")).to_be_visible()


def test_the_chat_signs_in_the_page_beside_it(house: ClientsHouse) -> None:
    [anna] = house.windows(ANNA)
    anna.says("home")
    opened = anna.opens_by("Open as a page", anna.card("Only you see this page."))
    [address] = parse_qs(urlsplit(opened).query)["webUrl"]
    page = anna.page.context.new_page()
    page.goto(address)
    expect(page.get_by_role("heading", name="Good that you are here, Anna")).to_be_visible()
    page.get_by_role("button", name="Breaks").click()
    page.get_by_role("button", name="My own plan").click()
    page.get_by_label("Lunch at").fill("12:30")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("30 min at 12:30")).to_be_visible()
    page.goto(address)  # it was good once; the page stays signed in
    expect(page.get_by_role("heading", name="Good that you are here, Anna")).to_be_visible()
    stranger = anna.page.context.browser
    assert stranger is not None
    elsewhere = stranger.new_page()
    elsewhere.goto(address)
    expect(elsewhere.get_by_text("Our chat opens this page")).to_be_visible()
    elsewhere.close()


def test_in_a_group_chat_what_is_personal_stays_personal(house: ClientsHouse) -> None:
    [anna] = house.windows(ANNA, width=1280)
    anna.opens("Evening shift")
    anna.says("policy swearing")  # not said to Plecs
    anna.mentions("policy swearing")
    expect(anna.page.get_by_text("I've answered you in our own chat.").last).to_be_visible()
    expect(anna.page.locator(".ac-adaptiveCard")).to_have_count(0)
    anna.opens("Personal Chat")
    expect(anna.card("Rude or shouting")).to_be_visible()
    expect(anna.page.locator(".ac-adaptiveCard")).to_have_count(2)  # and the welcome


def test_the_client_stays_on_this_machine(house: ClientsHouse) -> None:
    """A test of the tests: by itself it listens on every interface, and tells Microsoft of it."""
    [anna] = house.windows(ANNA)
    expect(anna.card("Good that you are here, Anna")).to_be_visible()
    [playground] = house.playgrounds
    with socket.socket() as probe:
        probe.settimeout(LIMIT)
        assert probe.connect_ex(("127.0.0.2", playground.port)) != 0
    assert playground.said == f"Listening on {playground.port}\n"
