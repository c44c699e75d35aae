"""The demo team: made-up people who are there when the local workspace first starts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from handlers.kit.people import Address, Profile, Role
from handlers.work import Work

PLATFORM, WORKSPACE = "local", "demo"


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    locale: str
    roles: frozenset[Role] = frozenset({Role.AGENT})
    topics: tuple[str, ...] = ()
    trusted: tuple[str, ...] = ()


_MEMBERS: Mapping[str, _Member] = {
    "anna": _Member("Anna Kalniņa", "en", trusted=("peteris",)),
    "janis": _Member("Jānis Ozols", "lv", topics=("contracts",)),
    "liga": _Member("Līga Bērziņa", "lv", frozenset({Role.SUPERVISOR})),
    "mara": _Member("Māra Liepa", "en", frozenset({Role.COORDINATOR, Role.ADMIN})),
    "peteris": _Member("Pēteris Kļaviņš", "en", topics=("bills",)),
    "ilze": _Member("Ilze Vītola", "lv", topics=("outages",)),
}

TEAM: Mapping[str, Profile] = {
    user: Profile(
        Address(PLATFORM, WORKSPACE, user), member.name, member.locale, zone="Europe/Riga"
    )
    for user, member in _MEMBERS.items()
}
"""What the local workspace tells of its users, by user id."""

SHOWN_FIRST = ("anna", "janis", "liga", "mara")
"""Whose columns a first visit shows: agent, specialist, supervisor, coordinator."""


def seed(work: Work) -> None:
    """Introduces the team, once: those who are known stay as they are."""
    people = work.people
    if people.at(TEAM["anna"].address) is not None:
        return
    workspace = work.workspaces.of(TEAM["anna"].address)
    added = {
        user: people.add(workspace, TEAM[user], member.roles) for user, member in _MEMBERS.items()
    }
    for user, member in _MEMBERS.items():
        people.save(
            replace(
                added[user],
                topics=member.topics,
                trusted=tuple(added[colleague].id for colleague in member.trusted),
            )
        )
