"""What people see of thank-yous."""

from collections.abc import Mapping, Sequence

from handlers.common.competences import to_choose
from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    ChoiceField,
    Form,
    Line,
    Look,
    Note,
    Paragraph,
    Part,
    PeopleField,
    Quote,
    Row,
    TextField,
    Tone,
    ToType,
    listed,
    mention,
)
from handlers.kit.people import Person
from handlers.kit.ports import Texts
from handlers.kit.text import shortened
from handlers.library.model import Saying
from handlers.thanks.model import SHOWN_TO, WORDS_LIMIT, ThankYou

_IN_A_ROW = 90
"""Characters of a thank-you in a list."""


def page(received: Sequence[tuple[ThankYou, Person]], t: Texts) -> Card:
    """Where one writes a thank-you, and what one was thanked for oneself."""
    parts: list[Part] = [
        Paragraph(
            t("One thing that a colleague did, in a sentence or two. They alone are shown it.")
        ),
        Buttons((Button(t("Write a thank-you"), "thanks.form", look=Look.PRIMARY),)),
    ]
    if received:
        parts.append(Paragraph(t("What you were thanked for:")))
        parts += [
            Row(
                (giver.first_name, ": ", shortened(one.words, _IN_A_ROW)),
                Button(t("Open"), "thanks.open", {"thanks": one.id}),
            )
            for one, giver in received
        ]
    parts.append(Note(t("Nobody counts thank-yous, and there is no list of who gave how many.")))
    return Card(t("Thank a colleague"), tuple(parts))


def which(found: Sequence[Person], words: str, t: Texts) -> Card:
    """Several have that name."""
    return _one_of(t("Which colleague do you mean?"), found, words, t)


def whom_first(found: Sequence[Person], words: str, t: Texts) -> Card:
    """Several are meant, and not all is clear: each is thanked in a form of their own."""
    return _one_of(t("Whom do you thank first?"), found, words, t)


def _one_of(title: Line, found: Sequence[Person], words: str, t: Texts) -> Card:
    return Card(
        title,
        (
            *(
                Row(
                    (person.name, *((", ", person.position) if person.position else ())),
                    Button(t("Choose"), "thanks.form", {"person": person.id, "words": words}),
                )
                for person in found
            ),
            Note(t("Nothing was sent yet.")),
        ),
    )


def form(receiver: Person | None, words: str, indicators: Mapping[str, Saying], t: Texts) -> Form:
    """Whom, for what, and what it was an example of."""
    return Form(
        t("Thank a colleague"),
        "thanks.give",
        t("Send"),
        (
            PeopleField("colleague", t("Whom?"), receiver.addresses if receiver else ()),
            TextField(
                "words",
                t("What did they do?"),
                words,
                limit=WORDS_LIMIT,
                multiline=True,
                hint=t("One thing: what it was, and what it changed for you or a customer."),
            ),
            ChoiceField(
                "indicator",
                t("What was it an example of?"),
                to_choose(indicators, t),
                required=False,
                hint=t("Only if one fits."),
            ),
        ),
    )


def on_its_way(
    given: Sequence[ThankYou],
    receivers: Sequence[Person],
    indicators: Mapping[str, Saying],
    t: Texts,
) -> Card:
    """For the giver, who can still take it back: the same deed of one, or of several."""
    names = listed((one.first_name,) for one in receivers)
    note = (
        t(
            "Not in a call, on a break or after work. Nobody else is shown it, unless "
            "{name} shows it to them.",
            name=names,
        )
        if len(receivers) == 1
        else t(
            "Each by themselves, and not in a call, on a break or after work. Nobody else is "
            "shown it, unless they show it to them."
        )
    )
    every = {"thanks": " ".join(one.id for one in given)}
    return Card(
        t("{name} will read it in a free moment", name=names),
        (
            *_words(given[0], indicators, t),
            Buttons((Button(t("Take it back"), "thanks.take_back", every),)),
            Note(note),
        ),
        Tone.GOOD,
    )


