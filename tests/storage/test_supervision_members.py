"""What members have of their groups, as both databases keep it; planners that know of no leader."""

import shutil
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from handlers.availability.rest import instant, wall_time
from handlers.common.reminders import Choices, Reminders
from handlers.kit.people import Person
from handlers.supervision.agreement.model import Agreements
from handlers.supervision.cases.model import SessionCase, SessionCases
from handlers.supervision.keepsakes.model import Keepsake, Keepsakes
from handlers.supervision.members.model import GroupMember, Members, Standing
from handlers.supervision.requests.model import Request, Requests
from handlers.supervision.sessions import steps
from handlers.supervision.sessions.model import (
    ENOUGH_ANSWERS,
    REMINDERS,
    Attendance,
    Outcome,
    Progress,
    Ratings,
    Seats,
    Session,
    Sessions,
    SessionState,
    SessionSteps,
    Step,
    Turn,
    Votes,
)
from handlers.supervision.shared import lifecycle as life
from handlers.supervision.turns.model import Swap, Swaps
from handlers.work import Occasion
from storage.cleaning import clean, erase, export
from storage.database import Database
from storage.outbox.table import outbox
from storage.schema import metadata
from storage.sealed import Seal
from storage.supervision.cases import case_keys, cases
from storage.work import SqlWork
from tests.storage.made import NOW, at_once, somebody
from tests.storage.test_plans import SERVICES
from tests.storage.test_supervision import TUESDAY, WEEK, a_session, planned

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def group_of(database: Database, *names: str) -> list[Person]:
    """A group with three weekly sessions, in which these people have seats."""
    people = [somebody(database, name) for name in names]

    def plan(work: SqlWork) -> None:
        sessions = planned(work, *(person.id for person in people))
        for person in people:
            work.of(Members).put(GroupMember("g1", person.id, Standing.JOINED, NOW))
        life.sessions_planned(work, sessions, NOW)

    database.run_now(plan)
    return people


def test_all_is_read_as_it_was_kept(database: Database) -> None:
    anna, janis = group_of(database, "Anna", "Jānis")
    stands = Progress(
        "c1s1", Step.DAY, NOW + DAY, 2, (NOW + WEEK, NOW + 2 * WEEK), True, ("a", "b")
    )
    case = SessionCase("k1", "c1s1", anna.id, "Ko darīt, kad klients raud?", NOW)
    swap = Swap("w1", "c1s1", anna.id, janis.id, Turn.NOTES, Turn.NONE)
    kept = Keepsake(anna.id, "c1s1", "Elpot.", NOW)
    asked = Request("r1", "paper-T1", anna.id, "g1", "Trīs draudi.", NOW)
    silent = Request("r2", "paper-T1", janis.id, "", "", NOW + MINUTE)

    def keep(work: SqlWork) -> None:
        work.of(SessionSteps).put(stands)
        work.of(Reminders).put(Choices(anna.id, week=False))
        for _ in range(2):
            work.of(Agreements).agree("g1", "c1", 1, anna.id, NOW)
        work.of(SessionCases).put(case)
        work.of(Swaps).put(swap)
        work.of(Swaps).put(replace(swap, agreed=True))
        work.of(Votes).put("c1s1", anna.id, "stay")
        work.of(Votes).put("c1s1", anna.id, "20260310T1600")
        work.of(Ratings).put("c1s1", anna.id, 2)
        work.of(Ratings).put("c1s1", anna.id, 4)
        work.of(Keepsakes).put(replace(kept, words="Vecā doma."))
        work.of(Keepsakes).put(kept)
        work.of(Requests).put(replace(asked, id="r0", words="Agrāk."))
        work.of(Requests).put(asked)
        work.of(Requests).put(silent)

    def check(work: SqlWork) -> None:
        assert work.of(SessionSteps).get("c1s1") == stands
        assert work.of(Reminders).choices([anna.id, janis.id]) == {
            anna.id: Choices(anna.id, week=False),
            janis.id: Choices(janis.id),
        }
        assert work.of(Agreements).agreed("g1", "c1", 1) == {anna.id}
        assert work.of(Agreements).agreed("g1", "c1", 2) == frozenset()
        assert work.of(SessionCases).of("c1s1") == (case,)
        assert work.of(SessionCases).get("k1") == case
        assert work.of(SessionCases).of("c1s2") == ()
        assert work.of(Swaps).of(["c1s1"]) == (replace(swap, agreed=True),)
        assert work.of(Swaps).get("w1") == replace(swap, agreed=True)
        assert work.of(Votes).of("c1s1") == {anna.id: "20260310T1600"}
        assert work.of(Ratings).of("c1s1", anna.id) == 4
        assert work.of(Keepsakes).of(anna.id) == (kept,)
        assert work.of(Keepsakes).of(janis.id) == ()
        assert work.of(Requests).waiting("paper-T1") == (asked, silent)
        assert work.of(Requests).waiting("paper-T2") == ()
        assert work.of(Requests).get("r0") is None

    database.run_now(keep)
    database.run_now(check)


