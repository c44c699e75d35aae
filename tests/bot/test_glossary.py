"""Latvian says one thing with one word. The words are decided in the glossary beside the catalogue;
here the forms that were dropped are looked for in everything that people read in Latvian."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path
from typing import NamedTuple

import yaml

from bot import catalogue

ROOT = Path(__file__).parents[2]
LIBRARIES = (
    "handlers/calm/default.yaml",
    "handlers/common/competences/default.yaml",
    "handlers/draft/default.yaml",
    "handlers/learning/default.yaml",
    "handlers/offers/default.yaml",
    *(str(one.relative_to(ROOT)) for one in sorted((ROOT / "handlers/practice").rglob("*.yaml"))),
)
SPOKEN = frozenset({"say", "says", "worse_say", "better_say", "examples", "caller", "text"})
WRITTEN_IN_LATVIAN = ("docs/konsultantiem.md", "docs/vaditajam.md")
_NOTHING_ELSE = r"(?!)"
_CODE_AND_ADDRESSES = re.compile(r"```.*?```|`[^`]*`|\([^)]*\.md\)", re.DOTALL)


class GlossaryWord(NamedTuple):
    """One thing, the word for it, and how the dropped ones are found."""

    thing: str
    word: str
    dropped: str
    wrong: str
    right: str
    kept: str = _NOTHING_ELSE
    beside: str = ""

    def is_missed_in(self, latvian: str, english: str) -> bool:
        left = re.sub(self.kept, "", latvian, flags=re.IGNORECASE)
        return bool(
            re.search(self.beside, english, re.IGNORECASE)
            and re.search(self.dropped, left, re.IGNORECASE)
        )


class SaidForm(NamedTuple):
    """A text in Latvian and the English beside it, where there is one; `where` they stand."""

    where: str
    latvian: str
    english: str = ""


def test_whatever_is_read_in_latvian_keeps_to_the_decided_words() -> None:
    said = [*in_the_catalogue(), *in_the_boundaries(), *in_the_libraries(), *on_pages()]
    assert {one.where for one in said} == {
        "the catalogue", "the boundaries", "bot/teams/tab.html", *LIBRARIES, *WRITTEN_IN_LATVIAN
    }  # fmt: skip
    missed = [
        f"{one.where}: {word.thing} is {word.word!r} (glossary.toml): {one.latvian}"
        for one in said
        for word in glossary()
        if word.is_missed_in(one.latvian, one.english)
    ]
    assert not missed, "\n".join(missed)


def test_the_glossary_finds_what_was_dropped_and_leaves_what_was_decided() -> None:
    english = "The agreement: you ended the call with a model, gave it and swapped."
    for word in glossary():
        assert word.is_missed_in(word.wrong, english), word.thing
        assert not any(other.is_missed_in(word.right, english) for other in glossary()), word.thing


@cache
def glossary() -> tuple[GlossaryWord, ...]:
    text = (ROOT / "handlers/locale/lv/glossary.toml").read_text()
    return tuple(GlossaryWord(**one) for one in tomllib.loads(text)["word"])


def in_the_catalogue() -> Iterator[SaidForm]:
    for message in catalogue.read("lv"):
        if message.id:
            english = message.id if isinstance(message.id, str) else message.id[-1]
            said = message.string or ""
            for form in (said,) if isinstance(said, str) else said:
                yield SaidForm("the catalogue", form, english)


def in_the_boundaries() -> Iterator[SaidForm]:
    """What the cards show of them; the sentences for a caller are said, not read."""
    given = yaml.safe_load((ROOT / "handlers/boundaries/default.yaml").read_text())
    for behaviour in given["behaviours"].values():
        for name in ("names", "meaning", "allowed", "backing", "owner", "emergency"):
            texts = behaviour.get(name, {"lv": (), "en": ()})
            for latvian, english in zip(_lines(texts["lv"]), _lines(texts["en"]), strict=True):
                yield SaidForm("the boundaries", latvian, english)
        for sentence in (*behaviour["warnings"], behaviour["ending"]):
            yield SaidForm("the boundaries", sentence["lv"])


def in_the_libraries() -> Iterator[SaidForm]:
    """What colleagues read of all else that comes with Plecs."""
    for name in LIBRARIES:
        given = yaml.safe_load((ROOT / name).read_text())
        yield from (SaidForm(name, latvian, english) for latvian, english in _read_in(given))


def _read_in(given: object) -> Iterator[tuple[str, str]]:
    """Each Latvian text with the English beside it. What is said to callers and by them is theirs,
    and so is how somebody asks."""
    if isinstance(given, list):
        for one in given:
            yield from _read_in(one)
    elif isinstance(given, dict):
        if isinstance(given.get("lv"), str):
            yield given["lv"], given["en"]
        for name, one in given.items():
            if name not in SPOKEN:
                yield from _read_in(one)


def on_pages() -> Iterator[SaidForm]:
    for name in WRITTEN_IN_LATVIAN:
        prose = _CODE_AND_ADDRESSES.sub("", (ROOT / name).read_text())
        yield from (SaidForm(name, " ".join(one.split())) for one in prose.split("\n\n"))
    page = (ROOT / "bot/teams/tab.html").read_text()
    for words in re.findall(r' lang="lv">([^<]*)<', page):
        yield SaidForm("bot/teams/tab.html", unescape(words))


def _lines(text: str | list[str] | tuple[()]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)
