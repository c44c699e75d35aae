"""What whoever leads a team asks of practice, and what comes to them on Mondays."""

from datetime import date, datetime, time

from handlers.common.competences import Competences, positive
from handlers.kit.cards import Card, Reply
from handlers.kit.commands import Behind, Command, Route
from handlers.kit.feature import NoticeKind
from handlers.kit.notices import Notice, Priority
from handlers.kit.people import Person, Role
from handlers.kit.ports import mark
from handlers.kit.reading import Pressed
from handlers.kit.weeks import next_weekday, week_around
from handlers.library.model import Saying
from handlers.practice.leading import cards
from handlers.practice.model import Scenarios, fitting
from handlers.work import Context, Occasion

PROMPT = "practice.prompt"
"""The kind of notice of the indicator of the week."""

_AT = time(8, 0)

_MOST = 1000
"""Exercises that a button counts."""


def exercise(command: Command, ctx: Context) -> Reply:
    """Ten minutes for a meeting: this week's indicator with a call that fits it, or the next."""
    number = Pressed(command, ctx.t).number("number", _MOST)
    code, indicator = _of_week(ctx.today, ctx, number)
    scenarios = ctx.work.of(Scenarios).current(ctx.me.workspace, ctx.now).content
    fits = fitting(scenarios, (code,)) or scenarios
    scenario = fits[number % len(fits)]
    weekly = _is_on(ctx) if ctx.me.is_a(Role.SUPERVISOR) else None
    return cards.exercise(indicator, scenario, number, ctx.t, weekly=weekly)


def weekly(command: Command, ctx: Context) -> Reply:
    """*One a week* and *No longer every week*."""
    on, notice = command.one("on") == "yes", _next(ctx.me, ctx.now)
    if on:
        ctx.work.outbox.add(ctx.me.workspace, notice)
    else:
        ctx.work.outbox.forget_one(notice.key, ctx.now)
    return cards.switched(ctx.t, on=on)


def prompt_card(notice: Notice, ctx: Context) -> Card | None:
    """None for who leads nobody any more: then no more of them come."""
    if not ctx.me.is_a(Role.SUPERVISOR):
        return None
    monday = date.fromisoformat(notice.about)
    _, indicator = _of_week(monday, ctx)
    competences = ctx.work.of(Competences).current(ctx.me.workspace, ctx.now).content
    advice = [one for each in competences for one in each.lead[ctx.t.locale]]
    return cards.of_the_week(indicator, advice[_week(monday) % len(advice)], ctx.t)


def delivered(notice: Notice, on: Occasion) -> None:
    """The next one is a week later."""
    for person in on.work.people.many(notice.to).values():
        on.work.outbox.add(person.workspace, _next(person, max(notice.due, on.now)))


def _next(person: Person, now: datetime) -> Notice:
    """Next Monday's: the same one, however often it is asked for."""
    due = next_weekday(now, person.zone, 0, _AT)
    about = week_around(due, person.zone, 0).monday.isoformat()
    return Notice(PROMPT, about, (person.id,), due, Priority.BULK)


def _is_on(ctx: Context) -> bool:
    return ctx.work.outbox.kept(_next(ctx.me, ctx.now).key) is not None


def _of_week(day: date, ctx: Context, number: int = 0) -> tuple[str, Saying]:
    """The week's indicator, or another by its number from there."""
    indicators = list(positive(ctx).items())
    return indicators[(_week(day) + number) % len(indicators)]


def _week(day: date) -> int:
    """Weeks since the first Monday of the calendar: each is one more than the last."""
    return day.toordinal() // 7


ROUTES: tuple[Route, ...] = (
    Route(
        "practice.team",
        exercise,
        reads=True,
        behind=Behind(
            "practice",
            {"en": "team", "lv": "komandai"},
            also=("komanda", "meeting", "sapulce"),
            help=mark("An exercise of ten minutes for a meeting"),
        ),
    ),
    Route("practice.weekly", weekly, role=Role.SUPERVISOR),
)
NOTICES = (NoticeKind(PROMPT, prompt_card, delivered=delivered),)
