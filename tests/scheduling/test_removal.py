"""Where the pace of changes is short, what is past for its reader is taken away instead."""

from dataclasses import replace
from datetime import timedelta

from handlers.kit.delivery import Rate
from handlers.kit.notices import Lane, Priority, TryLater
from tests.scheduling.post import FakePost
from tests.storage.made import ANY_PACE

ONCE = Rate(1, timedelta(minutes=1))
SLOW = replace(ANY_PACE, workspace_change=ONCE, workspace_removal=ONCE)
NAMES = ("Anna", "Ieva", "Jānis", "P0")


async def four_asked(post: FakePost) -> None:
    """Each has a message of their own, about their own name."""
    post.chat.pace = SLOW
    for name in NAMES:
        await post.add(name, name, priority=Priority.URGENT)
    await post.at(0)
    post.chat.seen.clear()


async def test_what_is_past_goes_by_whichever_pace_is_free(post: FakePost) -> None:
    await four_asked(post)
    for name in NAMES:
        await post.refresh(name, "Līga is on the way", past_for=name)
    for seconds in (1, 59, 61, 120, 200):
        await post.at(seconds)
    assert [(at, user, says) for at, user, says, _ in post.chat.seen] == [
        (1, "Anna", "Līga is on the way"),
        (1, "Ieva", "taken away"),
        (61, "Jānis", "Līga is on the way"),
        (61, "P0", "taken away"),
    ]
    await post.refresh("Ieva", "solved", past_for="Ieva")
    await post.at(600)
    assert len(post.chat.seen) == 4, "what was taken away does not come back"


async def test_whoever_can_still_do_something_keeps_theirs(post: FakePost) -> None:
    await four_asked(post)
    await post.refresh("Anna", "Līga is on the way", past_for="Ieva")
    await post.refresh("Ieva", "Līga is on the way", past_for="Ieva")
    await post.refresh("Ieva", "you join them", past_for="Anna")
    await post.at(1)
    await post.at(100)
    assert [(user, says) for _, user, says, _ in post.chat.seen] == [
        ("Anna", "Līga is on the way"),
        ("Ieva", "you join them"),
    ]


async def test_what_others_act_on_is_changed_before_what_is_past(post: FakePost) -> None:
    await four_asked(post)
    await post.refresh("Anna", "solved", past_for="Anna", priority=Priority.BULK)
    await post.refresh("Ieva", "Līga is on the way", past_for="Ieva")
    await post.refresh("Jānis", "the two of you")
    await post.at(1)
    assert [(user, says) for _, user, says, _ in post.chat.seen] == [
        ("Jānis", "the two of you"),
        ("Ieva", "taken away"),
    ]


async def test_where_nothing_may_be_taken_away_it_is_changed_in_its_turn(post: FakePost) -> None:
    await four_asked(post)
    post.chat.answers["ref Ieva hello"] = [TryLater(timedelta(minutes=5), held=Lane.REMOVAL)]
    await post.refresh("Anna", "the two of you")
    await post.refresh("Ieva", "Līga is on the way", past_for="Ieva")
    for seconds in (1, 62):
        await post.at(seconds)
    assert [(at, user, says) for at, user, says, _ in post.chat.seen] == [
        (1, "Anna", "the two of you"),
        (1, "Ieva", "taken away"),
        (62, "Ieva", "Līga is on the way"),
    ]


async def test_what_looks_the_same_is_left_where_it_is(post: FakePost) -> None:
    await four_asked(post)
    await post.refresh("Anna", "the two of you")
    await post.refresh("Ieva", "hello", past_for="Ieva")
    await post.at(1)
    assert [user for _, user, _, _ in post.chat.seen] == ["Anna"]
