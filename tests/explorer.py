"""Walks through everything that Plecs offers, and asks each thing with odd values too.

What a card or a form offers is asked as it stands, inside a transaction that is taken back; what
the answer offers is asked from there, and so on. So each route is met in a state in which it is
meant to be met, and nobody has to write down which routes there are.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Self

from handlers import router
from handlers.kit.cards import (
    Card,
    ChoiceField,
    DateField,
    Field,
    Form,
    NumberField,
    PeopleField,
    Reply,
    TextField,
    TimeField,
)
from handlers.kit.commands import Command, StrangerError, Value
from handlers.kit.notices import Notice
from handlers.kit.people import Address, Person
from handlers.router import NothingKeptError, WritesError
from handlers.work import Services, Work
from storage.outbox.table import notice_of, outbox
from storage.people.tables import people
from storage.schema import metadata
from storage.sealed import Seal
from storage.work import SqlWork
from tests.odd_values import IDS, TYPED, at_the_edge, wrong
from tests.showing import show_everywhere
from tests.world import buttons

COLLEAGUE = "Zigis"
"""Who is chosen where somebody has to be."""

SOME_DAY = "2026-03-20"
"""Which day is, where one has to be: after every session of the story that is walked in."""

_DEEPEST = 6
"""Steps from where a walk begins: deeper, there is nothing new."""

_AGAIN = 2
"""How often the same kind of thing is followed, wherever it is offered: it may lead elsewhere."""


_READ = {
    table.name: "SELECT "  # noqa: S608 - ours
    # When somebody was last asked changes with every hand of anybody's.
    + ", ".join(f'"{column.name}"' for column in table.c if column is not people.c.asked_at)
    + f' FROM "{table.name}"'
    for table in metadata.sorted_tables
}
"""All that is kept, by table, as the database has it."""


@dataclass(frozen=True)
class Offered:
    """Something that can be asked: by whom, of which route, with what; `fields` are a form's."""

    by: Person
    does: str
    values: Mapping[str, Value] = field(default_factory=dict)
    fields: tuple[Field, ...] = ()
    text: str = ""

    @property
    def kind(self) -> tuple[str, frozenset[str]]:
        """What is alike, whoever asks it and of whatever."""
        names = (*self.values, *(one.name for one in self.fields))
        return f"{self.does} {self.text}", frozenset(names)

    def command(
        self, odd: Mapping[str, Value] | None = None, text: str | None = None, words: str = "Labi"
    ) -> Command:
        filled = {one.name: _usual(one, words) for one in self.fields}
        by = self.by.addresses[0]
        values = {**self.values, **filled, **(odd or {})}
        return Command(self.does, by, self.text if text is None else text, values)


