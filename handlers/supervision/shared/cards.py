"""What several rooms show: a group as it stands, a session, and what was done to dates."""

from datetime import datetime

from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Facts,
    Line,
    Link,
    Look,
    Moment,
    Note,
    Paragraph,
    Part,
    Quote,
    Row,
    Style,
    Tone,
    listed,
    mention,
)
from handlers.kit.people import Person
from handlers.kit.ports import Texts
from handlers.supervision.dates.model import UNDO_FOR, DateChange
from handlers.supervision.dates.rules import minutes_of
from handlers.supervision.groups.model import Group, Summary
from handlers.supervision.members.model import Roster, Standing
from handlers.supervision.sessions.model import Attendance, Session, SessionState, Turn
from handlers.supervision.shared.model import Meeting

LANGUAGES = {"lv": "Latviešu", "en": "English"}

_LISTED = 8
"""People of one kind, besides the members, on a group's card: what Slack shows of rows in all."""


def group_card(
    inside: Roster,
    summary: Summary,
    owner: Person | None,
    me: Person,
    t: Texts,
    *,
    said: tuple[Part, ...] = (),
) -> Card:
    """A group as a coordinator sees it: who has joined, how many are invited but never who."""
    group = inside.group
    facilitator = inside.people.get(group.facilitator)
    facts: list[tuple[Line, Line]] = [
        (t("Seats"), seats_line(group, summary, t)),
        (t("Next date"), next_date(summary, t)),
        (
            t("Facilitates"),
            (mention(facilitator),) if facilitator is not None else t("the members, in turn"),
        ),
        (t("Language"), (LANGUAGES[group.locale],)),
    ]
    if group.position:
        facts.append((t("Position"), (group.position,)))
    if group.place:
        facts.append((t("Place"), (group.place,)))
    if summary.held:
        facts.append((t("Were there"), came(summary, t)))
    facts.append(
        (t("Looked after by"), (mention(owner),) if owner is not None else t("nobody now"))
    )
    parts: list[Part] = [*said, Facts(tuple(facts))]
    of_group = {"group": group.id}
    for person in inside.who(Standing.JOINED):
        remove = Button(
            t("Remove"),
            "supervision.remove",
            of_group | {"person": person.id},
            confirm=t("{name} leaves the group. Do you want that?", name=person.name),
        )
        parts.append(Row((mention(person),), remove))
    waiting, asked = inside.who(Standing.WAITING), inside.who(Standing.ASKED)
    for person in waiting[:_LISTED]:
        off = Button(t("Off the list"), "supervision.remove", of_group | {"person": person.id})
        parts.append(Row(t("{person}, on the waiting list", person=mention(person)), off))
    for person in asked[:_LISTED]:
        answer = Button(t("Answer"), "supervision.asker", of_group | {"person": person.id})
        parts.append(Row(t("{person} asks to join", person=mention(person)), answer))
    more = max(0, len(waiting) - _LISTED) + max(0, len(asked) - _LISTED)
    if more:
        parts.append(Paragraph(t.many("And {n} more.", "And {n} more.", more)))
    parts += [
        Buttons(
            (
                Button(t("Invite"), "supervision.invite", of_group, Look.PRIMARY),
                Button(t("Plan a cycle"), "supervision.cycle", of_group),
                Button(t("Find a time"), "supervision.find", of_group),
                Button(t("Dates"), "supervision.dates", of_group),
            )
        ),
        Buttons(
            (
                Button(t("Change"), "supervision.edit", of_group),
                Button(t("The agreement"), "session.agreement.form", of_group),
                Button(t("Hand over"), "supervision.hand_over", of_group)
                if owner is not None and owner.id == me.id
                else Button(t("Take it over"), "supervision.take_over", of_group),
                Button(
                    t("Close the group"),
                    "supervision.close",
                    of_group,
                    Look.DANGER,
                    t("Its coming sessions are cancelled and the members are told."),
                ),
                Button(t("All groups"), "supervision.all"),
            )
        ),
        Note(t("Coordinators see this. Who declined an invitation nobody learns.")),
    ]
    return Card((group.name,), tuple(parts))


def next_date(summary: Summary, t: Texts) -> Line:
    if summary.next_at is None:
        return t("not planned")
    return (Moment(summary.next_at, Style.DATETIME),)


def came(summary: Summary, t: Texts) -> Line:
    return t("{n} of {all}", n=summary.came, all=summary.held)


def seats_line(group: Group, summary: Summary, t: Texts) -> Line:
    line = t("{n} of {all}", n=summary.joined, all=group.seats)
    if summary.invited:
        line += (", ", *t.many("{n} invited", "{n} invited", summary.invited))
    if summary.waiting:
        line += (", ", *t.many("{n} waiting", "{n} waiting", summary.waiting))
    if summary.asked:
        line += (", ", *t.many("{n} asks to join", "{n} ask to join", summary.asked))
    return line


