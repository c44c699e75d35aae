"""What supervisors see of known issues."""

from collections.abc import Mapping, Sequence

from handlers.common.known_issues import SENTENCE_LIMIT, KnownIssue, issue_parts
from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    ChoiceField,
    Form,
    Line,
    Look,
    Note,
    Option,
    Paragraph,
    Part,
    TextField,
    Tone,
)
from handlers.kit.people import Topic
from handlers.kit.ports import Texts
from handlers.known.model import LASTS, SIGNS, WITHIN


def offer(topic: Topic, t: Texts) -> Card:
    """Several about one topic at once: is it a known issue?"""
    name = topic.names[t.locale][0]
    return Card(
        t("{n} about {topic} in {minutes} minutes", n=SIGNS, topic=name, minutes=_minutes()),
        (
            Paragraph(
                t(
                    "Is it one issue? Set the one sentence that everybody says, until a time. It "
                    "stands first where they look for words."
                )
            ),
            Buttons((_set(t, {"topic": topic.id}),)),
        ),
        Tone.CAREFUL,
    )


def known(issues: Sequence[KnownIssue], topics: Sequence[Topic], t: Texts) -> Card:
    """What holds now, and a way to set another."""
    names = {one.id: one.names[t.locale][0] for one in topics}
    parts: list[Part] = []
    for one in issues:
        end = Button(t("End it"), "known.end", {"topic": one.topic})
        parts += [
            Paragraph((names.get(one.topic, one.topic),)),
            *issue_parts(one, t),
            Buttons((end,)),
        ]
    if not issues:
        parts.append(Paragraph(t("There is no known issue at the moment.")))
    parts += [
        Buttons((_set(t, {}),)),
        Note(
            t(
                "A sentence stands first among answers, on calm’s screen and on a raised hand’s "
                "own answer, in both languages, until its time."
            )
        ),
    ]
    return Card(t("Known issues"), tuple(parts))


def form(topics: Sequence[Topic], topic: str, t: Texts) -> Form:
    """The one sentence, in both languages, and until when."""
    return Form(
        t("A known issue"),
        "known.set",
        t("Set"),
        (
            ChoiceField(
                "topic",
                t("Topic"),
                tuple(Option(one.id, (one.names[t.locale][0],)) for one in topics),
                (topic,) if topic else (),
            ),
            TextField("lv", t("What to say, in Latvian"), limit=SENTENCE_LIMIT, multiline=True),
            TextField("en", t("What to say, in English"), limit=SENTENCE_LIMIT, multiline=True),
            ChoiceField(
                "hours",
                t("For how long"),
                tuple(Option(str(n), _hours(n, t)) for n in LASTS),
                ("2",),
            ),
        ),
    )


def _set(t: Texts, values: Mapping[str, str]) -> Button:
    return Button(t("Set a sentence"), "known.form", values, Look.PRIMARY)


def _hours(n: int, t: Texts) -> Line:
    return t.many("{n} hour", "{n} hours", n)


def _minutes() -> int:
    return WITHIN.seconds // 60
