"""Voice, as some weeks of it go: to one person, without a name, and on the board."""

from datetime import UTC, datetime

import pytest

from handlers.kit.cards import Card, Row
from handlers.kit.hours import parse_hours
from handlers.kit.people import Role
from handlers.voice.unlinked import model
from tests.world import World, button_labels, card, form, lines, plain, title

OFFICE = parse_hours("Mon-Fri 08:00-18:00")
NAMES = ("Anna", "Ilze", "Zane", "Juris", "Inga", "Rita", "Uldis", "Vita")


async def team(world: World) -> None:
    """Eight agents, and who reads what comes without a name."""
    for name in NAMES:
        await world.person(name, hours=OFFICE)
    await world.person("Dace", Role.COORDINATOR, hours=OFFICE)


async def until(world: World, month: int, day: int, hour: int, minute: int) -> None:
    at = datetime(2026, month, day, hour, minute, tzinfo=UTC)
    await world.forward(seconds=(at - world.now).total_seconds())


async def writes(world: World, name: str, words: str, kind: str = "change") -> str:
    """Somebody writes without their name; their code."""
    await world.says(name, "/voice")
    asked = form(await world.presses(name, "Without my name"))
    kept = card(await world.fills(name, asked, words=words, kind=kind))
    assert title(kept) == "Your message waits to go out, without your name"
    return lines(kept).splitlines()[1]


async def reads(world: World, name: str, code: str) -> Card:
    await world.says(name, "/voice")
    return card(
        await world.fills(name, form(await world.presses(name, "Read an answer")), code=code)
    )


# --- to one person ----------------------------------------------------------------------------


async def to(world: World, author: str, receiver: str, words: str, then: str = "") -> Card:
    await world.says(author, "/voice")
    asked = form(await world.presses(author, "With my name"))
    return card(await world.fills(author, asked, receiver=receiver, words=words, then=then))


async def test_one_person_is_asked_reminded_and_answers(world: World) -> None:
    await team(world)
    sent = await to(world, "Anna", "Dace", "The breaks are too short")
    assert lines(sent).splitlines()[:2] == [
        "Dace will read it in a free moment",
        "The breaks are too short",
    ]
    await until(world, 3, 5, 8, 1)  # Thursday: three working days
    assert world.titles("Dace") == ["Anna writes to you", "Anna still waits for your answer"]
    assert world.titles("Anna") == []
    asked = form(await world.presses("Dace", "Answer", world.inbox("Dace")[-1]))
    await world.fills("Dace", asked, words="From April on they are longer")
    [came] = world.inbox("Anna")
    assert lines(came).splitlines()[:2] == [
        "Dace has answered you",
        "From April on they are longer",
    ]
    assert set(world.titles("Dace")[:2]) == {"You answered Anna", "This letter waits no longer."}
    await world.forward(days=14)
    assert len(world.inbox("Anna")) == 1


async def test_without_an_answer_it_goes_on_as_was_agreed(world: World) -> None:
    await team(world)
    await world.person("Boss", Role.SUPERVISOR, hours=OFFICE)
    await to(world, "Anna", "Dace", "The breaks are too short", "Boss")
    [asked] = world.inbox("Dace")
    assert "goes on to Boss" in lines(asked)
    await until(world, 3, 9, 8, 1)  # a week of five working days
    assert world.titles("Boss") == ["Anna writes to you"]
    assert world.titles("Anna") == ["Your letter is with Boss"]
    assert world.titles("Dace")[0] == "This letter went on, as was agreed."
    late = await world.presses("Dace", "Answer", asked)
    assert title(late).startswith("This letter is no longer kept")
    await until(world, 3, 16, 8, 2)
    assert world.titles("Anna")[-1] == "No answer came from Boss"
    assert world.titles("Boss")[0] == "This letter waits no longer."


async def test_its_author_takes_it_back_everywhere(world: World) -> None:
    await team(world)
    await to(world, "Anna", "Dace", "The breaks are too short")
    await world.presses("Anna", "Take it back")
    assert world.titles("Dace") == ["This letter is no longer kept."]


# --- without a name ---------------------------------------------------------------------------


