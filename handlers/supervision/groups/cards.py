"""What coordinators see of groups, and what members are told of that."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    ChoiceField,
    Divider,
    Form,
    Line,
    Look,
    Note,
    NumberField,
    Option,
    Paragraph,
    Part,
    PeopleField,
    Row,
    Strong,
    TextField,
    ToType,
)
from handlers.kit.people import Person
from handlers.kit.ports import Texts
from handlers.supervision.groups.model import (
    LEAST_SEATS,
    LONGEST_NAME,
    LONGEST_PLACE,
    MOST_SEATS,
    Group,
    Summary,
)
from handlers.supervision.shared.cards import LANGUAGES, came, next_date, seats_line


def language_options() -> tuple[Option, ...]:
    return tuple(Option(locale, (name,)) for locale, name in LANGUAGES.items())


def yes_or_no(t: Texts) -> tuple[Option, ...]:
    return (Option("yes", t("yes")), Option("no", t("no")))


@dataclass(frozen=True, slots=True)
class GroupDraft:
    """What a group's form holds, as typed."""

    name: str = ""
    position: str = ""
    seats: int = 8
    locale: str = "lv"
    place: str = ""
    open_for_asking: bool = False
    facilitator: Person | None = None


def group_form(wanted: GroupDraft, t: Texts, group: str = "") -> Form:
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
                oneself=True,
            ),
            ChoiceField(
                "open",
                t("May colleagues ask to join?"),
                yes_or_no(t),
                ("yes" if wanted.open_for_asking else "no",),
            ),
        ),
        values={"group": group} if group else {},
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
        line: Line = (Strong(group.name), ": ", *t("seats"), " ", *seats_line(group, summary, t))
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
        parts.append(
            Note(
                t("To find one, type {typed} and a word of its name.", typed=ToType("supervision"))
            )
        )
    parts += [
        *more,
        Note(t("Coordinators see numbers here, never who came or what was said.")),
    ]
    return Card(t.many("{n} supervision group", "{n} supervision groups", total), tuple(parts))


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


KEPT_GROUPS = 8
"""Groups on the front card: what leaves room for the rest of it."""

PAGE = 15
"""Groups on one page: what a card holds and an eye takes in."""
