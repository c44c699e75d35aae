"""The weeks between hard calls in Teams, in Microsoft's own client: three people in three windows
that all of it shares. Whatever is pressed was seen before: a busy machine only takes longer."""

import pytest
from playwright.sync_api import Locator, expect

from tests.teams_e2e.conftest import ANNA, MARA, PETERIS, ClientsHouse
from tests.teams_e2e.playground import Window

pytestmark = pytest.mark.slow


def test_learning_practice_voice_and_thanks(house: ClientsHouse) -> None:
    mara, anna, peteris = house.windows(MARA, ANNA, PETERIS)
    _a_seat_is_given_back_and_offered(mara, anna, peteris)
    _a_call_is_practised(anna, peteris)
    _somebody_is_owed_an_answer(mara, anna)
    _a_deed_is_thanked_for(mara, anna, peteris)


def _a_seat_is_given_back_and_offered(mara: Window, anna: Window, peteris: Window) -> None:
    mara.says("learn voice")
    _press(mara, mara.card("The voice as a tool"), "Plan a date")
    form = mara.card("Who leads it")
    form.get_by_label("Seats").fill("1")
    _press(mara, form, "Plan it")
    expect(mara.card("0 of 1 taken")).to_be_visible()

    for window, does in ((anna, "Take a seat"), (peteris, "Wait")):
        window.says("learn voice")
        _press(window, window.card("The voice as a tool"), "Open")
        _press(window, window.card("About the course"), does)
    expect(peteris.card("You wait.")).to_be_visible()
    _press(anna, anna.card("You have a seat."), "Give my seat back")
    _press(peteris, peteris.card("A seat is free for you"), "Take it")
    expect(peteris.card("You have a seat.")).to_be_visible()

    mara.says("learn dates")
    _press(mara, mara.card("Dates of classes"), "Open")
    _press(mara, mara.card("1 of 1 taken"), "Cancel it")
    form = mara.card("You can undo it for 10 minutes.")
    form.get_by_role("textbox").fill("The trainer is ill")
    _press(mara, form, "Tell them it is off")
    expect(peteris.card("The trainer is ill")).to_be_visible()
    _press(mara, mara.card("You can undo it until"), "Undo")
    expect(peteris.card("takes place after all")).to_be_visible()


def _a_call_is_practised(anna: Window, peteris: Window) -> None:
    anna.says("practice shouting")
    _press(anna, anna.card("Which call would you like to practise?"), "Begin")
    _press(anna, anna.card("Shouting: turn 1"), "Say C")
    _press(anna, anna.card("Shouting: turn 2"), "Step back")
    expect(anna.card("(tried)")).to_be_visible()

    anna.says("practice with")
    form = anna.card("What you both watch")
    _chooses_one(anna, form, "With whom?", PETERIS.name)
    anna.chooses("What you both watch", "Asks on until the situation is clear")
    _press(anna, form, "Ask them")
    _press(peteris, peteris.card("would like to practise a call"), "Now is good")
    expect(peteris.card("You play the caller")).to_contain_text("Anna does not know this:")
    part = anna.card("You answer the call")
    expect(part).not_to_contain_text("does not know this")
    expect(part).to_contain_text("Stop practising")

    # One's own: what tells who it was is taken out.
    anna.says("practice own")
    _press(anna, anna.card("A call of your own"), "Write a call down")
    form = anna.card("A short name for it")
    form.get_by_label("A short name for it").fill("A meter in the cellar")
    form.get_by_label("What one knows before the call").fill("Mrs Ozola calls again")
    form.get_by_label("What only the caller knows").fill("The cellar is flooded")
    anna.chooses("What one can practise with it", "Asks on until the situation is clear")
    _press(anna, form, "Keep it")
    kept = anna.card("A meter in the cellar")
    expect(kept).to_contain_text("look at •••")
    expect(kept).not_to_contain_text("Ozola")


def _somebody_is_owed_an_answer(mara: Window, anna: Window) -> None:
    anna.says("voice the breaks are too short")
    doors = anna.card("Say it, ask it, admit it")
    _press(anna, doors, "Without my name")
    expect(anna.card("You are fewer than 8 here")).to_be_visible()
    anna.says("voice the breaks are too short")
    _press(anna, anna.card("Say it, ask it, admit it"), "With my name")
    form = anna.card("Your words")
    expect(form.get_by_label("Your words")).to_have_value("the breaks are too short")
    _chooses_one(anna, form, "To whom?", MARA.name)
    _press(anna, form, "Send")
    _press(mara, mara.card("Anna writes to you"), "Answer")
    form = mara.card("Your answer")
    form.get_by_label("Your answer").fill("From April on they are longer")
    _press(mara, form, "Send")
    expect(anna.card("Māra has answered you")).to_be_visible()


def _a_deed_is_thanked_for(mara: Window, anna: Window, peteris: Window) -> None:
    anna.says("thanks Pēteris for asking her twice, then it was clear")
    expect(anna.card("Pēteris will read it in a free moment")).to_be_visible()
    given = peteris.card("Anna thanks you")
    expect(given).to_contain_text("asking her twice, then it was clear")
    _press(peteris, given, "Show it to somebody")
    form = peteris.card("To whom?")
    peteris.chooses("To whom?", MARA.name)
    _press(peteris, form, "Show it")
    expect(mara.card("Pēteris shows you a thank-you")).to_contain_text("asking her twice")


def _press(window: Window, card: Locator, label: str) -> None:
    """The button of the card, once both are there."""
    button = card.get_by_role("button", name=label, exact=True).last
    expect(button).to_be_visible()
    window.presses(label, card)


def _chooses_one(window: Window, form: Locator, label: str, option: str) -> None:
    form.get_by_role("combobox", name=label).click()
    window.page.get_by_role("option", name=option).click()
