"""What a platform refuses, limits or leaves unanswered stops that alone: everything else leaves."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import pairwise

from handlers.kit.delivery import Rate, Refusal
from handlers.kit.notices import Lane, Notice, Priority, Rejected, TryLater
from scheduling.delivery import AT_ONCE
from storage.work import SqlWork
from tests.scheduling.post import Chat, FakePost
from tests.storage.made import ANY_PACE, NOW, second

URGENT = Priority.URGENT


def _add(work: SqlWork, room: Notice) -> None:
    work.outbox.add("paper-T1", room)


async def refusals(post: FakePost) -> tuple[Refusal, ...]:
    return await post.database.read(lambda work: work.lanes.refused())


async def test_a_limit_on_changes_holds_no_new_message(post: FakePost) -> None:
    await post.add("1", "Anna", priority=URGENT)
    await post.at(0)
    post.chat.answers["Anna"] = [TryLater(timedelta(seconds=29), held=Lane.CHANGE)]
    await post.refresh("1", "Ieva is on the way")
    await post.at(1)
    await post.add("2", "Ieva", priority=URGENT)
    await post.add("3", "Jānis")
    await post.at(1.1)
    assert post.chat.heard == ["Anna", "Anna", "Ieva", "Jānis"]
    await post.refresh("2", "over")
    await post.at(29.9)
    assert len(post.chat.seen) == 4, "a change waits until the platform said"
    await post.at(32)
    assert sorted(post.chat.heard[4:]) == ["Anna", "Ieva"]


async def test_a_refused_lane_is_tried_now_and_then_by_one_and_opens_for_all(
    post: FakePost,
) -> None:
    missing = TryLater(held=Lane.NEW, refused="missing_scope")
    for user in ("Anna", "Ieva", "Jānis"):
        post.chat.answers[user] = [missing] * 50
    await post.add("1", "Anna", priority=URGENT)
    await post.at(0)
    await post.add("2", "Ieva", priority=URGENT)
    await post.add("3", "Jānis", priority=URGENT)
    for tenths in range(1, 200):
        await post.at(tenths / 10)
    assert post.chat.times == [0, 4, 8, 12, 16], "one message tries, not three"
    assert await refusals(post) == (
        Refusal(("paper", "T1"), Lane.NEW, "missing_scope", NOW, tries=5),
    )
    post.chat.answers.clear()
    tried = len(post.chat.seen)
    for tenths in range(200, 251):
        await post.at(tenths / 10)
    assert sorted(post.chat.heard[tried:]) == ["Anna", "Ieva", "Jānis"]
    assert set(post.chat.times[tried:]) == {20.0}, "at the next try, all of them"
    assert await refusals(post) == ()


async def test_who_waits_for_a_refused_lane_gets_into_no_line_that_grows(
    open_post: Callable[[Chat], FakePost],
) -> None:
    """The platform's pace is used up as well: once the lane is open they leave as fast as that."""
    post = open_post(Chat(pace=replace(ANY_PACE, workspace_new=Rate(2, timedelta(seconds=1)))))
    for user in post.people:
        post.chat.answers[user] = [TryLater(held=Lane.NEW, refused="missing_scope")] * 50
    for number in range(20):
        await post.add(f"{number}", f"P{number % 8}", priority=URGENT)
    for tenths in range(300):
        await post.at(tenths / 10)
    post.chat.answers.clear()
    tried = len(post.chat.seen)
    for tenths in range(300, 450):
        await post.at(tenths / 10)
    assert len(post.chat.seen) - tried == 20
    assert max(post.chat.times) <= 30 + 4 + 20 / 2


async def test_what_has_nothing_to_say_any_more_takes_nobody_s_try(post: FakePost) -> None:
    """Reminders of hands that somebody took meanwhile, say: dropped, not sent."""
    post.chat.answers["Anna"] = [TryLater(held=Lane.NEW, refused="missing_scope")] * 50
    await post.add("1", "Anna", priority=URGENT)
    await post.at(0)
    for seconds in range(1, 30):
        if seconds == 20:
            post.chat.answers.clear()
        post.chat.now = second(seconds - 0.1)
        await post.add(f"over {seconds}", "Ieva", says=None, priority=URGENT)
        await post.at(seconds)
    assert set(post.chat.heard) == {"Anna"}
    assert 20 <= max(post.chat.times) <= 24


async def test_what_is_not_urgent_tries_a_refused_lane_once_a_minute(post: FakePost) -> None:
    post.chat.answers["Anna"] = [TryLater(held=Lane.NEW, refused="missing_scope")] * 50
    await post.add("1", "Anna")
    for seconds in range(181):
        await post.at(seconds)
    assert post.chat.times == [0, 60, 120, 180]


