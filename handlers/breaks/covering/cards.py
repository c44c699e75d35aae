"""What people see of covering: who asks, who is asked, and who covers."""

from handlers.breaks.cards import drop_button, numbers_button
from handlers.breaks.model import Break
from handlers.kit.cards import Button, Buttons, Card, Look, Moment, Paragraph, Tone, mention
from handlers.kit.people import Person
from handlers.kit.ports import Texts


def asked_for_cover(one: Break, t: Texts) -> Card:
    waiting = (
        (Button(t("At {time}", time=Moment(one.starts_at)), "break.book", {"break": one.id}),)
        if one.starts_at is not None
        else ()
    )
    return Card(
        t("Colleagues are asked to cover for you"),
        (
            Paragraph(
                t("If somebody can, your break begins at once. You will hear within five minutes.")
            ),
            Buttons((*waiting, drop_button(one, t))),
        ),
    )


def covered_by(coverer: Person, t: Texts) -> Card:
    """For who asked: somebody said yes. The break has a message of its own."""
    return Card(t("{name} covers for you", name=mention(coverer)), tone=Tone.GOOD)


def nobody_covers(t: Texts) -> Card:
    """For who asked; what is left to do has a message of its own."""
    return Card(t("Nobody can cover right now"))


def uncovered(one: Break, t: Texts) -> Card:
    """Nobody could cover; the next start again."""
    if one.starts_at is None:
        return Card(
            t("Nobody can cover right now"),
            (
                Paragraph(
                    t("Tell your supervisor that you need a break. That is a fair thing to ask.")
                ),
                Buttons((drop_button(one, t), numbers_button(t))),
            ),
            Tone.CAREFUL,
        )
    return Card(
        t("Nobody can cover right now"),
        (
            Paragraph(t("The next free start is {time}.", time=Moment(one.starts_at))),
            Buttons(
                (
                    Button(
                        t("At {time}", time=Moment(one.starts_at)),
                        "break.book",
                        {"break": one.id},
                        Look.PRIMARY,
                    ),
                    drop_button(one, t),
                    numbers_button(t),
                )
            ),
        ),
        Tone.CAREFUL,
    )


def cover(one: Break, asker: Person, t: Texts) -> Card:
    """Asks a colleague to cover."""
    how_long = t("Until they are back") if one.minutes is None else t("{n} min", n=one.minutes)
    return Card(
        t("Can you cover for {name}?", name=mention(asker)),
        (
            Paragraph(
                t(
                    "{length}. You take calls meanwhile, and no break of your own until then.",
                    length=how_long,
                )
            ),
            Buttons(
                (
                    Button(t("I'll cover"), "break.cover", {"break": one.id}, Look.PRIMARY),
                    Button(t("Not now"), "break.not", {"break": one.id}),
                )
            ),
        ),
    )


def covering(one: Break, asker: Person, t: Texts) -> Card:
    """For the one who covers."""
    title = (
        t("You cover for {name} until they are back", name=mention(asker))
        if one.until is None
        else t("You cover for {name} until {time}", name=mention(asker), time=Moment(one.until))
    )
    return Card(title, (Paragraph(t("Thank you. A break of yours fits after that.")),), Tone.GOOD)


def cover_over(t: Texts) -> Card:
    return Card(t("No cover is needed any more. Thank you."))


def not_now(t: Texts) -> Card:
    return Card(t("That is all right. Nobody sees that you said so."))
