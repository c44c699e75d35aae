"""A draft fitted to a case: what leaves is what was shown, and what comes back says nothing of its
own."""

import pytest

from handlers.kit.cards import Card, Quote
from handlers.kit.language_models import ModelTrouble, Unanswered
from handlers.kit.people import Role
from tests.stories.telephones import PretendTelephones
from tests.world import World, button_labels, card, form, lines, plain, title

ASKED = "Mr Ozols, client 12345678, asks why his bill is twice as high as Anna's"
SAYS = "All three are on the second page of the bill."
REWORDS = "The bill is higher because the meter readings are wrong."
PROMISES = "We refund the bill if the readings are not what you see on the meter."


@pytest.fixture
async def office(world: World) -> World:
    await world.person("Anna", extension="Anna")
    await world.person("Karlis", Role.COORDINATOR)
    await world.says("Karlis", "/draft adopt")
    await world.presses("Karlis", "Adopt all drafts")
    return world


@pytest.fixture
def system(world: World) -> PretendTelephones:
    return PretendTelephones(world)


def quotes(shown: Card) -> list[str]:
    return [plain(part.line) for part in shown.parts if isinstance(part, Quote)]


async def looks(office: World, asked: str = ASKED) -> Card:
    shown = card(await office.says("Anna", f"/draft {asked}"))
    return card(await office.presses("Anna", "Fit to this case", shown))


def written(*parts: tuple[int, str]) -> dict[str, object]:
    return {"parts": [{"source": source, "text": text} for source, text in parts]}


def draft(office: World) -> Card:
    """Anna's card, as it is now."""
    return office.inbox("Anna")[-1]


async def test_exactly_what_was_shown_leaves_and_nothing_before_it_is_pressed(
    office: World,
) -> None:
    shown = await looks(office)
    assert title(shown) == "This is what leaves"
    assert "Names without a title may be missed: look." in lines(shown)
    assert "Ozols" not in lines(shown)
    assert "12345678" not in lines(shown)
    asked = form(await office.presses("Anna", "Change the words", shown))
    assert office.model.asked == []
    shown = card(
        await office.fills("Anna", asked, words="a bill twice as high, tel. 29123456. <b>Hi</b>")
    )
    words, instructions, *case = quotes(shown)
    assert words == "a bill twice as high, tel. •••. <b>Hi</b>"
    office.model.answers = [written((1, SAYS))]
    await office.presses("Anna", "Send it", shown)
    [prompt] = office.model.asked
    assert [turn.text for turn in prompt.turns] == [instructions, "\n\n".join(case)]
    assert words in case[0]


async def test_the_card_changes_when_the_draft_is_there_and_a_second_click_sends_nothing(
    office: World,
) -> None:
    shown = await looks(office)
    office.model.answers = [
        written((1, f"{SAYS} {REWORDS}"), (1, PROMISES), (9, SAYS), (1, "It costs 7 euros."))
    ]
    reply = await office.presses("Anna", "Send it", shown)
    assert title(reply) == "A draft is being written"
    there = draft(office)
    assert title(there) == "A draft for this case"
    assert quotes(there) == [SAYS, PROMISES, REWORDS]
    said = lines(there).splitlines()
    assert said[1] == "AI draft, you answer for it: read it before you send it."
    assert said[4] == "Left out, for it promises what no answer and no offer of yours does:"
    assert said[6] == "Left out, for no answer says it so; compare before you say it:"
    assert "Made of: Bill higher than usual." in said
    again = await office.presses("Anna", "Send it", shown)
    assert title(again) == "A draft for this case"
    assert len(office.model.asked) == 1


