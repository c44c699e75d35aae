"""Plecs knows who is on the telephone, and what follows from that."""

import itertools
from datetime import timedelta
from typing import Any

import pytest

from handlers.availability.engaged import Availability
from handlers.calls.model import CallEvent, Happened, Taken
from handlers.common.current_call import CurrentCall, CurrentCalls
from handlers.kit.hours import parse_hours
from handlers.kit.notices import Notice
from handlers.kit.people import Profile, Role
from storage.work import SqlWork
from tests.stories.telephones import NUMBER, PretendTelephones
from tests.world import World, button_labels, card, lines, title

MINUTE = timedelta(minutes=1)


@pytest.fixture
def system(world: World) -> PretendTelephones:
    return PretendTelephones(world)


async def at_work(world: World, *names: str, **also: Any) -> None:
    """Agents with an extension each, which is their name."""
    for name in names:
        await world.person(name, extension=name, **also)


async def on_telephone(world: World, *names: str) -> list[str]:
    people = {name: (await world.known(name)).id for name in names}
    now = world.now

    def look(work: SqlWork) -> list[str]:
        found = work.of(Availability)
        return [name for name, person in people.items() if found.on_telephone(person, now)]

    return await world.engine.database.read(look)


async def current(world: World, name: str) -> CurrentCall | None:
    person, now = await world.known(name), world.now
    return await world.engine.database.read(lambda work: work.of(CurrentCalls).of(person.id, now))


async def test_whoever_is_on_the_telephone_is_asked_by_no_ring(
    world: World, system: PretendTelephones
) -> None:
    await at_work(world, "Anna", "Jānis", "Ilze", topics=("contracts",))
    await system.answered("c1", "Jānis")
    await world.says("Anna", "/hand contracts he shouts")
    assert world.titles("Jānis") == []
    assert world.titles("Ilze") == ["Anna needs a colleague"]
    await system.ended("c1")
    await world.says("Anna", "/plecs could you take my hand down")
    await world.forward(minutes=1)
    await world.says("Anna", "/hand contracts he shouts")
    assert world.titles("Jānis") == ["Anna needs a colleague"]


async def test_who_was_asked_and_answers_a_call_counts_as_having_said_not_now(
    world: World, system: PretendTelephones
) -> None:
    await at_work(world, "Anna")
    await at_work(world, "Jānis", topics=("contracts",))
    await world.person("Līga", Role.SUPERVISOR)
    await world.says("Anna", "/hand contracts he shouts")
    await system.answered("c1", "Jānis")
    await world.forward(seconds=1)
    assert world.titles("Līga") == ["Anna needs a colleague"], "the next ring waits for nobody"


async def test_those_free_the_longest_are_asked_first_and_else_who_was_asked_least_recently(
    world: World, system: PretendTelephones
) -> None:
    names = [f"H{number}" for number in range(8)]
    await at_work(world, "Anna")
    await at_work(world, *names, topics=("contracts",))
    for name in reversed(names):
        await system.answered(f"call of {name}", name)
        await world.forward(seconds=20)
        await system.ended(f"call of {name}")
    await world.says("Anna", "/hand contracts he shouts")
    asked = [name for name in names if "Anna needs a colleague" in world.titles(name)]
    assert asked == ["H3", "H4", "H5", "H6", "H7"]


