"""The local workspace in a real browser, over the real engine."""

import re

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.e2e.served import Served
from tests.e2e.visiting import DESKTOP, PHONE, Visit, button, column, say, serious, tab_to
from tests.patience import patient

NOTE_WHAT_CONNECTION_SAYS = """() => {
    const line = document.querySelector("#connection");
    const note = () => { document.body.dataset.said += ` ${line.textContent}`; };
    new MutationObserver(note).observe(line, { childList: true });
}"""
"""It says something for a moment only, which a machine that is busy may miss."""


def test_a_hand_is_raised_climbs_is_taken_and_solved(visit: Visit) -> None:
    page = visit()
    anna, janis, liga = (column(page, user) for user in ("anna", "janis", "liga"))

    say(anna, "/hand contracts he threatens me")
    expect(anna.locator(".message.said")).to_contain_text("/hand contracts he threatens me")
    expect(anna.locator(".message.private")).to_contain_text("Your hand is up")
    expect(anna.locator(".message.private")).to_contain_text("Only you can see this")
    expect(button(janis, "Nāku")).to_be_visible()
    expect(janis.locator("blockquote")).to_have_text("he threatens me")
    expect(liga.locator(".message")).to_have_count(0)

    page.get_by_role("button", name="+30 s").click()
    expect(button(liga, "Nāku")).to_be_visible()

    button(liga, "Nāku").dblclick()
    expect(anna.locator(".tone-good")).to_contain_text("Līga is on the way")
    expect(janis.locator(".card").first).to_contain_text("Līga jau nāk")
    expect(janis.get_by_role("button", name="Nāku")).to_have_count(0)
    expect(anna.locator(".message.shared .meta")).to_contain_text("With Līga")
    expect(liga.locator(".message.shared .meta")).to_contain_text("Kopīga sarakste: Anna")

    room = anna.locator(".message.shared")
    page.get_by_role("button", name="+5 min").click()
    # Four for each of the two languages that its readers have.
    expect(room.get_by_role("button")).to_have_count(8)
    room.locator("[data-does='hand.solved']").first.click()
    # Folded where the answer to what she pressed came after the room: either may.
    expect(liga.locator(".message.shared .tone")).to_be_attached()
    expect(room.get_by_role("button")).to_have_count(0)
    expect(liga.locator(".message.shared").get_by_role("button")).to_have_count(0)


def test_a_policy_is_looked_up_and_the_call_ended_with_a_receipt(visit: Visit) -> None:
    page = visit()
    anna, liga = column(page, "anna"), column(page, "liga")
    say(anna, "/policy swearing")
    card = anna.locator(".message.private")
    expect(card.locator(".title")).to_be_in_viewport()
    expect(card).to_contain_text("warning 1 of 2")
    button(anna, "I warned").click()
    expect(card).to_contain_text("warning 2 of 2")
    button(anna, "I warned").click()
    button(anna, "I ended the call").click()
    expect(button(anna, "My receipts")).to_be_visible()
    expect(card).to_have_count(1)
    expect(card.locator(".title")).to_have_text("Thank you. You did right.")
    expect(card.locator(".title")).to_be_in_viewport()
    expect(liga.locator(".message.sent")).to_contain_text("Anna")
    page.get_by_role("button", name="+30 s").click()
    expect(anna.locator(".message.sent")).to_contain_text("A break?")
    button(anna, "My receipts").click()
    expect(button(anna, "Open")).to_be_visible()


def test_everybody_reads_their_own_language(visit: Visit) -> None:
    page = visit()
    janis = column(page, "janis")
    expect(janis).to_have_attribute("lang", "lv")
    say(janis, "/plecs prom rīt 14:20")
    expect(janis.locator(".log")).to_contain_text("Līdz rītam 14:20")
    button(janis, "Esmu atpakaļ").click()
    janis.locator(".switch").get_by_role("button", name="EN").click()
    expect(janis).to_have_attribute("lang", "en")
    expect(janis.get_by_role("combobox")).to_have_attribute("placeholder", "Write, or type /")
    say(column(page, "anna"), "/roka līgumi")
    expect(button(janis, "I'm coming")).to_be_visible()


def test_by_keyboard_alone(visit: Visit) -> None:
    page = visit()
    anna = column(page, "anna")
    box = anna.get_by_role("combobox")
    tab_to(page, box)
    page.keyboard.type("/")
    options = anna.get_by_role("option")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", "commands-anna-1")
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    page.keyboard.type("ha")
    page.keyboard.press("Tab")
    expect(box).to_have_value("/hand ")
    page.keyboard.type("contracts")
    page.keyboard.press("Enter")
    expect(box).to_have_value("")
    down = button(anna, "Take my hand down")
    expect(down).to_be_visible()
    tab_to(page, down, "Shift+Tab")
    page.keyboard.press("Enter")
    answer = anna.locator(".message.private")
    expect(answer).to_contain_text("Your hand is down")
    expect(answer).to_be_focused()

    tab_to(page, anna.get_by_role("button", name="Start page"), "Shift+Tab")
    page.keyboard.press("Enter")
    words = button(anna, "Raise with a few words")
    expect(words).to_be_visible()
    tab_to(page, words)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Raise a hand")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(words).to_be_focused()
    page.keyboard.press("Enter")
    line = dialog.get_by_role("textbox")
    tab_to(page, line)
    page.keyboard.type("he will not stop")
    expect(dialog.locator(".counter")).to_have_text("16 / 300")
    page.keyboard.insert_text("!" * 400)
    expect(dialog.locator(".counter.full")).to_have_text("300 / 300")
    line.fill("he will not stop")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(answer.last).to_contain_text("Your hand is up")


