"""What is sent in Teams, and what is made of what Teams answers."""

import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from bot import logs
from bot.teams.connector import Connector
from bot.teams.send import TeamsPlatform
from bot.teams.tokens import Tokens
from handlers.kit.cards import Button, Buttons, Card, Paragraph
from handlers.kit.delivery import Reader
from handlers.kit.notices import Lane, Rejected, Sent, TryLater
from handlers.kit.people import Address
from storage.teams import Reference
from tests.fakes.teams import (
    APP_ID,
    BOT,
    PASSWORD,
    TENANT,
    FakeTeams,
    TeamsTrouble,
    TeamsUser,
    fake_teams,
)

READER = Reader("en", "Europe/Riga")
PING = Card(("Anna asks",), (Buttons((Button(("I'm coming",), "hand.take", {"case": "c1"}),)),))
TAKEN = Card(("Līga is on the way",))
KEY = "hand.ping:c1:p1"


@dataclass
class KeptHere:
    """How people are reached, in memory."""

    there: dict[Address, Reference] = field(default_factory=dict)
    chats: dict[frozenset[Address], str] = field(default_factory=dict)

    async def chat(self, of: Sequence[Address]) -> str | None:
        return self.chats.get(frozenset(of))

    async def opened(self, of: Sequence[Address], chat: str) -> str:
        return self.chats.setdefault(frozenset(of), chat)

    async def closed(self, of: Sequence[Address]) -> None:
        del self.chats[frozenset(of)]

    async def get(self, address: Address) -> Reference | None:
        return self.there.get(address)

    async def put(self, address: Address, reference: Reference, at: datetime | None = None) -> None:
        self.there[address] = reference

    async def gone(self, address: Address, at: datetime | None = None) -> None:
        self.there.pop(address, None)


@dataclass
class SentPost:
    teams: FakeTeams
    kept: KeptHere
    tokens: Tokens
    platform: TeamsPlatform
    anna: TeamsUser
    liga: TeamsUser

    def at(self, *users: TeamsUser) -> list[Address]:
        return [Address("teams", TENANT, user.user) for user in users]

    async def send(
        self, *to: TeamsUser, card: Card = PING, ref: str | None = None
    ) -> Sent | TryLater | Rejected:
        return await self.platform.send(self.at(*to), card, READER, ref, KEY)


@pytest.fixture
async def post() -> AsyncIterator[SentPost]:
    async with fake_teams() as teams:
        assert teams.session is not None
        anna, liga = teams.add("anna", "Anna Liepa"), teams.add("liga", "Līga Kalna")
        tokens = Tokens(teams.session, APP_ID, PASSWORD, TENANT, login_url=f"{teams.url}/login")
        kept = KeptHere()
        for user in (anna, liga):
            there = Address("teams", TENANT, user.user)
            kept.there[there] = Reference(teams.service_url, user.chat, user.id, BOT)
        connector = Connector(teams.session, tokens, APP_ID)
        platform = TeamsPlatform(connector, kept, service_url=teams.service_url)
        yield SentPost(teams, kept, tokens, platform, anna, liga)


async def test_a_card_is_sent_and_changed_in_place(post: SentPost) -> None:
    sent = await post.send(post.anna)
    assert isinstance(sent, Sent)
    assert post.anna.sees == ["Anna asks [I'm coming]"]
    assert await post.send(post.anna, card=TAKEN, ref=sent.ref) == sent
    assert post.anna.sees == ["Līga is on the way"]
    assert len(post.teams.called("TOKEN")) == 1


async def test_what_is_sent_to_two_links_their_chat_and_is_changed_for_both(post: SentPost) -> None:
    card = replace(TAKEN, parts=(Paragraph(("Talk.",)),))
    sent = await post.send(post.anna, post.liga, card=card)
    assert isinstance(sent, Sent)
    opened = "https://teams.microsoft.com/l/{}/0/0?users={}@plecs.example"
    for user, other in ((post.anna, "liga"), (post.liga, "anna")):
        before = user.sees[0].partition("Talk.")[0]
        assert f"[Open your chat]({opened.format('chat', other)})" in before
        assert f"[Call in Teams]({opened.format('call', other)})" in before
    assert isinstance(await post.send(post.anna, post.liga, card=PING, ref=sent.ref), Sent)
    assert post.anna.sees[0].startswith("Anna asks")
    assert [one.edits for one in post.teams.messages] == [1, 1]


