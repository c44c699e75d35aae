"""The start page and the help: where everything else is found."""

from handlers.boundaries import commands as boundaries
from handlers.breaks import commands as breaks
from handlers.breaks.model import Breaks
from handlers.escalation import commands as escalation
from handlers.escalation.model import Cases, State
from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    Divider,
    Facts,
    Look,
    Moment,
    Note,
    Paragraph,
    Part,
    Reply,
    Style,
    mention,
)
from handlers.kit.commands import Command, Route, Typed
from handlers.kit.people import UNTIL_BACK, Role
from handlers.kit.ports import Texts, mark
from handlers.kit.text import plain
from handlers.people import commands as people
from handlers.people.cards import help_card
from handlers.people.model import topics_of
from handlers.plans import commands as plans
from handlers.statuses import commands as statuses
from handlers.supervision import commands as supervision
from handlers.supervision.sessions.commands import next_session
from handlers.vents import commands as vents
from handlers.work import Context

FEATURES: tuple[Route, ...] = (
    *escalation.ROUTES,
    *boundaries.ROUTES,
    *vents.ROUTES,
    *breaks.ROUTES,
    *plans.ROUTES,
    *supervision.ROUTES,
    *statuses.ROUTES,
    *people.ROUTES,
)


def home(command: Command, ctx: Context) -> Reply:
    """What is mine now, and a button for everything."""
    t, me = ctx.t, ctx.me
    parts: list[Part] = [*_my_hand(ctx), *_my_next_things(ctx), Divider()]
    topics = [
        topic.name(t.locale)
        for topic in topics_of(ctx.work.settings, me.workspace)
        if topic.id in me.topics
    ]
    parts += [
        Facts(((t("My topics"), (", ".join(topics),) if topics else t("none yet")),)),
        Buttons(
            (
                Button(t("A break"), "break"),
                Button(t("Break plan"), "plan"),
                Button(t("Let off steam"), "vent.offers"),
                Button(t("When others want to talk"), "vent.settings"),
            )
        ),
        Buttons(
            (
                Button(t("What may I do?"), "policy"),
                Button(t("My receipts"), "policy.mine"),
                Button(t("My hands"), "hand.log"),
                Button(t("Topics and people"), "topics.form"),
                Button(t("Supervision groups"), "supervision"),
            )
        ),
        Buttons(
            (
                Button(t("Language"), "language"),
                Button(t("I'm back"), "back")
                if me.away_until is not None and me.away_until > ctx.now
                else Button(t("I'm away"), "away"),
                Button(t("Help"), "help"),
            )
        ),
    ]
    if Role.ADMIN in me.roles:
        parts.append(Buttons((Button(t("People"), "people"), Button(t("Settings"), "settings"))))
    parts.append(Note(t("Only you see this page.")))
    return Card(t("Good that you are here, {name}", name=me.first_name), tuple(parts))


def help_(command: Command, ctx: Context) -> Reply:
    """Everything that can be typed, for this person's roles, in their language."""
    lines = [
        (_as_typed(route.typed, ctx.t), ctx.t(route.typed.help))
        for route in (*FEATURES, *ROUTES)
        if route.typed is not None and (route.role is None or ctx.me.is_a(route.role))
    ]
    return help_card(lines, ctx.t)


ROUTES: tuple[Route, ...] = (
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


def _as_typed(typed: Typed, t: Texts) -> str:
    usage = plain(t(typed.usage))
    command = f"/{typed.words['en']}" if typed.own_command else f"/plecs {typed.words[t.locale]}"
    return f"{command} {usage}".rstrip()


def _my_hand(ctx: Context) -> tuple[Part, ...]:
    t = ctx.t
    case = ctx.work.of(Cases).open_of(ctx.me.id)
    if case is None:
        return (
            Buttons(
                (
                    Button(t("Raise a hand now"), "hand", look=Look.PRIMARY),
                    Button(t("Raise with a few words"), "hand.form"),
                )
            ),
        )
    helper = ctx.work.people.get(case.taken_by) if case.taken_by else None
    if case.state is State.TAKEN and helper is not None:
        state = t("{helper} is on the way to you.", helper=mention(helper))
        button = Button(t("Solved"), "hand.solved", {"case": case.id}, Look.PRIMARY)
    else:
        state = t("Your hand has been up since {when}.", when=Moment(case.raised_at))
        button = Button(t("Take my hand down"), "hand.cancel", {"case": case.id}, Look.DANGER)
    return Paragraph(state), Buttons((button,))


def _my_next_things(ctx: Context) -> tuple[Part, ...]:
    t, me = ctx.t, ctx.me
    things: list[Part] = []
    helping = ctx.work.of(Cases).taken_by(me.id)
    agent = ctx.work.people.get(helping.agent) if helping else None
    if helping is not None and agent is not None:
        things += [
            Paragraph(t("You are on the way to {agent}.", agent=mention(agent))),
            Buttons((Button(t("Solved"), "hand.solved", {"case": helping.id}),)),
        ]
    pause = ctx.work.of(Breaks).live_of(me.id)
    if pause is not None and pause.is_on(ctx.now):
        things += [
            Paragraph(
                t("You are on a break until you are back.")
                if pause.until is None
                else t("You are on a break until {time}.", time=Moment(pause.until))
            ),
            Buttons((Button(t("I'm back"), "break.back", {"break": pause.id}, Look.PRIMARY),)),
        ]
    things += next_session(ctx)
    if me.away_until is not None and me.away_until > ctx.now:
        things.append(
            Paragraph(
                t("You are away until you say that you are back.")
                if me.away_until == UNTIL_BACK
                else t("You are away until {when}.", when=Moment(me.away_until, Style.DATETIME))
            )
        )
    return tuple(things)
