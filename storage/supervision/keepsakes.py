"""What people take along from sessions, sealed."""

from collections.abc import Callable

from sqlalchemy import Column, Connection, String, Table, Text, delete, select

from handlers.kit.unread import see_read
from handlers.supervision.keepsakes.model import Keepsake, Keepsakes
from storage.effects import Effects
from storage.schema import HAPPENED, ID, Instant, Retention, metadata, put_all
from storage.sealed import SEALED_WORDS, Seal
from storage.supervision.sessions import person_key
from storage.work import SqlWork, repository

keepsakes = Table(
    "supervision_keepsakes",
    metadata,
    person_key(),
    Column("session", String(32), primary_key=True, info=ID),
    Column("words", Text, nullable=False, info=dict(SEALED_WORDS)),
    Column("at", Instant, nullable=False, info=HAPPENED),
    info={"retention": Retention(why="Until the person deletes it; nobody else can see it.")},
)


class SqlKeepsakes:
    """`handlers.supervision.keepsakes.model.Keepsakes` over a connection."""

    def __init__(self, connection: Connection, effects: Effects, seal: Callable[[], Seal]) -> None:
        self._connection = connection
        self._effects = effects
        self._seal = seal

    def of(self, person: str) -> tuple[Keepsake, ...]:
        found = []
        for row in self._connection.execute(
            select(keepsakes)
            .where(keepsakes.c.person == person)
            .order_by(keepsakes.c.at.desc(), keepsakes.c.session)
        ):
            words = self._seal().open(row.words, "supervision_keepsakes")
            if words is not None:
                found.append(Keepsake(row.person, row.session, words, row.at))
        return tuple(found)

    def put(self, keepsake: Keepsake) -> None:
        this = keepsakes.c.person == keepsake.person, keepsakes.c.session == keepsake.session
        kept = self._connection.scalar(select(keepsakes.c.words).where(*this))
        see_read(self._seal().words(kept or "", "supervision_keepsakes"))
        row = {
            "person": keepsake.person,
            "session": keepsake.session,
            "words": self._seal().seal(keepsake.words),
            "at": keepsake.at,
        }
        put_all(self._connection, keepsakes, [row])

    def remove(self, person: str, session: str) -> None:
        self._connection.execute(
            delete(keepsakes).where(keepsakes.c.person == person, keepsakes.c.session == session)
        )
        self._effects.forgot = True


@repository(Keepsakes)
def keepsakes_of(work: SqlWork) -> SqlKeepsakes:
    return SqlKeepsakes(work.connection, work.effects, lambda: work.seal)
