"""What vents promise of storage, held by SQLite and by PostgreSQL alike; and that nothing of what
is over can be found in SQLite's file."""

import random
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from handlers.kit.notices import Claim, Notice, Settled
from handlers.vents import model
from handlers.vents.model import (
    Listener,
    Listens,
    Tally,
    Vent,
    Vents,
    VentState,
    Week,
    When,
    Wish,
    week_of,
)
from storage.cleaning import clean, erase, export
from storage.database import Database
from storage.sealed import Seal
from storage.work import SqlWork
from tests.storage.made import ANY_PACE, NOW, reachable, second, somebody

PLACE = "paper-T1"
TWO = Notice(model.ROOM, "v", ("anna", "liga"), NOW)


def made(asker: str = "anna", listener: str = "liga", **also: object) -> Vent:
    vent = Vent(
        id=uuid4().hex,
        workspace=PLACE,
        asker=asker,
        listener=listener,
        wish=Wish.ADVICE,
        when=When.BREAK,
        words="he shouted",
        ends_at=second(300),
        tried=("ilze",),
    )
    return replace(vent, **also)  # type: ignore[arg-type] # fields by name, as each test has them


def keep(database: Database, *vents: Vent) -> None:
    def add(work):  # type: ignore[no-untyped-def] # storage's own, not the house's
        for vent in vents:
            work.of(Vents).add(vent)

    database.run_now(add)


