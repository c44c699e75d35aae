"""A group's dates: moved, added, cancelled, each shown before and undone after."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.kit.cards import Card, Form, Reply
from handlers.kit.commands import Command, RefusedError, Route
from handlers.kit.feature import NoticeKind
from handlers.kit.notices import Notice
from handlers.kit.people import Role
from handlers.kit.reading import Pressed
from handlers.supervision.cycles.model import Cycles, CycleState
from handlers.supervision.dates import cards
from handlers.supervision.dates.edits import Edit, edit_form, read_edit, session_of
from handlers.supervision.dates.model import (
    DATES,
    UNDO_FOR,
    ChangeKind,
    Changes,
    DateChange,
    Snapshot,
)
from handlers.supervision.dates.rules import fingerprint, restored
from handlers.supervision.groups.model import Group, Groups
from handlers.supervision.members.model import Members, Standing
from handlers.supervision.sessions.model import Seats, Session, Sessions, SessionState
from handlers.supervision.shared import cards as shared
from handlers.supervision.shared import files, lifecycle
from handlers.supervision.shared.changes import change_of, changed, put_with_seats, refresh_planned
from handlers.supervision.shared.lookups import attending, group_in, refuse_double, roster_of
from handlers.work import Context


def group_dates(command: Command, ctx: Context) -> Reply:
    group = group_in(command, ctx)
    cycle = next(iter(ctx.work.of(Cycles).of(group.id)), None)
    sessions = ctx.work.of(Sessions).of_cycle(cycle.id) if cycle is not None else ()
    return cards.dates(group, cycle, sessions, ctx.now, ctx.t)


def one_date(command: Command, ctx: Context) -> Reply:
    session, group = session_of(command, ctx)
    return cards.date_card(group, session, ctx.t)


def move_form(command: Command, ctx: Context) -> Reply:
    return edit_form(ChangeKind.MOVED, command, ctx)


def shift_form(command: Command, ctx: Context) -> Reply:
    return edit_form(ChangeKind.ALL_MOVED, command, ctx)


def add_form(command: Command, ctx: Context) -> Reply:
    return edit_form(ChangeKind.ADDED, command, ctx)


def cancel_form(command: Command, ctx: Context) -> Reply:
    return edit_form(ChangeKind.CANCELLED, command, ctx)


def end_form(command: Command, ctx: Context) -> Reply:
    return edit_form(ChangeKind.ENDED, command, ctx)


def edit_preview(command: Command, ctx: Context) -> Reply:
    edit = read_edit(command, ctx)
    return edit if isinstance(edit, Form) else _preview(edit, ctx, ctx.new_id())


def edit_do(command: Command, ctx: Context) -> Reply:
    """Does what the preview showed, or shows anew what it would be by now."""
    group = group_in(command, ctx, hold=True)
    change = Pressed(command, ctx.t).id("id") or ctx.new_id()
    known = change_of(change, ctx)
    if known is not None:
        return shared.done(group, known, ctx.t)
    edit = read_edit(command, ctx)
    if isinstance(edit, Form):
        return edit
    if fingerprint(edit.stand) != command.one("fingerprint"):
        return _preview(edit, ctx, change)
    people = attending(roster_of(ctx, group))
    refuse_double(ctx, people, edit.after)
    kept = ctx.work.of(Seats).of([one.id for one in edit.stand if one.ends_at > ctx.now])
    before = Snapshot(edit.ended, edit.before, kept)
    ended = tuple(replace(one, state=CycleState.ENDED) for one in edit.ended)
    for one in ended:
        ctx.work.of(Cycles).put(one)
    match edit.kind:
        case ChangeKind.ADDED:
            put_with_seats(ctx, group, edit.after, people)
            lifecycle.sessions_planned(ctx.work, edit.after, ctx.now)
        case ChangeKind.CANCELLED | ChangeKind.ENDED:
            ctx.work.of(Sessions).put(edit.after)
            lifecycle.sessions_cancelled(ctx.work, edit.after, ctx.now)
        case _:
            ctx.work.of(Sessions).put(edit.after)
            lifecycle.sessions_moved(ctx.work, edit.after, ctx.now)
    seats = ctx.work.of(Seats).of([one.id for one in (*edit.stand, *edit.after)])
    after = Snapshot(ended, edit.after, seats)
    return changed(ctx, group, edit.kind, change, before=before, after=after, people=people)


def undo(command: Command, ctx: Context) -> Reply:
    """Everything as it was, while that is what it would come to."""
    found = change_of(command.one("change"), ctx)
    group = ctx.work.of(Groups).hold(found.group) if found is not None else None
    # Read anew: another coordinator may have been quicker, and is waited for above.
    found = change_of(command.one("change"), ctx)
    if found is None or group is None or group.closed_at is not None:
        raise RefusedError(ctx.t("I can't find this group any more."))
    if found.undone_at is not None:
        return shared.done(group, found, ctx.t)
    if ctx.now > found.at + UNDO_FOR:
        raise RefusedError(
            ctx.t("Ten minutes are over; people may have planned with it. You can still change it.")
        )
    after = found.after
    same = all(ctx.work.of(Sessions).get(one.id) == one for one in after.sessions) and all(
        ctx.work.of(Cycles).get(one.id) == one for one in after.cycles
    )
    if not same or _next_was_planned(found, group, ctx):
        raise RefusedError(
            ctx.t("Something else was changed meanwhile. Have a look at the dates as they are.")
        )
    seated = ctx.work.of(Seats).of(sorted({seat.session for seat in found.before.seats}))
    back, gone, seats = restored(found.before, after, seated, ctx.now)
    refuse_double(ctx, attending(roster_of(ctx, group)), back)
    _take_back(ctx, found, back, gone)
    ctx.work.of(Seats).put(seats)
    ctx.work.of(Changes).undone(found.id, ctx.now)
    ctx.work.outbox.refresh(group.workspace, DATES, found.id, ctx.now)
    refresh_planned(ctx, found)
    return shared.done(group, replace(found, undone_at=ctx.now), ctx.t)


def changed_card(notice: Notice, ctx: Context) -> Card | None:
    """What a member reads of it: one message for a whole cycle, kept as things stand."""
    change = ctx.work.of(Changes).get(notice.about)
    group = ctx.work.of(Groups).get(change.group) if change is not None else None
    if change is None or group is None or not _meets(ctx, group):
        return None
    if not notice.sent:
        if change.undone_at is not None or group.closed_at is not None:
            return None
        overtaken = any(ctx.work.of(Sessions).get(one.id) != one for one in change.after.sessions)
        if overtaken and change.kind is not ChangeKind.PLANNED:
            return None
    sessions = (
        ctx.work.of(Sessions).of_cycle(change.cycle) if change.kind is ChangeKind.PLANNED else ()
    )
    owner = ctx.work.people.get(group.owner) if group.owner else None
    dates = None
    if sessions:
        dates = files.dates_link(change.cycle, ctx.me, ctx.now, ctx.services)
    return cards.told(group, change, sessions, owner, ctx.t, dates=dates)


def _preview(edit: Edit, ctx: Context, change: str) -> Card:
    values = {
        **edit.values,
        "id": change,
        "fingerprint": fingerprint(edit.stand),
    }
    here = roster_of(ctx, edit.group)
    told = [here.people[one] for one in attending(here)]
    before = {one.id: one for one in edit.before}
    pairs = [(before.get(one.id), one) for one in edit.after]
    return cards.edit_preview(
        edit.group, edit.kind, pairs, ctx.t, warnings=edit.fits, told=told, values=values
    )


def _take_back(
    ctx: Context, change: DateChange, back: Sequence[Session], gone: Sequence[str]
) -> None:
    for one in change.before.cycles:
        ctx.work.of(Cycles).put(one)
    removed = [one for one in change.after.sessions if one.id in gone]
    if removed:
        off = [replace(one, state=SessionState.CANCELLED) for one in removed]
        ctx.work.of(Sessions).put(off)
        lifecycle.sessions_cancelled(ctx.work, off, ctx.now)
        ctx.work.of(Sessions).remove(gone)
    if change.kind is ChangeKind.PLANNED:
        ctx.work.of(Cycles).remove(change.id)
        lifecycle.cycle_taken_back(ctx.work, change.after.cycles[-1], ctx.now)
    ctx.work.of(Sessions).put(back)
    if change.kind in (ChangeKind.CANCELLED, ChangeKind.ENDED):
        lifecycle.sessions_planned(ctx.work, back, ctx.now)
    elif back:
        lifecycle.sessions_moved(ctx.work, back, ctx.now)


def _next_was_planned(change: DateChange, group: Group, ctx: Context) -> bool:
    """Whether a later cycle stands on what would be taken back."""
    cycle = ctx.work.of(Cycles).get(change.cycle)
    newest = next(iter(ctx.work.of(Cycles).of(group.id)), None)
    return cycle is not None and newest is not None and newest.number > cycle.number


def _meets(ctx: Context, group: Group) -> bool:
    """Whether the reader is in the group now: who left reads no more of where and when it meets."""
    mine = ctx.work.of(Members).get(group.id, ctx.me.id)
    return group.facilitator == ctx.me.id or (mine is not None and mine.state is Standing.JOINED)


ROUTES: tuple[Route, ...] = (
    Route("supervision.dates", group_dates, reads=True, role=Role.COORDINATOR),
    Route("supervision.date", one_date, reads=True, role=Role.COORDINATOR),
    Route("supervision.move", move_form, reads=True, role=Role.COORDINATOR),
    Route("supervision.shift", shift_form, reads=True, role=Role.COORDINATOR),
    Route("supervision.add", add_form, reads=True, role=Role.COORDINATOR),
    Route("supervision.cancel", cancel_form, reads=True, role=Role.COORDINATOR),
    Route("supervision.end", end_form, reads=True, role=Role.COORDINATOR),
    Route("supervision.edit.preview", edit_preview, reads=True, role=Role.COORDINATOR),
    Route("supervision.edit.do", edit_do, role=Role.COORDINATOR),
    Route("supervision.undo", undo, role=Role.COORDINATOR),
)

NOTICES: tuple[NoticeKind, ...] = (NoticeKind(DATES, changed_card),)
