"""A whole Plecs for a story: the real database, handlers, delivery and timers, and a platform made
of paper. Time stands still until the story moves it."""

import itertools
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    Select,
    bindparam,
    func,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.dialects import sqlite

from bot.app import Engine, engine
from bot.calendars import Addresses
from bot.callers import KeyedPseudonyms
from bot.typed import as_command
from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    Form,
    Line,
    Link,
    Mention,
    Moment,
    Reply,
    Row,
    Span,
    Strong,
    ToType,
)
from handlers.kit.commands import AnswerPlace, Command, Value
from handlers.kit.delivery import Pace, Rate, Reader
from handlers.kit.language_models import ModelAnswer, ModelPlace, ModelTrouble, Prompt, Unanswered
from handlers.kit.notices import Lane, Rejected, SendResult, Sent, TryLater
from handlers.kit.people import Address, Person, Profile, Role
from handlers.kit.ports import Links
from storage.database import Database
from storage.people.tables import people
from storage.schema import Clocked, Holds, Instant, clocked_of, metadata
from storage.sealed import Seal
from storage.work import SqlWork
from tests.patience import LIMIT
from tests.short_lived import lives_as_long_as_a_story
from tests.showing import show_everywhere

MONDAY_TEN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
"""A Monday, ten in the morning in Riga."""

SECRET = "a secret of this world and of no other"

ADDRESSES = Addresses("https://plecs.example", SECRET)
"""Where this world's calendars and files are."""

ANSWER = "answer-"
"""How the refs of answers begin. One that goes on changing stands among the messages from its first
change on."""

_LEAST_STEP = timedelta(seconds=1)

_INSTANTS = [c for table in metadata.sorted_tables for c in table.c if isinstance(c.type, Instant)]
_LATER = union_all(
    # Not the first of each: PostgreSQL thinks three times as long about how to find it.
    *(select(c.label("at")).where(c > bindparam("now", type_=Instant)) for c in _INSTANTS)
).subquery()
_SOONEST = select(func.min(_LATER.c.at))

_UNMARKED = (Holds.ID, Holds.CODE, Holds.NAME, Holds.SETTING)

PEOPLE_UNMARKED = {
    column: select(literal(str(column))).where(column.in_(select(people.c.id))).distinct()
    for table in metadata.sorted_tables
    for column in table.c
    if column.info.get("holds") in _UNMARKED
}
"""Finds the columns that hold a person's id and do not say so."""

WORDS_IN_THE_CLEAR = {
    column: select(literal(str(column)))
    .where(
        column.op("GLOB")(literal("*[a-z] [a-z]*[a-z] [a-z]*")),
        func.instr(literal_column(":typed"), column) > 0,
    )
    .distinct()
    for table in metadata.sorted_tables
    for column in table.c
    if column.info.get("sealed") or column.info.get("holds") in (Holds.ID, Holds.CODE)
}
"""Finds the columns that hold three words or more of what was `typed`, and are said to be sealed or
to hold something else."""

HAPPENED_LATER = {
    column: select(literal(str(column))).where(column > literal_column(":now")).distinct()
    for column in _INSTANTS
    if clocked_of(column) is Clocked.HAPPENED
}
"""Finds the columns that say something has happened which lies after `now`, in microseconds: by
those it is told at a start whether a clock was ahead."""


@cache
def _written_out(part: Select[str]) -> str:
    return str(part.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))


def columns_found(
    kept: sqlite3.Connection, parts: Mapping[Column[Any], Select[str]], **values: object
) -> list[str]:
    """The columns that the parts find in what is kept. Most tables are empty, and of those nothing
    is asked: all parts together take SQLite longer to read than many a story."""
    filled = {
        table
        for table in metadata.sorted_tables
        if kept.execute(f'SELECT 1 FROM "{table.name}" LIMIT 1').fetchone()  # noqa: S608 - ours
    }
    asked = [_written_out(part) for column, part in parts.items() if column.table in filled]
    return [column for (column,) in kept.execute(" UNION ALL ".join(asked), values)]


