"""Who looks after a group, who is in it, who is invited, and who waits."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from handlers.kit.about import pack, unpack
from handlers.kit.cards import Card, Line, Link, Moment, Part, Reply, Style, mention
from handlers.kit.commands import Command, RefusedError, Route
from handlers.kit.notices import Notice
from handlers.kit.people import Person, Role
from handlers.kit.ports import Texts
from handlers.kit.reading import Filled
from handlers.kit.text import fold
from handlers.supervision.calendar import commands as calendar
from handlers.supervision.dates.model import DATES
from handlers.supervision.exports import commands as exports
from handlers.supervision.groups import cards
from handlers.supervision.groups.cards import Inside, Wanted
from handlers.supervision.groups.model import (
    INVITED_FOR,
    LEAST_SEATS,
    LONGEST_NAME,
    LONGEST_PLACE,
    MOST_SEATS,
    Group,
    Groups,
    Member,
    Members,
    Standing,
    Summaries,
    leads,
    seats_held,
)
from handlers.supervision.sessions.commands import asked_for
from handlers.supervision.sessions.model import Seat, Seats, Session, Sessions, SessionState, Turn
from handlers.supervision.shared import lifecycle as life
from handlers.work import Context, NoticeCard, Rejected, Timer, Work

INVITED, ASKED, PLACE = "supervision.invited", "supervision.asked", "supervision.place"
CLOSED, ORPHAN, HANDED = "supervision.closed", "supervision.orphan", "supervision.handed"

FAR = timedelta(days=400)
"""How far sessions are looked for: farther than any cycle goes."""

_IN_THE_WAY = (Standing.JOINED, Standing.INVITED, Standing.WAITING)


# --- what coordinators ask --------------------------------------------------------------------


def new(command: Command, ctx: Context) -> Reply:
    return cards.group_form(Wanted(locale=ctx.me.locale), ctx.t)


def create(command: Command, ctx: Context) -> Reply:
    wanted, errors = _read(command, ctx, None)
    if errors:
        return cards.group_form(wanted, ctx.t, errors=errors)
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
    found = group_in(command, ctx)
    wanted = Wanted(
        found.name,
        found.position,
        found.seats,
        found.locale,
        found.place,
        found.open_for_asking,
        ctx.work.people.get(found.facilitator) if found.facilitator else None,
    )
    return cards.group_form(wanted, ctx.t, found.id)


def change(command: Command, ctx: Context) -> Reply:
    before = group_in(command, ctx, hold=True)
    wanted, errors = _read(command, ctx, before)
    held = seats_held(ctx.work.of(Members).of(before.id))
    if "seats" not in errors and wanted.seats < held:
        errors["seats"] = ctx.t("{n} seats are taken or kept for somebody.", n=held)
    if errors:
        return cards.group_form(wanted, ctx.t, before.id, errors)
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


def overview(command: Command, ctx: Context) -> Reply:
    """All groups of the workspace, or those named so, a page at a time."""
    skip = command.number("skip")
    text = (command.one("text") or command.text).strip()[:LONGEST_NAME]
    found, total = ctx.work.of(Groups).page(ctx.me.workspace, skip, cards.PAGE, text)
    summaries = ctx.work.of(Summaries).of([one.id for one in found], ctx.now)
    known = ctx.work.people.many(sorted({one.owner for one in found if one.owner}))
    owners = {one.id for one in known.values() if one.active and one.is_a(Role.COORDINATOR)}
    is_first = skip == 0 and not text
    more = (*asked_for(ctx), *exports.on_the_overview(ctx)) if is_first else ()
    return cards.overview(
        found, summaries, owners, ctx.t, skip=skip, total=total, text=text, more=more
    )


def invite(command: Command, ctx: Context) -> Reply:
    return cards.invite_form(inside(ctx, group_in(command, ctx)), ctx.t)


def invite_send(command: Command, ctx: Context) -> Reply:
    """Invites whom there is a seat for; the rest go on the waiting list if that was chosen."""
    here = inside(ctx, group_in(command, ctx, hold=True))
    filled = Filled(cards.invite_form(here, ctx.t), command, ctx)
    chosen, full = filled.people("people"), command.one("full")
    errors = filled.errors or _cannot_be_invited(here, chosen, ctx)
    known = {one.person: one for one in here.members}
    asked = [
        person
        for person in chosen
        if person.id not in known or known[person.id].state is not Standing.INVITED
    ]
    if not errors and len(asked) > here.free and full != cards.ON_THE_LIST:
        errors["people"] = _no_seat(here, len(asked), ctx.t)
    if errors:
        return cards.invite_form(here, ctx.t, errors, full or cards.SAY_SO)
    for person in asked[: here.free]:
        _invite(ctx.work, here.group, person.id, ctx.now)
    for number, person in enumerate(asked[here.free :]):
        if person.id not in known or known[person.id].state is not Standing.WAITING:
            since = ctx.now + timedelta(microseconds=number)  # in the order they were chosen
            waiting = Member(here.group.id, person.id, Standing.WAITING, since)
            ctx.work.of(Members).put(waiting)
    return show(ctx, here.group)


def remove(command: Command, ctx: Context) -> Reply:
    """Takes somebody out of the group or off its list; they are told, and nobody else."""
    found = group_in(command, ctx, hold=True)
    mine = ctx.work.of(Members).get(found.id, command.one("person"))
    if mine is not None and mine.state in (Standing.JOINED, Standing.WAITING, Standing.ASKED):
        _take_out(ctx.work, found, mine, ctx.now)
        _tell_place(ctx, found, mine.person)
    return show(ctx, found)


def asker(command: Command, ctx: Context) -> Reply:
    found = group_in(command, ctx)
    person, _ = _asker(command, ctx, found)
    return cards.asker(inside(ctx, found), person, ctx.t)


def take_in(command: Command, ctx: Context) -> Reply:
    """Somebody who asked joins, or waits where there is no seat."""
    found = group_in(command, ctx, hold=True)
    person, asked = _asker(command, ctx, found)
    here = inside(ctx, found)
    _refused_in(here, person, ctx)
    if here.free:
        join(ctx, found, person)
    else:
        waiting = Member(found.id, person.id, Standing.WAITING, ctx.now)
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
    life.sessions_cancelled(ctx.work, cancelled, ctx.now)
    for cycle in {one.cycle for one in cancelled}:
        ctx.work.outbox.refresh(found.workspace, DATES, cycle, ctx.now)
    told = [
        one.person for one in ctx.work.of(Members).of(found.id) if one.state is not Standing.INVITED
    ]
    for one in ctx.work.of(Members).of(found.id):
        if one.state is Standing.INVITED:
            ctx.work.outbox.refresh(found.workspace, INVITED, _about(one), ctx.now)
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
    owner = others.get(command.one("owner"))
    if owner is None:
        raise RefusedError(ctx.t("They are no coordinator any more. Nothing was changed."))
    found = replace(found, owner=owner.id)
    ctx.work.of(Groups).put(found)
    ctx.work.outbox.add(
        found.workspace, Notice(HANDED, pack(found.id, _stamp(ctx.now)), (owner.id,), ctx.now)
    )
    return cards.taken_over(found, owner, ctx.me, ctx.t)


# --- what members ask -------------------------------------------------------------------------


def accept(command: Command, ctx: Context) -> Reply:
    """*I'd like to join*. Pressed twice it is one joining."""
    found = _group_of_mine(command, ctx)
    mine = ctx.work.of(Members).get(found.id, ctx.me.id)
    if mine is not None and mine.state is Standing.JOINED:
        return _joined(found, ctx)
    if mine is None or mine.state is not Standing.INVITED:
        raise RefusedError(ctx.t("This invitation is over. Ask the coordinator for a new one."))
    _refused_in(inside(ctx, found), ctx.me, ctx)
    join(ctx, found, ctx.me)
    ctx.work.outbox.refresh(found.workspace, INVITED, _about(mine), ctx.now)
    return _joined(found, ctx)


