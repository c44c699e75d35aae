"""A scenario: a call that one can practise, as a tree of turns; and how far somebody is in one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from handlers.kit.commands import Behind
from handlers.library.model import Kept, Saying, Sayings

HOTTEST = 5
"""How hot a caller can be; the coolest is 1."""

REPLIES = 3
"""At each turn: what one might say, one of which is a bad model."""

FEWEST_TURNS, MOST_TURNS = 5, 8
"""Of a scenario; its longest way has as many as the fewest."""

SHORTEST_WAY = 2
"""Turns of the shortest way: nobody hangs up after the first sentence, and after two bad ones some
do."""

CHOSEN = 2
"""Indicators that one watches in a practice, at most: more nobody keeps in mind in a call."""

LATEST_RUNS = 12
"""Of one's own that are listed."""

PRACTISED = "practised"
"""What is counted of a practice: that somebody did, and nothing else."""

WITH = Behind("practice", {"en": "with", "lv": "ar"}, also=("ar kolēģi", "kopā"))
"""What one types for a call of two, and maybe a name behind it."""


@dataclass(frozen=True, slots=True)
class ReplyOption:
    """Something one might say: `to` is the turn or the ending that follows, by id, and `because`
    why it goes that way. `bad`: it is there as a bad model. `shows`: the indicator of the
    dictionary that it is an example of, by code; empty: none."""

    says: Saying
    because: Saying
    to: str
    bad: bool = False
    shows: str = ""


@dataclass(frozen=True, slots=True)
class DialogueTurn:
    """What the caller says, how hot they are then (1 to HOTTEST), and the REPLIES to it."""

    id: str
    heat: int
    says: Saying
    replies: tuple[ReplyOption, ...]


@dataclass(frozen=True, slots=True)
class ScriptEnding:
    """How a call ends: what the caller says last, and what comes `after` it."""

    id: str
    heat: int
    says: Saying
    after: Saying


@dataclass(frozen=True, slots=True)
class Script:
    """The tree: the first turn is where a call begins. Read from a file (plain.py) it has no dead
    ends, nothing that no way leads to, and no circles."""

    turns: tuple[DialogueTurn, ...]
    endings: tuple[ScriptEnding, ...]

    def at(self, place: str) -> "DialogueTurn | ScriptEnding | None":
        """The turn or the ending with this id."""
        places: tuple[DialogueTurn | ScriptEnding, ...] = (*self.turns, *self.endings)
        return next((one for one in places if one.id == place), None)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A call to practise. `situation` is what one knows before it, `caller` what only whoever plays
    the caller does; `examples` how it is asked for. `indicators` are what it is good for, by
    code."""

    id: str
    names: Saying
    situation: Saying
    caller: Saying
    examples: Sayings
    indicators: tuple[str, ...]
    script: Script
    owner: Saying
    review: date
    version: int = 1

    @property
    def trains(self) -> frozenset[str]:
        """The indicators that it is good for, or that a reply of it is an example of."""
        shown = (reply.shows for turn in self.script.turns for reply in turn.replies)
        return frozenset((*self.indicators, *filter(None, shown)))


class Scenarios(Kept[tuple[Scenario, ...]], Protocol):
    """The scenarios in their versions."""


Path = tuple[int, ...]
"""Which reply was given at each turn, from the first on, by its place among the three."""


@dataclass(frozen=True, slots=True)
class Run:
    """How somebody goes through a scenario, as it was in this `version` of the library: theirs
    alone. `chosen` are the indicators that they watch, `path` where they are, `tried` the ways that
    they stepped back from, and `ended` the ending they reached, or empty."""

    id: str
    workspace: str
    person: str
    scenario: str
    version: int
    changed_at: datetime
    chosen: tuple[str, ...] = ()
    path: Path = ()
    tried: tuple[Path, ...] = ()
    ended: str = ""


@dataclass(frozen=True, slots=True)
class PathStep:
    """One turn of a way: what was replied, how hot the caller was `after` it, and which other
    replies were tried there, with how hot those made the caller."""

    turn: DialogueTurn
    reply: ReplyOption
    after: int
    others: tuple[tuple[ReplyOption, int], ...] = ()


class Runs(Protocol):
    """What people practised, each their own."""

    def get(self, run: str) -> Run | None: ...

    def put(self, run: Run) -> None:
        """Keeps the run, in place of what was kept of it before."""
        ...

    def of(self, person: str, limit: int) -> Sequence[Run]:
        """The person's, the latest first."""
        ...

    def delete(self, run: str) -> None: ...

    def delete_all(self, person: str) -> None: ...


def say(run: Run, reply: int, script: Script, now: datetime) -> Run:
    """The reply is given; there is none of that number: nothing changes."""
    if not 0 <= reply < REPLIES or not isinstance(place(script, run.path), DialogueTurn):
        return run
    path = (*run.path, reply)
    reached = place(script, path)
    ended = reached.id if isinstance(reached, ScriptEnding) else ""
    return replace(run, path=path, ended=ended, changed_at=now)


def step_back(run: Run, now: datetime) -> Run:
    """One turn back; what was said there is remembered as tried."""
    if not run.path:
        return run
    tried = run.tried if run.path in run.tried else (*run.tried, run.path)
    return replace(run, path=run.path[:-1], tried=tried, ended="", changed_at=now)


def place(script: Script, path: Path) -> DialogueTurn | ScriptEnding:
    """Where the path leads."""
    at: DialogueTurn | ScriptEnding = script.turns[0]
    for reply in path:
        assert isinstance(at, DialogueTurn), "a path ends at an ending"
        at = _after(script, at.replies[reply])
    return at


def steps(script: Script, run: Run) -> tuple[PathStep, ...]:
    """The turns of the run's way, one after the other."""
    found: list[PathStep] = []
    for number, reply in enumerate(run.path):
        before = run.path[:number]
        turn = place(script, before)
        assert isinstance(turn, DialogueTurn), "a path ends at an ending"
        heat = [_after(script, one).heat for one in turn.replies]
        others = [
            other for other in range(REPLIES) if other != reply and (*before, other) in run.tried
        ]
        found.append(
            PathStep(
                turn,
                turn.replies[reply],
                heat[reply],
                tuple((turn.replies[other], heat[other]) for other in others),
            )
        )
    return tuple(found)


def fitting(scenarios: Sequence[Scenario], chosen: Sequence[str]) -> tuple[Scenario, ...]:
    """Those that are good for what was chosen, the best first."""
    fits = {one.id: len(one.trains & frozenset(chosen)) for one in scenarios}
    found = [one for one in scenarios if fits[one.id]]
    return tuple(sorted(found, key=lambda one: -fits[one.id]))


def _after(script: Script, reply: ReplyOption) -> DialogueTurn | ScriptEnding:
    found = script.at(reply.to)
    assert found is not None, "a script without dead ends is what is read"
    return found
