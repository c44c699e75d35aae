"""What a coordinator takes out of Plecs: groups, dates, seats and counts; never who said what."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.kit import tables
from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    Chart,
    Link,
    Moment,
    Note,
    Paragraph,
    Part,
    Reply,
    Style,
)
from handlers.kit.commands import Command, Route
from handlers.kit.people import Person, Role
from handlers.kit.ports import Texts
from handlers.kit.sheets import Sheet
from handlers.kit.text import plain
from handlers.kit.weeks import week_around
from handlers.supervision.cycles.model import Cycles
from handlers.supervision.groups.model import Group, Groups, Summaries, Summary
from handlers.supervision.sessions.model import Attendance, Seats, Session, Sessions, SessionState
from handlers.supervision.shared import files
from handlers.work import Context, Occasion, Work

TABLE, SHEET = "supervision.csv", "supervision.ics"
"""The names of the files."""

OPEN_FOR = timedelta(minutes=10)
"""How long a file's address opens it. Not once only: chat programs and virus scanners look at an
address before the person does."""

WEEKS = 8

_KEPT = timedelta(days=366)
_BACK = timedelta(days=30)
_AHEAD = timedelta(days=366)
_MOST_GROUPS = 10_000


def export(command: Command, ctx: Context) -> Reply:
    """Links to the table and to the calendar of all groups."""
    t, until = ctx.t, ctx.now + OPEN_FOR
    links = [
        Link(plain(text), url)
        for name, text in ((TABLE, t("Table (CSV)")), (SHEET, t("Calendar (ICS)")))
        if (url := ctx.services.links.file(name, "", ctx.me.id, until)) is not None
    ]
    title = t("Groups, dates, seats and counts")
    if not links:
        return Card(
            title,
            (
                Paragraph(t("Plecs has no public address, so there is no link to fetch files by.")),
                Paragraph(
                    t("Whoever runs Plecs gets the same with: {command}", command=_ON_THE_SPOT)
                ),
            ),
        )
    return Card(
        title,
        (
            *(Paragraph((link,)) for link in links),
            Note(
                t(
                    "The links work until {time}, for whoever has them. Counts only: nothing says "
                    "who came, or who said what.",
                    time=Moment(until),
                )
            ),
        ),
    )


_ON_THE_SPOT = "plecs supervision export"


def on_the_overview(ctx: Context) -> tuple[Part, ...]:
    """What comes in the next weeks, and the way to the files."""
    take = Button(ctx.t("Take out as a file"), "supervision.export")
    return (coming_weeks(ctx), Buttons((take,)))


def coming_weeks(ctx: Context) -> Part:
    """The coming eight weeks as a picture: how many sessions each has."""
    t, sessions = ctx.t, ctx.work.of(Sessions)
    weeks = [week_around(ctx.now, ctx.me.zone, -ahead) for ahead in range(WEEKS)]
    counts = [
        sessions.planned_between(ctx.me.workspace, max(week.start, ctx.now), week.end)
        for week in weeks
    ]
    if not any(counts):
        return Paragraph(t("No session is planned in the coming eight weeks."))
    most = max(counts)
    return Chart(
        t("Sessions in the coming eight weeks, by the week's Monday"),
        tuple(
            (f"{week.monday.day}.{week.monday.month}.", count)
            for week, count in zip(weeks, counts, strict=True)
        ),
        t.many(
            "{n} session in eight weeks; the week of {day} has the most: {most}",
            "{n} sessions in eight weeks; the week of {day} has the most: {most}",
            sum(counts),
            day=Moment(weeks[counts.index(most)].start, Style.DATE),
            most=str(most),
        ),
    )


def table_file(_about: str, reader: Person, on: Occasion) -> bytes | None:
    """What the link to the table gives; None for who is no coordinator any more."""
    if not reader.is_a(Role.COORDINATOR):
        return None
    return table(reader.workspace, on.work, on.now, on.services.speaking(reader.locale))


def sheet_file(_about: str, reader: Person, on: Occasion) -> Sheet | None:
    """The same for the calendar."""
    if not reader.is_a(Role.COORDINATOR):
        return None
    return sheet(reader.workspace, on.work, on.now, on.services.speaking(reader.locale))


def table(workspace: str, work: Work, now: datetime, t: Texts) -> bytes:
    """All groups with their sessions as CSV."""
    return tables.table(_header(t), _rows(workspace, work, now, t), t.locale)


def sheet(workspace: str, work: Work, now: datetime, t: Texts) -> Sheet:
    """All groups' sessions as dates."""
    found = work.of(Sessions).between(workspace, now - _BACK, now + _AHEAD)
    return files.sheet(found, _groups(workspace, work), t)


ROUTES: tuple[Route, ...] = (
    Route("supervision.export", export, reads=True, role=Role.COORDINATOR),
)


def _groups(workspace: str, work: Work) -> dict[str, Group]:
    """By id, in the order of their names."""
    found, _ = work.of(Groups).page(workspace, 0, _MOST_GROUPS)
    return {group.id: group for group in found}


def _header(t: Texts) -> list[str]:
    return [
        plain(name)
        for name in (
            *(t("Group"), t("Position"), t("Language"), t("Place"), t("Seats"), t("Members")),
            *(
                t("Invited"),
                t("Waiting"),
                t("Cycle"),
                t("Session"),
                t("Date"),
                t("Starts"),
                t("Ends"),
            ),
            *(t("Zone"), t("State"), t("Said yes"), t("Will be late"), t("Can't come")),
            *(t("Said nothing"), t("Were there")),
        )
    ]


def _rows(workspace: str, work: Work, now: datetime, t: Texts) -> Iterator[list[str | int]]:
    """A row a session, in the order of names and time; a group without sessions has one too."""
    groups = _groups(workspace, work)
    states = {
        SessionState.PLANNED: plain(t("planned")),
        SessionState.CANCELLED: plain(t("cancelled")),
    }
    start, end = now - _KEPT, now + _AHEAD
    found: dict[str, list[Session]] = {}
    for session in work.of(Sessions).between(workspace, start, end):
        found.setdefault(session.group, []).append(session)
    summaries = work.of(Summaries).of(list(groups), now)
    cycles = work.of(Cycles).numbers(workspace)
    said = work.of(Seats).attendances(workspace, start, end)
    for group in groups.values():
        first = _of_group(group, summaries[group.id])
        for session in found.get(group.id, ()):
            counts = said.get(session.id, {})
            yield [*first, cycles[session.cycle], *_of_session(session, counts, states)]
        if group.id not in found:
            yield first


def _of_group(group: Group, summary: Summary) -> list[str | int]:
    return [
        *(group.name, group.position, group.locale, group.place, group.seats),
        *(summary.joined, summary.invited, summary.waiting),
    ]


def _of_session(
    session: Session, counts: Mapping[Attendance, int], states: Mapping[SessionState, str]
) -> list[str | int]:
    zone = ZoneInfo(session.zone)
    starts, ends = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    order = (Attendance.COMING, Attendance.LATE, Attendance.ABSENT, Attendance.UNKNOWN)
    return [
        session.number,
        f"{starts:%Y-%m-%d}",
        f"{starts:%H:%M}",
        f"{ends:%H:%M}",
        session.zone,
        states[session.state],
        *(counts.get(one, 0) for one in (*order, Attendance.ATTENDED)),
    ]
