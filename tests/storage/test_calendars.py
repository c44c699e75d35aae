"""The secret addresses of calendars as both databases keep them."""

import json
from dataclasses import replace

from handlers.common.calendars import CalendarAddresses
from storage.cleaning import erase, export
from storage.database import Database
from tests.storage.made import NOW, somebody


def test_a_secret_opens_one_calendar_until_it_is_renewed_or_stopped(database: Database) -> None:
    anna, janis = somebody(database, "Anna"), somebody(database, "Jānis")
    first = database.run_now(lambda work: work.of(CalendarAddresses).renew(anna.id, NOW))
    other = database.run_now(lambda work: work.of(CalendarAddresses).renew(janis.id, NOW))
    assert database.run_now(lambda work: work.of(CalendarAddresses).secret(anna.id)) == first
    assert database.run_now(lambda work: work.of(CalendarAddresses).owner(first)) == anna.id
    assert database.run_now(lambda work: work.of(CalendarAddresses).owner(other)) == janis.id

    second = database.run_now(lambda work: work.of(CalendarAddresses).renew(anna.id, NOW))
    assert database.run_now(lambda work: work.of(CalendarAddresses).owner(first)) is None
    assert database.run_now(lambda work: work.of(CalendarAddresses).owner(second)) == anna.id

    database.run_now(lambda work: work.of(CalendarAddresses).stop(anna.id))
    assert database.run_now(lambda work: work.of(CalendarAddresses).owner(second)) is None
    assert database.run_now(lambda work: work.of(CalendarAddresses).secret(anna.id)) is None
    assert database.run_now(lambda work: work.of(CalendarAddresses).owner(other)) == janis.id


def test_who_is_inactive_or_erased_has_no_calendar(database: Database) -> None:
    anna, janis = somebody(database, "Anna"), somebody(database, "Jānis")
    annas = database.run_now(lambda work: work.of(CalendarAddresses).renew(anna.id, NOW))
    janiss = database.run_now(lambda work: work.of(CalendarAddresses).renew(janis.id, NOW))
    database.run_now(lambda work: work.people.save(replace(anna, active=False)))
    database.run_now(lambda work: erase(work.connection, janis.id))
    assert database.run_now(lambda work: work.of(CalendarAddresses).owner(annas)) is None
    assert database.run_now(lambda work: work.of(CalendarAddresses).owner(janiss)) is None


def test_the_secret_stands_nowhere_in_the_clear(database: Database) -> None:
    anna = somebody(database, "Anna")
    secret = database.run_now(lambda work: work.of(CalendarAddresses).renew(anna.id, NOW))
    kept = database.run_now(
        lambda work: [
            tuple(row)
            for row in work.connection.exec_driver_sql("SELECT * FROM calendar_addresses")
        ]
    )
    assert len(kept) == 1
    assert secret not in str(kept)
    theirs = database.run_now(lambda work: export(work.connection, anna.id, work.seal))
    assert "sealed" not in theirs["calendar_addresses"][0]
    assert secret not in json.dumps(theirs, default=str)
