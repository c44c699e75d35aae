"""What people ask about boundaries during a call, and which one to change."""

from dataclasses import replace

from handlers.boundaries import cards
from handlers.boundaries.editing.cards import form
from handlers.boundaries.hearing import heard
from handlers.boundaries.model import WARNINGS_LIMIT, Behaviour, Policies, PolicySet
from handlers.common.danger import own_ways
from handlers.kit.asking import DANGER, asks
from handlers.kit.cards import Card, Reply
from handlers.kit.commands import Behind, Command, Instead, Route, Typed
from handlers.kit.danger import is_sure_in
from handlers.kit.facts import PersonArrived
from handlers.kit.people import Role
from handlers.kit.ports import mark
from handlers.kit.reading import Pressed
from handlers.kit.ways import Said
from handlers.library.model import SPOKEN, Version
from handlers.library.unfound import deidentified
from handlers.work import Context, Occasion

_TEXT_READ = 300
"""Characters of a question that are searched: a description, not a letter."""


def policy(command: Command, ctx: Context) -> Reply | Instead:
    """All boundaries, or the one that the words describe."""
    text = command.text.strip()
    policies, workspace = ctx.work.of(Policies), ctx.me.workspace
    if not text:
        return cards.overview(policies.current(workspace, ctx.now).content, ctx.t)
    version, found = policies.search(workspace, text[:_TEXT_READ], ctx.now)
    meant = heard(text, found, own_ways(ctx))
    likeliest = tuple(filter(None, map(version.content.get, meant.likeliest)))
    emergency = version.content.emergency(meant.kind)
    if meant.danger and emergency is not None:
        is_sure = meant.danger is Said.SURELY
        others = () if is_sure else tuple(each for each in likeliest if each != emergency)
        return _shown(version, emergency, ctx, others=others)
    if meant.sure:
        return _shown(version, likeliest[0], ctx)
    if likeliest or meant.lawful:
        return cards.likeliest(version.content, meant.likeliest, ctx.t, lawful=meant.lawful)
    return Instead("policy.unfound")


def unfound(command: Command, ctx: Context) -> Reply:
    """All boundaries, for words that lead nowhere; they are kept for the coordinators without what
    tells of anybody, because that is how the search learns."""
    policies = ctx.work.of(Policies)
    policies.settle(ctx.me.workspace, ctx.now)
    if words := deidentified(command.text[:_TEXT_READ]):
        policies.not_found(ctx.me.workspace, ctx.me.id, words, ctx.now)
    return cards.nothing_fits(policies.current(ctx.me.workspace, ctx.now).content, ctx.t)


def show(command: Command, ctx: Context) -> Reply:
    """One boundary, in the caller's language, at the sentence that is next."""
    version = ctx.work.of(Policies).current(ctx.me.workspace, ctx.now)
    behaviour = version.content.get(command.one("behaviour"))
    if behaviour is None:
        return cards.gone(version.content, ctx.t)
    return _shown(
        version,
        behaviour,
        ctx,
        warned=Pressed(command, ctx.t).number("warned", WARNINGS_LIMIT),
        language=command.one("language"),
        card=Pressed(command, ctx.t).id("card"),
        whole=command.one("whole") == "1",
    )


def warned(command: Command, ctx: Context) -> Reply:
    """The agent has said the sentence: the next one."""
    given = min(Pressed(command, ctx.t).number("warned", WARNINGS_LIMIT) + 1, WARNINGS_LIMIT)
    return show(replace(command, values={**command.values, "warned": str(given), "whole": ""}), ctx)


def edit(command: Command, ctx: Context) -> Reply:
    """Which boundary to change, or the form of the one that was picked."""
    version = ctx.work.of(Policies).current(ctx.me.workspace, ctx.now)
    behaviour = version.content.get(command.one("behaviour"))
    if behaviour is None:
        return cards.to_edit(version.content, version.number, ctx.t)
    return form(behaviour, version.number, ctx.t)


def person_arrived(fact: PersonArrived, on: Occasion) -> None:
    """The boundaries that a workspace begins with are its own from the first of its people on."""
    on.work.of(Policies).settle(fact.workspace, on.now)


def _shown(
    version: Version[PolicySet],
    behaviour: Behaviour,
    ctx: Context,
    *,
    warned: int = 0,
    language: str = "",
    card: str = "",
    whole: bool = False,
    others: tuple[Behaviour, ...] = (),
) -> Card:
    return cards.boundary(
        cards.Showing(
            boundary=behaviour,
            crisis=version.content.crisis,
            version=version.number,
            warned=min(warned, len(behaviour.warnings)),
            language=language if language in SPOKEN else ctx.t.locale,
            card=card or ctx.new_id(),
            today=ctx.today,
            at=ctx.now,
            adopted=version.adopted(behaviour),
            whole=whole,
            others=others,
        ),
        ctx.t,
    )


def _hears(text: str) -> int:
    """A danger to life goes before every other meaning."""
    return DANGER if is_sure_in(text) else asks("policy")(text)


ROUTES: tuple[Route, ...] = (
    Route(
        "policy",
        policy,
        reads=True,
        typed=Typed(
            words={"en": "policy", "lv": "noteikumi"},
            help=mark("What you may do with an abusive caller, and the words for it"),
            usage=mark("[what the caller does] or mine, history"),
            also=("правила",),
            hears=_hears,
            heeds=True,
            answers_danger=True,
        ),
    ),
    # What was asked may be about a caller: it is written down nowhere but there.
    Route("policy.unfound", unfound, private=True),
    Route("policy.show", show, reads=True),
    Route("policy.warned", warned, reads=True),
    Route(
        "policy.edit",
        edit,
        reads=True,
        role=Role.COORDINATOR,
        refusal=mark("Boundaries are changed by coordinators. Tell one what should be different."),
        behind=Behind(
            "policy", {"en": "edit", "lv": "labot"}, help=mark("Change what agents may do")
        ),
    ),
)
