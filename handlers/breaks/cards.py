"""What people see of a break: choosing, waiting for it, being on one, coming back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.availability.coverage import CoverageRule
from handlers.breaks.model import CHOICES, Break, BreakOffer, BreakState, Return
from handlers.breaks.suggestions import tip
from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Line,
    Look,
    Moment,
    Note,
    Paragraph,
    Part,
    Row,
    Style,
    Tone,
    ToType,
    mention,
)
from handlers.kit.people import Person
from handlers.kit.ports import Texts

OPEN = "open"
"""What a button sends for "until I'm back"."""

MOST_SHOWN = 30
"""People on one screen of who is away."""


def choose(t: Texts, *, status: bool) -> Card:
    """How long, now; what begins after a call is one tap away. `status`: theirs can be set."""
    meanwhile = (Button(t("My status meanwhile"), "break.status"),) if status else ()
    return Card(
        t("A break"),
        (
            Buttons(
                (
                    *(_take(minutes, t("{n} min", n=minutes), "now") for minutes in CHOICES),
                    _take(None, t("Until I'm back"), "now"),
                    Button(t("After this call…"), "break.after"),
                )
            ),
            Buttons((numbers_button(t), *meanwhile)),
            Note(t("Quicker: {typed}", typed=ToType("break", "10"))),
        ),
    )


def after_call(t: Texts) -> Card:
    """How long, when this call is over."""
    return Card(
        t("A break after this call"),
        (
            Buttons(
                (
                    *(_take(minutes, t("{n} min", n=minutes), "after") for minutes in CHOICES),
                    _take(None, t("Until I'm back"), "after"),
                    Button(t("Now instead"), "break"),
                )
            ),
        ),
    )


def offer(one: BreakOffer, t: Texts) -> Card:
    """Offered once after a hard call."""
    values = {"offer": one.call}
    return Card(
        t("The call is over. A break?"),
        (
            Buttons(
                (
                    *(
                        _take(minutes, t("{n} min", n=minutes), "now", values)
                        for minutes in CHOICES
                    ),
                    _take(None, t("Until I'm back"), "now", values),
                    Button(t("No, thank you"), "break.decline", values),
                )
            ),
            Buttons((_vent_button(t), numbers_button(t))),
            Note(t("This offer stands for five minutes. Only you see it.")),
        ),
    )


def offer_over(t: Texts) -> Card:
    return Card(t("A break is there whenever you want one: {typed}", typed=ToType("break")))


def running(one: Break, coverer: Person | None, t: Texts) -> Card:
    """The break itself."""
    parts: list[Part] = []
    if coverer is not None:
        thank = Button(t("Thank them"), "thanks.form", {"person": coverer.id})
        parts.append(Row(t("{name} covers for you meanwhile.", name=mention(coverer)), thank))
    if one.tip is not None:
        parts.append(Paragraph(tip(one.tip, t)))
    parts.append(Buttons((_back(one, Return.AVAILABLE, t("I'm back"), Look.PRIMARY),)))
    more = (
        (_tips_button(t, on=True),)
        if one.tip is None
        else (Button(t("Another idea"), "break.tip"), _tips_button(t, on=False))
    )
    parts += [
        Buttons((numbers_button(t), *more)),
        Note(
            t(
                "Nobody is sent to you meanwhile. Supervisors see only that you are away, never "
                "why. A day later nothing of it is kept."
            )
        ),
    ]
    title = (
        t("Your break, until you are back")
        if one.until is None
        else t("Your break, until {time}", time=Moment(one.until))
    )
    return Card(title, tuple(parts), Tone.GOOD)


def already(one: Break, t: Texts) -> Card:
    """For somebody who asks for a break on a break."""
    line = (
        t("You are on a break already, until you are back.")
        if one.until is None
        else t("You are on a break already, until {time}.", time=Moment(one.until))
    )
    return Card(line, (Buttons((_back(one, Return.AVAILABLE, t("I'm back"), Look.PRIMARY),)),))


def begun_over(t: Texts) -> Card:
    return Card(t("This break is over."))


def over(one: Break, t: Texts) -> Card:
    """The one message at the end."""
    return Card(
        t("Your break is over. How do you come back?"),
        (
            Buttons(
                (
                    _back(one, Return.AVAILABLE, t("Available"), Look.PRIMARY),
                    _back(one, Return.DESK, t("To desk work"), Look.PLAIN),
                    _back(one, Return.MORE, t("5 minutes more"), Look.PLAIN),
                )
            ),
            Buttons((_vent_button(t), numbers_button(t))),
            Note(t("Until you say something else, you count as available.")),
        ),
    )


def back(one: Break, reached: Line, t: Texts) -> Card:
    """How they came back, and whether they are `reached` by colleagues."""
    if one.state is BreakState.DESK and one.ends_at is not None:
        return Card(
            t("Desk work, until {time}", time=Moment(one.ends_at)),
            (
                Paragraph(t("You don't count for the line meanwhile; colleagues may ask you.")),
                Buttons((_back(one, Return.AVAILABLE, t("Back on the line"), Look.PRIMARY),)),
            ),
            Tone.GOOD,
        )
    if one.back_as is Return.MORE:
        return Card(t("A little more, then."))
    return Card(t("Good to have you back"), (Paragraph(reached),))


def back_early(one: Break, reached: Line, t: Texts) -> Card:
    """Back before the time was up: the same choice, without waiting for a message."""
    return Card(
        t("Good to have you back"),
        (
            Paragraph(reached),
            Buttons((_back(one, Return.DESK, t("To desk work"), Look.PLAIN),)),
        ),
        Tone.GOOD,
    )


def wished(one: Break, t: Texts, *, on_telephone: bool) -> Card:
    """`on_telephone`: the telephone system tells when the call is over."""
    begins = (
        t("It begins by itself when you hang up.")
        if on_telephone
        else t(
            "It begins when you press Solved, or when you end the call by a boundary. "
            "After any other call, begin it yourself."
        )
    )
    return Card(
        t("Your break comes after this call"),
        (
            Paragraph(begins),
            Buttons(
                (
                    _take(one.minutes, t("Begin now"), "now", look=Look.PRIMARY),
                    drop_button(one, t),
                )
            ),
        ),
    )


def booked(one: Break, t: Texts, *, still: bool = False) -> Card:
    """`still`: they asked for one now, and it doesn't fit before."""
    assert one.starts_at is not None, "a booked break has a start"
    early = (Paragraph(t("A break now would leave too few; this one is yours.")),) if still else ()
    return Card(
        t("Your break begins at {time}", time=Moment(one.starts_at)),
        (
            *early,
            Paragraph(t("I will tell you then. Until then the place is kept for you.")),
            Buttons((drop_button(one, t),)),
        ),
        Tone.GOOD,
    )


