"""Thank-yous, as a week of them goes."""

from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from handlers.kit.hours import parse_hours
from handlers.kit.people import Role
from handlers.thanks import model
from handlers.thanks.model import Thanks
from tests.stories.telephones import PretendTelephones
from tests.world import MONDAY_TEN, World, button_labels, card, form, lines, title

OFFICE = parse_hours("Mon-Fri 08:00-18:00")


async def two(world: World) -> None:
    await world.person("Anna", hours=OFFICE)
    await world.person("Ilze", hours=OFFICE)


async def test_one_line_reaches_one_colleague_and_nobody_else(world: World) -> None:
    await two(world)
    await world.person("Līga", Role.SUPERVISOR)
    sent = card(await world.says("Anna", "/thanks Ilze for staying with me, 2000 1234 called back"))
    assert lines(sent).splitlines()[:2] == [
        "Ilze will read it in a free moment",
        "staying with me, ••• called back",
    ]
    [came] = world.inbox("Ilze")
    assert lines(came).splitlines()[:2] == ["Anna thanks you", "staying with me, ••• called back"]
    assert button_labels(came) == ["Show it to somebody", "Delete"]
    assert world.inbox("Līga") == []
    assert title(await world.presses("Anna", "Take it back")) == "Ilze has it already"
    page = card(await world.says("Ilze", "/thanks"))
    assert "Anna: staying with me, ••• called back" in lines(page)
    assert "staying" not in lines(card(await world.says("Anna", "/thanks")))


async def test_several_are_thanked_for_the_same_each_by_themselves(world: World) -> None:
    await two(world)
    await world.person("Jānis", hours=OFFICE)
    await world.says("Jānis", "/break 10")
    sent = card(await world.says("Anna", "/thanks Ilzei un Jānim par vakardienu"))
    assert lines(sent).splitlines()[:2] == [
        "Ilze, Jānis will read it in a free moment",
        "vakardienu",
    ]
    [came] = world.inbox("Ilze")
    assert lines(came).splitlines()[:2] == ["Anna thanks you", "vakardienu"]
    taken = card(await world.presses("Anna", "Take it back"))
    assert lines(taken).splitlines()[:2] == ["Ilze has it already", "Nobody else gets it."]
    await world.forward(minutes=20)
    assert "Anna thanks you" not in world.titles("Jānis")
    await world.says("Anna", "/thanks @Ilze, @Jānis & Ilze for the coffee")
    assert [world.titles(who).count("Anna thanks you") for who in ("Ilze", "Jānis")] == [2, 1]


async def test_nothing_is_sent_while_it_is_not_clear_who_else_is_meant(world: World) -> None:
    await two(world)
    for name in ("Jānis Bērzs", "Jānis Kalns", "Zane", "Oto"):
        await world.person(name, hours=OFFICE)
    for typed, words in (
        ("/thanks Ilze and Bob for the coffee", "and Bob for the coffee"),
        ("/thanks Ilze and Zane stayed with me", "and Zane stayed with me"),
    ):
        asked = form(await world.says("Anna", typed))
        begins = {one.name: one.value for one in asked.fields}
        ilze = (await world.known("Ilze")).addresses
        assert (begins["colleague"], begins["words"]) == (ilze, words)
    which = card(await world.says("Anna", "/thanks Ilze and Jānis for the coffee"))
    assert title(which) == "Whom do you thank first?"
    assert button_labels(which) == ["Choose"] * 3
    assert title(await world.says("Anna", "/thanks Ilze and Zane")) == title(which)
    many = await world.says("Anna", "/thanks Ilze, Zane, Oto and Jānis Kalns for the coffee")
    assert title(many) == "At most 3 colleagues at once, please: more is an announcement."
    itself = await world.says("Anna", "/thanks Ilze and Anna for the coffee")
    assert title(itself).startswith("That is you.")
    assert {who: world.titles(who) for who in ("Ilze", "Zane", "Oto")} == {
        "Ilze": [],
        "Zane": [],
        "Oto": [],
    }
    await world.says("Anna", "/thanks Ilze, you stayed and stayed")
    assert "you stayed and stayed" in lines(world.inbox("Ilze")[0]), "a comma is no “and”"


