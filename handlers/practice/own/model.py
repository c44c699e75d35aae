"""A call that somebody writes down for others to practise, and how far it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol

from handlers.kit.deidentify import HIDDEN
from handlers.library.model import READ_IN, Saying
from handlers.practice.own.rules import CALL, ENDINGS, ENDS, PARTS, TURNS

OFFERED, ANSWERED = "practice.offered", "practice.own.answered"
"""Kinds of notice: to coordinators, and to who wrote it."""

MOST_OWN = 3
"""Calls that one person writes down at a time."""

DRAFT_KEPT = timedelta(days=60)
"""From when it was changed last."""

TAKEN_BACK_WITHIN = timedelta(days=30)
"""So long after it was approved its author can take it out of the library again; after that
nothing says whose it was."""

WORDS_BACK = 400
"""Characters that come with a call that is sent back."""

WordsWritten = Mapping[str, Mapping[str, Saying]]
"""What is written: by part and field, in each of the languages."""


class ProposalState(StrEnum):
    """With its author; with the coordinators; in the library."""

    DRAFT = "draft"
    OFFERED = "offered"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A call of the `author`'s, written first in the language `locale`. Nothing tells when the call
    was, or which: there is no link to any, and of times only the day until which it is kept.

    `indicators` are what it is good for, and `shows` what the good reply of a turn is an example
    of, by code. `round` counts how often it was offered, `words_back` is what a coordinator wrote
    when they sent it back, and `entry` what it is called in the library once it is there.
    """

    id: str
    workspace: str
    author: str
    locale: str
    keep_until: datetime
    state: ProposalState = ProposalState.DRAFT
    indicators: tuple[str, ...] = ()
    shows: Mapping[str, str] | None = None
    words: WordsWritten | None = None
    round: int = 0
    words_back: str = ""
    entry: str = ""

    def said(self, part: str, field: str, locale: str) -> str:
        """What is written there; empty: nothing yet."""
        return (self.words or {}).get(part, {}).get(field, {}).get(locale, "")

    def name(self, locale: str) -> str:
        """What it is called, in this language or another; empty: not yet."""
        others = (one for one in READ_IN if one != locale)
        named = (self.said(CALL, "names", one) for one in (locale, *others))
        return next(filter(None, named), "")

    def is_written(self, part: str, locale: str) -> bool:
        return all(self.said(part, field, locale) for field in fields_of(part))

    def has_hidden(self, part: str, locale: str) -> bool:
        """Whether something was taken out of it and nothing else is in its place yet."""
        return any(HIDDEN in self.said(part, field, locale) for field in fields_of(part))

    def missing(self, locale: str) -> tuple[str, ...]:
        """The parts that still have to be written or looked at in this language."""
        return tuple(
            part
            for part in PARTS
            if not self.is_written(part, locale) or self.has_hidden(part, locale)
        )


class Proposals(Protocol):
    """Calls that people write down, each their own."""

    def get(self, proposal: str) -> Proposal | None:
        """The call, held until the transaction ends."""
        ...

    def of(self, author: str) -> Sequence[Proposal]:
        """The author's, by what is kept longest."""
        ...

    def offered(self, workspace: str) -> Sequence[Proposal]:
        """Those that wait for a coordinator, in the order of their ids, which is none."""
        ...

    def put(self, proposal: Proposal) -> None: ...

    def delete(self, proposal: str) -> None: ...


def fields_of(part: str) -> tuple[str, ...]:
    """What has to be written in a part."""
    if part == CALL:
        return ("names", "situation", "caller")
    if part == ENDS:
        return tuple(f"{one.id}_{what}" for one in ENDINGS for what in ("says", "after"))
    slots = next(turn.replies for turn in TURNS if turn.id == part)
    return ("says", *(f"{slot.name}{what}" for slot in slots for what in ("", "_because")))


def written(proposal: Proposal, part: str, locale: str, texts: Mapping[str, str]) -> Proposal:
    """With these texts in the part, in this language; what other languages say stays."""
    words = {each: dict(fields) for each, fields in (proposal.words or {}).items()}
    there = words.setdefault(part, {})
    for field, text in texts.items():
        there[field] = {**there.get(field, {}), locale: text}
    return replace(proposal, words=words)


def kept_for(proposal: Proposal, while_: timedelta, now: datetime) -> Proposal:
    """Kept so long from today on; of the hour nothing is kept."""
    day = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    return replace(proposal, keep_until=day + while_ + timedelta(days=1))


def plain_scenario(proposal: Proposal, owner: Saying, review: str) -> Mapping[str, object]:
    """The call as a scenario stands in a file. It says nothing of whose it was."""

    def saying(part: str, field: str) -> dict[str, str]:
        return {locale: proposal.said(part, field, locale) for locale in READ_IN}

    turns: dict[str, object] = {}
    for turn in TURNS:
        replies: list[dict[str, object]] = []
        for slot in turn.replies:
            reply: dict[str, object] = {
                "says": saying(turn.id, slot.name),
                "because": saying(turn.id, f"{slot.name}_because"),
                "to": slot.to,
            }
            if slot.is_bad:
                reply["bad"] = True
            elif slot.is_good and (shown := (proposal.shows or {}).get(turn.id)):
                reply["shows"] = shown
            replies.append(reply)
        turns[turn.id] = {
            "heat": turn.heat,
            "says": saying(turn.id, "says"),
            "replies": replies,
        }
    endings = {
        one.id: {
            "heat": one.heat,
            "says": saying(ENDS, f"{one.id}_says"),
            "after": saying(ENDS, f"{one.id}_after"),
        }
        for one in ENDINGS
    }
    return {
        "names": saying(CALL, "names"),
        "situation": saying(CALL, "situation"),
        "caller": saying(CALL, "caller"),
        "examples": {locale: [name] for locale, name in saying(CALL, "names").items()},
        "indicators": list(proposal.indicators),
        "script": {"turns": turns, "endings": endings},
        "owner": dict(owner),
        "review": review,
    }
