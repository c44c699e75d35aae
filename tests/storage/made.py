"""Things to keep, made with as few words as a test needs."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import uuid4

from sqlalchemy import update

from handlers.escalation.model import Answer, Case, Mode
from handlers.escalation.rules import seats_for
from handlers.kit.delivery import Pace, Rate
from handlers.kit.notices import Notice, Priority
from handlers.kit.people import Address, Person, Profile, Role
from storage.database import Database
from storage.people.tables import people
from storage.work import SqlWork

T = TypeVar("T")

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
"""A Monday, ten in the morning in Riga."""

PLENTY = Rate(100_000, timedelta(seconds=1), burst=100_000)
ANY_PACE = Pace(PLENTY, PLENTY, PLENTY)


def second(seconds: float) -> datetime:
    """So many seconds after NOW."""
    return NOW + timedelta(seconds=seconds)


def somebody(
    database: Database, name: str = "Anna Kalniņa", *roles: Role, workspace: str = "T1"
) -> Person:
    """Somebody known, whose user id is their name."""
    profile = Profile(Address("paper", workspace, name), name, "lv", "Europe/Riga")
    return database.run_now(
        lambda work: work.people.add(work.workspaces.of(profile.address), profile, frozenset(roles))
    )


_PAPER = Address("paper", "T1", "")


def reachable(work: SqlWork, *names: str, place: Address = _PAPER) -> None:
    """People whose ids, too, are their names, unless they are there."""
    for name in sorted(set(names).difference(work.people.many(names))):
        profile = Profile(replace(place, user=name), name, "lv", "Europe/Riga")
        made = work.people.add(work.workspaces.of(profile.address), profile, frozenset())
        work.people.save(replace(made, addresses=()))
        renamed = update(people).where(people.c.id == made.id).values(id=name)
        work.connection.execute(renamed)
        work.people.save(replace(made, id=name))


def raised(agent: str, *rings: tuple[str, ...], workspace: str = "paper-T1") -> Case:
    """A hand that has just gone up, with those who were asked."""
    return Case(
        id=uuid4().hex,
        workspace=workspace,
        agent=agent,
        topic="contracts",
        line="he threatens me",
        mode=Mode.JOIN,
        raised_at=NOW,
        delays=(0, 30, 60, 90),
        seats=tuple(replace(seat, answer=Answer.ASKED) for seat in seats_for(rings)),
        step_at=NOW,
    )


def notice(
    about: str = "c.1",
    to: str = "anna",
    *,
    kind: str = "hand.ping",
    due: datetime = NOW,
    priority: Priority = Priority.NORMAL,
) -> Notice:
    return Notice(kind, about, (to,), due, priority)


def at_once(tasks: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """What each came to, all begun in the same instant."""
    together = threading.Barrier(len(tasks))

    def begin(task: Callable[[], T]) -> T | Exception:
        together.wait()
        try:
            return task()
        except Exception as error:  # noqa: BLE001 - what a task raised is its outcome
            return error

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(begin, tasks))
