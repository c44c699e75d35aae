"""What Plecs says, in the reader's language: messages, and dates and times as words."""

import gettext
from functools import cache
from io import BytesIO
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from bot import catalogue
from handlers.kit.cards import Line, Moment, Span, Style
from handlers.kit.ports import Reader


class BabelTexts:
    """One language: a catalogue's, or without one English."""

    def __init__(self, locale: str, catalog: Catalog | None = None) -> None:
        self.locale = locale
        self._translations = _compiled(catalog) if catalog else gettext.NullTranslations()

    def __call__(self, message: str, /, **values: Span | Line | int) -> Line:
        """The message in this language, each {name} replaced by the value of that name.

        Values stay what they are: text from people is not searched for placeholders, and not
        joined to ours in any way a renderer could take for markup. Raises KeyError for a
        placeholder without a value.
        """
        # gettext answers the empty message with the catalogue's header.
        return _fill(self._translations.gettext(message) if message else "", values)

    def many(self, one: str, more: str, n: int, /, **values: Span | Line | int) -> Line:
        """The form for `n` things; {n} in the message is the number."""
        return _fill(self._translations.ngettext(one, more, n), {"n": n, **values})


def texts(locale: str) -> BabelTexts:
    """The texts for a reader's locale (`lv`, `lv-LV`, `en_US`); English for any language that
    Plecs does not speak."""
    language = locale.replace("_", "-").split("-")[0].lower()
    return _in(language if language in catalogue.LOCALES else "en")


def written(moment: Moment, reader: Reader) -> str:
    """The instant in the reader's zone and language, for platforms that write no dates of their
    own. English is Europe's: 24 hours, the day before the month."""
    locale = Locale.parse("lv" if texts(reader.locale).locale == "lv" else "en_GB")
    local = moment.at.astimezone(ZoneInfo(reader.zone))
    time = format_time(local, "short", locale=locale)
    date = format_date(local, "medium", locale=locale)
    match moment.style:
        case Style.TIME:
            return time
        case Style.SECONDS:
            return format_time(local, "medium", locale=locale)
        case Style.DATE:
            return date
        case Style.DATETIME:
            return str(locale.datetime_formats["medium"]).format(time, date)


@cache
def _in(language: str) -> BabelTexts:
    is_ours = language in catalogue.LOCALES
    return BabelTexts(language, catalogue.read(language) if is_ours else None)


def _compiled(catalog: Catalog) -> gettext.GNUTranslations:
    file = BytesIO()
    write_mo(file, catalog)
    file.seek(0)
    return gettext.GNUTranslations(file)


def _fill(message: str, values: dict[str, Span | Line | int]) -> Line:
    """Literal text and values in their order; neighbouring plain text becomes one piece."""
    spans: list[Span] = []
    # Splitting by a pattern with a group gives text, name, text, name, ..., text.
    for position, piece in enumerate(catalogue.PLACEHOLDER.split(message)):
        value = values[piece] if position % 2 else piece
        for span in value if isinstance(value, tuple) else (value,):
            word = str(span) if isinstance(span, int) else span
            if isinstance(word, str) and spans and isinstance(spans[-1], str):
                spans[-1] += word
            elif word != "":
                spans.append(word)
    return tuple(spans)
