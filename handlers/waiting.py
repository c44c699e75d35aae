"""What is not urgent knows when to wait, and what waited comes as one message."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from handlers.availability.engaged import Availability
from handlers.availability.rest import (
    LOOKED_AHEAD,
    REST,
    RESTED_FROM,
    holidays,
    reachable_from,
)
from handlers.availability.shifts import with_shifts
from handlers.features import NOTICES
from handlers.kit.cards import Buttons, Card, Divider, Paragraph, Part
from handlers.kit.feature import Rest
from handlers.kit.notices import Notice, Wait
from handlers.kit.ports import Calendar, Texts
from handlers.work import Work

_LOOK_AGAIN = timedelta(seconds=30)
"""How soon is looked again whether a case, a break or a vent has ended."""

_MOST_BUTTONS = 3
"""Buttons of one message in a digest."""


def waits_of(
    notices: Sequence[Notice], work: Work, now: datetime, calendar: Calendar
) -> Mapping[str, Wait]:
    """Which of the notices, none of them urgent, must wait, by key: a reader rests, or is engaged
    with somebody. What its kind's `rest` says of that holds."""
    may_wait = [notice for notice in notices if _rest(notice) is not Rest.AT_ONCE]
    known = work.people.many(sorted({person for notice in may_wait for person in notice.to}))
    rested_from, looked_to = now - RESTED_FROM, now + LOOKED_AHEAD
    people = {one.id: one for one in with_shifts([*known.values()], work, rested_from, looked_to)}
    busy = work.of(Availability).engaged(list(people), now)
    rules = {p.workspace: REST.of(work.settings, p.workspace) for p in people.values()}
    waits: dict[str, Wait] = {}
    for notice in may_wait:
        through_hours = _rest(notice) is Rest.THROUGH_HOURS
        worst: Wait | None = None
        for reader in (people[person] for person in notice.to if person in people):
            rule = rules[reader.workspace]
            until = now
            if not through_hours or reader.duty.is_away(now):
                until = reachable_from(reader, now, rule, holidays(rule, calendar))
            if until <= now and reader.id in busy:
                until = now + _LOOK_AGAIN
            if until > (worst.until if worst is not None else now):
                worst = Wait(reader.id, until)
        if worst is not None:
            waits[notice.key] = worst
    return waits


def digest(cards: Sequence[Card], t: Texts) -> Card:
    """Everything that waited, as one message: each card's title and what can be done with it."""
    parts: list[Part] = []
    for card in cards:
        if parts:
            parts.append(Divider())
        parts.append(Paragraph(card.summary or card.title))
        buttons = [b for part in card.parts if isinstance(part, Buttons) for b in part.buttons]
        if buttons:
            parts.append(Buttons(tuple(buttons[:_MOST_BUTTONS])))
    return Card(
        t.many("{n} thing waited for you", "{n} things waited for you", len(cards)), tuple(parts)
    )


def _rest(notice: Notice) -> Rest:
    kind = NOTICES.get(notice.kind)
    return Rest.WAITS if kind is None else kind.rest  # a digest is no feature's
