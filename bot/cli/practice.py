"""`plecs practice`: the practice scenarios, from a file; and whether a file of them is sound.

handlers/practice/scenarios has what Plecs comes with, a file for each, to begin from.
"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.cli.library import library_app, yaml_file
from bot.cli.tree import tree
from handlers.common.competences import COMPETENCES
from handlers.library.model import InvalidLibraryError
from handlers.practice.model import Scenario, Scenarios
from handlers.practice.plain import SCENARIOS, longest, shortest
from scheduling.clock import system_clock
from storage.library_yaml import shipped

app = library_app(SCENARIOS, Scenarios, "Hard calls to practise.")


class Language(StrEnum):
    LV = "lv"
    EN = "en"


@app.command()
def check(
    file: Annotated[Path, typer.Argument(exists=True, readable=True)],
    *,
    draw: Annotated[
        Path | None,
        typer.Option(file_okay=False, help="Into this folder: each scenario's tree, as an SVG."),
    ] = None,
    language: Annotated[Language, typer.Option(help="What the pictures are written in.")] = (
        Language.LV
    ),
) -> None:
    """Say what is wrong with a file of scenarios, and draw its trees. Nothing is kept."""
    console, today = Console(soft_wrap=True, highlight=False), system_clock().date()
    try:
        scenarios = SCENARIOS.read(yaml_file(file), today)
    except InvalidLibraryError as error:
        for problem in error.problems:
            console.print(problem, markup=False)
        raise typer.Exit(1) from None
    for one in scenarios:
        script = one.script
        console.print(
            f"{one.id}: {len(script.turns)} turns, {len(script.endings)} endings; from "
            f"{shortest(script)} to {longest(script)} turns to an end",
            markup=False,
        )
        for line in _unknown(one, today):
            console.print(line, markup=False)
    if draw is None:
        console.print("Nothing is wrong. --draw FOLDER draws the trees.")
        return
    draw.mkdir(parents=True, exist_ok=True)
    for one in scenarios:
        picture = draw / f"{one.id}.svg"
        picture.write_text(tree(one, language), "utf-8")
        console.print(str(picture), markup=False)


def _unknown(scenario: Scenario, today: date) -> Iterator[str]:
    """Which indicators the dictionary that ships does not have: it may be one of one's own."""
    dictionary = shipped(COMPETENCES, today)
    known = {each.code for one in dictionary for each in (*one.shows, *one.lacks)}
    for code in sorted(scenario.trains - known):
        yield f"  {code}: not in the dictionary that comes with Plecs. Is it in yours?"
