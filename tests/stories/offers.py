"""What stories of offers begin with."""

from handlers.kit.cards import Card
from handlers.offers.ledger.model import Ledger, LedgerEntry, faults
from storage.work import SqlWork
from tests.world import World, card

NUMBER = "+371 26 123 456"


async def entries(world: World) -> list[LedgerEntry]:
    """The ledger, which holds."""

    def look(work: SqlWork) -> list[LedgerEntry]:
        ledger = work.of(Ledger)
        found = list(ledger.entries("paper-T1"))
        assert list(faults(found, ledger.head("paper-T1"))) == []
        return found

    return await world.engine.database.run(look)


async def booked(world: World) -> list[tuple[str, int]]:
    return [(one.booking.what.value, one.booking.cents) for one in await entries(world)]


async def picks(world: World, user: str, occasion: str, customer: str = NUMBER) -> Card:
    """Somebody picks an occasion for a customer who is known by a number."""
    return card(await world.says(user, f"/offer {customer} {occasion}"))
