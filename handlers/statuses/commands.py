"""What people ask about their status, and what breaks and platforms do to it."""

from handlers.availability.engaged import Availability
from handlers.kit.cards import Reply
from handlers.kit.commands import Behind, Command, RefusedError, Route
from handlers.kit.facts import (
    BreakBegan,
    BreakEnded,
    PersonLeft,
    StatusPermissionsEnded,
    StatusPermitted,
)
from handlers.statuses import cards
from handlers.statuses.model import StatusPermissions, WantedStatus
from handlers.work import Context, Occasion


def status(command: Command, ctx: Context) -> Reply:
    """`/break status`: to permit it, or to take it back."""
    if ctx.work.of(StatusPermissions).is_permitted(ctx.me.id):
        return cards.permitted(ctx.t)
    url = ctx.services.status_link(command.by, ctx.me.locale, ctx.now)
    if url is None:
        raise RefusedError(
            ctx.t("Your status can't be set from here; your break is one all the same.")
        )
    return cards.offered(url, ctx.t)


def off(command: Command, ctx: Context) -> Reply:
    ctx.work.of(StatusPermissions).withdraw(ctx.me.id, ctx.now)
    return cards.withdrawn(ctx.t)


def break_began(fact: BreakBegan, on: Occasion) -> None:
    on.work.of(StatusPermissions).show(fact.person, WantedStatus(fact.until, fact.ends_at), on.now)


def break_ended(fact: BreakEnded, on: Occasion) -> None:
    on.work.of(StatusPermissions).put_back(fact.person, on.now)


def permitted(fact: StatusPermitted, on: Occasion) -> None:
    """Keeps the permission of whoever is at the address, if they are known and here. A break that
    is on shows at once."""
    person = on.work.people.at(fact.at)
    if person is None or not person.belongs:
        return
    mine = on.work.of(StatusPermissions)
    mine.permit(person, fact.at, fact.token, on.now)
    one = on.work.of(Availability).break_of(person.id, on.now)
    if one is not None:
        mine.show(person.id, WantedStatus(one.until, one.ends_at), on.now)


def permissions_ended(fact: StatusPermissionsEnded, on: Occasion) -> None:
    on.work.of(StatusPermissions).forget(fact.platform, fact.workspace, fact.users, fact.before)


def person_left(fact: PersonLeft, on: Occasion) -> None:
    """What they permitted is given back."""
    on.work.of(StatusPermissions).withdraw(fact.person.id, on.now)


ROUTES: tuple[Route, ...] = (
    Route(
        "break.status",
        status,
        reads=True,
        behind=Behind("break", {"en": "status", "lv": "statuss"}),
    ),
    Route("break.status.off", off),
)
