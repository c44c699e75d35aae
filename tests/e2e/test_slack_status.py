"""People's status in Slack during a break: permitted by each for themselves, set, and put back."""

import json
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from structlog.testing import capture_logs

from bot.slack.statuses import EMOJI
from handlers.kit.people import Address
from storage import cleaning
from storage.work import SqlWork
from tests.e2e.slack_house import SlackHouse, house_in_slack, shown
from tests.fakes.slack import TEAM, SlackUser

_LINK = re.compile(r"<(http[^|]+)\|[^>]+>")


@pytest.fixture
def file(empty_sqlite: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(empty_sqlite, tmp_path / "plecs.db"))


@pytest.fixture
async def house(file: Path) -> AsyncIterator[SlackHouse]:
    async with house_in_slack(f"sqlite:///{file}") as opened:
        yield opened


async def link_of(who: SlackUser) -> str:
    """The link that `/break status` gives them. Of a process that has just started they may read
    first that it takes longer."""
    before = len(shown(who))
    await who.types("/break status")
    await who.slack.until(lambda: _LINK.search("".join(shown(who)[before:])) is not None)
    found = _LINK.search("".join(shown(who)[before:]))
    assert found is not None
    return found[1].replace("&amp;", "&")


async def permits(house: SlackHouse, who: SlackUser) -> None:
    status, page = await house.slack.visit(await link_of(who), who.id)
    assert status == 200, page


async def status_is(house: SlackHouse, who: SlackUser, text: str, emoji: str = "") -> None:
    """Waits until it says so; "{time}" is any."""
    pattern = re.escape(text).replace(r"\{time\}", r"\d\d:\d\d")
    user = house.slack.users[who.id]
    await house.slack.until(
        lambda: re.fullmatch(pattern, user.status_text) and user.status_emoji == emoji
    )


async def test_a_break_shows_and_afterwards_it_is_as_it_was(house: SlackHouse) -> None:
    anna = await house.person("U1", "Anna Ozola")
    user = house.slack.users["U1"]
    await permits(house, anna)
    await anna.types("/break status")
    assert "[Take it back]" in shown(anna)[-1]
    user.sets_status("At home", ":house:")
    await anna.types("/break 10")
    await status_is(house, anna, "Away until {time}", EMOJI)
    assert 600 <= user.status_expiration - house.slack.now() <= 721
    await house.later(minutes=10)
    await status_is(house, anna, "At home", ":house:")
    assert user.status_expiration == 0
    await house.sees(anna, "Your break is over")


async def test_more_time_shows_and_it_is_in_their_language(house: SlackHouse) -> None:
    liene = await house.person("U1", "Liene Kalna", locale="lv")
    status, page = await house.slack.visit(await link_of(liene), "U1")
    assert status == 200
    assert "<h1>Paldies</h1>" in page
    await liene.types("/break 5")
    await status_is(house, liene, "Prom līdz {time}", EMOJI)
    first = house.slack.users["U1"].status
    await house.later(minutes=5)
    await status_is(house, liene, "")
    await liene.presses("Vēl 5 minūtes")
    await status_is(house, liene, "Prom līdz {time}", EMOJI)
    assert house.slack.users["U1"].status != first
    await house.later(minutes=2)
    await liene.types("/break atpakaļ")
    await status_is(house, liene, "")


async def test_an_open_break_says_no_time(house: SlackHouse) -> None:
    anna = await house.person("U1", "Anna Ozola")
    await permits(house, anna)
    await anna.types("/break until I'm back")
    await status_is(house, anna, "Away", EMOJI)
    await anna.types("/break back")
    await status_is(house, anna, "")


async def test_what_they_set_meanwhile_stays(house: SlackHouse) -> None:
    anna = await house.person("U1", "Anna Ozola")
    await permits(house, anna)
    await anna.types("/break 10")
    await status_is(house, anna, "Away until {time}", EMOJI)
    house.slack.users["U1"].sets_status("On a walk", ":palm_tree:")
    await house.later(minutes=10)
    await house.sees(anna, "Your break is over")
    await house.settle()
    assert house.slack.users["U1"].status == ("On a walk", ":palm_tree:", 0)


async def test_permitted_in_the_middle_of_a_break_it_shows_at_once(house: SlackHouse) -> None:
    anna = await house.person("U1", "Anna Ozola")
    await anna.types("/break 10")
    await permits(house, anna)
    await status_is(house, anna, "Away until {time}", EMOJI)


async def test_nobody_elses_status_is_touched(house: SlackHouse) -> None:
    anna, janis = [await house.person(user, user) for user in ("U1", "U2")]
    await permits(house, anna)
    await janis.types("/break 10")
    await house.settle()
    assert house.slack.called("users.profile.get") == []


