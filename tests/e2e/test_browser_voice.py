"""Thanks and voice in the local workspace, in a real browser, with three people."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from scheduling.recurrence import PublicHolidays
from tests.e2e.served import Served
from tests.e2e.visiting import PageClock, button, column, forward, newest, opened, picture, say

SHOWN = ("anna", "peteris", "mara")
"""Who thanks and writes, who is thanked, and the coordinator."""


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    with opened(browser, served.address, viewport={"width": 1440, "height": 1200}) as page:
        chips = page.get_by_role("navigation")
        for name in ("Pēteris", "Līga", "Jānis"):
            chips.get_by_role("button", name=name).click()
        yield page


def test_a_deed_is_thanked_for_and_shown_by_whom_it_was_for(page: Page, tmp_path: Path) -> None:
    anna, peteris, mara = (column(page, user) for user in SHOWN)
    say(peteris, "/break 10")
    expect(newest(peteris, "private")).to_contain_text("Your break")
    say(anna, "/thanks @Pēteris for asking her twice, then it was clear")
    expect(newest(anna, "private")).to_contain_text("Pēteris will read it in a free moment")
    expect(peteris.get_by_text("Anna thanks you")).to_have_count(0)
    forward(page, "+5 min", "+5 min")
    button(peteris, "Available").last.click()
    came = peteris.locator(".message.sent", has_text="Anna thanks you")
    expect(came.locator("blockquote")).to_have_text("asking her twice, then it was clear")

    came.get_by_role("button", name="Show it to somebody").click()
    form = page.get_by_role("dialog", name="Show it to somebody")
    form.get_by_label("Māra Liepa").check()
    form.get_by_role("button", name="Show it", exact=True).click()
    shown = mara.locator(".message.sent", has_text="Pēteris shows you a thank-you")
    expect(shown).to_contain_text("asking her twice, then it was clear")
    picture(page, "PLECS_SCREENSHOT_THANKS", tmp_path)


def test_a_letter_is_answered_and_the_board_says_what_came_of_it(
    page: Page, tmp_path: Path
) -> None:
    anna, peteris, mara = (column(page, user) for user in SHOWN)
    say(anna, "/voice the breaks are too short")
    expect(newest(anna, "private")).to_contain_text("Say it, ask it, admit it")
    button(anna, "Without my name").last.click()
    expect(newest(anna, "private")).to_contain_text("You are fewer than 8 here")

    say(anna, "/voice the breaks are too short")
    button(anna, "With my name").last.click()
    form = page.get_by_role("dialog", name="With my name")
    expect(form.get_by_label("Your words")).to_have_value("the breaks are too short")
    form.get_by_label("To whom?").select_option("mara")
    form.get_by_label("Without an answer it goes to").select_option("liga")
    form.get_by_role("button", name="Send").click()
    asked = mara.locator(".message.sent", has_text="Anna writes to you")
    expect(asked).to_contain_text("without one it goes on to Līga")
    asked.get_by_role("button", name="Answer").click()
    form = page.get_by_role("dialog", name="Answer")
    form.get_by_label("Your answer").fill("From April on they are longer")
    form.get_by_role("button", name="Send").click()
    expect(newest(anna, "sent")).to_contain_text("Māra has answered you")

    say(mara, "/voice board")
    button(mara, "You said, we did").last.click()
    form = page.get_by_role("dialog", name="You said, we did")
    form.get_by_label("You said").fill("Breaks after hard calls are too short")
    form.get_by_label("What was done, or why not").fill("From April on they are longer")
    form.get_by_role("button", name="Put it up").click()
    expect(newest(mara, "private")).to_contain_text("We did: From April on they are longer")
    say(peteris, "/voice board")
    board = newest(peteris, "private")
    expect(board).to_contain_text("Breaks after hard calls are too short")
    expect(board).to_contain_text("We did: From April on they are longer")
    say(anna, "/voice")
    picture(page, "PLECS_SCREENSHOT_VOICE", tmp_path)


@contextmanager
def a_week(browser: Browser, folder: Path, *shown: str) -> Iterator[Page]:
    """The page of a Plecs of its own, in a week without holidays, with these columns opened or
    closed, and Līga reading English."""
    served = Served(folder, a_week_without_holidays())
    try:
        with opened(browser, served.address, viewport={"width": 1440, "height": 1200}) as page:
            chips = page.get_by_role("navigation")
            for name in shown:
                chips.get_by_role("button", name=name).click()
            liga = column(page, "liga")
            liga.locator(".switch").get_by_role("button", name="EN").click()
            expect(liga).to_have_attribute("lang", "en")
            yield page
    finally:
        served.stop()


def test_without_an_answer_in_five_working_days_a_letter_goes_on(
    browser: Browser, tmp_path: Path
) -> None:
    with a_week(browser, tmp_path, "Jānis") as page:
        anna, liga, mara = (column(page, user) for user in ("anna", "liga", "mara"))
        clock = PageClock(page)
        begins = clock.now()
        say(anna, "/voice the breaks are too short")
        button(anna, "With my name").last.click()
        form = page.get_by_role("dialog", name="With my name")
        form.get_by_label("To whom?").select_option("mara")
        form.get_by_label("Without an answer it goes to").select_option("liga")
        form.get_by_role("button", name="Send").click()
        asked = mara.locator(".message.sent", has_text="Anna writes to you")
        expect(asked).to_contain_text("without one it goes on to Līga")

        clock.to(begins + timedelta(days=3, minutes=5))
        reminder = mara.locator(".message.sent", has_text="Anna still waits for your answer")
        expect(reminder).to_be_visible()
        expect(liga.get_by_text("the breaks are too short")).to_have_count(0)

        clock.to(begins + timedelta(days=7, minutes=5))
        further = liga.locator(".message.sent", has_text="Anna writes to you")
        expect(further).to_contain_text("the breaks are too short")
        expect(anna.locator(".message.sent", has_text="Your letter is with Līga")).to_be_visible()
        expect(mara.get_by_text("the breaks are too short")).to_have_count(0)
        further.get_by_role("button", name="Answer").click()
        form = page.get_by_role("dialog", name="Answer")
        form.get_by_label("Your answer").fill("From April on they are longer")
        form.get_by_role("button", name="Send").click()
        expect(newest(anna, "sent")).to_contain_text("From April on they are longer")


def test_a_leader_is_told_on_monday_what_was_shown_to_them(
    browser: Browser, tmp_path: Path
) -> None:
    with a_week(browser, tmp_path, "Pēteris", "Jānis", "Māra") as page:
        anna, peteris, liga = (column(page, user) for user in ("anna", "peteris", "liga"))
        clock = PageClock(page)
        begins = clock.now()
        say(liga, "/practice team")
        button(liga, "One a week, on Mondays").last.click()
        expect(newest(liga)).to_contain_text("On Mondays")
        say(anna, "/thanks @Pēteris for asking her twice, then it was clear")
        came = peteris.locator(".message.sent", has_text="Anna thanks you")
        came.get_by_role("button", name="Show it to somebody").click()
        form = page.get_by_role("dialog", name="Show it to somebody")
        form.get_by_label("Līga Bērziņa").check()
        form.get_by_role("button", name="Show it", exact=True).click()
        shown = liga.locator(".message.sent", has_text="Pēteris shows you a thank-you")
        expect(shown).to_contain_text("asking her twice, then it was clear")

        told, explains = (
            "Last week you were shown a thank-you",
            "One thing to explain this week",
        )
        clock.to(begins + timedelta(days=6, hours=20))  # Monday, six in the morning
        expect(liga.get_by_text(told)).to_have_count(0)
        expect(liga.get_by_text(explains)).to_have_count(0)
        clock.to(begins + timedelta(days=7, minutes=5))
        nudge = liga.locator(".message.sent", has_text=told)
        expect(nudge).to_contain_text("asking her twice, then it was clear")
        expect(liga.locator(".message.sent", has_text=explains)).to_be_visible()
        clock.to(begins + timedelta(days=14, minutes=5))
        expect(liga.locator(".message.sent", has_text=explains)).to_have_count(2)
        expect(liga.locator(".message.sent", has_text=told)).to_have_count(1)


def a_week_without_holidays() -> datetime:
    """Ten on the next Monday in Riga from which on nobody is off for a week."""
    days = (date.today() + timedelta(days=ahead) for ahead in itertools.count(1))  # noqa: DTZ011
    is_holiday = partial(PublicHolidays().is_holiday, "LV")
    monday = next(
        day
        for day in days
        if day.weekday() == 0
        and not any(is_holiday(day + timedelta(days=later)) for later in range(8))
    )
    return datetime.combine(monday, time(10), ZoneInfo("Europe/Riga"))
