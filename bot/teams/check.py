"""Whether Teams knows Plecs and can reach it, in the order in which an admin sets it up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import aiohttp

from bot.settings import Settings, missing, remedy
from bot.teams.graph import (
    CATALOGUE,
    GRAPH_URL,
    NOTIFIES,
    PERMISSIONS,
    READS_ITSELF,
    READS_SCHEDULES,
    Graph,
    GraphError,
)
from bot.teams.listen import PATH
from bot.teams.tokens import CONNECTOR, LOGIN_URL, TokenError, Tokens

NAMED_AT_MOST = 20
"""People whose missing app is told by name; of more only how many."""

_REMEDIES = {
    "AADSTS700016": "TEAMS_APP_ID is not in this organisation. ",
    "AADSTS7000215": "TEAMS_APP_PASSWORD is not the app's secret. ",
    "AADSTS7000222": "TEAMS_APP_PASSWORD has expired. ",
    "AADSTS90002": "TEAMS_TENANT_ID is no organisation that Microsoft knows. ",
}
_SETTINGS = {
    "AADSTS700016": "teams_app_id",
    "AADSTS7000215": "teams_app_password",
    "AADSTS7000222": "teams_app_password",
    "AADSTS90002": "teams_tenant_id",
}
_ENDS_SOON = timedelta(days=30)
"""From when on a secret's end is told."""

_GRANTED_FOR = {
    "opens the chat of two people itself": PERMISSIONS,
    "puts pings into the activity feed": frozenset({NOTIFIES}),
    "reads a team's Shifts": frozenset({READS_SCHEDULES}),
    "tells here when the app's secret ends": frozenset({READS_ITSELF}),
}
"""What Plecs does with which of Graph's permissions."""

_TIMEOUT = aiohttp.ClientTimeout(8)


@dataclass(frozen=True, slots=True)
class Findings:
    """`problems` keep Plecs from working in Teams; `notes` are good to know."""

    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


async def check(
    settings: Settings,
    without: Sequence[str],
    *,
    now: datetime,
    login_url: str = LOGIN_URL,
    graph_url: str = GRAPH_URL,
) -> Findings:
    """Gets a token, calls Plecs at its own address, and asks what else was granted. `without` are
    the names of people who have not installed the app."""
    if settings.teams_insecure_local:
        return Findings(notes=("Teams: an emulator on this machine alone, and unchecked.",))
    async with aiohttp.ClientSession(timeout=_TIMEOUT) as session:
        password = settings.teams_app_password
        tokens = Tokens(
            session,
            settings.teams_app_id,
            password.get_secret_value() if password else "",
            settings.teams_tenant_id,
            login_url=login_url,
        )
        try:
            await tokens.get(CONNECTOR)
        except TokenError as error:
            return Findings((_refusal(error.word),))
        if not settings.public_url:
            return Findings((missing("public_url"),))
        problem, note = await _called(session, settings.public_url + PATH)
        graph = Graph(session, tokens, settings.teams_app_id, graph_url)
        package, lacking = await _catalogue(graph)
        secret = await _secret(graph, password.get_secret_value() if password else "", now)
    notes = (secret, note, lacking, _uninstalled(without))
    return Findings(tuple(filter(None, (problem, package))), tuple(filter(None, notes)))


def _refusal(word: str) -> str:
    if word in _REMEDIES:
        return _REMEDIES[word] + remedy(_SETTINGS[word])
    if word.startswith(("AADSTS", "HTTP")) or word.islower():
        return f"Microsoft gives Plecs no token ({word}): look at TEAMS_APP_ID and TEAMS_TENANT_ID."
    return f"Microsoft can't be reached: {word}"


async def _called(session: aiohttp.ClientSession, url: str) -> tuple[str, str]:
    """The problem with Plecs' own address, and what to know of it. Plecs refuses a call that
    carries no token: so it is there."""
    try:
        async with session.post(url, json=_HELLO) as answer:
            status = answer.status
    except (aiohttp.ClientError, OSError) as error:
        return "", (
            f"Nobody answers at {url} ({type(error).__name__}). It must lead to Plecs when it "
            "runs; the bot's messaging endpoint in Azure is the same address."
        )
    if status in (401, 403):
        return "", ""
    problem = (
        f"{url} answers {status}, and Plecs does not: PUBLIC_URL must lead to it, and stand in "
        "Azure as the bot's messaging endpoint."
    )
    return problem, ""


async def _catalogue(graph: Graph) -> tuple[str, str]:
    """Whether the package was uploaded, where Plecs may look; and what it may not do."""
    try:
        granted = await graph.granted()
        uploaded = CATALOGUE not in granted or await graph.is_in_catalogue()
    except GraphError:
        return "", ""
    problem = (
        ""
        if uploaded
        else "Plecs is not among the organisation's apps: make its package with `plecs teams "
        "package plecs.zip`, and upload it in the Teams admin center under Manage apps."
    )
    lacking = [
        f"{what} ({', '.join(sorted(needs - granted))})"
        for what, needs in _GRANTED_FOR.items()
        if needs - granted
    ]
    note = (
        "With application permissions of Graph that are not granted, Plecs also "
        f"{'; '.join(lacking)}."
    )
    return problem, note if lacking else ""


async def _secret(graph: Graph, secret: str, now: datetime) -> str:
    """That the secret ends soon, where Graph tells."""
    try:
        ends = await graph.secret_ends(secret)
    except GraphError:
        return ""
    if ends is None or ends - now > _ENDS_SOON:
        return ""
    return (
        f"TEAMS_APP_PASSWORD ends on {ends.date()}: make the next one in Entra ID, App "
        "registrations, Certificates & secrets, set it, and delete the old one."
    )


def _uninstalled(names: Sequence[str]) -> str:
    if not names:
        return ""
    more = "" if len(names) <= NAMED_AT_MOST else f" and {len(names) - NAMED_AT_MOST} more"
    return (
        f"Not reached in Teams, because they have not installed the app: "
        f"{', '.join(names[:NAMED_AT_MOST])}{more}. A setup policy installs it for everybody."
    )


_HELLO = {
    "type": "message",
    "channelId": "msteams",
    "serviceUrl": "https://smba.trafficmanager.net/teams/",
    "conversation": {"id": "check"},
    "from": {"id": "check"},
    "recipient": {"id": "check"},
}
