"""Calm in a hard call: one screen of three lines, the next step, and two minutes after it."""

from datetime import timedelta

import pytest

from handlers.calm.model import TECHNIQUES
from handlers.kit.cards import Card, Facts, Quote
from handlers.kit.people import Role
from handlers.library.uses import Uses
from storage.cleaning import clean
from storage.work import SqlWork
from tests.world import World, button_labels, card, form, lines, plain, title

TO_CALL = "If a life is in danger: 112 · 113 · 116123"


def to_say(reply: object, locale: str = "en") -> str:
    """The sentence that the card wants said now."""
    (quote,) = [part for part in card(reply).parts if isinstance(part, Quote)]
    return plain(quote.line, locale)


def facts(reply: object) -> list[str]:
    return [
        plain(name)
        for part in card(reply).parts
        if isinstance(part, Facts)
        for name, _ in part.rows
    ]


@pytest.fixture
async def office(world: World) -> World:
    await world.person("Anna")
    await world.person("Liene", locale="lv")
    await world.person("Karlis", Role.COORDINATOR)
    return world


async def test_from_shouting_to_the_next_step_and_the_boundary(office: World) -> None:
    shown = await office.says("Anna", "/calm he shouts at me")
    assert title(shown) == "Shouting"
    assert to_say(shown).startswith("I am checking this right now.")
    assert facts(shown) == ["Do", "For me"]
    assert button_labels(card(shown))[:3] == ["Worse", "Better", "Raise my hand"]
    assert TO_CALL in lines(card(shown))
    assert TO_CALL in lines(card(await office.presses("Anna", "Better")))
    next_step = await office.presses("Anna", "It got worse again")
    assert title(next_step) == "Shouting: the next step"
    assert TO_CALL in lines(card(next_step))
    assert to_say(next_step).startswith("I will help as soon as I can hear you.")
    ladder = await office.presses("Anna", "Still worse")
    assert title(ladder) == "Rude or shouting"
    assert "Say now, warning 1 of 2:" in lines(card(ladder))


async def test_the_caller_s_language_is_one_tap_and_stays(office: World) -> None:
    await office.says("Liene", "/plecs mieru kliedz uz mani")
    russian = await office.presses("Liene", "По-русски")
    assert to_say(russian).startswith("Я проверяю это прямо сейчас.")
    worse = await office.presses("Liene", "Kļūst sliktāk")
    assert to_say(worse).startswith("Я помогу")
    better = await office.presses("Liene", "Kļūst labāk")
    assert to_say(better).startswith("Спасибо.")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("kliedz", "Shouting"),
        ("raud", "Crying"),
        ("crying", "Crying"),
        ("klusē", "Silent"),
        ("kluse", "Silent"),
        ("senior", "Older, hard to follow"),
        ("pensionāre", "Older, hard to follow"),
        ("плачет", "Crying"),
        ("wants to speak to a manager", "Wants the manager"),
    ],
)
async def test_hurried_words_lead_to_the_screen(office: World, typed: str, shown: str) -> None:
    assert title(await office.says("Anna", f"/calm {typed}")) == shown


@pytest.mark.parametrize("typed", ["grib sevi nogalināt", "suicide", "viņš neelpo"])
async def test_a_danger_to_life_is_never_calmed(office: World, typed: str) -> None:
    shown = card(await office.says("Anna", f"/calm {typed}"))
    assert "112: Police, fire and rescue" in lines(shown)
    assert "Raise my hand" in button_labels(shown)


async def test_what_may_be_a_danger_says_whom_to_call_first(office: World) -> None:
    shown = card(await office.says("Anna", "/calm bērns raud"))
    assert title(shown) == "Crying"
    assert lines(shown).splitlines()[1] == TO_CALL
    assert lines(shown).count(TO_CALL) == 1
    emergency = card(await office.presses("Anna", "A life is in danger"))
    assert "112: Police, fire and rescue" in lines(emergency)


