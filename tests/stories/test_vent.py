"""Letting off steam, told as the afternoons on which it happened."""

import asyncio
import logging
import re
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.kit.cards import Card, Form, Reply
from handlers.kit.hours import parse_hours
from handlers.kit.people import Address, Profile, Role
from tests.world import MONDAY_TEN, World, button_labels, buttons, lines, open_world, plain

CANT = "It didn't work out with Līga this time"


def title(reply: Reply) -> str:
    assert isinstance(reply, Card)
    return plain(reply.title)


async def later(world: World, **delta: float) -> None:
    """The clock so much further on, in one leap: what is due happens now."""
    world.platform.now += timedelta(**delta)
    await world.settle()


async def three(world: World) -> None:
    """Anna trusts Līga and Jānis; all speak English."""
    liga = await world.person("Līga")
    janis = await world.person("Jānis")
    await world.person("Anna", trusted=(liga.id, janis.id))


async def test_a_yes_opens_the_conversation_of_the_two(world: World) -> None:
    await three(world)
    reply = await world.says("Anna", "/vent Līga he shouted for an hour")
    assert title(reply) == "Asked"
    assert isinstance(reply, Card)
    assert "Līga" not in lines(reply), "an answer can't be taken back later, so it names nobody"
    asked = world.inbox("Līga")[0]
    assert lines(asked).splitlines()[:4] == [
        "Anna would like to talk with you",
        "Wish: Just listen",
        "When: now",
        "he shouted for an hour",
    ]
    assert button_labels(asked) == ["Yes, now", "In 15 minutes", "Not today"]
    assert world.titles("Anna") == ["You asked Līga to talk"]

    await world.presses("Anna", "Give me advice")
    assert "Wish: Give me advice" in lines(world.inbox("Līga")[0])

    await world.presses("Līga", "Yes, now")
    room = world.inbox("Anna", "Līga")[0]
    assert plain(room.title) == "Anna and Līga"
    said = lines(room)
    for words in ("Give me advice", "thread of this message", "no right to read", "116123"):
        assert words in said
    assert "may be able to export" in said
    assert "he shouted" not in said
    assert world.titles("Līga") == ["Your conversation is open"]


async def test_done_by_either_ends_it_and_both_get_one_line(world: World) -> None:
    await three(world)
    await world.says("Anna", "/vent Līga")
    await world.presses("Līga", "Yes, now")
    await world.presses("Līga", "Done")
    assert world.titles("Anna", "Līga") == ["This conversation has ended"]
    assert world.titles("Anna")[-1].startswith("Good that you talked.")
    assert world.titles("Līga")[-1].startswith("Thank you for listening.")
    for user in ("Anna", "Līga"):
        assert button_labels(world.inbox(user)[-1]) == ["Take a break"]
    assert await kept(world) == {}


async def test_forty_five_minutes_without_a_tap_end_it_quietly(world: World) -> None:
    await three(world)
    await world.says("Anna", "/vent Līga")
    await world.presses("Līga", "Yes, now")
    await later(world, minutes=44)
    await world.presses("Anna", "A light frame")
    assert "Facts: what happened, in two sentences?" in lines(world.inbox("Anna", "Līga")[0])
    await later(world, minutes=44)
    assert world.titles("Anna", "Līga") == ["Anna and Līga"]
    await later(world, minutes=1, seconds=1)
    assert world.titles("Anna", "Līga") == ["This conversation has ended"]
    assert world.titles("Anna")[-1].startswith("Good that you talked.")


async def test_a_minute_of_breathing_counts_with_them(world: World) -> None:
    await three(world)
    await world.says("Anna", "/vent Līga")
    await world.presses("Līga", "Yes, now")
    await world.presses("Anna", "A minute of breathing")
    for breath in range(1, 7):
        assert f"Breath {breath} of 6" in lines(world.inbox("Anna", "Līga")[0])
        await world.forward(seconds=10)
    assert "Breath" not in lines(world.inbox("Anna", "Līga")[0])
    await world.presses("Līga", "A minute of breathing")
    await world.forward(seconds=20)
    await world.presses("Anna", "Enough, thank you")
    assert "Breath" not in lines(world.inbox("Anna", "Līga")[0])
    assert len(world.inbox("Anna", "Līga")) == 1


