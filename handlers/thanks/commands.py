"""What people ask around thank-yous."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from operator import attrgetter

from handlers.availability.rest import instant
from handlers.common import colleagues
from handlers.common.competences import positive
from handlers.common.courtesy import gladly
from handlers.kit.cards import Button, Card, Reply
from handlers.kit.commands import MENTIONED, Command, RefusedError, Route, Typed
from handlers.kit.deidentify import Identifying, readable, replaced
from handlers.kit.feature import NoticeKind
from handlers.kit.notices import Notice, Priority
from handlers.kit.people import Person, Role
from handlers.kit.ports import mark
from handlers.kit.reading import Filled, Pressed
from handlers.kit.weeks import next_weekday, week_around
from handlers.thanks import cards, model
from handlers.thanks.model import Thanks, ThankYou
from handlers.work import Context, Occasion

_ASKING = colleagues.Asking(
    several=mark("Whom is it for? Name them first, and mention nobody behind the “for”."),
    nobody=mark(
        "I find no colleague by that name here. Write it as in the people list, or type {typed} "
        "alone and choose."
    ),
    oneself=mark("That is you. Good that you see it; thank a colleague, too."),
    bot=mark("{name} is a bot: it would not know what to do with it."),
    outsider=mark("{name} is not of your organisation. I reach your own colleagues alone."),
)

_HIDDEN = dict.fromkeys(Identifying, "•••")
"""Stands for what tells who a customer is."""


def thank(command: Command, ctx: Context) -> Reply:
    """`/thanks @Līga for staying with me`, `/thanks Ilze and Jānis for the evening`; `/thanks`
    alone for the page."""
    typed = " ".join(command.text.split())
    if not typed:
        return page(command, ctx)
    if model.is_for_plecs(typed) and not command.many(MENTIONED):
        return gladly(ctx.t, Button(ctx.t("Thank a colleague"), "thanks.form"))
    if several := _several(typed, command, ctx):
        return several
    found, rest = colleagues.named(command, ctx, _ASKING)
    words = model.deed(rest)
    if len(found) > 1:
        return cards.which(found, words[: model.WORDS_LIMIT], ctx.t)
    colleagues.check(found[0], ctx, _ASKING)
    if not words or len(words) > model.WORDS_LIMIT or model.goes_on(words):
        return cards.form(found[0], words[: model.WORDS_LIMIT], positive(ctx), ctx.t)
    return _give(ctx, found, words)


def page(_command: Command, ctx: Context) -> Reply:
    """Where one writes one, and what one was thanked for."""
    received = ctx.work.of(Thanks).received(ctx.me.id, model.LATEST)
    return cards.page(_with(attrgetter("giver"), received, ctx), ctx.t)


def form(command: Command, ctx: Context) -> Reply:
    """Whom and for what, as far as a button tells."""
    receiver = ctx.work.people.get(Pressed(command, ctx.t).id("person"))
    if receiver is not None and receiver.workspace != ctx.me.workspace:
        receiver = None
    words = command.one("words")[: model.WORDS_LIMIT]
    return cards.form(receiver, words, positive(ctx), ctx.t)


def give(command: Command, ctx: Context) -> Reply:
    """The form, filled in."""
    filled = Filled(cards.form(None, "", positive(ctx), ctx.t), command, ctx)
    chosen = colleagues.chosen("colleague", filled, ctx, _ASKING)
    words = filled.text("words")
    indicator = filled.chosen("indicator") or None
    if filled.errors:
        return filled.again()
    return _give(ctx, chosen, " ".join(words.split()), indicator)


def take_back(command: Command, ctx: Context) -> Reply:
    """The giver takes back what its receivers have not been shown."""
    given = map(ctx.work.of(Thanks).get, Pressed(command, ctx.t).ids("thanks", model.AT_ONCE))
    mine = [one for one in given if one is not None and one.giver == ctx.me.id]
    if not mine:
        raise _none(ctx)
    late = [one for one in mine if one.delivered_at is not None]
    for one in mine:
        if one not in late:
            _delete(ctx, one)
    if not late:
        return cards.taken_back(ctx.t)
    readers = ctx.work.people.many([one.receiver for one in late])
    if not readers:
        return cards.gone(ctx.t)
    return cards.too_late(list(readers.values()), ctx.t, taken=len(late) < len(mine))


def open_one(command: Command, ctx: Context) -> Reply:
    """One that the caller was given, to be read again."""
    one = _mine(command, ctx)
    giver = ctx.work.people.get(one.giver)
    return cards.gone(ctx.t) if giver is None else cards.given(one, giver, positive(ctx), ctx.t)


def show_form(command: Command, ctx: Context) -> Reply:
    """Whom its receiver would like to show it to."""
    one = _mine(command, ctx)
    giver = ctx.work.people.get(one.giver)
    return cards.gone(ctx.t) if giver is None else cards.show_form(one, giver, ctx.t)


def show(command: Command, ctx: Context) -> Reply:
    """They are shown it; a leader among them is reminded of it on Monday."""
    one = _mine(command, ctx)
    giver = ctx.work.people.get(one.giver)
    if giver is None:
        return cards.gone(ctx.t)
    filled = Filled(cards.show_form(one, giver, ctx.t), command, ctx)
    readers = colleagues.chosen("readers", filled, ctx, _ASKING)
    if filled.errors:
        return filled.again()
    for reader in readers:
        ctx.work.of(Thanks).show(one.id, reader.id, ctx.now)
        ctx.work.outbox.add(
            one.workspace, Notice(model.SHOWN, one.id, (reader.id,), ctx.now, Priority.BULK)
        )
        if reader.is_a(Role.SUPERVISOR):
            ctx.work.outbox.add(one.workspace, _nudge(reader, ctx))
    return cards.is_shown(readers, ctx.t)


def delete(command: Command, ctx: Context) -> Reply:
    """Its receiver deletes it, wherever it was shown."""
    _delete(ctx, _mine(command, ctx))
    return cards.gone(ctx.t)


def given_card(notice: Notice, ctx: Context) -> Card | None:
    one = ctx.work.of(Thanks).get(notice.about)
    giver = None if one is None else ctx.work.people.get(one.giver)
    if one is None or giver is None:
        return _gone(notice, ctx)
    return cards.given(one, giver, positive(ctx), ctx.t)


def shown_card(notice: Notice, ctx: Context) -> Card | None:
    one = ctx.work.of(Thanks).shown(notice.about, ctx.me.id)
    people = {} if one is None else ctx.work.people.many([one.giver, one.receiver])
    if one is None or not {one.giver, one.receiver} <= people.keys():
        return _gone(notice, ctx)
    return cards.shown(one, people[one.giver], people[one.receiver], positive(ctx), ctx.t)


def nudge_card(notice: Notice, ctx: Context) -> Card | None:
    """None once nothing is left of what they were shown. The week is that of its Monday: when it
    reaches them, by itself or with others when they work again, is another matter."""
    monday = date.fromisoformat(notice.about)
    begun = datetime.combine(monday - timedelta(days=7), model.NUDGED_AT)
    shown = ctx.work.of(Thanks).shown_to(ctx.me.id, instant(begun, ctx.me.zone))
    there = _with(attrgetter("receiver"), shown, ctx)
    return cards.nudge(there, ctx.t) if there else _gone(notice, ctx)


def delivered(notice: Notice, on: Occasion) -> None:
    on.work.of(Thanks).delivered(notice.about, on.now)


def _several(typed: str, command: Command, ctx: Context) -> Reply:
    """Where several are named each is given it; nothing is sent yet, where it is not clear who they
    are, or what for. None: one is named, or nobody."""
    names = model.to_whom(typed)
    mentioned = [one for one in command.many(MENTIONED) if f"@{one}" in names]
    each = colleagues.all_named(names, mentioned, command, ctx)
    if len(each) < 2 or not all(each):
        return None
    if len(each) > model.AT_ONCE:
        raise RefusedError(
            ctx.t(
                "At most {n} colleagues at once, please: more is an announcement.", n=model.AT_ONCE
            )
        )
    words = model.deed(typed[len(names) :])
    meant = list(dict.fromkeys(one for found in each for one in found))
    if any(len(found) > 1 for found in each) or not words or len(words) > model.WORDS_LIMIT:
        return cards.whom_first(meant, words[: model.WORDS_LIMIT], ctx.t)
    for one in meant:
        colleagues.check(one, ctx, _ASKING)
    return _give(ctx, meant, words)


def _give(
    ctx: Context, receivers: Sequence[Person], words: str, indicator: str | None = None
) -> Reply:
    kept = ctx.work.of(Thanks)
    today = instant(datetime.combine(ctx.today, time()), ctx.me.zone)
    if kept.given_since(ctx.me.id, today) + len(receivers) > model.MOST_A_DAY:
        raise RefusedError(ctx.t("That is a lot of thank-yous for a day. Tomorrow is another one."))
    given = [
        ThankYou(
            id=ctx.new_id(),
            workspace=ctx.me.workspace,
            giver=ctx.me.id,
            receiver=receiver.id,
            words=replaced(readable(words), _HIDDEN),
            indicator=indicator,
            given_at=ctx.now,
        )
        for receiver in receivers
    ]
    for one in given:
        kept.add(one)
        ctx.work.outbox.add(one.workspace, Notice(model.GIVEN, one.id, (one.receiver,), ctx.now))
    return cards.on_its_way(given, receivers, positive(ctx), ctx.t)


def _nudge(leader: Person, ctx: Context) -> Notice:
    """Next Monday's: the same one, however much they are shown until then."""
    due = next_weekday(ctx.now, leader.zone, 0, model.NUDGED_AT)
    about = week_around(due, leader.zone, 0).monday.isoformat()
    return Notice(model.NUDGE, about, (leader.id,), due, Priority.BULK)


