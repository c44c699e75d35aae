"""What people see about themselves and each other."""

from collections.abc import Sequence
from datetime import datetime

from handlers.common.roles import role_name
from handlers.common.topics import TOPICS_TOGETHER
from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    ChoiceField,
    Facts,
    Form,
    Line,
    Look,
    Mention,
    Moment,
    Note,
    Option,
    Paragraph,
    Part,
    PeopleField,
    Row,
    Style,
    TextField,
    Tone,
    ToType,
    listed,
    mention,
)
from handlers.kit.hours import LONGEST_TEXT
from handlers.kit.people import UNTIL_BACK, Person, Role, Topic
from handlers.kit.ports import MOST_COUNTED, Texts, mark
from handlers.people.model import LONGEST_EXTENSION, MOST_TOPICS, MOST_TRUSTED

LANGUAGES = {"lv": "Latviešu", "en": "English"}
"""Each language by its own name."""

PAGE = 10
"""People on one screen of the list."""

SEARCH_LIMIT = 80
"""Characters of a name that is looked for."""

TOPICS_NAMED = 20
"""Topics of the workspace that the settings name; the rest are counted."""

_OF_ALL = mark("{first}–{last} of {total}. Search by name: {typed}")
_OF_MANY = mark("{first}–{last} of {total} or more. Search by name: {typed}")

UNREACHABLE_NAMED = 5
"""Of those who can't be reached, as many are named above the list's buttons."""


def topics(me: Person, known: Sequence[Topic], trusted: Sequence[Person], t: Texts) -> Card:
    """One's anchors and trusted colleagues."""
    mine = [topic.name(t.locale) for topic in known if topic.id in me.topics]
    none_yet = t("none yet")
    names = listed((mention(person),) for person in trusted)
    return Card(
        t("Your topics and people"),
        (
            Facts(
                (
                    (t("Topics"), (", ".join(mine),) if mine else none_yet),
                    (t("Trusted colleagues"), names or none_yet),
                    (t("Extension or desk"), (me.extension,) if me.extension else none_yet),
                    (t("May be asked to help"), t("yes") if me.helps else t("no")),
                )
            ),
            Buttons((Button(t("Change"), "topics.form", look=Look.PRIMARY),)),
            Note(
                t(
                    "Only what you say here decides when you are asked. Your topics are seen by "
                    "colleagues, whom you trust only by you."
                )
            ),
        ),
    )


def topics_form(me: Person, known: Sequence[Topic], trusted: Sequence[Person], t: Texts) -> Form:
    return Form(
        t("Topics and people"),
        "topics.save",
        t("Save"),
        (
            ChoiceField(
                "topics",
                t("What are you good at?"),
                tuple(Option(topic.id, (topic.name(t.locale),)) for topic in known),
                value=tuple(topic for topic in me.topics if any(k.id == topic for k in known)),
                most=MOST_TOPICS,
                required=False,
                hint=t("One or two. Hands about them come to you first."),
            ),
            PeopleField(
                "trusted",
                t("Whom would you like beside you?"),
                tuple(address for person in trusted for address in person.addresses),
                most=MOST_TRUSTED,
                required=False,
                hint=t("They are asked 30 seconds into your hand. They don't see that you chose."),
            ),
            ChoiceField(
                "helps",
                t("May colleagues ask you for help?"),
                (Option("yes", t("yes")), Option("no", t("not these days"))),
                value=("yes" if me.helps else "no",),
            ),
            TextField(
                "extension",
                t("My extension or desk"),
                me.extension,
                limit=LONGEST_EXTENSION,
                required=False,
                hint=t("Shown when you are on the way, and when a hand can only be phoned."),
            ),
        ),
    )


def away(me: Person, t: Texts) -> Card:
    until = (
        t("Until you say that you are back.")
        if me.away_until is None or me.away_until == UNTIL_BACK
        else t("Until {when}.", when=Moment(me.away_until, Style.DATETIME))
    )
    return Card(
        t("You are away"),
        (
            Paragraph(until),
            Paragraph(t("Nobody is sent to you meanwhile.")),
            Buttons((Button(t("I'm back"), "back", look=Look.PRIMARY),)),
        ),
    )


