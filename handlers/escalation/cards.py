"""What people see of a raised hand."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from handlers.escalation.ladder import LARGEST, LONGEST
from handlers.escalation.model import (
    HELPER_IS_LATE_AFTER,
    LINE_LIMIT,
    Case,
    Ladder,
    Member,
    Mode,
    State,
)
from handlers.escalation.numbers import Numbers
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
    Look,
    Moment,
    Note,
    NumberField,
    Option,
    Paragraph,
    Part,
    Quote,
    Style,
    TextField,
    Tone,
    listed,
    mention,
)
from handlers.kit.people import Person, Topic
from handlers.kit.ports import Texts
from handlers.kit.text import shortened


def raised(
    case: Case,
    asked: Sequence[Person],
    topic: Topic | None,
    t: Texts,
    *,
    cut: bool = False,
    again: bool = False,
    seen_by_coordinators: bool = False,
    hidden: bool = False,
    danger: tuple[Part, ...] = (),
) -> Card:
    """The agent's own view while nobody has come: who is asked, what they read, what to say
    meanwhile, cancel. `cut`: not all that was written fits; `again`: it was up already; `hidden`:
    what told who the caller is was left out. `danger`: whom to call if a life is in danger."""
    if case.unanswered_at is not None and not case.asked():
        return nobody(case, t, seen_by_coordinators=seen_by_coordinators)
    parts: list[Part] = []
    if again:
        parts.append(Paragraph(t("This is the hand you raised before; it is still up.")))
    if asked:
        parts.append(
            Paragraph(t("Asked: {people}.", people=listed((mention(person),) for person in asked)))
        )
    else:
        parts.append(Paragraph(t("Colleagues are being asked.")))
    parts += _of_case(case, topic, t)
    if danger:
        parts += [Paragraph(t("If a life is in danger, call first:")), *danger]
    if hidden:
        parts.append(Note(t("Numbers and names that tell who the caller is are hidden as •••.")))
    if cut:
        parts.append(Note(t("Only the beginning of what you wrote fits; that is what they see.")))
    parts += [
        Paragraph(t("You can say now:")),
        Quote(t("I want to get this right for you. Give me a moment, I am bringing a colleague.")),
        Buttons(
            (
                *(
                    Button(_mode_button(mode, t), "hand.mode", {"case": case.id, "mode": mode})
                    for mode in Mode
                    if mode is not case.mode
                ),
                *(
                    (Button(t("Ask everybody now"), "hand.everybody", {"case": case.id}),)
                    if case.state is State.CALLING and case.ring < len(case.rings) - 1
                    else ()
                ),
                Button(t("Take my hand down"), "hand.cancel", {"case": case.id}, Look.DANGER),
            )
        ),
        Note(t("Nobody listens in silently: whoever joins says so on the line.")),
    ]
    return Card(t("Your hand is up"), tuple(parts), Tone.URGENT)


def on_the_way(case: Case, agent: Person, helper: Person, t: Texts) -> Card:
    """Tells the agent who comes."""
    together = (
        t("You have a conversation of your own with {helper}.", helper=mention(helper))
        if agent.shares_a_place_with(helper)
        else _no_shared_chat(helper, t)
    )
    return Card(
        t("{helper} is on the way", helper=mention(helper)),
        (
            Paragraph(_how_they_come(case.mode, t)),
            Note(together),
        ),
        Tone.GOOD,
    )


def nobody(case: Case, t: Texts, *, seen_by_coordinators: bool) -> Card:
    """The honest one: nobody is free, and how to end or put off the call."""
    who = (
        t("You did right to ask. The coordinators are told.")
        if seen_by_coordinators
        else t("You did right to ask.")
    )
    looks = t("Your hand stays up, and Plecs asks whoever becomes free.")
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
            Buttons(
                (
                    Button(t("What may I do?"), "policy", look=Look.PRIMARY),
                    Button(t("Take my hand down"), "hand.cancel", {"case": case.id}),
                )
            ),
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


def over(other: Person, t: Texts, *, is_agent: bool) -> Card:
    """Half an hour after somebody came: for both it is taken to be over."""
    again = (
        Buttons((Button(t("Raise a hand now"), "hand", look=Look.PRIMARY),)) if is_agent else None
    )
    line = (
        t(
            "{helper} came to you half an hour ago, so I take it that it is over.",
            helper=mention(other),
        )
        if is_agent
        else t(
            "{agent}: you went there half an hour ago. I take it that it is over, and that you may "
            "be asked again.",
            agent=mention(other),
        )
    )
    parts: list[Part] = [Paragraph(line)]
    if again is not None:
        parts += [Paragraph(t("Is it not? Raise your hand again.")), again]
    return Card(t("Is it over?"), tuple(parts))


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
    return Card(t("Whom a hand would ask now"), (Paragraph(about), Facts(tuple(rows))))


def ping(case: Case, agent: Person, topic: Topic | None, t: Texts) -> Card:
    """Asks somebody to come."""
    return Card(
        t("{agent} needs a colleague", agent=mention(agent)),
        (*_of_case(case, topic, t), _answers(case, t)),
        Tone.URGENT,
        summary=t(
            "{agent} needs a colleague: {line}",
            agent=agent.first_name,
            line=shortened(case.line, 80) or (topic.name(t.locale) if topic else "…"),
        ),
    )


def reminder(case: Case, agent: Person, topic: Topic | None, t: Texts) -> Card:
    """Asks once more."""
    return Card(
        t("{agent} is still waiting", agent=mention(agent)),
        (*_of_case(case, topic, t), _answers(case, t)),
        Tone.URGENT,
    )


def ping_declined(case: Case, agent: Person, t: Texts) -> Card:
    """What somebody who said not now sees from then on."""
    return Card(
        t("{agent} needs a colleague", agent=mention(agent)),
        (
            Paragraph(
                t(
                    "You said not now. That is all right, and {agent} does not see it.",
                    agent=mention(agent),
                )
            ),
            Buttons((Button(t("I can come after all"), "hand.take", {"case": case.id}),)),
        ),
    )


def ping_over(case: Case, agent: Person, helper: Person | None, me: Person, t: Texts) -> Card:
    """What everybody who was asked sees once the case needs no more answers."""
    if case.state is State.TAKEN and helper is not None:
        if helper.id == me.id:
            return Card(
                t("You are on the way to {agent}", agent=mention(agent)),
                (
                    Paragraph(
                        t("The two of you have a conversation: everything is there.")
                        if me.shares_a_place_with(agent)
                        else _no_shared_chat(agent, t)
                    ),
                ),
                Tone.GOOD,
            )
        return Card(t("{helper} is on the way", helper=mention(helper)), (), Tone.GOOD)
    if case.state is State.SOLVED:
        return Card(t("Solved. Thank you for being there."), (), Tone.GOOD)
    return Card(t("{agent} no longer needs anybody", agent=mention(agent)))


def ping_of_earlier_round(t: Texts) -> Card:
    return Card(t("This has moved on. If you are needed, there is a newer message."))


def room(
    case: Case,
    two: tuple[Person, Person],
    topic: Topic | None,
    now: datetime,
    t: Texts,
    *,
    alone: bool = False,
) -> Card:
    """The first message in the conversation of the agent and whoever comes. `alone`: they have
    none, and each has the card to themselves."""
    agent, helper = two
    parts: list[Part] = list(_of_case(case, topic, t))
    if case.state is State.TAKEN:
        parts.append(Paragraph(_how_two_go_on(case.mode, agent, helper, t)))
        if alone:
            parts.append(Note(t("You have no chat of the two of you here: speak by phone.")))
        buttons = [
            Button(t("Solved"), "hand.solved", {"case": case.id}, Look.PRIMARY),
            Button(t("I need somebody else"), "hand.else", _of_round(case)),
        ]
        if case.taken_at is not None and now >= case.taken_at + HELPER_IS_LATE_AFTER:
            buttons.append(Button(t("Nobody came"), "hand.else", _of_round(case)))
        parts.append(Buttons(tuple(buttons)))
    elif case.state is State.SOLVED:
        parts.append(Paragraph(t("Solved. Thank you both. Take a breath before the next call.")))
    elif case.state is State.LAPSED:
        parts.append(Paragraph(t("Closed by itself, half an hour after somebody came.")))
    return Card(
        t("{agent} and {helper}", agent=mention(agent), helper=mention(helper)),
        tuple(parts),
        Tone.GOOD if case.state is State.SOLVED else Tone.CALM,
    )


def room_moved_on(agent: Person, helper: Person, t: Texts) -> Card:
    """The conversation's card once the case has gone on to somebody else."""
    return Card(
        t("{agent} and {helper}", agent=mention(agent), helper=mention(helper)),
        (
            Paragraph(
                t("Somebody else is being asked now. Thank you, {helper}.", helper=mention(helper))
            ),
        ),
    )


