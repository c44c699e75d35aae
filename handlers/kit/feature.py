"""A feature as one value: what it answers, sends, does in time, hears, and shows on common pages.

Each feature's package gives its own, `FEATURE`; handlers/features.py lists them. Everything that
is true of all of them is derived from that list: who answers, the start page, the help, the
settings, what is counted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, IntEnum, auto
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from handlers.kit.cards import Card, Line, Part
from handlers.kit.commands import Route
from handlers.kit.facts import Fact
from handlers.kit.notices import Notice
from handlers.kit.people import Person
from handlers.kit.ports import Texts
from handlers.kit.sheets import Entry, Sheet
from handlers.kit.weeks import CountsWeek

if TYPE_CHECKING:  # a feature only names what its functions take; work imports the kit
    from handlers.kit.language_models import ModelAnswer, Prompt, Question
    from handlers.work import Context, Occasion

FactT = TypeVar("FactT", bound=Fact)


class Rest(Enum):
    """What a kind of notice does where its reader rests. Urgent ones never wait, whatever it is."""

    WAITS = auto()
    """Until they are at work, and free."""

    THROUGH_HOURS = auto()
    """It comes outside their hours too, because they chose to be told; an absence, a call, a talk
    or a break it does not interrupt."""

    AT_ONCE = auto()
    """It belongs to what they are doing at this moment."""


NoticeCard = Callable[[Notice, "Context"], Card | None]
"""Makes a notice's card for the reader `Context.me` from the state of this moment. None: it is
no longer true and was never sent, or what was sent may stay as it is."""

Settlement = Callable[[Notice, "Occasion"], None]
"""What follows when it is known what became of a notice."""


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """One kind of notice: `name` is what notices carry as their `kind`.

    `rejected` follows when one can never be delivered, `delivered` when it has reached its
    readers for the first time, by itself or in a digest: at least once, so it must bear a second
    time. `private`: sends of it are counted under one common name.
    """

    name: str
    card: NoticeCard
    rest: Rest = Rest.WAITS
    rejected: Settlement | None = None
    delivered: Settlement | None = None
    private: bool = False


MakesPrompt = Callable[["Question", "Occasion"], "Prompt | None"]
"""What is asked, from the state of this moment; None: nobody waits for an answer any more."""

HearsAnswer = Callable[["Question", "ModelAnswer", "Occasion"], None]
"""What follows from what a language model answered, or that it did not."""


@dataclass(frozen=True, slots=True)
class AsksModel:
    """One kind of question to a language model: `kind` is what `Question` carries."""

    kind: str
    prompt: MakesPrompt
    answered: HearsAnswer


Timer = Callable[["Occasion", int], int]
"""Does what is due, at most so many things; answers how many it did. Its name is what a log says
when it failed."""


@dataclass(frozen=True, slots=True)
class Hears(Generic[FactT]):
    """A fact, and what a feature does when it is told."""

    fact: type[FactT]
    does: Callable[[FactT, "Occasion"], None]


class Shelf(IntEnum):
    """The rows of buttons on the start page, from the top."""

    A_MOMENT_FOR_ONESELF = 1
    WORK = 2
    ABOUT_ME = 3
    ADMINS = 4


class Situation(IntEnum):
    """When people need a feature: the parts of the help, from the top."""

    IN_A_CALL = 1
    FOR_A_REST = 2
    WITH_COLLEAGUES = 3
    ABOUT_ME = 4


def _always(_ctx: "Context") -> bool:
    return True


def _behind_more(_ctx: "Context") -> int:
    return 0


@dataclass(frozen=True, slots=True)
class HomeButton:
    """A button on the start page: at `place` of its shelf, shown `when` that holds to those who
    may use its route. `label` is a message id, `does` a route's name. `matters`: how much it does
    for the reader at the moment; those that matter most stand on the page itself, the others, and
    those that don't (0), behind *More*."""

    shelf: Shelf
    place: int
    label: str
    does: str
    when: Callable[["Context"], bool] = _always
    matters: Callable[["Context"], int] = _behind_more


def always(matters: int) -> Callable[["Context"], int]:
    """For a button that matters as much at any moment."""
    return lambda _ctx: matters


def _nothing(_ctx: "Context") -> tuple[Part, ...]:
    return ()


def _no_rows(_ctx: "Context") -> tuple[tuple[Line, Line], ...]:
    return ()


@dataclass(frozen=True, slots=True)
class OnHome:
    """A feature's share of the start page: what is the reader's `now`, at its top, who waits for
    them too; what comes `next` for them, what they promised too; `facts` about them; and
    buttons."""

    now: Callable[["Context"], tuple[Part, ...]] = _nothing
    next: Callable[["Context"], tuple[Part, ...]] = _nothing
    facts: Callable[["Context"], tuple[tuple[Line, Line], ...]] = _no_rows
    buttons: tuple[HomeButton, ...] = ()


@dataclass(frozen=True, slots=True)
class Ahead:
    """What happens next by itself, and when (aware UTC)."""

    at: datetime
    line: Line


def _nothing_ahead(_on: "Occasion", _workspace: str, _t: Texts) -> tuple[Ahead, ...]:
    return ()


InCalendar = Callable[[Person, "Occasion"], tuple[Entry, ...]]
"""Somebody's dates, as their own calendar shows them."""

MakesFile = Callable[[str, Person, "Occasion"], Sheet | bytes | None]
"""Makes a file of what its address is about, for whoever was given that; None where they may not
have it any more."""


def _no_dates(_person: Person, _on: "Occasion") -> tuple[Entry, ...]:
    return ()


Trial = Callable[[str, "Context"], tuple[Part, ...]]
"""What a feature shows of words that a coordinator tries."""


@dataclass(frozen=True, slots=True)
class SettingFacts:
    """What a workspace has set, as rows of the settings page, at this place."""

    place: int
    rows: Callable[["Context"], tuple[tuple[Line, Line], ...]]


@dataclass(frozen=True, slots=True)
class SettingButton:
    """How it is changed: a button of the settings page, at this place. `label` is a message id,
    `does` a route's name."""

    place: int
    label: str
    does: str


@dataclass(frozen=True, slots=True)
class Feature:
    """Everything the house needs to know of a feature. `timers` do what is due, several times a
    second; `looks` see every half a minute whether all is well; `ahead` tells what is due next in a
    workspace, to whoever moves its clock. The help is made of its routes, those that are typed
    by themselves, in their order, under its `situation`. `in_week` is what it counts in a week,
    `trial` what it makes of words that a coordinator tries, `asks` what it has a language model
    write; `in_calendar` are its dates in somebody's own calendar, `files` what is fetched by an
    address of Plecs', by the files' names."""

    name: str
    situation: Situation = Situation.ABOUT_ME
    routes: tuple[Route, ...] = ()
    notices: tuple[NoticeKind, ...] = ()
    timers: tuple[Timer, ...] = ()
    looks: tuple[Timer, ...] = ()
    hears: tuple[Hears[Any], ...] = ()
    on_home: OnHome = OnHome()
    in_settings: tuple[SettingFacts | SettingButton, ...] = ()
    ahead: Callable[["Occasion", str, Texts], tuple[Ahead, ...]] = _nothing_ahead
    in_week: CountsWeek | None = None
    trial: Trial | None = None
    asks: tuple[AsksModel, ...] = ()
    in_calendar: InCalendar = _no_dates
    files: Mapping[str, MakesFile] = field(default_factory=dict)
