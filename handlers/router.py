"""Has commands answered and notices shown: what is true of all features."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps

from handlers import features, home, waiting
from handlers.admission import turned_away
from handlers.common.courtesy import about_hand, asked, gladly
from handlers.common.crisis import crisis
from handlers.common.danger import own_ways
from handlers.common.roles import role_name
from handlers.features import ASKS, FEATURES, LOOKS, TIMERS
from handlers.kit.asking import asks
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
    offers,
    together,
)
from handlers.kit.commands import Command, Instead, Living, RefusedError, Route, StrangerError
from handlers.kit.danger import danger_in, is_sure_in
from handlers.kit.delivery import Reader, fingerprint_of
from handlers.kit.distress import asks_plecs, greets, is_courtesy
from handlers.kit.facts import Fact
from handlers.kit.feature import Ahead, NoticeKind, Timer
from handlers.kit.language_models import ModelAnswer, Prompt, Question
from handlers.kit.notices import HOME, Notice, Priority, Wait, home_today
from handlers.kit.people import Address, Person, Role, by_language
from handlers.kit.ports import mark
from handlers.kit.reading import keepable, refilled
from handlers.kit.text import fold, shortened
from handlers.kit.unread import UnreadError
from handlers.routes import BY_NAME, BY_WORD, OF_DANGER, find, heeds_danger, nearest
from handlers.work import Context, Occasion, Services, Work

NOTICES: Mapping[str, NoticeKind] = {
    **features.NOTICES,
    **{kind.name: kind for kind in home.NOTICES},
}
"""Every kind of notice there is, by name."""

TYPED = "typed"
"""The value of a button that holds what was typed behind a word that was misspelt."""

_SAID_AT_MOST = 40
"""Letters of a word that nobody knows, as it is repeated."""

_TYPED_AT_MOST = 300
"""Characters of it that a button carries on: what helpers read of a hand."""

_asks_about_hand = asks("about_hand")


@dataclass(frozen=True, slots=True)
class Answered:
    """What the caller sees, and the language and zone it is for. `moved`: they were somewhere else
    when they used Plecs before. `turned_away`: Plecs is not for them. `in_place`: the delivered
    message on which they pressed, as it is now, where it looks otherwise; and for whom.
    `stands_for`: the key of the notice that the reply is the first look of. `failed`: the reply is
    an apology."""

    reply: Reply
    reader: Reader
    moved: bool = False
    turned_away: bool = False
    in_place: tuple[Card, Reader] | None = None
    stands_for: str = ""
    failed: bool = False


class WritesError(Exception):
    """What only reads handed over to what writes: `command` is to be asked anew, by the writer."""

    def __init__(self, command: Command) -> None:
        super().__init__()
        self.command = command


class NothingKeptError(Exception):
    """The answer stands, and the transaction must not: a refusal, or a form that asks again."""

    def __init__(self, answer: Answered) -> None:
        super().__init__()
        self.answer = answer


_UNREAD = mark(
    "I can’t read what is kept here, so nothing was changed. Please tell whoever runs Plecs: "
    "SECRET_KEY is not the one it was."
)


def answer(
    command: Command,
    work: Work,
    now: datetime,
    services: Services,
    nobodys: frozenset[Address] = frozenset(),
) -> Answered:
    """Answers a command inside a transaction. At `nobodys` addresses is nobody, as their platform
    says.

    Raises StrangerError when somebody in it is not known yet, NothingKeptError when nothing may be
    kept, and WritesError when it is not for a reader of the database to answer. A repeated delivery
    of a command that writes is answered with nothing.
    """
    command = _with_what_was_typed(keepable(command))
    me = work.people.at(command.by)
    if me is None:
        raise StrangerError(command.by)
    if (card := turned_away(me, services.speaking(me.locale))) is not None:
        raise NothingKeptError(Answered(card, Reader(me.locale, me.zone), turned_away=True))
    ctx = Context(work, now, services, me, nobodys)
    command, route = find(command)
    danger = _danger(command, route, ctx)
    if route is None:
        return _answer(danger or _unknown(command, ctx), me, command.by)
    if route.role is not None and not me.is_a(route.role):
        return _answer(danger or _not_yours(route, route.role, ctx), me, command.by)
    writes = not route.reads
    if writes and not route.unlinked:
        platform = command.by.platform
        if command.delivery and not work.deliveries.is_new(platform, command.delivery, now):
            return _answer(None, me, command.by)
        if me.addresses[0] != command.by:
            work.addresses.used(command.by, now)
        work.addresses.reached((command.by,))
    try:
        reply = _reply(route, command, ctx)
    except (RefusedError, UnreadError) as refused:
        line = refused.line if isinstance(refused, RefusedError) else ctx.t(_UNREAD)
        refusal = _answer(danger or Card(line, tone=Tone.CAREFUL), me, command.by)
        raise NothingKeptError(_of_nobody(refusal, route)) from None
    reply, stands_for = _begun(reply, command, ctx) if isinstance(reply, Living) else (reply, "")
    if isinstance(reply, Form):
        reply = _filled(reply, command, ctx)
    if danger is not None:
        reply = _behind(danger, reply, ctx)
    if writes and isinstance(reply, Form):
        raise NothingKeptError(_of_nobody(_answer(reply, me, command.by), route))
    in_place = _in_place(command, ctx) if writes and not route.unlinked else None
    return _of_nobody(_answer(reply, me, command.by, in_place, stands_for), route)


def tell(fact: Fact, work: Work, now: datetime, services: Services) -> None:
    """Something happened outside, on a platform: whoever hears of it acts."""
    Occasion(work, now, services).tell(fact)


def card_of(
    notice: Notice, work: Work, reader: Person, now: datetime, services: Services
) -> Card | None:
    """The notice's card for the reader as things stand at `now`; None when there is none, and for
    whom Plecs is not: whatever was to be told them is not theirs any more."""
    if not reader.belongs:
        return None
    return NOTICES[notice.kind].card(notice, Context(work, now, services, reader))


def card_for(
    notice: Notice, work: Work, readers: Sequence[Person], now: datetime, services: Services
) -> Card | None:
    """The notice's card for all of its readers together, in each of their languages."""
    cards = [card_of(notice, work, one, now, services) for one in by_language(readers)]
    there = [card for card in cards if card is not None]
    return together(there) if there else None


