"""How much is done at once."""

import asyncio

from scheduling.under_way import FewOfEach


async def test_of_each_a_few_are_under_way_and_the_next_begins_when_one_ends() -> None:
    doors, begun, may_end = FewOfEach(2), list[str](), asyncio.Event()

    async def work(kind: str) -> None:
        async with doors.of(kind):
            begun.append(kind)
            await may_end.wait()

    async def tried() -> list[str]:
        await asyncio.sleep(0)  # each has begun, or waits
        return begun

    kinds = ["flood"] * 5 + ["other"]
    under_way = [asyncio.create_task(work(kind)) for kind in kinds]
    assert await tried() == ["flood", "flood", "other"]
    under_way[0].cancel()
    under_way[4].cancel()  # who gives up while they wait takes nobody's place
    await asyncio.wait([under_way[0], under_way[4]])
    assert await tried() == ["flood", "flood", "other", "flood"]
    may_end.set()
    await asyncio.gather(*under_way[1:4], under_way[5])
    assert begun == ["flood", "flood", "other", "flood", "flood"]
