"""What becomes of a card that is sent, whatever Slack does with it."""

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest

from bot import logs
from bot.slack.api import slack_client, slack_session
from bot.slack.check import check, team_of
from bot.slack.clients import OneWorkspace
from bot.slack.manifest import manifest
from bot.slack.send import SlackPlatform
from handlers.kit.cards import Card, Paragraph, ToType
from handlers.kit.delivery import Reader
from handlers.kit.notices import Lane, Rejected, SendResult, Sent, TryLater
from handlers.kit.people import Address, Profile
from tests.fakes.slack import BOT_TOKEN, TEAM, FakeSlack, User, fake_slack, words

READER = Reader("en", "Europe/Riga")
CARD = Card(("Anna needs help",), (Paragraph(("Bills",)),))
LATER = Card(("Jānis is on the way",))
ANNA, JANIS, GONE = (Address("slack", TEAM, user) for user in ("U1", "U2", "U3"))


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as running:
        running.add(User("U1", "Anna Liepa"))
        running.add(User("U2", "Jānis Ozols", locale="lv-LV", tz="Europe/Vilnius"))
        running.add(User("U3", "Gone", deleted=True))
        running.add(User("U4", "Robot", is_bot=True))
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with slack_session() as session:
        yield session


@pytest.fixture
def platform(slack: FakeSlack, session: aiohttp.ClientSession) -> SlackPlatform:
    return SlackPlatform(OneWorkspace(slack_client(BOT_TOKEN, session, slack.api_url)))


async def test_a_card_arrives_and_is_changed_in_place(
    slack: FakeSlack, platform: SlackPlatform
) -> None:
    sent = await platform.send([ANNA], CARD, READER, None, "k")
    [message] = slack.messages
    assert sent == Sent(message.ref)
    assert (message.to, message.text) == (frozenset({"U1"}), "Anna needs help")
    assert slack.called("chat.postMessage")[0]["unfurl_links"] is False

    assert await platform.send([ANNA], LATER, READER, message.ref, "k") == sent
    assert [(shown.text, shown.edits) for shown in slack.messages] == [("Jānis is on the way", 1)]


async def test_cards_teach_the_commands_that_were_installed(
    slack: FakeSlack, session: aiohttp.ClientSession
) -> None:
    clients = OneWorkspace(slack_client(BOT_TOKEN, session, slack.api_url))
    platform = SlackPlatform(clients, command_prefix="acme")
    take_one = ("For ten minutes: ", ToType("break", "10"))
    await platform.send([ANNA], Card(take_one, (Paragraph(take_one),)), READER, None, "k")
    [message] = slack.messages
    said = "For ten minutes: /acme-break 10"
    assert (message.text, words(message.blocks).splitlines()) == (said, [said, said])


async def test_several_people_get_one_conversation_of_their_own(
    slack: FakeSlack, platform: SlackPlatform
) -> None:
    await platform.send([JANIS, ANNA], CARD, READER, None, "k1")
    await platform.send([ANNA, JANIS], LATER, READER, None, "k2")
    assert [message.to for message in slack.messages] == [frozenset({"U1", "U2"})] * 2
    assert len({message.channel for message in slack.messages}) == 1
    assert len(slack.called("conversations.open")) == 1


async def test_a_card_that_can_not_be_shown_is_sent_plainer(
    slack: FakeSlack, platform: SlackPlatform
) -> None:
    long = Card(("Bērziņa " * 25 + "asks for you",), CARD.parts)
    assert isinstance(await platform.send([ANNA], long, READER, None, "k"), Sent)
    [message] = slack.messages
    assert message.text == "Bērziņa " * 17 + "Bēr…"
    assert words(message.blocks) == f"{message.text}\nBills"


@pytest.mark.parametrize(
    ("trouble", "outcome"),
    [
        ("500", TryLater()),
        ("429", TryLater(timedelta(seconds=7), held=Lane.NEW)),
        ("reset", TryLater()),
        ("internal_error", TryLater()),
        ("a_word_of_tomorrow", TryLater()),
        ("token_revoked", TryLater(held=Lane.NEW, refused="token_revoked")),
        ("missing_scope", TryLater(held=Lane.NEW, refused="missing_scope")),
        ("is_archived", Rejected("is_archived")),
        ("user_not_found", Rejected("user_not_found", (ANNA,))),
        ("invalid_blocks", Rejected("invalid_blocks")),
    ],
)
async def test_trouble_has_an_outcome(
    slack: FakeSlack, platform: SlackPlatform, trouble: str, outcome: object
) -> None:
    slack.fail_next("chat.postMessage", trouble)
    assert await platform.send([ANNA], CARD, READER, None, "k") == outcome
    assert isinstance(await platform.send([ANNA], CARD, READER, None, "k"), Sent)


async def test_slack_that_does_not_answer_in_time_is_tried_later(slack: FakeSlack) -> None:
    slack.fail_next("chat.postMessage", "hang")
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.05)) as impatient:
        platform = SlackPlatform(OneWorkspace(slack_client(BOT_TOKEN, impatient, slack.api_url)))
        assert await platform.send([ANNA], CARD, READER, None, "k") == TryLater()


async def test_slack_that_is_not_there_is_tried_later(session: aiohttp.ClientSession) -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    platform = SlackPlatform(
        OneWorkspace(slack_client(BOT_TOKEN, session, f"http://127.0.0.1:{port}/api/"))
    )
    assert await platform.send([ANNA], CARD, READER, None, "k") == TryLater()


