"""What has changed is followed in one go, and again where it could not be."""

from collections.abc import Collection

from scheduling.following import Following
from tests.patience import LIMIT


async def test_all_that_changed_meanwhile_is_followed_at_once() -> None:
    followed: list[list[str]] = []

    async def follow(changed: Collection[str]) -> None:
        followed.append(sorted(changed))
        if len(followed) == 1:
            for more in ("T2", "T3", "T2"):
                following.follow({more})

    following = Following(follow)
    following.follow({"T1"})
    await following.finish(LIMIT)
    assert followed == [["T1"], ["T2", "T3"]]


async def test_what_failed_is_followed_with_whatever_is_told_next() -> None:
    followed: list[list[str]] = []

    async def follow(changed: Collection[str]) -> None:
        followed.append(sorted(changed))
        if len(followed) == 1:
            raise OSError

    following = Following(follow)
    following.follow({"T1"})
    await following.finish(LIMIT)
    following.follow(())  # something was committed that changed no hand
    await following.finish(LIMIT)
    following.follow(())
    await following.finish(LIMIT)
    assert followed == [["T1"], ["T1"]]
