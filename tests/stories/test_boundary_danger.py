"""A danger to somebody's life: answered first, whatever was typed and wherever."""

import pytest

from handlers.kit.cards import Card, Form, Look
from handlers.kit.people import Role
from tests.world import World, button_labels, buttons, card, lines, plain, title


async def test_a_danger_to_life_goes_before_everything_else(world: World) -> None:
    await world.person("Anna", locale="lv")
    shown = await world.says("Anna", "/policy grib nogalināt sevi un lamājas")
    assert isinstance(shown, Card)
    assert plain(shown.title) == "Zvanītājs krīzē"
    assert button_labels(shown) == ["Pacelt roku", "Rādīt visu", "Kaut kas cits"]


async def test_what_else_it_may_be_stands_below_where_nobody_is_sure(world: World) -> None:
    await world.person("Anna")
    shown = await world.says("Anna", "/policy he is in despair and swears")
    assert isinstance(shown, Card)
    assert plain(shown.title) == "A caller in crisis"
    assert "Rude or shouting" in button_labels(shown)


@pytest.mark.parametrize(
    ("words", "shown_as", "first"),
    [
        ("she took pills", "A caller in crisis", "Speak slowly and calmly."),
        ("deg māja", "Immediate danger", "Have 112 called at once"),
        ("не дышит", "Immediate danger", "Have 112 called at once"),
        ("she took pills and isn't breathing", "Immediate danger", "Have 112 called at once"),
    ],
)
async def test_a_danger_to_life_is_answered_by_whom_to_call_and_what_to_do(
    world: World, words: str, shown_as: str, first: str
) -> None:
    await world.person("Anna")
    shown = card(await world.says("Anna", f"/policy {words}"))
    told = lines(shown).splitlines()
    assert told[:4] == [
        shown_as,
        "112: Police, fire and rescue",
        "113: Ambulance",
        "116123: Crisis helpline, free, day and night",
    ]
    assert told[4].startswith(first)
    assert [(plain(one.label), one.look) for one in buttons(shown)] == [
        ("Raise my hand", Look.PRIMARY),
        ("Show all", Look.PLAIN),
        ("Something else", Look.PLAIN),
    ]
    assert "I ended the call" not in lines(shown)
    whole = card(await world.presses("Anna", "Show all"))
    assert "When help is there, you can end the call with these words:" in lines(whole)
    assert title(await world.presses("Anna", "I ended the call")) == "Thank you. You did right."


@pytest.mark.parametrize(
    "typed",
    [
        "/break не дышит",
        "/plecs pauze deg māja",
        "/vent she took pills",
        "/plecs izrunāties viņa sadzērusies tabletes",
        "/plecs away she took pills",
        "/language deg māja",
        "/plecs supervīzija deg māja",
        "/topics she took pills",
        "/plecs people deg māja",
        "/plecs report deg māja",
        "/plecs drill she took pills",
        "/vent <@Ilze> she took pills",
    ],
)
async def test_whatever_is_typed_a_danger_to_life_is_answered_first(
    world: World, typed: str
) -> None:
    await world.person("Anna")
    await world.person("Ilze")
    shown = card(await world.says("Anna", typed))
    assert title(shown) in ("A caller in crisis", "Immediate danger")
    assert lines(shown).splitlines()[1] == "112: Police, fire and rescue"
    assert plain(buttons(shown)[0].label) == "Raise my hand"


async def test_what_was_asked_beside_a_danger_is_answered_below_it(world: World) -> None:
    await world.person("Anna")
    shown = card(await world.says("Anna", "/topics she took pills"))
    assert title(shown) == "A caller in crisis"
    assert title(await world.says("Anna", "/topics")) in lines(shown)


async def test_a_hand_for_a_danger_goes_up_and_nobody_is_told_to_end_the_call(
    world: World,
) -> None:
    await world.person("Anna")
    shown = card(await world.says("Anna", "/hand не дышит"))
    assert title(shown) == "Nobody else is here yet"
    assert "112: Police, fire and rescue" in lines(shown)
    assert "end it" not in lines(shown)


async def test_a_perhaps_behind_another_command_is_no_crisis(world: World) -> None:
    await world.person("Anna")
    shown = card(await world.says("Anna", "/break the caller was in despair"))
    assert title(shown).startswith("I can't tell how many minutes that is.")


@pytest.mark.parametrize("asked", ["", "he shouts", "banana bread", "threatens to sue us"])
async def test_every_answer_says_whom_to_call(world: World, asked: str) -> None:
    await world.person("Anna")
    shown = await world.says("Anna", f"/policy {asked}")
    assert isinstance(shown, Card)
    assert "If a life is in danger: 112 · 113 · 116123" in lines(shown)


async def test_who_threatens_to_sue_is_within_their_rights(world: World) -> None:
    await world.person("Anna")
    shown = await world.says("Anna", "/policy he threatens to sue us")
    assert isinstance(shown, Card)
    assert "everybody may, and it is no threat" in lines(shown)
    assert "Threatening" not in button_labels(shown)[:1]


async def test_a_coordinator_adds_words_and_a_number_without_a_file(world: World) -> None:
    await world.person("Anna")
    await world.person("Zane", Role.COORDINATOR)
    form = await world.ask(world.command("Zane", "policy.danger"))
    assert isinstance(form, Form)
    numbers = "112 | Glābēji | Rescue\n8350 | Mūsu dispečers | Our dispatcher"
    await world.fills("Zane", form, ways="substation smoke", numbers=numbers)
    shown = await world.says("Anna", "/policy smoke from the substations")
    assert isinstance(shown, Card)
    assert plain(shown.title) == "Immediate danger"
    assert "8350" in lines(shown)


@pytest.mark.parametrize("typed", ["/break", "/plecs", "/topics", "/hand"])
async def test_words_of_ones_own_are_heard_behind_every_command(world: World, typed: str) -> None:
    await world.person("Anna")
    await world.person("Zane", Role.COORDINATOR)
    form = await world.ask(world.command("Zane", "policy.danger"))
    assert isinstance(form, Form)
    numbers = "8350 | Mūsu dispečers | Our dispatcher"
    await world.fills("Zane", form, ways="code orange", numbers=numbers)
    assert "8350" in lines(card(await world.says("Anna", f"{typed} a code orange here")))


@pytest.mark.parametrize(
    "typed", ["grandad on the floor doesn't answer", "viņai roku ievilka gaļasmašīnā"]
)
async def test_what_may_be_a_danger_and_is_nothing_else_is_answered_as_one(
    world: World, typed: str
) -> None:
    await world.person("Anna")
    shown = card(await world.says("Anna", f"/plecs {typed}"))
    assert title(shown) == "Immediate danger"


async def test_a_goodbye_to_plecs_is_no_farewell_to_life(world: World) -> None:
    await world.person("Anna")
    shown = card(await world.says("Anna", "/plecs bye"))
    assert title(shown).startswith("Good to hear from you.")


async def test_what_a_coordinator_wrote_wrongly_comes_back_with_what_was_typed(
    world: World,
) -> None:
    await world.person("Zane", Role.COORDINATOR)
    form = await world.ask(world.command("Zane", "policy.danger"))
    assert isinstance(form, Form)
    again = await world.fills("Zane", form, ways="x" * 300, numbers="one one two | a | b")
    assert isinstance(again, Form)
    assert set(again.errors) == {"ways", "numbers"}
    assert plain(again.errors["numbers"]).startswith("I can't read “one one two | a | b”.")
