"""Who stands behind a boundary, an ending that is taken back, and words that lead nowhere."""

import pytest

from handlers.kit.cards import Quote
from handlers.kit.people import Role
from tests.stories.boundaries import labels
from tests.world import World, card, form, lines, plain, title


@pytest.fixture
async def office(world: World) -> World:
    for user in ("Anna", "Janis", "Ilze"):
        await world.person(user)
    await world.person("Marta", Role.SUPERVISOR)
    await world.person("Karlis", Role.COORDINATOR)
    return world


async def test_what_comes_with_plecs_promises_nothing_until_somebody_adopts_it(
    office: World,
) -> None:
    short = lines(card(await office.says("Anna", "/policy threat")))
    whole = lines(card(await office.presses("Anna", "Show all")))
    thanks = lines(card(await office.presses("Anna", "I ended the call")))
    told = office.inbox("Marta")[0]
    for shown in (short, whole):
        assert "Draft: nobody here has adopted this boundary yet." in shown
    assert "What the draft suggests" in whole
    for shown in (short, whole, thanks, lines(card(told))):
        assert not any(word in shown for word in ("Management", "police;", "within policy"))
    assert "You ended the call as the draft of this boundary says." in thanks
    assert office.titles("Marta") == ["Anna ended a call"]
    assert "nobody here has adopted that boundary yet" in lines(card(told))


async def test_a_named_person_adopts_one_and_then_the_rest(office: World) -> None:
    drafts = await office.says("Karlis", "/policy adopt")
    assert title(drafts) == "9 boundaries are drafts"
    after = await office.presses("Karlis", "Adopt", card(drafts))
    assert title(after) == "8 boundaries are drafts"
    assert "A caller in crisis: adopted by Karlis, <time>" in lines(card(after))
    assert (await office.presses("Karlis", "Adopt all drafts", card(after))) is not None
    await office.says("Anna", "/policy threat")
    whole = lines(card(await office.presses("Anna", "Show all")))
    assert "Adopted by: Karlis, <time>" in whole
    assert "The company goes to the police" in whole
    refused = await office.says("Anna", "/policy adopt")
    assert title(refused) == "Coordinators adopt boundaries. Tell one that these are still drafts."


async def test_what_was_changed_is_a_draft_again_and_adopted_where_it_was_saved(
    office: World,
) -> None:
    await office.says("Karlis", "/policy adopt")
    await office.presses("Karlis", "Adopt all drafts")
    await office.says("Karlis", "/policy edit")
    opened = form(await office.presses("Karlis", "Insulting"))
    saved = card(await office.fills("Karlis", opened, owner_en="Zane"))
    assert "it is a draft again: nobody stands behind it until it is adopted" in lines(saved)
    adopted = await office.presses("Karlis", "Adopt", saved)
    assert title(adopted) == "Every boundary is adopted"


async def test_what_was_changed_meanwhile_is_not_adopted_unread(office: World) -> None:
    drafts = card(await office.says("Karlis", "/policy adopt"))
    await office.says("Karlis", "/policy edit")
    opened = form(await office.presses("Karlis", "Insulting"))
    await office.fills("Karlis", opened, owner_en="Zane")
    refused = await office.presses("Karlis", "Adopt all drafts", drafts)
    assert title(refused) == (
        "The boundaries were changed meanwhile. Read them again before you adopt them."
    )
    assert title(await office.says("Karlis", "/policy adopt")) == "9 boundaries are drafts"


async def test_the_sentence_and_both_buttons_stand_before_all_else(office: World) -> None:
    shown = card(await office.says("Anna", "/policy he keeps shouting"))
    first, sentence, pressed, *rest = shown.parts
    assert lines(shown).splitlines()[1] == "Say now, warning 1 of 2:"
    assert isinstance(sentence, Quote)
    assert labels(shown)[:2] == ["Raise my hand", "I warned"]
    assert len(shown.parts) <= 6, (first, pressed, rest)


