"""Where a notice goes, and whose pace it draws on there."""

import json
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, bindparam, select

from handlers.kit.notices import Claim
from handlers.kit.people import Address, Place
from handlers.kit.ports import Pace
from storage.pace import Budget, lane_budget
from storage.people.tables import addresses, used_first
from storage.sealed import Seal

ByPlace = Mapping[str, Mapping[Place, Address]]
"""People's addresses by place, of each the one used last first."""

_ADDRESSES = (
    select(addresses)
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
    first, *others = (known.get(person, {}) for person in people)
    return tuple(
        (address, *(other[place] for other in others))
        for place, address in first.items()
        if place not in refused and all(place in other for other in others)
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
    return [place_of(written) for written in json.loads(refused_by or "[]")]


def budgets_of(claim: Claim, pace: Pace, seal: Seal) -> tuple[Budget, ...]:
    """What sending the claim draws on: the lanes in their order, then the conversation. A change
    interrupts nobody: no conversation is too full for it."""
    place = claim.to[0].place
    lanes = tuple(lane_budget(place, lane, pace) for lane in claim.lanes)
    if claim.ref is not None:
        return lanes
    return (*lanes, Budget(conversation_of(claim, seal), pace.conversation))


def conversation_of(claim: Claim, seal: Seal) -> str:
    """The key of the budget of the conversation that the claim goes into. Whose that is can't be
    read from it: who was written to in the same moment would tell who talks with whom."""
    return seal.mark(f"{'-'.join(claim.to[0].place)}/{'+'.join(sorted(claim.notice.to))}")
