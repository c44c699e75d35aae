"""What people see, as plain tagged data. Each platform renders it with one `match`.

Nothing here is markup: text from people stays text, and only renderers know how to escape it.
A thing enters this vocabulary when every platform can show it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from enum import StrEnum
from itertools import chain

from handlers.kit.people import Address, Person

# --- a line of text ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that stand out."""

    text: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A person. A platform that can reach one of the addresses links it; others show the name."""

    name: str
    addresses: tuple[Address, ...] = ()


class Style(StrEnum):
    """How an instant is written, in the reader's language and zone."""

    TIME = "time"
    SECONDS = "seconds"
    """A time to the second."""
    DATE = "date"
    DATETIME = "datetime"


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant (aware UTC), shown in the reader's own zone. `after` is the word right before it
    in a message: some languages decline a date by it. `at_end`: a full stop follows, and is the
    date's own as well, where that ends in one."""

    at: datetime
    style: Style = Style.TIME
    after: str = field(default="", compare=False)
    at_end: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Link:
    """Words that open an address: https, or tel: for a number to call."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class ToType:
    """What one types to ask for a command, the name of a typed route, with `rest` behind its word:
    each platform writes it as it is typed there, in the reader's language."""

    command: str
    rest: str = ""


Span = str | Strong | Mention | Moment | Link | ToType
Line = tuple[Span, ...]
"""One paragraph. A plain `str` in it is text as somebody wrote it: never interpreted."""


def on_day(day: date) -> Moment:
    """A day. Its noon is on the same day in nearly every zone that a reader may be in."""
    return Moment(datetime.combine(day, time(12), UTC), Style.DATE)


def mention(person: Person) -> Mention:
    """The person, by first name where the platform has no link of its own."""
    return Mention(person.first_name, person.addresses)


def listed(lines: Iterable[Line]) -> Line:
    """The lines as one, with commas between."""
    whole: Line = ()
    for line in lines:
        whole += (", ", *line) if whole else line
    return whole


# --- what one can press -----------------------------------------------------------------------


class Look(StrEnum):
    """How much a button calls for the finger."""

    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    """Sends the command `does` with `values` when it is pressed.

    `confirm` is asked first, where given. Labels stay under 30 characters: platforms cut there.
    """

    label: Line
    does: str
    values: Mapping[str, str] = field(default_factory=dict)
    look: Look = Look.PLAIN
    confirm: Line | None = None


# --- parts of a card --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paragraph:
    line: Line


@dataclass(frozen=True, slots=True)
class Quote:
    """Words to say aloud, or words somebody wrote: set apart from Plecs' own."""

    line: Line


