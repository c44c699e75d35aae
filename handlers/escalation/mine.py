"""The one card that the agent keeps: it changes by itself at every step of their hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.escalation.model import LAPSES_AFTER, Case, Member, Mode, State
from handlers.escalation.phrases import (
    about,
    how_they_come,
    no_shared_chat,
    of_round,
    reached,
)
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
    """What is said once, with the answer. `again`: the hand was up already; `cut`: not all that was
    written fits; `hidden`: what told who the caller is was left out."""

    again: bool = False
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
    """While nobody has come: who is asked and since when, who is next, what they read, what to say
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
            Buttons((_down(case, t),)),
        ),
        Tone.CAREFUL,
    )


def on_the_way(
    case: Case, agent: Person, helper: Person, joined: Sequence[Person], t: Texts
) -> Card:
    """Who comes, and by which extension they are reached meanwhile. `joined`: who comes besides."""
    together = (
        t("You have a conversation of your own with {helper}.", helper=mention(helper))
        if agent.shares_a_place_with(helper)
        else no_shared_chat(helper, t)
    )
    coming = [person for person in (helper, *joined) if person.extension]
    parts: list[Part] = []
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
        Note(together),
        Buttons(
            (
                Button(t("Solved"), "hand.solved", {"case": case.id}, Look.PRIMARY),
                Button(t("I need somebody else"), "hand.else", of_round(case)),
            )
        ),
    ]
    return Card(t("{helper} is on the way", helper=mention(helper)), tuple(parts), Tone.GOOD)


def nobody(case: Case, t: Texts, *, seen_by_coordinators: bool) -> Card:
    """The honest one: nobody is free, and how to end or put off the call."""
    who = (
        t("You did right to ask. The coordinators are told.")
        if seen_by_coordinators
        else t("You did right to ask.")
    )
    looks = t(
        "Your hand stays up until {when}, and Plecs asks whoever becomes free.", when=_end(case)
    )
    return Card(
        t("Nobody is free right now"),
        (
            Paragraph((*who, " ", *looks)),
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
            Buttons((Button(t("What may I do?"), "policy", look=Look.PRIMARY), _down(case, t))),
        ),
        Tone.CAREFUL,
    )


def closed(case: Case, t: Texts) -> Card:
    """What the agent sees of a case that is over."""
    titles = {
        State.SOLVED: t("Solved. Well done."),
        State.CANCELLED: t("Your hand is down"),
        State.LAPSED: t("This hand is long down"),
    }
    return Card(titles[case.state], (Paragraph(t("Raise it again whenever you need to.")),))


def _hinted(hints: Hints, t: Texts) -> tuple[Part, ...]:
    if not hints.again:
        return ()
    return (Paragraph(t("This is the hand you raised before; it is still up.")),)


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


def _told(case: Case) -> tuple[Part, ...]:
    return (Quote((case.line,)),) if case.line else ()


def _meanwhile(t: Texts) -> tuple[Part, ...]:
    return (
        Paragraph(t("You can say now:")),
        Quote(t("I want to get this right for you. Give me a moment, I am bringing a colleague.")),
    )


def _times(case: Case, t: Texts) -> tuple[tuple[Line, Line], ...]:
    """Since when those are asked, and what follows at which second."""
    rows: list[tuple[Line, Line]] = []
    if case.asked_at is not None:
        rows.append((t("Since"), (Moment(case.asked_at, Style.SECONDS),)))
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
    names = {
        Member.TOPIC: t("those who know the topic"),
        Member.SUPERVISORS: t("supervisors"),
        Member.TRUSTED: t("your trusted colleagues"),
        Member.EVERYBODY: t("everybody else who may help"),
    }
    asked = [one for one in members if one is not Member.TOPIC or case.topic is not None]
    return listed(names[one] for one in asked) if asked else None


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
