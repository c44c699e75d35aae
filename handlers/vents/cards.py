"""What people see of a vent. Once it is over, none of these cards says whose it was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from handlers.kit.cards import (
    Bullets,
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
    NumberField,
    Option,
    Paragraph,
    Part,
    PeopleField,
    Quote,
    Row,
    Style,
    TextField,
    Tone,
    listed,
    mention,
)
from handlers.kit.people import Person, Role
from handlers.kit.ports import Texts
from handlers.vents.model import (
    BREATHS,
    LONGEST_GAP,
    MOST_A_DAY,
    WORDS_LIMIT,
    Limits,
    Listener,
    Listens,
    State,
    Vent,
    Week,
    When,
    Wish,
)

MOST_BLOCKED = 20

Crisis = tuple[Part, ...]
"""The crisis numbers, ready to stand on a card."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was filled in before the form asks again."""

    wish: Wish = Wish.LISTEN
    when: When = When.NOW
    words: str = ""


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


def form(
    person: Person | None,
    t: Texts,
    asked: Asked | None = None,
    errors: Mapping[str, Line] | None = None,
) -> Form:
    """Whom, what for, when, and a few words."""
    given = asked or Asked()
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
                value=(given.wish,),
            ),
            ChoiceField(
                "when",
                t("When?"),
                tuple(Option(when, _when_name(when, t)) for when in When),
                value=(given.when,),
            ),
            TextField(
                "words",
                t("Why, in five words"),
                given.words,
                limit=WORDS_LIMIT,
                required=False,
                hint=t("Your colleague sees them. They are deleted when it is over."),
            ),
        ),
        errors=errors or {},
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
    if vent.state is State.TALKING:
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
    if vent.state is not State.ASKING:
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
    if vent.state in (State.AGREED, State.TALKING):
        return _promised(vent, asker, t)
    if vent.state is State.UNANSWERED:
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


# --- in the conversation ----------------------------------------------------------------------


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
        "chat; whoever owns the workspace may be able to export them."
    )
    elsewhere = t(
        "Talk in a chat of your own, not here. This closes by itself at {time} if nobody presses "
        "anything.",
        time=Moment(vent.ends_at),
    )
    private_elsewhere = t(
        "Plecs is not in your chat; what is written here, it reads. When it is over, Plecs "
        "deletes who talked and why. Your messages stay in the chat; whoever owns the workspace "
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
    parts: list[Part] = [Facts((_wished(vent, t),))]
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
        t("Good that you talked. Take a moment before the next call."), (_break(t), *crisis)
    )


def listened(t: Texts) -> Card:
    """One line for the listener afterwards."""
    return Card(
        t("Thank you for listening. It takes something too: a break is yours."), (_break(t),)
    )


# --- settings and counts ----------------------------------------------------------------------