@dataclass
class Explorer:
    """Asks, in a transaction over `work`; counts what it did. `wrong` is what it found. What it
    asks is asked by the `outsider` too, who may do everything in another workspace; `insiders` are
    those whom that must not concern. The `bystander` is of their workspace, and nothing here
    is theirs; routes that are `welcome` may change another's things, and those
    `for_all` show another's words, by name and why. `met` are the routes that it asked, and `wrote`
    those that kept something. `words` are typed where words are required."""

    work: SqlWork
    seal: Seal
    now: datetime
    services: Services
    lenient: Mapping[str, str]
    welcome: Mapping[str, str] = field(default_factory=dict)
    for_all: Mapping[str, str] = field(default_factory=dict)
    outsider: Person | None = None
    bystander: Person | None = None
    insiders: frozenset[str] = frozenset()
    met: set[str] = field(default_factory=set)
    wrote: set[str] = field(default_factory=set)
    swept: set[tuple[str, frozenset[str]]] = field(default_factory=set)
    walked: Counter[tuple[str, frozenset[str]]] = field(default_factory=Counter)
    pages: tuple[Offered, ...] = ()
    words: str = "Labi"
    cases: int = 0
    shown: int = 0
    wrong: list[str] = field(default_factory=list)

    def walk(self, offered: Offered, depth: int = 0) -> None:
        """Asks it, oddly and as it stands, and then all that this offers."""
        self.met.add(offered.does)
        if offered.kind not in self.swept:
            self.swept.add(offered.kind)
            self._sweep(offered)
        if self.walked[offered.kind] >= _AGAIN or depth == _DEEPEST:
            return
        self.walked[offered.kind] += 1
        with self._apart():
            answer = self._ask(offered.command(words=self.words))
            for by, one in [(offered.by, answer.reply), *self._cards(answer.notices)]:
                for following in _offers(by, one):
                    self.walk(following, depth + 1)

    def finished(self) -> Self:
        """When all has been walked, and what is asked then."""
        return self

    def does(self, offered: Offered) -> None:
        """Asks it as it stands, and lets it stand."""
        self._ask(offered.command())

    def given(self, keep: Callable[[Work], None], *offered: Offered) -> None:
        """Walks these from where that is kept, and keeps nothing of it."""
        with self._apart():
            keep(SqlWork(self.work.connection, self.seal))
            for one in offered:
                self.walk(one)

    def wait(self, until: datetime) -> None:
        """Lets the time pass until then, and goes on with what is sent meanwhile."""
        before, self.now = self._versions(), until
        work = SqlWork(self.work.connection, self.seal)
        while sum(timer(work, until, 100) for timer in router.timers(self.services)):
            pass
        for by, card in self._cards(self._changed(before)):
            for offered in _offers(by, card):
                self.walk(offered)

    def holds(self, workspace: str, section: str, kept: Mapping[str, object]) -> None:
        """Has the settings hold this, and shows all pages."""
        self.cases += 1
        with self._apart():
            SqlWork(self.work.connection, self.seal).settings.put(workspace, section, {**kept})
            for page in self.pages:
                with self._apart():
                    try:
                        self._cards(self._ask(page.command()).notices)
                    except Exception as error:  # noqa: BLE001 - all that is wrong is told at once
                        self.wrong.append(f"{section} {_short(kept)}: {page.does}: {error!r:.200}")

    def _sweep(self, offered: Offered) -> None:
        for one in offered.fields:
            for value in wrong(one):
                self._try(offered, {one.name: value}, at=one.name)
            for value in at_the_edge(one):
                self._try(offered, {one.name: value})
            self._try(offered, {one.name: ""})
        for name in offered.values:
            for value in IDS:
                self._try(offered, {name: value})
        if not offered.fields and not offered.values:
            for text in TYPED:
                self._try(offered, {}, text=text)
        bare = replace(offered, values={}, fields=())
        self._try(bare, {})
        if self.outsider is not None:
            self._try_elsewhere(replace(offered, by=self.outsider), self.outsider)

    def _try(
        self, offered: Offered, odd: Mapping[str, Value], *, text: str | None = None, at: str = ""
    ) -> None:
        """One case: it is answered, at the field `at`; and what is kept can be shown."""
        self.cases += 1
        with self._apart():
            try:
                answer = self._ask(offered.command(odd, text))
                if at and offered.does not in self.lenient:
                    assert isinstance(answer.reply, Form), f"answered with {_said(answer.reply)}"
                    assert at in answer.reply.errors, "nothing is said at the field"
                self._cards(answer.notices)
                if answer.kept and not at and offered.fields:
                    for page in self.pages:
                        self._ask(page.command())
            except Exception as error:  # noqa: BLE001 - all that is wrong is told at once
                value = next(iter(odd.values()), text)
                self.wrong.append(
                    f"{offered.does} {next(iter(odd), 'typed')}={_short(value)}: "
                    f"{type(error).__name__}: {str(error)[:200]}"
                )

    def _try_elsewhere(self, offered: Offered, outsider: Person) -> None:
        """Another workspace's ids: nothing of it is shown, nobody there hears of it, and nothing of
        theirs is changed."""
        self.cases += 1
        command = offered.command()
        try:
            with self._apart():
                answer = self._ask(command)
                concerned = {person for one in answer.notices for person in one.to}
                after = self._rows() if answer.kept else frozenset()
            assert concerned.isdisjoint(self.insiders), "somebody hears of it"
            before = self._rows() if answer.kept else frozenset()
            gone = {row for row in before - after if not {outsider.id, outsider.workspace} & {*row}}
            new = {row for row in after - before if self.insiders & {*row}}
            assert not gone | new, f"something of theirs is changed: {gone | new}"
            said = {name for name in self.insiders if name in repr(answer.reply)}
            assert not said, f"they are shown: {said}"
        except Exception as error:  # noqa: BLE001 - all that is wrong is told at once
            self.wrong.append(f"{offered.does} from elsewhere: {error!r:.300}")

    def _rows(self) -> frozenset[tuple[object, ...]]:
        """All that is kept."""
        return frozenset((table, *row) for table, read in _READ.items() for row in self._raw(read))

    def _ask(self, command: Command) -> "_Answered":
        """The answer, shown on every platform, and what came of it."""
        before = self._versions()
        reply, kept = self._answer(command)
        if kept:
            self.wrote.add(command.name)
        self._show(reply)
        return _Answered(reply, self._changed(before) if kept else (), kept)

    def _show(self, reply: Reply) -> None:
        """Fails where a platform can't show it."""
        show_everywhere(reply)
        self.shown += 1

    def _changed(self, before: Mapping[int, int]) -> list[Notice]:
        """The notices that are new, or are to be made again."""
        rows = self.work.connection.execute(outbox.select()).all()
        return [notice_of(row) for row in rows if before.get(row.id) != row.version]

    def _versions(self) -> dict[int, int]:
        rows = self.work.connection.exec_driver_sql("SELECT id, version FROM outbox").all()
        return {row.id: row.version for row in rows}

    def _answer(self, command: Command) -> tuple[Reply, bool]:
        """The answer, and whether anything was written."""
        nobodys: frozenset[Address] = frozenset()
        for _ in range(3):
            with self._apart() as savepoint:
                work = SqlWork(self.work.connection, self.seal)
                try:
                    before = self._changes()
                    answer = router.answer(command, work, self.now, self.services, nobodys)
                    savepoint.keep = True
                    return answer.reply, self._changes() != before
                except WritesError as writes:
                    command = writes.command
                except NothingKeptError as nothing_kept:
                    return nothing_kept.answer.reply, False
                except StrangerError as strangers:
                    nobodys |= set(strangers.addresses)
        raise AssertionError("strangers without end")

    def _cards(self, notices: Sequence[Notice]) -> list[tuple[Person, Reply]]:
        """The notices as their readers see them when they are due, on every platform."""
        found: list[tuple[Person, Reply]] = []
        work = SqlWork(self.work.connection, self.seal)
        for notice in notices:
            readers = work.people.many(notice.to)
            for reader in readers.values():
                due = max(self.now, notice.due)
                card = router.card_of(notice, work, reader, due, self.services)
                self._show(card)
                found.append((reader, card))
        return found

    @contextmanager
    def _apart(self) -> Iterator["_Apart"]:
        """A savepoint, in the driver's own words: there are some ten thousand of them."""
        how, do = _Apart(), self._raw
        do("SAVEPOINT explorer")
        try:
            yield how
        finally:
            if not how.keep:
                do("ROLLBACK TO explorer")
            do("RELEASE explorer")

    def _raw(self, statement: str, values: Sequence[object] = ()) -> Iterable[tuple[object, ...]]:
        rows: Iterable[tuple[object, ...]] = self._driver.execute(statement, values)
        return rows

    def _changes(self) -> int:
        changes: int = self._driver.total_changes
        return changes

    @cached_property
    def _driver(self) -> Any:
        return self.work.connection.connection.dbapi_connection