async def test_a_hand_comes_down_with_its_call_and_its_agent_is_asked_once(
    world: World, system: PretendTelephones
) -> None:
    await at_work(world, "Anna")
    await at_work(world, "Jānis", topics=("contracts",))
    await system.answered("c1", "Anna")
    await world.says("Anna", "/hand contracts he shouts")
    await world.forward(seconds=5)
    await system.ended("c1")
    assert world.titles("Jānis") == ["Anna no longer needs anybody"]
    asked = world.inbox("Anna")[-1]
    assert title(asked) == "Your call has ended. Still need somebody?"
    assert button_labels(asked) == ["Yes, ask again", "No, thank you"]
    await system.ended("c1")
    await world.forward(minutes=30)
    assert world.titles("Anna").count("Your call has ended. Still need somebody?") == 1
    assert world.titles("Jānis") == ["Anna no longer needs anybody"]

    again = world.inbox("Anna")[-1]
    reply = await world.presses("Anna", "Yes, ask again")
    assert title(reply) == "Your hand is up"
    reply = await world.presses("Anna", "Yes, ask again", on=again)
    assert title(reply) == "Your hand is up", "what a second click says is true, too"
    assert world.titles("Jānis")[-1] == "Anna needs a colleague"
    assert "he shouts" in lines(world.inbox("Jānis")[-1])
    assert title(world.inbox("Anna")[-1]) == "You raised your hand again"
    assert "Your call has ended. Still need somebody?" not in world.titles("Anna")


async def test_no_thank_you_is_the_end_of_it(world: World, system: PretendTelephones) -> None:
    await at_work(world, "Anna", "Jānis")
    await system.answered("c1", "Anna")
    await world.says("Anna", "/hand")
    await system.ended("c1")
    await world.presses("Anna", "No, thank you")
    assert button_labels(world.inbox("Anna")[-1]) == []
    await world.forward(hours=1)
    assert world.titles("Jānis") == ["Anna no longer needs anybody"]


async def test_an_open_hand_of_an_earlier_call_never_swallows_a_new_one(
    world: World, system: PretendTelephones
) -> None:
    await at_work(world, "Anna")
    await at_work(world, "Jānis", topics=("contracts",))
    await world.says("Anna", "/hand contracts the first one")
    await world.presses("Jānis", "I'm coming")
    await world.forward(minutes=5)
    await system.answered("c2", "Anna")
    await world.forward(seconds=30)
    await world.says("Anna", "/hand contracts the second one")
    assert title(world.replies["Anna"][-1]) == "Your hand is up"
    assert "the second one" in lines(world.inbox("Jānis")[-1])
    assert "the first one" not in lines(world.inbox("Jānis")[-1])


async def test_a_late_end_of_an_earlier_call_takes_no_new_hand_down(
    world: World, system: PretendTelephones
) -> None:
    await at_work(world, "Anna", "Jānis")
    await system.answered("c1", "Anna")
    ended = world.now + 2 * MINUTE
    await world.forward(minutes=3)
    await system.answered("c2", "Anna")
    await world.says("Anna", "/hand he shouts")
    await system.ended("c1", at=ended)
    assert title(world.replies["Anna"][-1]) == "Your hand is up"
    assert "Your call has ended. Still need somebody?" not in world.titles("Anna")
    assert await on_telephone(world, "Anna", "Jānis") == ["Anna"]


async def test_the_end_of_another_call_frees_nobody_and_takes_no_hand_down(
    world: World, system: PretendTelephones
) -> None:
    """A second line rang while she talked, and the caller gave up."""
    await at_work(world, "Anna", "Jānis")
    await system.answered("c1", "Anna")
    await world.says("Anna", "/hand he shouts")
    await world.forward(seconds=2)
    await system.tells(Happened.STARTED, "c2", "Anna")
    await system.ended("c2", "Anna")
    assert await on_telephone(world, "Anna", "Jānis") == ["Anna"]
    assert world.titles("Jānis") == ["Anna needs a colleague"]
    assert "Your call has ended. Still need somebody?" not in world.titles("Anna")
    await system.ended("c1", "Anna")
    assert world.titles("Anna")[-1] == "Your call has ended. Still need somebody?"


async def test_a_break_after_this_call_begins_when_the_call_ends(
    world: World, system: PretendTelephones
) -> None:
    await at_work(world, "Anna", "Jānis", "Ilze")
    await system.answered("c1", "Anna")
    await world.says("Anna", "/hand he shouts")
    wished = card(await world.says("Anna", "/break 10 after this call"))
    assert lines(wished).splitlines()[1] == "It begins by itself when you hang up."
    await world.presses("Anna", "Take my hand down")
    await world.forward(minutes=2)
    before = len(world.inbox("Anna"))
    await system.ended("c1")
    (begun,) = world.inbox("Anna")[before:]
    assert title(begun) == "Your break, until <time>"


