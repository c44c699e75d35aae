"""A case as it is when a hand goes up."""

from dataclasses import replace

from handlers.escalation import model
from handlers.escalation.ladder import LADDER
from handlers.escalation.model import Case, Mode
from handlers.kit.deidentify import Identifying, readable, replaced
from handlers.kit.people import Person, Topic
from handlers.kit.text import shortened
from handlers.work import Context

_HIDDEN = "•••"
"""Stands in a hand's line for what tells who the caller is."""


def new_case(
    ctx: Context, topic: Topic | None, line: str, mode: Mode, wanted: Person | None
) -> Case:
    ladder = LADDER.of(ctx.work.settings, ctx.me.workspace)
    rings, nobody_after = ladder.rings, ladder.nobody_after
    if wanted is not None:
        alone = model.WANTED_ALONE
        rings = (
            model.Ring(0, (), 1),
            *(replace(ring, after=ring.after + alone) for ring in rings),
        )
        nobody_after += alone
    return Case(
        id=ctx.new_id(),
        workspace=ctx.me.workspace,
        agent=ctx.me.id,
        topic=topic.id if topic else None,
        line=shortened(line, model.LINE_LIMIT),
        mode=mode,
        raised_at=ctx.now,
        delays=(*(ring.after for ring in rings), nobody_after),
        seats=(),
        rings=rings,
        wanted=wanted.id if wanted is not None else None,
    )


def without_callers(line: str) -> tuple[str, bool]:
    """The line as colleagues read it, and whether anything that tells who the caller is was hidden:
    numbers, e-mail addresses, names with a title."""
    hidden = replaced(readable(line), dict.fromkeys(Identifying, _HIDDEN))
    return hidden, hidden != readable(line)
