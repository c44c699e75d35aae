"""A hard call of one's own: written down without who called, approved, practised by others."""

from collections.abc import Mapping

from sqlalchemy import select

from handlers.kit.cards import Card, Form, TextField
from handlers.kit.people import Role
from handlers.practice.model import Scenarios
from handlers.practice.own.rules import PARTS
from storage import cleaning
from storage.audit import audit_entries
from storage.practice_own import practice_own
from storage.sealed import Seal
from storage.work import SqlWork
from tests.stories.test_practice import first_of
from tests.world import SECRET, World, button_labels, buttons, card, form, lines, title

CALL = {
    "names": "A meter in the cellar",
    "situation": "Somebody calls for the third time about a meter that nobody can read.",
    "caller": "The cellar is flooded and you are ashamed of it.",
}


async def crew(world: World) -> None:
    await world.person("Anna")
    await world.person("Ilze")
    await world.person("Zane", Role.COORDINATOR)


def texts(asked: Form, **more: str) -> Mapping[str, str]:
    """Something in every field that is to be written."""
    fields = [one for one in asked.fields if isinstance(one, TextField)]
    return {one.name: one.value or f"Made up: {one.name}" for one in fields} | more


async def writes(world: World, user: str, proposal: str, part: str, whose: str = "own") -> Card:
    """The part, in English; or in the other language, where it is `offered`."""
    values = {"proposal": proposal, "part": part}
    asked = form(await world.ask(world.command(user, f"practice.{whose}.form", values=values)))
    return card(await world.fills(user, asked, **texts(asked)))


async def written(world: World, user: str = "Anna") -> str:
    """A whole call in English; answers its id."""
    page = card(await world.says(user, "/practice"))
    await world.presses(user, "A call of my own", page)
    asked = form(await world.presses(user, "Write a call down"))
    await world.fills(user, asked, **CALL, indicators=("hears_out",))
    proposal = str(asked.values["proposal"])
    for part in PARTS[1:]:
        await writes(world, user, proposal, part)
    return proposal


async def offered(world: World) -> str:
    """The same, offered."""
    proposal = await written(world)
    await world.presses("Anna", "Offer it")
    return proposal


async def kept(world: World) -> str:
    def rows(work: SqlWork) -> str:
        return repr(work.connection.execute(select(practice_own)).mappings().all())

    return await world.engine.database.read(rows)


async def test_a_call_is_written_offered_completed_approved_and_practised(world: World) -> None:
    await crew(world)
    proposal = await offered(world)
    [came] = world.inbox("Zane")
    assert title(came) == "Anna offers a call to practise"
    shown = card(await world.presses("Zane", "Read it", came))
    assert title(shown) == CALL["names"]
    assert "About the call: not in Latvian yet" in lines(shown)
    assert "Approve" not in button_labels(shown), "one language is missing"
    first = next(one for one in buttons(shown) if one.does == "practice.offered.part")
    read = card(await world.ask(world.command("Zane", first.does, values=first.values)))
    for _ in PARTS[1:]:
        read = card(await world.presses("Zane", "Onward", read))
    assert "It ends badly · ●●●●● heat 5 of 5" in lines(read)
    for part in PARTS:
        shown = await writes(world, "Zane", proposal, part, "offered")
    assert "not in Latvian yet" not in lines(shown)
    done = card(await world.presses("Zane", "Approve", shown))
    assert title(done) == "A meter in the cellar: now everybody can practise it"
    told = world.inbox("Anna")[-1]
    assert title(told) == "A meter in the cellar: now others can practise it"
    assert title(world.inbox("Zane")[0]) == "This call does not wait any more"
    # Ilze finds it among the others, and goes to its end by the best replies.
    found = card(await world.says("Ilze", "/practice meter cellar"))
    turn = await first_of(world, "Ilze", found)
    assert title(turn) == "A meter in the cellar: turn 1"
    assert "Draft" not in lines(turn)
    for letter in "BAC":
        turn = card(await world.presses("Ilze", f"Say {letter}", turn))
    assert title(turn) == "A meter in the cellar: how it ended"
    assert "Made up: solved_after" in lines(turn)
    # Once she takes it out it is found no more, and Ilze's practice still opens.
    out = card(await world.presses("Anna", "Take it out again", told))
    assert title(out) == "It is out of the library"
    assert await kept(world) == "[]"
    page = lines(card(await world.says("Ilze", "/practice meter cellar")))
    assert "A meter in the cellar" not in page
    mine = card(await world.says("Ilze", "/practice mine"))
    assert title(await world.presses("Ilze", "Look", mine)) == title(turn)


