"""Supervision groups as those who look after them live it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.kit.cards import Card, Form, Reply
from handlers.kit.commands import Command, Value
from handlers.kit.people import Address, Profile, Role
from handlers.supervision.groups.model import Groups
from handlers.supervision.members.model import INVITED_FOR
from tests.world import World, button_labels, card, lines, plain, title


async def test_the_front_card_says_what_it_is_about(world: World) -> None:
    await world.person("Anna", locale="lv")
    assert title(await world.says("Anna", "/supervision")) == "Supervīzijas grupas"
    reply = await world.says("Anna", "/plecs supervīzija")
    assert "Šobrīd neesat nevienā grupā." in lines(card(reply))
    home = await world.says("Anna", "/home")
    assert "Supervīzijas grupas" in button_labels(card(home))


async def team(world: World, *names: str) -> None:
    await world.person("Dace", Role.COORDINATOR)
    for name in names:
        await world.person(name, position="agent")


async def a_group(world: World, **wanted: Value) -> Card:
    """A group of Dace's; answers its card."""
    await world.says("Dace", "/supervision")
    form = await world.presses("Dace", "New group")
    assert isinstance(form, Form)
    return card(await world.fills("Dace", form, **{"name": "Northern lights"} | wanted))


async def invite(world: World, *names: str, full: str = "say") -> Reply:
    form = await world.presses("Dace", "Invite")
    assert isinstance(form, Form)
    return await world.fills("Dace", form, people=names, full=full)


def faults(reply: Reply) -> dict[str, str]:
    assert isinstance(reply, Form), plain(card(reply).title)
    return {name: plain(line) for name, line in reply.errors.items()}


def fact(reply: Reply, name: str) -> str:
    for line in lines(card(reply)).split("\n"):
        if line.startswith(f"{name}: "):
            return line.removeprefix(f"{name}: ")
    raise AssertionError(f"no {name!r} in {lines(card(reply))}")


async def test_invitations_are_answered_privately(world: World) -> None:
    await team(world, "Anna", "Jānis", "Līga")
    await a_group(world, seats="4", place="Room 4", position="agent")
    reply = await invite(world, "Anna", "Jānis", "Līga")
    assert fact(reply, "Seats") == "0 of 4, 3 invited"
    assert "Anna" not in lines(card(reply)), "who is invited is not shown: nor who declined"
    assert world.titles("Anna") == ["An invitation to a supervision group"]
    of_group = dict(world.button("Līga", "I'd like to join").values)

    reply = await world.presses("Anna", "I'd like to join")
    assert title(reply) == "You are in the group Northern lights"
    assert world.titles("Anna") == ["You are in the group Northern lights"]
    assert title(await world.presses("Jānis", "No, thank you")) == "All right, not this time"
    assert "is over" in lines(world.inbox("Jānis")[0])

    reply = await world.presses("Dace", "Open", card(await world.says("Dace", "/supervision")))
    assert fact(reply, "Seats") == "1 of 4, 1 invited"
    assert "Jānis" not in lines(card(reply)), "who declined leaves a free seat and no trace"
    assert world.titles("Dace") == []

    await world.forward(days=5, minutes=1)
    assert "is over" in lines(world.inbox("Līga")[0])
    late = await world.ask(world.command("Līga", "supervision.accept", values=of_group))
    assert title(late) == "This invitation is over. Ask the coordinator for a new one."
    reply = await world.presses("Dace", "All groups")
    assert "Northern lights: seats 1 of 4; next not planned" in lines(card(reply))


