"""What cards of a hand say of the moment is so: who writes where, and who is still waited for."""

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.kit.cards import Card, Form
from handlers.kit.notices import Lane
from handlers.kit.people import Role
from handlers.supervision.sessions.model import Attendance, Seats, SessionSeat
from storage.work import SqlWork
from tests.stories.supervision_sessions import meeting, sessions, until
from tests.world import World, button_labels, lines

ALONE = "You have no chat of the two of you here: speak by phone."
TOGETHER = "To write to each other: the message “Anna and Jānis”."


async def refuse(world: World, lane: Lane) -> None:
    place, pace, now = ("paper", "T1"), world.platform.pace, world.now
    await world.engine.database.run(
        lambda work: work.lanes.refuse(place, lane, "missing_scope", pace, now)
    )


async def two(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",))


@pytest.mark.parametrize("is_known", [True, False])
async def test_no_card_says_that_there_is_a_conversation_which_nobody_opened(
    world: World, *, is_known: bool
) -> None:
    await two(world)
    await world.says("Anna", "/hand contracts")
    if is_known:
        await refuse(world, Lane.OPENING)
    world.platform.refuses_groups = True
    await world.presses("Jānis", "I'm coming")
    await world.forward(seconds=5)
    for user, title in (("Anna", "Jānis is on the way"), ("Jānis", "You are on the way to Anna")):
        [card] = [one for one in world.inbox(user) if lines(one).startswith(title)]
        assert ALONE in lines(card)
    assert "Anna and Jānis" in world.titles("Anna"), "each has its card alone"


async def test_the_conversation_is_named_once_it_is_there(world: World) -> None:
    await two(world)
    await world.says("Anna", "/hand contracts")
    await world.presses("Jānis", "I'm coming")
    again = await world.says("Anna", "/hand")
    assert isinstance(again, Card)
    assert TOGETHER in lines(again)
    pressed = await world.presses("Jānis", "Solved", world.inbox("Anna", "Jānis")[0])
    assert pressed is None


async def test_who_is_with_somebody_else_is_not_waited_for(world: World) -> None:
    await two(world)
    await world.person("Līga", Role.SUPERVISOR)
    await world.person("Ilze", helps=False)
    await world.says("Anna", "/hand contracts")
    await world.says("Ilze", "/hand contracts")
    assert world.titles("Jānis") == ["Anna needs a colleague", "Ilze needs a colleague"]
    await world.presses("Jānis", "I'm coming", world.inbox("Jānis")[0])
    assert world.titles("Līga") == ["Ilze needs a colleague"], "at once, not after its half minute"
    [mine, theirs] = world.inbox("Jānis")
    assert lines(mine).startswith("You are on the way to Anna")
    assert "You can't come now. That is all right, and Ilze does not see it." in lines(theirs)
    assert button_labels(theirs) == ["I can come after all"]
    assert "Asked: Jānis, Līga." in lines(world.inbox("Ilze")[0])


async def test_whose_own_hand_is_up_is_not_waited_for(world: World) -> None:
    await two(world)
    await world.person("Līga", Role.SUPERVISOR)
    await world.says("Anna", "/hand contracts")
    await world.says("Jānis", "/hand")
    assert "Anna needs a colleague" in world.titles("Līga")


async def test_who_goes_away_is_not_waited_for(world: World) -> None:
    await two(world)
    await world.person("Līga", Role.SUPERVISOR)
    await world.says("Anna", "/hand contracts")
    await world.says("Jānis", "/plecs away 14:20")
    assert world.titles("Līga") == ["Anna needs a colleague"]


async def test_who_begins_to_talk_is_not_waited_for(world: World) -> None:
    janis = await world.person("Jānis", topics=("contracts",))
    await world.person("Ilze", trusted=(janis.id,), helps=False)
    await world.person("Anna")
    await world.person("Līga", Role.SUPERVISOR)
    form = await world.ask(world.command("Ilze", "vent.form", values={"person": janis.id}))
    assert isinstance(form, Form)
    await world.fills("Ilze", form)
    await world.says("Anna", "/hand contracts")
    assert world.titles("Līga") == []
    await world.presses("Jānis", "Yes, now")
    assert world.titles("Līga") == ["Anna needs a colleague"]


async def test_who_came_as_well_is_asked_for_nothing_else(world: World) -> None:
    await two(world)
    await world.person("Ieva", topics=("contracts",))
    await world.person("Ilze", helps=False)
    await world.says("Anna", "/hand contracts")
    await world.presses("Jānis", "I'm coming")
    await world.presses("Ieva", "Join them")
    honest = await world.says("Ilze", "/hand contracts")
    assert isinstance(honest, Card)
    assert lines(honest).startswith("Nobody is free right now")
    await world.presses("Anna", "Solved")
    await world.says("Ilze", "/hand")
    assert set(world.titles("Ieva")) > {"Ilze needs a colleague"}


async def test_who_sits_in_a_session_is_not_waited_for(world: World) -> None:
    _, oto, *_ = await meeting(world, ("Anna", "Oto", "Līga", "Zane"))

    def comes(work: SqlWork) -> None:
        work.people.save(replace(oto, topics=("contracts",)))
        work.of(Seats).put([SessionSeat("s1", oto.id, Attendance.COMING)])

    await world.engine.database.run(comes)
    await world.person("Kārlis")
    await world.person("Pēteris", Role.SUPERVISOR)
    begins = sessions()[0].starts_at
    await until(world, begins - timedelta(seconds=5))
    await world.says("Kārlis", "/hand contracts")
    assert "Kārlis needs a colleague" in world.titles("Oto")
    await until(world, begins)
    assert "Kārlis needs a colleague" in world.titles("Pēteris")
