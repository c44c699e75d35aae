"""What days came to is counted once, and kept: without anybody's name."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete

from handlers.escalation import rules
from handlers.escalation.model import Case, Cases
from handlers.escalation.numbers import HandDays, Raised
from handlers.kit.weeks import CalendarDay
from storage.cases import cases
from storage.database import Database
from storage.work import SqlWork
from tests.storage.made import NOW, raised, second

DAY = timedelta(days=1)
TODAY = CalendarDay(NOW - 10 * timedelta(hours=1), NOW + 14 * timedelta(hours=1))
DAYS = tuple(CalendarDay(TODAY.start - n * DAY, TODAY.end - n * DAY) for n in (1, 0))
TOMORROW = NOW + DAY


def went_up(database: Database, *hands: Case) -> None:
    def add(work: SqlWork) -> None:
        for case in hands:
            work.of(Cases).add(case)

    database.run_now(add)


def counted(database: Database, now: datetime, *, workspace: str = "paper-T1") -> list[Raised]:
    return list(database.run_now(lambda work: work.of(HandDays).counted(workspace, DAYS, now)))


def _forget(database: Database) -> None:
    """What was counted is looked at no more: whoever still knows it, has it kept."""
    database.run_now(lambda work: work.connection.execute(delete(cases)))


def test_counts_keep_to_workspace_and_day(database: Database) -> None:
    for number, workspace in enumerate(("paper-T1", "paper-T1", "paper-T2", "paper-T1")):
        case = replace(
            raised(f"agent{number}", workspace=workspace),
            raised_at=second(number * 10),
            first_taken_at=second(15) if number == 1 else None,
            unanswered_at=second(120) if number == 3 else None,
        )
        went_up(database, case)
    early = replace(raised("early"), raised_at=NOW - DAY, first_taken_at=second(40) - DAY)
    went_up(database, early)
    assert counted(database, second(200)) == [Raised(1, {40: 1}), Raised(3, {5: 1}, 1)]
    assert counted(database, second(200), workspace="paper-T2") == [Raised(), Raised(1)]


def test_a_day_that_is_over_is_counted_once_and_today_anew(database: Database) -> None:
    yesterday = rules.cancel(replace(raised("anna"), raised_at=NOW - DAY), second(9) - DAY)
    today = rules.cancel(replace(raised("ieva"), raised_at=NOW), second(9))
    went_up(database, yesterday, today)
    assert counted(database, second(60)) == [Raised(1), Raised(1)]
    _forget(database)
    assert counted(database, second(60)) == [Raised(1), Raised()]


def test_a_day_of_which_a_hand_is_still_up_is_not_kept(database: Database) -> None:
    went_up(database, replace(raised("anna"), raised_at=NOW - DAY))
    assert counted(database, second(60)) == [Raised(1), Raised()]
    _forget(database)
    assert counted(database, second(60)) == [Raised(), Raised()]


def test_who_only_reads_keeps_nothing(database: Database) -> None:
    yesterday = rules.cancel(replace(raised("anna"), raised_at=NOW - DAY), second(9) - DAY)
    went_up(database, yesterday)
    read = database.read_now(lambda work: work.of(HandDays).counted("paper-T1", DAYS, NOW))
    assert read == (Raised(1), Raised())
    _forget(database)
    assert counted(database, NOW) == [Raised(), Raised()]


def test_somebody_whose_midnight_is_another_has_days_of_their_own(database: Database) -> None:
    yesterday = rules.cancel(replace(raised("anna"), raised_at=DAYS[0].start), second(9) - DAY)
    went_up(database, yesterday)
    assert counted(database, NOW) == [Raised(1), Raised()]
    later = CalendarDay(DAYS[0].start + timedelta(hours=1), DAYS[0].end + timedelta(hours=1))
    other = database.run_now(lambda work: work.of(HandDays).counted("paper-T1", [later], TOMORROW))
    assert other == (Raised(),)
