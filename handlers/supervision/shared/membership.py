"""Joining, leaving, and the seats that follow."""

from dataclasses import replace
from datetime import datetime

from handlers.kit.about import pack, unpack
from handlers.kit.notices import Notice
from handlers.kit.people import Person
from handlers.supervision.groups.model import Group
from handlers.supervision.members.model import (
    INVITED,
    INVITED_FOR,
    GroupMember,
    Members,
    Standing,
    seats_held,
)
from handlers.supervision.sessions.model import Seats, Sessions, SessionSeat
from handlers.supervision.shared import lifecycle
from handlers.supervision.shared.lookups import FAR, coming, refuse_double
from handlers.work import Context, Work


def join(ctx: Context, group: Group, person: Person) -> None:
    """They are in, and in the sessions to come."""
    work = ctx.work
    sessions = coming(work, group.id, ctx.now)
    refuse_double(ctx, (person.id,), sessions)
    work.of(Members).put(GroupMember(group.id, person.id, Standing.JOINED, ctx.now))
    work.of(Seats).put([SessionSeat(one.id, person.id) for one in sessions])
    lifecycle.member_joined(work, group.id, person.id, ctx.now)


def offer_next(work: Work, group: Group, now: datetime) -> None:
    """Invites those who wait, longest first, while there are seats."""
    if group.closed_at is not None:
        return
    members = work.of(Members).of(group.id)
    free = group.seats - seats_held(members)
    waiting = [one.person for one in members if one.state is Standing.WAITING]
    for person in waiting[: max(0, free)]:
        send_invitation(work, group, person, now)


def send_invitation(work: Work, group: Group, person: str, now: datetime) -> None:
    invited = GroupMember(group.id, person, Standing.INVITED, now, now + INVITED_FOR)
    work.of(Members).put(invited)
    work.outbox.add(group.workspace, Notice(INVITED, about_invitation(invited), (person,), now))


def take_out(work: Work, group: Group, mine: GroupMember, now: datetime) -> None:
    """Somebody's place is free, whatever it was; who had joined is known to have left."""
    if mine.state is Standing.JOINED:
        work.of(Members).put(replace(mine, state=Standing.LEFT, since=now, until=None))
        unbook(work, group, mine.person, now)
        lifecycle.member_left(work, group.id, mine.person, now)
    else:
        work.of(Members).remove(group.id, mine.person)
    if mine.state is Standing.INVITED:
        # Whoever was invited and is not in the group has declined: not even the message is kept.
        invited = Notice(INVITED, about_invitation(mine), (mine.person,), now)
        work.outbox.forget_one(invited.key, now)
    offer_next(work, group, now)


def unbook(work: Work, group: Group, person: str, now: datetime) -> None:
    ahead = work.of(Sessions).coming([group.id], now, now + FAR)
    work.of(Seats).remove(person, [one.id for one in ahead])


def group_id(notice: Notice) -> str:
    return unpack(notice.about)[0]


def about_invitation(invited: GroupMember) -> str:
    """What this invitation and no later one is called."""
    return pack(invited.group, to_the_millisecond(invited.since))


def to_the_millisecond(at: datetime) -> str:
    return str(int(at.timestamp() * 1000))
