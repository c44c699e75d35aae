"""Which topics a workspace has, how they are edited, and which one somebody's words name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import dropwhile

from handlers.kit.people import Topic
from handlers.kit.ports import Words, WorkspaceSettings
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
    return tuple(_topic(workspace, *row) for row in TOPICS.of(settings, workspace).topics)


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
    forms = [words.forms(bare(piece)) for piece in pieces[:_WORDS_LOOKED_AT]]
    said = frozenset().union(*forms)
    best: tuple[int, int, Topic] | None = None
    for topic in topics:
        for name in (name for names in topic.names.values() for name in names):
            asked = [words.forms(word) for word in name.split()]
            if any(said.isdisjoint(form) for form in asked):
                continue
            for start in range(len(forms) - len(asked) + 1):
                if all(forms[start + step] & form for step, form in enumerate(asked)):
                    found = (start, -len(asked), topic)
                    best = found if best is None or found[:2] < best[:2] else best
                    break
    if best is None:
        return None, text.strip()
    start, minus_length, topic = best
    rest = _from_the_first_word(pieces[-minus_length:]) if start == 0 else pieces
    return topic, " ".join(rest)


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


TOPICS = Section("topics", TopicList(), {"topics": Plain(_read_rows, _write_rows)})


@lru_cache(maxsize=1000)  # read anew for each hand, changed once a year
def _topic(workspace: str, topic: str, latvian: str, english: str) -> Topic:
    return Topic(topic, workspace, {"lv": _names(latvian), "en": _names(english)})


def _names(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (name.strip() for name in text.split(","))))


def _slug(name: str, taken: set[str]) -> str:
    base = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:_LONGEST_SLUG] or "topic"
    number = 1
    while (slug := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return slug
