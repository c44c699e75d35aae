"""Where Plecs is installed in Slack, with which tokens; and the installations that were begun."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Row,
    String,
    Table,
    Text,
    and_,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)

from storage.schema import (
    CODE,
    HAPPENED,
    ID,
    NAME,
    REMAINS,
    STATED,
    Instant,
    Retention,
    metadata,
    put_all,
)
from storage.sealed import SEALED, Seal

KEPT_FOR = timedelta(days=30)
"""How long what is kept of a workspace waits for the app to be installed there again."""

_ROTATED_WITHIN = timedelta(minutes=1)
"""How long one process may take to get a new token; then another may try."""

slack_installations: Table = Table(
    "slack_installations",
    metadata,
    Column("team", String(80), primary_key=True, info=ID),
    Column("name", Text, nullable=False, info=NAME),
    Column("whole", Boolean, nullable=False),
    Column("scopes", Text, nullable=False, info=CODE),
    Column("token", Text, info=dict(SEALED)),
    Column("refresh", Text, info=dict(SEALED)),
    Column("installed_at", Instant, nullable=False, info=STATED),
    Column("expires_at", Instant, index=True, info=STATED),
    Column("rotating_until", Instant, info=REMAINS),
    Column("refused", String(80), info=CODE),
    Column("refused_at", Instant, info=HAPPENED),
    Column("removed_at", Instant, index=True, info=STATED),
    info={
        "retention": Retention(
            why="As long as the app is installed there. Its tokens are deleted at once when it is "
            "removed, the row 30 days after, with everything of the workspace. Names nobody."
        )
    },
)
"""`team`: the workspace's id, or the organisation's where it was installed in the `whole` of it."""


@dataclass(frozen=True, slots=True)
class Token:
    """A bot's token. With `refresh` it is good until `expires_at`, and is to be changed before."""

    token: str
    refresh: str | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rotation:
    """A token is to be changed: for what a new one is got, and of which installation it is."""

    team: str
    refresh: str
    installed_at: datetime


@dataclass(frozen=True, slots=True)
class SlackInstallation:
    """`team`: a workspace, or a whole organisation. `removed_at`: the app was removed there."""

    team: str
    name: str
    scopes: str
    installed_at: datetime
    is_whole: bool = False
    expires_at: datetime | None = None
    removed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EndingToken:
    """A workspace's token ends at `at`, and Slack gives no new one `since` so long; `word` is
    Slack's for why."""

    team: str
    word: str
    since: datetime
    at: datetime


_table = slack_installations.c
_IS_THERE = and_(_table.removed_at.is_(None), _table.token.is_not(None))


_NOT_REFUSED = {"refused": None, "refused_at": None}
_ENDING = (
    select(_table.team, _table.refused, _table.refused_at, _table.expires_at)
    .where(_IS_THERE, _table.refused_at.is_not(None))
    .order_by(_table.team)
)


def ending_tokens(connection: Connection) -> tuple[EndingToken, ...]:
    """Those that end, and Slack gives no new one."""
    return tuple(EndingToken(*row) for row in connection.execute(_ENDING))


class SqlSlackInstallations:
    """The installations over a connection."""

    def __init__(self, connection: Connection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    def put(self, one: SlackInstallation, token: Token) -> None:
        """The app is installed there, anew or for the first time."""
        row = {
            "team": one.team,
            "name": one.name,
            "whole": one.is_whole,
            "scopes": one.scopes,
            "installed_at": one.installed_at,
            "rotating_until": None,
            "removed_at": None,
            **_NOT_REFUSED,
        }
        put_all(self._connection, slack_installations, [row | self._sealed(token)])

    def token(self, team: str) -> Token | None:
        """The token for the workspace; None where the app is not installed."""
        found = select(slack_installations).where(_table.team == team, _IS_THERE)
        row = self._connection.execute(found).one_or_none()
        return None if row is None else self._token(row)

    def all(self) -> tuple[SlackInstallation, ...]:
        """Every workspace where it is installed, or was within the last 30 days."""
        rows = self._connection.execute(select(slack_installations).order_by(_table.team))
        return tuple(
            SlackInstallation(
                row.team,
                row.name,
                row.scopes,
                row.installed_at,
                row.whole,
                row.expires_at,
                row.removed_at,
            )
            for row in rows
        )

    def remove(self, team: str, at: datetime) -> bool:
        """The app was removed there at that time: its tokens are gone at once. False where it was
        installed anew since, or was not there."""
        gone = (
            update(slack_installations)
            .where(_table.team == team, _IS_THERE, _table.installed_at <= at)
            .values(token=None, refresh=None, expires_at=None, removed_at=at)
        )
        return bool(self._connection.execute(gone).rowcount)

    def begin_rotation(self, now: datetime, before: datetime) -> Rotation | None:
        """Of the token that ends soonest, and before then, and can be opened; it is this process's
        for a minute. None where there is none that no other is at."""
        due = (
            select(_table.team, _table.refresh, _table.installed_at)
            .where(
                _IS_THERE,
                _table.refresh.is_not(None),
                _table.expires_at < before,
                or_(_table.rotating_until.is_(None), _table.rotating_until < now),
            )
            .order_by(_table.expires_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        while (row := self._connection.execute(due).one_or_none()) is not None:
            mine = update(slack_installations).where(_table.team == row.team)
            self._connection.execute(mine.values(rotating_until=now + _ROTATED_WITHIN))
            refresh = self._seal.open(row.refresh, row.team)
            if refresh is not None:
                return Rotation(row.team, refresh, row.installed_at)
        return None

    def rotated(self, one: Rotation, token: Token) -> None:
        """The new token, unless the app was removed meanwhile, or installed anew."""
        changed = update(slack_installations).where(
            _table.team == one.team, _IS_THERE, _table.installed_at == one.installed_at
        )
        values = self._sealed(token) | {"rotating_until": None} | _NOT_REFUSED
        self._connection.execute(changed.values(values))

    def not_rotated(self, one: Rotation, word: str, now: datetime) -> None:
        """Slack gives no new token: its word for why."""
        refused = update(slack_installations).where(
            _table.team == one.team, _IS_THERE, _table.installed_at == one.installed_at
        )
        since = func.coalesce(_table.refused_at, literal(now, Instant))
        self._connection.execute(refused.values(refused=word[:80], refused_at=since))

    def over(self, now: datetime) -> Sequence[str]:
        """Where the app was removed 30 days ago, and not installed again."""
        long_ago = _table.removed_at < now - KEPT_FOR
        return tuple(self._connection.scalars(select(_table.team).where(long_ago)))

    def forget(self, team: str) -> None:
        """Nothing is kept of the workspace any more."""
        self._connection.execute(delete(slack_installations).where(_table.team == team))

    def _sealed(self, token: Token) -> dict[str, object]:
        return {
            "token": self._seal.seal(token.token),
            "refresh": token.refresh and self._seal.seal(token.refresh),
            "expires_at": token.expires_at,
        }

    def _token(self, row: Row[tuple[object, ...]]) -> Token | None:
        opened = self._seal.open(row.token, row.team)
        if opened is None:
            return None
        refresh = row.refresh and self._seal.open(row.refresh, row.team)
        return Token(opened, refresh or None, row.expires_at)
