"""Two practise a call: a hidden situation, eight minutes, a swap, and a sentence to each other."""

from handlers.kit.cards import PeopleField
from handlers.practice.together.model import ROUND, RolePlays
from tests.world import World, button_labels, card, form, lines, title

WATCHED = "Answers kindly and hears a complaint out, without defending"


async def asked(world: World, **filled: tuple[str, ...] | str) -> None:
    """Anna asks Ilze."""
    await world.person("Anna")
    await world.person("Ilze")
    page = form(await world.says("Anna", "/practice with"))
    given = {"colleague": ("Ilze",), "indicators": ("hears_out",)} | filled
    reply = card(await world.fills("Anna", page, **given))
    assert title(reply) == "Ilze is asked"


async def test_one_plays_the_caller_then_the_other_and_each_writes_one_sentence(
    world: World,
) -> None:
    await asked(world, scenario="shouting")
    [request] = world.inbox("Ilze")
    assert title(request) == "Anna would like to practise a call with you"
    assert WATCHED in lines(request)
    caller = card(await world.presses("Ilze", "Now is good"))
    assert title(caller) == "You play the caller"
    assert "You shout because you are desperate" in lines(caller)
    said_yes, answers = world.inbox("Anna")
    assert title(said_yes) == "Ilze said yes: you practise together"
    assert button_labels(said_yes) == []
    assert title(answers) == "You answer the call"
    assert "A customer has had no electricity since morning." in lines(answers)
    assert "You shout because you are desperate" not in lines(answers)
    assert world.titles("Ilze") == ["You said yes: you practise together"]
    await world.forward(seconds=ROUND.total_seconds())
    swapped = world.inbox("Anna")[-1]
    assert title(swapped) == "You play the caller"
    assert "A bill twice as high" in lines(swapped), "another call that fits what they watch"
    assert world.titles("Ilze")[-2:] == ["This practice is over", "You answer the call"]
    done = card(await world.presses("Ilze", "The call is over"))
    assert title(done) == "That was it. One sentence to Anna?"
    written = form(await world.presses("Ilze", "Write it"))
    assert [one.name for one in written.fields] == ["hears_out"]
    await world.fills("Ilze", written, hears_out="You waited until I had said all of it")
    assert WATCHED in lines(world.inbox("Anna")[-1])
    assert "You waited until I had said all of it" in lines(world.inbox("Anna")[-1])
    await world.fills("Ilze", written, hears_out="and once more")
    assert "and once more" not in lines(world.inbox("Anna")[-1]), "one sentence, once"
    await world.presses("Anna", "Delete")
    assert world.titles("Anna")[-1] == "What was written is no longer kept"
    await world.forward(days=1, seconds=1)
    assert world.titles("Anna")[-2:] == [
        "This practice is over",
        "What was written is no longer kept",
    ]
    me = (await world.known("Anna")).id
    assert await world.engine.database.read(lambda work: work.of(RolePlays).of(me)) == ()


async def test_a_no_a_silence_and_taking_it_back_look_the_same_until_the_time_is_over(
    world: World,
) -> None:
    await asked(world)
    assert "told nothing" in title(await world.presses("Ilze", "Not now"))
    assert world.inbox("Anna") == []
    assert title(await world.says("Anna", "/practice")) == "Practise a call before it comes"
    await world.forward(minutes=9)
    assert world.inbox("Anna") == []
    await world.forward(minutes=1, seconds=1)
    assert world.titles("Anna") == [
        "This practice is over",
        "It did not work out with Ilze this time",
    ]
    page = form(await world.says("Anna", "/practice with"))
    await world.fills("Anna", page, colleague=("Ilze",), indicators=("asks_on",))
    await world.forward(minutes=10, seconds=1)
    told = ["This practice is over", "It did not work out with Ilze this time"]
    assert world.titles("Anna") == told * 2
    assert set(world.titles("Ilze")) == {"This practice is over"}
    await world.fills("Anna", page, colleague=("Ilze",), indicators=("asks_on",))
    await world.presses("Ilze", "Not now")
    await world.presses("Anna", "Take it back")
    await world.forward(minutes=11)
    assert world.titles("Anna") == [*told * 2, "This practice is over"], "nothing is waited for"


async def test_either_may_stop_and_then_nothing_is_kept(world: World) -> None:
    await asked(world)
    await world.presses("Ilze", "Now is good")
    again = form(await world.says("Anna", "/practice with"))
    shown = await world.fills("Anna", again, colleague=("Ilze",), indicators=("asks_on",))
    assert title(shown) == "You answer the call", "one at a time"
    assert title(await world.presses("Anna", "Stop practising")) == "This practice is over"
    assert set(world.titles("Ilze")) == {"This practice is over"}
    assert button_labels(world.inbox("Ilze")[-1]) == []
    await world.forward(minutes=20)
    assert set(world.titles("Anna")) == {"This practice is over"}


async def test_whom_one_names_is_chosen_already(world: World) -> None:
    await world.person("Anna")
    await world.person("Ilze")
    for typed in ("/practice with Ilze", "/practice ar Ilzi", "/practice with @Ilze"):
        page = form(await world.says("Anna", typed))
        [chosen] = [one.value for one in page.fields if isinstance(one, PeopleField)]
        assert [one.user for one in chosen] == ["Ilze"]
    assert title(await world.says("Anna", "/practice with Anna")).startswith("That is you.")
    nobody = card(await world.says("Anna", "/practice with somebody else"))
    assert title(nobody) == (
        "I find no colleague by that name here. Type /practice alone and choose."
    )


async def test_nobody_practises_with_themselves_or_somebody_unknown(world: World) -> None:
    await world.person("Anna")
    page = form(await world.says("Anna", "/practice with"))
    for whom in ("Anna", "Nobody"):
        again = await world.fills("Anna", page, colleague=(whom,), indicators=("asks_on",))
        assert list(form(again).errors) == ["colleague"]
