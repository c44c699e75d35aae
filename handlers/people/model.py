"""The rules about people: which topics a workspace has, and what "away until" means."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from handlers.kit.people import UNTIL_BACK, Topic
from handlers.kit.ports import Words, WorkspaceSettings
from handlers.kit.reading import shows
from handlers.kit.settings import Plain, Section, one_of
from handlers.kit.text import fold, shortened

MOST_TOPICS = 2
"""Anchors somebody may have: the customer service Plecs began from found one or two to hold."""

MOST_TRUSTED = 5
"""Colleagues somebody may name as trusted: a handful, so that the name means something."""

MOST_WORKSPACE_TOPICS = 100
"""Topics of a workspace: what fits into one list of choices on every platform."""

LONGEST_TOPIC = 75
"""Characters of a topic's name: what Slack shows of a choice."""

TOPICS_TOGETHER = 3000
"""Characters of all topics as they are edited: what Slack takes in one field."""

_LONGEST_ID = 60

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


@dataclass(frozen=True, slots=True)
class NewPeople:
    """In which language Plecs speaks with people who come; empty: their platform's."""

    new: str = ""


def topics_of(settings: WorkspaceSettings, workspace: str) -> tuple[Topic, ...]:
    """The workspace's topics."""
    return tuple(_topic(workspace, *row) for row in TOPICS.of(settings, workspace).topics)


def language_for_new(settings: WorkspaceSettings, workspace: str) -> str | None:
    """The language the workspace set for people who come; None: their platform's."""
    return NEW_PEOPLE.of(settings, workspace).new or None


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
    pieces = text.split()
    forms = [words.forms(piece.strip(".,:;!?\"'()")) for piece in pieces[:_WORDS_LOOKED_AT]]
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
    rest = pieces[-minus_length:] if start == 0 else pieces
    return topic, " ".join(rest)


def away_until(text: str, now: datetime, zone: str) -> datetime:
    """Until when "14:20", "2 h", "45 min", "tomorrow", "until Monday", "līdz pirmdienai" or
    "24.12." is, seen at `now` in the zone; nothing at all is until they are back.

    A day means its morning, 06:00. Raises ValueError for what it can't read, or for a moment
    that is not within a year ahead.
    """
    asked = fold(text).removeprefix("until").removeprefix("lidz").strip()
    if not asked:
        return UNTIL_BACK
    local = now.astimezone(ZoneInfo(zone))
    until = _in_a_while(asked, local) or _at_clock(asked, local) or _on_day(asked, local)
    if until is None or not timedelta(0) < until - now <= timedelta(days=366):
        raise ValueError(text)
    return until


_DAYS = (
    ("monday", "mon", "pirmdien"),
    ("tuesday", "tue", "otrdien"),
    ("wednesday", "wed", "tresdien"),
    ("thursday", "thu", "ceturtdien"),
    ("friday", "fri", "piektdien"),
    ("saturday", "sat", "sestdien"),
    ("sunday", "sun", "svetdien"),
)
_UNITS = {"h": 60, "st": 60, "m": 1}


def _in_a_while(asked: str, local: datetime) -> datetime | None:
    found = re.fullmatch(
        r"(\d{1,4})\s*(h|hours?|st|stund(?:a|u|as|am)|m|min|minutes?|minut(?:i|em))", asked
    )
    if found is None:
        return None
    unit = next(minutes for sign, minutes in _UNITS.items() if found[2].startswith(sign))
    return _utc(local) + timedelta(minutes=int(found[1]) * unit)


def _at_clock(asked: str, local: datetime) -> datetime | None:
    found = re.fullmatch(r"(\d{1,2})[:.](\d{2})", asked)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    at = local.replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0)
    return _utc(at if at > local else at + timedelta(days=1))


def _on_day(asked: str, local: datetime) -> datetime | None:
    if asked in {"tomorrow", "rit", "ritdienai"}:
        return _morning_of(local + timedelta(days=1))
    for weekday, names in enumerate(_DAYS):
        if asked in names[:2] or asked.startswith(names[2]):
            ahead = (weekday - local.weekday() - 1) % 7 + 1
            return _morning_of(local + timedelta(days=ahead))
    found = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.?", asked)
    if found is None:
        return None
    for year in (local.year, local.year + 1):
        try:
            day = local.replace(year=year, month=int(found[2]), day=int(found[1]))
        except ValueError:  # the 29th of February is a day in some years only
            continue
        if day > local:
            return _morning_of(day)
    return None


def _morning_of(local: datetime) -> datetime:
    return _utc(local.replace(hour=6, minute=0, second=0, microsecond=0))


def _utc(local: datetime) -> datetime:
    return local.astimezone(ZoneInfo("UTC"))


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
                0 < len(topic) <= 80 and _names(latvian) and _names(english)
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
NEW_PEOPLE = Section("language", NewPeople(), {"new": one_of(("", "lv", "en"))})


@lru_cache(maxsize=1000)  # read anew for each hand, changed once a year
def _topic(workspace: str, topic: str, latvian: str, english: str) -> Topic:
    return Topic(topic, workspace, {"lv": _names(latvian), "en": _names(english)})


def _names(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (name.strip() for name in text.split(","))))


def _slug(name: str, taken: set[str]) -> str:
    base = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:_LONGEST_ID] or "topic"
    number = 1
    while (slug := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return slug
