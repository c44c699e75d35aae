"""What Teams posts, read without trusting any of it.

botbuilder reads activities into typed objects, and fails on the first thing of another type. Here
what is missing or odd is empty, and only what nothing can be done without is refused.
"""

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from handlers.kit.people import Address

_LONGEST_ID = 400
_MENTIONS_AT_MOST = 20
_NAME = re.compile(r"[^\s\x00-\x1f]{1,120}")
"""What an id of a user or a tenant looks like, as far as it has to be kept."""
_AT = re.compile(r"<at\b[^>]*>(.*?)</at>", re.DOTALL | re.IGNORECASE)
_UNKEPT = dict.fromkeys([0, *range(0xD800, 0xE000)], "\ufffd")
"""Half letters and NUL: neither database keeps them."""


class UnreadableError(ValueError):
    """Not an activity that anything can be done with; the message says what it lacks."""


class Where(StrEnum):
    PERSONAL = "personal"
    GROUP = "groupChat"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Somebody a message mentions: their id in the conversation, and the words that stand there."""

    user: str
    text: str


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that happened in Teams. Texts are empty where Teams said nothing readable."""

    type: str
    name: str
    action: str
    id: str
    at: datetime | None
    channel: str
    service_url: str
    where: Where
    conversation: str
    tenant: str
    user: str
    user_name: str
    from_id: str
    bot: str
    text: str
    reply_to: str
    locale: str
    zone: str
    value: object
    mentions: tuple[Mentioned, ...]
    added: tuple[str, ...]

    @property
    def by(self) -> Address:
        return Address("teams", self.tenant, self.user)

    @property
    def delivery(self) -> str:
        """Names this delivery among all; ids are Teams' own and long, and unique only in their
        conversation. Empty where Teams gave none."""
        if not self.id:
            return ""
        return sha256(f"{self.type} {self.conversation} {self.id}".encode()).hexdigest()[:40]

    @property
    def mentions_bot(self) -> bool:
        return any(one.user == self.bot for one in self.mentions)

    def said(self, people: Mapping[str, str]) -> str:
        """The words somebody typed, as they read: without the mention of Plecs, other mentions
        as "@" and the user `people` has under their id, else as the name that stands there."""
        text = self.text
        for one in self.mentions:
            user = people.get(one.user)
            put = "" if one.user == self.bot else f"@{user}" if user else _AT.sub(r"\1", one.text)
            # Somebody else may have the same name: each mention stands for its first place left.
            text = text.replace(one.text, put, 1) if one.text else text
        plain = html.unescape(_AT.sub(r"\1", text))
        return " ".join(plain.replace("\u200b", "").split(" ")).strip()


def read(raw: bytes) -> Activity:
    """The activity in a request's body. Raises UnreadableError."""
    try:
        body = json.loads(raw)
        return _activity(_clean(body))
    except (ValueError, RecursionError) as error:
        if isinstance(error, UnreadableError):
            raise
        raise UnreadableError("json") from None


def _activity(body: Any) -> Activity:
    if not isinstance(body, dict):
        raise UnreadableError("object")
    data = body.get("channelData")
    kind = _text(body, "conversation", "conversationType") or Where.PERSONAL
    from_id = _text(body, "from", "id")
    try:
        where = Where(kind)
    except ValueError:
        raise UnreadableError("conversationType") from None
    return Activity(
        type=_wanted("type", _text(body, "type")),
        name=_text(body, "name"),
        action=_text(body, "action"),
        id=_text(body, "id"),
        at=_instant(_text(body, "timestamp")),
        channel=_text(body, "channelId"),
        service_url=_wanted("serviceUrl", _text(body, "serviceUrl")),
        where=where,
        conversation=_wanted("conversation", "".join(_text(body, "conversation", "id").split())),
        tenant=_name(_text(body, "conversation", "tenantId") or _text(data, "tenant", "id")),
        user=_wanted("from", _name(_text(body, "from", "aadObjectId")) or _name(from_id)),
        user_name=_text(body, "from", "name"),
        from_id=_wanted("from", from_id),
        bot=_wanted("recipient", _text(body, "recipient", "id")),
        text=_text(body, "text", longest=None),
        reply_to=_text(body, "replyToId"),
        locale=_text(body, "locale"),
        zone=_zone(_text(body, "localTimezone")),
        value=body.get("value"),
        mentions=tuple(islice(_mentions(body.get("entities")), _MENTIONS_AT_MOST)),
        added=tuple(_text(one, "id") for one in _list(body.get("membersAdded"))),
    )


def _mentions(entities: object) -> Iterator[Mentioned]:
    for entity in _list(entities):
        if _text(entity, "type").casefold() == "mention" and (
            user := _text(entity, "mentioned", "id")
        ):
            yield Mentioned(user, _text(entity, "text"))


def _text(there: object, *names: str, longest: int | None = _LONGEST_ID) -> str:
    """The text under the names; empty when there is none, or one too long for what it is."""
    for name in names:
        there = there.get(name) if isinstance(there, dict) else None
    if not isinstance(there, str) or (longest is not None and len(there) > longest):
        return ""
    return there


def _name(text: str) -> str:
    return text if _NAME.fullmatch(text) else ""


def _zone(text: str) -> str:
    try:
        return text and ZoneInfo(text).key
    except (KeyError, ValueError, OSError):  # there is no such zone, or it is no name of one
        return ""


def _wanted(name: str, text: str) -> str:
    if not text:
        raise UnreadableError(name)
    return text


def _list(there: object) -> list[object]:
    return there if isinstance(there, list) else []


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _clean(value: Any) -> Any:
    """The same with every text such that it can be kept."""
    match value:
        case str():
            return value.translate(_UNKEPT)
        case list():
            return [_clean(one) for one in value]
        case dict():
            return {str(name).translate(_UNKEPT): _clean(one) for name, one in value.items()}
        case _:
            return value