async def test_what_is_urgent_rings_and_nothing_else(post: SentPost) -> None:
    rings = {"notification": {"alert": True}}
    await post.platform.send(post.at(post.anna), PING, READER, None, KEY, urgent=True)
    sent = await post.platform.send(
        post.at(post.anna, post.liga), PING, READER, None, KEY, urgent=True
    )
    await post.send(post.anna)
    assert isinstance(sent, Sent)
    await post.platform.send(post.at(post.anna), TAKEN, READER, sent.ref, KEY, urgent=True)
    data = [one.activity.get("channelData") for one in post.teams.messages]
    assert data == [rings, None, rings, None]


async def test_to_each_alone_a_card_says_what_holds_there(post: SentPost) -> None:
    room = replace(TAKEN, apart=Card(("Not here",)))
    sent = await post.send(post.anna, post.liga, card=room)
    assert isinstance(sent, Sent)
    assert [user.sees[0].split("[")[0].strip() for user in (post.anna, post.liga)] == [
        "Not here"
    ] * 2
    await post.send(post.anna, post.liga, card=PING, ref=sent.ref)
    assert post.liga.sees[0].startswith("Anna asks")


async def test_where_there_is_no_microsoft_nobody_is_written_to_first(post: SentPost) -> None:
    assert post.teams.session is not None
    connector = Connector(post.teams.session, None, APP_ID)
    platform = TeamsPlatform(connector, KeptHere(), service_url="")
    result = await platform.send(post.at(post.anna), PING, READER, None, KEY)
    assert result == Rejected("not_installed", tuple(post.at(post.anna)))


async def test_half_sent_to_two_is_neither_sent_twice_nor_left_alone(post: SentPost) -> None:
    chat = post.teams.conversations[post.liga.chat]
    chat.busy = True
    assert isinstance(await post.send(post.anna, post.liga), TryLater)
    chat.busy = False
    assert isinstance(await post.send(post.anna, post.liga), Sent)
    assert [len(user.messages) for user in (post.anna, post.liga)] == [1, 1]


async def test_when_one_of_two_can_not_be_reached_the_other_hears_nothing(post: SentPost) -> None:
    post.teams.conversations[post.liga.chat].installed = False
    assert isinstance(await post.send(post.anna, post.liga), Rejected)
    assert post.teams.messages == []


@pytest.mark.parametrize("trouble", [412, 429, 502, 504])
async def test_what_passes_is_tried_again_at_once(post: SentPost, trouble: TeamsTrouble) -> None:
    post.teams.fail_next("POST", trouble)
    assert isinstance(await post.send(post.anna), Sent)


@pytest.mark.parametrize(
    ("trouble", "result"),
    [
        (412, TryLater()),
        (429, TryLater(timedelta(seconds=1))),
        (500, TryLater()),
        (502, TryLater()),
        (504, TryLater()),
        (401, TryLater(held=Lane.NEW, refused="Trouble")),
        (403, TryLater()),
        ("BotDisabledByAdmin", TryLater()),
        (
            "BotNotInConversationRoster",
            Rejected("BotNotInConversationRoster", (Address("teams", TENANT, "anna"),)),
        ),
        (404, Rejected("Trouble", (Address("teams", TENANT, "anna"),))),
    ],
)
async def test_what_lasts_comes_later_or_never(
    post: SentPost, trouble: TeamsTrouble, result: TryLater | Rejected
) -> None:
    post.teams.fail_next("POST", trouble, 2)
    assert await post.send(post.anna) == result
    gone = Address("teams", TENANT, "anna") not in post.kept.there
    assert gone == isinstance(result, Rejected)


