"""Where a notice goes, and whose pace it draws on there."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence

from sqlalchemy import Connection, bindparam, select

from handlers.kit.delivery import Pace
from handlers.kit.notices import Claim, Lane
from handlers.kit.people import Address, Place
from storage.pace import Budget, lane_budget
from storage.people.tables import addresses, used_first
from storage.sealed import Seal

ByPlace = Mapping[str, Mapping[Place, Address]]
"""People's addresses by place, of each the one used last first."""

_ADDRESSES = (
    select(addresses.c.person, addresses.c.platform, addresses.c.workspace, addresses.c.user)
    .where(addresses.c.person.in_(bindparam("people", expanding=True)))
    .order_by(*used_first(addresses))
)


def addresses_of(connection: Connection, people: Sequence[str]) -> ByPlace:
    """The people's addresses, of each the one used last first."""
    found: dict[str, dict[Place, Address]] = {}
    for row in connection.execute(_ADDRESSES, {"people": list(people)}):
        address = Address(row.platform, row.workspace, row.user)
        found.setdefault(row.person, {}).setdefault(address.place, address)
    return found


def where(
    people: Sequence[str], known: ByPlace, refused: Collection[Place]
) -> tuple[tuple[Address, ...], ...]:
    """Their addresses at each place where all of them are, the one that the first used last
    first."""
    first, *others = [known.get(person, {}) for person in people]
    shared = set(first).intersection(*others).difference(refused)
    return tuple(
        [
            (address, *[other[place] for other in others])
            for place, address in first.items()
            if place in shared
        ]
    )


def written(place: Place) -> str:
    """The place as a column keeps it."""
    return "/".join(place)


def place_of(written: str) -> Place:
    """The place that was written."""
    platform, _, workspace = written.partition("/")
    return platform, workspace


def places_of(refused_by: str | None) -> list[Place]:
    """The places that have refused a notice."""
    return [place_of(written) for written in json.loads(refused_by)] if refused_by else []


class Budgets:
    """What sending claims draws on, for as long as many are asked about."""

    def __init__(self, pace_of: Callable[[str], Pace], seal: Seal) -> None:
        self._pace_of = pace_of
        self._seal = seal
        self._lanes: dict[tuple[Place, Lane], Budget] = {}

    def of(self, claim: Claim) -> tuple[Budget, ...]:
        """The lanes in their order, then the conversation. A change interrupts nobody: no
        conversation is too full for it."""
        place = claim.to[0].place
        pace = self._pace_of(place[0])
        budgets: list[Budget] = []
        for lane in claim.lanes:
            if (place, lane) not in self._lanes:
                self._lanes[place, lane] = lane_budget(place, lane, pace)
            budgets.append(self._lanes[place, lane])
        if claim.ref is None:
            budgets.append(Budget(conversation_of(claim, self._seal), pace.conversation))
        return tuple(budgets)


def conversation_of(claim: Claim, seal: Seal) -> str:
    """The key of the budget of the conversation that the claim goes into. Whose that is can't be
    read from it: who was written to in the same moment would tell who talks with whom."""
    return seal.mark(f"{'-'.join(claim.to[0].place)}/{'+'.join(sorted(claim.notice.to))}")
