"""What came of each fault, counted from what Slack's fake was sent and shows."""

import asyncio
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from statistics import median

from tests.chaos.faults import Broken, Fault
from tests.chaos.floor import SECOND_RING, Floor, Story
from tests.fakes.slack import words

HANDS = 4
"""Raised while something is broken."""

_IN_FLIGHT = 1.0
"""Seconds after a take in which what had left before may still come."""


@dataclass(frozen=True, slots=True)
class Row:
    """One fault. `lost` are people who were never asked; `early` were asked before their ring was
    due; `after_take` later than a second after somebody came; `two_winners` are hands on which two
    were told that they come; `live` the buttons on dead cards. Seconds: `first` from the hand's
    acknowledgement to the first ping (the median and the longest), `after_end` from the fault's end
    to the last ping that it held up."""

    fault: str
    hands: int
    pings: int
    lost: int
    repeated: int
    early: int
    after_take: int
    two_winners: int
    live: int
    first: float
    longest: float
    after_end: float


async def suffer(fault: Fault, broken: Broken) -> Row:
    """Has some hands go up while it is broken, and counts when all has been put right."""
    floor, loop = broken.floor, asyncio.get_running_loop()
    await fault.begins(broken)
    hands = [asyncio.create_task(floor.hand(repeats=fault.repeats)) for _ in range(HANDS)]
    await asyncio.sleep(fault.lasts)
    await fault.ends(broken)
    ended = loop.time()
    stories = await asyncio.gather(*hands)
    if not fault.doubles:
        await floor.slack.until(lambda: not _live(floor, stories))
    await floor.slack.until(lambda: all(_winners(story) for story in stories))
    return _counted(fault, floor, stories, ended)


def _counted(fault: Fault, floor: Floor, stories: Sequence[Story], ended: float) -> Row:
    asked = [floor.arrivals.pings(one.id) for story in stories for one in story.team.helpers]
    firsts = [
        min(at for one in story.team.helpers for at in floor.arrivals.pings(one.id)) - story.up
        for story in stories
    ]
    mine = {one.id for story in stories for one in (story.team.agent, *story.team.helpers)}
    others = [user for user in floor.slack.users if user not in mine]
    began = min(story.up for story in stories)
    return Row(
        fault=fault.name,
        hands=len(stories),
        pings=sum(map(len, asked)),
        lost=sum(not one for one in asked),
        repeated=sum(len(one) - 1 for one in asked if one),
        early=sum(
            began < at < began + SECOND_RING for user in others for at in floor.arrivals.pings(user)
        ),
        after_take=sum(
            at > story.taken + _IN_FLIGHT
            for story in stories
            for one in story.team.helpers
            for at in floor.arrivals.pings(one.id)
        ),
        two_winners=sum(len(_winners(story)) > 1 for story in stories),
        live=_live(floor, stories),
        first=max(0.0, median(firsts)),
        longest=max(0.0, *firsts),
        after_end=max(0.0, *(at - ended for one in asked for at in one[:1])),
    )


def _live(floor: Floor, stories: Sequence[Story]) -> int:
    return sum(floor.asked(one) for story in stories for one in story.team.helpers)


def _winners(story: Story) -> set[str]:
    """Whom the agent has been told of."""
    told = "\n".join(words(message.blocks) for message in story.team.agent.messages)
    return {one.id for one in story.team.helpers if f"{one.id} is on the way" in told}


def table(rows: Sequence[Row], over: str) -> str:
    """As it stands in docs/operations.md."""
    names = [one.name.replace("_", " ") for one in fields(Row)]
    lines = [f"Over {over}:", "", f"| {' | '.join(names)} |", f"|{' --- |' * len(names)}"]
    for row in rows:
        cells = [f"{one:.1f}" if isinstance(one, float) else str(one) for one in astuple(row)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
