"""Every route, asked for by everybody, with everything that is their own and another's.

Next door is another workspace in the same database, where one of each thing happens. Whoever is not
there knows every id of it, and puts them into every value of every route.
"""

import asyncio
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from handlers import routes
from handlers.kit.cards import Card, Form
from handlers.kit.commands import Command, Value
from handlers.kit.people import Address, Role
from storage.schema import Holds, columns_with, metadata
from tests.matrix import STATES, Matrix
from tests.stories.supervision import OFFICE, group_of, planned
from tests.stories.test_odd_values import explored
from tests.world import World, buttons

WHOSE = 3
"""One's own, a colleague's, another workspace's."""

SECRET = "Sveshvards"
"""Stands in every name and every word of next door."""

_READ = re.compile(
    r"\.(?:one|many|number|choice|text|chosen|words|line|whole|several|people|day|clock|zone|switch)"
    r"\(\s*\"([a-z_.]+)\""
)
NAMES = sorted(
    {
        name
        for file in Path("handlers").rglob("*.py")
        for name in _READ.findall(file.read_text(encoding="utf-8"))
    }
)
"""Every value that any handler reads."""

TAKES: dict[Role, str] = {
    Role.SUPERVISOR: """
        break.team known known.end known.form known.set practice.weekly vent.weeks""",
    Role.COORDINATOR: """
        answers.adopt answers.adopted answers.away answers.edit answers.entry answers.form
        answers.new answers.save calm.adopt calm.adopted calm.away calm.edit calm.entry
        calm.form calm.new calm.save calm.uses competence.adopt competence.adopted
        competence.away competence.edit competence.entry competence.form competence.new
        competence.save draft.queue draft.settled draft.uses hand.coverage.weekly learn.adopt
        learn.adopted learn.away learn.cancel learn.cancel.save learn.cancel.undo learn.change
        learn.change.save learn.dates learn.edit learn.entry learn.form learn.new learn.plan
        learn.plan.save learn.planned learn.save offer.back offer.back.save offer.given offer.rule
        offer.rule.form offer.rule.save offer.rules offer.rules.adopted plan.propose
        plan.propose.send policy.adopt policy.adopted policy.danger policy.danger.save
        policy.edit policy.save policy.tried policy.try practice.offered practice.offered.approve
        practice.offered.back practice.offered.form practice.offered.open practice.offered.part
        practice.offered.save practice.offered.send_back report report.weekly scenario.adopt
        scenario.adopted scenario.away scenario.edit scenario.entry scenario.form scenario.save
        scenario.show session.agreement.form session.agreement.save session.request.done
        shift.rest supervision.add supervision.all supervision.asker supervision.cancel
        supervision.change supervision.close supervision.create supervision.cycle
        supervision.cycle.plan supervision.cycle.preview supervision.date supervision.dates
        supervision.edit supervision.edit.do supervision.edit.preview supervision.end
        supervision.export supervision.find supervision.find.slots supervision.group
        supervision.hand_over supervision.handed supervision.invite supervision.invite.send
        supervision.move supervision.new supervision.remove supervision.shift supervision.sizes
        supervision.sizes.save supervision.take_in supervision.take_over supervision.turn_down
        supervision.undo voice.answer voice.answer.form voice.board.form voice.board.put
        voice.inbox voice.note""",
    Role.ADMIN: """
        audit drill drill.weekly people people.form people.found people.save people.search
        settings settings.breaks settings.breaks.save settings.callers settings.callers.save
        settings.calls settings.calls.form settings.calls.renew settings.calls.save
        settings.ladder settings.ladder.save settings.language settings.language.save
        settings.offers settings.offers.save settings.rest settings.rest.save settings.topics
        settings.topics.save settings.voice settings.voice.save vent.limits vent.limits.save""",
}
"""What takes a role, and which. An admin may do what a coordinator may, and nobody else more."""


def test_what_takes_a_role_keeps_it() -> None:
    """That a route is for everybody from now on, or for fewer, is decided here, not in passing."""
    found = {
        role: {route.name for route in routes.ROUTES if route.role is role}
        for role in Role
        if role is not Role.AGENT
    }
    assert found == {role: set(names.split()) for role, names in TAKES.items()}


@pytest.mark.slow
async def test_everybody_is_answered_as_the_route_declares(world: World) -> None:
    """Every route, each role, each state of a person, of one's own, a colleague's and another
    workspace's: who may is what its route says, and nothing here. And so it is for who was erased
    with all their roles, and comes back."""
    found = await explored(world, Matrix)
    assert {route.name for route in routes.ROUTES} - found.met == set()
    assert found.wrong == []
    assert found.cases >= len(routes.ROUTES) * WHOSE * (len(Role) * len(STATES) + 1)