@dataclass
class _Apart:
    keep: bool = False


@dataclass(frozen=True)
class _Answered:
    reply: Reply
    notices: Sequence[Notice]
    kept: bool


def _offers(by: Person, shown: Reply) -> Iterator[Offered]:
    if isinstance(shown, Form):
        yield Offered(by, shown.does, dict(shown.values), shown.fields)
    elif isinstance(shown, Card):
        for card in filter(None, (shown, shown.apart)):
            for button in buttons(card):
                yield Offered(by, button.does, dict(button.values))


def _usual(field: Field, words: str) -> Value:
    """What somebody would send of the field who fills in the form as it should be."""
    match field:
        case TextField():
            return field.value or (words if field.required else "")
        case NumberField():
            return str(field.least if field.value is None else field.value)
        case ChoiceField(most=1):
            return next(iter(field.value), field.options[0].value if field.required else "")
        case ChoiceField():
            return field.value or tuple(option.value for option in field.options[:1])
        case PeopleField():
            chosen = tuple(one.user for one in field.value)
            return chosen or ((COLLEAGUE,) if field.required else ())
        case DateField():
            return field.value or (SOME_DAY if field.required else "")
        case TimeField():
            return field.value or ("10:00" if field.required else "")


def _said(reply: Reply) -> str:
    return str(reply.title) if reply is not None else "nothing"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) < 60 else f"{text[:40]}… ({len(text)})"
