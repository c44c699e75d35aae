"""The year's walk for what people do between calls (shifts, cover, meetings, learning, practice,
voice, thanks), and for what is remembered of calls, callers, offers and drafts."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.fetching import Fetcher
from handlers.kit.hours import parse_hours
from handlers.kit.people import Role
from storage import cleaning
from storage.database import Database
from storage.schema import metadata
from tests.fakes.calendar_server import FakeCalendarServer, calendar_server
from tests.storage.test_year import DAY, SECOND, a_day_of_everything, at, bytes_of, naming
from tests.stories.offers import picks
from tests.stories.telephones import NUMBER, PretendTelephones
from tests.stories.test_practice_own import CALL, texts
from tests.stories.test_shift_feeds import event as shift
from tests.stories.test_shift_feeds import fetched
from tests.stories.test_voice import writes
from tests.world import World, card, form, open_world

OFFICE = parse_hours("Mon-Fri 09:00-18:00")
NAMES = ("Alma", "Berta", "Cilda", "Dzidra", "Elza", "Frida", "Gita", "Herta")
WORDS = "kvarcs rūsas"
"""Stands in everything that anybody writes on that day."""

NUMBERS = (b"20000001", b"2000 0001", b"26000999", b"26 000 999")
"""Whoever called."""

STANDING = {
    *("people", "people_names", "addresses", "email_marks", "break_habits", "diaries"),
    *("library_adoptions", "library_versions", "calendar_addresses"),
}
"""Where somebody stands as long as they use Plecs, or what they saved holds."""


@pytest.fixture
async def calendars() -> AsyncIterator[FakeCalendarServer]:
    async with calendar_server() as fake:
        yield fake


async def team(world: World) -> dict[str, str]:
    """Eight agents of Boss's, known by their extension; answers who has which id."""
    people = {}
    for name in NAMES:
        topics = ("bills",) if name in ("Berta", "Cilda") else ()
        one = await world.person(name, manager="Boss", hours=OFFICE, extension=name, topics=topics)
        people[name] = one.id
    await world.person("Boss", Role.SUPERVISOR, hours=OFFICE)
    await world.person("Dace", Role.COORDINATOR, Role.ADMIN, hours=OFFICE)
    for typed in ("/offer rules", "/draft adopt"):
        await world.says("Dace", typed)
        await world.presses("Dace", "Adopt all drafts")
    return people


async def of_shifts(world: World, calendars: FakeCalendarServer) -> None:
    """A calendar is fetched, a day is swapped, topics are looked after, a team
    meets."""
    calendars.events = [shift("0303", "09-17"), shift("0304", "06-14"), shift("0305", "12-20")]
    await world.says("Alma", "/plecs shift calendar")
    asked = form(await world.presses("Alma", "Set its address"))
    await world.fills("Alma", asked, address=f"{calendars.url}/calendars/s3cret.ics")
    await fetched(world, Fetcher({"127.0.0.1"}))
    asked = form(await world.says("Alma", "/plecs shift swapped with Berta 4.3."))
    await world.fills("Alma", asked, colleague=("Berta",), gives="2026-03-04")
    await world.presses("Berta", "Agree")
    await world.says("Berta", "/cover 30 @Cilda")
    await world.presses("Cilda", "I'll do it")
    asked = form(await world.says("Boss", "/plecs meeting 20"))
    await world.fills("Boss", asked, team="team:Boss")


async def of_calls(world: World) -> None:
    """The same number calls twice; a line is kept of it, and an offer made."""
    system = PretendTelephones(world)
    await system.answered("c1", "Alma")
    await world.says("Alma", "/caller")
    await system.ended("c1")
    asked = form(
        await world.presses("Alma", "Two lines about it", card(await world.says("Alma", "/caller")))
    )
    await world.fills("Alma", asked, topic="bills", promised=WORDS, due="2026-03-04", helped=WORDS)
    await world.forward(minutes=3)
    await system.answered("c2", "Berta")
    shown = await picks(world, "Berta", "missed visit", NUMBER)
    await world.presses("Berta", "Offer €15", shown)
    await world.presses("Berta", "The customer accepts")
    await system.ended("c2")
    await picks(world, "Alma", "missed visit", "+371 26 000 999")


async def of_drafts(world: World) -> None:
    """What was asked is looked for, not found, and fitted by a language model."""
    await world.says("Cilda", "/draft more time to pay")
    await world.presses("Cilda", "Use as is")
    wrong = form(await world.presses("Cilda", "Something is wrong"))
    await world.fills("Cilda", wrong, words=WORDS)
    await world.says("Cilda", f"/draft bill {WORDS}")
    await world.presses("Cilda", "None fits")
    shown = card(await world.says("Cilda", f"/draft bill twice as high {WORDS}"))
    shown = card(await world.presses("Cilda", "Fit to this case", shown))
    world.model.answers = [{"parts": [{"source": 1, "text": WORDS}]}]
    await world.presses("Cilda", "Send it", shown)


