"""Who looks after a group, and what it is."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.kit.about import pack
from handlers.kit.cards import Card, Form, Line, Part, Reply
from handlers.kit.commands import Command, RefusedError, Route
from handlers.kit.facts import PersonLeft
from handlers.kit.feature import NoticeKind
from handlers.kit.notices import Notice
from handlers.kit.people import Person, Role
from handlers.kit.reading import Filled
from handlers.supervision.dates.model import DATES
from handlers.supervision.groups import cards
from handlers.supervision.groups.cards import GroupDraft
from handlers.supervision.groups.model import CLOSED, HANDED, ORPHAN, Group, Groups, Summaries
from handlers.supervision.members.model import INVITED, Members, Standing, leads, seats_held
from handlers.supervision.members.rules import IN_THE_WAY, line_manager
from handlers.supervision.sessions.model import (
    Seats,
    Session,
    Sessions,
    SessionSeat,
    SessionState,
    Turn,
)
from handlers.supervision.shared import lifecycle
from handlers.supervision.shared.lookups import (
    coming,
    coordinators,
    group_in,
    refuse_double,
    roster_of,
    show,
)
from handlers.supervision.shared.membership import (
    about_invitation,
    group_id,
    offer_next,
    take_out,
    to_the_millisecond,
    unbook,
)
from handlers.work import Context, Occasion


def new(command: Command, ctx: Context) -> Reply:
    return cards.group_form(GroupDraft(locale=ctx.me.locale), ctx.t)


def create(command: Command, ctx: Context) -> Reply:
    wanted = _read(command, ctx, None)
    if isinstance(wanted, Form):
        return wanted
    group = Group(
        id=ctx.new_id(),
        workspace=ctx.me.workspace,
        name=wanted.name,
        position=wanted.position,
        seats=wanted.seats,
        locale=wanted.locale,
        place=wanted.place,
        facilitator=wanted.facilitator.id if wanted.facilitator is not None else "",
        owner=ctx.me.id,
        created_at=ctx.now,
        open_for_asking=wanted.open_for_asking,
    )
    ctx.work.of(Groups).put(group)
    return show(ctx, group)


def group(command: Command, ctx: Context) -> Reply:
    return show(ctx, group_in(command, ctx))


def edit(command: Command, ctx: Context) -> Reply:
    return _form_of(group_in(command, ctx), ctx)


def change(command: Command, ctx: Context) -> Reply:
    before = group_in(command, ctx, hold=True)
    wanted = _read(command, ctx, before)
    if isinstance(wanted, Form):
        return wanted
    after = replace(
        before,
        name=wanted.name,
        position=wanted.position,
        seats=wanted.seats,
        locale=wanted.locale,
        place=wanted.place,
        facilitator=wanted.facilitator.id if wanted.facilitator is not None else "",
        open_for_asking=wanted.open_for_asking,
    )
    ctx.work.of(Groups).put(after)
    if after.place != before.place:
        # Calendars take over only what has a new SEQUENCE.
        _touch([one for one in coming(ctx.work, before.id, ctx.now) if not one.place], ctx)
    if after.facilitator != before.facilitator:
        _change_facilitator(before, after, ctx)
    offer_next(ctx.work, after, ctx.now)
    return show(ctx, after)


def close(command: Command, ctx: Context) -> Reply:
    """The group meets no more. Its name is free again."""
    found = group_in(command, ctx, hold=True)
    closed = replace(found, closed_at=ctx.now)
    ctx.work.of(Groups).put(closed)
    cancelled = [
        replace(one, state=SessionState.CANCELLED, sequence=one.sequence + 1, changed_at=ctx.now)
        for one in coming(ctx.work, found.id, ctx.now)
    ]
    ctx.work.of(Sessions).put(cancelled)
    lifecycle.sessions_cancelled(ctx.work, cancelled, ctx.now)
    for cycle in {one.cycle for one in cancelled}:
        ctx.work.outbox.refresh(found.workspace, DATES, cycle, ctx.now)
    told = [
        one.person for one in ctx.work.of(Members).of(found.id) if one.state is not Standing.INVITED
    ]
    for one in ctx.work.of(Members).of(found.id):
        if one.state is Standing.INVITED:
            ctx.work.outbox.refresh(found.workspace, INVITED, about_invitation(one), ctx.now)
    ctx.work.outbox.add(
        found.workspace, *(Notice(CLOSED, found.id, (person,), ctx.now) for person in told)
    )
    return cards.closed(closed, ctx.t)


def take_over(command: Command, ctx: Context) -> Reply:
    found = group_in(command, ctx, hold=True)
    before = found.owner
    found = replace(found, owner=ctx.me.id)
    ctx.work.of(Groups).put(found)
    ctx.work.outbox.refresh(found.workspace, ORPHAN, pack(found.id, before), ctx.now)
    return show(ctx, found)


def hand_over(command: Command, ctx: Context) -> Reply:
    found = group_in(command, ctx)
    others = [one for one in coordinators(ctx.work, found.workspace) if one.id != ctx.me.id]
    if not others:
        raise RefusedError(
            ctx.t("There is no other coordinator yet. An admin can make somebody one.")
        )
    return cards.hand_over_form(found, others, ctx.t)


def handed(command: Command, ctx: Context) -> Reply:
    found = group_in(command, ctx, hold=True)
    others = {person.id: person for person in coordinators(ctx.work, found.workspace)}
    asked = Filled(cards.hand_over_form(found, tuple(others.values()), ctx.t), command, ctx)
    owner = others.get(asked.chosen("owner"))
    if owner is None or asked.errors:
        line = ctx.t("They are no coordinator any more. Nothing was changed.")
        return replace(asked.again(), errors={"owner": line})
    found = replace(found, owner=owner.id)
    ctx.work.of(Groups).put(found)
    ctx.work.outbox.add(
        found.workspace,
        Notice(HANDED, pack(found.id, to_the_millisecond(ctx.now)), (owner.id,), ctx.now),
    )
    return cards.taken_over(found, owner, ctx.me, ctx.t)


def person_left(fact: PersonLeft, on: Occasion) -> None:
    """Somebody can't use Plecs any more: their seats are free, and their groups need another
    coordinator."""
    work, person, now = on.work, fact.person, on.now
    for one in work.of(Members).places_of(person.id):
        found = work.of(Groups).hold(one.group)
        mine = work.of(Members).get(one.group, person.id)
        if found is not None and mine is not None:
            take_out(work, found, mine, now)
    for found in work.of(Groups).kept_by(person.id):
        held = work.of(Groups).hold(found.id)
        if held is None:
            continue
        if held.facilitator == person.id:
            work.of(Groups).put(replace(held, facilitator=""))
            unbook(work, held, person.id, now)
            lifecycle.arrange(work, held.id, now)
        if held.owner == person.id:
            about = pack(held.id, person.id)
            work.outbox.add(
                held.workspace,
                *(
                    Notice(ORPHAN, about, (one.id,), now)
                    for one in coordinators(work, held.workspace)
                    if one.id != person.id
                ),
            )


def closed_card(notice: Notice, ctx: Context) -> Card | None:
    found = ctx.work.of(Groups).get(notice.about)
    return cards.closed(found, ctx.t) if found is not None else None


def orphan_card(notice: Notice, ctx: Context) -> Card | None:
    found = ctx.work.of(Groups).get(group_id(notice))
    if found is None or found.closed_at is not None:
        return None
    owner = ctx.work.people.get(found.owner) if found.owner else None
    if owner is None or not owner.active:
        return cards.orphan(found, ctx.t)
    return cards.taken_over(found, owner, ctx.me, ctx.t) if notice.sent else None


def handed_card(notice: Notice, ctx: Context) -> Card | None:
    found = ctx.work.of(Groups).get(group_id(notice))
    if found is None or found.owner != ctx.me.id:
        return None
    return cards.taken_over(found, ctx.me, ctx.me, ctx.t)


def on_the_front(ctx: Context) -> tuple[Part, ...]:
    """For coordinators: the groups they look after."""
    if not ctx.me.is_a(Role.COORDINATOR):
        return ()
    kept = [one for one in ctx.work.of(Groups).kept_by(ctx.me.id) if one.owner == ctx.me.id]
    shown = kept[: cards.KEPT_GROUPS]
    summaries = ctx.work.of(Summaries).of([one.id for one in shown], ctx.now)
    return cards.kept_groups(shown, len(kept), summaries, ctx.t)


def _form_of(group: Group, ctx: Context) -> Form:
    """What may be changed of the group."""
    draft = GroupDraft(
        group.name,
        group.position,
        group.seats,
        group.locale,
        group.place,
        group.open_for_asking,
        ctx.work.people.get(group.facilitator) if group.facilitator else None,
    )
    return cards.group_form(draft, ctx.t, group.id)


def _read(command: Command, ctx: Context, before: Group | None) -> GroupDraft | Form:
    """What a group's form asks for; or the form again, with what is wrong."""
    t = ctx.t
    form = cards.group_form(GroupDraft(), t) if before is None else _form_of(before, ctx)
    asked = Filled(form, command, ctx)
    wanted = GroupDraft(
        name=asked.text("name"),
        position=asked.text("position"),
        seats=asked.number("seats"),
        locale=asked.chosen("locale"),
        place=asked.text("place"),
        open_for_asking=asked.switch("open"),
        facilitator=next(iter(asked.people("facilitator")), None),
    )
    if before is not None and "seats" not in asked.errors:
        taken = seats_held(ctx.work.of(Members).of(before.id))
        if wanted.seats < taken:
            asked.errors["seats"] = t("{n} seats are taken or kept for somebody.", n=taken)
    if wanted.facilitator is None and before is not None and before.facilitator:
        # The form can't show somebody who is in another app only: leaving them out says nothing.
        held = ctx.work.people.get(before.facilitator)
        if held is not None and not held.is_at(command.by.place):
            wanted = replace(wanted, facilitator=held)
    same = ctx.work.of(Groups).named(ctx.me.workspace, wanted.name)
    if same is not None and same.id != (before.id if before is not None else ""):
        asked.errors.setdefault("name", t("There is a group of this name already."))
    if wanted.facilitator is not None:
        fault = _cannot_facilitate(wanted.facilitator, before, ctx)
        if fault is not None:
            asked.errors["facilitator"] = fault
    return asked.again() if asked.errors else wanted


