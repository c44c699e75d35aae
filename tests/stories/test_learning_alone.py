"""What is learned without a class: one to one with somebody who offers it, or at an address."""

from datetime import timedelta

from handlers.availability.coverage import RULE, CoverageRule
from handlers.kit.cards import Buttons
from handlers.kit.people import Role
from tests.stories.test_learning import OFFICE, people
from tests.world import MONDAY_TEN, World, button_labels, card, form, lines, title


async def test_one_to_one_is_asked_of_who_offers_it_and_gets_a_time(world: World) -> None:
    await people(world, "Anna", "Zane", "Oto")
    await world.says("Zane", "/learn empathy")
    offered = card(await world.presses("Zane", "I can offer this"))
    assert "You offer it: whoever would like it asks you." in lines(offered)
    assert "Offer it no longer" in button_labels(offered)
    shown = card(await world.says("Anna", "/learn empathy"))
    assert "Zane" in lines(shown)
    wish = form(await world.presses("Anna", "Ask"))
    await world.fills("Anna", wish, words="Any morning.")
    [request] = world.inbox("Zane")
    assert title(request) == "Zane" or "Any morning." in lines(request)
    when = form(await world.presses("Zane", "Suggest a time"))
    day = (MONDAY_TEN + timedelta(days=7)).date().isoformat()
    agreed = await world.fills("Zane", when, day=day, start="10:00", place="Kitchen")
    assert title(agreed) == "Anna is told: <time>"
    [told] = world.inbox("Anna")
    assert title(told) == "You have a seat: Empathy in a call, <time>"
    assert "Zane suggests this time." in lines(told)
    # Nobody else sees what two agreed on.
    assert "Empathy in a call: <time>" not in lines(card(await world.says("Oto", "/learn")))
    await world.presses("Anna", "Give my seat back")
    assert world.titles("Zane")[-1] == "Empathy in a call does not take place: <time>"


async def test_once_it_has_begun_nothing_of_it_can_be_given_back(world: World) -> None:
    await people(world, "Anna", "Zane")
    await world.says("Zane", "/learn empathy")
    await world.presses("Zane", "I can offer this")
    await world.says("Anna", "/learn empathy")
    await world.fills("Anna", form(await world.presses("Anna", "Ask")))
    when = form(await world.presses("Zane", "Suggest a time"))
    await world.fills("Zane", when, day=MONDAY_TEN.date().isoformat(), start="10:10")
    assert button_labels(world.inbox("Anna")[0]) == ["Give my seat back"]
    await world.forward(minutes=11)
    assert button_labels(world.inbox("Anna")[0]) == []
    assert not any(isinstance(one, Buttons) for one in world.inbox("Anna")[0].parts)


async def keep_on_the_line(world: World, least: int) -> None:
    workspace = (await world.known("Anna")).workspace
    await world.engine.database.run(
        lambda work: RULE.put(work.settings, workspace, CoverageRule(keep=least))
    )


async def test_a_time_for_two_leaves_enough_of_their_team_on_the_line(world: World) -> None:
    """Oto alone would stay while one is away, and two have to."""
    for name in ("Anna", "Oto", "Zane"):
        await world.person(name, hours=OFFICE, manager="Dace")
    await world.says("Zane", "/learn empathy")
    await world.presses("Zane", "I can offer this")
    await world.says("Anna", "/learn empathy")
    await world.fills("Anna", form(await world.presses("Anna", "Ask")))
    when = form(await world.presses("Zane", "Suggest a time"))
    day = (MONDAY_TEN + timedelta(days=7)).date().isoformat()
    await keep_on_the_line(world, 2)
    refused = form(await world.fills("Zane", when, day=day, start="10:00"))
    assert refused.errors["start"] == ("Too few of Zane’s team would stay on the line then.",)
    assert world.titles("Anna") == []
    await keep_on_the_line(world, 1)
    agreed = await world.fills("Zane", when, day=day, start="10:00")
    assert title(agreed) == "Anna is told: <time>"


async def test_not_now_is_told_kindly_and_another_may_be_asked(world: World) -> None:
    await people(world, "Anna", "Zane")
    await world.says("Zane", "/learn empathy")
    await world.presses("Zane", "I can offer this")
    await world.says("Anna", "/learn empathy")
    await world.fills("Anna", form(await world.presses("Anna", "Ask")))
    await world.presses("Zane", "Not now")
    assert world.titles("Anna") == ["Zane has no time for it now: Empathy in a call"]
    assert world.titles("Zane") == ["You said not now: Empathy in a call"]


async def with_link(world: World) -> None:
    """Dace adds a course that is learned at an address."""
    await world.person("Dace", Role.COORDINATOR)
    await world.says("Dace", "/learn edit")
    new = form(await world.presses("Dace", "Add something new"))
    words = {
        one.name: {"lv": "Datu drošība", "en": "Data safety"}[one.name[-2:]]
        for one in new.fields
        if one.name.endswith(("_lv", "_en"))
    }
    link = "https://learn.example/data"
    bad = form(await world.fills("Dace", new, **words, kind="link", review="2027-01-01", link="x"))
    assert list(bad.errors) == ["link"]
    kept = await world.fills("Dace", new, **words, kind="link", review="2027-01-01", link=link)
    assert title(kept) == "Saved as version 2"


async def test_what_is_learned_at_an_address_is_begun_and_finished(world: World) -> None:
    await people(world, "Anna")
    await with_link(world)
    shown = card(await world.says("Anna", "/learn data safety"))
    assert "by yourself, 60 minutes" in lines(shown)
    begun = card(await world.presses("Anna", "I begin"))
    assert "You began: <time>." in lines(begun)
    assert "Open it" in lines(begun)
    finished = card(await world.presses("Anna", "I have finished it"))
    assert "You finished it: <time>." in lines(finished)
    await world.forward(days=15)
    assert world.titles("Anna") == ["Data safety, two weeks later: what did you try?"]