async def test_what_can_wait_waits_for_the_end_of_the_call(
    world: World, system: PretendTelephones
) -> None:
    anna = await world.person("Anna", extension="Anna")
    await system.answered("c1", "Anna")

    def later(work: SqlWork) -> None:
        work.outbox.add(anna.workspace, Notice("hand.over", "none.1", (anna.id,), world.now))

    await world.engine.database.run(later)
    waits = await world.engine.database.read(
        lambda work: work.of(Availability).engaged((anna.id,), world.now)
    )
    assert waits == {anna.id}
    await system.ended("c1")
    assert await on_telephone(world, "Anna") == []


async def test_events_come_late_twice_and_out_of_order(
    world: World, system: PretendTelephones
) -> None:
    await at_work(world, "Anna", "Jānis")
    start = world.now
    await world.forward(minutes=5)
    await system.ended("c1", at=start + 2 * MINUTE)
    await system.answered("c1", "Anna", at=start + MINUTE)
    assert await on_telephone(world, "Anna", "Jānis") == [], "its end was told first"
    await system.answered("c2", "Anna", at=start + 3 * MINUTE, delivery="same")
    taken = await system.tells(Happened.ENDED, "c2", delivery="same")
    assert taken is Taken.REPEATED
    assert await on_telephone(world, "Anna", "Jānis") == ["Anna"]
    await system.transferred("c2", "Jānis", at=start + 4 * MINUTE)
    assert await on_telephone(world, "Anna", "Jānis") == ["Jānis"]
    await system.answered("c2", "Anna", at=start + 3 * MINUTE)
    assert await on_telephone(world, "Anna", "Jānis") == ["Jānis"], "what came before stays before"


async def test_an_end_that_never_came_is_made_good_by_the_next_call_and_by_the_clock(
    world: World, system: PretendTelephones
) -> None:
    await at_work(world, "Anna")
    await system.answered("c1", "Anna")
    await world.forward(minutes=1)
    await system.answered("c2", "Anna")
    await system.ended("c2")
    assert await on_telephone(world, "Anna") == [], "the end of the newer call frees her"
    await world.forward(seconds=1)
    await system.answered("c3", "Anna")
    await world.forward(hours=1, minutes=59)
    assert await on_telephone(world, "Anna") == ["Anna"]
    await world.forward(minutes=2)
    assert await on_telephone(world, "Anna") == []


async def test_a_silent_system_frees_everybody_and_admins_hear_of_it_once(
    world: World, system: PretendTelephones
) -> None:
    await at_work(world, "Anna", hours=parse_hours("Mon-Fri 08:00-17:00"))
    await world.person("Dace", Role.ADMIN)
    await system.answered("c1", "Anna")
    await world.looks(minutes=12)
    assert await on_telephone(world, "Anna") == []
    assert world.titles("Dace") == ["The telephone system tells me nothing any more"]
    assert b'plecs_troubles{trouble="telephone_silent"} 1.0' in await world.engine.figures()
    await system.answered("c2", "Anna")
    await world.looks(minutes=2)
    assert world.titles("Dace")[-1] == "It is over: The telephone system tells me nothing any more"
    assert await on_telephone(world, "Anna") == ["Anna"]


async def test_a_night_is_no_silence(world: World, system: PretendTelephones) -> None:
    await at_work(world, "Anna", hours=parse_hours("Mon-Fri 08:00-09:00"))
    await world.person("Dace", Role.ADMIN)
    await system.answered("c1", "Anna")
    await world.looks(minutes=12)
    assert await on_telephone(world, "Anna") == ["Anna"]
    assert world.titles("Dace") == []


