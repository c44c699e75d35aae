"""What stands still, as both databases find it."""

from dataclasses import replace
from datetime import timedelta

from handlers.escalation.model import Cases
from handlers.kit.notices import Priority
from handlers.watch.model import Trouble, Watch
from storage.database import Database
from storage.work import SqlWork
from tests.storage.made import NOW, notice, raised, second

RING = timedelta(seconds=30)


def test_a_message_is_late_once_its_time_is_long_over_and_no_sooner(database: Database) -> None:
    ping = notice("ping", "jānis", priority=Priority.URGENT)
    database.run_now(lambda work: work.outbox.add("paper-T1", ping))
    soon = database.run_now(lambda work: work.of(Watch).look(second(1)))
    later = database.run_now(lambda work: work.of(Watch).look(second(3600)))
    assert Trouble.NOTICE_LATE not in [one.trouble for one in soon]
    assert Trouble.NOTICE_LATE in [one.trouble for one in later]


def test_what_a_clock_that_was_fast_wrote_after_it_was_put_right_holds_nothing_up(
    database: Database,
) -> None:
    """A replica that was held up goes by the time before, for a moment."""
    fast = second(300)
    ahead = replace(
        raised("anna"), raised_at=fast, asked_at=fast, heard_at=None, step_at=fast + RING
    )
    fine = replace(raised("ieva"), raised_at=NOW, asked_at=NOW, step_at=NOW + RING)
    ping = notice("ping", "jānis", due=fast, priority=Priority.URGENT)
    reminder = notice("reminder", "jānis", due=second(45), priority=Priority.URGENT)

    def write(work: SqlWork) -> None:
        for case in (ahead, fine):
            work.of(Cases).add(case)
        work.outbox.add("paper-T1", ping, reminder)

    def kept(work: SqlWork) -> list[object]:
        cases = [work.of(Cases).get(one.id) for one in (ahead, fine)]
        return [*cases, *(work.outbox.kept(one.key) for one in (ping, reminder))]

    database.run_now(write)
    assert [database.run_now(lambda work: work.of(Watch).mend(NOW)) for _ in range(2)] == [2, 0]
    back = replace(ahead, raised_at=NOW, asked_at=NOW, step_at=NOW + RING)
    assert database.run_now(kept) == [back, fine, replace(ping, due=NOW), reminder]
