"""The one card that an agent keeps, from raising the hand to its end."""

from dataclasses import replace
from datetime import timedelta

from handlers.kit.cards import Card, Form, Moment
from handlers.kit.commands import AnswerPlace
from handlers.kit.people import Role
from tests.world import World, button_labels, card, lines, plain


def seconds_in(shown: Card, world: World) -> list[float]:
    """The instants on the card's facts, as seconds from now."""
    facts = [value for part in shown.parts for _, value in getattr(part, "rows", ())]
    moments = [span for line in facts for span in line if isinstance(span, Moment)]
    return [(moment.at - world.now).total_seconds() for moment in moments]


async def test_one_card_tells_every_step(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",))
    await world.person("Līga", Role.SUPERVISOR, extension="214")

    up = card(await world.says("Anna", "/hand contracts he shouts"))
    assert "Asked: Jānis." in lines(up)
    assert "Then: supervisors, your trusted colleagues at <time>, if they are free" in lines(up)
    assert seconds_in(up, world) == [0, 30]
    assert world.inbox("Anna") == [], "nothing has changed since the answer"

    await world.forward(seconds=30)
    [mine] = world.inbox("Anna")
    assert "Asked: Jānis, Līga." in lines(mine)
    assert "Then: everybody else who may help at <time>, if they are free" in lines(mine)
    assert seconds_in(mine, world) == [-30, 30], "since it was raised, and not since the last ring"

    await world.presses("Līga", "I'm coming")
    [mine] = world.inbox("Anna")
    assert plain(mine.title) == "Līga is on the way"
    assert "Līga, ext. 214" in lines(mine)
    assert "A colleague is joining us in a moment. Thank you for waiting." in lines(mine)
    assert button_labels(mine) == ["Solved", "I need somebody else"]

    await world.presses("Anna", "Solved", mine)
    [mine] = world.inbox("Anna")
    assert (plain(mine.title), button_labels(mine)) == ("Solved. Well done.", ["Thank them"])


async def test_the_last_ring_says_when_it_is_over(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis")
    up = card(await world.says("Anna", "/hand"))
    assert "Then: at <time> I say so if nobody could come" in lines(up)
    assert seconds_in(up, world) == [0, 30]
    await world.forward(seconds=29)
    assert world.inbox("Anna") == []
    await world.forward(seconds=1)
    assert world.titles("Anna") == ["Nobody is free right now"]


async def test_when_nothing_gets_through_the_agent_reads_whom_to_call(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",), extension="desk 14")
    await world.person("Līga", Role.SUPERVISOR, extension="214")
    await world.person("Pēteris")
    world.platform.refuses = "missing_scope"

    up = card(await world.says("Anna", "/hand contracts he shouts"))
    assert plain(up.title) == "Your hand is up", "nobody can know yet"
    await world.forward(seconds=4)
    await world.forward(seconds=1)
    [mine] = world.inbox("Anna")
    assert plain(mine.title) == "Nobody has heard yet"
    assert (
        "Paper refuses my messages at the moment. Call: Jānis, desk 14, Līga, ext. 214, Pēteris."
        in lines(mine)
    )
    assert button_labels(mine) == ["Take my hand down", "Calm words"]

    await world.person("Ilze")
    known = card(await world.says("Ilze", "/hand contracts"))
    assert plain(known.title) == "Nobody has heard yet", "by now it is known at once"

    world.platform.refuses = ""
    await world.forward(seconds=5)
    assert world.titles("Jānis")[0] == "Anna needs a colleague"
    assert plain(world.inbox("Anna")[0].title) == "Your hand is up"


async def test_an_answer_that_is_used_up_goes_on_as_a_message(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",))
    await world.person("Līga", Role.SUPERVISOR)
    await world.person("Pēteris")
    twice = AnswerPlace("answer-twice", 2, world.now + timedelta(minutes=29))
    await world.ask(replace(world.command("Anna", "hand", "contracts"), answer_at=twice))
    await world.forward(seconds=30)
    assert world.titles("Anna") == ["Your hand is up"]
    await world.forward(seconds=30)
    first, second = world.inbox("Anna")
    assert "Pēteris" not in lines(first), "its last use is kept for the end"
    assert "Asked: Jānis, Līga, Pēteris." in lines(second)
    await world.presses("Pēteris", "I'm coming")
    assert world.titles("Anna") == ["Your hand is up", "Pēteris is on the way"]


async def test_the_last_use_is_for_the_end(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis")
    once = AnswerPlace("answer-once", 1, world.now + timedelta(minutes=29))
    await world.ask(replace(world.command("Anna", "hand"), answer_at=once))
    await world.ask(world.command("Anna", "hand.cancel"))
    assert world.titles("Anna") == ["Your hand is down"]
    assert list(world.platform.messages)[-1] == "answer-once"


async def test_an_answer_that_is_over_or_dead_goes_on_as_a_message(world: World) -> None:
    for user, dies in (("Anna", False), ("Ilze", True)):
        await world.person(user, helps=False)
        there = AnswerPlace(f"answer-{user}", 5, world.now + timedelta(seconds=3600 * dies + 10))
        await world.ask(replace(world.command(user, "hand"), answer_at=there))
    world.platform.dead_answers = {"answer-Ilze"}
    await world.forward(seconds=20)
    await world.person("Jānis")
    await world.forward(seconds=20)
    assert world.titles("Anna") == world.titles("Ilze") == ["Your hand is up"]
    assert not {"answer-Anna", "answer-Ilze"} & world.platform.messages.keys()


async def test_where_no_answer_can_be_changed_the_card_comes_as_a_message(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis")
    await world.ask(world.command("Anna", "hand", "he shouts"))
    assert world.titles("Anna") == ["Your hand is up"]
    await world.presses("Jānis", "I'm coming")
    assert world.titles("Anna") == ["Jānis is on the way"], "no second message says the same"


async def test_a_second_helper_joins_and_the_first_stays(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",), extension="118")
    await world.person("Ieva", topics=("contracts",), extension="119")
    await world.says("Anna", "/hand contracts he threatens me")
    await world.presses("Jānis", "I'm coming")
    await world.presses("Ieva", "Join them")
    assert world.titles("Ieva") == ["You join Jānis and Anna"]
    [room] = world.inbox("Anna", "Jānis", "Ieva")
    assert lines(room).startswith("Anna and Jānis\n")
    assert "Joining as well: Ieva." in lines(room)
    [mine] = world.inbox("Anna")
    assert plain(mine.title) == "Jānis is on the way"
    assert "Joining as well: Ieva.\nJānis, ext. 118\nIeva, ext. 119" in lines(mine)

    await world.presses("Anna", "Solved")
    assert world.titles("Ieva") == ["Solved. Thank you for being there."]
    again = await world.ask(world.command("Ieva", "hand.join", values=world.last_values("Anna")))
    assert plain(card(again).title) == "Solved. Thank you for being there."


async def test_who_comes_without_an_extension_reads_where_to_set_it(world: World) -> None:
    await world.person("Anna", extension="7")
    await world.person("Jānis")
    await world.says("Anna", "/hand")
    await world.presses("Jānis", "I'm coming")
    [coming] = world.inbox("Jānis")
    assert "Anna, ext. 7" in lines(coming)
    assert "Anna sees no extension of yours. You can set one: /topics." in lines(coming)
    await world.says("Jānis", "/topics")
    form = await world.presses("Jānis", "Change")
    assert isinstance(form, Form)
    await world.fills("Jānis", form, extension="118")
    assert (await world.known("Jānis")).extension == "118"


async def test_a_hand_stays_up_until_the_time_that_its_card_says(world: World) -> None:
    await world.person("Anna")
    honest = card(await world.says("Anna", "/hand"))
    [until] = [
        span
        for part in honest.parts
        for span in getattr(part, "line", ())
        if isinstance(span, Moment)
    ]
    world.platform.now = until.at - timedelta(seconds=1)
    await world.settle()
    still = card(await world.says("Anna", "/hand"))
    assert plain(still.title) == "Nobody else is here yet"
    await world.forward(seconds=1)
    assert world.titles("Anna") == ["This hand is long down"]


async def test_the_two_wish_for_one_more_who_comes_without_taking_over(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",))
    for name in ("Ieva", "Pēteris", "Ilze"):
        await world.person(name)
    await world.says("Anna", "/hand contracts he threatens me")
    await world.presses("Jānis", "I'm coming")
    [room] = world.inbox("Anna", "Jānis")
    asked = card(await world.presses("Jānis", "One more colleague", room))
    assert set(plain(asked.title)[len("Asked as well: ") : -1].split(", ")) == {
        *("Ieva", "Pēteris", "Ilze")
    }
    await world.person("Zane")
    again = card(await world.presses("Anna", "One more colleague", room))
    assert plain(again.title) == "Asked as well: Zane."
    nobody = card(await world.presses("Anna", "One more colleague", room))
    assert plain(nobody.title) == "Nobody else is free right now"

    [wish] = world.inbox("Zane")
    assert lines(wish) == (
        "Anna and Jānis ask for one more\nAbout: contracts\nHow: Join the call\nhe threatens me"
    )
    await world.presses("Zane", "Join them")
    assert world.titles("Zane") == ["You join Jānis and Anna"]
    assert world.titles("Anna", "Jānis", "Zane") == ["Anna and Jānis"]
    assert world.titles("Anna") == ["Jānis is on the way"]
    await world.presses("Anna", "Solved")
    assert world.titles("Ieva") == ["Solved. Thank you for being there."]
