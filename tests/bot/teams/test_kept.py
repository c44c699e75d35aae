"""Whom a form in Teams offers to choose from."""

from handlers.kit.people import Address, Profile
from storage.work import SqlWork
from tests.e2e.teams_house import TeamsHouse
from tests.fakes.teams import TENANT

ANNA = Address("teams", TENANT, "anna")


async def test_a_team_that_fits_a_list_is_offered_and_a_larger_one_is_searched(
    house: TeamsHouse,
) -> None:
    await house.person("anna", "Anna Liepa")
    await house.person("liga", "Līga Kalna")

    def more(work: SqlWork, number: int) -> None:
        for n in range(number):
            there = Address("teams", TENANT, f"p{n}")
            work.people.add(work.workspaces.of(there), Profile(there, f"P{n}"), frozenset())

    kept = house.front.kept
    assert await kept.team(ANNA) == [("anna", "Anna Liepa"), ("liga", "Līga Kalna")]
    assert await kept.team(Address("teams", TENANT, "stranger")) == []
    await house.engine.database.run(lambda work: more(work, 99))
    assert await kept.team(ANNA) == []


async def test_what_is_known_is_not_written_again(house: TeamsHouse) -> None:
    await house.person("anna", "Anna Liepa")
    reference = await house.reference("anna")
    assert reference is not None

    def sealed(work: SqlWork) -> object:
        return work.connection.exec_driver_sql("SELECT sealed FROM teams_conversations").scalar()

    before = await house.engine.database.read(sealed)
    await house.front.kept.put(ANNA, reference)
    assert await house.engine.database.read(sealed) == before


async def test_the_chat_that_one_replica_opened_is_every_replica_s(house: TeamsHouse) -> None:
    """And a copy of the database tells nobody whose it is."""
    both, kept = [ANNA, Address("teams", TENANT, "liga")], house.front.kept
    assert await kept.chat(both) is None
    assert await kept.opened(both, "19:first") == "19:first"
    assert await kept.opened(both[::-1], "19:second") == "19:first", "who was first opened it"
    assert await kept.chat(both[::-1]) == "19:first"

    def copied(work: SqlWork) -> str:
        return str(work.connection.exec_driver_sql("SELECT * FROM teams_chats").all())

    copy = await house.engine.database.read(copied)
    assert not {word for word in ("anna", "liga", "19:first") if word in copy}
    await kept.closed(both)
    assert await kept.chat(both) is None
