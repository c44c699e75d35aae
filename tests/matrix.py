"""Asks every route as everybody, in the state in which it is offered, and says where the answer is
not the one that the route itself declares."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Self

from handlers import profiles, router
from handlers.admission import turned_away
from handlers.common.roles import role_name
from handlers.kit.cards import Line, Reply
from handlers.kit.commands import Route
from handlers.kit.people import Person, Profile, Role
from handlers.kit.ports import Texts
from handlers.routes import BY_NAME
from storage.cleaning import erase
from storage.people.tables import ROLE_COLUMNS
from storage.work import SqlWork
from tests.explorer import Explorer, Offered

OWN, COLLEAGUES, ELSEWHERE = "own", "a colleague's", "another workspace's"

_AWAY = timedelta(hours=1)
_LATER = timedelta(minutes=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_COLUMNS = (*(column.name for column in ROLE_COLUMNS.values()), "away_until")
_BECOMES = f"UPDATE people SET {', '.join(f'{one} = ?' for one in _COLUMNS)} WHERE id = ?"  # noqa: S608 - ours


HERE = "active", "away"
"""How somebody may stand here for whom Plecs is: asked in the state in which a thing is offered."""

TOLD: dict[str, Callable[[Profile], Profile]] = {
    "closed": lambda one: replace(one, active=False),
    "guest": lambda one: replace(one, is_outsider=True),
    "guest whose account is closed": lambda one: replace(one, is_outsider=True, active=False),
    "bot": lambda one: replace(one, is_bot=True),
}
"""What a platform tells of those for whom Plecs is no more. A guest of the workspace's and somebody
of another organisation are one to it."""

LEFT, ERASED = "left", "erased"
"""Whom somebody took out of Plecs; in the second with all of theirs, so that who comes back is new,
whatever role they had."""

STATES = (*HERE, *TOLD, LEFT)
"""Those in which every role is tried."""


@dataclass
class Matrix(Explorer):
    """What is offered to somebody is asked by themselves, by a `bystander` whom it does not
    concern, and by the `outsider`, to whom it is another workspace's; each in every role and
    state. Those for whom Plecs is not are asked of all of it at the end: it is the same for them
    whenever they ask, and who is turned away costs next to nothing then."""

    words: str = "Noslēpums"
    asked: set[tuple[str, frozenset[str]]] = field(default_factory=set)
    offers: list[Offered] = field(default_factory=list)

    def _show(self, reply: Reply) -> None:
        """Nothing here: the Explorer itself goes the same way, and shows all of it."""

    def _sweep(self, offered: Offered) -> None:
        if (offered.does, frozenset(offered.values)) in self.asked:
            return
        self.asked.add((offered.does, frozenset(offered.values)))
        self.offers.append(offered)
        before = self._rows()
        for whose, by in self._callers(offered):
            for role in Role:
                held = replace(by, roles=frozenset({Role.AGENT, role}))
                for state, until in zip(HERE, (None, self.now + _AWAY), strict=True):
                    self.cases += 1
                    person = replace(held, away_until=until)
                    with self._apart():
                        self._becomes(person)
                        if wrong := self._fault(replace(offered, by=person), whose, before):
                            case = f"{offered.does}, {role}, {state}, {whose}"
                            self.wrong.append(f"{case}: {wrong}")

    def finished(self) -> Self:
        """All that was offered is asked anew by those for whom Plecs is no more, each told of as
        their platform does, or taken out as an administrator does."""
        assert self.bystander is not None
        assert self.outsider is not None
        theirs = {one.by.id: one.by for one in self.offers}
        for by in (*theirs.values(), self.bystander, self.outsider):
            asked = [one for one in self.offers if by.id not in theirs or one.by.id == by.id]
            for role in Role:
                held = replace(by, roles=frozenset({Role.AGENT, role}))
                for state in (*TOLD, LEFT):
                    with self._apart():
                        self._becomes(held)
                        self._goes(held, state)
                        self._is_turned_away(by, asked, f"{role}, {state}")
            with self._apart():
                self._becomes(replace(by, roles=frozenset(Role)))
                self._goes(by, ERASED)
                self._is_new(by, asked)
        return self

    def _goes(self, person: Person, state: str) -> None:
        """They are in this state from now on, by the way in which that comes about."""
        work, at = SqlWork(self.work.connection, self.seal), person.addresses[0]
        if state in TOLD:
            told = TOLD[state](Profile(at, person.name, at=self.now + _LATER))
            profiles.learn(work, told, self.now, self.services)
            return
        profiles.leave(work, person, self.now, self.services)
        if state == ERASED:
            erase(self.work.connection, person.id)
            back = Profile(at, person.name, "en", at=self.now + _LATER)
            work = SqlWork(self.work.connection, self.seal)
            profiles.introduce(work, back, frozenset(), self.now, self.services)

    def _is_turned_away(self, by: Person, asked: list[Offered], case: str) -> None:
        work = SqlWork(self.work.connection, self.seal)
        person = work.people.at(by.addresses[0])
        assert person is not None
        told, before = turned_away(person, self._speaking(person)), self._changes()
        assert told is not None, case
        for offered in asked:
            self.cases += 1
            command = replace(offered, by=person).command(words=self.words)
            try:
                router.answer(command, work, self.now, self.services)
                reply = None
            except router.NothingKeptError as nothing_kept:
                reply = nothing_kept.answer.reply
            if reply != told:
                self.wrong.append(f"{offered.does}, {case}: is told {reply!r:.100}")
        if self._changes() != before:
            self.wrong.append(f"{case}: something is kept")

    def _is_new(self, by: Person, asked: list[Offered]) -> None:
        """Who comes back is a colleague as any other: of what was theirs nothing is left to them,
        not their roles, and what they knew of others is of no use."""
        known = SqlWork(self.work.connection, self.seal).people.at(by.addresses[0])
        assert known is not None
        assert known.id != by.id
        before = self._rows()
        whose = ELSEWHERE if by is self.outsider else COLLEAGUES
        for offered in asked:
            self.cases += 1
            with self._apart():
                if wrong := self._fault(replace(offered, by=known), whose, before):
                    self.wrong.append(f"{offered.does}, {ERASED}: {wrong}")

    def _speaking(self, person: Person) -> Texts:
        return self.services.speaking(person.locale)

    def _callers(self, offered: Offered) -> Iterator[tuple[str, Person]]:
        assert self.bystander is not None
        assert self.outsider is not None
        yield from ((OWN, offered.by), (COLLEAGUES, self.bystander), (ELSEWHERE, self.outsider))

    def _becomes(self, person: Person) -> None:
        roles = (role in person.roles for role in ROLE_COLUMNS)
        away = person.away_until and (person.away_until - _EPOCH) // timedelta(microseconds=1)
        self._raw(_BECOMES, (*roles, away, person.id))

    def _fault(self, offered: Offered, whose: str, before: frozenset[tuple[object, ...]]) -> str:
        """What is wrong with the answer; empty where it is as it should be."""
        route, by = BY_NAME[offered.does], offered.by
        command = offered.command(words=self.words if whose == OWN else "Labi")
        try:
            reply, kept = self._answer(command)
        except Exception as error:  # noqa: BLE001 - all that is wrong is told at once
            return f"{error!r:.200}"
        is_refused = reply is not None and reply.title == self._refusal(route, by)
        if route.role is not None and not by.is_a(route.role):
            is_so = is_refused and not kept
            return "" if is_so else f"has no role for it, and is told {reply!r:.100}"
        if is_refused:
            return "is refused, and it is for them"
        if whose == OWN:
            return ""
        # What they send themselves they may be told again.
        is_read = self.words in repr(reply) and self.words not in repr(command)
        is_open = route.role is not None or offered.does in self.for_all
        if is_read and (whose == ELSEWHERE or not is_open):
            return f"reads another's words in {reply!r:.300}"
        return self._harm(offered, whose, before) if kept else ""

    def _refusal(self, route: Route, by: Person) -> Line:
        t = self._speaking(by)
        if route.role is None or route.refusal:
            return t(route.refusal)
        return t("This is for people with the role {role}", role=role_name(route.role, t))

    def _harm(self, offered: Offered, whose: str, before: frozenset[tuple[object, ...]]) -> str:
        """What was done to those whom it does not concern: in their own workspace nothing of theirs
        is gone or otherwise, unless a role is what it takes; in another one nothing is new, and
        nobody hears of it, either."""
        after, by = self._rows(), offered.by
        gone = {row for row in before - after if self.insiders & {*row} and by.id not in row}
        new = {row for row in after - before if self.insiders & {*row}}
        if whose == ELSEWHERE:
            return f"changes {gone | new}"[:400] if gone or new else ""
        is_meant = BY_NAME[offered.does].role is not None or offered.does in self.welcome
        return f"changes {gone}"[:400] if gone and not is_meant else ""
