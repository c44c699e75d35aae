"""What every repository promises, held by SQLite and by PostgreSQL alike."""

from dataclasses import replace
from functools import partial

import pytest

from handlers.kit.people import Person
from storage.database import Database
from storage.local import LocalMessage, MessageKind
from storage.work import SqlWork
from tests.storage.made import NOW, at_once, somebody


class TestSettingsKept:
    def test_they_are_read_along_with_whoever_comes(self, database: Database) -> None:
        kept: dict[str, object] = {"odd": '\x1e\x1f\n"', "more": ["ā", 1]}
        anna = somebody(database, "Anna")

        def read(work: SqlWork) -> list[object]:
            before = work.settings.get(anna.workspace, "topics")
            work.settings.put(anna.workspace, "topics", kept)
            work.settings.put(anna.workspace, "danger", {})
            work.people.at(anna.addresses[0])
            names = ("topics", "danger", "rest")
            return [before, *(work.settings.get(anna.workspace, name) for name in names)]

        assert database.run_now(read) == [None, kept, {}, None]

    def test_what_was_taken_back_is_read_anew(self, database: Database) -> None:
        anna = somebody(database, "Anna")

        def half_done(work: SqlWork) -> None:
            work.settings.put(anna.workspace, "topics", {"half": "done"})
            assert work.settings.get(anna.workspace, "topics") == {"half": "done"}
            work.people.save(replace(anna, position="half done"))
            raise LookupError

        def do(work: SqlWork) -> tuple[object, Person | None]:
            assert not work.savepoint(partial(half_done, work))
            return work.settings.get(anna.workspace, "topics"), work.people.get(anna.id)

        assert database.run_now(do) == (None, anna)

    def test_put_replaces_one_section_of_one_workspace(self, database: Database) -> None:
        database.run_now(lambda work: work.settings.put("paper-T1", "ladder", {"rings": [1, "ā"]}))
        database.run_now(lambda work: work.settings.put("paper-T1", "topics", {"topics": []}))
        database.run_now(lambda work: work.settings.put("paper-T1", "ladder", {"rings": [2.5]}))
        read = database.run_now(
            lambda work: [
                work.settings.get(workspace, section)
                for workspace in ("paper-T1", "paper-T2")
                for section in ("ladder", "topics")
            ]
        )
        assert read == [{"rings": [2.5]}, {"topics": []}, None, None]


class TestDeliveries:
    def test_the_first_time_once(self, database: Database) -> None:
        def new(platform: str, delivery: str) -> bool:
            return database.run_now(lambda work: work.deliveries.is_new(platform, delivery, NOW))

        assert [new("slack", "Ev1"), new("slack", "Ev1"), new("slack", "Ev2")] == [
            True,
            False,
            True,
        ]
        assert new("teams", "Ev1")

    def test_once_however_many_at_the_same_instant(self, database: Database) -> None:
        outcomes = at_once(
            [
                lambda: database.run_now(lambda work: work.deliveries.is_new("slack", "Ev1", NOW))
                for _ in range(8)
            ]
        )
        assert sorted(map(str, outcomes)) == ["False"] * 7 + ["True"]

    def test_one_that_failed_is_new_again(self, database: Database) -> None:
        def fails(work: SqlWork) -> None:
            assert work.deliveries.is_new("slack", "Ev1", NOW)
            raise LookupError

        with pytest.raises(LookupError):
            database.run_now(fails)
        assert database.run_now(lambda work: work.deliveries.is_new("slack", "Ev1", NOW))


class TestLocalMessages:
    def message(self, name: str, html: str = "<p>x</p>") -> LocalMessage:
        return LocalMessage(name, MessageKind.SENT, ("anna", "janis"), html, "x", NOW)

    def put(self, database: Database, message: LocalMessage) -> None:
        database.run_now(lambda work: work.local_messages.put(message))

    def test_a_change_keeps_the_place(self, database: Database) -> None:
        for name, html in (("a", "1"), ("b", "2"), ("a", "3")):
            self.put(database, self.message(name, html))
        newest = database.run_now(lambda work: work.local_messages.newest(9))
        assert newest == (
            replace(self.message("b", "2"), place=2, version=2),
            replace(self.message("a", "3"), place=1, version=3),
        )
        assert database.run_now(lambda work: work.local_messages.newer(2, 9)) == newest[1:]
        assert database.run_now(lambda work: work.local_messages.get("b")) == newest[0]
