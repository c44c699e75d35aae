"""What Teams posts, as one of a few things that can happen. Nobody else reads an activity's JSON.

botbuilder reads activities into typed objects, and fails on the first thing of another type. Here
what is missing or odd is empty, and only what nothing can be done without is refused.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from itertools import islice
from urllib.parse import parse_qsl

from bot.guids import one_guid
from bot.happenings import NotForUs
from bot.payloads import UnreadableError, at, list_at, loaded, needed, text_at
from bot.teams.carried import AGAIN, DOES, FORM, NOTHING, NOTICE, OURS, REPLY, SEVERAL
from bot.typed import MOST_TYPED
from handlers.kit.commands import Value
from handlers.kit.people import Address
from handlers.kit.text import normalized
from handlers.kit.told import known_zone, shown_name

_LONGEST_ID = 400
_MENTIONS_AT_MOST = 20
_NAME = re.compile(r"[^\s\x00-\x1f]{1,120}")
"""What an id of a user or a tenant looks like, as far as it has to be kept."""
_MENTION = re.compile(
    r"<at\b[^<>]{0,400}>((?:[^<>]|<(?!/?at\b)[^<>]{0,400}>){0,400})</at\s?>", re.IGNORECASE
)
"""A name, and in it whatever marks it up."""
_FORMAT = re.compile(
    r"<(?:/?(?:a|at|b|i|u|s|em|strong|strike|del|ins|sub|sup|small|big|mark|code|pre|codeblock|kbd"
    r"|span|font|p|div|br|hr|h[1-6]|ul|ol|li|dl|dt|dd|blockquote|q|table|thead|tbody|tfoot|tr|td|th"
    r"|section|article|header|footer|figure|figcaption|img|emoji|customemoji|attachment|readonly"
    r"|style|details|summary|time|abbr|cite|label)\b[^<>]{0,4000}|!--[^<>]{0,4000}--)>",
    re.IGNORECASE,
)
"""What Teams marks words up with: any other brackets are somebody's own words. Beginnings and ends
are not paired: looking for each one's end would take a message full of beginnings seconds."""

_APART = re.compile(
    r"</?(?:p|div|br|hr|h[1-6]|ul|ol|li|blockquote|codeblock|pre|table|tr|td|th|section|article)\b",
    re.IGNORECASE,
)
"""Those that begin a line."""


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
class Message:
    """Somebody wrote. `bot` is Plecs' own id in the conversation."""

    text: str
    mentions: tuple[Mentioned, ...]
    bot: str

    @property
    def mentions_bot(self) -> bool:
        return any(one.user == self.bot for one in self.mentions)

    @property
    def mentions_others(self) -> tuple[str, ...]:
        """The ids of everybody else whom it mentions, in their order."""
        return tuple(one.user for one in self.mentions if one.user != self.bot)

    def said(self, people: Mapping[str, str]) -> str:
        """The words somebody typed, as they read: without the mention of Plecs, other mentions
        as "@" and the user `people` has under their id, else as the name that stands there."""
        meant: dict[str, list[Mentioned]] = {}
        for one in self.mentions:
            for name in _ways_written(one.text):
                meant.setdefault(name, []).append(one)

        def put(found: re.Match[str]) -> str:
            there = next(filter(None, map(meant.get, _ways_written(found[1]))), None)
            if there is None:
                return found.group()
            # Somebody else may have the same name: each mention stands for its first place left,
            # and the last one for those that nothing is left for.
            one = there.pop(0) if len(there) > 1 else there[0]
            user = people.get(one.user)
            return "" if one.user == self.bot else f"@{html.escape(user)}" if user else found[1]

        plain = _plain(_MENTION.sub(put, self.text))
        return " ".join(plain.replace("\u200b", "").split(" ")).strip()