async def test_a_teams_that_is_not_there_is_tried_later(post: SentPost) -> None:
    there = post.at(post.anna)[0]
    gone = replace(post.kept.there[there], service_url="http://127.0.0.1:9/")
    post.kept.there[there] = gone
    assert await post.send(post.anna) == TryLater()


async def test_who_removed_the_app_is_forgotten_and_who_never_had_it_rejected(
    post: SentPost,
) -> None:
    post.teams.conversations[post.anna.chat].installed = False
    anna = tuple(post.at(post.anna))
    assert await post.send(post.anna) == Rejected("BotNotInConversationRoster", anna)
    assert await post.send(post.anna) == Rejected("not_installed", anna)
    nobody = TeamsUser(post.teams, "nobody", "Nobody")
    assert await post.send(nobody) == Rejected("not_installed", tuple(post.at(nobody)))


async def test_where_the_whole_app_is_refused_nobody_counts_as_without_it(post: SentPost) -> None:
    """As for hours in July 2025, when Teams said of bots that an admin had disabled them."""
    ilze = post.teams.add("ilze", "Ilze")
    post.teams.fail_next("POST", "BotDisabledByAdmin", 2)
    assert await post.send(ilze) == TryLater()
    assert await post.send(post.anna) == TryLater()
    assert isinstance(await post.send(ilze), Sent)
    assert isinstance(await post.send(post.anna), Sent)


async def test_a_chat_that_was_never_used_is_begun(post: SentPost) -> None:
    ilze = post.teams.add("ilze", "Ilze")
    assert isinstance(await post.send(ilze), Sent)
    assert ilze.sees == ["Anna asks [I'm coming]"]
    assert post.kept.there[post.at(ilze)[0]].conversation == ilze.chat


async def test_a_message_that_was_deleted_is_not_written_anew(post: SentPost) -> None:
    sent = await post.send(post.anna)
    assert isinstance(sent, Sent)
    post.teams.messages.clear()
    changed = await post.send(post.anna, card=TAKEN, ref=sent.ref)
    assert changed == Rejected("ActivityNotFoundInConversation")
    assert post.at(post.anna)[0] in post.kept.there


async def test_one_conversation_takes_seven_a_second_and_the_eighth_waits(post: SentPost) -> None:
    for _ in range(8):
        assert isinstance(await post.send(post.anna), Sent)
    assert post.teams.problems == [f"more than 7 messages in 1 s in {post.anna.chat}"]
    post.teams.problems.clear()


async def test_a_secret_that_is_wrong_holds_everything_and_is_not_asked_for_each_message(
    post: SentPost,
) -> None:
    assert post.teams.session is not None
    wrong = Tokens(post.teams.session, APP_ID, "old", TENANT, login_url=f"{post.teams.url}/login")
    platform = TeamsPlatform(Connector(post.teams.session, wrong, APP_ID), post.kept)
    for _ in range(3):
        result = await platform.send(post.at(post.anna), PING, READER, None, KEY)
        assert result == TryLater(held=Lane.NEW, refused="AADSTS7000215")
    assert len(post.teams.called("TOKEN")) == 1


async def test_a_profile_comes_from_the_roster_a_member_at_a_time(post: SentPost) -> None:
    profile = await post.platform.profile(post.at(post.anna)[0])
    assert profile is not None
    assert (profile.name, profile.is_outsider) == ("Anna Liepa", False)
    assert await post.platform.profile(Address("teams", TENANT, "nobody")) is None


async def test_what_people_wrote_is_not_in_the_log(
    post: SentPost, capsys: pytest.CaptureFixture[str]
) -> None:
    post.teams.fail_next("POST", 404)
    logs.configure("console", sys.stdout)
    await post.send(post.anna, card=Card(("he threatens me",)))
    logged = capsys.readouterr().out
    assert "teams.rejected" in logged
    assert [word for word in ("threatens", "Do not log", "p1", PASSWORD) if word in logged] == []
