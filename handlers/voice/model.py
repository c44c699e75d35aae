"""What a voice may be about, how long it may be, and what a workspace set of it."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from handlers.kit.ports import mark
from handlers.kit.settings import Section, switch, words

WORDS_LIMIT = 500
"""Characters of one message: short ones are answered, and give their author away less."""

CARRIED = 300
"""Characters of what was typed behind the command that its buttons carry on."""

OFFICIAL_LIMIT = 200
"""Characters of the address for official reports."""


class VoiceKind(StrEnum):
    """What somebody has to say."""

    CHANGE = "change"
    QUESTION = "question"
    LESSON = "lesson"
    """A mistake of theirs, and what they learned."""


def kind_called(name: str, otherwise: VoiceKind) -> VoiceKind:
    """The kind that a button carries; another where it carries none."""
    return next((one for one in VoiceKind if one == name), otherwise)


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """Whether people may write `unlinked`, and the `official` address for reports of a
    whistleblower; empty where none is set. `pulse`: whether three questions are asked a month."""

    unlinked: bool = True
    official: str = ""
    pulse: bool = False


VOICE = Section(
    "voice",
    mark("Voice"),
    VoiceSettings(),
    {"unlinked": switch(), "official": words(OFFICIAL_LIMIT), "pulse": switch()},
)


def day_of(now: datetime, zone: str) -> datetime:
    """The day that it is there, as its midnight in UTC: the day, and not the hour."""
    return datetime.combine(now.astimezone(ZoneInfo(zone)).date(), time(), UTC)
