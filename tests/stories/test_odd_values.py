"""Whatever is sent is answered, at its field, and what is kept can be shown on every platform."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest

import handlers
from handlers.availability.coverage import RULE, CoverageRule
from handlers.availability.meetings import TeamMeeting, TeamMeetings
from handlers.availability.reliefs import Relief, Reliefs
from handlers.availability.rest import wall_time
from handlers.kit.commands import Route, Value
from handlers.kit.people import Person, Role
from handlers.kit.settings import Section
from handlers.learning.model import (
    CourseDate,
    CourseDates,
    CourseRequest,
    CourseRequests,
    CourseSeat,
    CourseSeats,
    Offerings,
    SeatState,
)
from handlers.offers import booking
from handlers.offers.model import GiftCode, GiftCodes, KeptRules, Offer, Offers, RemedyKind
from handlers.practice.own.model import Proposal, Proposals, ProposalState, fields_of
from handlers.practice.own.rules import PARTS
from handlers.practice.together.model import RolePlay, RolePlays, Stage
from handlers.routes import ROUTES
from handlers.shifts.feeds.model import Feed, FeedKind, ShiftFeeds
from handlers.voice.model import VoiceKind
from handlers.voice.named.model import Letter, Letters, LetterState
from handlers.voice.unlinked.model import Unlinked, Written, code_of, receipt_of
from handlers.work import Occasion, Services
from storage.sealed import Seal
from storage.work import SqlWork
from tests.explorer import COLLEAGUE, Explorer, Offered
from tests.odd_values import KEPT
from tests.stories.odd_things import walk_what_takes_days
from tests.stories.supervision_sessions import meeting, sessions
from tests.world import MONDAY_TEN, SECRET, World

AnyExplorer = TypeVar("AnyExplorer", bound=Explorer)

LENIENT = {
    "hand.raise": "a hand goes up, whatever a form sends",
    "session.ask.send": "whoever says that it was too much is heard, whatever a form sends",
    "session.case.take": "what is gone already is gone",
    "session.swap.send": "who can't come is no choice any more, and often nobody is left",
}
"""Routes that do what they can instead of asking again, and why."""

WELCOME = {
    "cover.agree": "whoever can look after somebody's topics is welcome",
    "break.cover": "whoever covers is welcome",
    "hand.take": "whoever comes is welcome",
    "hand.join": "so is a second one",
    "learn.take": "a class's seats are for everybody",
    "learn.wait": "so is its waiting list",
    "meeting.over": "who leads may say that a team's meeting is over",
    "shift.feed.now": "coordinators see to what another of them set",
    "shift.feed.stop": "so they do here",
    "offer.sign": "any supervisor or coordinator may sign",
    "voice.post.delete": "a coordinator may take down what anybody put on the board",
}
"""Routes that change what is another's, by whoever asks it, and why."""

FOR_ALL = {
    "voice.post.delete": "shows the board as it is then, which everybody reads",
}
"""Routes without a role that show another's words, and why."""

TEXTS = {
    "away": ("9.3.-13.3.",),
    "here": ("20:00",),
    "calm": ("shouting", "qwxz"),
    "cover": ("30", f"until 16:00 {COLLEAGUE}"),
    "meeting": ("30",),
    "caller": ("+37120000001",),
    "draft": ("bill", "qwxz"),
    "hand": ("contracts",),
    "learn": ("seniors", "qwxz"),
    "policy": ("threat", "he shouts", "qwxz"),
    "break": ("5",),
}
"""What may stand behind a command and leads elsewhere."""

KEEP_NOTHING = {
    "competence.away": "there is one, and the last one stays",
    "break.status.off": "nobody here permitted their status to be set",
    "home": "what the page stands on is kept by the platform that shows it",
    "offer.code": "the code was shown when the customer accepted it",
    "session.disagree": "a no is not kept: it looks like a silence",
    "vent": "asks with whom",
    "vent.next": "asks the next one",
}
"""Routes that write nothing here, and why."""