@pytest.fixture
async def same(empty_sqlite: Path, tmp_path: Path) -> Path:
    """A database with the three in it, to be copied: the same ids in each copy."""
    file = tmp_path / "same.db"
    shutil.copy(empty_sqlite, file)
    async with open_world(f"sqlite:///{file}") as world:
        await three(world)
    return file


def as_value(card: Card) -> str:
    """The whole card, but for the vent's own id: no two vents have the same."""
    ids = {str(button.values["vent"]) for button in buttons(card) if "vent" in button.values}
    return re.sub("|".join(ids) or "(?!)", "the vent", repr(card))


Seen = tuple[object, ...]


async def seen_by_asker(file: Path, case: str) -> list[Seen]:
    """Everything Anna sees after asking Līga: at which second, the cards as values, and how often
    each was sent."""
    copy = file.with_name(f"{case}.db".replace(" ", "-"))
    shutil.copy(file, copy)
    async with open_world(f"sqlite:///{copy}") as world:
        if case == "unavailable":
            await world.ask(world.command("Līga", "away"))
        if case == "blocked":
            form = await world.ask(world.command("Līga", "vent.settings.form"))
            assert isinstance(form, Form)
            await world.fills("Līga", form, blocked=("Anna",))
        if case == "not these days":
            form = await world.ask(world.command("Līga", "vent.settings.form"))
            assert isinstance(form, Form)
            await world.fills("Līga", form, listens="not_now")
        if case == "unreachable":
            world.platform.unreachable.add("Līga")
        if case == "asked already":
            await world.person("Ilze")
            await world.says("Ilze", "/vent Līga")
        seen: list[Seen] = [(0, await world.says("Anna", "/vent Līga he shouted"))]
        if case == "declined":
            await world.presses("Līga", "Not today")
        for second in (0, 1, 150, 299, 300, 301):
            world.platform.now = MONDAY_TEN + timedelta(seconds=second)
            await world.settle()
            seen += [
                (second, plain(message.card.title), as_value(message.card), message.changes)
                for message in world.platform.messages.values()
                if message.to == ("Anna",)
            ]
        return seen


async def test_why_it_did_not_work_out_cannot_be_told(
    same: Path,
) -> None:
    cases = ("declined", "no answer", "unavailable", "blocked", "not these days")
    more = ("unreachable", "asked already")
    seen = {case: await seen_by_asker(same, case) for case in (*cases, *more)}
    assert [one[:2] for one in seen["declined"][4:]] == [
        (299, "You asked Līga to talk"),
        (300, "You asked Līga"),
        (300, CANT),
        (301, "You asked Līga"),
        (301, CANT),
    ]
    for case, others in seen.items():
        assert others == seen["declined"], case


async def test_the_next_colleague_is_one_tap_away(world: World) -> None:
    await three(world)
    await world.says("Anna", "/vent Līga he shouted")
    await world.presses("Līga", "Not today")
    assert title(world.inbox("Līga")[0]) == "Not today. That is all right."
    assert world.titles("Anna") == ["You asked Līga to talk"]
    await later(world, minutes=5)
    assert world.titles("Anna")[-1] == CANT
    assert title(await world.presses("Anna", "Ask Jānis")) == "Asked"
    assert "he shouted" in lines(world.inbox("Jānis")[0])
    over = "This is over, and nothing of it is kept."
    assert world.titles("Anna") == [over, over, "You asked Jānis to talk"]
    await later(world, minutes=5)
    assert button_labels(world.inbox("Anna")[-1]) == ["See all colleagues"]


async def test_in_fifteen_minutes(world: World) -> None:
    await three(world)
    await world.says("Anna", "/vent Līga")
    await world.presses("Līga", "In 15 minutes")
    assert world.titles("Anna")[-1] == "Līga has time for you at <time>"
    await later(world, minutes=14)
    assert world.titles("Anna", "Līga") == []
    await later(world, minutes=1)
    assert world.titles("Anna", "Līga") == ["Anna and Līga"]