@dataclass(frozen=True, slots=True)
class Facts:
    """Short pairs of name and value."""

    rows: tuple[tuple[Line, Line], ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[Line, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a list with the one thing that can be done with it."""

    line: Line
    button: Button


@dataclass(frozen=True, slots=True)
class Buttons:
    """Buttons side by side, the likeliest first. At most five, so that they fit a phone."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Small print: who sees this, where it is kept, versions."""

    line: Line


@dataclass(frozen=True, slots=True)
class Chart:
    """Counts as bars, left to right. `alt` says in words what the picture shows."""

    title: Line
    bars: tuple[tuple[str, int], ...]
    alt: Line


@dataclass(frozen=True, slots=True)
class Divider:
    pass


Part = Paragraph | Quote | Facts | Bullets | Row | Buttons | Note | Chart | Divider


class Tone(StrEnum):
    """How a card feels, never by colour alone."""

    CALM = "calm"
    URGENT = "urgent"
    GOOD = "good"
    CAREFUL = "careful"


@dataclass(frozen=True, slots=True)
class Card:
    """One screen. `summary` is what a phone's notification says; the title, when left out.

    A card for several is shown in a conversation of theirs. `apart` is what stands in its place
    where a platform can't begin one, and shows it to each in their own chat with Plecs.
    """

    title: Line
    parts: tuple[Part, ...] = ()
    tone: Tone = Tone.CALM
    summary: Line | None = None
    apart: "Card | None" = None


BESIDE = 4
"""Buttons beside each other, so that they fit a phone."""


def offers(card: Card, does: str) -> bool:
    """Whether something that can be pressed on the card sends this command."""
    rows = (part.buttons for part in card.parts if isinstance(part, Buttons))
    single = (part.button for part in card.parts if isinstance(part, Row))
    return any(button.does == does for button in chain(*rows, single))


def in_rows(buttons: Iterable[Button], beside: int = BESIDE) -> Iterator[Buttons]:
    """The buttons, so many beside each other."""
    left = tuple(buttons)
    for start in range(0, len(left), beside):
        yield Buttons(left[start : start + beside])


def together(cards: Sequence[Card]) -> Card:
    """Several cards as one, a block for each, the first one's title above all: the same in several
    languages, so that nobody who shares it reads another's alone, or what comes first and then the
    rest."""
    first, *others = cards
    parts = list(first.parts)
    for other in others:
        parts += [Divider(), Paragraph(tuple(map(_strong, other.title))), *other.parts]
    aparts = [one.apart for one in cards if one.apart is not None]
    return replace(
        first,
        parts=tuple(parts),
        apart=together(aparts) if len(aparts) == len(cards) else first.apart,
    )


def _strong(span: Span) -> Span:
    return Strong(span) if isinstance(span, str) else span


# --- forms ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: Line
    hint: Line | None = None


@dataclass(frozen=True, slots=True)
class TextField:
    """Words to type, at most `limit` characters; the platform shows and enforces the limit."""

    name: str
    label: Line
    value: str = ""
    limit: int = 200
    multiline: bool = False
    required: bool = True
    hint: Line | None = None


@dataclass(frozen=True, slots=True)
class NumberField:
    """A whole number from `least` to `most`."""

    name: str
    label: Line
    value: int | None = None
    least: int = 0
    most: int = 100
    required: bool = True
    hint: Line | None = None


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """One of the options, or with `most` above 1 up to that many. At most 100 options."""

    name: str
    label: Line
    options: tuple[Option, ...]
    value: tuple[str, ...] = ()
    most: int = 1
    required: bool = True
    hint: Line | None = None


@dataclass(frozen=True, slots=True)
class DateField:
    """A day, as "2026-11-22"."""

    name: str
    label: Line
    value: str = ""
    required: bool = True
    hint: Line | None = None


@dataclass(frozen=True, slots=True)
class TimeField:
    """A time of day, as "14:30". Whose clock that is the form says, in a hint say."""

    name: str
    label: Line
    value: str = ""
    required: bool = True
    hint: Line | None = None


@dataclass(frozen=True, slots=True)
class PeopleField:
    """Up to `most` people of the workspace, as platform user ids. `value` are all addresses of
    those chosen before: a platform shows its own. `oneself`: whoever fills it in may be one; if
    not, `without` are the addresses that are not offered, where a platform's list can do without
    somebody."""

    name: str
    label: Line
    value: tuple[Address, ...] = ()
    most: int = 1
    required: bool = True
    hint: Line | None = None
    oneself: bool = False
    without: tuple[Address, ...] = ()


Field = TextField | NumberField | ChoiceField | DateField | TimeField | PeopleField


@dataclass(frozen=True, slots=True)
class Form:
    """Asks, then sends the command `does` with what was filled in, and `values` with it.

    `errors` (by field's name) are shown at their fields and the typed values stay. Title and
    submit label stay within 24 characters: Slack's limit for a modal.
    """

    title: Line
    does: str
    submit: Line
    fields: tuple[Field, ...]
    values: Mapping[str, str] = field(default_factory=dict)
    intro: tuple[Part, ...] = ()
    errors: Mapping[str, Line] = field(default_factory=dict)


Reply = Card | Form | None
"""What the caller alone sees, at once. None: nothing new to say; a notice will follow if any."""