def settings(
    mine: Listener, limits: Limits, blocked: Sequence[Person], me: Person, t: Texts
) -> Card:
    """How one wants to be asked."""
    most = limits.most if mine.most is None else min(mine.most, limits.most)
    names = listed((mention(person),) for person in blocked)
    buttons = [
        Button(t("Change"), "vent.settings.form", look=Look.PRIMARY),
        Button(t("Trusted colleagues"), "topics.form"),
    ]
    if Role.SUPERVISOR in me.roles:
        buttons.append(Button(t("The weeks' counts"), "vent.weeks"))
    if Role.ADMIN in me.roles:
        buttons.append(Button(t("Limits for everybody"), "vent.limits"))
    return Card(
        t("When colleagues want to talk"),
        (
            Facts(
                (
                    (t("I like to listen"), _listens_name(mine.listens, t)),
                    (t("At most a day"), (str(most),)),
                    (t("Minutes between two"), (str(limits.gap // timedelta(minutes=1)),)),
                    (t("Never asked by"), names or t("nobody")),
                )
            ),
            Buttons(tuple(buttons)),
            Note(
                t(
                    "Only you see this page. Whoever you don't want to be asked by never learns of "
                    "it; to them it looks as if you had no time."
                )
            ),
        ),
    )


def settings_form(mine: Listener, limits: Limits, blocked: Sequence[Person], t: Texts) -> Form:
    return Form(
        t("Listening to others"),
        "vent.settings.save",
        t("Save"),
        (
            ChoiceField(
                "listens",
                t("Do you like to listen?"),
                tuple(Option(each, _listens_name(each, t)) for each in Listens),
                value=(mine.listens,),
            ),
            NumberField(
                "most",
                t("How often a day, at most?"),
                limits.most if mine.most is None else min(mine.most, limits.most),
                1,
                limits.most,
            ),
            PeopleField(
                "blocked",
                t("Who should never ask you?"),
                tuple(address for person in blocked for address in person.addresses),
                most=MOST_BLOCKED,
                required=False,
                hint=t("They don't learn of it."),
            ),
        ),
    )


def limits_form(limits: Limits, t: Texts) -> Form:
    """The workspace's guard of its listeners."""
    return Form(
        t("Limits for listeners"),
        "vent.limits.save",
        t("Save"),
        (
            NumberField("most", t("Conversations a day, at most"), limits.most, 1, MOST_A_DAY),
            NumberField(
                "gap", t("Minutes between two"), limits.gap // timedelta(minutes=1), 0, LONGEST_GAP
            ),
        ),
    )


def limits_saved(t: Texts) -> Card:
    return Card(
        t("Saved"), (Paragraph(t("Listeners are asked within these limits now.")),), Tone.GOOD
    )


def weeks(found: Sequence[Week], t: Texts) -> Card:
    """Counts of whole weeks: nobody's name, and none where they could be guessed."""
    rows = tuple(
        (
            (Moment(week.start + timedelta(hours=12), Style.DATE),),
            t("too few people to say") if week.shown is None else (str(week.shown),),
        )
        for week in found
    )
    return Card(
        t("Conversations to let off steam, by week"),
        (
            Facts(rows) if rows else Paragraph(t("No whole week has been counted yet.")),
            Note(
                t(
                    "A week is counted once it is over, and shown if five people or more talked. "
                    "Supervisors' own conversations are left out. Who it was is not known."
                )
            ),
        ),
    )


# --- pieces -----------------------------------------------------------------------------------


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


def _listens_name(listens: Listens, t: Texts) -> Line:
    match listens:
        case Listens.GLADLY:
            return t("yes, offer me")
        case Listens.ASKED:
            return t("to those who choose me")
        case Listens.NOT_NOW:
            return t("not these days")


def _offer(person: Person, t: Texts) -> Row:
    return Row((mention(person),), Button(t("Ask"), "vent.ask", {"person": person.id}))


def _wished(vent: Vent, t: Texts) -> tuple[Line, Line]:
    return t("Wish"), wish_name(vent.wish, t)


def _wishes(vent: Vent, t: Texts) -> tuple[tuple[Line, Line], ...]:
    return _wished(vent, t), (t("When"), _when_name(vent.when, t))


def _promised(vent: Vent, asker: Person, t: Texts) -> Card:
    if vent.state is State.TALKING:
        return Card(t("Your conversation is open"), (), Tone.GOOD)
    if vent.when is When.BREAK:
        told = t("It opens when {colleague} takes a break.", colleague=mention(asker))
    else:
        told = t("It opens at {time}.", time=Moment(vent.ends_at))
    return Card(t("Thank you. You will talk."), (Paragraph(told),), Tone.GOOD)


def _breathing(vent: Vent, t: Texts) -> tuple[Part, ...]:
    return (
        Paragraph(t("Breath {n} of {total}", n=vent.breath, total=BREATHS)),
        Quote(t("In: 1 2 3 4. Out: 1 2 3 4 5 6.")),
    )


def _break(t: Texts) -> Buttons:
    return Buttons((Button(t("Take a break"), "break"),))
