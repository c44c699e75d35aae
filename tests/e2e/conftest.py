"""A Plecs for one test: for the local workspace, with a browser that opens it; or for Slack."""

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.e2e.served import Served
from tests.e2e.slack_house import SlackHouse, house_in_slack
from tests.e2e.visiting import DESKTOP, PHONE, Visit, opened


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    served = Served(tmp_path)
    yield served
    served.stop()


@pytest.fixture
def visit(browser: Browser, served: Served) -> Iterator[Visit]:
    """Opens the page. Whatever the browser complains about fails the test."""
    complaints: list[str] = []

    def listen(page: Page) -> None:
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: _note(complaints, said.type, said.text))

    with ExitStack() as pages:

        def open_page(
            viewport: ViewportSize = DESKTOP, scheme: str = "light", hint: bool = False
        ) -> Page:
            page = opened(
                browser,
                served.address,
                hint=hint,
                listen=listen,
                viewport=viewport,
                color_scheme="dark" if scheme == "dark" else "light",
                has_touch=viewport == PHONE,
            )
            return pages.enter_context(page)

        yield open_page
    assert complaints == []


@pytest.fixture
def database_url(empty_sqlite: Path, tmp_path: Path) -> str:
    shutil.copy(empty_sqlite, tmp_path / "plecs.db")
    return f"sqlite:///{tmp_path / 'plecs.db'}"


@pytest.fixture(params=["http", "socket"])
async def house(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[SlackHouse]:
    async with house_in_slack(database_url, over_socket=request.param == "socket") as house:
        yield house


@pytest.fixture
async def over_http(database_url: str) -> AsyncIterator[SlackHouse]:
    """Over HTTP alone."""
    async with house_in_slack(database_url) as house:
        yield house


def _note(complaints: list[str], kind: str, text: str) -> None:
    if kind in {"error", "warning"}:
        complaints.append(text)
