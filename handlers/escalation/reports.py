"""The pages about hands: one's own, the week's numbers, whom a hand would ask, the rings."""

from handlers.common.topics import topic_in, topics_of
from handlers.escalation import model, numbers, pages
from handlers.escalation.begin import new_case
from handlers.escalation.finding import rings_now
from handlers.escalation.ladder import LADDER, out_of_order
from handlers.escalation.model import Cases, Member, Mode
from handlers.kit.cards import Reply
from handlers.kit.commands import Behind, Command, Route
from handlers.kit.people import Role
from handlers.kit.reading import Filled, Pressed
from handlers.kit.text import plain
from handlers.work import Context

_WEEKS_BACK = 52
"""How far back the week's numbers go."""


def who(command: Command, ctx: Context) -> Reply:
    """`/hand who`: whom a hand would ask at this moment, ring by ring."""
    topic, _ = topic_in(command.text, topics_of(ctx.work.settings, ctx.me.workspace), ctx.words)
    case = new_case(ctx, topic, "", Mode.JOIN, None)
    rings = rings_now(case, ctx.me, ctx, 0)
    people = ctx.work.people.many([person for ring in rings for person in ring])
    told = tuple(tuple(people[person] for person in ring) for ring in rings)
    return pages.who(case, told, topic, ctx.t)


def log(command: Command, ctx: Context) -> Reply:
    """One's own last ten hands; supervisors find the week's numbers behind a button."""
    topics = {topic.id: topic for topic in topics_of(ctx.work.settings, ctx.me.workspace)}
    own = ctx.work.of(Cases).own(ctx.me.id, 10)
    return pages.log(own, topics, ctx.t, is_supervisor=ctx.me.is_a(Role.SUPERVISOR))


def week(command: Command, ctx: Context) -> Reply:
    back = Pressed(command, ctx.t).number("back", _WEEKS_BACK)
    start, end = numbers.week_around(ctx.now, ctx.me.zone, back)
    hands = ctx.work.of(Cases).raised_between(ctx.me.workspace, start, end)
    t = ctx.t
    days = (t("Mo"), t("Tu"), t("We"), t("Th"), t("Fr"), t("Sa"), t("Su"))
    names = tuple(map(plain, days))
    return pages.week(numbers.count(hands, start, end, ctx.me.zone), names, back, t)


def ladder_form(command: Command, ctx: Context) -> Reply:
    return pages.ladder_form(LADDER.of(ctx.work.settings, ctx.me.workspace), ctx.t)


def ladder_save(command: Command, ctx: Context) -> Reply:
    now = LADDER.of(ctx.work.settings, ctx.me.workspace)
    form = pages.ladder_form(now, ctx.t)
    typed = Filled(form, command, ctx)
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
    if typed.errors:
        return typed.again()
    wrong = out_of_order(asked)
    if wrong is not None:
        name = "nobody" if wrong == len(asked.rings) else f"after{wrong}"
        late = ctx.t("This must be later than the one before.")
        return pages.ladder_form(asked, ctx.t, {name: late})
    LADDER.put(ctx.work.settings, ctx.me.workspace, asked)
    return pages.ladder_saved(ctx.t)


ROUTES: tuple[Route, ...] = (
    Route(
        "hand.who",
        who,
        reads=True,
        role=Role.SUPERVISOR,
        behind=Behind("hand", {"en": "who", "lv": "kurš"}),
    ),
    Route(
        "hand.log",
        log,
        reads=True,
        behind=Behind("hand", {"en": "log", "lv": "žurnāls"}, also=("mine", "manas")),
    ),
    Route(
        "hand.week",
        week,
        reads=True,
        role=Role.SUPERVISOR,
        behind=Behind("hand", {"en": "week", "lv": "nedēļa"}),
    ),
    Route("settings.ladder", ladder_form, reads=True, role=Role.ADMIN),
    Route("settings.ladder.save", ladder_save, role=Role.ADMIN),
)
