"""A language model plays the caller, and nothing else."""

import json

from handlers.kit.cards import Card
from handlers.kit.language_models import ModelTrouble, Speaker, Unanswered
from handlers.practice.talking.model import MOST_SAID, SCHEMA
from tests.world import World, button_labels, card, form, lines, title


async def begun(world: World) -> None:
    """Anna's call with a baker."""
    command = world.command("Anna", "practice.talk", values={"entry": "shouting"})
    await world.ask(command)


async def says(world: World, words: str, *, label: str = "I say…") -> Card:
    """What Anna says; the newest card after the caller had a moment to answer."""
    asked = form(await world.presses("Anna", label))
    await world.fills("Anna", asked, words=words)
    return world.inbox("Anna")[-1]


async def test_the_model_plays_the_caller_from_the_scenario_and_grades_nobody(
    world: World,
) -> None:
    await world.person("Anna")
    page = card(await world.says("Anna", "/practice"))
    told = lines(card(await world.presses("Anna", "With a model", page)))
    assert "The scenario and what you write go to paper-1 at model.example." in told
    await begun(world)
    assert world.model.asked == [], "the caller begins in the scenario's words"
    world.model.answers = [{"says": "So when? I have a van at three.", "heat": 4, "grade": "bad"}]
    shown = await says(world, "Half past two. Call me on 2000 1234 if it is later.")
    assert "The caller:\nSo when? I have a van at three." in lines(shown)
    assert "●●●●○ heat 4 of 5" in lines(shown)
    assert "bad" not in lines(shown)
    [prompt] = world.model.asked
    assert prompt.schema == SCHEMA
    assert [one.speaker for one in prompt.turns] == [
        Speaker.INSTRUCTIONS,
        Speaker.MODEL,
        Speaker.ASKING,
    ]
    assert "You shout because you are desperate" in prompt.turns[0].text
    assert "Never judge, grade, praise or advise" in prompt.turns[0].text
    assert json.loads(prompt.turns[1].text)["heat"] == 5
    assert prompt.turns[2].text == "Half past two. Call me on ••• if it is later."


async def test_what_does_not_answer_is_asked_again_and_nothing_is_lost(world: World) -> None:
    await world.person("Anna")
    await begun(world)
    world.model.answers = [Unanswered(ModelTrouble.BUSY), {"says": " ", "heat": 2}]
    for label in ("Half past two.", ""):
        shown = await says(world, label) if label else world.inbox("Anna")[-1]
        assert "No answer came. What you wrote is still here." in lines(shown)
        assert "Half past two." in lines(shown)
        await world.presses("Anna", "Ask again", shown)
    world.model.answers = [{"says": "All right.", "heat": 99}]
    await world.presses("Anna", "Ask again", world.inbox("Anna")[-1])
    shown = world.inbox("Anna")[-1]
    assert "All right." in lines(shown)
    assert "●●●●● heat 5 of 5" in lines(shown), "what is no heat is the one before"


async def test_after_eight_replies_it_is_enough_and_after_two_hours_nothing_is_kept(
    world: World,
) -> None:
    await world.person("Anna", locale="lv")
    await begun(world)
    world.model.answers = [{"says": f"Un? {n}", "heat": 3} for n in range(MOST_SAID)]
    for n in range(MOST_SAID):
        shown = await says(world, f"Pusotra stunda {n}", label="Es saku…")
    assert "Latvian" in world.model.asked[0].turns[0].text
    assert button_labels(shown) == ["No sākuma", "Cits zvans"]
    await world.forward(hours=2, seconds=1)
    command = world.command("Anna", "practice.talk.form", values=world.last_values("Anna"))
    assert title(await world.ask(command), "lv") == "Šis treniņš vairs netiek glabāts"


async def test_who_stops_keeps_nothing_and_somebody_else_sees_nothing(world: World) -> None:
    await world.person("Anna")
    await world.person("Ilze")
    await begun(world)
    theirs = world.last_values("Anna")
    for name in ("form", "say", "again", "end"):
        command = world.command("Ilze", f"practice.talk.{name}", values=theirs)
        assert title(await world.ask(command)) == "This practice is no longer kept"
    assert title(await world.presses("Anna", "Stop, keep nothing")) == (
        "This practice is no longer kept"
    )
