"""A sender over the real database, and a platform that answers as the test tells it."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from handlers.kit.cards import Card
from handlers.kit.delivery import Pace, Reader
from handlers.kit.notices import Notice, Past, Priority, SendResult, Sent, Wait
from handlers.kit.people import Address, Person, Profile
from scheduling.delivery import Delivery
from storage.database import Database
from storage.sealed import Seal
from storage.work import SqlWork
from tests.patience import LIMIT
from tests.storage.made import ANY_PACE, NOW, second, somebody


@dataclass
class Chat:
    """A platform. `answers` are what comes of the next sends to a user, `holding` has sends wait;
    `seen` is what everybody got, in order: when, who, what it says and of which message."""

    pace: Pace = ANY_PACE
    answers: dict[str, list[SendResult | Exception]] = field(default_factory=dict)
    holding: asyncio.Event | None = None
    takes: float = 0.0  # seconds, of each send
    news: asyncio.Condition = field(default_factory=asyncio.Condition)
    seen: list[tuple[float, str, str, str | None]] = field(default_factory=list)
    now: datetime = NOW
    name: str = "paper"

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
        user, text = to[0].user, "".join(str(span) for span in card.title)
        self.seen.append(((self.now - NOW).total_seconds(), user, text, ref))
        self.now += timedelta(seconds=self.takes)
        async with self.news:
            self.news.notify_all()
        if self.holding is not None:
            await self.holding.wait()
        script = self.answers.get(user)
        answer = script.pop(0) if script else Sent(ref or f"ref {user} {text}")
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def remove(self, to: Sequence[Address], ref: str, key: str) -> SendResult:
        """Takes a message away; to be told of by the message in `answers`."""
        self.seen.append(((self.now - NOW).total_seconds(), ref.split()[1], "taken away", ref))
        script = self.answers.get(ref)
        answer = script.pop(0) if script else Sent(ref)
        assert not isinstance(answer, Exception)
        return answer

    async def profile(self, address: Address) -> Profile | None:
        return None

    async def by_email(self, _email: str, _workspace: str) -> Profile | None:
        return None

    async def until(self, true: Callable[[], bool]) -> None:
        """Waits for what was sent to be so."""
        async with asyncio.timeout(LIMIT), self.news:
            await self.news.wait_for(true)

    @property
    def heard(self) -> list[str]:
        """Who got something, in order."""
        return [user for _, user, _, _ in self.seen]

    @property
    def times(self) -> list[float]:
        return [at for at, _, _, _ in self.seen]


@dataclass
class FakePost:
    """A sender and what a test does with it. `says` is what each subject's card says; None: it is
    no longer true. `waits` is until when one waits, if it does. At `making` each card is met, when
    it begins to be made and before it is."""

    database: Database
    chat: Chat
    people: dict[str, str]
    says: dict[str, str | None] = field(default_factory=dict)
    given_up: list[str] = field(default_factory=list)
    arrived: list[str] = field(default_factory=list)
    waits: dict[str, datetime] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    making: threading.Barrier | None = None

    def __post_init__(self) -> None:
        self.delivery = self.another()

    def another(
        self,
        chat: Chat | None = None,
        database: Database | None = None,
        others: Mapping[str, Chat] | None = None,
    ) -> Delivery[SqlWork]:
        """One more process's sender; `others` are other platforms that it serves."""
        chat = chat or self.chat
        return Delivery(
            database or self.database,
            {"paper": chat, **(others or {})},
            lambda: chat.now,
            card_of=self._card,
            digest_of=lambda cards, reader: cards[0],
            waits_of=self._waits,
            on_delivered=lambda notice, work, now: self.arrived.append(notice.about),
            on_rejected=lambda notice, work, now: self.given_up.append(notice.about),
            watcher=self,
        )

    def sent(self, platform: str, notice: Notice, result: SendResult, late: timedelta) -> None:
        """Counts nothing."""

    async def add(
        self,
        about: str,
        user: str = "Anna",
        says: str | None = "hello",
        priority: Priority = Priority.NORMAL,
        workspace: str = "paper-T1",
    ) -> None:
        self.says[about] = says
        new = Notice("hand.ping", about, (self.people[user],), self.chat.now, priority)
        await self.database.run(lambda work: work.outbox.add(workspace, new))

    async def also_at(self, user: str, platform: str, workspace: str) -> None:
        """They have another address, which they used last."""
        person = self.people[user]

        def add(work: SqlWork) -> None:
            known = work.people.get(person)
            assert known is not None
            more = Address(platform, workspace, user)
            work.people.save(replace(known, addresses=(*known.addresses, more)))

        await self.database.run(add)

    async def refresh(
        self, about: str, says: str | None, past_for: str = "", priority: Priority = Priority.NORMAL
    ) -> None:
        self.says[about] = says
        now = self.chat.now
        past = Past((self.people[past_for],), priority) if past_for else None
        await self.database.run(
            lambda work: work.outbox.refresh_all("paper-T1", ["hand.ping"], about, now, past=past)
        )

    async def at(self, seconds: float) -> None:
        """Lets that time come, and delivers what is due."""
        self.chat.now = second(seconds)
        await self.delivery.drain()

    def _waits(self, notices: Sequence[Notice], work: SqlWork, now: datetime) -> Mapping[str, Wait]:
        return {
            notice.key: Wait(notice.to[0], until)
            for notice in notices
            if (until := self.waits.get(notice.about)) is not None and now < until
        }

    def _card(self, notice: Notice, work: SqlWork, reader: Person, now: datetime) -> Card | None:
        if notice.about in self.broken:
            raise ZeroDivisionError
        if (making := self.making) is not None:
            making.wait(LIMIT)
            making.wait(LIMIT)
        says = self.says[notice.about]
        return None if says is None else Card((says,))


@contextmanager
def opened(url: str, chat: Chat) -> Iterator[FakePost]:
    database = Database(url, Seal("the secret of these tests"))
    try:
        names = ("Anna", "Ieva", "Jānis", *(f"P{number}" for number in range(8)))
        yield FakePost(database, chat, {name: somebody(database, name).id for name in names})
    finally:
        database.close()
