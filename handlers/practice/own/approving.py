"""Coordinators read calls that colleagues wrote down: approve them, or send them back."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from handlers.common.competences import positive
from handlers.kit.about import pack, unpack
from handlers.kit.cards import Card, Form, Reply
from handlers.kit.commands import Behind, Command, Handler, Route
from handlers.kit.feature import NoticeKind
from handlers.kit.notices import Notice
from handlers.kit.people import Person, Role
from handlers.kit.ports import mark
from handlers.kit.reading import Filled, Pressed
from handlers.library.model import READ_IN
from handlers.practice.own import cards, forms, model
from handlers.practice.own.library import enter_library
from handlers.practice.own.model import Proposal, Proposals, ProposalState
from handlers.practice.own.rules import PARTS
from handlers.practice.own.writing import PartDraft, part_meant, read_part
from handlers.work import Context


def offered(_command: Command, ctx: Context) -> Reply:
    """All that wait."""
    found = ctx.work.of(Proposals).offered(ctx.me.workspace)
    people = ctx.work.people.many([one.author for one in found])
    there = [(one, people[one.author]) for one in found if one.author in people]
    return cards.offered(there, ctx.t)


def _of_waiting(does: Callable[[Proposal, Person, Command, Context], Reply]) -> Handler:
    """What is done with a call that waits here, and with its author; one that does not wait any
    more is answered here."""

    def answered(command: Command, ctx: Context) -> Reply:
        one = ctx.work.of(Proposals).get(Pressed(command, ctx.t).id("proposal"))
        author = None if one is None else ctx.work.people.get(one.author)
        if one is None or author is None or one.workspace != ctx.me.workspace:
            return cards.no_longer(ctx.t)
        if one.state is not ProposalState.OFFERED:
            return cards.no_longer(ctx.t)
        return does(one, author, command, ctx)

    return answered


@_of_waiting
def open_one(one: Proposal, author: Person, _command: Command, ctx: Context) -> Reply:
    """One of them."""
    return cards.to_read(one, author, positive(ctx), ctx.t)


@_of_waiting
def part(one: Proposal, _author: Person, command: Command, ctx: Context) -> Reply:
    """What is written in one part."""
    return cards.part(one, Pressed(command, ctx.t).choice("part", PARTS), ctx.t)


@_of_waiting
def form(one: Proposal, _author: Person, command: Command, ctx: Context) -> Reply:
    """One part, to be written in the language that its author did not write."""
    return _to_add(one, command, ctx).form(ctx)


@_of_waiting
def save(one: Proposal, author: Person, command: Command, ctx: Context) -> Reply:
    """Keeps it beside what the author wrote."""
    written = read_part(_to_add(one, command, ctx), command, ctx)
    if isinstance(written, Form):
        return written
    ctx.work.of(Proposals).put(written.proposal)
    return cards.to_read(written.proposal, author, positive(ctx), ctx.t)


@_of_waiting
def approve(one: Proposal, author: Person, _command: Command, ctx: Context) -> Reply:
    """It is in the library, adopted in the caller's name, without its author's."""
    if any(one.missing(locale) for locale in READ_IN):
        said = ctx.t("Something is still missing.")
        return cards.to_read(one, author, positive(ctx), ctx.t, said=said)
    scenario = enter_library(one, ctx)
    accepted = model.kept_for(
        replace(one, state=ProposalState.ACCEPTED, entry=scenario.id),
        model.TAKEN_BACK_WITHIN,
        ctx.now,
    )
    _answer(accepted, ctx)
    return cards.approved(scenario.names[ctx.t.locale], ctx.t)


@_of_waiting
def back(one: Proposal, _author: Person, _command: Command, ctx: Context) -> Reply:
    """What its author should read."""
    return forms.send_back_form(one, ctx.t)


@_of_waiting
def send_back(one: Proposal, author: Person, command: Command, ctx: Context) -> Reply:
    """It is its author's again, with a few words."""
    filled = Filled(forms.send_back_form(one, ctx.t), command, ctx)
    words = filled.text(forms.WORDS)
    if filled.errors:
        return filled.again()
    returned = replace(one, state=ProposalState.DRAFT, words_back=words)
    _answer(model.kept_for(returned, model.DRAFT_KEPT, ctx.now), ctx)
    return cards.sent_back(author, ctx.t)


def offered_card(notice: Notice, ctx: Context) -> Card | None:
    """None for what does not wait any more."""
    name, number = unpack(notice.about, 2)
    one = ctx.work.of(Proposals).get(name)
    author = None if one is None else ctx.work.people.get(one.author)
    if one is None or author is None or not _waits(one, number):
        return cards.no_longer(ctx.t) if notice.sent else None
    return cards.comes(one, author, ctx.t)


def _answer(one: Proposal, ctx: Context) -> None:
    """Keeps what became of it; its author is told, and coordinators' cards say so."""
    ctx.work.of(Proposals).put(one)
    about = pack(one.id, one.round)
    ctx.work.outbox.refresh(one.workspace, model.OFFERED, about, ctx.now)
    ctx.work.outbox.add(one.workspace, Notice(model.ANSWERED, about, (one.author,), ctx.now))


def _to_add(one: Proposal, command: Command, ctx: Context) -> PartDraft:
    [other] = [locale for locale in READ_IN if locale != one.locale]
    return PartDraft(one, part_meant(command, ctx), other, "practice.offered.save")


def _waits(one: Proposal, number: str) -> bool:
    return one.state is ProposalState.OFFERED and str(one.round) == number


_REFUSAL = mark("Coordinators read what colleagues offer.")


_route = partial(Route, role=Role.COORDINATOR, refusal=_REFUSAL)

ROUTES: tuple[Route, ...] = (
    _route(
        "practice.offered",
        offered,
        reads=True,
        behind=Behind(
            "practice",
            {"en": "offered", "lv": "piedāvātie"},
            help=mark("Calls that colleagues offer to practise: read, approve"),
        ),
    ),
    _route("practice.offered.open", open_one, reads=True),
    _route("practice.offered.part", part, reads=True),
    _route("practice.offered.form", form, reads=True),
    _route("practice.offered.save", save),
    _route("practice.offered.approve", approve),
    _route("practice.offered.back", back, reads=True),
    _route("practice.offered.send_back", send_back),
)
NOTICES = (NoticeKind(model.OFFERED, offered_card, private=True),)
