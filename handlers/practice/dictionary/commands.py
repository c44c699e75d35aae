"""What people ask of the dictionary of competences."""

from handlers.common.competences import COMPETENCES, Competence, Competences
from handlers.kit.cards import Reply
from handlers.kit.commands import Command, Route, Typed
from handlers.kit.people import Role
from handlers.kit.ports import mark
from handlers.library.adopting import Adopting, Wording
from handlers.library.cards import EntryView
from handlers.library.editing import Editing
from handlers.library.entries import entry_of
from handlers.library.model import Version
from handlers.practice.dictionary import cards
from handlers.work import Context

_TEXT_READ = 300
"""Characters of what is searched for."""


def competence(command: Command, ctx: Context) -> Reply:
    """The dictionary; the competence that the words mean, where there are any."""
    text, kept = command.text.strip()[:_TEXT_READ], ctx.work.of(Competences)
    if text:
        version, found = kept.search(ctx.me.workspace, text, ctx.now)
        first = entry_of(version.content, next(iter(found.likeliest), ""))
        return _shown(first, version, ctx) if first else cards.overview(version.content, ctx.t)
    version = kept.current(ctx.me.workspace, ctx.now)
    if len(version.content) == 1:
        return _shown(version.content[0], version, ctx)
    return cards.overview(version.content, ctx.t)


def show(command: Command, ctx: Context) -> Reply:
    """One competence; all of them where it is no longer there."""
    version = ctx.work.of(Competences).current(ctx.me.workspace, ctx.now)
    one = entry_of(version.content, command.one("entry"))
    return _shown(one, version, ctx) if one else cards.overview(version.content, ctx.t)


_REFUSAL = mark("The dictionary is changed by coordinators. Tell one what should be different.")

ADOPTING = Adopting(
    COMPETENCES,
    Competences,
    Wording(refusal=_REFUSAL, everything=mark("All competences")),
    lambda competence: {"entry": competence},
)
EDITING = Editing(
    COMPETENCES, Competences, ADOPTING, _REFUSAL, mark("Change the competences, or add new ones")
)

ROUTES: tuple[Route, ...] = (
    Route(
        "competence",
        competence,
        reads=True,
        typed=Typed(
            {"en": "competences", "lv": "kompetences"},
            help=mark("What good work with customers looks like, and how to grow in it"),
            usage=mark("[which one]"),
            own_command=False,
            also=("competence", "kompetence"),
        ),
    ),
    Route("competence.show", show, reads=True),
    *ADOPTING.routes,
    *EDITING.routes,
)


def _shown(one: Competence, version: Version[tuple[Competence, ...]], ctx: Context) -> Reply:
    view = EntryView(one, version.adopted(one), ctx.t.locale, ctx.today)
    keeps = ctx.me.is_a(Role.COORDINATOR)
    return cards.competence(
        view,
        ctx.t,
        leads=keeps or ctx.me.is_a(Role.SUPERVISOR),
        keeps=keeps,
        others=len(version.content) > 1,
    )