async def test_after_the_shift_and_at_the_next_break(world: World) -> None:
    await three(world)
    await world.person("Ilze", hours=parse_hours("Mon-Fri 06:00-11:00"))
    form = await world.ask(world.command("Anna", "vent.form"))
    assert isinstance(form, Form)
    again = await world.fills("Anna", form, colleague="Līga", when="shift")
    assert isinstance(again, Form)
    assert plain(again.errors["when"]).startswith("I don't know when your shift ends.")
    again = await world.fills("Anna", form, colleague="Līga", words="one two three four five six")
    assert isinstance(again, Form)
    assert plain(again.errors["words"]).startswith("Five words at most")

    await world.fills("Ilze", form, colleague="Līga", when="shift", wish="distract")
    assert button_labels(world.inbox("Līga")[-1]) == ["Yes, then", "Not today"]
    await world.presses("Līga", "Yes, then")
    await later(world, minutes=59)
    assert world.titles("Ilze", "Līga") == []
    await later(world, minutes=1)
    assert world.titles("Ilze", "Līga") == ["Ilze and Līga"]

    await world.fills("Anna", form, colleague="Jānis", when="break")
    await world.presses("Jānis", "Yes, then")
    assert world.titles("Anna")[-1] == "Jānis has time for you at your next break"
    await world.presses("Anna", "I have time now")
    assert world.titles("Anna", "Jānis") == ["Anna and Jānis"]


async def test_without_a_name_the_list_those_here_first_in_a_fixed_order(world: World) -> None:
    await three(world)
    for user in ("Zane", "Ilze", "Māra"):
        await world.person(user)
        form = await world.ask(world.command(user, "vent.settings.form"))
        assert isinstance(form, Form)
        await world.fills(user, form, listens="gladly")
    await world.person("Pēteris")
    await world.ask(world.command("Jānis", "away"))

    async def offered() -> list[str]:
        reply = await world.says("Anna", "/vent")
        assert isinstance(reply, Card)
        return [line for line in lines(reply).splitlines()[1:8] if ":" not in line or "now" in line]

    expected = ["Here now:", "Līga", "Ilze", "Māra", "Zane", "Perhaps not just now:", "Jānis"]
    assert await offered() == expected
    await world.says("Anna", "/vent Ilze")
    await world.presses("Ilze", "Yes, now")
    await world.presses("Ilze", "Done")
    assert [name for name in await offered() if name != "Ilze"] == [
        name for name in expected if name != "Ilze"
    ]
    await later(world, minutes=30)
    assert await offered() == expected, "having been asked moves nobody up or down"


async def test_a_listener_is_guarded(world: World) -> None:
    await three(world)
    await world.person("Ilze")
    await world.person("Māra")
    for number, asker in enumerate(("Anna", "Ilze")):
        await world.says(asker, "/vent Līga")
        await world.presses("Līga", "Yes, now")
        await world.presses(asker, "Done")
        if number == 0:
            await later(world, minutes=29)
            await world.says("Māra", "/vent Līga")
            assert not any("Māra" in each for each in world.titles("Līga")), "29 minutes after"
            await world.presses("Māra", "Never mind")
            await later(world, minutes=1)
    await later(world, minutes=31)
    await world.says("Māra", "/vent Līga")
    assert not any("Māra" in each for each in world.titles("Līga")), "two a day"
    await later(world, hours=24)
    await world.says("Māra", "/vent Līga")
    assert world.titles("Līga")[-1] == "Māra would like to talk with you"


