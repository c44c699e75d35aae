"""What members see, at its longest, in both languages, as each platform would show it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.texts import texts
from handlers.common.reminders import Choices
from handlers.kit.cards import Card, Form
from handlers.kit.deidentify import Identifying
from handlers.kit.people import Address, Person
from handlers.kit.ports import Texts
from handlers.supervision.agreement import cards as agreement
from handlers.supervision.agreement.model import LONGEST_AGREEMENT
from handlers.supervision.cases import cards as cases
from handlers.supervision.cases.model import LONGEST_CASE, MOST_CASES, SessionCase
from handlers.supervision.dates.model import LONGEST_REASON
from handlers.supervision.groups.model import LONGEST_NAME, LONGEST_PLACE, MOST_SEATS, Group
from handlers.supervision.keepsakes import cards as keepsakes
from handlers.supervision.keepsakes.model import LONGEST_KEEPSAKE, Keepsake
from handlers.supervision.requests import cards as requests
from handlers.supervision.requests.model import LONGEST_WHY, Request
from handlers.supervision.sessions import cards
from handlers.supervision.sessions.model import (
    Attendance,
    Outcome,
    Progress,
    Session,
    SessionSeat,
    SessionState,
    Step,
    Turn,
)
from handlers.supervision.shared import cards as shared
from handlers.supervision.shared.model import Meeting
from handlers.supervision.turns import cards as turns
from handlers.supervision.turns.model import Swap
from tests.showing import show_everywhere
from tests.world import MONDAY_TEN

BEGINS = MONDAY_TEN + timedelta(days=9)
SESSION = Session(
    id="s1",
    cycle="c1",
    group="g1",
    workspace="w",
    number=1,
    wall=BEGINS.replace(tzinfo=None),
    zone="Europe/Riga",
    starts_at=BEGINS,
    ends_at=BEGINS + timedelta(minutes=90),
    changed_at=MONDAY_TEN,
    reason="&" * LONGEST_REASON,
)
GROUP = Group(
    id="g1",
    workspace="w",
    name="Ž" * LONGEST_NAME,
    position="",
    seats=MOST_SEATS,
    locale="lv",
    place="https://meet.example/".ljust(LONGEST_PLACE, "x"),
    facilitator="",
    owner="p0",
    created_at=MONDAY_TEN,
    agreement="<&>\n" * (LONGEST_AGREEMENT // 4),
)
PEOPLE = {
    f"p{number}": Person(
        f"p{number}", "w", "Žanete-Aleksandra Kalniņa-Bērziņa " * 2, (Address("slack", "T1", "U1"),)
    )
    for number in range(MOST_SEATS)
}


def meetings() -> Iterator[Meeting]:
    """A full group at each time of a session's life, its reader with each part."""
    for now in (MONDAY_TEN, BEGINS + timedelta(minutes=1), BEGINS + timedelta(days=1)):
        for part in Turn:
            parts = (part, Turn.PRESENTER, Turn.PRESENTER, Turn.NOTES)
            seats = tuple(
                SessionSeat(
                    "s1", person, Attendance.COMING, parts[number] if number < 4 else Turn.NONE
                )
                for number, person in enumerate(PEOPLE)
            )
            dates = tuple(now + timedelta(days=day) for day in (1, 2, 3))
            life = Progress("s1", Step.DAY, now, 2, dates)
            votes = {"p1": "stay"}
            yield Meeting(GROUP, SESSION, seats, PEOPLE, PEOPLE["p0"], now, life, votes=votes)


