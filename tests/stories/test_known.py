"""A known issue: several hands about one topic, and the one sentence that everybody says then."""

import pytest

from handlers.kit.people import Role
from tests.world import World, card, form, lines, title


@pytest.fixture
async def office(world: World) -> World:
    for name in ("Anna", "Juris", "Ilze"):
        await world.person(name)
    await world.person("Liene", locale="lv")
    await world.person("Marta", Role.SUPERVISOR)
    return world


async def three_hands(office: World) -> None:
    for name in ("Anna", "Juris", "Ilze"):
        await office.says(name, "/hand outages whole town is dark")
        await office.says(name, "/hand down")


def offers(office: World) -> list[str]:
    return [one for one in office.titles("Marta") if "about outages" in one]


async def test_three_hands_about_one_topic_ask_for_one_sentence(office: World) -> None:
    await three_hands(office)
    assert offers(office) == ["3 about outages in 10 minutes"]
    asked = form(await office.presses("Marta", "Set a sentence"))
    said = {"lv": "Ogrē ir bojājums, novērsīs līdz 14:00.", "en": "A fault in Ogre, until 14:00."}
    shown = card(await office.fills("Marta", asked, **said))
    assert title(shown) == "Known issues"
    both = f"Known issue. Say:\n{said['en']}\n{said['lv']}\nUntil <time>, set by a supervisor."
    assert both in lines(shown)
    assert both in lines(card(await office.says("Anna", "/draft no power in outages")))
    for typed in ("/calm shouting", "/calm", "/calm qwertz"):
        assert lines(card(await office.says("Anna", typed))).partition("\n")[2].startswith(both)
    assert both in lines(card(await office.says("Anna", "/hand outages again")))
    latvian = lines(card(await office.says("Liene", "/calm kliedz")))
    assert f"{said['lv']}\n{said['en']}" in latvian
    await office.forward(hours=2, seconds=1)
    assert said["en"] not in lines(card(await office.says("Anna", "/calm shouting")))


async def test_what_is_set_or_ended_shows_at_once_on_hands_that_are_up(office: World) -> None:
    await office.says("Anna", "/hand outages whole town is dark")
    asked = form(await office.ask(office.command("Marta", "known.form")))
    said = {"topic": "outages", "lv": "Ogrē ir bojājums.", "en": "A fault in Ogre."}
    shown = await office.fills("Marta", asked, hours="1", **said)
    assert said["en"] in lines(office.inbox("Anna")[0])
    await office.presses("Marta", "End it", card(shown))
    assert said["en"] not in lines(office.inbox("Anna")[0])
    assert office.titles("Anna") == ["Your hand is up"]


async def test_it_is_asked_once_and_not_where_a_sentence_holds(office: World) -> None:
    await three_hands(office)
    await three_hands(office)
    assert len(offers(office)) == 1
    known = card(await office.says("Marta", "/plecs known"))
    set_ = form(await office.presses("Marta", "Set a sentence", known))
    await office.fills("Marta", set_, topic="outages", lv="Zinām.", en="We know.")
    await office.forward(hours=1)
    await three_hands(office)
    assert len(offers(office)) == 1
    ended = card(await office.presses("Marta", "End it"))
    assert "There is no known issue at the moment." in lines(ended)


async def test_it_is_asked_once_an_hour_whatever_the_clock_says(office: World) -> None:
    """At 10:59 and 11:01 it is one question; at 11:58 still, and at 12:00 another."""
    for minutes, asked in ((59, 1), (2, 1), (57, 1), (2, 2)):
        await office.forward(minutes=minutes)
        await three_hands(office)
        assert len(offers(office)) == asked, office.now


async def test_two_hands_and_an_old_one_are_no_issue(office: World) -> None:
    for name in ("Anna", "Juris"):
        await office.says(name, "/hand outages dark")
        await office.says(name, "/hand down")
    await office.forward(minutes=10, seconds=1)
    await office.says("Ilze", "/hand outages dark")
    assert offers(office) == []


async def test_a_caller_counts_once_whatever_is_done_about_them(office: World) -> None:
    for person in ("Anna", "Juris"):
        await office.says(person, "/caller +371 2000 0001")
        lines_form = form(await office.presses(person, "Two lines about it"))
        for helped in ("naming the next step", "a technician on Monday"):
            await office.fills(person, lines_form, topic="outages", helped=helped)
        await office.says(person, "/hand outages dark")
    assert offers(office) == []
    await office.says("Ilze", "/hand outages dark")
    assert offers(office) == ["3 about outages in 10 minutes"]


async def test_only_supervisors_set_one(office: World) -> None:
    refused = await office.says("Anna", "/plecs known")
    assert "Known issues are set by supervisors." in lines(card(refused))
