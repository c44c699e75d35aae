import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from bot import catalogue
from bot.catalogue import BadMessage
from bot.slack.cards import WINDOW_TITLE


@pytest.fixture(scope="module")
def collected() -> Catalog:
    """All that the code says: a second of reading."""
    return catalogue.collect()


@pytest.fixture(scope="module")
def catalogues() -> Mapping[str, Catalog]:
    """What is translated, by language."""
    return {locale: catalogue.read(locale) for locale in catalogue.LOCALES}


def test_every_message_in_the_code_is_translated(
    collected: Catalog, catalogues: Mapping[str, Catalog]
) -> None:
    for locale, translated in catalogues.items():
        missing = catalogue.faults(translated, collected)
        assert missing == (), f"run `plecs language extract`, then translate in {locale}"


def test_the_catalogue_has_nothing_that_the_code_no_longer_says(
    collected: Catalog, catalogues: Mapping[str, Catalog]
) -> None:
    for translated in catalogues.values():
        said = {message.id for message in translated if message.id}
        left_over = {one for one in said if collected.get(one) is None}
        assert left_over == set(), "run `plecs language extract`"


def test_every_form_s_title_and_its_button_fit_above_a_window_of_slack_s(
    catalogues: Mapping[str, Catalog],
) -> None:
    """What is longer fails there, in that language alone."""
    on_windows = {message for file in Path("handlers").rglob("*.py") for message in _on_forms(file)}
    assert {"You said, we did", "Put it up"} <= on_windows
    said = set(on_windows)
    for translated in catalogues.values():
        found = [translated.get(message) for message in on_windows]
        said |= {str(one.string) for one in found if one is not None}
    assert {one for one in said if len(one) > WINDOW_TITLE} == set()


def test_what_sends_a_form_is_never_called_like_what_puts_it_away(
    catalogues: Mapping[str, Catalog],
) -> None:
    """Every form has a *Cancel* of its platform's: beside it "Cancel the date" says anything."""
    sending = {one for file in Path("handlers").rglob("*.py") for one in _on_forms(file, (2,))}
    assert {"Put it up", "Tell them it is off"} <= sending
    mistaken = {one for one in sending if one.startswith("Cancel")}
    for translated in catalogues.values():
        found = (translated.get(message) for message in sending)
        away = translated.get("Cancel")
        assert away is not None
        mistaken |= {str(one.id) for one in found if one and _begins(one.string, away.string)}
    assert mistaken == set()


def _begins(said: object, away: object) -> bool:
    return bool(away) and str(said).startswith(str(away))


def _on_forms(file: Path, places: tuple[int, ...] = (0, 2)) -> Iterator[str]:
    """The messages that stand as the title of a form (0) or on the button that sends it (2)."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "Form"
        ):
            for said in (node.args[place] for place in places if place < len(node.args)):
                if isinstance(said, ast.Call):
                    yield from (
                        str(one.value) for one in said.args[:1] if isinstance(one, ast.Constant)
                    )


def test_no_message_knows_how_a_platform_has_its_commands_typed(
    catalogues: Mapping[str, Catalog],
) -> None:
    """A slash opens a menu of Teams' own there: what one types is a ToType, each platform writes it
    its way. What only Slack or only the local page shows may."""
    own = (
        "/break status",
        "/hand contracts he",
        "/policy he shouts",
        "/vent @Pēteris",
        "/calendar/",
    )
    for translated in catalogues.values():
        said = [str((one.id, one.string)) for one in translated if one.id]
        slashed = [one for one in said if re.search(r"[\s'„“(]/\w", one)]
        assert [one for one in slashed if not any(theirs in one for theirs in own)] == []


def test_no_message_that_teams_shows_speaks_of_a_workspace(
    catalogues: Mapping[str, Catalog],
) -> None:
    """That is Slack's word, and the local page's."""
    theirs = (
        "Add Plecs to the workspace once more",
        "Local workspace",
        "Get a new link with /break status",
        "let the workspace in",
        "Whoever looks after Slack here",
        "That was another workspace",
        "The workspace's clock",
        "This Plecs is not for that workspace",
    )
    said = [str(one.id) for one in catalogues["lv"] if "workspace" in str(one.id).lower()]
    assert [one for one in said if not any(words in one for words in theirs)] == []


def test_faults_name_the_message_and_what_is_wrong_with_it() -> None:
    collected, catalog = Catalog(), Catalog(locale="lv")
    for message in (
        "new",
        "empty",
        "added",
        "unsure",
        "Hi {name}",
        "fine",
        ("{n} cat", "{n} cats"),
    ):
        collected.add(message)
    catalog.add("empty", "")
    catalog.add("added")
    catalog.add("unsure", "laikam", flags={"fuzzy"})
    catalog.add("Hi {name}", "Sveiki {vārds}")
    catalog.add("fine", "labi")
    catalog.add(("{n} cat", "{n} cats"), ("{n} kaķis", "", "kaķu"))
    assert set(catalogue.faults(catalog, collected)) == {
        BadMessage("new", "is not in the catalogue"),
        BadMessage("empty", "is not translated"),
        BadMessage("added", "is not translated"),
        BadMessage("unsure", "is marked fuzzy: read it and remove the mark"),
        BadMessage("Hi {name}", "must keep these placeholders: name"),
        BadMessage("{n} cats", "is not translated"),
        BadMessage("{n} cats", "must keep these placeholders: n"),
    }
