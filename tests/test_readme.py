"""What README and the pages in docs tell people to type is there; their links lead somewhere."""

import re
from pathlib import Path

import pytest
from dotenv import dotenv_values
from typer.testing import CliRunner

from bot.command_line import app
from bot.people_list import read_list
from bot.settings import Settings
from handlers.kit.commands import Command
from handlers.kit.people import Address, Topic
from handlers.routes import find

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TEXTS = {page: page.read_text() for page in PAGES}
TYPED = [
    (page.name, line.strip())
    for page, text in TEXTS.items()
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    for line in block.splitlines()
]
ARCHITECTURE = ROOT / "docs" / "architecture.md"
ADDRESSES = {"slack", "teams", "calendar", "about", "charts", "healthz", "readyz", "metrics"}
"""What begins with a slash and is no command."""


@pytest.mark.parametrize(
    ("page", "line"), [one for one in TYPED if one[1].startswith(".venv/bin/plecs")]
)
def test_its_commands_and_their_options_exist(page: str, line: str) -> None:
    words = line.split()[1:]
    options = [word for word in words if word.startswith("--")]
    names = [word for word in words if re.fullmatch("[a-z]+", word)]
    shown = CliRunner().invoke(app, [*names, "--help"])
    assert shown.exit_code == 0, shown.output
    assert [option for option in options if option not in shown.output] == []


def test_its_make_targets_exist() -> None:
    there = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    told = {one for text in TEXTS.values() for one in re.findall(r"`?make ([a-z-]+)`", text)}
    assert told - there == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_its_links_lead_somewhere(page: Path) -> None:
    linked = re.findall(r"\]\(((?!http)[^)]+)\)", TEXTS[page])
    assert [link for link in linked if not _leads_somewhere(page, link)] == []


def _leads_somewhere(page: Path, link: str) -> bool:
    """Whether there is such a file, and in it the heading, as GitHub calls it in an address."""
    file, _, named = link.partition("#")
    there = page.parent / file if file else page
    if not named or not there.is_file():
        return there.exists()
    headings = re.findall(r"^#+ (.+)$", there.read_text("utf-8"), re.MULTILINE)
    return named in {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}


@pytest.mark.parametrize("page", [page for page in PAGES if page != ARCHITECTURE], ids=str)
def test_every_command_that_people_are_told_of_is_one(page: Path) -> None:
    told = re.findall(r"`/([a-zāčēģīķļņšūž]+)((?: [^`]*)?)`", TEXTS[page])
    unknown = []
    for word, rest in told:
        text = f"{word}{rest}" if word != "plecs" else rest.strip()
        if word in (
            "slack",
            "teams",
            "calendar",
            "about",
            "charts",
            "healthz",
            "readyz",
            "metrics",
        ):
            continue  # addresses, not commands
        _, route = find(Command("plecs", Address("paper", "T1", "U1"), text))
        unknown += [f"/{word}{rest}"] if route is None else []
    assert unknown == []


def test_the_examples_beside_the_pages_are_read_as_they_stand() -> None:
    named = ("contracts", "bills")  # of those that a workspace begins with
    topics = [Topic(one, "w", {"lv": (one,), "en": (one,)}) for one in named]
    people, bad = read_list(
        (ROOT / "docs" / "people.csv").read_bytes(), (Address("teams", "tenant", ""),), topics
    )
    assert (len(people), bad) == (4, ())
    names = set(dotenv_values(ROOT / "docs" / "teams.env"))
    assert names == {
        *("TEAMS_APP_ID", "TEAMS_TENANT_ID", "TEAMS_APP_PASSWORD"),
        *("PUBLIC_URL", "ADMINS", "SECRET_KEY"),
    }
    assert {name.lower() for name in names} <= set(Settings.model_fields)


def test_the_readme_is_short_enough_to_be_read() -> None:
    assert len(TEXTS[ROOT / "README.md"].splitlines()) <= 120
