"""A supervision group in the local workspace, in a real browser: a coordinator and four members."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.served import Served
from tests.e2e.visiting import (
    PageClock,
    column,
    newest,
    opened,
    picture,
    press,
    say,
    serious,
    title,
)

MEMBERS = ("anna", "janis", "peteris", "ilze")
GROUP, CASE = "Evening shift", "Mr [name], [phone], shouted at me."


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    """Everybody's columns but the supervisor's. Whatever the browser complains about fails."""
    complaints: list[str] = []

    def listen(page: Page) -> None:
        page.on("pageerror", lambda error: complaints.append(str(error)))

    with opened(
        browser, served.address, listen=listen, viewport={"width": 1760, "height": 1150}
    ) as page:
        chips = page.get_by_role("navigation")
        for name in ("Līga", "Pēteris", "Ilze"):
            chips.get_by_role("button", name=name).click()
        yield page
    assert complaints == []


def test_a_group_from_its_invitations_to_what_people_take_along(page: Page, tmp_path: Path) -> None:
    mara, anna = column(page, "mara"), column(page, "anna")
    clock = PageClock(page)
    make_group(page, mara)
    invite(page, mara)
    for user in MEMBERS:
        press(column(page, user), "supervision.accept")
        expect(newest(column(page, user), "sent")).to_contain_text(GROUP)

    dates = plan_cycle(page, mara, clock.now().date() + timedelta(days=9))
    for user in MEMBERS:
        press(column(page, user), "session.agree")
        expect(column(page, user).locator("[data-does='session.agree']")).to_have_count(0)

    say(anna, "/supervision")
    press(anna, "supervision.calendar")
    address = newest(anna).locator("blockquote").inner_text()
    before = calendar(page, address)
    assert before == [(at, 0) for at in dates]
    a_day_later = dates[1].astimezone(ZoneInfo("Europe/Riga")) + timedelta(days=1)
    move_the_second(page, mara, a_day_later)
    expect(title(anna, "sent")).to_have_text(f"{GROUP}: a date moved")
    assert calendar(page, address) == [before[0], (a_day_later, 1), *before[2:]]

    # A week before they are reminded, each in their own language; so much time is enough to swap.
    clock.to(dates[0] - timedelta(days=7))
    for user in MEMBERS:
        reminder = newest(column(page, user), "sent")
        reminder.get_by_role("button", name=re.compile("I'll be there|Būšu")).click()
        expect(reminder).to_contain_text(re.compile("4 (of|no) 4"))
    swap_a_turn(page)
    bring_a_case(page, anna)
    sent = anna.locator(".message.sent")
    count = sent.count()
    clock.to(dates[0] - timedelta(days=1))
    expect(sent).to_have_count(count + 1)
    clock.to(dates[0] - timedelta(minutes=15))
    expect(title(anna, "sent")).to_have_text(f"{GROUP} begins at 16:00")

    clock.to(dates[0])
    expect(title(anna, "sent")).to_have_text(f"{GROUP}: the session is on")
    press(with_button(page, "session.step"), "session.step")
    expect(newest(anna, "sent")).to_contain_text(re.compile("now .*The agreement, 5 min"))
    press(anna, "session.cases")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(CASE)
    assert serious(page) == []
    dialog.get_by_role("button", name="Close").first.click()
    picture(page, "PLECS_SCREENSHOT_SUPERVISION", tmp_path)

    clock.to(dates[0] + timedelta(minutes=90))
    expect(title(anna, "sent")).to_have_text(f"{GROUP}: was it worth the time?")
    newest(anna, "sent").get_by_role("button", name="5", exact=True).click()
    expect(newest(anna, "sent")).to_contain_text("You said 5 of 5.")
    look_over(page, mara)
    picture(page, "PLECS_SCREENSHOT_SUPERVISION_OVERVIEW", tmp_path)


def make_group(page: Page, mara: Locator) -> None:
    say(mara, "/supervision")
    press(mara, "supervision.new")
    form = page.get_by_role("dialog", name="New group")
    assert serious(page) == []
    form.get_by_label("Name").fill(GROUP)
    form.get_by_label("Place or link of the call").fill("https://meet.example/evening")
    form.get_by_role("button", name="Make the group").click()
    expect(newest(mara)).to_contain_text("0 of 8")


def invite(page: Page, mara: Locator) -> None:
    press(mara, "supervision.invite")
    form = page.get_by_role("dialog", name="Invite to the group")
    for name in ("Anna Kalniņa", "Jānis Ozols", "Pēteris Kļaviņš", "Ilze Vītola"):
        form.get_by_label(name).check()
    form.get_by_role("button", name="Invite").click()


def plan_cycle(page: Page, mara: Locator, first: date) -> list[datetime]:
    """Eight dates, shown before anybody hears of them."""
    press(mara, "supervision.cycle")
    form = page.get_by_role("dialog", name="Plan a cycle")
    form.get_by_label("First date").fill(f"{first}")
    form.get_by_label("Begins at").fill("16:00")
    form.get_by_role("button", name="Show the dates").click()
    expect(title(mara)).to_have_text(f"{GROUP}: these dates?")
    expect(newest(mara).locator("li")).to_have_count(8)
    shown = [moment(one) for one in newest(mara).locator("li time").all()]
    expect(page.locator("[data-does='session.agree']")).to_have_count(0)
    press(mara, "supervision.cycle.plan")
    return shown


def move_the_second(page: Page, mara: Locator, to: datetime) -> None:
    press(mara, "supervision.dates")
    mara.locator("[data-does='supervision.date']").nth(1).click()
    press(mara, "supervision.move")
    form = page.get_by_role("dialog", name="Move the session")
    form.get_by_label("Date").fill(f"{to.date()}")
    form.get_by_role("button", name="Show what changes").click()
    expect(newest(mara)).to_contain_text("They are told:")
    press(mara, "supervision.edit.do")


def swap_a_turn(page: Page) -> None:
    """With the first that there is to swap with, who agrees."""
    asker = with_button(page, "session.swap")
    press(asker, "session.swap")
    form = page.get_by_role("dialog")
    form.locator("input[type=radio]").first.check()
    form.locator("button[type=submit]").click()
    press(with_button(page, "session.swap.yes"), "session.swap.yes")
    expect(newest(asker, "sent")).to_contain_text(re.compile("Swapped|Samainījāties"))


def bring_a_case(page: Page, anna: Locator) -> None:
    """What tells who it is about is replaced before it is kept."""
    press(anna, "session.case")
    form = page.get_by_role("dialog", name="Something to bring")
    words = form.get_by_label("Something I'd like to bring")
    words.fill("Mr Smith, 26123456, shouted at me.")
    form.get_by_role("button", name="Keep it").click()
    expect(words).to_have_value(CASE)
    form.get_by_role("button", name="Keep it so").click()
    expect(title(anna)).to_have_text("It waits for the session")


def look_over(page: Page, mara: Locator) -> None:
    """What the coordinator sees of it: numbers, eight weeks, and a table to take along."""
    say(mara, "/supervision")
    press(mara, "supervision.all")
    expect(newest(mara)).to_contain_text("were there 4 of 4")
    press(mara, "supervision.export")
    table = newest(mara).get_by_role("link", name="Table (CSV)").get_attribute("href")
    assert table is not None
    assert GROUP in page.request.get(table).text()
    say(mara, "/supervision")
    press(mara, "supervision.all")
    expect(newest(mara).locator(".chart .bar")).to_have_count(8)
    assert serious(page) == []


def with_button(page: Page, does: str) -> Locator:
    """The first member's column that has the button."""
    expect(page.locator(f"[data-does='{does}']").first).to_be_attached()
    columns = (column(page, user) for user in MEMBERS)
    return next(one for one in columns if one.locator(f"[data-does='{does}']").count())


def moment(time: Locator) -> datetime:
    """The instant that a `<time>` stands for."""
    return datetime.fromisoformat(time.get_attribute("datetime") or "")


def calendar(page: Page, address: str) -> list[tuple[datetime, int]]:
    """When each session begins, and its SEQUENCE, as a calendar program reads them there."""
    answer = page.request.get(address)
    assert answer.ok
    events: list[Any] = icalendar.Calendar.from_ical(answer.body()).walk("VEVENT")
    return [(event["dtstart"].dt.astimezone(UTC), int(event["sequence"])) for event in events]
