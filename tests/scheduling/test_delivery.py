"""Delivery over the real database, to a platform that answers as the test tells it."""

import asyncio
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import structlog
from sqlalchemy import select

from handlers.kit.delivery import Pace, Rate
from handlers.kit.notices import LEASE, Lane, Priority, Rejected, TryLater
from handlers.kit.people import Address, Profile, Role
from scheduling.delivery import AT_ONCE
from storage.database import Database
from storage.outbox.table import outbox
from storage.sealed import Seal
from storage.work import SqlWork
from tests.patience import LIMIT
from tests.scheduling.post import Chat, FakePost, opened
from tests.storage.made import ANY_PACE, PLENTY, second
from tests.world import World


async def test_urgent_goes_before_bulk(post: FakePost) -> None:
    await post.add("1", "Anna", priority=Priority.BULK)
    await post.add("2", "Ieva", priority=Priority.NORMAL)
    await post.add("3", "Jānis", priority=Priority.URGENT)
    await post.at(0)
    assert post.chat.heard == ["Jānis", "Ieva", "Anna"]


async def test_it_says_what_is_true_when_it_leaves_and_is_changed_in_place(post: FakePost) -> None:
    await post.add("1", says="hand up")
    post.says["1"] = "hand up, still"
    await post.at(0)
    await post.refresh("1", "Jānis is on the way")
    await post.at(1)
    await post.refresh("1", "Jānis is on the way")
    await post.at(2)
    assert post.chat.seen == [
        (0, "Anna", "hand up, still", None),
        (1, "Anna", "Jānis is on the way", "ref Anna hand up, still"),
    ]


async def test_what_is_no_longer_true_is_never_sent(post: FakePost) -> None:
    await post.add("1")
    post.says["1"] = None
    await post.at(0)
    await post.refresh("1", "true again")
    await post.at(60)
    assert post.chat.seen == []


async def test_what_is_not_sent_takes_nobody_s_place(open_post: Callable[[Chat], FakePost]) -> None:
    post = open_post(Chat(pace=Pace(Rate(1, timedelta(seconds=9)), PLENTY, PLENTY)))
    await post.add("1", says=None)
    await post.at(0)
    await post.add("2")
    await post.at(0.1)
    await post.add("3")
    await post.at(0.2)
    assert post.chat.times == [0.1]
    await post.at(9.1)
    assert post.chat.times == [0.1, 9.1]


async def test_a_429_holds_the_whole_workspace_and_then_all_goes_on(post: FakePost) -> None:
    post.chat.answers["Anna"] = [TryLater(timedelta(seconds=30), held=Lane.NEW)]
    await post.add("1", "Anna", priority=Priority.URGENT)
    await post.at(0)
    await post.add("2", "Ieva", priority=Priority.URGENT)
    await post.add("3", "Jānis", priority=Priority.BULK)
    for seconds in (0, 10, 29.9):
        await post.at(seconds)
    assert post.chat.heard == ["Anna"]
    await post.at(30)
    assert len(post.chat.seen) == 2, "not all at once: the platform has just complained"
    await post.at(31)
    assert sorted(post.chat.heard[1:]) == ["Anna", "Ieva", "Jānis"]


async def test_a_platform_in_trouble_is_tried_ever_less_often(post: FakePost) -> None:
    post.chat.answers["Anna"] = [TryLater()] * 4
    await post.add("1")
    for tenths in range(200):
        await post.at(tenths / 10)
    assert post.chat.times == [0, 1, 3, 7, 15]
    assert post.given_up == []


async def test_who_can_never_be_reached_is_given_up_at_once_and_once(post: FakePost) -> None:
    post.chat.answers["Anna"] = [Rejected("user_not_found")]
    await post.add("1", "Anna")
    await post.add("2", "Ieva")
    for seconds in range(3):
        await post.at(seconds)
    assert sorted(post.chat.heard) == ["Anna", "Ieva"]
    assert post.given_up == ["1"]


async def test_a_message_that_cannot_be_changed_any_more_is_no_lost_person(post: FakePost) -> None:
    await post.add("1")
    await post.at(0)
    post.chat.answers["Anna"] = [Rejected("message_not_found")]
    await post.refresh("1", "changed")
    await post.at(1)
    assert len(post.chat.seen) == 2
    assert post.given_up == []


