"""What those who are asked, and the two in their conversation, see of a raised hand."""

from collections.abc import Sequence
from datetime import datetime

from handlers.escalation.model import LINE_LIMIT, Answer, Case, Mode, State
from handlers.escalation.phrases import (
    Together,
    about,
    how_they_come,
    how_two_write,
    mode_name,
    of_case,
    of_round,
    reached,
)
from handlers.escalation.rules import HELPER_IS_LATE_AFTER, MOST_JOINED
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
    Quote,
    TextField,
    Tone,
    ToType,
    listed,
    mention,
)
from handlers.kit.people import Person, Topic
from handlers.kit.ports import Texts
from handlers.kit.text import shortened


def ping(case: Case, agent: Person, topic: Topic | None, t: Texts) -> Card:
    """Asks somebody to come."""
    return Card(
        t("{agent} needs a colleague", agent=mention(agent)),
        (*of_case(case, topic, t), _answers(case, t)),
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
        (*of_case(case, topic, t), _answers(case, t)),
        Tone.URGENT,
    )


def ping_told_again(agent: Person, t: Texts) -> Card:
    """For a coordinator who was asked, and then told that nobody was free: one of the two cards
    has the buttons."""
    return Card(
        t("{agent} is still waiting", agent=mention(agent)),
        (Paragraph(t("Nobody was free. The newer message has the button.")),),
        Tone.CAREFUL,
    )


def ping_declined(case: Case, agent: Person, t: Texts) -> Card:
    """What somebody sees who said not now, or has become engaged since they were asked."""
    return Card(
        t("{agent} needs a colleague", agent=mention(agent)),
        (
            Paragraph(
                t(
                    "You can't come now. That is all right, and {agent} does not see it.",
                    agent=mention(agent),
                )
            ),
            Buttons((Button(t("I can come after all"), "hand.take", {"case": case.id}),)),
        ),
    )


def ping_over(
    case: Case,
    two: tuple[Person, Person | None],
    me: Person,
    together: Together,
    t: Texts,
) -> Card:
    """What everybody who was asked sees once the case needs no more answers. `two`: the agent and
    the helper; `together`: how whoever reads this writes to the agent, if they come."""
    agent, helper = two
    if case.state is State.TAKEN and helper is not None:
        if helper.id == me.id:
            return Card(
                t("You are on the way to {agent}", agent=mention(agent)),
                _how_to_reach((agent, helper), me, together, t),
                Tone.GOOD,
            )
        if case.answer_of(me.id) is Answer.JOINED:
            return Card(
                t("You join {helper} and {agent}", helper=mention(helper), agent=mention(agent)),
                _how_to_reach((agent, helper), me, together, t),
                Tone.GOOD,
            )
        title = t("{helper} is on the way", helper=mention(helper))
        join = Button(t("Join them"), "hand.join", of_round(case))
        return Card(title, (Buttons((join,)),), Tone.GOOD)
    if case.state is State.SOLVED:
        return Card(t("Solved. Thank you for being there."), (), Tone.GOOD)
    return Card(t("{agent} no longer needs anybody", agent=mention(agent)))


def _how_to_reach(
    two: tuple[Person, Person], me: Person, together: Together, t: Texts
) -> tuple[Part, ...]:
    """For whoever comes: where they meet the agent, and how the agent reaches them."""
    agent, _ = two
    parts: list[Part] = [Paragraph(how_two_write(together, two, me, t))]
    if agent.extension:
        parts.append(Paragraph(reached(agent, t)))
    if not me.extension:
        parts.append(
            Note(
                t(
                    "{agent} sees no extension of yours. You can set one: {typed}.",
                    agent=mention(agent),
                    typed=ToType("topics"),
                )
            )
        )
    return tuple(parts)


def more(case: Case, two: tuple[Person, Person], topic: Topic | None, t: Texts) -> Card:
    """Asks somebody to come besides the helper."""
    agent, helper = two
    join = Button(t("Join them"), "hand.join", of_round(case), Look.PRIMARY)
    title = t("{agent} and {helper} ask for one more", agent=mention(agent), helper=mention(helper))
    return Card(title, (*of_case(case, topic, t), Buttons((join,))), Tone.URGENT)


def more_asked(people: Sequence[Person], t: Texts) -> Card:
    """For whoever wished for one more."""
    if not people:
        return Card(t("Nobody else is free right now"), (), Tone.CAREFUL)
    return Card(t("Asked as well: {people}.", people=listed((mention(one),) for one in people)))


def ping_of_earlier_round(t: Texts) -> Card:
    return Card(t("This has moved on. If you are needed, there is a newer message."))


def room(
    case: Case,
    two: tuple[Person, Person],
    topic: Topic | None,
    now: datetime,
    t: Texts,
    *,
    joined: Sequence[Person] = (),
    alone: bool = False,
) -> Card:
    """The first message in the conversation of the agent and whoever comes. `alone`: they have
    none, and each has the card to themselves."""
    agent, helper = two
    parts: list[Part] = list(of_case(case, topic, t))
    if joined:
        people = listed((mention(person),) for person in joined)
        parts.append(Paragraph(t("Joining as well: {people}.", people=people)))
    parts += [Paragraph(reached(person, t)) for person in (*two, *joined) if person.extension]
    if case.state is State.TAKEN:
        parts.append(Paragraph(_how_two_go_on(case.mode, agent, helper, t)))
        if alone:
            parts.append(Note(t("You have no chat of the two of you here: speak by phone.")))
        buttons = [
            Button(t("Solved"), "hand.solved", {"case": case.id}, Look.PRIMARY),
            Button(t("I need somebody else"), "hand.else", of_round(case)),
        ]
        if case.taken_at is not None and now >= case.taken_at + HELPER_IS_LATE_AFTER:
            buttons.append(Button(t("Nobody came"), "hand.else", of_round(case)))
        if len(joined) < MOST_JOINED:
            buttons.append(Button(t("One more colleague"), "hand.more", of_round(case)))
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
    """Tells a coordinator that nobody was free; while it is open with what the agent wrote, and
    a way to come oneself."""
    then: tuple[Part, ...] = (Note(t("The hand is no longer up.")),)
    if case.state is State.CALLING:
        come = Button(t("I'm coming"), "hand.take", {"case": case.id}, Look.PRIMARY)
        said: tuple[Part, ...] = (Quote((case.line,)),) if case.line else ()
        then = (*said, Buttons((come,)))
    return Card(
        t("Nobody was free for {agent}", agent=mention(agent)),
        (
            Facts((*about(case, topic, t), (t("Since"), (Moment(case.raised_at),)))),
            *then,
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


def hand_form(topics: Sequence[Topic], t: Texts, line: str) -> Form:
    """Asks what the fast command leaves open; `line` stands there already."""
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
                tuple(Option(mode, mode_name(mode, t), how_they_come(mode, t)) for mode in Mode),
                value=(Mode.JOIN,),
            ),
            TextField(
                "line",
                t("In a few words"),
                value=line,
                limit=LINE_LIMIT,
                required=False,
                hint=t("Helpers see this. Leave the customer's name and number out."),
            ),
        ),
        intro=(Note(t("Nobody listens in silently: whoever joins says so on the line.")),),
    )


def _answers(case: Case, t: Texts) -> Buttons:
    return Buttons(
        (
            Button(t("I'm coming"), "hand.take", {"case": case.id}, Look.PRIMARY),
            Button(t("Not now"), "hand.decline", {"case": case.id}),
        )
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
