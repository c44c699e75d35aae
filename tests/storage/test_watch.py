"""What stands still, as both databases find it."""

from handlers.kit.notices import Priority
from handlers.watch.model import Trouble, Watch
from storage.database import Database
from tests.storage.made import notice, second


def test_a_message_is_late_once_its_time_is_long_over_and_no_sooner(database: Database) -> None:
    ping = notice("ping", "jānis", priority=Priority.URGENT)
    database.run_now(lambda work: work.outbox.add("paper-T1", ping))
    soon = database.run_now(lambda work: work.of(Watch).look(second(1)))
    later = database.run_now(lambda work: work.of(Watch).look(second(3600)))
    assert Trouble.NOTICE_LATE not in [one.trouble for one in soon]
    assert Trouble.NOTICE_LATE in [one.trouble for one in later]