async def test_a_fault_of_the_platform_is_given_up_and_logged_without_words(post: FakePost) -> None:
    post.chat.answers["Anna"] = [RuntimeError("card too large")]
    await post.add("1", says="he threatens me")
    with structlog.testing.capture_logs() as logs:
        await post.at(0)
    assert post.given_up == ["1"]
    failed = [entry for entry in logs if entry["event"] == "send_failed"]
    assert [(entry["kind"], entry["notice"]) for entry in failed] == [("hand.ping", 1)]
    assert "threatens" not in repr(logs)


async def test_a_card_that_cannot_be_made_holds_nobody_up(post: FakePost) -> None:
    post.broken.add("2")
    for number, user in enumerate(("Anna", "Ieva", "Jānis"), 1):
        await post.add(str(number), user)
    with structlog.testing.capture_logs() as logs:
        await post.at(0)
    assert sorted(post.chat.heard) == ["Anna", "Jānis"]
    assert [entry["notice"] for entry in logs if entry["event"] == "card_failed"] == [2]
    post.broken.clear()
    await post.at(1)
    assert post.chat.heard[2:] == ["Ieva"]


async def test_a_workspace_of_a_platform_not_served_here_stops_nothing(post: FakePost) -> None:
    tried = Profile(Address("local", "demo", "anna"), "Anna")
    person = await post.database.run(lambda work: work.people.add("local-demo", tried, frozenset()))
    post.people["Anna before"] = person.id
    await post.add("1", "Anna before", workspace="local-demo")
    await post.add("2", "Ieva")
    await post.at(0)
    assert (post.chat.heard, post.given_up) == (["Ieva"], ["1"])


async def test_what_a_dead_process_had_claimed_is_sent_after_its_lease(post: FakePost) -> None:
    await post.add("1")
    now = post.chat.now
    await post.database.run(
        lambda work: work.claims.claim(
            "dead", now, lease=LEASE, urgent=9, others=9, pace_of=lambda _: ANY_PACE
        )
    )
    await post.at(LEASE.total_seconds() - 0.1)
    assert post.chat.heard == []
    await post.at(LEASE.total_seconds())
    assert post.chat.heard == ["Anna"]


async def test_a_send_that_takes_long_stays_whose_it_is(post: FakePost) -> None:
    other = post.another()
    post.chat.holding = asyncio.Event()
    await post.add("1")
    sending = asyncio.create_task(post.delivery.run())
    await post.chat.until(lambda: post.chat.heard == ["Anna"])

    def lease(work: SqlWork) -> datetime | None:
        return work.connection.scalar(select(outbox.c.lease_until))

    for seconds in (4, 8):
        post.chat.now = second(seconds)
        post.delivery.wake(post.chat.now)
        async with asyncio.timeout(LIMIT):
            while await post.database.read(lease) != post.chat.now + LEASE:
                pass
    sending.cancel()  # or it renews once more while the clock goes on
    await asyncio.wait([sending])
    post.chat.now = second(12)
    await other.drain()
    assert post.chat.heard == ["Anna"], "nobody sends it besides"
    post.chat.now = second(8) + LEASE
    post.chat.holding.set()
    await other.drain()
    assert post.chat.heard == ["Anna", "Anna"], "until nobody holds it any more"


async def test_a_process_that_was_held_up_sends_nothing_again_that_it_still_sends(
    post: FakePost,
) -> None:
    post.chat.holding = asyncio.Event()
    await post.add("1", priority=Priority.URGENT)
    sending = asyncio.create_task(post.delivery.run())
    await post.chat.until(lambda: post.chat.heard == ["Anna"])
    post.chat.now = second(30)
    await post.add("2", "Ieva", priority=Priority.URGENT)
    post.delivery.wake(post.chat.now)
    await post.chat.until(lambda: "Ieva" in post.chat.heard)
    assert post.chat.heard == ["Anna", "Ieva"]
    sending.cancel()


async def test_changed_while_it_was_being_sent_it_ends_as_changed(post: FakePost) -> None:
    post.chat.holding = asyncio.Event()
    await post.add("1", says="hand up")
    sending = asyncio.create_task(post.delivery.drain())
    await post.chat.until(lambda: len(post.chat.seen) == 1)
    await post.refresh("1", "solved")
    post.chat.holding.set()
    await sending
    assert [text for _, _, text, _ in post.chat.seen] == ["hand up", "solved"]
    assert post.chat.seen[-1][3] == "ref Anna hand up"


