"""The questions of a month: opened, answered and published."""

import secrets
from dataclasses import replace
from datetime import timedelta
from functools import partial

from handlers.common.roles import coordinators_of
from handlers.kit.cards import Card, Reply
from handlers.kit.commands import Behind, Command, RefusedError, Route
from handlers.kit.feature import NoticeKind
from handlers.kit.notices import Notice, Priority
from handlers.kit.reading import Filled, Pressed
from handlers.kit.unread import UnreadError, see_read
from handlers.voice.model import VOICE
from handlers.voice.pulse import cards, model
from handlers.voice.pulse.model import Pulse, Round
from handlers.voice.readers import zone_of
from handlers.work import Context, Occasion

_LOOKED_AT_AGAIN = timedelta(days=1)


def switch(workspace: str, on: Occasion, *, is_on: bool) -> None:
    """From now on the questions are asked each month, or no more."""
    kept = on.work.of(Pulse)
    if not is_on:
        kept.stop(workspace)
    elif kept.of(workspace) is None:
        kept.put(_next(workspace, on))


def pulse(_command: Command, ctx: Context) -> Reply:
    """What was published last, and the questions that are open for the caller."""
    kept = ctx.work.of(Pulse)
    seat = kept.seat(ctx.me.workspace, ctx.me.id)
    may_answer = seat is not None and not seat.opened
    is_on = VOICE.of(ctx.work.settings, ctx.me.workspace).pulse
    return cards.pulse(kept.latest(ctx.me.workspace), is_on=is_on, may_answer=may_answer, t=ctx.t)


def open_(_command: Command, ctx: Context) -> Reply:
    """Opens them, once."""
    kept = ctx.work.of(Pulse)
    round_, seat = kept.of(ctx.me.workspace), kept.seat(ctx.me.workspace, ctx.me.id)
    if round_ is None or not round_.is_open or seat is None:
        raise RefusedError(ctx.t("There are no questions for you at the moment."))
    see_read(round_.secret)
    if not kept.open_(ctx.me.workspace, ctx.me.id):
        raise RefusedError(
            ctx.t("You opened this month’s questions already. They come once for each of you.")
        )
    return cards.given(model.ballot(round_.secret, seat.team), seat.team, ctx.t)


def form(command: Command, ctx: Context) -> Reply:
    """The three questions, for whoever has a ballot."""
    pressed = Pressed(command, ctx.t)
    return cards.form(pressed.id("ballot"), command.one("team")[:200], ctx.t)


def send(command: Command, ctx: Context) -> Reply:
    """The answers, without whose they are."""
    ballot, team = Pressed(command, ctx.t).id("ballot"), command.one("team")[:200]
    filled = Filled(cards.form(ballot, team, ctx.t), command, ctx)
    answers = tuple(int(filled.chosen(name)) for name in model.QUESTIONS)
    if filled.errors:
        return filled.again()
    round_ = ctx.work.of(Pulse).of(ctx.me.workspace)
    if round_ is not None:
        see_read(round_.secret)
    if round_ is None or not model.is_ballot(round_.secret, team, ballot):
        raise RefusedError(ctx.t("There are no questions for you at the moment."))
    ctx.work.of(Pulse).answer(ctx.me.workspace, ballot, team, answers)
    return cards.kept(ctx.t)


def asked_card(notice: Notice, ctx: Context) -> Card | None:
    """None once they are over, or were opened."""
    kept = ctx.work.of(Pulse)
    round_, seat = kept.of(ctx.me.workspace), kept.seat(ctx.me.workspace, ctx.me.id)
    if round_ is None or not round_.is_open or round_.month != notice.about or seat is None:
        return cards.over(ctx.t) if notice.sent else None
    if seat.opened:
        return cards.opened(ctx.t) if notice.sent else None
    return cards.asked(round_.step_at, ctx.t)


def published_card(notice: Notice, ctx: Context) -> Card | None:
    latest = ctx.work.of(Pulse).latest(ctx.me.workspace)
    if latest is None or latest[0] != notice.about:
        return None
    return cards.pulse(latest, is_on=True, may_answer=False, t=ctx.t)


def advance_pulse(on: Occasion, limit: int) -> int:
    """Opens and publishes what is due."""
    due = on.work.of(Pulse).due(on.now, limit)
    for round_ in due:
        if not VOICE.of(on.work.settings, round_.workspace).pulse:
            on.work.of(Pulse).stop(round_.workspace)
        elif round_.is_open:
            _publish(round_, on)
        else:
            _open(round_, on)
    return len(due)


def ask_pulse(on: Occasion, limit: int) -> int:
    """Tells those who have a seat, so many at a time."""
    untold, kept = on.work.of(Pulse).untold(limit), on.work.of(Pulse)
    for workspace, person in untold:
        round_ = kept.of(workspace)
        if round_ is not None:
            notice = Notice(model.ASKED, round_.month, (person,), on.now, Priority.BULK)
            on.work.outbox.add(workspace, notice)
    return len(untold)


def _open(round_: Round, on: Occasion) -> None:
    kept = on.work.of(Pulse)
    if kept.seat_all(round_.workspace) < model.LEAST:
        kept.stop(round_.workspace)
        kept.put(_next(round_.workspace, on))
        return
    month = f"{round_.step_at:%Y-%m}"
    over_at = round_.step_at + model.OPEN_FOR
    kept.put(replace(round_, month=month, secret=secrets.token_hex(32), step_at=over_at))


def _publish(round_: Round, on: Occasion) -> None:
    """Once: what comes later is answered with nothing. What another SECRET_KEY sealed waits for
    that key, until the next questions: it may be set again."""
    kept = on.work.of(Pulse)
    following = _next(round_.workspace, on)
    try:
        results = model.results(kept.answers(round_.workspace))
    except UnreadError:
        if on.now < model.given_up_at(round_.month, _zone(round_.workspace, on)):
            again_at = min(on.now + _LOOKED_AT_AGAIN, following.step_at)
            kept.put(replace(round_, step_at=again_at))
            return
        results = ()
    kept.publish(round_.workspace, round_.month, results, on.now)
    kept.put(following)
    on.work.outbox.refresh(round_.workspace, model.ASKED, round_.month, on.now)
    if results:
        readers = coordinators_of(round_.workspace, on)
        notices = (Notice(model.PUBLISHED, round_.month, (one.id,), on.now) for one in readers)
        on.work.outbox.add(round_.workspace, *notices)


def _next(workspace: str, on: Occasion) -> Round:
    return Round(workspace, "", "", model.next_opening(on.now, _zone(workspace, on)))


def _zone(workspace: str, on: Occasion) -> str:
    return zone_of(coordinators_of(workspace, on))


_private = partial(Route, private=True)
_unlinked = partial(_private, unlinked=True)

ROUTES = (
    _private(
        "voice.pulse",
        pulse,
        reads=True,
        behind=Behind("voice", {"en": "pulse", "lv": "pulss"}),
    ),
    _private("voice.pulse.open", open_),
    _unlinked("voice.pulse.form", form, reads=True),
    _unlinked("voice.pulse.send", send),
)
NOTICES = (
    NoticeKind(model.ASKED, asked_card, private=True),
    NoticeKind(model.PUBLISHED, published_card, private=True),
)
TIMERS = (advance_pulse, ask_pulse)
