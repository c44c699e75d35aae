"""What two see who practise a call with each other."""

from collections.abc import Mapping, Sequence

from handlers.common.competences import to_choose
from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    ChoiceField,
    Facts,
    Form,
    Look,
    Moment,
    Note,
    Option,
    Paragraph,
    Part,
    PeopleField,
    Quote,
    Strong,
    TextField,
    Tone,
    mention,
)
from handlers.kit.people import Person
from handlers.kit.ports import Texts
from handlers.kit.text import plain, shortened
from handlers.library.model import Saying
from handlers.practice.model import CHOSEN, Scenario
from handlers.practice.together.model import ROUND, SENTENCE, RolePlay, Sentences, Stage

_MINUTES = int(ROUND.total_seconds()) // 60

_CALLS = 100
"""Options of a form."""


def form(
    indicators: Mapping[str, Saying],
    scenarios: Sequence[Scenario],
    t: Texts,
    colleague: Person | None = None,
) -> Form:
    """With whom, what to watch, and which call."""
    calls = tuple(Option(one.id, (one.names[t.locale],)) for one in scenarios[:_CALLS])
    return Form(
        t("With a colleague"),
        "practice.ask",
        t("Ask them"),
        (
            PeopleField(
                "colleague", t("With whom?"), () if colleague is None else colleague.addresses
            ),
            ChoiceField(
                "indicators", t("What you both watch"), to_choose(indicators, t), most=CHOSEN
            ),
            ChoiceField(
                "scenario",
                t("The call that you answer"),
                calls,
                required=False,
                hint=t("Left open, I choose one. The one that they answer is another."),
            ),
        ),
        intro=(
            Note(
                t(
                    "They play the caller for {n} minutes, then you swap. Afterwards each writes "
                    "the other one sentence. By telephone or at one desk: you decide.",
                    n=_MINUTES,
                )
            ),
        ),
    )


def waits(play: RolePlay, partner: Person, t: Texts) -> Card:
    """For the asker, who can take it back."""
    return Card(
        t("{name} is asked", name=mention(partner)),
        (
            Paragraph(
                t(
                    "You hear from me at {time} at the latest. Whether they can't or don't see it "
                    "looks the same.",
                    time=Moment(play.ends_at),
                )
            ),
            Buttons((Button(t("Take it back"), "practice.end", {"play": play.id}),)),
        ),
    )


def asked(play: RolePlay, asker: Person, watched: Sequence[Saying], t: Texts) -> Card:
    """For the partner."""
    values = {"play": play.id}
    return Card(
        t("{name} would like to practise a call with you", name=mention(asker)),
        (
            Paragraph(
                t(
                    "{n} minutes you play a caller, {n} minutes they do. What you need to know as "
                    "the caller I tell you alone.",
                    n=_MINUTES,
                )
            ),
            *_watched(watched, t),
            Buttons(
                (
                    Button(t("Now is good"), "practice.join", values, Look.PRIMARY),
                    Button(t("Not now"), "practice.not_now", values),
                )
            ),
            Note(
                t(
                    "Until {time}. A no and no answer look the same to {name}.",
                    time=Moment(play.ends_at),
                    name=asker.first_name,
                )
            ),
        ),
        summary=t("{name} would like to practise a call with you", name=asker.first_name),
    )


def all_right(t: Texts) -> Card:
    """For who can't now."""
    return Card(t("That is all right. They are told nothing of it."))


def unanswered(partner: Person, t: Texts) -> Card:
    """For the asker, when the time is over."""
    return Card(
        t("It did not work out with {name} this time", name=partner.first_name),
        (
            Buttons(
                (
                    Button(t("Ask somebody else"), "practice.with"),
                    Button(t("Practise alone"), "practice"),
                )
            ),
        ),
    )


def began(t: Texts) -> Card:
    """In place of the question that somebody said yes to."""
    return Card(t("You said yes: you practise together"))


def said_yes(partner: Person, t: Texts) -> Card:
    """In place of the question, to who asked."""
    return Card(t("{name} said yes: you practise together", name=mention(partner)))


def over(t: Texts) -> Card:
    """In place of what is past."""
    return Card(t("This practice is over"))


