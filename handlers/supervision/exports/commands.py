"""What a coordinator takes out of Plecs: groups, dates, seats and counts; never who said what."""

import csv
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from io import StringIO
from itertools import pairwise
from zoneinfo import ZoneInfo

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
from handlers.supervision.cycles.model import Cycles
from handlers.supervision.groups.model import Group, Groups, Summaries, Summary
from handlers.supervision.sessions.model import Attendance, Seats, Session, Sessions, SessionState
from handlers.supervision.shared import files
from handlers.work import Context, Services, Work

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

_FORMULAS = ("=", "+", "-", "@")
"""With these a spreadsheet takes a cell for something to work out or to run; some look for them
behind blanks and what is not seen, and in their wide forms, too."""


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
    t, zone = ctx.t, ZoneInfo(ctx.me.zone)
    today = ctx.now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    monday = today - timedelta(days=today.weekday())
    begins = [(monday + timedelta(weeks=week)).replace(tzinfo=zone) for week in range(WEEKS + 1)]
    counts = [
        ctx.work.of(Sessions).planned_between(ctx.me.workspace, max(start, ctx.now), end)
        for start, end in pairwise(begins)
    ]
    if not any(counts):
        return Paragraph(t("No session is planned in the coming eight weeks."))
    most = max(counts)
    return Chart(
        t("Sessions in the coming eight weeks, by the week's Monday"),
        tuple(
            (f"{begin.day}.{begin.month}.", count)
            for begin, count in zip(begins, counts, strict=False)
        ),
        t.many(
            "{n} session in eight weeks; the week of {day} has the most: {most}",
            "{n} sessions in eight weeks; the week of {day} has the most: {most}",
            sum(counts),
            day=Moment(begins[counts.index(most)], Style.DATE),
            most=str(most),
        ),
    )


def file(
    name: str, reader: Person, work: Work, now: datetime, services: Services
) -> Sheet | bytes | None:
    """What one of the links gives; None for who is no coordinator any more."""
    if not reader.is_a(Role.COORDINATOR):
        return None
    make = table if name == TABLE else sheet
    return make(reader.workspace, work, now, services.speaking(reader.locale))


def table(workspace: str, work: Work, now: datetime, t: Texts) -> bytes:
    """All groups with their sessions as CSV, in UTF-8 with the mark that Excel knows it by.
    Latvian spreadsheets part columns by semicolons."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";" if t.locale == "lv" else ",", lineterminator="\r\n")
    writer.writerow(_header(t))
    writer.writerows([cell(value) for value in row] for row in _rows(workspace, work, now, t))
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def sheet(workspace: str, work: Work, now: datetime, t: Texts) -> Sheet:
    """All groups' sessions as dates."""
    found = work.of(Sessions).between(workspace, now - _BACK, now + _AHEAD)
    return files.sheet(found, _groups(workspace, work), t)


def cell(value: str | int) -> str | int:
    """The value, and words never as a formula: spreadsheets take them for one by how they begin."""
    if not isinstance(value, str):
        return value
    seen = "".join(one for one in value if unicodedata.category(one)[0] not in "CM").lstrip()
    looks = unicodedata.normalize("NFKC", seen[:1])
    return "'" + value if value[:1].isspace() or looks in _FORMULAS else value


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