async def test_changed_in_the_instant_in_which_it_was_sent_it_ends_as_changed(
    post: FakePost,
) -> None:
    post.chat.holding = asyncio.Event()
    await post.add("1", says="hand up")
    sending = asyncio.create_task(post.delivery.run())
    await post.chat.until(lambda: len(post.chat.seen) == 1)
    busy, may_go_on = threading.Event(), threading.Event()

    def keep_busy(work: SqlWork) -> None:
        busy.set()
        assert may_go_on.wait(LIMIT)

    # While the database is busy these come to wait for it: the settling of the send, the change,
    # and the claim of what is changed. Nobody has heard of the first when the last is made.
    waiting: list[asyncio.Task[object]] = [asyncio.create_task(post.database.run(keep_busy))]
    await asyncio.to_thread(busy.wait)
    post.chat.holding.set()
    await asyncio.sleep(0)
    waiting += [asyncio.create_task(post.refresh("1", "solved"))]
    await asyncio.sleep(0)
    waiting += [asyncio.create_task(post.delivery.drain())]
    for _ in range(5):
        await asyncio.sleep(0)
    may_go_on.set()
    await asyncio.gather(*waiting)
    await post.delivery.drain()
    assert [text for _, _, text, _ in post.chat.seen] == ["hand up", "solved"]
    sending.cancel()


async def test_a_stop_in_the_middle_of_a_send_loses_nothing(post: FakePost) -> None:
    post.chat.holding = asyncio.Event()
    await post.add("1")
    sending = asyncio.create_task(post.delivery.drain())
    await post.chat.until(lambda: len(post.chat.seen) == 1)
    await post.delivery.finish(0)
    await sending
    assert post.given_up == []
    post.chat.holding = None
    await post.database.run(lambda work: work.claims.release_all())
    post.delivery = post.another()
    await post.at(1)
    assert post.chat.heard == ["Anna", "Anna"], "a repeated ping beats a lost one"


async def test_urgent_finds_a_place_while_bulk_is_slow(
    open_post: Callable[[Chat], FakePost],
) -> None:
    post = open_post(Chat(pace=Pace(PLENTY, PLENTY, PLENTY), holding=asyncio.Event()))
    assert post.chat.holding is not None
    for number in range(70):
        await post.add(f"bulk{number}", f"P{number % 8}", priority=Priority.BULK)
    running = asyncio.create_task(post.delivery.run())
    post.database.on_commit.append(lambda effects: post.delivery.wake(*effects.sends))
    try:
        await post.chat.until(lambda: len(post.chat.seen) >= 54)
        await post.add("urgent", "Jānis", priority=Priority.URGENT)
        await post.chat.until(lambda: "Jānis" in post.chat.heard)
        assert post.chat.heard.count("Jānis") == 1
        post.chat.holding.set()
        await post.chat.until(lambda: len(post.chat.seen) == 71)
    finally:
        running.cancel()
        await post.delivery.finish(5)


async def test_a_flood_in_one_workspace_leaves_the_next_place_to_another(
    open_post: Callable[[Chat], FakePost],
) -> None:
    first, others = asyncio.Event(), asyncio.Event()
    post = open_post(Chat(pace=Pace(PLENTY, PLENTY, PLENTY), holding=first))
    running = asyncio.create_task(post.delivery.run())
    post.database.on_commit.append(lambda effects: post.delivery.wake(*effects.sends))
    try:
        await post.add("flood", "P0", priority=Priority.URGENT)
        await post.chat.until(lambda: len(post.chat.seen) == 1)
        post.chat.holding = others
        for number in range(AT_ONCE + 20):
            await post.add(f"flood{number}", f"P{number % 8}", priority=Priority.URGENT)
        await post.chat.until(lambda: len(post.chat.seen) == AT_ONCE)
        await post.add("ping", "Jānis", priority=Priority.URGENT, workspace="paper-T2")
        first.set()
        await post.chat.until(lambda: len(post.chat.seen) == AT_ONCE + 1)
        assert post.chat.heard[-1] == "Jānis"
        others.set()
        await post.chat.until(lambda: len(post.chat.seen) == AT_ONCE + 22)
    finally:
        running.cancel()
        await post.delivery.finish(5)


async def test_what_is_claimed_and_not_begun_yet_is_waited_for(post: FakePost) -> None:
    post.making = threading.Barrier(2)
    await post.add("1")
    running = asyncio.create_task(post.delivery.run())
    await asyncio.to_thread(post.making.wait)
    drained = asyncio.create_task(post.delivery.drain())
    for _ in range(5):  # however often the database answers meanwhile
        await post.database.run(lambda work: None)
    assert not drained.done()
    await asyncio.to_thread(post.making.wait)
    await drained
    assert post.chat.heard == ["Anna"]
    running.cancel()


