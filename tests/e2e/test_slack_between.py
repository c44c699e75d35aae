"""Learning and practice over signed Slack: a seat, a call practised alone and with a colleague, and
one of one's own; windows, rows and answers that change in place."""

from datetime import timedelta

from handlers.kit.people import Role
from handlers.practice.own.rules import PARTS
from tests.e2e.slack_house import SlackHouse, shown
from tests.fakes.slack import SlackUser, words


async def test_a_freed_seat_is_offered_to_who_waits(over_http: SlackHouse) -> None:
    house = over_http
    dace = await house.person("U1", "Dace Kalna", Role.COORDINATOR)
    anna = await house.person("U2", "Anna Liepa")
    ilze = await house.person("U3", "Ilze Vītola", locale="lv")
    await dace.types("/learn seniors")
    await house.sees(dace, "[Plan a date]")
    await dace.presses("Plan a date")
    await house.slack.until(lambda: dace.window is not None)
    day = (house.clock() + timedelta(days=20)).date()
    assert await dace.submits(day=f"{day}", start="25:00", seats="1") != {}
    assert await dace.submits(day=f"{day}", start="14:00", seats="1", place="204 <left> & up") == {}

    await _opens(house, anna, "/learn seniors", "", "Take a seat")
    await house.sees(anna, "You have a seat.")
    assert "204 &lt;left&gt; &amp; up" in shown(anna)[-1]
    await _opens(house, ilze, "/learn seniors", "", "Stāties rindā")
    await house.sees(ilze, "Jūs esat rindā")
    await anna.presses("Give my seat back")
    await house.slack.until(lambda: any("[Pieņemt vietu]" in one for one in shown(ilze)))
    await ilze.presses("Pieņemt vietu")
    await house.slack.until(lambda: any("Jums ir vieta" in one for one in shown(ilze)))


async def test_a_call_is_practised_alone_and_with_a_colleague(over_http: SlackHouse) -> None:
    house = over_http
    anna = await house.person("U2", "Anna Liepa")
    ilze = await house.person("U3", "Ilze Vītola", locale="lv")
    await _opens(house, anna, "/practice shouting", "turn 1", "Begin")
    await anna.presses("Say C")
    await house.sees(anna, "turn 2")
    await anna.presses("Step back")
    await house.sees(anna, "(tried)")

    await anna.types("/practice with")
    await house.slack.until(lambda: anna.window is not None)
    assert await anna.submits(colleague="U3", indicators=["hears_out"], scenario="shouting") == {}
    await house.sees(ilze, "[Tagad der]")
    await ilze.presses("Tagad der")
    await house.slack.until(lambda: any("Jūs spēlējat zvanītāju" in one for one in shown(ilze)))
    await house.sees(anna, "You answer the call")
    await anna.presses("The call is over, swap")
    await house.slack.until(lambda: any("You play the caller" in one for one in shown(anna)))
    await house.slack.until(lambda: any("Jūs atbildat uz zvanu" in one for one in shown(ilze)))
    await ilze.presses("Zvans beidzies")
    await house.slack.until(lambda: any("[Write it]" in one for one in shown(anna)))
    await anna.presses("Write it")
    await house.slack.until(lambda: _fields(anna) == ["hears_out"])
    assert await anna.submits(hears_out="you waited & <heard> me") == {}
    await house.sees(ilze, "you waited &amp; &lt;heard&gt; me")


async def test_a_call_of_ones_own_is_written_offered_and_sent_back(over_http: SlackHouse) -> None:
    house = over_http
    dace = await house.person("U1", "Dace Kalna", Role.COORDINATOR)
    anna = await house.person("U2", "Anna Liepa")
    await _opens(house, anna, "/practice own", "", "Write a call down")
    await house.slack.until(lambda: anna.window is not None)
    call = {"names": "A meter", "situation": "Mrs Ozola calls again", "caller": "The cellar <wet>"}
    assert await anna.submits(**call, indicators=["hears_out"]) == {}
    await house.slack.until(lambda: "look at •••" in _seen(anna))
    assert "Ozola" not in _seen(anna)
    await anna.presses_in_window("Change")
    await house.slack.until(lambda: _fields(anna))
    assert await anna.submits(situation="A neighbour calls again") == {}
    for _ in PARTS[1:]:
        await anna.presses_in_window("Write")
        await house.slack.until(lambda: _fields(anna))
        assert await anna.submits(**dict.fromkeys(_fields(anna), "Made up & <so>")) == {}
    await anna.presses_in_window("Offer it")
    await house.sees(dace, "Anna")
    await dace.presses("Read it")
    await house.slack.until(lambda: "[Send it back]" in _seen(dace))
    await dace.presses("Send it back")
    await house.slack.until(lambda: dace.window is not None)
    assert await dace.submits(words="Make it <an attic>") == {}
    await house.slack.until(lambda: any("Make it &lt;an attic&gt;" in one for one in shown(anna)))


async def _opens(house: SlackHouse, who: SlackUser, line: str, then: str, label: str) -> None:
    """Types the line, and presses the button of its answer."""
    await who.types(line)
    await house.sees(who, f"[{label}]")
    await who.presses(label)
    if then:
        await house.slack.until(lambda: then in _seen(who))


def _fields(who: SlackUser) -> list[str]:
    """The fields of the person's window in which nothing stands yet."""
    blocks = (who.window or {}).get("blocks", ())
    asked = [block["element"] for block in blocks if block["type"] == "input"]
    texts = [one for one in asked if one["type"] == "plain_text_input"]
    return [one["action_id"] for one in texts if not one.get("initial_value")] or [
        one["action_id"] for one in texts[:1]
    ]


def _seen(who: SlackUser) -> str:
    """What stands in the person's chat and window."""
    window = words(who.window["blocks"]) if who.window else ""
    return "\n".join((*shown(who), window))
