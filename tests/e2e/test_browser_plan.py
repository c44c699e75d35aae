"""Break plans in the local workspace, in a real browser. Four days with three people: Anna has a
plan, Jānis helps her in a call, Māra proposes another one."""

import os
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.served import Served
from tests.e2e.test_browser_break import press, say, title
from tests.e2e.visiting import forward, opened

RIGA = ZoneInfo("Europe/Riga")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """Begins on a Monday in Riga, ten minutes before ten."""
    today = datetime.now(RIGA).date()
    monday = today + timedelta(days=7 - today.weekday())
    served = Served(tmp_path, datetime.combine(monday, time(9, 50), RIGA))
    yield served
    served.stop()


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    with opened(
        browser,
        served.address,
        viewport={"width": 1440, "height": 1000},
        timezone_id="Europe/Riga",
    ) as page:
        page.locator("#column-janis .switch").get_by_role("button", name="EN").click()
        expect(page.locator("#column-janis")).to_have_attribute("lang", "en")
        page.get_by_role("navigation").get_by_role("button", name="Līga").click()
        yield page


def test_a_plan_that_never_interrupts_never_nags_and_lets_people_rest(
    page: Page, tmp_path: Path
) -> None:
    anna = page.locator("#column-anna")
    sent = anna.locator(".message.sent")
    works_nine_to_five(page)

    say(anna, "/break plan")
    expect(title(anna, "private")).to_have_text("Your break plan")
    press(anna, "5 minutes each hour")
    expect(anna.locator(".message.private").last).to_contain_text("5 min every 60 min")
    expect(sent).to_have_count(1)
    expect(title(anna, "sent")).to_contain_text("changed your working hours")
    forward(page, "+5 min", "+5 min", "+30 s", "+30 s")
    expect(title(anna, "sent")).to_have_text("Time for a break: 5 minutes")
    press(anna, "In 10 minutes")
    expect(sent.last).to_contain_text("Again in 10 minutes.")
    forward(page, "+5 min", "+5 min", "+30 s")
    expect(sent).to_have_count(3)
    press(anna, "Skip")
    expect(sent.last).to_contain_text("Not this time. The next one comes as planned.")

    quiet_during_a_hand(page)

    for came in (4, 5):  # on Tuesday, on Wednesday
        forward(page, "+1 day")
        expect(sent.filter(has_text="Time for a break: 5 minutes")).to_have_count(came)
        press(anna, "Skip")
    expect(title(anna, "private")).to_have_text("Does this plan fit you?")
    propose(page, "15 minutes every 2 hours")
    expect(title(anna, "sent")).to_have_text("Māra proposes a break plan")
    picture = Path(os.environ.get("PLECS_SCREENSHOT_PLAN", tmp_path / "plan.png"))
    page.screenshot(path=picture)
    assert picture.read_bytes().startswith(b"\x89PNG")
    press(anna, "Keep it as it is")
    expect(title(anna, "private")).to_have_text("It stays as it is")
    press(anna, "Take this plan")
    expect(anna.locator(".message.private").last).to_contain_text("15 min every 120 min")

    forward(page, *["+1 h"] * 7)  # until six in the evening
    proposals = sent.filter(has_text="proposes a break plan")
    propose(page, "Lunch")
    propose(page, "Short every 30, long every 90")
    forward(page, *["+1 h"] * 14)
    expect(proposals).to_have_count(1)
    forward(page, "+1 h")
    expect(title(anna, "sent")).to_have_text("2 things waited for you")


def works_nine_to_five(page: Page) -> None:
    """What Māra notes down of Anna as the admin."""
    mara = page.locator("#column-mara")
    say(mara, "/plecs people Anna")
    press(mara, "Change")
    form = page.get_by_role("dialog", name="Change a person")
    form.get_by_label("Working hours").fill("Mon-Fri 09:00-17:00")
    form.get_by_role("button", name="Save").click()
    expect(title(mara, "private")).to_have_text("Saved")


def propose(page: Page, plan: str) -> None:
    mara = page.locator("#column-mara")
    say(mara, "/break plan")
    press(mara, "Propose to a team")
    form = page.get_by_role("dialog", name="Propose a plan")
    form.get_by_label(plan).check()
    form.get_by_label("those without a manager").check()
    form.get_by_role("button", name="Propose").click()
    expect(title(mara, "private")).to_have_text("Proposed")


def quiet_during_a_hand(page: Page) -> None:
    """Eleven passes while Anna's hand is up; the reminder comes once, afterwards."""
    anna, janis = page.locator("#column-anna"), page.locator("#column-janis")
    sent = anna.locator(".message.sent")
    forward(page, *["+5 min"] * 8)
    say(anna, "/hand contracts")
    expect(title(janis, "sent")).to_have_text("Anna needs a colleague")
    press(janis, "I'm coming")
    expect(anna.get_by_text("Jānis is on the way").last).to_be_visible()
    reminders = sent.filter(has_text="Time for a break: 5 minutes")
    expect(reminders).to_have_count(2)
    forward(page, "+5 min", "+5 min", "+30 s")  # eleven passes
    expect(anna.get_by_text("Jānis is on the way").last).to_be_visible()
    expect(reminders).to_have_count(2)
    anna.locator("[data-does='hand.solved']").last.click()
    forward(page, "+30 s")
    expect(anna.get_by_text("The call is over. A break?")).to_be_visible()
    expect(reminders).to_have_count(3)
    press(anna, "Skip")