def unanswered(case: Case, agent: Person, topic: Topic | None, t: Texts) -> Card:
    """Tells a coordinator that nobody was free; with a way to come oneself while it is open."""
    if case.state is State.CALLING:
        buttons: tuple[Part, ...] = (
            Buttons((Button(t("I'm coming"), "hand.take", {"case": case.id}, Look.PRIMARY),)),
        )
    else:
        buttons = (Note(t("The hand is no longer up.")),)
    return Card(
        t("Nobody was free for {agent}", agent=mention(agent)),
        (
            Facts((*_about(case, topic, t), (t("Since"), (Moment(case.raised_at),)))),
            *buttons,
        ),
        Tone.CAREFUL,
    )


def too_late(helper: Person, agent: Person, t: Texts) -> Card:
    """For whoever pressed a moment after somebody else."""
    return Card(
        t("{helper} was a moment faster", helper=mention(helper)),
        (
            Paragraph(
                t("{agent} is in good hands. Thank you for being ready.", agent=mention(agent))
            ),
        ),
        Tone.GOOD,
    )


def hand_form(topics: Sequence[Topic], t: Texts) -> Form:
    """Asks what the fast command leaves open."""
    return Form(
        t("Raise a hand"),
        "hand.raise",
        t("Raise it"),
        (
            ChoiceField(
                "topic",
                t("What is it about?"),
                tuple(Option(topic.id, (topic.name(t.locale),)) for topic in topics),
                required=False,
            ),
            ChoiceField(
                "mode",
                t("How should they help?"),
                tuple(Option(mode, _mode(mode, t), _how_they_come(mode, t)) for mode in Mode),
                value=(Mode.JOIN,),
            ),
            TextField(
                "line",
                t("In a few words"),
                limit=LINE_LIMIT,
                required=False,
                hint=t("Helpers see this. Leave the customer's name and number out."),
            ),
        ),
        intro=(Note(t("Nobody listens in silently: whoever joins says so on the line.")),),
    )


