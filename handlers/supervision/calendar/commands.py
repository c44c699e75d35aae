"""One's dates in one's own calendar: the address, the card about it, and one's sessions in it."""

from dataclasses import replace
from datetime import timedelta

from handlers.common.calendars import CalendarAddresses
from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Line,
    Look,
    Note,
    Paragraph,
    Part,
    Quote,
    Reply,
)
from handlers.kit.commands import Behind, Command, Route
from handlers.kit.people import Person, Role
from handlers.kit.sheets import Entry, Sheet
from handlers.supervision.cycles.model import Cycles
from handlers.supervision.groups.model import Group, Groups
from handlers.supervision.members.model import Members, Standing
from handlers.supervision.sessions.model import Sessions
from handlers.supervision.shared.files import sheet
from handlers.work import Context, Occasion, Work

_BACK = timedelta(days=60)

_AHEAD = timedelta(days=400)


def calendar(command: Command, ctx: Context) -> Reply:
    """The address of one's calendar; made the first time it is asked for."""
    if ctx.services.links.calendar("") is None:
        return _unreachable(ctx)
    secret = ctx.work.of(CalendarAddresses).secret(ctx.me.id)
    return _card(secret or ctx.work.of(CalendarAddresses).renew(ctx.me.id, ctx.now), ctx)


def shown(command: Command, ctx: Context) -> Reply:
    """The address, where there is one; it only reads, so it makes none."""
    if ctx.services.links.calendar("") is None:
        return _unreachable(ctx)
    secret = ctx.work.of(CalendarAddresses).secret(ctx.me.id)
    if secret is not None:
        return _card(secret, ctx)
    t = ctx.t
    return Card(
        t("Your sessions in your own calendar"),
        (
            Paragraph(t("It reads them at an address that only you have.")),
            Buttons((Button(t("Make a new address"), "supervision.calendar"),)),
        ),
    )


def renew(command: Command, ctx: Context) -> Reply:
    """Another address; the one before opens nothing any more."""
    if ctx.services.links.calendar("") is None:
        return _unreachable(ctx)
    return _card(ctx.work.of(CalendarAddresses).renew(ctx.me.id, ctx.now), ctx)


def stop(command: Command, ctx: Context) -> Reply:
    ctx.work.of(CalendarAddresses).stop(ctx.me.id)
    t = ctx.t
    return Card(
        t("Your calendar's address is gone"),
        (
            Paragraph(t("Nothing opens it any more. What a calendar has read may stay in it.")),
            Buttons((Button(t("Make a new address"), "supervision.calendar"),)),
        ),
    )


def on_the_front(ctx: Context) -> tuple[Part, ...]:
    """What the front card says of it, to those who have sessions or may come to have some."""
    me = ctx.me.id
    leads = any(group.facilitator == me for group in ctx.work.of(Groups).kept_by(me))
    if not leads and not ctx.work.of(Members).places_of(me):
        return ()
    return (Buttons((Button(ctx.t("In my calendar"), "supervision.calendar"),)),)


def entries(person: Person, on: Occasion) -> tuple[Entry, ...]:
    """The sessions in which they have a seat, for their own calendar."""
    work = on.work
    found = work.of(Sessions).of_person(person.id, on.now - _BACK, on.now + _AHEAD)
    groups = [work.of(Groups).get(one) for one in sorted({session.group for session in found})]
    known = {group.id: group for group in groups if group is not None}
    return sheet(found, known, on.services.speaking(person.locale)).entries


def dates(cycle: str, reader: Person, on: Occasion) -> Sheet | None:
    """A cycle's dates for somebody who is in its group or invited to it, or looks after it."""
    work = on.work
    kept = work.of(Cycles).get(cycle)
    group = work.of(Groups).get(kept.group) if kept is not None else None
    if group is None or not _belongs(reader, group, work):
        return None
    found = work.of(Sessions).of_cycle(cycle)
    made = sheet(found, {group.id: group}, on.services.speaking(reader.locale))
    # It becomes part of a calendar that colleagues may look into. A calendar one subscribes to
    # stands by itself, and Google would show its private dates as "busy" to their owner, too.
    return replace(made, is_private=True)


ROUTES: tuple[Route, ...] = (
    Route("supervision.calendar", calendar),
    Route(
        "supervision.calendar.shown",
        shown,
        reads=True,
        behind=Behind("supervision", {"en": "calendar", "lv": "kalendārs"}),
    ),
    Route("supervision.calendar.renew", renew),
    Route("supervision.calendar.stop", stop),
)


def _belongs(reader: Person, group: Group, work: Work) -> bool:
    if group.workspace != reader.workspace or not reader.belongs:
        return False
    member = work.of(Members).get(group.id, reader.id)
    if member is not None and member.state is not Standing.LEFT:
        return True
    return group.facilitator == reader.id or reader.is_a(Role.COORDINATOR)


def _card(secret: str, ctx: Context) -> Card:
    t = ctx.t
    address = ctx.services.links.calendar(secret)
    assert address is not None, "asked before: it doesn't depend on the secret"
    return Card(
        t("Your sessions in your own calendar"),
        (
            Paragraph(
                t("Subscribe to this address once. Your calendar then follows moves and cancels.")
            ),
            Quote((address,)),
            Bullets(
                (
                    t("Outlook: Add calendar > Subscribe from web"),
                    t("Google, in a browser: Other calendars + > From URL. It looks once a day."),
                    t("iPhone: Calendars > Add Calendar > Add Subscription Calendar"),
                    t("Mac: File > New Calendar Subscription"),
                )
            ),
            Buttons(
                (
                    Button(
                        t("New address"),
                        "supervision.calendar.renew",
                        confirm=t("The address you have now stops working at once."),
                    ),
                    Button(
                        t("Stop it"),
                        "supervision.calendar.stop",
                        look=Look.DANGER,
                        confirm=t("Calendars that read this address get nothing from then on."),
                    ),
                )
            ),
            Note(
                t(
                    "Only you see this. Whoever has the address sees the names, dates and "
                    "places of your groups and classes, and nothing else. It works until you renew "
                    "or stop it."
                )
            ),
        ),
    )


def _unreachable(ctx: Context) -> Card:
    t = ctx.t
    if Role.ADMIN in ctx.me.roles:
        line: Line = t(
            "Set PUBLIC_URL to an HTTPS address at which people's calendars reach Plecs, and "
            "start it again. It needs only the paths below /calendar/."
        )
    else:
        admins = ctx.work.people.with_role(ctx.me.workspace, Role.ADMIN)
        names = ", ".join(admin.name for admin in admins[:3])
        line = (
            t("{admins} can change that. Until then Plecs reminds you here.", admins=names)
            if names
            else t("Until then Plecs reminds you here.")
        )
    why = t("Plecs has no public address, so a calendar can't read it.")
    return Card(t("Calendars can't reach Plecs here yet"), (Paragraph(why), Paragraph(line)))
