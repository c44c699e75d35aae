"""What coordinators see of groups and who is in them, and what members are told of that."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from handlers.kit.cards import (
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
    NumberField,
    Option,
    Paragraph,
    Part,
    PeopleField,
    Row,
    Strong,
    Style,
    TextField,
    Tone,
    listed,
    mention,
)
from handlers.kit.people import Person
from handlers.kit.ports import Texts
from handlers.supervision.groups.model import (
    LEAST_SEATS,
    LONGEST_NAME,
    LONGEST_PLACE,
    MOST_INVITED,
    MOST_SEATS,
    Group,
    Member,
    Standing,
    Summary,
    seats_held,
)
from handlers.supervision.sessions.model import Session

LANGUAGES = {"lv": "Latviešu", "en": "English"}

_LISTED = 8
"""People of one kind, besides the members, on a group's card: what Slack shows of rows in all."""

SAY_SO, ON_THE_LIST = "say", "list"


@dataclass(frozen=True, slots=True)
class Inside:
    """A group with those who are in it."""

    group: Group
    members: tuple[Member, ...]
    people: Mapping[str, Person]

    def who(self, *states: Standing) -> tuple[Person, ...]:
        """Those who are in it so and are known still, longest first."""
        return tuple(
            self.people[one.person]
            for one in self.members
            if one.state in states and one.person in self.people
        )

    @property
    def free(self) -> int:
        return max(0, self.group.seats - seats_held(self.members))


def language_options() -> tuple[Option, ...]:
    return tuple(Option(locale, (name,)) for locale, name in LANGUAGES.items())


def yes_or_no(t: Texts) -> tuple[Option, ...]:
    return (Option("yes", t("yes")), Option("no", t("no")))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a group's form holds, as typed."""

    name: str = ""
    position: str = ""
    seats: int = 8
    locale: str = "lv"
    place: str = ""
    open_for_asking: bool = False
    facilitator: Person | None = None


def group_form(
    wanted: Wanted, t: Texts, group: str = "", errors: Mapping[str, Line] | None = None
) -> Form:
    """A new group, or with `group` what may be changed of one."""
    facilitator = wanted.facilitator.addresses if wanted.facilitator is not None else ()
    return Form(
        t("Change the group") if group else t("New group"),
        "supervision.change" if group else "supervision.create",
        t("Save") if group else t("Make the group"),
        (
            TextField("name", t("Name"), wanted.name, limit=LONGEST_NAME),
            TextField(
                "position",
                t("Position"),
                wanted.position,
                limit=80,
                required=False,
                hint=t("As in the people list. Leave it empty if any position may join."),
            ),
            NumberField("seats", t("Seats"), wanted.seats, LEAST_SEATS, MOST_SEATS),
            ChoiceField("locale", t("Language"), language_options(), (wanted.locale,)),
            TextField(
                "place",
                t("Place or link of the call"),
                wanted.place,
                limit=LONGEST_PLACE,
                required=False,
            ),
            PeopleField(
                "facilitator",
                t("A supervisor from outside who facilitates"),
                facilitator,
                required=False,
                hint=t("Leave it empty and the members take turns."),
            ),
            ChoiceField(
                "open",
                t("May colleagues ask to join?"),
                yes_or_no(t),
                ("yes" if wanted.open_for_asking else "no",),
            ),
        ),
        values={"group": group} if group else {},
        errors=errors or {},
    )


