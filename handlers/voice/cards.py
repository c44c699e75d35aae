"""The page of all doors, the official route, and what admins set."""

from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    ChoiceField,
    Facts,
    Form,
    Line,
    Link,
    Look,
    Note,
    Option,
    Paragraph,
    Part,
    Row,
    TextField,
    Tone,
)
from handlers.kit.people import Person, Role
from handlers.kit.ports import Texts
from handlers.voice.model import OFFICIAL_LIMIT, VoiceKind, VoiceSettings

_WHISTLE = Link("trauksmescelejs.lv", "https://www.trauksmescelejs.lv")


def doors(
    words: str, letters: tuple[Part, ...], settings: VoiceSettings, me: Person, t: Texts
) -> Card:
    """Three doors, and what else there is. `words`: what was typed, which the doors carry on."""
    values = {"words": words} if words else {}
    unlinked = (
        Row(
            t("Without my name: nothing that Plecs keeps leads to me. A code opens the answer."),
            Button(t("Without my name"), "voice.unlinked", values),
        ),
    )
    return Card(
        t("Say it, ask it, admit it"),
        (
            Row(
                t(
                    "With my name, to one person: they answer in five working days, or it goes on "
                    "as I choose."
                ),
                Button(t("With my name"), "voice.named", values, Look.PRIMARY),
            ),
            *(unlinked if settings.unlinked else ()),
            Row(
                t("The official route: for what breaks the law or harms people."),
                Button(t("Official route"), "voice.official"),
            ),
            *letters,
            Buttons(
                (
                    Button(t("The board"), "voice.board"),
                    Button(t("Read an answer"), "voice.read.form"),
                    *((Button(t("Pulse"), "voice.pulse"),) if settings.pulse else ()),
                    *(
                        (Button(t("What came without a name"), "voice.inbox"),)
                        if me.is_a(Role.COORDINATOR)
                        else ()
                    ),
                )
            ),
        ),
    )


def official(settings: VoiceSettings, t: Texts) -> Card:
    """Plecs only says where it is."""
    ours: tuple[Part, ...] = (
        (Facts(((t("Here, at the company"), (settings.official,)),)),)
        if settings.official
        else (
            Note(t("Nobody has set here whom at the company to write to. Ask an admin of Plecs.")),
        )
    )
    return Card(
        t("The official route"),
        (
            Paragraph(
                t(
                    "Whoever reports a breach of the law as a whistleblower is protected by law, "
                    "and has to say who they are; their name is kept secret by whom they report to."
                )
            ),
            *ours,
            Facts(((t("The State, and what the law says"), (_WHISTLE,)),)),
            Note(
                t(
                    "A message without a name is no whistleblower’s report by Latvian law. Plecs "
                    "collects none, and passes none on."
                )
            ),
        ),
        Tone.CAREFUL,
    )


def rows(settings: VoiceSettings, t: Texts) -> tuple[tuple[Line, Line], ...]:
    """What is set, on the settings page."""
    return (
        (t("Writing without a name"), t("on") if settings.unlinked else t("off")),
        (t("Official reports go to"), (settings.official,) if settings.official else t("not set")),
        (t("Three questions a month"), t("on") if settings.pulse else t("off")),
    )


def settings_form(settings: VoiceSettings, t: Texts) -> Form:
    on_or_off = Option("yes", t("on")), Option("no", t("off"))
    return Form(
        t("Voice"),
        "settings.voice.save",
        t("Save"),
        (
            ChoiceField(
                "unlinked",
                t("Writing without a name"),
                on_or_off,
                ("yes" if settings.unlinked else "no",),
                hint=t("Coordinators read it. It takes eight people besides them."),
            ),
            TextField(
                "official",
                t("Official reports go to"),
                settings.official,
                limit=OFFICIAL_LIMIT,
                required=False,
                hint=t("The company’s address for whistleblowers: who, and how to reach them."),
            ),
            ChoiceField(
                "pulse",
                t("Three questions a month"),
                on_or_off,
                ("yes" if settings.pulse else "no",),
                hint=t(
                    "Asked from a first Monday on for a week; published for groups of eight "
                    "answers or more."
                ),
            ),
        ),
    )


def kind_name(kind: VoiceKind, t: Texts) -> Line:
    """What somebody has to say, as doors and board call it."""
    match kind:
        case VoiceKind.CHANGE:
            return t("Something should change")
        case VoiceKind.QUESTION:
            return t("A question")
        case VoiceKind.LESSON:
            return t("I made a mistake, and learned from it")