async def test_three_go_out_together_and_the_code_opens_the_answer(world: World) -> None:
    await team(world)
    code = await writes(world, "Anna", "Nobody asks us before the plan changes")
    waiting = await reads(world, "Anna", code.lower().replace("-", " "))
    assert title(waiting) == "It waits to go out"
    for name in ("Ilze", "Zane"):
        await writes(world, name, f"{name} thinks so, too")
    assert world.inbox("Dace") == []
    await until(world, 3, 2, 10, 1)  # noon in Riga
    assert world.titles("Dace") == ["3 messages without a name wait for an answer"]
    listed = card(await world.presses("Dace", "Read"))
    assert button_labels(listed).count("Open") == 3
    [mine] = [
        part
        for part in listed.parts
        if isinstance(part, Row) and "Nobody asks us" in plain(part.line)
    ]
    await world.presses("Dace", "Open", Card((), (mine,)))
    answer = form(await world.presses("Dace", "Answer"))
    await world.fills("Dace", answer, words="From now on we ask on Thursdays")
    assert world.inbox("Anna") == [], "nobody sends an answer"
    read = await reads(world, "Anna", code)
    assert title(read) == "There is an answer"
    assert "From now on we ask on Thursdays" in lines(read)
    more = form(await world.presses("Anna", "Write more"))
    await world.fills("Anna", more, words="And who is ill?")
    assert "waiting to go out" in lines(await reads(world, "Anna", code))
    await until(world, 3, 3, 6, 1)  # eight the next morning, alone
    assert title(await reads(world, "Anna", code)) == "There is an answer"
    assert button_labels(card(await world.says("Dace", "/voice inbox"))).count("Open") == 3
    await world.presses("Anna", "Delete it")
    asked = form(await world.ask(world.command("Anna", "voice.read.form")))
    gone = form(await world.fills("Anna", asked, code=code))
    assert plain(gone.errors["code"]).startswith("Nothing is kept under this code.")


async def test_fewer_than_three_wait_for_the_morning(world: World) -> None:
    await team(world)
    await writes(world, "Anna", "One alone")
    await until(world, 3, 2, 20, 0)
    assert world.inbox("Dace") == []
    await until(world, 3, 3, 6, 1)
    assert world.titles("Dace") == ["1 message without a name waits for an answer"]


async def test_a_form_that_comes_twice_has_one_effect_and_the_same_code(world: World) -> None:
    await team(world)
    asked = form(await world.ask(world.command("Anna", "voice.unlinked")))
    first, second = [lines(card(await world.fills("Anna", asked, words="Twice"))) for _ in range(2)]
    assert first == second
    await until(world, 3, 3, 6, 1)
    assert world.titles("Dace") == ["1 message without a name waits for an answer"]


async def test_fewer_than_eight_who_could_be_it_are_shown_another_door(world: World) -> None:
    for name in NAMES[1:]:
        await world.person(name)
    await world.person("Dace", Role.COORDINATOR)
    refused = await world.ask(world.command("Ilze", "voice.unlinked"))
    assert title(refused).startswith("You are fewer than 8 here")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("7k3m q9xd 2fhp w5rt", "7K3M-Q9XD-2FHP-W5RT"),
        ("7K3MQ9XD2FHPW5RT", "7K3M-Q9XD-2FHP-W5RT"),
        ("OIL0-0000-0000-0000", "0110-0000-0000-0000"),
        ("7K3M-Q9XD-2FHP", None),
        ("", None),
    ],
)
def test_a_code_is_read_however_it_is_typed(typed: str, read: str | None) -> None:
    assert model.read_code(typed) == read


def test_a_code_is_read_as_it_is_written() -> None:
    codes = [model.code_of(model.new_form()) for _ in range(50)]
    assert [model.read_code(code) for code in codes] == codes


# --- the other doors --------------------------------------------------------------------------


async def test_the_official_route_is_shown_and_nothing_collected(world: World) -> None:
    await team(world)
    await world.person("Root", Role.ADMIN)
    await world.says("Anna", "/voice")
    shown = card(await world.presses("Anna", "Official route"))
    assert "trauksmescelejs.lv" in lines(shown)
    assert "Nobody has set here" in lines(shown)
    asked = form(await world.ask(world.command("Root", "settings.voice")))
    await world.fills("Root", asked, unlinked="no", official="Rasa, trauksme@example.lv")
    assert "Rasa, trauksme@example.lv" in lines(card(await world.presses("Anna", "Official route")))
    refused = await world.ask(world.command("Anna", "voice.unlinked"))
    assert title(refused).startswith("Writing without a name is switched off here.")


async def test_on_the_board_stands_what_came_of_it(world: World) -> None:
    await team(world)
    asked = form(await world.ask(world.command("Dace", "voice.board.form")))
    again = form(await world.fills("Dace", asked, words="Breaks are short", outcome="not"))
    assert again.errors.keys() == {"because"}
    await world.fills(
        "Dace", asked, words="Breaks are short", outcome="not", because="the law has it so"
    )
    assert "We won’t, because: the law has it so" in lines(
        card(await world.says("Ilze", "/voice board"))
    )
    lesson = form(await world.presses("Ilze", "Admit a mistake"))
    await world.fills("Ilze", lesson, words="I promised a date; now I ask first")
    board = card(await world.says("Anna", "/plecs balss dēlis"))
    assert "Ilze made a mistake, and learned, <time>" in lines(board)
    thanks = form(await world.presses("Anna", "Thank Ilze"))
    assert thanks.does == "thanks.give"
    assert "Take it down" not in button_labels(board)
    await world.says("Ilze", "/voice board")
    down = card(await world.presses("Ilze", "Take it down"))
    assert "now I ask first" not in lines(down)


async def test_what_was_typed_is_carried_through_the_door(world: World) -> None:
    await team(world)
    await world.says("Anna", "/voice the breaks are too short")
    asked = form(await world.presses("Anna", "Without my name"))
    assert "the breaks are too short" in repr(asked.fields)
