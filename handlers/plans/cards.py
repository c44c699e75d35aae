"""What people see of their break plans, of a reminder, and of what waited for them."""

from datetime import datetime

from handlers.availability.rest import COUNTRIES, MOST_REST, MOST_WEEKLY_REST, WEEKDAYS, RestRules
from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    ChoiceField,
    Facts,
    Form,
    Line,
    Look,
    Moment,
    Note,
    NumberField,
    Option,
    Paragraph,
    Part,
    Style,
    TextField,
    Tone,
    listed,
    mention,
)
from handlers.kit.people import Person
from handlers.kit.ports import Texts
from handlers.kit.weeks import day_names
from handlers.plans.model import (
    LONGEST,
    MOST_EVERY,
    Plan,
    Preset,
    Reminder,
    ReminderKind,
    ReminderState,
    Rule,
    preset_in,
    quiet_text,
)

TODAY = "today"
"""What a button carries for the rest of the day."""

NO_COUNTRY = "none"
"""What stands for no country in a form, where nothing empty can be chosen."""


def plan(
    mine: Plan | None,
    hours: str,
    following: datetime | None,
    t: Texts,
    *,
    proposes: bool,
    paused: bool,
) -> Card:
    """One's plan, and what there is to choose from."""
    parts: list[Part] = []
    if mine is None:
        parts.append(Paragraph(t("Plecs can remind you of breaks. Nobody has to have a plan.")))
    else:
        parts.append(Facts(_facts(mine, hours, following, t)))
    current = preset_in(mine.rules) if mine is not None else None
    parts.append(
        Buttons(
            tuple(
                Button(
                    preset_name(preset, t),
                    "plan.choose",
                    {"preset": preset},
                    Look.PRIMARY if preset is current else Look.PLAIN,
                )
                for preset in Preset
            )
        )
    )
    last = [Button(t("My own plan"), "plan.form")]
    if mine is not None:
        last.append(Button(t("Stop the reminders"), "plan.stop", look=Look.DANGER))
    if proposes:
        last.append(Button(t("Propose to a team"), "plan.propose"))
    if mine is not None and mine.plan_at is not None:
        parts.append(_pausing(t, paused=paused))
    parts += [
        Buttons(tuple(last)),
        Note(
            t(
                "Only you see your plan and what you answer; the answers are deleted after two "
                "weeks. Nothing comes while your hand is up or you help, vent or rest."
            )
        ),
    ]
    return Card(t("Your break plan"), tuple(parts))


def _pausing(t: Texts, *, paused: bool) -> Buttons:
    if paused:
        return Buttons((Button(t("Remind me again"), "plan.go_on"),))
    return Buttons(
        (
            Button(t("Quiet for an hour"), "plan.pause", {"for": "1 h"}),
            Button(t("Quiet for today"), "plan.pause", {"for": TODAY}),
        )
    )


def plan_form(mine: Plan | None, days: tuple[str, ...], t: Texts) -> Form:
    rules = mine.rules if mine is not None else ()
    rhythm = next((r for r in rules if r.every is not None), None)
    times = [r.wall for r in rules if r.kind is ReminderKind.RHYTHM and r.wall is not None]
    lunch = next((r.wall for r in rules if r.kind is ReminderKind.LUNCH), None)
    minutes = next((r.minutes for r in rules if r.kind is ReminderKind.RHYTHM), 5)
    return Form(
        t("My own plan"),
        "plan.save",
        t("Save"),
        (
            NumberField(
                "every",
                t("A break every so many minutes"),
                (rhythm.every or 0) if rhythm is not None else 0,
                0,
                MOST_EVERY,
                hint=t("Counted from the start of your shift. 0: only at the times below."),
            ),
            NumberField("minutes", t("How many minutes long"), minutes, 1, LONGEST),
            TextField(
                "times",
                t("Also at these times"),
                ", ".join(times),
                limit=100,
                required=False,
                hint=t("Such as 10:30, 15:00."),
            ),
            TextField(
                "lunch",
                t("Lunch at"),
                lunch or "",
                limit=5,
                required=False,
                hint=t("Such as 12:30."),
            ),
            ChoiceField(
                "days",
                t("On which days"),
                tuple(Option(day, name) for day, name in zip(WEEKDAYS, day_names(t), strict=True)),
                value=mine.days if mine is not None else days,
                most=7,
            ),
            TextField(
                "quiet",
                t("Never between"),
                quiet_text(mine.quiet) if mine is not None else "",
                limit=100,
                required=False,
                hint=t("Such as 11:00-12:00, 15:00-15:30."),
            ),
        ),
    )


