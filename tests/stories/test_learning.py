"""Learning, as a few weeks of it go: a seat is taken, waited for, offered, and given back."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers import calendars
from handlers.common.calendars import CalendarAddresses
from handlers.kit.cards import Card, Form, Moment, Paragraph
from handlers.kit.hours import parse_hours
from handlers.kit.people import Profile, Role
from handlers.learning.model import CourseDates, CourseSeats, SeatState
from handlers.work import Occasion
from tests.stories.shifts import plans
from tests.world import MONDAY_TEN, World, button_labels, card, form, lines, title

OFFICE = parse_hours("Mon-Fri 09:00-17:00")
SEATS = 2


async def planned(world: World, *, days: int = 14, seats: int = SEATS, minutes: int = 90) -> str:
    """A class that Dace plans, with so many seats; answers its id."""
    if world.replies.get("Dace") is None:
        await world.person("Dace", Role.COORDINATOR)
    await world.says("Dace", "/learn seniors")
    asked = form(await world.presses("Dace", "Plan a date"))
    day = (MONDAY_TEN + timedelta(days=days)).date().isoformat()
    made = await world.fills(
        "Dace", asked, day=day, start="14:00", minutes=str(minutes), seats=str(seats), place="204"
    )
    assert "Working with seniors" in title(made)
    return str(asked.values["id"])


async def people(world: World, *names: str) -> None:
    for name in names:
        await world.person(name, hours=OFFICE)


async def standing(world: World, date: str) -> dict[str, SeatState]:
    """Who stands where, in the order of places."""
    seats = await world.engine.database.read(lambda work: work.of(CourseSeats).of([date]))
    names = {(await world.known(name)).id: name for name in world.replies}
    return {names[one.person]: one.state for one in seats}


async def asks(world: World, who: str, label: str) -> str:
    """Opens the one date of the course and presses the button; answers what they read."""
    await world.says(who, "/learn seniors")
    await world.presses(who, "Open")
    return lines(card(await world.presses(who, label)))


async def test_the_nearest_date_that_one_can_join_is_joined_on_the_course_s_own_card(
    world: World,
) -> None:
    await people(world, "Anna", "Ilze")
    near, far = await planned(world, seats=1), await planned(world, days=21)
    course = card(await world.says("Anna", "/learn seniors"))
    assert lines(course).count(" free") == 2
    assert button_labels(course)[:3] == ["Open", "Take a seat", "Open"]
    await world.presses("Anna", "Take a seat", course)
    assert await standing(world, near) == {"Anna": SeatState.TAKEN}
    again = card(await world.says("Anna", "/learn seniors"))
    assert button_labels(again)[:3] == ["Open", "Open", "Take a seat"], "the next one is offered"
    full = card(await world.says("Ilze", "/learn seniors"))
    assert button_labels(full)[:3] == ["Open", "Wait", "Open"]
    await world.presses("Ilze", "Wait", full)
    waits = {"Anna": SeatState.TAKEN, "Ilze": SeatState.WAITING}
    assert (await standing(world, near), await standing(world, far)) == (waits, {})


async def test_one_line_leads_to_a_course_and_one_press_to_a_seat(world: World) -> None:
    await people(world, "Anna")
    date = await planned(world)
    shown = card(await world.says("Anna", "/learn seniors"))
    assert title(shown) == "Working with seniors"
    assert "in a class, 90 minutes" in lines(shown)
    assert "2 of 2 free" in lines(shown)
    assert "Draft: nobody here has adopted this course yet." in lines(shown)
    taken = card(await world.presses("Anna", "Open"))
    assert button_labels(taken) == ["Take a seat", "About the course"]
    taken = card(await world.presses("Anna", "Take a seat"))
    assert "You have a seat." in lines(taken)
    assert "Where: 204" in lines(taken)
    assert "1 of 2 free" in lines(taken)
    assert "you have a seat" in lines(card(await world.says("Anna", "/learn")))
    assert await standing(world, date) == {"Anna": SeatState.TAKEN}
    again = card(await world.presses("Anna", "Take a seat"))
    assert "You have a seat." in lines(again)
    assert "1 of 2 free" in lines(again)


@pytest.mark.parametrize(
    ("typed", "course"),
    [
        ("/learn seniors", "Working with seniors"),
        ("/learn older people who can't hear", "Working with seniors"),
        ("/learn someone crying", "Customers in crisis"),
        ("/learn krīze", "Customers in crisis"),
        ("/learn empātija", "Empathy in a call"),
        ("/learn my voice is hoarse", "The voice as a tool"),
    ],
)
async def test_a_course_is_found_by_words_in_either_language(
    world: World, typed: str, course: str
) -> None:
    await people(world, "Anna")
    assert course in lines(card(await world.says("Anna", typed)))


async def test_words_that_mean_no_course_show_all_of_them_and_coordinators_learn_of_it(
    world: World,
) -> None:
    await people(world, "Anna")
    shown = card(await world.says("Anna", "/learn qwxz"))
    assert "I find no course by these words." in lines(shown)
    assert "Empathy in a call" in lines(shown)


async def test_a_freed_seat_goes_to_who_waits_longest_for_four_working_hours_then_to_the_next(
    world: World,
) -> None:
    await people(world, "Anna", "Jānis", "Ilze", "Zane", "Oto")
    date = await planned(world, seats=1)
    await asks(world, "Anna", "Take a seat")
    for name in ("Ilze", "Zane"):
        assert "You wait." in await asks(world, name, "Wait")
    await asks(world, "Anna", "Give my seat back")
    [offer] = world.inbox("Ilze")
    assert title(offer) == "A seat is free for you: Working with seniors"
    assert button_labels(offer) == ["Take it", "Let it go"]
    # Oto comes along and sees the free seat that is kept for others.
    await world.says("Oto", "/learn seniors")
    there = card(await world.presses("Oto", "Open"))
    assert "Take a seat" not in button_labels(there)
    # Four working hours from Monday ten are over at two.
    await world.forward(hours=3, minutes=59)
    assert title(world.inbox("Ilze")[0]) == title(offer)
    await world.forward(minutes=1)
    assert title(world.inbox("Ilze")[0]) == (
        "This seat is no longer kept for you: Working with seniors"
    )
    assert title(world.inbox("Zane")[-1]) == title(offer)
    # Zane has three hours left today, and one tomorrow.
    await world.forward(hours=19, minutes=59)
    assert await standing(world, date) == {"Zane": SeatState.OFFERED}
    taken = card(await world.presses("Zane", "Take it"))
    assert "You have a seat." in lines(taken)
    assert await standing(world, date) == {"Zane": SeatState.TAKEN}


async def test_nobody_is_let_past_those_who_wait(world: World) -> None:
    await people(world, "Anna", "Ilze", "Oto")
    date = await planned(world, seats=1)
    await asks(world, "Anna", "Take a seat")
    await world.says("Oto", "/learn seniors")
    before = card(await world.presses("Oto", "Open"))
    await asks(world, "Ilze", "Wait")
    await asks(world, "Anna", "Give my seat back")
    command = world.command("Oto", "learn.take", values={"date": date})
    told = card(await world.ask(command))
    assert "All seats are taken by now." in lines(told)
    assert "Wait" in button_labels(before)
    assert await standing(world, date) == {"Ilze": SeatState.OFFERED}


async def test_twelve_hours_before_the_list_is_closed_and_everybody_on_it_is_told(
    world: World,
) -> None:
    await people(world, "Anna", "Ilze", "Zane")
    date = await planned(world, days=1, seats=1)
    await asks(world, "Anna", "Take a seat")
    for name in ("Ilze", "Zane"):
        await asks(world, name, "Wait")
    await world.forward(hours=16)  # two in the night: twelve hours before
    assert await standing(world, date) == {"Anna": SeatState.TAKEN}
    await world.forward(hours=7)
    assert [one for one in world.titles("Ilze") if "No seat came free" in one]
    assert [one for one in world.titles("Zane") if "No seat came free" in one]
    # From now on a seat that is given back is offered to nobody, and anybody may take it.
    await asks(world, "Anna", "Give my seat back")
    assert await standing(world, date) == {}
    assert "You have a seat." in await asks(world, "Zane", "Take a seat")


async def test_more_seats_are_given_to_those_who_wait_and_they_are_told(world: World) -> None:
    await people(world, "Anna", "Ilze", "Zane", "Oto")
    date = await planned(world, seats=1)
    await asks(world, "Anna", "Take a seat")
    for name in ("Ilze", "Zane", "Oto"):
        await asks(world, name, "Wait")
    asked = await opened(world, "Change")
    done = card(await world.fills("Dace", asked, seats="3"))
    assert "Seats: 1, now 3" in lines(done)
    assert "2 people are told." in lines(done)
    assert await standing(world, date) == {
        "Anna": SeatState.TAKEN,
        "Ilze": SeatState.TAKEN,
        "Zane": SeatState.TAKEN,
        "Oto": SeatState.WAITING,
    }
    for name in ("Ilze", "Zane"):
        assert world.titles(name) == ["You have a seat: Working with seniors, <time>"]
    assert world.titles("Oto") == []
    fewer = form(await world.fills("Dace", await opened(world, "Change"), seats="2"))
    assert list(fewer.errors) == ["seats"]


async def opened(world: World, label: str) -> Form:
    """The form behind the button of the one date, for Dace."""
    await world.says("Dace", "/learn dates")
    await world.presses("Dace", "Open")
    return form(await world.presses("Dace", label))


async def test_a_move_and_a_cancel_are_told_to_all_whom_they_concern(world: World) -> None:
    await people(world, "Anna", "Ilze")
    date = await planned(world, seats=1)
    await asks(world, "Anna", "Take a seat")
    await asks(world, "Ilze", "Wait")
    asked = await opened(world, "Change")
    done = card(await world.fills("Dace", asked, start="15:30"))
    assert "moves to" in lines(done)
    for name in ("Anna", "Ilze"):
        assert world.titles(name) == ["Working with seniors has another time now: <time>"]
    assert "I can't come then" in button_labels(world.inbox("Anna")[0])
    await world.fills("Dace", await opened(world, "Cancel it"), reason="The trainer is ill.")
    for name in ("Anna", "Ilze"):
        told = world.inbox(name)[-1]
        assert title(told) == "Working with seniors does not take place: <time>"
        assert "The trainer is ill." in lines(told)
    kept = await world.engine.database.read(lambda work: work.of(CourseDates).get(date))
    assert kept is not None
    assert kept.sequence == 2


async def test_for_ten_minutes_a_cancelled_class_can_take_place_after_all(world: World) -> None:
    await people(world, "Anna", "Ilze", "Zane")
    date = await planned(world, seats=1)
    await asks(world, "Anna", "Take a seat")
    for name in ("Ilze", "Zane"):
        await asks(world, name, "Wait")
    asked = await opened(world, "Cancel it")
    assert "You can undo it for 10 minutes." in lines(Card(asked.title, asked.intro))
    off = card(await world.fills("Dace", asked, reason="The trainer is ill."))
    assert button_labels(off) == ["Undo", "All dates"]
    await world.forward(minutes=9)
    back = card(await world.presses("Dace", "Undo"))
    assert "It takes place after all." in lines(back)
    assert "Wait, in this order: Ilze, Zane" in lines(back)
    again = card(await world.presses("Dace", "Undo", on=off))
    assert title(again) == title(back)
    await world.settle()
    assert await standing(world, date) == {
        "Anna": SeatState.TAKEN,
        "Ilze": SeatState.WAITING,
        "Zane": SeatState.WAITING,
    }
    for name in ("Anna", "Ilze", "Zane"):
        assert world.titles(name) == 2 * ["Working with seniors takes place after all: <time>"]
    assert "You have a seat." in lines(world.inbox("Anna")[-1])
    await world.fills("Dace", await opened(world, "Cancel it"), reason="Still ill.")
    off = card(world.replies["Dace"][-1])
    told = world.inbox("Anna")[-1]
    assert title(told) == "Working with seniors does not take place: <time>"
    assert "Still ill." in lines(told)
    await world.forward(minutes=10)
    refused = await world.presses("Dace", "Undo", on=off)
    assert title(refused) == (
        "Ten minutes are over; people may have planned with it. Plan a new date."
    )
    assert await standing(world, date) == {"Anna": SeatState.TAKEN}


async def test_who_changes_an_older_state_sees_the_newer_one_first(world: World) -> None:
    await planned(world)
    asked = await opened(world, "Change")
    await world.fills("Dace", asked, start="15:30")
    again = form(await world.fills("Dace", asked, start="16:00"))
    said = lines(Card(again.title, again.intro))
    assert "Somebody changed this date while you were writing." in said


async def test_nobody_is_booked_at_two_places_at_once(world: World) -> None:
    await people(world, "Anna")
    await planned(world)
    await asks(world, "Anna", "Take a seat")
    await world.says("Dace", "/learn voice")
    asked = form(await world.presses("Dace", "Plan a date"))
    day = (MONDAY_TEN + timedelta(days=14)).date().isoformat()
    await world.fills("Dace", asked, day=day, start="15:00")
    await world.says("Anna", "/learn voice")
    await world.presses("Anna", "Open")
    refused = await world.presses("Anna", "Take a seat")
    assert title(refused) == "You are in another class then: <time>. Nothing was changed."


async def test_a_seat_leaves_enough_of_the_team_on_the_line(world: World) -> None:
    for name in ("Anna", "Ilze"):
        await world.person(name, hours=OFFICE, manager="Dace")
    date = await planned(world)
    await asks(world, "Anna", "Take a seat")
    refused = await asks(world, "Ilze", "Take a seat")
    assert "Too few of your team would stay on the line then." in refused
    assert await standing(world, date) == {"Anna": SeatState.TAKEN}


async def test_a_seat_is_kept_for_four_hours_of_the_shifts_that_are_planned(world: World) -> None:
    await people(world, "Anna", "Ilze")
    await plans(world, "Ilze", "2.3. free", "3.3. 14:00-17:00", "4.3. 20:00-23:00")
    date = await planned(world, seats=1)
    await asks(world, "Anna", "Take a seat")
    await asks(world, "Ilze", "Wait")
    await asks(world, "Anna", "Give my seat back")
    # Three hours on Tuesday, and one on Wednesday evening, of 58 hours from Monday ten.
    await world.forward(hours=58, minutes=59)
    assert await standing(world, date) == {"Ilze": SeatState.OFFERED}
    await world.forward(minutes=1)
    assert await standing(world, date) == {}


async def test_who_is_on_the_line_during_a_class_goes_by_the_shifts(world: World) -> None:
    """Zane comes later on that day: of the two on the line one may go."""
    for name in ("Anna", "Ilze", "Zane"):
        await world.person(name, hours=OFFICE, manager="Dace")
    await plans(world, "Zane", "16.3. 18:00-23:00")
    date = await planned(world)
    assert "You have a seat." in await asks(world, "Anna", "Take a seat")
    refused = await asks(world, "Ilze", "Take a seat")
    assert "Too few of your team would stay on the line then." in refused
    assert "You have a seat." in await asks(world, "Zane", "Take a seat")
    assert await standing(world, date) == {"Anna": SeatState.TAKEN, "Zane": SeatState.TAKEN}


async def test_who_leaves_the_company_gives_back_what_was_theirs(world: World) -> None:
    await people(world, "Anna", "Ilze")
    date = await planned(world, seats=1)
    await asks(world, "Anna", "Take a seat")
    await asks(world, "Ilze", "Wait")
    anna = await world.known("Anna")
    await world.engine.desk.learn(Profile(anna.addresses[0], "Anna", active=False))
    await world.settle()
    assert await standing(world, date) == {"Ilze": SeatState.OFFERED}


async def test_reminders_come_as_they_are_wanted_and_for_the_time_that_holds(
    world: World,
) -> None:
    await people(world, "Anna", "Ilze")
    await planned(world)
    for name in ("Anna", "Ilze"):
        await asks(world, name, "Take a seat")
    choices = form(await world.ask(world.command("Ilze", "session.reminders")))
    await world.fills("Ilze", choices, when=("soon",))
    day = (MONDAY_TEN + timedelta(days=15)).date().isoformat()
    await world.fills("Dace", await opened(world, "Change"), day=day)
    await world.forward(days=15, hours=6)
    held = "Working with seniors: <time>"
    begins = "Working with seniors begins at <time>"
    moved = "Working with seniors has another time now: <time>"
    assert world.titles("Anna") == [moved, held, held, begins]
    assert world.titles("Ilze") == [moved, begins]


async def test_a_class_stands_in_ones_own_calendar(world: World) -> None:
    await people(world, "Anna")
    date = await planned(world)
    await asks(world, "Anna", "Take a seat")
    anna = await world.known("Anna")

    def entries(work):  # type: ignore[no-untyped-def] # the world's own, not the house's
        secret = work.of(CalendarAddresses).renew(anna.id, world.now)
        sheet = calendars.feed(secret, Occasion(work, world.now, world.engine.services))
        assert sheet is not None
        return sheet.entries

    [entry] = await world.engine.database.run(entries)
    assert (entry.id, entry.title, entry.place) == (date, "Working with seniors", "204")
    assert entry.starts_at == datetime(2026, 3, 16, 12, 0, tzinfo=UTC)
    assert entry.ends_at == datetime(2026, 3, 16, 13, 30, tzinfo=UTC)


async def test_who_led_it_ticks_who_came_and_two_weeks_later_each_is_asked_once(
    world: World,
) -> None:
    await people(world, "Anna", "Ilze", "Līga")
    date = await planned(world)
    for name in ("Anna", "Ilze"):
        await asks(world, name, "Take a seat")
    await world.fills("Dace", await opened(world, "Change"), trainer=("Līga",))
    assert "you lead it" in lines(card(await world.says("Līga", "/learn")))
    await world.forward(days=14, hours=6)
    told = world.inbox("Līga")[-1]
    assert title(told) == "Who came? Working with seniors, <time>"
    ticks = form(await world.presses("Līga", "Tick who came"))
    refused = await world.ask(world.command("Ilze", "learn.came", values={"date": date}))
    assert title(refused) == "Only who leads it and coordinators see who comes."
    anna = await world.known("Anna")
    saved = await world.fills("Līga", ticks, came=(anna.id,))
    assert "1 person was there." in lines(card(saved))
    assert await standing(world, date) == {"Anna": SeatState.ATTENDED, "Ilze": SeatState.MISSED}
    await world.forward(days=14)
    asked = world.inbox("Anna")[-1]
    assert title(asked) == "Working with seniors, two weeks later: what did you try?"
    assert not [one for one in world.titles("Ilze") if "two weeks later" in one]
    words = form(await world.presses("Anna", "Write it down"))
    await world.fills("Anna", words, words="I gave one step at a time.")
    again = form(await world.presses("Anna", "See what I wrote"))
    assert again.fields[0].value == "I gave one step at a time."
    assert "one step" not in "".join(map(lines, world.inbox("Anna")))
    await world.fills("Anna", again, words="")
    assert "Write it down" in button_labels(world.inbox("Anna")[-1])
    learned = card(await world.says("Anna", "/learn mine"))
    assert "you were there" in lines(learned)


async def test_an_offer_promises_no_longer_than_it_is_kept_when_the_date_moves_nearer(
    world: World,
) -> None:
    await people(world, "Anna", "Ilze")
    date = await planned(world, seats=1)
    await asks(world, "Anna", "Take a seat")
    await asks(world, "Ilze", "Wait")
    await asks(world, "Anna", "Give my seat back")
    day = (MONDAY_TEN + timedelta(days=1)).date().isoformat()
    await world.fills("Dace", await opened(world, "Change"), day=day, start="01:00")
    offer = world.inbox("Ilze")[0]
    said = next(one for one in offer.parts if isinstance(one, Paragraph))
    # One in the night less twelve hours is one in the afternoon; four working hours were until two.
    until = MONDAY_TEN + timedelta(hours=3)
    assert [one.at for one in said.line if isinstance(one, Moment)] == [until]
    await world.forward(hours=3)
    assert await standing(world, date) == {}
