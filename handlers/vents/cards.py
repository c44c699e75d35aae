"""What people see of a vent. Once it is over, none of these cards says whose it was."""

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
    Part,
    PeopleField,
    Quote,
    Row,
    TextField,
    Tone,
    mention,
)
from handlers.kit.people import Person
from handlers.kit.ports import Texts
from handlers.vents.model import (
    WORDS_LIMIT,
    Vent,
    VentState,
    When,
    Wish,
)

Crisis = tuple[Part, ...]
"""The crisis numbers, ready to stand on a card."""


# --- for the one who asks ---------------------------------------------------------------------


def offers(here: Sequence[Person], later: Sequence[Person], crisis: Crisis, t: Texts) -> Card:
    """Whom one might ask."""
    parts: list[Part] = []
    if here:
        parts += [Paragraph(t("Here now:")), *(_offer(person, t) for person in here)]
    if later:
        parts += [Paragraph(t("Perhaps not just now:")), *(_offer(person, t) for person in later)]
    if not parts:
        parts.append(
            Paragraph(
                t(
                    "Nobody is on your list yet. Ask anybody you like, or name colleagues you "
                    "trust under Topics and people."
                )
            )
        )
    return Card(
        t("With whom would you like to talk?"),
        (
            *parts,
            Buttons(
                (
                    Button(t("Somebody else"), "vent.form"),
                    Button(t("My settings"), "vent.settings"),
                )
            ),
            *crisis,
            Note(
                t(
                    "Whoever you choose is asked privately. Nobody else hears of it, and what you "
                    "say to each other is not read by Plecs."
                )
            ),
        ),
    )


def which(found: Sequence[Person], t: Texts) -> Card:
    """Several have that name."""
    return Card(
        t("Which colleague do you mean?"),
        (
            *(
                Row(
                    (person.name, *((", ", person.position) if person.position else ())),
                    Button(t("Ask"), "vent.ask", {"person": person.id}),
                )
                for person in found
            ),
            Note(t("Nobody has been asked yet.")),
        ),
    )


def form(person: Person | None, t: Texts) -> Form:
    """Whom, what for, when, and a few words."""
    return Form(
        t("Talk to a colleague"),
        "vent.ask",
        t("Ask"),
        (
            PeopleField("colleague", t("Whom?"), person.addresses if person else ()),
            ChoiceField(
                "wish",
                t("What would help?"),
                tuple(Option(wish, wish_name(wish, t)) for wish in Wish),
                value=(Wish.LISTEN,),
            ),
            ChoiceField(
                "when",
                t("When?"),
                tuple(Option(when, _when_name(when, t)) for when in When),
                value=(When.NOW,),
            ),
            TextField(
                "words",
                t("Why, in five words"),
                limit=WORDS_LIMIT,
                required=False,
                hint=t("Your colleague sees them. They are deleted when it is over."),
            ),
        ),
    )


def sent_out(vent: Vent, t: Texts, *, cut: bool) -> Card:
    """The answer to asking. It names nobody, because nobody can take it back later."""
    parts: list[Part] = [
        Paragraph(
            t(
                "If your colleague can be reached, they see it privately. You hear by {time}, in "
                "your messages from Plecs.",
                time=Moment(vent.ends_at),
            )
        )
    ]
    if cut:
        parts.append(Note(t("Only the first five words are passed on.")))
    return Card(t("Asked"), tuple(parts), Tone.GOOD)


def one_at_a_time(vent: Vent, t: Texts) -> Card:
    """Somebody with a vent asked for or open wants another one."""
    if vent.state is VentState.TALKING:
        return Card(
            t("Your conversation is open"),
            (Paragraph(t("Press Done there first; then there is time for another.")),),
        )
    return Card(
        t("A colleague is being asked for you"),
        (
            Paragraph(
                t("You will hear soon. I ask one colleague at a time; you can take it back.")
            ),
            Buttons((Button(t("Never mind"), "vent.cancel"),)),
        ),
    )


def asked(vent: Vent, listener: Person, t: Texts) -> Card:
    """The asker's own view, in their messages."""
    if vent.state is not VentState.ASKING:
        return Card(t("You asked {colleague}", colleague=mention(listener)))
    return Card(
        t("You asked {colleague} to talk", colleague=mention(listener)),
        (
            Facts(_wishes(vent, t)),
            Paragraph(
                t(
                    "You hear by {time}. If it doesn't work out, somebody else is one tap away.",
                    time=Moment(vent.ends_at),
                )
            ),
            Buttons(
                (
                    *(
                        Button(wish_name(wish, t), "vent.wish", {"vent": vent.id, "wish": wish})
                        for wish in Wish
                        if wish is not vent.wish
                    ),
                    Button(t("Never mind"), "vent.cancel"),
                )
            ),
            Note(t("Only you and {colleague} know of this.", colleague=mention(listener))),
        ),
    )


