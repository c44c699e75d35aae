"""What members see of their group: its dates and turns, what is brought, and what they keep."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    ChoiceField,
    Divider,
    Facts,
    Form,
    Line,
    Link,
    Look,
    Moment,
    Note,
    Option,
    Paragraph,
    Part,
    Quote,
    Row,
    Strong,
    Style,
    TextField,
    Tone,
    listed,
    mention,
)
from handlers.kit.deidentify import Kind
from handlers.kit.people import Person
from handlers.kit.ports import Texts
from handlers.kit.text import plain, shortened
from handlers.supervision.cases.model import LONGEST_CASE, Case
from handlers.supervision.groups.model import Group
from handlers.supervision.keepsakes.model import LONGEST_KEEPSAKE, Keepsake
from handlers.supervision.requests.model import LONGEST_WHY, Request
from handlers.supervision.sessions.model import (
    Attendance,
    Choices,
    Outcome,
    Progress,
    Seat,
    Session,
    SessionState,
    Turn,
    stamp,
)
from handlers.supervision.sessions.rules import Point, Topic, agenda
from handlers.supervision.turns.model import Swap

WORDS, AGAIN = "words", "again"
"""A case's field, at first and once something in it was replaced. Two names: platforms keep what
was typed under the same one."""

MOST_REQUESTS = 20
"""Requests on one screen."""

_IN_ONE_QUOTE = 500

MOST_KEPT = 20
"""Keepsakes on one screen."""

LONGEST_AGREEMENT = 2_000


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session as one reader sees it."""

    group: Group
    session: Session
    seats: tuple[Seat, ...]
    people: Mapping[str, Person]
    me: Person
    now: datetime
    life: Progress | None = None
    agreed: bool = True
    votes: Mapping[str, str] = field(default_factory=dict)

    @property
    def mine(self) -> Seat | None:
        return next((seat for seat in self.seats if seat.person == self.me.id), None)

    @property
    def inside(self) -> tuple[Seat, ...]:
        """The members' seats: without a facilitator from outside."""
        return tuple(seat for seat in self.seats if seat.person != self.group.facilitator)

    @property
    def coming(self) -> int:
        """How many members have not said that they can't."""
        return sum(seat.attendance is not Attendance.ABSENT for seat in self.inside)

    @property
    def is_over(self) -> bool:
        return self.session.ends_at <= self.now

    @property
    def has_begun(self) -> bool:
        return self.session.starts_at <= self.now

    @property
    def is_cancelled(self) -> bool:
        return self.session.state is SessionState.CANCELLED

    def who(self, part: Turn) -> tuple[Person, ...]:
        """Those with the part who are known still and can come."""
        return tuple(
            self.people[seat.person]
            for seat in self.seats
            if seat.part is part
            and seat.person in self.people
            and seat.attendance is not Attendance.ABSENT
        )

    @property
    def points(self) -> tuple[Point, ...]:
        minutes = int((self.session.ends_at - self.session.starts_at).total_seconds()) // 60
        return agenda(minutes, max(1, min(2, len(self.who(Turn.PRESENTER)))))


# --- dates and turns ----------------------------------------------------------------------------


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


def session_parts(meeting: Meeting, t: Texts) -> tuple[Part, ...]:
    parts: list[Part] = [Facts(_facts(meeting, t))]
    if meeting.mine is not None and meeting.mine.part is not Turn.NONE:
        parts.append(Paragraph(_my_turn(meeting.mine.part, t)))
    if not meeting.has_begun:
        parts += [_attendance(meeting, t), _more(meeting, t)]
        parts.append(
            Note(
                t(
                    "The group sees how many come. If you have a turn and can't come, it goes to "
                    "somebody else, and yours comes another time."
                )
            )
        )
    return tuple(parts)


def voted(meeting: Meeting, t: Texts) -> Card:
    if meeting.is_cancelled:
        return cancelled(meeting, t)
    when = Moment(meeting.session.starts_at, Style.DATETIME)
    title = t("{group} has a new time: {when}", group=meeting.group.name, when=when)
    return Card(title, session_parts(meeting, t), Tone.CAREFUL)


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


