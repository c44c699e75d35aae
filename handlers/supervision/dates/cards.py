"""What coordinators see of a group's dates, and how members hear of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    DateField,
    Facts,
    Form,
    Line,
    Link,
    Look,
    Moment,
    Note,
    Paragraph,
    Part,
    Quote,
    Row,
    Strong,
    Style,
    TextField,
    TimeField,
    listed,
    mention,
)
from handlers.kit.people import Person
from handlers.kit.ports import Texts
from handlers.supervision.cycles.model import Cycle, CycleState
from handlers.supervision.dates.model import LONGEST_REASON, ChangeKind, DateChange
from handlers.supervision.dates.rules import Why, minutes_of
from handlers.supervision.groups.model import Group
from handlers.supervision.sessions.model import Session, SessionState
from handlers.supervision.shared.cards import difference, moment_line, pairs_of


def dates(
    group: Group, cycle: Cycle | None, sessions: Sequence[Session], now: datetime, t: Texts
) -> Card:
    """The sessions of the group's newest cycle, each with what can be done."""
    of_group = {"group": group.id}
    parts: list[Part] = []
    for one in sessions:
        line: Line = (f"{one.number}. ", *moment_line(one.starts_at))
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
                    (t("When"), moment_line(session.starts_at)),
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
class DateDraft:
    """A date with its start and end, as its form begins with them."""

    day: str
    start: str
    end: str


def when_form(
    kind: ChangeKind,
    when: DateDraft,
    zone: str,
    values: Mapping[str, str],
    t: Texts,
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
    )


def reason_form(
    kind: ChangeKind,
    group: Group,
    sessions: Sequence[Session],
    values: Mapping[str, str],
    t: Texts,
) -> Form:
    what = (
        t("All dates to come are cancelled and the cycle is over.")
        if kind is ChangeKind.ENDED
        else listed(moment_line(one.starts_at) for one in sessions)
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
    parts: list[Part] = [Bullets(tuple(difference(old, new, t) for old, new in pairs))]
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


def told(
    group: Group,
    change: DateChange,
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
            parts.append(Bullets(tuple(difference(old, new, t) for old, new in pairs)))
        case ChangeKind.ADDED:
            title = t("{group}: one date more", group=name)
            parts.append(Bullets(tuple(moment_line(new.starts_at) for _, new in pairs)))
        case ChangeKind.CANCELLED | ChangeKind.ENDED:
            title = (
                t("{group}: a session is cancelled", group=name)
                if change.kind is ChangeKind.CANCELLED
                else t("{group}: the cycle is over", group=name)
            )
            parts.append(Bullets(tuple(difference(old, new, t) for old, new in pairs)))
            reason = pairs[0][1].reason if pairs else ""
            if reason:
                parts.append(Quote((reason,)))
    return Card(title, (*[one for one in parts if one != Bullets(())], *_questions(owner, t)))


def _told_undone(group: Group, change: DateChange, t: Texts) -> Card:
    """The message that had told of it says now what holds instead."""
    back = [old for old, _ in pairs_of(change) if old is not None]
    if change.kind is ChangeKind.PLANNED:
        said = t("These dates are taken back. You hear of others here.")
    elif change.kind is ChangeKind.ADDED:
        said = t("The added date is taken back.")
    else:
        said = t("That is taken back. These dates stay as they were:")
    dates_back = (Bullets(tuple(moment_line(one.starts_at) for one in back)),) if back else ()
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


def _as_it_is(session: Session, t: Texts) -> Line:
    line = moment_line(session.starts_at)
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
