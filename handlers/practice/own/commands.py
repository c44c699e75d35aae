"""What somebody asks who writes a call of theirs down."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from handlers.common.roles import coordinators_of
from handlers.kit.about import pack, unpack
from handlers.kit.cards import Card, Form, Reply
from handlers.kit.commands import Behind, Command, Handler, RefusedError, Route
from handlers.kit.feature import NoticeKind
from handlers.kit.notices import Notice, Priority
from handlers.kit.ports import mark
from handlers.kit.reading import Pressed
from handlers.practice.own import cards, model
from handlers.practice.own.library import withdraw_from_library
from handlers.practice.own.model import Proposal, Proposals, ProposalState
from handlers.practice.own.rules import CALL
from handlers.practice.own.writing import PartDraft, locale_meant, part_meant, read_part
from handlers.work import Context


def own(_command: Command, ctx: Context) -> Reply:
    """The calls that the caller writes down, or wrote."""
    return cards.mine(ctx.work.of(Proposals).of(ctx.me.id), ctx.t)


def begin(_command: Command, ctx: Context) -> Reply:
    """One more; nothing is kept of it before something is written."""
    _refuse_many(ctx)
    return _draft(_blank(ctx.new_id(), ctx), CALL, ctx.t.locale).form(ctx)


def _of_mine(
    *states: ProposalState,
) -> Callable[[Callable[[Proposal, Command, Context], Reply]], Handler]:
    """What is done with a call of the caller's own that stands so; one that does not, or is no
    longer kept, is answered here."""

    def of(does: Callable[[Proposal, Command, Context], Reply]) -> Handler:
        def answered(command: Command, ctx: Context) -> Reply:
            one = _mine(command, ctx)
            if one is None or one.state not in states:
                return cards.gone(ctx.t)
            return does(one, command, ctx)

        return answered

    return of


@_of_mine(*ProposalState)
def open_one(one: Proposal, command: Command, ctx: Context) -> Reply:
    """How far one is, in the language that the button says."""
    return cards.overview(one, locale_meant(command, one), ctx.t)


@_of_mine(ProposalState.DRAFT)
def form(one: Proposal, command: Command, ctx: Context) -> Reply:
    """One part, to be written."""
    return _draft(one, part_meant(command, ctx), locale_meant(command, one)).form(ctx)


def save(command: Command, ctx: Context) -> Reply:
    """Keeps a part, without what tells who it is about."""
    part = part_meant(command, ctx)
    one = _mine(command, ctx) or _new(command, part, ctx)
    if one is None or one.state is not ProposalState.DRAFT:
        return cards.gone(ctx.t)
    locale = locale_meant(command, one)
    written = read_part(_draft(one, part, locale), command, ctx)
    if isinstance(written, Form):
        return written
    one = model.kept_for(written.proposal, model.DRAFT_KEPT, ctx.now)
    ctx.work.of(Proposals).put(one)
    told = (
        ctx.t("I took out what told who it was about. Write something made up where ••• stands.")
        if written.hid
        else ()
    )
    return cards.overview(one, locale, ctx.t, said=told)


@_of_mine(*ProposalState)
def offer(one: Proposal, _command: Command, ctx: Context) -> Reply:
    """The coordinators read it from now on."""
    if one.state is ProposalState.DRAFT:
        if one.missing(one.locale):
            return cards.overview(one, one.locale, ctx.t, said=ctx.t("Something is still missing."))
        one = replace(one, state=ProposalState.OFFERED, round=one.round + 1, words_back="")
        one = model.kept_for(one, model.DRAFT_KEPT, ctx.now)
        ctx.work.of(Proposals).put(one)
        about = pack(one.id, one.round)
        told = (
            Notice(model.OFFERED, about, (each.id,), ctx.now, Priority.BULK)
            for each in coordinators_of(one.workspace, ctx)
            if each.id != ctx.me.id
        )
        ctx.work.outbox.add(one.workspace, *told)
    return cards.overview(one, one.locale, ctx.t)


@_of_mine(*ProposalState)
def take_back(one: Proposal, _command: Command, ctx: Context) -> Reply:
    """The author goes on with it; nobody else reads it any more."""
    if one.state is ProposalState.OFFERED:
        one = replace(one, state=ProposalState.DRAFT)
        ctx.work.of(Proposals).put(one)
        ctx.work.outbox.refresh(one.workspace, model.OFFERED, pack(one.id, one.round), ctx.now)
    return cards.overview(one, one.locale, ctx.t)


def delete(command: Command, ctx: Context) -> Reply:
    """Nothing is kept of it."""
    one = _mine(command, ctx)
    if one is not None and one.state is not ProposalState.ACCEPTED:
        ctx.work.of(Proposals).delete(one.id)
        _forget(one, ctx)
    return own(command, ctx)


@_of_mine(ProposalState.ACCEPTED)
def withdraw(one: Proposal, _command: Command, ctx: Context) -> Reply:
    """The author takes it out of the library again."""
    withdraw_from_library(one.entry, ctx)
    ctx.work.of(Proposals).delete(one.id)
    _forget(one, ctx)
    return cards.withdrawn(ctx.t)


def answered_card(notice: Notice, ctx: Context) -> Card | None:
    """None for what was answered before, or is no longer kept."""
    about, number = unpack(notice.about, 2)
    one = ctx.work.of(Proposals).get(about)
    if one is None or one.author != ctx.me.id:
        return cards.gone(ctx.t) if notice.sent else None
    if str(one.round) != number or one.state is ProposalState.OFFERED:
        return cards.overview(one, one.locale, ctx.t) if notice.sent else None
    return cards.answered(one, ctx.t)


def _draft(one: Proposal, part: str, locale: str) -> PartDraft:
    return PartDraft(one, part, locale, "practice.own.save")


def _blank(name: str, ctx: Context) -> Proposal:
    one = Proposal(name, ctx.me.workspace, ctx.me.id, ctx.t.locale, ctx.now)
    return model.kept_for(one, model.DRAFT_KEPT, ctx.now)


def _new(command: Command, part: str, ctx: Context) -> Proposal | None:
    """The call whose first part comes now. None where the form is of one that is kept no more, or
    somebody else's."""
    name = Pressed(command, ctx.t).id("proposal")
    if part != CALL or not name or ctx.work.of(Proposals).get(name) is not None:
        return None
    _refuse_many(ctx)
    return _blank(name, ctx)


