"""`plecs language`: for those who write and translate what Plecs says."""

import typer
from rich.console import Console
from rich.markup import escape

from bot import catalogue

app = typer.Typer(help="What Plecs says, and its translations.", no_args_is_help=True)


@app.command()
def extract() -> None:
    """Bring the translations up to date with the code, and say which are missing."""
    console = Console()
    for locale in catalogue.LOCALES:
        faults = catalogue.update(locale)
        for fault in faults:
            console.print(f"[yellow]{locale}[/] {escape(repr(fault.message))} {fault.reason}")
        console.print(f"{catalogue.path(locale)}: {len(faults) or 'nothing'} to translate")
