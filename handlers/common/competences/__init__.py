"""Competences: by what one sees that somebody works well with customers, and how one learns it.

A library that coordinators keep. Practice shows it, and its positive indicators are what a
thank-you may be an example of. A room below the features.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

from handlers.kit.cards import Field, Option, TextField
from handlers.kit.ports import Texts, mark
from handlers.kit.reading import Filled
from handlers.kit.text import lines_of, shortened
from handlers.library.attributes import LocalizedLines, LocalizedText, in_language
from handlers.library.entries import OWNER, REVIEW, Entries, id_from, names
from handlers.library.model import LINES_TOGETHER, READ_IN, TEXT_LIMIT, Kept, Saying, Sayings
from handlers.library.plain import MISSING, PlainReader

if TYPE_CHECKING:
    from handlers.work import Context

_CODED = re.compile(r"(?P<code>[a-z][a-z_]{0,39}):\s+(?P<words>\S.*)")

_OPTION = 75
"""Characters of an option: what every platform shows."""

MOST_INDICATORS = 12
"""Of a kind in one competence: what fits a head, and all of them together a list to choose from."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing that is seen or heard of somebody. `code` is how scenarios and thank-yous call it;
    the same code in two competences is the same indicator."""

    code: str
    words: Saying


@dataclass(frozen=True, slots=True)
class Indicators:
    """Indicators in their order. In a file each stands under its code; in a form on a line of its
    own, the English one behind its code, which is made of the words where there is none yet."""

    name: str
    label: str

    is_optional = False

    def read(self, reader: PlainReader, path: str, data: object) -> tuple[Indicator, ...]:
        given = {} if data is MISSING else reader.entries(path, data)
        if data is not MISSING and not 1 <= len(given) <= MOST_INDICATORS:
            reader.problems.append(f"{path}: {len(given)}, should be 1 to {MOST_INDICATORS}")
        found = tuple(
            Indicator(
                reader.entry_id(f"{path}.{code}", str(code)),
                reader.saying(f"{path}.{code}", words, READ_IN),
            )
            for code, words in given.items()
        )
        if sum(len(f"{one.code}: {one.words.get('en', '')}\n") for one in found) > LINES_TOGETHER:
            reader.problems.append(f"{path}: more than {LINES_TOGETHER} characters together")
        return found

    def plain(self, value: Sequence[Indicator]) -> object:
        return {one.code: dict(one.words) for one in value}

    def fields(self, value: Sequence[Indicator] | None, t: Texts) -> Sequence[Field]:
        given = value or ()
        in_english = [f"{one.code}: {one.words['en']}" for one in given]
        written = {"lv": [one.words["lv"] for one in given], "en": in_english}
        hints = {
            "lv": t("One to a line, in the same order as in English."),
            "en": t(
                "One to a line. What stands before the colon is its short name: leave it as it "
                "is, and leave it out for a new one."
            ),
        }
        return [
            TextField(
                self._field(locale),
                in_language(t(self.label), locale, t),
                "\n".join(written[locale]),
                limit=LINES_TOGETHER,
                multiline=True,
                hint=hints[locale],
            )
            for locale in READ_IN
        ]

    def filled(self, filled: Filled) -> tuple[Indicator, ...]:
        latvian, english = (tuple(lines_of(filled.text(self._field(one)))) for one in READ_IN)
        for locale, lines in zip(READ_IN, (latvian, english), strict=True):
            if any(len(line) > TEXT_LIMIT for line in lines):
                filled.errors[self._field(locale)] = filled.t(
                    "Too long: at most {limit} characters each, {total} together.",
                    limit=TEXT_LIMIT,
                    total=LINES_TOGETHER,
                )
            elif len(lines) > MOST_INDICATORS:
                filled.errors[self._field(locale)] = filled.t(
                    "At most {limit} lines.", limit=MOST_INDICATORS
                )
        if len(latvian) != len(english):
            filled.errors.setdefault(
                self._field("lv"),
                filled.t(
                    "{n} lines here and {other} in English: each needs both.",
                    n=len(latvian),
                    other=len(english),
                ),
            )
        found: dict[str, Indicator] = {}
        for in_latvian, line in zip(latvian, english, strict=False):
            named = _CODED.fullmatch(line)
            words = named["words"] if named else line
            code = named["code"] if named else ""
            if not code or code in found:
                code = id_from(words, found)
            found[code] = Indicator(code, {"lv": in_latvian, "en": words})
        return tuple(found.values())

    def _field(self, locale: str) -> str:
        return f"{self.name}_{locale}"


@dataclass(frozen=True, slots=True)
class Competence:
    """One competence of the dictionary. `shows` are its positive indicators and `lacks` the
    negative ones; `develop` is for everybody, `lead` for whoever leads a team."""

    id: str
    names: Saying
    meaning: Saying
    shows: tuple[Indicator, ...]
    lacks: tuple[Indicator, ...]
    develop: Sayings
    lead: Sayings
    owner: Saying
    review: date
    version: int = 1


COMPETENCES = Entries(
    Competence,
    (
        names(60),
        LocalizedText("meaning", mark("What it means")),
        Indicators("shows", mark("One sees it by")),
        Indicators("lacks", mark("It is missing where somebody")),
        LocalizedLines("develop", mark("How to grow in it"), most=MOST_INDICATORS),
        LocalizedLines("lead", mark("For whoever leads a team"), most=MOST_INDICATORS),
        OWNER,
        REVIEW,
    ),
    name="competence",
    title=mark("the dictionary of competences"),
    package="handlers.common.competences",
    command="competence",
    word="competences",
    section="competences",
    most=8,
)
"""At most eight of twelve indicators: a list to choose from holds a hundred."""


class Competences(Kept[tuple[Competence, ...]], Protocol):
    """The dictionary in its versions."""


def positive(ctx: "Context") -> Mapping[str, Saying]:
    """The words of every positive indicator of the caller's workspace, by code, in the dictionary's
    order."""
    return _by_code(one.shows for one in _current(ctx))


def negative(ctx: "Context") -> Mapping[str, Saying]:
    """The same of the negative ones."""
    return _by_code(one.lacks for one in _current(ctx))


def to_choose(indicators: Mapping[str, Saying], t: Texts) -> tuple[Option, ...]:
    """The indicators as options of a form, as long as those may be."""
    return tuple(
        Option(code, (shortened(words[t.locale], _OPTION),)) for code, words in indicators.items()
    )


def _current(ctx: "Context") -> tuple[Competence, ...]:
    return ctx.work.of(Competences).current(ctx.me.workspace, ctx.now).content


def _by_code(kinds: Iterable[Sequence[Indicator]]) -> Mapping[str, Saying]:
    found: dict[str, Saying] = {}
    for indicators in kinds:
        for one in indicators:
            found.setdefault(one.code, one.words)
    return found