async def lived_in(world: World) -> None:
    """One of each thing happens next door."""
    for name in ("Anna", "Līga", "Jānis"):
        await world.person(name, topics=("contracts",), hours=OFFICE)
    liga = await world.known("Līga")
    await world.person("Dace", *Role, hours=OFFICE)
    await world.person("Una", trusted=(liga.id,), hours=OFFICE)
    group = await group_of(world, "Anna", "Līga", "Jānis", name=f"{SECRET} group")
    await planned(world, group)
    form = await world.says("Anna", "/supervision ask")
    if isinstance(form, Form):
        await world.fills("Anna", form, text=f"{SECRET} asks")
    await world.says("Anna", "/plecs plan")
    await world.presses("Anna", "5 minutes each hour")
    await world.says("Anna", "/break 10")
    await world.says("Una", "/vent Līga")
    await world.says("Jānis", f"/hand contracts {SECRET} calls")
    await world.says("Dace", "/policy insulting")
    for _ in range(2):
        await world.presses("Dace", "I warned")
    await world.presses("Dace", "I ended the call")
    await world.settle()


def ids_in(folder: Path) -> list[str]:
    """Of each column with ids of people or things, one that is kept."""
    found: dict[str, None] = {}
    with closing(sqlite3.connect(folder / "world.db")) as connection:
        for table in metadata.sorted_tables:
            keys = [one for one in table.primary_key if one.type.python_type is str]
            for column in {*keys, *columns_with(table, Holds.PERSON, Holds.ID)}:
                rows = connection.execute(
                    f'SELECT DISTINCT "{column.name}" FROM "{table.name}" '  # noqa: S608 - ours
                    f"WHERE \"{column.name}\" <> '' LIMIT 1"
                )
                found.update((str(value), None) for (value,) in rows)
    return list(found)


def _command(world: World, by: Address, route: str, text: str, values: dict[str, Value]) -> Command:
    return replace(world.command(by.user, route, text, values), by=by)


def theirs(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """The rows that are next door's, or that name somebody who is there, by table."""
    found = {}
    with closing(sqlite3.connect(folder / "world.db")) as connection:
        there = "SELECT id FROM people WHERE workspace = 'paper-T1'"
        people = [one for (one,) in connection.execute(there)]
        for table in metadata.sorted_tables:
            named = columns_with(table, Holds.PERSON, Holds.HIDDEN_PERSON, Holds.PEOPLE)
            wheres = [f"\"{one.name}\" LIKE '%{who}%'" for one in named for who in people]
            if "workspace" in table.c:
                wheres.append("workspace IN ('paper-T1', 'T1')")
            # When somebody was last asked changes with every hand of anybody's.
            columns = ", ".join(f'"{one.name}"' for one in table.c if one.name != "asked_at")
            rows = connection.execute(
                f'SELECT {columns} FROM "{table.name}" WHERE {" OR ".join(wheres) or "0"}'  # noqa: S608 - ours
            )
            found[table.name] = sorted(rows, key=repr)
    return found


@pytest.mark.slow
async def test_nothing_of_next_door_is_shown_or_changed(world: World, tmp_path: Path) -> None:
    await lived_in(world)
    ids = [one for one in ids_in(tmp_path) if len(one) >= 12]
    await world.person("Viltnis", *Role, workspace="T2")
    await world.person("Cits", workspace="T2", topics=("contracts",))
    before = theirs(tmp_path)
    assert sum(map(bool, before.values())) > 15, "each thing has happened"
    messages = {ref: (one.card, one.changes) for ref, one in world.platform.messages.items()}

    by = world.address("Viltnis", "T2")
    every: list[dict[str, Value]] = [dict.fromkeys(NAMES, one) for one in (*ids, "Anna", "Dace")]
    for number, route in enumerate(routes.ROUTES):
        asked = [
            _command(
                world, by, route.name, str(values[NAMES[0]]) if (number + turn) % 2 else "", values
            )
            for turn, values in enumerate(every)
        ]
        # At once: so the writer keeps what many ask together.
        for answer in await asyncio.gather(*map(world.engine.desk.ask, asked)):
            assert SECRET not in repr(answer.reply), route.name
    await world.settle()

    assert theirs(tmp_path) == before
    for ref, card in messages.items():
        now = world.platform.messages[ref]
        assert (now.card, now.changes) == card
    came = [one for ref, one in world.platform.messages.items() if ref not in messages]
    assert {user for one in came for user in one.to} <= {"Viltnis", "Cits"}
    assert SECRET not in repr([one.card for one in came])


async def test_what_a_colleague_sees_alone_does_nothing_for_another(
    world: World, tmp_path: Path
) -> None:
    """Somebody of the same workspace, of no group and without a role, sends what the buttons of
    others carry."""
    await lived_in(world)
    await world.person("Bruno")
    pressed = {
        (one.does, *one.values.items()): one
        for user, replies in world.replies.items()
        for card in (*(one for one in replies if isinstance(one, Card)), *world.inbox(user))
        for one in buttons(card)
        if one.does != "hand.take"  # whoever comes is welcome
    }
    assert len(pressed) > 40

    before = theirs(tmp_path)
    for button in pressed.values():
        command = world.command("Bruno", button.does, "", dict(button.values))
        reply = (await world.engine.desk.ask(command)).reply
        assert f"{SECRET} " not in repr(reply).replace(f"{SECRET} group", ""), button.does
    after = theirs(tmp_path)
    gone = [(name, one) for name, rows in before.items() for one in rows if one not in after[name]]
    assert gone == []
