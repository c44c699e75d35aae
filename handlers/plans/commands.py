"""What people ask of their break plans, the reminders written ahead, and what waits for rest."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.availability.rest import REST, UNSET_HOURS, RestRules, free_days, instant
from handlers.availability.shifts import with_shift, with_shifts
from handlers.common.teams import team_chosen, team_field
from handlers.kit.about import pack, unpack
from handlers.kit.cards import Card, ChoiceField, Line, Paragraph, Part, Reply, TextField
from handlers.kit.commands import Behind, Command, Instead, RefusedError, Route, Typed
from handlers.kit.facts import BreakEnded, ReminderFollowed, ShiftsChanged
from handlers.kit.feature import NoticeKind, Timer
from handlers.kit.moments import end_in
from handlers.kit.notices import Notice, Priority
from handlers.kit.people import Role
from handlers.kit.ports import Texts, mark
from handlers.kit.reading import Filled, Pressed, said
from handlers.kit.text import fold
from handlers.plans import cards
from handlers.plans.model import (
    AFTER_BREAK,
    AGAIN,
    AHEAD,
    LATER,
    LEAST_EVERY,
    LONGEST_BREAK,
    LUNCH_AGAIN,
    LUNCH_LATER,
    MOST_TIMES,
    PLAN_EVERY,
    PROPOSAL,
    REMINDER,
    SPREAD_BEFORE,
    Plan,
    Plans,
    Preset,
    Reminder,
    ReminderKind,
    ReminderState,
    Rule,
    another,
    at_time,
    clock_times,
    doesnt_fit,
    every,
    preset_rules,
    quiet_times,
    reminders,
    usual_days,
    with_preset,
)
from handlers.work import Context, Occasion

_PLANNED_AT_ONCE = 20
"""Plans in one look, of which there are four a second. There is an hour's time for them, and a
ladder that is due must not wait until everybody's are done."""

_OVER_AFTER = timedelta(days=2)
"""Reminders of a shift that began so long ago make no sense any more: a Plecs that did not run for
months works out none of those between."""

_FAR = timedelta(days=14)
_USUAL_PAUSE = timedelta(hours=1)
_PAUSING = Behind(
    "plan",
    {"en": "pause", "lv": "klusums"},
    help=mark("no reminders for an hour, or as long as you say"),
)

_RECENT = timedelta(days=14)


def plan(command: Command, ctx: Context) -> Reply | Instead:
    """`/break plan`, `/plecs plan`: one's plan, and what there is to choose from; `plan pause 2 h`
    has the reminders quiet."""
    if fold(command.text).split()[:1] in [[word] for word in _PAUSING.words.values()]:
        return Instead("plan.pause")
    return _shown(ctx.work.of(Plans).of(ctx.me.id), ctx)


def choose(command: Command, ctx: Context) -> Reply:
    """A ready-made plan. Lunch joins a rhythm that is there, and the other way round."""
    preset = Pressed(command, ctx.t).choice("preset", Preset)
    mine = ctx.work.of(Plans).of(ctx.me.id)
    if mine is None:
        rules, days = preset_rules(preset, ctx.me.hours), usual_days(ctx.me.hours)
        return _put(ctx, rules, days, ())
    return _put(ctx, with_preset(mine.rules, preset, ctx.me.hours), mine.days, mine.quiet)


def plan_form(command: Command, ctx: Context) -> Reply:
    mine = ctx.work.of(Plans).of(ctx.me.id)
    return cards.plan_form(mine, usual_days(ctx.me.hours), ctx.t)


def plan_save(command: Command, ctx: Context) -> Reply:
    """One's own plan; what can't be read is said at its field, and nothing is changed."""
    t, mine = ctx.t, ctx.work.of(Plans).of(ctx.me.id)
    asked = Filled(cards.plan_form(mine, usual_days(ctx.me.hours), t), command, ctx)
    minutes, interval = asked.number("minutes"), asked.number("every")
    times, lunches = _times(asked, "times", MOST_TIMES), _times(asked, "lunch", 1)
    quiet, days, errors = _quiet(asked), asked.several("days"), asked.errors
    rules = [every(interval, minutes)] if interval else []
    rules += [at_time(wall, minutes) for wall in times]
    rules += [at_time(wall, 30, ReminderKind.LUNCH) for wall in lunches]
    if 0 < interval < LEAST_EVERY:
        errors["every"] = t("No more often than every {n} minutes, or 0.", n=LEAST_EVERY)
    if not days:
        errors["days"] = t("Choose at least one day.")
    if not rules and not errors:
        errors["every"] = t("Say how often, or at which times.")
    if errors:
        return asked.again()
    return _put(ctx, tuple(rules), days, quiet)