@dataclass(frozen=True, slots=True)
class TeamsPressed:
    """A button or a form that was sent. `form` is empty for a button, and says for a form whether
    it was opened `OVER` something; `notice` is the delivered card that it stands on, `again` what
    the reply is asked for again by."""

    name: str
    values: Mapping[str, Value] = field(default_factory=dict)
    is_reply: bool = False
    form: str = ""
    notice: str = ""
    again: str = ""

    @property
    def asked_again(self) -> tuple[str, Mapping[str, Value]]:
        """The route by which the reply is asked for again, and its values."""
        name, _, query = self.again.partition("?")
        return name, dict(parse_qsl(query))


@dataclass(frozen=True, slots=True)
class Executed:
    """A card asks by Action.Execute, and waits for what takes its place. `pressed` None: it is no
    card of ours."""

    pressed: TeamsPressed | None


@dataclass(frozen=True, slots=True)
class InDialog:
    """A dialog is opened or sent, and waits for what it shows. `pressed` None: it is none of
    ours."""

    pressed: TeamsPressed | None


@dataclass(frozen=True, slots=True)
class Searched:
    """Somebody types in the search beside the message box, and waits for what is found. `name` is
    the search's."""

    name: str
    said: str


@dataclass(frozen=True, slots=True)
class Added:
    """The app was added where the activity came from; `anew`: not only a new version of it."""

    anew: bool


@dataclass(frozen=True, slots=True)
class Removed:
    """The app was removed where the activity came from."""


TeamsHappening = (
    Message | TeamsPressed | Executed | InDialog | Searched | Added | Removed | NotForUs
)


@dataclass(frozen=True, slots=True)
class Activity:
    """What happened in Teams, to whom and where. Texts are empty where Teams said nothing
    readable; `type` is Teams' own word, for the log."""

    type: str
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
    reply_to: str
    locale: str
    zone: str
    happened: TeamsHappening

    @property
    def by(self) -> Address:
        return Address("teams", self.tenant, self.user)

    @property
    def is_invoke(self) -> bool:
        """Whether the answer travels in the response."""
        return self.type == "invoke"

    @property
    def delivery(self) -> str:
        """Names this delivery among all; ids are Teams' own and long, and unique only in their
        conversation. Empty where Teams gave none."""
        if not self.id:
            return ""
        return sha256(f"{self.type} {self.conversation} {self.id}".encode()).hexdigest()[:40]


def read(raw: bytes) -> Activity:
    """The activity in a request's body. Raises UnreadableError."""
    body = loaded(raw)
    if not isinstance(body, dict):
        raise UnreadableError("object")
    from_id = _id(body, "from", "id")
    bot = needed("recipient", _id(body, "recipient", "id"))
    return Activity(
        type=needed("type", _id(body, "type")),
        id=_id(body, "id"),
        at=_instant(_id(body, "timestamp")),
        channel=_id(body, "channelId"),
        service_url=needed("serviceUrl", _id(body, "serviceUrl")),
        where=_where(_id(body, "conversation", "conversationType")),
        conversation=needed("conversation", "".join(_id(body, "conversation", "id").split())),
        tenant=_name(_id(body, "conversation", "tenantId"))
        or _name(_id(body, "channelData", "tenant", "id")),
        user=needed("from", _name(_id(body, "from", "aadObjectId")) or _name(from_id)),
        user_name=_id(body, "from", "name"),
        from_id=needed("from", from_id),
        bot=bot,
        reply_to=_id(body, "replyToId"),
        locale=_id(body, "locale"),
        zone=known_zone(_id(body, "localTimezone")) or "",
        happened=_happened(body, bot),
    )


def filled(data: Mapping[str, object]) -> dict[str, Value]:
    """The values in an action's data: the button's or form's own, and what was typed and chosen.
    Anything that no card of ours sends is left out."""
    values: dict[str, Value] = {}
    for name, value in data.items():
        if name == "msteams" or name.startswith(OURS) or not isinstance(value, str | int | float):
            continue
        text = _number(value) if isinstance(value, float) else str(value)
        if name.endswith(SEVERAL):
            chosen = (one.strip() for one in text.split(","))
            values[name.removesuffix(SEVERAL)] = tuple(one for one in chosen if one)
        else:
            values[name] = "" if text == NOTHING else text
    return values


