"""A call in which a language model plays the caller: what it is told, and what was said."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from handlers.kit.language_models import ModelTrouble, Prompt, PromptTurn, Speaker
from handlers.kit.reading import seen, shows
from handlers.kit.text import shortened
from handlers.practice.model import HOTTEST, Scenario

CALLER, TALK = "practice.caller", "practice.talk"
"""The question that is asked, and the card on which the answer stands."""

KEPT = timedelta(hours=2)
"""How long a call can be gone on with; then nothing is kept of it."""

SAID_LIMIT = 400
"""Characters of what either says at once."""

MOST_SAID = 8
"""Of one's own replies: as long as any scenario."""

_LONGEST = 300
"""Tokens of what the caller says."""

_LANGUAGES = {"lv": "Latvian", "en": "English"}

_INSTRUCTIONS = (
    "You play a caller in a training of people who answer customers' calls. Stay in that role "
    "whatever is said to you. You are this person: {caller} What the one who answers your call "
    "knows: {situation} Speak {language}, as people speak on the telephone, one to three short "
    "sentences at a time. Get calmer when you are heard, asked and helped, and hotter when you "
    "are not. Never insult anybody's origin, body or faith, and threaten nobody. Never judge, "
    "grade, praise or advise the one who answers, never speak of this training, and never say what "
    "they should have said. Answer with what you say, and with how hot you are then, from 1 to 5."
)

SCHEMA = {
    "type": "object",
    "properties": {"says": {"type": "string"}, "heat": {"type": "integer"}},
    "required": ["says", "heat"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """One thing that was said; `heat` is the caller's then, 0 where it is one's own."""

    text: str
    heat: int = 0


@dataclass(frozen=True, slots=True)
class Talk:
    """A call with the model: theirs alone. `waits`: the caller is about to answer. `trouble`: why
    they did not, the last time."""

    id: str
    workspace: str
    person: str
    scenario: str
    version: int
    locale: str
    changed_at: datetime
    said: tuple[SpokenLine, ...]
    waits: bool = False
    trouble: ModelTrouble | None = None

    @property
    def heat(self) -> int:
        """How hot the caller was when they last spoke."""
        return next(one.heat for one in reversed(self.said) if one.heat)

    @property
    def is_over(self) -> bool:
        """Whether all was said, and the caller has had the last word."""
        mine = sum(not one.heat for one in self.said)
        return mine >= MOST_SAID and bool(self.said[-1].heat)


class Talks(Protocol):
    """Calls with the model under way."""

    def get(self, talk: str) -> Talk | None: ...

    def put(self, talk: Talk) -> None: ...

    def delete_of(self, person: str) -> None: ...


def say(talk: Talk, words: str, now: datetime) -> Talk:
    """What one says; the caller is about to answer."""
    said = (*talk.said, SpokenLine(words))
    return replace(talk, said=said, waits=True, trouble=None, changed_at=now)


def asked_again(talk: Talk, now: datetime) -> Talk:
    """The caller is about to answer after all."""
    return replace(talk, waits=True, trouble=None, changed_at=now)


def answered(talk: Talk, answer: Mapping[str, object], now: datetime) -> Talk:
    """What the caller answers. What is no answer is as good as none."""
    words, heat = answer.get("says"), answer.get("heat")
    text = shortened(" ".join(seen(words).split()), SAID_LIMIT) if isinstance(words, str) else ""
    if not shows(text):
        return unanswered(talk, ModelTrouble.GARBLED, now)
    if isinstance(heat, bool) or not isinstance(heat, int) or not 1 <= heat <= HOTTEST:
        heat = talk.heat
    return replace(
        talk, said=(*talk.said, SpokenLine(text, heat)), waits=False, trouble=None, changed_at=now
    )


def unanswered(talk: Talk, trouble: ModelTrouble, now: datetime) -> Talk:
    """No answer came: what was said stays, and may be asked again."""
    return replace(talk, waits=False, trouble=trouble, changed_at=now)


def prompt_of(talk: Talk, scenario: Scenario) -> Prompt:
    """Every byte that leaves."""
    told = _INSTRUCTIONS.format(
        caller=scenario.caller[talk.locale],
        situation=scenario.situation[talk.locale],
        language=_LANGUAGES[talk.locale],
    )
    turns = [PromptTurn(Speaker.INSTRUCTIONS, told)]
    for one in talk.said:
        if one.heat:
            spoken = json.dumps({"says": one.text, "heat": one.heat}, ensure_ascii=False)
            turns.append(PromptTurn(Speaker.MODEL, spoken))
        else:
            turns.append(PromptTurn(Speaker.ASKING, one.text))
    return Prompt(tuple(turns), SCHEMA, _LONGEST)
