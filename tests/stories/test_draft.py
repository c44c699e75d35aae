"""A first draft: the approved answers nearest to a question, one to copy, and what is missing."""

from datetime import timedelta

import pytest

from handlers.kit.cards import Card, Quote, TextField
from handlers.kit.people import Role
from tests.world import World, button_labels, buttons, card, form, lines, plain, title


def quotes(reply: object) -> list[str]:
    return [plain(part.line) for part in card(reply).parts if isinstance(part, Quote)]


@pytest.fixture
async def office(world: World) -> World:
    await world.person("Anna")
    await world.person("Liene", locale="lv")
    await world.person("Pēteris", topics=("bills",))
    await world.person("Karlis", Role.COORDINATOR)
    return world


async def test_three_answers_one_of_which_is_copied(office: World) -> None:
    await office.says("Karlis", "/draft adopt")
    await office.presses("Karlis", "Adopt all drafts")
    shown = card(await office.says("Liene", "/draft klients jautā kāpēc rēķins divreiz lielāks"))
    assert title(shown, "lv") == "Tuvākās atbildes"
    assert button_labels(shown).count("Lietot, kā ir") == 3
    assert "Rēķins lielāks nekā parasti" in lines(shown)
    assert "Apstiprināja Karlis, <time>. Atbildīgais: Norēķinu grupas atbildīgais." in lines(shown)
    use = next(one for one in buttons(shown) if plain(one.label) == "Lietot, kā ir")
    copied = card(await office.ask(office.command("Liene", use.does, values=dict(use.values))))
    assert quotes(copied)[0].startswith("Lai saprastu, kāpēc rēķins ir lielāks, salīdzināsim")
    english = await office.presses("Liene", "In English", copied)
    assert quotes(english)[0].startswith("To see why the bill is higher")


async def test_a_draft_says_that_nobody_approved_it_and_an_old_one_to_check_first(
    office: World,
) -> None:
    shown = card(await office.says("Anna", "/draft bill twice as high"))
    assert "Draft: nobody has approved this answer yet." in lines(shown)
    assert "not surely the right ones" in lines(shown)
    await office.says("Karlis", "/draft adopt")
    await office.presses("Karlis", "Adopt all drafts")
    office.platform.now += timedelta(days=400)
    shown = card(await office.says("Anna", "/draft bill twice as high"))
    assert "Check first. This was to be reviewed by" in lines(shown)


async def test_without_words_a_form_asks_for_them(office: World) -> None:
    asked = form(await office.says("Anna", "/draft"))
    shown = await office.fills("Anna", asked, words="why is my bill estimated")
    assert "Estimated bill" in lines(card(shown))


async def test_none_fits_names_who_knows_and_waits_for_a_coordinator(office: World) -> None:
    await office.says("Anna", "/draft bill for client 12345678 has a blue stamp")
    nothing = card(await office.presses("Anna", "None fits"))
    assert title(nothing) == "Nothing approved fits"
    assert "Who knows bills: Pēteris." in lines(nothing)
    queue = card(await office.says("Karlis", "/draft queue"))
    assert "12345678" not in lines(queue)
    assert "blue stamp: 1 person" in lines(queue)
    new = form(await office.presses("Karlis", "Make an answer"))
    examples = next(one for one in new.fields if one.name == "examples_en")
    assert isinstance(examples, TextField)
    assert "blue stamp" in examples.value, "how it was asked for is how it is found"
    said = {one.name: "It is only a stamp." for one in new.fields} | {"review": "2027-05-01"}
    said |= {"names_en": "Blue stamp", "topic": "bills", "examples_en": "blue stamp on the bill"}
    assert title(await office.fills("Karlis", new, **said)) == "Saved as version 2"
    assert "blue stamp: 1 person" not in lines(card(await office.says("Karlis", "/draft queue")))
    shown = card(await office.says("Anna", "/draft a blue stamp on the bill"))
    assert "Blue stamp" in lines(shown).splitlines()[1]
    raised = await office.presses("Anna", "Raise my hand", nothing)
    assert title(raised) == "Your hand is up"
    assert "Bills" in lines(card(raised)) or "bills" in lines(card(raised))


async def test_what_no_answer_is_near_to_is_said_readily(office: World) -> None:
    nothing = card(await office.says("Anna", "/draft qwxz zzyx"))
    assert title(nothing) == "Nothing approved fits"
    assert "qwxz zzyx: 1 person" in lines(card(await office.says("Karlis", "/draft queue")))
    await office.forward(days=14, seconds=1)
    assert "qwxz" not in lines(card(await office.says("Karlis", "/draft queue")))


async def test_a_correction_reaches_the_coordinators_without_anybody_s_name(
    office: World,
) -> None:
    await office.says("Anna", "/draft more time to pay")
    await office.presses("Anna", "Use as is")
    wrong = form(await office.presses("Anna", "Something is wrong"))
    told = "Call Mr Ozols at 29123456: 14 days, not 10"
    assert title(await office.fills("Anna", wrong, words=told)) == (
        "Thank you. The coordinators read it."
    )
    queue = card(await office.says("Karlis", "/draft queue"))
    [said] = quotes(queue)
    assert "14 days, not 10" in said
    assert "29123456" not in said
    assert "Ozols" not in said
    done = card(await office.presses("Karlis", "Done", queue))
    assert quotes(done) == []


async def test_words_are_tried_among_all_libraries(office: World) -> None:
    shown = lines(card(await office.says("Karlis", "/plecs try rēķins kliedz")))
    assert "Among the calm techniques: Shouting" in shown
    assert "Among the approved answers: " in shown


async def uses(office: World) -> Card:
    return card(await office.ask(office.command("Karlis", "draft.uses")))


async def test_uses_are_counted_by_answer_from_five_people_on(office: World) -> None:
    for name in ("A", "B", "C", "D", "E"):
        await office.person(name)
        await office.ask(office.command(name, "answers.show", values={"entry": "solar"}))
        shown = "Solar panels and what is fed in: 5 people" in lines(await uses(office))
        assert shown is (name == "E")
