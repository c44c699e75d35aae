"""Plecs for Teams with a few people, each before Microsoft's own client."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from pydantic import SecretStr

from handlers.escalation.ladder import LADDER
from handlers.escalation.model import Ladder
from handlers.kit.people import Address, Profile, Role
from storage.database import Database
from storage.sealed import Seal
from storage.work import SqlWork
from tests.e2e.served import Served
from tests.empty import empty_in
from tests.patience import LIMIT
from tests.teams_e2e.playground import TENANT, Playground, Somebody, Window

ANNA, JANIS, LIGA, PETERIS, MARA, RUTA = EVERYBODY = tuple(
    Somebody(f"1a5e0000-0000-4000-8000-00000000000{number}", name)
    for number, name in enumerate(
        (
            *("Anna Liepa", "Jānis Ozols", "Līga Kalna"),
            *("Pēteris Bērziņš", "Māra Zariņa", "Rūta Egle"),
        )
    )
)
_ROLES: Mapping[Somebody, frozenset[Role]] = {
    LIGA: frozenset({Role.SUPERVISOR}),
    MARA: frozenset({Role.COORDINATOR, Role.ADMIN}),
}
_TOPICS: Mapping[Somebody, tuple[str, ...]] = {JANIS: ("contracts",)}

EXTENSIONS: Mapping[Somebody, str] = {ANNA: "214", LIGA: "220"}

SECRET = "the secret of the houses that Teams opens"

_SECOND_RING = 4
"""Seconds, for those who wait for it by a real clock."""


@dataclass
class ClientsHouse:
    """A served Plecs, and what is open before it."""

    served: Served
    browser: Browser
    folder: Path
    closing: ExitStack = field(default_factory=ExitStack)
    playgrounds: list[Playground] = field(default_factory=list)

    def windows(self, *people: Somebody, width: int = 620) -> tuple[Window, ...]:
        """Each person's Teams, with Plecs just installed."""
        playgrounds = []
        for person in people:
            others = [other for other in EVERYBODY if other is not person]
            folder = self.folder / person.user
            playground = Playground(person, others, bot=self.served.address, folder=folder)
            self.closing.callback(playground.stop)
            playgrounds.append(playground)
        self.playgrounds += playgrounds
        opened = []
        for playground in playgrounds:
            playground.wait()
            window = Window(self.browser, playground, width=width)
            self.closing.callback(window.close)
            opened.append(window)
        for window in opened:
            window.wait()
        return tuple(opened)


@pytest.fixture
def house(browser: Browser, tmp_path: Path) -> Iterator[ClientsHouse]:
    with opened_house(browser, tmp_path) as opened:
        yield opened


@contextmanager
def opened_house(browser: Browser, folder: Path, **settings: Any) -> Iterator[ClientsHouse]:
    """Plecs over a database in the folder, with what else is set."""
    empty_in(folder)
    _people(f"sqlite:///{folder}/plecs.db")
    served = Served(folder, teams_insecure_local=True, secret_key=SecretStr(SECRET), **settings)
    with ExitStack() as closing:
        closing.callback(served.stop)
        yield ClientsHouse(served, browser, folder, closing)


def _people(url: str) -> None:
    """The people list as an office brings it in, in English, and rings that don't wait long."""
    database = Database(url, Seal(SECRET))

    def write(work: SqlWork) -> None:
        for one in EVERYBODY:
            address = Address("teams", TENANT, one.user)
            workspace = work.workspaces.of(address)
            roles = _ROLES.get(one, frozenset({Role.AGENT}))
            person = work.people.add(workspace, Profile(address, one.name, "en"), roles)
            topics, extension = _TOPICS.get(one, ()), EXTENSIONS.get(one, "")
            work.people.save(replace(person, topics=topics, extension=extension))
        rings = tuple(
            replace(ring, after=number * _SECOND_RING) for number, ring in enumerate(Ladder().rings)
        )
        ladder = Ladder(rings, nobody_after=int(LIMIT))
        LADDER.put(work.settings, workspace, ladder)

    database.run_now(write)
    database.close()
