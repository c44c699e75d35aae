"""One colleague's row is odd, as another machine, an earlier version or a hand in the database left
it: everybody else is answered, and asked, as ever."""

import shutil
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError
from structlog.testing import capture_logs

from handlers.kit.about import pack
from handlers.kit.cards import Card, Form
from handlers.kit.notices import Notice, Priority
from handlers.kit.people import Address, Kind, Profile, Role
from handlers.kit.told import LONGEST_NAME, checked
from handlers.plans.model import PROPOSAL, Preset
from storage.work import SqlWork
from tests.world import MONDAY_TEN, World, lines, open_world, plain

ODD: dict[str, tuple[str, str | int]] = {
    "a zone of no machine": ("zone", "Mars/Olympus"),
    "no zone": ("zone", ""),
    "a folder for a zone": ("zone", "Europe"),
    "a way out of the zones": ("zone", "../../../etc/passwd"),
    "a language nobody speaks": ("platform_locale", "tlh-Qaak"),
    "no language": ("platform_locale", ""),
    "an odd language chosen": ("chosen_locale", "../lv"),
    "no name": ("name", ""),
    "a name nobody sees": ("name", "\u200b\u00a0\u2060"),
    "a name without an end": ("name", "Līga " + "Ļ" * 5_000),
    "a name of several lines": ("name", "Līga\nBērziņa\x07\u202e"),
    "hours that say nothing": ("hours", "sometimes"),
    "hours without an end": ("hours", "Mon-Fri 08:00-17:00;" * 500),
    "hours of no day": ("hours", "Mon 26:00-27:61"),
    "away till after the end of time": ("away_until", 2**63 - 1),
    "away since before the beginning": ("away_until", -(2**63)),
    "away until the calendar's last day": ("away_until", 253_402_300_700_000_000),
    "quiet without an end": ("quiet_until", 2**63 - 1),
    "quiet since before the beginning": ("quiet_from", -(2**63)),
}


@pytest.fixture(params=["sqlite", "postgresql"])
async def anywhere(
    request: pytest.FixtureRequest, empty_sqlite: Path, tmp_path: Path
) -> AsyncIterator[World]:
    """A whole Plecs over either database."""
    if request.param == "sqlite":
        url = f"sqlite:///{shutil.copy(empty_sqlite, tmp_path / 'world.db')}"
    else:
        url = request.getfixturevalue("migrated_postgres")
    async with open_world(url) as opened:
        yield opened


@pytest.fixture
async def team(world: World) -> World:
    """Anna, who needs something of people; Jānis, who is as ever; Līga, whose row may be odd."""
    return await with_team(world)


async def with_team(world: World) -> World:
    await world.person("Līga", Role.SUPERVISOR, topics=("contracts",))
    await world.person("Jānis", Role.SUPERVISOR, topics=("bills",))
    await world.person("Zane", *Role)
    await world.person("Anna", trusted=((await world.known("Līga")).id,))
    return world


async def spoil(world: World, user: str, column: str, value: str | int) -> bool:
    """Writes it over what stands there; answers whether the database itself took it."""
    quiet_too = ", quiet_from = 0" if column == "quiet_until" else ""
    change = text(f"UPDATE people SET {column} = :value{quiet_too} WHERE name = :user")  # noqa: S608 - ours

    def write(work: SqlWork) -> None:
        with work.connection.begin_nested():
            changed = work.connection.execute(change, {"value": value, "user": user})
            assert changed.rowcount == 1

    try:
        await world.engine.database.run(write)
    except DataError:  # PostgreSQL keeps nothing that is longer than its column
        return False
    return True


@pytest.mark.slow
async def test_everybody_is_answered_and_reminded_as_ever(anywhere: World) -> None:
    with capture_logs() as logs:
        await everybody_is_answered(anywhere)
    assert [one for one in logs if one["event"] == "card_failed"] == []


