"""What people bring: kept when nothing tells who it is about, read in a window."""

from handlers.kit.cards import Reply
from handlers.kit.commands import Command, RefusedError, Route
from handlers.kit.deidentify import Identifying, replaced, spots
from handlers.kit.reading import Filled
from handlers.supervision.cases import cards
from handlers.supervision.cases.model import MOST_CASES, SessionCase, SessionCases
from handlers.supervision.sessions.model import Session, SessionState
from handlers.supervision.shared import cards as shared
from handlers.supervision.shared.lookups import in_plain_letters, meeting_of, session_of_mine
from handlers.work import Context


def case_form(command: Command, ctx: Context) -> Reply:
    session = session_of_mine(command, ctx)
    _refuse_over(session, ctx)
    return cards.case_form(session, ctx.t)


def case_keep(command: Command, ctx: Context) -> Reply:
    """Keeps a few lines, when nothing in them tells who they are about. What does is replaced in
    the form, and nothing is kept until it is sent again."""
    session = session_of_mine(command, ctx)
    _refuse_over(session, ctx)
    name = cards.AGAIN if command.one(cards.AGAIN) else shared.WORDS
    form = cards.case_form(session, ctx.t, again=name == cards.AGAIN)
    asked = Filled(form, in_plain_letters(command, name), ctx)
    text = asked.text(name)
    if asked.errors:
        return asked.again()
    found = spots(text)
    if found:
        words = {kind: cards.placeholder(kind, ctx.t) for kind in Identifying}
        seen = [(text[spot.start : spot.end], spot.kind) for spot in found]
        return cards.case_form(session, ctx.t, replaced(text, words), seen, again=True)
    mine = [c for c in ctx.work.of(SessionCases).of(session.id) if c.person == ctx.me.id]
    if len(mine) >= MOST_CASES:
        raise RefusedError(
            ctx.t("You bring {n} things already. Take one back first.", n=MOST_CASES)
        )
    one = SessionCase(ctx.new_id(), session.id, ctx.me.id, text, ctx.now)
    ctx.work.of(SessionCases).put(one)
    return cards.case_kept(one, ctx.t)


def case_mine(command: Command, ctx: Context) -> Reply:
    session = session_of_mine(command, ctx)
    mine = [c for c in ctx.work.of(SessionCases).of(session.id) if c.person == ctx.me.id]
    if not mine:
        raise RefusedError(ctx.t("You have nothing here, or it is deleted already."))
    return cards.my_cases(session, mine, ctx.t)


def case_take(command: Command, ctx: Context) -> Reply:
    """Takes back what one wrote, at any time; nothing of it stays."""
    one = ctx.work.of(SessionCases).get(command.one("case"))
    if one is not None and one.person == ctx.me.id:
        ctx.work.of(SessionCases).remove(one.id)
    return cards.case_taken_back(ctx.t)


def cases(command: Command, ctx: Context) -> Reply:
    """What people bring, from the start on, to those of the group who have agreed."""
    meeting = meeting_of(ctx, session_of_mine(command, ctx))
    if not meeting.has_begun:
        raise RefusedError(ctx.t("The group sees it when the session begins, and not before."))
    if not meeting.agreed:
        raise RefusedError(ctx.t("The agreement first: it takes a minute, and all rely on it."))
    return cards.cases(meeting, ctx.work.of(SessionCases).of(meeting.session.id), ctx.t)


def read(command: Command, ctx: Context) -> Reply:
    """A window with something to read is closed."""
    return None


def _refuse_over(session: Session, ctx: Context) -> None:
    if session.state is SessionState.CANCELLED:
        raise RefusedError(ctx.t("This session does not take place."))
    if session.ends_at <= ctx.now:
        raise RefusedError(ctx.t("This session is over. Bring it to the next one."))


ROUTES: tuple[Route, ...] = (
    Route("session.case", case_form, reads=True, private=True),
    Route("session.case.keep", case_keep, private=True),
    Route("session.case.mine", case_mine, reads=True, private=True),
    Route("session.case.take", case_take, private=True),
    Route("session.cases", cases, reads=True, private=True),
    Route("session.read", read, reads=True, private=True),
)