_PLENTY = Rate(100_000, timedelta(seconds=1), burst=100_000)


@dataclass
class Received:
    """Something delivered: to whom, the card as it looks now, and how often it was sent anew."""

    to: tuple[str, ...]
    card: Card
    at: datetime
    changes: int = 0


class PaperPlatform:
    """Keeps what it is given. `unreachable` users are gone; with `refuses`, its word for why, it
    takes no new message. At `dead_answers` nothing can be changed any more."""

    pace = Pace(_PLENTY, _PLENTY, _PLENTY)

    def __init__(self, name: str = "paper") -> None:
        self.name = name
        self.now = MONDAY_TEN
        self.messages: dict[str, Received] = {}
        self.unreachable: set[str] = set()
        self.refuses_groups = False
        self.refuses = ""
        self.dead_answers: set[str] = set()
        self.profiles: dict[str, Profile] = {}
        self._numbers = itertools.count(1)

    async def send(
        self,
        to: Sequence[Address],
        card: Card,
        reader: Reader,
        ref: str | None,
        key: str,
        *,
        urgent: bool = False,
    ) -> SendResult:
        users = tuple(address.user for address in to)
        gone = tuple(address for address in to if address.user in self.unreachable)
        if gone:
            return Rejected("user_not_found", gone)
        if self.refuses_groups and len(users) > 1:
            return Rejected("not_allowed")
        show_everywhere(card)
        if ref is None and self.refuses:
            return TryLater(held=Lane.NEW, refused=self.refuses)
        if ref in self.dead_answers:
            return Rejected("expired")
        if ref is not None and ref.startswith(ANSWER) and ref not in self.messages:
            self.messages[ref] = Received(users, card, self.now)
            return Sent(ref)
        if ref is not None:
            self.messages[ref].card = card
            self.messages[ref].changes += 1
            return Sent(ref)
        ref = str(next(self._numbers))
        self.messages[ref] = Received(users, card, self.now)
        return Sent(ref)

    async def profile(self, address: Address) -> Profile | None:
        return self.profiles.get(address.user)

    async def by_email(self, email: str, workspace: str) -> Profile | None:
        found = (one for one in self.profiles.values() if one.email == email)
        return next((one for one in found if workspace in ("", one.address.workspace)), None)


class PaperModel:
    """A language model that answers what it is given to answer, and keeps what it was asked."""

    place = ModelPlace("paper-1", "model.example")

    def __init__(self) -> None:
        self.asked: list[Prompt] = []
        self.answers: list[ModelAnswer] = []

    async def close(self) -> None:
        """It holds nothing."""

    async def answer(self, prompt: Prompt) -> ModelAnswer:
        self.asked.append(prompt)
        return (
            self.answers.pop(0) if self.answers else Unanswered(ModelTrouble.UNREACHABLE, "paper")
        )


