"""What a learning record store has not been told yet, and the accounts that stand for people
there."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid4, uuid5

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    String,
    Table,
    delete,
    func,
    select,
    update,
)

from handlers.kit.people import Person
from handlers.learning.model import Learners, LearningEvent, Statement, Statements
from storage.effects import Effects
from storage.mapping import Record
from storage.people.known_as import known_as
from storage.people.people import SqlPeople
from storage.people.tables import people
from storage.schema import (
    CODE,
    HAPPENED,
    ID,
    LEASED,
    Instant,
    Retention,
    insert_new,
    metadata,
    person_column,
    rows_due,
)
from storage.sealed import Seal
from storage.work import SqlWork, repository

_GIVEN_UP = timedelta(days=30)

accounts: Table = Table(
    "learning_accounts",
    metadata,
    person_column("person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True),
    Column("account", String(36), nullable=False, unique=True, info=ID),
    info={
        "retention": Retention(
            why="As long as the person uses Plecs. By it alone a learning record store knows them; "
            "with them it is gone, and what stands there is nobody's.",
        )
    },
)

statements: Table = Table(
    "learning_statements",
    metadata,
    person_column("person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True),
    Column("verb", String(16), primary_key=True, info=CODE),
    Column("about", String(40), primary_key=True, info=ID),
    Column("id", String(36), nullable=False, unique=True, info=ID),
    Column("account", String(36), nullable=False, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    Column("course", String(40), nullable=False, info=ID),
    Column("at", Instant, nullable=False, index=True, info=HAPPENED),
    Column("attempts", Integer, nullable=False),
    Column("due", Instant, nullable=False, index=True, info=LEASED),
    info={
        "retention": Retention(
            why="Until the learning record store has it; 30 days at most.",
            ended=lambda now: statements.c.at < now - _GIVEN_UP,
        )
    },
)

_TOLD = Record(LearningEvent, statements)
_NEXT_DUE = select(func.min(statements.c.due))


class SqlStatements:
    """`handlers.learning.model.Statements` over a connection."""

    def __init__(self, connection: Connection, effects: Effects) -> None:
        self._connection = connection
        self._effects = effects

    def add(self, person: str, told: LearningEvent, due: datetime, statement: str = "") -> None:
        account = self._account(person)
        # The same is told under the same id: a store that has it takes it as known.
        same = uuid5(NAMESPACE_URL, f"{account}/{told.verb}/{told.about}/{told.at.isoformat()}")
        known_by = {"person": person, "id": statement or str(same), "account": account}
        row = _TOLD.row(told) | known_by
        insert_new(self._connection, statements, [row | {"attempts": 0, "due": due}])
        self._effects.learned = True

    def take_back(self, statement: str) -> bool:
        this = statements.c.id == statement
        untried = self._connection.execute(
            delete(statements).where(this, statements.c.attempts == 0)
        ).rowcount
        if untried:
            return False
        self._connection.execute(delete(statements).where(this))
        return True

    def next_due(self) -> datetime | None:
        due: datetime | None = self._connection.scalar(_NEXT_DUE)
        return due

    def claim(self, now: datetime, until: datetime, limit: int) -> tuple[Statement, ...]:
        rows = rows_due(self._connection, statements.c.due, now, limit)
        ids = [row.id for row in rows]
        self._connection.execute(
            update(statements)
            .where(statements.c.id.in_(ids))
            .values(due=until, attempts=statements.c.attempts + 1)
        )
        return tuple(Statement(row.id, row.account, _TOLD.value(row), row.attempts) for row in rows)

    def told(self, found: Sequence[str]) -> None:
        self._connection.execute(delete(statements).where(statements.c.id.in_(found)))

    def later(self, statement: str, due: datetime) -> None:
        self._connection.execute(
            update(statements).where(statements.c.id == statement).values(due=due)
        )

    def _account(self, person: str) -> str:
        insert_new(self._connection, accounts, [{"person": person, "account": str(uuid4())}])
        account: str = self._connection.execute(
            select(accounts.c.account).where(accounts.c.person == person)
        ).scalar_one()
        return account


@repository(Statements)
def statements_of(work: SqlWork) -> SqlStatements:
    return SqlStatements(work.connection, work.effects)


class SqlLearners:
    """`handlers.learning.model.Learners` over a connection."""

    def __init__(self, connection: Connection, known: SqlPeople, seal: Callable[[], Seal]) -> None:
        self._connection = connection
        self._people = known
        self._seal = seal

    def known_as(self, told: str) -> Person | None:
        found = self._connection.scalar(select(accounts.c.person).where(accounts.c.account == told))
        if found is not None:
            return self._people.get(found)
        return known_as(self._people, self._seal(), told, "")


@repository(Learners)
def learners_of(work: SqlWork) -> SqlLearners:
    return SqlLearners(work.connection, work.people, lambda: work.seal)
