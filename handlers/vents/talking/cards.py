"""What two see of their conversation, and of its end."""

from dataclasses import replace

from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Facts,
    Line,
    Look,
    Moment,
    Note,
    Paragraph,
    Part,
    Quote,
    mention,
)
from handlers.kit.people import Person
from handlers.kit.ports import Texts
from handlers.vents.cards import Crisis, wished
from handlers.vents.model import (
    BREATHS,
    Vent,
)


def room(
    vent: Vent, two: tuple[Person, Person], crisis: Crisis, t: Texts, *, by_phone: bool = False
) -> Card:
    """The parent message: what for, what Plecs can and can't see, until when. `by_phone`: the two
    are in different apps, and each has it to themselves."""
    asker, listener = two
    calling = t(
        "You use different chat apps: speak by phone, or meet. This closes by itself at {time} "
        "if nobody presses anything.",
        time=Moment(vent.ends_at),
    )
    there = t(
        "Talk in the thread of this message. It closes by itself at {time} if nobody presses "
        "anything.",
        time=Moment(vent.ends_at),
    )
    private = t(
        "Plecs sees the buttons and nothing that you write: it has no right to read here. "
        "When it is over, Plecs deletes who talked and why. Your messages stay in the "
        "chat; your organisation may be able to export them."
    )
    elsewhere = t(
        "Talk in a chat of your own, not here. This closes by itself at {time} if nobody presses "
        "anything.",
        time=Moment(vent.ends_at),
    )
    private_elsewhere = t(
        "Plecs is not in your chat; what is written here, it reads. When it is over, Plecs "
        "deletes who talked and why. Your messages stay in the chat; your organisation "
        "may be able to export them."
    )
    apart = Card(
        t("{asker} and {listener}", asker=mention(asker), listener=mention(listener)),
        _room_parts(vent, crisis, calling if by_phone else elsewhere, private_elsewhere, t),
        summary=t("Your conversation is open"),
    )
    if by_phone:
        return apart
    return replace(apart, parts=_room_parts(vent, crisis, there, private, t), apart=apart)


def _room_parts(
    vent: Vent, crisis: Crisis, where: Line, private: Line, t: Texts
) -> tuple[Part, ...]:
    parts: list[Part] = [Facts((wished(vent, t),))]
    if vent.breath:
        parts += _breathing(vent, t)
    if vent.frame:
        parts += [
            Paragraph(t("A light frame, if it helps:")),
            Bullets(
                (
                    t("Facts: what happened, in two sentences?"),
                    t("Feelings: how was it for you?"),
                    t("What went right, even a little?"),
                ),
                numbered=True,
            ),
        ]
    values = {"vent": vent.id}
    breathing = (
        Button(t("Enough, thank you"), "vent.skip", values)
        if vent.breath
        else Button(t("A minute of breathing"), "vent.breathe", values)
    )
    framing = t("Without the frame") if vent.frame else t("A light frame")
    parts += [
        Paragraph(where),
        Buttons(
            (
                breathing,
                Button(framing, "vent.frame", values),
                Button(t("Done"), "vent.done", values, Look.PRIMARY),
            )
        ),
        *crisis,
        Note(private),
    ]
    return tuple(parts)


def room_over(t: Texts) -> Card:
    return Card(
        t("This conversation has ended"),
        (
            Paragraph(
                t(
                    "Plecs keeps nothing of it. What you wrote here stays in the chat until you "
                    "delete it."
                )
            ),
        ),
    )


def talked(crisis: Crisis, t: Texts) -> Card:
    """One line for the asker afterwards."""
    return Card(
        t("Good that you talked. Take a moment before the next call."),
        # Without whom one would thank: once it is over, no card says who listened.
        (Buttons((*_break(t).buttons, Button(t("Thank them"), "thanks.form"))), *crisis),
    )


def listened(t: Texts) -> Card:
    """One line for the listener afterwards."""
    return Card(
        t("Thank you for listening. It takes something too: a break is yours."), (_break(t),)
    )


def _breathing(vent: Vent, t: Texts) -> tuple[Part, ...]:
    return (
        Paragraph(t("Breath {n} of {total}", n=vent.breath, total=BREATHS)),
        Quote(t("In: 1 2 3 4. Out: 1 2 3 4 5 6.")),
    )


def _break(t: Texts) -> Buttons:
    return Buttons((Button(t("Take a break"), "break"),))
