"""What coordinators see of a group's dates, and how members hear of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    DateField,
    Facts,
    Field,
    Form,
    Line,
    Link,
    Look,
    Moment,
    Note,
    NumberField,
    Paragraph,
    Part,
    Quote,
    Row,
    Strong,
    Style,
    TextField,
    TimeField,
    Tone,
    listed,
    mention,
)
from handlers.kit.people import Person
from handlers.kit.ports import Texts
from handlers.kit.text import plain
from handlers.plans.rest import instant
from handlers.supervision.dates.model import (
    LEAST_MINUTES,
    LONGEST_REASON,
    MOST_MINUTES,
    MOST_WEEKS,
    UNDO_FOR,
    Change,
    ChangeKind,
    Cycle,
    CycleState,
)
from handlers.supervision.dates.rules import Dates, Rhythm, Slot, Why, minutes_of
from handlers.supervision.groups.model import Group
from handlers.supervision.sessions.model import Session, SessionState

MOST_SESSIONS = 12
"""In one cycle: what a workspace may set at most."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many sessions a cycle has: from `least` to `most`, by the workspace's settings. Eight to
    ten is what peer groups in the field have."""

    least: int = 8
    most: int = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """A cycle's form, as typed."""

    first: str
    wall: str
    zone: str
    weeks: int = 2
    minutes: int = 90
    count: int = 8


def cycle_form(
    group: Group, asked: Asked, sizes: Sizes, t: Texts, errors: Mapping[str, Line] | None = None
) -> Form:
    return Form(
        t("Plan a cycle"),
        "supervision.cycle.preview",
        t("Show the dates"),
        (
            DateField("first", t("First date"), asked.first, hint=t("Its weekday is the cycle's.")),
            TimeField("wall", t("Begins at"), asked.wall),
            TextField(
                "zone",
                t("Time zone"),
                asked.zone,
                limit=60,
                hint=t("The clock on the wall there counts, in summer and in winter."),
            ),
            NumberField("weeks", t("Every how many weeks"), asked.weeks, 1, MOST_WEEKS),
            *_lengths(asked, sizes, t),
        ),
        values={"group": group.id},
        intro=(
            Paragraph((Strong(group.name),)),
            Paragraph(t("You see all dates before anybody is told.")),
        ),
        errors=errors or {},
    )


def find_form(
    group: Group, asked: Asked, sizes: Sizes, t: Texts, errors: Mapping[str, Line] | None = None
) -> Form:
    return Form(
        t("Find a time"),
        "supervision.find.slots",
        t("Find"),
        (
            DateField("first", t("From"), asked.first),
            NumberField("weeks", t("Every how many weeks"), asked.weeks, 1, MOST_WEEKS),
            *_lengths(asked, sizes, t),
        ),
        values={"group": group.id, "zone": asked.zone},
        intro=(Paragraph(t("By working hours and other sessions. Nobody is asked.")),),
        errors=errors or {},
    )


def _lengths(asked: Asked, sizes: Sizes, t: Texts) -> tuple[Field, ...]:
    count = min(max(asked.count, sizes.least), sizes.most)
    return (
        NumberField("minutes", t("Minutes"), asked.minutes, LEAST_MINUTES, MOST_MINUTES),
        NumberField("count", t("How many sessions"), count, sizes.least, sizes.most),
    )


