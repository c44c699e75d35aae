"""What people ask around a vent, and what happens when time passes."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from handlers.availability.rest import shift_ends
from handlers.availability.shifts import with_shift
from handlers.common import colleagues
from handlers.common.crisis import crisis
from handlers.kit.asking import asks, nothing
from handlers.kit.cards import Card, Line, Reply
from handlers.kit.commands import Command, RefusedError, Route, Typed
from handlers.kit.facts import BreakBegan, Engaged, PersonLeft
from handlers.kit.feature import NoticeKind, Rest, Timer
from handlers.kit.notices import Notice
from handlers.kit.people import Person, Role
from handlers.kit.ports import mark
from handlers.kit.reading import Filled, Pressed
from handlers.vents import cards, finding, model
from handlers.vents.model import Vent, Vents, VentState, When, Wish
from handlers.vents.talking import cards as talking
from handlers.work import Context, Occasion, Work

_DAYS_KEPT = 3
"""After so many midnights a day's counts are gone, wherever their people's clocks stand: the gap
between two vents may reach over midnight."""

_ASKING = colleagues.Asking(
    several=mark("I can ask one colleague at a time. Whom would you like first?"),
    nobody=mark(
        "I find no colleague by that name here. Write it as in the people list, or type {typed} "
        "alone for those you may ask."
    ),
    oneself=mark("That is you. Choose a colleague: two hear more than one."),
)


_OF_THE_FORM = frozenset({"colleague", "wish", "when", "words"})
"""The form's fields: a tap on a colleague has none of them."""


def vent(command: Command, ctx: Context) -> Reply:
    """`/vent @Līga`, `/vent Līga bad call`, `/vent` alone for whom one might ask."""
    if not command.text.strip():
        return offers(command, ctx)
    found, rest = colleagues.named(command, ctx, _ASKING)
    if len(found) > 1:
        return cards.which(found, ctx.t)
    words, cut = model.few_words(rest)
    return _ask(ctx, found[0], words=words, cut=cut)


def offers(command: Command, ctx: Context) -> Reply:
    """Whom one might ask: those here now first, then the rest; each list in its fixed order."""
    mine = ctx.work.of(Vents).of_asker(ctx.me.id)
    if mine is not None and mine.state is not VentState.UNANSWERED:
        return cards.one_at_a_time(mine, ctx.t)
    here, later = finding.offers(ctx)
    return cards.offers(here, later, crisis(ctx), ctx.t)


def form(command: Command, ctx: Context) -> Reply:
    """Whom, what for, when, and a few words: what the fast command leaves open."""
    return cards.form(ctx.work.people.get(command.one("person")), ctx.t)


def ask(command: Command, ctx: Context) -> Reply:
    """A tap on a colleague, or the form, filled in."""
    person = ctx.work.people.get(command.one("person"))
    if not command.values.keys() & _OF_THE_FORM:
        return offers(command, ctx) if person is None else _ask(ctx, person)
    asked = Filled(cards.form(person, ctx.t), command, ctx)
    chosen = asked.people("colleague") if command.many("colleague") or person is None else (person,)
    wish, when = Wish(asked.chosen("wish")), When(asked.chosen("when"))
    words, cut = model.few_words(asked.text("words"))
    for name, fault in _faults(ctx, when, cut=cut).items():
        asked.errors.setdefault(name, fault)
    if asked.errors:
        return asked.again()
    return _ask(ctx, chosen[0], wish, when, words)


def next_one(command: Command, ctx: Context) -> Reply:
    """The next colleague, with the same wish and words."""
    person, before = ctx.work.people.get(command.one("person")), _unanswered(ctx)
    if person is None or before is None:
        return offers(command, ctx)
    return _ask(ctx, person, before.wish, before.when, before.words)


def wish(command: Command, ctx: Context) -> Reply:
    """Another wish, while nobody has answered."""
    mine = _mine(command, ctx)
    if mine.state is VentState.ASKING:
        wish = Pressed(command, ctx.t).choice("wish", Wish)
        ctx.work.of(Vents).save(replace(mine, wish=wish))
        _refresh(ctx.work, mine, ctx.now, model.ASKED, model.REQUEST)
    return None