def stop(command: Command, ctx: Context) -> Reply:
    ctx.work.of(Plans).stop(ctx.me.id)
    return cards.stopped(ctx.t)


def pause(command: Command, ctx: Context) -> Reply:
    """`/plan pause`, `pause 2 h`, `pause until 14:00`: no reminders for an hour, or so long."""
    mine = ctx.work.of(Plans).of(ctx.me.id)
    if mine is None or mine.plan_at is None:
        raise RefusedError(ctx.t("You have no break plan that reminds you."))
    first, *words = command.text.split() or [""]
    typed = words if fold(first) in _PAUSING.words.values() else [first, *words]
    until = _pause_in(command.one("for") or " ".join(typed), ctx)
    ctx.work.of(Plans).put(mine.paused(until, ctx.now), ctx.now)
    return _shown(ctx.work.of(Plans).of(ctx.me.id), ctx)


def go_on(command: Command, ctx: Context) -> Reply:
    """*Remind me again*."""
    mine = ctx.work.of(Plans).of(ctx.me.id)
    if mine is not None and mine.goes_on(ctx.now) > ctx.now:
        mine = mine.paused(None, ctx.now)
        ctx.work.of(Plans).put(mine, ctx.now)
    return _shown(mine, ctx)


def keep(command: Command, ctx: Context) -> Reply:
    """*Keep it as it is*, after the question whether it fits."""
    return cards.kept(ctx.t)


def later(command: Command, ctx: Context) -> Reply:
    """*In 10 minutes*: once for each reminder."""
    one = _own(command, ctx)
    if one.state is not ReminderState.PLANNED or ctx.now + LATER > _ends(one):
        return cards.answered(one, ctx.t)
    # Two in a row would be one too many: what comes then stands for both, and is the longer one.
    both = [one]
    if one.kind is ReminderKind.RHYTHM:
        both += [
            following
            for following in ctx.work.of(Plans).recent(ctx.me.id, one.at, ctx.now + 2 * LATER)
            if following.state is ReminderState.PLANNED
            and following.kind is ReminderKind.RHYTHM
            and following.id != one.id
        ]
    for each in both:
        _answer(ctx, each, ReminderState.MOVED)
    comes = max(both, key=lambda each: each.minutes)
    ctx.work.outbox.add(
        one.workspace, Notice(AGAIN, comes.id, (ctx.me.id,), ctx.now + LATER, Priority.NORMAL)
    )
    return None


def skip(command: Command, ctx: Context) -> Reply:
    """*Skip*. A lunch is offered once more; three days of skipping lead to one question."""
    one = _own(command, ctx)
    if command.one("again") and one.state is ReminderState.SKIPPED:
        _answer(ctx, one, ReminderState.LEFT)
        return None
    if one.state not in (ReminderState.PLANNED, ReminderState.MOVED):
        return cards.answered(one, ctx.t)
    _answer(ctx, one, ReminderState.SKIPPED)
    if one.kind is ReminderKind.LUNCH and ctx.now + LUNCH_LATER < one.until:
        ctx.work.outbox.add(
            one.workspace,
            Notice(LUNCH_AGAIN, one.id, (ctx.me.id,), ctx.now + LUNCH_LATER, Priority.NORMAL),
        )
    mine = ctx.work.of(Plans).of(ctx.me.id)
    recent = ctx.work.of(Plans).recent(ctx.me.id, ctx.now - _RECENT, max(ctx.now, one.at))
    if mine is None or mine.asked or not doesnt_fit([r for r in recent if r.plan == mine.id]):
        return None
    ctx.work.of(Plans).save((replace(mine, asked=True),))
    return cards.does_it_fit(another(mine.rules), ctx.t)