async def test_no_conversation_of_two_may_be_opened_and_everything_else_goes_on(
    post: FakePost,
) -> None:
    post.chat.answers["Anna"] = [Rejected("missing_scope", refused=Lane.OPENING)]
    both = (post.people["Anna"], post.people["Ieva"])
    post.says["room"] = "the two of you"
    room = Notice("hand.room", "room", both, NOW, URGENT)
    await post.database.run(lambda work: work.outbox.add("paper-T1", room))
    await post.at(0)
    assert post.given_up == ["room"], "each gets it alone: what its feature does then"
    await post.add("1", "Anna", priority=URGENT)
    await post.add("2", "Jānis")
    await post.at(0.1)
    assert sorted(post.chat.heard[1:]) == ["Anna", "Jānis"]
    assert [one.lane for one in await refusals(post)] == [Lane.OPENING]


async def test_the_next_conversation_is_given_up_at_once_while_none_can_be_opened(
    post: FakePost,
) -> None:
    post.chat.answers["Anna"] = [TryLater(timedelta(seconds=30), held=Lane.OPENING)] * 9
    both = (post.people["Anna"], post.people["Ieva"])
    for about in ("first", "second"):
        post.says[about] = "the two of you"
        room = Notice("hand.room", about, both, NOW, URGENT)
        await post.database.run(partial(_add, room=room))
        await post.at(0.1)
    assert post.given_up == ["first", "second"]
    assert len(post.chat.seen) == 1, "the platform is not asked again before its time"


async def test_our_own_pace_is_no_refusal_a_conversation_s_turn_is_waited_for(
    open_post: Callable[[Chat], FakePost],
) -> None:
    slow = Rate(1, timedelta(seconds=2), burst=2)
    post = open_post(Chat(pace=replace(ANY_PACE, workspace_opening=slow)))
    both = (post.people["Anna"], post.people["Ieva"])
    for number in range(5):
        post.says[f"{number}"] = "the two of you"
        room = Notice("hand.room", f"{number}", both, NOW, URGENT)
        await post.database.run(partial(_add, room=room))
    for seconds in range(8):
        await post.at(seconds)
    assert post.chat.times == [0, 0, 2, 4, 6]
    assert post.given_up == []


async def test_an_urgent_message_is_never_more_than_four_seconds_from_its_next_try(
    post: FakePost,
) -> None:
    post.chat.answers["Anna"] = [TryLater()] * 40
    await post.add("1", "Anna", priority=URGENT)
    for tenths in range(1200):
        await post.at(tenths / 10)
    gaps = [later - sooner for sooner, later in pairwise(post.chat.times)]
    assert max(gaps) == 4
    assert post.chat.times[:4] == [0, 1, 3, 7]


async def test_a_try_that_hung_has_waited_already(post: FakePost) -> None:
    """An urgent one hangs for four seconds at most: tried again at once, it is never further from
    a platform that works again."""
    post.chat.takes = 4
    post.chat.answers["Anna"] = [TryLater()] * 3
    await post.add("1", "Anna", priority=URGENT)
    await post.at(0)
    assert post.chat.times == [0, 4, 8, 12]


async def test_sends_that_hang_take_no_place_of_urgent_ones_and_nothing_spins(
    post: FakePost,
) -> None:
    post.chat.holding = asyncio.Event()
    for number in range(AT_ONCE + 20):
        await post.add(f"bulk {number}", f"P{number % 8}", priority=Priority.BULK)
    looks: list[None] = []
    post.database.on_commit.append(lambda _effects: looks.append(None))
    running = asyncio.create_task(post.delivery.run())
    await post.chat.until(lambda: len(post.chat.seen) == AT_ONCE)
    await post.add("1", "Anna", priority=URGENT)
    post.delivery.wake(post.chat.now)
    await post.chat.until(lambda: "Anna" in post.chat.heard)
    committed = len(looks)
    for _ in range(50):  # a second's worth of the shortest wait, without waiting for it
        await post.database.read(lambda work: None)
    assert len(looks) - committed <= 2, "nothing is claimed while there is no place"
    running.cancel()
    post.chat.holding.set()
    await post.delivery.finish(5)


async def test_a_clock_that_was_hours_ahead_holds_nothing_once_it_is_put_right(
    post: FakePost,
) -> None:
    hours = timedelta(hours=2)
    post.chat.now = NOW + hours
    post.chat.answers["Anna"] = [TryLater(timedelta(seconds=30), held=Lane.NEW)]
    await post.add("1", "Anna", priority=URGENT)
    await post.delivery.drain()
    post.chat.now = NOW
    await post.add("2", "Ieva", priority=URGENT)
    await post.at(0.1)
    assert post.chat.heard == ["Anna", "Ieva"]


async def test_who_is_at_two_places_is_pinged_where_it_works(
    open_post: Callable[[Chat], FakePost],
) -> None:
    slack = Chat()
    post = open_post(slack)
    teams = Chat(name="other")
    await post.also_at("Anna", "other", "O1")
    delivery = post.another(others={"other": teams})
    teams.answers["Anna"] = [TryLater()] * 9
    await post.add("1", "Anna", priority=URGENT)
    await delivery.drain()
    assert (teams.heard, slack.heard) == (["Anna"], ["Anna"]), "in the same moment"
