"""What admins ask of a drill, and what its message writes down on its way."""

from dataclasses import replace
from datetime import datetime

from handlers.drill import cards, model
from handlers.drill.model import EVERY, WEEKLY, Drill, Drills, Weekly
from handlers.kit.cards import Card, Reply
from handlers.kit.commands import Command, Route, Typed
from handlers.kit.feature import NoticeKind, Timer
from handlers.kit.notices import Notice, Priority
from handlers.kit.people import Role
from handlers.kit.ports import mark
from handlers.work import Context, Occasion


def drill(command: Command, ctx: Context) -> Reply:
    """`/plecs drill`: a message to the caller alone, by the way that pings go."""
    _begin(ctx, ctx.me.workspace, ctx.me.id, _next(ctx, ctx.me.workspace))
    return cards.on_its_way(ctx.t)


def weekly(command: Command, ctx: Context) -> Reply:
    """*Every week* and *No longer every week*."""
    on = command.one("on") == "yes"
    ctx.change(WEEKLY, Weekly(on))
    one = ctx.work.of(Drills).get(command.one("drill"))
    if one is not None and one.workspace == ctx.me.workspace:
        ctx.work.of(Drills).save(replace(one, next_at=ctx.now + EVERY if on else None))
        ctx.work.outbox.refresh(one.workspace, model.PING, one.id, ctx.now)
    return cards.weekly(ctx.t, on=on)


def begin_drills(on: Occasion, limit: int) -> int:
    """The next drill of those who wished for one every week, while they are admins."""
    drills = on.work.of(Drills)
    due = drills.due(on.now, limit)
    for one in due:
        drills.save(replace(one, next_at=None))
        person = on.work.people.get(one.person)
        following = _next(on, one.workspace)
        if person is not None and person.belongs and person.is_a(Role.ADMIN) and following:
            _begin(on, one.workspace, one.person, following)
    return len(due)


def delivered(notice: Notice, on: Occasion) -> None:
    """It has arrived: the message shows from then on how long each part of its way took."""
    drills = on.work.of(Drills)
    one = drills.get(notice.about)
    if one is None or one.delivered_at is not None:
        return
    drills.save(replace(one, claimed_at=drills.claimed_at(notice.key), delivered_at=on.now))
    on.work.outbox.refresh(one.workspace, model.PING, one.id, on.now)


def ping_card(notice: Notice, ctx: Context) -> Card | None:
    one = ctx.work.of(Drills).get(notice.about)
    if one is None:
        return None
    is_weekly = WEEKLY.of(ctx.work.settings, one.workspace).on
    return cards.ping(one, ctx.t, is_weekly=is_weekly)


def _begin(on: Occasion, workspace: str, person: str, next_at: datetime | None) -> None:
    one = Drill(on.new_id(), workspace, person, on.now, next_at=next_at)
    on.work.of(Drills).add(one)
    on.work.outbox.add(workspace, Notice(model.PING, one.id, (person,), on.now, Priority.URGENT))


def _next(on: Occasion, workspace: str) -> datetime | None:
    return on.now + EVERY if WEEKLY.of(on.work.settings, workspace).on else None


ROUTES: tuple[Route, ...] = (
    Route(
        "drill",
        drill,
        role=Role.ADMIN,
        typed=Typed(
            {"en": "drill", "lv": "izmēģinājums"},
            mark("For admins: try out how fast a ping reaches you"),
            own_command=False,
        ),
    ),
    Route("drill.weekly", weekly, role=Role.ADMIN),
)

NOTICES: tuple[NoticeKind, ...] = (NoticeKind(model.PING, ping_card, delivered=delivered),)

TIMERS: tuple[Timer, ...] = (begin_drills,)