def _with(
    whose: Callable[[ThankYou], str], found: Sequence[ThankYou], ctx: Context
) -> tuple[tuple[ThankYou, Person], ...]:
    """Each with the one of its two people; without those who are gone."""
    people = ctx.work.people.many(sorted(set(map(whose, found))))
    return tuple((one, people[whose(one)]) for one in found if whose(one) in people)


def _mine(command: Command, ctx: Context) -> ThankYou:
    """One that the caller was given. Raises RefusedError."""
    one = _get(command, ctx)
    if one.receiver != ctx.me.id:
        raise _none(ctx)
    return one


def _get(command: Command, ctx: Context) -> ThankYou:
    one = ctx.work.of(Thanks).get(Pressed(command, ctx.t).id("thanks"))
    if one is None:
        raise _none(ctx)
    return one


def _none(ctx: Context) -> RefusedError:
    return RefusedError(ctx.t("This thank-you is no longer kept."))


def _delete(ctx: Context, one: ThankYou) -> None:
    ctx.work.of(Thanks).delete(one.id)
    ctx.work.outbox.forget(one.workspace, one.id, ctx.now)


def _gone(notice: Notice, ctx: Context) -> Card | None:
    return cards.gone(ctx.t) if notice.sent else None


_private = partial(Route, private=True)

ROUTES = (
    _private(
        "thanks",
        thank,
        typed=Typed(
            {"en": "thanks", "lv": "paldies"},
            help=mark("Thank a colleague for one thing; they read it in a free moment"),
            usage=mark("[@colleague for …]"),
            to_people=True,
        ),
    ),
    _private("thanks.form", form, reads=True),
    _private("thanks.give", give),
    _private("thanks.take_back", take_back),
    _private("thanks.open", open_one, reads=True),
    _private("thanks.show_form", show_form, reads=True),
    _private("thanks.show", show),
    _private("thanks.delete", delete),
)
NOTICES = (
    NoticeKind(model.GIVEN, given_card, delivered=delivered, private=True),
    NoticeKind(model.SHOWN, shown_card, private=True),
    NoticeKind(model.NUDGE, nudge_card, private=True),
)
