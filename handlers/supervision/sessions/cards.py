"""What members see of a session: reminders, votes, the agenda, and whether it was worth it."""

from collections.abc import Mapping, Sequence

from handlers.common.reminders import Choices
from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    ChoiceField,
    Divider,
    Form,
    Line,
    Look,
    Moment,
    Note,
    Option,
    Paragraph,
    Part,
    Row,
    Strong,
    Style,
    Tone,
    mention,
)
from handlers.kit.ports import Texts
from handlers.kit.text import plain
from handlers.supervision.groups.model import Group
from handlers.supervision.sessions.model import MOST_POINTS, Attendance, Outcome, Turn, stamp
from handlers.supervision.sessions.rules import AgendaTopic, Point
from handlers.supervision.shared.cards import cancelled, place_of, session_parts
from handlers.supervision.shared.model import Meeting


def reminder(meeting: Meeting, t: Texts, *, soon: bool = False) -> Card:
    """Before a session: when, where, whose turn it is, and whether one comes."""
    if meeting.is_cancelled:
        return cancelled(meeting, t)
    title = _title(meeting, t)
    if meeting.is_over:
        return Card(title)  # that it is over stands once, where the agenda was
    if soon and not meeting.has_begun:
        begins = Moment(meeting.session.starts_at)
        title = t("{group} begins at {time}", group=meeting.group.name, time=begins)
    return Card(title, session_parts(meeting, t))


def shown(meeting: Meeting, t: Texts) -> Card:
    """The same, asked for."""
    card = reminder(meeting, t)
    return Card(card.title, (*card.parts, Note(t("Only you see this."))), card.tone)


def voted(meeting: Meeting, t: Texts) -> Card:
    if meeting.is_cancelled:
        return cancelled(meeting, t)
    when = Moment(meeting.session.starts_at, Style.DATETIME)
    title = t("{group} has a new time: {when}", group=meeting.group.name, when=when)
    return Card(title, session_parts(meeting, t), Tone.CAREFUL)


def room(meeting: Meeting, t: Texts) -> Card:
    """The agenda while the session lasts."""
    if (
        meeting.is_over
        or meeting.is_cancelled
        or meeting.progress is None
        or meeting.progress.point < 0
    ):
        return Card(t("{group}: this session is over", group=meeting.group.name))
    at, points = meeting.progress.point, meeting.points
    at = min(at, len(points) - 1)
    parts: list[Part] = [
        Bullets(
            tuple(
                _point(meeting, point, t, is_now=number == at)
                for number, point in enumerate(points)
            )
        )
    ]
    place = place_of(meeting)
    if place:
        parts.insert(0, Paragraph(place))
    late = sum(seat.attendance is Attendance.LATE for seat in meeting.seats)
    if late:
        parts.append(
            Paragraph(t.many("{n} comes a little later.", "{n} come a little later.", late))
        )
    values = {"session": meeting.session.id}
    buttons: list[Button] = []
    mine = meeting.mine
    if meeting.agreed:
        buttons.append(Button(t("What people bring"), "session.cases", values))
    else:
        buttons.append(
            Button(t("The agreement first"), "session.agreement", {"group": meeting.group.id})
        )
    if mine is not None and mine.attendance is not Attendance.ATTENDED:
        buttons.insert(0, Button(t("I'm here"), "session.here", values, Look.PRIMARY))
    parts.append(Buttons(tuple(buttons)))
    if steps(meeting):
        moves = []
        if at + 1 < len(points):
            following = values | {"point": str(at + 1)}
            label = t("Next: {topic}", topic=topic_name(points[at + 1], t))
            moves.append(Button(label, "session.step", following, Look.PRIMARY))
        if at:
            moves.append(Button(t("Back"), "session.step", values | {"point": str(at - 1)}))
        parts.append(Buttons(tuple(moves)))
    ends = Moment(meeting.session.ends_at)
    parts.append(
        Note(t("Whoever is here hears no pings and no reminders until {time}.", time=ends))
    )
    return Card(t("{group}: the session is on", group=meeting.group.name), tuple(parts))


def steps(meeting: Meeting) -> bool:
    """Whether the reader leads through the agenda: the facilitator, and where there is none that
    day anybody."""
    mine = meeting.mine
    leads = meeting.who(Turn.FACILITATOR)
    return mine is not None and (mine.part is Turn.FACILITATOR or not leads)


def worth(meeting: Meeting, points: int | None, t: Texts, *, closed: bool) -> Card:
    """After a session, to each alone: was it worth the time?"""
    values = {"session": meeting.session.id}
    keep = Buttons((Button(t("What I take with me"), "session.keepsake", values),))
    own = Note(t("What you take with you only you can see, until you delete it."))
    if closed:
        title = t("{group}: thank you for being there", group=meeting.group.name)
        return Card(title, (keep, own))
    rates = tuple(
        Button(
            (str(number),),
            "session.rate",
            values | {"points": str(number)},
            Look.PRIMARY if number == points else Look.PLAIN,
        )
        for number in range(1, MOST_POINTS + 1)
    )
    said = t("Was it worth the time? 1: not at all, 5: very much.")
    if points is not None:
        said = t("You said {n} of 5. You can change it until tomorrow.", n=points)
    return Card(
        t("{group}: was it worth the time?", group=meeting.group.name),
        (
            Paragraph(said),
            Buttons(rates),
            keep,
            Note(
                t(
                    "Only you see your answer. If five or more answered, the group sees the "
                    "average tomorrow; then the answers are deleted. What you take with you only "
                    "you can see, until you delete it."
                )
            ),
        ),
    )