async def test_whoever_waits_is_offered_the_next_free_seat(world: World) -> None:
    await team(world, *"ABCDEF")
    await a_group(world, seats="4")
    assert faults(await invite(world, *"ABCDEF")) == {
        "people": "4 seats are free, and you chose 6."
    }
    await invite(world, *"ABCDEF", full="list")
    assert [len(world.inbox(name)) for name in "ABCDEF"] == [1, 1, 1, 1, 0, 0]
    for name in "AB":
        await world.presses(name, "I'd like to join")
    await world.presses("C", "No, thank you")
    assert [len(world.inbox(name)) for name in "EF"] == [1, 0]
    await world.presses("E", "I'd like to join")

    # Who leaves makes room, who is removed as well, and who is gone from the platform too.
    of_group = {"group": world.last_values("Dace")["group"]}
    await world.ask(world.command("A", "supervision.leave", values=of_group))
    assert world.titles("F") == ["An invitation to a supervision group"]
    reply = await world.ask(world.command("Dace", "supervision.group", values=of_group))
    assert fact(reply, "Seats") == "2 of 4, 2 invited"
    b = of_group | {"person": (await world.known("B")).id}
    await world.ask(world.command("Dace", "supervision.remove", values=b))
    assert world.titles("B") == [
        "You are in the group Northern lights",
        "The group Northern lights",
    ]
    assert "{owner}" not in lines(world.inbox("B")[1])
    assert "Dace can tell you more" in lines(world.inbox("B")[1])


async def test_more_seats_let_in_who_waits_and_fewer_than_taken_are_refused(world: World) -> None:
    await team(world, *"ABCDE")
    await a_group(world, seats="4")
    await invite(world, *"ABCDE", full="list")
    form = await world.presses("Dace", "Change")
    assert isinstance(form, Form)
    await world.fills("Dace", form, seats="5")
    assert len(world.inbox("E")) == 1
    assert faults(await world.fills("Dace", form, seats="4")) == {
        "seats": "5 seats are taken or kept for somebody."
    }


async def test_a_ninth_in_a_group_of_eight(world: World) -> None:
    await team(world, *"ABCDEFGHI")
    await a_group(world, seats="8")
    await invite(world, *"ABCDEFGH")
    for name in "ABCDEFGH":
        await world.presses(name, "I'd like to join")
    assert faults(await invite(world, "I")) == {
        "people": "All 8 seats are taken or kept for somebody."
    }
    assert world.inbox("I") == []


async def test_line_managers_and_other_positions_stay_outside(world: World) -> None:
    await world.person("Dace", Role.COORDINATOR)
    await world.person("Anna", position="Agent", manager="Pēteris")
    await world.person("Pēteris", Role.SUPERVISOR)
    await world.person("Zane", position="team lead")
    await world.person("Old", active=False)
    await a_group(world, position="agent")
    line = "Pēteris is the line manager of Anna: they can't be in one group."
    assert faults(await invite(world, "Anna", "Pēteris")) == {"people": line}
    assert faults(await invite(world, "Zane", "Old")) == {
        "people": "Zane is team lead by the people list; the group is for agent. "
        "Old can't use Plecs now."
    }
    await invite(world, "Anna")
    assert faults(await invite(world, "Pēteris")) == {"people": line}
    form = await world.presses("Dace", "Change")
    assert isinstance(form, Form)
    assert faults(await world.fills("Dace", form, facilitator="Pēteris")) == {"facilitator": line}
    assert faults(await world.fills("Dace", form, facilitator="Zane")) == {
        "facilitator": "Zane is no supervisor in the people list."
    }
    assert faults(await invite(world)) == {"people": "Please choose."}

    # The people list may change while an invitation is out.
    await world.person("Boss", Role.SUPERVISOR)
    await invite(world, "Boss")
    await world.presses("Boss", "I'd like to join")
    anna = await world.known("Anna")
    await world.engine.database.run(lambda work: work.people.save(replace(anna, manager="Boss")))
    refused = await world.presses("Anna", "I'd like to join")
    assert title(refused) == "Boss is the line manager of Anna: they can't be in one group."


