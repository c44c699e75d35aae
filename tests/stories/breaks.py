"""What stories of breaks stand on: the office, what is kept, and what happens in it."""

from datetime import timedelta

from bot.texts import texts
from handlers.availability.engaged import Availability
from handlers.breaks import cards
from handlers.breaks.model import Breaks
from handlers.kit.cards import Card, Form
from handlers.kit.people import Person, Role
from storage.work import SqlWork
from tests.world import World, title


async def kept(world: World) -> list[object]:
    """Everything that is kept of breaks, to see that nothing was changed."""

    def rows(work: SqlWork) -> list[object]:
        return [
            tuple(row)
            for table in ("breaks", "break_covers", "break_offers", "break_habits", "outbox")
            for row in work.connection.exec_driver_sql(f"SELECT * FROM {table}")  # noqa: S608 - ours
        ]

    return await world.engine.database.read(rows)


async def on_break(world: World, *people: Person) -> set[str]:
    def away(work: SqlWork) -> set[str]:
        found = work.of(Availability)
        return {person.name for person in people if found.break_of(person.id, world.now)}

    return await world.engine.database.read(away)


async def forward(world: World, **time: float) -> None:
    """Lets time pass in one leap: what comes due in it is done at its end."""
    world.platform.now += timedelta(**time)
    await world.settle()


async def set_rule(
    world: World, keep: int = 1, share: int = 0, hard_first: str = "yes", others: str = "topic"
) -> None:
    """What an admin decides."""
    await world.person("Boss", Role.ADMIN, Role.SUPERVISOR, helps=False)
    form = await world.says("Boss", "/settings.breaks")
    assert isinstance(form, Form)
    rule = {"keep": str(keep), "share": str(share), "hard_first": hard_first, "others": others}
    saved = await world.fills("Boss", form, **rule)
    assert title(saved) == "Saved"


async def solved_hand(world: World) -> None:
    """Anna's hand is up, Janis comes, it is solved."""
    await world.says("Anna", "/hand")
    await forward(world, seconds=61)
    await world.presses("Janis", "I'm coming")
    await world.presses("Anna", "Solved")
    await forward(world, seconds=10)


async def end_a_call(world: World) -> None:
    """Anna ends a call over a threat."""
    await world.says("Anna", "/policy threatens")
    await world.presses("Anna", "I ended the call")
    await forward(world, seconds=10)


async def desk_offer(world: World, user: str) -> Card:
    """The end of the running break, as its message will ask."""
    person = await world.known(user)
    one = await world.engine.database.read(lambda work: work.of(Breaks).live_of(person.id))
    assert one is not None
    return cards.over(one, texts("en"))