def slots(
    group: Group,
    found: Sequence[Slot],
    rhythm: Rhythm,
    people: Mapping[str, Person],
    t: Texts,
) -> Card:
    """The best times, and who can't come then: never why they are elsewhere."""
    parts: list[Part] = []
    for slot in found:
        day = weekdays(t)[slot.first.weekday()]
        begins = datetime.combine(slot.first, time.fromisoformat(slot.wall))
        line: Line = (
            Strong(plain(day)),
            f" {slot.wall}, ",
            *t("from {day}", day=Moment(instant(begins, rhythm.zone), Style.DATE)),
            ": ",
            *_who_can_not(slot, people, t),
        )
        values = {
            "group": group.id,
            "first": slot.first.isoformat(),
            "wall": slot.wall,
            "zone": rhythm.zone,
            "weeks": str(rhythm.weeks),
            "minutes": str(rhythm.minutes),
            "count": str(rhythm.count),
        }
        parts.append(Row(line, Button(t("Take this"), "supervision.cycle", values)))
    if not found:
        parts.append(Paragraph(t("Nobody is in the group yet. Invite people first.")))
    return Card(
        t("Times for {group}", group=group.name),
        (
            *parts,
            Buttons((Button(t("Back"), "supervision.group", {"group": group.id}),)),
            Note(t("Who has no working hours set is thought to work Mon-Fri 09:00-17:00.")),
        ),
    )


def _who_can_not(slot: Slot, people: Mapping[str, Person], t: Texts) -> Line:
    if not slot.missing:
        return t("everybody can")
    reasons: list[Line] = []
    if slot.off_hours:
        names = listed((mention(people[one]),) for one in slot.off_hours)
        reasons.append(t("outside working hours: {people}", people=names))
    if slot.elsewhere:
        names = listed((mention(people[one]),) for one in slot.elsewhere)
        reasons.append(t("in another session: {people}", people=names))
    return listed(reasons)


def cycle_preview(
    group: Group,
    rhythm: Rhythm,
    found: Dates,
    t: Texts,
    *,
    told: int,
    values: Mapping[str, str],
) -> Card:
    """The whole list before anybody is told."""
    parts: list[Part] = [
        Paragraph(rhythm_line(rhythm, t)),
        Bullets(tuple(_moment(instant(wall, rhythm.zone)) for wall in found.walls), numbered=True),
    ]
    for one in found.skipped:
        when = Moment(instant(one.wall, rhythm.zone), Style.DATE)
        why = (
            t("{day} is a public holiday", day=when)
            if one.why is Why.HOLIDAY
            else t("More than a third are away on {day}", day=when)
        )
        instead = (
            t("instead: {day}", day=Moment(instant(one.instead, rhythm.zone), Style.DATE))
            if one.instead is not None
            else t("the cycle ends a date later")
        )
        parts.append(Paragraph((*why, "; ", *instead, ".")))
    parts += [
        Buttons(
            (
                Button(t("Plan these dates"), "supervision.cycle.plan", values, Look.PRIMARY),
                Button(t("Change"), "supervision.cycle", values),
            )
        ),
        Note(
            t.many(
                "Nothing is planned yet. {n} person gets one message with all the dates.",
                "Nothing is planned yet. {n} people get one message with all the dates.",
                told,
            )
        ),
    ]
    return Card(t("{group}: these dates?", group=group.name), tuple(parts))


def rhythm_line(rhythm: Rhythm, t: Texts) -> Line:
    day = weekdays(t)[rhythm.first.weekday()]
    return t.many(
        "Every week: {day}, {time} ({zone}), {minutes} minutes",
        "Every {n} weeks: {day}, {time} ({zone}), {minutes} minutes",
        rhythm.weeks,
        day=day,
        time=rhythm.wall,
        zone=rhythm.zone,
        minutes=rhythm.minutes,
    )


def weekdays(t: Texts) -> tuple[Line, ...]:
    return (
        t("Monday"),
        t("Tuesday"),
        t("Wednesday"),
        t("Thursday"),
        t("Friday"),
        t("Saturday"),
        t("Sunday"),
    )


