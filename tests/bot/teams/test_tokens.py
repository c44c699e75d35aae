"""Microsoft's tokens: got once, renewed in time, and used for as long as they are good."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.teams.tokens import CONNECTOR, TokenError, Tokens
from tests.fakes.teams import APP_ID, PASSWORD, TENANT, FakeTeams, fake_teams


@dataclass
class SignIn:
    teams: FakeTeams
    now: float = 1_000.0

    @property
    def asked(self) -> int:
        return len(self.teams.called("TOKEN"))

    def tokens(self, password: str = PASSWORD) -> Tokens:
        assert self.teams.session is not None
        there = f"{self.teams.url}/login"
        return Tokens(
            self.teams.session,
            APP_ID,
            password,
            TENANT,
            login_url=there,
            clock=lambda: self.now,
        )


@pytest.fixture
async def sign_in() -> AsyncIterator[SignIn]:
    async with fake_teams() as teams:
        yield SignIn(teams)


async def test_a_token_serves_until_five_minutes_before_its_end(sign_in: SignIn) -> None:
    tokens = sign_in.tokens()
    first = await tokens.get(CONNECTOR)
    sign_in.now += 3599 - 301
    assert await tokens.get(CONNECTOR) == first
    assert sign_in.asked == 1
    sign_in.now += 1
    await tokens.get(CONNECTOR)
    assert sign_in.asked == 2


async def test_one_that_can_not_be_renewed_serves_to_its_end(sign_in: SignIn) -> None:
    tokens = sign_in.tokens()
    first = await tokens.get(CONNECTOR)
    sign_in.teams.fail_next("TOKEN", 500, 100)
    sign_in.now += 3599 - 300
    for second in range(270):
        assert await tokens.get(CONNECTOR) == first, second
        sign_in.now += 1
    assert sign_in.asked == 1 + 9, "every half a minute"
    with pytest.raises(TokenError) as none:
        await tokens.get(CONNECTOR)
    assert none.value.passes
    sign_in.teams.troubles.clear()
    sign_in.now += 1
    assert await tokens.get(CONNECTOR)


async def test_a_secret_that_is_wrong_does_not_pass_and_is_asked_for_every_five_seconds(
    sign_in: SignIn,
) -> None:
    tokens = sign_in.tokens("an old one")
    for _ in range(10):
        with pytest.raises(TokenError) as none:
            await tokens.get(CONNECTOR)
        assert (none.value.word, none.value.passes) == ("AADSTS7000215", False)
        sign_in.now += 1
    assert sign_in.asked == 2
