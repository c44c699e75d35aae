"""What people do in Slack reaches the desk as a Command, and the reply appears where it should."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from bot.slack.clients import NotInstalledError
from bot.slack.markup import mentions_apart
from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
)
from handlers.kit.commands import MENTIONED, Command, Value
from handlers.kit.people import Kind, Profile
from storage.writers import UncertainError
from tests.bot.slack.house import ANNA, ASKS, FORM, HAND, NOW, READER, SlackDoor, house_over
from tests.fakes.slack import (
    TEAM,
    User,
    buttons,
    words,
)


async def settled(house: SlackDoor, done: Callable[[], object]) -> None:
    await house.slack.until(done)


async def test_a_command_is_asked_and_answered_privately(house: SlackDoor) -> None:
    house.desk.replies["hand"] = HAND
    await house.anna.types("/hand he said <no> & left")
    assert house.asked == [Command("hand", ANNA, "he said <no> & left")]
    [message] = house.anna.messages
    assert message.ephemeral
    assert words(message.blocks) == "Your hand is up\nHold on"


@pytest.mark.parametrize(
    ("typed", "name", "text"),
    [
        ("/hand", "hand", ""),
        ("/acme-hand bills", "hand", "bills"),
        ("/acme-plecs roka", "plecs", "roka"),
        ("/unknown word", "plecs", "unknown word"),
    ],
)
async def test_commands_have_names_with_and_without_a_prefix(
    served: SlackDoor, typed: str, name: str, text: str
) -> None:
    await served.anna.types(typed)
    assert served.asked == [Command(name, ANNA, text)]


async def test_a_command_that_needs_a_form_opens_it(house: SlackDoor) -> None:
    house.desk.replies = {"hand": ASKS, "hand.raise": HAND}
    await house.anna.types("/hand")
    await settled(house, lambda: house.anna.window)
    filled = {"line": "<b>", "mode": "join", "topics": ["a", "b"], "at": "14:30", "who": ["U1"]}
    assert await house.anna.submits(**filled) == {}
    values: dict[str, Value] = {
        "case": "c1",
        "line": "<b>",
        "mode": "join",
        "topics": ("a", "b"),
        "day": "2026-11-24",
        "at": "14:30",
        "who": ("U1",),
    }
    assert house.asked[1] == Command("hand.raise", ANNA, values=values)
    assert house.anna.window is not None
    assert words(house.anna.window["blocks"]) == "Your hand is up\nHold on"


async def test_a_form_with_mistakes_stays_and_says_which(house: SlackDoor) -> None:
    wrong = replace(ASKS, errors={"line": ("Too short",)})
    house.desk.replies = {"hand": ASKS, "hand.raise": wrong}
    await house.anna.types("/hand")
    await settled(house, lambda: house.anna.window)
    assert await house.anna.submits(mode="tip", topics=[]) == {"line": "Too short"}
    house.desk.replies["hand.raise"] = None
    assert await house.anna.submits(mode="tip", topics=[]) == {}
    assert house.anna.window is None


async def test_a_form_that_asks_on_takes_the_place_of_the_first(house: SlackDoor) -> None:
    more = replace(ASKS, does="hand.more", errors={"line": ("Say more",)})
    house.desk.replies = {"hand": ASKS, "hand.raise": more}
    await house.anna.types("/hand")
    await settled(house, lambda: house.anna.window)
    await house.anna.submits(mode="tip", topics=[])
    assert house.anna.window is not None
    assert house.anna.window["callback_id"] == "hand.more"
    assert words(house.anna.window["blocks"][:1]) == "⚠️ Say more"


async def test_a_private_reply_makes_place_for_the_next(house: SlackDoor) -> None:
    house.desk.replies = {"hand": HAND, "hand.cancel": Card(("Cancelled",))}
    await house.anna.types("/hand")
    await house.anna.presses("Cancel")
    await settled(house, lambda: house.anna.sees == ["Cancelled"])
    assert house.asked[1] == Command("hand.cancel", ANNA, values={"case": "c1"})


async def test_a_delivered_message_stays_and_the_reply_comes_below(house: SlackDoor) -> None:
    house.desk.replies = {"hand.cancel": Card(("Too late",))}
    await house.platform.send([ANNA], HAND, READER, None, "k")
    await house.anna.presses("Cancel")
    await settled(house, lambda: len(house.anna.messages) == 2)
    assert house.anna.sees == ["Your hand is up\nHold on", "Too late"]
    assert [message.ephemeral for message in house.anna.messages] == [False, True]


async def test_what_is_pressed_at_home_opens_a_window_and_renews_home(house: SlackDoor) -> None:
    house.desk.replies = {"home": HAND, "hand.cancel": HAND}
    await house.anna.opens_home()
    house.desk.replies["home"] = Card(("No hand is up",))
    await house.anna.presses_at_home("Cancel")
    await settled(house, lambda: buttons((house.anna.home or HAND_AT_HOME)["blocks"]) == [])
    assert house.anna.window is not None

    house.desk.replies |= {"hand.cancel": Card(("Gone",)), "home": HAND}
    await house.anna.presses_in_window("Cancel")
    await settled(house, lambda: words((house.anna.window or {})["blocks"]) == "Gone")
    await settled(house, lambda: buttons((house.anna.home or {})["blocks"]) == ["Cancel"])


HAND_AT_HOME = {"blocks": [{"type": "actions", "elements": []}]}


@pytest.mark.parametrize("on_message", [False, True])
async def test_a_shortcut_opens_its_form(house: SlackDoor, on_message: bool) -> None:
    house.desk.replies = {"hand.form": ASKS}
    callback = "hand.form#message" if on_message else "hand.form#global"
    await house.anna.uses_shortcut(callback, on_message=on_message)
    assert house.asked == [Command("hand.form", ANNA)]
    assert house.anna.window is not None
    assert house.anna.window["callback_id"] == "hand.raise"


async def test_each_delivery_has_its_own_id_and_a_repeated_one_the_same(house: SlackDoor) -> None:
    house.desk.replies = {"hand": HAND}
    await house.anna.types("/hand")
    payload = await house.anna.presses("Cancel")
    await house.slack.deliver("interactive", payload)
    event = {"type": "app_home_opened", "user": "U1", "tab": "home"}
    for _ in range(3):
        await house.slack.event(event, "Ev1")
    await house.listener.stop()
    typed, once, again, *opened = [command.delivery for command in house.desk.asked]
    assert typed != once == again
    assert opened == ["Ev1"] * 3


async def test_what_a_desk_can_not_do_is_said_with_a_number_and_without_an_error_page(
    house: SlackDoor, capsys: pytest.CaptureFixture[str]
) -> None:
    await house.anna.types("/breaks")
    assert "nothing was changed" in house.anna.sees[0]
    assert "nekas netika mainīts" in house.anna.sees[0]
    number = house.anna.sees[0].partition("Number: ")[2].partition(")")[0]
    logged = capsys.readouterr()
    assert number in logged.out + logged.err
    assert "the words somebody wrote" not in logged.out + logged.err


async def test_what_a_lost_database_may_have_kept_is_not_unchanged(house: SlackDoor) -> None:
    house.desk.trouble = UncertainError()
    await house.anna.types("/breaks")
    assert "nothing was changed" not in house.anna.sees[0]
    assert "whether it was can't be told" in house.anna.sees[0]


async def test_a_card_too_big_for_slack_is_apologised_for(house: SlackDoor) -> None:
    house.desk.replies = {"hand": Card(("x" * 200,))}
    await house.anna.types("/hand")
    assert "can't be shown here" in house.anna.sees[0]


async def test_people_who_change_in_slack_are_learnt(house: SlackDoor) -> None:
    house.slack.now = NOW.timestamp
    user = house.slack.users["U1"]
    for kind, change in (("user_change", {"deleted": True}), ("team_join", {})):
        await house.slack.event({"type": kind, "user": {**user.object(), **change}})
    known = Profile(ANNA, "Anna Liepa", locale="en-US", zone="Europe/Riga", at=NOW)
    assert house.desk.learnt == [replace(known, active=False), known]


@pytest.mark.parametrize(
    ("told", "is_outsider"),
    [
        ({"is_restricted": True}, True),
        ({"is_restricted": True, "is_ultra_restricted": True}, True),
        ({"is_stranger": True}, True),
        ({"team_id": "T0ELSEWHERE"}, True),
        ({"team_id": "T0HOME", "enterprise_user": {"teams": ["T0HOME", "T0ELSEWHERE"]}}, True),
        ({"team_id": "T0HOME", "enterprise_user": {"teams": ["T0HOME", TEAM]}}, False),
        ({"is_restricted": False, "is_stranger": False}, False),
    ],
)
async def test_who_is_a_guest_or_from_elsewhere_is_learnt_and_whoever_works_here_too(
    house: SlackDoor, told: dict[str, object], *, is_outsider: bool
) -> None:
    user = {**house.slack.users["U1"].object(), **told}
    await house.slack.event({"type": "user_change", "user": user})
    assert [one.is_outsider for one in house.desk.learnt] == [is_outsider]


@pytest.mark.parametrize(
    ("told", "kind", "active"),
    [
        ({"is_bot": True}, Kind.BOT, True),
        ({"is_workflow_bot": True}, Kind.BOT, True),
        ({"is_connector_bot": True}, Kind.BOT, True),
        ({"is_bot": True, "is_restricted": True}, Kind.BOT, True),
        ({"deleted": True}, Kind.MEMBER, False),
        ({"is_forgotten": True}, Kind.MEMBER, False),
        ({"deleted": True, "is_restricted": True}, Kind.OUTSIDER, False),
        ({"deleted": None, "is_bot": 0}, Kind.MEMBER, True),
    ],
)
async def test_a_program_and_an_account_that_is_gone_are_learnt_as_such(
    house: SlackDoor, told: dict[str, object], kind: Kind, *, active: bool
) -> None:
    user = {**house.slack.users["U1"].object(), **told}
    await house.slack.event({"type": "user_change", "user": user})
    assert [(one.kind, one.active) for one in house.desk.learnt] == [(kind, active)]


async def test_an_event_tells_when_it_happened_however_late_it_comes(house: SlackDoor) -> None:
    house.slack.now = NOW.timestamp
    user = house.slack.users["U1"].object()
    exactly = (NOW + timedelta(milliseconds=250)).timestamp()
    for ts, also in ((f"{exactly:.6f}", {}), (None, {"updated": 1}), ("nan", {}), ("1e99", {})):
        await house.slack.event({"type": "user_change", "event_ts": ts, "user": {**user, **also}})
    assert [one.at for one in house.desk.learnt] == [NOW + timedelta(milliseconds=250), *[NOW] * 3]


async def test_events_that_are_not_for_us_are_fine(house: SlackDoor) -> None:
    house.slack.subscribe_by_hand("reaction_added")
    await house.slack.event({"type": "reaction_added", "user": "U1"})
    await house.slack.deliver("interactive", {"type": "block_suggestion", "team": {"id": TEAM}})
    assert house.desk.asked == []


async def test_what_slack_took_back_is_gone(house: SlackDoor) -> None:
    for tokens in ({"oauth": ["U1", "U2"]}, {"bot": ["UPLECS"]}):
        await house.slack.event({"type": "tokens_revoked", "tokens": tokens})
    await house.slack.event({"type": "app_uninstalled"})
    assert house.desk.gone == [(TEAM, ("U1", "U2")), (TEAM, ()), (TEAM, None)]


async def test_a_button_from_an_older_plecs_still_asks(house: SlackDoor) -> None:
    old = Card(("Old",), (Buttons((Button(("Do",), "long.gone"),)),))
    await house.platform.send([ANNA], old, READER, None, "k")
    message = house.anna.messages[0]
    message.blocks[1]["elements"][0]["value"] = "not what we write now"
    await house.anna.presses("Do")
    assert house.asked == [Command("long.gone", ANNA)]


async def test_an_answer_that_comes_late_is_shown_all_the_same(served: SlackDoor) -> None:
    served.desk.replies = {"hand": HAND}
    served.takes_long()
    await served.anna.types("/hand")  # returns when Slack would not wait any longer
    assert "longer than usual" in served.anna.sees[0]
    served.answers()
    await settled(served, lambda: len(served.anna.messages) == 2)
    assert served.anna.sees[1] == "Your hand is up\nHold on"


@pytest.mark.parametrize(
    ("reply", "shown"),
    [(HAND, "Your hand is up\nHold on"), (None, "Done.")],
    ids=["a card", "nothing"],
)
async def test_a_form_whose_answer_takes_longer_says_so_and_then_what_came_of_it(
    served: SlackDoor, reply: Card | None, shown: str
) -> None:
    served.desk.replies = {"hand": ASKS, "hand.raise": reply}
    await served.anna.types("/hand")
    await settled(served, lambda: served.anna.window)
    served.takes_long()
    await served.anna.submits(line="he shouts", mode="tip", topics=[])
    assert served.anna.window is not None
    assert "longer than usual" in words(served.anna.window["blocks"])
    served.answers()
    await settled(
        served,
        lambda: served.anna.window and shown in words(served.anna.window["blocks"]),
    )
    served.anna.closes_window()
    assert served.anna.window is None, "the form is through"


async def test_a_form_that_failed_late_has_what_was_typed_below(served: SlackDoor) -> None:
    served.desk.replies = {"hand": replace(ASKS, does="breaks")}
    await served.anna.types("/hand")
    await settled(served, lambda: served.anna.window)
    form = served.anna.window
    served.takes_long()
    await served.anna.submits(line="he shouts", mode="tip", topics=[])
    served.answers()
    await settled(
        served,
        lambda: served.anna.window and "went wrong" in words(served.anna.window["blocks"]),
    )
    served.anna.closes_window()
    assert served.anna.window == form


async def test_mistakes_that_are_found_late_stand_in_a_form_and_all_of_it_ends_with_that(
    served: SlackDoor,
) -> None:
    wrong = replace(ASKS, errors={"line": ("Too short",)})
    served.desk.replies = {"hand": ASKS, "hand.raise": wrong}
    await served.anna.types("/hand")
    await settled(served, lambda: served.anna.window)
    served.takes_long()
    await served.anna.submits(mode="tip", topics=[])
    served.answers()
    await settled(
        served,
        lambda: served.anna.window and "Too short" in words(served.anna.window["blocks"]),
    )
    served.desk.replies["hand.raise"] = None
    assert await served.anna.submits(line="he shouts at me", mode="tip", topics=[]) == {}
    assert served.anna.window is None


async def test_an_answer_to_a_form_that_was_closed_meanwhile_comes_to_their_chat(
    served: SlackDoor,
) -> None:
    served.desk.replies = {"hand": ASKS, "hand.raise": HAND}
    await served.anna.types("/hand")
    await settled(served, lambda: served.anna.window)
    served.takes_long()
    await served.anna.submits(line="he shouts", mode="tip", topics=[])
    served.anna.closes_window()
    served.anna.closes_window()
    served.answers()
    await settled(served, lambda: served.anna.messages)
    assert served.anna.sees == ["Your hand is up\nHold on"]


async def test_a_token_that_is_read_for_long_holds_up_no_answer(served: SlackDoor) -> None:
    served.desk.replies = {"hand": HAND}
    served.takes_long()
    served.clients.gate = served.desk.slow
    await served.anna.types("/hand")  # returns when Slack would not wait any longer
    assert "longer than usual" in served.anna.sees[0]
    served.answers()
    await settled(served, lambda: len(served.anna.messages) == 2)
    assert served.anna.sees[1] == "Your hand is up\nHold on"


async def test_a_token_that_cant_be_read_keeps_no_hand_down(served: SlackDoor) -> None:
    served.desk.replies = {"hand": HAND}
    served.clients.trouble = RuntimeError("the database is away")
    await served.anna.types("/hand")
    assert served.anna.sees == ["Your hand is up\nHold on"]


async def test_where_the_app_was_removed_nothing_is_asked(served: SlackDoor) -> None:
    served.clients.trouble = NotInstalledError(TEAM)
    await served.anna.types("/hand")
    assert "not installed in this workspace any more" in served.anna.sees[0]
    assert served.asked == []


async def test_slow_windows_are_explained(served: SlackDoor) -> None:
    served.desk.replies = {"hand": ASKS}
    served.slack.fail_next("views.open", "expired_trigger_id")
    await served.anna.types("/hand")
    await settled(served, lambda: served.anna.sees)
    assert "too slow" in served.anna.sees[0]


@pytest.mark.parametrize(
    ("age", "signature"),
    [(0, "v0=0000"), (0, ""), (301, None), (-301, None)],
    ids=["bad", "missing", "old", "from the future"],
)
async def test_forged_requests_are_refused(
    served: SlackDoor, age: int, signature: str | None
) -> None:
    body = urlencode({"command": "/hand", "team_id": TEAM, "user_id": "U1"}).encode()
    at = int(served.slack.now()) - age
    status, _ = await served.slack.post(body, FORM, timestamp=at, signature=signature)
    assert status == 401
    assert served.desk.asked == []


async def test_a_clock_of_ours_that_is_wrong_refuses_nobody(served: SlackDoor) -> None:
    """Slack's own clock decides then, and it is asked once for all that come."""
    served.slack.now = time.time
    for _ in range(2):
        await served.anna.types("/hand he threatens me")
    assert len(served.asked) == 2
    assert len(served.slack.called("auth.test")) == 1


