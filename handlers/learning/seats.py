"""What follows when seats are taken, given back or added, and when a date changes. Whoever calls
holds the date."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from handlers.availability.coverage import (
    RULE,
    SEEN_AHEAD,
    Absence,
    fits,
    is_counted,
    on_the_floor,
    team_of,
)
from handlers.availability.diaries import Booked, Diaries
from handlers.availability.rest import LOOKED_AHEAD, free_days, worked_for
from handlers.availability.shifts import with_shift
from handlers.common.reminders import AHEAD
from handlers.common.roles import coordinators_of
from handlers.kit.about import pack
from handlers.kit.facts import Engaged
from handlers.kit.feature import Timer
from handlers.kit.notices import Notice
from handlers.kit.people import Person
from handlers.learning import model, rules, telling
from handlers.learning.model import (
    CourseDate,
    CourseDates,
    CourseSeat,
    CourseSeats,
    DateState,
    SeatState,
)
from handlers.work import Occasion


def seats_of(on: Occasion, date: CourseDate) -> tuple[CourseSeat, ...]:
    return on.work.of(CourseSeats).of([date.id])


def seat_of(on: Occasion, date: CourseDate, person: str) -> CourseSeat | None:
    """Where the person stands with the date."""
    return next((one for one in seats_of(on, date) if one.person == person), None)


def give(on: Occasion, date: CourseDate, people: Iterable[str]) -> None:
    """They have a seat from now on, and are reminded of it."""
    work = on.work
    seats = [CourseSeat(date.id, person, SeatState.TAKEN, on.now) for person in people]
    work.of(CourseSeats).put(seats)
    _remind(on, date, [one.person for one in seats])
    for one in seats:
        telling.seated(on, date, one.person)


def go_on(on: Occasion, date: CourseDate, after: datetime | None = None) -> CourseDate:
    """Those who wait are offered what is free, offers whose time is over end, and it is known when
    the next thing happens, behind what was due at `after`."""
    work, now = on.work, on.now
    seats = seats_of(on, date)
    found = rules.settle(date, seats, now, _offer_ends(on, date, seats))
    work.of(CourseSeats).remove(date.id, [one.person for one in (*found.lapsed, *found.closed)])
    work.of(CourseSeats).put(found.offers)
    for one in found.offers:
        _tell(on, date, model.OFFERED, model.about_offer(one), [one.person])
    for one in (*found.lapsed, *(one for one in found.closed if one.until is not None)):
        work.outbox.refresh(date.workspace, model.OFFERED, model.about_offer(one), now)
    if not date.is_cancelled:
        left_waiting = [one.person for one in found.closed if one.until is None]
        _tell(on, date, model.CLOSED, date.id, left_waiting)
    going = replace(date, step_at=rules.next_step(date, seats_of(on, date), after or now))
    work.of(CourseDates).put(going)
    return going


def promote(on: Occasion, date: CourseDate, people: dict[str, Person]) -> None:
    """There are more seats than before: those who wait longest have one and are told so. Who could
    not come then, by now, is asked instead, like everybody who is offered a seat."""
    seats = seats_of(on, date)
    free = max(0, date.seats - rules.held(seats))
    if on.now >= rules.closes_at(date):
        return
    queue = rules.waiting(seats)[:free]
    on.work.of(Diaries).hold([one.person for one in queue])
    able = [
        one.person
        for one in queue
        if one.person in people
        and clash(on, date, one.person) is None
        and is_covered(on, date, people[one.person])
    ]
    give(on, date, able)
    _tell(on, date, model.SEATED, date.id, able)


def moved(on: Occasion, before: CourseDate, date: CourseDate) -> None:
    """It takes place at another time: those who have a seat, or wait for one, are told."""
    seats = seats_of(on, date)
    has_seat = [one.person for one in seats if one.state is SeatState.TAKEN]
    for kind in model.REMINDERS.values():
        on.work.outbox.refresh(date.workspace, kind, about_start(before), on.now)
    refresh(on, date)
    _remind(on, date, has_seat)
    _tell(on, date, model.MOVED, pack(date.id, date.sequence), [one.person for one in seats])


def call_off(on: Occasion, date: CourseDate, reason: str, but: str) -> CourseDate:
    """It does not take place: everybody is told, `but` for who did it."""
    off = replace(
        date,
        state=DateState.CANCELLED,
        reason=reason,
        sequence=date.sequence + 1,
        changed_at=on.now,
    )
    on.work.of(CourseDates).put(off)
    _cancelled(on, off, but)
    return go_on(on, off)


def restore(on: Occasion, date: CourseDate, but: str) -> CourseDate:
    """It takes place after all, with everybody where they were; who has promised that time to
    something else by now has no seat any more. All are told, `but` for who did it."""
    back = replace(
        date,
        state=DateState.PLANNED,
        reason="",
        sequence=date.sequence + 1,
        changed_at=on.now,
    )
    on.work.of(CourseDates).put(back)
    concerned = _concerned(on, back, but)
    has_seat = [one.person for one in seats_of(on, back) if one.state is SeatState.TAKEN]
    on.work.of(Diaries).hold(has_seat)
    elsewhere = [one for one in has_seat if clash(on, back, one) is not None]
    on.work.of(CourseSeats).remove(back.id, elsewhere)
    _remind(on, back, [one for one in has_seat if one not in elsewhere])
    on.work.outbox.refresh(back.workspace, model.CANCELLED, pack(back.id, date.sequence), on.now)
    _tell(on, back, model.RESTORED, pack(back.id, back.sequence), concerned)
    refresh(on, back)
    return go_on(on, back)


def _cancelled(on: Occasion, date: CourseDate, but: str) -> None:
    for kind in model.REMINDERS.values():
        on.work.outbox.refresh(date.workspace, kind, about_start(date), on.now)
    about = pack(date.id, date.sequence)
    _tell(on, date, model.CANCELLED, about, _concerned(on, date, but))
    refresh(on, date)


def _concerned(on: Occasion, date: CourseDate, but: str) -> list[str]:
    """Who has a seat, is asked or waits, and who leads it, `but` for one."""
    people = [one.person for one in seats_of(on, date)]
    if date.trainer is not None:
        people.append(date.trainer)
    return [one for one in dict.fromkeys(people) if one != but]


def ended(on: Occasion, date: CourseDate) -> None:
    """It is over: whoever led it says who came, and those who did are asked in two weeks what they
    tried."""
    trainer = on.work.people.get(date.trainer) if date.trainer else None
    keepers = (
        (trainer,)
        if trainer is not None and trainer.belongs
        else coordinators_of(date.workspace, on)
    )
    _tell(on, date, model.WHO_CAME, date.id, [one.id for one in keepers])
    sat = [one.person for one in seats_of(on, date) if one.state is SeatState.TAKEN]
    due = date.ends_at + model.TRIED_AFTER
    on.work.outbox.add(
        date.workspace, *(Notice(model.TRIED, date.id, (person,), due) for person in sat)
    )


def refresh(on: Occasion, date: CourseDate) -> None:
    """Has the messages about it made again."""
    for kind in (model.SEATED, model.CLOSED):
        on.work.outbox.refresh(date.workspace, kind, date.id, on.now)
    for seat in seats_of(on, date):
        if seat.state is SeatState.OFFERED:
            on.work.outbox.refresh(date.workspace, model.OFFERED, model.about_offer(seat), on.now)


def clash(on: Occasion, date: CourseDate, person: str) -> Booked | None:
    """What else the person is booked for then. Whoever asks holds their diary."""
    booked = on.work.of(Diaries).booked([person], date.starts_at, date.ends_at)
    return next((one for one in booked if one.id != date.id), None)


def is_covered(
    on: Occasion, date: CourseDate, person: Person, beside: Person | None = None
) -> bool:
    """Whether enough of the person's team stay on the line meanwhile: as for breaks. `beside`: who
    is off the line with them."""
    team, planned = on_the_floor(on.work, person, date.starts_at)
    rule = RULE.of(on.work.settings, person.workspace)
    theirs = team_of(beside, rule) if beside is not None and is_counted(beside) else None
    if beside is not None and theirs is not None and theirs == team_of(person, rule):
        _, other = on_the_floor(on.work, beside, date.starts_at)
        gone = Absence(other.duty, date.starts_at, date.ends_at)
        team = replace(team, absences=(*team.absences, gone))
    return fits(team, rule, planned, date.starts_at, date.ends_at, foreseen=SEEN_AHEAD)


def about_start(date: CourseDate) -> str:
    """The subject of a reminder of it at the time that it has now."""
    return pack(date.id, date.starts_at.strftime("%Y%m%dT%H%M"))


def run_class_steps(on: Occasion, limit: int) -> int:
    """Does what is due around classes, whichever process sees it."""
    due = on.work.of(CourseDates).due(on.now, limit)
    for date in due:
        assert date.step_at is not None, "it is due"
        if date.step_at == date.starts_at:
            sit = [one.person for one in seats_of(on, date) if one.state is SeatState.TAKEN]
            on.tell(Engaged(tuple(on.work.of(CourseSeats).in_class(sit, on.now))))
            refresh(on, date)  # no seat is taken, or given back, from now on
        if date.step_at == date.ends_at:
            ended(on, date)
        go_on(on, date, after=date.step_at)
    return len(due)


TIMERS: tuple[Timer, ...] = (run_class_steps,)


def _offer_ends(on: Occasion, date: CourseDate, seats: Sequence[CourseSeat]) -> rules.OfferEnds:
    waits = [one.person for one in rules.waiting(seats)]
    people = on.work.people.many(waits)
    is_free = free_days(on.work.settings, date.workspace, on.services.calendar)

    def ends(person: str, now: datetime) -> datetime:
        known = people.get(person)
        if known is None:
            return now + rules.OFFERED_FOR
        planned = with_shift(known, on.work, now, now + LOOKED_AHEAD)
        return worked_for(planned, now, rules.OFFERED_FOR, is_free)

    return ends


def _remind(on: Occasion, date: CourseDate, people: Sequence[str]) -> None:
    """What is due later is made when it is due, and comes to nothing where it is no longer true."""
    on.work.outbox.add(
        date.workspace,
        *(
            Notice(kind, about_start(date), (person,), date.starts_at - AHEAD[ahead])
            for ahead, kind in model.REMINDERS.items()
            if date.starts_at - AHEAD[ahead] > on.now
            for person in people
        ),
    )


def _tell(on: Occasion, date: CourseDate, kind: str, about: str, people: Sequence[str]) -> None:
    on.work.outbox.add(
        date.workspace, *(Notice(kind, about, (person,), on.now) for person in people)
    )