def taken_back(t: Texts) -> Card:
    return Card(t("Taken back. Plecs keeps nothing of it."))


def too_late(readers: Sequence[Person], t: Texts, *, taken: bool) -> Card:
    """They have it; where it was for others as well it was `taken` back from those."""
    names = listed((one.first_name,) for one in readers)
    others = (Paragraph(t("Nobody else gets it.")),) if taken else ()
    return Card(
        t.many("{name} has it already", "{name} have it already", len(readers), name=names),
        (*others, Paragraph(t("It is theirs now, and they alone can delete it."))),
    )


def given(one: ThankYou, giver: Person, indicators: Mapping[str, Saying], t: Texts) -> Card:
    """For whom it is."""
    return Card(
        t("{name} thanks you", name=mention(giver)),
        (
            *_words(one, indicators, t),
            Buttons(
                (
                    Button(t("Show it to somebody"), "thanks.show_form", {"thanks": one.id}),
                    Button(
                        t("Delete"),
                        "thanks.delete",
                        {"thanks": one.id},
                        confirm=t(
                            "Plecs keeps nothing of it then. What was sent more than two days ago "
                            "stays in the chat."
                        ),
                    ),
                )
            ),
            Note(
                t(
                    "You alone are shown this. You find it for a year under {typed}.",
                    typed=ToType("thanks"),
                )
            ),
        ),
        Tone.GOOD,
        summary=t("{name} thanks you", name=giver.first_name),
    )


def show_form(one: ThankYou, giver: Person, t: Texts) -> Form:
    """Who is to see it."""
    return Form(
        t("Show it to somebody"),
        "thanks.show",
        t("Show it"),
        (PeopleField("readers", t("To whom?"), most=SHOWN_TO),),
        {"thanks": one.id},
        (
            Quote((one.words,)),
            Note(t("They read these words, and that they are from {name}.", name=giver.name)),
        ),
    )


def is_shown(readers: Sequence[Person], t: Texts) -> Card:
    names = ", ".join(person.first_name for person in readers)
    return Card(
        t("Shown to {names}", names=names),
        (Paragraph(t("They read it in a free moment.")),),
        Tone.GOOD,
    )


def shown(
    one: ThankYou,
    giver: Person,
    receiver: Person,
    indicators: Mapping[str, Saying],
    t: Texts,
) -> Card:
    """For whom its receiver shows it to."""
    return Card(
        t("{name} shows you a thank-you", name=mention(receiver)),
        (
            Paragraph(
                t("From {giver}, to {name}:", giver=mention(giver), name=receiver.first_name)
            ),
            *_words(one, indicators, t),
        ),
        Tone.GOOD,
    )


def nudge(shown: Sequence[tuple[ThankYou, Person]], t: Texts) -> Card:
    """For a leader, on Monday: what their people chose to show them."""
    parts: list[Part] = []
    for one, receiver in shown:
        parts += [
            Paragraph((mention(receiver), ":")),
            Quote((one.words,)),
            Buttons(
                (
                    Button(
                        t("A word to {name}", name=receiver.first_name),
                        "thanks.form",
                        {"person": receiver.id},
                    ),
                )
            ),
        ]
    return Card(
        t("Last week you were shown a thank-you"),
        (
            *parts,
            Note(
                t(
                    "A word of yours about just that means more than praise for everybody. This "
                    "comes once a week at most, and only when somebody showed you one."
                )
            ),
        ),
    )


def gone(t: Texts) -> Card:
    """In place of one that its receiver deleted, or that came to its end."""
    return Card(t("This thank-you is no longer kept."))


def _words(one: ThankYou, indicators: Mapping[str, Saying], t: Texts) -> tuple[Part, ...]:
    label = indicators.get(one.indicator or "")
    example: tuple[Part, ...] = (Note((label[t.locale],)),) if label else ()
    return Quote((one.words,)), *example
