"""What people ask when they practise alone."""

from collections.abc import Sequence
from functools import partial

from handlers.common.competences import negative, positive
from handlers.kit.cards import Line, Reply
from handlers.kit.commands import Behind, Command, Instead, Route, Typed
from handlers.kit.people import Role
from handlers.kit.ports import mark
from handlers.kit.reading import Filled, Pressed
from handlers.kit.text import fold
from handlers.library.adopting import Adopting, Wording
from handlers.library.cards import EntryView
from handlers.library.editing import Editing
from handlers.library.entries import entry_of
from handlers.library.uses import Uses
from handlers.practice import model
from handlers.practice.alone import cards
from handlers.practice.cards import gone
from handlers.practice.lookups import scenario_of
from handlers.practice.model import Run, Runs, Scenario, Scenarios, ScriptEnding
from handlers.practice.plain import SCENARIOS
from handlers.work import Context

_TEXT_READ = 300
"""Characters of a description that are searched."""

_FOUND = 5

_MOST = 1000
"""Of anything that a button counts."""


def practice(command: Command, ctx: Context) -> Reply | Instead:
    """`/practice` for the page; `/practice shouting` for the calls that the words mean; `/practice
    with Ilze` for a call of two."""
    text, kept = command.text.strip()[:_TEXT_READ], ctx.work.of(Scenarios)
    if fold(text).split()[:1] in [[word] for word in model.WITH.words.values()]:
        return Instead("practice.with")
    if text:
        version, found = kept.search(ctx.me.workspace, text, ctx.now)
        near = (entry_of(version.content, one) for one in found.likeliest[:_FOUND])
        return cards.found(tuple(filter(None, near)), ctx.t)
    return _front(ctx, Pressed(command, ctx.t).number("skip", _MOST))


def _front(ctx: Context, skip: int = 0) -> Reply:
    """All there is to practise."""
    scenarios = ctx.work.of(Scenarios).current(ctx.me.workspace, ctx.now).content
    halfway = [one for one in ctx.work.of(Runs).of(ctx.me.id, model.LATEST_RUNS) if not one.ended]
    there = ((one, entry_of(scenarios, one.scenario)) for one in halfway)
    goes_on = [(run, scenario) for run, scenario in there if scenario is not None]
    has_model = ctx.services.model is not None
    return cards.page(
        scenarios,
        goes_on,
        ctx.t,
        skip=skip,
        practised=_practised(ctx),
        model=has_model,
        keeps=ctx.me.is_a(Role.COORDINATOR),
    )


def choose(_command: Command, ctx: Context) -> Reply:
    """What one would like to watch."""
    return cards.choose(positive(ctx), ctx.t)


def chosen(command: Command, ctx: Context) -> Reply:
    """The calls in which one can watch that."""
    indicators = positive(ctx)
    filled = Filled(cards.choose(indicators, ctx.t), command, ctx)
    codes = filled.several("indicators")
    if filled.errors:
        return filled.again()
    return _fitting(codes, ctx)


def watching(command: Command, ctx: Context) -> Reply:
    """More calls in which one can watch what was chosen."""
    codes = _codes(command, ctx)
    if not codes:
        return choose(command, ctx)
    return _fitting(codes, ctx, Pressed(command, ctx.t).number("skip", _MOST))


def begin(command: Command, ctx: Context) -> Reply:
    """A call begins. One of the same scenario that was left in the middle is let go."""
    kept, runs = ctx.work.of(Scenarios), ctx.work.of(Runs)
    kept.settle(ctx.me.workspace, ctx.now)
    version = kept.current(ctx.me.workspace, ctx.now)
    scenario = entry_of(version.content, command.one("entry"))
    if scenario is None:
        return _front(ctx)
    for left in runs.of(ctx.me.id, model.LATEST_RUNS):
        if left.scenario == scenario.id and not left.ended:
            runs.delete(left.id)
    run = Run(
        ctx.new_id(),
        ctx.me.workspace,
        ctx.me.id,
        scenario.id,
        version.number,
        ctx.now,
        _codes(command, ctx),
    )
    runs.put(run)
    return _shown(run, ctx)


def say(command: Command, ctx: Context) -> Reply:
    """A reply is given. From an earlier card nothing changes: where one is, is shown."""
    run, scenario = _mine(command, ctx)
    if run is None or scenario is None:
        return gone(ctx.t)
    pressed = Pressed(command, ctx.t)
    if pressed.number("at", _MOST) == len(run.path):
        run = model.say(run, pressed.number("reply", _MOST), scenario.script, ctx.now)
        ctx.work.of(Runs).put(run)
        if run.ended:
            _counted(ctx)
    return _shown(run, ctx)


def back(command: Command, ctx: Context) -> Reply:
    """One turn back, to try the other."""
    run, scenario = _mine(command, ctx)
    if run is None or scenario is None:
        return gone(ctx.t)
    if Pressed(command, ctx.t).number("at", _MOST) == len(run.path):
        run = model.step_back(run, ctx.now)
        ctx.work.of(Runs).put(run)
    return _shown(run, ctx)


def go_on(command: Command, ctx: Context) -> Reply:
    """Where one stopped."""
    run, scenario = _mine(command, ctx)
    return gone(ctx.t) if run is None or scenario is None else _shown(run, ctx)


