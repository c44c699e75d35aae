"""E-mail addresses by which somebody is found, as keyed hashes."""

from sqlalchemy import Connection, delete, select

from handlers.common.emails import KnownEmails
from storage.people.tables import email_marks, people
from storage.schema import insert_new
from storage.sealed import Seal
from storage.work import SqlWork, repository

_other = people.alias("other")


class SqlKnownEmails:
    """`handlers.common.emails.KnownEmails` over a connection."""

    def __init__(self, connection: Connection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    def know(self, person: str, email: str) -> None:
        mark = email_mark(self._seal, email)
        # In each workspace it is somebody's; in another it may be theirs, or somebody else's.
        here = select(people.c.workspace).where(people.c.id == person).scalar_subquery()
        whose = _other.c.id == email_marks.c.person
        theirs = select(_other.c.workspace).where(whose).scalar_subquery()
        had_it = email_marks.c.mark == mark, email_marks.c.person != person, theirs == here
        self._connection.execute(delete(email_marks).where(*had_it))
        insert_new(self._connection, email_marks, [{"mark": mark, "person": person}])


def email_mark(seal: Seal, email: str) -> str:
    """What stands for an e-mail address."""
    return seal.mark(f"e-mail: {email.strip().casefold()}")


@repository(KnownEmails)
def known_emails_of(work: SqlWork) -> SqlKnownEmails:
    return SqlKnownEmails(work.connection, work.seal)
