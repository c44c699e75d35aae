"""The dates of supervision groups: planned, moved, cancelled, and taken back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from handlers.kit.cards import Form
from handlers.kit.people import Role
from handlers.supervision.sessions.model import (
    Attendance,
    Seats,
    Session,
    SessionSeat,
    SessionState,
)
from tests.stories.supervision import (
    OFFICE,
    PEOPLE,
    dates_of,
    days,
    edited,
    group_of,
    keep,
    later,
    planned,
    seats,
    sessions,
    shown,
    told,
)
from tests.stories.test_supervision_groups import fact, faults
from tests.world import MONDAY_TEN, World, card, lines, plain, title


@pytest.mark.usefixtures("people")
async def test_one_session_moves_and_moves_back(world: World) -> None:
    of_group = await group_of(world, *PEOPLE)
    before = await planned(world, of_group)
    seats_before = await seats(world, before)
    reply = await edited(world, "Move it", before[1], day="2026-03-25", start="15:00", end="17:00")
    assert title(reply) == "Northern lights: this will change"
    assert "They are told: " in lines(card(reply))
    assert await sessions(world, of_group) == before
    move = world.button("Dace", "Move")
    reply = await world.presses("Dace", "Move")
    assert title(reply) == "Northern lights: done"
    after = await sessions(world, of_group)
    assert days(after)[:3] == ["03-10 14:00", "03-25 15:00", "04-07 14:00"]
    assert after[1] == replace(
        before[1],
        wall=datetime(2026, 3, 25, 15),  # noqa: DTZ001 - a wall time has no zone
        starts_at=datetime(2026, 3, 25, 13, tzinfo=UTC),
        ends_at=datetime(2026, 3, 25, 15, tzinfo=UTC),
        sequence=1,
        changed_at=world.now,
    )
    assert told(world, "Anna") == ["Northern lights: 8 dates", "Northern lights: a date moved"]
    again = await world.ask(world.command("Dace", move.does, values=dict(move.values)))
    assert title(again) == "Northern lights: done"
    assert (await sessions(world, of_group))[1].sequence == 1

    await later(world, minutes=9)
    known = len(world.inbox("Anna"))
    reply = await world.presses("Dace", "Undo")
    assert title(reply) == "Northern lights: taken back"
    back = await sessions(world, of_group)
    assert [*back[:1], replace(back[1], changed_at=before[1].changed_at), *back[2:]] == [
        before[0],
        replace(before[1], sequence=2),
        *before[2:],
    ]
    assert await seats(world, back) == seats_before
    assert told(world, "Anna")[-1] == "Northern lights: taken back"
    assert len(world.inbox("Anna")) == known, "the message was changed, there is no other"
    assert title(await world.presses("Dace", "Undo")) == "Northern lights: taken back"
    assert (await sessions(world, of_group))[1].sequence == 2


@pytest.mark.usefixtures("people")
async def test_undo_is_refused_after_ten_minutes_and_after_another_change(world: World) -> None:
    of_group = await group_of(world, *PEOPLE)
    found = await planned(world, of_group)
    plan_undo = world.button("Dace", "Undo")
    await edited(world, "Move it", found[1], day="2026-03-25")
    await world.presses("Dace", "Move")
    undo = await world.ask(world.command("Dace", plan_undo.does, values=dict(plan_undo.values)))
    assert title(undo).startswith("Something else was changed meanwhile.")
    await later(world, minutes=10, seconds=1)
    assert title(await world.presses("Dace", "Undo")).startswith("Ten minutes are over")
    assert days(await sessions(world, of_group))[1] == "03-25 14:00"


@pytest.mark.usefixtures("people")
async def test_all_the_following_move(world: World) -> None:
    of_group = await group_of(world, *PEOPLE)
    before = await planned(world, of_group)
    reply = await edited(
        world, "Move it and the following", before[2], day="2026-04-09", start="10:00", end="11:30"
    )
    assert len(card(reply).parts[0].items) == 6  # type: ignore[union-attr] # a list of dates
    await world.presses("Dace", "Move")
    assert days(await sessions(world, of_group)) == [
        "03-10 14:00",
        "03-24 14:00",
        "04-09 10:00",
        "04-23 10:00",
        "05-07 10:00",
        "05-21 10:00",
        "06-04 10:00",
        "06-18 10:00",
    ]
    assert told(world, "Anna")[-1] == "Northern lights: 6 dates moved"
    await world.presses("Dace", "Undo")
    assert days(await sessions(world, of_group)) == days(before)


@pytest.mark.usefixtures("people")
async def test_a_session_is_cancelled_with_a_reason_and_takes_place_after_all(
    world: World,
) -> None:
    of_group = await group_of(world, *PEOPLE)
    before = await planned(world, of_group)
    assert faults(await edited(world, "Cancel it", before[0], reason=" ")) == {
        "reason": "Please fill this in."
    }
    await edited(world, "Cancel it", before[0], reason="Storm <b>& wind")
    await world.presses("Dace", "Cancel the session")
    assert lines(dates_of(world, "Anna")).count("(cancelled)") == 1
    after = await sessions(world, of_group)
    assert (after[0].state, after[0].reason, after[0].sequence) == (
        SessionState.CANCELLED,
        "Storm <b>& wind",
        1,
    )
    assert told(world, "Anna")[-1] == "Northern lights: a session is cancelled"
    assert "Storm <b>& wind" in lines(world.inbox("Anna")[-1])
    refused = await world.ask(
        world.command("Dace", "supervision.move", values={"session": before[0].id})
    )
    assert title(refused) == "This session is cancelled already."
    await world.presses("Dace", "Undo")
    back = await sessions(world, of_group)
    assert replace(back[0], changed_at=before[0].changed_at) == replace(before[0], sequence=2)
    assert told(world, "Anna")[-1] == "Northern lights: taken back"
    assert "(cancelled)" not in lines(dates_of(world, "Anna"))


@pytest.mark.usefixtures("people")
async def test_a_date_is_added_and_taken_back(world: World) -> None:
    of_group = await group_of(world, *PEOPLE)
    before = await planned(world, of_group)
    form = await world.ask(world.command("Dace", "supervision.add", values=of_group))
    assert isinstance(form, Form)
    same = await world.fills("Dace", form, day="2026-03-10")
    assert faults(same) == {"day": "The group meets then already: <time>."}
    holiday = await world.fills("Dace", form, day="2026-05-01")
    assert "<time> is a public holiday." in lines(card(holiday))
    await world.fills("Dace", form, day="2026-03-12", start="14:00", end="15:00")
    await world.presses("Dace", "Add this date")
    assert days(await sessions(world, of_group))[:3] == [
        "03-10 14:00",
        "03-12 14:00",
        "03-24 14:00",
    ]
    assert len(await seats(world, (await sessions(world, of_group))[1:2])) == 4
    assert told(world, "Anna")[-1] == "Northern lights: one date more"
    await world.presses("Dace", "Undo")
    assert await sessions(world, of_group) == before


@pytest.mark.usefixtures("people")
async def test_an_end_before_the_start_and_other_dates_that_can_not_be(world: World) -> None:
    of_group = await group_of(world, *PEOPLE)
    found = await planned(world, of_group)
    for typed, expected in (
        (
            {"start": "16:00", "end": "15:00"},
            {"end": "It can't end at 15:00 before it begins at 16:00."},
        ),
        (
            {"start": "14:00", "end": "14:30"},
            {"end": "A session lasts from 60 to 120 minutes; this would be 30."},
        ),
        ({"day": "2026-03-01"}, {"day": "That has passed already. Choose a time to come."}),
        ({"day": "2026-02-30"}, {"day": "There is no day 30 in February 2026: it has 28 days."}),
        (
            {"day": "2026-03-29", "start": "03:30", "end": "05:00"},
            {
                "start": "There is no 03:30 on <time>: that night the clock goes from 03:00 "
                "straight to 04:00."
            },
        ),
        ({"day": "2026-03-24"}, {"day": "The group meets then already: <time>."}),
    ):
        assert faults(await edited(world, "Move it", found[0], **typed)) == expected
    assert await sessions(world, of_group) == found
    await later(world, days=9)
    begun = await world.ask(
        world.command("Dace", "supervision.move", values={"session": found[0].id})
    )
    assert title(begun) == "This session has begun. Dates to come can be changed."


@pytest.mark.usefixtures("people")
async def test_what_changed_since_the_preview_is_shown_anew(world: World) -> None:
    of_group = await group_of(world, *PEOPLE)
    found = await planned(world, of_group)
    await edited(world, "Move it", found[1], day="2026-03-25")
    late = world.button("Dace", "Move")
    await edited(world, "Move it", found[1], day="2026-03-26")
    await world.presses("Dace", "Move")
    reply = await world.ask(world.command("Dace", late.does, values=dict(late.values)))
    assert title(reply) == "Northern lights: this will change"
    assert days(await sessions(world, of_group))[1] == "03-26 14:00"


@pytest.mark.usefixtures("people")
async def test_who_joins_later_and_who_leaves(world: World) -> None:
    of_group = await group_of(world, "Anna", "Jānis", "Līga")
    found = await planned(world, of_group)
    await later(world, days=9)
    form = await world.ask(world.command("Dace", "supervision.invite", values=of_group))
    assert isinstance(form, Form)
    await world.fills("Dace", form, people=("Oskars",))
    await world.presses("Oskars", "I'd like to join")
    oskars, anna = (await world.known("Oskars")).id, (await world.known("Anna")).id
    mine = [one.session for one in await seats(world, found) if one.person == oskars]
    assert set(mine) == {one.id for one in found[1:]}
    await world.ask(world.command("Anna", "supervision.leave", values=of_group))
    mine = [one.session for one in await seats(world, found) if one.person == anna]
    assert mine == [found[0].id]


@pytest.mark.usefixtures("people")
async def test_a_supervisor_from_outside_facilitates(world: World) -> None:
    await world.person("Pēteris", Role.SUPERVISOR)
    await world.person("Rita", Role.SUPERVISOR)
    of_group = await group_of(world, "Anna", "Jānis")
    form = await world.ask(world.command("Dace", "supervision.edit", values=of_group))
    assert isinstance(form, Form)
    reply = await world.fills("Dace", form, facilitator=("Pēteris",))
    assert fact(reply, "Facilitates") == "Pēteris"
    found = await planned(world, of_group)
    peteris, rita = (await world.known("Pēteris")).id, (await world.known("Rita")).id

    async def facilitates(person: str) -> bool:
        mine = [one for one in await seats(world, found) if one.person == person]
        return [one.part for one in mine] == ["facilitator"] * 8

    assert await facilitates(peteris)
    assert told(world, "Pēteris") == ["Northern lights: 8 dates"]
    other = await group_of(world, name="Other")
    form = await world.ask(world.command("Dace", "supervision.edit", values=other))
    assert isinstance(form, Form)
    await world.fills("Dace", form, facilitator=("Pēteris",))
    assert faults(await shown(world, other)) == {
        "first": "Pēteris is in a session of Northern lights then: <time>."
    }
    form = await world.ask(world.command("Dace", "supervision.edit", values=of_group))
    assert isinstance(form, Form)
    await world.fills("Dace", form, facilitator=("Rita",))
    assert await facilitates(rita)
    assert peteris not in {one.person for one in await seats(world, found)}


@pytest.mark.usefixtures("people")
async def test_closing_a_group_cancels_what_is_to_come(world: World) -> None:
    of_group = await group_of(world, *PEOPLE)
    await planned(world, of_group)
    await world.ask(world.command("Dace", "supervision.close", values=of_group))
    assert lines(dates_of(world, "Anna")).count("(cancelled)") == 8, "the old message says so too"
    assert {one.state for one in await sessions(world, of_group)} == {SessionState.CANCELLED}
    assert {one.sequence for one in await sessions(world, of_group)} == {1}


@pytest.mark.usefixtures("people")
async def test_what_is_said_meanwhile_is_of_the_date_it_was_said_of(world: World) -> None:
    of_group = await group_of(world, *PEOPLE)
    found = await planned(world, of_group)
    anna = (await world.known("Anna")).id

    async def says(number: int, attendance: Attendance) -> SessionSeat:
        mine = await seats(world, found[number : number + 1])
        said = replace(next(s for s in mine if s.person == anna), attendance=attendance)
        await world.engine.database.run(lambda work: work.of(Seats).put([said]))
        return said

    coming = await says(1, Attendance.COMING)
    await edited(world, "Move it", found[1], day="2026-03-25")
    await world.presses("Dace", "Move")
    await says(1, Attendance.ABSENT)
    absent = await says(2, Attendance.ABSENT)
    await world.presses("Dace", "Undo")
    assert {coming, absent} <= await seats(world, found)


@pytest.mark.usefixtures("people")
async def test_members_hear_of_it_at_work_and_only_of_what_holds(world: World) -> None:
    anna = replace(await world.known("Anna"), hours=OFFICE, chosen_locale="lv")
    await keep(world, anna)
    of_group = await group_of(world, *PEOPLE)
    sent = len(world.inbox("Anna"))
    await later(world, hours=8)
    assert world.now == MONDAY_TEN + timedelta(hours=8)
    found = await planned(world, of_group)
    await edited(world, "Move it", found[1], day="2026-03-25")
    await world.presses("Dace", "Move")
    await world.presses("Dace", "Undo")
    assert len(world.inbox("Anna")) == sent
    await later(world, hours=16)
    (came,) = world.inbox("Anna")[sent:]
    assert "8 tikšanās" in lines(came)


async def test_everything_fits_in_latvian_with_the_longest_words(world: World) -> None:
    """Each screen of a coordinator, rendered for every platform as the story goes."""
    await world.person("Dace", Role.COORDINATOR, locale="lv")
    await world.person("Ilze", Role.COORDINATOR, locale="lv")
    people = [f"P{number}" for number in range(30)]
    for name in people:
        await world.person(name, position="W" * 80, locale="lv")
    form = await world.ask(world.command("Dace", "supervision.new"))
    assert isinstance(form, Form)
    name, place = "Š" * 60, "https://" + "w" * 290
    wide = {"name": name, "position": "W" * 80, "place": place, "open": "yes"}
    await world.fills("Dace", form, **wide, seats="10")
    of_group = {"group": str(world.last_values("Dace")["group"])}
    form = await world.ask(world.command("Dace", "supervision.invite", values=of_group))
    assert isinstance(form, Form)
    assert "people" in faults(await world.fills("Dace", form, people=tuple(people[:20])))
    await world.fills("Dace", form, people=tuple(people[:20]), full="list")
    for one in people[:10]:
        await world.ask(world.command(one, "supervision.accept", values=of_group))
    for one in people[20:]:
        await world.ask(world.command(one, "supervision.ask_in", values=of_group))
    reply = await world.ask(world.command("Dace", "supervision.group", values=of_group))
    assert lines(card(reply)).count("gaida rindā") == 9  # eight by name, and how many in all
    await world.presses("Dace", "Atbildēt", card(reply))
    for route in ("edit", "hand_over", "find", "cycle", "dates", "all", "sizes"):
        await world.ask(world.command("Dace", f"supervision.{route}", values=of_group))
    slots = await world.ask(world.command("Dace", "supervision.find", values=of_group))
    assert isinstance(slots, Form)
    await world.fills("Dace", slots)
    await shown(world, of_group, first="2026-03-20", weeks="3", minutes="120", count="10")
    await world.presses("Dace", "Plānot šos datumus")
    found = await sessions(world, of_group)
    await edited_in_latvian(world, "Pārcelt šo un nākamās", found[0])
    await world.presses("Dace", "Pārcelt")
    await world.presses("Dace", "Atsaukt")
    form = await world.ask(world.command("Dace", "supervision.end", values=of_group))
    assert isinstance(form, Form)
    await world.fills("Dace", form, reason="ļ" * 300)
    await world.presses("Dace", "Beigt ciklu")
    await world.ask(world.command("Dace", "supervision.close", values=of_group))
    assert world.titles("P0")[-1] == f"Grupa {name} ir slēgta"


async def edited_in_latvian(world: World, label: str, session: Session) -> None:
    await world.ask(world.command("Dace", "supervision.date", values={"session": session.id}))
    form = await world.presses("Dace", label)
    assert isinstance(form, Form)
    assert faults(await world.fills("Dace", form, start="25:00")) == {
        "start": "Laika 25:00 nav: diena ir no 00:00 līdz 23:59."
    }
    await world.fills("Dace", form, day="2026-03-21")


@pytest.mark.usefixtures("people")
async def test_a_cycle_does_not_grow_without_end(world: World) -> None:
    of_group = await group_of(world)
    await planned(world, of_group, weeks="4")
    form = await world.ask(world.command("Dace", "supervision.add", values=of_group))
    assert isinstance(form, Form)
    for number in range(8):
        await world.fills("Dace", form, day=f"2026-03-{11 + number}")
        await world.presses("Dace", "Add this date")
    assert faults(await world.fills("Dace", form, day="2026-03-20")) == {
        "day": "A cycle has at most 16 dates. Plan the next one."
    }
    assert len(await sessions(world, of_group)) == 16


@pytest.mark.usefixtures("people")
async def test_a_session_that_is_moved_to_where_it_stands_is_not_moved(world: World) -> None:
    of_group = await group_of(world, *PEOPLE)
    before = await planned(world, of_group)
    known = told(world, "Anna")
    for button in ("Move it", "Move it and the following"):
        reply = await edited(world, button, before[1])
        assert isinstance(reply, Form)
        assert plain(reply.errors["day"]).startswith("That is where it stands.")
    assert await sessions(world, of_group) == before
    assert told(world, "Anna") == known


@pytest.mark.usefixtures("people")
async def test_of_those_that_follow_one_that_stays_where_it_is_is_not_moved(world: World) -> None:
    of_group = await group_of(world, *PEOPLE)
    before = await planned(world, of_group)
    await edited(
        world, "Move it", before[3], day=f"{before[3].wall.date()}", start="10:00", end="12:00"
    )
    await world.presses("Dace", "Move")
    reply = await edited(world, "Move it and the following", before[2])
    assert len(card(reply).parts[0].items) == 1  # type: ignore[union-attr] # a list of dates
    await world.presses("Dace", "Move")
    after = await sessions(world, of_group)
    assert [(one.wall, one.sequence) for one in after] == [
        (one.wall, 2 if one.id == before[3].id else 0) for one in before
    ]
    assert told(world, "Anna")[-1] == "Northern lights: a date moved"
