"""What people see of the addresses from which shifts are fetched."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    Form,
    Line,
    Moment,
    Note,
    Paragraph,
    Part,
    PeopleField,
    Row,
    TextField,
    Tone,
    mention,
)
from handlers.kit.people import Person
from handlers.kit.ports import Texts
from handlers.shifts.feeds.model import LONGEST_ADDRESS, Feed, FeedKind, FeedTrouble

SHOWN = 20
"""Addresses on one screen."""


def form(t: Texts, *, coordinates: bool) -> Form:
    """`coordinates`: whoever fills it in sets addresses for others, too."""
    hint = t("https://… or webcal://…, as your planning program gives it out for calendars.")
    if coordinates:
        hint = t(
            "https://… or webcal://…, or the link to a team in Microsoft Teams whose Shifts are to "
            "be read."
        )
    fields: list[TextField | PeopleField] = [
        TextField("address", t("Address"), limit=LONGEST_ADDRESS, hint=hint)
    ]
    if coordinates:
        fields.append(
            PeopleField(
                "person",
                t("Whose shifts?"),
                required=False,
                oneself=True,
                hint=t("Empty: each event names whose it is, by e-mail or at its beginning."),
            )
        )
    return Form(t("Shifts from an address"), "shift.feed.save", t("Save"), tuple(fields))


def own(feed: Feed | None, t: Texts) -> Card:
    """One's own address."""
    title = t("Your shifts from a calendar")
    note = Note(
        t(
            "It is fetched every half an hour, and planned for you as it stands there; what you "
            "corrected stays. The address is kept sealed and shown to nobody."
        )
    )
    if feed is None:
        return Card(
            title,
            (
                Paragraph(t("Does your planning program give out your shifts as a calendar?")),
                Buttons((Button(t("Set its address"), "shift.feed.form"),)),
                note,
            ),
        )
    return Card(title, (Paragraph(_place(feed, t)), *_state(feed, t), _buttons(feed, t), note))


def listed(feeds: Sequence[Feed], people: Mapping[str, Person], t: Texts) -> Card:
    """All of the workspace, to coordinators."""
    add = Buttons((Button(t("Add an address"), "shift.feed.form"),))
    if not feeds:
        return Card(
            t("Shifts from addresses"),
            (
                Paragraph(
                    t(
                        "None yet. Plecs fetches a calendar of your planning program, or a team's "
                        "Shifts in Microsoft Teams, every half an hour."
                    )
                ),
                add,
            ),
        )
    rows: list[Part] = []
    for one in feeds[:SHOWN]:
        line = t(
            "{whose}: {place}, {state}",
            whose=_whose(people.get(one.owner or ""), t),
            place=_place(one, t),
            state=_short_state(one, t),
        )
        rows.append(Row(line, Button(t("Look"), "shift.feed", {"feed": one.id})))
    if len(feeds) > SHOWN:
        rows.append(Paragraph(t("And more after these.")))
    return Card(t("Shifts from addresses"), (*rows, add))


def one_feed(feed: Feed, owner: Person | None, t: Texts) -> Card:
    """To coordinators, and to whoever set it."""
    title = (
        t("Shifts of {name}", name=mention(owner))
        if owner is not None
        else t("Shifts of all who are named in it")
    )
    return Card(title, (Paragraph(_place(feed, t)), *_state(feed, t), _buttons(feed, t)))


def saved(feed: Feed, t: Texts) -> Card:
    return Card(
        t("The address is set"),
        (
            Paragraph(_place(feed, t)),
            Paragraph(t("It is fetched within a minute, and then every half an hour.")),
            _buttons(feed, t),
        ),
        Tone.GOOD,
    )


def removed(t: Texts) -> Card:
    return Card(
        t("Nothing is fetched from there any more"),
        (Paragraph(t("What it planned from today on is taken out; other days stay.")),),
    )


def told(feed: Feed, owner: Person | None, t: Texts) -> Card:
    """To whoever set it: it can't be fetched, or can be again."""
    if feed.trouble is None:
        return Card(t("Shifts are fetched again"), (Paragraph(_place(feed, t)),), Tone.GOOD)
    return Card(
        t("Shifts can't be fetched"),
        (
            Paragraph(t("{whose}: {place}", whose=_whose(owner, t), place=_place(feed, t))),
            *_state(feed, t),
            Paragraph(t("What was planned before holds meanwhile.")),
            _buttons(feed, t),
        ),
        Tone.CAREFUL,
    )


def _whose(owner: Person | None, t: Texts) -> Line:
    return t("all who are named in it") if owner is None else (mention(owner),)


def _place(feed: Feed, t: Texts) -> Line:
    """Where it is, without what opens it."""
    if feed.kind is FeedKind.TEAMS:
        return t("Shifts in Microsoft Teams")
    return (urlsplit(feed.address).hostname or "?",)


def _state(feed: Feed, t: Texts) -> tuple[Part, ...]:
    parts: list[Part] = []
    if feed.trouble is not None:
        parts.append(Paragraph(_why(feed.trouble, t)))
    if feed.fetched_at is not None:
        parts.append(Paragraph(t("Fetched last: {time}", time=Moment(feed.fetched_at))))
    elif feed.trouble is None:
        parts.append(Paragraph(t("It has not been fetched yet.")))
    if feed.skipped:
        parts.append(
            Paragraph(
                t.many(
                    "{n} event in it could not be taken; the others are.",
                    "{n} events in it could not be taken; the others are.",
                    feed.skipped,
                )
            )
        )
    return tuple(parts)


def _short_state(feed: Feed, t: Texts) -> Line:
    if feed.trouble is not None:
        return t("can't be fetched")
    return t("not fetched yet") if feed.fetched_at is None else t("is fetched")


def _buttons(feed: Feed, t: Texts) -> Buttons:
    about = {"feed": feed.id}
    return Buttons(
        (
            Button(t("Fetch now"), "shift.feed.now", about),
            Button(t("Look again"), "shift.feed", about),
            Button(t("Stop fetching"), "shift.feed.stop", about),
        )
    )


def _why(trouble: FeedTrouble, t: Texts) -> Line:
    match trouble:
        case FeedTrouble.REFUSED:
            return t("Its server lets nobody in with this address. Ask for a new one.")
        case FeedTrouble.GONE:
            return t("There is nothing at this address any more.")
        case FeedTrouble.PLACE:
            return t(
                "The address leads into a network of your own, or does not begin with https://. "
                "Whoever runs Plecs can allow its host (CALENDAR_HOSTS)."
            )
        case FeedTrouble.GARBLED:
            return t("What is there is no calendar.")
        case FeedTrouble.BIG:
            return t("What is there is too big: 5 MB and 20,000 events at the most.")
        case FeedTrouble.NOT_PERMITTED:
            return t(
                "Plecs may not read Shifts in Microsoft Teams: an administrator grants "
                "Schedule.Read.All."
            )
        case FeedTrouble.UNREACHABLE:
            return t("Its server can't be reached. Plecs goes on trying.")
        case FeedTrouble.SLOW:
            return t("Its server answers too slowly. Plecs goes on trying.")
        case FeedTrouble.BUSY:
            return t("Its server has too much to do. Plecs goes on trying.")
