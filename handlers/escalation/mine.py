"""The one card that the agent keeps: it changes by itself at every step of their hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.escalation.model import Case, Member, Mode, State
from handlers.escalation.phrases import (
    Together,
    about,
    how_they_come,
    how_two_write,
    of_round,
    reached,
)
from handlers.escalation.rules import LAPSES_AFTER
from handlers.kit.cards import (
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
    Style,
    Tone,
    listed,
    mention,
)
from handlers.kit.people import Person, Topic
from handlers.kit.ports import Texts


@dataclass(frozen=True, slots=True)
class Unheard:
    """No ping gets through: the app that refuses them, empty where nothing is known of why; and who
    is on duty and may be phoned."""

    app: str
    on_duty: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Hints:
    """What is said once, with the answer. `again`: the hand was up already; `added`: what was
    written with it now stands with the rest; `cut`: not all that was written fits; `hidden`: what
    told who the caller is was left out."""

    again: bool = False
    added: bool = False
    cut: bool = False
    hidden: bool = False


def raised(
    case: Case,
    asked: Sequence[Person],
    topic: Topic | None,
    t: Texts,
    *,
    hints: Hints,
    danger: tuple[Part, ...] = (),
) -> Card:
    """While nobody has come: who is asked, since when, who is next, what they read, what to say
    meanwhile. `danger`: whom to call if a life is in danger."""
    people = listed((mention(person),) for person in asked)
    parts: list[Part] = [
        *_hinted(hints, t),
        *((Paragraph(t("Asked: {people}.", people=people)),) if asked else ()),
        *_danger(danger, t),
        Facts((*_times(case, t), *about(case, topic, t))),
        *_told(case),
        *_noted(hints, t),
        *_meanwhile(t),
        Buttons(
            (
                *(
                    Button(_mode_button(mode, t), "hand.mode", {"case": case.id, "mode": mode})
                    for mode in Mode
                    if mode is not case.mode
                ),
                *(
                    (Button(t("Ask everybody now"), "hand.everybody", {"case": case.id}),)
                    if case.ring < len(case.rings) - 1
                    else ()
                ),
                _down(case, t),
            )
        ),
        Buttons((_calm(case, t),)),
        Note(t("Nobody listens in silently: whoever joins says so on the line.")),
    ]
    return Card(t("Your hand is up"), tuple(parts), Tone.URGENT)


def unheard(
    case: Case,
    why: Unheard,
    topic: Topic | None,
    t: Texts,
    *,
    hints: Hints,
    danger: tuple[Part, ...] = (),
) -> Card:
    """The other honest one: the hand is up, nobody has heard, and whom to phone."""
    refused = (
        t("{app} refuses my messages at the moment.", app=why.app)
        if why.app
        else t("My messages don't get through at the moment.")
    )
    call = (
        t("Call: {people}.", people=listed(reached(person, t) for person in why.on_duty))
        if why.on_duty
        else t("I know of nobody on duty.")
    )
    return Card(
        t("Nobody has heard yet"),
        (
            Paragraph((*refused, " ", *call)),
            *_danger(danger, t),
            Paragraph(t("Your hand stays up until {when}, and I keep trying.", when=_end(case))),
            *_hinted(hints, t),
            *((Facts(about(case, topic, t)),)),
            *_told(case),
            *_noted(hints, t),
            *_meanwhile(t),
            Buttons((_down(case, t), _calm(case, t))),
        ),
        Tone.CAREFUL,
    )


def on_the_way(
    case: Case,
    two: tuple[Person, Person],
    joined: Sequence[Person],
    together: Together,
    t: Texts,
    *,
    danger: tuple[Part, ...] = (),
) -> Card:
    """Who comes, and by which extension they are reached meanwhile. `joined`: who comes besides."""
    agent, helper = two
    coming = [person for person in (helper, *joined) if person.extension]
    parts: list[Part] = [*_danger(danger, t)]
    if joined:
        people = listed((mention(person),) for person in joined)
        parts.append(Paragraph(t("Joining as well: {people}.", people=people)))
    parts += [Paragraph(reached(person, t)) for person in coming]
    parts.append(Paragraph(how_they_come(case.mode, t)))
    if case.mode is not Mode.TIP:
        parts += [
            Paragraph(t("You can say now:")),
            Quote(t("A colleague is joining us in a moment. Thank you for waiting.")),
        ]
    parts += [
        Note(how_two_write(together, two, agent, t)),
        Buttons(
            (
                Button(t("Solved"), "hand.solved", {"case": case.id}, Look.PRIMARY),
                Button(t("I need somebody else"), "hand.else", of_round(case)),
            )
        ),
    ]
    return Card(t("{helper} is on the way", helper=mention(helper)), tuple(parts), Tone.GOOD)


def nobody(
    case: Case,
    t: Texts,
    *,
    hints: Hints,
    seen_by_coordinators: bool,
    danger: tuple[Part, ...] = (),
) -> Card:
    """The honest one: nobody is free, and how to end or put off the call. `danger`: whom to call
    if a life is in danger."""
    who = (
        t("You did right to ask. The coordinators are told.")
        if seen_by_coordinators
        else t("You did right to ask.")
    )
    said = Paragraph((*who, " ", *_looks_on(case, t)))
    parts = _around((said,), case, hints, danger, t)
    return Card(t("Nobody is free right now"), parts, Tone.CAREFUL)


def nobody_else(
    case: Case, t: Texts, *, hints: Hints, is_admin: bool, danger: tuple[Part, ...] = ()
) -> Card:
    """The same where Plecs knows none of the agent's colleagues: that is not for want of will."""
    how = (
        t(
            "People are known once they have the app or write to Plecs, or when you bring in a "
            "list of them."
        )
        if is_admin
        else t("Whoever looks after Plecs brings them in.")
    )
    none = t("You did right to ask, but Plecs knows none of your colleagues yet.")
    said = Paragraph((*none, " ", *how)), Paragraph(_looks_on(case, t))
    parts = _around(said, case, hints, danger, t)
    return Card(t("Nobody else is here yet"), parts, Tone.CAREFUL)