def turn(meeting: Meeting, part: Turn, t: Texts) -> Card:
    """Somebody got a part that another had: they can't come, or joined or left."""
    when = Moment(meeting.session.starts_at, Style.DATETIME)
    name = meeting.group.name
    if meeting.is_cancelled or meeting.has_begun or meeting.mine is None:
        return Card(t("{group}: this has passed", group=name))
    if meeting.mine.part is not part:
        title = t("{group}, {when}: somebody else does it after all", group=name, when=when)
        return Card(title)
    return Card(
        t("{group}, {when}: a turn for you", group=name, when=when),
        (
            Paragraph(_my_turn(part, t)),
            Paragraph(t("It has moved on to you. If it doesn't suit you, swap it.")),
            _more(meeting, t),
        ),
    )


def over(t: Texts) -> Card:
    return Card(t("This is over"))


# --- swapping ------------------------------------------------------------------------------------


def swap_form(meeting: Meeting, others: Sequence[Person], t: Texts) -> Form:
    assert meeting.mine is not None, "only who has a turn is asked"
    return Form(
        t("Swap my turn"),
        "session.swap.send",
        t("Ask"),
        (
            ChoiceField(
                "other",
                t("With whom?"),
                tuple(Option(one.id, _with_part(meeting, one, t)) for one in others),
            ),
        ),
        values={"session": meeting.session.id},
        intro=(
            Paragraph(_my_turn(meeting.mine.part, t)),
            Note(t("It is theirs to say yes or no. Until then nothing changes.")),
        ),
    )


def swap_asked(other: Person, t: Texts) -> Card:
    return Card(
        t("{name} is asked", name=mention(other)),
        (Paragraph(t("Until they say yes nothing changes.")),),
    )


def swap_over(t: Texts) -> Card:
    """A no, or none any more: it looks the same to both."""
    return Card(
        t("This swap is no longer asked for"), (Paragraph(t("The turns stay as they are.")),)
    )


def swap(meeting: Meeting, one: Swap, t: Texts) -> Card:
    """What the other one of the two is asked, and what became of it."""
    if meeting.has_begun or meeting.is_cancelled:
        return swap_over(t)
    asker = meeting.people.get(one.asker)
    name: Line = (mention(asker),) if asker is not None else t("Somebody")
    when = Moment(meeting.session.starts_at, Style.DATETIME)
    title = t(
        "{name} asks to swap: {group}, {when}", name=name, group=meeting.group.name, when=when
    )
    if one.agreed:
        return Card(
            t("Swapped: {group}, {when}", group=meeting.group.name, when=when),
            (Paragraph(_my_turn(one.gives, t)),),
            Tone.GOOD,
        )
    values = {"swap": one.id}
    return Card(
        title,
        (
            Facts(
                (
                    (t("You would"), part_name(one.gives, t)),
                    (t("They would"), part_name(one.gets, t)),
                )
            ),
            Buttons(
                (
                    Button(t("Swap"), "session.swap.yes", values, Look.PRIMARY),
                    Button(t("Not this time"), "session.swap.no", values),
                )
            ),
            Note(t("A no needs no reason.")),
        ),
    )


def swap_done(meeting: Meeting, t: Texts) -> Card:
    when = Moment(meeting.session.starts_at, Style.DATETIME)
    return Card(
        t("Swapped: {group}, {when}", group=meeting.group.name, when=when),
        session_parts(meeting, t),
        Tone.GOOD,
    )


# --- cases ---------------------------------------------------------------------------------------