def shown(work: Work, by: Address, key: str, now: datetime, services: Services) -> Answered | None:
    """The card of the notice under this key as things stand at `now`, for one of those it was
    sent to; None when nothing is kept of it, it is somebody else's, or Plecs is not for them.
    Whoever looks at it has it before them: where nobody has written down that it was sent, the
    answer stands for it."""
    me, notice = work.people.at(by), work.outbox.kept(key)
    if me is None or notice is None or me.id not in notice.to:
        return None
    if not (notice.sent or notice.gone or notice.due <= now):
        return None
    if turned_away(me, services.speaking(me.locale)) is not None:
        return None
    if notice.kind not in NOTICES:
        return None
    there = replace(notice, sent=True)
    card = card_of(there, work, me, now, services)
    return _answer(card, me, by, stands_for="" if notice.sent else key)


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
    """A notice has reached its readers: does what its feature makes of that, if anything. Where
    that fails, what is urgent is sent again, for a repeated ping beats one that nothing follows;
    all else has been sent, and stays so."""
    follows = NOTICES[notice.kind].delivered if notice.kind in NOTICES else None
    if follows is None:
        return
    on = Occasion(work, now, services)
    if notice.priority is Priority.URGENT:
        follows(notice, on)
    else:
        work.savepoint(lambda: follows(notice, on))


def ahead(
    work: Work, by: Address, locales: Sequence[str], now: datetime, services: Services
) -> Mapping[str, Ahead]:
    """What happens next by itself where the address is, told in each of the languages; empty where
    nothing is awaited."""
    on, workspace = Occasion(work, now, services), work.workspaces.of(by)
    told: dict[str, Ahead] = {}
    for locale in locales:
        found = (
            one
            for feature in FEATURES
            for one in feature.ahead(on, workspace, services.speaking(locale))
            if one.at > now
        )
        if (soonest := min(found, key=lambda one: one.at, default=None)) is None:
            break
        told[locale] = soonest
    return told


def homes_changed(work: Work, workspaces: Collection[str], now: datetime) -> None:
    """The hands of these workspaces are others now: start pages that show them are made again."""
    for workspace in workspaces:
        work.outbox.refresh(workspace, HOME, home_today(now), now)


def prompt_of(question: Question, work: Work, now: datetime, services: Services) -> Prompt | None:
    """What a language model is asked, from the state of this moment; None where nobody waits for
    the answer any more."""
    asks = ASKS.get(question.kind)
    return asks.prompt(question, Occasion(work, now, services)) if asks is not None else None


def answered(
    question: Question, answer: ModelAnswer, work: Work, now: datetime, services: Services
) -> None:
    """A language model answered, or did not: does what the feature makes of that."""
    asks = ASKS.get(question.kind)
    if asks is not None:
        asks.answered(question, answer, Occasion(work, now, services))


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
    outbox.add(ctx.me.workspace, notice, *living.besides)
    if command.on is not None and command.on.key == notice.key:
        return None, notice.key
    if command.answer_at is not None:
        looks = fingerprint_of(living.then, Reader(ctx.me.locale, ctx.me.zone))
        outbox.stands(notice.key, command.answer_at, command.by.place, looks, ctx.now)
    return living.card, notice.key


def _reply(route: Route, command: Command, ctx: Context) -> Reply | Living:
    reply = route.handler(command, ctx)
    while isinstance(reply, Instead):
        other = BY_NAME[reply.route]
        if route.reads and not other.reads:
            raise WritesError(replace(command, name=other.name))
        reply = other.handler(command, ctx)
    return reply