class TestVents:
    def test_everything_kept_comes_back(self, database: Database) -> None:
        vent = made()
        keep(database, vent)
        assert database.run_now(lambda work: work.of(Vents).get(vent.id)) == vent
        changed = replace(
            vent, state=VentState.TALKING, awaits=False, breath=3, breath_at=second(9)
        )
        database.run_now(lambda work: work.of(Vents).save(changed))
        assert database.run_now(lambda work: work.of(Vents).of_asker("anna")) == changed
        assert database.run_now(lambda work: work.of(Vents).due(second(8), 9)) == ()
        assert database.run_now(lambda work: work.of(Vents).due(second(9), 9)) == (changed,)
        database.run_now(lambda work: work.of(Vents).remove(vent.id))
        assert database.run_now(lambda work: work.of(Vents).get(vent.id)) is None

    def test_no_database_is_given_the_words_to_read(self, database: Database) -> None:
        keep(database, made(words="he shouted"))
        look = text("SELECT words FROM vents")
        given = database.run_now(lambda work: work.connection.execute(look).scalar_one())
        assert "shouted" not in given

    def test_one_at_a_time_for_who_asks_and_who_listens(self, database: Database) -> None:
        keep(database, made(state=VentState.TALKING, awaits=False), made("ilze"))
        with pytest.raises(IntegrityError):
            keep(database, made(listener="ilze"))
        with pytest.raises(IntegrityError):
            keep(database, made("karlis", state=VentState.AGREED))

    def test_who_is_taken_and_who_is_talking(self, database: Database) -> None:
        keep(
            database,
            made("a", "b", state=VentState.TALKING, awaits=False),
            made("c", "d"),
            made("e", "f", awaits=False),
            made("g", "h", state=VentState.AGREED, awaits=False),
            made("i", "j", state=VentState.UNANSWERED, awaits=False),
        )
        everybody = list("abcdefghij")
        assert database.run_now(lambda work: work.of(Vents).talking(everybody)) == {"a", "b"}
        assert database.run_now(lambda work: work.of(Vents).taken(everybody)) == {
            "a",
            "b",
            "d",
            "h",
        }

    def test_how_people_want_to_be_asked(self, database: Database) -> None:
        liga = somebody(database, "Līga")
        mine = Listener(liga.id, PLACE, Listens.GLADLY, 1, ("anna", "ilze"))
        database.run_now(lambda work: work.of(Vents).save_listener(mine))
        assert database.run_now(lambda work: work.of(Vents).listeners((liga.id, "x"))) == {
            liga.id: mine
        }
        assert database.run_now(lambda work: work.of(Vents).who_listen(PLACE, "", 9)) == (liga.id,)
        calmer = replace(mine, listens=Listens.NOT_NOW, blocked=())
        database.run_now(lambda work: work.of(Vents).save_listener(calmer))
        assert database.run_now(lambda work: work.of(Vents).listeners((liga.id,))) == {
            liga.id: calmer
        }
        assert database.run_now(lambda work: work.of(Vents).who_listen(PLACE, "", 9)) == ()

    def test_who_is_blocked_never_finds_it_and_is_erased(self, database: Database) -> None:
        mine = Listener("liga", PLACE, blocked=("anna", "ilze"))
        database.run_now(lambda work: work.of(Vents).save_listener(mine))
        keep(database, made("ilze", "anna"))
        found = database.run_now(lambda work: export(work.connection, "anna", work.seal))
        assert not any(found.values())
        database.run_now(lambda work: erase(work.connection, "anna"))
        left = database.run_now(lambda work: work.of(Vents).listeners(("liga",)))
        assert left["liga"].blocked == ("ilze",)
        assert database.run_now(lambda work: work.of(Vents).of_asker("ilze")) is None

    def test_the_askers_export_has_their_words_and_not_who_was_asked(
        self, database: Database
    ) -> None:
        """An agent may ask for it while they wait: a colleague who said no is not named."""
        keep(database, made("anna", "liga"))
        found = database.run_now(lambda work: export(work.connection, "anna", work.seal))
        [mine] = found["vents"]
        assert mine["words"] == "he shouted"
        assert not {"liga", "ilze"} & set(re.findall(r"\w+", repr(found)))
        chosen = Listener("anna", PLACE, blocked=("ilze",))
        database.run_now(lambda work: work.of(Vents).save_listener(chosen))
        found = database.run_now(lambda work: export(work.connection, "anna", work.seal))
        assert found["vent_blocks"] == [{"person": "anna", "blocked": "ilze"}]

    def test_counts_name_nobody_and_end_with_their_key(self, database: Database) -> None:
        until = NOW + timedelta(days=2)

        def count(more: int) -> int:
            return database.run_now(
                lambda work: work.of(Vents).tally(
                    PLACE,
                    "day 2026-03-02",
                    "asked anna liga",
                    until=until,
                    more=more,
                    at=second(more),
                )
            )

        assert [count(1), count(1), count(0)] == [1, 2, 2]
        what = ("asked anna liga", "asked liga anna")
        found = database.run_now(lambda work: work.of(Vents).tallies(PLACE, "day 2026-03-02", what))
        assert found == {"asked anna liga": Tally(2, NOW)}
        other = database.run_now(lambda work: work.of(Vents).tallies("T2", "day 2026-03-02", what))
        assert other == {}
        rows = database.run_now(
            lambda work: work.connection.execute(text("SELECT * FROM vent_tallies")).all()
        )
        assert "anna" not in repr(rows)
        database.run_now(lambda work: clean(work.connection, until - timedelta(seconds=1)))
        assert database.run_now(lambda work: work.of(Vents).tallies(PLACE, "day 2026-03-02", what))
        database.run_now(lambda work: clean(work.connection, until))
        left = database.run_now(
            lambda work: [
                work.connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608 - the names stand here
                for table in ("vent_tallies", "vent_keys")
            ]
        )
        assert left == [0, 0]

    def test_weeks_are_counted(self, database: Database) -> None:
        this, before = week_of(NOW), week_of(NOW) - timedelta(weeks=1)
        for start, new in ((before, True), (this, True), (before, False), (before, True)):
            database.run_now(
                lambda work, start=start, new=new: work.of(Vents).count_week(  # type: ignore[misc] # bound now
                    PLACE, start, new_person=new
                )
            )
        found = database.run_now(lambda work: work.of(Vents).weeks(PLACE, this, 8))
        assert found == (Week(before, 3, 2),)
        assert [week.shown for week in found] == [None]