def log(
    cases: Sequence[Case], topics: Mapping[str, Topic], t: Texts, *, is_supervisor: bool
) -> Card:
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
    if is_supervisor:
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


def week(numbers: Numbers, day_names: Sequence[str], back: int, t: Texts) -> Card:
    """Counts for supervisors: nobody's name, no ranking."""
    parts: list[Part] = []
    if numbers.hands:
        parts += [
            Facts(
                (
                    (t("Hands raised"), (str(numbers.hands),)),
                    (t("To a human, half of them within"), _seconds(numbers.median, t)),
                    (t("To a human, 95 of 100 within"), _seconds(numbers.p95, t)),
                    (t("Nobody came"), (str(numbers.unanswered),)),
                )
            ),
            Chart(
                t("Hands raised, by day"),
                tuple(zip(day_names, numbers.by_day, strict=True)),
                t.many(
                    "{n} hand in the week, most on {day}",
                    "{n} hands in the week, most on {day}",
                    numbers.hands,
                    day=day_names[numbers.by_day.index(max(numbers.by_day))],
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


def ladder_form(ladder: Ladder, t: Texts, errors: Mapping[str, Line] | None = None) -> Form:
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
    return Form(
        t("The rings"), "settings.ladder.save", t("Save"), tuple(fields), errors=errors or {}
    )


def ladder_saved(t: Texts) -> Card:
    return Card(t("Saved"), (Paragraph(t("Hands raised from now on climb like this.")),), Tone.GOOD)


def member_name(member: Member, t: Texts) -> Line:
    match member:
        case Member.TOPIC:
            return t("those who declared the topic")
        case Member.SUPERVISORS:
            return t("supervisors")
        case Member.TRUSTED:
            return t("the agent's trusted colleagues")
        case Member.EVERYBODY:
            return t("everybody else who may help")


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
    waited = _seconds((case.first_taken_at - case.raised_at).total_seconds(), t)
    return t("{when}, {topic}: a human after {waited}", when=when, topic=topic, waited=waited)


def _seconds(seconds: float | None, t: Texts) -> Line:
    if seconds is None:
        return ("–",)
    if seconds < 90:
        return t.many("{n} second", "{n} seconds", round(seconds))
    return t.many("{n} minute", "{n} minutes", round(seconds / 60))


def _of_case(case: Case, topic: Topic | None, t: Texts) -> tuple[Part, ...]:
    said: tuple[Part, ...] = (Quote((case.line,)),) if case.line else ()
    return (Facts(_about(case, topic, t)), *said)


def _about(case: Case, topic: Topic | None, t: Texts) -> tuple[tuple[Line, Line], ...]:
    about = ((t("About"), (topic.name(t.locale),)),) if topic is not None else ()
    return (*about, (t("How"), _mode(case.mode, t)))


def _answers(case: Case, t: Texts) -> Buttons:
    return Buttons(
        (
            Button(t("I'm coming"), "hand.take", {"case": case.id}, Look.PRIMARY),
            Button(t("Not now"), "hand.decline", {"case": case.id}),
        )
    )


def _of_round(case: Case) -> dict[str, str]:
    return {"case": case.id, "round": str(case.round)}


def _mode(mode: Mode, t: Texts) -> Line:
    match mode:
        case Mode.TIP:
            return t("A tip in chat")
        case Mode.LISTEN:
            return t("Listen in")
        case Mode.JOIN:
            return t("Join the call")
        case Mode.TAKE_OVER:
            return t("Take the call over")


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


def _no_shared_chat(other: Person, t: Texts) -> Line:
    return t(
        "{name} uses another chat app than you: speak by phone. Each of you has the buttons.",
        name=mention(other),
    )


def _how_two_go_on(mode: Mode, agent: Person, helper: Person, t: Texts) -> Line:
    two = {"agent": mention(agent), "helper": mention(helper)}
    match mode:
        case Mode.TIP:
            return t("{agent} stays on the call; {helper} writes the advice here.", **two)
        case Mode.LISTEN:
            return t("{helper} comes on the line, says so, and listens with {agent}.", **two)
        case Mode.JOIN:
            return t("{helper} comes on the line, says so, and the two of you talk on.", **two)
        case Mode.TAKE_OVER:
            return t("{helper} comes on the line, says so, and takes over from {agent}.", **two)


def _how_they_come(mode: Mode, t: Texts) -> Line:
    match mode:
        case Mode.TIP:
            return t("Stay on the call; advice comes here in writing.")
        case Mode.LISTEN:
            return t("They come on the line, say that they are there, and listen with you.")
        case Mode.JOIN:
            return t("They come on the line, say who they are, and you talk on together.")
        case Mode.TAKE_OVER:
            return t("They come on the line, say who they are, and take the call from you.")
