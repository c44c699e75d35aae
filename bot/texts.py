"""What Plecs says, in the reader's language: messages, and dates and times as words."""

import gettext
import re
from dataclasses import replace
from datetime import datetime
from functools import cache, lru_cache
from io import BytesIO
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from bot import catalogue
from handlers.kit.cards import Line, Moment, Span, Style
from handlers.kit.delivery import Reader

# "3. nov." is never declined, but two months have no short form: "10. marts", "līdz 10. martam".
_DECLINED = re.compile(r"\b(mart|maij)s\b")
_ENDINGS = {"līdz": "am", "kopš": "a", "no": "a", "uz": "u"}


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


@lru_cache(maxsize=100)
def texts(locale: str) -> BabelTexts:
    """The texts for a reader's locale (`lv`, `lv-LV`, `en_US`); English for any language that
    Plecs does not speak."""
    language = locale.replace("_", "-").split("-")[0].lower()
    return _in(language if language in catalogue.LOCALES else "en")


def written(moment: Moment, reader: Reader) -> str:
    """The instant in the reader's zone and language, for platforms that write no dates of their
    own. English is Europe's: 24 hours, the day before the month."""
    locale = _locale("lv" if texts(reader.locale).locale == "lv" else "en_GB")
    local = moment.at.astimezone(ZoneInfo(reader.zone))
    match moment.style:
        case Style.TIME:
            return format_time(local, "short", locale=locale)
        case Style.SECONDS:
            return format_time(local, "medium", locale=locale)
        case Style.DATE:
            date = _date(local, locale, moment.after)
            return date.removesuffix(".") if moment.at_end else date
        case Style.DATETIME:
            time = format_time(local, "short", locale=locale)
            date = _date(local, locale, moment.after)
            return str(locale.datetime_formats["medium"]).format(time, date)


def _date(local: datetime, locale: Locale, after: str) -> str:
    """The day, as it is written after the word that stands before it."""
    date = format_date(local, "medium", locale=locale)
    if locale.language == "lv":
        date = _DECLINED.sub(rf"\g<1>{_ENDINGS.get(after, 's')}", date)
    return date


@cache  # babel takes a name apart anew each time
def _locale(name: str) -> Locale:
    return Locale.parse(name)


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
    pieces = _pieces(message)
    if len(pieces) < 2:
        return pieces
    spans: list[Span] = []
    for position, piece in enumerate(pieces):
        match values[piece] if position % 2 else piece:
            case tuple() as line:
                _put(spans, *line)
            case int() as number:
                _put(spans, str(number))
            case Moment() as moment:
                at_end = pieces[position + 1].startswith(".")
                _put(spans, replace(moment, after=_last_word(spans), at_end=at_end))
            case span:
                _put(spans, span)
    return tuple(spans)


def _put(spans: list[Span], *more: Span) -> None:
    for span in more:
        match spans, span:
            case _, "":
                continue
            case [*_, str() as before], str():
                spans[-1] = before + span
            case _:
                spans.append(span)


def _last_word(spans: list[Span]) -> str:
    match spans:
        case [*_, str() as before]:
            return before.split()[-1].casefold() if before.strip() else ""
        case _:
            return ""


@cache  # the messages are ours: there are so many and no more
def _pieces(message: str) -> tuple[str, ...]:
    """Text, name, text, name, ..., text: so a pattern with a group splits it. Nothing, where the
    message is empty."""
    return tuple(catalogue.PLACEHOLDER.split(message)) if message else ()
