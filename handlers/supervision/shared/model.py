"""A session as one reader sees it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from handlers.kit.people import Person
from handlers.supervision.groups.model import Group
from handlers.supervision.sessions.model import (
    Attendance,
    Progress,
    Session,
    SessionSeat,
    SessionState,
    Turn,
)
from handlers.supervision.sessions.rules import Point, agenda


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session as one reader sees it."""

    group: Group
    session: Session
    seats: tuple[SessionSeat, ...]
    people: Mapping[str, Person]
    me: Person
    now: datetime
    progress: Progress | None = None
    agreed: bool = True
    votes: Mapping[str, str] = field(default_factory=dict)

    @property
    def mine(self) -> SessionSeat | None:
        return next((seat for seat in self.seats if seat.person == self.me.id), None)

    @property
    def inside(self) -> tuple[SessionSeat, ...]:
        """The members' seats: without a facilitator from outside."""
        return tuple(seat for seat in self.seats if seat.person != self.group.facilitator)

    @property
    def is_unanswered(self) -> bool:
        """Whether no member has said yet if they come."""
        return all(seat.attendance is Attendance.UNKNOWN for seat in self.inside)

    @property
    def coming(self) -> int:
        """How many members have not said that they can't."""
        return sum(seat.attendance is not Attendance.ABSENT for seat in self.inside)

    @property
    def is_over(self) -> bool:
        return self.session.ends_at <= self.now

    @property
    def has_begun(self) -> bool:
        return self.session.starts_at <= self.now

    @property
    def is_cancelled(self) -> bool:
        return self.session.state is SessionState.CANCELLED

    def who(self, part: Turn) -> tuple[Person, ...]:
        """Those with the part who are known still and can come."""
        return tuple(
            self.people[seat.person]
            for seat in self.seats
            if seat.part is part
            and seat.person in self.people
            and seat.attendance is not Attendance.ABSENT
        )

    @property
    def points(self) -> tuple[Point, ...]:
        minutes = int((self.session.ends_at - self.session.starts_at).total_seconds()) // 60
        return agenda(minutes, max(1, min(2, len(self.who(Turn.PRESENTER)))))