async def of_learning(world: World) -> None:
    """A seat is taken, and one to one asked for and agreed."""
    await world.says("Dace", "/learn seniors")
    asked = form(await world.presses("Dace", "Plan a date"))
    day = (world.now + 7 * DAY).date().isoformat()
    filled = {"day": day, "start": "14:00", "minutes": "90", "seats": "2", "place": "204"}
    await world.fills("Dace", asked, **filled)
    await world.says("Dzidra", "/learn seniors")
    await world.presses("Dzidra", "Open")
    await world.presses("Dzidra", "Take a seat")
    await world.says("Elza", "/learn empathy")
    await world.presses("Elza", "I can offer this")
    await world.says("Frida", "/learn empathy")
    await world.fills("Frida", form(await world.presses("Frida", "Ask")), words=WORDS)


async def of_practice(world: World) -> None:
    """Alone, with a colleague, with a model, and a call of one's own."""
    await world.says("Gita", "/practice shouting")
    await world.presses("Gita", "Begin")
    await world.presses("Gita", "Say B")
    asked = form(await world.says("Gita", "/practice with"))
    await world.fills("Gita", asked, colleague=("Herta",), indicators=("hears_out",))
    await world.presses("Herta", "Now is good")
    await world.forward(minutes=17)
    written = form(await world.presses("Herta", "Write it"))
    await world.fills("Herta", written, **{written.fields[0].name: WORDS})
    await world.ask(world.command("Herta", "practice.talk", values={"entry": "shouting"}))
    world.model.answers = [{"says": WORDS, "heat": 4}]
    await world.fills("Herta", form(await world.presses("Herta", "I say…")), words=WORDS)
    await world.says("Frida", "/practice")
    await world.presses("Frida", "A call of my own")
    asked = form(await world.presses("Frida", "Write a call down"))
    own = {**texts(asked), **CALL, "situation": WORDS}
    await world.fills("Frida", asked, **own, indicators=("hears_out",))


async def of_voice(world: World) -> None:
    """To one person, without a name, and on the board; and thanks, shown to somebody."""
    await world.says("Dzidra", "/voice")
    asked = form(await world.presses("Dzidra", "With my name"))
    await world.fills("Dzidra", asked, receiver="Boss", words=WORDS)
    for name in NAMES[:3]:
        await writes(world, name, f"{name}: {WORDS}")
    await world.says("Alma", f"/thanks Berta {WORDS}")
    asked = form(await world.presses("Berta", "Show it to somebody"))
    await world.fills("Berta", asked, readers=("Boss",))
    await world.forward(hours=2)
    await world.presses("Dace", "Read")
    await world.presses("Dace", "Open")
    await world.fills("Dace", form(await world.presses("Dace", "Answer")), words=WORDS)
    asked = form(await world.ask(world.command("Dace", "voice.board.form")))
    await world.fills("Dace", asked, words=WORDS, because=WORDS)


async def a_day_between(world: World, calendars: FakeCalendarServer) -> dict[str, str]:
    people = await team(world)
    await of_shifts(world, calendars)
    await of_calls(world)
    await of_drafts(world)
    await of_learning(world)
    await of_practice(world)
    await of_voice(world)
    asked = form(await world.ask(world.command("Dace", "settings.voice")))
    await world.fills("Dace", asked, pulse="yes")
    return people