def reminder_followed(fact: ReminderFollowed, on: Occasion) -> None:
    """A break begins because of a reminder: the reminder has done its work."""
    one = on.work.of(Plans).reminder(fact.reminder)
    if one is None or one.person != fact.person.id:
        raise RefusedError(_passed(on.services.speaking(fact.person.locale)))
    _answer(on, one, ReminderState.TAKEN)


def break_ended(fact: BreakEnded, on: Occasion) -> None:
    """What the break was long enough for begins anew, and what of it fell into the break is done
    with; what is for its own time of day, or longer, comes a little later."""
    plans, now = on.work.of(Plans), on.now
    mine = plans.of(fact.person)
    if mine is None:
        return
    for one in plans.recent(fact.person, now - LONGEST_BREAK, now + SPREAD_BEFORE):
        notice = _waiting(one, on)
        if notice is None or min(one.at, one.due) > now:
            continue
        if mine.is_done_by(one, fact.lasted):
            _answer(on, one, ReminderState.TAKEN)
        elif now + AFTER_BREAK <= _ends(one):
            on.work.outbox.forget_one(notice.key, now)
            _answer(on, one, ReminderState.MOVED)
            again = Notice(AGAIN, one.id, (one.person,), now + AFTER_BREAK, Priority.NORMAL)
            on.work.outbox.add(one.workspace, again)
    if mine.intervals:
        plans.put(mine.after_break(fact.lasted, now), now)


def shifts_changed(fact: ShiftsChanged, on: Occasion) -> None:
    """Reminders that were written for another shift are gone, and those of this one are written."""
    for person in fact.people:
        mine = on.work.of(Plans).of(person)
        if mine is not None and mine.plan_at is not None:
            on.work.of(Plans).put(mine.anew_from(on.now), on.now)


def propose_form(command: Command, ctx: Context) -> Reply:
    return cards.propose_form(_to_whom(ctx), ctx.t)


def propose(command: Command, ctx: Context) -> Reply:
    """Sends a proposal to everybody in a team; what they make of it nobody sees."""
    field = _to_whom(ctx)
    asked = Filled(cards.propose_form(field, ctx.t), command, ctx)
    preset, team = asked.chosen("preset"), team_chosen(asked, field, ctx)
    if asked.errors:
        return asked.again()
    people = [person for person in team if person != ctx.me.id]
    about = pack(preset, ctx.me.id, ctx.new_id()[:12])
    ctx.work.outbox.add(
        ctx.me.workspace,
        *(Notice(PROPOSAL, about, (person,), ctx.now, Priority.BULK) for person in people),
    )
    return cards.proposed(len(people), ctx.t)


def rest_form(command: Command, ctx: Context) -> Reply:
    return cards.rest_form(REST.of(ctx.work.settings, ctx.me.workspace), ctx.t)


def rest_save(command: Command, ctx: Context) -> Reply:
    before = REST.of(ctx.work.settings, ctx.me.workspace)
    asked = Filled(cards.rest_form(before, ctx.t), command, ctx)
    country, hours, week = asked.chosen("country"), asked.number("hours"), asked.number("week")
    if asked.errors:
        return asked.again()
    rules = RestRules("" if country == cards.NO_COUNTRY else country, hours, week)
    ctx.change(REST, rules)
    return cards.rest_saved(ctx.t)


def next_reminder(ctx: Context) -> tuple[Part, ...]:
    """When one's plan reminds of a break next, if that is soon."""
    soon = ctx.work.of(Plans).recent(ctx.me.id, ctx.now, ctx.now + AHEAD)
    awaited = (one for one in soon if one.state in (ReminderState.PLANNED, ReminderState.MOVED))
    one = next(awaited, None)
    return () if one is None else (Paragraph(cards.reminds_at(one, ctx.t)),)


def rest_rows(ctx: Context) -> tuple[tuple[Line, Line], ...]:
    """What the settings page shows of rest."""
    return (cards.rest_fact(REST.of(ctx.work.settings, ctx.me.workspace), ctx.t),)


