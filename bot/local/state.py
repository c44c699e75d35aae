"""What the page is told of what stands around the messages, and of each of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.catalogue import PLACEHOLDER
from bot.local.markup import plain, seen_by
from bot.local.team import PLATFORM, SHOWN_FIRST, WORKSPACE, user_of
from bot.local.words import PAGE_WORDS
from bot.texts import texts
from handlers.common.roles import role_name
from handlers.kit import text
from handlers.kit.commands import Route
from handlers.kit.delivery import Reader
from handlers.kit.feature import Ahead
from handlers.kit.people import Address, Person, Role
from storage.local import LocalMessage

LANGUAGES = ("lv", "en")


class LooksAhead(Protocol):
    """The core, as far as it knows what happens next."""

    async def ahead(self, by: Address, locales: Sequence[str]) -> Mapping[str, Ahead]: ...


class Surroundings(Protocol):
    """What stands around the messages: who is in the workspace, as they are now, how their
    topics are called, and how far the clock was moved."""

    async def people(self) -> Sequence[Person]: ...

    async def topic_names(self, locale: str) -> Mapping[str, str]: ...

    async def keep_clock(self, offset: timedelta) -> None: ...

    async def begin_again(self, now: datetime) -> None: ...


async def surroundings(
    around: Surroundings, desk: LooksAhead, routes: Sequence[Route], offset: timedelta
) -> dict[str, object]:
    """What stands around the messages: the clock, the people and what happens next. By event's
    name."""
    topics = {language: await around.topic_names(language) for language in LANGUAGES}
    people = await around.people()
    return {
        "clock": offset.total_seconds(),
        "people": [
            _person(person, routes, topics["lv" if person.locale == "lv" else "en"])
            for person in people
        ],
        "next": await _ahead(desk),
    }


async def _ahead(desk: LooksAhead) -> dict[str, object] | None:
    """What happens next by itself, in both languages."""
    somebody = Address(PLATFORM, WORKSPACE, SHOWN_FIRST[0])
    told = await desk.ahead(somebody, LANGUAGES)
    if not told:
        return None
    lines = {
        language: plain(one.line, seen_by(Reader(language, "UTC")))
        for language, one in told.items()
    }
    return {"at": told[LANGUAGES[0]].at.isoformat(), "what": lines}


def _person(
    person: Person, routes: Sequence[Route], topics: Mapping[str, str]
) -> dict[str, object]:
    more = [role for role in Role if role in person.roles - {Role.AGENT}]
    return {
        "user": user_of(person),
        "id": person.id,
        "name": person.name,
        "first": person.first_name,
        "locale": person.locale,
        "position": person.position,
        "roles": [
            text.plain(role_name(role, texts(person.locale))) for role in more or [Role.AGENT]
        ],
        "topics": [topics.get(topic, topic) for topic in person.topics],
        "commands": [
            {
                "word": route.typed.words.get(person.locale, route.name),
                "usage": _text(route.typed.usage, person.locale),
                "help": _text(route.typed.help, person.locale),
            }
            for route in routes
            if route.typed and (route.role is None or person.is_a(route.role))
        ],
    }


def words_of_the_page() -> dict[str, dict[str, str]]:
    """What the page says by itself, in each language."""
    return {
        language: {word: _text(word, language) for word in PAGE_WORDS} for language in LANGUAGES
    }


def told(message: LocalMessage) -> dict[str, object]:
    """A message, as the page has it."""
    return {
        "id": message.id,
        "kind": message.kind.value,
        "readers": message.readers,
        "html": message.html,
        "summary": message.summary,
        "at": message.at.isoformat(),
        "place": message.place,
        "version": message.version,
    }


def _text(message: str, locale: str) -> str:
    """A message without values in the language; its placeholders stay for the page to fill."""
    open_places = {name: f"{{{name}}}" for name in PLACEHOLDER.findall(message)}
    return text.plain(texts(locale)(message, **open_places))
