"""What each table promises, held against the clock: at that time it is gone, as a row and as bytes,
on both databases. A table whose rows end, and of which no time is known here, is named."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import String, Table, Text, exists, select, update

from storage import cleaning
from storage.database import Database
from storage.schema import Holds, columns_with, metadata, retention_of
from storage.work import SqlWork
from tests.storage.made import NOW
from tests.storage.test_every_table import OVER, TABLES, filled
from tests.storage.test_year import bytes_of

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MONTHS_13, YEAR = 397 * DAY, 366 * DAY

PROMISED: dict[str, tuple[str, timedelta]] = {
    "alerts": ("Two days after it was over", 2 * DAY),
    "answer_corrections": ("Fourteen days", 14 * DAY),
    "audit_entries": ("13 months", MONTHS_13),
    "break_moves": ("13 months", MONTHS_13),
    "break_offers": ("A day", DAY),
    "breaks": ("A day after it is over", DAY),
    "call_details": ("The call and an hour", HOUR),
    "call_endings": ("14 days", 14 * DAY),
    "call_notes": ("30 days", 30 * DAY),
    "calls": ("30 days", 30 * DAY),
    "case_seats": ("an hour more", HOUR),
    "cases": ("13 months", MONTHS_13),
    "deliveries": ("A day", DAY),
    "drills": ("Two weeks", 14 * DAY),
    "fittings": ("half an hour", 30 * MINUTE),
    "hand_days": ("13 months", MONTHS_13),
    "heartbeats": ("An hour", HOUR),
    "known_signs": ("An hour", HOUR),
    "learning_dates": ("24 months", 2 * YEAR),
    "learning_enrolments": ("24 months", 2 * YEAR),
    "learning_notes": ("24 months", 2 * YEAR),
    "learning_requests": ("30 days", 30 * DAY),
    "learning_statements": ("30 days at most", 30 * DAY),
    "library_unfound": ("Fourteen days", 14 * DAY),
    "library_uses": ("Eight weeks", 8 * 7 * DAY),
    "local_messages": ("30 days", 30 * DAY),
    "model_questions": ("an hour at most", HOUR),
    "offer_limits": ("A year after it was last used", YEAR),
    "offer_parties": ("five years after that year", 6 * YEAR),
    "offers": ("twelve months", YEAR),
    "outbox": ("two days after it was settled", 2 * DAY),
    "pace_budgets": ("An hour", HOUR),
    "policy_receipts": ("Two years", 2 * YEAR),
    "practice_own": ("Sixty days", 60 * DAY),
    "practice_runs": ("A year", YEAR),
    "practice_talks": ("Two hours", 2 * HOUR),
    "promises": ("30 days", 30 * DAY),
    "pulse_results": ("13 months", MONTHS_13),
    "reliefs": ("An hour after it is over", HOUR),
    "reminders": ("Two weeks", 14 * DAY),
    "role_play_words": ("Thirty days", 30 * DAY),
    "role_plays": ("a day for writing", DAY),
    "shift_swaps": ("Three months", 90 * DAY),
    "shifts": ("Two weeks after the shift is over", 14 * DAY),
    "short_rests": ("Until it is over", timedelta()),
    "statuses": ("half an hour at most", 30 * MINUTE),
    "supervision_agreements": ("Two years", 2 * YEAR),
    "supervision_case_keys": ("Until a day after the session", DAY),
    "supervision_cases": ("Until a day after the session", DAY),
    "supervision_changes": ("Sixty days", 60 * DAY),
    "supervision_groups": ("A year after it was closed", YEAR),
    "supervision_members": ("who left, a year", YEAR),
    "supervision_requests": ("60 days at most", 60 * DAY),
    "supervision_sessions": ("A year after it", YEAR),
    "supervision_steps": ("Until a day after the session", DAY),
    "team_meetings": ("Until it is over", timedelta()),
    "teams_chats": ("A month", 30 * DAY),
    "teams_conversations": ("30 days", 30 * DAY),
    "telephone_systems": ("A week", 7 * DAY),
    "telephones": ("A day", DAY),
    "thanks": ("A year", YEAR),
    "vent_keys": ("Three days at most", 3 * DAY),
    "vent_tallies": ("As long as its key", 3 * DAY),
    "vent_weeks": ("13 months", MONTHS_13),
    "vents": ("50 minutes", 50 * MINUTE),
    "voice_letters": ("90 days after the answer was due", 90 * DAY),
    "voice_notes": ("13 months", MONTHS_13),
    "voice_posts": ("13 months", MONTHS_13),
    "voice_sent": ("Three days", 3 * DAY),
    "voice_waiting": ("seven days at most", 7 * DAY),
}
"""How long, in the table's own words, and after what happened NOW, or ended then."""

