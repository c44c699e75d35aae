"""What people ask about their status, and what breaks and platforms do to it."""

from collections.abc import Sequence
from datetime import datetime

from handlers.breaks.model import Break, Breaks
from handlers.kit.cards import Reply
from handlers.kit.commands import Command, RefusedError, Route
from handlers.kit.people import Address, Person
from handlers.statuses import cards
from handlers.statuses.model import StatusPermissions, WantedStatus
from handlers.work import Context, Work


def status(command: Command, ctx: Context) -> Reply:
    """`/break status`: to permit it, or to take it back."""
    if ctx.work.of(StatusPermissions).is_permitted(ctx.me.id):
        return cards.permitted(ctx.t)
    url = ctx.tools.status_link(command.by, ctx.me.locale, ctx.now)
    if url is None:
        raise RefusedError(
            ctx.t("Your status can't be set from here; your break is one all the same.")
        )
    return cards.offered(url, ctx.t)


def off(command: Command, ctx: Context) -> Reply:
    ctx.work.of(StatusPermissions).withdraw(ctx.me.id, ctx.now)
    return cards.withdrawn(ctx.t)


def is_offered(command: Command, ctx: Context) -> bool:
    """Whether there is anything to see about it where this was asked."""
    return ctx.tools.status_link(command.by, ctx.me.locale, ctx.now) is not None


def break_began(work: Work, one: Break, now: datetime) -> None:
    assert one.ends_at is not None, "a break that is on ends some day"
    work.of(StatusPermissions).show(one.person, WantedStatus(one.until, one.ends_at), now)


def break_ended(work: Work, one: Break, now: datetime) -> None:
    work.of(StatusPermissions).put_back(one.person, now)


def permit(work: Work, at: Address, token: str, now: datetime) -> bool:
    """Keeps the permission of whoever is at the address; false when nobody known is there. A
    break that is on shows at once."""
    person = work.people.at(at)
    if person is None or not person.belongs:
        return False
    work.of(StatusPermissions).permit(person, at, token, now)
    one = work.of(Breaks).live_of(person.id)
    if one is not None and one.is_on(now):
        break_began(work, one, now)
    return True


def taken_back(
    work: Work, platform: str, workspace: str, users: Sequence[str] | None, before: datetime
) -> None:
    """The platform ended what these users permitted; None: everybody's, with the app."""
    work.of(StatusPermissions).forget(platform, workspace, users, before)


def person_gone(work: Work, person: Person, now: datetime) -> None:
    """Somebody was deactivated: what they permitted is given back."""
    work.of(StatusPermissions).withdraw(person.id, now)


ROUTES: tuple[Route, ...] = (
    Route("break.status", status, reads=True),
    Route("break.status.off", off),
)