async def everybody_is_answered(anywhere: World) -> None:
    team = await with_team(anywhere)
    for odd in ODD:
        await team.person(odd, Role.SUPERVISOR, topics=("contracts",))
    trusted = tuple([(await team.known(odd)).id for odd in ODD])
    await team.person("Una", topics=("bills",), trusted=trusted)
    for user in ("Una", *ODD):
        await team.says(user, "/plecs plan")
        await team.presses(user, "5 minutes each hour")
        await team.says(user, "/plecs away until tomorrow")
    await team.engine.database.run(lambda work: two_that_wait(work, team.now))
    spoilt = [odd for odd, (column, value) in ODD.items() if await spoil(team, odd, column, value)]
    assert len(spoilt) > 15
    for user, words in (("Anna", "/hand contracts"), ("Una", "/hand bills")):
        assert isinstance(await team.says(user, words), Card)
    await team.says("Una", "/hand down")
    await team.forward(minutes=3)
    asked = {user for message in team.messages for user in message.to}
    assert {"Jānis", "Līga"} <= asked
    for user in ("Una", "Zane"):
        for words in ("/vent", "/break", "/break team", "/plecs", "/plecs people", "/plan"):
            assert isinstance(await team.says(user, words), Card | Form), words
    for odd in ODD:
        for words in ("/plecs", "/break 10"):
            assert await team.says(odd, words) is not None, words

    known = len(team.messages)
    team.platform.now = MONDAY_TEN + timedelta(hours=24)  # Tuesday at ten
    await team.settle()
    for _ in range(6):  # wherever in the hour her plan has it
        await team.forward(minutes=10)
    came = [one for one in team.messages[known:] if "Una" in one.to]
    assert any(plain(one.card.title).startswith("Time for a break") for one in came), "her plan"
    assert any("waited for you" in plain(one.card.title) for one in came), "what waited, together"
    asked = {user for message in team.messages for user in message.to}
    assert asked.intersection(ODD), "their hours and their language are the usual ones"


def two_that_wait(work: SqlWork, now: datetime) -> None:
    """Nothing urgent, for everybody in the team."""
    everybody, _ = work.people.search("paper-T1", "", 0, 100)
    (zane,) = (one for one in everybody if one.name == "Zane")
    for number in range(2):
        about = pack(Preset.HOURLY, zane.id, str(number))
        notices = (Notice(PROPOSAL, about, (one.id,), now, Priority.BULK) for one in everybody)
        work.outbox.add("paper-T1", *notices)


async def test_a_list_shows_everybody_with_some_name(team: World) -> None:
    assert await spoil(team, "Līga", "name", "\u200b")
    card = await team.says("Zane", "/plecs people")
    assert isinstance(card, Card)
    shown = lines(card)
    assert all(name in shown for name in ("Anna", "Jānis", "Zane", "?"))


async def test_what_is_odd_stays_until_somebody_says_better(team: World) -> None:
    assert await spoil(team, "Līga", "zone", "Mars/Olympus")
    assert (await team.known("Līga")).zone == "Europe/Riga"
    await team.engine.desk.learn(Profile(team.address("Līga"), "Līga", zone="Europe/Tallinn"))
    assert (await team.known("Līga")).zone == "Europe/Tallinn"


TOLD = [
    ("Līga", "Līga"),
    ("  Līga \n Bērziņa\u200b ", "Līga Bērziņa"),
    ("\u200b", ""),
    ("", ""),
    ("a" * 5_000, "a" * (LONGEST_NAME - 1) + "…"),
    ("Li\x00ga\ud800", "Liga"),
    ("\u3164", ""),
    ("\u2800 \u2800", ""),
    ("Z" + "\u0335" * 200 + "ane", "Z" + "\u0335" * 3 + "ane"),
    ("👩\u200d👩\u200d👧\u200d👦 Ilze", "👩\u200d👩\u200d👧\u200d👦 Ilze"),
    ("محمد \u202eعلي", "محمد علي"),
    ("Anna\u2028Liepa", "Anna Liepa"),
]


