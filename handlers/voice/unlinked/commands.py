"""What people ask without their name, and what those who read it do.

Every route by which somebody writes or reads without their name is `unlinked`: nothing is kept of
who asked, not that they were here either.
"""

from collections.abc import Sequence
from functools import partial
from itertools import groupby

from handlers.common.roles import coordinators_of
from handlers.kit.cards import Card, Reply
from handlers.kit.commands import Behind, Command, RefusedError, Route
from handlers.kit.deidentify import hidden
from handlers.kit.feature import NoticeKind
from handlers.kit.notices import Notice, Priority
from handlers.kit.people import Role
from handlers.kit.ports import mark
from handlers.kit.reading import Filled, Pressed
from handlers.voice.model import VOICE, WORDS_LIMIT, VoiceKind, day_of, kind_called
from handlers.voice.readers import zone_of
from handlers.voice.unlinked import cards, model
from handlers.voice.unlinked.model import Unlinked, UnlinkedNote, Waiting, Written
from handlers.work import Context, Occasion

_REFUSAL = mark("What comes without a name is read by coordinators.")


def form(command: Command, ctx: Context) -> Reply:
    """The words, and what they are about."""
    _check_open(ctx)
    pressed = Pressed(command, ctx.t)
    kind = kind_called(command.one("kind"), VoiceKind.CHANGE)
    words = command.one("words")[:WORDS_LIMIT]
    return cards.form(pressed.id("once") or model.new_form(), kind, words, ctx.t)


def send(command: Command, ctx: Context) -> Reply:
    """They wait to go out with others; their author gets a code."""
    _check_open(ctx)
    once = Pressed(command, ctx.t).id("once") or model.new_form()
    filled = Filled(cards.form(once, VoiceKind.CHANGE, "", ctx.t), command, ctx)
    kind, words = filled.chosen("kind"), filled.text("words")
    if filled.errors:
        return filled.again()
    code = model.code_of(once)
    _wait(ctx, once, Written(model.receipt_of(code), VoiceKind(kind), hidden(words)[0]))
    return cards.kept(code, ctx.t)


def read_form(_command: Command, ctx: Context) -> Reply:
    return cards.read_form(ctx.t)


def read(command: Command, ctx: Context) -> Reply:
    """What came of it, for whoever has the code."""
    filled = Filled(cards.read_form(ctx.t), command, ctx)
    code = model.read_code(filled.text("code"))
    if code is None and not filled.errors:
        wrong = ctx.t("A code has sixteen letters and digits, like {code}.", code=cards.EXAMPLE)
        return filled.again(code=wrong)
    if code is None:
        return filled.again()
    receipt = model.receipt_of(code)
    kept = ctx.work.of(Unlinked)
    waiting = kept.waiting(ctx.me.workspace, receipt)
    note = kept.of_receipt(ctx.me.workspace, receipt)
    if note is None and waiting is None:
        wrong = ctx.t(
            "Nothing is kept under this code. Compare it letter by letter; after 13 months "
            "everything is deleted."
        )
        return filled.again(code=wrong)
    lines = () if note is None else kept.lines(note.id, model.LATEST)
    answerers = ctx.work.people.many(sorted({line.by for line in lines if line.by}))
    return cards.thread(code, lines, answerers, waiting, ctx.t)


def more_form(command: Command, ctx: Context) -> Reply:
    """A further message of theirs."""
    code = _code_of_button(command, ctx)
    return cards.more_form(code, model.new_form(), ctx.t)


def more(command: Command, ctx: Context) -> Reply:
    """It goes out as the first did. One of theirs waits at a time, so that they keep their
    order."""
    code = _code_of_button(command, ctx)
    once = Pressed(command, ctx.t).id("once") or model.new_form()
    filled = Filled(cards.more_form(code, once, ctx.t), command, ctx)
    words = filled.text("words")
    if filled.errors:
        return filled.again()
    receipt, kept = model.receipt_of(code), ctx.work.of(Unlinked)
    note = kept.of_receipt(ctx.me.workspace, receipt)
    if note is None:
        raise RefusedError(ctx.t("This is no longer kept, or has not gone out yet."))
    waiting = kept.waiting(ctx.me.workspace, receipt)
    new = Written(receipt, note.kind, hidden(words)[0])
    if waiting is not None and waiting != new:
        raise RefusedError(
            ctx.t("Your last message has not gone out yet. Tomorrow morning it has, at the latest.")
        )
    _wait(ctx, once, new)
    return cards.goes_on(ctx.t)


def take_back(command: Command, ctx: Context) -> Reply:
    """Whoever has the code has it deleted, with its answers."""
    code = _code_of_button(command, ctx)
    ctx.work.of(Unlinked).withdraw(ctx.me.workspace, model.receipt_of(code))
    return cards.taken_back(ctx.t)


def away(_command: Command, ctx: Context) -> Reply:
    """The code is not to stand in a chat."""
    return cards.put_away(ctx.t)


def inbox(_command: Command, ctx: Context) -> Reply:
    """What waits for an answer, for those who read."""
    kept = ctx.work.of(Unlinked)
    notes, count = kept.that_wait(ctx.me.workspace, model.LATEST)
    return cards.inbox(notes, kept.beginnings([one.id for one in notes]), count, ctx.t)


