"""An offer with a second signature over signed Slack."""

from handlers.kit.people import Role
from tests.e2e.slack_house import SlackHouse, shown
from tests.fakes.slack import buttons, words


async def test_an_offer_is_chosen_signed_and_accepted(house: SlackHouse) -> None:
    dace = await house.person("U1", "Dace", Role.COORDINATOR)
    anna = await house.person("U2", "Anna Liepa")
    liga = await house.person("U3", "Līga Kalna", Role.SUPERVISOR, locale="lv")
    await dace.types("/offer rules")
    await dace.presses("Adopt all drafts")
    await house.slack.until(lambda: "Every rule for offers is adopted" in shown(dace)[0])

    await anna.types("/offer +371 26 123 456 missed visit")
    [card] = anna.messages
    assert "I can take 15 euros off your next bill." in shown(anna)[0]
    await anna.presses("€25, if signed", card)
    await house.slack.until(lambda: anna.window is not None)
    assert await anna.submits(reason="costs") == {}
    await house.sees(liga, "Anna lūdz parakstīt: 25\u00a0€ no rēķina")
    await liga.presses("Parakstīt")
    await house.sees(liga, "Jūs parakstījāt: 25\u00a0€ no rēķina")
    await house.slack.until(lambda: any("<@U3> has signed it." in text for text in shown(anna)))
    await anna.presses("The customer accepts")
    await house.slack.until(lambda: any("Given: €25 off the bill" in one for one in shown(anna)))
    await anna.types("/offer mine")
    assert "€150 of €150" in shown(anna)[-1]
    everything = "".join(words(one.blocks) for one in house.slack.messages)
    assert "26 123 456" not in everything
    assert buttons(anna.messages[-1].blocks) == ["New offer"]