async def test_an_open_group_is_asked_for(world: World) -> None:
    await team(world, "Anna", "Jānis")
    await a_group(world, open="yes")
    reply = await world.says("Anna", "/supervision")
    assert "Northern lights has open doors." in lines(card(reply))
    await world.presses("Anna", "Ask to join")
    await world.presses("Jānis", "Ask to join", card(await world.says("Jānis", "/supervision")))
    assert world.titles("Dace") == ["Anna asks to join a group", "Jānis asks to join a group"]
    await world.presses("Dace", "Take in", world.inbox("Dace")[0])
    assert lines(world.inbox("Anna")[0]).startswith("The group Northern lights\nYou are in.")
    assert button_labels(world.inbox("Dace")[0]) == []
    reply = await world.says("Dace", "/supervision")
    await world.presses("Dace", "Open", card(reply))
    await world.presses("Dace", "Answer")
    reply = await world.presses("Dace", "Not this time")
    assert fact(reply, "Seats") == "1 of 8"
    assert "You are not in this group now." in lines(world.inbox("Jānis")[0])


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"name": ""}, {"name": "Please fill this in."}),
        ({"name": "\u202e\u200b"}, {"name": "Please fill this in."}),
        (
            {"name": "🦉" * 5000},
            {"name": "At most 60 characters, please; this has 5000."},
        ),
        ({"seats": "3"}, {"seats": "A whole number from 4 to 10."}),
        ({"seats": "many"}, {"seats": "A whole number from 4 to 10."}),
        ({"locale": "tlh"}, {"locale": "Please choose."}),
        ({"name": "SNOREM"}, {"name": "There is a group of this name already."}),
    ],
)
async def test_a_group_that_can_not_be_made(
    world: World, wanted: dict[str, Value], expected: dict[str, str]
) -> None:
    await team(world)
    await a_group(world, name="Šņorēm")
    form = await world.presses("Dace", "New group", card(await world.says("Dace", "/supervision")))
    assert isinstance(form, Form)
    assert faults(await world.fills("Dace", form, **{"name": "Owls"} | wanted)) == expected
    groups, _ = await world.engine.database.read(
        lambda work: work.of(Groups).page("paper-T1", 0, 9)
    )
    assert [one.name for one in groups] == ["Šņorēm"]


async def test_an_owl_is_a_name(world: World) -> None:
    await team(world)
    assert title(await a_group(world, name="  🦉  Owls\n of\tRiga ")) == "🦉 Owls of Riga"


async def test_a_group_outlives_its_coordinator(world: World) -> None:
    await team(world, "Anna")
    await world.person("Ilze", Role.COORDINATOR)
    await a_group(world)
    await invite(world, "Anna")
    await world.presses("Anna", "I'd like to join")
    gone = Profile(Address("paper", "T1", "Dace"), "Dace", active=False)
    await world.engine.desk.learn(gone)
    await world.settle()
    assert world.titles("Ilze") == ["Nobody looks after the group Northern lights now"]
    reply = await world.says("Ilze", "/supervision")
    assert "nobody looks after it" in lines(card(await world.presses("Ilze", "All groups")))
    reply = await world.presses("Ilze", "Take it over")
    assert fact(reply, "Looked after by") == "Ilze"
    assert world.titles("Ilze") == ["You look after the group Northern lights now"]


async def test_a_group_is_handed_over_and_closed(world: World) -> None:
    await team(world, "Anna", "Jānis")
    await a_group(world)
    reply = await world.presses("Dace", "Hand over")
    assert title(reply).startswith("There is no other coordinator yet.")
    ilze = await world.person("Ilze", Role.COORDINATOR)
    form = await world.presses("Dace", "Hand over")
    assert isinstance(form, Form)
    await world.fills("Dace", form, owner=ilze.id)
    assert world.titles("Ilze") == ["You look after the group Northern lights now"]
    await world.presses("Ilze", "Open")
    await invite(world, "Anna", "Jānis")
    await world.presses("Anna", "I'd like to join")
    reply = await world.presses("Ilze", "Close the group")
    assert title(reply) == "The group Northern lights is closed"
    assert world.titles("Anna")[-1] == "The group Northern lights is closed"
    assert "is over" in lines(world.inbox("Jānis")[0])
    assert title(await world.presses("Dace", "Change")) == "The group Northern lights is closed."