def user_of(member: object) -> str:
    """The user that a member of a conversation's roster is; empty when it doesn't say."""
    user = one_guid(text_at(member, "aadObjectId") or text_at(member, "id"))
    return "" if " " in user else user


def _plain(text: str) -> str:
    """The words of what Teams has marked up."""

    def put(found: re.Match[str]) -> str:
        return "\n" if _APART.match(found.group()) else ""

    return html.unescape(_FORMAT.sub(put, text))


def _ways_written(name: str) -> tuple[str, ...]:
    """A mention's name as it can be compared: Teams marks it up or not, and escapes it once, twice
    or not at all, here otherwise than there."""
    inside = found[1] if (found := _MENTION.fullmatch(name.strip())) else name
    read = (_plain(inside), html.unescape(inside), html.unescape(html.unescape(inside)))
    alike = (shown_name(normalized("NFKC", one)) for one in read)
    return tuple(dict.fromkeys(filter(None, alike)))


def _happened(body: object, bot: str) -> TeamsHappening:
    value = at(body, "value")
    match text_at(body, "type"), text_at(body, "name"), text_at(body, "action"):
        case "message", _, _:
            text = text_at(body, "text")[:MOST_TYPED]
            # A client without Action.Execute sends what it has as a message.
            pressed = _pressed(value) if not text.strip() else None
            mentions = tuple(islice(_mentions(body), _MENTIONS_AT_MOST))
            return pressed or Message(text, mentions, bot)
        case "invoke", "adaptiveCard/action", _:
            return Executed(_pressed(at(value, "action", "data"), text_at(value, "action", "verb")))
        case "invoke", "composeExtension/fetchTask", _:
            written = text_at(value, "messagePayload", "body", "content")[:MOST_TYPED]
            words = {"line": " ".join(_plain(written).split())} if written else {}
            return InDialog(TeamsPressed(text_at(value, "commandId"), words))
        case "invoke", "composeExtension/query", _:
            return Searched(text_at(value, "commandId"), _searched(value))
        case "invoke", ("task/fetch" | "task/submit" | "composeExtension/submitAction"), _:
            return InDialog(_pressed(at(value, "data")))
        case "installationUpdate", _, ("add" | "add-upgrade") as action:
            return Added(anew=action == "add")
        case "installationUpdate", _, "remove":
            return Removed()
        case _, name, _:
            return NotForUs(name)


def _searched(value: object) -> str:
    """What was typed into a search; before anything is, Teams says so under a name of its own."""
    typed = (
        text_at(one, "value")
        for one in list_at(value, "parameters")
        if text_at(one, "name") != "initialRun"
    )
    return next(typed, "")


def _pressed(data: object, verb: str = "") -> TeamsPressed | None:
    """What an action carries: the verb says what it does, and where there is none its data."""
    if not isinstance(data, dict):
        return None
    name = verb or text_at(data, DOES)
    if not name:
        return None
    return TeamsPressed(
        name,
        filled(data),
        is_reply=REPLY in data,
        form=text_at(data, FORM),
        notice=text_at(data, NOTICE),
        again=text_at(data, AGAIN),
    )


def _mentions(body: object) -> Iterator[Mentioned]:
    for entity in list_at(body, "entities"):
        if _id(entity, "type").casefold() == "mention" and (user := _id(entity, "mentioned", "id")):
            written = _id(entity, "text") or html.escape(_id(entity, "mentioned", "name"))
            yield Mentioned(user, written)


def _id(there: object, *names: str) -> str:
    return text_at(there, *names, longest=_LONGEST_ID)


def _name(text: str) -> str:
    return one_guid(text) if _NAME.fullmatch(text) else ""


def _where(kind: str) -> Where:
    try:
        return Where(kind or Where.PERSONAL)
    except ValueError:
        raise UnreadableError("conversationType") from None


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # no instant, or none that a calendar has
        return None


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else str(value)
