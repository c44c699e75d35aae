"""Promises go on to somebody else: handed over, or because whoever made them has left."""

from handlers.callers.model import LEFT, Callers, Promise, PromiseState, handed_to, settled
from handlers.kit.facts import PersonLeft
from handlers.kit.notices import Notice
from handlers.kit.people import Person, Role
from handlers.kit.text import fold
from handlers.work import Occasion

_MOST = 1000
"""Open promises of one person that are seen to when they leave."""


def hand_to(colleague: Person, one: Promise, on: Occasion) -> Promise:
    """The colleague sees to it from now on."""
    kept = on.work.of(Callers)
    kept.put_promise(settled(one, PromiseState.HANDED_OVER, on.now))
    theirs = handed_to(one, colleague, on.new_id(), on.now)
    kept.put_promise(theirs)
    return theirs


def person_left(fact: PersonLeft, on: Occasion) -> None:
    """What they promised to callers goes to a supervisor, their own manager first, who may hand it
    on: a caller waits for it all the same."""
    mine = on.work.of(Callers).open_of(fact.person.id, _MOST)
    heir = _heir(fact.person, on) if mine else None
    if heir is None:
        return
    theirs = [hand_to(heir, one, on) for one in mine]
    on.work.outbox.add(heir.workspace, Notice(LEFT, theirs[0].id, (heir.id,), on.now))


def _heir(person: Person, on: Occasion) -> Person | None:
    for role in (Role.SUPERVISOR, Role.COORDINATOR, Role.ADMIN):
        here = [
            one
            for one in on.work.people.with_role(person.workspace, role)
            if one.belongs and one.id != person.id
        ]
        if here:
            return min(here, key=lambda one: (fold(one.name) != fold(person.manager), one.id))
    return None
