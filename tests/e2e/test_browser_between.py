"""Learning and practice in the local workspace, in a real browser, with three people each."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.served import Served
from tests.e2e.visiting import (
    PageClock,
    button,
    column,
    newest,
    opened,
    picture,
    press,
    say,
    serious,
    title,
)

SHOWN = ("anna", "peteris", "mara")
"""Two agents and the coordinator."""


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    with opened(browser, served.address, viewport={"width": 1440, "height": 1200}) as page:
        chips = page.get_by_role("navigation")
        for name in ("Pēteris", "Līga", "Jānis"):
            chips.get_by_role("button", name=name).click()
        yield page


def test_one_seat_is_taken_waited_for_offered_and_what_was_tried_is_asked(
    page: Page, tmp_path: Path
) -> None:
    anna, peteris, mara = (column(page, user) for user in SHOWN)
    clock = PageClock(page)
    begins = plan_a_class(page, mara, seats=1)

    the_date(anna, "learn.take")
    expect(newest(anna)).to_contain_text("You have a seat.")
    the_date(peteris, "learn.wait")
    expect(newest(peteris)).to_contain_text("nobody is let past you")
    press(anna, "learn.leave")
    expect(newest(anna)).to_contain_text("You gave your seat back.")
    offer = newest(peteris, "sent")
    expect(offer).to_contain_text("A seat is free for you")
    offer.get_by_role("button", name="Take it").click()
    expect(newest(peteris)).to_contain_text("You have a seat.")

    say(mara, "/learn dates")
    expect(title(mara)).to_have_text("Dates of classes")
    newest(mara).get_by_role("button", name="Open").last.click()
    expect(newest(mara)).to_contain_text("Pēteris")
    button(newest(mara), "Cancel it").click()
    form = page.get_by_role("dialog", name="Cancel the date")
    expect(form).to_contain_text("You can undo it for 10 minutes.")
    form.get_by_label("Why, for those who come").fill("The trainer is ill")
    form.get_by_role("button", name="Tell them it is off").click()
    expect(newest(peteris, "sent")).to_contain_text("The trainer is ill")
    button(newest(mara), "Undo").click()
    expect(newest(mara)).to_contain_text("It takes place after all.")
    expect(newest(peteris, "sent")).to_contain_text("takes place after all")
    picture(page, "PLECS_SCREENSHOT_LEARNING", tmp_path)

    clock.to(begins + timedelta(minutes=91))
    asked = mara.locator(".message.sent", has_text="who came?").last
    asked.get_by_role("button", name="Tick who came").click()
    form = page.get_by_role("dialog")
    expect(form.get_by_label("Pēteris Kļaviņš")).to_be_checked()
    form.locator("button[type=submit]").click()
    clock.to(begins + timedelta(days=14, minutes=91))
    question = peteris.locator(".message.sent", has_text="what did you try?").last
    expect(question).to_be_visible()
    question.get_by_role("button").first.click()
    form = page.get_by_role("dialog")
    assert serious(page) == []
    form.get_by_role("textbox").fill("One step at a time")
    form.locator("button[type=submit]").click()
    say(mara, "/learn dates")
    expect(page.get_by_text("One step at a time")).to_have_count(0)


def test_a_call_is_practised_alone_with_a_colleague_and_made_of_ones_own(
    page: Page, tmp_path: Path
) -> None:
    anna, peteris, mara = (column(page, user) for user in SHOWN)

    # Alone: the bad one, a step back, and the other.
    say(anna, "/practice bill")
    newest(anna).locator("[data-does='practice.begin']").first.click()
    expect(newest(anna)).to_contain_text("heat 4 of 5")
    button(anna, "Say C").last.click()
    expect(newest(anna)).to_contain_text("heat 5 of 5, hotter: it was 4")
    press(anna, "practice.back")
    expect(newest(anna)).to_contain_text("(tried)")
    for letter in "BAAA":
        turn = title(anna).inner_text()
        button(anna, f"Say {letter}").last.click()
        expect(title(anna)).not_to_have_text(turn)
    expect(title(anna)).to_contain_text("how it ended")
    expect(newest(anna)).to_contain_text("You tried:")

    # With a colleague: each knows what the other does not.
    say(peteris, "/practice with")
    form = page.get_by_role("dialog", name="With a colleague")
    form.get_by_label("With whom?").select_option("mara")
    form.get_by_label(re.compile("hears a complaint out")).check()
    form.get_by_role("button", name="Ask them").click()
    button(mara, "Now is good").last.click()
    expect(newest(peteris, "sent")).to_contain_text("You answer the call")
    caller = mara.locator(".message", has_text="You play the caller")
    expect(caller).to_have_count(1)
    hidden = caller.locator("blockquote").first.inner_text()
    expect(newest(peteris, "sent")).not_to_contain_text(hidden)
    assert serious(page) == []
    picture(page, "PLECS_SCREENSHOT_PRACTICE", tmp_path)
    button(peteris, "Stop practising").last.click()
    confirm(page)
    expect(caller).to_have_count(0)

    # One's own: the first part, without who it was.
    say(anna, "/practice own")
    expect(title(anna)).to_have_text("A call of your own")
    press(anna, "practice.own.begin")
    form = page.get_by_role("dialog", name="In English")
    assert serious(page) == []
    form.get_by_label("A short name for it").fill("A meter in the cellar")
    form.get_by_label("What one knows before the call").fill("Mrs Ozola calls a third time")
    form.get_by_label("What only the caller knows").fill("The cellar is flooded")
    form.get_by_label(re.compile("hears a complaint out")).check()
    form.get_by_role("button", name="Keep it").click()
    expect(newest(anna)).to_contain_text("I took out what told who it was about.")
    expect(newest(anna)).to_contain_text("look at •••")
    picture(page, "PLECS_SCREENSHOT_PRACTICE_OWN", tmp_path)
    press(anna, "practice.own.delete")
    confirm(page)
    expect(newest(anna)).not_to_contain_text("A meter in the cellar")


def test_one_is_learned_alone_at_an_address_and_another_from_a_colleague(page: Page) -> None:
    anna, peteris, mara = (column(page, user) for user in SHOWN)
    clock = PageClock(page)
    riga = ZoneInfo("Europe/Riga")
    day = clock.now().astimezone(riga).date() + timedelta(days=1)
    add_a_link(page, mara)
    learn_by_oneself(anna)
    learn_from_a_colleague(page, anna, peteris, day)
    say(mara, "/learn dates")
    expect(title(mara)).to_have_text("Dates of classes")
    expect(newest(mara)).not_to_contain_text("Empathy")  # what two agreed on is theirs

    # Who gave it says that it took place; that can be shown to whoever asks.
    ends = datetime.combine(day, time(10, 46), riga).astimezone(UTC)
    clock.to(ends)
    came = peteris.locator(".message.sent", has_text="Who came? Empathy in a call")
    button(came, "Tick who came").click()
    form = page.get_by_role("dialog", name="Who came?")
    form.locator("button[type=submit]").click()
    expect(form).to_have_count(0)
    say(anna, "/learn mine")
    expect(newest(anna)).to_contain_text("Data safety · done")
    press(newest(anna), "learn.date")
    with page.context.expect_page() as proof:
        newest(anna).get_by_role("link", name="Certificate, with an address to check it").click()
    certificate = proof.value.locator("main")
    expect(certificate).to_contain_text("Anna Kalniņa")
    expect(certificate).to_contain_text("Took part in “Empathy in a call”")
    proof.value.close()

    # Two weeks later each is asked once, by Plecs alone, and nobody else reads what they say.
    clock.to(ends + timedelta(days=14, minutes=1))
    for course in ("Data safety", "Empathy in a call"):
        question = anna.locator(".message.sent", has_text=f"{course}, two weeks later")
        expect(question).to_have_count(1)
        question.get_by_role("button").first.click()
        form = page.get_by_role("dialog")
        form.get_by_role("textbox").fill("I asked what the matter was first")
        form.locator("button[type=submit]").click()
        expect(form).to_have_count(0)
    for other in (peteris, mara):
        expect(other.get_by_text("what the matter was")).to_have_count(0)


def learn_by_oneself(anna: Locator) -> None:
    """Begun at its address, and finished."""
    say(anna, "/learn data safety")
    expect(newest(anna)).to_contain_text("by yourself, 60 minutes")
    link = newest(anna).get_by_role("link", name="Open it")
    expect(link).to_have_attribute("href", "https://learn.example/data")
    press(anna, "learn.begin")
    expect(newest(anna)).to_contain_text("You began:")
    press(anna, "learn.done")
    expect(newest(anna)).to_contain_text("You finished it:")


def learn_from_a_colleague(page: Page, anna: Locator, peteris: Locator, day: date) -> None:
    """Offered, asked for, and given a time: ten on that day."""
    say(peteris, "/learn empathy")
    press(peteris, "learn.offer")
    expect(button(newest(peteris), "Offer it no longer")).to_be_visible()
    say(anna, "/learn empathy")
    expect(newest(anna)).to_contain_text("Pēteris")
    press(anna, "learn.ask")
    form = page.get_by_role("dialog", name="One to one")
    form.get_by_label("When would it suit you?").fill("Any morning")
    form.get_by_role("button", name="Ask").click()
    asked = peteris.locator(".message.sent", has_text="would like to learn from you")
    expect(asked.locator("blockquote")).to_have_text("Any morning")
    button(asked, "Suggest a time").click()
    form = page.get_by_role("dialog", name="Suggest a time")
    assert serious(page) == []
    form.get_by_label("Date").fill(day.isoformat())
    form.get_by_label("From").fill("10:00")
    form.get_by_label("Where").fill("The kitchen")
    form.get_by_role("button", name="Put it in the calendar").click()
    given = anna.locator(".message.sent", has_text="You have a seat: Empathy in a call")
    expect(given).to_contain_text("Pēteris suggests this time.")
    expect(given).to_contain_text("The kitchen")


def add_a_link(page: Page, mara: Locator) -> None:
    """A course that is learned at an address."""
    say(mara, "/learn edit")
    button(newest(mara), "Add something new").click()
    form = page.get_by_role("dialog")
    form.get_by_label("At an address, by oneself").check()
    for locale, name in (("lv", "Datu drošība"), ("en", "Data safety")):
        for field in form.locator(f"[name$='_{locale}']").all():
            field.fill(name)
    form.get_by_label("Its address, if it has one").fill("https://learn.example/data")
    form.get_by_label("Review date").fill(f"{date.today().year + 1}-06-30")  # noqa: DTZ011
    form.locator("button[type=submit]").click()
    expect(title(mara)).to_have_text("Saved as version 2")


def plan_a_class(page: Page, mara: Locator, *, seats: int) -> datetime:
    """A class about the voice in eight days; answers when it begins."""
    say(mara, "/learn voice")
    press(mara, "learn.plan")
    form = page.get_by_role("dialog", name="Plan a date")
    assert serious(page) == []
    form.get_by_label("Seats").fill(f"{seats}")
    form.get_by_role("button", name="Plan it").click()
    when = newest(mara).locator(".title time")
    return datetime.fromisoformat(when.get_attribute("datetime") or "").astimezone(UTC)


def the_date(who: Locator, does: str) -> None:
    """The class that was planned, and what one does about it."""
    say(who, "/learn voice")
    expect(title(who)).to_have_text("The voice as a tool")
    press(newest(who), does)


def confirm(page: Page) -> None:
    page.locator("#confirm-yes").click()
