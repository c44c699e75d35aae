"""What Slack says about a status becomes a value; links are read only if Plecs made them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.api import slack_session
from bot.slack.statuses import EMOJI, LINK_LASTS, Asked, PermissionLinks, SlackStatuses
from handlers.kit.cards import Moment
from handlers.kit.delivery import Reader
from handlers.kit.notices import Rejected, TryLater
from handlers.kit.people import Address
from handlers.kit.ports import PermissionGone, Status
from tests.fakes.slack import TEAM, USER_SCOPES, FakeSlack, User, fake_slack

TEN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ANNA = Address("slack", TEAM, "U1")
LINKS = PermissionLinks("https://plecs.example", "a key")
TOKEN = "xoxp-U1-1"


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as opened:
        opened.add(User("U1", "Anna Ozola"))
        opened.tokens[TOKEN] = ("U1", USER_SCOPES)
        opened.now = TEN.timestamp
        yield opened


@pytest.fixture
async def statuses(slack: FakeSlack) -> AsyncIterator[SlackStatuses]:
    async with slack_session() as session:
        yield SlackStatuses(LINKS, session, slack.api_url)


async def test_what_is_set_is_read(slack: FakeSlack, statuses: SlackStatuses) -> None:
    line = ("Prom līdz ", Moment(TEN + timedelta(minutes=10)))
    until = TEN + timedelta(minutes=12)
    status = statuses.written(line, until, Reader("lv", "Europe/Riga"))
    assert status == Status("Prom līdz 10:10", EMOJI, until)
    assert await statuses.read(TOKEN) == Status()
    assert await statuses.write(TOKEN, status) is None
    assert await statuses.read(TOKEN) == status
    assert await statuses.write(TOKEN, Status("At home", ":house:")) is None
    assert slack.users["U1"].status == ("At home", ":house:", 0)
    assert await statuses.give_back(TOKEN) is None
    assert await statuses.read(TOKEN) == PermissionGone("token_revoked")


@pytest.mark.parametrize(
    ("trouble", "means"),
    [
        ("429", TryLater(timedelta(seconds=7))),
        ("500", TryLater()),
        ("reset", TryLater()),
        ("internal_error", TryLater()),
        ("account_inactive", PermissionGone("account_inactive")),
        ("missing_scope", PermissionGone("missing_scope")),
        ("profile_set_failed", Rejected("profile_set_failed")),
        ("user_is_restricted", Rejected("user_is_restricted")),
    ],
)
async def test_trouble_is_told_apart(
    slack: FakeSlack, statuses: SlackStatuses, trouble: str, means: object
) -> None:
    slack.fail_next("users.profile.set", trouble)
    assert await statuses.write(TOKEN, Status("Away", EMOJI)) == means


async def test_an_emoji_that_is_gone_is_refused_for_good(statuses: SlackStatuses) -> None:
    refused = await statuses.write(TOKEN, Status("At home", ":our-own:"))
    assert refused == Rejected("profile_status_set_failed_not_valid_emoji")


def test_a_link_says_who_is_asked_and_each_is_another_one() -> None:
    one, other = LINKS.make(ANNA, "lv", TEN), LINKS.make(ANNA, "lv", TEN)
    assert one.startswith("https://plecs.example/slack/install?state=")
    asked = LINKS.read(one.partition("state=")[2])
    assert asked is not None
    assert asked == Asked(ANNA, "lv", TEN + LINK_LASTS, asked.number)
    assert one != other


@given(st.text() | st.binary().map(lambda some: some.decode("latin-1")))
def test_what_plecs_did_not_make_is_not_read(state: str) -> None:
    assert LINKS.read(state) is None


@given(st.integers(0, 150), st.sampled_from("AbZ9-_="))
def test_a_link_that_was_touched_is_not_read(place: int, sign: str) -> None:
    state = LINKS.make(ANNA, "lv", TEN).partition("state=")[2]
    touched = state[:place] + sign + state[place + 1 :]
    read = LINKS.read(touched)
    assert read is None or read == LINKS.read(state)
    assert PermissionLinks("", "another key").read(state) is None
