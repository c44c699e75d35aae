"""Whom to phone is known before the database goes away: it is read while it is there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from bot.replies import Replies
from handlers.kit.commands import Command
from handlers.kit.people import Role
from tests.world import World, card, plain


@asynccontextmanager
async def nothing_can_be_kept(world: World) -> AsyncIterator[None]:
    async def rename(before: str, after: str) -> None:
        statement = f"ALTER TABLE {before} RENAME TO {after}"
        await world.engine.database.run(lambda work: work.connection.exec_driver_sql(statement))

    await rename("cases", "gone")
    try:
        yield
    finally:
        await rename("gone", "cases")


async def read(world: World, user: str, name: str, text: str = "") -> list[str]:
    """What stands before somebody who types a command now, in Latvian and in English."""
    answer = await Replies("paper").answered(world.engine.desk, world.command(user, name, text))
    lines = map(plain_of, card(answer.reply).parts)
    return [line.partition(" (Num")[0].removesuffix(" Lūdzu, mēģiniet vēlreiz.") for line in lines]


def plain_of(part: object) -> str:
    return plain(part.line)  # type: ignore[attr-defined] # an apology is made of paragraphs


async def test_the_agent_reads_whom_to_phone(world: World) -> None:
    await world.person("Anna", extension="100")
    await world.person("Jānis", extension="112")
    await world.person("Līga", Role.SUPERVISOR, extension="214")
    await world.person("Ilze", Role.SUPERVISOR)
    await world.person("Zane", extension="300", away_until=world.now + timedelta(hours=1))
    await world.engine.desk.phones.read()
    async with nothing_can_be_kept(world):
        people = "Līga, ext. 214; Jānis, ext. 112"
        again = "Your hand is not up, and nobody has been told. Please try again."
        failed = [
            "Zvaniet: Līga, 214; Jānis, 112. Roka nav pacelta, un neviens ziņu nav saņēmis.",
            f"Call: {people}. {again}",
        ]
        assert await read(world, "Anna", "hand", "he threatens me") == failed
        assert await read(world, "Anna", "plecs", "help he threatens me") == failed
        late = Replies("paper").late(world.engine.desk, world.command("Anna", "hand"))
        assert f"Call: {people}. This takes longer than usual. As long as" in late
        (_, other) = await read(world, "Anna", "hand", "down")
        assert other == "Something went wrong here; nothing was changed. Please try again."


async def test_every_workspace_has_whom_to_phone(world: World) -> None:
    for number in range(60):
        await world.person(f"Anna{number}", workspace=f"T{number}")
        await world.person(f"Līga{number}", workspace=f"T{number}", extension=str(number))
    await world.engine.desk.phones.read()
    for number in range(60):
        asked = Command("hand", world.address(f"Anna{number}", f"T{number}"))
        (liga,) = world.engine.desk.phones.of(asked) or ()
        assert (liga.name, liga.extension) == (f"Līga{number}", str(number))


async def test_supervisors_without_a_telephone_hide_nobody(world: World) -> None:
    await world.person("Anna")
    for number in range(60):
        await world.person(f"Zane{number}", Role.SUPERVISOR)
        await world.person(f"Ilze{number}", extension=f"1{number}")
    await world.person("Līga", Role.SUPERVISOR, extension="214")
    await world.engine.desk.phones.read()
    first, *others = world.engine.desk.phones.of(world.command("Anna", "hand")) or ()
    assert first.name == "Līga"
    assert len(others) == 4


async def test_who_knows_of_nobody_is_sent_to_who_is_near(world: World) -> None:
    await world.person("Anna", extension="100")
    await world.person("Jānis")
    await world.engine.desk.phones.read()
    async with nothing_can_be_kept(world):
        _, read_by_anna = await read(world, "Anna", "hand")
    assert read_by_anna == (
        "Please turn to somebody near you. Your hand is not up, and nobody has been told. Please "
        "try again."
    )
