"""Whether colleagues can be reached: what somebody hears who is back, and where nobody else is."""

from typing import TYPE_CHECKING

from handlers.availability.engaged import Availability
from handlers.availability.meetings import TeamMeetings
from handlers.availability.reliefs import Reliefs
from handlers.availability.shifts import with_shift
from handlers.kit.cards import Line, Moment, Span, ToType, mention
from handlers.kit.people import Person
from handlers.kit.ports import Texts

if TYPE_CHECKING:
    from handlers.work import Context


def reached(ctx: "Context") -> Line:
    """Whether colleagues can reach the caller, or what still keeps them from being asked."""
    t, now = ctx.t, ctx.now
    # As kept now: an absence may have ended in this same transaction.
    me = with_shift(ctx.work.people.get(ctx.me.id) or ctx.me, ctx.work, now)
    if me.duty.is_away(now):
        return t(
            "You are still away: nobody is sent to you. When you are back, type {typed}.",
            typed=ToType("back"),
        )
    if me.quiet_until is not None and me.duty.is_quiet(now):
        return t(
            "Do not disturb is on until {time}: nobody is sent to you before.",
            time=Moment(me.quiet_until),
        )
    if not me.on_duty(now):
        return t("These are not your working hours: nobody is sent to you until they begin.")
    if ctx.work.of(Availability).engaged((me.id,), now):
        return t(
            "You are in a call, a talk, a session or a class: "
            "nobody else is sent to you until it is over."
        )
    return _asked_otherwise(me, ctx) or t("Colleagues can reach you again.")


def _asked_otherwise(me: Person, ctx: "Context") -> Line | None:
    """Who is asked in the place of somebody who is there; None where they are asked themselves."""
    t, now = ctx.t, ctx.now
    if not me.helps:
        return t(
            "Colleagues can write to you again. "
            "Nobody is sent to you: you chose that with {typed}.",
            typed=ToType("topics"),
        )
    relief = ctx.work.of(Reliefs).live_of(me.id, now)
    helper = ctx.work.people.get(relief.helper or "") if relief else None
    if relief is not None and helper is not None and relief.is_on(now):
        return t(
            "{name} looks after your topics until {time}, and is asked in your place.",
            name=mention(helper),
            time=Moment(relief.ends_at),
        )
    meeting = next(iter(ctx.work.of(TeamMeetings).ahead(me.id, now)), None)
    if meeting is not None and meeting.starts_at <= now:
        return t(
            "Your team's meeting is on until {time}: "
            "you are asked only where nobody else is there.",
            time=Moment(meeting.ends_at),
        )
    return None


def is_alone(ctx: "Context", workspace: str) -> bool:
    """Whether no second person is known in the workspace."""
    _, known = ctx.work.people.search(workspace, "", 0, 1)
    return known <= 1


def by_extension(person: Person, t: Texts, name: Span) -> Line:
    """Who it is, called by `name`, and by which extension or at which desk, where they said so."""
    if not person.extension:
        return (name,)
    if any(letter.isalpha() for letter in person.extension):
        return (name, f", {person.extension}")
    return t("{name}, ext. {extension}", name=name, extension=person.extension)