def _danger(command: Command, route: Route | None, ctx: Context) -> Card | None:
    """What to do where the words surely tell of a danger to somebody's life, whatever else was
    asked; where nothing else is understood in them it is enough that they may."""
    text = command.text
    if not text or heeds_danger(route):
        return None
    is_told = is_sure_in(text, own_ways(ctx))
    if not is_told and route is None and not is_courtesy(text):
        is_told = bool(danger_in(text))
    reply = OF_DANGER.handler(command, ctx) if is_told else None
    return reply if isinstance(reply, Card) else None


def _behind(danger: Card, reply: Reply, ctx: Context) -> Reply:
    """The answer behind what to do about a danger; a form begins with whom to call."""
    if isinstance(reply, Form):
        return replace(reply, intro=(*crisis(ctx), *reply.intro))
    return danger if reply is None else together((danger, reply))


def _in_place(command: Command, ctx: Context) -> tuple[Card, Reader] | None:
    """The message that was pressed as it is now. Whoever presses sees it with the answer, however
    many others wait to be changed."""
    on = command.on
    if on is None:
        return None
    seen = ctx.work.outbox.seen(on.key, on.ref, command.by.place, ctx.now)
    if seen is None:
        return None
    notice, is_kept = seen
    if notice.kind not in NOTICES or ctx.me.id not in notice.to:
        return None
    known = ctx.work.people.many(notice.to)
    if len(known) < len(notice.to):
        return None
    readers = [known[one] for one in notice.to]
    card = card_for(notice, ctx.work, readers, ctx.now, ctx.services)
    if card is None:
        return None
    first = by_language(readers)[0]
    reader = Reader(first.locale, first.zone)
    # What came besides is changed by nobody else, and the one that is kept not by this. And what is
    # pressed stands there, whatever is known to have been shown: whoever was to show it died, say.
    changes = not is_kept or ctx.work.outbox.looks(on.key, fingerprint_of(card, reader), ctx.now)
    return (card, reader) if changes or not offers(card, command.name) else None


def _of_nobody(answered: Answered, route: Route) -> Answered:
    """The answer; of an unlinked route it says nothing that would be kept of who asked."""
    return replace(answered, moved=False) if route.unlinked else answered


def _answer(
    reply: Reply,
    me: Person,
    by: Address,
    in_place: tuple[Card, Reader] | None = None,
    stands_for: str = "",
) -> Answered:
    return Answered(
        reply,
        Reader(me.locale, me.zone),
        moved=me.addresses[0] != by,
        in_place=in_place,
        stands_for=stands_for,
    )


def _filled(form: Form, command: Command, ctx: Context) -> Form:
    """The form for the caller; one that asks again holds what was filled in."""
    if form.errors:
        form = refilled(form, command, _those_known(form, command, ctx.work))
    return _without_oneself(form, ctx.me)


def _without_oneself(form: Form, me: Person) -> Form:
    """The form in which nobody is offered themselves where a colleague is meant."""
    return replace(
        form,
        fields=tuple(
            replace(one, without=me.addresses)
            if isinstance(one, PeopleField) and not one.oneself
            else one
            for one in form.fields
        ),
    )


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
        return gladly(t, *usual)
    typed = shortened(command.text, _TYPED_AT_MOST)
    with_words = Button(t("Raise a hand with these words"), "hand", {TYPED: typed}, Look.PRIMARY)
    if asks_plecs(command.text):
        return asked(t, with_words, usual[0])
    if _asks_about_hand(command.text):
        return about_hand(t, *reversed(usual))
    near, text = nearest(command.text)
    if near:
        typed = shortened(text, _TYPED_AT_MOST)
        button = Button((near,), BY_WORD[fold(near)].name, {TYPED: typed}, Look.PRIMARY)
        return Card(t("Did you mean “{word}”?", word=near), (Buttons((button, *usual)),))
    if greets(command.text):
        return asked(t, with_words, usual[0])
    said, *more = command.text.split()
    line = t("I don't know “{word}”. Here is what I can do:", word=shortened(said, _SAID_AT_MOST))
    if more:  # whoever it was meant for reads all of it
        return Card(line, (Buttons((with_words, usual[0])),))
    return Card(line, (Buttons(usual),))


def _not_yours(route: Route, role: Role, ctx: Context) -> Card:
    if route.refusal:
        return Card(ctx.t(route.refusal), tone=Tone.CAREFUL)
    admins = ctx.work.people.with_role(ctx.me.workspace, Role.ADMIN)
    names = ", ".join(admin.name for admin in admins[:3])
    t = ctx.t
    if names:
        line = t("Nothing was changed. {admins} can give you the role.", admins=names)
    else:
        line = t("Nothing was changed.")
    title = t("This is for people with the role {role}", role=role_name(role, t))
    return Card(title, (Paragraph(line),), Tone.CAREFUL)
