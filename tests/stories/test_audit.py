"""Who changed what holds for others, told as it happens, and kept for 13 months."""

from datetime import timedelta

import pytest

from bot.cli.audit import rows
from handlers.audit.model import AuditLog
from handlers.kit.people import Role
from storage.cleaning import clean, erase
from tests.world import World, button_labels, card, form, lines, title

_OWNER = "Klientu apkalpošanas vadītājs"


@pytest.fixture
async def admin(world: World) -> str:
    await world.person("Māra", roles=(Role.ADMIN, Role.COORDINATOR))
    return "Māra"


async def sets(world: World, user: str, seconds: int) -> None:
    """Says after how many seconds a hand reads that nobody is free."""
    settings = card(await world.says(user, "/plecs settings"))
    await world.fills(
        user, form(await world.presses(user, "Change the rings", settings)), nobody=str(seconds)
    )


async def test_settings_roles_and_boundaries_stand_there_newest_first(
    world: World, admin: str
) -> None:
    await world.person("Anna")
    empty = card(await world.says(admin, "/plecs audit"))
    assert "Nobody has changed a setting, a role or a boundary in 13 months." in lines(empty)
    await sets(world, admin, 120)
    await world.forward(minutes=1)
    await sets(world, admin, 120)  # the same once more changes nothing
    found = card(await world.says(admin, "/plecs people Anna"))
    person = form(await world.presses(admin, "Change", found))
    await world.fills(admin, person, roles=("supervisor",))
    await world.forward(minutes=1)
    await world.says(admin, "/policy edit")
    boundary = form(await world.presses(admin, "Insulting"))
    await world.fills(admin, boundary, owner_en="Quality")
    told = lines(card(await world.says(admin, "/plecs audit"))).splitlines()
    assert told[:4] == [
        "Who changed what",
        "<time>, Māra: the boundaries, version 2: Insulting",
        "<time>, Māra: Anna is supervisor, was agent",
        "<time>, Māra: The rings, 90 → 120",
    ]
    mara = await world.known(admin)
    kept = await world.engine.database.read(lambda work: work.of(AuditLog).of(mara.workspace, 0, 1))
    assert [row[2:] for row in rows(kept, {}, "lv")] == [
        (
            *("library", "the boundaries, version 2", ""),
            f'Apvainojumi: owner {{"lv": "{_OWNER}", "en": "Head of customer service"}}',
            f'Apvainojumi: owner {{"lv": "{_OWNER}", "en": "Quality"}}',
        )
    ]
    refused = await world.says("Anna", "/plecs audit")
    assert title(refused) == "This is for people with the role admin"


async def test_older_ones_stand_behind_a_button_and_nobody_erased_is_named(
    world: World, admin: str
) -> None:
    await world.person("Jānis", roles=(Role.ADMIN,))
    for seconds in range(100, 112):
        await sets(world, "Jānis" if seconds % 2 else admin, seconds)
        await world.forward(seconds=1)
    newest = card(await world.says(admin, "/plecs audit"))
    assert (button_labels(newest), lines(newest).count("The rings")) == (["Older"], 10)
    oldest = card(await world.presses(admin, "Older", newest))
    assert (button_labels(oldest), lines(oldest).count("The rings")) == (["Newer"], 2)
    janis = await world.known("Jānis")
    await world.engine.database.run(lambda work: erase(work.connection, janis.id))
    told = lines(card(await world.says(admin, "/plecs audit")))
    assert (told.count("Jānis"), told.count("somebody no longer here")) == (0, 5)


async def test_after_thirteen_months_an_entry_is_gone(world: World, admin: str) -> None:
    await sets(world, admin, 120)
    mara = await world.known(admin)

    async def kept(days: int) -> int:
        then = world.now + timedelta(days=days)

        def cleaned(work):  # type: ignore[no-untyped-def] # the world's own, not the house's
            clean(work.connection, then)
            return len(work.of(AuditLog).of(mara.workspace, 0, 9))

        return await world.engine.database.run(cleaned)

    assert (await kept(396), await kept(397)) == (1, 0)


async def test_who_adopted_which_boundaries_is_told_by_name(world: World, admin: str) -> None:
    drafts = card(await world.says(admin, "/policy adopt"))
    await world.presses(admin, "Adopt", drafts)
    mara = await world.known(admin)
    [entry] = await world.engine.database.read(
        lambda work: work.of(AuditLog).of(mara.workspace, 0, 2)
    )
    [row] = rows((entry,), {}, "en")
    told = lines(card(await world.says(admin, "/plecs audit"))).splitlines()
    assert row[2:6] == ("adoption", "the boundaries, version 1", "", "")
    assert told[1] == f"<time>, Māra: the boundaries adopted, version 1: {row[6]}"
    assert row[6] in lines(drafts)
