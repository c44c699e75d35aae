"""`/supervision`: one front card, on which the members' and the coordinators' things meet."""

from collections.abc import Callable

from handlers.kit.cards import Card, Note, Paragraph, Part, Reply
from handlers.kit.commands import Command, Route, Typed
from handlers.kit.people import Role
from handlers.kit.ports import mark
from handlers.kit.reading import Pressed, seen
from handlers.supervision.calendar import commands as calendar
from handlers.supervision.exports import commands as exports
from handlers.supervision.groups import cards
from handlers.supervision.groups import commands as groups
from handlers.supervision.groups.model import LONGEST_NAME, Groups, Summaries
from handlers.supervision.members import commands as members
from handlers.supervision.members.model import Members
from handlers.supervision.requests import commands as requests
from handlers.supervision.sessions import commands as sessions
from handlers.work import Context

PARTS: tuple[Callable[[Context], tuple[Part, ...]], ...] = (
    sessions.on_the_front,
    requests.asked_for,
    calendar.on_the_front,
    members.on_the_front,
    groups.on_the_front,
)
"""What stands on the front card, of each room, in this order."""


def supervision(command: Command, ctx: Context) -> Reply:
    """`/supervision`: my groups and what they ask of me; for coordinators theirs as well."""
    if command.text.strip() and ctx.me.is_a(Role.COORDINATOR):
        return overview(command, ctx)
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


_MOST_GROUPS = 1_000_000
"""How far the list can be leafed through."""


def overview(command: Command, ctx: Context) -> Reply:
    """All groups of the workspace, or those named so, a page at a time."""
    skip = Pressed(command, ctx.t).number("skip", _MOST_GROUPS)
    text = seen((command.one("text") or command.text)[: 2 * LONGEST_NAME])[:LONGEST_NAME]
    found, total = ctx.work.of(Groups).page(ctx.me.workspace, skip, cards.PAGE, text)
    summaries = ctx.work.of(Summaries).of([one.id for one in found], ctx.now)
    known = ctx.work.people.many(sorted({one.owner for one in found if one.owner}))
    owners = {one.id for one in known.values() if one.active and one.is_a(Role.COORDINATOR)}
    is_first = skip == 0 and not text
    more = (*requests.asked_for(ctx), *exports.on_the_overview(ctx)) if is_first else ()
    return cards.overview(
        found, summaries, owners, ctx.t, skip=skip, total=total, text=text, more=more
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
    Route("supervision.all", overview, reads=True, role=Role.COORDINATOR),
)