def decline(command: Command, ctx: Context) -> Reply:
    """*No, thank you*: the seat is free, and nothing tells why."""
    found = _group_of_mine(command, ctx)
    mine = ctx.work.of(Members).get(found.id, ctx.me.id)
    if mine is not None and mine.state is Standing.INVITED:
        _take_out(ctx.work, found, mine, ctx.now)
    return cards.declined(ctx.t)


def leave(command: Command, ctx: Context) -> Reply:
    found = _group_of_mine(command, ctx)
    mine = ctx.work.of(Members).get(found.id, ctx.me.id)
    if mine is None:
        raise RefusedError(ctx.t("I can't find this group among yours any more."))
    if mine.state is not Standing.LEFT:
        _take_out(ctx.work, found, mine, ctx.now)
    return cards.left(found, ctx.t)


def ask_in(command: Command, ctx: Context) -> Reply:
    """*Ask to join*, for groups that are open for it. Who looks after the group answers."""
    found = _group_of_mine(command, ctx)
    mine = ctx.work.of(Members).get(found.id, ctx.me.id)
    if mine is None or mine.state is Standing.LEFT:
        if not found.open_for_asking:
            raise RefusedError(ctx.t("This group can't be asked for. Its coordinator invites."))
        _refused_in(inside(ctx, found), ctx.me, ctx)
        asked = Member(found.id, ctx.me.id, Standing.ASKED, ctx.now)
        ctx.work.of(Members).put(asked)
        ctx.work.outbox.add(
            found.workspace,
            *(
                Notice(ASKED, _asked_about(asked), (one.id,), ctx.now)
                for one in keepers(ctx.work, found)
            ),
        )
    return cards.has_asked(found, ctx.t)


