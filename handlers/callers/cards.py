"""What agents see of a caller's number, and of what they promised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.callers.model import (
    LONGEST_WORDS,
    PROMISE_KEPT,
    SHOWN_HISTORY,
    SHOWN_NOTES,
    CallNote,
    Ending,
    Known,
    Memory,
    MemoryRules,
    Promise,
    PromiseState,
)
from handlers.common.current_call import Contact, CurrentCall
from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    ChoiceField,
    DateField,
    Form,
    Line,
    Link,
    Look,
    Moment,
    Note,
    Option,
    Paragraph,
    Part,
    PeopleField,
    Row,
    Style,
    TextField,
    Tone,
    listed,
    mention,
    on_day,
)
from handlers.kit.people import Person, Topic
from handlers.kit.ports import Texts
from handlers.kit.text import plain, shortened

NO_TOPIC = "none"
_LABEL = 30
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ScreenPop:
    """What a reader is shown of a call: what is remembered of its number, those named in it, the
    workspace's topics by id, the reader's own day and zone, and what everybody says at the moment
    about what the call is about."""

    call: CurrentCall
    memory: Memory
    people: Mapping[str, Person]
    topics: Mapping[str, Topic]
    me: Person
    today: date
    rules: MemoryRules
    issues: tuple[Part, ...] = ()


def caller(seen: ScreenPop, t: Texts) -> Card:
    """What is known of the number, at a glance. Who else has it on the telephone has the buttons of
    the call, and what came with it."""
    known, is_mine = seen.memory.known, seen.call.agent == seen.me.id
    parts: list[Part] = [*seen.issues]
    if known is not None:
        parts.append(Paragraph(_times(seen, t)))
    parts += [Paragraph(_promise(one, seen, t)) for one in _promises(seen)]
    helped = [note.helped for note in seen.memory.notes if note.helped][:SHOWN_NOTES]
    if helped:
        parts.append(Paragraph(t("What helped: {words}.", words="; ".join(helped))))
    if seen.memory.endings:
        parts.append(Paragraph(_ended(seen.memory.endings[0], t)))
    if is_mine:
        parts += _history(seen.call, t)
    if known is None and not parts:
        parts.append(Paragraph(t("Nobody has written anything down about it.")))
    if buttons := _buttons(seen, t):
        parts.append(Buttons(buttons))
    parts.append(
        Note(
            t(
                "It is the number that is known, not who speaks: tell nothing on its strength. "
                "Only you see this."
            )
        )
    )
    parts.append(Note(kept(seen.rules, t)))
    tone = Tone.CAREFUL if known is Known.CUT_OFF or seen.memory.endings else Tone.CALM
    agent = seen.people.get(seen.call.agent)
    if not is_mine and agent is not None:
        title = t("{name} has this number on the telephone now", name=mention(agent))
    else:
        title = _title(known, t)
    return Card(title, tuple(parts), tone)


def over(call: CurrentCall, t: Texts, *, is_answered: bool) -> Card:
    """The same once the call is over: nothing of the caller is left on it."""
    if is_answered:
        return Card(t("Kept for whoever answers this number next"), (), Tone.GOOD)
    lines = Button(t("Two lines about it"), "caller.lines", {"call": call.id})
    return Card(
        t("The call is over"),
        (
            Paragraph(t("What did you promise, and what helped? It spares the next one asking.")),
            Buttons((lines,)),
        ),
    )


def gone(t: Texts) -> Card:
    """Once nothing is known of the call any more, or somebody else has it."""
    return Card(t("What was known of that call is no longer shown"))


def objects(t: Texts) -> Card:
    """Of somebody who objected."""
    return Card(
        t("Nothing is kept of this caller"),
        (Paragraph(t("They asked for it. Whatever you would write down, write elsewhere.")),),
    )


def objected(t: Texts) -> Card:
    return Card(
        t("Nothing is kept of this caller any more"),
        (
            Paragraph(
                t(
                    "What was kept is deleted, and nothing new is kept. If they change their mind: "
                    "whoever looks after Plecs can undo it with plecs callers."
                )
            ),
        ),
        Tone.GOOD,
    )


def no_number(t: Texts, *, in_a_call: bool) -> Card:
    """Where no number is known, and none was typed."""
    title = t("Your call came without a number") if in_a_call else t("I know of no call of yours")
    return Card(
        title,
        (
            Paragraph(t("Type the number behind the command, and I say what is known of it.")),
            Buttons((Button(t("My promises"), "caller.promises"),)),
        ),
    )


def lines_form(
    call: CurrentCall,
    before: tuple[CallNote | None, Promise | None],
    topics: Sequence[Topic],
    t: Texts,
) -> Form:
    """The optional lines after a call."""
    note, promise = before
    topic = (note.topic if note else None) or (promise.topic if promise else None) or call.topic
    return Form(
        t("Two lines about it"),
        "caller.lines.keep",
        t("Keep"),
        (
            ChoiceField(
                "topic",
                t("What was it about?"),
                (
                    Option(NO_TOPIC, t("nothing of these")),
                    *(Option(one.id, (one.name(t.locale),)) for one in topics[:99]),
                ),
                value=(topic if any(one.id == topic for one in topics) and topic else NO_TOPIC,),
            ),
            TextField(
                "promised",
                t("What did you promise?"),
                promise.words if promise else "",
                limit=LONGEST_WORDS,
                required=False,
                hint=t("No names and no numbers: they would be hidden as •••."),
            ),
            DateField(
                "due",
                t("By when?"),
                promise.due.isoformat() if promise else "",
                required=False,
            ),
            TextField(
                "helped",
                t("What helped?"),
                note.helped if note else "",
                limit=LONGEST_WORDS,
                required=False,
                hint=t("For whoever answers next: naming the next step, say."),
            ),
        ),
        values={"call": call.id},
    )


def lines_kept(
    note: CallNote, promise: Promise | None, rules: MemoryRules, t: Texts, *, hidden: bool
) -> Card:
    parts: list[Part] = []
    if promise is not None:
        what, when = promise.words, on_day(promise.due)
        is_told_before = promise.next_at is not None and promise.next_at.date() < promise.due
        parts.append(
            Paragraph(
                t(
                    "You promised: {what}, by {when}. I remind you the day before.",
                    what=what,
                    when=when,
                )
                if is_told_before
                else t("You promised: {what}, by {when}.", what=what, when=when)
            )
        )
    if note.helped:
        parts.append(Paragraph(t("What helped: {words}.", words=note.helped)))
    if hidden:
        parts.append(Note(t("Numbers and names that tell who the caller is are hidden as •••.")))
    parts.append(Note(kept(rules, t)))
    return Card(t("Kept for whoever answers this number next"), tuple(parts), Tone.GOOD)


def promises(mine: Sequence[Promise], today: date, topics: Mapping[str, Topic], t: Texts) -> Card:
    """What one has promised and not settled."""
    if not mine:
        return Card(t("You have promised nothing that is still open"))
    rows = tuple(
        Row(
            due_line(one, today, topics, t),
            Button(t("What came of it"), "caller.promise", {"promise": one.id}),
        )
        for one in mine
    )
    return Card(t("Your promises"), rows)


def promise(one: Promise, today: date, topics: Mapping[str, Topic], t: Texts) -> Card:
    """One promise, with what may become of it."""
    if one.state is not PromiseState.OPEN:
        return settled(one, t)
    values = {"promise": one.id}
    return Card(
        t("You promised"),
        (
            Paragraph(due_line(one, today, topics, t)),
            Buttons(
                (
                    Button(t("It is kept"), "caller.kept", values, Look.PRIMARY),
                    Button(t("Hand it over"), "caller.hand_over", values),
                    Button(t("Not possible"), "caller.not_possible", values),
                )
            ),
        ),
    )


def due(mine: Sequence[Promise], today: date, topics: Mapping[str, Topic], t: Texts) -> Card:
    """The one message of a day about what is due."""
    card = promises(mine, today, topics, t)
    title = t.many("{n} promise is due", "{n} promises are due", len(mine))
    return Card(title, card.parts) if mine else Card(t("Nothing you promised is due any more"))


def handed(one: Promise, today: date, topics: Mapping[str, Topic], t: Texts) -> Card:
    """For whoever a promise was handed to."""
    mine = promise(one, today, topics, t)
    if one.state is not PromiseState.OPEN:
        return mine
    return Card(t("A promise is yours now"), mine.parts)


def left(t: Texts) -> Card:
    """For whoever sees to what a colleague who left had promised."""
    return Card(
        t("What a colleague promised to callers is yours now"),
        (
            Paragraph(
                t(
                    "They are no longer here, and the callers still wait. Keep it, or hand it to "
                    "whoever should."
                )
            ),
            Buttons((Button(t("My promises"), "caller.promises", look=Look.PRIMARY),)),
        ),
    )


def hand_over_form(one: Promise, t: Texts) -> Form:
    return Form(
        t("Hand a promise over"),
        "caller.handed",
        t("Hand over"),
        (PeopleField("to", t("Who sees to it?")),),
        values={"promise": one.id},
        intro=(Paragraph((one.words,)),),
    )


def settled(one: Promise, t: Texts) -> Card:
    tone = Tone.CALM if one.state is PromiseState.NOT_POSSIBLE else Tone.GOOD
    return Card(_settled(one.state, t), (), tone)


def due_line(one: Promise, today: date, topics: Mapping[str, Topic], t: Texts) -> Line:
    """What was promised and by when, with how far off that is."""
    topic = topics.get(one.topic or "")
    about = f" ({topic.name(t.locale)})" if topic is not None else ""
    what = f"{one.words}{about}"
    if one.due < today:
        return t("{what}: was due {when}", what=what, when=on_day(one.due))
    if one.due == today:
        return t("{what}: due today", what=what)
    if one.due == today + _DAY:
        return t("{what}: due tomorrow", what=what)
    return t("{what}: due {when}", what=what, when=on_day(one.due))


def kept(rules: MemoryRules, t: Texts) -> Line:
    """How long what is kept."""
    return t(
        "Kept of a number: its calls {calls} days, that one was ended within policy {ended} days, "
        "a promise until it is settled and {settled} days. The number itself is nowhere.",
        calls=rules.calls,
        ended=rules.boundary,
        settled=PROMISE_KEPT,
    )


def _title(known: Known | None, t: Texts) -> Line:
    match known:
        case Known.CUT_OFF:
            return t("This number was cut off a moment ago")
        case Known.AGAIN:
            return t("This number calls again")
        case Known.KNOWN:
            return t("This number is known")
        case None:
            return t("Nothing is known of this number")


def _times(seen: ScreenPop, t: Texts) -> Line:
    """How often, since when, and about what."""
    memory = seen.memory
    number, days = memory.times(seen.me.zone)
    calls = t.many("{n} call", "{n} calls", number)
    within = t("today") if days == 1 else t.many("in {n} day", "in {n} days", days)
    line = t("This number: {calls} {within}, with this one.", calls=calls, within=within)
    topic = seen.topics.get(memory.topic or "")
    if topic is not None:
        line = (*line, " ", *t("About: {topic}.", topic=topic.name(t.locale)))
    last = next(iter(memory.earlier), None)
    agent = seen.people.get(last.agent or "") if last is not None else None
    if memory.known is Known.CUT_OFF and last is not None and last.ended_at is not None:
        who = (
            t("Last with {agent}, until {when}.", agent=mention(agent), when=Moment(last.ended_at))
            if agent is not None and agent.id != seen.me.id
            else t("The last one ended at {when}.", when=Moment(last.ended_at))
        )
        line = (*line, " ", *who)
    return line


def _promises(seen: ScreenPop) -> Sequence[Promise]:
    """What still counts: open promises, and what came of the newest otherwise. Of one that was
    handed over, the one that it became."""
    known = [one for one in seen.memory.promises if one.state is not PromiseState.HANDED_OVER]
    still = [one for one in known if one.state is PromiseState.OPEN]
    return still[:SHOWN_NOTES] or known[:1]


def _promise(one: Promise, seen: ScreenPop, t: Texts) -> Line:
    who = seen.people.get(one.promiser)
    made = Moment(one.made_at, Style.DATE)
    if who is not None and _was_handed(one, seen):
        said = t(
            "Promised {when}: {what}. {who} sees to it now.",
            when=made,
            what=one.words,
            who=mention(who),
        )
    elif who is None:
        said = t("Promised {when}: {what}.", when=made, what=one.words)
    elif who.id == seen.me.id:
        said = t("You promised {when}: {what}.", when=made, what=one.words)
    else:
        said = t("{who} promised {when}: {what}.", who=mention(who), when=made, what=one.words)
    if one.state is not PromiseState.OPEN:
        return (*said, " ", *_settled(one.state, t), ".")
    if one.due == seen.today:
        by = t("By today.")
    elif one.due == seen.today + _DAY:
        by = t("By {when}, which is tomorrow.", when=on_day(one.due))
    elif one.due < seen.today:
        by = t("It was due {when}.", when=on_day(one.due))
    else:
        by = t("By {when}.", when=on_day(one.due))
    return (*said, " ", *by)


def _was_handed(one: Promise, seen: ScreenPop) -> bool:
    """Whether somebody else made it."""
    return any(
        before.call == one.call
        and before.state is PromiseState.HANDED_OVER
        and before.promiser != one.promiser
        for before in seen.memory.promises
    )


def _ended(one: Ending, t: Texts) -> Line:
    name = one.boundary.get(t.locale) or next(iter(one.boundary.values()), "")
    return t(
        "A call with this number was ended within policy ({when}): {boundary}. Warnings before it: "
        "{n}.",
        when=Moment(one.at, Style.DATE),
        boundary=name,
        n=one.step,
    )


def _history(call: CurrentCall, t: Texts) -> tuple[Part, ...]:
    """What the company's own systems pushed with the call."""
    parts: list[Part] = []
    if call.history:
        newest = sorted(call.history, key=lambda one: one.at, reverse=True)[:SHOWN_HISTORY]
        parts.append(Bullets(tuple(map(_contact, newest))))
    if call.history_url:
        parts.append(Paragraph((Link(plain(t("Open in CRM")), call.history_url),)))
    return tuple(parts)


