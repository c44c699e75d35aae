"""What the renderers of all platforms have in common."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.texts import texts, written
from bot.typed import as_command
from handlers.kit.cards import Chart, Line, Link, Mention, Moment, Span, Strong, ToType
from handlers.kit.delivery import Reader
from handlers.kit.ports import Texts

ChartUrl = Callable[[Chart], str | None]
"""Where the picture of a chart is; None where pictures can't be fetched."""


class UnshowableError(ValueError):
    """A card holds more than the platform shows, or nothing where it wants something. Ours are
    fixed in design and people's text is limited where it is typed: so this is a mistake of ours."""


def no_pictures(_chart: Chart) -> str | None:
    """For where charts are drawn as text."""
    return None


@dataclass(frozen=True, slots=True)
class RenderContext:
    """Whom a card is rendered for: the platform's own workspace, whose people are linked, and the
    reader. `command_prefix`: what stands before the commands that they type there."""

    workspace: str
    reader: Reader
    chart_url: ChartUrl = no_pictures
    command_prefix: str = ""

    @property
    def t(self) -> Texts:
        return texts(self.reader.locale)


def bare(line: Line, reader: Reader, command_prefix: str = "") -> str:
    """The line as text alone, for places that know no markup. Not escaped."""
    return "".join([bare_span(span, reader, command_prefix) for span in line])


def bare_span(span: Span, reader: Reader, command_prefix: str = "") -> str:
    match span:
        case str():
            return span
        case Strong(text) | Link(text):
            return text
        case Mention(name):
            return name
        case Moment():
            return written(span, reader)
        case ToType():
            return as_command(span, reader.locale, command_prefix)