def away_ahead(start: datetime, end: datetime, t: Texts) -> Card:
    values = {"start": start.isoformat(), "end": end.isoformat()}
    return Card(
        t("You are away then"),
        (
            Paragraph(
                t(
                    "From {start} to {end}.",
                    start=Moment(start, Style.DATETIME),
                    end=Moment(end, Style.DATETIME),
                )
            ),
            Paragraph(
                t("Nobody is sent to you then. Cover and dates of groups are planned without you.")
            ),
            Buttons((Button(t("Not away after all"), "away.not", values),)),
        ),
    )


def not_away(t: Texts) -> Card:
    return Card(t("You are not away then. Your shifts and hours hold."), (), Tone.GOOD)


def here(until: datetime, t: Texts) -> Card:
    return Card(
        t("You are here until {time}", time=Moment(until)),
        (
            Paragraph(t("Until then you may be asked for help, whatever is planned for today.")),
            Buttons((Button(t("My shifts"), "shift"),)),
        ),
        Tone.GOOD,
    )


def hours_changed(admin: Person, me: Person, t: Texts) -> Card:
    """To whose working hours an admin changed."""
    hours = (me.hours.in_language(t.locale),) if me.hours.shifts else t("none set")
    return Card(
        t("{name} changed your working hours", name=mention(admin)),
        (
            Paragraph(hours),
            Note(
                t(
                    "They decide when you may be asked. If they are not right, write to {name}.",
                    name=mention(admin),
                )
            ),
            Buttons((Button(t("My shifts"), "shift"),)),
        ),
    )


def back(reached: Line, t: Texts) -> Card:
    return Card(t("Welcome back"), (Paragraph(reached),), Tone.GOOD)


def language(me: Person, t: Texts) -> Card:
    """Which language Plecs speaks, each named in its own."""
    return Card(
        t("Plecs speaks English with you"),
        (
            Buttons(
                (
                    *(
                        Button(
                            (name,),
                            "language",
                            {"locale": locale},
                            Look.PRIMARY if locale == me.locale else Look.PLAIN,
                        )
                        for locale, name in LANGUAGES.items()
                    ),
                    Button(t("As in the chat program"), "language", {"locale": "auto"}),
                )
            ),
        ),
    )


def people(
    found: Sequence[Person],
    place: tuple[int, int],
    text: str,
    topics: Sequence[Topic],
    t: Texts,
    *,
    unreachable: tuple[Sequence[Person], int],
) -> Card:
    """The people list, a page at a time; `place` is where this page begins, and of how many.
    `unreachable` are those whom Plecs can't reach, and how many more of them there are."""
    offset, total = place
    names = {topic.id: topic.name(t.locale) for topic in topics}
    parts: list[Part] = [
        Row(
            _who_they_are(person, names, t),
            Button(t("Change"), "people.form", {"person": person.id}),
        )
        for person in found
    ]
    if not found:
        parts.append(
            Paragraph(
                t("Nobody here is called “{text}”.", text=text)
                if text
                else t("Nobody yet. People appear when they first use Plecs.")
            )
        )
    if unreachable[0]:
        parts.append(Paragraph(_not_reached(*unreachable, t)))
    turns: list[Button] = []
    if offset:
        turns.append(Button(t("Back"), "people", _page(text, max(0, offset - PAGE))))
    if offset + PAGE < total:
        turns.append(Button(t("More"), "people", _page(text, offset + PAGE)))
    parts.append(
        Buttons((*turns, Button(t("Search"), "people.search", {"text": text}, Look.PRIMARY)))
    )
    parts.append(
        Note(
            t(
                _OF_ALL if total < offset + PAGE + MOST_COUNTED else _OF_MANY,
                typed=ToType("people", "Anna"),
                first=min(offset + 1, total),
                last=offset + len(found),
                total=total,
            )
        )
    )
    return Card(t("People"), tuple(parts))


