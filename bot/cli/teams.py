"""`plecs teams package`: the app for Teams, ready to be uploaded."""

from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from bot import settings
from bot.cli.run import settings_or_exit
from bot.settings import Settings
from handlers.routes import ROUTES

app = typer.Typer(help="Microsoft Teams.", no_args_is_help=True)


@app.callback()
def teams_options() -> None:
    """Keeps `package` a word of its own while it is the only one."""


@app.command("package")
def write(
    out: Annotated[Path, typer.Argument(help="The ZIP file to write, as plecs.zip")],
) -> None:
    """Write the app package for Teams, made from the list of commands."""
    from bot.teams.package import package  # noqa: PLC0415 - what draws its pictures is large

    found = settings_or_exit()
    if lacking := _lacking(found):
        for problem in lacking:
            typer.echo(f"- {problem}", err=True)
        raise typer.Exit(1)
    try:
        out.write_bytes(package(ROUTES, found.teams_app_id, found.public_url, version("plecs")))
    except OSError as error:
        raise typer.BadParameter(f"{out} can't be written: {error.strerror}") from error
    typer.echo(
        f"{out} is ready: in the Teams admin center, Teams apps > Manage apps > Actions > "
        "Upload new app."
    )


def _lacking(found: Settings) -> list[str]:
    """What the package needs, and serving in the browser does not."""
    lacking = [] if found.teams_app_id else [settings.missing("teams_app_id")]
    if not found.public_url.startswith("https://"):
        lacking.append(
            "PUBLIC_URL must begin with https://: Teams calls Plecs there. "
            + settings.remedy("public_url")
        )
    return lacking