async def test_the_call_of_an_agent_is_known_to_whoever_asks(
    world: World, system: PretendTelephones
) -> None:
    anna = (await world.person("Anna", extension="214")).id
    caller = world.engine.services.caller(NUMBER, world.now)
    await system.answered("c1", "214", case="K-17", queue="Rēķini")
    found = await current(world, "Anna")
    assert found is not None
    assert found == CurrentCall(
        found.id, "paper-T1", anna, world.now, caller, "K-17", "bills", by_hand=False
    )
    await system.ended("c1")
    assert await current(world, "Anna") is None
    kept = await world.engine.database.read(lambda work: work.of(CurrentCalls).get(found.id))
    assert kept is not None
    assert (kept.ended_at, kept.caller) == (world.now, caller)


async def test_nobody_is_found_where_it_is_not_clear_who_is_meant(
    world: World, system: PretendTelephones
) -> None:
    await world.person("Anna", extension="1")
    await world.person("Ilze", extension="1")
    assert await system.tells(Happened.ANSWERED, "c1", "1") is Taken.NOBODYS
    assert await system.tells(Happened.ANSWERED, "c2", "2") is Taken.NOBODYS
    assert await on_telephone(world, "Anna", "Ilze") == []


async def test_an_agent_is_found_by_an_email_address_that_their_platform_vouches_for(
    world: World, system: PretendTelephones
) -> None:
    anna = await world.person("Anna")
    profile = world.platform.profiles["Anna"] = _profile(world, "Anna", "anna@plecs.example")
    assert profile.address in anna.addresses
    assert await system.tells(Happened.ANSWERED, "c1", "anna@plecs.example") is Taken.KEPT
    assert await on_telephone(world, "Anna") == ["Anna"]
    del world.platform.profiles["Anna"]
    assert await system.tells(Happened.ANSWERED, "c2", "Anna@Plecs.Example") is Taken.KEPT
    assert await on_telephone(world, "Anna") == ["Anna"]


async def test_nobody_is_looked_for_in_another_workspace(world: World) -> None:
    anna, ilze = await world.person("Anna"), await world.person("Ilze", workspace="T2")
    email, calls = "both@plecs.example", itertools.count()

    async def answers(workspace: str) -> Taken:
        call = f"c{next(calls)}"
        told = CallEvent(call, workspace, Happened.ANSWERED, call, world.now, (email,))
        return await world.engine.desk.hear(told, workspace)

    world.platform.profiles["Ilze"] = Profile(world.address("Ilze", "T2"), "Ilze", email=email)
    assert await answers(anna.workspace) is Taken.NOBODYS
    assert await answers(ilze.workspace) is Taken.KEPT
    await world.forward(minutes=11)
    world.platform.profiles = {"Anna": _profile(world, "Anna", email)}
    assert await answers(anna.workspace) is Taken.KEPT
    assert await answers(ilze.workspace) is Taken.KEPT, "each has it in their own workspace"
    assert await on_telephone(world, "Anna") == ["Anna"]


def _profile(world: World, name: str, email: str) -> Profile:
    return Profile(world.address(name), name, email=email)


async def test_one_call_of_which_two_systems_tell_is_one(
    world: World, system: PretendTelephones
) -> None:
    """A bridge speaks Zammad's format beside signed events: each in its own names and moments."""
    await at_work(world, "Anna", "Jānis")
    await system.tells(Happened.STARTED, "z1", number=NUMBER, source="cti")
    await system.answered("c1", "Anna")
    await world.says("Anna", "/hand he shouts")
    await world.says("Anna", "/break 10 after the call")
    await world.forward(seconds=2)
    again = await system.tells(Happened.ANSWERED, "z1", "Anna", number=NUMBER, source="cti")
    assert again is Taken.REPEATED
    assert not any("number" in one for one in world.titles("Anna")), "it is no second call"
    assert "Your call has ended. Still need somebody?" not in world.titles("Anna")
    await world.forward(minutes=1)
    await system.ended("c1")
    assert "Your break, until <time>" in world.titles("Anna")
    await system.ended("z1", "Anna", source="cti")
    assert world.titles("Anna").count("Your call has ended. Still need somebody?") == 1
    await system.answered("c2", "Jānis")
    assert "This number: 2 calls today, with this one." in lines(world.inbox("Jānis")[-1])
