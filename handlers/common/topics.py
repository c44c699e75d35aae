"""Which topics a workspace has, how they are edited, and which one somebody's words name."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import dropwhile

from handlers.kit.people import Topic
from handlers.kit.ports import Words, WorkspaceSettings, mark
from handlers.kit.reading import shows
from handlers.kit.settings import Plain, Section
from handlers.kit.text import bare, fold, shortened

MOST_WORKSPACE_TOPICS = 100
"""Topics of a workspace: what fits into one list of choices on every platform."""

LONGEST_TOPIC = 75
"""Characters of a topic's name: what Slack shows of a choice."""

TOPICS_TOGETHER = 3000
"""Characters of all topics as they are edited: what Slack takes in one field."""

_LONGEST_ID, _LONGEST_SLUG = 80, 60
"""Characters of a topic's id, as a person's row holds it, and of the name that it is made of."""

_WORDS_LOOKED_AT = 60
"""Words in which a topic is looked for: more than anybody writes in a call."""

TopicRow = tuple[str, str, str]
"""A topic's id, and its names in Latvian and in English, with commas between."""

_DEFAULT_TOPICS: tuple[TopicRow, ...] = (
    ("contracts", "līgumi, līgums", "contracts, contract, agreement"),
    ("bills", "rēķini, rēķins", "bills, bill, invoice"),
    ("payments", "maksājumi, parādi, parāds", "payments, debts, debt"),
    ("meters", "skaitītāji, rādījumi", "meters, readings, reading"),
    ("outages", "atslēgumi, elektrības traucējumi", "outages, power cut"),
    ("connections", "pieslēgumi, pieslēgums", "connections, connection"),
    ("tariffs", "tarifi, cenas", "tariffs, prices, price"),
    ("moving", "pārcelšanās, īpašnieka maiņa", "moving, change of owner"),
    ("solar", "saules paneļi, mikroģenerācija", "solar panels, microgeneration"),
    ("complaints", "sūdzības, sūdzība", "complaints, complaint"),
)


@dataclass(frozen=True, slots=True)
class TopicList:
    """A workspace's topics as they are kept; a utility's usual ones until it sets its own."""

    topics: tuple[TopicRow, ...] = _DEFAULT_TOPICS


def topics_of(settings: WorkspaceSettings, workspace: str) -> tuple[Topic, ...]:
    """The workspace's topics."""
    return _topics(workspace, TOPICS.of(settings, workspace).topics)


def topics_by_id(settings: WorkspaceSettings, workspace: str) -> dict[str, Topic]:
    """The workspace's topics by their ids."""
    return {topic.id: topic for topic in topics_of(settings, workspace)}


def topics_as_text(topics: Sequence[Topic]) -> str:
    """One topic a line, Latvian names, a bar, English names: as coordinators edit them."""
    return "\n".join(
        f"{', '.join(topic.names['lv'])} | {', '.join(topic.names['en'])}" for topic in topics
    )


class TopicsFault(StrEnum):
    """What can be wrong with a list of topics. NUMBER: there are none, or more than
    MOST_WORKSPACE_TOPICS. LINE: a line is not two lists of names. NAME: one is longer than
    LONGEST_TOPIC. TOGETHER: all are longer than TOPICS_TOGETHER."""

    NUMBER = "number"
    LINE = "line"
    NAME = "name"
    TOGETHER = "together"


class TopicsError(ValueError):
    """A list of topics that can't be kept; `part` is the line or name that is wrong."""

    def __init__(self, fault: TopicsFault, part: str = "") -> None:
        super().__init__(part)
        self.fault = fault
        self.part = part


def topics_from_text(text: str, known: Sequence[Topic]) -> TopicList:
    """Reads what coordinators wrote. A topic that kept any of its names stays the same topic, so
    that people keep it. Raises TopicsError."""
    rows: list[TopicRow] = []
    taken: set[str] = set()
    for line in filter(None, (line.strip() for line in text.splitlines())):
        latvian, bar, english = (side.strip() for side in line.partition("|"))
        if not bar or not _names(latvian) or not _names(english):
            raise TopicsError(TopicsFault.LINE, line)
        names = {*_names(latvian), *_names(english)}
        for name in (*_names(latvian), *_names(english)):
            if len(name) > LONGEST_TOPIC:
                raise TopicsError(TopicsFault.NAME, name)
            if not shows(name):
                raise TopicsError(TopicsFault.LINE, line)
        same = next(
            (
                topic.id
                for topic in known
                if topic.id not in taken and names & {n for ns in topic.names.values() for n in ns}
            ),
            None,
        )
        topic_id = same or _slug(_names(english)[0], taken)
        taken.add(topic_id)
        rows.append((topic_id, ", ".join(_names(latvian)), ", ".join(_names(english))))
    if not 1 <= len(rows) <= MOST_WORKSPACE_TOPICS:
        raise TopicsError(TopicsFault.NUMBER)
    if _length(rows) > TOPICS_TOGETHER:
        raise TopicsError(TopicsFault.TOGETHER)
    return TopicList(tuple(rows))