async def test_it_waits_until_a_break_is_over_and_can_be_taken_back_until_then(
    world: World,
) -> None:
    await two(world)
    await world.person("Zane", hours=OFFICE)
    await world.says("Ilze", "/break 10")
    await world.says("Anna", "/thanks Ilze par palīdzību")
    await world.says("Zane", "/thanks @Ilze: for the coffee")
    assert "Anna thanks you" not in world.titles("Ilze")
    reply = await world.presses("Anna", "Take it back")
    assert title(reply) == "Taken back. Plecs keeps nothing of it."
    await world.forward(minutes=20)
    assert [one for one in world.titles("Ilze") if "thanks you" in one] == ["Zane thanks you"]


async def test_it_waits_for_the_end_of_a_call(world: World) -> None:
    await world.person("Anna", hours=OFFICE)
    await world.person("Ilze", hours=OFFICE, extension="Ilze")
    telephones = PretendTelephones(world)
    await telephones.answered("one", "Ilze")
    await world.says("Anna", "/thanks Ilze for the coffee")
    await world.forward(minutes=2)
    assert world.titles("Ilze") == []
    await telephones.ended("one", "Ilze")
    await world.forward(minutes=1)
    assert "Anna thanks you" in world.titles("Ilze")


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("2026-03-02 20:00", "2026-03-03 06:00"),  # after work
        ("2026-03-06 17:00", "2026-03-09 06:00"),  # over the weekend
    ],
)
async def test_it_waits_while_they_rest(world: World, given: str, read: str) -> None:
    """Half a minute before nobody was disturbed by it."""
    await two(world)
    at, until = (datetime.fromisoformat(f"{one}+00:00") for one in (given, read))
    world.platform.now = at
    await world.says("Anna", "/thanks Ilze for the coffee")
    await world.forward(seconds=(until - at).total_seconds() - 30)
    assert world.titles("Ilze") == []
    await world.forward(seconds=60)
    assert world.titles("Ilze") == ["Anna thanks you"]


async def test_a_form_asks_for_one_thing_and_what_it_was_an_example_of(world: World) -> None:
    await two(world)
    await world.says("Anna", "/thanks")
    asked = form(await world.presses("Anna", "Write a thank-you"))
    again = form(await world.fills("Anna", asked, colleague=("Anna",), words="me"))
    assert list(again.errors) == ["colleague"]
    words = "you asked her twice, and then it was clear"
    await world.fills("Anna", asked, colleague=("Ilze",), words=words, indicator="asks_on")
    [came] = world.inbox("Ilze")
    assert "Asks on until the situation is clear" in lines(came)


@pytest.mark.parametrize(
    ("typed", "begins"),
    [
        ("/thanks Anna for myself", "That is you."),
        ("/thanks Nobody for nothing", "I find no colleague by that name here."),
    ],
)
async def test_who_can_not_be_thanked_is_told_kindly(world: World, typed: str, begins: str) -> None:
    await two(world)
    assert title(await world.says("Anna", typed)).startswith(begins)


