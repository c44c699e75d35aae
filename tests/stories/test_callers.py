"""A number that calls again is known to whoever answers it, and to nobody else."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from handlers.callers.model import MEMORY, Callers, Earlier, Memory, MemoryRules
from handlers.common.current_call import Contact
from handlers.kit.cards import Card, Form
from handlers.kit.people import Kind, Role
from handlers.profiles import leave
from storage.cleaning import clean
from storage.work import SqlWork
from tests.stories.telephones import NUMBER, PretendTelephones
from tests.world import MONDAY_TEN, World, button_labels, card, form, lines, plain, title

OTHER = "+371 2000 0002"


@pytest.fixture
async def system(world: World) -> PretendTelephones:
    for name in ("Anna", "Jānis", "Ilze"):
        await world.person(name, extension=name)
    return PretendTelephones(world)


async def had(system: PretendTelephones, call: str, agent: str, number: str = NUMBER) -> None:
    """A call of three minutes."""
    await system.answered(call, agent, number)
    await system.world.forward(minutes=3)
    await system.ended(call)


async def writes(world: World, agent: str, call_card: object = None, **lines: str) -> object:
    """The lines after a call."""
    shown = call_card if call_card is not None else await world.says(agent, "/caller")
    asked = form(await world.presses(agent, "Two lines about it", card(shown)))
    return await world.fills(agent, asked, **lines)


def about_callers(world: World, name: str) -> list[Card]:
    known = ("This number", "Nothing is known", "The call is over", "Kept for", "What was known")
    return [one for one in world.inbox(name) if plain(one.title).startswith(known)]


async def test_who_was_cut_off_is_known_and_what_was_promised(
    world: World, system: PretendTelephones
) -> None:
    await had(system, "c1", "Anna")
    assert about_callers(world, "Anna") == [], "there is nothing to say of a new number"
    told = await writes(
        world,
        "Anna",
        topic="bills",
        promised="recalculation, kundzei Bērziņai 29123456",
        due="2026-03-04",
        helped="naming the next step",
    )
    assert lines(card(told)) == (
        "Kept for whoever answers this number next\n"
        "You promised: recalculation, kundzei ••• •••, by <time>. I remind you the day before.\n"
        "What helped: naming the next step.\n"
        "Numbers and names that tell who the caller is are hidden as •••.\n"
        "Kept of a number: its calls 30 days, that one was ended within policy 14 days, a promise "
        "until it is settled and 30 days. The number itself is nowhere."
    )
    await world.forward(minutes=5)
    await system.answered("c2", "Jānis")
    (known,) = about_callers(world, "Jānis")
    assert lines(known) == (
        "This number was cut off a moment ago\n"
        "This number: 2 calls today, with this one. About: bills. Last with Anna, until <time>.\n"
        "Anna promised <time>: recalculation, kundzei ••• •••. By <time>.\n"
        "What helped: naming the next step.\n"
        "It is the number that is known, not who speaks: tell nothing on its strength. Only you "
        "see this.\n"
        "Kept of a number: its calls 30 days, that one was ended within policy 14 days, a promise "
        "until it is settled and 30 days. The number itself is nowhere."
    )
    assert button_labels(known) == [
        "Ask Anna",
        "Ask about: bills",
        "Two lines about it",
        "They want nothing kept",
    ]
    await world.presses("Jānis", "Ask Anna", known)
    assert world.titles("Anna")[-1] == "Jānis needs a colleague"
    assert world.titles("Ilze") == []


async def test_again_within_a_week_and_known_for_thirty_days(
    world: World, system: PretendTelephones
) -> None:
    await had(system, "c1", "Anna")
    await had(system, "other", "Anna", OTHER)
    await world.forward(days=5)
    await had(system, "c2", "Anna")
    await world.forward(days=1)
    await system.answered("c3", "Jānis")
    assert lines(about_callers(world, "Jānis")[-1]).splitlines()[:2] == [
        "This number calls again",
        "This number: 3 calls in 7 days, with this one.",
    ]
    await system.ended("c3")
    await world.forward(days=20)
    await system.answered("c4", "Ilze")
    assert lines(about_callers(world, "Ilze")[-1]).splitlines()[:2] == [
        "This number is known",
        "This number: 4 calls in 27 days, with this one.",
    ]
    await system.ended("c4")
    await world.forward(days=31)
    await world.engine.database.run(lambda work: clean(work.connection, world.now))
    before = len(world.inbox("Anna"))
    await system.answered("c5", "Anna")
    assert len(world.inbox("Anna")) == before


async def test_a_call_that_was_handed_on_counts_once_and_was_not_cut_off(
    world: World, system: PretendTelephones
) -> None:
    await system.answered("c1", "Anna")
    await world.forward(minutes=1)
    await system.transferred("c1", "Jānis")
    await world.forward(minutes=1)
    await system.ended("c1")
    await world.forward(minutes=2)
    await system.answered("c2", "Ilze")
    assert lines(about_callers(world, "Ilze")[-1]).splitlines()[:2] == [
        "This number calls again",
        "This number: 2 calls today, with this one.",
    ]


async def test_the_card_shows_nothing_of_the_caller_once_the_call_is_over(
    world: World, system: PretendTelephones
) -> None:
    pushed = (Contact(world.now, "e-mail", "bill", f"wrote from {NUMBER}"),)
    await system.answered("c1", "Anna", history=pushed, history_url="https://crm.example/17")
    (shown,) = about_callers(world, "Anna")
    assert "<time>, e-mail, bill, wrote from •••" in lines(shown)
    assert "Open in CRM" in lines(shown)
    await system.ended("c1")
    (after,) = about_callers(world, "Anna")
    assert lines(after) == (
        "The call is over\nWhat did you promise, and what helped? It spares the next one asking."
    )
    await writes(world, "Anna", after, helped="a slow voice")
    assert lines(about_callers(world, "Anna")[0]) == "Kept for whoever answers this number next"
    await world.forward(hours=2)
    assert await kept(world, "call_details") == 0


async def kept(world: World, table: str) -> int:
    def count(work: SqlWork) -> int:
        clean(work.connection, world.now)
        asked = text(f"SELECT count(*) FROM {table}")  # noqa: S608 - our own tables' names
        found: int = work.connection.execute(asked).scalar_one()
        return found

    return await world.engine.database.run(count)


async def test_a_promise_is_told_of_the_day_before_and_once_more_when_it_was_not_kept(
    world: World, system: PretendTelephones
) -> None:
    await had(system, "c1", "Anna")
    await writes(world, "Anna", promised="recalculation", due="2026-03-05")
    await world.forward(days=1)
    assert "promise" not in " ".join(world.titles("Anna"))
    await world.forward(days=1, hours=2)
    due = [one for one in world.inbox("Anna") if "promise" in plain(one.title)]
    assert [lines(one).splitlines()[0] for one in due] == ["1 promise is due"]
    home = card(await world.ask(world.command("Anna", "home")))
    assert "Promised: recalculation: due tomorrow" in lines(home)
    await world.forward(days=2)
    assert world.titles("Anna").count("1 promise is due") == 2
    await world.forward(days=5)
    assert world.titles("Anna").count("1 promise is due") == 2

    reply = await world.presses("Anna", "What came of it")
    await world.presses("Anna", "It is kept", card(reply))
    assert title(await world.says("Anna", "/caller promises")) == (
        "You have promised nothing that is still open"
    )
    await system.answered("c2", "Jānis")
    assert "The promise is kept." in lines(about_callers(world, "Jānis")[-1])
    await system.ended("c2")
    await world.forward(days=31)
    assert await kept(world, "promises") == 0


async def test_a_promise_is_handed_over_to_a_colleague(
    world: World, system: PretendTelephones
) -> None:
    await had(system, "c1", "Anna")
    await writes(world, "Anna", promised="recalculation", due="2026-03-05")
    reply = await world.says("Anna", "/caller promises")
    reply = await world.presses("Anna", "What came of it", card(reply))
    asked = form(await world.presses("Anna", "Hand it over", card(reply)))
    again = form(await world.fills("Anna", asked, to="Anna"))
    assert plain(again.errors["to"]) == "It is yours already. Choose a colleague."
    await world.person("Robots", kind=Kind.BOT)
    await world.person("Viesis", kind=Kind.OUTSIDER)
    for name, why in (
        ("Robots", "Robots is a bot. This is for people."),
        ("Viesis", "Viesis is not of your organisation. I can only ask your own colleagues."),
    ):
        again = form(await world.fills("Anna", asked, to=name))
        assert plain(again.errors["to"]) == why
    assert title(await world.fills("Anna", asked, to="Ilze")) == "The promise was handed over"
    assert world.titles("Ilze") == ["A promise is yours now"]
    await system.answered("c2", "Jānis")
    handed = "Promised <time>: recalculation. Ilze sees to it now. By <time>."
    assert handed in lines(about_callers(world, "Jānis")[-1])
    await world.presses("Ilze", "Not possible")
    assert card(world.replies["Ilze"][-1]) == Card(("The promise was not possible to keep",))
    shown = lines(card(await world.says("Jānis", "/caller")))
    assert "Ilze sees to it now. The promise was not possible to keep." in shown
    assert title(await world.says("Ilze", "/caller promises")) == (
        "You have promised nothing that is still open"
    )


async def test_what_came_of_a_promise_stays_when_the_lines_are_kept_once_more(
    world: World, system: PretendTelephones
) -> None:
    await had(system, "c1", "Anna")
    shown = await world.says("Anna", "/caller")
    told = await writes(world, "Anna", shown, promised="recalculation", due="2026-03-02")
    assert "You promised: recalculation, by <time>.\n" in lines(card(told)), "the day is today"
    reply = await world.says("Anna", "/caller promises")
    reply = await world.presses("Anna", "What came of it", card(reply))
    await world.presses("Anna", "It is kept", card(reply))
    asked = form(await world.presses("Anna", "Two lines about it", card(shown)))
    await world.fills(
        "Anna", asked, topic="bills", promised="recalculation", due="2026-03-02", helped="calm"
    )
    assert title(await world.says("Anna", "/caller promises")) == (
        "You have promised nothing that is still open"
    )
    await world.fills("Anna", asked, topic="bills", promised="a letter", due="2026-03-03")
    assert title(await world.says("Anna", "/caller promises")) == "Your promises"
    assert await kept(world, "promises") == 2, "a new promise is another one"


async def test_one_call_makes_one_promise_and_an_emptied_form_takes_it_back(
    world: World, system: PretendTelephones
) -> None:
    await system.answered("c1", "Jānis")
    await writes(world, "Jānis", promised="a letter", due="2026-03-04")
    await system.transferred("c1", "Anna")
    await system.ended("c1")
    shown = await world.says("Anna", "/caller")
    asked = form(await world.presses("Anna", "Two lines about it", card(shown)))
    for promised, due in (("recalculation", "2026-03-05"), ("two letters", "2026-03-06")):
        await world.fills("Anna", asked, promised=promised, due=due)
    assert await kept(world, "promises") == 2, "one of each"
    listed = await world.says("Anna", "/caller promises")
    assert lines(card(listed)) == "Your promises\ntwo letters: due <time>"
    await world.fills("Anna", asked, promised="", due="", helped="calm")
    assert title(await world.says("Anna", "/caller promises")) == (
        "You have promised nothing that is still open"
    )
    assert "a letter" in lines(card(await world.says("Jānis", "/caller promises")))


async def test_a_promise_of_who_left_goes_to_their_manager(
    world: World, system: PretendTelephones
) -> None:
    for name in ("Agnese", "Marta"):
        await world.person(name, Role.SUPERVISOR)
    await world.person("Oto", extension="Oto", manager="Marta")
    await had(system, "c1", "Oto")
    await writes(world, "Oto", promised="recalculation", due="2026-03-05")
    made_on = world.now
    await world.forward(days=1)
    oto, now, services = await world.known("Oto"), world.now, world.engine.services
    await world.engine.database.run(lambda work: leave(work, oto, now, services))
    await world.settle()
    assert world.titles("Agnese") == []
    assert world.titles("Marta") == ["What a colleague promised to callers is yours now"]
    shown = card(await world.presses("Marta", "My promises"))
    assert lines(shown) == "Your promises\nrecalculation: due <time>"
    await world.forward(days=1, hours=2)
    assert world.titles("Marta")[-1] == "1 promise is due"
    marta = (await world.known("Marta")).id
    [theirs] = await world.engine.database.read(lambda work: work.of(Callers).open_of(marta, 9))
    assert theirs.made_at == made_on, "it was promised when it was promised"


async def test_a_number_that_is_looked_up_once_more_has_not_called_again(
    world: World, system: PretendTelephones
) -> None:
    """By hand, and where a telephone system told of the call; and with another one between."""
    await world.person("Oto")
    await world.says("Oto", f"/caller {NUMBER}")
    await world.forward(minutes=4)
    await world.says("Oto", f"/caller {OTHER}")
    again = card(await world.says("Oto", f"/caller {NUMBER}"))
    assert title(again) == "Nothing is known of this number"
    await world.presses("Oto", "The call is over", again)
    await world.forward(minutes=4)
    assert title(await world.says("Oto", f"/caller {NUMBER}")) == "Nothing is known of this number"
    assert await kept(world, "calls") == 2
    await had(system, "c1", "Anna", "+371 2000 0003")
    await world.forward(minutes=20)
    shown = card(await world.says("Anna", "/caller +371 2000 0003"))
    assert title(shown) == "Nothing is known of this number"
    await writes(world, "Anna", shown, helped="calm")
    assert await kept(world, "calls") == 3


@pytest.mark.parametrize(
    ("filled", "wrong"),
    [
        ({"promised": "x", "due": ""}, {"due": "By when did you promise it?"}),
        ({"promised": "", "due": "2026-03-05"}, {"promised": "What did you promise by that day?"}),
        ({"promised": "x", "due": "2026-03-01"}, {"due": "That day is over."}),
        ({"promised": "x", "due": "2028-03-01"}, {"due": "That is more than a year ahead."}),
    ],
)
async def test_half_a_promise_is_asked_for_at_its_field(
    world: World, system: PretendTelephones, filled: dict[str, str], wrong: dict[str, str]
) -> None:
    await had(system, "c1", "Anna")
    again = form(await writes(world, "Anna", **filled))
    assert {name: plain(line) for name, line in again.errors.items()} == wrong
    assert await kept(world, "promises") == await kept(world, "call_notes") == 0


async def test_the_next_agent_knows_at_which_step_a_call_was_ended(
    world: World, system: PretendTelephones
) -> None:
    await system.answered("c1", "Anna")
    await world.says("Anna", "/policy insulting")
    for _ in range(2):
        await world.presses("Anna", "I warned")
    await world.presses("Anna", "I ended the call")
    await system.ended("c1")
    await world.forward(hours=1)
    await system.answered("c2", "Jānis")
    told = lines(about_callers(world, "Jānis")[-1])
    assert "A call with this number was ended within policy (<time>): " in told
    assert "Warnings before it: 2." in told
    await system.ended("c2")
    await world.forward(days=14)
    await system.answered("c3", "Ilze")
    assert "within policy: " not in lines(about_callers(world, "Ilze")[-1])


async def test_without_a_telephone_system_the_number_is_typed(world: World) -> None:
    for name in ("Anna", "Jānis"):
        await world.person(name)
    shown = card(await world.says("Anna", f"/caller {NUMBER}"))
    assert title(shown) == "Nothing is known of this number"
    await writes(world, "Anna", shown, promised="recalculation", due="2026-03-03")
    reply = await world.says("Anna", "/caller")
    await world.presses("Anna", "The call is over", card(reply))
    await world.forward(minutes=1)
    told = lines(card(await world.says("Jānis", f"/plecs zvanītājs {NUMBER}")))
    assert told.splitlines()[0] == "This number was cut off a moment ago"
    assert "Anna promised <time>: recalculation. By <time>, which is tomorrow." in told
    refused = await world.says("Jānis", "/caller 12")
    assert title(refused).startswith("That is no number I can tell apart")
    elsewhere = await world.person("Uldis", workspace="T2")
    assert title(await world.says("Uldis", f"/caller {NUMBER}", "T2")) == (
        "Nothing is known of this number"
    ), "another workspace's memory is its own"
    assert elsewhere.workspace == "paper-T2"


async def test_a_call_told_of_by_hand_is_over_when_the_telephone_system_tells_of_another(
    world: World, system: PretendTelephones
) -> None:
    """What is written down then is of the other call, and a hand comes down with it."""
    await world.says("Anna", f"/caller {OTHER}")
    await world.forward(minutes=2)
    await system.answered("c1", "Anna")
    await world.says("Anna", "/hand he shouts")
    await world.says("Anna", f"/caller {OTHER}")
    await world.forward(minutes=3)
    await system.ended("c1")
    assert "Your call has ended. Still need somebody?" in world.titles("Anna")
    await writes(world, "Anna", promised="recalculation", due="2026-03-03")
    await system.answered("c2", "Ilze")
    assert "Anna promised <time>: recalculation." in lines(about_callers(world, "Ilze")[-1])
    told = lines(card(await world.says("Jānis", f"/caller {OTHER}")))
    assert "recalculation" not in told


async def test_a_number_that_a_colleague_has_on_the_telephone_is_no_second_call(
    world: World, system: PretendTelephones
) -> None:
    await had(system, "c1", "Ilze")
    await writes(world, "Ilze", promised="recalculation", due="2026-03-05")
    await world.forward(hours=1)
    await system.answered("c2", "Jānis")
    looked_up = card(await world.says("Anna", f"/caller {NUMBER}"))
    assert title(looked_up) == "Jānis has this number on the telephone now"
    assert "recalculation" in lines(looked_up)
    assert button_labels(looked_up) == ["Ask Ilze"]
    await system.ended("c2")
    await system.answered("c3", "Ilze")
    assert "This number: 3 calls today, with this one." in lines(about_callers(world, "Ilze")[0])


async def test_a_call_without_a_number_is_said_to_be_one(
    world: World, system: PretendTelephones
) -> None:
    await system.answered("c1", "Anna", "anonymous")
    assert title(await world.says("Anna", "/caller")) == "Your call came without a number"
    await system.ended("c1")
    assert title(await world.says("Anna", "/caller")) == "I know of no call of yours"


async def test_a_hand_comes_down_with_a_call_that_its_agent_says_is_over(
    world: World, system: PretendTelephones
) -> None:
    shown = card(await world.says("Anna", f"/caller {NUMBER}"))
    await world.says("Anna", "/hand he shouts")
    await world.forward(minutes=1)
    await world.presses("Anna", "The call is over", shown)
    assert "Your call has ended. Still need somebody?" in world.titles("Anna")
    await world.presses("Anna", "The call is over", shown)
    assert world.titles("Anna").count("Your call has ended. Still need somebody?") == 1


async def test_who_objects_is_forgotten_and_stays_so(
    world: World, system: PretendTelephones
) -> None:
    await had(system, "c1", "Anna")
    await writes(world, "Anna", promised="recalculation", due="2026-03-05", helped="calm")
    await system.answered("c2", "Jānis")
    await world.presses("Jānis", "They want nothing kept", about_callers(world, "Jānis")[0])
    assert title(world.replies["Jānis"][-1]) == "Nothing is kept of this caller any more"
    assert title(about_callers(world, "Jānis")[0]).startswith("What was known")
    await system.ended("c2")
    await had(system, "c3", "Anna")
    await system.answered("c4", "Ilze")
    assert about_callers(world, "Ilze") == []
    assert title(await world.says("Ilze", f"/caller {NUMBER}")) == "Nothing is kept of this caller"
    for table in ("call_notes", "promises", "call_details"):
        assert await kept(world, table) == 0
    named = await world.engine.database.read(
        lambda work: work.connection.execute(
            text("SELECT count(*) FROM calls WHERE caller IS NOT NULL")
        ).scalar_one()
    )
    assert named == 0


async def test_a_workspace_may_remember_shorter(world: World, system: PretendTelephones) -> None:
    await world.person("Dace", Role.ADMIN)
    asked = form(await world.ask(world.command("Dace", "settings.callers")))
    await world.fills("Dace", asked, calls="2", boundary="1")
    await had(system, "c1", "Anna")
    await writes(world, "Anna", helped="calm")
    await world.forward(days=2, hours=1)
    await world.engine.timers.look()
    assert await kept(world, "call_notes") == 0
    await system.answered("c2", "Jānis")
    assert about_callers(world, "Jānis") == []
    again = await world.fills("Dace", asked, calls="31", boundary="1")
    assert isinstance(again, Form)
    rules = await world.engine.database.read(lambda work: MEMORY.of(work.settings, "paper-T1"))
    assert rules == MemoryRules(2, 1)


async def test_a_withheld_number_is_nobodys(world: World, system: PretendTelephones) -> None:
    for call in ("c1", "c2"):
        await had(system, call, "Anna", "anonymous")
    assert about_callers(world, "Anna") == []


def test_days_are_counted_where_the_reader_is() -> None:
    before = (Earlier("a", MONDAY_TEN - timedelta(hours=9), None, False, None, None),)
    assert Memory(MONDAY_TEN, before).times("Europe/Riga") == (2, 1), "01:00 and 10:00 are a day"
    assert Memory(MONDAY_TEN, before).times("UTC") == (2, 2)
    assert Memory(MONDAY_TEN).times("UTC") == (1, 1)


async def test_what_everybody_says_at_the_moment_stands_first(
    world: World, system: PretendTelephones
) -> None:
    await world.person("Marta", Role.SUPERVISOR)
    for call, agent in (("c1", "Anna"), ("c2", "Jānis"), ("c3", "Ilze")):
        await system.answered(call, agent, f"+371 2000 001{call[1]}")
        await world.says(agent, "/caller")
        await writes(world, agent, topic="outages")
        await system.ended(call)
    assert "3 about outages in 10 minutes" in world.titles("Marta")
    asked = form(await world.presses("Marta", "Set a sentence"))
    await world.fills("Marta", asked, lv="Ogrē ir bojājums.", en="There is a fault in Ogre.")
    await system.answered("c4", "Anna", queue="outages")
    [shown] = [one for one in about_callers(world, "Anna") if "Ogre" in lines(one)]
    assert lines(shown).splitlines()[1:3] == ["Known issue. Say:", "There is a fault in Ogre."]
    await world.ask(world.command("Marta", "known.end", values={"topic": "outages"}))
    assert not any("Ogre" in lines(one) for one in about_callers(world, "Anna"))
