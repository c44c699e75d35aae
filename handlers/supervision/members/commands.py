"""Inviting, joining, waiting, asking and leaving."""

from collections.abc import Sequence
from datetime import timedelta

from handlers.kit.about import pack, unpack
from handlers.kit.cards import Card, Line, Link, Part, Reply
from handlers.kit.commands import Command, RefusedError, Route
from handlers.kit.feature import NoticeKind, Timer
from handlers.kit.notices import Notice
from handlers.kit.people import Person, Role
from handlers.kit.ports import Texts
from handlers.kit.reading import Filled
from handlers.supervision.groups.model import Group, Groups
from handlers.supervision.members import cards
from handlers.supervision.members.model import (
    ASKED,
    INVITED,
    PLACE,
    GroupMember,
    Members,
    Roster,
    Standing,
)
from handlers.supervision.members.rules import IN_THE_WAY, cannot_join, clash
from handlers.supervision.sessions.model import Session
from handlers.supervision.shared import files
from handlers.supervision.shared.lookups import (
    coming,
    group_in,
    keepers,
    refuse_if,
    roster_of,
    show,
)
from handlers.supervision.shared.membership import (
    about_invitation,
    group_id,
    join,
    send_invitation,
    take_out,
    to_the_millisecond,
)
from handlers.work import Context, Occasion


def invite(command: Command, ctx: Context) -> Reply:
    return cards.invite_form(roster_of(ctx, group_in(command, ctx)), ctx.t)


def invite_send(command: Command, ctx: Context) -> Reply:
    """Invites whom there is a seat for; the rest go on the waiting list if that was chosen."""
    here = roster_of(ctx, group_in(command, ctx, hold=True))
    filled = Filled(cards.invite_form(here, ctx.t), command, ctx)
    chosen, full = filled.people("people"), filled.chosen("full")
    errors = filled.errors
    errors |= {} if errors else _cannot_be_invited(here, chosen, ctx)
    known = {one.person: one for one in here.members}
    asked = [
        person
        for person in chosen
        if person.id not in known or known[person.id].state is not Standing.INVITED
    ]
    if not errors and len(asked) > here.free and full != cards.ON_THE_LIST:
        errors["people"] = _no_seat(here, len(asked), ctx.t)
    if errors:
        return filled.again()
    for person in asked[: here.free]:
        send_invitation(ctx.work, here.group, person.id, ctx.now)
    listed = asked[here.free :]
    for number, person in enumerate(listed):
        if person.id not in known or known[person.id].state is not Standing.WAITING:
            # In the order they were chosen, and none of them later than now.
            since = ctx.now - timedelta(microseconds=len(listed) - 1 - number)
            waiting = GroupMember(here.group.id, person.id, Standing.WAITING, since)
            ctx.work.of(Members).put(waiting)
    return show(ctx, here.group)


def remove(command: Command, ctx: Context) -> Reply:
    """Takes somebody out of the group or off its list; they are told, and nobody else."""
    found = group_in(command, ctx, hold=True)
    mine = ctx.work.of(Members).get(found.id, command.one("person"))
    if mine is not None and mine.state in (Standing.JOINED, Standing.WAITING, Standing.ASKED):
        take_out(ctx.work, found, mine, ctx.now)
        _tell_place(ctx, found, mine.person)
    return show(ctx, found)


def asker(command: Command, ctx: Context) -> Reply:
    found = group_in(command, ctx)
    person, _ = _asker(command, ctx, found)
    return cards.asker(roster_of(ctx, found), person, ctx.t)


def take_in(command: Command, ctx: Context) -> Reply:
    """Somebody who asked joins, or waits where there is no seat."""
    found = group_in(command, ctx, hold=True)
    person, asked = _asker(command, ctx, found)
    here = roster_of(ctx, found)
    _refused_in(here, person, ctx)
    if here.free:
        join(ctx, found, person)
    else:
        waiting = GroupMember(found.id, person.id, Standing.WAITING, ctx.now)
        ctx.work.of(Members).put(waiting)
    _tell_place(ctx, found, person.id)
    ctx.work.outbox.refresh(found.workspace, ASKED, _asked_about(asked), ctx.now)
    return show(ctx, found)


def turn_down(command: Command, ctx: Context) -> Reply:
    found = group_in(command, ctx, hold=True)
    person, asked = _asker(command, ctx, found)
    ctx.work.of(Members).remove(found.id, person.id)
    _tell_place(ctx, found, person.id)
    ctx.work.outbox.refresh(found.workspace, ASKED, _asked_about(asked), ctx.now)
    return show(ctx, found)


