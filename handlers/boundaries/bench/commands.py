"""Words tried by coordinators: what they lead to, and why."""

from handlers.boundaries.bench import cards
from handlers.boundaries.hearing import because, heard
from handlers.boundaries.model import Policies
from handlers.common.danger import own_ways
from handlers.kit.cards import Card, Reply
from handlers.kit.commands import Command, Route, Typed
from handlers.kit.people import Role
from handlers.kit.ports import mark
from handlers.kit.reading import Filled, seen
from handlers.work import Context

_UNFOUND_SHOWN = 10

_REFUSAL = mark("This bench is for coordinators. To look something up, ask without “try”.")


def try_words(command: Command, ctx: Context) -> Reply:
    """What the words behind it lead to; which, where there are none."""
    words = seen(command.text)[: cards.WORDS_LIMIT]
    return _tried(words, ctx) if words else cards.asking(ctx.t)


def tried(command: Command, ctx: Context) -> Reply:
    filled = Filled(cards.asking(ctx.t), command, ctx)
    words = filled.text("words")
    return filled.again() if filled.errors else _tried(words, ctx)


def _tried(words: str, ctx: Context) -> Card:
    policies, workspace = ctx.work.of(Policies), ctx.me.workspace
    version, found = policies.search(workspace, words, ctx.now)
    own = own_ways(ctx)
    danger, lawful = because(words, own)
    leads = policies.because(workspace, words, ctx.now)
    trial = cards.TriedWords(words, heard(words, found, own), danger, lawful, leads)
    unfound = policies.unfound(workspace, ctx.now, _UNFOUND_SHOWN)
    besides = [part for tried in ctx.services.trials for part in tried(words, ctx)]
    return cards.tried(trial, version.content, unfound, besides, ctx.t)


ROUTES: tuple[Route, ...] = (
    Route(
        "policy.try",
        try_words,
        reads=True,
        role=Role.COORDINATOR,
        refusal=_REFUSAL,
        typed=Typed(
            words={"en": "try", "lv": "izmēģini"},
            help=mark("What words lead to in the boundaries, and why"),
            usage=mark("[words]"),
            own_command=False,
            also=("izmēģināt",),
            heeds=True,
        ),
    ),
    Route("policy.tried", tried, reads=True, role=Role.COORDINATOR, refusal=_REFUSAL),
)