def never_mind(command: Command, ctx: Context) -> Reply:
    """The asker takes it back. The listener sees that it is no longer needed."""
    mine = ctx.work.of(Vents).of_asker(ctx.me.id)
    if mine is not None and mine.state is not VentState.TALKING:
        _forget(ctx.work, mine, ctx.now)
    return cards.taken_back(ctx.t)


def yes(command: Command, ctx: Context) -> Reply:
    """The listener has time: now, in 15 minutes, or when the asker will."""
    asked = _asked_of_me(command, ctx)
    engaged = ctx.work.of(Vents).talking((ctx.me.id,))
    promised = [one for one in ctx.work.of(Vents).of_listener(ctx.me.id) if one.id != asked.id]
    if engaged or any(one.state is VentState.AGREED for one in promised):
        raise RefusedError(
            ctx.t("You have another conversation open or promised. One at a time is plenty.")
        )
    if command.one("later") and asked.when is When.NOW:
        _keep(ctx.work, *model.agree(asked, ctx.now + model.LATER, ctx.now), ctx.now)
    elif asked.when is When.BREAK:
        _keep(ctx.work, *model.agree(asked, ctx.now + model.WAITS_FOR_BREAK, ctx.now), ctx.now)
    elif asked.when is When.SHIFT:
        asker = _person(ctx, asked.asker)
        ends = _shift_ends(asker, ctx) or ctx.now + model.LATER
        _keep(ctx.work, *model.agree(asked, ends, ctx.now), ctx.now)
    else:
        _open(ctx, asked)
    return None


def not_today(command: Command, ctx: Context) -> Reply:
    """The listener can't. The card changes for them alone; the asker hears it when everybody
    hears it who gets no answer."""
    asked = _asked_of_me(command, ctx)
    ctx.work.of(Vents).save(model.not_today(asked))
    _refresh(ctx.work, asked, ctx.now, model.REQUEST)
    return None


def start(command: Command, ctx: Context) -> Reply:
    """The asker has time earlier than was agreed."""
    mine = _mine(command, ctx)
    if mine.state is VentState.AGREED:
        _open(ctx, mine)
    return None


def breathe(command: Command, ctx: Context) -> Reply:
    return _in_room(command, ctx, lambda vent: model.breathe(vent, ctx.now))


def skip(command: Command, ctx: Context) -> Reply:
    return _in_room(command, ctx, lambda vent: model.stop_breathing(model.tap(vent, ctx.now)))


def frame(command: Command, ctx: Context) -> Reply:
    return _in_room(
        command, ctx, lambda vent: replace(model.tap(vent, ctx.now), frame=not vent.frame)
    )


def done(command: Command, ctx: Context) -> Reply:
    """*Done*, by either of the two."""
    vent = ctx.work.of(Vents).get(command.one("vent"))
    if vent is not None and ctx.me.id in vent.two and vent.state is VentState.TALKING:
        _end(ctx.work, vent, ctx.now)
    return None


def advance_vents(on: Occasion, limit: int) -> int:
    """Does what is due in vents: the answer after five minutes, the next breath, the quiet end."""
    work, now = on.work, on.now
    due = work.of(Vents).due(now, limit)
    for vent in due:
        after, notices = model.step(vent, now)
        if after is None:
            (_end if vent.state is VentState.TALKING else _forget)(work, vent, now)
        elif after.state is VentState.TALKING and vent.state is VentState.AGREED:
            _open(on, vent)
        else:
            _keep(work, after, notices, now)
    return len(due)


def break_began(fact: BreakBegan, on: Occasion) -> None:
    """What was agreed for their break opens."""
    vent = on.work.of(Vents).of_asker(fact.person)
    if vent is not None and vent.state is VentState.AGREED and vent.when is When.BREAK:
        _open(on, vent)


