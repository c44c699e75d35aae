"""A team holds a meeting: meanwhile hands are brought to others first."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.availability.meetings import TeamMeeting, TeamMeetings
from handlers.availability.rest import instant
from handlers.common.roles import check_leads
from handlers.common.teams import team_chosen, team_field
from handlers.kit.cards import Card, ChoiceField, Line, Part, Reply, TextField
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
    return cards.form(_whose(ctx), local.date(), (start, end), ctx.t)


def planned(command: Command, ctx: Context) -> Reply:
    """The form, filled in: the team hears of it."""
    check_leads(ctx)
    field = _whose(ctx)
    asked = Filled(cards.form(field, ctx.today, ("", ""), ctx.t), command, ctx)
    people, day = team_chosen(asked, field, ctx), asked.day("day")
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


def _whose(ctx: Context) -> ChoiceField | TextField:
    field = team_field(ctx, ctx.t("Whose team?"), without_manager=False)
    if isinstance(field, ChoiceField) and not field.options:
        line: Line = ctx.t(
            "There are no teams yet: a team is everybody with the same manager in the people list."
        )
        raise RefusedError(line)
    return field


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
