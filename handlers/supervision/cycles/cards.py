"""What coordinators see of a cycle before it is planned, and the times that fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from handlers.availability.rest import instant
from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    DateField,
    Field,
    Form,
    Line,
    Look,
    Moment,
    Note,
    NumberField,
    Paragraph,
    Part,
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
from handlers.supervision.cycles.model import (
    LEAST_MINUTES,
    MOST_MINUTES,
    MOST_SESSIONS,
    MOST_WEEKS,
    Sizes,
)
from handlers.supervision.dates.rules import Dates, Rhythm, Slot, Why
from handlers.supervision.groups.model import Group
from handlers.supervision.shared.cards import moment_line


@dataclass(frozen=True, slots=True)
class CycleDraft:
    """What a cycle's form begins with."""

    first: str
    wall: str
    zone: str
    weeks: int = 2
    minutes: int = 90
    count: int = 8


def cycle_form(
    group: Group,
    asked: CycleDraft,
    sizes: Sizes,
    t: Texts,
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
    )


def find_form(
    group: Group,
    asked: CycleDraft,
    sizes: Sizes,
    t: Texts,
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
        values={"group": group.id},
        intro=(Paragraph(t("By working hours and other sessions. Nobody is asked.")),),
    )


def _lengths(asked: CycleDraft, sizes: Sizes, t: Texts) -> tuple[Field, ...]:
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
    if not slot.missed:
        return t("everybody can")
    reasons: list[Line] = []
    if slot.off_hours:
        names = listed((mention(people[one]),) for one in slot.off_hours)
        reasons.append(t("outside working hours: {people}", people=names))
    if slot.elsewhere:
        names = listed((mention(people[one]),) for one in slot.elsewhere)
        reasons.append(t("in another session: {people}", people=names))
    if slot.at_times:
        each = (
            t("{name} ({n} of {dates})", name=mention(people[one]), n=n, dates=slot.dates)
            for one, n in slot.at_times
        )
        reasons.append(t("at work on some of the dates: {people}", people=listed(each)))
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
        Bullets(
            tuple(moment_line(instant(wall, rhythm.zone)) for wall in found.walls), numbered=True
        ),
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


def sizes_form(sizes: Sizes, t: Texts) -> Form:
    return Form(
        t("Sessions in a cycle"),
        "supervision.sizes.save",
        t("Save"),
        (
            NumberField("least", t("At least"), sizes.least, 1, MOST_SESSIONS),
            NumberField("most", t("At most"), sizes.most, 1, MOST_SESSIONS),
        ),
    )


def sizes_saved(sizes: Sizes, t: Texts) -> Card:
    return Card(
        t("Cycles have {least} to {most} sessions", least=sizes.least, most=sizes.most),
        (Buttons((Button(t("All groups"), "supervision.all"),)),),
        Tone.GOOD,
    )