# --- what time and others bring about ---------------------------------------------------------


def lapse(work: Work, now: datetime, limit: int) -> int:
    """Invitations that nobody answered are over, and the next in the list is asked."""
    due = work.of(Members).lapsed(now, limit)
    for one in due:
        found = work.of(Groups).hold(one.group)
        mine = work.of(Members).get(one.group, one.person)
        # Another process may have been quicker, or the person answered in this very moment.
        if found is not None and mine == one:
            _take_out(work, found, one, now)
    return len(due)


def person_gone(work: Work, person: Person, now: datetime) -> None:
    """Somebody can't use Plecs any more: their seats are free, and their groups need another
    coordinator."""
    for one in work.of(Members).places_of(person.id):
        found = work.of(Groups).hold(one.group)
        mine = work.of(Members).get(one.group, person.id)
        if found is not None and mine is not None:
            _take_out(work, found, mine, now)
    for found in work.of(Groups).kept_by(person.id):
        held = work.of(Groups).hold(found.id)
        if held is None:
            continue
        if held.facilitator == person.id:
            work.of(Groups).put(replace(held, facilitator=""))
            _unbook(work, held, person.id, now)
            life.arrange(work, held.id, now)
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


def unreachable(notice: Notice, work: Work, now: datetime) -> None:
    """An invitation that never arrives keeps no seat."""
    found = work.of(Groups).hold(_group_id(notice))
    mine = work.of(Members).get(_group_id(notice), notice.to[0])
    if found is not None and mine is not None and mine.state is Standing.INVITED:
        _take_out(work, found, mine, now)


def invited_card(notice: Notice, ctx: Context) -> Card | None:
    found = ctx.work.of(Groups).get(_group_id(notice))
    if found is None:
        return None
    mine = ctx.work.of(Members).get(found.id, ctx.me.id)
    is_open = mine is not None and mine.state is Standing.INVITED and found.closed_at is None
    if mine is not None and is_open and _about(mine) == notice.about:
        owner = ctx.work.people.get(found.owner) if found.owner else None
        sessions = coming(ctx.work, found.id, ctx.now)
        dates = _dates_link(sessions, ctx)
        return cards.invitation(inside(ctx, found), sessions, mine, owner, ctx.t, dates=dates)
    if not notice.sent:
        return None
    if mine is not None and mine.state is Standing.JOINED:
        return _joined(found, ctx)
    return cards.invitation_over(found, ctx.t)


def asked_card(notice: Notice, ctx: Context) -> Card | None:
    found = ctx.work.of(Groups).get(_group_id(notice))
    person = ctx.work.people.get(unpack(notice.about, 3)[1])
    if found is None or person is None:
        return None
    mine = ctx.work.of(Members).get(found.id, person.id)
    if mine is not None and mine.state is Standing.ASKED and found.closed_at is None:
        return cards.asker(inside(ctx, found), person, ctx.t)
    return cards.answered_asker(person, found, ctx.t) if notice.sent else None


