"""`/supervision`: one front card, on which the members' and the coordinators' things meet."""

from collections.abc import Callable, Mapping
from datetime import datetime

from handlers.kit.cards import Card, Note, Paragraph, Part, Reply
from handlers.kit.commands import Command, Handler, Route, Typed
from handlers.kit.people import Person, Role
from handlers.kit.ports import mark
from handlers.kit.text import fold
from handlers.supervision.calendar import commands as calendar
from handlers.supervision.dates import commands as cycles
from handlers.supervision.exports import commands as exports
from handlers.supervision.groups import commands as groups
from handlers.supervision.groups.model import Members
from handlers.supervision.sessions import commands as members
from handlers.supervision.shared import lifecycle as life
from handlers.work import Context, NoticeCard, Rejected, Timer, Work

PARTS: tuple[Callable[[Context], tuple[Part, ...]], ...] = (
    members.on_the_front,
    calendar.on_the_front,
    groups.front_parts,
)
"""What stands on the front card, from each side of the feature, in this order."""

TYPED: Mapping[str, Handler] = {**members.TYPED, **calendar.TYPED}
"""What can be typed behind the command, folded, in either language. They only read: what writes
is asked for by their buttons and forms."""


def supervision(command: Command, ctx: Context) -> Reply:
    """`/supervision`: my groups and what they ask of me; for coordinators theirs as well."""
    typed = TYPED.get(fold(command.text))
    if typed is not None:
        return typed(command, ctx)
    if command.text.strip() and ctx.me.is_a(Role.COORDINATOR):
        return groups.overview(command, ctx)
    t = ctx.t
    parts = tuple(part for parts in PARTS for part in parts(ctx))
    if not ctx.work.of(Members).places_of(ctx.me.id):
        parts = (Paragraph(t("You are in no group now.")), *parts)
    return Card(
        t("Supervision groups"),
        (
            Paragraph(
                t(
                    "Equals meet eight to ten times and talk about work that was hard. What is "
                    "said there stays there; Plecs keeps the calendar and whose turn it is."
                )
            ),
            *parts,
            Note(t("Only you see this.")),
        ),
    )


ROUTES: tuple[Route, ...] = (
    Route(
        "supervision",
        supervision,
        reads=True,
        typed=Typed(
            {"en": "supervision", "lv": "supervīzija"},
            mark("Supervision groups: yours, and their next dates"),
            mark("[ask or calendar]"),
        ),
    ),
    *members.ROUTES,
    *calendar.ROUTES,
    *exports.ROUTES,
    *groups.ROUTES,
    *cycles.ROUTES,
)

NOTICES: Mapping[str, NoticeCard] = {**groups.NOTICES, **cycles.NOTICES, **members.NOTICES}
REJECTED: Mapping[str, Rejected] = {**groups.REJECTED}
TIMERS: tuple[Timer, ...] = (*groups.TIMERS, *life.TIMERS)


def person_gone(work: Work, person: Person, now: datetime) -> None:
    """Somebody can't use Plecs any more: nothing waits for them, and nobody for their answer."""
    groups.person_gone(work, person, now)
    life.person_gone(work, person, now)