async def test_what_tells_who_it_was_is_taken_out_and_has_to_be_written_anew(
    world: World,
) -> None:
    await crew(world)
    proposal = await written(world)
    asked = form(
        await world.ask(
            world.command(
                "Anna",
                "practice.own.form",
                values={"proposal": proposal, "part": "matter", "locale": "en"},
            )
        )
    )
    says = "Mrs Ozola, 2612 3456, code 010190-12345, is waiting."
    shown = card(await world.fills("Anna", asked, **texts(asked, says=says)))
    assert "I took out what told who it was about." in lines(shown)
    assert "What it is really about · look at •••" in lines(shown)
    assert "Offer it" not in button_labels(shown)

    def opened(work: SqlWork) -> object:
        me = work.connection.scalar(select(practice_own.c.author))
        return cleaning.export(work.connection, str(me), Seal(SECRET))["practice_own"]

    exported = repr(await world.engine.database.read(opened))
    assert "A meter in the cellar" in exported, "it is hers to take with her"
    assert not [told for told in ("Ozola", "2612", "010190") if told in exported]
    shown = await writes_again(world, proposal)
    assert "Offer it" in button_labels(shown)


async def writes_again(world: World, proposal: str) -> Card:
    values = {"proposal": proposal, "part": "matter", "locale": "en"}
    asked = form(await world.ask(world.command("Anna", "practice.own.form", values=values)))
    return card(await world.fills("Anna", asked, **texts(asked, says="My neighbour is waiting.")))


async def test_what_is_sent_back_is_its_authors_again_and_can_be_offered_anew(
    world: World,
) -> None:
    await crew(world)
    proposal = await offered(world)
    shown = card(await world.presses("Zane", "Read it"))
    back = form(await world.presses("Zane", "Send it back", shown))
    await world.fills("Zane", back, words="The cellar could be recognised: make it an attic.")
    told = world.inbox("Anna")[-1]
    assert title(told) == "A meter in the cellar: there is something to change"
    assert "make it an attic" in lines(told)
    late = card(await world.presses("Zane", "Send it back", shown))
    assert title(late) == "This call does not wait any more"
    mine = card(await world.presses("Anna", "Open", told))
    await world.presses("Anna", "Offer it", mine)
    assert world.titles("Zane") == [
        "This call does not wait any more",
        "Anna offers a call to practise",
    ]
    # Now she takes it back herself, and deletes it.
    taken = card(await world.presses("Anna", "Take it back"))
    assert title(world.inbox("Zane")[-1]) == "This call does not wait any more"
    await world.presses("Anna", "Delete", taken)
    assert await kept(world) == "[]"
    values = {"proposal": proposal}
    late = card(await world.ask(world.command("Zane", "practice.offered.approve", values=values)))
    assert title(late) == "This call does not wait any more"


async def test_nobody_else_opens_it_and_nothing_leads_from_the_scenario_to_its_author(
    world: World,
) -> None:
    await crew(world)
    proposal = await written(world)
    assert "cellar" not in await kept(world)
    values = {"proposal": proposal, "part": "call", "locale": "en"}
    for user in ("Ilze", "Zane"):
        for does in ("open", "form", "save", "offer", "delete", "withdraw"):
            answer = await world.ask(world.command(user, f"practice.own.{does}", values=values))
            assert "cellar" not in lines(card(answer))
    assert title(
        await world.ask(world.command("Zane", "practice.offered.open", values=values))
    ) == ("This call does not wait any more")
    await world.presses("Anna", "Offer it")
    for part in PARTS:
        shown = await writes(world, "Zane", proposal, part, "offered")
    await world.presses("Zane", "Approve", shown)
    anna = await world.known("Anna")

    def after(work: SqlWork) -> tuple[str, str]:
        current = work.of(Scenarios).current(anna.workspace, world.now)
        return repr(current), repr(work.connection.execute(select(audit_entries)).all())

    for found in await world.engine.database.read(after):
        assert anna.id not in found
        assert "Anna" not in found
    await world.forward(days=32)
    await world.engine.database.run(lambda work: cleaning.clean(work.connection, world.now))
    assert await kept(world) == "[]"


async def test_three_at_a_time_and_a_form_that_comes_twice_is_one_call(world: World) -> None:
    await crew(world)
    for _ in range(3):
        await world.says("Anna", "/practice own")
        asked = form(await world.presses("Anna", "Write a call down"))
        for _twice in range(2):
            await world.fills("Anna", asked, **CALL, indicators=("hears_out",))
    page = card(await world.says("Anna", "/practice own"))
    assert button_labels(page) == ["Open", "Open", "Open", "All scenarios"]
    again = await world.ask(world.command("Anna", "practice.own.begin"))
    assert title(again) == "You write 3 calls down already. Finish or delete one first."