def dates(
    group: Group, cycle: Cycle | None, sessions: Sequence[Session], now: datetime, t: Texts
) -> Card:
    """The sessions of the group's newest cycle, each with what can be done."""
    of_group = {"group": group.id}
    parts: list[Part] = []
    for one in sessions:
        line: Line = (f"{one.number}. ", *_moment(one.starts_at))
        if one.state is SessionState.CANCELLED:
            parts.append(Paragraph((*line, " (", *t("cancelled"), ")")))
        elif one.starts_at <= now:
            parts.append(Paragraph((*line, " (", *t("was"), ")")))
        else:
            parts.append(Row(line, Button(t("Change"), "supervision.date", {"session": one.id})))
    if cycle is None:
        parts.append(Paragraph(t("Nothing is planned yet.")))
    running = cycle is not None and cycle.state is CycleState.RUNNING
    again = Button(
        t("Plan a cycle") if cycle is None else t("Next cycle"), "supervision.cycle", of_group
    )
    buttons = (
        Button(t("Add a date"), "supervision.add", of_group),
        again,
        Button(t("End the cycle"), "supervision.end", of_group, Look.DANGER),
        Button(t("Back"), "supervision.group", of_group),
    )
    parts.append(Buttons(buttons if running else (again, buttons[3])))
    title = (
        t("{group}: cycle {n}", group=group.name, n=cycle.number)
        if cycle is not None
        else t("{group}: dates", group=group.name)
    )
    return Card(title, tuple(parts))


def date_card(group: Group, session: Session, t: Texts) -> Card:
    of_session = {"session": session.id}
    return Card(
        t("{group}: session {n}", group=group.name, n=session.number),
        (
            Facts(
                (
                    (t("When"), _moment(session.starts_at)),
                    (t("Minutes"), (str(minutes_of(session)),)),
                    (t("Time zone"), (session.zone,)),
                )
            ),
            Buttons(
                (
                    Button(t("Move it"), "supervision.move", of_session, Look.PRIMARY),
                    Button(t("Move it and the following"), "supervision.shift", of_session),
                    Button(t("Cancel it"), "supervision.cancel", of_session, Look.DANGER),
                    Button(t("Back"), "supervision.dates", {"group": group.id}),
                )
            ),
        ),
    )


@dataclass(frozen=True, slots=True)
class When:
    """A date with its start and end, as typed."""

    day: str
    start: str
    end: str


def when_form(
    kind: ChangeKind,
    when: When,
    zone: str,
    values: Mapping[str, str],
    t: Texts,
    *,
    errors: Mapping[str, Line] | None = None,
) -> Form:
    """Asks for a date: of a session that moves, of all from one on, or of one that is added."""
    titles: Mapping[ChangeKind, Callable[[], Line]] = {
        ChangeKind.MOVED: lambda: t("Move the session"),
        ChangeKind.ALL_MOVED: lambda: t("Move the following"),
        ChangeKind.ADDED: lambda: t("Add a date"),
    }
    intro = (
        (Paragraph(t("The following move by as many days, to the same time.")),)
        if kind is ChangeKind.ALL_MOVED
        else ()
    )
    return Form(
        titles[kind](),
        "supervision.edit.preview",
        t("Show what changes"),
        (
            DateField("day", t("Date"), when.day),
            TimeField("start", t("From"), when.start, hint=t("Time in {zone}", zone=zone)),
            TimeField("end", t("Until"), when.end),
        ),
        values={**values, "kind": kind},
        intro=intro,
        errors=errors or {},
    )


def reason_form(
    kind: ChangeKind,
    group: Group,
    sessions: Sequence[Session],
    values: Mapping[str, str],
    t: Texts,
    *,
    errors: Mapping[str, Line] | None = None,
) -> Form:
    what = (
        t("All dates to come are cancelled and the cycle is over.")
        if kind is ChangeKind.ENDED
        else listed(_moment(one.starts_at) for one in sessions)
    )
    return Form(
        t("End the cycle") if kind is ChangeKind.ENDED else t("Cancel the session"),
        "supervision.edit.preview",
        t("Show what changes"),
        (
            TextField(
                "reason",
                t("Why, for the members"),
                values.get("reason", ""),
                limit=LONGEST_REASON,
                multiline=True,
                required=kind is ChangeKind.CANCELLED,
            ),
        ),
        values={**values, "kind": kind},
        intro=(Paragraph((Strong(group.name),)), Paragraph(what)),
        errors=errors or {},
    )