def closed(case: Case, t: Texts) -> Card:
    """What the agent sees of a case that is over."""
    titles = {
        State.SOLVED: t("Solved. Well done."),
        State.CANCELLED: t("Your hand is down"),
        State.LAPSED: t("This hand is long down"),
        State.HUNG_UP: t("Your hand is down: the call has ended"),
    }
    thank: tuple[Part, ...] = ()
    if case.state is State.SOLVED and case.taken_by is not None:
        values = {"person": case.taken_by}
        thank = (Buttons((Button(t("Thank them"), "thanks.form", values),)),)
    again = Paragraph(t("Raise it again whenever you need to."))
    return Card(titles[case.state], (again, *thank))


def call_over(case: Case, t: Texts) -> Card:
    """Asks once whether anybody is still needed."""
    values = {"case": case.id}
    return Card(
        t("Your call has ended. Still need somebody?"),
        (
            Paragraph(t("Nobody is asked any more: your hand came down with the call.")),
            Buttons(
                (
                    Button(t("Yes, ask again"), "hand.again", values, Look.PRIMARY),
                    Button(t("No, thank you"), "hand.enough", values),
                )
            ),
        ),
    )


def up_again(t: Texts) -> Card:
    """What stands there once their hand is up anew: it stays true when that comes down."""
    return Card(
        t("You raised your hand again"),
        (Paragraph(t("Another card shows who is asked and who comes.")),),
    )


def _around(
    said: tuple[Part, ...], case: Case, hints: Hints, danger: tuple[Part, ...], t: Texts
) -> tuple[Part, ...]:
    """Why nobody comes, with what goes before it, what waits, and what to do meanwhile."""
    return (
        *_hinted(hints, t),
        *_danger(danger, t),
        *said,
        *_kept(case, hints, t),
        *_by_oneself(case, danger, t),
    )


def _looks_on(case: Case, t: Texts) -> Line:
    return t(
        "Your hand stays up until {when}, and Plecs asks whoever becomes free.", when=_end(case)
    )


