"""`plecs privacy`: what is kept, and for how long."""

import typer

from storage.privacy import privacy_page


def privacy() -> None:
    """Write what is kept, for how long and why, as Markdown (docs/privacy.md is this)."""
    typer.echo(privacy_page(), nl=False)