@dataclass
class World:
    """What a story drives. People are named by their user id, which is their first name. Those
    `elsewhere` are on the `other` platform, in its workspace O1."""

    engine: Engine
    platform: PaperPlatform
    other: PaperPlatform = field(default_factory=lambda: PaperPlatform("other"))
    model: PaperModel = field(default_factory=PaperModel)
    elsewhere: set[str] = field(default_factory=set)
    replies: dict[str, list[Reply]] = field(default_factory=dict)
    deliveries: Iterator[int] = field(default_factory=itertools.count)
    typed: list[str] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        return self.platform.now

    async def person(
        self,
        user: str,
        *roles: Role,
        locale: str = "en",
        workspace: str = "T1",
        **also: object,
    ) -> Person:
        """Somebody who used Plecs before."""
        address = self.address(user, workspace)

        def add(work):  # type: ignore[no-untyped-def] # the world's own, not the house's
            profile = Profile(address, user, locale, "Europe/Riga")
            person = work.people.add(work.workspaces.of(address), profile, frozenset(roles))
            person = replace(person, **also)
            work.people.save(person)
            return person

        person: Person = await self.engine.database.run(add)
        return person

    async def known(self, user: str, workspace: str = "T1") -> Person:
        """The person as kept now."""
        address = self.address(user, workspace)
        person = await self.engine.database.read(lambda work: work.people.at(address))
        assert person is not None
        return person

    async def says(self, user: str, typed: str, workspace: str = "T1") -> Reply:
        """Types a command, "/hand contracts"; answers what they alone see."""
        name, _, text = typed.removeprefix("/").partition(" ")
        return await self._ask(user, workspace, name, text, {})

    def command(
        self, user: str, name: str, text: str = "", values: Mapping[str, Value] | None = None
    ) -> Command:
        """A command with a delivery id of its own."""
        return Command(name, self.address(user), text, values or {}, self._delivery())

    def address(self, user: str, workspace: str = "T1") -> Address:
        """Where the user is."""
        if user in self.elsewhere:
            return Address("other", "O1", user)
        return Address("paper", workspace, user)

    async def join(self) -> None:
        """Makes the two platforms' workspaces one organisation, as when both are set."""
        places = (Address("paper", "T1", ""), Address("other", "O1", ""))
        await self.engine.database.run(lambda work: work.workspaces.join(places))

    @property
    def messages(self) -> list[Received]:
        """Everything delivered on either platform."""
        return [*self.platform.messages.values(), *self.other.messages.values()]

    def last_values(self, user: str) -> Mapping[str, Value]:
        """The values of the first button on the newest answer to the person that has any."""
        cards = [reply for reply in reversed(self.replies[user]) if isinstance(reply, Card)]
        return {**next(one.values for card in cards for one in buttons(card) if one.values)}

    async def presses(self, user: str, label: str, on: Card | None = None) -> Reply:
        """Presses the button with this label: on the card, or on the newest that has it."""
        button = self.button(user, label, on)
        return await self._ask(user, "T1", button.does, "", dict(button.values))

    async def fills(self, user: str, form: Form, **values: Value) -> Reply:
        """Submits the form; fields not named keep what they had."""
        kept: dict[str, Value] = dict(form.values)
        for one in form.fields:
            value = getattr(one, "value", "")
            kept[one.name] = "" if value is None else _as_sent(value)
        return await self._ask(user, "T1", form.does, "", kept | values)

    async def ask(self, command: Command) -> Reply:
        """Any command at all; then everything due is delivered."""
        values = (command.one(name) for name in command.values)
        self.typed += [command.text, *values]
        reply = (await self.engine.desk.ask(command)).reply
        show_everywhere(reply)
        self.replies.setdefault(command.by.user, []).append(reply)
        await self.settle()
        return reply

    async def forward(self, *, seconds: float = 0, **more: float) -> None:
        """Lets time pass, stopping at each instant in between that stands in any row, so that
        nothing comes late by more than a second: the next step of everything is a column."""
        end = self.now + timedelta(seconds=seconds, **more)
        while self.now < end:
            stop = await self.engine.database.read(lambda work: _soonest(work, self.now)) or end
            self.platform.now = self.other.now = min(end, max(stop, self.now + _LEAST_STEP))
            await self.settle()

    async def settle(self) -> None:
        """Does and delivers everything that is due."""
        await self.engine.timers.tick()
        await self.engine.homes.finish(LIMIT)
        await self.engine.asking.drain()
        while await self.engine.delivery.drain():
            await self.engine.timers.tick()
            await self.engine.homes.finish(LIMIT)

    async def look(self) -> None:
        """Does what is looked after every half a minute, and what follows of it."""
        await self.engine.timers.look()
        await self.settle()

    async def looks(self, *, minutes: int) -> None:
        """Time passes, and it is looked every half a minute."""
        for _ in range(2 * minutes):
            await self.forward(seconds=30)
            await self.look()

    def inbox(self, *users: str) -> list[Card]:
        """The messages of exactly these people, oldest first, as they look now."""
        return [m.card for m in self.messages if set(m.to) == set(users)]

    def titles(self, *users: str) -> list[str]:
        return [plain(card.title) for card in self.inbox(*users)]

    def button(self, user: str, label: str, on: Card | None = None) -> Button:
        """The button, or an AssertionError that names those that are there."""
        seen = [reply for reply in self.replies.get(user, ()) if isinstance(reply, Card)]
        cards = [on] if on else [*seen, *(m.card for m in self.messages if user in m.to)]
        there = [button for card in cards for button in buttons(card)]
        for button in reversed(there):
            if plain(button.label) == label:
                return button
        raise AssertionError(f"no {label!r} among {[plain(b.label) for b in there]}")

    async def _ask(
        self, user: str, workspace: str, name: str, text: str, values: dict[str, Value]
    ) -> Reply:
        address = self.address(user, workspace)
        delivery = self._delivery()
        there = AnswerPlace(f"{ANSWER}{delivery}")
        return await self.ask(Command(name, address, text, values, delivery, answer_at=there))

    def _delivery(self) -> str:
        return f"d{next(self.deliveries)}"


