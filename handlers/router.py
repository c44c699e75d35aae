"""Finds who answers: every feature's routes, and what is true of all of them."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps

from handlers import features, home, waiting
from handlers.admission import turned_away
from handlers.common.languages import language_for_new
from handlers.common.roles import role_name
from handlers.features import LOOKS, NOTICES, TIMERS
from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    Form,
    Look,
    Paragraph,
    PeopleField,
    Reply,
    Tone,
)
from handlers.kit.commands import (
    Command,
    Instead,
    Living,
    RefusedError,
    Route,
    StrangerError,
)
from handlers.kit.distress import is_courtesy
from handlers.kit.facts import Fact, PersonArrived, PersonLeft
from handlers.kit.feature import Timer
from handlers.kit.notices import Notice, Wait
from handlers.kit.people import Address, Person, Profile, Role, read_by
from handlers.kit.ports import Reader, fingerprint_of
from handlers.kit.reading import keepable, refilled
from handlers.kit.text import bare, fold
from handlers.kit.told import checked, happened, quiet_times
from handlers.work import Context, Occasion, Services, Work

ROUTES: tuple[Route, ...] = home.ROUTES

TYPED = "typed"
"""The value of a button that holds what was typed behind a word that was misspelt."""

_NEAR = 0.7
"""How like a word of ours a word has to be to be meant (difflib's ratio): "hnad" is."""

_BY_NAME = {route.name: route for route in ROUTES}
_BY_WORD = {
    fold(word): route
    for route in ROUTES
    if route.typed
    for word in (*route.typed.words.values(), *route.typed.also)
}
_BEHIND = {
    (route.behind.command, fold(word)): route
    for route in ROUTES
    if route.behind
    for word in (*route.behind.words.values(), *route.behind.also)
}


@dataclass(frozen=True, slots=True)
class Answered:
    """What the caller sees, and the language and zone it is for. `moved`: they were somewhere else
    when they used Plecs before. `turned_away`: Plecs is not for them. `in_place`: the delivered
    message on which they pressed, as it is now, where it looks otherwise; and for whom.
    `stands_for`: the key of the notice that the reply is the first look of."""

    reply: Reply
    reader: Reader
    moved: bool = False
    turned_away: bool = False
    in_place: tuple[Card, Reader] | None = None
    stands_for: str = ""


class NothingKeptError(Exception):
    """The answer stands, and the transaction must not: a refusal, or a form that asks again."""

    def __init__(self, answer: Answered) -> None:
        super().__init__()
        self.answer = answer


def find(command: Command) -> tuple[Command, Route | None]:
    """Who answers. `/plecs WORD text` becomes the word's own command, `/plecs` alone is help, and
    `/hand log` the route that the word behind stands for."""
    if command.name == "plecs":
        word, text = _first_word(command.text)
        route = _BY_WORD.get(word) if word else _BY_NAME["help"]
        takes_nothing = route is not None and route.typed is not None and not route.typed.usage
        if route is None or (text and takes_nothing):
            meant = _meant(command.text)
            if meant is not None:
                return replace(command, name=meant.name), meant
        if route is None:
            return command, None
        command = replace(command, name=route.name, text=text)
    behind = _BEHIND.get((command.name, fold(command.text))) if command.text else None
    if behind is not None:
        return replace(command, name=behind.name, text=""), behind
    return command, _BY_NAME.get(command.name)


def _meant(text: str) -> Route | None:
    """The route that a whole sentence without any word of ours means."""
    heard = [
        (route.typed.hears(text), route)
        for route in ROUTES
        if route.typed is not None and route.typed.hears is not None
    ]
    surely, surest = max(heard, key=lambda one: one[0])
    return surest if surely else None


def _first_word(text: str) -> tuple[str, str]:
    """The first word, folded, and what stands behind it; what is no word is passed over."""
    pieces = text.split(maxsplit=1)
    while pieces and not bare(pieces[0]):
        pieces = pieces[1].split(maxsplit=1) if len(pieces) > 1 else []
    return (fold(bare(pieces[0])), "".join(pieces[1:]).strip()) if pieces else ("", "")


def label_of(command: Command) -> str:
    """Under which name the command is counted: its route's, unless that is private."""
    _, route = find(command)
    return "other" if route is None else features.PRIVATE if route.private else route.name


def answer(
    command: Command,
    work: Work,
    now: datetime,
    services: Services,
    nobodys: frozenset[Address] = frozenset(),
) -> Answered:
    """Answers a command inside a transaction. At `nobodys` addresses is nobody, as their platform
    says.

    Raises StrangerError when somebody in it is not known yet, and NothingKeptError when nothing
    may be kept. A repeated delivery of a command that writes is answered with nothing.
    """
    command = _with_what_was_typed(keepable(command))
    me = work.people.at(command.by)
    if me is None:
        raise StrangerError(command.by)
    if (card := turned_away(me, services.speaking(me.locale))) is not None:
        raise NothingKeptError(Answered(card, Reader(me.locale, me.zone), turned_away=True))
    ctx = Context(work, now, services, me, nobodys)
    command, route = find(command)
    if route is None:
        return _answer(_unknown(command, ctx), me, command.by)
    if route.role is not None and not me.is_a(route.role):
        return _answer(_not_yours(route, route.role, ctx), me, command.by)
    writes, platform = not route.reads, command.by.platform
    if writes and command.delivery and not work.deliveries.is_new(platform, command.delivery, now):
        return _answer(None, me, command.by)
    if writes and me.addresses[0] != command.by:
        work.addresses.used(command.by, now)
    if writes:
        work.addresses.reached((command.by,))
    try:
        reply = _reply(route, command, ctx)
    except RefusedError as refused:
        raise NothingKeptError(
            _answer(Card(refused.line, tone=Tone.CAREFUL), me, command.by)
        ) from None
    reply, stands_for = _begun(reply, command, ctx) if isinstance(reply, Living) else (reply, "")
    if isinstance(reply, Form) and reply.errors and reply.does == command.name:
        reply = refilled(reply, command, _those_known(reply, command, work))
    if writes and isinstance(reply, Form):
        raise NothingKeptError(_answer(reply, me, command.by))
    return replace(
        _answer(reply, me, command.by),
        in_place=_in_place(command, ctx) if writes else None,
        stands_for=stands_for,
    )


def introduce(
    work: Work,
    profile: Profile,
    admins: frozenset[str],
    now: datetime,
    services: Services,
    *,
    others: Sequence[Address] = (),
) -> None:
    """Makes somebody known at first contact; `admins` are the user ids that ADMINS names, and
    `others` where else the same person is: whoever is known there has one address more."""
    if work.people.at(profile.address) is not None:
        return
    profile = checked(profile, now)
    roles = frozenset({Role.ADMIN} if profile.address.user in admins else ())
    workspace = work.workspaces.of(profile.address)
    known = next(filter(None, (work.people.at(other) for other in others)), None)
    if known is None or known.workspace != workspace:
        Occasion(work, now, services).tell(PersonArrived(workspace))
        locale = language_for_new(work.settings, workspace) or _language(profile.locale)
        known = work.people.add(
            workspace,
            replace(profile, locale=locale, name=profile.name or profile.address.user),
            roles,
        )
    new = (at for at in (profile.address, *others) if work.people.at(at) is None)
    work.people.save(
        replace(
            known,
            addresses=tuple(dict.fromkeys((*known.addresses, *new))),
            roles=known.roles | roles,
        )
    )
    if profile.vouched:
        work.addresses.is_news(profile.address, profile.at or now.replace(microsecond=0))


def learn(work: Work, profile: Profile, now: datetime, services: Services) -> None:
    """Takes over what the platform says has changed, unless it is older than what is known: a
    platform brings again what was not taken, and late. Who doesn't belong here any more leaves
    every ring; who was sent away from one place of several is reached at the others.

    The language stays: a platform without Latvian says English about everybody.
    """
    profile = checked(profile, now)
    person = work.people.at(profile.address)
    if person is None or not work.addresses.is_news(
        profile.address, profile.at or now.replace(microsecond=0)
    ):
        return
    others = tuple(address for address in person.addresses if address != profile.address)
    if others and not profile.belongs:
        work.people.save(replace(person, addresses=others))
        return
    person = replace(
        person,
        name=profile.name or person.name,
        zone=profile.zone or person.zone,
        active=profile.active,
        kind=profile.kind,
    )
    work.people.save(person)
    if not person.belongs:
        leave(work, person, now, services)


def leave(work: Work, person: Person, now: datetime, services: Services) -> None:
    """Somebody is no longer here: nobody waits for them, and whom they helped is not left alone."""
    work.people.save(replace(person, active=False))
    Occasion(work, now, services).tell(PersonLeft(person))


def tell(fact: Fact, work: Work, now: datetime, services: Services) -> None:
    """Something happened outside, on a platform: whoever hears of it acts."""
    Occasion(work, now, services).tell(fact)


def quiet(
    work: Work,
    address: Address,
    start: datetime | None,
    end: datetime | None,
    now: datetime,
    *,
    at: datetime,
) -> None:
    """Takes over the platform's do-not-disturb: from `start` to `end`, or not at all. `at`: as of
    when the platform told it; what is older than what is known changes nothing."""
    person = work.people.at(address)
    told = happened(at, now)
    if person is None or not work.addresses.is_news(address, told, of_quiet=True):
        return
    start, end = quiet_times(start, end, now)
    if (person.quiet_from, person.quiet_until) != (start, end):
        work.people.save(replace(person, quiet_from=start, quiet_until=end))
        work.outbox.look_again(person.id, now)


def card_of(
    notice: Notice, work: Work, reader: Person, now: datetime, services: Services
) -> Card | None:
    """The notice's card for the reader as things stand at `now`; None when there is none."""
    return NOTICES[notice.kind].card(notice, Context(work, now, services, reader))


def shown(work: Work, by: Address, key: str, now: datetime, services: Services) -> Answered | None:
    """The card of the notice under this key as things stand at `now`, for one of those it was
    sent to; None when nothing is kept of it, it is somebody else's, or Plecs is not for them."""
    me, notice = work.people.at(by), work.outbox.kept(key)
    if me is None or notice is None or not notice.sent or me.id not in notice.to:
        return None
    if turned_away(me, services.speaking(me.locale)) is not None:
        return None
    if notice.kind not in NOTICES:
        return None
    return _answer(card_of(notice, work, me, now, services), me, by)


def digest_of(cards: Sequence[Card], reader: Person, services: Services) -> Card:
    """One card of all that waited for the reader."""
    return waiting.digest(cards, services.speaking(reader.locale))


def waits_of(
    notices: Sequence[Notice], work: Work, now: datetime, services: Services
) -> Mapping[str, Wait]:
    """Which of these notices, none of them urgent, must wait at `now`, and for whom; by key."""
    return waiting.waits_of(notices, work, now, services.calendar)


def rejected(notice: Notice, work: Work, now: datetime, services: Services) -> None:
    """A notice can never be delivered: does what its feature makes of that, if anything."""
    follows = NOTICES[notice.kind].rejected if notice.kind in NOTICES else None
    if follows is not None:
        follows(notice, Occasion(work, now, services))


def delivered(notice: Notice, work: Work, now: datetime, services: Services) -> None:
    """A notice has reached its readers: does what its feature makes of that, if anything."""
    follows = NOTICES[notice.kind].delivered if notice.kind in NOTICES else None
    if follows is not None:
        follows(notice, Occasion(work, now, services))


Due = Callable[[Work, datetime, int], int]
"""Does so many things at most, and answers how many it did."""


def timers(services: Services) -> Sequence[Due]:
    """What every feature does when its time has come, each by its own name."""
    return [_over(timer, services) for timer in TIMERS]


def looks(services: Services) -> Sequence[Due]:
    """What every feature does now and then to see that all is well, each by its own name."""
    return [_over(look, services) for look in LOOKS]


def _over(timer: Timer, services: Services) -> Due:
    @wraps(timer)
    def do(work: Work, now: datetime, limit: int) -> int:
        return timer(Occasion(work, now, services), limit)

    return do


def _with_what_was_typed(command: Command) -> Command:
    if TYPED in command.values and not command.text:
        return replace(command, text=command.one(TYPED))
    return command


def _begun(living: Living, command: Command, ctx: Context) -> tuple[Card | None, str]:
    """Has the card go on changing: where the answer stands, or as a message. What was pressed on
    the message itself changes that, and needs no answer besides. With the notice's key."""
    notice, outbox = living.notice, ctx.work.outbox
    outbox.add(ctx.me.workspace, notice)
    if command.on is not None and command.on.key == notice.key:
        return None, notice.key
    if command.answer_at is not None:
        looks = fingerprint_of(living.then, Reader(ctx.me.locale, ctx.me.zone))
        outbox.stands(notice.key, command.answer_at, command.by.place, looks, ctx.now)
    return living.card, notice.key


def _reply(route: Route, command: Command, ctx: Context) -> Reply | Living:
    reply = route.handler(command, ctx)
    while isinstance(reply, Instead):
        reply = _BY_NAME[reply.route].handler(command, ctx)
    return reply


def _in_place(command: Command, ctx: Context) -> tuple[Card, Reader] | None:
    """The message that was pressed as it is now. Whoever presses sees it with the answer, however
    many others wait to be changed."""
    on = command.on
    if on is None:
        return None
    notice = ctx.work.outbox.seen(on.key, on.ref, command.by.place, ctx.now)
    if notice is None or notice.kind not in NOTICES or ctx.me.id not in notice.to:
        return None
    known = ctx.work.people.many(notice.to)
    if len(known) < len(notice.to):
        return None
    person = read_by([known[one] for one in notice.to])
    card = card_of(notice, ctx.work, person, ctx.now, ctx.services)
    if card is None:
        return None
    reader = Reader(person.locale, person.zone)
    changes = ctx.work.outbox.looks(on.key, fingerprint_of(card, reader), ctx.now)
    return (card, reader) if changes else None


def _answer(reply: Reply, me: Person, by: Address) -> Answered:
    return Answered(reply, Reader(me.locale, me.zone), moved=me.addresses[0] != by)


def _those_known(form: Form, command: Command, work: Work) -> list[Address]:
    """Where those are who were chosen in the form, as far as they are somebody."""
    users = (
        user
        for field in form.fields
        if isinstance(field, PeopleField)
        for user in command.many(field.name)[: field.most]
    )
    addresses = (replace(command.by, user=user) for user in users)
    return [address for address in addresses if work.people.at(address) is not None]


def _unknown(command: Command, ctx: Context) -> Card:
    t = ctx.t
    usual = Button(t("Help"), "help"), Button(t("Raise a hand now"), "hand")
    if command.name != "plecs":
        line = t("This button is from an earlier day. Here is what I can do now:")
        return Card(line, (Buttons(usual),), Tone.CAREFUL)
    if is_courtesy(command.text):
        return Card(t("Good to hear from you. I am here when a call gets hard."), (Buttons(usual),))
    word, text = _first_word(command.text)
    near = difflib.get_close_matches(word, _BY_WORD, n=1, cutoff=_NEAR)
    if near:
        route = _BY_WORD[near[0]]
        button = Button((near[0],), route.name, {TYPED: text}, Look.PRIMARY)
        return Card(t("Did you mean “{word}”?", word=near[0]), (Buttons((button, *usual)),))
    said = command.text.split()[0][:40]
    line = t("I don't know “{word}”. Here is what I can do:", word=said)
    return Card(line, (Buttons(usual),), Tone.CAREFUL)


def _not_yours(route: Route, role: Role, ctx: Context) -> Card:
    if route.refusal:
        return Card(ctx.t(route.refusal), tone=Tone.CAREFUL)
    admins = ctx.work.people.with_role(ctx.me.workspace, Role.ADMIN)
    names = ", ".join(admin.name for admin in admins[:3])
    t = ctx.t
    if ctx.me.is_a(Role.ADMIN):
        line = t("Nothing was changed. You can give yourself the role: /plecs people")
    elif names:
        line = t("Nothing was changed. {admins} can give you the role.", admins=names)
    else:
        line = t("Nothing was changed.")
    title = t("This is for people with the role {role}", role=role_name(role, t))
    return Card(title, (Paragraph(line),), Tone.CAREFUL)


def _language(locale: str | None) -> str | None:
    """Which of our languages a platform's locale means: Latvian or, for the rest, English."""
    if not locale:
        return None
    return "lv" if locale.casefold().startswith("lv") else "en"
