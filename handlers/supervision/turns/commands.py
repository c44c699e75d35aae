"""Swapping turns."""

from dataclasses import replace

from handlers.kit.about import unpack
from handlers.kit.cards import Card, Reply
from handlers.kit.commands import Command, Living, RefusedError, Route
from handlers.kit.feature import NoticeKind
from handlers.kit.notices import Notice
from handlers.kit.people import Person
from handlers.kit.reading import Filled
from handlers.supervision.groups.model import Groups
from handlers.supervision.sessions.model import Attendance, Seats, Session, Sessions, Turn
from handlers.supervision.shared import cards as shared
from handlers.supervision.shared import lifecycle
from handlers.supervision.shared.lookups import (
    meeting_of,
    meeting_of_notice,
    refuse_begun,
    session_of_mine,
)
from handlers.supervision.shared.model import Meeting
from handlers.supervision.turns import cards
from handlers.supervision.turns.model import SWAP, SWAP_WAITS, TURN, Swap, Swaps
from handlers.work import Context


def swap_form(command: Command, ctx: Context) -> Reply:
    meeting = meeting_of(ctx, session_of_mine(command, ctx))
    refuse_begun(meeting.session, ctx)
    if meeting.mine is None or meeting.mine.part is Turn.NONE:
        raise RefusedError(ctx.t("You have no turn in this session that could be swapped."))
    others = _to_swap_with(meeting)
    if not others:
        raise RefusedError(ctx.t("Nobody else can come: there is nobody to swap with."))
    return cards.swap_form(meeting, others, ctx.t)


def swap_send(command: Command, ctx: Context) -> Reply | Living:
    """Asks the other; nothing changes until they agree."""
    session = session_of_mine(command, ctx, hold=True)
    refuse_begun(session, ctx)
    meeting = meeting_of(ctx, session)
    if meeting.mine is None or meeting.mine.part is Turn.NONE:
        raise RefusedError(ctx.t("You have no turn in this session that could be swapped."))
    others = _to_swap_with(meeting)
    if not others:
        raise RefusedError(ctx.t("Nobody else can come: there is nobody to swap with."))
    asked = Filled(cards.swap_form(meeting, others, ctx.t), command, ctx)
    other = meeting.people.get(asked.chosen("other"))
    if other is None or asked.errors:
        raise RefusedError(ctx.t("They can't come to this session. Ask somebody else."))
    theirs = next(seat.part for seat in meeting.seats if seat.person == other.id)
    for before in ctx.work.of(Swaps).of([session.id]):
        if before.asker == ctx.me.id and not before.agreed:
            _drop_swap(ctx, session, before)
    one = Swap(ctx.new_id(), session.id, ctx.me.id, other.id, meeting.mine.part, theirs)
    ctx.work.of(Swaps).put(one)
    ctx.work.outbox.add(session.workspace, Notice(SWAP, one.id, (other.id,), ctx.now))
    waits = cards.swap_asked(other, ctx.t)
    return Living(waits, Notice(SWAP_WAITS, one.id, (ctx.me.id,), ctx.now), waits)


def swap_yes(command: Command, ctx: Context) -> Reply:
    """The other agrees: it holds if both still have what they had when it was asked."""
    one, session = _swap_of_mine(command, ctx)
    if one.agreed:
        return None
    seats = {seat.person: seat for seat in ctx.work.of(Seats).of([session.id])}
    asker, mine = seats.get(one.asker), seats.get(one.other)
    if asker is None or mine is None or (asker.part, mine.part) != (one.gives, one.gets):
        raise RefusedError(ctx.t("The turns have changed since. Nothing was swapped."))
    for before in ctx.work.of(Swaps).of([session.id]):
        # An earlier swap of either is replaced by this one.
        if before.id != one.id and {before.asker, before.other} & {one.asker, one.other}:
            _drop_swap(ctx, session, before)
    ctx.work.of(Swaps).put(replace(one, agreed=True))
    swapped = (replace(asker, part=one.gets), replace(mine, part=one.gives))
    ctx.work.of(Seats).put(swapped)
    lifecycle.arrange(ctx.work, session.group, ctx.now)
    lifecycle.refresh(ctx.work, session, ctx.now)
    lifecycle.refresh_swap(ctx.work, session, one, ctx.now)
    ctx.work.outbox.add(session.workspace, Notice(SWAP, one.id, (one.asker,), ctx.now))
    return None


