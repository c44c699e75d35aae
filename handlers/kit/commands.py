"""What people ask, and which function answers it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from handlers.kit.cards import Card, Line, Reply, ToType
from handlers.kit.notices import Notice
from handlers.kit.people import Address, Role

if TYPE_CHECKING:  # a route only names its handler's type; work imports the kit at run time
    from handlers.work import Context

Value = str | tuple[str, ...]

MENTIONED = "mentioned"
"""The value that holds who is mentioned in the text, as platform user ids, in that order."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A message that was delivered: which notice it is, and what the platform calls it."""

    key: str
    ref: str


@dataclass(frozen=True, slots=True)
class AnswerPlace:
    """Where the answer to a command will stand, so that it can be changed there later. `ref` is the
    platform's own name for that; empty where it has one only once the answer is there, and whoever
    shows it says so. `uses`: how often it may be changed, and `until` when (aware UTC); None where
    that is not limited."""

    ref: str = ""
    uses: int | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """What somebody asked.

    `name` is a route's name; `text` what they typed after the word; `values` a button's or
    form's values (several choices and people as tuples; people as platform user ids). A colleague
    mentioned in the text stands there as "@" and their platform user id, and in `values` under
    MENTIONED, where the platform tells whom a mention means; others leave the name as typed.
    `delivery` is the platform's id for this delivery: the same one twice has one effect;
    empty where the platform never repeats. `on` is the delivered message that the button stands on,
    where the platform can show another one in its place with its answer. `answer_at`: where the
    answer will stand, if it can be changed later.
    """

    name: str
    by: Address
    text: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    delivery: str = ""
    on: Delivered | None = None
    answer_at: AnswerPlace | None = None

    def one(self, name: str) -> str:
        """The value as one string, empty when it wasn't given."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else next(iter(value), "")

    def many(self, name: str) -> tuple[str, ...]:
        """The value as a tuple, empty when it wasn't given."""
        value = self.values.get(name, ())
        return (value,) if isinstance(value, str) and value else tuple(value)


@dataclass(frozen=True, slots=True)
class Instead:
    """Another route answers what was asked: "back" is for absences, and for breaks."""

    route: str


@dataclass(frozen=True, slots=True)
class Living:
    """A card that goes on changing: the first look of the notice's message, which looks like `then`
    while nothing changes. Where the answer can be changed later it is that message; else the
    message is sent besides. `besides`: what others are sent."""

    card: Card
    notice: Notice
    then: Card
    besides: tuple[Notice, ...] = ()


Handler = Callable[[Command, "Context"], Reply | Instead | Living]


@dataclass(frozen=True, slots=True)
class Typed:
    """How a route is typed: `/hand` in Slack, or as a word of `/plecs` in either language.

    `usage` is the hint behind the command, `help` the line in the help; both are message ids.
    `own_command` is False where Slack keeps the name for itself (`/away`). `to_people`: colleagues
    are named behind it, and mentions should come as such. `also`: other words that mean it.
    `hears`: how surely whole sentences without its word mean it, 0 for not at all; the surest of
    all routes answers. `said`: what of such a sentence its handler is given. `heeds`: where its
    words tell of a danger to life its own answer says whom to call; all others' begins with that.
    `answers_danger`: it is asked what to do where a life is in danger; one route is. `of_number`: a
    number stands behind it, so that its word may as well begin a sentence: "caller is abusive".
    """

    words: Mapping[str, str]
    help: str
    usage: str = ""
    own_command: bool = True
    to_people: bool = False
    also: tuple[str, ...] = ()
    hears: Callable[[str], int] | None = None
    said: Callable[[str], str] = str
    heeds: bool = False
    answers_danger: bool = False
    of_number: bool = False


@dataclass(frozen=True, slots=True)
class Behind:
    """The word by which a route is typed behind another one, in either language: "log" in
    `/hand log`. `command` is that other route's name, of whatever feature; `also` are other words
    that people try; `help` its line in the help of those who have the route's role, a message
    id; `roles`: of those who have one of these, where the handler itself turns others away."""

    command: str
    words: Mapping[str, str]
    also: tuple[str, ...] = ()
    help: str = ""
    roles: tuple[Role, ...] = ()

    def to_type(self, locale: str) -> ToType:
        """What one types for it who reads `locale`, a language of ours."""
        return ToType(self.command, self.words[locale])


@dataclass(frozen=True, slots=True)
class Route:
    """A name and the function that answers to it.

    `reads`: it writes nothing and may run beside the writer. `role`: who may; others get a kind
    no, or `refusal`, the message id of one that says more. `typed`, `behind`: how people type it;
    neither for what only buttons and forms send. `private`: that it was asked is counted under
    one common name, and what was typed is written down nowhere, not in a transcript of the
    caller's own either. `unlinked`: nothing at all is kept of who asked it, when, or from where,
    but what its handler keeps, which sees to it itself that a repeated delivery has one effect.
    `calls_somebody`: who asks it waits for somebody to come, and reads whom to
    phone where nothing can be kept.
    """

    name: str
    handler: Handler
    reads: bool = False
    role: Role | None = None
    refusal: str = ""
    typed: Typed | None = None
    behind: Behind | None = None
    private: bool = False
    unlinked: bool = False
    calls_somebody: bool = False


class RefusedError(Exception):
    """What was asked can't be done, and `line` says why, kindly. Nothing was changed."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self.line = line


class StrangerError(Exception):
    """Nobody is known at the addresses yet: the shell introduces them and asks again."""

    def __init__(self, *addresses: Address) -> None:
        super().__init__()
        self.addresses = addresses
