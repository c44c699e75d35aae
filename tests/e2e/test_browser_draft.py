"""Calm, and a draft fitted to a case, in a real browser, with a language model behind HTTP."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pydantic import SecretStr

from tests.e2e.served import Served
from tests.e2e.visiting import button, column, opened, say, serious
from tests.fakes.language_model import KEY, FakeModel, model_beside, parts

SAYS = (
    "Thank you for telling us.",
    "All three are on the second page of your bill.",
)
REWORDS = "The bill is higher because the meter readings are wrong."
PROMISES = "We refund the bill if the readings are not what you see on the meter."


@pytest.fixture
def model() -> Iterator[FakeModel]:
    with model_beside() as fake:
        yield fake


@pytest.fixture
def page(browser: Browser, model: FakeModel, tmp_path: Path) -> Iterator[Page]:
    served = Served(tmp_path, llm_url=model.url, llm_key=SecretStr(KEY), llm_model="m1")
    with opened(
        browser,
        served.address,
        viewport={"width": 1000, "height": 1150},
        timezone_id="Europe/Riga",
        device_scale_factor=1.5,
    ) as page:
        for name in ("Līga", "Māra"):
            page.get_by_role("navigation").get_by_role("button", name=name).click()
        yield page
    served.stop()


def picture(page: Page, name: str, folder: Path) -> None:
    path = Path(os.environ.get(f"PLECS_SCREENSHOT_{name.upper()}", folder / f"{name}.png"))
    page.screenshot(path=path)
    assert path.read_bytes().startswith(b"\x89PNG")


def test_three_lines_of_calm_and_a_draft_that_is_sent_once_it_was_looked_at(
    page: Page, model: FakeModel, tmp_path: Path
) -> None:
    anna, janis = column(page, "anna"), column(page, "janis")
    say(anna, "/calm he shouts")
    expect(anna.locator(".log")).to_contain_text("Say")
    say(janis, "/mieru kliedz")
    expect(janis.locator(".log")).to_contain_text("Sakiet")
    assert serious(page) == []
    picture(page, "calm", tmp_path)

    model.says = [parts((1, " ".join(SAYS)), (1, PROMISES), (1, REWORDS), (7, SAYS[1]))]
    say(anna, "/draft why is the bill of Mr Ozols twice as high")
    button(anna, "Fit to this case").click()
    leaves = anna.locator(".message").last
    expect(leaves).to_contain_text("This is what leaves")
    expect(leaves).not_to_contain_text("Ozols")
    assert model.bodies == []
    button(anna, "Send it").click()
    there = anna.locator(".message").last
    expect(there).to_contain_text("AI draft, you answer for it")
    expect(there.locator("blockquote").first).to_have_text(" ".join(SAYS))
    expect(there).to_contain_text("Left out, for it promises")
    expect(there).to_contain_text("Left out, for no answer says it so")
    assert len(model.bodies) == 1
    there.get_by_text("Gone at").scroll_into_view_if_needed()
    picture(page, "draft", tmp_path)