def person_left(fact: PersonLeft, on: Occasion) -> None:
    """Nobody waits for them, and nothing of theirs stays."""
    work, person, now = on.work, fact.person, on.now
    own = work.of(Vents).of_asker(person.id)
    if own is not None:
        (_end if own.state is VentState.TALKING else _forget)(work, own, now)
    for vent in work.of(Vents).of_listener(person.id):
        match vent.state:
            case VentState.TALKING:
                _end(work, vent, now)
            case VentState.AGREED:
                _keep(work, *model.failed(vent, now), now)
            case _:
                work.of(Vents).save(model.not_today(vent))


def unreachable(notice: Notice, on: Occasion) -> None:
    """A question can't be delivered: for the asker it is as if nobody had answered."""
    vent = on.work.of(Vents).get(notice.about)
    if vent is not None and vent.state is VentState.ASKING:
        on.work.of(Vents).save(model.not_today(vent))


def no_room(notice: Notice, on: Occasion) -> None:
    """The conversation can't be opened: the asker hears that it did not work out. Two who use
    different apps find each other without one: each has the card to themselves."""
    work, now = on.work, on.now
    vent = work.of(Vents).get(notice.about)
    if vent is not None and vent.state is VentState.TALKING:
        two = work.people.many(vent.two)
        if len(two) == 2 and not two[vent.asker].shares_a_place_with(two[vent.listener]):
            each = (Notice(model.ROOM_APART, vent.id, (p,), now, notice.priority) for p in two)
            work.outbox.add(vent.workspace, *each)
            return
        _keep(work, *model.failed(model.stop_breathing(vent), now), now)


def asked_card(notice: Notice, ctx: Context) -> Card | None:
    vent = ctx.work.of(Vents).get(notice.about)
    listener = ctx.work.people.get(vent.listener) if vent else None
    if vent is None or listener is None:
        return cards.over(ctx.t) if notice.sent else None
    return cards.asked(vent, listener, ctx.t)


def request_card(notice: Notice, ctx: Context) -> Card | None:
    vent = ctx.work.of(Vents).get(notice.about)
    asker = ctx.work.people.get(vent.asker) if vent else None
    if vent is None or asker is None or vent.listener != ctx.me.id:
        return cards.request_over(ctx.t) if notice.sent else None
    if not vent.awaits and not notice.sent:
        return None
    return cards.request(vent, asker, ctx.t)


def answer_card(notice: Notice, ctx: Context) -> Card | None:
    """What the asker hears: of a yes for later, or that it did not work out. The latter is the
    same card at the same moment, whatever the reason."""
    vent = ctx.work.of(Vents).get(notice.about)
    listener = ctx.work.people.get(vent.listener) if vent else None
    if vent is None or listener is None:
        return cards.over(ctx.t) if notice.sent else None
    if vent.state is VentState.AGREED:
        return cards.agreed(vent, listener, ctx.t)
    if vent.state is VentState.UNANSWERED:
        here, later = finding.offers(ctx, vent.tried)
        following = next(iter((*here, *later)), None)
        return cards.not_now(listener, following, crisis(ctx), ctx.t)
    return cards.open_now(ctx.t) if notice.sent else None


def room_card(notice: Notice, ctx: Context) -> Card | None:
    vent = ctx.work.of(Vents).get(notice.about)
    two = ctx.work.people.many(vent.two if vent is not None else ())
    if vent is None or vent.state is not VentState.TALKING or len(two) < 2:
        return talking.room_over(ctx.t) if notice.sent else None
    both, by_phone = (two[vent.asker], two[vent.listener]), notice.kind == model.ROOM_APART
    return talking.room(vent, both, crisis(ctx), ctx.t, by_phone=by_phone)


def talked_card(notice: Notice, ctx: Context) -> Card | None:
    return talking.talked(crisis(ctx), ctx.t)


def listened_card(notice: Notice, ctx: Context) -> Card | None:
    return talking.listened(ctx.t)


_private = partial(Route, private=True)
"""Whether somebody asked, was asked or said no is not to be read off a count, either."""

