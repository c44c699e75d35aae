"""What people see of a boundary: all of them, the card for a call, and which one to change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from handlers.boundaries.model import Behaviour, PolicySet, may_end, still_to_say
from handlers.boundaries.shared.danger import edit_button
from handlers.common.crisis import CrisisNumbers, danger_line, hand_button, numbers_to_call
from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Facts,
    Line,
    Look,
    Moment,
    Note,
    Paragraph,
    Part,
    Quote,
    Strong,
    Style,
    Tone,
    ToType,
    in_rows,
    on_day,
)
from handlers.kit.ports import Texts
from handlers.kit.text import plain
from handlers.library.cards import LANGUAGE_NAMES
from handlers.library.model import Adoption, check_first


@dataclass(frozen=True, slots=True)
class Showing:
    """A boundary on somebody's screen since `at`: who adopted it, if anybody did; how many warnings
    were given, the caller's language, and the card's own id, which makes one receipt of it.
    `whole`: with all that is folded away else. `others`: what the words may have meant if nobody's
    life is in danger."""

    boundary: Behaviour
    crisis: CrisisNumbers
    version: int
    warned: int
    language: str
    card: str
    today: date
    at: datetime
    adopted: Adoption | None
    whole: bool = False
    others: tuple[Behaviour, ...] = ()


def overview(policies: PolicySet, t: Texts) -> Card:
    """All behaviours, one tap away."""
    example = plain(t("shouts and threatens"))
    return Card(
        t("What does the caller do?"),
        (
            danger_line(policies.crisis, t),
            *_choice(policies.behaviours, t),
            Note(
                t(
                    "You can also write it: {typed}",
                    typed=ToType("policy", example),
                )
            ),
        ),
    )


def likeliest(policies: PolicySet, found: Sequence[str], t: Texts, *, lawful: bool = False) -> Card:
    """A search that isn't sure: the likeliest first, then the rest. `lawful`: what the caller
    threatens with is their right."""
    first = tuple(filter(None, map(policies.get, found)))
    rest = tuple(each for each in policies.behaviours if each not in first)
    parts: list[Part] = [Paragraph(_their_right(t))] if lawful else []
    if first:
        parts += [
            Paragraph(t("Closest to what you wrote:")),
            *_choice(first, t, Look.PRIMARY),
            Paragraph(t("Or one of these:")),
        ]
    parts += [*_choice(rest, t), danger_line(policies.crisis, t)]
    return Card(t("Which of these is it?"), tuple(parts))


def nothing_fits(policies: PolicySet, t: Texts, why: Line = ()) -> Card:
    """A search that found nothing, or a button that leads nowhere any more."""
    return Card(
        t("What does the caller do?"),
        (
            Paragraph(why or t("I found no boundary for those words. Here are all of them.")),
            danger_line(policies.crisis, t),
            *_choice(policies.behaviours, t),
        ),
    )


def gone(policies: PolicySet, t: Texts) -> Card:
    """The boundary of an older card is not in the set any more."""
    return nothing_fits(policies, t, t("That boundary is no longer there. Here are all of them."))


def boundary(showing: Showing, t: Texts) -> Card:
    """The sentence to say now, and what can be pressed; behind *Show all* what one may do, who
    stands behind it, and until when nobody has to ask."""
    if showing.boundary.is_to_stay:
        return _danger_to_life(showing, t)
    behaviour = showing.boundary
    careful = check_first(behaviour.review, showing.today)
    parts: list[Part] = [
        *((danger_line(showing.crisis, t),) if behaviour.emergency else ()),
        *_say_now(showing, t),
        _what_next(showing, t),
        *_who_is_told(showing, t),
        *emergency_steps(behaviour, showing.crisis, showing.today, t),
        *_or_else(showing, t),
        *_careful(behaviour, showing.today, t),
        *(() if showing.adopted else (Note(_draft(t)),)),
        *(_all_of_it(showing, t) if showing.whole else ()),
        _more(showing, t),
    ]
    tone = Tone.URGENT if behaviour.emergency else Tone.CAREFUL if careful else Tone.CALM
    return Card((behaviour.names[t.locale],), tuple(parts), tone)


def _danger_to_life(showing: Showing, t: Texts) -> Card:
    """Whom to call, a colleague, and what to do; behind *Show all* the words for when help is there
    and all the rest."""
    behaviour = showing.boundary
    whole = (*_when_help_is_there(showing, t), *_all_of_it(showing, t))
    parts: list[Part] = [
        *numbers_to_call(showing.crisis, showing.today, t),
        # On a phone the steps fill the screen: who comes is asked above them.
        Buttons((hand_button(t, Look.PRIMARY),)),
        _steps(behaviour, t),
        *_or_else(showing, t),
        *_careful(behaviour, showing.today, t),
        *(() if showing.adopted else (Note(_draft(t)),)),
        *(whole if showing.whole else ()),
        _more(showing, t),
    ]
    return Card((behaviour.names[t.locale],), tuple(parts), Tone.URGENT)


def to_edit(policies: PolicySet, number: int, t: Texts) -> Card:
    """Which boundary to change."""
    return Card(
        t("Which boundary do you want to change?"),
        (
            *_choice(policies.behaviours, t, does="policy.edit"),
            Buttons(
                (
                    Button(t("Adopt"), "policy.adopt"),
                    edit_button(t),
                    Button(t("Try words"), "policy.try"),
                    Button(t("What changed, and when"), "policy.history"),
                )
            ),
            Note(t("Version {version}", version=number)),
        ),
    )


def emergency_steps(
    behaviour: Behaviour, crisis: CrisisNumbers, today: date, t: Texts
) -> Iterable[Part]:
    """Whom to call and what to do where the boundary is one for a danger to life; else nothing."""
    if not behaviour.emergency:
        return
    yield Paragraph((Strong(plain(t("If a life is in danger"))),))
    yield from numbers_to_call(crisis, today, t)
    yield _steps(behaviour, t)


def _steps(behaviour: Behaviour, t: Texts) -> Bullets:
    # A list: what is made one by one costs a call each.
    return Bullets(tuple([(step,) for step in behaviour.emergency[t.locale]]), numbered=True)


def _when_help_is_there(showing: Showing, t: Texts) -> Iterable[Part]:
    """How the call ends once nobody depends on it any more."""
    words = still_to_say(showing.boundary, showing.warned)[-1]
    yield Paragraph(t("When help is there, you can end the call with these words:"))
    yield Quote((words[showing.language],))
    yield Buttons((Button(t("I ended the call"), "policy.ended", _values(showing)),))
    yield from _who_is_told(showing, t)


def _their_right(t: Texts) -> Line:
    return t(
        "Complaining, going to court, writing about it, leaving: everybody may, and it is no "
        "threat. Say calmly how it is done."
    )


def _or_else(showing: Showing, t: Texts) -> Iterable[Part]:
    """What the words may have meant besides a danger to life; on all other cards whom to call if
    there is one."""
    if not showing.boundary.emergency:
        yield danger_line(showing.crisis, t)
    elif showing.others:
        yield Paragraph(t("Nobody is in danger? Then perhaps:"))
        yield from _choice(showing.others, t)


def _choice(
    behaviours: Sequence[Behaviour], t: Texts, look: Look = Look.PLAIN, does: str = "policy.show"
) -> Iterable[Buttons]:
    return in_rows(
        Button((each.names[t.locale],), does, {"behaviour": each.id}, look) for each in behaviours
    )


def _careful(behaviour: Behaviour, today: date, t: Texts) -> Iterable[Part]:
    if check_first(behaviour.review, today):
        yield Paragraph(
            (
                Strong(plain(t("Check first."))),
                " ",
                *t(
                    "This boundary was to be reviewed by {date}. Ask: {owner}.",
                    date=on_day(behaviour.review),
                    owner=behaviour.owner[t.locale],
                ),
            )
        )


def _say_now(showing: Showing, t: Texts) -> Iterable[Part]:
    total = len(showing.boundary.warnings)
    now = still_to_say(showing.boundary, showing.warned)[0]
    if not may_end(showing.boundary, showing.warned):
        yield Paragraph(
            t("Say now, warning {number} of {total}:", number=showing.warned + 1, total=total)
        )
    elif total:
        yield Paragraph(t("You have warned. You may end the call now, with these words:"))
    else:
        yield Paragraph(t("No warning is needed. The words for ending the call:"))
    yield Quote((now[showing.language],))


def _who_is_told(showing: Showing, t: Texts) -> Iterable[Note]:
    """What pressing *I ended the call* does, before it is pressed."""
    if may_end(showing.boundary, showing.warned):
        yield Note(
            t(
                "“I ended the call” tells the supervisors that you ended one, when, and what the "
                "caller did; nothing about the customer. You can take it back for ten minutes."
            )
        )


def _all_of_it(showing: Showing, t: Texts) -> Iterable[Part]:
    behaviour, adopted = showing.boundary, showing.adopted
    yield Note((behaviour.meaning[t.locale],))
    _, *later = still_to_say(behaviour, showing.warned)
    if later:
        *warnings, ending = later
        yield Paragraph(t("If it goes on:"))
        yield Bullets(
            (
                *(
                    t("Warning {number}: {words}", number=number, words=words[showing.language])
                    for number, words in enumerate(warnings, showing.warned + 2)
                ),
                t("Ending: {words}", words=ending[showing.language]),
            )
        )
    yield Paragraph((Strong(plain(t("You may") if adopted else t("What the draft suggests"))),))
    yield Bullets(tuple((line,) for line in behaviour.allowed[t.locale]))
    yield Facts(
        (
            (t("Warnings first"), _how_many(len(behaviour.warnings), t)),
            *stands_behind(behaviour, adopted, t),
        )
    )
    yield Note(_small_print(behaviour, t))


def stands_behind(
    behaviour: Behaviour, adopted: Adoption | None, t: Texts
) -> tuple[tuple[Line, Line], ...]:
    """Who stands behind a boundary and since when, as facts; nobody behind a draft."""
    if adopted is None:
        return ((t("Behind you"), t("nobody yet: this is a draft")),)
    when = Moment(adopted.at, Style.DATE)
    by = (
        t("{name}, {when}", name=adopted.by.name, when=when)
        if adopted.by.name
        else t("somebody no longer here, {when}", when=when)
    )
    return ((t("Behind you"), (behaviour.backing[t.locale],)), (t("Adopted by"), by))


def _more(showing: Showing, t: Texts) -> Buttons:
    """The caller's other languages, where the card has words for the caller; the rest of it; and
    out of a card for a danger to life, last of all, to the other boundaries."""
    stays = showing.boundary.is_to_stay
    languages = (
        Button((name,), "policy.show", _values(showing) | {"language": language})
        for language, name in LANGUAGE_NAMES.items()
        if language != showing.language and (showing.whole or not stays)
    )
    fold = (
        Button(t("Show less"), "policy.show", _values(showing) | {"whole": ""})
        if showing.whole
        else Button(t("Show all"), "policy.show", _values(showing) | {"whole": "1"})
    )
    away = (Button(t("Something else"), "policy"),) if stays else ()
    return Buttons((*languages, fold, *away))


def _draft(t: Texts) -> Line:
    return t(
        "Draft: nobody here has adopted this boundary yet. Ask a supervisor before you end a call "
        "by it, if there is time."
    )


def _what_next(showing: Showing, t: Texts) -> Buttons:
    if may_end(showing.boundary, showing.warned):
        step = Button(t("I ended the call"), "policy.ended", _values(showing), Look.PRIMARY)
    else:
        step = Button(t("I warned"), "policy.warned", _values(showing), Look.PRIMARY)
    calm = Button(t("Calm words"), "calm", {"boundary": showing.boundary.id})
    # Nobody should be alone with this: a colleague comes first.
    return Buttons((hand_button(t), step, calm, Button(t("Something else"), "policy")))


def _values(showing: Showing) -> dict[str, str]:
    return {
        "behaviour": showing.boundary.id,
        "version": str(showing.version),
        "warned": str(showing.warned),
        "language": showing.language,
        "card": showing.card,
        "at": showing.at.isoformat(),
        "whole": "1" if showing.whole else "",
    }


def _how_many(warnings: int, t: Texts) -> Line:
    if not warnings:
        return t("none, you may end at once")
    return t.many("{n} warning", "{n} warnings", warnings)


def _small_print(behaviour: Behaviour, t: Texts) -> Line:
    return t(
        "Version {version}. Owner: {owner}. To be reviewed by {date}.",
        version=behaviour.version,
        owner=behaviour.owner[t.locale],
        date=on_day(behaviour.review),
    )
