"""What stories of vents stand on: who is there, what time does, and what is left afterwards."""

from datetime import timedelta
from pathlib import Path

from tests.world import World

CANT = "It didn't work out with Līga this time"


async def later(world: World, **delta: float) -> None:
    """The clock so much further on, in one leap: what is due happens now."""
    world.platform.now += timedelta(**delta)
    await world.settle()


async def three(world: World) -> None:
    """Anna trusts Līga and Jānis; all speak English."""
    liga = await world.person("Līga")
    janis = await world.person("Jānis")
    await world.person("Anna", trusted=(liga.id, janis.id))


def written(folder: Path) -> bytes:
    """Everything in the folder's files, the database's log too."""
    return b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())


async def kept(world: World, *tables: str) -> dict[str, int]:
    """How many rows stand in the tables, of those that have any: by default where a vent is."""
    names = tables or ("vents", "outbox", "pace_budgets")

    def count(work):  # type: ignore[no-untyped-def] # a look behind the repositories
        found = {
            name: work.connection.exec_driver_sql(
                f"SELECT count(*) FROM {name}"  # noqa: S608 - the names stand here
                + (" WHERE kind LIKE 'vent.%'" if name == "outbox" else "")
                + (" WHERE key LIKE '%+%'" if name == "pace_budgets" else "")
            ).scalar_one()
            for name in names
        }
        return {name: rows for name, rows in found.items() if rows}

    found: dict[str, int] = await world.engine.database.run(count)
    return found
