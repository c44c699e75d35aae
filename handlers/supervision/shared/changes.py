"""What was done to dates, written down and told once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.availability.rest import free_days
from handlers.availability.shifts import with_shifts
from handlers.availability.walls import span
from handlers.kit.cards import Card
from handlers.kit.notices import Notice
from handlers.kit.people import Person
from handlers.supervision.cycles.model import Cycle
from handlers.supervision.dates.model import DATES, ChangeKind, Changes, DateChange, Snapshot
from handlers.supervision.dates.rules import Fits, fitting
from handlers.supervision.groups.model import Group
from handlers.supervision.sessions.model import Seats, Session, Sessions, SessionSeat, Turn
from handlers.supervision.shared import cards
from handlers.work import Context

LEAD = timedelta(days=7)
"""How far ahead a first date is proposed: time enough to hear of it."""

_A_YEAR = timedelta(days=366)
"""How far ahead dates are planned."""


def changed(
    ctx: Context,
    group: Group,
    kind: ChangeKind,
    change: str,
    *,
    before: Snapshot,
    after: Snapshot,
    people: Sequence[str],
) -> Card:
    """Writes down what was done and tells everybody, once."""
    done = DateChange(
        id=change,
        kind=kind,
        workspace=group.workspace,
        group=group.id,
        cycle=after.sessions[0].cycle if after.sessions else after.cycles[-1].id,
        by=ctx.me.id,
        at=ctx.now,
        people=tuple(people),
        before=before,
        after=after,
    )
    ctx.work.of(Changes).add(done)
    ctx.work.outbox.add(
        group.workspace, *(Notice(DATES, change, (person,), ctx.now) for person in people)
    )
    if kind is not ChangeKind.PLANNED:
        refresh_planned(ctx, done)
    return cards.done(group, done, ctx.t)


def refresh_planned(ctx: Context, change: DateChange) -> None:
    """The message with all of the cycle's dates goes on saying what holds."""
    ctx.work.outbox.refresh(change.workspace, DATES, change.cycle, ctx.now)


def put_with_seats(
    ctx: Context, group: Group, sessions: Sequence[Session], people: Sequence[str]
) -> None:
    ctx.work.of(Sessions).put(sessions)
    ctx.work.of(Seats).put(
        [
            SessionSeat(
                one.id,
                person,
                part=Turn.FACILITATOR if person == group.facilitator else Turn.NONE,
            )
            for one in sessions
            for person in people
        ]
    )


def new_session(ctx: Context, cycle: Cycle, number: int, wall: datetime, minutes: int) -> Session:
    """Raises NoSuchTimeError where the clock skips the wall time."""
    begins, ends = span(wall, cycle.zone, minutes)
    return Session(
        id=ctx.new_id(),
        cycle=cycle.id,
        group=cycle.group,
        workspace=ctx.me.workspace,
        number=number,
        wall=wall,
        zone=cycle.zone,
        starts_at=begins,
        ends_at=ends,
        changed_at=ctx.now,
    )


def change_of(change: str, ctx: Context) -> DateChange | None:
    found = ctx.work.of(Changes).get(change)
    return found if found is not None and found.workspace == ctx.me.workspace else None


def fits_of(ctx: Context, people: Sequence[Person], zone: str) -> Fits:
    is_free = free_days(ctx.work.settings, ctx.me.workspace, ctx.services.calendar)
    planned = with_shifts(people, ctx.work, ctx.now, ctx.now + _A_YEAR)
    return fitting(planned, zone, ctx.now, is_free)