def topic_in(text: str, topics: Sequence[Topic], words: Words) -> tuple[Topic | None, str]:
    """The topic that the words name, and the rest of the words.

    The topic's name is taken off where it stands first; inside a sentence it stays, because the
    sentence needs it.
    """
    pieces = _from_the_first_word(text.split())
    said = [words.forms(bare(piece)) for piece in pieces[:_WORDS_LOOKED_AT]]
    by_first = _by_first_word(tuple(topics), words.forms)
    for start, forms in enumerate(said):
        begun = [name for form in forms for name in by_first.get(form, ())]
        named = [name for name in begun if name.is_said(said[start:])]
        if named:
            name = min(named, key=lambda name: name.rank)
            rest = pieces if start else _from_the_first_word(pieces[len(name.words) :])
            return name.topic, " ".join(rest)
    return None, text.strip()


@dataclass(frozen=True, slots=True)
class _Name:
    """A topic's name, each of its words in all forms. `rank`: of several the lowest is meant."""

    rank: int
    topic: Topic
    words: tuple[frozenset[str], ...]

    def is_said(self, said: Sequence[frozenset[str]]) -> bool:
        """Whether what is said begins with it."""
        if len(self.words) > len(said):
            return False
        return all(forms & there for forms, there in zip(self.words, said, strict=False))


@lru_cache(maxsize=1000)  # made anew where the topics are others
def _by_first_word(
    topics: tuple[Topic, ...], forms: Callable[[str], frozenset[str]]
) -> Mapping[str, Sequence[_Name]]:
    """The topics' names by each form of their first word."""
    names = [
        (topic, tuple(forms(word) for word in name.split()))
        for topic in topics
        for names in topic.names.values()
        for name in names
    ]
    names.sort(key=lambda name: len(name[1]), reverse=True)
    found: dict[str, list[_Name]] = defaultdict(list)
    for rank, (topic, asked) in enumerate(names):
        for form in asked[0]:
            found[form].append(_Name(rank, topic, asked))
    return found


def _from_the_first_word(pieces: list[str]) -> list[str]:
    """Without the dashes and bullets before it."""
    return list(dropwhile(lambda piece: not bare(piece), pieces))


def _length(rows: Sequence[TopicRow]) -> int:
    """Characters of the rows as they are edited."""
    return sum(len(latvian) + len(" | ") + len(english) + 1 for _, latvian, english in rows)


def _read_rows(kept: object) -> tuple[TopicRow, ...]:
    """Those of the rows that are topics, as many of them as can be edited."""
    if not isinstance(kept, list):
        raise ValueError(kept)  # noqa: TRY004 - what is kept wrongly has the usual value
    rows: list[TopicRow] = []
    for row in kept[:MOST_WORKSPACE_TOPICS]:
        match row:
            case [str() as topic, str() as latvian, str() as english] if (
                0 < len(topic) <= _LONGEST_ID
                and all(topic != other for other, _, _ in rows)
                and _names(latvian)
                and _names(english)
            ):
                found = (topic, _short_names(latvian), _short_names(english))
                if _length([*rows, found]) > TOPICS_TOGETHER:
                    break
                rows.append(found)
    if not rows:
        raise ValueError(kept)
    return tuple(rows)


def _short_names(text: str) -> str:
    return ", ".join(shortened(name, LONGEST_TOPIC) for name in _names(text))


def _write_rows(rows: Sequence[TopicRow]) -> object:
    return [list(row) for row in rows]


TOPICS = Section("topics", mark("Topics"), TopicList(), {"topics": Plain(_read_rows, _write_rows)})


@lru_cache(maxsize=1000)  # read anew for each hand, changed once a year
def _topics(workspace: str, rows: tuple[TopicRow, ...]) -> tuple[Topic, ...]:
    return tuple(
        Topic(topic, workspace, {"lv": _names(latvian), "en": _names(english)})
        for topic, latvian, english in rows
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (name.strip() for name in text.split(","))))


def _slug(name: str, taken: set[str]) -> str:
    base = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:_LONGEST_SLUG] or "topic"
    number = 1
    while (slug := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return slug
