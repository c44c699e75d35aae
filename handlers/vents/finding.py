"""Whom somebody may ask, and whether that person can be asked now."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.availability.engaged import Availability
from handlers.availability.shifts import with_shift, with_shifts
from handlers.kit.people import Person
from handlers.kit.ports import mark
from handlers.kit.settings import Section, minutes, number
from handlers.kit.text import sort_key
from handlers.vents.model import (
    ASKED_A_DAY,
    LONGEST_GAP,
    MOST_A_DAY,
    Limits,
    Listener,
    Tally,
    Vents,
    may_listen,
)
from handlers.work import Context, Work

LIMITS = Section(
    "vent", mark("Vents"), Limits(), {"most": number(1, MOST_A_DAY), "gap": minutes(0, LONGEST_GAP)}
)
"""What a workspace allows its listeners."""

_LISTENERS_READ = 60
"""How many of those who like to listen are looked at for one list."""

_OFFERED = 8
"""Colleagues on one list: what fits a screen."""


def offers(
    ctx: Context, without: Sequence[str] = ()
) -> tuple[tuple[Person, ...], tuple[Person, ...]]:
    """Those whom the caller trusts and those who like to listen, by name: who is here now, and
    who is not. Whoever reached their limit is left out; whoever blocked the caller is not, so
    that it can't be told."""
    vents = ctx.work.of(Vents)
    keen = vents.who_listen(ctx.me.workspace, ctx.me.id, _LISTENERS_READ)
    people = ctx.work.people.many((*ctx.me.trusted, *keen))
    known = [
        person
        for person in people.values()
        if person.active and person.id != ctx.me.id and person.id not in without
    ]
    willing = _willing(ctx, known)
    asked = vents.tallies(
        ctx.me.workspace, day(ctx.me, ctx.now), [pair(ctx.me, person) for person in willing]
    )
    left = [
        person for person in willing if asked.get(pair(ctx.me, person), Tally()).count < ASKED_A_DAY
    ]
    left.sort(
        key=lambda person: (person.id not in ctx.me.trusted, sort_key(person.name), person.id)
    )
    away = ctx.work.of(Availability).engaged([person.id for person in left], ctx.now)
    left = with_shifts(left, ctx.work, ctx.now)
    here = [p for p in left if p.on_duty(ctx.now) and p.id not in away]
    later = [p for p in left if p not in here]
    return tuple(here[:_OFFERED]), tuple(later[: max(0, _OFFERED - len(here))])


def may_be_asked(ctx: Context, listener: Person) -> bool:
    """Whether the question may reach the listener now. The asker is never told."""
    settings = listener_of(ctx.work, listener)
    return (
        with_shift(listener, ctx.work, ctx.now).on_duty(ctx.now)
        and ctx.me.id not in settings.blocked
        and bool(_willing(ctx, [listener]))
        and not ctx.work.of(Availability).engaged((listener.id,), ctx.now)
        and not ctx.work.of(Vents).taken((listener.id,))
    )


def listener_of(work: Work, person: Person) -> Listener:
    """How the person wants to be asked; who never said may be asked by those who choose them."""
    found = work.of(Vents).listeners((person.id,))
    return found.get(person.id, Listener(person.id, person.workspace))


def day(person: Person, now: datetime, back: int = 0) -> str:
    """The period that counts a day of the person's."""
    local = now.astimezone(ZoneInfo(person.zone)).date()
    return f"day {local.fromordinal(local.toordinal() - back)}"


def pair(asker: Person, listener: Person) -> str:
    """What is counted when one asks the other."""
    return f"asked {asker.id} {listener.id}"


def listened(listener: Person) -> str:
    """What is counted when somebody listens."""
    return f"listened {listener.id}"


def _willing(ctx: Context, people: Sequence[Person]) -> list[Person]:
    """Those whose own limits and the workspace's let them listen once more."""
    vents, limits = ctx.work.of(Vents), LIMITS.of(ctx.work.settings, ctx.me.workspace)
    settings = vents.listeners([person.id for person in people])
    counts: dict[str, dict[str, Tally]] = {}
    for back in (0, 1):
        for period in {day(person, ctx.now, back) for person in people}:
            counts[period] = dict(
                vents.tallies(ctx.me.workspace, period, [listened(person) for person in people])
            )
    return [
        person
        for person in people
        if may_listen(
            settings.get(person.id, Listener(person.id, person.workspace)),
            limits,
            counts[day(person, ctx.now)].get(listened(person), Tally()),
            counts[day(person, ctx.now, 1)].get(listened(person), Tally()),
            ctx.now,
        )
    ]