@contextmanager
def written_to(database: Database) -> Iterator[set[str]]:
    """The tables into which a row was written meanwhile."""
    found: set[str] = set()

    def see(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        if into := re.match(r"INSERT (?:OR \w+ )?INTO \"?(\w+)", statement):
            found.add(into[1])

    event.listen(database.engine, "before_cursor_execute", see)
    yield found
    event.remove(database.engine, "before_cursor_execute", see)


async def a_month_of_questions(world: World) -> None:
    """April's, answered by all eight; and then none any more."""
    await at(world, datetime(2026, 4, 7, 6, 1, tzinfo=UTC))  # Monday is Easter's
    for name in NAMES:
        await world.presses(name, "Open the three questions")
        asked = form(await world.presses(name, "Answer"))
        await world.fills(name, asked, said="2", helped="5", rested="4")
    await world.forward(days=8)
    asked = form(await world.ask(world.command("Dace", "settings.voice")))
    await world.fills("Dace", asked, pulse="no")


A_DAY_LATER = {
    **{key: {"Alma"} for key in ("call_notes", "promises")},
    **{key: {"Alma", "Berta"} for key in ("calls", "shift_swaps", "shifts", "thanks")},
    "offers": {"Berta"},
    "library_unfound": {"Cilda"},
    **{key: {"Dzidra"} for key in ("voice_letters", "learning_seats")},
    "learning_requests": {"Elza", "Frida"},
    "practice_own": {"Frida"},
    "practice_runs": {"Gita"},
    "role_play_words": {"Gita", "Herta"},
}

UNTIL_THEY_SAY_SO = {
    "learning_offerings": {"Elza"},
    **{key: {"Alma"} for key in ("shift_feeds", "shift_feed_people")},
    "offer_parties": {"Berta"},
}
"""What somebody offers, and an address they set; and five years of accounts."""

GONE: dict[int, set[str]] = {
    15: {"library_unfound"},
    31: {"shifts", "calls", "call_notes", "role_play_words", "learning_requests"},
    61: {"practice_own"},
    92: {"shift_swaps"},
    200: {"voice_letters"},
    367: {"offers", "thanks", "practice_runs"},
    398: {"promises"},
    740: {"learning_seats"},
}
"""What names nobody any more, from so many days on."""


@pytest.mark.slow
async def test_of_a_day_between_calls_stays_what_was_promised(
    url: str,
    calendars: FakeCalendarServer,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with open_world(url) as world:
        database = world.engine.database
        people = await a_day_between(world, calendars)
        over = world.now

        async def named(when: datetime) -> dict[str, set[str]]:
            await at(world, when)
            found = await naming(world, people)
            if database.is_sqlite or when >= over + 700 * DAY:  # PostgreSQL vacuums for seconds
                stored = await asyncio.to_thread(bytes_of, database, url)
                assert [one for one in NUMBERS if one in stored] == []
                assert (WORDS.encode() in stored) == (when < over + 31 * DAY)
            return {table: who for table, who in found.items() if table not in STANDING}

        left = A_DAY_LATER | UNTIL_THEY_SAY_SO
        messages = {"outbox": set(NAMES)}
        assert await named(over + DAY + SECOND) == left | messages
        for days, gone in GONE.items():
            left = {table: who for table, who in left.items() if table not in gone}
            found = await named(over + days * DAY + SECOND)
            # The letter waits for an answer, and says so.
            assert found == left | ({"outbox": {"Dzidra"}} if days == 15 else {}), days
            if days == 31:
                await a_month_of_questions(world)

        assert left == UNTIL_THEY_SAY_SO
        figures = (await world.engine.figures()).decode()
        assert [one for one in (*people, *people.values(), WORDS) if one in figures] == []
        exported = {
            name: await database.run(
                lambda work, person=person: cleaning.export(work.connection, person, work.seal)  # type: ignore[misc] # bound now
            )
            for name, person in people.items()
        }
        assert WORDS not in repr(exported)
        for person in people.values():
            await database.run(lambda work, person=person: cleaning.erase(work.connection, person))  # type: ignore[misc] # bound now
        stored = await asyncio.to_thread(bytes_of, database, url)
        assert [name for name, person in people.items() if person.encode() in stored] == []
    written = capsys.readouterr()
    assert not re.search("|".join((WORDS, *NAMES)), written.out + written.err)


ELSEWHERE = {
    **dict.fromkeys(
        ("clock_steps", "heartbeats", "moves", "revisions", "workspace_places", "drills"),
        "Plecs's own: names nobody",
    ),
    **dict.fromkeys(("alerts", "hand_days", "week_reports"), "counts and states"),
    **dict.fromkeys(("slack_installations", "statuses", "local_messages"), "a platform's"),
    **dict.fromkeys(("teams_chats", "teams_conversations"), "a platform's"),
    **dict.fromkeys(
        (
            *("break_habits", "calendar_addresses", "email_marks", "listeners"),
            *("reminder_choices", "vent_blocks"),
        ),
        "as long as somebody wants it, or is there",
    ),
    "telephone_addresses": "a workspace's",
    "caller_objections": "as long as it stands",
    "break_covers": "until the break is over: tests/stories/test_break_cover.py",
    "call_endings": "test_promised.py",
    "offer_asked": "gone with the signature: tests/stories/test_offer_keeping.py",
    "offer_codes": "tests/stories/test_offer_keeping.py",
    **dict.fromkeys(("break_plans", "reminders"), "tests/storage/test_plans.py"),
    **dict.fromkeys(
        ("learning_accounts", "learning_enrolments", "learning_notes", "learning_statements"),
        "tests/storage/test_learning.py",
    ),
    "short_rests": "until it is over",
}
"""What neither of the two days has; why, or where its end is shown."""


@pytest.mark.slow
async def test_every_table_is_walked(
    empty_sqlite: Path, tmp_path: Path, calendars: FakeCalendarServer
) -> None:
    """One that is new is named here, until somebody walks it."""
    walked: set[str] = set()
    for day in ("calls", "between"):
        file = shutil.copy(empty_sqlite, tmp_path / f"{day}.db")
        async with open_world(f"sqlite:///{file}") as world:
            with written_to(world.engine.database) as found:
                if day == "calls":
                    await a_day_of_everything(world)
                else:
                    await a_day_between(world, calendars)
                    await a_month_of_questions(world)
            walked |= found
    of_sessions = {one for one in metadata.tables if one.startswith("supervision_")}
    assert walked | of_sessions | set(ELSEWHERE) == set(metadata.tables)
    assert walked & set(ELSEWHERE) == set()
