"""What coordinators and members see of who is in a group, invited, or waits."""

from collections.abc import Sequence

from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    ChoiceField,
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
    PeopleField,
    Row,
    Strong,
    Style,
    Tone,
    listed,
    mention,
)
from handlers.kit.people import Person
from handlers.kit.ports import Texts
from handlers.supervision.groups.model import Group
from handlers.supervision.members.model import MOST_INVITED, GroupMember, Roster, Standing
from handlers.supervision.sessions.model import Session

SAY_SO, ON_THE_LIST = "say", "list"


def invite_form(inside: Roster, t: Texts) -> Form:
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
                (SAY_SO,),
            ),
        ),
        values={"group": inside.group.id},
        intro=(
            Paragraph((Strong(inside.group.name),)),
            Paragraph(t.many("{n} seat is free.", "{n} seats are free.", inside.free)),
        ),
    )


def invitation(
    inside: Roster,
    coming: Sequence[Session],
    mine: GroupMember,
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
    inside: Roster, coming: Sequence[Session], owner: Person | None, t: Texts
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


def asker(inside: Roster, person: Person, t: Texts) -> Card:
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


OPEN_GROUPS = 5