def plan_reminders(on: Occasion, limit: int) -> int:
    """Writes the next hours' reminders, each with its notice. Any number of processes may do this
    at once: a plan is held by one, and a reminder written already is not written again."""
    work, now, services = on.work, on.now, on.services
    due = tuple(
        replace(one, planned_until=max(one.planned_until, now - _OVER_AFTER))
        for one in work.of(Plans).due(now, min(limit, _PLANNED_AT_ONCE))
    )
    known = work.people.many([mine.person for mine in due])
    planned_to = max((mine.planned_until for mine in due), default=now) + AHEAD
    since = min((mine.planned_until for mine in due), default=now)
    people = {one.id: one for one in with_shifts([*known.values()], work, since, planned_to)}
    kept: list[Plan] = []
    for found in due:
        person = people.get(found.person)
        if person is None:  # erased: the plan goes with them
            work.of(Plans).stop(found.person)
            continue
        mine = replace(found, zone=person.zone)
        is_free = free_days(work.settings, mine.workspace, services.calendar)
        until = max(now, mine.planned_until) + AHEAD
        new = reminders(mine, person.hours, services.recurrence, is_free, until)
        still = [one for one in new if one.until > now]
        work.of(Plans).add(still)
        work.outbox.add(mine.workspace, *(one.notice for one in still))
        kept.append(replace(mine, planned_until=until, plan_at=now + PLAN_EVERY))
    work.of(Plans).save(kept)
    return len(due)


def reminder_card(notice: Notice, ctx: Context) -> Card | None:
    one = ctx.work.of(Plans).reminder(notice.about)
    if one is None:
        return None
    if one.state is ReminderState.PLANNED and ctx.now <= one.until:
        return None if notice.sent else cards.reminder(one, ctx.t, can_move=True)
    return cards.answered(one, ctx.t) if notice.sent else None


def again_card(notice: Notice, ctx: Context) -> Card | None:
    return _repeated(notice, ctx, ReminderState.MOVED)


def lunch_again_card(notice: Notice, ctx: Context) -> Card | None:
    return _repeated(notice, ctx, ReminderState.SKIPPED)


def proposal_card(notice: Notice, ctx: Context) -> Card | None:
    preset, by, _ = unpack(notice.about, 3)
    proposer = ctx.work.people.get(by)
    return cards.proposal(Preset(preset), proposer, ctx.t) if proposer is not None else None


ROUTES: tuple[Route, ...] = (
    Route(
        "plan",
        plan,
        reads=True,
        typed=Typed(
            {"en": "plan", "lv": "plāns"},
            mark("Your break plan: when Plecs reminds you"),
            mark("[pause 2 h]"),
            own_command=False,
        ),
        behind=Behind("break", {"en": "plan", "lv": "plāns"}),
    ),
    Route("plan.choose", choose),
    Route("plan.form", plan_form, reads=True),
    Route("plan.save", plan_save),
    Route("plan.stop", stop),
    Route(
        "plan.pause",
        pause,
        behind=_PAUSING,
    ),
    Route("plan.go_on", go_on),
    Route("plan.keep", keep, reads=True),
    Route("plan.later", later, private=True),
    Route("plan.skip", skip, private=True),
    Route("plan.propose", propose_form, reads=True, role=Role.COORDINATOR),
    Route("plan.propose.send", propose, role=Role.COORDINATOR),
    Route("settings.rest", rest_form, reads=True, role=Role.ADMIN),
    Route("settings.rest.save", rest_save, role=Role.ADMIN),
)

NOTICES: tuple[NoticeKind, ...] = (
    NoticeKind(REMINDER, reminder_card),
    NoticeKind(AGAIN, again_card),
    NoticeKind(LUNCH_AGAIN, lunch_again_card),
    NoticeKind(PROPOSAL, proposal_card),
)

TIMERS: tuple[Timer, ...] = (plan_reminders,)


def _pause_in(text: str, ctx: Context) -> datetime:
    """Until when that is: an hour, where nothing is said. Raises RefusedError."""
    local = ctx.now.astimezone(ZoneInfo(ctx.me.zone))
    if text == cards.TODAY:
        return instant(datetime.combine(local.date() + timedelta(days=1), time()), ctx.me.zone)
    until = end_in(text, local) if text.strip() else ctx.now + _USUAL_PAUSE
    if until is None or not ctx.now < until <= ctx.now + _FAR:
        raise RefusedError(
            ctx.t("I can't tell how long that is. Write it like 1 h, half an hour or until 14:00.")
        )
    return until