def place_card(notice: Notice, ctx: Context) -> Card | None:
    found = ctx.work.of(Groups).get(_group_id(notice))
    if found is None or notice.sent:
        return None
    mine = ctx.work.of(Members).get(found.id, ctx.me.id)
    owner = ctx.work.people.get(found.owner) if found.owner else None
    return cards.place(found, mine.state if mine is not None else None, owner, ctx.t)


def closed_card(notice: Notice, ctx: Context) -> Card | None:
    found = ctx.work.of(Groups).get(notice.about)
    return cards.closed(found, ctx.t) if found is not None else None


def orphan_card(notice: Notice, ctx: Context) -> Card | None:
    found = ctx.work.of(Groups).get(_group_id(notice))
    if found is None or found.closed_at is not None:
        return None
    owner = ctx.work.people.get(found.owner) if found.owner else None
    if owner is None or not owner.active:
        return cards.orphan(found, ctx.t)
    return cards.taken_over(found, owner, ctx.me, ctx.t) if notice.sent else None


def handed_card(notice: Notice, ctx: Context) -> Card | None:
    found = ctx.work.of(Groups).get(_group_id(notice))
    if found is None or found.owner != ctx.me.id:
        return None
    return cards.taken_over(found, ctx.me, ctx.me, ctx.t)


def front_parts(ctx: Context) -> tuple[Part, ...]:
    """Invitations and groups to ask for; for coordinators, the groups they look after."""
    mine = ctx.work.of(Members).places_of(ctx.me.id)
    found = {one.group: ctx.work.of(Groups).get(one.group) for one in mine}
    standing = [(group, one.state) for one in mine if (group := found[one.group]) is not None]
    askable = [
        one
        for one in ctx.work.of(Groups).open_for_asking(
            ctx.me.workspace, cards.OPEN_GROUPS + len(mine)
        )
        if one.id not in found and ctx.me.id not in (one.owner, one.facilitator)
    ][: cards.OPEN_GROUPS]
    parts = cards.my_places(standing, askable, ctx.t)
    if not ctx.me.is_a(Role.COORDINATOR):
        return parts
    kept = [one for one in ctx.work.of(Groups).kept_by(ctx.me.id) if one.owner == ctx.me.id]
    shown = kept[: cards.KEPT_GROUPS]
    summaries = ctx.work.of(Summaries).of([one.id for one in shown], ctx.now)
    return (*parts, *cards.kept_groups(shown, len(kept), summaries, ctx.t))


ROUTES: tuple[Route, ...] = (
    Route("supervision.new", new, reads=True, role=Role.COORDINATOR),
    Route("supervision.create", create, role=Role.COORDINATOR),
    Route("supervision.group", group, reads=True, role=Role.COORDINATOR),
    Route("supervision.edit", edit, reads=True, role=Role.COORDINATOR),
    Route("supervision.change", change, role=Role.COORDINATOR),
    Route("supervision.all", overview, reads=True, role=Role.COORDINATOR),
    Route("supervision.invite", invite, reads=True, role=Role.COORDINATOR),
    Route("supervision.invite.send", invite_send, role=Role.COORDINATOR),
    Route("supervision.remove", remove, role=Role.COORDINATOR),
    Route("supervision.asker", asker, reads=True, role=Role.COORDINATOR),
    Route("supervision.take_in", take_in, role=Role.COORDINATOR),
    Route("supervision.turn_down", turn_down, role=Role.COORDINATOR),
    Route("supervision.close", close, role=Role.COORDINATOR),
    Route("supervision.take_over", take_over, role=Role.COORDINATOR),
    Route("supervision.hand_over", hand_over, reads=True, role=Role.COORDINATOR),
    Route("supervision.handed", handed, role=Role.COORDINATOR),
    Route("supervision.accept", accept),
    Route("supervision.decline", decline),
    Route("supervision.leave", leave),
    Route("supervision.ask_in", ask_in),
)

