"""The pages about hands: one's own, the week's numbers, the rings."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from handlers.escalation.ladder import LARGEST, LONGEST
from handlers.escalation.model import Case, Ladder, Member, State
from handlers.escalation.numbers import Numbers
from handlers.escalation.phrases import member_name
from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Chart,
    ChoiceField,
    Facts,
    Form,
    Line,
    Moment,
    Note,
    NumberField,
    Option,
    Paragraph,
    Part,
    Style,
    Tone,
    listed,
    mention,
)
from handlers.kit.people import Person, Topic
from handlers.kit.ports import Texts
from handlers.kit.text import plain
from handlers.kit.weeks import day_names, duration, figure_rows


def who(case: Case, rings: Sequence[Sequence[Person]], topic: Topic | None, t: Texts) -> Card:
    """Whom a hand would ask at this moment, for supervisors."""
    rows: list[tuple[Line, Line]] = [
        (
            t("After {n} s", n=after),
            listed((mention(person),) for person in people) if people else t("nobody is free"),
        )
        for after, people in zip(case.delays, rings, strict=False)
    ]
    about = (
        t("Topic: {topic}.", topic=topic.name(t.locale)) if topic is not None else t("Any topic.")
    )
    coming = Buttons((Button(t("The coming week"), "hand.coverage"),))
    return Card(t("Whom a hand would ask now"), (Paragraph(about), Facts(tuple(rows)), coming))


def log(cases: Sequence[Case], topics: Mapping[str, Topic], t: Texts, *, leads: bool) -> Card:
    """One's own hands."""
    parts: list[Part] = []
    if cases:
        parts.append(Bullets(tuple(_entry(case, topics, t) for case in cases)))
    else:
        parts.append(
            Paragraph(
                t(
                    "You have not raised a hand yet. Or it has been down for longer than a day: "
                    "then it no longer stands under your name."
                )
            )
        )
    if leads:
        parts.append(Buttons((Button(t("The week in numbers"), "hand.week"),)))
    parts.append(
        Note(
            t(
                "Only you see this list, and a hand leaves it a day after it is down. Then only "
                "its times are kept, for 13 months and the counts, and no name stands beside them."
            )
        )
    )
    return Card(t("Your raised hands"), tuple(parts))


def week(numbers: Numbers, back: int, t: Texts) -> Card:
    """Counts for supervisors: nobody's name, no ranking."""
    parts: list[Part] = []
    days = tuple(map(plain, day_names(t)))
    if numbers.hands:
        parts += [
            Facts(figure_rows(numbers.figures, t)),
            Chart(
                t("Hands raised, by day"),
                tuple(zip(days, numbers.by_day, strict=True)),
                t.many(
                    "{n} hand in the week, most on {day}",
                    "{n} hands in the week, most on {day}",
                    numbers.hands,
                    day=days[numbers.by_day.index(max(numbers.by_day))],
                ),
            ),
        ]
    else:
        parts.append(Paragraph(t("Nobody raised a hand this week.")))
    earlier = Button(t("Week before"), "hand.week", {"back": str(back + 1)})
    later = (Button(t("Week after"), "hand.week", {"back": str(back - 1)}),) if back else ()
    parts.append(Buttons((earlier, *later)))
    return Card(
        t(
            "Week from {start} to {end}",
            start=Moment(numbers.start, Style.DATE),
            end=Moment(numbers.end - timedelta(minutes=1), Style.DATE),
        ),
        tuple(parts),
    )


def ladder_form(ladder: Ladder, t: Texts) -> Form:
    """Delays, sizes and members of the rings."""
    options = tuple(Option(member, member_name(member, t)) for member in Member)
    fields: list[ChoiceField | NumberField] = []
    for number, ring in enumerate(ladder.rings):
        latest = LONGEST if number else 0  # the first ring is asked at once
        fields += [
            ChoiceField(
                f"members{number}",
                t("Ring {ring}: who", ring=number + 1),
                options,
                value=ring.members,
                most=len(options),
            ),
            NumberField(
                f"size{number}", t("Ring {ring}: at most", ring=number + 1), ring.size, 1, LARGEST
            ),
            NumberField(
                f"after{number}",
                t("Ring {ring}: after seconds", ring=number + 1),
                ring.after,
                0,
                latest,
            ),
        ]
    fields.append(
        NumberField(
            "nobody", t("Say nobody is free after seconds"), ladder.nobody_after, 1, LONGEST
        )
    )
    return Form(t("The rings"), "settings.ladder.save", t("Save"), tuple(fields))


def ladder_saved(t: Texts) -> Card:
    return Card(t("Saved"), (Paragraph(t("Hands raised from now on climb like this.")),), Tone.GOOD)


def _entry(case: Case, topics: Mapping[str, Topic], t: Texts) -> Line:
    known = topics.get(case.topic or "")
    topic = (known.name(t.locale),) if known else t("no topic")
    when = Moment(case.raised_at, Style.DATETIME)
    if case.first_taken_at is None and case.state is State.CALLING:
        return t("{when}, {topic}: your hand is up", when=when, topic=topic)
    if case.first_taken_at is None and case.unanswered_at is None:
        return t("{when}, {topic}: taken down", when=when, topic=topic)
    if case.first_taken_at is None:
        return t("{when}, {topic}: nobody came", when=when, topic=topic)
    waited = duration((case.first_taken_at - case.raised_at).total_seconds(), t)
    return t("{when}, {topic}: a human after {waited}", when=when, topic=topic, waited=waited)