async def test_only_who_was_thanked_shows_it_and_a_leader_is_reminded_on_monday(
    world: World,
) -> None:
    await two(world)
    await world.person("Līga", Role.SUPERVISOR, hours=OFFICE)
    for deed in ("the first", "the second"):
        await world.says("Anna", f"/thanks Ilze for {deed} thing")
        asked = form(await world.presses("Ilze", "Show it to somebody", world.inbox("Ilze")[-1]))
        await world.fills("Ilze", asked, readers=("Līga",))
    assert world.titles("Līga") == ["Ilze shows you a thank-you"] * 2
    assert "From Anna, to Ilze:\nthe second thing" in lines(world.inbox("Līga")[-1])
    monday = datetime(2026, 3, 9, 6, 1, tzinfo=UTC)  # eight in Riga
    await world.forward(seconds=(monday - MONDAY_TEN).total_seconds())
    [nudge] = [one for one in world.inbox("Līga") if "Last week" in lines(one)]
    assert "the first thing" in lines(nudge)
    assert "the second thing" in lines(nudge)
    await world.forward(days=7)
    assert len(world.inbox("Līga")) == 3, "nothing was shown in that week"


async def test_a_leader_who_begins_later_is_reminded_with_what_waited_for_them(
    world: World,
) -> None:
    """Of the same week, also where it waited for days."""
    await two(world)
    later = parse_hours("Wed-Fri 09:00-17:00")
    await world.person("Līga", Role.SUPERVISOR, hours=later)
    await world.says("Anna", "/thanks Ilze for the evening")
    asked = form(await world.presses("Ilze", "Show it to somebody"))
    await world.fills("Ilze", asked, readers=("Līga",))
    await world.says("Līga", "/practice team")
    await world.presses("Līga", "One a week, on Mondays")
    with capture_logs() as logged:
        for week in (1, 2):
            wednesday = MONDAY_TEN + timedelta(days=2 + 7 * week)
            await world.forward(seconds=(wednesday - world.now).total_seconds())
    assert [one for one in logged if one["log_level"] == "error"] == []
    told = [lines(one) for one in world.inbox("Līga") if "Last week" in lines(one)]
    waited = "2 things waited for you\nLast week you were shown a thank-you"
    assert told == [f"{waited}\nOne thing to explain this week"]
    weekly = [one for one in world.inbox("Līga") if "One thing to explain" in lines(one)]
    assert len(weekly) == 2


async def test_what_its_receiver_deletes_is_gone_everywhere(world: World) -> None:
    await two(world)
    await world.person("Līga", Role.SUPERVISOR, hours=OFFICE)
    await world.says("Anna", "/thanks Ilze for the evening")
    asked = form(await world.presses("Ilze", "Show it to somebody"))
    await world.fills("Ilze", asked, readers=("Līga",))
    await world.presses("Ilze", "Delete")
    assert world.titles("Līga") == world.titles("Ilze") == ["This thank-you is no longer kept."]
    assert "evening" not in lines(card(await world.says("Ilze", "/thanks")))
    me = (await world.known("Ilze")).id

    def kept(work):  # type: ignore[no-untyped-def] # the world's own
        return work.of(Thanks).received(me, 9)

    assert await world.engine.database.read(kept) == ()


async def test_after_a_hand_the_one_who_came_is_thanked_by_a_tap(world: World) -> None:
    await two(world)
    await world.says("Anna", "/hand")
    await world.presses("Ilze", "I'm coming")
    await world.presses("Anna", "Solved")
    asked = form(await world.presses("Anna", "Thank them"))
    await world.fills("Anna", asked, words="you came in ten seconds")
    assert "Anna thanks you" in world.titles("Ilze")


async def test_a_flood_of_them_ends_kindly(world: World) -> None:
    await two(world)
    for number in range(model.MOST_A_DAY):
        await world.says("Anna", f"/thanks Ilze for thing {number}")
    refused = await world.says("Anna", "/thanks Ilze for one more")
    assert title(refused).startswith("That is a lot of thank-yous")
    assert len(world.inbox("Ilze")) == model.MOST_A_DAY
    for hour, minute, begins in ((21, 59, "That is a lot"), (22, 1, "Ilze will read it")):
        world.platform.now = datetime(2026, 3, 2, hour, minute, tzinfo=UTC)  # midnight is between
        assert title(await world.says("Anna", "/thanks Ilze for one more")).startswith(begins)