def part(
    play: RolePlay,
    scenario: Scenario,
    other: Person,
    watched: Sequence[Saying],
    t: Texts,
) -> Card:
    """What one needs to know in this round: the caller what only they may, the other what one knows
    before a call."""
    plays = play.caller != other.id
    title = t("You play the caller") if plays else t("You answer the call")
    told: list[Part] = [Paragraph((Strong(scenario.names[t.locale]),))]
    if plays:
        told += [
            Paragraph(t("{name} does not know this:", name=mention(other))),
            Quote((scenario.caller[t.locale],)),
            Paragraph(t("You begin, for example so:")),
            Quote((scenario.script.turns[0].says[t.locale],)),
        ]
    else:
        told += [
            Paragraph((scenario.situation[t.locale],)),
            Paragraph(t("{name} calls you.", name=mention(other))),
        ]
    last = play.stage is Stage.SECOND
    done = t("The call is over") if last else t("The call is over, swap")
    values = {"play": play.id, "stage": play.stage.value}
    return Card(
        title,
        (
            *told,
            *_watched(watched, t),
            Facts(((t("Until"), (Moment(play.ends_at),)),)),
            Buttons(
                (
                    Button(done, "practice.onward", values, Look.PRIMARY),
                    Button(
                        t("Stop practising"),
                        "practice.end",
                        {"play": play.id},
                        confirm=t("For both of you. Nothing is kept of it."),
                    ),
                )
            ),
            Note(t("Stop whenever it feels wrong to one of you: it is a game.")),
        ),
    )


def tell(play: RolePlay, other: Person, t: Texts) -> Card:
    """The calls are over: one writes the other what was good."""
    return Card(
        t("That was it. One sentence to {name}?", name=mention(other)),
        (
            Paragraph(t("One for what you both watched: what you heard, and what it did to you.")),
            Buttons((Button(t("Write it"), "practice.tell", {"play": play.id}, Look.PRIMARY),)),
            Note(t("{name} alone reads it. Until tomorrow; nobody reminds you.", name=other.name)),
        ),
        Tone.GOOD,
        summary=t("That was it. One sentence to {name}?", name=other.first_name),
    )


def tell_form(
    play: RolePlay, other: Person, watched: Sequence[tuple[str, Saying]], t: Texts
) -> Form:
    """A sentence for each indicator; one of them at least."""
    return Form(
        t("One sentence"),
        "practice.told",
        t("Send"),
        tuple(
            TextField(
                code,
                (shortened(words[t.locale], 100),),
                limit=SENTENCE,
                multiline=True,
                required=len(watched) == 1,
                hint=t("“When you said …, I noticed …”"),
            )
            for code, words in watched
        ),
        {"play": play.id},
        (Note(t("For {name} alone.", name=other.name)),),
    )


def sent(other: Person, t: Texts) -> Card:
    return Card(t("{name} reads it in a free moment", name=other.first_name), tone=Tone.GOOD)


def told(sentences: Sentences, writer: Person, indicators: Mapping[str, Saying], t: Texts) -> Card:
    """What one is told by whom one practised with."""
    parts: list[Part] = []
    for code, said in sentences.words.items():
        if code in indicators:
            parts.append(Paragraph((Strong(indicators[code][t.locale]),)))
        parts.append(Quote((said,)))
    return Card(
        t("{name} about the call you practised", name=mention(writer)),
        (
            *parts,
            Buttons((Button(t("Delete"), "practice.told.delete", {"play": sentences.play}),)),
            Note(
                t(
                    "You alone are shown this. Plecs keeps it sealed for thirty days; what was "
                    "sent to you stays in the chat."
                )
            ),
        ),
        Tone.GOOD,
        summary=t("{name} about the call you practised", name=writer.first_name),
    )


def told_gone(t: Texts) -> Card:
    return Card(t("What was written is no longer kept"))


def _watched(watched: Sequence[Saying], t: Texts) -> tuple[Part, ...]:
    if not watched:
        return ()
    return (
        Paragraph((Strong(plain(t("What you both watch"))),)),
        Bullets(tuple((words[t.locale],) for words in watched)),
    )
