"""The start page and the help: where everything else is found."""

from collections.abc import Sequence
from itertools import groupby

from handlers import settings
from handlers.features import FEATURES
from handlers.kit.asking import asks, nothing
from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Divider,
    Facts,
    Line,
    Note,
    Paragraph,
    Part,
    Reply,
    Strong,
    ToType,
    in_rows,
)
from handlers.kit.commands import Command, Living, Route, Typed
from handlers.kit.feature import HomeButton, NoticeKind, Rest, Shelf, Situation, always
from handlers.kit.notices import HOME, Notice, Priority, home_today
from handlers.kit.people import Role
from handlers.kit.ports import Texts, mark
from handlers.kit.text import plain
from handlers.work import Context

_BESIDE = 5
"""Buttons of a shelf beside each other: their labels are short."""

_SHOWN = 4
"""Buttons on the page itself, beside those that raise a hand and the one to the rest."""


def home(command: Command, ctx: Context) -> Reply | Living:
    """What is mine now and next, and what I am likely to need. A supervisor's goes on changing,
    where an answer can: it shows the hands that are up."""
    card = _page(ctx)
    if command.answer_at is None or not ctx.me.is_a(Role.SUPERVISOR):
        return card
    notice = Notice(HOME, home_today(ctx.now), (ctx.me.id,), ctx.now, Priority.BULK)
    return Living(card, notice, card)


def home_card(notice: Notice, ctx: Context) -> Card | None:
    """A page that is shown somewhere, as things stand; of another day it stays as it is."""
    return _page(ctx) if notice.sent and notice.about == home_today(ctx.now) else None


def more(command: Command, ctx: Context) -> Reply:
    """Everything else by a button, shelf by shelf."""
    t, shown = ctx.t, _shown(ctx)
    parts: list[Part] = []
    for shelf, buttons in groupby(_BUTTONS, key=lambda one: one.shelf):
        rest = [one for one in buttons if one not in shown and _is_for(one, ctx)]
        if rest:
            parts.append(Paragraph((Strong(plain(_shelf_name(shelf, t))),)))
            parts += in_rows((Button(t(one.label), one.does) for one in rest), _BESIDE)
    rows = tuple(row for feature in FEATURES for row in feature.on_home.facts(ctx))
    facts = (Divider(), Facts(rows)) if rows else ()
    back = Buttons((Button(t("Start page"), "home"),))
    return Card(t("Everything else"), (*parts, *facts, back))


def help_(command: Command, ctx: Context) -> Reply:
    """Everything that can be typed, by situation, in the reader's own words; and at the end what
    they may by their roles."""
    t = ctx.t
    parts: list[Part] = []
    for situation in Situation:
        routes = [one for one in _HELPED if not _for(one) and _situation(one) is situation]
        parts += _helped(_situation_name(situation, t), [_in_help(one, t) for one in routes])
    theirs = [one for one in _HELPED if any(map(ctx.me.is_a, _for(one)))]
    lines = [_in_help(one, t) for one in theirs]
    return Card(
        t("Plecs stands beside you"),
        (
            Paragraph(
                t(
                    "In a hard call, type {typed}. That is all; a colleague comes.",
                    typed=ToType("hand"),
                )
            ),
            *parts,
            *_helped(t("By your role"), lines),
            Note(t("Each works after {typed} too, in Latvian or English.", typed=ToType("plecs"))),
        ),
    )


NOTICES: tuple[NoticeKind, ...] = (NoticeKind(HOME, home_card, Rest.AT_ONCE),)
"""The page's own kind of notice."""

ROUTES: tuple[Route, ...] = (
    *(route for feature in FEATURES for route in feature.routes),
    *settings.ROUTES,
    Route(
        "home",
        home,
        typed=Typed(
            {"en": "home", "lv": "sākums"}, mark("Everything by a button"), own_command=False
        ),
    ),
    Route("home.more", more, reads=True),
    Route(
        "help",
        help_,
        reads=True,
        typed=Typed(
            {"en": "help", "lv": "palīdzība"},
            mark("Everything that can be typed"),
            own_command=False,
            also=("справка",),
            hears=asks("help"),
            said=nothing,
        ),
    ),
)
"""Every route there is: the features', and the pages' made of them all."""