def stopped(t: Texts) -> Card:
    return Card(
        t("No more reminders"),
        (
            Paragraph(t("The plan and what you answered are deleted.")),
            Buttons((Button(t("Choose a plan"), "plan"),)),
        ),
    )


def reminder(one: Reminder, t: Texts, *, can_move: bool, again: bool = False) -> Card:
    """Asks whether one would take the break now."""
    values = {"reminder": one.id, "minutes": str(one.minutes)}
    buttons = [Button(t("Now"), "break.reminded", values, Look.PRIMARY)]
    if can_move:
        buttons.append(Button(t("In 10 minutes"), "plan.later", values))
    buttons.append(Button(t("Skip"), "plan.skip", values | ({"again": "yes"} if again else {})))
    return Card(_reminder_title(one, t), (Buttons(tuple(buttons)),))


def answered(one: Reminder, t: Texts) -> Card:
    """What a reminder says once it is answered, or too late."""
    match one.state:
        case ReminderState.TAKEN:
            line = t("Enjoy it.")
        case ReminderState.MOVED:
            line = t("Again in 10 minutes.")
        case ReminderState.SKIPPED if one.kind is ReminderKind.LUNCH:
            line = t("Not now, then. Lunch is offered once more today.")
        case ReminderState.SKIPPED | ReminderState.LEFT:
            line = t("Not this time. The next one comes as planned.")
        case ReminderState.PLANNED:
            line = t("This one has passed.")
    return Card(_reminder_title(one, t), (Paragraph(line),))


def does_it_fit(other: Preset, t: Texts) -> Card:
    return Card(
        t("Does this plan fit you?"),
        (
            Paragraph(
                t(
                    "You skipped it three days running. That is all right: perhaps another rhythm "
                    "fits better. I ask this only once."
                )
            ),
            Buttons(
                (
                    Button(preset_name(other, t), "plan.choose", {"preset": other}, Look.PRIMARY),
                    Button(t("Keep it as it is"), "plan.keep"),
                    Button(t("Stop the reminders"), "plan.stop"),
                )
            ),
        ),
    )


def kept(t: Texts) -> Card:
    return Card(t("It stays as it is"), (Paragraph(t("Take the breaks that do you good.")),))


def propose_form(team: ChoiceField | TextField, t: Texts) -> Form:
    """Chooses a ready-made plan; `team` asks whom it is proposed to."""
    return Form(
        t("Propose a plan"),
        "plan.propose.send",
        t("Propose"),
        (
            ChoiceField(
                "preset",
                t("Which plan"),
                tuple(Option(preset, preset_name(preset, t)) for preset in Preset),
                value=(Preset.HOURLY,),
            ),
            team,
        ),
        intro=(Note(t("Nobody is forced, and you don't see who takes it.")),),
    )


def proposed(people: int, t: Texts) -> Card:
    return Card(
        t("Proposed"),
        (
            Paragraph(
                t.many(
                    "It reaches {n} person, in their working hours.",
                    "It reaches {n} people, each in their working hours.",
                    people,
                )
            ),
        ),
        Tone.GOOD,
    )


