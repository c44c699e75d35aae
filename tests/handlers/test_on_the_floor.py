"""By what it is decided whether somebody may leave: their team at that moment, and what is planned
for themselves around it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from handlers.availability.coverage import BreakTeams, Crew, Team, on_the_floor
from handlers.availability.shifts import SHIFT_USE, Shifts, ShiftUse
from handlers.kit.hours import ALWAYS
from handlers.kit.people import Duty, Person
from handlers.kit.rota import Planned, Rota, ShiftKind
from tests.fakes.settings import SettingsInMemory

EVENING = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
"""A Monday; eight hours on it is Tuesday."""

ANNA = Person("anna", "w", "Anna", ())
TEAM = Team((Crew(Duty("Europe/Riga", ALWAYS, None, None, None), 3),))
ROTA = Rota((Planned(EVENING, EVENING + timedelta(hours=8), EVENING.date(), ShiftKind.WORK),))


@dataclass
class Floor:
    """Anna's team and what is planned for her, as far as it is asked for: its ports."""

    settings: SettingsInMemory = field(default_factory=SettingsInMemory)
    asked: list[tuple[Sequence[str], date, date]] = field(default_factory=list)

    def of(self, kind: object) -> "Floor":
        assert kind in {BreakTeams, Shifts}
        return self

    def team(self, person: Person, now: datetime) -> Team:
        assert (person, now) == (ANNA, EVENING)
        return TEAM

    def rotas(self, people: Sequence[str], first: date, last: date) -> dict[str, Rota]:
        self.asked.append((people, first, last))
        return {"anna": ROTA}


def test_nobody_looks_for_shifts_where_none_were_ever_planned() -> None:
    floor = Floor()
    assert on_the_floor(floor, ANNA, EVENING) == (TEAM, ANNA)  # type: ignore[arg-type] # what is asked
    assert floor.asked == []


def test_the_shifts_around_the_moment_are_known_and_eight_hours_on() -> None:
    floor = Floor()
    SHIFT_USE.put(floor.settings, "w", ShiftUse(planned=True))
    planned = replace(ANNA, hours=replace(ANNA.hours, planned=ROTA))

    assert on_the_floor(floor, ANNA, EVENING) == (TEAM, planned)  # type: ignore[arg-type] # as above
    assert floor.asked == [(["anna"], date(2026, 2, 28), date(2026, 3, 5))]
