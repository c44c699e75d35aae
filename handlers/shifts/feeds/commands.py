"""What people ask of the addresses from which shifts are fetched, and what becomes of those."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from handlers.availability.planning import every_day
from handlers.availability.shifts import DayPlan, Shifts, ShiftSource, replan
from handlers.kit.about import pack, unpack
from handlers.kit.cards import Card, Reply
from handlers.kit.commands import Behind, Command, RefusedError, Route
from handlers.kit.facts import PersonLeft
from handlers.kit.feature import NoticeKind
from handlers.kit.notices import Notice
from handlers.kit.people import Person, Role
from handlers.kit.ports import mark
from handlers.kit.reading import Filled, Pressed
from handlers.shifts.feeds import cards
from handlers.shifts.feeds.model import FEED, Feed, FeedKind, ShiftFeeds, address_in
from handlers.work import Context, Occasion

_MOST = 200
"""Addresses in a workspace."""

_MOST_TOLD = 20


def feeds(command: Command, ctx: Context) -> Reply:
    """`/plecs shift calendar`: one's own address; for coordinators all of the workspace."""
    if not ctx.me.is_a(Role.COORDINATOR):
        return cards.own(ctx.work.of(ShiftFeeds).owned_by(ctx.me.id), ctx.t)
    found = ctx.work.of(ShiftFeeds).of(ctx.me.workspace, cards.SHOWN + 1)
    owners = ctx.work.people.many([one.owner for one in found if one.owner])
    return cards.listed(found, owners, ctx.t)


def form(command: Command, ctx: Context) -> Reply:
    return cards.form(ctx.t, coordinates=ctx.me.is_a(Role.COORDINATOR))


def save(command: Command, ctx: Context) -> Reply:
    """The address, set; an owner's new one takes the place of the one before."""
    coordinates = ctx.me.is_a(Role.COORDINATOR)
    asked = Filled(cards.form(ctx.t, coordinates=coordinates), command, ctx)
    typed = asked.text("address")
    people = asked.people("person") if coordinates else (ctx.me,)
    if asked.errors:
        return asked.again()
    try:
        kind, address = address_in(typed)
    except ValueError:
        return asked.again(
            address=ctx.t("That is no address of a calendar: it begins with https:// or webcal://.")
        )
    if kind is FeedKind.TEAMS and (people or not coordinates):
        return asked.again(
            address=ctx.t("A team's Shifts are for all of it: coordinators set it, for nobody.")
        )
    owner = people[0] if people else None
    if owner is not None and (owner.workspace != ctx.me.workspace or not owner.belongs):
        return asked.again(person=ctx.t("{name} can't use Plecs now.", name=owner.name))
    kept = ctx.work.of(ShiftFeeds)
    before = kept.owned_by(owner.id) if owner is not None else None
    if before is None and len(kept.of(ctx.me.workspace, _MOST)) >= _MOST:
        return asked.again(address=ctx.t("There are {n} addresses: no more, please.", n=_MOST))
    feed = Feed(
        before.id if before else ctx.new_id(),
        ctx.me.workspace,
        ctx.me.id,
        owner.id if owner else None,
        kind,
        address,
        ctx.now,
    )
    kept.put(feed)
    return cards.saved(feed, ctx.t)


def one(command: Command, ctx: Context) -> Reply:
    found, owner = _found(command, ctx)
    return (
        cards.own(found, ctx.t) if found.owner == ctx.me.id else cards.one_feed(found, owner, ctx.t)
    )


def fetch_now(command: Command, ctx: Context) -> Reply:
    """*Fetch now*: at once, whatever pause there is."""
    found, _ = _found(command, ctx)
    ctx.work.of(ShiftFeeds).put(replace(found, due_at=min(found.due_at, ctx.now)))
    return cards.saved(found, ctx.t)


def stop(command: Command, ctx: Context) -> Reply:
    """Nothing is fetched from there any more, and what it planned is not planned."""
    found, _ = _found(command, ctx)
    remove(found, ctx)
    return cards.removed(ctx.t)


def remove(feed: Feed, on: Occasion) -> None:
    """Takes out the address, and what it planned from today on."""
    kept = on.work.of(ShiftFeeds)
    clear(
        on,
        feed.workspace,
        {one: (on.now.date(), last) for one, last in kept.planned(feed.id).items()},
    )
    kept.remove(feed.id)


def clear(on: Occasion, workspace: str, days: Mapping[str, tuple[date, date]]) -> None:
    """Unplans what was fetched for these people from the one day to the other."""
    for person, (first, last) in days.items():
        if first > last:
            continue
        fetched = [
            DayPlan(person, one.day, (), ShiftSource.FEED)
            for one in on.work.of(Shifts).days([person], first, last)
            if one.source is ShiftSource.FEED
        ]
        if fetched:
            replan(on, workspace, fetched)


def tell(feed: Feed, before: Feed, on: Occasion) -> None:
    """Whoever set it hears that it can't be fetched, once a day at most; and that it can again, in
    the same message."""
    about = pack(feed.id, on.now.date().isoformat())
    if feed.is_told and not before.is_told:
        setter = on.work.people.get(feed.setter)
        told = [setter] if setter is not None and setter.belongs else _coordinators(feed, on)
        on.work.outbox.add(
            feed.workspace, *(Notice(FEED, about, (who.id,), on.now) for who in told)
        )
    if feed.trouble is not before.trouble and (feed.is_told or before.is_told):
        for day in every_day(on.now.date() - timedelta(days=7), on.now.date()):
            on.work.outbox.refresh(feed.workspace, FEED, pack(feed.id, day.isoformat()), on.now)


def feed_card(notice: Notice, ctx: Context) -> Card | None:
    known, _ = unpack(notice.about, 2)
    feed = ctx.work.of(ShiftFeeds).get(known)
    if feed is None or (not notice.sent and not feed.is_told):
        return None
    owner = ctx.work.people.get(feed.owner) if feed.owner else None
    return cards.told(feed, owner, ctx.t)


def person_left(fact: PersonLeft, on: Occasion) -> None:
    """Nothing is fetched for whoever is gone."""
    feed = on.work.of(ShiftFeeds).owned_by(fact.person.id)
    if feed is not None:
        remove(feed, on)


def _coordinators(feed: Feed, on: Occasion) -> list[Person]:
    return list(on.work.people.with_role(feed.workspace, Role.COORDINATOR))[:_MOST_TOLD]


def _found(command: Command, ctx: Context) -> tuple[Feed, Person | None]:
    """Raises RefusedError for what is not there, or not theirs to see."""
    feed = ctx.work.of(ShiftFeeds).get(Pressed(command, ctx.t).id("feed"))
    is_theirs = (
        feed is not None
        and feed.workspace == ctx.me.workspace
        and (ctx.me.id == feed.owner or ctx.me.is_a(Role.COORDINATOR))
    )
    if feed is None or not is_theirs:
        raise RefusedError(ctx.t("This address is not there any more."))
    return feed, ctx.work.people.get(feed.owner) if feed.owner else None


ROUTES = (
    Route(
        "shift.feeds",
        feeds,
        reads=True,
        behind=Behind(
            "shift",
            {"en": "calendar", "lv": "kalendārs"},
            help=mark("shifts fetched from the address of a calendar"),
        ),
    ),
    Route("shift.feed.form", form, reads=True),
    Route("shift.feed.save", save),
    Route("shift.feed", one, reads=True),
    Route("shift.feed.now", fetch_now),
    Route("shift.feed.stop", stop),
)
NOTICES = (NoticeKind(FEED, feed_card),)