def show(command: Command, ctx: Context) -> Reply:
    note = _note(command, ctx)
    lines = ctx.work.of(Unlinked).lines(note.id, model.LATEST)
    answerers = ctx.work.people.many(sorted({line.by for line in lines if line.by}))
    return cards.note(note, lines, answerers, ctx.t)


def answer_form(command: Command, ctx: Context) -> Reply:
    return cards.answer_form(_note(command, ctx), ctx.t)


def answer(command: Command, ctx: Context) -> Reply:
    """Kept for whoever has the code: nobody is sent it."""
    note = _note(command, ctx)
    filled = Filled(cards.answer_form(note, ctx.t), command, ctx)
    words = filled.text("words")
    if filled.errors:
        return filled.again()
    ctx.work.of(Unlinked).answer(note.id, words, ctx.me.id, day_of(ctx.now, ctx.me.zone))
    return cards.answered(note, ctx.t)


def came_card(_notice: Notice, ctx: Context) -> Card | None:
    """None once all of it has its answer."""
    _, count = ctx.work.of(Unlinked).that_wait(ctx.me.workspace, 1)
    return cards.came(count, ctx.t) if count else None


def let_unlinked_out(on: Occasion, limit: int) -> int:
    """What may go out does, if there are enough, or it is morning; those who read hear of it."""
    due = on.work.of(Unlinked).due(on.now, limit)
    by_workspace = sorted(due, key=lambda one: one.workspace)
    for workspace, waiting in groupby(by_workspace, key=lambda one: one.workspace):
        _let_out(workspace, tuple(waiting), on)
    return len(due)


def _let_out(workspace: str, waiting: Sequence[Waiting], on: Occasion) -> None:
    readers = coordinators_of(workspace, on)
    zone = zone_of(readers)
    is_morning = any(model.is_morning(one.out_at, zone) for one in waiting)
    if len(waiting) < model.BATCH and not is_morning:
        on.work.of(Unlinked).put_off(waiting, model.next_morning(on.now, zone))
        return
    on.work.of(Unlinked).let_out(waiting, day_of(on.now, zone))
    about = on.new_id()
    on.work.outbox.add(
        workspace,
        *(Notice(model.CAME, about, (one.id,), on.now, Priority.BULK) for one in readers),
    )


def _wait(ctx: Context, once: str, written: Written) -> None:
    zone = zone_of(coordinators_of(ctx.me.workspace, ctx))
    out_at = model.may_go_out(ctx.now, zone)
    # A midnight: by the moment itself it could be joined with what else happened then.
    known_until = day_of(ctx.now, zone) + model.KNOWN_FOR
    if not ctx.work.of(Unlinked).wait(ctx.me.workspace, once, written, out_at, known_until):
        raise RefusedError(
            ctx.t("A great deal waits to go out already. Please write tomorrow, or with your name.")
        )


def _check_open(ctx: Context) -> None:
    """Raises RefusedError where nothing may be written without a name."""
    t, workspace = ctx.t, ctx.me.workspace
    if not VOICE.of(ctx.work.settings, workspace).unlinked:
        raise RefusedError(t("Writing without a name is switched off here. The other doors stand."))
    if not coordinators_of(workspace, ctx):
        raise RefusedError(t("Nobody is coordinator here yet, so nobody would read it."))
    group = ctx.work.of(Unlinked).could_be(workspace, model.LEAST_GROUP)
    if group < model.LEAST_GROUP:
        raise RefusedError(
            t(
                "You are fewer than {n} here: who wrote could be guessed. Please take another "
                "door.",
                n=model.LEAST_GROUP,
            )
        )


def _code_of_button(command: Command, ctx: Context) -> str:
    code = model.read_code(command.one("code")[:40])
    if code is None:
        raise RefusedError(ctx.t("This is no longer kept, or has not gone out yet."))
    return code


def _note(command: Command, ctx: Context) -> UnlinkedNote:
    note = ctx.work.of(Unlinked).get(Pressed(command, ctx.t).id("note"))
    if note is None or note.workspace != ctx.me.workspace:
        raise RefusedError(
            ctx.t("This is no longer kept: its author deleted it, or its time came.")
        )
    return note


_unlinked = partial(Route, private=True, unlinked=True)
_for_readers = partial(Route, private=True, role=Role.COORDINATOR, refusal=_REFUSAL)

ROUTES = (
    _unlinked("voice.unlinked", form, reads=True),
    _unlinked("voice.unlinked.send", send),
    _unlinked("voice.read.form", read_form, reads=True),
    _unlinked("voice.read", read, reads=True),
    _unlinked("voice.more.form", more_form, reads=True),
    _unlinked("voice.more", more),
    _unlinked("voice.take_back", take_back),
    _unlinked("voice.away", away, reads=True),
    _for_readers(
        "voice.inbox",
        inbox,
        reads=True,
        behind=Behind(
            "voice",
            {"en": "inbox", "lv": "saņemtās"},
            help=mark("What came without a name, and waits for an answer"),
            roles=(Role.COORDINATOR,),
        ),
    ),
    _for_readers("voice.note", show, reads=True),
    _for_readers("voice.answer.form", answer_form, reads=True),
    _for_readers("voice.answer", answer),
)
NOTICES = (NoticeKind(model.CAME, came_card, private=True),)
TIMERS = (let_unlinked_out,)
