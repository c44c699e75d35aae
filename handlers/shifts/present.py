"""Who is there now for which topic: for anybody, and without why somebody is not."""

from collections.abc import Iterator
from itertools import islice

from handlers.availability.free import OnDuty, helpers_in_turn
from handlers.common.topics import topics_of
from handlers.kit.cards import Line, Reply
from handlers.kit.commands import Command, Route, Typed
from handlers.kit.people import Person, Role
from handlers.kit.ports import mark
from handlers.shifts import cards
from handlers.work import Context

_PAGE = 20

_MOST_TOPICS = 20
"""Topics that are looked through: what fits on a screen."""


def who(command: Command, ctx: Context) -> Reply:
    """`/plecs who`, `kurš`."""
    topics = topics_of(ctx.work.settings, ctx.me.workspace)[:_MOST_TOPICS]
    rows: list[tuple[Line, list[Person]]] = [
        ((topic.name(ctx.t.locale),), _free(ctx, topic=topic.id)) for topic in topics
    ]
    rows.append((ctx.t("Supervisors"), _free(ctx, role=Role.SUPERVISOR)))
    return cards.who(rows, ctx.t)


def _free(ctx: Context, *, topic: str | None = None, role: Role | None = None) -> list[Person]:
    """The first who may be asked at this moment, and one more where there are more."""
    return list(islice(_all_free(ctx, topic, role), cards.MOST_NAMED + 1))


def _all_free(ctx: Context, topic: str | None, role: Role | None) -> Iterator[Person]:
    on_duty, named = OnDuty(ctx.me.workspace, ctx), set[str]()
    for helper in helpers_in_turn(ctx.me.workspace, ctx, _PAGE, topic=topic, role=role):
        is_free = not helper.engaged and not helper.meeting and on_duty(helper.person.duty)
        if is_free and helper.person.id not in named:
            named.add(helper.person.id)
            yield helper.person


ROUTES = (
    Route(
        "who",
        who,
        reads=True,
        typed=Typed(
            {"en": "who", "lv": "kurš"},
            help=mark("Who is there now for which topic"),
            own_command=False,
        ),
    ),
)