ROUTES: tuple[Route, ...] = (
    _private(
        "vent",
        vent,
        typed=Typed(
            {"en": "vent", "lv": "izrunāties"},
            mark("Let off steam with a colleague you choose"),
            mark("[@colleague and five words] or settings"),
            to_people=True,
            also=("выговориться",),
            hears=asks("vent"),
            said=nothing,
        ),
    ),
    _private("vent.offers", offers, reads=True),
    _private("vent.form", form, reads=True),
    _private("vent.ask", ask),
    _private("vent.next", next_one),
    _private("vent.wish", wish),
    _private("vent.cancel", never_mind),
    _private("vent.yes", yes),
    _private("vent.no", not_today),
    _private("vent.start", start),
    _private("vent.breathe", breathe),
    _private("vent.skip", skip),
    _private("vent.frame", frame),
    _private("vent.done", done),
)

_kind = partial(NoticeKind, rest=Rest.AT_ONCE, private=True)

NOTICES: tuple[NoticeKind, ...] = (
    _kind(model.ASKED, asked_card),
    _kind(model.REQUEST, request_card, rejected=unreachable),
    _kind(model.ANSWER, answer_card),
    _kind(model.ROOM, room_card, rejected=no_room),
    _kind(model.ROOM_APART, room_card),
    _kind(model.TALKED, talked_card),
    _kind(model.LISTENED, listened_card),
)

TIMERS: tuple[Timer, ...] = (advance_vents,)


def _ask(
    ctx: Context,
    listener: Person,
    wish: Wish = Wish.LISTEN,
    when: When = When.NOW,
    words: str = "",
    *,
    cut: bool = False,
) -> Reply:
    """Asks, or says kindly why that can't be. Whether the listener can be asked is not said."""
    _check(ctx, listener)
    day = finding.day(ctx.me, ctx.now)
    pair = finding.pair(ctx.me, listener)
    asked_today = ctx.work.of(Vents).tally(ctx.me.workspace, day, pair, until=_day_ends(ctx.now))
    if asked_today > model.ASKED_A_DAY:
        raise RefusedError(
            ctx.t(
                "You have asked {colleague} twice today. Somebody else may have time.",
                colleague=listener.first_name,
            )
        )
    before = _unanswered(ctx)
    if before is not None:
        _forget(ctx.work, before, ctx.now)
    vent = Vent(
        id=ctx.new_id(),
        workspace=ctx.me.workspace,
        asker=ctx.me.id,
        listener=listener.id,
        wish=wish,
        when=when,
        words=words,
        ends_at=ctx.now + model.ANSWER_WITHIN,
        awaits=finding.may_be_asked(ctx, listener),
        tried=before.tried if before else (),
    )
    ctx.work.of(Vents).add(vent)
    ctx.work.outbox.add(vent.workspace, *model.ask(vent, ctx.now))
    return cards.sent_out(vent, ctx.t, cut=cut)


def _check(ctx: Context, listener: Person) -> None:
    """Raises RefusedError for whom nobody could ask, each with its own answer."""
    colleagues.check(listener, ctx, _ASKING)
    mine = ctx.work.of(Vents).of_asker(ctx.me.id)
    listening = ctx.work.of(Vents).talking((ctx.me.id,))
    if listening or (mine is not None and mine.state is not VentState.UNANSWERED):
        raise RefusedError(
            ctx.t(
                "You have one conversation asked for or open. Press Done or Never mind there "
                "first; then there is time for another."
            )
        )


def _faults(ctx: Context, when: When, *, cut: bool) -> dict[str, Line]:
    faults: dict[str, Line] = {}
    if cut:
        faults["words"] = ctx.t("Five words at most: that is all your colleague needs to know.")
    if when is When.SHIFT and _shift_ends(ctx.me, ctx) is None:
        faults["when"] = ctx.t("I don't know when your shift ends. Please choose another time.")
    return faults


def _shift_ends(person: Person, ctx: Context) -> datetime | None:
    return shift_ends(with_shift(person, ctx.work, ctx.now), ctx.now)


def _open(on: Occasion, vent: Vent) -> None:
    """The conversation begins, and counts for the listener's day."""
    _keep(on.work, *model.yes(vent, on.now), on.now)
    _count_listening(on.work, vent, on.now, 1)
    on.tell(Engaged(vent.two))


