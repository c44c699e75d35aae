"""Who is meant by what another system calls people: an e-mail address, an extension, or a name."""

from handlers.kit.people import Person
from storage.people.emails import email_mark
from storage.people.people import SqlPeople
from storage.sealed import Seal


def known_as(people: SqlPeople, seal: Seal, told: str, workspace: str) -> Person | None:
    """The one active person who is meant; None for nobody, or several. In a `workspace` by the name
    as well; empty: in any."""
    if not told:
        return None
    found = people.at_extension(told, email_mark(seal, told), workspace)
    if not found and workspace:
        found = people.named(told, workspace)
    return found[0] if len(found) == 1 else None
