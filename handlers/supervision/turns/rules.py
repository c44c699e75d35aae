"""Whose turn it is: nobody has a part twice before everybody had it once.

A part goes round. Whoever has not had it in this round, and comes, is next; when all who come had
it, a new round begins, in which whoever missed the last one is first. Nobody has two parts in one
session: where the only ones left for a part have another that day, its seat stays open for whoever
offers, and the turn is theirs the next time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from handlers.supervision.sessions.model import Turn

PARTS = (Turn.FACILITATOR, Turn.PRESENTER, Turn.NOTES)


@dataclass(frozen=True, slots=True)
class Sitting:
    """One session as the rotation sees it: who could come (`members`, longest in the group
    first), who can't (`absent`), and who has which part. In what is to be decided `parts` holds
    what people agreed among themselves, NONE included; it is kept. `may_lead`: of whom the
    facilitator is one, where any of them comes."""

    members: tuple[str, ...]
    absent: frozenset[str] = frozenset()
    parts: Mapping[str, Turn] = field(default_factory=dict)
    may_lead: frozenset[str] = frozenset()

    @property
    def coming(self) -> tuple[str, ...]:
        return tuple(one for one in self.members if one not in self.absent)

    def candidates(self, part: Turn) -> tuple[str, ...]:
        """Those who come of whom one may have the part."""
        leading = tuple(one for one in self.coming if one in self.may_lead)
        return leading if part is Turn.FACILITATOR and leading else self.coming


def wanted(*, rotating: bool, coming: int) -> tuple[Turn, ...]:
    """The seats of a session, the most needed first: a facilitator where that one rotates, one
    who presents, one who notes agreements, and a second case where two are left to listen."""
    first = (Turn.FACILITATOR,) if rotating else ()
    seats = (*first, Turn.PRESENTER, Turn.NOTES)
    return (*seats, Turn.PRESENTER) if coming > len(seats) + 2 else seats


def turns(
    before: Sequence[Sitting], ahead: Sequence[Sitting], *, rotating: bool
) -> tuple[Mapping[str, Turn], ...]:
    """Who has which part in each of the sessions ahead, given those before, both in order."""
    rounds = {part: _Round() for part in PARTS}
    for sitting in before:
        _pass(rounds, sitting, sitting.parts)
    decided: list[Mapping[str, Turn]] = []
    for sitting in ahead:
        parts = {
            one: part
            for one, part in _decide(rounds, sitting, rotating=rotating).items()
            if part is not Turn.NONE
        }
        _pass(rounds, sitting, parts)
        decided.append(parts)
    return tuple(decided)


@dataclass(slots=True)
class _Round:
    """Who had the part in this round, whom earlier rounds passed over because they were not
    there, and in which order people had it last."""

    had: set[str] = field(default_factory=set)
    missed: set[str] = field(default_factory=set)
    last: dict[str, int] = field(default_factory=dict)
    count: int = 0

    def next_ones(self, coming: Sequence[str]) -> list[str]:
        """Those whose turn it may be, the longest waiting first."""
        left = [one for one in coming if one not in self.had] or list(coming)
        return sorted(left, key=lambda one: self.last.get(one, 0))

    def took(self, person: str, sitting: Sitting) -> None:
        if self.had.issuperset(sitting.coming):
            self.missed |= set(sitting.members) - self.had
            self.had.clear()
        self.had.add(person)
        self.missed.discard(person)
        self.count += 1
        self.last[person] = self.count


_Rounds = Mapping[Turn, _Round]


def _pass(rounds: _Rounds, sitting: Sitting, parts: Mapping[str, Turn]) -> None:
    # Of two who present, the one who ends a round comes before the one who begins the next.
    for person, part in sorted(parts.items(), key=lambda one: one[0] in rounds[one[1]].had):
        rounds[part].took(person, sitting)


def _decide(rounds: _Rounds, sitting: Sitting, *, rotating: bool) -> Mapping[str, Turn]:
    coming = sitting.coming
    parts = {one: sitting.parts[one] for one in coming if one in sitting.parts}
    seats = list(wanted(rotating=rotating, coming=len(coming)))
    for part in parts.values():
        if part in seats:
            seats.remove(part)
    queues = {part: rounds[part].next_ones(sitting.candidates(part)) for part in seats}
    owed = {one: sum(one in queue for queue in queues.values()) for one in coming}
    for part, queue in queues.items():
        # Who is owed most comes early, so that nobody is left with every part at a round's end.
        missed = rounds[part].missed
        queue.sort(key=lambda one: (one not in missed, -owed[one]))
    parts |= _seated(list(queues), queues, frozenset(parts))
    if seats.count(Turn.PRESENTER) > 1:
        parts |= _second_case(rounds[Turn.PRESENTER], coming, parts)
    return parts


def _second_case(
    presenting: _Round, coming: Sequence[str], parts: Mapping[str, Turn]
) -> dict[str, Turn]:
    """Whose the second case is: still this round's, or the next one's first."""
    first = [one for one, part in parts.items() if part is Turn.PRESENTER]
    left = [one for one in coming if one not in presenting.had and one not in first]
    queue = presenting.next_ones(left or [one for one in coming if one not in first])
    if not first and left:
        return {}  # the first case's seat is open too: those left for it have other parts
    return next(({one: Turn.PRESENTER} for one in queue if one not in parts), {})


def _seated(
    seats: Sequence[Turn], queues: Mapping[Turn, Sequence[str]], taken: frozenset[str]
) -> dict[str, Turn]:
    """The fullest seating with one part each. Earlier seats choose first; who sits already moves
    where that makes room for another seat (augmenting paths)."""
    at: dict[Turn, str] = {}

    def seat(part: Turn, tried: set[str]) -> bool:
        for one in queues[part]:
            if one in taken or one in tried:
                continue
            tried.add(one)
            other = next((sits for sits, person in at.items() if person == one), None)
            if other is None or seat(other, tried):
                at[part] = one
                return True
        return False

    for part in seats:
        seat(part, set())
    return {person: part for part, person in at.items()}