def case_form(
    session: Session,
    t: Texts,
    text: str = "",
    found: Sequence[tuple[str, Kind]] = (),
    *,
    again: bool = False,
    errors: Mapping[str, Line] | None = None,
) -> Form:
    """A few lines to bring. With `found`: what told who it is about, replaced in `text` already;
    `again` from then on."""
    intro: tuple[Part, ...] = (
        Note(
            t(
                "The group sees it from the session's start, you at any time. You can take it back "
                "whenever you like; a day after the session it is deleted."
            )
        ),
    )
    if found:
        shown = tuple((f"“{shortened(one, 40)}” → {placeholder(kind, t)}",) for one, kind in found)
        intro = (
            Paragraph(t("This told who it is about. I have replaced it, and kept nothing yet:")),
            Bullets(shown[:10]),
            *intro,
        )
    return Form(
        t("Something to bring"),
        "session.case.keep",
        t("Keep it so") if again else t("Keep it"),
        (
            TextField(
                AGAIN if again else WORDS,
                t("Something I'd like to bring"),
                text,
                limit=2 * LONGEST_CASE if again else LONGEST_CASE,
                multiline=True,
                hint=t(
                    "Write “the customer”: Plecs spots numbers and names after a title, no other "
                    "names."
                ),
            ),
        ),
        values={"session": session.id},
        intro=intro,
        errors=errors or {},
    )


def case_kept(case: Case, t: Texts) -> Card:
    """Without its words: a card may stay in a chat longer than they are kept."""
    return Card(
        t("It waits for the session"),
        (
            Buttons(
                (
                    Button(t("What I bring"), "session.case.mine", {"session": case.session}),
                    Button(t("Take it back"), "session.case.take", {"case": case.id}),
                )
            ),
            Note(
                t(
                    "Only you see it before the session begins, then the group. A day after the "
                    "session it is deleted."
                )
            ),
        ),
        Tone.GOOD,
    )


def case_taken_back(t: Texts) -> Card:
    return Card(t("It is deleted"), (Paragraph(t("Nobody sees it any more.")),))


def cases(meeting: Meeting, found: Sequence[Case], t: Texts) -> Form:
    """What there is to be read at the moment: in a window that closes, and is kept nowhere."""
    parts: list[Part] = []
    for one in found:
        writer = meeting.people.get(one.person)
        if writer is not None:
            parts.append(Paragraph((mention(writer),)))
        parts += _quoted(one.words)
    if not found:
        parts.append(Paragraph(t("Nobody has written anything down. That is all right.")))
    parts.append(Note(t("Only the group sees it, until a day after the session.")))
    return Form(t("What people bring"), "session.read", t("Close"), (), intro=tuple(parts))


def my_cases(session: Session, found: Sequence[Case], t: Texts) -> Form:
    """What the reader wrote, in a window too; one of it can be taken back."""
    return Form(
        t("What I bring"),
        "session.case.take",
        t("Take it back"),
        (
            ChoiceField(
                "case",
                t("Take back"),
                tuple(
                    Option(one.id, (shortened(" ".join(one.words.split()), 60),)) for one in found
                ),
                value=(found[0].id,),
            ),
        ),
        values={"session": session.id},
        intro=(
            *(quote for one in found for quote in _quoted(one.words)),
            Note(
                t(
                    "Only you see it before the session begins, then the group. A day after the "
                    "session it is deleted."
                )
            ),
        ),
    )


def placeholder(kind: Kind, t: Texts) -> str:
    """What stands in place of what was spotted."""
    match kind:
        case Kind.PHONE:
            word = t("phone")
        case Kind.CODE:
            word = t("personal code")
        case Kind.EMAIL:
            word = t("e-mail")
        case Kind.NAME:
            word = t("name")
        case Kind.NUMBER:
            word = t("number")
        case Kind.ACCOUNT:
            word = t("account")
        case Kind.ADDRESS:
            word = t("address")
    return f"[{plain(word)}]"


# --- the agreement -------------------------------------------------------------------------------