async def test_five_coordinators_invite_at_once_and_nobody_stands(world: World) -> None:
    await team(world, *"ABCDEFGH")
    await a_group(world, seats="4")
    form = await world.presses("Dace", "Invite")
    assert isinstance(form, Form)
    values = {"group": form.values["group"], "full": "list"}
    await asyncio.gather(
        *(
            world.ask(
                world.command(
                    "Dace", "supervision.invite.send", values=values | {"people": (name,)}
                )
            )
            for name in "ABCDEFGH"
        )
    )
    assert sum(len(world.inbox(name)) for name in "ABCDEFGH") == 4


async def test_others_can_not_look_inside(world: World) -> None:
    await team(world, "Anna")
    await a_group(world)
    of_group = {"group": world.last_values("Dace")["group"]}
    reply = await world.ask(world.command("Anna", "supervision.group", values=of_group))
    assert title(reply) == "This is for people with the role coordinator"
    await world.person("Else", Role.COORDINATOR, workspace="T2")
    elsewhere = Command("supervision.group", Address("paper", "T2", "Else"), "", of_group)
    assert title(await world.ask(elsewhere)) == "I can't find this group any more."
    assert title(await world.ask(world.command("Dace", "supervision.group"))) == (
        "I can't find this group any more."
    )


async def test_nobody_is_invited_into_a_closed_group(world: World) -> None:
    await team(world, *"ABCDE")
    await a_group(world, seats="4")
    await invite(world, *"ABCDE", full="list")
    await world.presses("Dace", "Close the group")
    world.platform.now += INVITED_FOR + timedelta(minutes=1)
    await world.settle()
    assert world.titles("E") == ["The group Northern lights is closed"]


async def test_who_is_no_coordinator_any_more_looks_after_nothing(world: World) -> None:
    await team(world)
    await world.person("Ilze", Role.COORDINATOR)
    await a_group(world)
    dace = await world.known("Dace")
    plain_agent = replace(dace, roles=frozenset({Role.AGENT}))
    await world.engine.database.run(lambda work: work.people.save(plain_agent))
    reply = await world.ask(world.command("Ilze", "supervision.all"))
    assert "nobody looks after it" in lines(card(reply))
    reply = await world.presses("Ilze", "Open", card(reply))
    assert fact(reply, "Looked after by") == "nobody now"
    assert "Take it over" in button_labels(card(reply))


async def test_many_groups_come_in_pages_and_one_is_found_by_name(world: World) -> None:
    await team(world, "Anna")
    form = await world.ask(world.command("Dace", "supervision.new"))
    assert isinstance(form, Form)
    for number in range(33):
        await world.fills("Dace", form, name=f"Grupa {number:02}")
    reply = await world.ask(world.command("Dace", "supervision.all"))
    shown = []
    for _ in range(3):
        shown += [line for line in lines(card(reply)).split("\n") if line.startswith("Grupa")]
        if "More" in button_labels(card(reply)):
            reply = await world.presses("Dace", "More", card(reply))
    assert [line[6:8] for line in shown] == [f"{number:02}" for number in range(33)]
    reply = await world.presses("Dace", "Earlier", card(reply))
    assert "Grupa 15" in lines(card(reply))
    reply = await world.says("Dace", "/supervision 07")
    assert button_labels(card(reply))[0] == "Open"
    assert "Grupa 07" in lines(card(reply))
    assert "Grupa 08" not in lines(card(reply))
    reply = await world.says("Dace", "/supervision nothing")
    assert "No group is named like that." in lines(card(reply))
    assert title(await world.says("Anna", "/supervision 07")) == "Supervision groups"