def _end(work: Work, vent: Vent, now: datetime) -> None:
    """The conversation is over: one line to each, a count without names, and nothing else."""
    _forget(work, vent, now)
    work.outbox.add(vent.workspace, *model.goodbyes(vent, now), forget=True)
    _count_listening(work, vent, now, 0)
    asker = work.people.get(vent.asker)
    if asker is not None and not asker.is_a(Role.SUPERVISOR):
        # Whoever may see the count is not in it: nobody can subtract themselves.
        start = model.week_of(now)
        mine = work.of(Vents).tally(
            vent.workspace,
            f"week {start:%Y-%m-%d}",
            vent.asker,
            until=start + timedelta(days=7),
        )
        work.of(Vents).count_week(vent.workspace, start, new_person=mine == 1)


def _count_listening(work: Work, vent: Vent, now: datetime, more: int) -> None:
    listener = work.people.get(vent.listener)
    if listener is not None:
        work.of(Vents).tally(
            vent.workspace,
            finding.day(listener, now),
            finding.listened(listener),
            until=_day_ends(now),
            more=more,
            at=now,
        )


def _day_ends(now: datetime) -> datetime:
    """When a day's counts go. On midnight, so that the row does not tell when they were made."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=_DAYS_KEPT)


def _forget(work: Work, vent: Vent, now: datetime) -> None:
    """Deletes the vent; its messages are changed to say nothing of it, and forgotten."""
    work.of(Vents).remove(vent.id)
    work.outbox.forget(vent.workspace, vent.id, now)


def _keep(work: Work, vent: Vent, notices: Sequence[Notice], now: datetime) -> None:
    work.of(Vents).save(vent)
    work.outbox.add(vent.workspace, *notices)
    kinds = model.ASKED, model.REQUEST, model.ANSWER, model.ROOM, model.ROOM_APART
    _refresh(work, vent, now, *kinds)
    if vent.state is VentState.UNANSWERED:
        # When it was changed last would tell a no from a silence.
        asked = Notice(model.REQUEST, vent.id, (vent.listener,), now)
        work.outbox.forget_one(asked.key, now)


def _refresh(work: Work, vent: Vent, now: datetime, *kinds: str) -> None:
    for kind in kinds:
        work.outbox.refresh(vent.workspace, kind, vent.id, now)


def _in_room(command: Command, ctx: Context, change: Callable[[Vent], Vent]) -> Reply:
    """Something pressed in the open conversation, by either of the two."""
    vent = ctx.work.of(Vents).get(command.one("vent"))
    if vent is None or ctx.me.id not in vent.two or vent.state is not VentState.TALKING:
        raise RefusedError(ctx.t("This conversation has ended. You can ask for another one."))
    ctx.work.of(Vents).save(change(vent))
    _refresh(ctx.work, vent, ctx.now, model.ROOM, model.ROOM_APART)
    return None


def _unanswered(ctx: Context) -> Vent | None:
    mine = ctx.work.of(Vents).of_asker(ctx.me.id)
    return mine if mine is not None and mine.state is VentState.UNANSWERED else None


def _mine(command: Command, ctx: Context) -> Vent:
    mine = ctx.work.of(Vents).of_asker(ctx.me.id)
    if mine is None or mine.id != command.one("vent"):
        raise RefusedError(ctx.t("That is over. You can ask somebody anew whenever you want."))
    return mine


def _asked_of_me(command: Command, ctx: Context) -> Vent:
    """The question whose answer is awaited from the caller."""
    vent = ctx.work.of(Vents).get(command.one("vent"))
    if vent is None or vent.listener != ctx.me.id or not vent.awaits:
        raise RefusedError(
            ctx.t("This question has run out, and nothing needs doing. Thank you for being ready.")
        )
    return vent


def _person(ctx: Context, person: str) -> Person:
    found = ctx.work.people.get(person)
    assert found is not None, "people are not deleted while a vent of theirs is open"
    return found