# --- the way there ------------------------------------------------------------------------------


async def kept_permissions(house: SlackHouse) -> int:
    def count(work: SqlWork) -> int:
        return int(work.connection.exec_driver_sql("SELECT count(*) FROM statuses").scalar_one())

    return await house.engine.database.read(count)


@pytest.mark.parametrize("locale", ["en", "lv"])
async def test_whoever_says_no_is_not_asked_again_by_that_link(
    house: SlackHouse, locale: str
) -> None:
    anna = await house.person("U1", "Anna Ozola", locale=locale)
    link = await link_of(anna)
    status, page = await house.slack.visit(link, "U1", allows=False)
    assert status == 200
    assert {"en": "Nothing was changed", "lv": "Nekas nav mainīts"}[locale] in page
    status, page = await house.slack.visit(link, "U1")
    assert status == 410
    assert {"en": "used already", "lv": "jau ir izmantota"}[locale] in page
    assert await kept_permissions(house) == 0


async def test_a_link_is_good_for_ten_minutes(house: SlackHouse) -> None:
    anna = await house.person("U1", "Anna Ozola")
    link = await link_of(anna)
    await house.later(minutes=10, seconds=1)
    is_page(await house.slack.visit(link, "U1"), 410, "This link is too old")
    state = parse_qs(urlsplit(link).query)["state"][0]
    assert house.slack.session is not None
    back = {"state": state, "code": "1.code"}
    async with house.slack.session.get(house.slack.redirect_urls[0], params=back) as answer:
        assert answer.status == 410
    assert house.slack.called("oauth.v2.access") == []


def is_page(answer: tuple[int, str], status: int, title: str) -> None:
    """Asserts that this is a page with this heading."""
    assert answer[0] == status
    assert f"<h1>{title}</h1>" in answer[1]


async def test_somebody_elses_account_another_workspace_and_half_a_permission(
    house: SlackHouse,
) -> None:
    anna = await house.person("U1", "Anna Ozola")
    await house.person("U2", "Jānis Bērzs")
    visit = house.slack.visit
    is_page(await visit(await link_of(anna), "U2"), 403, "This link belongs to somebody else")
    there = await visit(await link_of(anna), "U1", team="T0OTHER")
    is_page(there, 403, "That was another workspace")
    half = await visit(await link_of(anna), "U1", scopes="users.profile:read")
    is_page(half, 403, "Nothing was changed")
    assert house.slack.tokens == {}, "what was not asked for is given back at once"
    assert await kept_permissions(house) == 0


async def test_a_link_nobody_made_and_slack_that_says_no(house: SlackHouse) -> None:
    anna = await house.person("U1", "Anna Ozola")
    link = await link_of(anna)
    forged = re.sub(r"state=....", "state=AAAA", link)
    status, page = await house.slack.visit(forged, "U1")
    assert status == 400
    assert "This link leads nowhere" in page
    assert "Šī saite nekur neved" in page
    for bad in ("", "ā", "AAAA", "%00"):
        status, _ = await house.slack.visit(f"{link.partition('?')[0]}?state={bad}", "U1")
        assert status == 400
    for trouble in ("invalid_code", "500"):
        house.slack.fail_next("oauth.v2.access", trouble)
        answer = await house.slack.visit(await link_of(anna), "U1")
        is_page(answer, 502, "Slack did not answer as it should")
    await permits(house, anna)


# --- and back -----------------------------------------------------------------------------------


async def test_taking_it_back_in_the_middle_of_a_break(house: SlackHouse) -> None:
    anna = await house.person("U1", "Anna Ozola")
    await permits(house, anna)
    house.slack.users["U1"].sets_status("At home", ":house:")
    await anna.types("/break 10")
    await status_is(house, anna, "Away until {time}", EMOJI)
    await anna.types("/break status")
    await anna.presses("Take it back")
    await status_is(house, anna, "At home", ":house:")
    await house.slack.until(lambda: not house.slack.tokens)
    await house.settle()
    assert await kept_permissions(house) == 0
    assert "/slack/install" in await link_of(anna), "they may permit it again"


async def test_who_leaves_and_who_is_erased_take_their_permission_along(house: SlackHouse) -> None:
    anna, liga, zane = [await house.person(user, user) for user in ("U1", "U2", "U3")]
    for who in (anna, liga, zane):
        await permits(house, who)
    gone = house.slack.users["U1"]
    await house.slack.event({"type": "user_change", "user": {**gone.object(), "deleted": True}})
    await house.slack.until(lambda: len(house.slack.tokens) == 2)
    person = await house.known("U2")
    await house.engine.database.run(lambda work: cleaning.erase(work.connection, person.id))
    await house.slack.until(lambda: len(house.slack.tokens) == 1)
    await house.settle()
    assert await kept_permissions(house) == 1


