"""Whole days of coordinators who plan cycles: what fits, what does not, and who hears of it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from handlers.kit.cards import Form
from handlers.kit.commands import Value
from handlers.kit.hours import parse_hours
from handlers.supervision.sessions.model import SessionState
from tests.stories.supervision import (
    PEOPLE,
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
from tests.stories.test_supervision_groups import faults
from tests.world import World, card, lines, title


@pytest.mark.usefixtures("people")
async def test_a_cycle_is_shown_and_planned_and_each_member_told_once(world: World) -> None:
    of_group = await group_of(world, *PEOPLE)
    reply = await shown(world, of_group)
    assert title(reply) == "Northern lights: these dates?"
    assert "Every 2 weeks: Tuesday, 14:00 (Europe/Riga), 90 minutes" in lines(card(reply))
    assert await sessions(world, of_group) == []
    assert [told(world, name) for name in PEOPLE] == [[]] * 4

    plan = world.button("Dace", "Plan these dates")
    await world.presses("Dace", "Plan these dates")
    again = await world.ask(world.command("Dace", plan.does, values=dict(plan.values)))
    assert title(again) == "Northern lights: done", "a second click plans nothing"
    found = await sessions(world, of_group)
    assert days(found) == [
        "03-10 14:00",
        "03-24 14:00",
        "04-07 14:00",
        "04-21 14:00",
        "05-05 14:00",
        "05-19 14:00",
        "06-02 14:00",
        "06-16 14:00",
    ]
    # The clock goes forward on the 29th of March: two in the afternoon stays two.
    assert [one.starts_at.hour for one in found] == [12, 12, 11, 11, 11, 11, 11, 11]
    assert len({one.person for one in await seats(world, found)}) == 4
    assert [told(world, name) for name in PEOPLE] == [["Northern lights: 8 dates"]] * 4
    assert len(world.inbox("Anna")[-1].parts[0].items) == 8  # type: ignore[union-attr] # a list of dates


@pytest.mark.usefixtures("people")
async def test_holidays_and_dates_when_many_are_away_give_way(world: World) -> None:
    of_group = await group_of(world, *PEOPLE)
    for name in ("Anna", "Jānis"):
        away = replace(await world.known(name), away_until=datetime(2026, 4, 9, tzinfo=UTC))
        await keep(world, away)
    # Good Friday is the 3rd of April in 2026, the 1st of May a holiday too.
    reply = await shown(world, of_group, first="2026-03-20", weeks="2", count="8")
    said = lines(card(reply))
    assert said.count("More than a third are away on <time>; the cycle ends a date later.") == 1
    assert said.count("<time> is a public holiday; instead: <time>.") == 2
    await world.presses("Dace", "Plan these dates")
    assert days(await sessions(world, of_group))[:4] == [
        "04-10 14:00",
        "04-17 14:00",
        "05-08 14:00",
        "05-15 14:00",
    ]


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"first": "2026-03-01"}, {"first": "That has passed already. Choose a time to come."}),
        (
            {"first": "2026-03-02", "wall": "10:00"},
            {"first": "That has passed already. Choose a time to come."},
        ),
        (
            {"first": "2027-06-01"},
            {"first": "That is more than a year ahead. Choose an earlier day."},
        ),
        (
            {"first": "2026-02-30"},
            {"first": "There is no day 30 in February 2026: it has 28 days."},
        ),
        ({"first": "31.4.2026"}, {"first": "There is no day 31 in April 2026: it has 30 days."}),
        ({"first": "2026-13-01"}, {"first": "There is no month 13: a year has twelve."}),
        (
            {"first": "soon"},
            {"first": "I can't read “soon” as a day. Write it like 2026-11-24."},
        ),
        ({"wall": "25:00"}, {"wall": "There is no 25:00: a day goes from 00:00 to 23:59."}),
        ({"wall": "noon"}, {"wall": "I can't read “noon” as a time. Write it like 16:00."}),
        (
            {"zone": "Europe/Rgia"},
            {"zone": "I know no time zone “Europe/Rgia”. Do you mean Europe/Riga?"},
        ),
        (
            {"zone": "🦉"},
            {"zone": "I know no time zone “🦉”. Write it like Europe/Riga."},
        ),
        ({"weeks": "5"}, {"weeks": "A whole number from 1 to 4."}),
        ({"minutes": "30"}, {"minutes": "A whole number from 60 to 120."}),
        ({"count": "11"}, {"count": "A whole number from 8 to 10."}),
        (
            {"first": "2026-03-29", "wall": "03:30"},
            {
                "wall": "There is no 03:30 on <time>: that night the clock goes from 03:00 "
                "straight to 04:00."
            },
        ),
        (
            {"first": "2026-03-15", "wall": "03:30"},
            {
                "wall": "There is no 03:30 on <time>: that night the clock goes from 03:00 "
                "straight to 04:00."
            },
        ),
    ],
)
async def test_a_cycle_that_can_not_be(
    world: World, wanted: dict[str, Value], expected: dict[str, str]
) -> None:
    of_group = await group_of(world)
    assert faults(await shown(world, of_group, **wanted)) == expected
    assert await sessions(world, of_group) == []


@pytest.mark.usefixtures("people")
async def test_the_hour_that_comes_twice_is_one_instant(world: World) -> None:
    of_group = await group_of(world)
    found = await planned(world, of_group, first="2026-10-25", wall="03:30", zone="riga")
    assert found[0].starts_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert found[0].zone == "Europe/Riga"


@pytest.mark.usefixtures("people")
async def test_nobody_is_in_two_sessions_at_once(world: World) -> None:
    first = await group_of(world, "Anna", "Jānis")
    await planned(world, first)
    second = await group_of(world, "Anna", "Līga", name="Southern cross")
    line = "Anna is in a session of Northern lights then: <time>."
    assert faults(await shown(world, second, wall="15:00")) == {"first": line}
    found = await planned(world, second, wall="15:30")
    assert len(found) == 8

    # Who joins later must be free as well; and nothing is moved onto another session.
    form = await world.ask(world.command("Dace", "supervision.invite", values=second))
    assert isinstance(form, Form)
    await world.fills("Dace", form, people=("Jānis",))
    assert title(await world.presses("Jānis", "I'd like to join")) == (
        "You are in the group Southern cross"
    )
    moved = await edited(world, "Move it", found[0], start="14:30", end="16:00")
    assert faults(moved)["day"].endswith("is in a session of Northern lights then: <time>.")
    third = await group_of(world, name="Third")
    await planned(world, third)
    form = await world.ask(world.command("Dace", "supervision.invite", values=third))
    assert isinstance(form, Form)
    await world.fills("Dace", form, people=("Anna",))
    assert title(await world.presses("Anna", "I'd like to join")) == line


@pytest.mark.usefixtures("people")
async def test_a_whole_cycle_is_taken_back(world: World) -> None:
    of_group = await group_of(world, *PEOPLE)
    await planned(world, of_group)
    await world.presses("Dace", "Undo")
    assert await sessions(world, of_group) == []
    assert told(world, "Anna") == ["Northern lights: taken back"]
    assert len(await planned(world, of_group, wall="15:00")) == 8
    assert told(world, "Anna") == ["Northern lights: taken back", "Northern lights: 8 dates"]


@pytest.mark.usefixtures("people")
async def test_the_cycle_ends_and_the_next_goes_on_with_the_same_people(world: World) -> None:
    of_group = await group_of(world, *PEOPLE)
    first = await planned(world, of_group)
    again = await shown(world, of_group, first="2026-07-07")
    assert faults(again) == {
        "first": "The cycle before still has 8 dates to come. End it first, or wait for them."
    }
    await later(world, days=10)
    form = await world.ask(world.command("Dace", "supervision.end", values=of_group))
    assert isinstance(form, Form)
    await world.fills("Dace", form, reason="")
    await world.presses("Dace", "End the cycle")
    states = [one.state for one in await sessions(world, of_group)]
    assert states == [SessionState.PLANNED, *[SessionState.CANCELLED] * 7]
    assert told(world, "Anna")[-1] == "Northern lights: the cycle is over"
    await world.ask(world.command("Dace", "supervision.dates", values=of_group))
    form = await world.presses("Dace", "Next cycle")
    assert isinstance(form, Form)
    assert {one.name: getattr(one, "value", None) for one in form.fields} == {
        "first": "2026-06-30",
        "wall": "14:00",
        "zone": "Europe/Riga",
        "weeks": 2,
        "minutes": 90,
        "count": 8,
    }
    await world.fills("Dace", form)
    await world.presses("Dace", "Plan these dates")
    found = await sessions(world, of_group)
    assert days(found[8:])[0] == "06-30 14:00"
    assert {one.person for one in await seats(world, found[8:])} == {
        one.person for one in await seats(world, first[:1])
    }
    await world.presses("Dace", "Undo")
    assert len(await sessions(world, of_group)) == 8


@pytest.mark.usefixtures("people")
async def test_a_time_is_found(world: World) -> None:
    for name, hours in (
        ("Anna", "Mon-Fri 09:00-17:00"),
        ("Jānis", "Mon-Thu 12:00-20:00"),
        ("Līga", "Tue-Fri 09:00-17:00"),
    ):
        person = replace(await world.known(name), hours=parse_hours(hours))
        await keep(world, person)
    other = await group_of(world, "Anna", name="Other")
    await planned(world, other, first="2026-03-10", wall="13:00", weeks="1", count="10")
    of_group = await group_of(world, "Anna", "Jānis", "Līga")
    form = await world.ask(world.command("Dace", "supervision.find", values=of_group))
    assert isinstance(form, Form)
    reply = await world.fills("Dace", form, first="2026-03-09", weeks="2")
    said = lines(card(reply)).split("\n")
    assert said[0] == "Times for Northern lights"
    assert said[1].startswith("Wednesday 13:00, from <time>: everybody can")
    assert said[2].startswith("Thursday 13:00, from <time>: everybody can")
    assert said[3].startswith("Tuesday 14:30, from <time>: everybody can")
    form = await world.presses("Dace", "Take this", card(reply))
    assert isinstance(form, Form)
    await world.fills("Dace", form)
    await world.presses("Dace", "Plan these dates")
    assert days(await sessions(world, of_group))[0] == "03-10 14:30"


@pytest.mark.usefixtures("people")
async def test_a_time_for_nobody(world: World) -> None:
    of_group = await group_of(world)
    form = await world.ask(world.command("Dace", "supervision.find", values=of_group))
    assert isinstance(form, Form)
    reply = await world.fills("Dace", form)
    assert "Nobody is in the group yet." in lines(card(reply))
    assert "first" in faults(await world.fills("Dace", form, first="2020-01-01"))


@pytest.mark.usefixtures("people")
async def test_a_workspace_sets_how_many_sessions_a_cycle_has(world: World) -> None:
    of_group = await group_of(world)
    await world.ask(world.command("Dace", "supervision.all"))
    form = await world.presses("Dace", "Sessions in a cycle")
    assert isinstance(form, Form)
    assert faults(await world.fills("Dace", form, least="5", most="4")) == {
        "most": "No fewer than 5, the least."
    }
    await world.fills("Dace", form, least="1", most="12")
    assert len(await planned(world, of_group, count="1")) == 1