_HELPED = [one for one in ROUTES if one.typed or (one.behind and one.behind.help)]
"""Those that the help names."""

_SITUATIONS = {route.name: feature.situation for feature in FEATURES for route in feature.routes}
_ROLES = {route.name: route.role for route in ROUTES}

_BUTTONS = sorted(
    (
        *(button for feature in FEATURES for button in feature.on_home.buttons),
        HomeButton(Shelf.ABOUT_ME, 90, mark("Help"), "help", matters=always(10)),
        HomeButton(Shelf.ADMINS, 90, mark("Settings"), "settings", matters=always(75)),
    ),
    key=lambda one: (one.shelf, one.place),
)


def _page(ctx: Context) -> Card:
    t = ctx.t
    now = [part for feature in FEATURES for part in feature.on_home.now(ctx)]
    following = [part for feature in FEATURES for part in feature.on_home.next(ctx)]
    heading = (Divider(), Paragraph((Strong(plain(t("Next"))),))) if following else ()
    more = Button(t("More…"), "home.more")
    buttons = (Button(t(one.label), one.does) for one in _shown(ctx))
    return Card(
        t("Good that you are here, {name}", name=ctx.me.first_name),
        (
            *now,
            *heading,
            *following,
            Divider(),
            Buttons((*buttons, more)),
            Note(t("Only you see this page.")),
        ),
    )


def _shown(ctx: Context) -> Sequence[HomeButton]:
    """Those that matter most at the moment, the most of all first."""
    mattering = [(one.matters(ctx), one) for one in _BUTTONS if _is_for(one, ctx)]
    mattering.sort(key=lambda each: -each[0])
    return [one for matters, one in mattering[:_SHOWN] if matters]


def _shelf_name(shelf: Shelf, t: Texts) -> Line:
    match shelf:
        case Shelf.A_MOMENT_FOR_ONESELF:
            return t("A moment for yourself")
        case Shelf.WORK:
            return t("Calls and colleagues")
        case Shelf.ABOUT_ME:
            return t("About you")
        case Shelf.ADMINS:
            return t("For everybody")


def _helped(heading: Line, lines: Sequence[Line]) -> tuple[Part, ...]:
    return (Paragraph((Strong(plain(heading)),)), Bullets(tuple(lines))) if lines else ()


def _in_help(route: Route, t: Texts) -> Line:
    """What one types for it, and what it does."""
    if route.typed is not None:
        usage = plain(t(route.typed.usage))
        return (ToType(route.name), f" {usage}" if usage else "", " – ", *t(route.typed.help))
    if route.behind is not None:
        return (route.behind.to_type(t.locale), " – ", *t(route.behind.help))
    return ()


def _for(route: Route) -> tuple[Role, ...]:
    """The roles of which one is needed for it; empty: it is for everybody."""
    if route.role is not None:
        return (route.role,)
    return route.behind.roles if route.behind is not None else ()


def _situation(route: Route) -> Situation:
    return _SITUATIONS.get(route.name, Situation.ABOUT_ME)


def _situation_name(situation: Situation, t: Texts) -> Line:
    match situation:
        case Situation.IN_A_CALL:
            return t("In a hard call")
        case Situation.FOR_A_REST:
            return t("After it, and for a rest")
        case Situation.WITH_COLLEAGUES:
            return t("With colleagues")
        case Situation.ABOUT_ME:
            return t("About you, and all the rest")


def _is_for(button: HomeButton, ctx: Context) -> bool:
    role = _ROLES[button.does]
    return (role is None or ctx.me.is_a(role)) and button.when(ctx)