async def test_an_ending_is_taken_back_and_whoever_was_told_reads_so(office: World) -> None:
    await office.says("Anna", "/policy threat")
    thanks = await office.presses("Anna", "I ended the call")
    await office.forward(minutes=10)
    back = await office.presses("Anna", "Take it back", card(thanks))
    assert title(back) == "Taken back. The call was not ended."
    await office.forward(seconds=5)
    assert office.titles("Marta")[-1] == "Anna took it back: that call was not ended"
    mine = card(await office.says("Anna", "/policy mine"))
    assert lines(mine).splitlines()[1] == "<time>: Threatening (void)"
    kept = lines(card(await office.presses("Anna", "Open", mine)))
    assert "Void. You took it back: <time>." in kept
    again = await office.presses("Anna", "Take it back", card(thanks))
    assert title(again) == title(back)


async def test_after_ten_minutes_a_receipt_stays(office: World) -> None:
    await office.says("Anna", "/policy threat")
    thanks = await office.presses("Anna", "I ended the call")
    await office.forward(minutes=10, seconds=1)
    late = await office.presses("Anna", "Take it back", card(thanks))
    assert title(late).startswith("That was more than ten minutes ago: the receipt stays")
    assert "(void)" not in lines(card(await office.says("Anna", "/policy mine")))


async def test_a_card_of_an_earlier_call_asks_first(office: World) -> None:
    old = card(await office.says("Anna", "/policy threat"))
    await office.forward(minutes=10, seconds=1)
    asked = await office.presses("Anna", "I ended the call", old)
    assert title(asked) == "Did you end a call just now?"
    assert office.inbox("Marta") == []
    thanks = await office.presses("Anna", "Yes, just now", card(asked))
    assert title(thanks) == "Thank you. You did right."
    other = card(await office.says("Anna", "/policy sexual"))
    await office.forward(seconds=5)
    await office.says("Anna", "/policy threat")
    await office.presses("Anna", "I ended the call")
    await office.presses("Anna", "I warned", other)
    assert title(await office.presses("Anna", "I ended the call")) == "Thank you. You did right."
    earlier = card(await office.says("Anna", "/policy threat"))
    await office.forward(seconds=5)
    await office.says("Anna", "/policy threat")
    await office.presses("Anna", "I ended the call")
    asked = await office.presses("Anna", "I ended the call", earlier)
    assert title(asked) == "Did you end a call just now?"


async def test_what_was_not_found_is_shown_once_three_people_asked(office: World) -> None:
    for user in ("Anna", "Anna", "Janis"):
        await office.says(user, "/policy zumzinošs vabulis, tel. 29123456")
    bench = lines(card(await office.says("Karlis", "/plecs try banana")))
    assert "Nothing that three people looked for." in bench
    await office.says("Ilze", "/policy Zumzinošs  vabulis, tel. 26000001")
    bench = lines(card(await office.says("Karlis", "/plecs try banana")))
    assert "zumzinoss vabulis, tel.: 3 people" in bench
    assert not any(letter in bench for letter in ("2912", "2600"))
    await office.forward(days=14, seconds=1)
    bench = lines(card(await office.says("Karlis", "/plecs try banana")))
    assert "Nothing that three people looked for." in bench


async def test_a_coordinator_sees_what_words_lead_to_and_why(office: World) -> None:
    bench = lines(card(await office.says("Karlis", "/plecs try kliedz un grib lēkt no jumta")))
    assert "An agent sees: the card for a danger to life" in bench
    assert "Danger to life: yes: lekt, jumta" in bench
    assert "kliedz: Rude or shouting" in bench
    sued = lines(card(await office.says("Karlis", "/plecs try draud ar tiesu")))
    assert "The caller’s right: yes: tiesu" in sued
    asked = await office.says("Karlis", "/plecs try")
    assert plain(form(asked).title) == "Try words"
    refused = await office.says("Anna", "/plecs try kliedz")
    assert title(refused).startswith("This bench is for coordinators.")