def test_words_are_sealed_and_a_case_dies_with_its_key(database: Database) -> None:
    anna, _ = group_of(database, "Anna", "Jānis")

    def keep(work: SqlWork) -> None:
        work.of(SessionCases).put(SessionCase("k1", "c1s1", anna.id, "MARKERWORD", NOW))
        work.of(SessionCases).put(SessionCase("k2", "c1s2", anna.id, "OTHERWORD", NOW))
        work.of(Keepsakes).put(Keepsake(anna.id, "c1s1", "KEEPWORD", NOW))
        work.of(Requests).put(Request("r1", "paper-T1", anna.id, "g1", "WHYWORD", NOW))

    database.run_now(keep)
    everything = database.run_now(
        lambda work: "\n".join(
            repr(row)
            for table in metadata.sorted_tables
            for row in work.connection.execute(table.select())
        )
    )
    for word in ("MARKERWORD", "OTHERWORD", "KEEPWORD", "WHYWORD"):
        assert word not in everything

    def shred(work: SqlWork) -> None:
        # Even with the row brought back from a copy, nobody can read it without the key.
        row = work.connection.execute(select(cases).where(cases.c.id == "k1")).mappings().one()
        work.of(SessionCases).clear("c1s1")
        work.connection.execute(cases.insert().values(**row))
        assert work.of(SessionCases).of("c1s1") == ()
        work.of(SessionCases).put(SessionCase("k3", "c1s1", anna.id, "again", NOW))
        assert [one.words for one in work.of(SessionCases).of("c1s1")] == ["again"]
        assert [one.words for one in work.of(SessionCases).of("c1s2")] == ["OTHERWORD"]

    database.run_now(shred)


def test_what_nobody_cleared_in_time_is_cleaned(database: Database) -> None:
    anna, _ = group_of(database, "Anna", "Jānis")
    first = a_session(1, TUESDAY)

    def keep(work: SqlWork) -> None:
        work.of(SessionCases).put(SessionCase("k1", "c1s1", anna.id, "x", NOW))
        work.of(SessionCases).put(SessionCase("k2", "c1s2", anna.id, "y", NOW))

    def left(work: SqlWork) -> tuple[list[str], list[str]]:
        return (
            list(work.connection.scalars(select(cases.c.id).order_by(cases.c.id))),
            list(work.connection.scalars(select(case_keys.c.session).order_by("session"))),
        )

    database.run_now(keep)
    database.run_now(lambda work: clean(work.connection, first.ends_at + DAY))
    assert database.run_now(left) == (["k1", "k2"], ["c1s1", "c1s2"])
    database.run_now(lambda work: clean(work.connection, first.ends_at + DAY + MINUTE))
    assert database.run_now(left) == (["k2"], ["c1s2"])