async def test_what_slack_took_back_is_forgotten(house: SlackHouse) -> None:
    anna, liga, zane = [await house.person(user, user) for user in ("U1", "U2", "U3")]
    for who in (anna, liga, zane):
        await permits(house, who)
    await house.later(seconds=1)
    event = {"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}}
    await house.slack.event(event)
    assert await kept_permissions(house) == 2
    await house.slack.event({"type": "app_uninstalled"})
    assert await kept_permissions(house) == 0


async def test_a_token_that_slack_refuses_is_forgotten_and_the_break_goes_on(
    house: SlackHouse,
) -> None:
    anna = await house.person("U1", "Anna Ozola")
    await permits(house, anna)
    house.slack.tokens.clear()
    await anna.types("/break 10")
    assert "Your break, until" in shown(anna)[-1]
    await house.settle()
    assert await kept_permissions(house) == 0
    await house.later(minutes=10)
    await house.sees(anna, "Your break is over")


# --- trouble ------------------------------------------------------------------------------------


async def test_trouble_on_the_way_is_tried_again(house: SlackHouse) -> None:
    anna = await house.person("U1", "Anna Ozola")
    await permits(house, anna)
    house.slack.fail_next("users.profile.get", "429")
    house.slack.fail_next("users.profile.set", "500")
    house.slack.fail_next("users.profile.set", "reset")
    await anna.types("/break 10")
    await house.settle()
    assert house.slack.users["U1"].status_text == ""
    for seconds in (8, 3, 5, 9):
        await house.later(seconds=seconds)
    await status_is(house, anna, "Away until {time}", EMOJI)
    house.slack.fail_next("users.profile.set", "ratelimited")
    await house.later(minutes=10)
    await house.later(seconds=3)
    await status_is(house, anna, "")


async def test_when_slack_asks_for_a_pause_everybody_waits(house: SlackHouse) -> None:
    anna, liga, _ = [await house.person(user, user) for user in ("U1", "U2", "U3")]
    for who in (anna, liga):
        await permits(house, who)
    house.slack.fail_next("users.profile.get", "429")
    for who in (anna, liga):
        await who.types("/break 10")
        await house.settle()
    assert house.slack.called("users.profile.get") == []
    await house.later(seconds=8)
    for who in (anna, liga):
        await status_is(house, who, "Away until {time}", EMOJI)


async def test_after_the_break_it_is_given_up_quietly(house: SlackHouse) -> None:
    anna = await house.person("U1", "Anna Ozola")
    await permits(house, anna)
    await anna.types("/break 1")
    await status_is(house, anna, "Away until {time}", EMOJI)
    house.slack.fail_next("users.profile.get", "500", times=1000)
    for _ in range(20):
        await house.later(minutes=2)
    tried = len(house.slack.troubles)
    await house.later(minutes=30)
    assert len(house.slack.troubles) == tried
    house.slack.troubles.clear()
    await house.later(minutes=1)
    await anna.types("/break 1")
    await status_is(house, anna, "Away until {time}", EMOJI)


# --- what is kept -------------------------------------------------------------------------------


async def test_no_token_and_no_word_of_theirs_is_to_be_read_anywhere(
    house: SlackHouse, file: Path
) -> None:
    anna = await house.person("U1", "Anna Ozola")
    house.slack.users["U1"].sets_status("qvartzstatus", ":house:")
    with capture_logs() as logs:
        await permits(house, anna)
        house.slack.fail_next("users.profile.set", "500")
        await anna.types("/break 10")
        await house.later(seconds=3)
        await status_is(house, anna, "Away until {time}", EMOJI)
        (token,) = house.slack.tokens
        person = await house.known("U1")
        exported = await house.engine.database.read(
            lambda work: cleaning.export(work.connection, person.id, work.seal)
        )
        stored = b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))
    assert exported["statuses"][0].keys() >= {"permitted_at"}
    for secret in (token, "qvartzstatus"):
        assert secret not in json.dumps(exported, default=str)
        assert secret not in json.dumps(logs, default=str)
        assert secret.encode() not in stored
    address = Address("slack", TEAM, "U1")
    assert await house.engine.database.read(lambda work: work.people.at(address)) is not None
    await house.later(minutes=10)
    await status_is(house, anna, "qvartzstatus", ":house:")
