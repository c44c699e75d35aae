"""What people see of practising alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from handlers.common.competences import to_choose
from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    ChoiceField,
    Divider,
    Facts,
    Form,
    Line,
    Look,
    Moment,
    Note,
    Paragraph,
    Part,
    Quote,
    Row,
    Strong,
    Style,
    Tone,
)
from handlers.kit.ports import Texts
from handlers.kit.text import plain
from handlers.library.cards import EntryView, ask_its_owner
from handlers.library.model import Saying
from handlers.practice.cards import LETTERS, heat, to_begin
from handlers.practice.model import CHOSEN, DialogueTurn, PathStep, Run, Scenario, ScriptEnding


@dataclass(frozen=True, slots=True)
class Here:
    """How far somebody is: the `way` they went, and the indicators that they watch, by code."""

    scenario: Scenario
    run: Run
    way: tuple[PathStep, ...]
    watched: tuple[tuple[str, Saying], ...]


def page(
    scenarios: Sequence[Scenario],
    goes_on: Sequence[tuple[Run, Scenario]],
    t: Texts,
    *,
    skip: int = 0,
    practised: Line = (),
    model: bool = False,
    keeps: bool = False,
) -> Card:
    """Where a practice begins, or goes on. `practised` is what leaders are told of it. `model`: one
    is set that can play the caller. `keeps`: the reader approves calls of others."""
    with_model = (Button(t("With a model"), "practice.model"),) if model else ()
    parts: list[Part] = [
        Paragraph(
            t(
                "A caller, three things you might say, and how hot it gets. One of the three is a "
                "bad model. You can step back as often as you like and try the other."
            )
        ),
        *(
            Row(
                t("{scenario}: you are at turn {n}", scenario=name(one, t), n=len(run.path) + 1),
                Button(t("Go on"), "practice.go_on", {"run": run.id}),
            )
            for run, one in goes_on
        ),
        Buttons(
            (
                Button(t("Choose what to watch"), "practice.choose", look=Look.PRIMARY),
                Button(t("With a colleague"), "practice.with"),
                *with_model,
                Button(t("What I have practised"), "practice.mine"),
                Button(t("What good work looks like"), "competence"),
            )
        ),
        *to_begin(scenarios, "practice.begin", "practice", t, skip=skip),
        Buttons(
            (
                Button(t("A call of my own"), "practice.own"),
                *((Button(t("Calls that are offered"), "practice.offered"),) if keeps else ()),
            )
        ),
        Note(t("You alone see what you practise and how it goes. Nobody is graded or ranked.")),
    ]
    if practised:
        parts.append(Note(practised))
    return Card(t("Practise a call before it comes"), tuple(parts))


def found(scenarios: Sequence[Scenario], t: Texts) -> Card:
    """What the words that were typed may mean."""
    if not scenarios:
        return Card(
            t("I found no scenario for those words"),
            (Buttons((Button(t("All scenarios"), "practice", look=Look.PRIMARY),)),),
        )
    return Card(
        t("Which call would you like to practise?"),
        (
            *to_begin(scenarios, "practice.begin", "practice", t),
            Buttons((Button(t("All scenarios"), "practice"),)),
        ),
    )


def choose(indicators: Mapping[str, Saying], t: Texts) -> Form:
    """What one would like to watch."""
    return Form(
        t("What do you watch?"),
        "practice.chosen",
        t("Show the calls"),
        (
            ChoiceField(
                "indicators",
                t("One or two things"),
                to_choose(indicators, t),
                most=CHOSEN,
                hint=t("More than two nobody keeps in mind while somebody shouts."),
            ),
        ),
    )


def chosen(
    scenarios: Sequence[Scenario],
    watched: Sequence[tuple[str, Saying]],
    t: Texts,
    *,
    fits: bool,
    skip: int = 0,
) -> Card:
    """The calls in which one can watch it; where none `fits`, all of them."""
    values = {"indicators": " ".join(code for code, _ in watched)}
    parts: list[Part] = [Bullets(tuple((words[t.locale],) for _, words in watched))]
    if not fits:
        parts.append(Paragraph(t("No call is made for just that yet. It can be watched in any.")))
    parts += to_begin(scenarios, "practice.begin", "practice.watching", t, skip=skip, values=values)
    parts.append(Buttons((Button(t("Choose something else"), "practice.choose"),)))
    return Card(t("You watch this"), tuple(parts))


def turn(here: Here, at: DialogueTurn, t: Texts, *, draft: bool) -> Card:
    """Where somebody is: what the caller says, and what one might reply."""
    scenario, run, way = here.scenario, here.run, here.way
    parts: list[Part] = []
    if way:
        last = way[-1]
        parts += [
            Paragraph(t("You said:")),
            Quote((last.reply.says[t.locale],)),
            Facts(((t("The caller"), _change(last.turn.heat, at.heat, t)),)),
        ]
    else:
        parts.append(Paragraph((scenario.situation[t.locale],)))
        if here.watched:
            watched = "; ".join(words[t.locale] for _, words in here.watched)
            parts.append(Note(t("You watch this: {indicators}", indicators=watched)))
        parts.append(Facts(((t("The caller"), heat(at.heat, t)),)))
    tried = {one[-1] for one in run.tried if one[:-1] == run.path}
    parts.append(Quote((at.says[t.locale],)))
    for number, (letter, reply) in enumerate(zip(LETTERS, at.replies, strict=True)):
        said: Line = (Strong(letter), "  ", reply.says[t.locale])
        if number in tried:
            said = (*said, " ", *t("(tried)"))
        values = {"run": run.id, "at": str(len(run.path)), "reply": str(number)}
        parts.append(Row(said, Button(t("Say {letter}", letter=letter), "practice.say", values)))
    if way:
        back = {"run": run.id, "at": str(len(run.path))}
        parts.append(Buttons((Button(t("Step back"), "practice.back", back),)))
    if draft:
        parts.append(Note(t("Draft: nobody here has adopted this scenario yet.")))
    if not way:
        parts.append(Note(t("When a call comes, leave it: it waits for you here.")))
    number = len(run.path) + 1
    return Card(t("{scenario}: turn {n}", scenario=name(scenario, t), n=number), tuple(parts))


def ending(here: Here, at: ScriptEnding, negative: Mapping[str, Saying], t: Texts) -> Card:
    """How the call ended; what changed at each turn, and why."""
    scenario, run, way = here.scenario, here.run, here.way
    back = {"run": run.id, "at": str(len(run.path))}
    again = {"entry": scenario.id, "indicators": " ".join(run.chosen)}
    return Card(
        t("{scenario}: how it ended", scenario=name(scenario, t)),
        (
            Facts(((t("The caller"), _change(way[0].turn.heat, at.heat, t)),)),
            Quote((at.says[t.locale],)),
            Paragraph((at.after[t.locale],)),
            *_watched(here, t),
            Divider(),
            Paragraph((Strong(plain(t("What changed, and why"))),)),
            *(part for n, step in enumerate(way, 1) for part in _told(n, step, negative, t)),
            Buttons(
                (
                    Button(t("Step back, try the other"), "practice.back", back, Look.PRIMARY),
                    Button(t("From the start"), "practice.begin", again),
                    Button(t("Another call"), "practice"),
                    Button(t("What I have practised"), "practice.mine"),
                )
            ),
            Note(t("You alone see this. It is kept for a year, or until you delete it.")),
        ),
        Tone.GOOD if at.heat <= 2 else Tone.CAREFUL if at.heat >= 4 else Tone.CALM,
    )


def mine(runs: Sequence[tuple[Run, Scenario | None]], t: Texts) -> Card:
    """What the reader practised, each to be looked at or deleted."""
    if not runs:
        return Card(
            t("You have not practised yet"),
            (Buttons((Button(t("Choose a call"), "practice", look=Look.PRIMARY),)),),
        )
    parts: list[Part] = []
    for run, one in runs:
        what = t("a scenario that is no longer there") if one is None else name(one, t)
        when = Moment(run.changed_at, Style.DATETIME)
        if run.ended:
            line = t("{scenario}: to the end, {when}", scenario=what, when=when)
            look = Button(t("Look"), "practice.go_on", {"run": run.id})
        else:
            line = t(
                "{scenario}: at turn {n}, {when}", scenario=what, n=len(run.path) + 1, when=when
            )
            look = Button(t("Go on"), "practice.go_on", {"run": run.id})
        delete = Button(t("Delete"), "practice.delete", {"run": run.id})
        parts += [Paragraph(line), Buttons((look, delete))]
    everything = Button(
        t("Delete all of it"),
        "practice.delete_all",
        look=Look.DANGER,
        confirm=t("Plecs then keeps nothing of what you practised."),
    )
    parts += [
        Divider(),
        Buttons((Button(t("Another call"), "practice"), everything)),
        Note(
            t(
                "You alone see this. It is kept sealed, for a year from when you last went on with "
                "it."
            )
        ),
    ]
    return Card(t("What I have practised"), tuple(parts))


def whole(
    view: EntryView[Scenario], adopt: Button | None, words: Mapping[str, Saying], t: Texts
) -> Card:
    """A scenario as whoever adopts it reads it; `adopt` where it is a draft."""
    one = view.entry
    indicators = [words[code][t.locale] for code in one.indicators if code in words]
    buttons = [Button(t("Try it"), "practice.begin", {"entry": one.id}, Look.PRIMARY)]
    if adopt is not None:
        buttons.append(adopt)
    buttons.append(Button(t("Change"), "scenario.entry", {"entry": one.id}))
    buttons.append(Button(t("All scenarios"), "practice"))
    return Card(
        (one.names[t.locale],),
        (
            *ask_its_owner(view, t),
            Paragraph((one.situation[t.locale],)),
            Paragraph((Strong(plain(t("Only for whoever plays the caller"))),)),
            Quote((one.caller[t.locale],)),
            Facts(
                (
                    (t("What it is good for"), ("; ".join(indicators),)),
                    (t("Turns"), (str(len(one.script.turns)),)),
                    (t("Endings"), (str(len(one.script.endings)),)),
                )
            ),
            Buttons(tuple(buttons)),
        ),
    )


def name(scenario: Scenario, t: Texts) -> Line:
    return (scenario.names[t.locale],)


def _told(number: int, step: PathStep, negative: Mapping[str, Saying], t: Texts) -> Iterator[Part]:
    """What was said at one turn, what it changed and why; and what else was tried there."""
    yield Paragraph(
        (
            Strong(f"{number}. {_arrow(step.turn.heat, step.after)}"),
            "  ",
            step.reply.says[t.locale],
        )
    )
    why: Line = (step.reply.because[t.locale],)
    lacking = negative.get(step.reply.shows) if step.reply.bad else None
    if lacking is not None:
        why = (*why, " ", *t("A bad model: {indicator}.", indicator=lacking[t.locale]))
    yield Note(why)
    for other, after in step.others:
        yield Note(
            t(
                "You tried: “{said}” {change}. {why}",
                said=other.says[t.locale],
                change=_arrow(step.turn.heat, after),
                why=other.because[t.locale],
            )
        )


def _watched(here: Here, t: Texts) -> Iterator[Part]:
    """Where what one wanted to watch was to be seen in one's own replies."""
    if not here.watched:
        return
    rows: list[Line] = []
    for code, words in here.watched:
        turns = [str(n) for n, step in enumerate(here.way, 1) if step.reply.shows == code]
        seen = t("turn {turns}", turns=", ".join(turns)) if turns else t("not on this way")
        rows.append((f"{words[t.locale]}: ", *seen))
    yield Paragraph((Strong(plain(t("What you watched"))),))
    yield Bullets(tuple(rows))


def _change(before: int, after: int, t: Texts) -> Line:
    """How hot the caller is, and whether that is more or less than before."""
    if after < before:
        return t("{heat}, cooler: it was {before}", heat=heat(after, t), before=before)
    if after > before:
        return t("{heat}, hotter: it was {before}", heat=heat(after, t), before=before)
    return t("{heat}, as hot as before", heat=heat(after, t))


def _arrow(before: int, after: int) -> str:
    return f"{before} → {after}"