def agreement(group: Group, t: Texts, *, cycle: str, has_agreed: bool) -> Card:
    """What stays in the group, and where that ends; asked anew in each cycle and version."""
    values = {"group": group.id, "cycle": cycle, "version": str(group.agreement_version)}
    title = t("{group}: what stays here", group=group.name)
    text = agreement_text(group, t)
    if has_agreed:
        said = Paragraph(t("You have agreed. It is asked anew with the next cycle."))
        return Card(title, (*text, said), Tone.GOOD)
    return Card(
        title,
        (
            *text,
            Buttons(
                (
                    Button(t("I agree"), "session.agree", values, Look.PRIMARY),
                    Button(t("I don't agree"), "session.disagree", values),
                )
            ),
            Note(
                t(
                    "That you agreed is kept for two years, with version {n} of the text. Nobody "
                    "is told who has not.",
                    n=group.agreement_version,
                )
            ),
        ),
    )


def agreement_only(group: Group, t: Texts) -> Card:
    """Between two cycles: to be read, and asked for with the next one."""
    title = t("{group}: what stays here", group=group.name)
    said = Paragraph(t("It is asked when the next cycle begins."))
    return Card(title, (*agreement_text(group, t), said, Note(t("Only you see this."))))


def agreement_text(group: Group, t: Texts) -> tuple[Part, ...]:
    """The group's own words, or ours; the limits are the law's and always stand below."""
    own: tuple[Part, ...] = (
        _quoted(group.agreement)
        if group.agreement
        else (
            Bullets(
                (
                    t("What is said here stays here: no names and no stories outside."),
                    t("Customers have no names here either."),
                    t("Everybody speaks for themselves. Nobody has to tell anything."),
                    t("No recordings. Notes only of what we agree on, never of what was said."),
                    t("Managers hear nothing of it. Coordinators see dates and how many came."),
                )
            ),
        )
    )
    return (
        *own,
        Paragraph(t("Where that ends:")),
        Bullets(
            (
                t("Somebody's life or health is in danger: then we get help, with you if we can."),
                t("A child is being harmed: that has to be reported, the law asks it of us all."),
                t("A court or the law demands it."),
                t("Your own part you may always tell, to whom you like."),
            )
        ),
    )


def disagreed(group: Group, t: Texts) -> Card:
    return Card(
        t("That is all right"),
        (
            Paragraph(
                t(
                    "The others rely on it, so the cases stay closed to you until you agree. You "
                    "keep your seat and can agree any time before the session."
                )
            ),
            Paragraph(
                t("If something in it troubles you, tell the coordinator: the text can change.")
            ),
            Buttons(
                (
                    Button(t("Read it again"), "session.agreement", {"group": group.id}),
                    Button(t("Leave the group"), "supervision.leave", {"group": group.id}),
                )
            ),
            Note(t("Nobody is told, and nothing was written down.")),
        ),
    )


def agreement_form(group: Group, t: Texts, errors: Mapping[str, Line] | None = None) -> Form:
    return Form(
        t("The agreement"),
        "session.agreement.save",
        t("Save"),
        (
            TextField(
                "text",
                t("What stays in this group"),
                group.agreement,
                limit=LONGEST_AGREEMENT,
                multiline=True,
                required=False,
                hint=t("Leave it empty for Plecs' own text. Its limits always stand below."),
            ),
        ),
        values={"group": group.id},
        intro=(Note(t("With a new text everybody is asked for it anew.")),),
        errors=errors or {},
    )


def agreement_saved(group: Group, t: Texts) -> Card:
    return Card(
        t("Saved as version {n}", n=group.agreement_version),
        (*agreement_text(group, t), Paragraph(t("Who has joined is asked for it now."))),
        Tone.GOOD,
    )


# --- during and after ----------------------------------------------------------------------------


def room(meeting: Meeting, t: Texts) -> Card:
    """The agenda while the session lasts."""
    if meeting.is_over or meeting.is_cancelled or meeting.life is None or meeting.life.point < 0:
        return Card(t("{group}: this session is over", group=meeting.group.name))
    at, points = meeting.life.point, meeting.points
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
        for number in range(1, 6)
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


def keepsake_form(
    session: str, words: str, t: Texts, errors: Mapping[str, Line] | None = None
) -> Form:
    return Form(
        t("What I take with me"),
        "session.keepsake.keep",
        t("Keep it"),
        (
            TextField(
                WORDS,
                t("For yourself"),
                words,
                limit=LONGEST_KEEPSAKE,
                multiline=True,
                hint=t("Only you can see it, until you delete it."),
            ),
        ),
        values={"session": session},
        errors=errors or {},
    )


