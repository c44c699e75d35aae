"""What people ask for in a hard call, and in the two minutes after it."""

from collections.abc import Callable

from handlers.calm import cards
from handlers.calm.model import TECHNIQUES, Technique, Techniques
from handlers.common.crisis import CrisisLines, CrisisNumbers
from handlers.common.danger import own_ways
from handlers.common.known_issues import standing
from handlers.kit.cards import Button, Card, Reply
from handlers.kit.commands import Behind, Command, Instead, Route, Typed
from handlers.kit.danger import danger_in
from handlers.kit.people import Role
from handlers.kit.ports import Texts, mark
from handlers.kit.reading import Pressed
from handlers.kit.ways import Said
from handlers.library.adopting import Adopting, Wording
from handlers.library.cards import EntryView
from handlers.library.editing import Editing
from handlers.library.entries import entry_of
from handlers.library.model import SPOKEN, Version
from handlers.library.unfound import deidentified
from handlers.library.uses import Uses, uses_card
from handlers.work import Context

_TEXT_READ = 300
"""Characters of a description that are searched."""

_OTHERS = 3


def calm(command: Command, ctx: Context) -> Reply | Instead:
    """The technique that the words describe, or all of them. A danger to life goes before."""
    text, workspace = command.text.strip()[:_TEXT_READ], ctx.me.workspace
    techniques = ctx.work.of(Techniques)
    if not text:
        boundary = command.one("boundary")
        version = techniques.current(workspace, ctx.now)
        fits = next((one for one in version.content if boundary and one.boundary == boundary), None)
        return _shown(fits, version, command, ctx) if fits else _overview(version, ctx)
    danger = danger_in(text, own_ways(ctx))
    if danger is Said.SURELY:
        return Instead("policy")
    version, found = techniques.search(workspace, text, ctx.now)
    first, *others = [entry_of(version.content, one) for one in found.likeliest] or [None]
    if first is None:
        if words := deidentified(text):
            techniques.settle(workspace, ctx.now)
            techniques.not_found(workspace, ctx.me.id, words, ctx.now)
        return cards.nothing_fits(version.content, _crisis(ctx), standing(ctx), ctx.t)
    rest = () if found.sure else tuple(filter(None, others[:_OTHERS]))
    besides = cards.Alternatives(rest, text if danger else "")
    return _shown(first, version, command, ctx, besides)


def show(command: Command, ctx: Context) -> Reply:
    """One technique, in the caller's language."""
    version = ctx.work.of(Techniques).current(ctx.me.workspace, ctx.now)
    one = entry_of(version.content, command.one("entry"))
    return _shown(one, version, command, ctx) if one else _overview(version, ctx)


def worse(command: Command, ctx: Context) -> Reply:
    """The next step."""
    return _further(cards.worse, command, ctx)


def better(command: Command, ctx: Context) -> Reply:
    """They calm down."""
    return _further(cards.better, command, ctx)


def let_go(command: Command, ctx: Context) -> Reply:
    """Three steps by which a call is left behind; each can be skipped."""
    step = Pressed(command, ctx.t).number("step", cards.LET_GO_STEPS)
    return cards.let_go(step, ctx.t) if step < cards.LET_GO_STEPS else cards.let_go_over(ctx.t)


def uses(_command: Command, ctx: Context) -> Reply:
    """How many used which technique, without anybody's name."""
    numbers = ctx.work.of(Uses).most_in_a_week(ctx.me.workspace, TECHNIQUES.name, ctx.now)
    version = ctx.work.of(Techniques).current(ctx.me.workspace, ctx.now)
    back = Button(ctx.t("All techniques"), "calm")
    return uses_card(ctx.t("Which techniques are used"), numbers, version.content, back, ctx.t)


_REFUSAL = mark("The techniques are changed by coordinators. Tell one what should be different.")

ADOPTING = Adopting(
    TECHNIQUES,
    Techniques,
    Wording(refusal=_REFUSAL, everything=mark("All techniques")),
    lambda technique: {"entry": technique},
)
EDITING = Editing(
    TECHNIQUES, Techniques, ADOPTING, _REFUSAL, mark("Change the techniques, or add new ones")
)

ROUTES: tuple[Route, ...] = (
    Route(
        "calm",
        calm,
        typed=Typed(
            words={"en": "calm", "lv": "mieru"},
            help=mark("What to say and do while a caller shouts, cries or is silent"),
            usage=mark("[what the caller does]"),
            also=("mierīgi", "nomierini", "успокой"),
            heeds=True,
        ),
    ),
    Route("calm.show", show, private=True),
    Route("calm.worse", worse, reads=True, private=True),
    Route("calm.better", better, reads=True, private=True),
    Route(
        "calm.let_go",
        let_go,
        reads=True,
        private=True,  # when somebody needs it is theirs
        behind=Behind(
            "calm", {"en": "let go", "lv": "atlaist"}, help=mark("Leave a hard call behind you")
        ),
    ),
    Route(
        "calm.uses",
        uses,
        reads=True,
        role=Role.COORDINATOR,
        refusal=_REFUSAL,
        behind=Behind(
            "calm",
            {"en": "uses", "lv": "lietojums"},
            help=mark("Which techniques are used, without names"),
        ),
    ),
    *ADOPTING.routes,
    *EDITING.routes,
)


def _overview(version: Version[tuple[Technique, ...]], ctx: Context) -> Reply:
    return cards.overview(version.content, _crisis(ctx), standing(ctx), ctx.t)


def _shown(
    one: Technique,
    version: Version[tuple[Technique, ...]],
    command: Command,
    ctx: Context,
    besides: cards.Alternatives = cards.NO_ALTERNATIVES,
) -> Reply:
    ctx.work.of(Uses).used(ctx.me.workspace, TECHNIQUES.name, one.id, ctx.me.id, ctx.now)
    view = _view(one, version, command, ctx)
    return cards.technique(view, besides, _crisis(ctx), standing(ctx), ctx.t)


def _further(
    card: Callable[[cards.TechniqueView, CrisisNumbers, Texts], Card],
    command: Command,
    ctx: Context,
) -> Reply:
    """What comes after a technique; all of them where it is no longer there."""
    version = ctx.work.of(Techniques).current(ctx.me.workspace, ctx.now)
    one = entry_of(version.content, command.one("entry"))
    if one is None:
        return _overview(version, ctx)
    return card(_view(one, version, command, ctx), _crisis(ctx), ctx.t)


def _view(
    one: Technique, version: Version[tuple[Technique, ...]], command: Command, ctx: Context
) -> cards.TechniqueView:
    language = command.one("language")
    spoken = language if language in SPOKEN else ctx.t.locale
    return EntryView(one, version.adopted(one), spoken, ctx.today)


def _crisis(ctx: Context) -> CrisisNumbers:
    return ctx.work.of(CrisisLines).crisis(ctx.me.workspace, ctx.now)
