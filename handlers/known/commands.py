"""A known issue: supervisors are asked whether it is one, and set what everybody says."""

from datetime import timedelta

from handlers.common.current_call import CurrentCalls
from handlers.common.known_issues import (
    KNOWN_ISSUES,
    MOST_ISSUES,
    KnownIssue,
    KnownIssues,
    live_issues,
)
from handlers.common.topics import topics_of
from handlers.kit.about import pack, unpack
from handlers.kit.cards import Card, Reply
from handlers.kit.commands import Command, RefusedError, Route, Typed
from handlers.kit.facts import TopicCame
from handlers.kit.feature import NoticeKind, Rest
from handlers.kit.notices import Notice
from handlers.kit.people import Role
from handlers.kit.ports import mark
from handlers.kit.reading import Filled
from handlers.known import cards
from handlers.known.model import OFFER, ONCE_IN, SIGNS, WITHIN, Signs
from handlers.work import Context, Occasion

_REFUSAL = mark("Known issues are set by supervisors. Tell one what many callers ask about.")


def known(_command: Command, ctx: Context) -> Reply:
    """What holds now."""
    live = live_issues(ctx.work.settings, ctx.me.workspace, ctx.now)
    return cards.known(live, topics_of(ctx.work.settings, ctx.me.workspace), ctx.t)


def form(command: Command, ctx: Context) -> Reply:
    """The sentence to set."""
    topics = topics_of(ctx.work.settings, ctx.me.workspace)
    chosen = next((one.id for one in topics if one.id == command.one("topic")), "")
    return cards.form(topics, chosen, ctx.t)


def set_(command: Command, ctx: Context) -> Reply:
    """Sets it: one for a topic, in place of the one before."""
    topics = topics_of(ctx.work.settings, ctx.me.workspace)
    filled = Filled(cards.form(topics, "", ctx.t), command, ctx)
    topic, hours = filled.chosen("topic"), filled.chosen("hours")
    lv, en = (" ".join(filled.text(name).split()) for name in ("lv", "en"))
    if filled.errors:
        return filled.again()
    others = [one for one in _live(ctx) if one.topic != topic]
    if len(others) >= MOST_ISSUES:
        raise RefusedError(ctx.t("There are {n} already. End one of them first.", n=MOST_ISSUES))
    until = ctx.now + timedelta(hours=int(hours))
    new = KnownIssue(topic, lv, en, until)
    ctx.change(KNOWN_ISSUES, KnownIssues((*others, new)))
    return known(command, ctx)


def end(command: Command, ctx: Context) -> Reply:
    """It holds no more."""
    others = tuple(one for one in _live(ctx) if one.topic != command.one("topic"))
    ctx.change(KNOWN_ISSUES, KnownIssues(others))
    return known(command, ctx)


def topic_came(fact: TopicCame, on: Occasion) -> None:
    """Counts, and asks the supervisors once an hour at most where it may be an issue. A hand that
    is raised in a call, and what is written down of that call, are one caller."""
    signs, workspace = on.work.of(Signs), fact.workspace
    call = on.work.of(CurrentCalls).of(fact.agent, on.now)
    sign = call.id if call is not None else fact.about
    signs.put(sign, workspace, fact.topic, on.now)
    if signs.many(workspace, fact.topic, on.now - WITHIN, SIGNS) < SIGNS:
        return
    if any(one.topic == fact.topic for one in live_issues(on.work.settings, workspace, on.now)):
        return
    if signs.were_asked(workspace, fact.topic, on.now - ONCE_IN):
        return
    signs.ask(sign, on.now)
    about = pack(fact.topic, f"{on.now:%Y%m%d%H}")  # two who are counted at once ask the same
    supervisors = on.work.people.with_role(workspace, Role.SUPERVISOR)
    on.work.outbox.add(workspace, *(Notice(OFFER, about, (one.id,), on.now) for one in supervisors))


def offer(notice: Notice, ctx: Context) -> Card | None:
    """Whether it is one; nobody is asked once there is a sentence."""
    topic_id, _ = unpack(notice.about, 2)
    topics = topics_of(ctx.work.settings, ctx.me.workspace)
    topic = next((one for one in topics if one.id == topic_id), None)
    if topic is None or any(one.topic == topic_id for one in _live(ctx)):
        return None
    return cards.offer(topic, ctx.t)


ROUTES: tuple[Route, ...] = (
    Route(
        "known",
        known,
        reads=True,
        role=Role.SUPERVISOR,
        refusal=_REFUSAL,
        typed=Typed(
            words={"en": "known", "lv": "problēmas"},
            help=mark("A known issue: the one sentence that everybody says for now"),
            own_command=False,
        ),
    ),
    Route("known.form", form, reads=True, role=Role.SUPERVISOR, refusal=_REFUSAL),
    Route("known.set", set_, role=Role.SUPERVISOR, refusal=_REFUSAL),
    Route("known.end", end, role=Role.SUPERVISOR, refusal=_REFUSAL),
)
NOTICES: tuple[NoticeKind, ...] = (NoticeKind(OFFER, offer, Rest.AT_ONCE),)


def _live(ctx: Context) -> tuple[KnownIssue, ...]:
    return live_issues(ctx.work.settings, ctx.me.workspace, ctx.now)
