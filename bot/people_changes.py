"""What a list of people changes: said beforehand, done, and written out again as such a list."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.people_list import BETWEEN, COLUMNS, Listed
from handlers.availability.engaged import Availability
from handlers.kit.facts import RolesChanged
from handlers.kit.people import Address, Person, Profile, Role, Topic
from handlers.kit.tables import table
from handlers.work import Occasion

_PAGE = 500
"""People read at once."""


@dataclass(frozen=True, slots=True)
class ListChanges:
    """What a list changes, in people; `lines` say it of each."""

    new: int = 0
    changed: int = 0
    same: int = 0
    lines: tuple[str, ...] = ()


class BusyError(Exception):
    """Somebody who is kept twice is in the middle of something, and can't become one now."""


def bring_in(
    on: Occasion,
    listed: Sequence[Listed],
    topics: Sequence[Topic],
    *,
    dry_run: bool,
    progress: Callable[[int], None],
) -> ListChanges:
    """Adds and changes the people of the list, or with `dry_run` only says what it would do; who is
    kept twice, by two addresses of one line, becomes one. `progress` hears how many are done.

    Raises BusyError with who must first have ended what they are in the middle of.
    """
    people = on.work.people
    new = changed = same = 0
    lines: list[str] = []
    for done, one in enumerate(listed, start=1):
        at = [person for address in one.addresses if (person := people.at(address))]
        found = list({person.id: person for person in at}.values())
        if not found:
            new += 1
            lines.append(f"+ {one.name}")
            if not dry_run:
                address, *_ = one.addresses
                workspace = on.work.workspaces.of(address)
                profile = Profile(address, one.name, one.locale, one.zone)
                _save(on, people.add(workspace, profile, frozenset()), one)
        elif len(found) > 1 or one.applied_to(found[0]) != found[0]:
            changed += 1
            known, *twice = found
            lines.append(f"~ {known.name}: {'; '.join(_differing(known, one, twice, topics))}")
            if twice and on.work.of(Availability).engaged([person.id for person in found], on.now):
                raise BusyError(known.name)
            if not dry_run:
                for person in twice:
                    known = people.unite(known, person)
                _save(on, known, one)
        else:
            same += 1
        progress(done)
    return ListChanges(new, changed, same, tuple(lines))


def written(
    workspace: str, places: Sequence[Address], topics: Sequence[Topic], on: Occasion, locale: str
) -> bytes:
    """Everybody who is active in the workspace, as a list that can be brought in again."""
    users = (
        ("platform user",)
        if len(places) == 1
        else tuple(f"{place.platform} user" for place in places)
    )
    header = ("name", *users, *COLUMNS[COLUMNS.index("roles") :])
    rows = (_row(person, places, topics) for person in _everybody(workspace, on))
    return table(header, rows, locale)


def _save(on: Occasion, person: Person, listed: Listed) -> None:
    after = listed.applied_to(person)
    on.work.people.save(after)
    if after.roles != person.roles:
        on.tell(RolesChanged(after, None, person.roles, after.roles))


def _differing(
    person: Person, listed: Listed, twice: Sequence[Person], topics: Sequence[Topic]
) -> Iterator[str]:
    """What is different afterwards, as the list would write it."""
    if twice:
        yield f"is kept {len(twice) + 1} times and becomes one"
    before, after = _told(person, topics), _told(listed.applied_to(person), topics)
    for name, value in after.items():
        if value != before[name]:
            yield f"{name} {before[name] or 'none'} → {value or 'none'}"
    if set(listed.addresses) - set(person.addresses):
        yield "a further address"


def _told(person: Person, topics: Sequence[Topic]) -> Mapping[str, str]:
    """What stands in the columns of the list, but for the addresses."""
    names = {topic.id: _in_a_list(topic) for topic in topics}
    return {
        "name": person.name,
        "roles": ", ".join(sorted(person.roles - {Role.AGENT})),
        "topics": ", ".join(names.get(topic, topic) for topic in person.topics),
        "position": person.position,
        "extension": person.extension,
        "manager": person.manager,
        "locale": person.platform_locale,
        "zone": person.zone,
        "hours": str(person.hours),
    }


def _in_a_list(topic: Topic) -> str:
    """What the topic is called where several stand in a cell."""
    name = topic.name("en")
    return topic.id if set(name) & set(BETWEEN) else name


def _row(person: Person, places: Sequence[Address], topics: Sequence[Topic]) -> list[str]:
    users = [
        next((one.user for one in person.addresses if one.place == place.place), "")
        for place in places
    ]
    name, *rest = _told(person, topics).values()
    return [name, *users, *rest]


def _everybody(workspace: str, on: Occasion) -> Iterator[Person]:
    skip, total = 0, 1
    while skip < total:
        page, total = on.work.people.search(workspace, "", skip, _PAGE)
        yield from page
        skip += _PAGE