def around_a_session(meeting: Meeting, t: Texts) -> Iterator[Card | Form]:
    others = list(PEOPLE.values())[1:]
    swap = Swap("x", "s1", "p1", "p0", Turn.NOTES, Turn.NONE)
    yield cards.reminder(meeting, t)
    yield cards.reminder(meeting, t, soon=True)
    yield cards.shown(meeting, t)
    yield cards.voted(meeting, t)
    yield turns.turn(meeting, Turn.FACILITATOR, t)
    yield cards.room(meeting, t)
    yield cards.worth(meeting, 3, t, closed=False)
    yield cards.worth(meeting, None, t, closed=True)
    yield cards.vote(meeting, t)
    yield turns.swap_form(meeting, others, t)
    yield turns.swap(meeting, swap, t)
    yield turns.swap(meeting, replace(swap, agreed=True), t)
    yield turns.swap_done(meeting, t)
    yield Card(("x",), cards.front([meeting], [GROUP], {"g1": [Outcome("s1", 5, 20)]}, t))
    off = replace(meeting, session=replace(SESSION, state=SessionState.CANCELLED))
    yield cards.reminder(off, t)
    yield cards.voted(off, t)
    brought = [
        SessionCase(str(number), "s1", f"p{number % MOST_SEATS}", "&" * LONGEST_CASE, MONDAY_TEN)
        for number in range(MOST_SEATS * MOST_CASES)
    ]
    yield cases.cases(meeting, brought, t)


def apart(t: Texts) -> Iterator[Card | Form]:
    mine = [
        SessionCase(str(number), "s1", "p0", "&\n" * (LONGEST_CASE // 2), MONDAY_TEN)
        for number in range(MOST_CASES)
    ]
    kept = [
        Keepsake("p0", f"s{number}", "&" * LONGEST_KEEPSAKE, MONDAY_TEN)
        for number in range(keepsakes.MOST_KEPT + 5)
    ]
    request = Request("r", "w", "p1", "g1", "&" * LONGEST_WHY, MONDAY_TEN)
    found = [("&" * 80, kind) for kind in Identifying] * 3
    yield cases.case_form(SESSION, t)
    yield cases.case_form(SESSION, t, "&" * LONGEST_CASE, found, again=True)
    yield replace(cases.case_form(SESSION, t, "x"), errors={shared.WORDS: ("no",)})
    yield cases.case_kept(mine[0], t)
    yield cases.case_taken_back(t)
    yield cases.my_cases(SESSION, mine, t)
    yield agreement.agreement(GROUP, t, cycle="c", has_agreed=False)
    yield agreement.agreement(GROUP, t, cycle="c", has_agreed=True)
    yield agreement.agreement_only(replace(GROUP, agreement=""), t)
    yield agreement.agreement_form(GROUP, t)
    yield agreement.agreement_saved(GROUP, t)
    yield agreement.disagreed(GROUP, t)
    yield keepsakes.keepsake_form("s1", "x", t)
    yield keepsakes.keepsake_kept(t)
    yield keepsakes.keepsakes(kept, t)
    yield keepsakes.keepsakes([], t)
    yield requests.ask_form([replace(GROUP, id=str(number)) for number in range(20)], (), t)
    yield requests.ask_sent((), t)
    yield requests.request(request, PEOPLE["p1"], GROUP, t)
    yield requests.request(None, None, None, t)
    yield Card(("x",), requests.requests([request] * requests.MOST_REQUESTS, PEOPLE, t))
    yield requests.request_done(t)
    yield cards.reminders_form(Choices("p0"), t)
    yield cards.reminders_saved(t)
    yield turns.swap_asked(PEOPLE["p1"], t)
    yield turns.swap_over(t)
    yield shared.over(t)


@pytest.mark.parametrize("locale", ["lv", "en"])
def test_every_card_fits_everywhere(locale: str) -> None:
    t = texts(locale)
    for meeting in meetings():
        for card in around_a_session(meeting, t):
            show_everywhere(card)
    for card in apart(t):
        show_everywhere(card)


@pytest.mark.parametrize(("locale", "shown"), [("lv", "[vārds]"), ("en", "[name]")])
def test_a_spotted_name_is_called_a_persons_name(locale: str, shown: str) -> None:
    """Latvian has other words for what a person and what a thing is called."""
    assert cases.placeholder(Identifying.NAME, texts(locale)) == shown
