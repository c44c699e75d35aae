"""The ready scenes of the local workspace play to their end, and make the pictures of the docs."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.e2e.visiting import DESKTOP, Visit, column

TALL: ViewportSize = {"width": 1440, "height": 1100}


@pytest.mark.parametrize(
    ("scene", "steps", "pictured", "viewport", "where"),
    [
        ("threat", 5, 2, DESKTOP, "PLECS_SCREENSHOT"),
        ("nobody", 5, 4, DESKTOP, "PLECS_SCREENSHOT_NOBODY"),
        ("vent", 4, 3, TALL, "PLECS_SCREENSHOT_VENT"),
    ],
)
def test_a_scene_plays_itself(  # noqa: PLR0917 - what a scene is, in a line
    scene: str,
    steps: int,
    pictured: int,
    viewport: ViewportSize,
    where: str,
    visit: Visit,
    tmp_path: Path,
) -> None:
    """`make screenshot` has it write the picture of its step where the docs show it."""
    page = visit(viewport, hint=True)
    page.locator(f"[data-scene={scene}]").click()
    for number in range(1, steps + 1):
        done(page, str(number))
        if number == pictured:
            picture = Path(os.environ.get(where, tmp_path / f"{scene}.png"))
            page.screenshot(path=picture)
            assert picture.read_bytes().startswith(b"\x89PNG")
        page.get_by_role("button", name="Next").click()
    done(page, "all")
    ends = {
        "threat": ("anna", "Threatening"),
        "nobody": ("mara", "Nobody was free for Anna"),
        "vent": ("peteris", "This conversation has ended"),
    }
    who, said = ends[scene]
    expect(column(page, who)).to_contain_text(said)
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#scene")).to_be_hidden()


def done(page: Page, step: str) -> None:
    expect(page.locator("#scene")).to_have_attribute("data-done", step)
