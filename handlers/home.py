"""The start page and the help: where everything else is found."""

from itertools import groupby

from handlers import settings
from handlers.features import FEATURES
from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Divider,
    Facts,
    Note,
    Paragraph,
    Part,
    Reply,
)
from handlers.kit.commands import Command, Route, Typed
from handlers.kit.feature import HomeButton, Shelf
from handlers.kit.ports import Texts, mark
from handlers.kit.text import plain
from handlers.work import Context


def home(command: Command, ctx: Context) -> Reply:
    """What is mine now, and a button for everything."""
    t = ctx.t
    parts: list[Part] = [part for feature in FEATURES for part in feature.on_home.now(ctx)]
    parts.append(Divider())
    rows = tuple(row for feature in FEATURES for row in feature.on_home.facts(ctx))
    if rows:
        parts.append(Facts(rows))
    for _, shelf in groupby(_BUTTONS, key=lambda one: one.shelf):
        buttons = tuple(Button(t(one.label), one.does) for one in shelf if _is_for(one, ctx))
        if buttons:
            parts.append(Buttons(buttons))
    parts.append(Note(t("Only you see this page.")))
    return Card(t("Good that you are here, {name}", name=ctx.me.first_name), tuple(parts))


def help_(command: Command, ctx: Context) -> Reply:
    """Everything that can be typed, for this person's roles, in their language."""
    t = ctx.t
    lines = [
        (_as_typed(route.typed, t), " – ", *t(route.typed.help))
        for route in ROUTES
        if route.typed is not None and (route.role is None or ctx.me.is_a(route.role))
    ]
    return Card(
        t("Plecs stands beside you"),
        (
            Paragraph(t("In a hard call, type /hand. That is all; a colleague comes.")),
            Bullets(tuple(lines)),
            Note(t("Each works as a word of /plecs too, in Latvian or English.")),
        ),
    )


ROUTES: tuple[Route, ...] = (
    *(route for feature in FEATURES for route in feature.routes),
    *settings.ROUTES,
    Route(
        "home",
        home,
        reads=True,
        typed=Typed(
            {"en": "home", "lv": "sākums"}, mark("Everything by a button"), own_command=False
        ),
    ),
    Route(
        "help",
        help_,
        reads=True,
        typed=Typed(
            {"en": "help", "lv": "palīdzība"},
            mark("Everything that can be typed"),
            own_command=False,
        ),
    ),
)
"""Every route there is: the features', and the pages' made of them all."""

_ROLES = {route.name: route.role for route in ROUTES}

_BUTTONS = sorted(
    (
        *(button for feature in FEATURES for button in feature.on_home.buttons),
        HomeButton(Shelf.ABOUT_ME, 90, mark("Help"), "help"),
        HomeButton(Shelf.ADMINS, 90, mark("Settings"), "settings"),
    ),
    key=lambda one: (one.shelf, one.place),
)


def _is_for(button: HomeButton, ctx: Context) -> bool:
    role = _ROLES[button.does]
    return (role is None or ctx.me.is_a(role)) and button.when(ctx)


def _as_typed(typed: Typed, t: Texts) -> str:
    usage = plain(t(typed.usage))
    command = f"/{typed.words['en']}" if typed.own_command else f"/plecs {typed.words[t.locale]}"
    return f"{command} {usage}".rstrip()