@pytest.mark.parametrize("answers", range(8))
def test_an_average_is_made_once_of_five_or_more(url: str, answers: int) -> None:
    database = Database(url, Seal("the secret of these tests"))
    people = group_of(database, *"ABCDEFGH")

    def answer(work: SqlWork) -> None:
        for person in people[:answers]:
            work.of(Ratings).put("c1s1", person.id, 4)

    def close(work: SqlWork) -> None:
        work.of(Ratings).close("c1s1", ENOUGH_ANSWERS)

    database.run_now(answer)
    assert database.run_now(lambda work: work.of(Ratings).outcomes(["c1s1"])) == ()
    database.run_now(close)
    outcome = (Outcome("c1s1", answers, 4 * answers),) if answers >= 5 else ()
    assert database.run_now(lambda work: work.of(Ratings).outcomes(["c1s1"])) == outcome
    # Late answers change nothing: from the difference one could tell whose they were.
    database.run_now(lambda work: work.of(Ratings).put("c1s1", people[0].id, 1))
    database.run_now(close)
    assert database.run_now(lambda work: work.of(Ratings).outcomes(["c1s1"])) == outcome
    database.close()


def test_export_opens_what_is_theirs_and_erasing_leaves_nothing(database: Database) -> None:
    anna, janis = group_of(database, "Anna", "Jānis")

    def keep(work: SqlWork) -> None:
        work.of(SessionCases).put(SessionCase("k1", "c1s1", anna.id, "x", NOW))
        work.of(Keepsakes).put(Keepsake(anna.id, "c1s1", "Elpot.", NOW))
        work.of(Swaps).put(Swap("w1", "c1s1", janis.id, anna.id, Turn.NOTES, Turn.NONE))
        work.of(Requests).put(Request("r1", "paper-T1", anna.id, "", "Trīs draudi.", NOW))
        work.of(Reminders).put(Choices(anna.id, day=False))
        work.of(Agreements).agree("g1", "c1", 1, anna.id, NOW)
        work.of(Votes).put("c1s1", anna.id, "stay")
        work.of(Ratings).put("c1s1", anna.id, 5)

    database.run_now(keep)
    theirs = database.run_now(lambda work: export(work.connection, anna.id, work.seal))
    assert [row["words"] for row in theirs["supervision_keepsakes"]] == ["Elpot."]
    assert [row["words"] for row in theirs["supervision_requests"]] == ["Trīs draudi."]
    assert [row["words"] for row in theirs["supervision_cases"]] == ["x"]
    others = database.run_now(lambda work: export(work.connection, janis.id, work.seal))
    assert others["supervision_keepsakes"] == []

    database.run_now(lambda work: erase(work.connection, anna.id))
    everything = database.run_now(
        lambda work: "\n".join(
            repr(row)
            for table in metadata.sorted_tables
            for row in work.connection.execute(table.select())
        )
    )
    assert anna.id not in everything
    assert janis.id in everything


def test_who_sits_in_a_session(database: Database) -> None:
    people = group_of(database, "Coming", "Late", "There", "Silent", "Away")
    said = (Attendance.COMING, Attendance.LATE, Attendance.ATTENDED, Attendance.UNKNOWN)
    first = a_session(1, TUESDAY)

    def say(work: SqlWork) -> None:
        seats = {seat.person: seat for seat in work.of(Seats).of(["c1s1"])}
        for person, how in zip(people, (*said, Attendance.ABSENT), strict=True):
            work.of(Seats).put([replace(seats[person.id], attendance=how)])

    def names(work: SqlWork, at: timedelta) -> list[str]:
        ids = [person.id for person in people]
        there = work.of(Seats).in_session(ids, first.starts_at + at)
        return [person.name for person in people if person.id in there]

    database.run_now(say)
    for at, who in (
        (-MINUTE, []),
        (timedelta(), ["Coming", "Late", "There"]),
        (89 * MINUTE, ["Coming", "Late", "There"]),
        (90 * MINUTE, []),
    ):
        assert database.run_now(partial(names, at=at)) == who
    gone = replace(first, state=SessionState.CANCELLED)
    database.run_now(lambda work: work.of(Sessions).put([gone]))
    assert database.run_now(partial(names, at=MINUTE)) == []