ELSEWHERE = {
    "hand.join": "test_living_hand.py",
    "meeting.over": "test_cover.py",
    "meeting.plan": "test_cover.py",
    "practice.own.withdraw": "test_practice_own.py",
    "shift.feed.now": "test_shift_feeds.py",
    "shift.feed.save": "test_shift_feeds.py",
    "shift.feed.stop": "test_shift_feeds.py",
    "thanks.show": "test_thanks.py",
}
"""Routes that are asked here of what is not theirs to change, and the story in which it is."""

PAGES = ("home", "settings", "help", "hand.form", "topics", "people")
"""What shows what others wrote, whatever was kept last."""

BY_HAND: Mapping[str, Mapping[str, Value]] = {
    "competence.away": {"entry": "client_orientation"},
    "break.status": {},
    "break.status.off": {},
    "cover.agree": {"cover": "cover1"},
    "cover.end": {"cover": "cover1"},
    "cover.not": {"cover": "cover1"},
    "drill.weekly": {"on": "yes"},
    "hand.join": {"case": "c1"},
    "known.end": {"topic": "bills"},
    "learn.attending": {"date": "d3"},
    "learn.call_off": {"date": "d4"},
    "learn.came": {"date": "d3"},
    "learn.offer": {"entry": "empathy"},
    "learn.request": {"request": "q1"},
    "learn.request.no": {"request": "q1"},
    "learn.tried": {"about": "d3"},
    "meeting.over": {"meeting": "meeting1"},
    "meeting.plan": {},
    "plan.go_on": {},
    "plan.keep": {},
    "policy.unfound": {},
    "practice.watching": {"skip": "1", "indicators": "hears_out"},
    "scenario.form": {"entry": "bill_twice"},
    "session.cases": {"session": "s1"},
    "session.keepsake.delete": {"session": "s1"},
    "session.read": {},
    "session.request.done": {"request": "r1"},
    "session.vote": {"session": "s2", "choice": "stay"},
    "shift.feed": {"feed": "feed1"},
    "shift.feed.now": {"feed": "feed1"},
    "shift.feed.stop": {"feed": "feed1"},
    "supervision.asker": {"group": "g1", "person": "p1"},
    "supervision.leave": {"group": "g1"},
    "vent.next": {"person": "p1"},
}
"""Routes whose buttons come only after days of a story, and what those carry; and one that another
hands over to."""


@pytest.mark.slow
async def test_whatever_is_sent_is_answered_and_what_is_kept_can_be_shown(world: World) -> None:
    """All routes, all fields of all forms, all values of all buttons, on all three platforms; and
    each once more by somebody of another workspace."""
    found = await explored(world, Explorer)
    left_out = {route.name for route in ROUTES} - found.met
    assert sorted(left_out) == [], "nothing leads to these: offer them in this story, or in BY_HAND"
    assert found.wrong == []
    writes = {route.name for route in ROUTES if not route.reads}
    idle = writes - found.wrote - KEEP_NOTHING.keys() - ELSEWHERE.keys()
    assert not idle, f"these never kept anything, offer them in odd_things.py: {sorted(idle)}"
    assert found.cases > 20 * len(ROUTES)


def role_play(explorer: Explorer, asker: Person, partner: Person) -> None:
    """Two practise a call, and what that offers them is walked on the way."""
    play = RolePlay(
        *("play", asker.workspace, asker.id, partner.id, "bill_twice", "crying", 1, ("hears_out",)),
        *(Stage.ASKING, explorer.now + timedelta(minutes=10)),
    )
    explorer.work.of(RolePlays).save(play)
    with_it = {"play": play.id}
    explorer.walk(Offered(partner, "practice.not_now", with_it))
    explorer.walk(Offered(asker, "practice.end", with_it))
    explorer.does(Offered(partner, "practice.join", with_it))
    explorer.walk(Offered(asker, "practice.join", with_it))
    explorer.does(Offered(partner, "practice.onward", {**with_it, "stage": "first"}))
    explorer.does(Offered(asker, "practice.onward", {**with_it, "stage": "second"}))
    explorer.walk(Offered(asker, "practice.tell", with_it))
    explorer.walk(Offered(asker, "practice.told.delete", with_it))