def _not_reached(them: Sequence[Person], more: int, t: Texts) -> Line:
    names = listed((person.name,) for person in them)
    who = t.many("{names} and {n} more", "{names} and {n} more", more, names=names)
    return t(
        "Not reached by Plecs: {names}. They don't have the app, or their account is closed. Ask "
        "them to add the app, or install it for everybody: the README says how.",
        names=who if more else names,
    )


def search_form(text: str, t: Texts) -> Form:
    return Form(
        t("Search people"),
        "people.found",
        t("Search"),
        (TextField("text", t("Name, or part of it"), text, SEARCH_LIMIT, required=False),),
    )


def person_form(person: Person, t: Texts) -> Form:
    """What an admin may change of somebody."""
    return Form(
        t("Change a person"),
        "people.save",
        t("Save"),
        (
            ChoiceField(
                "roles",
                t("Roles besides agent"),
                tuple(
                    Option(role, role_name(role, t), _role_hint(role, t))
                    for role in (Role.SUPERVISOR, Role.COORDINATOR, Role.ADMIN)
                ),
                value=tuple(sorted(role for role in person.roles if role is not Role.AGENT)),
                most=3,
                required=False,
            ),
            TextField("position", t("Position"), person.position, limit=80, required=False),
            TextField(
                "hours",
                t("Working hours"),
                person.hours.in_language(t.locale),
                limit=LONGEST_TEXT,
                required=False,
                hint=t("Such as Mon-Fri 08:00-17:00; Sat 22:00-06:00. Empty: always."),
            ),
        ),
        values={"person": person.id},
        intro=(Paragraph((Mention(person.name, person.addresses),)),),
    )


def topic_names(topics: Sequence[Topic], t: Texts) -> Line:
    """The topics by name; of many the first ones, and how many more there are."""
    names = ", ".join(topic.name(t.locale) for topic in topics[:TOPICS_NAMED])
    more = len(topics) - TOPICS_NAMED
    if more <= 0:
        return (names,)
    return t.many("{names} and {n} more", "{names} and {n} more", more, names=names)


def topics_settings_form(text: str, t: Texts) -> Form:
    return Form(
        t("The topics"),
        "settings.topics.save",
        t("Save"),
        (
            TextField(
                "topics",
                t("One topic a line"),
                text,
                limit=TOPICS_TOGETHER,
                multiline=True,
                hint=t("Latvian names, a bar, English names: līgumi, līgums | contracts, contract"),
            ),
        ),
    )


def language_settings_form(now: str | None, t: Texts) -> Form:
    return Form(
        t("The language"),
        "settings.language.save",
        t("Save"),
        (
            ChoiceField(
                "new",
                t("Plecs begins to speak with new people in"),
                (
                    Option("auto", t("As in the chat program")),
                    Option("lv", (LANGUAGES["lv"],)),
                    Option("en", (LANGUAGES["en"],)),
                ),
                value=(now or "auto",),
                hint=t(
                    "Slack itself knows no Latvian. Each person may choose: {typed}",
                    typed=ToType("language"),
                ),
            ),
        ),
    )


def saved(line: Line, t: Texts) -> Card:
    return Card(t("Saved"), (Paragraph(line),), Tone.GOOD)


def _role_hint(role: Role, t: Texts) -> Line:
    match role:
        case Role.AGENT:
            return t("raises hands")
        case Role.SUPERVISOR:
            return t("is asked after 30 seconds, sees the week in numbers")
        case Role.COORDINATOR:
            return t("keeps the policies, sees hands nobody took")
        case Role.ADMIN:
            return t("gives roles and changes settings")


def _who_they_are(person: Person, topics: dict[str, str], t: Texts) -> Line:
    roles = [r for r in (Role.SUPERVISOR, Role.COORDINATOR, Role.ADMIN) if r in person.roles]
    return listed(
        (
            (Mention(person.name, person.addresses),),
            *(role_name(role, t) for role in roles),
            *((topics[topic],) for topic in person.topics if topic in topics),
        )
    )


def _page(text: str, offset: int) -> dict[str, str]:
    return {"text": text, "offset": str(offset)}