NOTICES: Mapping[str, NoticeCard] = {
    INVITED: invited_card,
    ASKED: asked_card,
    PLACE: place_card,
    CLOSED: closed_card,
    ORPHAN: orphan_card,
    HANDED: handed_card,
}
REJECTED: Mapping[str, Rejected] = {INVITED: unreachable}
TIMERS: tuple[Timer, ...] = (lapse,)


# --- shared with the group's dates ------------------------------------------------------------


def spoken(lines: Sequence[Line]) -> Line:
    """The lines as sentences, one after the other."""
    whole: Line = ()
    for line in lines:
        whole += (" ", *line) if whole else line
    return whole


def group_in(command: Command, ctx: Context, *, hold: bool = False) -> Group:
    """The group that a coordinator's command is about, of their own workspace and not closed."""
    groups = ctx.work.of(Groups)
    found = (groups.hold if hold else groups.get)(command.one("group"))
    if found is None or found.workspace != ctx.me.workspace:
        raise RefusedError(ctx.t("I can't find this group any more."))
    if found.closed_at is not None:
        raise RefusedError(ctx.t("The group {group} is closed.", group=found.name))
    return found


def inside(ctx: Context, group: Group) -> Inside:
    members = ctx.work.of(Members).of(group.id)
    also = (group.facilitator,) if group.facilitator else ()
    people = ctx.work.people.many([*(one.person for one in members), *also])
    return Inside(group, members, people)


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
    return cards.group_card(inside(ctx, group), summary, owner, ctx.me, ctx.t, said=said)


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


def attending(here: Inside) -> tuple[str, ...]:
    """Who has a seat in each session: the members and who facilitates from outside."""
    also = (here.group.facilitator,) if here.group.facilitator in here.people else ()
    return (*(person.id for person in here.who(Standing.JOINED)), *also)


def double(ctx: Context, people: Sequence[str], sessions: Sequence[Session]) -> Line | None:
    """Which of the people would be in two sessions at once, said for a coordinator; None: none.
    What is booked in the sessions themselves does not count: they may be moving."""
    planned = [one for one in sessions if one.state is SessionState.PLANNED]
    if not planned or not people:
        return None
    themselves = {one.id for one in planned}
    first, last = min(one.starts_at for one in planned), max(one.ends_at for one in planned)
    for person, other in ctx.work.of(Seats).booked(people, first, last):
        if other.id not in themselves and any(
            one.starts_at < other.ends_at and other.starts_at < one.ends_at for one in planned
        ):
            whose = ctx.work.of(Groups).get(other.group)
            who = ctx.work.people.get(person)
            assert whose is not None, "it is kept while it has sessions"
            assert who is not None, "they are kept while they have a seat"
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
    ctx.work.of(Seats).hold_people(people)
    _refuse_if(double(ctx, people, sessions))


def join(ctx: Context, group: Group, person: Person) -> None:
    """They are in, and in the sessions to come."""
    work = ctx.work
    sessions = coming(work, group.id, ctx.now)
    refuse_double(ctx, (person.id,), sessions)
    work.of(Members).put(Member(group.id, person.id, Standing.JOINED, ctx.now))
    work.of(Seats).put([Seat(one.id, person.id) for one in sessions])
    life.member_joined(work, group.id, person.id, ctx.now)


def offer_next(work: Work, group: Group, now: datetime) -> None:
    """Invites those who wait, longest first, while there are seats."""
    if group.closed_at is not None:
        return
    members = work.of(Members).of(group.id)
    free = group.seats - seats_held(members)
    waiting = [one.person for one in members if one.state is Standing.WAITING]
    for person in waiting[: max(0, free)]:
        _invite(work, group, person, now)


# --- inside -----------------------------------------------------------------------------------


def _joined(group: Group, ctx: Context) -> Card:
    sessions = coming(ctx.work, group.id, ctx.now)
    return cards.joined(group, sessions, _dates_link(sessions, ctx), ctx.t)


def _dates_link(sessions: Sequence[Session], ctx: Context) -> Link | None:
    """To the dates as a file; None where there are none, or nobody could fetch it."""
    if not sessions:
        return None
    return calendar.dates_link(sessions[0].cycle, ctx.me, ctx.now, ctx.tools)