def mine(_command: Command, ctx: Context) -> Reply:
    """What one practised."""
    scenarios = ctx.work.of(Scenarios).current(ctx.me.workspace, ctx.now).content
    runs = ctx.work.of(Runs).of(ctx.me.id, model.LATEST_RUNS)
    return cards.mine([(one, entry_of(scenarios, one.scenario)) for one in runs], ctx.t)


def delete(command: Command, ctx: Context) -> Reply:
    """Nothing is kept of one of them."""
    run, _ = _mine(command, ctx)
    if run is not None:
        ctx.work.of(Runs).delete(run.id)
    return mine(command, ctx)


def delete_all(command: Command, ctx: Context) -> Reply:
    """Nothing is kept of any."""
    ctx.work.of(Runs).delete_all(ctx.me.id)
    return mine(command, ctx)


def show(command: Command, ctx: Context) -> Reply:
    """A whole scenario, for whoever adopts it."""
    version = ctx.work.of(Scenarios).current(ctx.me.workspace, ctx.now)
    one = entry_of(version.content, command.one("entry"))
    if one is None:
        return _front(ctx)
    adopted = version.adopted(one)
    adopt = ADOPTING.button(one, version.number, ctx.t) if adopted is None else None
    view = EntryView(one, adopted, ctx.t.locale, ctx.today)
    return cards.whole(view, adopt, positive(ctx), ctx.t)


_REFUSAL = mark("The scenarios are changed by coordinators. Tell one what should be different.")

ADOPTING = Adopting(
    SCENARIOS,
    Scenarios,
    Wording(refusal=_REFUSAL, everything=mark("All scenarios")),
    lambda scenario: {"entry": scenario},
)
EDITING = Editing(
    SCENARIOS, Scenarios, ADOPTING, _REFUSAL, mark("Change the practice scenarios, or put one away")
)

_private = partial(Route, private=True)  # when somebody practises, and what, is theirs

ROUTES: tuple[Route, ...] = (
    _private(
        "practice",
        practice,
        reads=True,
        typed=Typed(
            {"en": "practice", "lv": "treniņš"},
            help=mark("Practise a hard call: what you might say, and what comes of it"),
            usage=mark("[what the caller does]"),
            also=("practise", "trenēties", "treniņi"),
        ),
    ),
    _private("practice.choose", choose, reads=True),
    _private("practice.chosen", chosen, reads=True),
    _private("practice.watching", watching, reads=True),
    _private("practice.begin", begin),
    _private("practice.say", say),
    _private("practice.back", back),
    _private("practice.go_on", go_on, reads=True),
    _private(
        "practice.mine",
        mine,
        reads=True,
        behind=Behind("practice", {"en": "mine", "lv": "mani"}, also=("mans", "my")),
    ),
    _private("practice.delete", delete),
    _private("practice.delete_all", delete_all),
    Route("scenario.show", show, reads=True, role=Role.COORDINATOR, refusal=_REFUSAL),
    *ADOPTING.routes,
    *EDITING.routes,
)


def _codes(command: Command, ctx: Context) -> tuple[str, ...]:
    """The indicators that a button carries, as many as anybody watches."""
    known = positive(ctx)
    codes = (one for one in command.one("indicators").split() if one in known)
    return tuple(codes)[: model.CHOSEN]


def _fitting(codes: Sequence[str], ctx: Context, skip: int = 0) -> Reply:
    known = positive(ctx)
    scenarios = ctx.work.of(Scenarios).current(ctx.me.workspace, ctx.now).content
    fitting = model.fitting(scenarios, codes)
    watched = [(code, known[code]) for code in codes]
    return cards.chosen(fitting or scenarios, watched, ctx.t, fits=bool(fitting), skip=skip)


def _mine(command: Command, ctx: Context) -> tuple[Run | None, Scenario | None]:
    """The caller's run that a button means, and its scenario as it was when that began."""
    run = ctx.work.of(Runs).get(Pressed(command, ctx.t).id("run"))
    if run is None or run.person != ctx.me.id:
        return None, None
    return run, scenario_of(run, ctx)


def _shown(run: Run, ctx: Context) -> Reply:
    """Where the run is: a turn, or an ending."""
    scenario = scenario_of(run, ctx)
    if scenario is None:
        return gone(ctx.t)
    at, way = model.place(scenario.script, run.path), model.steps(scenario.script, run)
    words = positive(ctx)
    watched = tuple((code, words[code]) for code in run.chosen if code in words)
    here = cards.Here(scenario, run, way, watched)
    if isinstance(at, ScriptEnding):
        return cards.ending(here, at, negative(ctx), ctx.t)
    draft = not way and ctx.work.of(Scenarios).adopted(run.workspace, scenario) is None
    return cards.turn(here, at, ctx.t, draft=draft)


def _counted(ctx: Context) -> None:
    """That somebody practised: by a mark that nobody can read back."""
    workspace, person = ctx.me.workspace, ctx.me.id
    ctx.work.of(Uses).used(workspace, SCENARIOS.name, model.PRACTISED, person, ctx.now)


def _practised(ctx: Context) -> Line:
    """What leaders are told: whether five or more have practised, and nothing else."""
    if not ctx.me.is_a(Role.SUPERVISOR):
        return ()
    seen = ctx.work.of(Uses).most_in_a_week(ctx.me.workspace, SCENARIOS.name, ctx.now)
    if model.PRACTISED in seen:
        return ctx.t("Five or more people have practised in one of the last eight weeks.")
    return ctx.t("Once five or more people have practised in a week, supervisors read so here.")