class TestForgetting:
    def add(self, database: Database, *notices: Notice, forget: bool = False) -> None:
        def add(work: SqlWork) -> None:
            reachable(work, *(who for one in notices for who in one.to))
            work.outbox.add(PLACE, *notices, forget=forget)

        database.run_now(add)

    def forget(self, database: Database, at: float = 1) -> None:
        database.run_now(lambda work: work.outbox.forget(PLACE, "v", second(at)))

    def claim(self, database: Database, at: float) -> tuple[Claim, ...]:
        return database.run_now(
            lambda work: work.claims.claim(
                "p1",
                second(at),
                lease=timedelta(seconds=20),
                urgent=9,
                others=9,
                pace_of=lambda _: ANY_PACE,
            )
        )

    def settle(self, database: Database, *results: Settled, at: float = 2) -> None:
        database.run_now(lambda work: work.claims.settle("p1", results, second(at)))

    def kept(self, database: Database) -> tuple[int, int]:
        """Rows of the outbox, and budgets of conversations of two."""
        return database.run_now(
            lambda work: (
                work.connection.execute(text("SELECT count(*) FROM outbox")).scalar_one(),
                work.connection.execute(
                    text("SELECT count(*) FROM pace_budgets WHERE key NOT LIKE '%#%'")
                ).scalar_one(),
            )
        )

    def test_what_was_not_sent_never_is(self, database: Database) -> None:
        self.add(database, TWO)
        self.forget(database)
        assert self.kept(database) == (0, 0)

    def test_what_was_sent_is_changed_once_more_and_gone(self, database: Database) -> None:
        self.add(database, TWO)
        [claim] = self.claim(database, 0)
        self.settle(database, Settled(claim, "ref", "fingerprint"))
        assert self.kept(database) == (1, 1)
        self.forget(database)
        [claim] = self.claim(database, 3)
        assert (claim.ref, claim.forgets) == ("ref", True)
        self.settle(database, Settled(claim, due=second(9)))
        assert self.kept(database) == (1, 1), "it could not be changed yet"
        [claim] = self.claim(database, 9)
        self.settle(database, Settled(claim, "ref", "other"), at=9)
        assert self.kept(database) == (0, 0)

    def test_what_is_on_its_way_is_caught_up_with(self, database: Database) -> None:
        self.add(database, TWO)
        [claim] = self.claim(database, 0)
        self.forget(database)
        self.settle(database, Settled(claim, "ref", "fingerprint"))
        [claim] = self.claim(database, 3)
        assert (claim.ref, claim.forgets) == ("ref", True)
        self.settle(database, Settled(claim, "ref", "other"), at=3)
        assert self.kept(database) == (0, 0)

    def test_what_can_never_be_sent_is_gone_too(self, database: Database) -> None:
        self.add(database, TWO)
        [claim] = self.claim(database, 0)
        self.forget(database)
        self.settle(database, Settled(claim, gone=True))
        assert self.kept(database) == (0, 0)

    def test_what_is_to_be_forgotten_from_the_start(self, database: Database) -> None:
        self.add(database, TWO, forget=True)
        [claim] = self.claim(database, 0)
        self.settle(database, Settled(claim, "ref", "fingerprint"))
        assert self.kept(database) == (0, 0)

    def test_others_messages_stay(self, database: Database) -> None:
        self.add(database, TWO, replace(TWO, about="w"))
        self.settle(database, *(Settled(claim, "ref", "x") for claim in self.claim(database, 0)))
        self.forget(database)
        self.settle(database, *(Settled(claim, "ref", "y") for claim in self.claim(database, 3)))
        assert self.kept(database)[0] == 1


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_of_a_thousand_vents_is_left_in_the_file(
    sqlite_url: str, tmp_path: Path, seed: int
) -> None:
    """Rows of every length come, grow and go in any order, so that pages split and join."""
    moments = random.Random(seed)  # noqa: S311 - an order, no secret
    database, open_now = Database(sqlite_url, Seal("a secret")), list[Vent]()

    def end(vent: Vent) -> None:
        database.run_now(lambda work: work.of(Vents).remove(vent.id))
        database.run_now(lambda work: work.outbox.forget(PLACE, vent.id, NOW))

    def begin(number: int) -> Vent:
        words = f"WORDS{number}".ljust(moments.randrange(12, 80), "x")
        vent = made(f"MARKER{number}", uuid4().hex, words=words)
        keep(database, vent)
        database.run_now(lambda work: work.outbox.add(PLACE, *model.ask(vent, NOW)))
        longer = tuple(uuid4().hex for _ in range(moments.randrange(8)))
        database.run_now(lambda work: work.of(Vents).save(replace(vent, tried=longer)))
        return vent

    # Whoever else has the file open keeps SQLite from deleting its log at the end.
    with closing(sqlite3.connect(tmp_path / "plecs.db")) as bystander:
        bystander.execute("SELECT count(*) FROM vents").fetchone()
        for number in range(600):
            if open_now and moments.random() < 0.5:
                end(open_now.pop(moments.randrange(len(open_now))))
            else:
                open_now.append(begin(number))
        assert b"MARKER" in written(tmp_path)
        assert b"WORDS" not in written(tmp_path), "they are sealed from the beginning"
        for vent in open_now:
            end(vent)
        database.close()
        assert (tmp_path / "plecs.db-wal").exists()
        assert b"MARKER" not in written(tmp_path)


def written(folder: Path) -> bytes:
    """Everything in the folder's files, the database's log too."""
    return b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())