def _put(
    ctx: Context, rules: tuple[Rule, ...], days: tuple[str, ...], quiet: tuple[tuple[int, int], ...]
) -> Reply:
    mine = Plan(
        id=ctx.new_id(),
        person=ctx.me.id,
        workspace=ctx.me.workspace,
        zone=ctx.me.zone,
        days=days,
        rules=rules,
        quiet=quiet,
        planned_until=ctx.now,
        plan_at=ctx.now,
    )
    ctx.work.of(Plans).put(mine, ctx.now)
    return _shown(mine, ctx)


def _shown(mine: Plan | None, ctx: Context) -> Card:
    following = None
    if mine is not None:
        is_free = free_days(ctx.work.settings, ctx.me.workspace, ctx.services.calendar)
        seen = replace(mine, planned_until=mine.goes_on(ctx.now))
        me = with_shift(ctx.me, ctx.work, ctx.now, ctx.now + _FAR)
        ahead = reminders(seen, me.hours, ctx.services.recurrence, is_free, ctx.now + _FAR)
        following = next((one.at for one in ahead), None)
    return cards.plan(
        mine,
        str(ctx.me.hours if ctx.me.hours.shifts else UNSET_HOURS),
        following,
        ctx.t,
        proposes=ctx.me.is_a(Role.COORDINATOR),
        paused=mine is not None and mine.goes_on(ctx.now) > ctx.now,
    )


def _own(command: Command, ctx: Context) -> Reminder:
    one = ctx.work.of(Plans).reminder(command.one("reminder"))
    if one is None or one.person != ctx.me.id:
        raise RefusedError(_passed(ctx.t))
    return one


def _passed(t: Texts) -> Line:
    return t("This reminder has passed. The next one comes as planned.")


def _answer(on: Occasion, one: Reminder, state: ReminderState) -> None:
    on.work.of(Plans).answer(one.id, state)
    for kind in (REMINDER, AGAIN, LUNCH_AGAIN):
        on.work.outbox.refresh(one.workspace, kind, one.id, on.now)


def _waiting(one: Reminder, on: Occasion) -> Notice | None:
    """The reminder's message, if it is still to come."""
    kinds = {ReminderState.PLANNED: REMINDER, ReminderState.MOVED: AGAIN}
    if one.state not in kinds:
        return None
    notice = on.work.outbox.kept(replace(one.notice, kind=kinds[one.state]).key)
    return None if notice is None or notice.sent else notice


def _repeated(notice: Notice, ctx: Context, while_: ReminderState) -> Card | None:
    """A reminder that comes once more, while it is still in the state that asked for it."""
    one = ctx.work.of(Plans).reminder(notice.about)
    if one is None:
        return None
    if one.state is while_ and ctx.now <= _ends(one):
        again = while_ is ReminderState.SKIPPED
        return None if notice.sent else cards.reminder(one, ctx.t, can_move=False, again=again)
    return cards.answered(one, ctx.t) if notice.sent else None


def _ends(one: Reminder) -> datetime:
    """Until when a reminder that was put off may come: the next one may be due before."""
    return max(one.until, one.at + 2 * LATER) if one.kind is ReminderKind.RHYTHM else one.until


def _times(asked: Filled, name: str, most: int) -> tuple[str, ...]:
    """The times of day that were typed into the field, each once."""
    try:
        times = tuple(dict.fromkeys(clock_times(asked.text(name))))
    except ValueError as error:
        line = asked.t("I can't read “{part}”. Write it like 10:30.", part=said(str(error)))
        asked.errors.setdefault(name, line)
        return ()
    if len(times) > most:
        asked.errors[name] = asked.t("At most {n}.", n=most)
    return times[:most]


def _quiet(asked: Filled) -> tuple[tuple[int, int], ...]:
    try:
        return quiet_times(asked.text("quiet"))
    except ValueError as error:
        line = asked.t("I can't read “{part}”. Write it like 11:00-12:00.", part=said(str(error)))
        asked.errors.setdefault("quiet", line)
        return ()


def _to_whom(ctx: Context) -> ChoiceField | TextField:
    return team_field(ctx, ctx.t("To whom"), without_manager=True)
