"""Plecs looks after itself, and admins hear of what is wrong once, and once that it is over."""

from datetime import timedelta

from sqlalchemy import update

from handlers.escalation.model import Cases
from handlers.kit.notices import Lane, Notice, Priority
from handlers.kit.people import Address, Role
from handlers.watch.model import Watch
from storage.cases import cases
from storage.outbox.table import outbox
from storage.work import SqlWork
from tests.world import World, lines

PLACE = ("paper", "T1")


async def refuse(world: World, lane: Lane, word: str) -> None:
    pace, now = world.platform.pace, world.now
    await world.engine.database.run(lambda work: work.lanes.refuse(PLACE, lane, word, pace, now))


async def open_again(world: World, lane: Lane) -> None:
    pace, now = world.platform.pace, world.now
    await world.engine.database.run(lambda work: work.lanes.opened(PLACE, lane, pace, now))


async def test_a_lane_that_is_refused_is_told_once_and_once_that_it_is_over(world: World) -> None:
    await world.person("Dace", Role.ADMIN)
    await world.person("Anna")
    await refuse(world, Lane.OPENING, "missing_scope")
    await world.looks(minutes=3)
    (told,) = world.inbox("Dace")
    assert lines(told) == (
        "Paper refuses me conversations of several people\n"
        "Since <time>. Pings still arrive, and the two get their cards each alone.\n"
        "It says: missing_scope. On Plecs' machine run plecs check: it names what is missing and "
        "where to set it.\n"
        "I say this once, and once more when it is over."
    )
    assert world.inbox("Anna") == []
    await open_again(world, Lane.OPENING)
    await world.looks(minutes=3)
    over = (
        "It is over: Paper refuses me conversations of several people\n"
        "It lasted from <time> until <time>."
    )
    assert [lines(card) for card in world.inbox("Dace")] == [over, over]
    await refuse(world, Lane.OPENING, "missing_scope")
    await world.look()
    assert len(world.inbox("Dace")) == 3, "what comes back is told again"


async def test_admins_hear_of_refused_messages_at_another_place_of_theirs(world: World) -> None:
    dace = await world.person("Dace", Role.ADMIN, locale="lv")
    other = Address("other", "O1", "Dace")

    def also_there(work: SqlWork) -> None:
        from dataclasses import replace

        work.people.save(replace(dace, addresses=(*dace.addresses, other)))

    await world.engine.database.run(also_there)
    await refuse(world, Lane.NEW, "token_revoked")
    await world.look()
    assert not world.platform.messages
    (told,) = world.other.messages.values()
    assert lines(told.card).splitlines()[0] == "Paper nepieņem manas ziņas"


async def test_a_hand_that_nobody_hears_of_is_told_at_the_next_look(world: World) -> None:
    await world.person("Dace", Role.ADMIN)
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",))
    await world.says("Anna", "/hand contracts he threatens me")
    await world.look()
    assert world.inbox("Dace") == []
    unheard = update(cases).values(heard_at=None, asked_at=world.now - timedelta(seconds=6))
    await world.engine.database.run(lambda work: work.connection.execute(unheard))
    await world.look()
    assert world.titles("Dace") == ["A hand is up, and no ping has arrived"]


async def test_a_case_without_a_next_step_gets_one_and_nobody_is_bothered(world: World) -> None:
    await world.person("Dace", Role.ADMIN, helps=False)
    anna = await world.person("Anna")
    await world.person("Līga", Role.SUPERVISOR)
    await world.says("Anna", "/hand he threatens me")
    await world.engine.database.run(
        lambda work: work.connection.execute(update(cases).values(step_at=None))
    )
    await world.looks(minutes=2)
    case = await world.engine.database.run(lambda work: work.of(Cases).open_of(anna.id))
    assert case is not None
    assert case.step_at is not None
    assert world.inbox("Dace") == []
    assert b'plecs_troubles{trouble="case_stepless"} 0.0' in await world.engine.figures()
    assert (
        b'plecs_troubles_found_total{trouble="case_stepless"} 1.0' in await world.engine.figures()
    )


async def test_what_a_dead_process_was_sending_is_free_for_others(world: World) -> None:
    anna = await world.person("Anna")
    ping = Notice("hand.ping", "gone.1", (anna.id,), world.now, Priority.URGENT)
    dead = {"claimed_by": "dead", "lease_until": world.now + timedelta(seconds=20)}

    def claim(work: SqlWork) -> None:
        work.outbox.add("paper-T1", ping)
        work.connection.execute(update(outbox).values(dead))

    await world.engine.database.run(claim)
    now = world.now + timedelta(seconds=31)
    findings = await world.engine.database.read(lambda work: work.of(Watch).look(now))
    assert {str(one.trouble) for one in findings} == {"claim_orphaned", "notice_late"}
    assert await world.engine.database.run(lambda work: work.of(Watch).mend(now)) == 1


async def test_a_ping_that_is_put_off_again_and_again_is_as_old_as_it_is(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",))
    world.platform.refuses = "missing_scope"
    await world.says("Anna", "/hand contracts he threatens me")
    ages = []
    for _ in range(3):
        await world.forward(seconds=3)
        state = await world.engine.database.read(lambda work: work.outbox_state.at(world.now))
        ages.append(state.oldest_urgent)
    assert ages == [timedelta(seconds=seconds) for seconds in (3, 6, 9)]
