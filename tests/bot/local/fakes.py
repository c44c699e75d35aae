"""Small stand-ins at the workspace's ports, and an example of everything a card can hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.local.team import TEAM
from handlers.calls.model import CallEvent, Taken
from handlers.kit.callers import Pseudonyms, nobody
from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Chart,
    ChoiceField,
    DateField,
    Divider,
    Facts,
    Form,
    Link,
    Look,
    Mention,
    Moment,
    Note,
    NumberField,
    Option,
    Paragraph,
    PeopleField,
    Quote,
    Reply,
    Row,
    Strong,
    Style,
    TextField,
    TimeField,
    Tone,
)
from handlers.kit.commands import Command, Route, Typed
from handlers.kit.delivery import Reader
from handlers.kit.feature import Ahead
from handlers.kit.people import Address, Person, Role
from handlers.router import Answered
from storage.local import LocalMessage

NOON = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


class MemoryMessages:
    """Messages that are gone with the test. Keeps to the rules of `SqlLocalMessages`."""

    def __init__(self) -> None:
        self.kept: dict[str, LocalMessage] = {}
        self._version = 0

    async def put(self, message: LocalMessage) -> None:
        self._version += 1
        old = self.kept.get(message.id)
        at, place = (old.at, old.place) if old else (message.at, self._version)
        self.kept[message.id] = replace(message, at=at, place=place, version=self._version)

    async def get(self, message: str) -> LocalMessage | None:
        return self.kept.get(message)

    async def newer(self, version: int, limit: int) -> tuple[LocalMessage, ...]:
        return tuple(m for m in self._in_order() if m.version > version)[:limit]

    async def newest(self, limit: int) -> tuple[LocalMessage, ...]:
        return tuple(self._in_order()[-limit:])

    def _in_order(self) -> list[LocalMessage]:
        return sorted(self.kept.values(), key=lambda message: message.version)


@dataclass
class FakeTeam:
    kept_offset: timedelta = timedelta()
    begun: int = 1
    members: dict[str, Person] = field(
        default_factory=lambda: {
            user: Person(
                id=f"person-{user}",
                workspace="local-demo",
                name=profile.name,
                addresses=(profile.address,),
                roles=frozenset(
                    {
                        "liga": (Role.AGENT, Role.SUPERVISOR),
                        "mara": (Role.AGENT, Role.COORDINATOR, Role.ADMIN),
                    }.get(user, (Role.AGENT,))
                ),
                topics={"janis": ("contracts",), "peteris": ("bills",)}.get(user, ()),
                platform_locale=profile.locale or "en",
            )
            for user, profile in TEAM.items()
        }
    )

    async def people(self) -> Sequence[Person]:
        return tuple(self.members.values())

    async def topic_names(self, locale: str) -> Mapping[str, str]:
        return {
            "lv": {"contracts": "līgumi", "bills": "rēķini"},
            "en": {"contracts": "contracts", "bills": "bills"},
        }[locale]

    async def keep_clock(self, offset: timedelta) -> None:
        self.kept_offset = offset

    async def begin_again(self, _now: datetime) -> None:
        self.begun += 1


@dataclass
class FakeDesk:
    """Answers each command's name or first typed word with what `replies` has for it, and keeps
    what was asked."""

    team: FakeTeam
    replies: dict[str, Reply] = field(default_factory=dict)
    asked: list[Command] = field(default_factory=list)
    stands: dict[str, str] = field(default_factory=dict)
    heard: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    caller: Pseudonyms = nobody
    next: datetime | None = None

    async def ahead(self, by: Address, locales: Sequence[str]) -> Mapping[str, Ahead]:
        if self.next is None:
            return {}
        said = {"lv": "vēlāk", "en": "later"}
        return {locale: Ahead(self.next, (said[locale],)) for locale in locales}

    async def stood(self, key: str, by: Address, ref: str) -> None:
        self.stands[key] = ref

    async def hear(self, event: CallEvent, workspace: str = "") -> Taken:
        self.heard.append((workspace, event.kind, event.agents))
        return Taken.KEPT

    def phoned(self, command: Command) -> Sequence[Person] | None:
        return None

    async def ask(self, command: Command) -> Answered:
        self.asked.append(command)
        person = self.team.members[command.by.user]
        word = command.text.split(" ")[0] if command.name == "plecs" else command.name
        if word == "broken":
            raise RuntimeError("the words somebody wrote")
        if word == "language":
            locale = command.text.split(" ")[1]
            self.team.members[command.by.user] = replace(person, chosen_locale=locale)
            return Answered(Card(("OK",)), Reader(locale, person.zone))
        return Answered(self.replies.get(word), Reader(person.locale, person.zone))


def _unused(_command: Command, _context: object) -> Reply:
    raise AssertionError("a fake desk runs no handlers")


ROUTES = (
    Route("hand", _unused, typed=Typed({"en": "hand", "lv": "roka"}, "Get help now", "[what]")),
    Route("hand.form", _unused),
    Route("policy", _unused, typed=Typed({"en": "policy", "lv": "politika"}, "What you may do")),
    Route("topics", _unused, typed=Typed({"en": "topics", "lv": "temas"}, "What you help with")),
    Route("home", _unused, typed=Typed({"en": "home", "lv": "sakums"}, "Everything on one page")),
    Route(
        "settings",
        _unused,
        role=Role.ADMIN,
        typed=Typed({"en": "settings", "lv": "iestatijumi"}, "The workspace's settings"),
    ),
)

HOSTILE = "<img src=x onerror=alert(1)>&amp;\"'<!channel>"

GALLERY = Card(
    ("Everything a card holds",),
    (
        Paragraph(
            (
                "Plain, ",
                Strong("strong"),
                ", ",
                Mention("Jānis"),
                ", ",
                Moment(NOON, Style.DATETIME),
                ", ",
                Link("112", "tel:112"),
                ".",
            )
        ),
        Quote(("I hear that this is hard. I will help you, and I ask you not to shout at me.",)),
        Facts(
            (
                (("Topic",), ("contracts",)),
                (("How",), ("Join the call",)),
                (("Since",), (Moment(NOON),)),
            )
        ),
        Bullets((("Say what you can do.",), ("Say what you cannot.",)), numbered=True),
        Divider(),
        Row(("Līga Bērziņa, supervisor",), Button(("Change",), "people.edit", {"person": "1"})),
        Chart(
            ("Hands this week",),
            (("Mon", 4), ("Tue", 9), ("Wed", 2)),
            ("4, 9 and 2 hands on Monday to Wednesday.",),
        ),
        Buttons(
            (
                Button(("I'm coming",), "hand.take", {"case": "1"}, Look.PRIMARY),
                Button(("Not now",), "hand.decline", {"case": "1"}),
                Button(("Cancel",), "hand.cancel", {}, Look.DANGER, ("Take your hand down?",)),
            )
        ),
        Note(("Seen by you alone. Kept until the case closes.",)),
    ),
    Tone.URGENT,
)

FORM = Form(
    ("Raise your hand",),
    "hand",
    ("Raise",),
    (
        TextField("line", ("What is it about?",), limit=300, hint=("Helpers see this line.",)),
        TextField("more", ("Anything else?",), multiline=True, required=False, limit=500),
        ChoiceField(
            "mode",
            ("How should they help?",),
            (
                Option("join", ("Join the call",)),
                Option("tip", ("A tip in chat",), ("The quietest way",)),
            ),
            value=("join",),
        ),
        ChoiceField(
            "topics",
            ("Your anchors",),
            (Option("contracts", ("contracts",)), Option("bills", ("bills",))),
            most=2,
            required=False,
        ),
        NumberField("minutes", ("For how many minutes?",), 15, 5, 60),
        DateField("day", ("Which day?",), required=False),
        TimeField("at", ("From when?",), required=False, hint=("In Riga.",)),
        PeopleField("helper", ("Somebody you trust",), required=False),
    ),
    values={"from": "page"},
)
