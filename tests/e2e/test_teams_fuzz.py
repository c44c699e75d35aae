"""Whatever is posted, in whatever shape: no traceback, no 5xx, and nothing stored unasked."""

import asyncio
import copy
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from storage.work import SqlWork
from tests.e2e.teams_house import TeamsHouse, house_in_teams
from tests.fakes.teams import words

Json = dict[str, Any]

HOSTILE = (
    "**bold** _it_ [x](https://evil.example) <b>",
    "<at>everyone</at> &lt;at&gt;all&lt;/at&gt;",
    "{{DATE(2020-01-01T00:00:00Z, SHORT)}}",
    "![x](https://evil.example/x.png)",
    "# title\n- list\n1. one\n\n```code```",
    "\u202egnitirw \u0000 \ud800 \ufeff",
    "'; DROP TABLE people; --",
    "${x} {name} %s {0}",
    "hand\x00contracts",
    "🫱" * 400,
    "a" * 60_000,
)
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=40)
    | st.sampled_from(HOSTILE),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner),
    max_leaves=12,
)
PLACES = (
    *(("type",), ("id",), ("timestamp",), ("localTimezone",), ("serviceUrl",), ("channelId",)),
    *(("from",), ("from", "id"), ("from", "name"), ("from", "aadObjectId")),
    *(("conversation",), ("conversation", "id"), ("conversation", "conversationType")),
    *(("conversation", "tenantId"), ("recipient",), ("recipient", "id"), ("channelData",)),
    *(("text",), ("entities",), ("value",), ("value", "action"), ("value", "data"), ("name",)),
    *(("value", "action", "verb"), ("value", "action", "data"), ("value", "commandId")),
    *(("locale",), ("replyToId",), ("action",), ("membersAdded",)),
)
KINDS = (
    *(("message", ""), ("invoke", "adaptiveCard/action"), ("invoke", "task/fetch")),
    *(("invoke", "composeExtension/fetchTask"), ("invoke", "composeExtension/submitAction")),
    *(("invoke", "task/submit"), ("installationUpdate", ""), ("conversationUpdate", "")),
    *(("messageReaction", ""), ("messageUpdate", ""), ("invoke", "application/search")),
)
changes = st.lists(st.tuples(st.sampled_from(PLACES), anything | st.just(...)), max_size=4)
posted = st.tuples(st.sampled_from(KINDS), changes)


def changed(activity: Json, where: tuple[str, ...], what: Any) -> None:
    """Puts something else there; the dots take away what is there."""
    for name in where[:-1]:
        inner = activity.get(name)
        if not isinstance(inner, dict):
            return
        activity = inner
    if what is ...:
        activity.pop(where[-1], None)
    else:
        activity[where[-1]] = copy.deepcopy(what)


def rows(work: SqlWork) -> Mapping[str, int]:
    tables = ("cases", "case_seats", "outbox", "vents", "breaks", "policy_receipts")
    return {
        name: work.connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()  # noqa: S608 - our own names
        for name in tables
    }


@given(st.lists(posted, min_size=8, max_size=16))
@settings(max_examples=12)
def test_odd_activities(empty_sqlite: Path, several: list[Any]) -> None:
    async def story(house: TeamsHouse) -> None:
        anna = await house.person("anna", "Anna Liepa")
        await house.person("janis", "Jānis Ozols", topics=("contracts",))
        for (kind, name), what in several:
            value = {
                "action": {"verb": "unheard-of", "data": {"plecs.reply": "1"}},
                "data": {"plecs.does": "unheard-of"},
                "commandId": "unheard-of",
            }
            activity = anna.activity(kind, name=name, text="zzz", value=value, action="add")
            for where, new in what:
                changed(activity, where, new)
            url = activity.get("serviceUrl")
            header = f"Bearer {house.teams.token(serviceurl=url)}" if _is_text(url) else None
            status, _ = await house.teams.post(activity, header=header)
            assert status in (200, 400, 401, 403), status
        await house.settle()
        assert not any((await house.engine.database.read(rows)).values())

    _told(empty_sqlite, story)


@given(st.lists(st.sampled_from(HOSTILE) | st.text(max_size=300), min_size=3, max_size=8))
@settings(max_examples=8)
def test_hostile_words_are_words(empty_sqlite: Path, several: list[str]) -> None:
    async def story(house: TeamsHouse) -> None:
        anna = await house.person("anna", "Anna Liepa")
        janis = await house.person("janis", "Jānis Ozols", topics=("contracts",))
        for text in several:
            await house.teams.deliver(anna.activity("message", text=f"hand contracts {text}"))
            await house.teams.deliver(anna.activity("message", text=text))
        await house.settle()
        for one in janis.messages:
            said = words(one.card)
            assert re.findall(r"(?<!\\)\]\(|(?<!\\)\{\{|(?<!\\)<", said) == []
            entities = one.card["msteams"].get("entities", [])
            assert {entity["mention"]["name"] for entity in entities} <= {"Anna", "Jānis"}

    _told(empty_sqlite, story)


def _is_text(url: object) -> bool:
    return isinstance(url, str) and not any("\ud800" <= sign <= "\udfff" for sign in url)


def _told(empty_sqlite: Path, story: Any) -> None:
    async def tell() -> None:
        with TemporaryDirectory() as folder:
            shutil.copy(empty_sqlite, Path(folder) / "plecs.db")
            async with house_in_teams(f"sqlite:///{folder}/plecs.db") as house:
                house.teams.keep_pace = False  # nobody types as fast as this
                await story(house)
                assert max(house.teams.statuses) < 500

    with capture_logs() as logs:
        asyncio.run(tell())
    assert [one for one in logs if one["log_level"] in ("error", "critical")] == []
