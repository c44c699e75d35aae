"""A team holds a meeting: meanwhile hands are brought to others first."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.availability.meetings import TeamMeeting, TeamMeetings
from handlers.availability.rest import instant
from handlers.common.roles import check_leads
from handlers.kit.cards import Card, Form, Line, Part, Reply
from handlers.kit.commands import Command, RefusedError, Route, Typed
from handlers.kit.feature import NoticeKind
from handlers.kit.moments import clocks_in, minutes_alone, while_in
from handlers.kit.notices import Notice
from handlers.kit.ports import mark
from handlers.kit.reading import Filled, Pressed
from handlers.shifts import meeting_cards as cards
from handlers.shifts.model import FURTHEST
from handlers.work import Context

MEETING = "shift.meeting"
"""The notice, to each of the team."""

LONGEST = timedelta(hours=4)
_MOST_TEAMS = 100


def meeting(command: Command, ctx: Context) -> Reply:
    """`/plecs meeting`, `meeting 30`: from now; `meeting 14:00-15:00`: today."""
    check_leads(ctx)
    text = command.text.strip()
    lasts = minutes_alone(text) or while_in(text)
    local = ctx.now.astimezone(ZoneInfo(ctx.me.zone))
    start, end = "", ""
    if lasts is not None and lasts <= LONGEST:
        start, end = f"{local:%H:%M}", f"{local + lasts:%H:%M}"
    elif (clocks := clocks_in(text)) is not None and not clocks[0]:
        _, start, end = clocks
    elif text:
        raise RefusedError(ctx.t("I can't tell when that is. Write it like 30 min or 14:00-15:00."))
    return _form(ctx, local.date(), start, end)


def planned(command: Command, ctx: Context) -> Reply:
    """The form, filled in: the team hears of it."""
    check_leads(ctx)
    asked = Filled(_form(ctx, ctx.today, "", ""), command, ctx)
    team, day = asked.chosen("team").removeprefix("team:"), asked.day("day")
    start, end = asked.clock("start"), asked.clock("end")
    if "day" not in asked.errors and not ctx.today <= day <= ctx.today + FURTHEST:
        asked.errors["day"] = ctx.t("From today on, and at most a year ahead.")
    if asked.errors:
        return asked.again()
    begins, ends = (_at(day, clock, ctx.me.zone) for clock in (start, end))
    if ends <= begins:
        ends = _at(day + timedelta(days=1), end, ctx.me.zone)
    if ends - begins > LONGEST:
        return asked.again(end=ctx.t("At most {n} hours, please.", n=LONGEST // timedelta(hours=1)))
    if ends <= ctx.now:
        return asked.again(end=ctx.t("That is over."))
    people = ctx.work.people.of_team(ctx.me.workspace, team)
    if not people:
        return asked.again(team=ctx.t("Nobody is in this team."))
    one = TeamMeeting(ctx.new_id(), ctx.me.workspace, ctx.me.id, begins, ends, people)
    ctx.work.of(TeamMeetings).add(one)
    told = (person for person in people if person != ctx.me.id)
    ctx.work.outbox.add(one.workspace, *(Notice(MEETING, one.id, (who,), ctx.now) for who in told))
    return cards.planned(one, ctx.t)


def call_off(command: Command, ctx: Context) -> Reply:
    """*It is over* and *It is called off*: hands come to the team again."""
    check_leads(ctx)
    one = ctx.work.of(TeamMeetings).get(Pressed(command, ctx.t).id("meeting"))
    if one is None or one.workspace != ctx.me.workspace:
        return cards.over(ctx.t)
    ctx.work.of(TeamMeetings).end(one.id)
    ctx.work.outbox.refresh(one.workspace, MEETING, one.id, ctx.now)
    return cards.over(ctx.t)


def meeting_card(notice: Notice, ctx: Context) -> Card | None:
    one = ctx.work.of(TeamMeetings).get(notice.about)
    caller = ctx.work.people.get(one.caller) if one is not None else None
    if one is None or caller is None or one.ends_at <= ctx.now:
        return cards.over(ctx.t) if notice.sent else None
    return cards.told(one, caller, ctx.t)


def now(ctx: Context) -> tuple[Part, ...]:
    """On the start page: the meeting that one's team is in."""
    ahead = ctx.work.of(TeamMeetings).ahead(ctx.me.id, ctx.now)
    return tuple(cards.now(one, ctx.t) for one in ahead if one.starts_at <= ctx.now)


def next_(ctx: Context) -> tuple[Part, ...]:
    """Those of today and tomorrow that are to come."""
    ahead = ctx.work.of(TeamMeetings).ahead(ctx.me.id, ctx.now)
    soon = ctx.now + timedelta(days=1)
    return tuple(cards.next_(one, ctx.t) for one in ahead if ctx.now < one.starts_at <= soon)


def _form(ctx: Context, day: date, start: str, end: str) -> Form:
    found = ctx.work.people.teams(ctx.me.workspace, _MOST_TEAMS)
    teams = [manager for manager, _ in found if manager]
    if not teams:
        line: Line = ctx.t(
            "There are no teams yet: a team is everybody with the same manager in the people list."
        )
        raise RefusedError(line)
    mine = next((one for one in (ctx.me.name, ctx.me.manager) if one in teams), "")
    return cards.form(teams, mine, day, (start, end), ctx.t)


def _at(day: date, clock: str, zone: str) -> datetime:
    return instant(datetime.combine(day, time.fromisoformat(clock)), zone)


ROUTES = (
    Route(
        "meeting",
        meeting,
        reads=True,
        typed=Typed(
            {"en": "meeting", "lv": "sapulce"},
            help=mark(
                "For those who lead: a meeting of a team; hands go to others first meanwhile"
            ),
            usage=mark("[30, or 14:00-15:00]"),
            own_command=False,
        ),
    ),
    Route("meeting.plan", planned),
    Route("meeting.over", call_off),
)
NOTICES = (NoticeKind(MEETING, meeting_card),)