def _refuse_many(ctx: Context) -> None:
    there = ctx.work.of(Proposals).of(ctx.me.id)
    if sum(one.state is not ProposalState.ACCEPTED for one in there) >= model.MOST_OWN:
        raise RefusedError(
            ctx.t("You write {n} calls down already. Finish or delete one first.", n=model.MOST_OWN)
        )


def _mine(command: Command, ctx: Context) -> Proposal | None:
    one = ctx.work.of(Proposals).get(Pressed(command, ctx.t).id("proposal"))
    return one if one is not None and one.author == ctx.me.id else None


def _forget(one: Proposal, ctx: Context) -> None:
    for number in range(1, one.round + 1):
        ctx.work.outbox.forget(one.workspace, pack(one.id, number), ctx.now)


_private = partial(Route, private=True)  # what somebody writes down is theirs

ROUTES: tuple[Route, ...] = (
    _private(
        "practice.own",
        own,
        reads=True,
        behind=Behind(
            "practice",
            {"en": "own", "lv": "savs"},
            also=("own call", "savs zvans", "mans zvans"),
            help=mark("Write a call of yours down, for others to practise"),
        ),
    ),
    _private("practice.own.begin", begin, reads=True),
    _private("practice.own.open", open_one, reads=True),
    _private("practice.own.form", form, reads=True),
    _private("practice.own.save", save),
    _private("practice.own.offer", offer),
    _private("practice.own.take_back", take_back),
    _private("practice.own.delete", delete),
    _private("practice.own.withdraw", withdraw),
)
NOTICES = (NoticeKind(model.ANSWERED, answered_card, private=True),)