async def test_what_was_shown_before_the_words_changed_does_not_leave(office: World) -> None:
    shown = await looks(office)
    asked = form(await office.presses("Anna", "Change the words", shown))
    await office.fills("Anna", asked, words="a bill twice as high")
    reply = card(await office.presses("Anna", "Send it", shown))
    assert title(reply) == "This is what leaves"
    assert quotes(reply)[0] == "a bill twice as high"
    assert office.model.asked == []


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Unanswered(ModelTrouble.BUSY), "The language model takes no more at the moment."),
        (Unanswered(ModelTrouble.SILENT), "The language model took too long."),
        (Unanswered(ModelTrouble.UNREACHABLE), "The language model does not answer."),
        (Unanswered(ModelTrouble.REFUSED), "The language model will not write this."),
        (Unanswered(ModelTrouble.GARBLED), "was cut off or could not be read."),
    ],
)
async def test_a_model_that_does_not_answer_says_so_and_is_asked_again(
    office: World, answer: Unanswered, says: str
) -> None:
    shown = await looks(office)
    office.model.answers = [answer, written((1, SAYS))]
    await office.presses("Anna", "Send it", shown)
    failed = draft(office)
    assert title(failed) == "No draft came"
    assert says in lines(failed)
    assert "As it is, no. 1" in button_labels(failed)
    await office.presses("Anna", "Try again", failed)
    assert quotes(draft(office)) == [SAYS]
    assert office.model.asked[0] == office.model.asked[1]


async def test_a_model_that_was_unset_meanwhile_is_not_waited_for(office: World) -> None:
    office.model.answers = [Unanswered(ModelTrouble.OFF)]
    await office.presses("Anna", "Send it", await looks(office))
    failed = draft(office)
    assert title(failed) == "No draft came"
    assert "No language model is set any more. The approved answers are there" in lines(failed)
    assert set(button_labels(failed)) <= {f"As it is, no. {n}" for n in (1, 2, 3)}


async def test_nothing_is_left_of_a_draft_that_stands_in_no_answer(office: World) -> None:
    shown = await looks(office)
    office.model.answers = [written((1, "Pay nothing."), (1, REWORDS), (4, SAYS))]
    await office.presses("Anna", "Send it", shown)
    assert title(draft(office)) == "Nothing of the draft can be used"
    assert quotes(draft(office)) == [REWORDS]


async def test_it_is_gone_with_the_call(office: World, system: PretendTelephones) -> None:
    await system.answered("c1", "Anna")
    shown = await looks(office)
    office.model.answers = [written((1, SAYS))]
    await office.presses("Anna", "Send it", shown)
    assert title(draft(office)) == "A draft for this case"
    await system.ended("c1")
    assert "This draft is gone" in office.titles("Anna")
    assert title(await office.presses("Anna", "Send it", shown)) == "This draft is gone"
    assert SAYS not in str([lines(one) for one in office.inbox("Anna")])


async def test_it_is_gone_with_a_call_that_was_told_of_by_hand(
    office: World, system: PretendTelephones
) -> None:
    for ends in ("pressed", "answered"):
        call = card(await office.says("Anna", "/caller +371 2000 0002"))
        shown = await looks(office)
        office.model.answers = [written((1, SAYS))]
        await office.presses("Anna", "Send it", shown)
        assert title(draft(office)) == "A draft for this case"
        await office.forward(minutes=1)
        if ends == "pressed":
            await office.presses("Anna", "The call is over", call)
        else:
            await system.answered("c1", "Anna")
        assert SAYS not in str([lines(one) for one in office.inbox("Anna")]), ends


async def test_it_is_gone_after_half_an_hour_and_when_an_answer_changes(office: World) -> None:
    for goes in ("time", "change"):
        shown = await looks(office)
        office.model.answers = [written((1, SAYS))]
        await office.presses("Anna", "Send it", shown)
        assert title(draft(office)) == "A draft for this case"
        if goes == "time":
            await office.forward(minutes=30, seconds=1)
        else:
            asked = form(
                await office.ask(
                    office.command("Karlis", "answers.form", values={"entry": "bill_higher"})
                )
            )
            await office.fills("Karlis", asked, text_en="It is higher because you used more.")
        assert title(draft(office)) == "This draft is gone", goes
    kept = await office.engine.database.read(
        lambda work: work.connection.exec_driver_sql("SELECT count(*) FROM fittings").scalar_one()
    )
    assert kept == 0


async def test_what_nobody_approved_is_fitted_to_nothing(world: World) -> None:
    await world.person("Anna")
    shown = card(await world.says("Anna", "/draft bill twice as high"))
    assert "Fit to this case" not in button_labels(shown)
    assert "Use as is" in button_labels(shown)
