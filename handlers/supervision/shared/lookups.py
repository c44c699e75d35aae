"""What the rooms' commands are about: the group, the session, the people, held where it matters."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from handlers.availability.diaries import BookingKind, Diaries
from handlers.kit.about import unpack
from handlers.kit.cards import Card, Line, Moment, Part, Style, mention
from handlers.kit.commands import Command, RefusedError
from handlers.kit.deidentify import readable
from handlers.kit.notices import Notice
from handlers.kit.people import Person, Role
from handlers.supervision.agreement.model import Agreements
from handlers.supervision.cycles.model import Cycle, Cycles, CycleState
from handlers.supervision.groups.model import Group, Groups, Summaries
from handlers.supervision.members.model import Members, Roster, Standing
from handlers.supervision.sessions.model import (
    Seats,
    Session,
    Sessions,
    SessionState,
    SessionSteps,
    Votes,
)
from handlers.supervision.shared import cards
from handlers.supervision.shared.model import Meeting
from handlers.work import Context, Work

FAR = timedelta(days=400)
"""How far sessions are looked for: farther than any cycle goes."""


def group_in(command: Command, ctx: Context, *, hold: bool = False) -> Group:
    """The group that the command is about."""
    return open_group(ctx, command.one("group"), hold=hold)


def open_group(ctx: Context, group: str, *, hold: bool = False) -> Group:
    """The caller's workspace's group of that id. Raises RefusedError where there is none, or it is
    closed."""
    groups = ctx.work.of(Groups)
    found = (groups.hold if hold else groups.get)(group)
    if found is None or found.workspace != ctx.me.workspace:
        raise RefusedError(ctx.t("I can't find this group any more."))
    if found.closed_at is not None:
        raise RefusedError(ctx.t("The group {group} is closed.", group=found.name))
    return found


def roster_of(ctx: Context, group: Group) -> Roster:
    members = ctx.work.of(Members).of(group.id)
    also = (group.facilitator,) if group.facilitator else ()
    people = ctx.work.people.many([*(one.person for one in members), *also])
    return Roster(group, members, people)


def coming(work: Work, group: str, now: datetime) -> tuple[Session, ...]:
    """The group's planned sessions from now on."""
    found = work.of(Sessions).coming([group], now, now + FAR)
    return tuple(one for one in found if one.state is SessionState.PLANNED)


def show(ctx: Context, group: Group, said: tuple[Part, ...] = ()) -> Card:
    """The group as it stands now."""
    owner = ctx.work.people.get(group.owner) if group.owner else None
    if owner is not None and not (owner.active and owner.is_a(Role.COORDINATOR)):
        owner = None
    summary = ctx.work.of(Summaries).of([group.id], ctx.now)[group.id]
    return cards.group_card(roster_of(ctx, group), summary, owner, ctx.me, ctx.t, said=said)


def coordinators(work: Work, workspace: str) -> tuple[Person, ...]:
    """Everybody who may look after groups there."""
    found = (
        *work.people.with_role(workspace, Role.COORDINATOR),
        *work.people.with_role(workspace, Role.ADMIN),
    )
    return tuple({person.id: person for person in found}.values())


def keepers(work: Work, group: Group) -> tuple[Person, ...]:
    """Who is asked about the group: who looks after it, or everybody who may."""
    owner = work.people.get(group.owner) if group.owner else None
    if owner is not None and owner.active and owner.is_a(Role.COORDINATOR):
        return (owner,)
    return coordinators(work, group.workspace)


def attending(here: Roster) -> tuple[str, ...]:
    """Who has a seat in each session: the members and who facilitates from outside."""
    also = (here.group.facilitator,) if here.group.facilitator in here.people else ()
    return (*(person.id for person in here.who(Standing.JOINED)), *also)