def edit_preview(
    group: Group,
    kind: ChangeKind,
    pairs: Sequence[tuple[Session | None, Session]],
    t: Texts,
    *,
    warnings: Mapping[str, Why],
    told: Sequence[Person],
    values: Mapping[str, str],
) -> Card:
    """What will be different, and for whom; nothing is yet."""
    parts: list[Part] = [Bullets(tuple(_difference(old, new, t) for old, new in pairs))]
    for _, new in pairs:
        why = warnings.get(new.id)
        when = Moment(new.starts_at, Style.DATE)
        if why is Why.HOLIDAY:
            parts.append(Paragraph(t("{day} is a public holiday.", day=when)))
        elif why is Why.AWAY:
            parts.append(Paragraph(t("More than a third are away on {day}.", day=when)))
    reason = pairs[0][1].reason if pairs else ""
    if reason:
        parts.append(Quote((reason,)))
    names = listed((mention(person),) for person in told)
    parts += [
        Paragraph(t("They are told: {people}", people=names) if told else t("Nobody is told.")),
        Buttons(
            (
                Button(_does(kind, t), "supervision.edit.do", values, Look.PRIMARY),
                Button(t("Back"), "supervision.dates", {"group": group.id}),
            )
        ),
        Note(t("Nothing has changed yet. You can undo it for 10 minutes.")),
    ]
    return Card(t("{group}: this will change", group=group.name), tuple(parts))


def done(group: Group, change: Change, t: Texts) -> Card:
    """It is done, and can be undone for a while."""
    of_change, of_group = {"change": change.id}, {"group": group.id}
    if change.undone_at is not None:
        return Card(
            t("{group}: taken back", group=group.name),
            (
                Paragraph(t("Everything is as it was. Who had heard of it hears of this too.")),
                Buttons((Button(t("Dates"), "supervision.dates", of_group),)),
            ),
        )
    until = Moment(change.at + UNDO_FOR, Style.TIME)
    return Card(
        t("{group}: done", group=group.name),
        (
            Bullets(tuple(_difference(old, new, t) for old, new in pairs_of(change))),
            Paragraph(t.many("{n} person is told.", "{n} people are told.", len(change.people))),
            Buttons(
                (
                    Button(t("Undo"), "supervision.undo", of_change),
                    Button(t("Dates"), "supervision.dates", of_group),
                )
            ),
            Note(t("You can undo it until {time}.", time=until)),
        ),
        Tone.GOOD,
    )


def told(
    group: Group,
    change: Change,
    sessions: Sequence[Session],
    owner: Person | None,
    t: Texts,
    *,
    dates: Link | None,
) -> Card:
    """How a member hears of it; `sessions` are the cycle's as they are now, `dates` leads to them
    as a file."""
    name = group.name
    if change.undone_at is not None:
        return _told_undone(group, change, t)
    pairs = pairs_of(change)
    parts: list[Part] = []
    match change.kind:
        case ChangeKind.PLANNED:
            title = t.many("{group}: {n} date", "{group}: {n} dates", len(pairs), group=name)
            parts.append(Bullets(tuple(_as_it_is(one, t) for one in sessions), numbered=True))
            if dates is not None:
                parts.append(Paragraph((dates,)))
        case ChangeKind.MOVED | ChangeKind.ALL_MOVED:
            title = t.many(
                "{group}: a date moved", "{group}: {n} dates moved", len(pairs), group=name
            )
            parts.append(Bullets(tuple(_difference(old, new, t) for old, new in pairs)))
        case ChangeKind.ADDED:
            title = t("{group}: one date more", group=name)
            parts.append(Bullets(tuple(_moment(new.starts_at) for _, new in pairs)))
        case ChangeKind.CANCELLED | ChangeKind.ENDED:
            title = (
                t("{group}: a session is cancelled", group=name)
                if change.kind is ChangeKind.CANCELLED
                else t("{group}: the cycle is over", group=name)
            )
            parts.append(Bullets(tuple(_difference(old, new, t) for old, new in pairs)))
            reason = pairs[0][1].reason if pairs else ""
            if reason:
                parts.append(Quote((reason,)))
    return Card(title, (*[one for one in parts if one != Bullets(())], *_questions(owner, t)))


