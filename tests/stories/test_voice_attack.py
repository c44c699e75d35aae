"""A hundred people write without their names, and whoever has everything that is kept looks for
them: in each table, each join, each order, the log, the figures, the bytes; and with copies of the
database from before and after each message. docs/voice.md lists what is tried."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest
import structlog
from sqlalchemy import update

from handlers.kit.commands import Command
from handlers.kit.people import Address, Profile, Role
from handlers.voice.unlinked import model
from storage import cleaning
from storage.people.tables import addresses
from storage.sealed import Seal, derived_key
from storage.work import SqlWork
from tests.patience import LIMIT
from tests.stories import voice_attack as attack
from tests.stories.voice_attack import OUT, WAITING, Batch, Copy, Writer
from tests.world import SECRET, World, card, form, lines, open_world

AUTHORS, BATCH = 99, 3
"""And one who writes alone, the evening after."""

BY_CHANCE = 20
"""Batches of 33 in which an order may be right by chance: five or six are, twenty are not."""

CHANGES = {WAITING, "voice_sent"}
"""What a message may change, and nothing else."""


@dataclass
class AttackedHouse:
    """A Plecs with a hundred who write, and an attacker who copies everything."""

    world: World
    disk: attack.Disk
    authors: list[Writer] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)
    forms: list[str] = field(default_factory=list)
    deliveries: list[str] = field(default_factory=list)

    async def settle(self) -> Copy:
        await self.world.settle()
        return await self.copied()

    async def copied(self) -> Copy:
        """Once everything has been done that goes on beside an answer."""
        await self.world.engine.desk.finish(LIMIT)
        return self.disk.copied()

    async def asks(self, author: Writer, route: str, **values: str) -> object:
        """As a platform does it: with a number of the delivery, from an address that is not the
        one used last."""
        delivery = f"delivery{len(self.deliveries):04}"
        self.deliveries.append(delivery)
        by = Address("paper", "T1", f"new{author.name}")
        command = Command(route, by, values=values, delivery=delivery)
        return (await self.world.engine.desk.ask(command)).reply

    async def writes(self, author: Writer, words: str) -> None:
        if len(self.forms) < BATCH:  # the page of all doors, of which nothing is kept either
            await self.asks(author, "voice")
        asked = form(await self.asks(author, "voice.unlinked"))
        self.forms.append(asked.values["once"])
        values = dict(asked.values) | {"kind": "change", "words": words}
        kept = card(await self.asks(author, asked.does, **values))
        self.codes[author.name] = lines(kept).splitlines()[1]

    def read(self, row: attack.KeptRow, column: int) -> str:
        """What only whoever has the key reads: the attack is told whether it was right."""
        opened = Seal(SECRET).open(str(row[column]), "attack")
        assert opened is not None
        return opened.rstrip()


async def lived_in(world: World, disk: attack.Disk) -> AttackedHouse:
    """Everybody has another address than the one they write from, which was refused something once,
    and of whom the platform has not told yet: whatever is kept of who was here would change."""
    house = AttackedHouse(world, disk)
    await world.person("Dace", Role.COORDINATOR)

    def know(work: SqlWork) -> list[Writer]:
        found = []
        for number in range(AUTHORS + 1):
            name = f"Author{number:03}x"
            first = Address("paper", "T1", f"old{name}")
            second = Address("paper", "T1", f"new{name}")
            person = work.people.add("paper-T1", Profile(first, name), frozenset())
            work.people.save(replace(person, addresses=(first, second)))
            traces = frozenset({person.id, name, first.user, second.user})
            found.append(Writer(name, person.id, traces))
            world.platform.profiles[second.user] = Profile(second, name)
        refused = update(addresses).values(refused_at=world.now)
        work.connection.execute(refused.where(addresses.c.user.startswith("newAuthor")))
        return found

    house.authors = await world.engine.database.run(know)
    return house


def words_of(number: int) -> str:
    """Of another length each: they must not be known by that."""
    return f"The plan of week {number:03} was said too late{'!' * (3 * number % 40)}"


async def test_a_hundred_wrote_and_nobody_finds_one(empty_sqlite: Path, tmp_path: Path) -> None:
    file = tmp_path / "attacked.db"
    shutil.copy(empty_sqlite, file)
    disk = attack.FileOnDisk(file)
    waited = await _attacked(f"sqlite:///{file}", disk)
    # What waited is overwritten as soon as it is out.
    assert [one for one in waited if one.encode() in disk.pages()] == []


@pytest.mark.slow
async def test_nor_does_anybody_in_postgresql_s_pages_and_log(migrated_postgres: str) -> None:
    """What is gone lies in its pages until it is vacuumed, and in its log: sealed as it was."""
    url = migrated_postgres.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(url, autocommit=True) as connection:
        disk = attack.ServerOnDisk(connection)
        disk.keep_house_never()
        waited = await _attacked(migrated_postgres, disk)
        # Long texts lie there in pieces.
        piece = waited[-1][:500].encode()
        assert piece in disk.pages() + disk.log(), "what is gone is there to be searched"


async def _attacked(url: str, disk: attack.Disk) -> list[str]:
    """A hundred write, and are looked for; answers the sealed texts that waited."""
    with structlog.testing.capture_logs() as log:
        async with open_world(url) as world:
            house = await lived_in(world, disk)
            batches = await _batches(house)
            await _alone_in_the_evening(house)
            await _answers_and_goes_on(house)
            await _nothing_is_theirs(house)
            last = disk.copied()
            figures = (await world.engine.figures()).decode()
    authors = house.authors

    assert attack.named_in(repr(log), authors) == set()
    assert [one for one in house.deliveries if one in repr(log)] == []
    assert "voice" not in "".join(line for line in figures.splitlines() if line[0] != "#")

    assert sum(map(attack.alike, batches)) == 0
    assert attack.told_by_order(batches) < BY_CHANCE
    assert attack.joined(last, authors) == set()
    keys = [SECRET.encode(), *(derived_key(SECRET, one) for one in ("sealed text", "marks"))]
    assert attack.guessed(last, authors, keys) == set()
    in_voice = {name: rows for name, rows in last.items() if name.startswith("voice_")}
    assert attack.named_in(repr(in_voice), authors) == set()
    assert _instants_of_the_notes(last) == _midnights(last)

    left = disk.pages() + disk.log()
    said = [words_of(number) for number in range(AUTHORS + 1)]
    secret = [*said, *house.codes.values(), *house.forms, *house.deliveries]
    assert [one for one in secret if one.encode() in left] == []
    of_voice = disk.pages() if isinstance(disk, attack.ServerOnDisk) else b""
    traces = {trace for author in authors for trace in author.traces}
    assert [one for one in traces if one.encode() in of_voice] == []
    return [str(row[-1]) for batch in batches for row, _ in batch.waited]


async def _batches(house: AttackedHouse) -> list[Batch]:
    """Three write between any two moments at which something goes out; each message is looked at
    with a copy from before and one from after."""
    world, batches = house.world, []
    shape: set[tuple[object, ...]] = set()
    for first in range(0, AUTHORS, BATCH):
        waited: list[tuple[attack.KeptRow, str]] = []
        after = await house.settle()
        for number in range(first, first + BATCH):
            # Within half a day: then it is cleared away since when they are free, another change.
            world.platform.now += timedelta(minutes=6)
            author, before = house.authors[number], after
            await house.writes(author, words_of(number))
            after = await house.copied()
            named, tables = attack.in_the_difference(before, after, house.authors)
            assert (named, tables) == (set(), CHANGES)
            [row] = after[WAITING] - before[WAITING]
            [sent] = after["voice_sent"] - before["voice_sent"]
            # The moment at which it may go out is that of all who wrote before; and no other.
            assert attack.instants_in([row]) == {_next_moment(world)}
            assert _is_midnight(attack.instants_in([sent]))
            shape |= attack.shapes([row])
            # Whoever has the key as well reads the words, and still no name.
            receipt, _, words = json.loads(house.read(row, -1))
            assert attack.named_in(f"{receipt} {words}", house.authors) == set()
            waited.append((row, words))
        waiting, waiting_file = after, house.disk.pages()
        world.platform.now = model.may_go_out(world.now, "Europe/Riga")
        after = await house.settle()
        assert waiting[WAITING] - after[WAITING] == {row for row, _ in waited}
        out = after[OUT] - waiting[OUT]
        words = {row[0]: house.read(row, -1) for row in after["voice_lines"]}
        batches.append(
            Batch(
                waited,
                waiting_file,
                [(row, words[row[0]]) for row in out],
                house.disk.pages(),
            )
        )
    assert len(shape) == 1, "all look alike, whoever wrote and whatever"
    return batches


async def _alone_in_the_evening(house: AttackedHouse) -> None:
    """One writes and nobody else: it is the next morning before anybody reads it."""
    world, author = house.world, house.authors[-1]
    world.platform.now += timedelta(minutes=5)
    await house.writes(author, words_of(AUTHORS))
    world.platform.now = model.may_go_out(world.now, "Europe/Riga")
    assert len((await house.settle())[WAITING]) in (0, 1)
    world.platform.now = model.next_morning(world.now, "Europe/Riga")
    after = await house.settle()
    assert (len(after[WAITING]), len(after[OUT])) == (0, AUTHORS + 1)


async def _answers_and_goes_on(house: AttackedHouse) -> None:
    """A coordinator answers each of some; their authors read it, one writes more, one deletes. An
    answer goes to nobody, who reads leaves nothing, and a deletion takes away and adds nothing."""
    world = house.world
    before = await house.settle()
    for note in [str(row[0]) for row in before[OUT]][:5]:
        asked = {"note": note, "words": "We heard it"}
        await world.ask(world.command("Dace", "voice.answer", values=asked))
    after = await house.settle()
    assert attack.named_in(repr(attack.changed(before, after)), house.authors) == set()
    assert "outbox" not in attack.changed(before, after)
    for author in house.authors[:10]:
        before = after
        code = house.codes[author.name]
        await house.asks(author, "voice.read", code=code)
        after = await house.settle()
        assert attack.changed(before, after) == {}
    more = form(
        await house.asks(house.authors[0], "voice.more.form", code=house.codes["Author000x"])
    )
    await house.asks(house.authors[0], more.does, **more.values, words="And one thing more")
    before, after = after, await house.settle()
    assert attack.in_the_difference(before, after, house.authors) == (set(), CHANGES)
    await house.asks(house.authors[1], "voice.take_back", code=house.codes["Author001x"])
    before, after = after, await house.settle()
    assert attack.in_the_difference(before, after, house.authors)[0] == set()
    assert all(after[name] <= before[name] for name in after)


async def _nothing_is_theirs(house: AttackedHouse) -> None:
    """What is given to somebody who asks has none of it, and what goes with them neither."""

    def given_and_gone(work: SqlWork) -> list[Sequence[str]]:
        given: list[Sequence[str]] = []
        for author in house.authors[:20]:
            kept = cleaning.export(work.connection, author.person, work.seal)
            given.append([name for name, rows in kept.items() if rows and "voice" in name])
            cleaning.erase(work.connection, author.person)
        return given

    before = await house.settle()
    assert await house.world.engine.database.run(given_and_gone) == [[]] * 20
    after = await house.settle()
    assert {name for name in attack.changed(before, after) if name.startswith("voice_")} == set()


def _next_moment(world: World) -> int:
    at = model.may_go_out(world.now, "Europe/Riga")
    return round(at.timestamp()) * 1_000_000


def _is_midnight(instants: set[int]) -> bool:
    return all(one % 86_400_000_000 == 0 for one in instants)


def _instants_of_the_notes(copy: Copy) -> set[int]:
    return attack.instants_in([*copy[OUT], *copy["voice_lines"], *copy["voice_sent"]])


def _midnights(copy: Copy) -> set[int]:
    return {one for one in _instants_of_the_notes(copy) if one % 86_400_000_000 == 0}


def test_the_attack_would_find_somebody() -> None:
    """Each attack finds what is planted for it: else that it finds nothing says nothing."""
    author = Writer("Anna", "a" * 32, frozenset({"a" * 32, "Anna", "U0ANNA"}))
    others = [Writer(f"O{n}", f"{n:032}", frozenset({f"{n:032}"})) for n in range(9)]
    people = frozenset({(1, "a" * 32, "mark-one"), *((n, f"{n:032}", "T1-team") for n in range(9))})
    planted = {"voice_notes": frozenset({("n1", "mark-one", "T1-team")}), "people": people}
    assert attack.joined(planted, [author, *others]) == {("voice_notes", "'mark-one'")}
    hashed = {"voice_sent": frozenset({(sha256(b"sent U0ANNA").hexdigest(),)})}
    assert attack.guessed(hashed, [author, *others], [b"key"]) == {"Anna"}
    empty: Copy = {"voice_notes": frozenset(), "people": frozenset()}
    assert attack.in_the_difference(empty, planted, [author]) == (
        {"Anna"},
        {"voice_notes", "people"},
    )
    straight = [
        Batch(
            [((f"{n}w{one}", "s"), f"{one}") for one in range(3)],
            b"",
            [((f"{n}o{one}",), f"{one}") for one in range(3)],
            b"",
        )
        for n in range(33)
    ]
    assert attack.told_by_order(straight) == 33
    longer = replace(straight[0], waited=[((f"w{one}", "s" * one), f"{one}") for one in range(3)])
    assert (attack.alike(straight[0]), attack.alike(longer)) == (0, 1)