async def test_nobody_is_asked_by_one_person_more_than_twice_a_day(world: World) -> None:
    await three(world)
    for _ in range(2):
        await world.says("Anna", "/vent Līga")
        await world.presses("Anna", "Never mind")
    refused = await world.says("Anna", "/vent Līga")
    assert title(refused) == "You have asked Līga twice today. Somebody else may have time."
    offers = await world.says("Anna", "/vent")
    assert isinstance(offers, Card)
    assert "Līga" not in lines(offers)
    await later(world, hours=24)
    assert title(await world.says("Anna", "/vent Līga")) == "Asked"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ar Annu", "Anna Kalniņa"),
        ("Annai", "Anna Kalniņa"),
        ("Annas", "Anna Kalniņa"),
        ("with Anna", "Anna Kalniņa"),
        ("ar Jāni", "Jānis Ozols"),
        ("Jānim Ozolam slikta diena", "Jānis Ozols"),
        ("Jāņa", "Jānis Ozols"),
        ("ar Ilzi", "Ilze Bērziņa-Liepa"),
        ("Liepa", "Ilze Bērziņa-Liepa"),
        ("Bērziņa–Liepa", "Ilze Bērziņa-Liepa"),
        ("berzinai slikta diena", "Ilze Bērziņa-Liepa"),
        ("O'Brien", "Pat O’Brien"),
        ("OBrien", "Pat O’Brien"),
        ("Lukasz", "Łukasz Żak"),
        ("bjorn", "Bjørn Æther"),
        ("“Bjørn”", "Bjørn Æther"),
        ("Johanna", "Johanna Žagare"),
    ],
)
async def test_a_colleague_is_found_however_the_name_is_written(
    world: World, typed: str, meant: str
) -> None:
    names = (
        *("Anna Kalniņa", "Jānis Ozols", "Ilze Bērziņa-Liepa", "Pat O’Brien"),
        *("Łukasz Żak", "Bjørn Æther", "Johanna Žagare"),
    )
    for name in names:
        await world.person(name.split(maxsplit=1)[0], name=name)
    await world.person("Mara")
    assert title(await world.says("Mara", f"/vent {typed}")) == "Asked"
    assert [m.to for m in world.messages if "talk with you" in plain(m.card.title)] == [
        (meant.split(maxsplit=1)[0],)
    ]


@pytest.mark.parametrize(
    "typed",
    [
        *("vent Līga", "vent\u00a0Līga", "vent\tLīga", "vent\nLīga", "\u200bvent Līga"),
        *(
            "• vent Līga",
            "`vent` Līga",
            "“vent” Līga",
            "/vent Līga",
            "VENT  Līga",
            "ve\u00adnt Līga",
        ),
    ],
)
async def test_a_word_behind_plecs_is_understood_however_it_is_set(
    world: World, typed: str
) -> None:
    await three(world)
    assert title(await world.says("Anna", f"/plecs {typed}")) == "Asked"


@pytest.mark.parametrize("typed", ["\u00a0", "\u200b", "–", "?", "\t•"])
async def test_no_word_behind_plecs_is_a_question_for_help(world: World, typed: str) -> None:
    await world.person("Anna")
    assert await world.says("Anna", f"/plecs {typed}") == await world.says("Anna", "/plecs")


async def test_who_is_in_a_conversation_is_not_pinged(world: World) -> None:
    await three(world)
    await world.says("Anna", "/vent Līga")
    await world.presses("Līga", "Yes, now")
    await world.person("Pēteris", topics=())
    await world.says("Pēteris", "/hand")
    assert world.titles("Jānis")[-1] == "Pēteris needs a colleague"
    assert "Pēteris needs a colleague" not in world.titles("Līga") + world.titles("Anna")


@pytest.mark.parametrize("locale", ["en", "lv"])
async def test_what_cannot_be_asked_is_answered_kindly(world: World, locale: str) -> None:
    await world.person("Anna", locale=locale)
    await world.person("Līga")
    await world.person("Līga2", name="Līga Liepa")
    await world.person("Pēteris", active=False)

    robot, outsider = (Address("paper", "T1", user) for user in ("Robots", "Svešais"))
    world.platform.profiles["Robots"] = Profile(robot, "Robots", is_bot=True)
    world.platform.profiles["Svešais"] = Profile(outsider, "Svešais", is_outsider=True)

    async def answer(text: str, *mentioned: str) -> Reply:
        values = {"mentioned": mentioned} if mentioned else {}
        return await world.ask(world.command("Anna", "vent", text, values))

    answers = {
        "oneself": await answer("@Anna", "Anna"),
        "oneself by name": await answer("Anna slikta diena"),
        "a bot": await answer("@Robots", "Robots"),
        "another workspace": await answer("@Svešais", "Svešais"),
        "unknown": await answer("Nezināmais"),
        "deactivated": await answer("@Pēteris", "Pēteris"),
        "two": await answer("@Līga @Pēteris", "Līga", "Pēteris"),
    }
    titles = {case: title(reply) for case, reply in answers.items()}
    expected = {
        "en": {
            "oneself": "That is you. Choose a colleague: two hear more than one.",
            "oneself by name": "That is you. Choose a colleague: two hear more than one.",
            "a bot": "Robots is a bot. This is for people.",
            "another workspace": (
                "Svešais is in another workspace. I can only ask your own colleagues."
            ),
            "unknown": (
                "I find no colleague by that name here. Write it as in the people list, or type "
                "/vent alone for those you may ask."
            ),
            "deactivated": "Pēteris no longer works here. Nothing was sent.",
            "two": "I can ask one colleague at a time. Whom would you like first?",
        },
        "lv": {
            "oneself": "Tas esat jūs. Izvēlieties kolēģi: divi sadzird vairāk nekā viens.",
            "oneself by name": "Tas esat jūs. Izvēlieties kolēģi: divi sadzird vairāk nekā viens.",
            "a bot": "Robots ir robots. Šis ir cilvēkiem.",
            "another workspace": "Svešais ir citā darbvietā. Varu jautāt tikai jūsu kolēģiem.",
            "unknown": (
                "Šeit neatrodu kolēģi ar tādu vārdu. Rakstiet to kā cilvēku sarakstā vai rakstiet "
                "tikai /vent, lai redzētu, kam varat jautāt."
            ),
            "deactivated": "Pēteris šeit vairs nestrādā. Nekas netika nosūtīts.",
            "two": "Varu jautāt vienam kolēģim reizē. Kam vispirms?",
        },
    }
    assert titles == expected[locale]
    which = await answer("Līga")
    assert isinstance(which, Card)
    assert button_labels(which) == [("Jautāt" if locale == "lv" else "Ask")] * 2
    assert world.platform.messages == {}
    assert await kept(world) == {}


