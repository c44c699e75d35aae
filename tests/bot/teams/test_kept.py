"""Whom a form in Teams offers to choose from."""

from datetime import timedelta
from typing import Any

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


async def test_what_teams_brings_again_late_or_from_the_future_undoes_nothing_newer(
    house: TeamsHouse,
) -> None:
    ilze = house.teams.add("ilze", "Ilze Bērziņa", installed=False)

    async def tells(action: str, **also: str) -> dict[str, Any]:
        house.clock.move(timedelta(minutes=1))
        house.teams.conversations[ilze.chat].installed = action == "add"
        told = ilze.activity("installationUpdate", action=action, **also)
        await house.teams.deliver(told)
        return told

    installed = await tells("add")
    await house.teams.deliver(installed)
    removed = await tells("remove")
    await house.teams.deliver(installed)
    assert await house.reference("ilze") is None
    await tells("add")
    await house.teams.deliver(removed)
    assert await house.reference("ilze") is not None
    # A clock that runs ahead by centuries has not the last word for so long.
    await tells("remove", timestamp="2999-01-01T00:00:00Z")
    assert await house.reference("ilze") is None
    await tells("add", timestamp="2999-01-01T00:00:00Z")
    assert await house.reference("ilze") is not None
    await tells("remove")
    assert await house.reference("ilze") is None


async def test_who_is_told_of_twice_is_welcomed_once(house: TeamsHouse) -> None:
    ilze = house.teams.add("ilze", "Ilze Bērziņa")
    told = ilze.activity("installationUpdate", action="add")
    await house.teams.deliver(told)
    await house.teams.deliver(told)
    await ilze.says("help")
    await house.front.stop()
    assert len(ilze.messages) == 2, ilze.sees
