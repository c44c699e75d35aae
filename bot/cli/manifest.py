"""`plecs manifest`: the Slack app's manifest, with names of your own if others are taken."""

from typing import Annotated

import typer
import yaml

from handlers.routes import ROUTES

_BY_SOCKET = """\
# Slack's app manifest for Socket Mode: at https://api.slack.com/apps choose Create New App > From a
# manifest, and paste it. `plecs manifest --socket-mode` writes it. In .env stands
# SLACK_APP_TOKEN=xapp-... (Basic Information > App-Level Tokens, with connections:write).
#
# Shall people's status say that they are on a break? Then put the address at which their browsers
# reach Plecs in the place of YOUR-PLECS-ADDRESS; otherwise leave it as it is, nobody comes there.
#
# mpim:history and im:history are left out on purpose: Plecs can't read what people say.
"""
_BY_HTTP = """\
# Slack's app manifest: at https://api.slack.com/apps choose Create New App > From a manifest, put
# your address in the place of YOUR-PLECS-ADDRESS, and paste it. `plecs manifest` writes it.
#
# No public address? Socket Mode takes two lines: below, `socket_mode_enabled: true`; and in .env,
# SLACK_APP_TOKEN=xapp-... (Basic Information > App-Level Tokens, with connections:write).
#
# mpim:history and im:history are left out on purpose: Plecs can't read what people say.
"""


def write(
    *,
    prefix: Annotated[
        str, typer.Option(help="Before every command, for names that another app has: /PREFIX-hand")
    ] = "",
    socket_mode: Annotated[
        bool, typer.Option("--socket-mode", help="For Socket Mode: no public address is needed")
    ] = False,
    org: Annotated[
        bool, typer.Option("--org", help="A whole organisation (Enterprise Grid) may install it")
    ] = False,
    rotation: Annotated[
        bool,
        typer.Option(
            "--rotation",
            help="Tokens end after 12 hours; only for an app that is installed by OAuth",
        ),
    ] = False,
) -> None:
    """Print Slack's app manifest, made from the list of commands."""
    from bot.slack.manifest import manifest  # noqa: PLC0415 - Slack's library is large

    try:
        made = manifest(ROUTES, prefix, socket_mode=socket_mode, whole=org, rotates=rotation)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    typer.echo(text(made, socket_mode=socket_mode), nl=False)


def text(made: dict[str, object], *, socket_mode: bool = False) -> str:
    """The manifest as YAML, with what to do with it."""
    head = _BY_SOCKET if socket_mode else _BY_HTTP
    return head + yaml.safe_dump(made, sort_keys=False, allow_unicode=True, width=100)
