"""Whom a form in Teams offers to choose from."""

from handlers.kit.people import Address, Profile
from storage.work import SqlWork
from tests.e2e.teams_house import House
from tests.fakes.teams import TENANT

ANNA = Address("teams", TENANT, "anna")


async def test_a_team_that_fits_a_list_is_offered_and_a_larger_one_is_searched(
    house: House,
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


async def test_what_is_known_is_not_written_again(house: House) -> None:
    await house.person("anna", "Anna Liepa")
    reference = await house.reference("anna")
    assert reference is not None

    def sealed(work: SqlWork) -> object:
        return work.connection.exec_driver_sql("SELECT sealed FROM teams_conversations").scalar()

    before = await house.engine.database.read(sealed)
    await house.front.kept.put(ANNA, reference)
    assert await house.engine.database.read(sealed) == before
