"""Who is meant by what another system calls people: an e-mail address, an extension, or a name."""

from sqlalchemy import Connection, and_, bindparam, or_, select

from handlers.kit.text import fold
from storage.people.emails import email_mark
from storage.people.tables import email_marks, people
from storage.sealed import Seal

_AGENT = (
    select(people.c.id)
    .outerjoin(email_marks, email_marks.c.person == people.c.id)
    .where(
        people.c.active,
        or_(bindparam("workspace") == "", people.c.workspace == bindparam("workspace")),
        or_(
            and_(people.c.extension == bindparam("told"), people.c.extension != ""),
            email_marks.c.mark == bindparam("mark"),
        ),
    )
    .distinct()
    .limit(2)
)


def known_as(connection: Connection, seal: Seal, told: str, workspace: str) -> str | None:
    """The id of the one active person who is meant; None for nobody, or several. In a `workspace`
    by the name as well; empty: in any."""
    if not told:
        return None
    asked = {"told": told, "mark": email_mark(seal, told), "workspace": workspace}
    found = connection.scalars(_AGENT, asked).all()
    if not found and workspace:
        named = people.c.folded_name == fold(told), people.c.workspace == workspace
        found = connection.scalars(
            select(people.c.id).where(*named, people.c.active).limit(2)
        ).all()
    return found[0] if len(found) == 1 else None