_LOOKS = 8
"""Times, of which one is looked for in PostgreSQL's files: it vacuums all of them for each."""

SAFETY = {"fittings": 10 * MINUTE, "supervision_steps": 7 * DAY, "vents": DAY - 50 * MINUTE}
"""What a feature takes away itself when it is over, and how much later it goes if that did not."""

SO_IT_ENDS: dict[str, dict[str, Any]] = OVER | {
    "alerts": {"over_at": NOW},
    "break_moves": {"day": NOW.date().isoformat()},
    "call_details": {"ends_at": NOW + HOUR},
    "fittings": {"ends_at": NOW + 30 * MINUTE},
    "library_uses": {"ends_at": NOW + 8 * 7 * DAY},
    "offer_parties": {"year": NOW.year},
    "outbox": OVER["outbox"] | {"over_at": None},
    "practice_own": {"keep_until": NOW + 60 * DAY},
    "statuses": {"leaving": True, "gives_up_at": NOW + 30 * MINUTE},
    "supervision_groups": {"closed_at": NOW},
    "vent_keys": {"ends_at": NOW + 3 * DAY},
    "vent_tallies": {"ends_at": NOW + 3 * DAY},
    "voice_sent": {"ends_at": NOW + 3 * DAY},
}
"""What a row has whose time is counted from something else than what happened NOW."""


def mark_of(table: Table) -> str:
    return f"Kvarcs-{table.name}"


def marked(table: Table) -> dict[str, str]:
    """A mark in each column of text that is long enough and that nothing goes by."""
    keys = {*table.primary_key} - {*columns_with(table, Holds.WORDS, Holds.NAME)}
    goes_by = keys | {key.parent for key in table.foreign_keys}
    people = columns_with(table, Holds.PERSON, Holds.HIDDEN_PERSON, Holds.PEOPLE, Holds.CODE)
    mark = mark_of(table)
    return {
        column.name: mark
        for column in table.c
        if isinstance(column.type, Text) or (column.type.__class__ is String and not column.unique)
        if column not in goes_by and column not in people and column.name not in _GOES_BY
        if (column.type.length or len(mark)) >= len(mark)
    }


_GOES_BY = {"state", "kind", "workspace"}


def planted(work: SqlWork) -> None:
    filled(work)
    for table in TABLES:
        values = SO_IT_ENDS.get(table.name, {}) | marked(table)
        if values:
            work.connection.execute(update(table).values(values))


def there(work: SqlWork) -> set[str]:
    """The tables with a row."""
    return {
        table.name
        for table in TABLES
        if work.connection.scalar(select(exists(select(table.primary_key.columns[0]))))
    }


def test_each_time_stands_in_the_table_s_own_words() -> None:
    """So that neither is changed without the other."""
    ends = {table.name for table in TABLES if retention_of(table).ended is not None}
    assert set(PROMISED) == ends
    told = {name: retention_of(metadata.tables[name]).why for name in PROMISED}
    assert {name for name, (words, _) in PROMISED.items() if words not in told[name]} == set()


@pytest.mark.slow
def test_what_was_promised_to_be_gone_then_is_gone_then(database: Database, url: str) -> None:
    database.run_now(planted)
    begun = database.read_now(there)
    assert set(PROMISED) - begun == set(), "nothing of these is there from the beginning"
    times = {name: at + SAFETY.get(name, timedelta()) for name, (_, at) in PROMISED.items()}
    late: dict[str, timedelta] = {}
    steps = sorted(set(times.values()))
    for number, at in enumerate(steps, start=1 - len(steps)):
        now = NOW + at + timedelta(seconds=1)

        def clean(work: SqlWork) -> None:
            while cleaning.clean(work.connection, now):  # noqa: B023 - it runs here
                pass

        database.run_now(clean)
        looks = database.is_sqlite or number % _LOOKS == 0
        stored, left = bytes_of(database, url) if looks else b"", database.read_now(there)
        for name, time in times.items():
            is_left = name in left or f"Kvarcs-{name}".encode() in stored
            if time <= at and is_left and name not in late:
                late[name] = at
    assert late == {}


def test_a_mark_stands_where_words_would() -> None:
    """Else nothing is looked for in the bytes."""
    with_words = {
        table.name
        for table in TABLES
        if any(column.info.get("sealed") for column in table.c)
        or columns_with(table, Holds.WORDS, Holds.NAME)
    }
    assert {name for name in with_words if not marked(metadata.tables[name])} == set()
