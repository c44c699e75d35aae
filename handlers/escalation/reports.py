"""The pages about hands: one's own, the week's numbers, whom a hand would ask, the rings."""

from handlers.common.roles import LEADS, check_leads
from handlers.common.topics import topic_in, topics_by_id, topics_of
from handlers.escalation import model, numbers, pages
from handlers.escalation.begin import LATELY, new_case
from handlers.escalation.finding import rings_now
from handlers.escalation.ladder import LADDER, out_of_order
from handlers.escalation.model import Cases, Member, Mode
from handlers.kit.cards import Reply
from handlers.kit.commands import Behind, Command, Route
from handlers.kit.people import Role
from handlers.kit.ports import mark
from handlers.kit.reading import Filled, Pressed
from handlers.kit.weeks import week_around
from handlers.work import Context

_WEEKS_BACK = 52
"""How far back the week's numbers go."""


def who(command: Command, ctx: Context) -> Reply:
    """`/hand who`: whom a hand would ask at this moment, ring by ring, for whoever leads."""
    check_leads(ctx)
    topic, _ = topic_in(command.text, topics_of(ctx.work.settings, ctx.me.workspace), ctx.words)
    lately = ctx.work.of(Cases).raised_lately(ctx.me.workspace, ctx.now - LATELY)
    case = new_case(ctx, topic, "", Mode.JOIN, None, lately=lately)
    rings = rings_now(case, ctx.me, ctx, 0)
    people = ctx.work.people.many([person for ring in rings for person in ring])
    told = tuple(tuple(people[person] for person in ring) for ring in rings)
    return pages.who(case, told, topic, ctx.t)


def log(command: Command, ctx: Context) -> Reply:
    """One's own last ten hands; whoever leads finds the week's numbers behind a button."""
    topics = topics_by_id(ctx.work.settings, ctx.me.workspace)
    own = ctx.work.of(Cases).own(ctx.me.id, 10)
    return pages.log(own, topics, ctx.t, leads=any(map(ctx.me.is_a, LEADS)))


def week(command: Command, ctx: Context) -> Reply:
    """`/hand week`: the week's numbers, for whoever leads."""
    check_leads(ctx)
    back = Pressed(command, ctx.t).number("back", _WEEKS_BACK)
    found = numbers.numbers(ctx, ctx.me.workspace, week_around(ctx.now, ctx.me.zone, back))
    return pages.week(found, back, ctx.t)


def ladder_form(command: Command, ctx: Context) -> Reply:
    return pages.ladder_form(LADDER.of(ctx.work.settings, ctx.me.workspace), ctx.t)


def ladder_save(command: Command, ctx: Context) -> Reply:
    now = LADDER.of(ctx.work.settings, ctx.me.workspace)
    typed = Filled(pages.ladder_form(now, ctx.t), command, ctx)
    asked = model.Ladder(
        tuple(
            model.Ring(
                typed.number(f"after{number}"),
                tuple(map(Member, typed.several(f"members{number}"))),
                typed.number(f"size{number}"),
            )
            for number in range(len(now.rings))
        ),
        typed.number("nobody"),
    )
    wrong = out_of_order(asked) if not typed.errors else None
    if wrong is not None:
        name = "nobody" if wrong == len(asked.rings) else f"after{wrong}"
        typed.errors[name] = ctx.t("This must be later than the one before.")
    if typed.errors:
        return typed.again()
    ctx.change(LADDER, asked)
    return pages.ladder_saved(ctx.t)


ROUTES: tuple[Route, ...] = (
    Route(
        "hand.who",
        who,
        reads=True,
        behind=Behind(
            "hand", {"en": "who", "lv": "kurš"}, help=mark("Who would be asked now"), roles=LEADS
        ),
    ),
    Route(
        "hand.log",
        log,
        reads=True,
        behind=Behind("hand", {"en": "log", "lv": "žurnāls"}, also=("mine", "manas")),
    ),
    Route(
        "hand.week",
        week,  # the first to look keeps what days that are over came to
        behind=Behind(
            "hand",
            {"en": "week", "lv": "nedēļa"},
            help=mark("The hands of the last week, as numbers"),
            roles=LEADS,
        ),
    ),
    Route("settings.ladder", ladder_form, reads=True, role=Role.ADMIN),
    Route("settings.ladder.save", ladder_save, role=Role.ADMIN),
)
