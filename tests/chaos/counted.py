"""What came of each fault, counted from what Slack's fake was sent and shows."""

import asyncio
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from functools import partial
from statistics import median

from tests.chaos.faults import Broken, ChaosFault
from tests.chaos.floor import LATE, SECOND_RING, ChaosFloor, ChaosTeam, Story
from tests.chaos.replica import COMING
from tests.fakes.slack import words

HANDS = 4
"""Raised while something is broken."""

TEAMS = HANDS + 1
"""One more, where all is delivered again: when it is through, whatever else would come has come."""

TRUTH_WITHIN = 10.0
"""Seconds from typing a hand within which the agent reads the truth."""

IN_FLIGHT = 1.0
"""Seconds after a take in which what had left before may still come."""

_GISTS = {
    "is on the way": "who comes",
    "Nobody has heard yet": "nobody heard",
    "Nobody is free": "nobody is free",
    "Your hand is up": "it is up",
    LATE: "it takes longer",
    "is not up, and nobody": "it failed",
    "can't be told": "it is not known",
    "the app did not answer": "no answer",
}
"""What stands before an agent, in short."""

_NOT_UP = ("it takes longer", "it failed")


@dataclass(frozen=True, slots=True)
class CountedRow:
    """One fault. `lost` are people who were never asked; `early` were asked before their ring was
    due; `after_take` later than a second after somebody came; `two_winners` are hands on which two
    were told that they come; `live` the cards that kept their button until somebody pressed it.

    Seconds: `first` from the hand's acknowledgement to the first ping (the median and the longest),
    `after_end` from the fault's end to the last ping that it held up. `read` is what stood before
    the agents ten seconds after they typed, `since` after how many seconds it did at the latest,
    and `untrue` for how many, ten after they read that it is up, that was not so."""

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
    untrue: int
    since: float
    read: str


@dataclass(frozen=True, slots=True)
class CountedHand:
    """One hand, as its figures are worked out: when it was typed first, acknowledged and taken;
    for each helper when they were asked, the first time and again (`asked`), and when anything
    before them asked them to come (`asking`); how many were said to come; and what the agent read,
    since when."""

    typed: float
    up: float
    taken: float
    asked: Sequence[Sequence[float]]
    asking: Sequence[Sequence[float]]
    winners: int
    reads: Sequence[tuple[float, str]]

    @property
    def first_ping(self) -> float:
        return min(at for one in self.asked for at in one)


async def suffer(fault: ChaosFault, broken: Broken, lasts: float) -> CountedRow:
    """Has some hands go up while it is broken, and counts when all has been put right."""
    floor, loop = broken.floor, asyncio.get_running_loop()
    floor.reads.clear()
    teams = [floor.next_team() for _ in range(TEAMS)]
    await fault.begins(broken)
    hands = [asyncio.create_task(floor.hand(team, repeats=fault.repeats)) for team in teams[:HANDS]]
    await asyncio.sleep(lasts)
    await fault.ends(broken)
    ended = loop.time()
    stories = await asyncio.gather(*hands)
    if fault.repeats:
        await _again(floor, stories, teams[-1])
    await taken(floor, stories)
    floor.look()
    live = await floor.put_right(stories)
    hands_counted = [_hand(floor, story) for story in stories]
    early = _early(floor, teams, min(story.up for story in stories))
    return counted(fault.name, hands_counted, ended=ended, live=live, early=early)


async def taken(floor: ChaosFloor, stories: Sequence[Story]) -> None:
    """Waits until each agent reads who comes."""
    told = (floor.told(one.team.helpers, COMING, partial(winners, one)) for one in stories)
    await asyncio.gather(*told)


async def _again(floor: ChaosFloor, stories: Sequence[Story], last: ChaosTeam) -> None:
    for story in stories:
        command, *presses = story.payloads
        for payload in reversed(presses):
            await floor.slack.deliver("interactive", payload)
        await floor.slack.deliver("slash_commands", command)
    await floor.hand(last)


