"""Everything that can be asked of a group, asked by those whom it is none of the business.

Every value that a button or a form carries comes from a client, so an outsider may know every id.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from handlers.kit.cards import Moment
from handlers.kit.commands import Value
from handlers.kit.people import Role
from handlers.supervision import commands as front
from handlers.supervision.cases.model import SessionCases
from handlers.supervision.groups.model import Groups
from handlers.supervision.members.model import GroupMember, Members, Standing
from handlers.supervision.requests.model import Requests
from handlers.supervision.sessions.model import Session
from handlers.supervision.turns.model import Swaps
from storage.work import SqlWork
from tests.stories.supervision import group_of, planned
from tests.stories.supervision import sessions as dates_of
from tests.stories.supervision_sessions import NAMES, meeting, parts, sessions, until
from tests.world import World, form, title

SECRETS = ("Lanterns", "meet.example", "CASEWORD", "ASKWORD", "TAKEWORD", "AGREEWORD", *NAMES)
"""What tells of the group, of who is in it, or what they wrote."""

OWN = {
    *("supervision.create", "session.ask.send", "supervision.sizes.save"),
    *("session.reminders.save", "session.keepsake.delete"),
}
"""What anybody, or any coordinator, does of their own: there is nobody else's in it."""

LEFT = "Bijušais"


async def test_an_outsider_who_knows_every_id_sees_and_changes_nothing(
    world: World, tmp_path: Path
) -> None:
    people = await meeting(world, agreement="AGREEWORD: what is said here stays here.")
    outsiders = await strangers(world)
    ids = await everything_in_use(world, [person.id for person in people])
    assert "CASEWORD" in str(await world.ask(world.command("Anna", "session.case.mine", "", ids)))
    await refused(world, outsiders, ids, tmp_path)
    await until(world, sessions()[0].starts_at + timedelta(minutes=5))
    await world.presses("Anna", "I agree")
    shown = await world.ask(world.command("Anna", "session.cases", "", ids))
    assert "CASEWORD" in str(shown)
    await refused(world, outsiders, ids, tmp_path)
    await until(world, sessions()[0].ends_at + timedelta(minutes=20))
    await refused(world, outsiders, ids, tmp_path)


async def strangers(world: World) -> dict[str, str]:
    """Who has no business with the group, by their workspace: a colleague, who left it before it
    met, a member of another, and a coordinator and an admin of another organisation."""
    colleague = await world.person("Cits")
    gone = await world.person(LEFT)
    other = await world.person("Kaimiņš")
    for name, role in (("Svešs", Role.COORDINATOR), ("Saimnieks", Role.ADMIN)):
        await world.person(name, role, workspace="T2")
    since = world.now - timedelta(days=30)

    def put(work: SqlWork) -> None:
        group = work.of(Groups).get("g1")
        assert group is not None
        work.of(Groups).put(replace(group, id="g2", name="Bonfires", owner=colleague.id))
        work.of(Members).put(GroupMember("g1", gone.id, Standing.LEFT, since))
        work.of(Members).put(GroupMember("g2", other.id, Standing.JOINED, since))

    await world.engine.database.run(put)
    return {"Cits": "T1", LEFT: "T1", "Kaimiņš": "T1", "Svešs": "T2", "Saimnieks": "T2"}


async def everything_in_use(world: World, people: list[str]) -> dict[str, Value]:
    """Has the members use everything there is; answers the ids of it all."""
    first: dict[str, Value] = {"session": "s1", "group": "g1"}
    asked = form(await world.ask(world.command("Anna", "session.case", "", first)))
    await world.fills("Anna", asked, words="CASEWORD, tas mani moka.")
    asked = form(await world.says("Anna", "/supervision ask"))
    await world.fills("Anna", asked, group="g1", words="ASKWORD")
    kept = first | {"words": "TAKEWORD"}
    await world.ask(world.command("Anna", "session.keepsake.keep", "", kept))
    by_part = {part: name for name, part in (await parts(world)).items()}
    asker = next(name for part, name in by_part.items() if part != "none")
    turns = await parts(world)
    other = next(name for name in turns if turns[name] != turns[asker])
    to = first | {"other": (await world.known(other)).id}
    await world.ask(world.command(asker, "session.swap.send", "", to))

    def found(work: SqlWork) -> dict[str, Value]:
        return {
            "case": work.of(SessionCases).of("s1")[0].id,
            "swap": work.of(Swaps).of(["s1"])[0].id,
            "request": work.of(Requests).waiting("paper-T1")[0].id,
        }

    return {
        **first,
        **await world.engine.database.read(found),
        "person": people[0],
        "owner": people[0],
        "cycle": "c1",
        "change": "c1",
        "version": "0",
        "how": "absent",
        "choice": "stay",
        "points": "3",
        "point": "2",
        "kind": "moved",
        "day": "2026-03-26",
        "start": "10:00",
        "end": "11:30",
        "reason": "Tāpat vien",
        "text": "Lai runā",
        "people": ("Cits",),
    }


