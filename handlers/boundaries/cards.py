"""What people see of a boundary: all of them, the card for a call, and which one to change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from handlers.boundaries.danger.cards import danger_line, edit_button
from handlers.boundaries.model import (
    Behaviour,
    PolicySet,
    may_end,
    still_to_say,
)
from handlers.common.crisis import CrisisNumbers, check_first, numbers_to_call
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
)
from handlers.kit.ports import Texts
from handlers.kit.text import plain

_LANGUAGES = {"lv": "Latviski", "en": "In English", "ru": "По-русски"}
"""How a language is called by those who speak it, whoever reads."""

_BUTTONS_BESIDE = 4


@dataclass(frozen=True, slots=True)
class Showing:
    """A boundary on somebody's screen: how many warnings were given, the caller's language, and
    the card's own id, which makes one receipt of it. `others`: what the words may have meant if
    nobody's life is in danger."""

    boundary: Behaviour
    crisis: CrisisNumbers
    version: int
    warned: int
    language: str
    card: str
    today: date
    others: tuple[Behaviour, ...] = ()


def overview(policies: PolicySet, t: Texts) -> Card:
    """All behaviours, one tap away."""
    return Card(
        t("What does the caller do?"),
        (
            danger_line(policies.crisis, t),
            *_choice(policies.behaviours, t),
            Note(t("You can also write it: /policy shouts and threatens")),
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
    """What an agent may do, and the sentence to say now."""
    behaviour = showing.boundary
    parts: list[Part] = [
        *emergency_steps(behaviour, showing.crisis, showing.today, t),
        *_careful(behaviour, showing.today, t),
        Note((behaviour.meaning[t.locale],)),
        *_sentences(showing, t),
        _what_next(showing, t),
        *_or_else(showing, t),
        Paragraph((Strong(plain(t("You may"))),)),
        Bullets(tuple((line,) for line in behaviour.allowed[t.locale])),
        Facts(
            (
                (t("Warnings first"), _how_many(len(behaviour.warnings), t)),
                (t("Behind you"), (behaviour.backing[t.locale],)),
            )
        ),
        Buttons(
            tuple(
                Button((name,), "policy.show", _values(showing) | {"language": language})
                for language, name in _LANGUAGES.items()
                if language != showing.language
            )
        ),
        Note(_small_print(behaviour, t)),
    ]
    careful = check_first(behaviour.review, showing.today)
    tone = Tone.URGENT if behaviour.emergency else Tone.CAREFUL if careful else Tone.CALM
    return Card((behaviour.names[t.locale],), tuple(parts), tone)


def to_edit(policies: PolicySet, number: int, t: Texts) -> Card:
    """Which boundary to change."""
    return Card(
        t("Which boundary do you want to change?"),
        (
            *_choice(policies.behaviours, t, does="policy.edit"),
            Buttons((edit_button(t), Button(t("What changed, and when"), "policy.history"))),
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
    yield Bullets(tuple((step,) for step in behaviour.emergency[t.locale]), numbered=True)


def hand_button(t: Texts) -> Button:
    """To a colleague, from every card about a hard call."""
    return Button(t("Raise my hand"), "hand")


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
    for start in range(0, len(behaviours), _BUTTONS_BESIDE):
        yield Buttons(
            tuple(
                Button((each.names[t.locale],), does, {"behaviour": each.id}, look)
                for each in behaviours[start : start + _BUTTONS_BESIDE]
            )
        )


def _careful(behaviour: Behaviour, today: date, t: Texts) -> Iterable[Part]:
    if check_first(behaviour.review, today):
        yield Paragraph(
            (
                Strong(plain(t("Check first."))),
                " ",
                *t(
                    "This boundary was to be reviewed by {date}. Ask: {owner}.",
                    date=_day(behaviour.review),
                    owner=behaviour.owner[t.locale],
                ),
            )
        )


def _sentences(showing: Showing, t: Texts) -> Iterable[Part]:
    total = len(showing.boundary.warnings)
    now, *later = still_to_say(showing.boundary, showing.warned)
    if not may_end(showing.boundary, showing.warned):
        yield Paragraph(
            t("Say now, warning {number} of {total}:", number=showing.warned + 1, total=total)
        )
    elif total:
        yield Paragraph(t("You have warned. You may end the call now, with these words:"))
    else:
        yield Paragraph(t("No warning is needed. The words for ending the call:"))
    yield Quote((now[showing.language],))
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


def _what_next(showing: Showing, t: Texts) -> Buttons:
    if may_end(showing.boundary, showing.warned):
        step = Button(t("I ended the call"), "policy.ended", _values(showing), Look.PRIMARY)
    else:
        step = Button(t("I warned"), "policy.warned", _values(showing), Look.PRIMARY)
    other = Button(t("Something else"), "policy")
    # In an emergency nobody should be alone: a colleague comes before the ending.
    ordered = (
        (hand_button(t), step, other)
        if showing.boundary.emergency
        else (step, hand_button(t), other)
    )
    return Buttons(ordered)


def _values(showing: Showing) -> dict[str, str]:
    return {
        "behaviour": showing.boundary.id,
        "version": str(showing.version),
        "warned": str(showing.warned),
        "language": showing.language,
        "card": showing.card,
    }


def _how_many(warnings: int, t: Texts) -> Line:
    if not warnings:
        return t("none, you may end at once")
    return t.many("{n} warning", "{n} warnings", warnings)


def _small_print(behaviour: Behaviour, t: Texts) -> Line:
    return t(
        "Version {version}. Owner: {owner}. Holds until {date}.",
        version=behaviour.version,
        owner=behaviour.owner[t.locale],
        date=_day(behaviour.review),
    )


def _day(day: date) -> Moment:
    # Noon is the same day in nearly every zone that a reader may be in.
    return Moment(datetime.combine(day, time(12), UTC), Style.DATE)