async def test_what_was_signed_long_ago_is_refused_whatever_our_clock_says(
    served: SlackDoor,
) -> None:
    body = urlencode({"command": "/hand", "team_id": TEAM, "user_id": "U1"}).encode()
    status, _ = await served.slack.post(body, FORM, timestamp=int(time.time()) - 400)
    assert status == 401
    assert served.desk.asked == []


async def test_requests_too_big_or_unreadable_are_refused(served: SlackDoor) -> None:
    assert (await served.slack.post(b"x" * (1024 * 1024 + 1), FORM))[0] == 413
    assert (await served.slack.post(b"\xff\xfe", FORM))[0] == 400
    assert (await served.slack.post(b"{", "application/json"))[0] == 400


async def test_a_command_that_lacks_everything_is_answered(served: SlackDoor) -> None:
    status, body = await served.slack.post(urlencode({"command": "/hand"}).encode(), FORM)
    assert status == 200
    assert "nothing was changed" in body


async def test_slack_finds_that_the_address_answers(served: SlackDoor) -> None:
    challenge = b'{"type":"url_verification","token":"t","challenge":"c3p0"}'
    status, body = await served.slack.post(challenge, "application/json")
    assert (status, "c3p0" in body) == (200, True)


async def test_requests_over_the_socket_do_not_wait_for_each_other() -> None:
    async with house_over("socket") as house:
        house.desk.gate = asyncio.Event()  # opened by the second, for which the first waits
        house.desk.replies = {"hand": HAND}
        await asyncio.gather(house.anna.types("/hand"), house.anna.types("/hand"))
        assert len(house.anna.messages) == 2


async def test_a_socket_that_can_not_be_opened_is_tried_again() -> None:
    async with house_over("socket", "internal_error") as house:
        house.desk.replies = {"hand": HAND}
        await house.anna.types("/hand")
        assert house.anna.sees == ["Your hand is up\nHold on"]


async def test_a_mention_comes_as_the_users_id(house: SlackDoor) -> None:
    house.slack.add(User("U7", "Līga Kalna"))
    await house.anna.types("/plecs vent @U7 he <shouted> @home")
    assert house.desk.asked[-1].text == "vent @U7 he <shouted> @home"
    assert house.desk.asked[-1].values == {MENTIONED: ("U7",)}
    await house.anna.types("/plecs vent Līga")
    assert house.desk.asked[-1].values == {}


def test_channels_and_links_are_read_as_they_were_typed() -> None:
    marked_up = (
        "<@U7> in <#C1|general> see <https://a.lv/b|a.lv/b> or <https://c.lv> &amp; &lt;b&gt;"
    )
    assert mentions_apart(marked_up) == (
        "@U7 in #general see a.lv/b or https://c.lv & <b>",
        ("U7",),
    )
