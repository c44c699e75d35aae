"""A case as it is when a hand goes up."""

from dataclasses import replace
from datetime import timedelta

from handlers.escalation import model, rules
from handlers.escalation.ladder import LADDER
from handlers.escalation.model import Case, Mode
from handlers.kit.people import Person, Topic
from handlers.kit.text import shortened
from handlers.work import Context

LATELY = timedelta(minutes=1)
"""The hands of so long tell how busy it is."""


def new_case(
    ctx: Context, topic: Topic | None, line: str, mode: Mode, wanted: Person | None, *, lately: int
) -> Case:
    """A case whose first step is due at once. `lately`: how many hands went up in the caller's
    workspace within LATELY."""
    ladder = LADDER.of(ctx.work.settings, ctx.me.workspace)
    rings, nobody_after = rules.under_load(ladder.rings, lately), ladder.nobody_after
    if wanted is not None:
        alone = rules.WANTED_ALONE
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
        step_at=ctx.now,
    )