def typed_behind(route: Route) -> Iterator[str]:
    """What is typed behind the route's word: nothing, and what leads elsewhere."""
    yield ""
    if route.typed is not None and route.typed.to_people:
        yield f"{COLLEAGUE} for the evening"
    yield from TEXTS.get(route.name, ())


async def explored(world: World, kind: type[AnyExplorer]) -> AnyExplorer:
    people = await meeting(world, open_for_asking=True)
    boss = await world.person("Boss", Role.ADMIN, Role.SUPERVISOR, Role.COORDINATOR, locale="lv")
    colleague, anna, bystander = (
        await world.person(COLLEAGUE),
        await world.known("Anna"),
        await world.person("Viltnis", helps=False),
    )
    roles = (Role.ADMIN, Role.SUPERVISOR, Role.COORDINATOR)
    outsider = await world.person("Stranger", *roles, workspace="T2")
    inside = (*people, boss, colleague, anna)
    # Anna is also whom the people list names as an example.
    insiders = {one for person in inside for one in (person.id, person.name)} - {"Anna"}

    def explore(work: SqlWork) -> AnyExplorer:
        seal = Seal(SECRET)
        explorer = kind(work, seal, world.now, world.engine.services, LENIENT)
        explorer.outsider, explorer.insiders = outsider, frozenset(insiders)
        explorer.bystander, explorer.welcome, explorer.for_all = bystander, WELCOME, FOR_ALL
        explorer.pages = tuple(Offered(boss, name) for name in PAGES)
        session = sessions()[1]
        for does in ("new", "sizes", "group", "hand_over", "dates", "cycle", "date"):
            of_group = {"group": session.group, "session": session.id}
            explorer.walk(Offered(boss, f"supervision.{does}", of_group))
        explorer.walk(Offered(anna, "session.show", {"session": session.id}))
        explorer.walk(Offered(anna, "session.reminders"))
        explorer.walk(Offered(colleague, "supervision.ask_in", {"group": session.group}))
        explorer.does(Offered(anna, "practice.begin", {"entry": "bill_twice"}))
        explorer.walk(Offered(anna, "practice.mine"))
        role_play(explorer, anna, colleague)
        explorer.walk(Offered(boss, "offer.rules"))
        explorer.does(Offered(boss, "offer.rules.adopted", {"version": "1"}))
        explorer.walk(Offered(boss, "draft", text="adopt"))
        explorer.does(Offered(boss, "answers.adopted", {"version": "1"}))
        gift = given(work, anna, world.engine.services)
        explorer.walk(Offered(anna, "offer.code", {"offer": gift}))
        walk_what_takes_days(explorer, anna, colleague, boss)
        for by in (boss, anna, colleague):
            for route in ROUTES:
                if (route.typed or route.behind) and (by is boss or route.role is None):
                    for text in typed_behind(route):
                        explorer.walk(Offered(by, route.name, text=text))
        shifts_there(work, boss, colleague, world.now)
        lessons = (*taught(work, colleague, anna), *own_calls(work, anna, boss))
        for by, does, values in (*lessons, *voices(work, anna, colleague, boss)):
            explorer.walk(Offered(by, does, values))
        role_of = {route.name: route.role for route in ROUTES}
        for name, values in BY_HAND.items():
            explorer.walk(Offered(boss if role_of[name] else anna, name, values))
        explorer.does(Offered(anna, "plan.choose", {"preset": "hourly"}))
        RULE.put(work.settings, anna.workspace, CoverageRule(keep=50))
        for one in inside:  # a team, whose breaks need one another
            work.people.save(replace(one, manager="Līga"))
        explorer.walk(Offered(anna, "break", text="6"))
        session = sessions()[0]
        explorer.wait(world.now + timedelta(hours=2))
        explorer.wait(session.starts_at - timedelta(hours=20))
        explorer.wait(session.starts_at - timedelta(minutes=10))
        explorer.wait(session.starts_at + timedelta(minutes=5))
        for person in people:
            explorer.does(Offered(person, "session.here", {"session": session.id}))
        explorer.wait(session.ends_at + timedelta(minutes=20))
        for by in (boss, anna):
            explorer.walk(Offered(by, "supervision"))
        return explorer

    explorer = await world.engine.database.run(lambda work: explore(work).finished())
    world.platform.now = explorer.now
    return explorer


