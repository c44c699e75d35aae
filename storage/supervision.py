"""Supervision groups: who is in them, their cycles, sessions and seats."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    and_,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from handlers.kit.text import fold
from handlers.supervision.groups.model import (
    Attendance,
    Change,
    ChangeKind,
    Cycle,
    CycleState,
    Group,
    Member,
    Part,
    Picture,
    Seat,
    Session,
    SessionState,
    Standing,
    Summary,
    Supervision,
)
from storage.effects import Effects
from storage.people.tables import people
from storage.schema import Instant, Keeping, insert_new, metadata, put_all
from storage.work import SqlWork, repository

_A_YEAR = timedelta(days=366)
_A_DAY = timedelta(days=1)

groups: Table = Table(
    "supervision_groups",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("workspace", String(80), nullable=False),
    Column("name", Text, nullable=False),
    Column("folded_name", Text, nullable=False),
    Column("position", Text, nullable=False),
    Column("seats", Integer, nullable=False),
    Column("locale", String(8), nullable=False),
    Column("place", Text, nullable=False),
    Column("facilitator", String(32), nullable=False, index=True),
    Column("owner", String(32), nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
    Column("open_for_asking", Boolean, nullable=False),
    Column("agreement", Text, nullable=False),
    Column("agreement_version", Integer, nullable=False),
    Column("closed_at", Instant),
    Index(
        "uq_supervision_groups_open_name",
        "workspace",
        "folded_name",
        unique=True,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
    info={
        "keeping": Keeping(
            why="A year after it was closed.",
            ended=lambda now: groups.c.closed_at < now - _A_YEAR,
            person=("owner", "facilitator"),
            erase=lambda person: (
                update(groups).where(groups.c.owner == person).values(owner=""),
                update(groups).where(groups.c.facilitator == person).values(facilitator=""),
            ),
        )
    },
)

members: Table = Table(
    "supervision_members",
    metadata,
    Column("group", ForeignKey(groups.c.id, ondelete="CASCADE"), primary_key=True),
    Column("person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant),
    Index("ix_supervision_members_person", "person"),
    Index(
        "ix_supervision_members_until",
        "until",
        sqlite_where=text("until IS NOT NULL"),
        postgresql_where=text("until IS NOT NULL"),
    ),
    info={
        "keeping": Keeping(
            why="As long as the group; who left, a year. Who declined is not kept.",
            ended=lambda now: and_(
                members.c.state == Standing.LEFT, members.c.since < now - _A_YEAR
            ),
            person=("person",),
        )
    },
)

cycles: Table = Table(
    "supervision_cycles",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("group", ForeignKey(groups.c.id, ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("rule", String(120), nullable=False),
    Column("wall", String(5), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("first", String(10), nullable=False),
    Column("state", String(16), nullable=False),
    Index("uq_supervision_cycles_number", "group", "number", unique=True),
    info={"keeping": Keeping(why="As long as the group. Names nobody.")},
)

sessions: Table = Table(
    "supervision_sessions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("cycle", ForeignKey(cycles.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("group", ForeignKey(groups.c.id, ondelete="CASCADE"), nullable=False),
    Column("workspace", String(80), nullable=False),
    Column("number", Integer, nullable=False),
    Column("wall", String(16), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("starts_at", Instant, nullable=False, index=True),
    Column("ends_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("place", Text, nullable=False),
    Index("ix_supervision_sessions_group", "group", "starts_at"),
    info={
        "keeping": Keeping(
            why="A year after it, for calendars and the group's own counts.",
            ended=lambda now: sessions.c.ends_at < now - _A_YEAR,
        )
    },
)

seats = Table(
    "supervision_seats",
    metadata,
    Column("session", ForeignKey(sessions.c.id, ondelete="CASCADE"), primary_key=True),
    Column("person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True),
    Column("attendance", String(16), nullable=False),
    Column("part", String(16), nullable=False),
    Index("ix_supervision_seats_person", "person", "session"),
    info={"keeping": Keeping(why="As long as the session: turns go around.", person=("person",))},
)

SITS = and_(
    sessions.c.state == SessionState.PLANNED,
    seats.c.attendance.in_((Attendance.COMING, Attendance.LATE, Attendance.ATTENDED)),
)
"""Who said that they come to a session that takes place."""

LONGEST_SESSION = timedelta(hours=3)
"""Longer than any session: how far back those that still go on are looked for."""

diaries = Table(
    "supervision_diaries",
    metadata,
    Column("person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True),
    info={
        "keeping": Keeping(
            why="What those who book a person wait for each other at.", person=("person",)
        )
    },
)

changes: Table = Table(
    "supervision_changes",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("workspace", String(80), nullable=False),
    Column("group", ForeignKey(groups.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("cycle", String(32), nullable=False),
    Column("by", String(32), nullable=False),
    Column("at", Instant, nullable=False, index=True),
    Column("people", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("undone_at", Instant),
    info={
        "keeping": Keeping(
            why="Sixty days, for who comes back from an absence and is told then.",
            ended=lambda now: changes.c.at < now - timedelta(days=60),
            person=("by",),
            erase=lambda person: (
                delete(changes).where(
                    or_(
                        changes.c.by == person,
                        changes.c.people.contains(person),
                        changes.c.before.contains(person),
                        changes.c.after.contains(person),
                    )
                ),
            ),
        )
    },
)

_OPEN = groups.c.closed_at.is_(None)
_BY_NAME = groups.c.folded_name, groups.c.id
_BY_TIME = sessions.c.starts_at, sessions.c.id


class SqlSupervision:
    """`handlers.supervision.groups.model.Supervision` over a connection."""

    def __init__(self, connection: Connection, effects: Effects) -> None:
        self._connection = connection
        self._effects = effects

    def group(self, group: str) -> Group | None:
        row = self._connection.execute(select(groups).where(groups.c.id == group)).one_or_none()
        return _group(row) if row else None

    def hold(self, group: str) -> Group | None:
        row = self._connection.execute(
            select(groups).where(groups.c.id == group).with_for_update()
        ).one_or_none()
        return _group(row) if row else None

    def put_group(self, group: Group) -> None:
        put_all(self._connection, groups, [_group_row(group)])

    def page(
        self, workspace: str, skip: int, limit: int, text: str = ""
    ) -> tuple[tuple[Group, ...], int]:
        found = and_(
            groups.c.workspace == workspace,
            _OPEN,
            *(groups.c.folded_name.contains(word, autoescape=True) for word in fold(text).split()),
        )
        total = self._connection.execute(
            select(func.count()).select_from(groups).where(found)
        ).scalar_one()
        rows = self._connection.execute(
            select(groups).where(found).order_by(*_BY_NAME).offset(skip).limit(limit)
        ).all()
        return tuple(_group(row) for row in rows), total

    def named(self, workspace: str, name: str) -> Group | None:
        row = self._connection.execute(
            select(groups).where(
                groups.c.workspace == workspace, groups.c.folded_name == fold(name), _OPEN
            )
        ).one_or_none()
        return _group(row) if row else None

    def groups_of(self, person: str) -> tuple[Group, ...]:
        return self._groups(
            select(groups)
            .join(members, members.c.group == groups.c.id)
            .where(members.c.person == person, members.c.state == Standing.JOINED)
        )

    def kept_by(self, person: str) -> tuple[Group, ...]:
        return self._groups(
            select(groups).where(or_(groups.c.owner == person, groups.c.facilitator == person))
        )

    def open_groups(self, workspace: str, limit: int) -> tuple[Group, ...]:
        return self._groups(
            select(groups)
            .where(groups.c.workspace == workspace, groups.c.open_for_asking)
            .limit(limit)
        )

    def members(self, group: str) -> tuple[Member, ...]:
        rows = self._connection.execute(
            select(members)
            .where(members.c.group == group, members.c.state != Standing.LEFT)
            .order_by(members.c.since, members.c.person)
        )
        return tuple(_member(row) for row in rows)

    def memberships(self, person: str) -> tuple[Member, ...]:
        rows = self._connection.execute(
            select(members)
            .join(groups, groups.c.id == members.c.group)
            .where(members.c.person == person, members.c.state != Standing.LEFT, _OPEN)
            .order_by(members.c.since, members.c.group)
        )
        return tuple(_member(row) for row in rows)

    def membership(self, group: str, person: str) -> Member | None:
        row = self._connection.execute(
            select(members).where(members.c.group == group, members.c.person == person)
        ).one_or_none()
        return _member(row) if row else None

    def put_member(self, member: Member) -> None:
        row = {
            "group": member.group,
            "person": member.person,
            "state": member.state,
            "since": member.since,
            "until": member.until,
        }
        put_all(self._connection, members, [row])
        self._effects.wake_at(member.until)

    def remove_member(self, group: str, person: str) -> None:
        self._connection.execute(
            delete(members).where(members.c.group == group, members.c.person == person)
        )

    def lapsed(self, now: datetime, limit: int) -> tuple[Member, ...]:
        rows = self._connection.execute(
            select(members).where(members.c.until <= now).order_by(members.c.until).limit(limit)
        )
        return tuple(_member(row) for row in rows)

    def summaries(self, groups: Sequence[str], now: datetime) -> Mapping[str, Summary]:
        if not groups:
            return {}
        found = {group: Summary() for group in groups}
        standing = select(members.c.group, members.c.state, func.count().label("people"))
        for row in self._connection.execute(
            standing.where(members.c.group.in_(groups), members.c.state != Standing.LEFT).group_by(
                members.c.group, members.c.state
            )
        ):
            found[row.group] = replace(found[row.group], **{row.state: row.people})
        for row in self._connection.execute(
            select(sessions.c.group, func.min(sessions.c.starts_at).label("next_at"))
            .where(
                sessions.c.group.in_(groups),
                sessions.c.ends_at > now,
                sessions.c.state == SessionState.PLANNED,
            )
            .group_by(sessions.c.group)
        ):
            found[row.group] = replace(found[row.group], next_at=row.next_at)
        there = seats.c.attendance == Attendance.ATTENDED
        for row in self._connection.execute(
            select(
                sessions.c.group,
                func.sum(case((there, 1), else_=0)).label("came"),
                func.count().label("held"),
            )
            .join(cycles, cycles.c.id == sessions.c.cycle)
            .join(seats, seats.c.session == sessions.c.id)
            .where(
                sessions.c.group.in_(groups),
                cycles.c.state == CycleState.RUNNING,
                sessions.c.state == SessionState.PLANNED,
                sessions.c.ends_at <= now,
            )
            .group_by(sessions.c.group)
        ):
            found[row.group] = replace(found[row.group], came=row.came, held=row.held)
        return found

    def cycle(self, cycle: str) -> Cycle | None:
        row = self._connection.execute(select(cycles).where(cycles.c.id == cycle)).one_or_none()
        return _cycle(row) if row else None

    def cycles(self, group: str) -> tuple[Cycle, ...]:
        rows = self._connection.execute(
            select(cycles).where(cycles.c.group == group).order_by(cycles.c.number.desc())
        )
        return tuple(_cycle(row) for row in rows)

    def cycle_numbers(self, workspace: str) -> Mapping[str, int]:
        rows = self._connection.execute(
            select(cycles.c.id, cycles.c.number)
            .join(groups, groups.c.id == cycles.c.group)
            .where(groups.c.workspace == workspace, _OPEN)
        )
        return {row.id: row.number for row in rows}

    def put_cycle(self, cycle: Cycle) -> None:
        put_all(self._connection, cycles, [_cycle_row(cycle)])

    def remove_cycle(self, cycle: str) -> None:
        self._connection.execute(delete(cycles).where(cycles.c.id == cycle))

    def session(self, session: str) -> Session | None:
        row = self._connection.execute(
            select(sessions).where(sessions.c.id == session)
        ).one_or_none()
        return session_of(row) if row else None

    def sessions(self, cycle: str) -> tuple[Session, ...]:
        rows = self._connection.execute(
            select(sessions).where(sessions.c.cycle == cycle).order_by(*_BY_TIME)
        )
        return tuple(session_of(row) for row in rows)

    def coming(self, groups: Sequence[str], now: datetime, until: datetime) -> tuple[Session, ...]:
        rows = self._connection.execute(
            select(sessions)
            .where(
                sessions.c.group.in_(groups),
                sessions.c.starts_at > now - _A_DAY,  # none is longer: the index ends here
                sessions.c.ends_at > now,
                sessions.c.starts_at < until,
            )
            .order_by(*_BY_TIME)
        )
        return tuple(session_of(row) for row in rows)

    def sessions_of(self, person: str, start: datetime, end: datetime) -> tuple[Session, ...]:
        rows = self._connection.execute(
            select(sessions)
            .join(seats, seats.c.session == sessions.c.id)
            .where(seats.c.person == person, sessions.c.ends_at > start, sessions.c.starts_at < end)
            .order_by(*_BY_TIME)
        )
        return tuple(session_of(row) for row in rows)

    def between(self, workspace: str, start: datetime, end: datetime) -> tuple[Session, ...]:
        rows = self._connection.execute(
            select(sessions)
            .join(groups, groups.c.id == sessions.c.group)
            .where(
                sessions.c.workspace == workspace,
                sessions.c.starts_at > start - _A_DAY,  # none is longer: the index ends here
                sessions.c.ends_at > start,
                sessions.c.starts_at < end,
                _OPEN,
            )
            .order_by(*_BY_TIME)
        )
        return tuple(session_of(row) for row in rows)

    def planned_between(self, workspace: str, start: datetime, end: datetime) -> int:
        count: int = self._connection.execute(
            select(func.count())
            .select_from(sessions)
            .join(groups, groups.c.id == sessions.c.group)
            .where(
                sessions.c.workspace == workspace,
                sessions.c.starts_at >= start,
                sessions.c.starts_at < end,
                sessions.c.state == SessionState.PLANNED,
                _OPEN,
            )
        ).scalar_one()
        return count

    def attendances(
        self, workspace: str, start: datetime, end: datetime
    ) -> Mapping[str, Mapping[Attendance, int]]:
        found: dict[str, dict[Attendance, int]] = {}
        for row in self._connection.execute(
            select(seats.c.session, seats.c.attendance, func.count().label("people"))
            .join(sessions, sessions.c.id == seats.c.session)
            .where(
                sessions.c.workspace == workspace,
                sessions.c.starts_at >= start,
                sessions.c.starts_at < end,
            )
            .group_by(seats.c.session, seats.c.attendance)
        ):
            found.setdefault(row.session, {})[Attendance(row.attendance)] = row.people
        return found

    def put_sessions(self, sessions_: Sequence[Session]) -> None:
        put_all(self._connection, sessions, [_session_row(one) for one in sessions_])

    def remove_sessions(self, sessions_: Sequence[str]) -> None:
        self._connection.execute(delete(sessions).where(sessions.c.id.in_(sessions_)))

    def seats(self, sessions: Sequence[str]) -> tuple[Seat, ...]:
        rows = self._connection.execute(
            select(seats)
            .where(seats.c.session.in_(sessions))
            .order_by(seats.c.session, seats.c.person)
        )
        return tuple(_seat(row) for row in rows)

    def put_seats(self, seats_: Sequence[Seat]) -> None:
        put_all(self._connection, seats, [_seat_row(seat) for seat in seats_])

    def remove_seats(self, person: str, sessions: Sequence[str]) -> None:
        self._connection.execute(
            delete(seats).where(seats.c.person == person, seats.c.session.in_(sessions))
        )

    def hold_people(self, people: Sequence[str]) -> None:
        # In one order, so that two who hold the same people never wait for each other.
        ordered = sorted(set(people))
        insert_new(self._connection, diaries, [{"person": person} for person in ordered])
        self._connection.execute(
            select(diaries)
            .where(diaries.c.person.in_(ordered))
            .order_by(diaries.c.person)
            .with_for_update()
        ).all()

    def booked(
        self, people: Sequence[str], start: datetime, end: datetime
    ) -> tuple[tuple[str, Session], ...]:
        rows = self._connection.execute(
            select(sessions, seats.c.person)
            .join(seats, seats.c.session == sessions.c.id)
            .where(
                seats.c.person.in_(people),
                sessions.c.state == SessionState.PLANNED,
                sessions.c.ends_at > start,
                sessions.c.starts_at < end,
            )
            .order_by(*_BY_TIME, seats.c.person)
        )
        return tuple((row.person, session_of(row)) for row in rows)

    def add_change(self, change: Change) -> None:
        row = {
            "id": change.id,
            "kind": change.kind,
            "workspace": change.workspace,
            "group": change.group,
            "cycle": change.cycle,
            "by": change.by,
            "at": change.at,
            "people": " ".join(change.people),
            "before": _written(change.before),
            "after": _written(change.after),
            "undone_at": change.undone_at,
        }
        self._connection.execute(insert(changes), row)

    def change(self, change: str) -> Change | None:
        row = self._connection.execute(select(changes).where(changes.c.id == change)).one_or_none()
        if row is None:
            return None
        return Change(
            id=row.id,
            kind=ChangeKind(row.kind),
            workspace=row.workspace,
            group=row.group,
            cycle=row.cycle,
            by=row.by,
            at=row.at,
            people=tuple(row.people.split()),
            before=_picture(row.before),
            after=_picture(row.after),
            undone_at=row.undone_at,
        )

    def undone(self, change: str, at: datetime) -> None:
        self._connection.execute(update(changes).where(changes.c.id == change).values(undone_at=at))

    def _groups(self, statement: Any) -> tuple[Group, ...]:
        rows = self._connection.execute(statement.where(_OPEN).order_by(*_BY_NAME))
        return tuple(_group(row) for row in rows)


@repository(Supervision)
def supervision_of(work: SqlWork) -> SqlSupervision:
    return SqlSupervision(work.connection, work.effects)


def session_of(row: Any) -> Session:
    """The session that a row with its columns tells of."""
    return Session(
        id=row.id,
        cycle=row.cycle,
        group=row.group,
        workspace=row.workspace,
        number=row.number,
        wall=datetime.fromisoformat(row.wall),
        zone=row.zone,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        changed_at=row.changed_at,
        sequence=row.sequence,
        state=SessionState(row.state),
        reason=row.reason,
        place=row.place,
    )


def _session_row(one: Session) -> dict[str, Any]:
    return {
        "id": one.id,
        "cycle": one.cycle,
        "group": one.group,
        "workspace": one.workspace,
        "number": one.number,
        "wall": one.wall.isoformat(timespec="minutes"),
        "zone": one.zone,
        "starts_at": one.starts_at,
        "ends_at": one.ends_at,
        "changed_at": one.changed_at,
        "sequence": one.sequence,
        "state": one.state,
        "reason": one.reason,
        "place": one.place,
    }


def _written(picture: Picture) -> str:
    return json.dumps(
        {
            "cycles": [_cycle_row(one) for one in picture.cycles],
            "sessions": [
                _session_row(one)
                | {name: getattr(one, name).isoformat() for name in _SESSION_INSTANTS}
                for one in picture.sessions
            ],
            "seats": [_seat_row(one) for one in picture.seats],
        },
        ensure_ascii=False,
    )


_SESSION_INSTANTS = ("starts_at", "ends_at", "changed_at")


def _picture(text: str) -> Picture:
    kept = json.loads(text)
    return Picture(
        cycles=tuple(_cycle(SimpleNamespace(**row)) for row in kept["cycles"]),
        sessions=tuple(
            session_of(
                SimpleNamespace(
                    **row | {name: datetime.fromisoformat(row[name]) for name in _SESSION_INSTANTS}
                )
            )
            for row in kept["sessions"]
        ),
        seats=tuple(_seat(SimpleNamespace(**row)) for row in kept["seats"]),
    )


def _group_row(group: Group) -> dict[str, Any]:
    return {
        "id": group.id,
        "workspace": group.workspace,
        "name": group.name,
        "folded_name": fold(group.name),
        "position": group.position,
        "seats": group.seats,
        "locale": group.locale,
        "place": group.place,
        "facilitator": group.facilitator,
        "owner": group.owner,
        "created_at": group.created_at,
        "open_for_asking": group.open_for_asking,
        "agreement": group.agreement,
        "agreement_version": group.agreement_version,
        "closed_at": group.closed_at,
    }


def _group(row: Row[Any]) -> Group:
    return Group(
        id=row.id,
        workspace=row.workspace,
        name=row.name,
        position=row.position,
        seats=row.seats,
        locale=row.locale,
        place=row.place,
        facilitator=row.facilitator,
        owner=row.owner,
        created_at=row.created_at,
        open_for_asking=row.open_for_asking,
        agreement=row.agreement,
        agreement_version=row.agreement_version,
        closed_at=row.closed_at,
    )


def _member(row: Row[Any]) -> Member:
    return Member(row.group, row.person, Standing(row.state), row.since, row.until)


def _cycle_row(cycle: Cycle) -> dict[str, Any]:
    return {
        "id": cycle.id,
        "group": cycle.group,
        "number": cycle.number,
        "rule": cycle.rule,
        "wall": cycle.wall,
        "zone": cycle.zone,
        "minutes": cycle.minutes,
        "first": cycle.first.isoformat(),
        "state": cycle.state,
    }


def _seat_row(seat: Seat) -> dict[str, Any]:
    return {
        "session": seat.session,
        "person": seat.person,
        "attendance": seat.attendance,
        "part": seat.part,
    }


def _seat(row: Any) -> Seat:
    return Seat(row.session, row.person, Attendance(row.attendance), Part(row.part))


def _cycle(row: Any) -> Cycle:
    return Cycle(
        id=row.id,
        group=row.group,
        number=row.number,
        rule=row.rule,
        wall=row.wall,
        zone=row.zone,
        minutes=row.minutes,
        first=date.fromisoformat(row.first),
        state=CycleState(row.state),
    )