@asynccontextmanager
async def open_world(
    url: str, links: Links = ADDRESSES, before: World | None = None
) -> AsyncIterator[World]:
    """A world over the database at `url`, whose tables are there. `before`: the one that it goes
    on from, or stands beside, with the same people before the same messages."""
    model = PaperModel()
    platform = before.platform if before else PaperPlatform()
    other = before.other if before else PaperPlatform("other")
    lives_as_long_as_a_story(url)
    made = engine(
        Database(url, Seal(SECRET)),
        {"paper": platform, "other": other},
        lambda: platform.now,
        frozenset({"Admin"}),
        links,
        caller=KeyedPseudonyms("a secret of this world"),
        model=before.model if before else model,
    )
    try:
        yield replace(before, engine=made) if before else World(made, platform, other, model)
    finally:
        made.database.close()


def _soonest(work: SqlWork, now: datetime) -> datetime | None:
    """The next instant that any row names."""
    soonest: datetime | None = work.connection.scalar(_SOONEST, {"now": now})
    return soonest


def buttons(card: Card) -> list[Button]:
    """Every button of the card, in order."""
    found: list[Button] = []
    for part in card.parts:
        if isinstance(part, Buttons):
            found += part.buttons
        elif isinstance(part, Row):
            found.append(part.button)
    return found


def card(reply: object) -> Card:
    """The reply, which is a card."""
    assert isinstance(reply, Card), reply
    return reply


def form(reply: object) -> Form:
    """The reply, which is a form."""
    assert isinstance(reply, Form), reply
    return reply


def title(reply: object, locale: str = "en") -> str:
    """What the card says first."""
    return plain(card(reply).title, locale)


def button_labels(card: Card) -> list[str]:
    return [plain(button.label) for button in buttons(card)]


def plain(line: Line, locale: str = "en") -> str:
    """The words of a line, as somebody would read them out."""
    return "".join(_read_out(span, locale) for span in line)


def _read_out(span: Span, locale: str) -> str:
    match span:
        case str():
            return span
        case Strong(text) | Link(text):
            return text
        case Mention(name):
            return name
        case Moment():
            return "<time>"
        case ToType():
            return as_command(span, locale)


def lines(card: Card) -> str:
    """Everything a card says, a part a line."""
    said = [plain(card.title)]
    for part in card.parts:
        said += [
            plain(line) for line in getattr(part, "items", None) or (getattr(part, "line", ()),)
        ]
        for name, value in getattr(part, "rows", ()):
            said.append(f"{plain(name)}: {plain(value)}")
    return "\n".join(line for line in said if line)


def _as_sent(value: object) -> Value:
    if isinstance(value, tuple):
        return tuple(one.user if isinstance(one, Address) else str(one) for one in value)
    return str(value)