def double(ctx: Context, people: Sequence[str], sessions: Sequence[Session]) -> Line | None:
    """Which of the people would be at two places at once, said for a coordinator; None: none.
    What is booked in the sessions themselves does not count: they may be moving."""
    planned = [one for one in sessions if one.state is SessionState.PLANNED]
    if not planned or not people:
        return None
    themselves = {one.id for one in planned}
    first, last = min(one.starts_at for one in planned), max(one.ends_at for one in planned)
    for other in ctx.work.of(Diaries).booked(people, first, last):
        if other.id not in themselves and any(
            one.starts_at < other.ends_at and other.starts_at < one.ends_at for one in planned
        ):
            who = ctx.work.people.get(other.person)
            assert who is not None, "they are kept while they have a seat"
            if other.kind is BookingKind.CLASS:
                when = Moment(other.starts_at, Style.DATETIME)
                return ctx.t("{person} is in a class then: {when}.", person=mention(who), when=when)
            whose = ctx.work.of(Groups).get(other.of)
            assert whose is not None, "it is kept while it has sessions"
            return ctx.t(
                "{person} is in a session of {group} then: {when}.",
                person=mention(who),
                group=whose.name,
                when=Moment(other.starts_at, Style.DATETIME),
            )
    return None


def refuse_double(ctx: Context, people: Sequence[str], sessions: Sequence[Session]) -> None:
    """Raises RefusedError for what `double` says. The people's diaries are held from here on, so
    that it stays true until this is kept."""
    ctx.work.of(Diaries).hold(people)
    refuse_if(double(ctx, people, sessions))


def refuse_if(line: Line | None) -> None:
    if line is not None:
        raise RefusedError(line)


def session_of_mine(command: Command, ctx: Context, *, hold: bool = False) -> Session:
    """The session of the command, in which the caller has a seat. Raises RefusedError."""
    session = ctx.work.of(Sessions).get(command.one("session"))
    if session is not None and hold:
        ctx.work.of(Groups).hold(session.group)
        session = ctx.work.of(Sessions).get(session.id)
    if session is None or not _has_seat(ctx.work, session, ctx.me):
        raise RefusedError(ctx.t("I can't find this session among yours any more."))
    return session


def in_plain_letters(command: Command, name: str) -> Command:
    """The command with what was typed into the field in the letters in which it is kept."""
    typed = tuple(map(readable, command.many(name)))
    value = typed if len(typed) > 1 else "".join(typed)
    return replace(command, values={**command.values, name: value})


def _has_seat(work: Work, session: Session, person: Person) -> bool:
    return any(seat.person == person.id for seat in work.of(Seats).of([session.id]))


def refuse_begun(session: Session, ctx: Context) -> None:
    if session.state is SessionState.CANCELLED:
        raise RefusedError(ctx.t("This session does not take place."))
    if session.starts_at <= ctx.now:
        raise RefusedError(ctx.t("This session has begun already."))


def meeting_of(ctx: Context, session: Session) -> Meeting:
    group = ctx.work.of(Groups).get(session.group)
    assert group is not None, "a session goes with its group"
    seats = ctx.work.of(Seats).of([session.id])
    agreed = ctx.work.of(Agreements).agreed(group.id, session.cycle, group.agreement_version)
    return Meeting(
        group,
        session,
        seats,
        ctx.work.people.many([seat.person for seat in seats]),
        ctx.me,
        ctx.now,
        ctx.work.of(SessionSteps).get(session.id),
        agreed=ctx.me.id in agreed or ctx.me.id == group.facilitator,
        votes=ctx.work.of(Votes).of(session.id),
    )


def meeting_of_notice(notice: Notice, ctx: Context) -> Meeting | None:
    session = ctx.work.of(Sessions).get(unpack(notice.about)[0])
    return meeting_of(ctx, session) if session is not None else None


def running_cycle(work: Work, group: str) -> Cycle | None:
    """The group's cycle that is not over."""
    cycles = work.of(Cycles).of(group)
    return next((one for one in cycles if one.state is CycleState.RUNNING), None)
