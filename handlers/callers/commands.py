"""What agents ask about a caller's number, write down after a call, and make of their promises."""

from datetime import date, timedelta

from handlers.callers import cards
from handlers.callers.erasing import erase
from handlers.callers.handing import hand_to
from handlers.callers.lookups import call_lately, on_a_telephone
from handlers.callers.model import (
    CALLER,
    DUE,
    HANDED,
    MEMORY,
    SHOWN_PROMISES,
    Callers,
    CallNote,
    Promise,
    PromiseState,
    awaited,
    due_key,
    settled,
)
from handlers.callers.views import over_card, screen_pop
from handlers.common import colleagues
from handlers.common.current_call import CurrentCall, CurrentCalls
from handlers.common.objections import Objections
from handlers.common.topics import topics_by_id, topics_of
from handlers.kit.callers import Caller
from handlers.kit.cards import Form, Reply
from handlers.kit.commands import Behind, Command, RefusedError, Route, Typed
from handlers.kit.deidentify import hidden
from handlers.kit.facts import TelephoneEnded, TopicCame
from handlers.kit.notices import Notice
from handlers.kit.people import Topic
from handlers.kit.ports import mark
from handlers.kit.reading import Filled
from handlers.kit.unread import see_read
from handlers.work import Context

_LATELY = timedelta(hours=1)
"""How long after a call lines may be written about it: as long as its caller is known."""

_STILL_IT = timedelta(minutes=5)
"""Who looks a number up so soon after the call with it was said to be over means that call."""

_FURTHEST = timedelta(days=366)

_ASKING = colleagues.Asking(
    several=mark("Please choose."),
    nobody=mark("Please choose."),
    oneself=mark("It is yours already. Choose a colleague."),
)
"""To whom no promise is handed over. They are chosen, not typed."""


def caller(command: Command, ctx: Context) -> Reply:
    """`/caller` shows what is known of the call one is in, `/caller +371 ...` of a number."""
    number = command.text.strip()
    if not number:
        call = call_lately(ctx.me.id, _LATELY, ctx)
        if call is not None and call.objects:
            return cards.objects(ctx.t)
        if call is None or call.caller is None:
            return cards.no_number(ctx.t, in_a_call=call is not None and call.ended_at is None)
        if call.ended_at is not None:
            return over_card(call, ctx)
        return cards.caller(screen_pop(call, ctx), ctx.t)
    who = ctx.services.caller(number, ctx.now)
    if who is None:
        raise RefusedError(
            ctx.t("That is no number I can tell apart. Write it whole, with its country: +371 ...")
        )
    if ctx.work.of(Objections).stands(who):
        return cards.objects(ctx.t)
    call = on_a_telephone(who, ctx) or _by_hand(who, ctx)
    return cards.caller(screen_pop(call, ctx), ctx.t)


def over(command: Command, ctx: Context) -> Reply:
    """*The call is over*, of one that was told of by hand."""
    call = _own(command, ctx)
    if call.by_hand and call.ended_at is None:
        ctx.work.of(Callers).over(call.id, ctx.now)
        ctx.tell(TelephoneEnded(ctx.me, call.id, call.since, ctx.now))
    return over_card(call, ctx)


def lines(command: Command, ctx: Context) -> Reply:
    """The form for the lines after a call."""
    call, _ = _with_caller(command, ctx)
    return _lines_form(call, ctx)


def keep_lines(command: Command, ctx: Context) -> Reply:
    """Keeps them, without what tells who the caller is."""
    call, who = _with_caller(command, ctx)
    asked = Filled(_lines_form(call, ctx), command, ctx)
    topic, promised, helped = asked.chosen("topic"), asked.text("promised"), asked.text("helped")
    due = asked.day("due") if command.one("due").strip() else None
    if asked.errors:
        return asked.again()
    if promised and due is None:
        return asked.again(due=ctx.t("By when did you promise it?"))
    if due is not None:
        if not promised:
            return asked.again(promised=ctx.t("What did you promise by that day?"))
        if due < ctx.today:
            return asked.again(due=ctx.t("That day is over."))
        if due > ctx.today + _FURTHEST:
            return asked.again(due=ctx.t("That is more than a year ahead."))
    ctx.work.of(Callers).hold(call.id)  # two forms of one call make one promise
    (promised, is_hidden), (helped, hides_more) = hidden(promised), hidden(helped)
    about = None if topic == cards.NO_TOPIC else topic
    pseudonym, kept = who.remembering[0], ctx.work.of(Callers)
    note = CallNote(call.id, call.workspace, ctx.me.id, pseudonym, ctx.now, about, helped)
    kept.put_note(note)
    one = _promised(call, pseudonym, (about, promised, due), ctx)
    if about is not None:
        ctx.tell(TopicCame(call.workspace, about, call.id, ctx.me.id))
    ctx.work.outbox.refresh(call.workspace, CALLER, call.id, ctx.now)
    rules = MEMORY.of(ctx.work.settings, ctx.me.workspace)
    return cards.lines_kept(note, one, rules, ctx.t, hidden=is_hidden or hides_more)