def reminded(database: Database) -> Counter[tuple[str, str, str]]:
    """How often each reminder was written: by its kind, its session and start, and its person."""

    def count(work: SqlWork) -> Counter[tuple[str, str, str]]:
        rows = work.connection.execute(
            select(outbox.c.key, func.count()).group_by(outbox.c.key)
        ).all()
        found: Counter[tuple[str, str, str]] = Counter()
        for key, times in rows:
            kind, about, person = key.split(":")
            if kind in REMINDERS.values():
                found[kind, about, person] += times
        return found

    return database.run_now(count)


def looked(at: datetime, limit: int, work: SqlWork) -> int:
    """A look at what is due around sessions."""
    return steps.run_session_steps(Occasion(work, at, SERVICES), limit)


def test_two_processes_plan_at_once_and_everybody_is_reminded_once(url: str) -> None:
    one, two = (Database(url, Seal("the secret of these tests")) for _ in range(2))
    people = group_of(one, *"ABCDEF")
    first = a_session(1, TUESDAY)
    for at in (first.starts_at - DAY, first.starts_at - 15 * MINUTE):
        look = partial(looked, at, 50)
        for _ in range(3):  # and again, as after a restart
            done = at_once([partial(one.run_now, look), partial(two.run_now, look)] * 3)
            assert all(isinstance(result, int) for result in done), done
    written = reminded(one)
    assert set(written.values()) == {1}
    of_first = [key for key in written if key[1].startswith("c1s1.")]
    # The day before is not there: the session is a day and a half ahead when it is planned, and
    # its week has passed.
    assert Counter(kind for kind, _, _ in of_first) == {
        REMINDERS[Step.DAY]: len(people),
        REMINDERS[Step.SOON]: len(people),
    }
    one.close()
    two.close()


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(1, 60 * 24 * 6)),
        st.tuples(st.just("move"), st.integers(-60 * 24 * 3, 60 * 24 * 9)),
        st.tuples(st.just("cancel"), st.just(0)),
        st.tuples(st.just("back"), st.just(0)),
        st.tuples(st.just("restart"), st.just(0)),
    ),
    min_size=3,
    max_size=14,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTIONS)
def test_a_reminder_is_unique_however_sessions_move_and_processes_stop(
    empty_sqlite: Path, actions: list[tuple[str, int]]
) -> None:
    folder = Path(tempfile.mkdtemp(prefix="plecs-reminders-"))
    shutil.copy(empty_sqlite, folder / "plecs.db")
    url = f"sqlite:///{folder / 'plecs.db'}"
    database = Database(url, Seal("x"))
    people = group_of(database, *"ABCD")
    now = NOW
    for action, by in actions:
        database = _acted(database, url, action, by, now)
        now += by * MINUTE if action == "wait" else MINUTE
        for _ in range(2):
            while database.run_now(partial(looked, now, 2)):
                pass
    written = reminded(database)
    assert set(written.values()) <= {1}
    for kind, about, person in written:
        others = {who for what, which, who in written if (what, which) == (kind, about)}
        assert others == {one.id for one in people}, "nobody absent: everybody or nobody"
        assert person in others
    database.close()
    shutil.rmtree(folder)


def _acted(database: Database, url: str, action: str, by: int, now: datetime) -> Database:
    if action == "restart":
        database.close()
        return Database(url, Seal("x"))

    def change(work: SqlWork) -> None:
        session = work.of(Sessions).get("c1s2")
        assert session is not None
        if action == "move" and session.state is SessionState.PLANNED:
            work.of(Sessions).put([_moved(session, by)])
            life.sessions_moved(work, [_moved(session, by)], now)
        elif action == "cancel" and session.state is SessionState.PLANNED:
            off = replace(session, state=SessionState.CANCELLED)
            work.of(Sessions).put([off])
            life.sessions_cancelled(work, [off], now)
        elif action == "back" and session.state is SessionState.CANCELLED:
            on = replace(session, state=SessionState.PLANNED)
            work.of(Sessions).put([on])
            life.sessions_planned(work, [on], now)

    database.run_now(change)
    return database


def _moved(session: Session, by: int) -> Session:
    begins = instant(session.wall + by * MINUTE, session.zone)
    return replace(
        session,
        wall=wall_time(begins, session.zone),
        starts_at=begins,
        ends_at=begins + 90 * MINUTE,
        sequence=session.sequence + 1,
    )
