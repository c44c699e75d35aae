"""Teams as breaks count them: who is on duty, and who of them is off the line."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import (
    Column,
    ColumnElement,
    CompoundSelect,
    FromClause,
    Row,
    Select,
    SelectBase,
    String,
    Table,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    union_all,
)

from handlers.availability.coverage import (
    RULE,
    SEEN_AHEAD,
    Absence,
    BreakTeams,
    CountedBy,
    Crew,
    StandIn,
    Team,
    Whose,
    joined,
    team_of,
)
from handlers.availability.shifts import Shifts, days_around, uses_shifts, with_shift
from handlers.breaks.model import BreakState, absence_of
from handlers.kit.people import Duty, Person
from handlers.kit.rota import Rota
from handlers.vents.model import VentState
from storage.breaks import BREAK, IS_LIVE, break_covers, breaks
from storage.learning import SITS_IN_CLASS, dates, longest_ago
from storage.learning import seats as class_seats
from storage.people.duty import DUTY_COLUMNS, duty_of
from storage.people.tables import people
from storage.schema import ID, Instant, Retention, insert_new, metadata, unindexed
from storage.supervision.sessions import LONGEST_SESSION, SITS, seats, sessions
from storage.vents import vents
from storage.work import SqlWork, repository

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
"""When a vent began that is going on: nobody keeps when it did."""

break_teams = Table(
    "break_teams",
    metadata,
    Column("team", String(64), primary_key=True, info=ID),
    info={
        "retention": Retention(why="What a team's decisions wait for each other at. Names nobody.")
    },
)

AnySelect = TypeVar("AnySelect", bound=SelectBase)
_Of = Callable[[FromClause], tuple[ColumnElement[bool], ...]]
"""Which of a table of people are of the team."""


def _with(*columns: str, found_otherwise: bool = False) -> _Of:
    """Those who have in the first column what is asked for, and nothing in the others."""

    def are(them: FromClause) -> tuple[ColumnElement[bool], ...]:
        first, *others = columns
        of = them.c.workspace
        return (
            (unindexed(of) if found_otherwise else of) == bindparam("workspace"),
            them.c[first] == bindparam("name"),
            # Written out, not bound: only so do the indexes of those serve who have none.
            *(them.c[other] == literal_column("''") for other in others),
        )

    return are


_OF = {
    CountedBy.MANAGER: _with("led_by"),
    CountedBy.TOPIC: _with("topic_1", "led_by"),
    CountedBy.POSITION: _with("position", "led_by"),
}
_AWAY_OF = {
    CountedBy.MANAGER: _with("led_by"),
    CountedBy.TOPIC: _with("topic_1", "led_by", found_otherwise=True),
    CountedBy.POSITION: _with("position", "led_by", found_otherwise=True),
}
"""The same, to look for those who are off the line: some ten are led by the same manager, but
thousands may have a topic in common, of whom only those are looked at who are away."""

_COUNTED = people.c.active, people.c.supervisor.is_(False)
_OTHERS = people.c.id != bindparam("me")


def _crews(of: _Of) -> Select[Any]:
    return (
        select(*DUTY_COLUMNS, func.count().label("people"))
        .where(*of(people), *_COUNTED)
        .group_by(*DUTY_COLUMNS)
    )


def _members(of: _Of) -> Select[Any]:
    return select(people.c.id.label("person"), *DUTY_COLUMNS).where(*of(people), *_COUNTED)


def _off_the_line(of: _Of) -> Select[Any]:
    return (
        select(breaks, *DUTY_COLUMNS)
        .join(people, people.c.id == breaks.c.person)
        .where(
            breaks.c.workspace == bindparam("workspace"),
            IS_LIVE,
            breaks.c.state.in_((BreakState.RUNNING, BreakState.BOOKED, BreakState.DESK)),
            *of(people),
            *_COUNTED,
            _OTHERS,
        )
        .order_by(breaks.c.started_at, breaks.c.id)
    )


def _in_a_vent(of: _Of) -> Select[Any]:
    return (
        select(people.c.id.label("person"), vents.c.ends_at, *DUTY_COLUMNS)
        .join(vents, or_(vents.c.asker == people.c.id, vents.c.listener == people.c.id))
        .where(
            vents.c.workspace == bindparam("workspace"),
            vents.c.state == VentState.TALKING,
            *of(people),
            *_COUNTED,
            _OTHERS,
        )
    )


def _in_a_session(of: _Of) -> Select[Any]:
    return (
        select(people.c.id.label("person"), sessions.c.starts_at, sessions.c.ends_at, *DUTY_COLUMNS)
        .join(seats, seats.c.person == people.c.id)
        .join(sessions, sessions.c.id == seats.c.session)
        .where(
            sessions.c.starts_at > bindparam("since", type_=Instant),
            sessions.c.starts_at < bindparam("until", type_=Instant),
            SITS,
            *of(people),
            *_COUNTED,
            _OTHERS,
        )
    )


def _in_a_class(of: _Of) -> Select[Any]:
    return (
        select(people.c.id.label("person"), dates.c.starts_at, dates.c.ends_at, *DUTY_COLUMNS)
        .join(class_seats, class_seats.c.person == people.c.id)
        .join(dates, dates.c.id == class_seats.c.date)
        .where(
            dates.c.starts_at > bindparam("since_class", type_=Instant),
            dates.c.starts_at < bindparam("until", type_=Instant),
            SITS_IN_CLASS,
            *of(people),
            *_COUNTED,
            _OTHERS,
        )
    )


def _booked(of: _Of) -> CompoundSelect[Any]:
    return union_all(_in_a_session(of), _in_a_class(of))


def _stand_ins(of: _Of) -> Select[Any]:
    covered = people.alias("covered_person")
    return (
        select(people.c.id.label("person"), breaks.c.ends_at, *DUTY_COLUMNS)
        .join(break_covers, break_covers.c["break"] == breaks.c.id)
        .join(covered, covered.c.id == breaks.c.person)
        .join(people, people.c.id == break_covers.c.person)
        .where(
            breaks.c.workspace == bindparam("workspace"),
            IS_LIVE,
            breaks.c.state == BreakState.RUNNING,
            *of(covered),
            people.c.active,
            people.c.supervisor,
            _OTHERS,
            ~exists().where(
                vents.c.state == VentState.TALKING,
                or_(vents.c.asker == people.c.id, vents.c.listener == people.c.id),
            ),
        )
    )


def _by(
    statement: Callable[[_Of], AnySelect], whose: Mapping[CountedBy, _Of] = _AWAY_OF
) -> Mapping[CountedBy, AnySelect]:
    return {by: statement(of) for by, of in whose.items()}


_CREWS = _by(_crews, _OF)
_MEMBERS = _by(_members, _OF)
_OFF_THE_LINE = _by(_off_the_line)
_IN_A_VENT = _by(_in_a_vent)
_HELD = select(break_teams).where(break_teams.c.team == bindparam("of")).with_for_update()
_BOOKED = _by(_booked)
_STAND_INS = _by(_stand_ins)


class SqlBreakTeams:
    """`handlers.availability.coverage.BreakTeams` over a connection."""

    def __init__(self, work: SqlWork) -> None:
        self._work = work
        self._connection = work.connection
        self._settings = work.settings

    def hold(self, *people: Person) -> None:
        # In one order, so that two who hold the same teams never wait for each other. SQLite has
        # one writer at a time and needs no lock; PostgreSQL waits at the row.
        for team in sorted({self._key(person) for person in people}):
            if self._connection.execute(_HELD, {"of": team}).one_or_none() is None:
                insert_new(self._connection, break_teams, [{"team": team}])
                self._connection.execute(_HELD, {"of": team})

    def team(self, person: Person, now: datetime) -> Team:
        whose = self._whose(person)
        if whose is None:
            return Team((Crew(with_shift(person, self._work, now, now + SEEN_AHEAD).duty),))
        by, asked = whose.by, _asked(whose) | {"me": person.id}
        window = {
            "since": now - LONGEST_SESSION,
            "since_class": longest_ago(now),
            "until": now + SEEN_AHEAD,
        }
        rests = self._connection.execute(_OFF_THE_LINE[by], asked).all()
        vents = self._connection.execute(_IN_A_VENT[by], asked).all()
        sitting = self._connection.execute(_BOOKED[by], asked | window).all()
        covers = self._connection.execute(_STAND_INS[by], asked).all()
        members = self._members(whose)
        everybody = {row.person for row in (*rests, *vents, *sitting, *covers, *members)}
        first, last = days_around(now, now + SEEN_AHEAD)
        rotas = self._work.of(Shifts).rotas([*everybody], first, last) if members else {}

        def duty(row: Row[Any]) -> Duty:
            return _planned(duty_of(row), rotas.get(row.person))

        absences: dict[str, list[Absence]] = {}
        for row in rests:
            absence = absence_of(BREAK.value(row), duty(row))
            if absence is not None:
                absences.setdefault(row.person, []).append(absence)
        for row in vents:
            absence = Absence(duty(row), _LONG_AGO, row.ends_at)
            absences.setdefault(row.person, []).append(absence)
        for row in sitting:
            absence = Absence(duty(row), row.starts_at, row.ends_at)
            absences.setdefault(row.person, []).append(absence)
        return Team(
            self._crews(whose, map(duty, members)),
            tuple(one for theirs in absences.values() for one in joined(theirs)),
            tuple(StandIn(duty(row), row.ends_at) for row in covers),
        )

    def _members(self, whose: Whose) -> Sequence[Row[Any]]:
        """Who is counted, one by one: those who share their hours do not share their shifts."""
        if not uses_shifts(self._work, whose.workspace):
            return ()
        return self._connection.execute(_MEMBERS[whose.by], _asked(whose)).all()

    def _crews(self, whose: Whose, members: Iterable[Duty]) -> tuple[Crew, ...]:
        if counted := Counter(members):
            return tuple(Crew(duty, people) for duty, people in counted.items())
        rows = self._connection.execute(_CREWS[whose.by], _asked(whose))
        return tuple(Crew(duty_of(row), row.people) for row in rows)

    def at_desk(self, person: Person) -> tuple[str, ...]:
        whose = self._whose(person)
        if whose is None:
            return ()
        asked = _asked(whose) | {"me": person.id}
        rows = self._connection.execute(_OFF_THE_LINE[whose.by], asked)
        return tuple(row.person for row in rows if row.state == BreakState.DESK)

    def _whose(self, person: Person) -> Whose | None:
        return team_of(person, RULE.of(self._settings, person.workspace))

    def _key(self, person: Person) -> str:
        """A name for the team that names nobody: managers are people."""
        whose = self._whose(person)
        names = (whose.workspace, whose.by, whose.name) if whose is not None else (person.id,)
        return hashlib.sha256("\n".join(names).encode()).hexdigest()


def _planned(duty: Duty, rota: Rota | None) -> Duty:
    return duty if rota is None else replace(duty, hours=replace(duty.hours, planned=rota))


def _asked(whose: Whose) -> dict[str, str]:
    return {"workspace": whose.workspace, "name": whose.name}


@repository(BreakTeams)
def break_teams_of(work: SqlWork) -> SqlBreakTeams:
    return SqlBreakTeams(work)
