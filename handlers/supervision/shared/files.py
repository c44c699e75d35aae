"""Dates as files and entries of a calendar."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from handlers.kit.cards import Link
from handlers.kit.people import Person
from handlers.kit.ports import Texts
from handlers.kit.sheets import Entry, Sheet
from handlers.kit.text import plain
from handlers.supervision.groups.model import Group
from handlers.supervision.sessions.model import Session, SessionState
from handlers.work import Services

DATES_FILE = "sessions.ics"
"""The file with a cycle's dates, for those who take them once instead of subscribing."""

_FILE_FOR = timedelta(days=30)
"""How long the address of a file with dates opens it: longer than an invitation waits."""


def dates_link(cycle: str, reader: Person, now: datetime, services: Services) -> Link | None:
    """A link to the cycle's dates as a file, for a card to that person; None where nobody could
    fetch it."""
    t, url = (
        services.speaking(reader.locale),
        services.links.file(DATES_FILE, cycle, reader.id, now + _FILE_FOR),
    )
    return None if url is None else Link(plain(t("The dates as a file for your calendar")), url)


def sheet(sessions: Sequence[Session], groups: Mapping[str, Group], t: Texts) -> Sheet:
    """The sessions as dates. They say which group, where and when; who comes, who does what and
    why one was cancelled stay in Plecs, because calendars are seen by others."""
    return Sheet(
        plain(t("Supervision groups")),
        tuple(_entry(session, groups[session.group], t) for session in sessions),
    )


def _entry(session: Session, group: Group, t: Texts) -> Entry:
    is_cancelled = session.state is SessionState.CANCELLED
    title = (
        t("Cancelled: {group}, session {n}", group=group.name, n=session.number)
        if is_cancelled
        else t("Supervision: {group}, session {n}", group=group.name, n=session.number)
    )
    return Entry(
        id=session.id,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        zone=session.zone,
        title=plain(title),
        details=plain(t("To say whether you come, and for more: ask Plecs in your chat.")),
        place=session.place or group.place,
        sequence=session.sequence,
        changed_at=session.changed_at,
        is_cancelled=is_cancelled,
    )
