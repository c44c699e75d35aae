"""The page beside the chat: who is signed in, by what, for how long, and what they see."""

import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from handlers.kit.people import Kind
from tests.e2e.teams_house import TeamsHouse
from tests.fakes.teams import TeamsUser


async def invited(house: TeamsHouse, who: TeamsUser) -> str:
    """The token of the address that stands in their chat."""
    before = len(who.messages)
    await who.says("home")
    await house.teams.until(lambda: len(who.messages) > before)
    [link] = re.findall(r"\((https://teams.microsoft.com/l/entity/\S+)\)", who.sees[-1])
    page = parse_qs(urlsplit(link).query)["webUrl"][0]
    assert unquote(link).endswith(f'{{"subEntityId":"{parse_qs(urlsplit(page).query)["in"][0]}"}}')
    return str(parse_qs(urlsplit(page).query)["in"][0])


async def post(house: TeamsHouse, path: str, body: object, session: str = "") -> tuple[int, Any]:
    assert house.teams.session is not None
    at = house.teams.app_url.replace("/teams/messages", f"/teams/tab/{path}")
    headers = {"Authorization": f"Bearer {session}"} if session else {}
    async with house.teams.session.post(at, json=body, headers=headers) as answer:
        is_json = answer.content_type == "application/json"
        said: Any = await answer.json() if is_json else None
        return answer.status, said


async def signed_in(house: TeamsHouse, who: TeamsUser) -> str:
    _, said = await post(house, "in", {"token": await invited(house, who)})
    return str(said["session"])


def asks(does: str, number: str = "1", **values: object) -> dict[str, object]:
    return {"does": does, "values": values, "delivery": number}


async def test_the_chat_signs_the_page_in_and_it_asks_in_their_name(house: TeamsHouse) -> None:
    anna = await house.person("anna", "Anna Liepa", locale="lv")
    await house.person("janis", "Jānis Ozols")
    session = await signed_in(house, anna)
    status, home = await post(house, "ask", asks("home"), session)
    assert (status, home["language"]) == (200, "lv")
    assert "Labi, ka esat šeit, Anna" in home["card"]
    _, form = await post(house, "ask", asks("hand.form"), session)
    assert '<form data-does="hand.raise"' in form["form"]
    _, up = await post(house, "ask", asks("hand.raise", "2", line="viņš kliedz <b>"), session)
    assert "viņš kliedz &lt;b&gt;" in up["card"]
    _, again = await post(house, "ask", asks("hand.raise", "2", line="viņš kliedz"), session)
    assert "card" not in again, "the same press once more has no effect"


async def test_an_address_is_good_once_and_for_ten_minutes(house: TeamsHouse) -> None:
    anna = await house.person("anna", "Anna Liepa")
    token = await invited(house, anna)
    assert (await post(house, "in", {"token": token}))[0] == 200
    assert (await post(house, "in", {"token": token}))[0] == 403
    assert (await post(house, "in", {"token": f"{token}="}))[0] == 403, "however it is written"
    late = await invited(house, anna)
    await house.later(minutes=10)
    assert (await post(house, "in", {"token": late}))[0] == 403


async def test_a_session_ends_with_the_day_and_is_no_invitation(house: TeamsHouse) -> None:
    anna = await house.person("anna", "Anna Liepa")
    token = await invited(house, anna)
    assert (await post(house, "ask", asks("home"), token))[0] == 401
    _, said = await post(house, "in", {"token": token})
    assert (await post(house, "in", {"token": said["session"]}))[0] == 403
    await house.later(hours=9)
    assert (await post(house, "ask", asks("home"), said["session"]))[0] == 401


@pytest.mark.parametrize("also", [{"active": False}, {"kind": Kind.OUTSIDER}, {"kind": Kind.BOT}])
async def test_the_page_of_who_is_nobody_here_any_more_shows_nothing(
    house: TeamsHouse, also: dict[str, Any]
) -> None:
    anna = await house.person("anna", "Anna Liepa")
    session = await signed_in(house, anna)
    _, before = await post(house, "ask", asks("home"), session)
    known = await house.known("anna")
    assert known is not None
    await house.engine.database.run(lambda work: work.people.save(replace(known, **also)))
    _, after = await post(house, "ask", asks("home"), session)
    assert "Anna" in before["card"]
    assert "data-does" not in after["card"]
    await post(house, "ask", asks("hand.raise", "2", line="he shouts"), session)
    hands = await house.engine.database.read(
        lambda work: work.connection.exec_driver_sql("SELECT count(*) FROM cases").scalar()
    )
    assert hands == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ([], 400),
        ({"does": "home"}, 400),
        ({"does": "x" * 300, "delivery": "1"}, 400),
        ({"does": "tea.serve", "values": {"a": 1, "b": [1, "x"]}, "delivery": "1"}, 200),
    ],
)
async def test_odd_questions_are_answered_kindly(
    house: TeamsHouse, body: object, status: int
) -> None:
    session = await signed_in(house, await house.person("anna", "Anna Liepa"))
    assert (await post(house, "ask", body, session))[0] == status
    assert (await post(house, "ask", body, session[:-1]))[0] == 401
    assert (await post(house, "ask", body))[0] == 401


async def test_only_teams_may_hold_the_page_in_its_own(house: TeamsHouse) -> None:
    assert house.teams.session is not None
    for name in ("", "/tab.js", "/tab.css", "/look.css"):
        at = house.teams.app_url.replace("/teams/messages", f"/teams/tab{name}")
        async with house.teams.session.get(at) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert (answer.status, "frame-ancestors https://teams.microsoft.com" in policy) == (
                200,
                True,
            )
            assert "script-src 'self';" in policy
