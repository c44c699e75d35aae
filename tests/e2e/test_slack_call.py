"""A whole call over signed Slack, told of by a signed telephone system: calm, a draft fitted to the
case, and nothing left of it when the call ends."""

import json

import aiohttp

from handlers.kit.people import Role
from tests.e2e.slack_house import SlackHouse, shown
from tests.webhooks import signed

SAYS = "All three are on the second page of the bill."


async def tells(house: SlackHouse, kind: str) -> None:
    """The telephone system posts what happened to the call."""
    now = house.clock()
    body = json.dumps(
        {
            "type": f"call.{kind}",
            "call": "c1",
            "from": "+371 26 123 456",
            "agent": "214",
            "at": now.isoformat(),
        }
    ).encode()
    headers = signed(body, delivery=kind) | {"Content-Type": "application/json"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{house.slack.address}/api/contacts", data=body, headers=headers) as answer,
    ):
        assert (answer.status, await answer.json()) == (202, {"result": "kept"})


async def test_a_call_with_calm_and_a_draft(house: SlackHouse) -> None:
    dace = await house.person("U1", "Dace", Role.COORDINATOR)
    anna = await house.person("U2", "Anna Liepa", extension="214")
    for library in ("/calm adopt", "/draft adopt"):
        await dace.types(library)
        await dace.presses("Adopt all drafts")
    await tells(house, "answered")

    await anna.types("/calm he shouts")
    await house.sees(anna, "Say")
    await anna.presses("Worse")
    assert len(anna.messages) == 1, "one card, which goes on"

    house.model.answers = [{"parts": [{"source": 1, "text": SAYS}]}]
    await anna.types("/draft why is my bill twice as high, Mr Ozols asks")
    await house.sees(anna, "Bill higher than usual")
    await anna.presses("Fit to this case")
    await house.slack.until(lambda: any("This is what leaves" in one for one in shown(anna)))
    assert "Ozols" not in shown(anna)[-1].replace("[", "")
    assert house.model.asked == []
    await anna.presses("Send it")
    await house.slack.until(lambda: any("A draft for this case" in one for one in shown(anna)))
    [there] = [one for one in shown(anna) if "A draft for this case" in one]
    assert SAYS in there
    [prompt] = house.model.asked
    assert "26 123 456" not in str(prompt)

    await tells(house, "ended")
    await house.slack.until(lambda: any("This draft is gone" in one for one in shown(anna)))
    assert not any("A draft for this case" in one for one in shown(anna))