def _cannot_facilitate(person: Person, group: Group | None, ctx: Context) -> Line | None:
    t = ctx.t
    if not person.active:
        return t("{name} can't use Plecs now.", name=person.name)
    if not person.is_a(Role.SUPERVISOR):
        return t("{name} is no supervisor in the people list.", name=person.name)
    if group is None:
        return None
    here = roster_of(ctx, group)
    if person.id in {one.id for one in here.who(*IN_THE_WAY)}:
        return t("{name} is a member of the group.", name=person.name)
    led = next((one for one in here.who(*IN_THE_WAY) if leads(person, one)), None)
    return line_manager(person, led, t) if led is not None else None


def _change_facilitator(before: Group, after: Group, ctx: Context) -> None:
    """Somebody else facilitates the sessions to come, or the members do, in turn."""
    sessions = coming(ctx.work, after.id, ctx.now)
    if before.facilitator:
        unbook(ctx.work, before, before.facilitator, ctx.now)
    if after.facilitator and sessions:
        refuse_double(ctx, (after.facilitator,), sessions)
        turns = [
            replace(seat, part=Turn.NONE)
            for seat in ctx.work.of(Seats).of([one.id for one in sessions])
            if seat.part is Turn.FACILITATOR
        ]
        ctx.work.of(Seats).put(turns)
        ctx.work.of(Seats).put(
            [SessionSeat(one.id, after.facilitator, part=Turn.FACILITATOR) for one in sessions]
        )
    lifecycle.arrange(ctx.work, after.id, ctx.now)


def _touch(sessions: Sequence[Session], ctx: Context) -> None:
    ctx.work.of(Sessions).put(
        [replace(one, sequence=one.sequence + 1, changed_at=ctx.now) for one in sessions]
    )


ROUTES: tuple[Route, ...] = (
    Route("supervision.new", new, reads=True, role=Role.COORDINATOR),
    Route("supervision.create", create, role=Role.COORDINATOR),
    Route("supervision.group", group, reads=True, role=Role.COORDINATOR),
    Route("supervision.edit", edit, reads=True, role=Role.COORDINATOR),
    Route("supervision.change", change, role=Role.COORDINATOR),
    Route("supervision.close", close, role=Role.COORDINATOR),
    Route("supervision.take_over", take_over, role=Role.COORDINATOR),
    Route("supervision.hand_over", hand_over, reads=True, role=Role.COORDINATOR),
    Route("supervision.handed", handed, role=Role.COORDINATOR),
)

NOTICES: tuple[NoticeKind, ...] = (
    NoticeKind(CLOSED, closed_card),
    NoticeKind(ORPHAN, orphan_card),
    NoticeKind(HANDED, handed_card),
)