async def test_a_ping_leaves_before_anything_is_kept_of_the_others(post: FakePost) -> None:
    post.making = making = threading.Barrier(2)
    await post.add("1", priority=Priority.URGENT)
    await post.add("2", "Ieva", says=None, priority=Priority.URGENT)
    sending = asyncio.create_task(post.delivery.drain())
    await asyncio.to_thread(making.wait)
    busy, may_go_on = threading.Event(), threading.Event()

    def keep_busy(work: SqlWork) -> None:
        busy.set()
        assert may_go_on.wait(LIMIT)

    keeping = asyncio.create_task(post.database.run(keep_busy))
    await asyncio.to_thread(busy.wait)
    for _ in range(3):
        await asyncio.to_thread(making.wait)
    await post.chat.until(lambda: post.chat.heard == ["Anna"])
    may_go_on.set()
    await asyncio.gather(keeping, sending)


@pytest.mark.parametrize("priority", Priority)
async def test_a_message_that_was_held_up_is_looked_at_again_before_it_leaves(
    post: FakePost, priority: Priority
) -> None:
    post.making = making = threading.Barrier(2)
    await post.add("1", "Anna", says="come", priority=priority)
    await post.add("2", "Ieva", says="come", priority=priority)
    sending = asyncio.create_task(post.delivery.drain())
    for _ in range(3):
        await asyncio.to_thread(making.wait)
    await post.refresh("1", None)
    post.chat.now, post.making = second(1), None
    await asyncio.to_thread(making.wait)
    await sending
    assert post.chat.heard == ["Ieva"], "to Anna somebody has come meanwhile"


async def test_a_message_that_another_process_sends_meanwhile_leaves_once(post: FakePost) -> None:
    post.making = making = threading.Barrier(2)
    await post.add("1", priority=Priority.URGENT)
    sending = asyncio.create_task(post.delivery.drain())
    await asyncio.to_thread(making.wait)
    post.chat.now, post.making = second(LEASE.total_seconds()), None
    await post.another().drain()
    await asyncio.to_thread(making.wait)
    await sending
    assert post.chat.heard == ["Anna"]


async def test_two_processes_share_the_pace_and_send_nothing_twice(migrated_postgres: str) -> None:
    pace = Pace(PLENTY, Rate(5, timedelta(seconds=5), burst=5), PLENTY)
    chat = Chat(pace=pace)
    with opened(migrated_postgres, chat) as post:
        other_database = Database(migrated_postgres, Seal("the secret of these tests"))
        other = post.another(database=other_database)
        try:
            for number in range(20):
                await post.add(f"c{number}", f"P{number % 8}")
            by_second: list[int] = []
            for seconds in range(20):
                chat.now = second(seconds)
                before = len(chat.seen)
                await asyncio.gather(post.delivery.drain(), other.drain())
                by_second.append(len(chat.seen) - before)
            assert sum(by_second) == 20
            assert by_second[0] == 5
            assert max(by_second[1:]) <= 1
        finally:
            other_database.close()


async def test_when_nobody_in_a_ring_can_be_reached_the_next_is_asked_at_once(
    world: World,
) -> None:
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",))
    await world.person("Ieva", topics=("contracts",))
    await world.person("Līga", Role.SUPERVISOR)
    world.platform.unreachable = {"Jānis", "Ieva"}
    await world.says("Anna", "/hand contracts")
    await world.settle()
    assert world.titles("Līga") == ["Anna needs a colleague"]


async def test_what_follows_a_delivery_follows_once_it_is_there_and_not_for_a_change(
    post: FakePost,
) -> None:
    post.chat.answers["Anna"] = [TryLater(timedelta(seconds=5))]
    await post.add("1", "Anna")
    await post.at(0)
    assert post.arrived == []
    await post.at(5)
    assert post.arrived == ["1"]
    await post.refresh("1", "another word")
    await post.at(6)
    assert post.arrived == ["1"], "a change is no arrival"
    post.chat.answers["Ieva"] = [Rejected("user_not_found")]
    await post.add("2", "Ieva")
    await post.at(7)
    assert (post.arrived, post.given_up) == (["1"], ["2"])


async def test_what_came_in_a_digest_has_arrived(post: FakePost) -> None:
    for about in ("1", "2", "3"):
        post.waits[about] = second(60)
        await post.add(about, "Anna", says=None if about == "3" else f"news {about}")
    await post.at(0)
    assert post.chat.heard == []
    await post.at(60)
    assert post.chat.heard == ["Anna"]
    arrived = [about for about in post.arrived if about in ("1", "2", "3")]
    assert sorted(arrived) == ["1", "2"], "what was no longer true was not in it"