def keepsakes(found: Sequence[Keepsake], t: Texts) -> Form | Card:
    """All that the reader keeps, in a window: a card would stay in a chat."""
    if not found:
        return Card(
            t("What I took with me"),
            (Paragraph(t("Nothing yet. After a session you can keep a thought here.")),),
        )
    intro: list[Part] = []
    for one in found[:MOST_KEPT]:
        intro += [Paragraph((Moment(one.at, Style.DATE),)), *_quoted(one.words)]
    intro.append(
        Note(t("Only you can see it. It is kept sealed, until you delete it, and in your export."))
    )
    return Form(
        t("What I took with me"),
        "session.keepsake.delete",
        t("Delete what I chose"),
        (
            ChoiceField(
                "session",
                t("Delete"),
                tuple(Option(one.session, _begins(one.words)) for one in found[:MOST_KEPT]),
                most=MOST_KEPT,
                required=False,
            ),
        ),
        intro=tuple(intro),
    )


def keepsake_kept(t: Texts) -> Card:
    return Card(
        t("Kept for you alone"),
        (
            Buttons((Button(t("What I took with me"), "session.keepsakes"),)),
            Note(t("Only you can see it, until you delete it.")),
        ),
        Tone.GOOD,
    )


# --- votes ---------------------------------------------------------------------------------------


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
    if meeting.is_cancelled or meeting.has_begun or meeting.life is None or not meeting.life.dates:
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
        for at in meeting.life.dates
    ]
    parts.append(_option(meeting, t("Keep it as it is"), "stay", choice, t))
    parts.append(Note(t("The group sees how many chose what, not who.")))
    title = t("{group}: only {n} can come, {when}", group=name, n=meeting.coming, when=when)
    return Card(title, tuple(parts), Tone.CAREFUL)


# --- asking --------------------------------------------------------------------------------------


def ask_form(
    groups: Sequence[Group],
    crisis: Sequence[Part],
    t: Texts,
    words: str = "",
    errors: Mapping[str, Line] | None = None,
) -> Form:
    """`/supervision ask`: a group, or an extra session, and the numbers to call."""
    options = tuple(
        Option(
            one.id, t("An extra session of {group} within a week", group=shortened(one.name, 30))
        )
        for one in groups
    )
    return Form(
        t("It was really too much"),
        "session.ask.send",
        t("Ask for it"),
        (
            ChoiceField(
                "group",
                t("What would help?"),
                (*options, Option("new", t("A group to talk in"))),
                value=(options[0].value if options else "new",),
            ),
            TextField(
                WORDS,
                t("Why, if you want to say"),
                words,
                limit=LONGEST_WHY,
                multiline=True,
                required=False,
                hint=t("The coordinator reads it. Leave it empty and nobody is told why."),
            ),
        ),
        intro=(Paragraph(t("Good that you say so. For this moment there is also:")), *crisis),
        errors=errors or {},
    )


def ask_sent(crisis: Sequence[Part], t: Texts) -> Card:
    return Card(
        t("You have asked"),
        (
            Paragraph(t("The coordinator has it and will answer you.")),
            Buttons(
                (
                    Button(t("Let off steam"), "vent.offers"),
                    Button(t("A break"), "break"),
                )
            ),
            *crisis,
            Note(t("Only the coordinator sees it, until it is answered: 60 days at most.")),
        ),
        Tone.GOOD,
    )