def _contact(one: Contact) -> Line:
    words = ((told,) for told in (one.channel, one.topic, one.outcome) if told)
    return listed(((Moment(one.at, Style.DATE),), *words))


def _buttons(seen: ScreenPop, t: Texts) -> tuple[Button, ...]:
    buttons: list[Button] = []
    promised = next((one for one in _promises(seen) if one.promiser != seen.me.id), None)
    who = seen.people.get(promised.promiser) if promised is not None else None
    if who is not None and who.belongs:
        name = shortened(who.first_name, _LABEL - 12)
        buttons.append(Button(t("Ask {name}", name=name), "hand", {"person": who.id}, Look.PRIMARY))
    topic = seen.topics.get(seen.memory.topic or seen.call.topic or "")
    if topic is not None:
        name = shortened(topic.name(t.locale), _LABEL - 14)
        buttons.append(Button(t("Ask about: {topic}", topic=name), "hand", {"topic": topic.id}))
    if seen.call.agent != seen.me.id:
        return tuple(buttons)
    values = {"call": seen.call.id}
    buttons.append(Button(t("Two lines about it"), "caller.lines", values))
    if seen.call.by_hand:
        buttons.append(Button(t("The call is over"), "caller.over", values))
    buttons.append(
        Button(
            t("They want nothing kept"),
            "caller.object",
            values,
            confirm=t("Delete all that is kept of this caller, and keep nothing from now on?"),
        )
    )
    return tuple(buttons)


def _settled(state: PromiseState, t: Texts) -> Line:
    match state:
        case PromiseState.KEPT:
            return t("The promise is kept")
        case PromiseState.HANDED_OVER:
            return t("The promise was handed over")
        case PromiseState.NOT_POSSIBLE:
            return t("The promise was not possible to keep")
        case PromiseState.OPEN:
            return t("The promise is open")