def held(
    one: Break, rule: CoverageRule, t: Texts, *, may_ask: bool, covering: Person | None
) -> Card:
    """A break now would leave too few: when it fits, and who could make it fit."""
    why = (
        t("You cover for {name} just now.", name=mention(covering))
        if covering is not None
        else t("If you go now, too few would be left for the callers.")
    )
    when = (
        t("The next free start is {time}.", time=Moment(one.starts_at))
        if one.starts_at is not None
        else t("I see no free start in the next four hours. Your supervisor can change that.")
    )
    buttons: list[Button] = []
    if one.starts_at is not None:
        at = t("At {time}", time=Moment(one.starts_at))
        buttons.append(Button(at, "break.book", {"break": one.id}, Look.PRIMARY))
    if may_ask and one.state is BreakState.HELD:
        buttons.append(Button(t("Ask for cover"), "break.ask", {"break": one.id}))
    if rule.hard_first:
        buttons.append(Button(t("I was threatened"), "break.hard", {"break": one.id}))
    asks = (
        (Note(t("Whoever is asked for cover sees your name and the minutes, nothing else.")),)
        if may_ask and one.state is BreakState.HELD
        else ()
    )
    return Card(
        t("Not this minute"),
        (
            Paragraph(why),
            Paragraph(when),
            Buttons((*buttons, drop_button(one, t))),
            Buttons((numbers_button(t),)),
            *asks,
        ),
        Tone.CAREFUL,
    )


def held_over(t: Texts) -> Card:
    return Card(
        t("This is settled. A break is there whenever you want one: {typed}", typed=ToType("break"))
    )


def dropped(t: Texts) -> Card:
    return Card(
        t("Forgotten. A break is there whenever you want one: {typed}", typed=ToType("break"))
    )


def tips_off(t: Texts) -> Card:
    return Card(
        t("No suggestions from now on"),
        (Buttons((_tips_button(t, on=True),)),),
    )


def numbers(crisis: Sequence[Part], t: Texts) -> Card:
    return Card(
        t("Somebody to call"),
        (*crisis, Note(t("Nobody sees that you looked."))),
    )


def team(
    away: Sequence[tuple[Person, datetime | None]], now: datetime, zone: str, t: Texts
) -> Card:
    """Who of a supervisor's people is away and until when. Never why."""
    if not away:
        return Card(t("Nobody is away"), (_why_note(t),))
    shown = tuple(
        (mention(person), " – ", *_away_until(until, now, zone, t))
        for person, until in away[:MOST_SHOWN]
    )
    more = (
        (Note(t.many("And {n} more.", "And {n} more.", len(away) - MOST_SHOWN)),)
        if len(away) > MOST_SHOWN
        else ()
    )
    title = t.many("{n} person is away", "{n} people are away", len(away))
    return Card(title, (Bullets(shown), *more, _why_note(t)))


def numbers_button(t: Texts) -> Button:
    """To the crisis numbers, from every card about a hard moment."""
    return Button(t("Somebody to call"), "break.numbers")


def drop_button(one: Break, t: Texts) -> Button:
    """Takes back what was wished, offered or booked."""
    return Button(t("Never mind"), "break.drop", {"break": one.id})


def _vent_button(t: Texts) -> Button:
    return Button(t("Let off steam"), "vent.offers")


def _take(
    minutes: int | None,
    label: Line,
    when: str,
    values: Mapping[str, str] | None = None,
    look: Look = Look.PLAIN,
) -> Button:
    asked = {"minutes": OPEN if minutes is None else str(minutes), "when": when}
    return Button(label, "break.take", asked | dict(values or {}), look)


def _back(one: Break, how: Return, label: Line, look: Look) -> Button:
    return Button(label, "break.back", {"break": one.id, "as": how}, look)


def _tips_button(t: Texts, *, on: bool) -> Button:
    label = t("Suggest something") if on else t("No suggestions")
    return Button(label, "break.tips", {"on": "yes" if on else "no"})


def _away_until(until: datetime | None, now: datetime, zone: str, t: Texts) -> Line:
    if until is None:
        return t("away")
    there = ZoneInfo(zone)
    is_today = until.astimezone(there).date() == now.astimezone(there).date()
    style = Style.TIME if is_today else Style.DATETIME
    return t("away until {time}", time=Moment(until, style))


def _why_note(t: Texts) -> Note:
    return Note(t("Breaks and absences look alike here. Why somebody is away is theirs."))
