"""How somebody wants to be asked, what the workspace allows, and the weeks' counts."""

from datetime import timedelta
from functools import partial

from handlers.kit.cards import Reply
from handlers.kit.commands import Behind, Command, Route
from handlers.kit.people import Role
from handlers.kit.ports import mark
from handlers.kit.reading import Filled
from handlers.vents.finding import LIMITS, listener_of
from handlers.vents.model import Limits, Listener, Listens, Vents, week_of
from handlers.vents.settings import cards
from handlers.work import Context

_WEEKS = 8


def show(command: Command, ctx: Context) -> Reply:
    """One's own settings as a listener; the workspace's too, for admins."""
    mine = listener_of(ctx.work, ctx.me)
    limits = LIMITS.of(ctx.work.settings, ctx.me.workspace)
    blocked = tuple(ctx.work.people.many(mine.blocked).values())
    return cards.settings(mine, limits, blocked, ctx.me, ctx.t)


def form(command: Command, ctx: Context) -> Reply:
    mine = listener_of(ctx.work, ctx.me)
    blocked = tuple(ctx.work.people.many(mine.blocked).values())
    limits = LIMITS.of(ctx.work.settings, ctx.me.workspace)
    return cards.settings_form(mine, limits, blocked, ctx.t)


def save(command: Command, ctx: Context) -> Reply:
    """Keeps how the caller wants to be asked; a blocked colleague new to Plecs is introduced."""
    limits, mine = LIMITS.of(ctx.work.settings, ctx.me.workspace), listener_of(ctx.work, ctx.me)
    before = tuple(ctx.work.people.many(mine.blocked).values())
    asked = Filled(cards.settings_form(mine, limits, before, ctx.t), command, ctx)
    listens, most = asked.chosen("listens"), asked.number("most")
    blocked = [person.id for person in asked.people("blocked")]
    if asked.errors:
        return asked.again()
    # The form can't show those who are in another app only: leaving them out says nothing.
    blocked += [one.id for one in before if not one.is_at(command.by.place)]
    ctx.work.of(Vents).save_listener(
        Listener(
            ctx.me.id,
            ctx.me.workspace,
            Listens(listens),
            None if most >= limits.most else most,
            tuple(sorted({one for one in blocked if one != ctx.me.id})),
        )
    )
    return show(command, ctx)


def limits_form(command: Command, ctx: Context) -> Reply:
    return cards.limits_form(LIMITS.of(ctx.work.settings, ctx.me.workspace), ctx.t)


def limits_save(command: Command, ctx: Context) -> Reply:
    before = LIMITS.of(ctx.work.settings, ctx.me.workspace)
    asked = Filled(cards.limits_form(before, ctx.t), command, ctx)
    limits = Limits(asked.number("most"), timedelta(minutes=asked.number("gap")))
    if asked.errors:
        return asked.again()
    ctx.change(LIMITS, limits)
    return cards.limits_saved(ctx.t)


def weeks(command: Command, ctx: Context) -> Reply:
    """How many vents each of the last weeks had, where enough people stand behind the count."""
    found = ctx.work.of(Vents).weeks(ctx.me.workspace, week_of(ctx.now), _WEEKS)
    return cards.weeks(found, ctx.t)


_private = partial(Route, private=True)

ROUTES: tuple[Route, ...] = (
    _private(
        "vent.settings",
        show,
        reads=True,
        behind=Behind("vent", {"en": "settings", "lv": "iestatījumi"}),
    ),
    _private("vent.settings.form", form, reads=True),
    _private("vent.settings.save", save),
    _private("vent.limits", limits_form, reads=True, role=Role.ADMIN),
    _private("vent.limits.save", limits_save, role=Role.ADMIN),
    _private(
        "vent.weeks",
        weeks,
        reads=True,
        role=Role.SUPERVISOR,
        refusal=mark("The weeks' counts are for supervisors: numbers, and no names."),
        behind=Behind(
            "vent",
            {"en": "weeks", "lv": "nedēļas"},
            help=mark("How many talks there were each week, without names"),
        ),
    ),
)