async def test_a_reset_sends_nothing_twice_by_itself(
    slack: FakeSlack, platform: SlackPlatform
) -> None:
    slack.fail_next("chat.postMessage", "reset")
    await platform.send([ANNA], CARD, READER, None, "k")
    assert len(slack.messages) == 1


async def test_who_can_not_be_reached_is_settled(slack: FakeSlack, platform: SlackPlatform) -> None:
    gone = await platform.send([GONE], CARD, READER, None, "k")
    assert gone == Rejected("channel_not_found", (GONE,))
    robot = Address("slack", TEAM, "U4")
    assert await platform.send([robot], CARD, READER, None, "k") == Rejected("cannot_dm_bot")
    assert await platform.send([ANNA, GONE], CARD, READER, None, "k") == Rejected("user_disabled")
    assert await platform.send([ANNA], CARD, READER, "DU1/1700000000.000100", "k") == Rejected(
        "message_not_found"
    )
    assert slack.messages == []


async def test_a_refused_token_holds_everybody(
    slack: FakeSlack, session: aiohttp.ClientSession
) -> None:
    platform = SlackPlatform(OneWorkspace(slack_client("xoxb-old", session, slack.api_url)))
    assert await platform.send([ANNA], CARD, READER, None, "k") == TryLater(
        held=Lane.NEW, refused="invalid_auth"
    )


async def test_a_profile_is_what_slack_tells(platform: SlackPlatform, slack: FakeSlack) -> None:
    assert await platform.profile(JANIS) == Profile(
        JANIS, "Jānis Ozols", locale="lv-LV", zone="Europe/Vilnius"
    )
    gone = await platform.profile(GONE)
    assert gone is not None
    assert not gone.active
    nobody = Address("slack", TEAM, "U404")
    assert await platform.profile(nobody) == Profile(nobody, "U404", active=False)
    slack.fail_next("users.info", "internal_error")
    assert await platform.profile(JANIS) is None, "it doesn't say, which is no no"


async def test_whoever_asks_from_another_workspace_is_an_outsider(
    platform: SlackPlatform, slack: FakeSlack
) -> None:
    """Slack tells of them all the same, and as a member of that workspace."""
    slack.users["U2"].team = "T0ELSEWHERE"
    for workspace in (TEAM, "T0ELSEWHERE"):
        told = await platform.profile(Address("slack", workspace, "U2"))
        assert told is not None
        assert told.is_outsider
    slack.fail_next("auth.test", "500")
    async with slack_session() as session:
        anew = SlackPlatform(OneWorkspace(slack_client(BOT_TOKEN, session, slack.api_url)))
        assert await anew.profile(ANNA) is None, "it can't tell, then"


async def test_with_a_whole_organisations_token_everybody_is_of_the_organisation(
    platform: SlackPlatform, slack: FakeSlack
) -> None:
    """However they are found: by what they typed, by their e-mail address, in a list."""
    slack.bot_tokens, slack.organisations = {BOT_TOKEN: "E0GROUP"}, {TEAM: "E0GROUP"}
    slack.users["U1"].email = "anna@example.org"
    anna = Address("slack", "E0GROUP", "U1")
    known = await platform.profile(anna)
    assert known is not None
    assert (known.address, known.is_outsider) == (anna, False)
    assert await platform.by_email("anna@example.org", "E0GROUP") == known
    assert await platform.by_email("anna@example.org", "") == known
    assert await team_of(BOT_TOKEN, slack.api_url) == "E0GROUP"


async def test_checking_names_what_is_missing(slack: FakeSlack) -> None:
    asked = manifest(())
    assert await check(BOT_TOKEN, slack.api_url, asked) == []
    slack.scopes = "commands,chat:write,users:read,mpim:write"
    [missing] = await check(BOT_TOKEN, slack.api_url, asked)
    assert missing.startswith("Slack has not granted dnd:read, users:read.email: paste app.yaml")
    [refused] = await check("xoxb-old", slack.api_url, asked)
    assert refused.startswith("SLACK_BOT_TOKEN is not a token Slack knows")


@pytest.mark.parametrize(
    ("trouble", "outcome"),
    [
        ("", Sent("channel/ts")),
        ("message_not_found", Sent("channel/ts")),
        ("429", TryLater(timedelta(seconds=7), held=Lane.REMOVAL)),
        ("compliance_exports_prevent_deletion", TryLater(timedelta(minutes=5), held=Lane.REMOVAL)),
        ("missing_scope", TryLater(timedelta(minutes=5), held=Lane.REMOVAL)),
    ],
)
async def test_a_message_is_taken_away(
    slack: FakeSlack, platform: SlackPlatform, trouble: str, outcome: SendResult
) -> None:
    there = await platform.send([ANNA], CARD, READER, None, "k")
    assert isinstance(there, Sent)
    if trouble:
        slack.fail_next("chat.delete", trouble)
    same = replace(outcome, ref=there.ref) if isinstance(outcome, Sent) else outcome
    assert await platform.remove((ANNA,), there.ref, "hand.ping:c.1:anna") == same
    assert len(slack.messages) == (1 if trouble else 0)


async def test_the_log_says_what_was_about_to_be_sent_and_not_to_whom(
    slack: FakeSlack, platform: SlackPlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure("console", sys.stdout)
    slack.fail_next("chat.postMessage", "internal_error")
    await platform.send([ANNA], CARD, READER, None, "hand.ping:c1.1:p1")
    [line] = [one for one in capsys.readouterr().out.splitlines() if "slack." in one]
    assert "key=hand.ping:c1.1 " in line
    assert "p1" not in line
