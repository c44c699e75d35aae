"""What people ask around a letter, and what becomes of it when time passes."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from handlers.availability.rest import free_days, working_days_after
from handlers.common import colleagues
from handlers.kit.cards import Card, Reply
from handlers.kit.commands import Command, RefusedError, Route
from handlers.kit.facts import PersonLeft
from handlers.kit.feature import NoticeKind
from handlers.kit.notices import Notice
from handlers.kit.people import Person
from handlers.kit.ports import mark
from handlers.kit.reading import Filled, Pressed
from handlers.voice.model import WORDS_LIMIT
from handlers.voice.named import cards, model
from handlers.voice.named.model import Letter, Letters, LetterState
from handlers.work import Context, Occasion

_ASKING = colleagues.Asking(
    several=mark("One letter is for one person. Whom do you mean?"),
    nobody=mark("I find no colleague by that name here."),
    oneself=mark("That is you. Choose somebody who can change it."),
    bot=mark("{name} is a bot: it would not answer."),
)


def form(command: Command, ctx: Context) -> Reply:
    """To whom, what, and where it goes on without an answer."""
    return cards.form(_colleague(command, ctx), command.one("words")[:WORDS_LIMIT], ctx.t)


def send(command: Command, ctx: Context) -> Reply:
    filled = Filled(cards.form(None, "", ctx.t), command, ctx)
    receivers, thens = (
        colleagues.chosen(name, filled, ctx, _ASKING) for name in ("receiver", "then")
    )
    words = filled.text("words")
    if filled.errors:
        return filled.again()
    if thens == receivers:
        return filled.again(then=ctx.t("Somebody else, please, or nobody."))
    kept = ctx.work.of(Letters)
    if kept.open_of(ctx.me.id) >= model.OPEN_AT_ONCE:
        raise RefusedError(
            ctx.t("{n} letters of yours wait for an answer already.", n=model.OPEN_AT_ONCE)
        )
    remind_at, due_at = _deadlines(receivers[0], ctx)
    letter = Letter(
        ctx.new_id(),
        ctx.me.workspace,
        ctx.me.id,
        receivers[0].id,
        thens[0].id if thens else None,
        words,
        LetterState.OPEN,
        ctx.now,
        due_at,
        remind_at,
    )
    kept.add(letter)
    _tell(letter, model.ASKED, letter.receiver, ctx)
    return cards.sent(letter, receivers[0], thens[0] if thens else None, ctx.t)


def show(command: Command, ctx: Context) -> Reply:
    """One's own, or one that waits for one's answer."""
    letter = _get(command, ctx)
    if ctx.me.id == letter.author:
        return _of_author(letter, ctx)
    return _asked(letter, ctx) or cards.gone(ctx.t)


def answer_form(command: Command, ctx: Context) -> Reply:
    letter = _owed(command, ctx)
    author = ctx.work.people.get(letter.author)
    return cards.gone(ctx.t) if author is None else cards.answer_form(letter, author, ctx.t)


def answer(command: Command, ctx: Context) -> Reply:
    """The author hears of it; it is settled."""
    letter = _owed(command, ctx)
    author = ctx.work.people.get(letter.author)
    if author is None:
        return cards.gone(ctx.t)
    filled = Filled(cards.answer_form(letter, author, ctx.t), command, ctx)
    words = filled.text("words")
    if filled.errors:
        return filled.again()
    _becomes(letter.answered(words), model.ENDED, ctx)
    return cards.answer_sent(author, ctx.t)


def take_back(command: Command, ctx: Context) -> Reply:
    """The author deletes it, whatever has become of it: with all that was sent of it."""
    letter = _get(command, ctx)
    if letter.author != ctx.me.id:
        raise _none(ctx)
    ctx.work.of(Letters).delete(letter.id)
    ctx.work.outbox.forget(letter.workspace, letter.id, ctx.now)
    return cards.taken_back(ctx.t)


def asked_card(notice: Notice, ctx: Context) -> Card | None:
    """For whom it is, or was before it went on."""
    letter = ctx.work.of(Letters).get(notice.about)
    if letter is None:
        return cards.gone(ctx.t) if notice.sent else None
    if letter.receiver != ctx.me.id:
        return cards.went_on(ctx.t) if notice.sent else None
    return _asked(letter, ctx)


def reminder_card(notice: Notice, ctx: Context) -> Card | None:
    letter = ctx.work.of(Letters).get(notice.about)
    if letter is None or not letter.is_open or letter.receiver != ctx.me.id:
        return cards.settled(ctx.t) if notice.sent else None
    return _asked(letter, ctx, is_reminder=True)


def author_card(notice: Notice, ctx: Context) -> Card | None:
    letter = ctx.work.of(Letters).get(notice.about)
    if letter is None:
        return cards.gone(ctx.t) if notice.sent else None
    return _of_author(letter, ctx)


def advance_letters(on: Occasion, limit: int) -> int:
    """Reminds who owes an answer; when it was due, it goes on as was agreed."""
    due = on.work.of(Letters).due(on.now, limit)
    for letter in due:
        if on.now < letter.due_at:
            on.work.of(Letters).save(replace(letter, step_at=letter.due_at))
            _tell(letter, model.REMINDER, letter.receiver, on)
        else:
            _goes_on(letter, on)
    return len(due)


def person_left(fact: PersonLeft, on: Occasion) -> None:
    """What waits for their answer goes on at once; what was to go on to them goes on to nobody."""
    kept = on.work.of(Letters)
    for letter in kept.owed_by(fact.person.id, 1000):
        _goes_on(letter, on)


def _goes_on(letter: Letter, on: Occasion) -> None:
    then = None if letter.then is None else on.work.people.get(letter.then)
    if then is None or not then.belongs:
        _becomes(letter.over(), model.ENDED, on)
        return
    remind_at, due_at = _deadlines(then, on)
    further = letter.went_on(remind_at, due_at)
    _becomes(further, model.WENT_ON, on)
    _tell(further, model.ASKED, further.receiver, on)


def _becomes(letter: Letter, told: str, on: Occasion) -> None:
    """Keeps what has become of it, and tells its author by this kind of notice."""
    on.work.of(Letters).save(letter)
    kinds = (model.ASKED, model.REMINDER, model.WENT_ON)
    on.work.outbox.refresh_all(letter.workspace, kinds, letter.id, on.now)
    _tell(letter, told, letter.author, on)


def _tell(letter: Letter, kind: str, to: str, on: Occasion) -> None:
    on.work.outbox.add(letter.workspace, Notice(kind, letter.id, (to,), on.now))


def _deadlines(receiver: Person, on: Occasion) -> tuple[datetime, datetime]:
    """When they are reminded, and when the answer is due: by their own clocks."""
    is_free = free_days(on.work.settings, receiver.workspace, on.services.calendar)
    remind_at, due_at = (
        working_days_after(on.now, days, receiver.zone, is_free)
        for days in (model.REMINDED_AFTER, model.ANSWER_IN)
    )
    return remind_at, due_at


def _asked(letter: Letter, ctx: Context, *, is_reminder: bool = False) -> Card | None:
    author = ctx.work.people.get(letter.author)
    if author is None:
        return cards.gone(ctx.t)
    then = None if letter.then is None else ctx.work.people.get(letter.then)
    return cards.asked(letter, author, then, ctx.t, is_reminder=is_reminder)


def _of_author(letter: Letter, ctx: Context) -> Card:
    people = ctx.work.people.many([letter.receiver, *filter(None, [letter.then])])
    receiver, then = people.get(letter.receiver), people.get(letter.then or "")
    return cards.gone(ctx.t) if receiver is None else cards.mine(letter, receiver, then, ctx.t)


def _colleague(command: Command, ctx: Context) -> Person | None:
    person = ctx.work.people.get(Pressed(command, ctx.t).id("person"))
    return person if person is not None and person.workspace == ctx.me.workspace else None


def _owed(command: Command, ctx: Context) -> Letter:
    """One that waits for the caller's answer. Raises RefusedError."""
    letter = _get(command, ctx)
    if letter.receiver != ctx.me.id:
        raise _none(ctx)
    if not letter.is_open:
        raise RefusedError(ctx.t("This has its answer already, or its time is over."))
    return letter


def _get(command: Command, ctx: Context) -> Letter:
    letter = ctx.work.of(Letters).get(Pressed(command, ctx.t).id("letter"))
    if letter is None or ctx.me.id not in (letter.author, letter.receiver):
        raise _none(ctx)
    return letter


def _none(ctx: Context) -> RefusedError:
    return RefusedError(ctx.t("This letter is no longer kept, or it went on to somebody else."))


_private = partial(Route, private=True)

ROUTES = (
    _private("voice.named", form, reads=True),
    _private("voice.named.send", send),
    _private("voice.named.open", show, reads=True),
    _private("voice.named.answer.form", answer_form, reads=True),
    _private("voice.named.answer", answer),
    _private("voice.named.take_back", take_back),
)
NOTICES = (
    NoticeKind(model.ASKED, asked_card, private=True),
    NoticeKind(model.REMINDER, reminder_card, private=True),
    NoticeKind(model.WENT_ON, author_card, private=True),
    NoticeKind(model.ENDED, author_card, private=True),
)
TIMERS = (advance_letters,)