def proposal(preset: Preset, by: Person, t: Texts) -> Card:
    return Card(
        t("{name} proposes a break plan", name=mention(by)),
        (
            Paragraph(preset_name(preset, t)),
            Buttons(
                (
                    Button(t("Take this plan"), "plan.choose", {"preset": preset}, Look.PRIMARY),
                    Button(t("See other plans"), "plan"),
                )
            ),
            Note(t("Leave it and nothing happens. {name} doesn't see it.", name=by.first_name)),
        ),
    )


def rest_form(rules: RestRules, t: Texts) -> Form:
    return Form(
        t("Rest and holidays"),
        "settings.rest.save",
        t("Save"),
        (
            ChoiceField(
                "country",
                t("Whose public holidays are free?"),
                tuple(
                    Option(country or NO_COUNTRY, (country,) if country else t("none"))
                    for country in COUNTRIES
                ),
                value=(rules.country or NO_COUNTRY,),
            ),
            NumberField("hours", t("Hours of rest between shifts"), rules.hours, 0, MOST_REST),
            NumberField(
                "week",
                t("Hours of rest once in a week, in one piece"),
                rules.week,
                0,
                MOST_WEEKLY_REST,
                hint=t(
                    "Coordinators are told where shifts are planned with less. 0: they are not."
                ),
            ),
        ),
        intro=(Note(t("In their rest only what is urgent reaches people. The rest waits.")),),
    )


def rest_saved(t: Texts) -> Card:
    return Card(t("Saved"), (Paragraph(t("It holds from now on.")),), Tone.GOOD)


def rest_fact(rules: RestRules, t: Texts) -> tuple[Line, Line]:
    return (
        t("Rest and holidays"),
        t(
            "{n} h between shifts, {week} h in a week; holidays: {country}",
            n=rules.hours,
            week=rules.week,
            country=rules.country or t("none"),
        ),
    )


def preset_name(preset: Preset, t: Texts) -> Line:
    match preset:
        case Preset.HOURLY:
            return t("5 minutes each hour")
        case Preset.TWO_HOURS:
            return t("15 minutes every 2 hours")
        case Preset.SHORT_AND_LONG:
            return t("Short every 30, long every 90")
        case Preset.LUNCH:
            return t("Lunch")


def reminds_at(one: Reminder, t: Texts) -> Line:
    """When it comes, in a line."""
    return t("{time}: {what}", time=Moment(one.at), what=_reminder_title(one, t))


def _reminder_title(one: Reminder, t: Texts) -> Line:
    match one.kind:
        case ReminderKind.LUNCH:
            return t("Lunch time")
        case ReminderKind.EXTRA:
            return t.many(
                "A long shift: {n} more minute for you",
                "A long shift: {n} more minutes for you",
                one.minutes,
            )
        case ReminderKind.RHYTHM:
            return t.many(
                "Time for a break: {n} minute", "Time for a break: {n} minutes", one.minutes
            )


def _facts(
    mine: Plan, hours: str, following: datetime | None, t: Texts
) -> tuple[tuple[Line, Line], ...]:
    rows: list[tuple[Line, Line]] = []
    rhythms = [_rhythm(rule, t) for rule in mine.rules if rule.kind is ReminderKind.RHYTHM]
    lunches = [_rhythm(rule, t) for rule in mine.rules if rule.kind is ReminderKind.LUNCH]
    if rhythms:
        rows.append((t("Breaks"), listed(rhythms)))
    if lunches:
        rows.append((t("Lunch"), listed(lunches)))
    days = dict(zip(WEEKDAYS, day_names(t), strict=True))
    rows.append((t("Days"), listed([days[day] for day in mine.days])))
    if mine.quiet:
        rows.append((t("Never between"), (quiet_text(mine.quiet),)))
    rows.append((t("In working hours"), (hours,)))
    if following is not None:
        rows.append((t("Next"), (Moment(following, Style.DATETIME),)))
    return tuple(rows)


def _rhythm(rule: Rule, t: Texts) -> Line:
    if rule.every is None:
        return t("{minutes} min at {wall}", minutes=rule.minutes, wall=rule.wall or "")
    return t("{minutes} min every {every} min", minutes=rule.minutes, every=rule.every)
