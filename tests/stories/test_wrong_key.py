"""Plecs runs for a while with another SECRET_KEY than the one that sealed what is kept: nothing of
it is written over, and nothing is deleted but what somebody wanted gone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pytest
from sqlalchemy import select

from handlers import router
from storage.schema import metadata
from storage.sealed import Seal
from storage.work import SqlWork
from tests.explorer import Explorer, Offered
from tests.stories.test_odd_values import explored
from tests.world import World

ANOTHER = Seal("another key than the one that sealed it")

Sealed = Mapping[tuple[object, ...], str]

ON_PURPOSE = {
    "offer.code.handed_over": "the customer has the code",
    "practice.delete_all": "its owner deletes all of it",
    "supervision.calendar.renew": "its owner wants another address",
    "supervision.calendar.stop": "its owner wants none",
    "thanks.delete": "whoever got it wants it gone",
    "thanks.take_back": "its writer wants it gone",
    "voice.named.take_back": "its writer wants it gone",
    "voice.post.delete": "its author or a coordinator takes it down",
    "voice.take_back": "whoever has the code wants it gone",
}
"""Routes that let go of what can't be read as they would of what can, and why."""


@dataclass
class WithAnotherKey(Explorer):
    """Asks each thing once more with another key, and looks what became of what was sealed."""

    gone: dict[str, set[str]] = field(default_factory=dict)

    def _sweep(self, offered: Offered) -> None:
        self.cases += 1
        before, right = self._sealed(), self.seal
        with self._apart():
            self.seal = ANOTHER
            try:
                self._cards(self._ask(offered.command(words="Cits")).notices)
            except Exception as error:  # noqa: BLE001 - all that is wrong is told at once
                self.wrong.append(f"{offered.does}: {error!r:.200}")
            finally:
                self.seal = right
            self._compare(offered.does, before)

    def wait(self, until: datetime) -> None:
        """With the other key first, which is then as if it had not been."""
        before = self._sealed()
        with self._apart():
            work = SqlWork(self.work.connection, ANOTHER)
            while sum(timer(work, until, 100) for timer in router.timers(self.services)):
                pass
            self._compare("time", before)
        super().wait(until)

    def _compare(self, does: str, before: Sealed) -> None:
        after = self._sealed()
        for key, was in before.items():
            if key not in after:
                self.gone.setdefault(does, set()).add(str(key[0]))
            elif after[key] != was and does not in ON_PURPOSE:
                self.wrong.append(f"{does} writes over {key[:2]}: {after[key]!r:.20}")

    def _sealed(self) -> Sealed:
        """Every sealed value, by its table, its column and its row's key."""
        return {
            (table.name, column.name, *row[1:]): row[0]
            for table in metadata.sorted_tables
            for column in table.c
            if column.info.get("sealed")
            for row in self.work.connection.execute(select(column, *table.primary_key))
            if row[0]
        }


@pytest.mark.slow
async def test_nothing_is_lost_while_another_key_is_set(world: World) -> None:
    found = await explored(world, WithAnotherKey)
    assert found.wrong == []
    assert {does: tables for does, tables in found.gone.items() if does not in ON_PURPOSE} == {}
    assert found.cases > 200
