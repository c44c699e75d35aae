"""Asking for a group or an extra session, and what a coordinator gets of it."""

from collections.abc import Mapping, Sequence

from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    ChoiceField,
    Form,
    Look,
    Note,
    Option,
    Paragraph,
    Part,
    Quote,
    Row,
    TextField,
    Tone,
    mention,
)
from handlers.kit.people import Person
from handlers.kit.ports import Texts
from handlers.kit.text import shortened
from handlers.supervision.groups.model import Group
from handlers.supervision.requests.model import LONGEST_WHY, Request
from handlers.supervision.shared.cards import WORDS

MOST_REQUESTS = 20
"""Requests on one screen."""


def ask_form(
    groups: Sequence[Group],
    crisis: Sequence[Part],
    t: Texts,
) -> Form:
    """`/supervision ask`: a group, or an extra session, and the numbers to call."""
    options = tuple(
        Option(
            one.id, t("An extra session of {group} within a week", group=shortened(one.name, 30))
        )
        for one in groups
    )
    return Form(
        t("It was really too much"),
        "session.ask.send",
        t("Ask for it"),
        (
            ChoiceField(
                "group",
                t("What would help?"),
                (*options, Option("new", t("A group to talk in"))),
                value=(options[0].value if options else "new",),
            ),
            TextField(
                WORDS,
                t("Why, if you want to say"),
                limit=LONGEST_WHY,
                multiline=True,
                required=False,
                hint=t("The coordinator reads it. Leave it empty and nobody is told why."),
            ),
        ),
        intro=(Paragraph(t("Good that you say so. For this moment there is also:")), *crisis),
    )


def ask_sent(crisis: Sequence[Part], t: Texts) -> Card:
    return Card(
        t("You have asked"),
        (
            Paragraph(t("The coordinator has it and will answer you.")),
            Buttons(
                (
                    Button(t("Let off steam"), "vent.offers"),
                    Button(t("A break"), "break"),
                )
            ),
            *crisis,
            Note(t("Only the coordinator sees it, until it is answered: 60 days at most.")),
        ),
        Tone.GOOD,
    )


def request(one: Request | None, person: Person | None, group: Group | None, t: Texts) -> Card:
    """What a coordinator gets of it."""
    if one is None or person is None:
        return Card(t("This request is answered"))
    asks = (
        t("{name} asks for an extra session of {group} within a week", name=mention(person),
          group=group.name)
        if group is not None
        else t("{name} asks for a group", name=mention(person))
    )  # fmt: skip
    parts: list[Part] = []
    if one.words:
        parts.append(Quote((one.words,)))
    buttons = [Button(t("Answered"), "session.request.done", {"request": one.id}, Look.PRIMARY)]
    if group is not None:
        open_ = Button(t("Open the group"), "supervision.group", {"group": group.id})
        buttons.insert(0, open_)
    parts += [
        Buttons(tuple(buttons)),
        Note(t("Coordinators see it until it is answered: 60 days at most.")),
    ]
    return Card(asks, tuple(parts), Tone.CAREFUL)


def requests(found: Sequence[Request], people: Mapping[str, Person], t: Texts) -> tuple[Part, ...]:
    """Who asked for a group or an extra session and waits for an answer."""
    if not found:
        return ()
    rows: list[Part] = [Paragraph(t("They asked, and wait for an answer:"))]
    for one in found:
        name = mention(people[one.person])
        line = (
            t("{name}: an extra session", name=name)
            if one.group
            else t("{name}: a group", name=name)
        )
        rows.append(Row(line, Button(t("Answered"), "session.request.done", {"request": one.id})))
    return tuple(rows)


def request_done(t: Texts) -> Card:
    return Card(t("It is off the list"), (Paragraph(t("What was written is deleted.")),))