def shifts_there(work: SqlWork, boss: Person, colleague: Person, now: datetime) -> None:
    """A colleague wants somebody to look after their topics, has a calendar of shifts, and is in a
    meeting."""
    later = now + timedelta(hours=1)
    work.of(Reliefs).put(Relief("cover1", colleague.workspace, colleague.id, 30, now, later, later))
    work.of(TeamMeetings).add(
        TeamMeeting("meeting1", boss.workspace, boss.id, now, later, (colleague.id,))
    )
    address = "https://planner.example/s3cret.ics"
    of_colleague = boss.id, colleague.id, FeedKind.CALENDAR
    work.of(ShiftFeeds).put(Feed("feed1", boss.workspace, *of_colleague, address, later))


def own_calls(
    work: SqlWork, author: Person, coordinator: Person
) -> tuple[tuple[Person, str, Mapping[str, Value]], ...]:
    """A call that can be offered, one that waits, written in both languages, and one that is in
    the library. Answers what leads to all of it."""
    words = {
        part: {field: {"en": "Made up", "lv": "Izdomāts"} for field in fields_of(part)}
        for part in PARTS
    }
    until = MONDAY_TEN + timedelta(days=60)
    for state in ProposalState:
        one = Proposal(f"own_{state}", author.workspace, author.id, "en", until, state)
        one = replace(one, indicators=("hears_out",), words=words, round=1, entry="crying")
        work.of(Proposals).put(one)
    return (
        *((author, "practice.own.open", {"proposal": f"own_{state}"}) for state in ProposalState),
        (coordinator, "practice.offered", {}),
        (coordinator, "practice.offered.form", {"proposal": "own_offered", "part": "call"}),
    )


def taught(
    work: SqlWork, pupil: Person, trainer: Person
) -> tuple[tuple[Person, str, Mapping[str, Value]], ...]:
    """A class with a free seat, one that is full, one that is over, and what two agreed on; and a
    request. Answers what leads to all of it."""
    starts_at = MONDAY_TEN + timedelta(days=14)
    first = CourseDate(
        "d1",
        trainer.workspace,
        "working_with_seniors",
        wall_time(starts_at, trainer.zone),
        trainer.zone,
        starts_at,
        starts_at + timedelta(minutes=90),
        1,
        MONDAY_TEN,
        place="204",
    )
    later = starts_at + timedelta(days=1)
    full = replace(first, id="d2", starts_at=later, ends_at=later + timedelta(minutes=90))
    before = MONDAY_TEN - timedelta(days=15)
    over = replace(
        first,
        id="d3",
        trainer=trainer.id,
        starts_at=before,
        ends_at=before + timedelta(minutes=90),
    )
    last = later + timedelta(days=1)
    agreed = replace(
        first,
        id="d4",
        course="empathy",
        trainer=trainer.id,
        is_private=True,
        starts_at=last,
        ends_at=last + timedelta(minutes=90),
    )
    for one in (first, full, over, agreed):
        work.of(CourseDates).put(one)
    work.of(CourseSeats).put(
        [
            CourseSeat("d2", pupil.id, SeatState.TAKEN, MONDAY_TEN),
            CourseSeat("d3", trainer.id, SeatState.ATTENDED, MONDAY_TEN),
            CourseSeat("d4", pupil.id, SeatState.TAKEN, MONDAY_TEN),
        ]
    )
    work.of(Offerings).add(trainer.workspace, "empathy", pupil.id)
    work.of(CourseRequests).put(
        CourseRequest(
            "q1", pupil.workspace, "empathy", pupil.id, trainer.id, "Any morning", MONDAY_TEN
        )
    )
    return (
        (trainer, "learn.date", {"date": "d1"}),
        (trainer, "learn.wait", {"date": "d2"}),
        (pupil, "learn.leave", {"date": "d2"}),
        (trainer, "learn.ask", {"entry": "empathy", "person": pupil.id}),
    )