def agreed(vent: Vent, listener: Person, t: Texts) -> Card:
    """A yes for later."""
    name = mention(listener)
    if vent.when is When.BREAK:
        said = t("{colleague} has time for you at your next break", colleague=name)
    else:
        said = t(
            "{colleague} has time for you at {time}", colleague=name, time=Moment(vent.ends_at)
        )
    return Card(
        said,
        (
            Paragraph(t("A conversation of you two opens then.")),
            Buttons(
                (
                    Button(t("I have time now"), "vent.start", {"vent": vent.id}),
                    Button(t("Never mind"), "vent.cancel"),
                )
            ),
        ),
        Tone.GOOD,
    )


def not_now(listener: Person, following: Person | None, crisis: Crisis, t: Texts) -> Card:
    """It did not work out. One card for every reason: there is nothing here to tell them by."""
    buttons = [Button(t("See all colleagues"), "vent.offers")]
    if following is not None:
        ask = t("Ask {colleague}", colleague=following.first_name)
        buttons.insert(0, Button(ask, "vent.next", {"person": following.id}, Look.PRIMARY))
    return Card(
        t("It didn't work out with {colleague} this time", colleague=mention(listener)),
        (
            Paragraph(t("That says nothing about you. Somebody else may have time now.")),
            Buttons(tuple(buttons)),
            *crisis,
        ),
    )


def open_now(t: Texts) -> Card:
    return Card(t("Your conversation is open"), (), Tone.GOOD)


def taken_back(t: Texts) -> Card:
    return Card(t("Taken back. Come again whenever you want."))


def over(t: Texts) -> Card:
    """What stands in the asker's messages when nothing is kept any more."""
    return Card(t("This is over, and nothing of it is kept."))


# --- for the one who is asked -----------------------------------------------------------------


def request(vent: Vent, asker: Person, t: Texts) -> Card:
    """Asks for time, privately."""
    if vent.state in (VentState.AGREED, VentState.TALKING):
        return _promised(vent, asker, t)
    if vent.state is VentState.UNANSWERED:
        return request_over(t)
    if not vent.awaits:
        return Card(
            t("Not today. That is all right."),
            (Paragraph(t("{colleague} does not see it.", colleague=mention(asker))),),
        )
    said: tuple[Part, ...] = (Quote((vent.words,)),) if vent.words else ()
    answers: tuple[Button, ...]
    if vent.when is When.NOW:
        answers = (
            Button(t("Yes, now"), "vent.yes", {"vent": vent.id}, Look.PRIMARY),
            Button(t("In 15 minutes"), "vent.yes", {"vent": vent.id, "later": "yes"}),
        )
    else:
        answers = (Button(t("Yes, then"), "vent.yes", {"vent": vent.id}, Look.PRIMARY),)
    return Card(
        t("{colleague} would like to talk with you", colleague=mention(asker)),
        (
            Facts(_wishes(vent, t)),
            *said,
            Buttons((*answers, Button(t("Not today"), "vent.no", {"vent": vent.id}))),
            Note(
                t(
                    "Only you see this. A no is never shown: no answer by {time} looks the same.",
                    time=Moment(vent.ends_at),
                )
            ),
        ),
        summary=t("{colleague} would like to talk with you", colleague=asker.first_name),
    )


def request_over(t: Texts) -> Card:
    return Card(t("This question is over. Thank you for being there."))


# --- pieces -----------------------------------------------------------------------------------


def wished(vent: Vent, t: Texts) -> tuple[Line, Line]:
    """What would help, as one of a card's facts."""
    return t("Wish"), wish_name(vent.wish, t)


def wish_name(wish: Wish, t: Texts) -> Line:
    match wish:
        case Wish.LISTEN:
            return t("Just listen")
        case Wish.ADVICE:
            return t("Give me advice")
        case Wish.DISTRACT:
            return t("Distract me")


def _when_name(when: When, t: Texts) -> Line:
    match when:
        case When.NOW:
            return t("now")
        case When.BREAK:
            return t("at my next break")
        case When.SHIFT:
            return t("after the shift")


def _offer(person: Person, t: Texts) -> Row:
    return Row((mention(person),), Button(t("Ask"), "vent.ask", {"person": person.id}))


def _wishes(vent: Vent, t: Texts) -> tuple[tuple[Line, Line], ...]:
    return wished(vent, t), (t("When"), _when_name(vent.when, t))


def _promised(vent: Vent, asker: Person, t: Texts) -> Card:
    if vent.state is VentState.TALKING:
        return Card(t("Your conversation is open"), (), Tone.GOOD)
    if vent.when is When.BREAK:
        told = t("It opens when {colleague} takes a break.", colleague=mention(asker))
    else:
        told = t("It opens at {time}.", time=Moment(vent.ends_at))
    return Card(t("Thank you. You will talk."), (Paragraph(told),), Tone.GOOD)
