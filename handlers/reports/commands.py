"""The week report: asked for, sent on Mondays, and given as a table."""

from dataclasses import replace
from datetime import datetime, timedelta

from handlers.common.roles import coordinators_of
from handlers.kit.about import pack, unpack
from handlers.kit.cards import Card, Reply
from handlers.kit.commands import Command, Route, Typed
from handlers.kit.feature import NoticeKind, Timer
from handlers.kit.notices import Notice
from handlers.kit.people import Person, Role
from handlers.kit.ports import Texts, mark
from handlers.kit.reading import Pressed
from handlers.kit.tables import table
from handlers.kit.text import plain
from handlers.kit.weeks import CalendarWeek, InWeek, day_names, next_weekday, week_around
from handlers.reports import cards, model
from handlers.reports.model import AT, ON, WEEKS_BACK, WeekReport, WeekReports
from handlers.work import Context, Occasion

TABLE = "week.csv"
"""The name of the file."""

OPEN_FOR = timedelta(minutes=10)
"""How long a file's address opens it."""


def report(command: Command, ctx: Context) -> Reply:
    """`/plecs report`: the week before, until a button says another."""
    back = Pressed(command, ctx.t).number("back", WEEKS_BACK) if command.one("back") else 1
    return _card(week_around(ctx.now, ctx.me.zone, back), back, ctx)


def weekly(command: Command, ctx: Context) -> Reply:
    """*Every Monday at 8:00* and *No longer by itself*, for all coordinators of the workspace."""
    reports, workspace, zone = ctx.work.of(WeekReports), ctx.me.workspace, ctx.me.zone
    on = command.one("on") == "yes"
    if on:
        reports.put(WeekReport(workspace, zone, next_weekday(ctx.now, zone, ON, AT)))
    else:
        reports.remove(workspace)
    return cards.weekly(ctx.t, on=on)


def send_reports(on: Occasion, limit: int) -> int:
    """A report to each coordinator of the workspaces whose Monday has come. After an interruption
    of weeks only the newest is sent."""
    reports = on.work.of(WeekReports)
    due = reports.due(on.now, limit)
    for one in due:
        reports.put(replace(one, next_at=next_weekday(on.now, one.zone, ON, AT)))
        monday = week_around(on.now, one.zone, 1).start
        for reader in coordinators_of(one.workspace, on):
            about = pack(one.zone, int(monday.timestamp()))
            on.work.outbox.add(one.workspace, Notice(model.WEEK, about, (reader.id,), on.now))
    return len(due)


def week_card(notice: Notice, ctx: Context) -> Card | None:
    zone, monday = unpack(notice.about, 2)
    start = datetime.fromtimestamp(int(monday), ctx.now.tzinfo)
    week = week_around(start, zone, 0)
    back = round((week_around(ctx.now, zone, 0).start - week.start) / timedelta(weeks=1))
    return _card(week, min(back, WEEKS_BACK), ctx)


def file(about: str, reader: Person, on: Occasion) -> bytes | None:
    """The week's figures as CSV; None for who is no coordinator any more."""
    if not reader.is_a(Role.COORDINATOR):
        return None
    week = week_around(datetime.fromtimestamp(int(about), on.now.tzinfo), reader.zone, 0)
    return written(week, _counted(on, reader.workspace, week), on.services.speaking(reader.locale))


def written(week: CalendarWeek, counted: tuple[InWeek, ...], t: Texts) -> bytes:
    """The week's Monday and Sunday, a row a figure, and one a day of what is counted by days; times
    in seconds."""
    rows: list[tuple[str | int, ...]] = [
        (plain(t("Monday")), f"{week.monday:%Y-%m-%d}"),
        (plain(t("Sunday")), f"{week.monday + timedelta(days=6):%Y-%m-%d}"),
    ]
    for share in counted:
        rows += [
            (plain(t(one.label)), "" if one.value is None else round(one.value))
            for one in share.figures
        ]
        if share.by_day is not None:
            title = plain(t(share.by_day.title))
            rows += [
                (f"{title}, {plain(day)}", count)
                for day, count in zip(day_names(t), share.by_day.counts, strict=True)
            ]
    return table((plain(t("What")), plain(t("How many (or seconds)"))), rows, t.locale)


def counted_in(
    on: Occasion, workspace: str, zone: str, back: int
) -> tuple[CalendarWeek, tuple[InWeek, ...]]:
    """The week so many before this one, and what all features count in it."""
    week = week_around(on.now, zone, back)
    return week, _counted(on, workspace, week)


def _card(week: CalendarWeek, back: int, ctx: Context) -> Card:
    is_weekly = ctx.work.of(WeekReports).get(ctx.me.workspace) is not None
    monday = str(int(week.start.timestamp()))
    return cards.report(
        week,
        _counted(ctx, ctx.me.workspace, week),
        ctx.t,
        back=back,
        weekly=is_weekly,
        table=ctx.services.links.file(TABLE, monday, ctx.me.id, ctx.now + OPEN_FOR),
    )


def _counted(on: Occasion, workspace: str, week: CalendarWeek) -> tuple[InWeek, ...]:
    return tuple(counts(on, workspace, week) for counts in on.services.in_week)


ROUTES: tuple[Route, ...] = (
    Route(
        "report",
        report,  # the first to look keeps what days that are over came to
        role=Role.COORDINATOR,
        typed=Typed(
            {"en": "report", "lv": "pārskats"},
            mark("For coordinators: the week in numbers, nobody by name"),
            own_command=False,
        ),
    ),
    Route("report.weekly", weekly, role=Role.COORDINATOR),
)

NOTICES: tuple[NoticeKind, ...] = (NoticeKind(model.WEEK, week_card),)

TIMERS: tuple[Timer, ...] = (send_reports,)