async def test_words_that_lead_nowhere_are_kept_without_names(office: World) -> None:
    shown = card(await office.says("Anna", "/calm qwxz zzyx"))
    assert title(shown) == "Which is nearest?"
    assert "This helps with any caller:" in lines(shown)


async def test_the_hand_and_the_policy_lead_there(office: World) -> None:
    await office.says("Anna", "/hand viņa raud un raud")
    assert title(await office.presses("Anna", "Calm words")) == "Crying"
    await office.says("Liene", "/policy kliedz")
    assert title(await office.presses("Liene", "Mierīgi vārdi"), "lv") == "Kliedz"


async def test_a_hard_call_is_let_go_in_three_steps_each_of_which_can_be_skipped(
    office: World,
) -> None:
    one = await office.says("Anna", "/calm let go")
    assert title(one) == "1 of 3: what was the situation’s"
    assert title(await office.presses("Anna", "Next")) == "2 of 3: what was the company’s"
    assert title(await office.presses("Anna", "Skip this one")) == "3 of 3: what is mine to keep"
    assert title(await office.presses("Anna", "Next")) == "That was it"
    await office.says("Anna", "/calm let go")
    assert title(await office.presses("Anna", "That is enough")) == "That was it"
    assert office.inbox("Anna") == []


async def test_uses_are_counted_by_technique_from_five_people_on(office: World) -> None:
    people = [(await office.person(name)).name for name in ("A", "B", "C", "D")]
    for name in (*people, *people):
        await office.says(name, "/calm shouting")
    assert "Nothing was used by 5 people" in lines(await uses(office))
    await office.says("Anna", "/calm shouting")
    assert "Shouting: 5 people" in lines(await uses(office))
    anna = await office.known("Anna")

    def rows(work: SqlWork) -> int:
        clean(work.connection, office.now + timedelta(weeks=8))
        return len(work.of(Uses).most_in_a_week(anna.workspace, TECHNIQUES.name, office.now))

    assert await office.engine.database.run(rows) == 0


async def uses(office: World) -> Card:
    return card(await office.says("Karlis", "/calm uses"))


async def test_a_coordinator_adds_changes_and_adopts_one(office: World) -> None:
    assert "Draft: nobody here has adopted" in lines(
        card(await office.says("Anna", "/calm shouting"))
    )
    await office.says("Karlis", "/calm adopt")
    assert title(await office.presses("Karlis", "Adopt all drafts")) == "All of it is adopted"
    await office.says("Karlis", "/calm edit")
    new = form(await office.presses("Karlis", "Add something new"))
    said = {one.name: "Barks" for one in new.fields} | {"review": "2027-05-01", "boundary": ""}
    said |= {"names_en": "A dog barks", "names_lv": "Suns rej", "examples_en": "barking dog"}
    saved = card(await office.fills("Karlis", new, **said))
    assert lines(saved).splitlines()[:2] == ["Saved as version 2", "A dog barks: new"]
    shown = card(await office.says("Anna", "/calm a barking dog"))
    assert title(shown) == "A dog barks"
    assert "Draft: nobody here has adopted" in lines(shown)
    await office.presses("Karlis", "Adopt", saved)
    shown = card(await office.says("Anna", "/calm a barking dog"))
    assert "Draft" not in lines(shown)
    await office.says("Karlis", "/calm edit")
    await office.presses("Karlis", "A dog barks")
    changed = form(await office.presses("Karlis", "Change"))
    again = form(await office.fills("Karlis", changed, say_en="x" * 141))
    assert plain(again.errors["say_en"]) == "At most 140 characters, please; this has 141."
    assert title(await office.says("Karlis", "/calm history")) == "What changed, and when"
    assert title(await office.presses("Karlis", "Put away")) == "Saved as version 3"
    assert title(await office.says("Anna", "/calm a barking dog")) == "Which is nearest?"
