"""`plecs calls`: whether a telephone system can tell a running Plecs of calls."""

import json
from datetime import datetime
from typing import Annotated
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen
from uuid import uuid4

import typer
from standardwebhooks import Webhook

from bot.call_events import TYPES
from bot.cli.run import refuse, settings_or_exit
from handlers.calls.model import Taken
from scheduling.clock import system_clock

app = typer.Typer(help="Calls, as a telephone system tells of them.", no_args_is_help=True)

_SECONDS = 15
_EXAMPLE = "+37120000000"

_WORDS = {
    Taken.KEPT: "It is kept.",
    Taken.NOBODYS: (
        "It is kept, but nobody here has this extension or e-mail address: set it in the people "
        "list (column extension), or by /topics."
    ),
    Taken.REPEATED: "It was there already.",
}


@app.callback()
def calls_options() -> None:
    """Keeps `try` a word of its own while it is the only one."""


@app.command("try")
def try_(
    agent: Annotated[str, typer.Option(help="An extension or e-mail address.")] = "",
    number: Annotated[str, typer.Option("--from", help="The caller's number.")] = _EXAMPLE,
    kind: Annotated[str, typer.Option("--type", help=f"One of {', '.join(TYPES)}.")] = (
        "call.ended"
    ),
    call: Annotated[str, typer.Option(help="The call's id; a new one if left out.")] = "",
    url: Annotated[str, typer.Option(help="Where Plecs is, if not where it listens.")] = "",
) -> None:
    """Send a signed example to a running Plecs, and say what became of it."""
    found = settings_or_exit()
    secrets = found.signing_secrets()
    if not secrets:
        refuse(
            "CONTACT_SECRETS is not set: nobody can tell of calls. Make one: echo whsec_$(openssl "
            "rand -base64 32)"
        )
    told = {"type": kind, "call": call or f"try-{uuid4().hex}", "from": number, "agent": agent}
    now = system_clock()
    request = Request(  # noqa: S310 - the address is the operator's own
        f"{(url or found.own_url).rstrip('/')}/api/contacts",
        json.dumps(told | {"at": now.isoformat()}).encode(),
        method="POST",
    )
    for name, value in _signed(request.data, secrets[0], now).items():
        request.add_header(name, value)
    try:
        with urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - as above
            typer.echo(f"{answer.status}: {_said(json.load(answer))}")
    except HTTPError as error:
        refuse(f"{error.code}: {_refused(error)}")
    except URLError as error:
        refuse(f"Nobody answers there: {error.reason}")


def _signed(body: object, secret: str, now: datetime) -> dict[str, str]:
    assert isinstance(body, bytes)
    delivery = f"msg_{uuid4().hex}"
    return {
        "Content-Type": "application/json",
        "webhook-id": delivery,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(delivery, now, body.decode()),
    }


def _said(answer: dict[str, object]) -> str:
    left_out = answer.get("left_out")
    words = _WORDS[Taken(str(answer["result"]))]
    return f"{words} Left out, because the number stands in it: {left_out}" if left_out else words


def _refused(error: HTTPError) -> str:
    try:
        answer = json.load(error)
        return f"{answer['field']} {answer['reason']}".strip()
    except (ValueError, KeyError, TypeError):
        return str(error.reason)
