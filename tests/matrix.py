"""Asks every route as everybody, in the state in which it is offered, and says where the answer is
not the one that the route itself declares."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from handlers.admission import turned_away
from handlers.common.roles import role_name
from handlers.kit.cards import Line
from handlers.kit.commands import Route
from handlers.kit.people import Kind, Person, Role
from handlers.routes import BY_NAME
from storage.people.tables import ROLE_COLUMNS
from tests.explorer import Explorer, Offered

OWN, COLLEAGUES, ELSEWHERE = "own", "a colleague's", "another workspace's"

_AWAY = timedelta(hours=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_COLUMNS = (*(column.name for column in ROLE_COLUMNS.values()), "active", "kind", "away_until")
_BECOMES = f"UPDATE people SET {', '.join(f'{one} = ?' for one in _COLUMNS)} WHERE id = ?"  # noqa: S608 - ours


@dataclass
class Matrix(Explorer):
    """What is offered to somebody is asked by themselves, by a `bystander` whom it does not
    concern, and by the `outsider`, to whom it is another workspace's; each in every role and
    state."""

    words: str = "Noslēpums"
    asked: set[tuple[str, frozenset[str]]] = field(default_factory=set)

    def _sweep(self, offered: Offered) -> None:
        if (offered.does, frozenset(offered.values)) in self.asked:
            return
        self.asked.add((offered.does, frozenset(offered.values)))
        before = self._rows()
        for whose, by in self._callers(offered):
            for role in Role:
                held = replace(by, roles=frozenset({Role.AGENT, role}))
                for state, person in self._states(held):
                    self.cases += 1
                    with self._apart():
                        self._becomes(person)
                        if wrong := self._fault(replace(offered, by=person), whose, before):
                            case = f"{offered.does}, {role}, {state}, {whose}"
                            self.wrong.append(f"{case}: {wrong}")

    def _callers(self, offered: Offered) -> Iterator[tuple[str, Person]]:
        assert self.bystander is not None
        assert self.outsider is not None
        yield from ((OWN, offered.by), (COLLEAGUES, self.bystander), (ELSEWHERE, self.outsider))

    def _states(self, person: Person) -> Iterator[tuple[str, Person]]:
        """How somebody may stand here. A guest of the workspace's and somebody of another
        organisation are one to it: outsiders."""
        yield "active", person
        yield "away", replace(person, away_until=self.now + _AWAY)
        yield "inactive", replace(person, active=False)
        yield from ((kind, replace(person, kind=kind)) for kind in Kind if kind != Kind.MEMBER)

    def _becomes(self, person: Person) -> None:
        roles = (role in person.roles for role in ROLE_COLUMNS)
        away = person.away_until and (person.away_until - _EPOCH) // timedelta(microseconds=1)
        self._raw(_BECOMES, (*roles, person.belongs, person.kind.value, away, person.id))

    def _fault(self, offered: Offered, whose: str, before: frozenset[tuple[object, ...]]) -> str:
        """What is wrong with the answer; empty where it is as it should be."""
        route, by = BY_NAME[offered.does], offered.by
        command = offered.command(words=self.words if whose == OWN else "Labi")
        try:
            reply, kept = self._answer(command)
        except Exception as error:  # noqa: BLE001 - all that is wrong is told at once
            return f"{error!r:.200}"
        if not by.belongs:
            is_away = reply == turned_away(by, self.services.speaking(by.locale)) and not kept
            return "" if is_away else f"is not turned away, but told {reply!r:.100}"
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
        t = self.services.speaking(by.locale)
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