def done(group: Group, change: DateChange, t: Texts) -> Card:
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
            Bullets(tuple(difference(old, new, t) for old, new in pairs_of(change))),
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


def pairs_of(change: DateChange) -> tuple[tuple[Session | None, Session], ...]:
    """Each session that the change touched, before and after."""
    before = {one.id: one for one in change.before.sessions}
    return tuple((before.get(one.id), one) for one in change.after.sessions)


def difference(old: Session | None, new: Session, t: Texts) -> Line:
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


def moment_line(at: datetime) -> Line:
    return (Moment(at, Style.DATETIME),)


WORDS = "words"

_IN_ONE_QUOTE = 500


def session_parts(meeting: Meeting, t: Texts) -> tuple[Part, ...]:
    parts: list[Part] = [Facts(_facts(meeting, t))]
    if meeting.mine is not None and meeting.mine.part is not Turn.NONE:
        parts.append(Paragraph(my_turn(meeting.mine.part, t)))
    if not meeting.has_begun:
        parts += [_attendance(meeting, t), more_buttons(meeting, t)]
        parts.append(
            Note(
                t(
                    "The group sees how many come. If you have a turn and can't come, it goes to "
                    "somebody else, and yours comes another time."
                )
            )
        )
    return tuple(parts)


def cancelled(meeting: Meeting, t: Texts) -> Card:
    parts: list[Part] = []
    if meeting.session.reason:
        parts.append(Quote((meeting.session.reason,)))
    parts.append(
        Paragraph(t("What you wanted to bring goes to the next session, if there is one."))
    )
    when = Moment(meeting.session.starts_at, Style.DATETIME)
    title = t("{group} does not meet: {when}", group=meeting.group.name, when=when)
    return Card(title, tuple(parts), Tone.CAREFUL)


def over(t: Texts) -> Card:
    return Card(t("This is over"))


def place_of(meeting: Meeting) -> Line:
    place = meeting.session.place or meeting.group.place
    return (
        (Link(place, place),)
        if place.startswith("https://") and " " not in place
        else (place,) * bool(place)
    )


def part_name(part: Turn, t: Texts) -> Line:
    match part:
        case Turn.FACILITATOR:
            return t("facilitate")
        case Turn.PRESENTER:
            return t("bring a case")
        case Turn.NOTES:
            return t("note what is agreed")
        case Turn.NONE:
            return t("be there with no part")


def quoted(words: str) -> tuple[Quote, ...]:
    """What somebody wrote, in pieces: an escaped letter takes up to five, and a platform shows
    3,000 in one part."""
    starts = range(0, len(words), _IN_ONE_QUOTE)
    return tuple(Quote((words[start : start + _IN_ONE_QUOTE],)) for start in starts)


def _facts(meeting: Meeting, t: Texts) -> tuple[tuple[Line, Line], ...]:
    rows: list[tuple[Line, Line]] = []
    place = place_of(meeting)
    if place:
        rows.append((t("Where"), place))
    for part, label in (
        (Turn.FACILITATOR, t("Facilitates")),
        (Turn.PRESENTER, t("Brings a case")),
        (Turn.NOTES, t("Notes what is agreed")),
    ):
        people = meeting.who(part)
        rows.append((label, listed([(mention(one),) for one in people]) or t("whoever offers")))
    coming = (
        t("nobody has answered yet")
        if meeting.is_unanswered
        else t("{n} of {all}", n=meeting.coming, all=len(meeting.inside))
    )
    rows.append((t("Can come"), coming))
    return tuple(rows)


def _attendance(meeting: Meeting, t: Texts) -> Part:
    values = {"session": meeting.session.id}
    said = meeting.mine.attendance if meeting.mine is not None else Attendance.UNKNOWN

    def button(label: Line, how: Attendance) -> Button:
        look = Look.PRIMARY if said is how else Look.PLAIN
        return Button(label, "session.attend", values | {"how": how}, look)

    return Buttons(
        (
            button(t("I'll be there"), Attendance.COMING),
            button(t("I'll be late"), Attendance.LATE),
            button(t("I can't"), Attendance.ABSENT),
        )
    )


def more_buttons(meeting: Meeting, t: Texts) -> Part:
    values = {"session": meeting.session.id}
    buttons = [Button(t("Something I'd like to bring"), "session.case", values)]
    if meeting.mine is not None and meeting.mine.part is not Turn.NONE:
        buttons.append(Button(t("Swap my turn"), "session.swap", values))
    return Buttons(tuple(buttons))


def my_turn(part: Turn, t: Texts) -> Line:
    match part:
        case Turn.FACILITATOR:
            return t("You facilitate: you keep the time and the agenda.")
        case Turn.PRESENTER:
            return t("You may bring a case: something from your work that you'd like to look at.")
        case Turn.NOTES:
            return t("You note what the group agrees on, and nothing of what was said.")
        case Turn.NONE:
            return t("You have no part this time, only the time.")