def _told_undone(group: Group, change: Change, t: Texts) -> Card:
    """The message that had told of it says now what holds instead."""
    back = [old for old, _ in pairs_of(change) if old is not None]
    if change.kind is ChangeKind.PLANNED:
        said = t("These dates are taken back. You hear of others here.")
    elif change.kind is ChangeKind.ADDED:
        said = t("The added date is taken back.")
    else:
        said = t("That is taken back. These dates stay as they were:")
    dates_back = (Bullets(tuple(_moment(one.starts_at) for one in back)),) if back else ()
    return Card(t("{group}: taken back", group=group.name), (Paragraph(said), *dates_back))


def _questions(owner: Person | None, t: Texts) -> tuple[Part, ...]:
    mine = Buttons(
        (
            Button(t("My groups"), "supervision"),
            Button(t("In my calendar"), "supervision.calendar"),
        )
    )
    if owner is None:
        return (mine,)
    return (mine, Note(t("Questions? Ask {name}.", name=owner.name)))


def pairs_of(change: Change) -> tuple[tuple[Session | None, Session], ...]:
    """Each session that the change touched, before and after."""
    before = {one.id: one for one in change.before.sessions}
    return tuple((before.get(one.id), one) for one in change.after.sessions)


def _difference(old: Session | None, new: Session, t: Texts) -> Line:
    if new.state is SessionState.CANCELLED:
        return t("{when} does not take place", when=Moment(new.starts_at, Style.DATETIME))
    if old is None:
        return t("new: {when}", when=Moment(new.starts_at, Style.DATETIME))
    line = t(
        "{before} moves to {after}",
        before=Moment(old.starts_at, Style.DATETIME),
        after=Moment(new.starts_at, Style.DATETIME),
    )
    if minutes_of(old) != minutes_of(new):
        line += (", ", *t.many("{n} minute", "{n} minutes", minutes_of(new)))
    return line


def _as_it_is(session: Session, t: Texts) -> Line:
    line = _moment(session.starts_at)
    if session.state is SessionState.CANCELLED:
        line += (" (", *t("cancelled"), ")")
    return line


def _does(kind: ChangeKind, t: Texts) -> Line:
    match kind:
        case ChangeKind.CANCELLED:
            return t("Cancel the session")
        case ChangeKind.ENDED:
            return t("End the cycle")
        case ChangeKind.ADDED:
            return t("Add this date")
        case _:
            return t("Move")


def _moment(at: datetime) -> Line:
    return (Moment(at, Style.DATETIME),)


def sizes_form(sizes: Sizes, t: Texts, errors: Mapping[str, Line] | None = None) -> Form:
    return Form(
        t("Sessions in a cycle"),
        "supervision.sizes.save",
        t("Save"),
        (
            NumberField("least", t("At least"), sizes.least, 1, MOST_SESSIONS),
            NumberField("most", t("At most"), sizes.most, 1, MOST_SESSIONS),
        ),
        errors=errors or {},
    )


def sizes_saved(sizes: Sizes, t: Texts) -> Card:
    return Card(
        t("Cycles have {least} to {most} sessions", least=sizes.least, most=sizes.most),
        (Buttons((Button(t("All groups"), "supervision.all"),)),),
        Tone.GOOD,
    )
