"""The demo team: made-up people who are there when the local workspace first starts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import TypeVar
from uuid import uuid4

from handlers.availability.coverage import RULE, CountedBy, CoverageRule
from handlers.availability.rest import instant, wall_time
from handlers.boundaries.model import Policies
from handlers.boundaries.plain import POLICIES
from handlers.calm.model import TECHNIQUES, Techniques
from handlers.draft.model import ANSWERS, Answers
from handlers.kit.people import Address, Person, Profile, Role
from handlers.learning.model import (
    COURSES,
    CourseDate,
    CourseDates,
    Courses,
    CourseSeat,
    CourseSeats,
    SeatState,
)
from handlers.library.model import Adoption, Author, Kept, Library
from handlers.offers.model import GiftCode, GiftCodes, KeptRules
from handlers.offers.plain import RULES
from handlers.work import Work

S = TypeVar("S")

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

_GIFT_CARDS, _CARDS_OF_EACH = (1_000, 1_500, 2_500), 20
"""Cents of the gift cards that there are, and how many of each."""

_ZONE, _CLASS_AT = "Europe/Riga", time(14)
"""Where they are, and when their class begins."""

_POSITION = "Klientu konsultants"
"""What all of them are: by it their breaks are counted together."""

TEAM: Mapping[str, Profile] = {
    user: Profile(Address(PLATFORM, WORKSPACE, user), member.name, member.locale, zone=_ZONE)
    for user, member in _MEMBERS.items()
}
"""What the local workspace tells of its users, by user id."""

SHOWN_FIRST = ("anna", "janis", "liga", "mara")
"""Whose columns a first visit shows: agent, specialist, supervisor, coordinator."""


def seed(work: Work, now: datetime) -> None:
    """Introduces the team, once: those who are known stay as they are. Their coordinator has
    adopted all that comes with Plecs: boundaries, rules for offers, calm, answers; and there are a
    few made-up gift cards."""
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
                position=_POSITION,
                trusted=tuple(added[colleague].id for colleague in member.trusted),
            )
        )
    RULE.put(work.settings, workspace, CoverageRule(others=CountedBy.POSITION))
    by = Author(added["mara"].id, added["mara"].name)
    _adopt(work.of(Policies), POLICIES, workspace, by, now)
    _adopt(work.of(KeptRules), RULES, workspace, by, now)
    _adopt(work.of(Techniques), TECHNIQUES, workspace, by, now)
    _adopt(work.of(Answers), ANSWERS, workspace, by, now)
    cards = [
        GiftCode(f"DEMO-{cents}-{n:03}", cents, "EUR", None)
        for cents in _GIFT_CARDS
        for n in range(_CARDS_OF_EACH)
    ]
    work.of(GiftCodes).bring_in(workspace, cards, now)
    _adopt(work.of(Courses), COURSES, workspace, by, now)
    _plan_a_class(work, workspace, added, now)


def _adopt(kept: Kept[S], library: Library[S], workspace: str, by: Author, now: datetime) -> None:
    kept.settle(workspace, now)
    content = kept.current(workspace, now).content
    kept.adopt(
        [Adoption(workspace, one.id, one.version, by, now) for one in library.entries(content)]
    )


def _plan_a_class(work: Work, workspace: str, people: Mapping[str, Person], now: datetime) -> None:
    """Two seats in a week, of which one is taken: so the next two who ask see what waiting is."""
    wall = datetime.combine(wall_time(now, _ZONE).date() + timedelta(days=7), _CLASS_AT)
    starts_at = instant(wall, _ZONE)
    ends_at = starts_at + timedelta(minutes=90)
    one = CourseDate(
        uuid4().hex,
        workspace,
        "working_with_seniors",
        wall,
        _ZONE,
        starts_at,
        ends_at,
        2,
        now,
        place="204",
        trainer=people["liga"].id,
        step_at=starts_at,
    )
    work.of(CourseDates).put(one)
    ilze = CourseSeat(one.id, people["ilze"].id, SeatState.TAKEN, now)
    work.of(CourseSeats).put([ilze])


def user_of(person: Person) -> str:
    """The name by which the page knows them."""
    return next(a.user for a in person.addresses if a.platform == PLATFORM)
