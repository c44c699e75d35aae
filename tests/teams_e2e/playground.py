"""Microsoft's own test client for Teams: one process for each person, and their window in it.

What it can't show: the languages of its reader (it is always en-US), dialogs, `refresh`, deleted
messages, people pickers. It has a person's chat with the bot, a group chat and a team's channels.
"""

import io
import json
import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.patience import LIMIT, patient
from tests.ports import free_port

BOT = "28:plecs"
TENANT = "7e4a1d2c-0000-4000-8000-00000000007e"
CLIENT = Path(".venv/m365agentsplayground-0.2.28/cli.js")

_LOOPBACK = Path(__file__).with_name("loopback.cjs").resolve()
_MENU = 50
"""Pixels."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person in the tenant."""

    user: str
    """Their Microsoft Entra object ID."""
    name: str

    @property
    def address(self) -> str:
        """What Teams calls their user principal name."""
        return f"agent-{self.user[-4:]}@example.com"

    def as_plain(self) -> dict[str, str]:
        given, _, surname = self.name.partition(" ")
        return {
            "id": f"29:{self.user}",
            "name": self.name,
            "aadObjectId": self.user,
            "userPrincipleName": self.address,
            "givenName": given,
            "surname": surname,
            "email": self.address,
        }


class Playground:
    """The client of one person. It takes five others, as whom nobody acts here."""

    def __init__(self, me: Somebody, others: Sequence[Somebody], *, bot: str, folder: Path) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        folder.mkdir()
        (folder / ".m365agentsplayground.yml").write_text(_configured(me, others))  # JSON is YAML
        node = shutil.which("node")
        assert node is not None, "tests/teams_e2e/install.sh looked for it"
        self._said = folder / "said.txt"
        with self._said.open("w") as said:
            self._process = subprocess.Popen(  # noqa: S603 - the client that was just installed
                [
                    *(node, str(CLIENT.resolve()), "start", "--disable-telemetry"),
                    *("-e", f"{bot}/teams/messages", "-c", "msteams", "-p", str(self.port)),
                    *("--service-url", f"{self.address}/_connector"),
                ],
                cwd=folder,
                env=os.environ
                | {
                    "NODE_OPTIONS": f"--require={_LOOPBACK}",
                    "TEAMSAPPTESTER_BROWSER": "none",
                    "APPLICATION_INSIGHTS_NO_STATSBEAT": "true",
                },
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
            )

    @property
    def said(self) -> str:
        """What the client, and loopback.cjs before it, wrote."""
        return self._said.read_text()

    def wait(self) -> None:
        """Returns once the client answers."""
        until = time.monotonic() + LIMIT
        while not self._answers():
            assert self._process.poll() is None, self.said
            assert time.monotonic() < until, "the client does not start"
            time.sleep(0.1)

    def _answers(self) -> bool:
        client = HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        try:
            client.request("GET", "/_debug/ping")
            return client.getresponse().status == 200
        except OSError:
            return False
        finally:
            client.close()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(LIMIT)


def _configured(me: Somebody, others: Sequence[Somebody]) -> str:
    assert len(others) == 5, "the client wants five"
    return json.dumps(
        {
            "version": "0.1.1",
            "tenantId": TENANT,
            "bot": {"id": BOT, "name": "Plecs"},
            "currentUser": me.as_plain(),
            "users": [other.as_plain() for other in others],
            "personalChat": {"id": f"a:{me.user}"},
            "groupChat": {"id": f"19:{me.user}@thread.v2", "name": "Evening shift"},
            "team": {
                "id": "19:team@thread.tacv2",
                "name": "Customer service",
                "aadGroupId": "5f1e0000-0000-4000-8000-000000000001",
                "channels": [{"id": "19:news@thread.tacv2", "name": "Announcements"}],
            },
        }
    )


class Window:
    """A person's chats in a browser. Whatever is not on this machine is refused."""

    def __init__(self, browser: Browser, playground: Playground, *, width: int = 1280) -> None:
        self._context = patient(
            browser.new_context(
                viewport={"width": width, "height": 1100}, locale="en-GB", reduced_motion="reduce"
            )
        )
        self.page: Page = self._context.new_page()
        self.page.route("**/*", _only_here)
        self.page.goto(playground.address, wait_until="commit")

    def wait(self) -> None:
        """Returns once one can write, and Plecs has said hello: with the first card that comes the
        client makes its box anew, without what is typed in it."""
        self.page.get_by_title("Toggle Log Panel").click()
        expect(self.page.get_by_role("textbox")).to_be_visible()
        expect(self.card()).to_be_visible()

    def opens(self, chat: str) -> None:
        self.page.get_by_role("treeitem", name=chat).click()

    def says(self, text: str) -> None:
        box = self.page.get_by_role("textbox").last
        box.click()
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Enter")

    def mentions(self, text: str) -> None:
        """Says it to Plecs in a chat of several."""
        self.page.get_by_role("textbox").last.click()
        self.page.keyboard.type("@Plec")
        self.page.get_by_role("menuitem", name="Plecs").click()
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Enter")

    def card(self, text: str = "") -> Locator:
        """The latest card, or the latest with this text."""
        return self.page.locator(".ac-adaptiveCard").filter(has_text=text).last

    def presses(self, name: str, within: Locator | None = None) -> None:
        (within or self.page).get_by_role("button", name=name, exact=True).last.click()

    def opens_by(self, name: str, within: Locator) -> str:
        """The address that a button opens; nothing is opened."""
        self.page.evaluate("window.open = url => { window.opened = url; return null; }")
        within.get_by_role("link", name=name, exact=True).click()
        return str(self.page.evaluate("window.opened"))

    def chooses(self, label: str, *options: str) -> None:
        """Ticks some of several in the latest list of this name."""
        self.card(label).get_by_role("combobox", name=label).click()
        for option in options:
            self.page.get_by_role("menuitemcheckbox", name=option).click()
        self.page.keyboard.press("Escape")

    def close(self) -> None:
        self._context.close()


def _only_here(route: Route) -> None:
    if route.request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
        route.continue_()
    else:
        route.abort()


_HIDE_WHAT_IT_CANNOT = """() => {
    const says = [...document.querySelectorAll("*")].filter((one) => !one.children.length
        && one.textContent.startsWith("Full width control is not supported"));
    for (let one of says) {
        const isAll = (around) => around.textContent.trim() === one.textContent.trim();
        while (isAll(one.parentElement)) one = one.parentElement;
        one.style.display = "none";
    }
}"""


def side_by_side(windows: Sequence[Window], file: Path) -> None:
    """One picture of several people's chats, without the client's own menu above them, and what it
    says of itself below each card."""
    for window in windows:
        window.page.evaluate(_HIDE_WHAT_IT_CANNOT)
    shots = [Image.open(io.BytesIO(window.page.screenshot())) for window in windows]
    whole = Image.new("RGB", (sum(shot.width for shot in shots), shots[0].height - _MENU))
    left = 0
    for shot in shots:
        whole.paste(shot.crop((0, _MENU, shot.width, shot.height)), (left, 0))
        left += shot.width
    whole.save(file, optimize=True)