def vote_over(meeting: Meeting, t: Texts) -> Card:
    """What became of it, or where it stands by now."""
    if meeting.is_cancelled:
        return cancelled(meeting, t)
    when = Moment(meeting.session.starts_at, Style.DATETIME)
    return Card(t("{group} meets: {when}", group=meeting.group.name, when=when))


def vote(meeting: Meeting, t: Texts) -> Card:
    """Too few can come: shall it move?"""
    when = Moment(meeting.session.starts_at, Style.DATETIME)
    name = meeting.group.name
    if (
        meeting.is_cancelled
        or meeting.has_begun
        or meeting.progress is None
        or not meeting.progress.dates
    ):
        return vote_over(meeting, t)
    choice = meeting.votes.get(meeting.me.id)
    parts: list[Part] = [
        Paragraph(
            t(
                "Fewer than four is too few for a good talk. Shall it move? What more than half of "
                "the group choose happens; otherwise it stays."
            )
        )
    ]
    parts += [
        _option(meeting, (Moment(at, Style.DATETIME),), stamp(at), choice, t)
        for at in meeting.progress.dates
    ]
    parts.append(_option(meeting, t("Keep it as it is"), "stay", choice, t))
    parts.append(Note(t("The group sees how many chose what, not who.")))
    title = t("{group}: only {n} can come, {when}", group=name, n=meeting.coming, when=when)
    return Card(title, tuple(parts), Tone.CAREFUL)


def reminders_form(choices: Choices, t: Texts) -> Form:
    chosen = [name for name in ("week", "day", "soon") if getattr(choices, name)]
    return Form(
        t("Reminders"),
        "session.reminders.save",
        t("Save"),
        (
            ChoiceField(
                "when",
                t("Before a session"),
                (
                    Option("week", t("A week before")),
                    Option("day", t("A day before")),
                    Option("soon", t("15 minutes before")),
                ),
                value=tuple(chosen),
                most=3,
                required=False,
                hint=t("The first two wait for your working hours; the last one comes on time."),
            ),
        ),
    )


def reminders_saved(t: Texts) -> Card:
    return Card(t("Saved"), (Paragraph(t("It holds from the next reminder on.")),), Tone.GOOD)


def front(
    meetings: Sequence[Meeting],
    groups: Sequence[Group],
    outcomes: Mapping[str, Sequence[Outcome]],
    t: Texts,
) -> tuple[Part, ...]:
    """The member's part of `/supervision`: each group with its next date."""
    parts: list[Part] = []
    for group in groups:
        mine = next((one for one in meetings if one.group.id == group.id), None)
        values = {"group": group.id}
        if mine is None:
            line = t("{group}: no date yet", group=Strong(group.name))
            parts.append(Row(line, Button(t("The agreement"), "session.agreement", values)))
            continue
        parts.append(session_row(mine, t))
        if not mine.agreed:
            ask = Button(t("Read it"), "session.agreement", values)
            parts.append(Row(t("The agreement waits for you."), ask))
        found = outcomes.get(group.id, ())
        answers = sum(one.answers for one in found)
        if answers:
            mean = f"{sum(one.points for one in found) / answers:.1f}"
            if t.locale == "lv":
                mean = mean.replace(".", ",")
            parts.append(
                Note(t("Worth the time: {mean} of 5, from {n} answers.", mean=mean, n=answers))
            )
    buttons = [
        Button(t("It was really too much"), "session.ask"),
        Button(t("What I took with me"), "session.keepsakes"),
    ]
    if groups:
        buttons.append(Button(t("Reminders"), "session.reminders"))
    return (*parts, Divider(), Buttons(tuple(buttons)))


def session_row(meeting: Meeting, t: Texts) -> Row:
    """A session on one line, with what opens it."""
    when = Moment(meeting.session.starts_at, Style.DATETIME)
    line = t("{group}: {when}", group=Strong(meeting.group.name), when=when)
    return Row(line, Button(t("Open"), "session.show", {"session": meeting.session.id}))


def topic_name(point: Point, t: Texts) -> Line:
    match point.topic:
        case AgendaTopic.ARRIVE:
            return t("Arrive")
        case AgendaTopic.AGREEMENT:
            return t("The agreement")
        case AgendaTopic.CASE:
            return t("Case {n}", n=point.number)
        case AgendaTopic.TAKE:
            return t("What I take with me")


def _title(meeting: Meeting, t: Texts) -> Line:
    when = Moment(meeting.session.starts_at, Style.DATETIME)
    return t("{group}: {when}", group=meeting.group.name, when=when)


def _point(meeting: Meeting, point: Point, t: Texts, *, is_now: bool) -> Line:
    begins = Moment(meeting.session.starts_at + point.after)
    name = topic_name(point, t)
    presenters = meeting.who(Turn.PRESENTER)
    if point.topic is AgendaTopic.CASE and point.number <= len(presenters):
        name = (*name, ": ", mention(presenters[point.number - 1]))
    line = t("{time} {topic}, {n} min", time=begins, topic=name, n=point.minutes)
    if not is_now:
        return line
    return (Strong(plain(t("now"))), " ", *line)


def _option(meeting: Meeting, line: Line, value: str, choice: str | None, t: Texts) -> Part:
    votes = sum(one == value for one in meeting.votes.values())
    look = Look.PRIMARY if choice == value else Look.PLAIN
    button = Button(
        t("My choice") if choice == value else t("Choose"),
        "session.vote",
        {"session": meeting.session.id, "choice": value},
        look,
    )
    counted = t.many("{n} for it", "{n} for it", votes) if votes else ()
    return Row((*line, " · ", *counted) if counted else line, button)