def _read(command: Command, ctx: Context, before: Group | None) -> tuple[Wanted, dict[str, Line]]:
    """A group's form as typed, and what is wrong with it."""
    t, reading = ctx.t, Filled(cards.group_form(Wanted(), ctx.t), command, ctx)
    name = reading.line("name", LONGEST_NAME)
    wanted = Wanted(
        name=name,
        position=reading.line("position", 80, required=False),
        seats=reading.whole("seats", LEAST_SEATS, MOST_SEATS),
        locale=reading.choice("locale", cards.language_options()),
        place=reading.line("place", LONGEST_PLACE, required=False),
        open_for_asking=reading.choice("open", cards.yes_or_no(t)) == "yes",
        facilitator=next(iter(reading.people("facilitator")), None),
    )
    if wanted.facilitator is None and before is not None and before.facilitator:
        # The form can't show somebody who is in another app only: leaving them out says nothing.
        held = ctx.work.people.get(before.facilitator)
        if held is not None and not held.is_at(command.by.place):
            wanted = replace(wanted, facilitator=held)
    same = ctx.work.of(Groups).named(ctx.me.workspace, name)
    if same is not None and same.id != (before.id if before is not None else ""):
        reading.errors.setdefault("name", t("There is a group of this name already."))
    if wanted.facilitator is not None:
        fault = _cannot_facilitate(wanted.facilitator, before, ctx)
        if fault is not None:
            reading.errors["facilitator"] = fault
    return wanted, reading.errors


def _cannot_facilitate(person: Person, group: Group | None, ctx: Context) -> Line | None:
    t = ctx.t
    if not person.active:
        return t("{name} can't use Plecs now.", name=person.name)
    if not person.is_a(Role.SUPERVISOR):
        return t("{name} is no supervisor in the people list.", name=person.name)
    if group is None:
        return None
    here = inside(ctx, group)
    if person.id in {one.id for one in here.who(*_IN_THE_WAY)}:
        return t("{name} is a member of the group.", name=person.name)
    led = next((one for one in here.who(*_IN_THE_WAY) if leads(person, one)), None)
    return _line_manager(person, led, t) if led is not None else None


def _cannot_be_invited(here: Inside, chosen: tuple[Person, ...], ctx: Context) -> dict[str, Line]:
    if not chosen:
        return {"people": ctx.t("Please choose.")}
    faults = []
    for number, person in enumerate(chosen):
        fault = _cannot_join(here, person, ctx.t) or _clash(
            (*here.who(*_IN_THE_WAY), *chosen[:number]), person, here, ctx.t
        )
        if fault is not None:
            faults.append(fault)
    return {"people": spoken(faults)} if faults else {}


def _cannot_join(here: Inside, person: Person, t: Texts) -> Line | None:
    """Why somebody can't be in the group at all; None: they can."""
    group = here.group
    if not person.active:
        return t("{name} can't use Plecs now.", name=person.name)
    if person.id in {one.id for one in here.who(Standing.JOINED)}:
        return t("{name} is in the group already.", name=person.name)
    if person.id == group.facilitator:
        return t("{name} facilitates the group from outside.", name=person.name)
    if group.position and person.position and fold(person.position) != fold(group.position):
        return t(
            "{name} is {position} by the people list; the group is for {other}.",
            name=person.name,
            position=person.position,
            other=group.position,
        )
    return None


def _clash(others: Sequence[Person], person: Person, here: Inside, t: Texts) -> Line | None:
    """Line managers and those they lead are not equals: who of the others is one to the person."""
    facilitator = here.people.get(here.group.facilitator)
    if facilitator is not None and leads(facilitator, person):
        return _line_manager(facilitator, person, t)
    for other in others:
        if other.id != person.id and leads(other, person):
            return _line_manager(other, person, t)
        if other.id != person.id and leads(person, other):
            return _line_manager(person, other, t)
    return None


def _refused_in(here: Inside, person: Person, ctx: Context) -> None:
    """Raises RefusedError where somebody can't join those who are in the group now."""
    _refuse_if(_cannot_join(here, person, ctx.t))
    _refuse_if(_clash(here.who(Standing.JOINED), person, here, ctx.t))