@pytest.mark.parametrize(("told", "kept"), TOLD)
async def test_a_name_is_kept_as_it_can_be_shown(world: World, told: str, kept: str) -> None:
    """Where nothing is to be seen, a newcomer has the platform's id, and others what they had."""
    address = Address("paper", "T1", "U1")
    world.platform.profiles["U1"] = Profile(address, told)
    await world.says("U1", "/hand log")
    assert (await world.known("U1")).name == (kept or "U1")
    await world.person("Anna")
    await world.engine.desk.learn(Profile(world.address("Anna"), told))
    assert (await world.known("Anna")).name == (kept or "Anna")


@pytest.mark.parametrize(
    "zone",
    [
        *("Mars/Olympus", "Europe", "", "\x00", "../etc", "Ā" * 200, " ", "Europe/Riga/../Riga"),
        *("localtime", "posixrules", "Factory", "right/Europe/Riga", "FLE Standard Time"),
    ],
)
async def test_a_zone_that_this_machine_does_not_know_is_not_kept(world: World, zone: str) -> None:
    address = Address("paper", "T1", "U1")
    world.platform.profiles["U1"] = Profile(address, "Uldis", "zz" * 99, zone)
    await world.says("U1", "/hand log")
    assert (await world.known("U1")).zone == "Europe/Riga"
    await world.person("Anna", zone="Europe/Tallinn")
    await world.engine.desk.learn(Profile(world.address("Anna"), "Anna", zone=zone))
    assert (await world.known("Anna")).zone == "Europe/Tallinn"


@pytest.mark.parametrize("zone", ["Europe/Tallinn ", "europe/tallinn", "EUROPE/TALLINN\n"])
async def test_a_zone_is_known_however_it_is_written(world: World, zone: str) -> None:
    await world.person("Anna")
    await world.engine.desk.learn(Profile(world.address("Anna"), "Anna", zone=zone))
    assert (await world.known("Anna")).zone == "Europe/Tallinn"


async def test_news_from_the_future_does_not_make_all_that_follows_old(world: World) -> None:
    """A platform that tells milliseconds for seconds says a year that nobody will see."""
    await world.person("Anna")
    anna = world.address("Anna")
    far = world.now + timedelta(days=9_999)
    await world.engine.desk.learn(Profile(anna, "Anna", active=False, at=far))
    await world.engine.desk.quiet(anna, world.now, world.now + timedelta(hours=1), far)
    later = world.now + timedelta(hours=2)
    await world.engine.desk.learn(Profile(anna, "Anna Liepa", at=later))
    await world.engine.desk.quiet(anna, None, None, later)
    known = await world.known("Anna")
    assert (known.name, known.belongs, known.quiet_until) == ("Anna Liepa", True, None)


async def test_quiet_without_an_end_ends_within_a_year(world: World) -> None:
    await world.person("Anna")
    anna, now = world.address("Anna"), world.now
    far = now.replace(year=9999, month=12, day=31)
    told = [
        (now, far, (now, now + timedelta(days=366))),
        (far, far + timedelta(hours=1), (None, None)),
        (now, now - timedelta(hours=1), (None, None)),
        (now, None, (None, None)),
        (now, now + timedelta(hours=1), (now, now + timedelta(hours=1))),
    ]
    for second, (start, end, kept) in enumerate(told):
        await world.engine.desk.quiet(anna, start, end, now + timedelta(seconds=second))
        person = await world.known("Anna")
        assert (person.quiet_from, person.quiet_until) == kept


def test_what_is_in_order_stays_as_it_is() -> None:
    told = Profile(
        *(Address("paper", "T1", "U1"), "Ilze Bērziņa-Kalniņa", "lv-LV", "Europe/Riga"),
        email="ilze@example.com",
        is_outsider=True,
        at=MONDAY_TEN,
    )
    assert checked(told, MONDAY_TEN) == told
    assert checked(told, MONDAY_TEN).kind is Kind.OUTSIDER