def swap_no(command: Command, ctx: Context) -> Reply:
    """*Not this time*. The asker's turn stays theirs; why is not asked."""
    one, session = _swap_of_mine(command, ctx)
    if not one.agreed:
        _drop_swap(ctx, session, one)
        ctx.work.outbox.add(session.workspace, Notice(SWAP, one.id, (one.asker,), ctx.now))
    return None


def turn_card(notice: Notice, ctx: Context) -> Card | None:
    meeting, part = meeting_of_notice(notice, ctx), Turn(unpack(notice.about, 2)[1])
    if meeting is None:
        return shared.over(ctx.t) if notice.sent else None
    gone = meeting.mine is None or meeting.mine.part is not part or meeting.has_begun
    return None if gone and not notice.sent else cards.turn(meeting, part, ctx.t)


def swap_card(notice: Notice, ctx: Context) -> Card | None:
    """For who is asked the question; for who asked, what became of it."""
    one = ctx.work.of(Swaps).get(notice.about)
    session = ctx.work.of(Sessions).get(one.session) if one is not None else None
    if one is None or session is None:
        return cards.swap_over(ctx.t)
    meeting = meeting_of(ctx, session)
    if one.asker == ctx.me.id:
        return cards.swap_done(meeting, ctx.t)
    return cards.swap(meeting, one, ctx.t)


def _to_swap_with(meeting: Meeting) -> list[Person]:
    return [
        meeting.people[seat.person]
        for seat in meeting.inside
        if seat.person != meeting.me.id
        and seat.person in meeting.people
        and seat.attendance is not Attendance.ABSENT
        and (meeting.mine is None or seat.part is not meeting.mine.part)
    ]


def waits_card(notice: Notice, ctx: Context) -> Card | None:
    """For who asked, on the card that said so: that it waits, and then what became of it."""
    one = ctx.work.of(Swaps).get(notice.about)
    session = ctx.work.of(Sessions).get(one.session) if one is not None else None
    other = ctx.work.people.get(one.other) if one is not None else None
    if one is None or session is None or other is None:
        return cards.swap_over(ctx.t)
    meeting = meeting_of(ctx, session)
    if one.agreed:
        return cards.swap_done(meeting, ctx.t)
    if meeting.has_begun or meeting.is_cancelled:
        return cards.swap_over(ctx.t)
    return cards.swap_asked(other, ctx.t)


def _swap_of_mine(command: Command, ctx: Context) -> tuple[Swap, Session]:
    """The swap that the caller is asked for. Raises RefusedError when it is no longer asked."""
    one = ctx.work.of(Swaps).get(command.one("swap"))
    session = ctx.work.of(Sessions).get(one.session) if one is not None else None
    if one is None or session is None or one.other != ctx.me.id:
        raise RefusedError(ctx.t("This swap is no longer asked for"))
    ctx.work.of(Groups).hold(session.group)
    refuse_begun(session, ctx)
    return one, session


def _drop_swap(ctx: Context, session: Session, one: Swap) -> None:
    ctx.work.of(Swaps).remove(one.id)
    lifecycle.refresh_swap(ctx.work, session, one, ctx.now)


ROUTES: tuple[Route, ...] = (
    Route("session.swap", swap_form, reads=True),
    Route("session.swap.send", swap_send, private=True),
    Route("session.swap.yes", swap_yes, private=True),
    Route("session.swap.no", swap_no, private=True),
)

NOTICES: tuple[NoticeKind, ...] = (
    NoticeKind(TURN, turn_card),
    NoticeKind(SWAP, swap_card, private=True),
    NoticeKind(SWAP_WAITS, waits_card, private=True),
)