async def refused(
    world: World, outsiders: Mapping[str, str], ids: Mapping[str, Value], folder: Path
) -> None:
    """Has each outsider ask everything."""
    before, told = rows(folder), [repr(one.card) for one in world.messages if one.to[0] in NAMES]
    assert len(before["supervision_seats"]) >= len(NAMES)
    for user, workspace in outsiders.items():
        for route in front.ROUTES:
            if route.name in OWN:
                continue
            address = world.address(user, workspace)
            command = replace(world.command(user, route.name, "", ids), by=address)
            reply = repr(await world.ask(command))
            secrets = SECRETS if user != LEFT else SECRETS[1:]  # they know what they left
            assert not [word for word in secrets if word in reply], (user, route.name, reply)
    assert rows(folder) == before
    assert [repr(one.card) for one in world.messages if one.to[0] in NAMES] == told


def rows(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that is kept of the groups, by table."""
    with sqlite3.connect(folder / "world.db") as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        ).fetchall()
        return {
            name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr)  # noqa: S608 - our own names
            for (name,) in tables
            if name.startswith("supervision_")
        }


async def test_who_left_reads_no_more_of_where_and_when_the_group_meets(world: World) -> None:
    of_group, before = await a_group_with_dates(world)
    await world.ask(world.command("Anna", "supervision.leave", values=of_group))
    read = instants(world, "Anna")
    change = {"session": before[0].id, "kind": "all_moved"} | MOVED
    await world.ask(world.command("Dace", "supervision.edit.preview", values=of_group | change))
    await world.presses("Dace", "Move")
    assert (await dates_of(world, of_group))[0].wall.hour == 10
    assert (await dates_of(world, of_group))[0].starts_at.isoformat() in instants(world, "Jānis")
    assert instants(world, "Anna") == read


async def test_a_date_is_not_changed_in_another_groups_name(world: World) -> None:
    """Its members would be told of it, who have nothing to do with it."""
    of_group, _ = await a_group_with_dates(world)
    other = await group_of(world, "Līga", "Oskars", name="Bonfires")
    foreign = (await planned(world, other, first="2026-03-12"))[0]
    told = len(world.messages)
    for kind in ("moved", "all_moved", "cancelled"):
        values = {"session": foreign.id, "kind": kind, "reason": "Tāpat vien", "id": "x"} | MOVED
        for name in ("supervision.edit.preview", "supervision.edit.do"):
            reply = await world.ask(world.command("Dace", name, values=of_group | values))
            assert title(reply) == "I can't find this date any more."
    assert foreign in await dates_of(world, other)
    assert len(world.messages) == told


MOVED = {"day": "2026-03-18", "start": "10:00", "end": "11:30"}


async def a_group_with_dates(world: World) -> tuple[dict[str, str], list[Session]]:
    """Dace's group of Anna and Jānis with its dates; Līga and Oskars are in none."""
    await world.person("Dace", Role.COORDINATOR)
    for name in ("Anna", "Jānis", "Līga", "Oskars"):
        await world.person(name)
    of_group = await group_of(world, "Anna", "Jānis")
    return of_group, await planned(world, of_group)


def instants(world: World, user: str) -> list[str]:
    """Every moment that stands on what the person was sent."""
    return [
        span.at.isoformat()
        for sent in world.inbox(user)
        for part in sent.parts
        for line in getattr(part, "items", ())
        for span in line
        if isinstance(span, Moment)
    ]


async def test_who_left_is_not_asked_for_the_agreement_that_waited(world: World) -> None:
    await meeting(world)
    await until(world, world.now.replace(hour=20))  # ten in the evening in Riga
    asked = {"group": "g1", "text": "AGREEWORD: what is said here stays here."}
    await world.ask(world.command("Dace", "session.agreement.save", values=asked))
    await world.ask(world.command("Anna", "supervision.leave", values=asked))
    await until(world, world.now + timedelta(hours=13))
    assert "AGREEWORD" in repr(world.inbox("Jānis"))
    assert "AGREEWORD" not in repr(world.inbox("Anna"))
