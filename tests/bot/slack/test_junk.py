"""What Slack never sends is refused, signed or not."""

import time

import aiohttp
import pytest

from tests.bot.slack.house import FORM, SlackDoor

DEEP = "[" * 100_000
JUNK = [
    *("", "5", "null", "[]", '"x"', "{}", DEEP, '{"a":' * 50_000, "payload=5", "payload=null"),
    *("payload=[]", f"payload={DEEP}", "payload=%ff", "ssl_check=1", '{"ssl_check":"1"}'),
    *('{"type":"url_verification","challenge":"x"}', '{"type":"event_callback","event":5}'),
    *('{"type":"event_callback","team_id":"T1","event":{"type":5}}', '{"authorizations":[null]}'),
    'payload={"type":"block_actions","actions":[{"action_id":5,"block_id":[]}]}',
    *('{"team":5,"user":[],"authorizations":[5]}', "command=/hand&team_id=T1&user_id=U1"),
]


@pytest.mark.parametrize("kind", [FORM, "application/json", "text/plain; charset=klingon", "x"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Request-Timestamp": "nan", "X-Slack-Signature": "v0=0"},
        {"X-Slack-Request-Timestamp": "9" * 5_000, "X-Slack-Signature": "v0=0"},
        {"X-Slack-Request-Timestamp": "1e9", "X-Slack-Signature": "v0=0"},
        {"X-Slack-Signature": "v0=ā"},
        {"Host": "["},
    ],
    ids=["none", "no time", "far away", "a fraction", "letters", "host"],
)
async def test_junk_is_refused_and_nothing_is_asked(
    served: SlackDoor, headers: dict[str, str], kind: str
) -> None:
    now = {"X-Slack-Request-Timestamp": str(int(time.time())), "Content-Type": kind}
    async with aiohttp.ClientSession() as session:
        for body in JUNK:
            async with session.post(
                str(served.slack.app_url), data=body.encode(), headers={**now, **headers}
            ) as answer:
                assert answer.status in (400, 401), body[:40]
    assert served.desk.asked == []


@pytest.mark.parametrize("kind", [FORM, "application/json", "text/plain; charset=klingon"])
async def test_junk_that_is_signed_breaks_nothing(served: SlackDoor, kind: str) -> None:
    for body in JUNK:
        status, said = await served.slack.post(body.encode(), kind)
        assert status < 500, body[:40]
        assert "Traceback" not in said