def test_what_people_type_stays_text(visit: Visit) -> None:
    page = visit()
    hostile = "<img src=x onerror=document.title='owned'><b>bold</b>"
    say(column(page, "anna"), f"/hand contracts {hostile}")
    expect(column(page, "janis").locator("blockquote")).to_have_text(hostile)
    expect(page.locator("img, .message b")).to_have_count(0)
    expect(page).to_have_title("Plecs")


def test_a_restart_of_the_server_loses_nothing(browser: Browser, served: Served) -> None:
    context = patient(browser.new_context(locale="en-GB", viewport=DESKTOP))
    page = context.new_page()
    page.goto(served.address)
    anna, janis = column(page, "anna"), column(page, "janis")
    say(anna, "/hand contracts")
    expect(button(janis, "Nāku")).to_be_visible()
    served.stop()
    expect(page.get_by_text("Reconnecting…")).to_be_visible()
    anna.get_by_role("combobox").fill("/help")
    anna.get_by_role("combobox").press("Enter")
    expect(anna.get_by_role("alert")).to_have_text("Not sent: no connection. Press again to retry.")
    expect(anna.get_by_role("combobox")).to_have_value("/help")
    page.evaluate(NOTE_WHAT_CONNECTION_SAYS)
    served.start()
    expect(page.locator("body")).to_have_attribute("data-said", re.compile("Connected again"))
    anna.get_by_role("combobox").press("Enter")
    expect(anna.locator(".message.said")).to_have_count(2)
    button(janis, "Nāku").click()
    expect(anna.locator(".message.shared")).to_be_visible()
    page.reload()
    expect(anna.locator(".message.said")).to_have_count(2)
    expect(anna.locator(".message.shared")).to_be_visible()
    context.close()


def test_the_hint_is_for_the_first_visit(visit: Visit) -> None:
    page = visit(hint=True)
    hint = page.get_by_role("region", name="Welcome. Try this:")
    expect(hint).to_be_visible()
    hint.get_by_role("button", name="Put it into Anna's box").click()
    box = column(page, "anna").get_by_role("combobox")
    expect(box).to_have_value("/hand contracts he threatens me")
    expect(box).to_be_focused()
    hint.get_by_role("button", name="Got it").click()
    expect(hint).to_be_hidden()
    page.reload()
    expect(page.locator("body[data-ready]")).to_be_attached()
    expect(hint).to_be_hidden()
    page.get_by_role("group", name="Language of this page").get_by_role("button", name="LV").click()
    page.get_by_role("button", name="Ko pamēģināt").click()
    expect(page.get_by_role("region", name="Laipni lūgti. Pamēģiniet:")).to_contain_text(
        "/roka līgumi viņš draud"
    )


def test_columns_are_chosen_and_what_is_missed_is_counted(visit: Visit) -> None:
    page = visit()
    peteris = page.get_by_role("navigation").get_by_role("button", name="Pēteris")
    expect(peteris).to_have_attribute("aria-pressed", "false")
    say(column(page, "anna"), "/hand bills")
    expect(peteris).to_have_text(re.compile("1$"))
    peteris.click()
    expect(button(column(page, "peteris"), "I'm coming")).to_be_visible()
    expect(peteris).to_have_text(re.compile("Pēteris$"))
    page.get_by_role("navigation").get_by_role("button", name="Ilze").click()
    page.reload()
    expect(page.locator(".column:visible")).to_have_count(6)
    cut = page.locator(".say input:visible").evaluate_all(
        """inputs => inputs.filter((input) => {
            const style = getComputedStyle(input);
            const pen = document.createElement("canvas").getContext("2d");
            pen.font = style.font;
            const padding = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
            return pen.measureText(input.placeholder).width > input.clientWidth - padding;
        }).length"""
    )
    assert cut == 0, "what a box is for is read whole beside five others"


def test_on_a_phone_one_column_at_a_time(visit: Visit) -> None:
    page = visit(PHONE)
    expect(column(page, "anna")).to_be_in_viewport(ratio=0.9)
    expect(column(page, "liga")).not_to_be_in_viewport()
    say(column(page, "anna"), "/hand contracts")
    chips = page.get_by_role("navigation")
    expect(chips.get_by_role("button", name="Jānis")).to_have_text(re.compile("1$"))
    chips.get_by_role("button", name="Jānis").tap()
    expect(column(page, "janis")).to_be_in_viewport(ratio=0.9)
    expect(chips.get_by_role("button", name="Jānis")).to_have_attribute("aria-current", "true")
    button(column(page, "janis"), "Nāku").tap()
    expect(column(page, "janis").locator(".message.shared")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    small = page.evaluate(
        """[...document.querySelectorAll("button")].filter((button) => button.checkVisibility())
        .map((button) => [button.textContent.trim(), button.getBoundingClientRect()])
        .filter(([, box]) => box.height < 36 || box.width < 30).map(([text]) => text)"""
    )
    assert small == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_serious(visit: Visit, scheme: str, viewport: ViewportSize) -> None:
    page = visit(viewport, scheme, hint=True)
    anna = column(page, "anna")
    say(anna, "/hand contracts he threatens me")
    expect(button(anna, "Take my hand down")).to_be_visible()
    anna.get_by_role("combobox").fill("/")
    expect(anna.get_by_role("listbox")).to_be_visible()
    assert serious(page) == []
    say(anna, "/policy grandad is on the floor and doesn't answer")
    card = anna.locator(".message.private").last
    expect(card.locator(".title")).to_have_text("Immediate danger")
    expect(card.get_by_role("button", name="Raise my hand")).to_be_in_viewport()
    assert serious(page) == []
    anna.get_by_role("button", name="Start page").click()
    anna.locator("[data-does='home.more']").click()
    anna.locator("[data-does='topics.form']").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert serious(page) == []
