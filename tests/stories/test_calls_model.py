"""Who is on the telephone depends on which events came, and not on the order in which they did."""

import itertools
from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.availability.engaged import Availability
from handlers.calls import hearing
from handlers.calls.model import CallEvent, Happened
from handlers.kit.people import Profile
from handlers.work import Occasion
from storage.work import SqlWork
from tests.fuzz.calls import KINDS, ToldCall, on_telephone, shoot
from tests.world import World

NAMES = ("Anna", "Ilze", "Oto")

EVENTS = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.sampled_from(("c1", "c2", "c3")),
        st.sampled_from((*NAMES, "")),
        st.integers(0, 150),
    ),
    max_size=14,
)
ROUNDS = itertools.count()


async def test_presence_is_what_the_model_says_in_any_order(world: World) -> None:
    database, services, now = world.engine.database, world.engine.services, world.now

    @settings(max_examples=25, deadline=None, database=None)
    @given(events=EVENTS, order=st.randoms(use_true_random=False))
    def holds(events: list[tuple[str, str, str, int]], order: Random) -> None:
        number = next(ROUNDS)
        told = [
            ToldCall(
                now - timedelta(minutes=minutes, microseconds=place),
                kind,
                f"{call} of {number}",
                f"{name} {number}" if name else "",
            )
            for place, (kind, call, name, minutes) in enumerate(events)
        ]
        arriving = [*told, *told[::3]]
        order.shuffle(arriving)

        def hear(work: SqlWork) -> set[str]:
            known = {}
            for name in NAMES:
                called = f"{name} {number}"
                profile = Profile(world.address(called), called)
                person = work.people.add("paper-T1", profile, frozenset())
                work.people.save(replace(person, extension=called))
                known[called] = person.id
            for one in arriving:
                event = CallEvent(
                    f"{number} {told.index(one)}",
                    "contacts",
                    Happened(one.kind),
                    one.call,
                    one.at,
                    (one.agent,) if one.agent else (),
                )
                hearing.take(event, Occasion(work, now, services))
            return {
                name
                for name, person in known.items()
                if work.of(Availability).on_telephone(person, now)
            }

        assert database.run_now(hear) == on_telephone(told, now)

    holds()


async def test_what_is_forged_replayed_repeated_and_malformed_changes_nothing(
    world: World,
) -> None:
    """A cut of `make fuzz-calls`, which sends 20,000."""
    outcome = await shoot(world, 150, seed=1)
    assert outcome.wrong == outcome.errors == []
    assert outcome.found == outcome.expected != set()
    assert len(outcome.sent) == 5