def accept(command: Command, ctx: Context) -> Reply:
    """*I'd like to join*. Pressed twice it is one joining."""
    found = group_in(command, ctx, hold=True)
    mine = ctx.work.of(Members).get(found.id, ctx.me.id)
    if mine is not None and mine.state is Standing.JOINED:
        return _joined(found, ctx)
    if mine is None or mine.state is not Standing.INVITED:
        raise RefusedError(ctx.t("This invitation is over. Ask the coordinator for a new one."))
    _refused_in(roster_of(ctx, found), ctx.me, ctx)
    join(ctx, found, ctx.me)
    ctx.work.outbox.refresh(found.workspace, INVITED, about_invitation(mine), ctx.now)
    return _joined(found, ctx)


def decline(command: Command, ctx: Context) -> Reply:
    """*No, thank you*: the seat is free, and nothing tells why."""
    found = group_in(command, ctx, hold=True)
    mine = ctx.work.of(Members).get(found.id, ctx.me.id)
    if mine is not None and mine.state is Standing.INVITED:
        take_out(ctx.work, found, mine, ctx.now)
    return cards.declined(ctx.t)


def leave(command: Command, ctx: Context) -> Reply:
    found = group_in(command, ctx, hold=True)
    mine = ctx.work.of(Members).get(found.id, ctx.me.id)
    if mine is None:
        raise RefusedError(ctx.t("I can't find this group among yours any more."))
    if mine.state is not Standing.LEFT:
        take_out(ctx.work, found, mine, ctx.now)
    return cards.left(found, ctx.t)


def ask_in(command: Command, ctx: Context) -> Reply:
    """*Ask to join*, for groups that are open for it. Who looks after the group answers."""
    found = group_in(command, ctx, hold=True)
    mine = ctx.work.of(Members).get(found.id, ctx.me.id)
    if mine is None or mine.state is Standing.LEFT:
        if not found.open_for_asking:
            raise RefusedError(ctx.t("This group can't be asked for. Its coordinator invites."))
        _refused_in(roster_of(ctx, found), ctx.me, ctx)
        asked = GroupMember(found.id, ctx.me.id, Standing.ASKED, ctx.now)
        ctx.work.of(Members).put(asked)
        ctx.work.outbox.add(
            found.workspace,
            *(
                Notice(ASKED, _asked_about(asked), (one.id,), ctx.now)
                for one in keepers(ctx.work, found)
            ),
        )
    return cards.has_asked(found, ctx.t)


def expire_invitations(on: Occasion, limit: int) -> int:
    """Invitations that nobody answered are over, and the next in the list is asked."""
    work, now = on.work, on.now
    due = work.of(Members).lapsed(now, limit)
    for one in due:
        found = work.of(Groups).hold(one.group)
        mine = work.of(Members).get(one.group, one.person)
        # Another process may have been quicker, or the person answered in this very moment.
        if found is not None and mine == one:
            take_out(work, found, one, now)
    return len(due)


def unreachable(notice: Notice, on: Occasion) -> None:
    """An invitation that never arrives keeps no seat."""
    work, now = on.work, on.now
    found = work.of(Groups).hold(group_id(notice))
    mine = work.of(Members).get(group_id(notice), notice.to[0])
    if found is not None and mine is not None and mine.state is Standing.INVITED:
        take_out(work, found, mine, now)


def invited_card(notice: Notice, ctx: Context) -> Card | None:
    found = ctx.work.of(Groups).get(group_id(notice))
    if found is None:
        return None
    mine = ctx.work.of(Members).get(found.id, ctx.me.id)
    is_open = mine is not None and mine.state is Standing.INVITED and found.closed_at is None
    if mine is not None and is_open and about_invitation(mine) == notice.about:
        owner = ctx.work.people.get(found.owner) if found.owner else None
        sessions = coming(ctx.work, found.id, ctx.now)
        dates = _dates_link(sessions, ctx)
        return cards.invitation(roster_of(ctx, found), sessions, mine, owner, ctx.t, dates=dates)
    if not notice.sent:
        return None
    if mine is not None and mine.state is Standing.JOINED:
        return _joined(found, ctx)
    return cards.invitation_over(found, ctx.t)


def asked_card(notice: Notice, ctx: Context) -> Card | None:
    found = ctx.work.of(Groups).get(group_id(notice))
    person = ctx.work.people.get(unpack(notice.about, 3)[1])
    if found is None or person is None:
        return None
    mine = ctx.work.of(Members).get(found.id, person.id)
    if mine is not None and mine.state is Standing.ASKED and found.closed_at is None:
        return cards.asker(roster_of(ctx, found), person, ctx.t)
    return cards.answered_asker(person, found, ctx.t) if notice.sent else None