def _by_oneself(case: Case, danger: tuple[Part, ...], t: Texts) -> tuple[Part, ...]:
    """How to put the call off, or to end it; never while a life may be in danger."""
    what_to_do = Button(t("What may I do?"), "policy", look=Look.PRIMARY)
    if danger:
        return (Buttons((what_to_do, _down(case, t))),)
    return (
        Paragraph(t("You may put the call off or end it:")),
        Quote(
            t(
                "I can't solve this properly right now. "
                "I will find out and call you back today. Which number suits you?"
            )
        ),
        Quote(
            t(
                "I want to help you, but not in this tone. I am ending this call now. "
                "You can reach us again at any time."
            )
        ),
        Buttons((what_to_do, _down(case, t), _calm(case, t))),
    )


def _hinted(hints: Hints, t: Texts) -> tuple[Part, ...]:
    if not hints.again:
        return ()
    line = (
        t("This is the hand you raised before; it is still up. Your words are added.")
        if hints.added
        else t("This is the hand you raised before; it is still up.")
    )
    return (Paragraph(line),)


def _noted(hints: Hints, t: Texts) -> tuple[Part, ...]:
    notes: list[Part] = []
    if hints.hidden:
        notes.append(Note(t("Numbers and names that tell who the caller is are hidden as •••.")))
    if hints.cut:
        notes.append(Note(t("Only the beginning of what you wrote fits; that is what they see.")))
    return tuple(notes)


def _danger(danger: tuple[Part, ...], t: Texts) -> tuple[Part, ...]:
    if not danger:
        return ()
    return (Paragraph(t("If a life is in danger, call first:")), *danger)


def _kept(case: Case, hints: Hints, t: Texts) -> tuple[Part, ...]:
    """What waits for whoever becomes free."""
    if not case.line:
        return ()
    return (Paragraph(t("They will read:")), *_told(case), *_noted(hints, t))


def _told(case: Case) -> tuple[Part, ...]:
    return (Quote((case.line,)),) if case.line else ()


def _meanwhile(t: Texts) -> tuple[Part, ...]:
    return (
        Paragraph(t("You can say now:")),
        Quote(t("I want to get this right for you. Give me a moment, I am bringing a colleague.")),
    )


def _calm(case: Case, t: Texts) -> Button:
    """What to say and do until somebody comes, by what was written with the hand."""
    return Button(t("Calm words"), "calm", {"typed": case.line})


def _times(case: Case, t: Texts) -> tuple[tuple[Line, Line], ...]:
    """Since when the hand is up, and what follows at which second."""
    rows: list[tuple[Line, Line]] = [(t("Since"), (Moment(case.raised_at, Style.SECONDS),))]
    if case.next_at is None or case.unanswered_at is not None:
        return tuple(rows)
    when = Moment(case.next_at, Style.SECONDS)
    later = (_next_ones(ring.members, case, t) for ring in case.rings[case.ring + 1 :])
    who = next(filter(None, later), None)
    follows = (
        t("{who} at {when}, if they are free", who=who, when=when)
        if who is not None
        else t("at {when} I say so if nobody could come", when=when)
    )
    return (*rows, (t("Then"), follows))


def _next_ones(members: Sequence[Member], case: Case, t: Texts) -> Line | None:
    asked = [one for one in members if one is not Member.TOPIC or case.topic is not None]
    return listed(_to_the_agent(one, t) for one in asked) if asked else None


def _to_the_agent(member: Member, t: Texts) -> Line:
    match member:
        case Member.TOPIC:
            return t("those who know the topic")
        case Member.SUPERVISORS:
            return t("supervisors")
        case Member.TRUSTED:
            return t("your trusted colleagues")
        case Member.EVERYBODY:
            return t("everybody else who may help")


def _end(case: Case) -> Moment:
    """When the hand comes down by itself."""
    return Moment(case.raised_at + LAPSES_AFTER)


def _down(case: Case, t: Texts) -> Button:
    return Button(t("Take my hand down"), "hand.cancel", {"case": case.id}, Look.DANGER)


def _mode_button(mode: Mode, t: Texts) -> Line:
    match mode:
        case Mode.TIP:
            return t("A tip is enough")
        case Mode.LISTEN:
            return t("Please listen in")
        case Mode.JOIN:
            return t("Please join")
        case Mode.TAKE_OVER:
            return t("Please take over")
