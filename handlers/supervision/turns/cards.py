"""What members see of their turns, and of swapping them."""

from collections.abc import Sequence

from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    ChoiceField,
    Facts,
    Form,
    Line,
    Look,
    Moment,
    Note,
    Option,
    Paragraph,
    Style,
    Tone,
    mention,
)
from handlers.kit.people import Person
from handlers.kit.ports import Texts
from handlers.kit.text import shortened
from handlers.supervision.sessions.model import Turn
from handlers.supervision.shared.cards import more_buttons, my_turn, part_name, session_parts
from handlers.supervision.shared.model import Meeting
from handlers.supervision.turns.model import Swap


def turn(meeting: Meeting, part: Turn, t: Texts) -> Card:
    """Somebody got a part that another had: they can't come, or joined or left."""
    when = Moment(meeting.session.starts_at, Style.DATETIME)
    name = meeting.group.name
    if meeting.is_cancelled or meeting.has_begun or meeting.mine is None:
        return Card(t("{group}: this has passed", group=name))
    if meeting.mine.part is not part:
        title = t("{group}, {when}: somebody else does it after all", group=name, when=when)
        return Card(title)
    return Card(
        t("{group}, {when}: a turn for you", group=name, when=when),
        (
            Paragraph(my_turn(part, t)),
            Paragraph(t("It has moved on to you. If it doesn't suit you, swap it.")),
            more_buttons(meeting, t),
        ),
    )


def swap_form(meeting: Meeting, others: Sequence[Person], t: Texts) -> Form:
    assert meeting.mine is not None, "only who has a turn is asked"
    return Form(
        t("Swap my turn"),
        "session.swap.send",
        t("Ask"),
        (
            ChoiceField(
                "other",
                t("With whom?"),
                tuple(Option(one.id, _with_part(meeting, one, t)) for one in others),
            ),
        ),
        values={"session": meeting.session.id},
        intro=(
            Paragraph(my_turn(meeting.mine.part, t)),
            Note(t("It is theirs to say yes or no. Until then nothing changes.")),
        ),
    )


def swap_asked(other: Person, t: Texts) -> Card:
    return Card(
        t("{name} is asked", name=mention(other)),
        (Paragraph(t("Until they say yes nothing changes.")),),
    )


def swap_over(t: Texts) -> Card:
    """A no, or none any more: it looks the same to both."""
    return Card(
        t("This swap is no longer asked for"), (Paragraph(t("The turns stay as they are.")),)
    )


def swap(meeting: Meeting, one: Swap, t: Texts) -> Card:
    """What the other one of the two is asked, and what became of it."""
    if meeting.has_begun or meeting.is_cancelled:
        return swap_over(t)
    asker = meeting.people.get(one.asker)
    name: Line = (mention(asker),) if asker is not None else t("Somebody")
    when = Moment(meeting.session.starts_at, Style.DATETIME)
    title = t(
        "{name} asks to swap: {group}, {when}", name=name, group=meeting.group.name, when=when
    )
    if one.agreed:
        return Card(
            t("Swapped: {group}, {when}", group=meeting.group.name, when=when),
            (Paragraph(my_turn(one.gives, t)),),
            Tone.GOOD,
        )
    values = {"swap": one.id}
    return Card(
        title,
        (
            Facts(
                (
                    (t("You would"), part_name(one.gives, t)),
                    (t("They would"), part_name(one.gets, t)),
                )
            ),
            Buttons(
                (
                    Button(t("Swap"), "session.swap.yes", values, Look.PRIMARY),
                    Button(t("Not this time"), "session.swap.no", values),
                )
            ),
            Note(t("A no needs no reason.")),
        ),
    )


def swap_done(meeting: Meeting, t: Texts) -> Card:
    when = Moment(meeting.session.starts_at, Style.DATETIME)
    return Card(
        t("Swapped: {group}, {when}", group=meeting.group.name, when=when),
        session_parts(meeting, t),
        Tone.GOOD,
    )


def _with_part(meeting: Meeting, person: Person, t: Texts) -> Line:
    seat = next((one for one in meeting.seats if one.person == person.id), None)
    if seat is None or seat.part is Turn.NONE:
        return (shortened(person.name, 70),)
    name = shortened(person.name, 40)
    return t("{name}: would {part}", name=name, part=part_name(seat.part, t))
