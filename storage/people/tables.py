"""People and their addresses."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    FromClause,
    Index,
    String,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    func,
    literal_column,
    text,
    update,
)

from handlers.kit.people import Role
from storage.schema import (
    CODE,
    HAPPENED,
    ID,
    NAME,
    SORT_KEY,
    STATED,
    Blank,
    Instant,
    Retention,
    metadata,
    partial_index,
    people_column,
    person_column,
)

_ASKED_ON = "asked_at / 86400000000 * 86400000000"
_ASKED_LATELY = f"asked_at <> {_ASKED_ON}"
"""Whose instant stands there to the microsecond: it would tell in which hand they were asked."""

people: Table = Table(
    "people",
    metadata,
    person_column("id", String(32), primary_key=True),
    Column("workspace", String(80), nullable=False, info=ID),
    Column("name", Text, nullable=False, info=NAME),
    Column("folded_name", Text, nullable=False, info=NAME),
    Column("sort_key", SORT_KEY, nullable=False, info=NAME),
    Column("supervisor", Boolean, nullable=False),
    Column("coordinator", Boolean, nullable=False),
    Column("admin", Boolean, nullable=False),
    Column("topic_1", String(80), info=ID),
    Column("topic_2", String(80), info=ID),
    people_column("trusted", Text, nullable=False),
    Column("helps", Boolean, nullable=False),
    Column("position", Text, nullable=False, info=NAME),
    Column("extension", Text, nullable=False, info=NAME),
    Column("manager", Text, nullable=False, info=NAME),
    Column("led_by", Text, nullable=False, info=NAME),
    Column("platform_locale", String(8), nullable=False, info=CODE),
    Column("chosen_locale", String(8), info=CODE),
    Column("zone", String(64), nullable=False, info=CODE),
    Column("hours", Text, nullable=False, info=CODE),
    Column("away_until", Instant, info=STATED),
    Column("quiet_from", Instant, info=STATED),
    Column("quiet_until", Instant, info=STATED),
    Column("active", Boolean, nullable=False),
    Column("kind", String(16), nullable=False, info=CODE),
    # Of when somebody works and what they are asked for: those who have it in common are one.
    Column("pattern", String(32), nullable=False, info=CODE),
    # Who was never asked was so long ago: what has no value, PostgreSQL's indexes have last.
    Column("asked_at", Instant, nullable=False, server_default="0", info=HAPPENED),
    Column("freed_at", Instant, nullable=False, server_default="0", info=STATED),
    partial_index("ix_people_asked_lately", "asked_at", where=_ASKED_LATELY),
    partial_index("ix_people_freed_at", "freed_at", where="freed_at <> 0"),
    partial_index("ix_people_extension", "extension", where="extension <> ''"),
    partial_index(
        "ix_people_to_phone",
        *("workspace", "active", "helps", "supervisor", "id"),
        where="extension <> ''",
    ),
    Index("ix_people_helpers", "workspace", "active", "helps", "freed_at", "asked_at", "id"),
    *(
        partial_index(
            f"ix_people_{name}",
            "workspace",
            *of_whom,
            "active",
            "helps",
            "freed_at",
            "asked_at",
            "id",
            where=where_sqlite,
            on_postgresql=where_postgresql,
        )
        for name, of_whom, where_sqlite, where_postgresql in (
            ("topic_1", ("topic_1",), "topic_1 IS NOT NULL", "topic_1 IS NOT NULL"),
            ("topic_2", ("topic_2",), "topic_2 IS NOT NULL", "topic_2 IS NOT NULL"),
            ("supervisors", (), "supervisor = 1", "supervisor"),
        )
    ),
    *(
        partial_index(
            f"ix_people_{role}s",
            *("workspace", "active", "sort_key", "id"),
            where=f"{role} = 1",
            on_postgresql=role,
        )
        for role in ("coordinator", "admin")
    ),
    Index("ix_people_quiet_until", "quiet_until"),
    Index("ix_people_name", "workspace", "sort_key"),
    Index("ix_people_led_by", "workspace", "led_by", "active", "topic_1", "manager"),
    # With when they are on duty: thousands are counted from the index alone.
    *(
        partial_index(
            f"ix_people_crews_by_{name}",
            *("workspace", name, "active", "supervisor"),
            *("zone", "hours", "away_until", "quiet_from", "quiet_until"),
            where="led_by = ''",
        )
        for name in ("topic_1", "position")
    ),
    Index("ix_people_pattern", "workspace", "active", "pattern", "away_until"),
    Index("ix_people_away", "workspace", "led_by", "away_until"),
    info={
        "retention": Retention(
            why="As long as the person uses Plecs; erased on request. When they were last asked to "
            "help, to the day, once that is an hour ago, and for half a day when their last call "
            "ended: these decide who is asked next.",
            blanks=(
                Blank(
                    {"freed_at": literal_column("0")},
                    lambda now: people.c.freed_at < now - timedelta(hours=12),
                ),
                Blank(
                    {"asked_at": literal_column(_ASKED_ON)},
                    lambda now: and_(
                        people.c.asked_at < now - timedelta(hours=1), text(_ASKED_LATELY)
                    ),
                ),
            ),
            erase=lambda person: (
                delete(people).where(people.c.id == person),
                update(people)
                .where(people.c.trusted.contains(person))
                .values(trusted=func.replace(people.c.trusted, person, "")),
            ),
        )
    },
)

people_names: Table = Table(
    "people_names",
    metadata,
    Column("workspace", String(80), primary_key=True, info=ID),
    Column("word", SORT_KEY, primary_key=True, info=NAME),
    person_column("person", String(32), primary_key=True),
    Index("ix_people_names_person", "person"),
    info={"retention": Retention(why="As long as the person's row: what they are found by.")},
)

addresses = Table(
    "addresses",
    metadata,
    Column("platform", String(16), primary_key=True, info=ID),
    Column("workspace", String(80), primary_key=True, info=ID),
    Column("user", String(120), primary_key=True, info=ID),
    person_column(
        "person", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("used_at", Instant, info=HAPPENED),
    Column("refused_at", Instant, info=HAPPENED),
    Column("told_at", Instant, info=STATED),
    Column("quiet_told_at", Instant, info=STATED),
    partial_index(
        "ix_addresses_refused_at",
        "refused_at",
        where="refused_at IS NOT NULL",
    ),
    info={"retention": Retention(why="As long as the person's row.")},
)

email_marks = Table(
    "email_marks",
    metadata,
    Column("mark", String(64), primary_key=True, info=ID),
    person_column(
        "person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True, index=True
    ),
    info={
        "retention": Retention(
            why="As long as the person's row: by it a telephone system's word finds them. A keyed "
            "hash of their e-mail address, which is kept nowhere.",
        )
    },
)

ROLE_COLUMNS = {
    Role.SUPERVISOR: people.c.supervisor,
    Role.COORDINATOR: people.c.coordinator,
    Role.ADMIN: people.c.admin,
}
"""The roles that are given; agents are all."""

OfPeople = Callable[[ColumnElement[Any]], ColumnElement[bool]]
"""Of which people something is asked: given a column with a person's id, which rows are theirs."""


def among_people(person: ColumnElement[Any]) -> ColumnElement[bool]:
    """Those whose ids are given as `people`."""
    return person.in_(bindparam("people", expanding=True))


def used_first(them: FromClause) -> tuple[ColumnElement[Any], ...]:
    """The order of addresses: the one used last first, and those never used in a stable order."""
    c = them.c
    return c.used_at.desc().nulls_last(), c.platform, c.workspace, c.user