def request(one: Request | None, person: Person | None, group: Group | None, t: Texts) -> Card:
    """What a coordinator gets of it."""
    if one is None or person is None:
        return Card(t("This request is answered"))
    asks = (
        t("{name} asks for an extra session of {group} within a week", name=mention(person),
          group=group.name)
        if group is not None
        else t("{name} asks for a group", name=mention(person))
    )  # fmt: skip
    parts: list[Part] = []
    if one.words:
        parts.append(Quote((one.words,)))
    buttons = [Button(t("Answered"), "session.request.done", {"request": one.id}, Look.PRIMARY)]
    if group is not None:
        open_ = Button(t("Open the group"), "supervision.group", {"group": group.id})
        buttons.insert(0, open_)
    parts += [
        Buttons(tuple(buttons)),
        Note(t("Coordinators see it until it is answered: 60 days at most.")),
    ]
    return Card(asks, tuple(parts), Tone.CAREFUL)


def requests(found: Sequence[Request], people: Mapping[str, Person], t: Texts) -> tuple[Part, ...]:
    """Who asked for a group or an extra session and waits for an answer."""
    if not found:
        return ()
    rows: list[Part] = [Paragraph(t("They asked, and wait for an answer:"))]
    for one in found:
        name = mention(people[one.person])
        line = (
            t("{name}: an extra session", name=name)
            if one.group
            else t("{name}: a group", name=name)
        )
        rows.append(Row(line, Button(t("Answered"), "session.request.done", {"request": one.id})))
    return tuple(rows)


def request_done(t: Texts) -> Card:
    return Card(t("It is off the list"), (Paragraph(t("What was written is deleted.")),))


# --- choices, and the front card -----------------------------------------------------------------


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


# --- small parts ---------------------------------------------------------------------------------


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


def topic_name(point: Point, t: Texts) -> Line:
    match point.topic:
        case Topic.ARRIVE:
            return t("Arrive")
        case Topic.AGREEMENT:
            return t("The agreement")
        case Topic.CASE:
            return t("Case {n}", n=point.number)
        case Topic.TAKE:
            return t("What I take with me")


def _quoted(words: str) -> tuple[Quote, ...]:
    """What somebody wrote, in pieces: an escaped letter takes up to five, and a platform shows
    3,000 in one part."""
    starts = range(0, len(words), _IN_ONE_QUOTE)
    return tuple(Quote((words[start : start + _IN_ONE_QUOTE],)) for start in starts)


def _begins(words: str) -> Line:
    """The first words, on one line."""
    return (shortened(" ".join(words.split()), 60),)


def _title(meeting: Meeting, t: Texts) -> Line:
    when = Moment(meeting.session.starts_at, Style.DATETIME)
    return t("{group}: {when}", group=meeting.group.name, when=when)


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
    rows.append((t("Can come"), t("{n} of {all}", n=meeting.coming, all=len(meeting.inside))))
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


def _more(meeting: Meeting, t: Texts) -> Part:
    values = {"session": meeting.session.id}
    buttons = [Button(t("Something I'd like to bring"), "session.case", values)]
    if meeting.mine is not None and meeting.mine.part is not Turn.NONE:
        buttons.append(Button(t("Swap my turn"), "session.swap", values))
    return Buttons(tuple(buttons))


def _my_turn(part: Turn, t: Texts) -> Line:
    match part:
        case Turn.FACILITATOR:
            return t("You facilitate: you keep the time and the agenda.")
        case Turn.PRESENTER:
            return t("You may bring a case: something from your work that you'd like to look at.")
        case Turn.NOTES:
            return t("You note what the group agrees on, and nothing of what was said.")
        case Turn.NONE:
            return t("You have no part this time, only the time.")


def _with_part(meeting: Meeting, person: Person, t: Texts) -> Line:
    seat = next((one for one in meeting.seats if one.person == person.id), None)
    if seat is None or seat.part is Turn.NONE:
        return (shortened(person.name, 70),)
    name = shortened(person.name, 40)
    return t("{name}: would {part}", name=name, part=part_name(seat.part, t))


def _point(meeting: Meeting, point: Point, t: Texts, *, is_now: bool) -> Line:
    begins = Moment(meeting.session.starts_at + point.after)
    name = topic_name(point, t)
    presenters = meeting.who(Turn.PRESENTER)
    if point.topic is Topic.CASE and point.number <= len(presenters):
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