def given(work: SqlWork, agent: Person, services: Services) -> str:
    """A gift card that the agent's customer accepted."""
    on = Occasion(work, MONDAY_TEN, services)
    code = GiftCode("ODD-VALUE-1", 1_500, "EUR", None)
    work.of(GiftCodes).bring_in(agent.workspace, [code], on.now)
    offer = Offer(
        "gift", agent.workspace, agent.id, on.now, None, kind=RemedyKind.GIFT_CARD, cents=1_500
    )
    offer = replace(offer, occasion="billing_fault", version=1, limits_version=1)
    work.of(Offers).begin(offer)
    rules = work.of(KeptRules).in_force(agent.workspace, on.now)
    assert rules is not None
    booking.post(booking.hold(offer, rules, on), on)
    return offer.id


def voices(
    work: SqlWork, author: Person, colleague: Person, reader: Person
) -> Iterator[tuple[Person, str, Mapping[str, Value]]]:
    """A letter, and a note without a name that is out: what each of them can do with it."""
    due = MONDAY_TEN + timedelta(days=7)
    letter = Letter(
        *("letter", author.workspace, author.id, colleague.id, None, "Why?", LetterState.OPEN),
        *(MONDAY_TEN, due, due),
    )
    work.of(Letters).add(letter)
    yield from ((one, "voice.named.open", {"letter": "letter"}) for one in (author, colleague))
    code, kept = code_of("form"), work.of(Unlinked)
    written = Written(receipt_of(code), VoiceKind.CHANGE, "It could be otherwise")
    kept.wait(author.workspace, "form", written, MONDAY_TEN, due)
    kept.let_out(kept.due(MONDAY_TEN, 1), MONDAY_TEN)
    (note,), _ = kept.that_wait(author.workspace, 1)
    yield reader, "voice.note", {"note": note.id}
    for does in ("voice.more.form", "voice.take_back"):
        yield author, does, {"code": code}


@pytest.mark.slow
async def test_whatever_settings_hold_everything_can_be_shown(world: World) -> None:
    """What an older version wrote, or something broke: each field of each section."""
    boss = await world.person("Boss", Role.ADMIN, Role.SUPERVISOR, Role.COORDINATOR, locale="lv")
    asked = [route.name for route in ROUTES if route.name.startswith("settings") and route.reads]
    asked += [*PAGES, "hand", "break", "vent", "topics.form", "plan", "vent.settings.form"]
    asked += ["vent.limits", "supervision.sizes"]

    def look(work: SqlWork) -> list[str]:
        seal = Seal(SECRET)
        explorer = Explorer(work, seal, world.now, world.engine.services, LENIENT)
        explorer.pages = tuple(Offered(boss, name) for name in dict.fromkeys(asked))
        for section in sections():
            usual = section.kept(section.usual)
            odd: list[dict[str, object]] = [{}, {"more": 1}]
            for kept in (*odd, *(usual | {name: value} for name in usual for value in KEPT)):
                explorer.holds(boss.workspace, section.name, kept)
        return explorer.wrong

    assert await world.engine.database.run(look) == []


def test_a_field_that_can_not_be_read_leaves_the_others() -> None:
    kept: dict[str, object] = {"keep": "x", "share": 25, "hard_first": False, "older": 1}

    class Kept:
        def get(self, workspace: str, section: str) -> dict[str, object] | None:
            return kept

        def put(self, workspace: str, section: str, value: dict[str, object]) -> None:
            raise AssertionError("reading writes nothing")

    assert RULE.of(Kept(), "w") == CoverageRule(keep=1, share=25, hard_first=False)


def sections() -> Iterator[Section[Any]]:
    """All there are, wherever they stand."""
    found: dict[str, Section[Any]] = {}
    for module in pkgutil.walk_packages(handlers.__path__, "handlers."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, Section):
                found[value.name] = value
    assert len(found) >= 7
    yield from found.values()