async def test_two_at_once_and_a_yes_that_comes_late(world: World) -> None:
    await three(world)
    await world.person("Ilze")
    await world.says("Anna", "/vent Līga")
    late = world.button("Līga", "Yes, now")
    assert title(await world.says("Anna", "/vent Jānis")).startswith("You have one conversation")
    assert world.titles("Jānis") == []
    offers = await world.says("Anna", "/vent")
    assert title(offers) == "A colleague is being asked for you"

    await world.says("Ilze", "/vent Jānis")
    await world.presses("Jānis", "Yes, now")
    await later(world, minutes=5)
    refused = await world.ask(world.command("Līga", late.does, values=dict(late.values)))
    assert title(refused).startswith("This question has run out")
    assert world.titles("Anna", "Līga") == []
    assert world.titles("Līga") == ["This question is over. Thank you for being there."]
    await later(world, minutes=50)
    refused = await world.ask(world.command("Līga", late.does, values=dict(late.values)))
    assert title(refused).startswith("This question has run out")


async def test_fifty_taps_on_yes_open_one_conversation(world: World) -> None:
    await three(world)
    await world.says("Anna", "/vent Līga")
    yes = world.button("Līga", "Yes, now")
    await asyncio.gather(
        *(world.ask(world.command("Līga", yes.does, values=dict(yes.values))) for _ in range(20))
    )
    assert world.titles("Anna", "Līga") == ["Anna and Līga"]


async def test_somebody_who_leaves_the_company_is_waited_for_by_nobody(world: World) -> None:
    await three(world)
    await world.says("Anna", "/vent Līga")
    await world.presses("Līga", "In 15 minutes")
    gone = Profile(Address("paper", "T1", "Līga"), "Līga", active=False)
    await world.engine.desk.learn(gone)
    await world.settle()
    assert world.titles("Anna")[-1] == CANT
    gone = Profile(Address("paper", "T1", "Anna"), "Anna", active=False)
    await world.engine.desk.learn(gone)
    await world.settle()
    assert await kept(world) == {}


async def test_the_weeks_count_is_shown_from_five_people_on(world: World) -> None:
    await world.person("Boss", Role.SUPERVISOR)
    await world.person("Anna")
    askers = [f"A{number}" for number in range(5)]
    for number, asker in enumerate(askers):
        await world.person(asker)
        await world.person(f"L{number}")
    for week, people in ((0, 4), (1, 5)):
        for number in (*range(people), 0):
            await world.says(askers[number], f"/vent L{number}")
            await world.presses(f"L{number}", "Yes, now")
            await world.presses(askers[number], "Done")
            await later(world, minutes=31)
        await world.says("Boss", "/vent A0")
        await world.presses("A0", "Yes, now")
        await world.presses("A0", "Done")
        during = await world.ask(world.command("Boss", "vent.weeks"))
        assert isinstance(during, Card)
        assert len(lines(during).splitlines()) == 3, "a week that still grows is not shown"
        world.platform.now = MONDAY_TEN + timedelta(weeks=week + 1)
    shown = await world.says("Boss", "/vent weeks")
    assert isinstance(shown, Card)
    assert lines(shown).splitlines()[1:3] == ["<time>: 6", "<time>: too few people to say"]
    assert title(await world.says("Anna", "/vent weeks")).startswith("The weeks' counts are for")
    await world.engine.timers.tidy()
    assert await kept(world, "vent_tallies", "vent_keys") == {}