def object_(command: Command, ctx: Context) -> Reply:
    """The caller wants nothing kept: all of it goes, and nothing is kept from then on."""
    call, who = _with_caller(command, ctx)
    erase(who, ctx.work, ctx.now, objects=True)
    ctx.work.outbox.refresh(call.workspace, CALLER, call.id, ctx.now)
    return cards.objected(ctx.t)


def promises(command: Command, ctx: Context) -> Reply:
    """One's own open promises."""
    mine = ctx.work.of(Callers).open_of(ctx.me.id, SHOWN_PROMISES)
    return cards.promises(mine, ctx.today, _topics(ctx), ctx.t)


def show_promise(command: Command, ctx: Context) -> Reply:
    return cards.promise(_promise(command, ctx), ctx.today, _topics(ctx), ctx.t)


def kept(command: Command, ctx: Context) -> Reply:
    return _settle(command, PromiseState.KEPT, ctx)


def not_possible(command: Command, ctx: Context) -> Reply:
    return _settle(command, PromiseState.NOT_POSSIBLE, ctx)


def hand_over(command: Command, ctx: Context) -> Reply:
    """To whom a promise goes."""
    one = _promise(command, ctx)
    if one.state is not PromiseState.OPEN:
        return cards.settled(one, ctx.t)
    return cards.hand_over_form(one, ctx.t)


def handed(command: Command, ctx: Context) -> Reply:
    """A colleague sees to it from now on, and is told so."""
    one = _promise(command, ctx)
    if one.state is not PromiseState.OPEN:
        return cards.settled(one, ctx.t)
    asked = Filled(cards.hand_over_form(one, ctx.t), command, ctx)
    chosen = colleagues.chosen("to", asked, ctx, _ASKING)
    if asked.errors:
        return asked.again()
    colleague = chosen[0]
    theirs = hand_to(colleague, one, ctx)
    _refresh(one, ctx)
    ctx.work.outbox.add(one.workspace, Notice(HANDED, theirs.id, (colleague.id,), ctx.now))
    return cards.settled(settled(one, PromiseState.HANDED_OVER, ctx.now), ctx.t)


def _lines_form(call: CurrentCall, ctx: Context) -> Form:
    kept = ctx.work.of(Callers)
    before = note, promise = kept.note(call.id), kept.promised_in(call.id, ctx.me.id)
    see_read(*(note.helped,) if note else (), *(promise.words,) if promise else ())
    return cards.lines_form(call, before, topics_of(ctx.work.settings, ctx.me.workspace), ctx.t)


def _by_hand(who: Caller, ctx: Context) -> CurrentCall:
    """The call that one is in with this number, or had a moment ago; one told of by hand where none
    is known."""
    calls, kept = ctx.work.of(CurrentCalls), ctx.work.of(Callers)
    call = calls.of(ctx.me.id, ctx.now)
    until = ctx.now + 2 * _LATELY
    if call is None or (call.caller is not None and call.caller.offers != who.offers):
        again = _had(who, ctx)
        if again is not None:
            return again
        call_id = ctx.new_id()
        kept.told_by_hand(call_id, ctx.me, who, ctx.now)
        kept.is_from(call_id, who, until)
    else:
        call_id = call.id
        if call.caller is None:
            kept.is_from(call_id, who, until)
    found = calls.get(call_id)
    assert found is not None, "it was just kept"
    return found


