"""What people see of a database, to tell whether another one shows them the same."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.services import services
from handlers import router
from handlers.kit.cards import Reply
from handlers.kit.commands import Command
from handlers.kit.notices import HOME, Notice, home_today
from handlers.kit.people import Person
from handlers.work import Services, Work

_ASKED = ("plan", "supervision")
"""What they are asked for beside the start page, which has their hand and what comes next."""


def pages(work: Work, people: Sequence[str], now: datetime) -> Mapping[str, Sequence[Reply]]:
    """What each of the people sees at `now`, by their ids: the start page, their plan, and their
    sessions."""
    used = services()
    return {
        person.id: tuple(_pages_of(person, work, now, used))
        for person in work.people.many(people).values()
    }


def _pages_of(person: Person, work: Work, now: datetime, used: Services) -> Sequence[Reply]:
    page = Notice(HOME, home_today(now), (person.id,), now, sent=True)
    seen: list[Reply] = [router.card_of(page, work, person, now, used)]
    if person.belongs and person.addresses:
        for name in _ASKED:
            command = Command(name, person.addresses[0])
            seen.append(router.answer(command, work, now, used).reply)
    return seen