async def test_settings_are_ones_own_page(world: World) -> None:
    await three(world)
    await world.person("Boss", Role.ADMIN)
    page = await world.says("Līga", "/vent settings")
    assert isinstance(page, Card)
    assert lines(page).splitlines()[1:5] == [
        "I like to listen: to those who choose me",
        "At most a day: 2",
        "Minutes between two: 30",
        "Never asked by: nobody",
    ]
    form = await world.presses("Līga", "Change")
    assert isinstance(form, Form)
    changed = await world.fills("Līga", form, listens="gladly", most="1", blocked=("Anna",))
    assert isinstance(changed, Card)
    assert lines(changed).splitlines()[1:5] == [
        "I like to listen: yes, offer me",
        "At most a day: 1",
        "Minutes between two: 30",
        "Never asked by: Anna",
    ]
    form = await world.ask(world.command("Boss", "vent.limits"))
    assert isinstance(form, Form)
    await world.fills("Boss", form, most="3", gap="10")
    page = await world.says("Jānis", "/vent settings")
    assert isinstance(page, Card)
    assert "At most a day: 3\nMinutes between two: 10" in lines(page)


async def test_what_is_over_is_nowhere(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await three(world)
    anna, liga = await world.known("Anna"), await world.known("Līga")
    form = await world.ask(world.command("Anna", "vent.form"))
    assert isinstance(form, Form)
    for round_ in range(2):
        words = " ".join(f"MARKER{round_}{number}" for number in range(5))
        await world.fills("Anna", form, colleague="Līga", wish="distract", words=words)
        assert "MARKER" in lines(world.inbox("Līga")[-1])
        assert b"distract" in written(tmp_path)
        assert b"MARKER" not in written(tmp_path), "the words are sealed from the beginning"
        if round_ == 0:
            await world.presses("Līga", "Yes, now")
            await world.presses("Anna", "A minute of breathing")
            await world.presses("Anna", "Done")
            await later(world, minutes=31)
        else:
            await later(world, minutes=5)
            await later(world, minutes=46)
    assert await kept(world) == {}
    # Whoever else has the file open keeps SQLite from deleting its log: it is emptied all the same.
    with closing(sqlite3.connect(tmp_path / "world.db")) as bystander:
        assert bystander.execute("SELECT count(*) FROM people").fetchone() == (3,)
        world.engine.database.close()
        bytes_kept = written(tmp_path)
        assert (tmp_path / "world.db-wal").exists()
    assert b"MARKER" not in bytes_kept
    assert b"distract" not in bytes_kept
    for one, other in ((anna.id, liga.id), (liga.id, anna.id)):
        assert f"{one}+{other}".encode() not in bytes_kept
        assert f'"{one}", "{other}"'.encode() not in bytes_kept
    assert "MARKER" not in caplog.text
    assert "MARKER" not in repr([lines(m.card) for m in world.platform.messages.values()])


def written(folder: Path) -> bytes:
    """Everything in the folder's files, the database's log too."""
    return b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())


async def kept(world: World, *tables: str) -> dict[str, int]:
    """How many rows stand in the tables, of those that have any: by default where a vent is."""
    names = tables or ("vents", "outbox", "pace_budgets")

    def count(work):  # type: ignore[no-untyped-def] # a look behind the repositories
        found = {
            name: work.connection.exec_driver_sql(
                f"SELECT count(*) FROM {name}"  # noqa: S608 - the names stand here
                + (" WHERE kind LIKE 'vent.%'" if name == "outbox" else "")
                + (" WHERE key LIKE '%+%'" if name == "pace_budgets" else "")
            ).scalar_one()
            for name in names
        }
        return {name: rows for name, rows in found.items() if rows}

    found: dict[str, int] = await world.engine.database.run(count)
    return found
