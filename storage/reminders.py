"""Who wants which reminders of dates."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Boolean, Column, Connection, ForeignKey, Table, select

from handlers.common.reminders import Choices, Reminders
from storage.mapping import Record
from storage.people.tables import people
from storage.schema import Retention, metadata, person_column, put_all
from storage.work import SqlWork, repository

choices = Table(
    "reminder_choices",
    metadata,
    person_column("person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True),
    Column("week", Boolean, nullable=False),
    Column("day", Boolean, nullable=False),
    Column("soon", Boolean, nullable=False),
    info={"retention": Retention(why="As long as the person uses Plecs; they set it.")},
)

_CHOICES = Record(Choices, choices)


class SqlReminders:
    """`handlers.common.reminders.Reminders` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def choices(self, people: Sequence[str]) -> Mapping[str, Choices]:
        found = {person: Choices(person) for person in people}
        for row in self._connection.execute(select(choices).where(choices.c.person.in_(people))):
            found[row.person] = _CHOICES.value(row)
        return found

    def put(self, one: Choices) -> None:
        put_all(self._connection, choices, [_CHOICES.row(one)])


@repository(Reminders)
def reminders_of(work: SqlWork) -> SqlReminders:
    return SqlReminders(work.connection)