def group_card(
    inside: Inside,
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
        (t("Seats"), _seats(group, summary, t)),
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


def invite_form(
    inside: Inside, t: Texts, errors: Mapping[str, Line] | None = None, full: str = SAY_SO
) -> Form:
    return Form(
        t("Invite to the group"),
        "supervision.invite.send",
        t("Invite"),
        (
            PeopleField("people", t("Whom?"), most=MOST_INVITED),
            ChoiceField(
                "full",
                t("If there is no seat"),
                (
                    Option(SAY_SO, t("invite nobody, and tell me")),
                    Option(ON_THE_LIST, t("the rest go on the waiting list")),
                ),
                (full,),
            ),
        ),
        values={"group": inside.group.id},
        intro=(
            Paragraph((Strong(inside.group.name),)),
            Paragraph(t.many("{n} seat is free.", "{n} seats are free.", inside.free)),
        ),
        errors=errors or {},
    )


def invitation(
    inside: Inside,
    coming: Sequence[Session],
    mine: Member,
    owner: Person | None,
    t: Texts,
    *,
    dates: Link | None,
) -> Card:
    """What somebody invited reads, with a link to the `dates` as a file. What they answer is
    between them and Plecs."""
    of_group = {"group": inside.group.id}
    assert mine.until is not None, "an invitation lapses"
    return Card(
        t("An invitation to a supervision group"),
        (
            Paragraph(
                t(
                    "Equals meet and talk about work that was hard. What is said there stays "
                    "there. You are free to say no."
                )
            ),
            Facts(_invited_to(inside, coming, owner, t)),
            *((Paragraph((dates,)),) if dates is not None else ()),
            Buttons(
                (
                    Button(t("I'd like to join"), "supervision.accept", of_group, Look.PRIMARY),
                    Button(t("No, thank you"), "supervision.decline", of_group),
                )
            ),
            Note(
                t(
                    "Your seat is kept until {when}. Nobody is told who said no: the seat is free "
                    "again, that is all.",
                    when=Moment(mine.until, Style.DATETIME),
                )
            ),
        ),
        summary=t("An invitation to the group {group}", group=inside.group.name),
    )


def _invited_to(
    inside: Inside, coming: Sequence[Session], owner: Person | None, t: Texts
) -> tuple[tuple[Line, Line], ...]:
    group = inside.group
    facts: list[tuple[Line, Line]] = [(t("Group"), (group.name,))]
    joined = inside.who(Standing.JOINED)
    if joined:
        facts.append((t("In it"), listed((mention(person),) for person in joined)))
    facilitator = inside.people.get(group.facilitator)
    facts += [
        (t("Seats"), (str(group.seats),)),
        (
            t("Facilitates"),
            (mention(facilitator),) if facilitator is not None else t("the members, in turn"),
        ),
        (
            t("Dates"),
            listed((Moment(one.starts_at, Style.DATETIME),) for one in coming[:3])
            if coming
            else t("not planned yet"),
        ),
    ]
    if owner is not None:
        facts.append((t("Questions to"), (mention(owner),)))
    return tuple(facts)


def invitation_over(group: Group, t: Texts) -> Card:
    return Card(
        t("An invitation to a supervision group"),
        (
            Paragraph(t("This invitation to {group} is over.", group=Strong(group.name))),
            Note(t("Only you see this.")),
        ),
    )


def joined(group: Group, coming: Sequence[Session], dates: Link | None, t: Texts) -> Card:
    line = (
        t("Next date: {when}.", when=Moment(coming[0].starts_at, Style.DATETIME))
        if coming
        else t("As soon as dates are planned, you hear of them here.")
    )
    return Card(
        t("You are in the group {group}", group=group.name),
        (
            Paragraph(line),
            *((Paragraph((dates,)),) if dates is not None else ()),
            Buttons(
                (
                    Button(t("My groups"), "supervision"),
                    Button(t("In my calendar"), "supervision.calendar"),
                )
            ),
        ),
        Tone.GOOD,
    )


def declined(t: Texts) -> Card:
    return Card(
        t("All right, not this time"),
        (Paragraph(t("Nobody is told who said no.")),),
    )


def left(group: Group, t: Texts) -> Card:
    return Card(
        t("You have left {group}", group=group.name),
        (Paragraph(t("Its dates are out of your calendar. You can ask to come back any time.")),),
    )


def asker(inside: Inside, person: Person, t: Texts) -> Card:
    """Somebody asks to join: for the coordinator."""
    values = {"group": inside.group.id, "person": person.id}
    facts: list[tuple[Line, Line]] = [(t("Group"), (inside.group.name,))]
    if person.position:
        facts.append((t("Position"), (person.position,)))
    facts.append((t("Free seats"), (str(inside.free),)))
    return Card(
        t("{name} asks to join a group", name=person.name),
        (
            Facts(tuple(facts)),
            Buttons(
                (
                    Button(
                        t("Take in") if inside.free else t("On the waiting list"),
                        "supervision.take_in",
                        values,
                        Look.PRIMARY,
                    ),
                    Button(t("Not this time"), "supervision.turn_down", values),
                )
            ),
        ),
    )


def answered_asker(person: Person, group: Group, t: Texts) -> Card:
    return Card(
        t("{name} asks to join a group", name=person.name),
        (Paragraph(t("That is answered: {group}", group=group.name)),),
    )


def has_asked(group: Group, t: Texts) -> Card:
    return Card(
        t("You have asked to join {group}", group=group.name),
        (Paragraph(t("A coordinator answers you here.")),),
    )


def place(group: Group, standing: Standing | None, owner: Person | None, t: Texts) -> Card:
    """What became of somebody's place in a group, for them alone."""
    if standing is Standing.JOINED:
        line = t("You are in. Its dates come to you here.")
    elif standing is Standing.WAITING:
        line = t("All seats are taken. You are on the waiting list and hear of the next free one.")
    elif owner is not None:
        line = t("You are not in this group now. {owner} can tell you more.", owner=mention(owner))
    else:
        line = t("You are not in this group now.")
    return Card(
        t("The group {group}", group=group.name),
        (Paragraph(line), Note(t("Only you see this."))),
    )


def closed(group: Group, t: Texts) -> Card:
    return Card(
        t("The group {group} is closed", group=group.name),
        (Paragraph(t("It meets no more; its dates are out of your calendar.")),),
    )


def orphan(group: Group, t: Texts) -> Card:
    return Card(
        t("Nobody looks after the group {group} now", group=group.name),
        (
            Paragraph(t("Its dates stay as they are. Would you take it over?")),
            Buttons(
                (
                    Button(
                        t("Take it over"),
                        "supervision.take_over",
                        {"group": group.id},
                        Look.PRIMARY,
                    ),
                    Button(t("Open"), "supervision.group", {"group": group.id}),
                )
            ),
        ),
    )


def taken_over(group: Group, owner: Person, me: Person, t: Texts) -> Card:
    return Card(
        t("You look after the group {group} now", group=group.name)
        if owner.id == me.id
        else t("{name} looks after the group {group} now", name=owner.name, group=group.name),
        (Buttons((Button(t("Open"), "supervision.group", {"group": group.id}),)),),
    )


def hand_over_form(group: Group, others: Sequence[Person], t: Texts) -> Form:
    return Form(
        t("Hand the group over"),
        "supervision.handed",
        t("Hand over"),
        (
            ChoiceField(
                "owner",
                t("To whom?"),
                tuple(Option(person.id, (person.name[:75],)) for person in others[:100]),
            ),
        ),
        values={"group": group.id},
        intro=(Paragraph((Strong(group.name),)),),
    )


def overview(
    groups: Sequence[Group],
    summaries: Mapping[str, Summary],
    owners: Set[str],
    t: Texts,
    *,
    skip: int,
    total: int,
    text: str,
    more: tuple[Part, ...] = (),
) -> Card:
    """Groups, next dates, seats and how many came; never who."""
    parts: list[Part] = []
    if not groups:
        none = t("No group is named like that.") if text else t("There are no groups yet.")
        parts.append(Paragraph(none))
    for group in groups:
        summary = summaries[group.id]
        line: Line = (Strong(group.name), ": ", *t("seats"), " ", *_seats(group, summary, t))
        line += ("; ", *t("next"), " ", *next_date(summary, t))
        if summary.held:
            line += ("; ", *t("were there"), " ", *came(summary, t))
        if group.owner not in owners:
            line += ("; ", *t("nobody looks after it"))
        parts.append(Row(line, Button(t("Open"), "supervision.group", {"group": group.id})))
    pages: list[Button] = []
    if skip:
        before = {"skip": str(max(0, skip - PAGE)), "text": text}
        pages.append(Button(t("Earlier"), "supervision.all", before))
    if skip + len(groups) < total:
        after = {"skip": str(skip + len(groups)), "text": text}
        pages.append(Button(t("More"), "supervision.all", after))
    sizes = Button(t("Sessions in a cycle"), "supervision.sizes")
    parts.append(Buttons((*pages, Button(t("New group"), "supervision.new"), sizes)))
    if total > PAGE:
        parts.append(Note(t("To find one, type /supervision and a word of its name.")))
    parts += [
        *more,
        Note(t("Coordinators see numbers here, never who came or what was said.")),
    ]
    return Card(t.many("{n} supervision group", "{n} supervision groups", total), tuple(parts))


def my_places(
    standing: Sequence[tuple[Group, Standing]], askable: Sequence[Group], t: Texts
) -> tuple[Part, ...]:
    """Invitations to answer, what is under way, and groups that may be asked for."""
    parts: list[Part] = []
    for group, state in standing:
        of_group = {"group": group.id}
        name = Strong(group.name)
        match state:
            case Standing.INVITED:
                parts += [
                    Paragraph(t("You are invited to {group}.", group=name)),
                    Buttons(
                        (
                            Button(
                                t("I'd like to join"),
                                "supervision.accept",
                                of_group,
                                Look.PRIMARY,
                            ),
                            Button(t("No, thank you"), "supervision.decline", of_group),
                        )
                    ),
                ]
            case Standing.WAITING:
                off = Button(t("Take me off it"), "supervision.leave", of_group)
                parts.append(Row(t("You are on the waiting list of {group}.", group=name), off))
            case Standing.ASKED:
                off = Button(t("Take it back"), "supervision.leave", of_group)
                parts.append(Row(t("You have asked to join {group}.", group=name), off))
            case _:
                pass  # what a member sees of a group is the members' own part of the card
    for group in askable:
        ask = Button(t("Ask to join"), "supervision.ask_in", {"group": group.id})
        parts.append(Row(t("{group} has open doors.", group=Strong(group.name)), ask))
    return tuple(parts)


def kept_groups(
    groups: Sequence[Group], total: int, summaries: Mapping[str, Summary], t: Texts
) -> tuple[Part, ...]:
    """The groups that the reader looks after."""
    parts: list[Part] = [Divider(), Paragraph(t("For coordinators"))]
    for group in groups:
        line: Line = (Strong(group.name), ": ", *next_date(summaries[group.id], t))
        parts.append(Row(line, Button(t("Open"), "supervision.group", {"group": group.id})))
    if total > len(groups):
        parts.append(Paragraph(t.many("And {n} more.", "And {n} more.", total - len(groups))))
    parts.append(
        Buttons(
            (
                Button(t("New group"), "supervision.new"),
                Button(t("All groups"), "supervision.all"),
            )
        )
    )
    return tuple(parts)


OPEN_GROUPS, KEPT_GROUPS = 5, 8
"""Groups on the front card: what leaves room for the rest of it."""

PAGE = 15
"""Groups on one page: what a card holds and an eye takes in."""


def next_date(summary: Summary, t: Texts) -> Line:
    if summary.next_at is None:
        return t("not planned")
    return (Moment(summary.next_at, Style.DATETIME),)


def came(summary: Summary, t: Texts) -> Line:
    return t("{n} of {all}", n=summary.came, all=summary.held)


def _seats(group: Group, summary: Summary, t: Texts) -> Line:
    line = t("{n} of {all}", n=summary.joined, all=group.seats)
    if summary.invited:
        line += (", ", *t.many("{n} invited", "{n} invited", summary.invited))
    if summary.waiting:
        line += (", ", *t.many("{n} waiting", "{n} waiting", summary.waiting))
    if summary.asked:
        line += (", ", *t.many("{n} asks to join", "{n} ask to join", summary.asked))
    return line