def place_card(notice: Notice, ctx: Context) -> Card | None:
    found = ctx.work.of(Groups).get(group_id(notice))
    if found is None or notice.sent:
        return None
    mine = ctx.work.of(Members).get(found.id, ctx.me.id)
    owner = ctx.work.people.get(found.owner) if found.owner else None
    return cards.place(found, mine.state if mine is not None else None, owner, ctx.t)


def spoken(lines: Sequence[Line]) -> Line:
    """The lines as sentences, one after the other."""
    whole: Line = ()
    for line in lines:
        whole += (" ", *line) if whole else line
    return whole


def on_the_front(ctx: Context) -> tuple[Part, ...]:
    """Invitations to answer, what is under way, and groups to ask for."""
    mine = ctx.work.of(Members).places_of(ctx.me.id)
    found = {one.group: ctx.work.of(Groups).get(one.group) for one in mine}
    standing = [(group, one.state) for one in mine if (group := found[one.group]) is not None]
    most = cards.OPEN_GROUPS + len(mine)
    askable = [
        one
        for one in ctx.work.of(Groups).open_for_asking(ctx.me.workspace, most)
        if one.id not in found and ctx.me.id not in (one.owner, one.facilitator)
    ][: cards.OPEN_GROUPS]
    return cards.my_places(standing, askable, ctx.t)


def _joined(group: Group, ctx: Context) -> Card:
    sessions = coming(ctx.work, group.id, ctx.now)
    return cards.joined(group, sessions, _dates_link(sessions, ctx), ctx.t)


def _dates_link(sessions: Sequence[Session], ctx: Context) -> Link | None:
    """To the dates as a file; None where there are none, or nobody could fetch it."""
    if not sessions:
        return None
    return files.dates_link(sessions[0].cycle, ctx.me, ctx.now, ctx.services)


def _cannot_be_invited(here: Roster, chosen: tuple[Person, ...], ctx: Context) -> dict[str, Line]:
    if not chosen:
        return {"people": ctx.t("Please choose.")}
    faults = []
    for number, person in enumerate(chosen):
        fault = cannot_join(here, person, ctx.t) or clash(
            (*here.who(*IN_THE_WAY), *chosen[:number]), person, here, ctx.t
        )
        if fault is not None:
            faults.append(fault)
    return {"people": spoken(faults)} if faults else {}


def _refused_in(here: Roster, person: Person, ctx: Context) -> None:
    """Raises RefusedError where somebody can't join those who are in the group now."""
    refuse_if(cannot_join(here, person, ctx.t))
    refuse_if(clash(here.who(Standing.JOINED), person, here, ctx.t))


def _no_seat(here: Roster, asked: int, t: Texts) -> Line:
    if here.free:
        return t.many(
            "{n} seat is free, and you chose {count}.",
            "{n} seats are free, and you chose {count}.",
            here.free,
            count=asked,
        )
    return t("All {n} seats are taken or kept for somebody.", n=here.group.seats)


def _tell_place(ctx: Context, group: Group, person: str) -> None:
    about = pack(group.id, to_the_millisecond(ctx.now))
    ctx.work.outbox.add(group.workspace, Notice(PLACE, about, (person,), ctx.now))


def _asker(command: Command, ctx: Context, group: Group) -> tuple[Person, GroupMember]:
    person = ctx.work.people.get(command.one("person"))
    asked = ctx.work.of(Members).get(group.id, command.one("person"))
    if person is None or asked is None or asked.state is not Standing.ASKED:
        raise RefusedError(ctx.t("That is answered: {group}", group=group.name))
    return person, asked


def _asked_about(asked: GroupMember) -> str:
    return pack(asked.group, asked.person, to_the_millisecond(asked.since))


ROUTES: tuple[Route, ...] = (
    Route("supervision.invite", invite, reads=True, role=Role.COORDINATOR),
    Route("supervision.invite.send", invite_send, role=Role.COORDINATOR),
    Route("supervision.remove", remove, role=Role.COORDINATOR),
    Route("supervision.asker", asker, reads=True, role=Role.COORDINATOR),
    Route("supervision.take_in", take_in, role=Role.COORDINATOR),
    Route("supervision.turn_down", turn_down, role=Role.COORDINATOR),
    Route("supervision.accept", accept),
    Route("supervision.decline", decline, private=True),
    Route("supervision.leave", leave),
    Route("supervision.ask_in", ask_in, private=True),
)

NOTICES: tuple[NoticeKind, ...] = (
    NoticeKind(INVITED, invited_card, rejected=unreachable),
    NoticeKind(ASKED, asked_card),
    NoticeKind(PLACE, place_card),
)

TIMERS: tuple[Timer, ...] = (expire_invitations,)
