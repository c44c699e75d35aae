"""A day with the page: a hand without typing, what must not be missed, what is over, and a form
that throws nothing away."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.visiting import PHONE, Visit, button, column, say

STOPWATCH = """([user, text]) => new Promise((resolve) => {
    const begun = performance.now();
    const there = () => document.querySelector(`#column-${user}`).textContent.includes(text);
    const watch = new MutationObserver(() => {
        if (!there()) return;
        watch.disconnect();
        resolve(performance.now() - begun);
    });
    watch.observe(document.body, { childList: true, subtree: true, characterData: true });
    document.querySelector("#column-anna .say").requestSubmit();
})"""
"""Sends what stands in Anna's box; milliseconds until the text stands in somebody's column."""


def test_a_hand_goes_up_by_the_red_button_and_by_its_key(visit: Visit) -> None:
    page = visit()
    anna, janis = column(page, "anna"), column(page, "janis")
    box = anna.get_by_role("combobox")
    box.fill("he will not stop")
    anna.get_by_role("button", name="Hand: ask a colleague to come").click()
    mine = anna.locator(".message.private")
    expect(mine).to_contain_text("he will not stop")
    expect(box).to_have_value("")
    expect(anna).to_have_attribute("data-news", "urgent")
    expect(page.locator("#next")).to_have_text(re.compile(r"^\d+ s: Plecs asks "))

    button(anna, "Take my hand down").click()
    expect(mine).to_contain_text("Your hand is down")
    expect(anna).to_have_attribute("data-news", "")
    expect(page.locator("#next")).to_be_hidden()

    say(anna, "/plecs away tomorrow 9:00")
    expect(page.locator("#next")).to_have_text("tomorrow 09:00: Anna is expected back")
    say(anna, "/plecs back")
    expect(page.locator("#next")).to_be_hidden()

    page.keyboard.press("Alt+2")
    expect(janis.get_by_role("combobox")).to_be_focused()
    page.keyboard.press("Alt+r")
    expect(janis.locator(".message.private")).to_contain_text("Roka ir pacelta")


def test_news_scrolls_into_view_and_what_is_over_folds_and_merges(visit: Visit) -> None:
    page = visit()
    anna, janis = column(page, "anna"), column(page, "janis")
    for times in (1, 2, 3):
        say(anna, "/hand contracts")
        expect(button(janis, "Nāku")).to_be_visible()
        expect(janis).to_have_attribute("data-news", "urgent")
        button(anna, "Take my hand down").last.click()
        expect(button(janis, "Nāku")).to_have_count(0)
        expect(janis.locator(".message:not([hidden])")).to_have_count(1)
        expect(janis.locator(".message")).to_have_count(times)
    expect(janis.locator(".message:not([hidden]) .meta .times")).to_have_text("×3")

    say(janis, "/palīdzība")
    line = janis.locator(".log").get_by_role("button", expanded=False)
    expect(line).to_contain_text("×3")
    line.click()
    expect(janis.locator(".message:not([hidden])")).to_have_count(5)
    janis.locator(".log").get_by_role("button", expanded=True).click()
    expect(janis.locator(".message:not([hidden])")).to_have_count(3)
    page.reload()
    expect(line).to_contain_text("×3")

    janis.locator(".log").evaluate("log => log.scrollTop = 0")
    say(anna, "/hand contracts")
    expect(button(janis, "Nāku")).to_be_in_viewport()


def test_a_form_asks_before_it_throws_away_what_was_typed(visit: Visit) -> None:
    page = visit()
    anna = column(page, "anna")
    anna.get_by_role("button", name="Start page").click()
    button(anna, "Raise with a few words").click()
    form, sure = page.locator("#form"), page.locator("#confirm")
    words = form.get_by_role("textbox")
    words.fill("he will not stop")
    for leave in ("Escape", "Close"):
        if leave == "Escape":
            page.keyboard.press(leave)
        else:
            form.get_by_role("button", name=leave).click()
        expect(sure).to_contain_text("Throw away what you typed?")
        sure.get_by_role("button", name="Go on typing").click()
        expect(sure).to_be_hidden()
        expect(words).to_have_value("he will not stop")
    words.press("Escape")
    sure.get_by_role("button", name="Throw away").click()
    expect(form).to_be_hidden()
    expect(anna.locator(".message")).to_have_count(1)


def test_the_demo_begins_again_on_every_open_page(visit: Visit) -> None:
    page, other = visit(), visit()
    say(column(page, "anna"), "/hand contracts")
    expect(button(column(other, "janis"), "Nāku")).to_be_visible()
    page.get_by_role("button", name="Start again").click()
    page.locator("#confirm").get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Start again").click()
    page.locator("#confirm").get_by_role("button", name="Start again").click()
    for one in (page, other):
        expect(one.locator(".message")).to_have_count(0)
    say(column(page, "anna"), "/hand contracts")
    expect(button(column(other, "janis"), "Nāku")).to_be_visible()


def test_how_long_the_sentence_and_the_ping_take(visit: Visit) -> None:
    """Told with `pytest -s`; how fast the machine is, is none of the test's business."""
    page = visit()
    taken = {
        "from Enter to the sentence of a boundary": ("/policy swearing", "anna", "warning 1 of 2"),
        "from words of distress to a ping": ("please help me he threatens", "liga", "Anna"),
    }
    for what, (typed, user, text) in taken.items():
        milliseconds = stopwatch(page, typed, user, text)
        print(f"{what}: {milliseconds:.0f} ms")  # noqa: T201 - for whoever asks for it


def stopwatch(page: Page, typed: str, user: str, text: str) -> float:
    column(page, "anna").get_by_role("combobox").fill(typed)
    return float(page.evaluate(STOPWATCH, [user, text]))


def test_nothing_at_the_top_of_a_phone_lies_over_something_else(visit: Visit) -> None:
    page = visit(PHONE)
    for language in ("EN", "LV"):
        page.locator("#page-language").get_by_role("button", name=language).click()
        expect(page.locator("html")).to_have_attribute("lang", language.lower())
        say(column(page, "anna"), "/hand")
        expect(page.locator("#next")).not_to_be_empty()
        over = page.evaluate(
            """() => {
                const parts = [...document.querySelectorAll(
                    ".brand h1, .logo, .page-tools button, #time, #next, .moves button")]
                    .map((one) => [one.textContent.trim(), one.getBoundingClientRect()])
                    .filter(([, box]) => box.width > 1);
                return parts.flatMap(([a, one], at) => parts.slice(at + 1)
                    .filter(([, two]) => one.left < two.right - 1 && two.left < one.right - 1
                        && one.top < two.bottom - 1 && two.top < one.bottom - 1)
                    .map(([b]) => [a, b]));
            }"""
        )
        cut = page.evaluate(
            "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        assert (over, cut) == ([], False), language