def _had(who: Caller, ctx: Context) -> CurrentCall | None:
    """The call with this number that was over a moment ago, and is looked up once more. What was
    told of by hand goes on, for nobody else tells when it ends."""
    calls, kept = ctx.work.of(CurrentCalls), ctx.work.of(Callers)
    last = kept.last_with(ctx.me.id, who, ctx.now - _LATELY)
    call = calls.get(last) if last is not None else None
    if call is None or not call.by_hand:
        return call
    if call.ended_at is None or ctx.now - call.ended_at >= _STILL_IT:
        return None
    kept.goes_on(call.id, ctx.me, ctx.now)
    return calls.get(call.id)


def _own(command: Command, ctx: Context) -> CurrentCall:
    call = ctx.work.of(CurrentCalls).get(command.one("call"))
    if call is None or call.agent != ctx.me.id:
        raise RefusedError(ctx.t("I know of no such call of yours any more."))
    return call


def _with_caller(command: Command, ctx: Context) -> tuple[CurrentCall, Caller]:
    """The caller's own call, and who called, for as long as that is known."""
    call = _own(command, ctx)
    if call.caller is None or ctx.work.of(Objections).stands(call.caller):
        raise RefusedError(
            ctx.t("Who called is no longer known: lines can be written for an hour after a call.")
        )
    return call, call.caller


def _promised(
    call: CurrentCall,
    pseudonym: str,
    what: tuple[str | None, str, date | None],
    ctx: Context,
) -> Promise | None:
    topic, words, due = what
    kept = ctx.work.of(Callers)
    before = kept.promised_in(call.id, ctx.me.id)
    is_open = before is not None and before.state is PromiseState.OPEN
    if not words or due is None:
        if before is not None and is_open:  # the form was emptied: it was none
            kept.drop_promise(before.id)
            _refresh(before, ctx)
        return None
    if before is not None and not is_open and (before.words, before.due) == (words, due):
        return before  # what came of it is known already
    made_at = before.made_at if before is not None and is_open else ctx.now
    made = Promise(
        before.id if before is not None and is_open else ctx.new_id(),
        call.workspace,
        call.id,
        ctx.me.id,
        pseudonym,
        topic,
        words,
        due,
        made_at,
    )
    made = awaited(made, ctx.me.zone, ctx.now)
    kept.put_promise(made)
    if is_open:
        _refresh(made, ctx)
    return made


def _promise(command: Command, ctx: Context) -> Promise:
    one = ctx.work.of(Callers).promise(command.one("promise"))
    if one is None or one.promiser != ctx.me.id:
        raise RefusedError(ctx.t("I have no such promise of yours."))
    return one


def _settle(command: Command, state: PromiseState, ctx: Context) -> Reply:
    one = _promise(command, ctx)
    if one.state is not PromiseState.OPEN:
        return cards.settled(one, ctx.t)
    return cards.settled(_keep_settled(one, state, ctx), ctx.t)


def _keep_settled(one: Promise, state: PromiseState, ctx: Context) -> Promise:
    after = settled(one, state, ctx.now)
    ctx.work.of(Callers).put_promise(after)
    _refresh(one, ctx)
    return after


def _refresh(one: Promise, ctx: Context) -> None:
    """What shows the promise shows what became of it."""
    outbox = ctx.work.outbox
    outbox.refresh(one.workspace, HANDED, one.id, ctx.now)
    for day in (ctx.today, ctx.today - timedelta(days=1)):
        outbox.refresh(one.workspace, DUE, due_key(ctx.me.id, day), ctx.now)


def _topics(ctx: Context) -> dict[str, Topic]:
    return topics_by_id(ctx.work.settings, ctx.me.workspace)


ROUTES: tuple[Route, ...] = (
    Route(
        "caller",
        caller,
        private=True,
        typed=Typed(
            {"en": "caller", "lv": "zvanītājs"},
            mark("What is known of a number that calls"),
            mark("[+371 ...] or promises"),
            of_number=True,
        ),
    ),
    Route("caller.over", over, private=True),
    Route("caller.lines", lines, reads=True, private=True),
    Route("caller.lines.keep", keep_lines, private=True),
    Route("caller.object", object_, private=True),
    Route(
        "caller.promises",
        promises,
        reads=True,
        private=True,
        behind=Behind(
            "caller",
            {"en": "promises", "lv": "solījumi"},
            help=mark("What you promised to callers"),
        ),
    ),
    Route("caller.promise", show_promise, reads=True, private=True),
    Route("caller.kept", kept, private=True),
    Route("caller.not_possible", not_possible, private=True),
    Route("caller.hand_over", hand_over, reads=True, private=True),
    Route("caller.handed", handed, private=True),
)