def _line_manager(boss: Person, person: Person, t: Texts) -> Line:
    return t(
        "{boss} is the line manager of {person}: they can't be in one group.",
        boss=boss.name,
        person=person.name,
    )


def _no_seat(here: Inside, asked: int, t: Texts) -> Line:
    if here.free:
        return t.many(
            "{n} seat is free, and you chose {count}.",
            "{n} seats are free, and you chose {count}.",
            here.free,
            count=asked,
        )
    return t("All {n} seats are taken or kept for somebody.", n=here.group.seats)


def _invite(work: Work, group: Group, person: str, now: datetime) -> None:
    invited = Member(group.id, person, Standing.INVITED, now, now + INVITED_FOR)
    work.of(Members).put(invited)
    work.outbox.add(group.workspace, Notice(INVITED, _about(invited), (person,), now))


def _take_out(work: Work, group: Group, mine: Member, now: datetime) -> None:
    """Somebody's place is free, whatever it was; who had joined is known to have left."""
    if mine.state is Standing.JOINED:
        work.of(Members).put(replace(mine, state=Standing.LEFT, since=now, until=None))
        _unbook(work, group, mine.person, now)
        life.member_left(work, group.id, mine.person, now)
    else:
        work.of(Members).remove(group.id, mine.person)
    if mine.state is Standing.INVITED:
        work.outbox.refresh(group.workspace, INVITED, _about(mine), now)
    offer_next(work, group, now)


def _unbook(work: Work, group: Group, person: str, now: datetime) -> None:
    ahead = work.of(Sessions).coming([group.id], now, now + FAR)
    work.of(Seats).remove(person, [one.id for one in ahead])


def _change_facilitator(before: Group, after: Group, ctx: Context) -> None:
    """Somebody else facilitates the sessions to come, or the members do, in turn."""
    sessions = coming(ctx.work, after.id, ctx.now)
    if before.facilitator:
        _unbook(ctx.work, before, before.facilitator, ctx.now)
    if after.facilitator and sessions:
        refuse_double(ctx, (after.facilitator,), sessions)
        turns = [
            replace(seat, part=Turn.NONE)
            for seat in ctx.work.of(Seats).of([one.id for one in sessions])
            if seat.part is Turn.FACILITATOR
        ]
        ctx.work.of(Seats).put(turns)
        ctx.work.of(Seats).put(
            [Seat(one.id, after.facilitator, part=Turn.FACILITATOR) for one in sessions]
        )
    life.arrange(ctx.work, after.id, ctx.now)


def _touch(sessions: Sequence[Session], ctx: Context) -> None:
    ctx.work.of(Sessions).put(
        [replace(one, sequence=one.sequence + 1, changed_at=ctx.now) for one in sessions]
    )


def _tell_place(ctx: Context, group: Group, person: str) -> None:
    about = pack(group.id, _stamp(ctx.now))
    ctx.work.outbox.add(group.workspace, Notice(PLACE, about, (person,), ctx.now))


def _asker(command: Command, ctx: Context, group: Group) -> tuple[Person, Member]:
    person = ctx.work.people.get(command.one("person"))
    asked = ctx.work.of(Members).get(group.id, command.one("person"))
    if person is None or asked is None or asked.state is not Standing.ASKED:
        raise RefusedError(ctx.t("That is answered: {group}", group=group.name))
    return person, asked


def _group_of_mine(command: Command, ctx: Context) -> Group:
    """The group that a member's command is about."""
    found = ctx.work.of(Groups).hold(command.one("group"))
    if found is None or found.workspace != ctx.me.workspace:
        raise RefusedError(ctx.t("I can't find this group any more."))
    if found.closed_at is not None:
        raise RefusedError(ctx.t("The group {group} is closed.", group=found.name))
    return found


def _refuse_if(line: Line | None) -> None:
    if line is not None:
        raise RefusedError(line)


def _group_id(notice: Notice) -> str:
    return unpack(notice.about)[0]


def _about(invited: Member) -> str:
    """What this invitation and no later one is called."""
    return pack(invited.group, _stamp(invited.since))


def _asked_about(asked: Member) -> str:
    return pack(asked.group, asked.person, _stamp(asked.since))


def _stamp(at: datetime) -> str:
    return str(int(at.timestamp() * 1000))