def _hand(floor: ChaosFloor, story: Story) -> CountedHand:
    helpers, agent = story.team.helpers, story.team.agent.id
    return CountedHand(
        story.typed,
        story.up,
        story.taken,
        asked=[floor.arrivals.pings(one.id) for one in helpers],
        asking=[[at for at, _ in floor.arrivals.asking(one.id)] for one in helpers],
        winners=len(winners(story)),
        # Where each has it apart there is only the name.
        reads=[
            (at, said.replace(f"{agent} and ", f"{agent} is on the way "))
            for at, said in floor.reads[agent]
        ],
    )


def _early(floor: ChaosFloor, teams: Sequence[ChaosTeam], began: float) -> int:
    """How many of the others were asked before their ring."""
    theirs = {one.id for team in teams for one in (team.agent, *team.helpers)}
    others = [user for user in floor.slack.users if user not in theirs]
    return sum(
        began < at < began + SECOND_RING for user in others for at in floor.arrivals.pings(user)
    )


def counted(
    fault: str, hands: Sequence[CountedHand], *, ended: float, live: int, early: int
) -> CountedRow:
    """The figures of a fault that was over when it `ended`."""
    asked = [one for hand in hands for one in hand.asked]
    firsts = [hand.first_ping - hand.up for hand in hands]
    reads = [_read(hand) for hand in hands]
    return CountedRow(
        fault=fault,
        hands=len(hands),
        pings=sum(map(len, asked)),
        lost=sum(not one for one in asked),
        repeated=sum(len(one) - 1 for one in asked if one),
        early=early,
        after_take=sum(
            at > hand.taken + IN_FLIGHT for hand in hands for one in hand.asking for at in one
        ),
        two_winners=sum(hand.winners > 1 for hand in hands),
        live=live,
        first=max(0.0, median(firsts)),
        longest=max(0.0, *firsts),
        after_end=max(0.0, *(at - ended for one in asked for at in one[:1])),
        untrue=sum(not is_true for _, _, is_true in reads),
        since=max(since for since, _, _ in reads),
        read="; ".join(sorted({gist for _, gist, _ in reads})),
    )


def _read(hand: CountedHand) -> tuple[float, str, bool]:
    """What stood before the agent ten seconds after they typed: since how many seconds after that,
    in short; and whether what stood there ten seconds after they read that it is up was so."""
    since, gist = _stood(hand, hand.typed + TRUTH_WITHIN)
    then = hand.up + TRUTH_WITHIN
    _, later = _stood(hand, then)
    # Whoever has to help themselves reads whom to phone.
    is_true = not {gist, later} & {"nobody heard", *_NOT_UP}
    if later == "it is up":
        is_true = is_true and hand.first_ping <= then
    return since - hand.typed, gist, is_true


def _stood(hand: CountedHand, then: float) -> tuple[float, str]:
    """What stood before the agent then: since when, and in short."""
    at, said = [one for one in hand.reads if one[0] <= then][-1]
    gist = next((gist for says, gist in _GISTS.items() if says in said), said.partition("\n")[0])
    phones = "Call: " in said and "ext. " in said
    return at, f"{gist}, whom to phone" if phones else gist


def winners(story: Story) -> set[str]:
    """Whom the agent has been told of."""
    told = "\n".join(words(message.blocks) for message in story.team.agent.messages)
    return {one.id for one in story.team.helpers if f"{one.id} is on the way" in told}


def table(rows: Sequence[CountedRow], over: str) -> str:
    """As it stands in docs/operations.md."""
    names = [one.name.replace("_", " ") for one in fields(CountedRow)]
    lines = [f"Over {over}:", "", f"| {' | '.join(names)} |", f"|{' --- |' * len(names)}"]
    lines += map(line, rows)
    return "\n".join(lines)


def line(row: CountedRow) -> str:
    """One of the table's."""
    cells = [f"{one:.1f}" if isinstance(one, float) else str(one) for one in astuple(row)]
    return f"| {' | '.join(cells)} |"
