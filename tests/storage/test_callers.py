"""What is kept of callers in both databases: their number nowhere, and nothing once erased."""

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Event

from sqlalchemy import text

from bot.call_events import event_in
from bot.callers import KeyedPseudonyms
from bot.services import services
from handlers.callers.erasing import erase
from handlers.callers.model import Callers, CallNote, Ending, MemoryRules, Promise
from handlers.calls import hearing
from handlers.calls.model import Taken
from handlers.common.current_call import CurrentCalls
from handlers.common.objections import Objections
from handlers.kit.callers import Caller
from handlers.work import Occasion
from storage.cleaning import export_caller
from storage.database import Database
from storage.schema import metadata
from storage.sealed import Seal
from storage.work import SqlWork
from tests.patience import LIMIT
from tests.storage.made import NOW, somebody

SECRET = "the secret of these tests"
E164, NATIONAL = "+37129123456", "29123456"
WRITTEN = ("+371 29 123 456", "29-12-34-56", "0037129123456", "(371) 29123456")


def told(work: SqlWork, field: str, number: str, delivery: str) -> Taken:
    """An event with the number in this field, besides where it belongs."""
    body: dict[str, object] = {
        "type": "call.answered",
        "call": f"c-{delivery}",
        "from": E164,
        "agent": "214",
        "at": NOW.isoformat(),
        "history": [
            {"at": NOW.isoformat(), "channel": number[:40], "topic": number, "outcome": number}
        ],
    }
    if field == "history_url":
        body[field] = f"https://crm.example/{number.replace(' ', '%20')}"
    elif field != "history":
        body[field] = number
    used = services(caller=KeyedPseudonyms(SECRET))
    event, _ = event_in(body, f"{delivery} {number}", NOW, used.caller)
    return hearing.take(event, Occasion(work, NOW, used))


def test_the_number_is_nowhere_whichever_field_it_stands_in(database: Database) -> None:
    anna = somebody(database)
    database.run_now(lambda work: work.people.save(replace(anna, extension="214")))
    fields = ("call", "agent", "queue", "case", "history", "history_url")
    for field in fields:
        for number in WRITTEN:
            database.run_now(partial(told, field=field, number=number, delivery=field))
    kept = database.run_now(everything_kept)
    assert "calls" in kept
    found = _digits(kept)
    assert NATIONAL not in found
    if database.is_sqlite:
        file = Path(str(database.engine.url.database))
        raw = b"".join(one.read_bytes() for one in file.parent.iterdir() if one.is_file())
        for number in (E164, NATIONAL, *WRITTEN):
            assert number.encode() not in raw
    opened = database.run_now(
        lambda work: [
            str(work.of(CurrentCalls).get(call))
            for call in work.connection.execute(text("SELECT id FROM calls")).scalars()
        ]
    )
    assert NATIONAL not in _digits("".join(one.partition("case=")[0] for one in opened))


def everything_kept(work: SqlWork) -> str:
    """Every row of every table."""
    return json.dumps(
        {
            table.name: [list(map(str, row)) for row in work.connection.execute(table.select())]
            for table in metadata.sorted_tables
        }
    )


def _digits(words: str) -> str:
    return "".join(one for one in words if one.isdigit() or one.isalpha())


def test_an_erased_caller_is_gone_from_every_table(database: Database) -> None:
    anna = somebody(database)
    database.run_now(lambda work: work.people.save(replace(anna, extension="214")))
    made = KeyedPseudonyms(SECRET)
    caller, other = made(E164, NOW), made("+37129123457", NOW)
    assert caller is not None
    assert other is not None

    def remember(work: SqlWork, who: Caller, call: str) -> None:
        kept, mine = work.of(Callers), who.remembering[0]
        kept.put_note(CallNote(call, "paper-T1", anna.id, mine, NOW, "bills", "calm"))
        due = NOW.date()
        kept.put_promise(
            Promise(f"p{call}", "paper-T1", call, anna.id, mine, None, "recalculation", due, NOW)
        )
        kept.put_ending(Ending(f"r{call}", "paper-T1", mine, NOW, {"en": "Shouting"}, 2))

    database.run_now(lambda work: told(work, "case", "K-1", "c1"))
    database.run_now(lambda work: remember(work, caller, "n1"))
    database.run_now(lambda work: remember(work, other, "n2"))
    seal = Seal(SECRET)
    given = database.run_now(lambda work: export_caller(work.connection, caller, seal))
    assert sorted(given) == ["call_endings", "call_notes", "calls", "promises"]
    assert anna.id not in json.dumps(given, default=str)

    ever = made.ever(E164, NOW)
    assert ever is not None
    database.run_now(lambda work: work.of(Callers).forget(ever))
    kept = database.run_now(everything_kept)
    assert not [one for one in (*ever.remembering, *ever.offers) if one in kept]
    assert database.run_now(lambda work: export_caller(work.connection, ever, seal)) == {}
    rules = MemoryRules()
    memory = database.run_now(
        lambda work: work.of(Callers).memory(other, "paper-T1", "", NOW, rules)
    )
    assert (len(memory.notes), len(memory.promises), len(memory.endings)) == (1, 1, 1)


def test_an_objection_stands_until_it_is_taken_back(database: Database) -> None:
    made = KeyedPseudonyms(SECRET)
    caller, later = made(E164, NOW), made(E164, NOW + timedelta(days=400))
    assert caller is not None
    assert later is not None
    database.run_now(lambda work: work.of(Callers).object(caller, (), NOW))
    stands = lambda work: work.of(Objections).stands(later)  # noqa: E731 - asked twice
    assert database.run_now(stands)
    assert database.run_now(lambda work: work.of(Objections).take_back(later))
    assert not database.run_now(stands)


def test_who_objects_in_the_moment_of_a_call_is_forgotten_all_the_same(database: Database) -> None:
    """Whoever was asked whether they object is held until what is kept then is kept."""
    caller = KeyedPseudonyms(SECRET)(E164, NOW)
    assert caller is not None
    asked, may_go_on = Event(), Event()

    def hears(work: SqlWork) -> None:
        assert not work.of(Objections).stands(caller)
        asked.set()
        assert may_go_on.wait(LIMIT)
        note = CallNote("c1", "paper-T1", "p1", caller.remembering[0], NOW, None, "")
        work.of(Callers).put_note(note)

    with ThreadPoolExecutor(2) as pool:
        hearing_it = pool.submit(database.run_now, hears)
        assert asked.wait(LIMIT)
        objecting = pool.submit(
            database.run_now, lambda work: erase(caller, work, NOW, objects=True)
        )
        while not (database.is_sqlite or objecting.done() or _is_waited_for(database)):
            pass
        may_go_on.set()
        hearing_it.result(LIMIT)
        assert objecting.result(LIMIT) == 1
    assert database.run_now(
        lambda work: export_caller(work.connection, caller, work.seal)
    ).keys() <= {"caller_objections"}


def _is_waited_for(database: Database) -> bool:
    asked = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    with database.engine.connect() as connection:
        return bool(connection.scalar(asked))


def test_nothing_of_an_erased_caller_is_left_in_the_file(sqlite_url: str) -> None:
    database = Database(sqlite_url, Seal(SECRET), readable_for=0)
    caller = KeyedPseudonyms(SECRET)(E164, NOW)
    assert caller is not None
    mine = caller.remembering[0]
    note = CallNote("c1", "paper-T1", "p1", mine, NOW, None, "")
    database.run_now(lambda work: work.of(Callers).put_note(note))
    file = Path(str(database.engine.url.database))

    def bytes_of() -> bytes:
        return b"".join(one.read_bytes() for one in file.parent.iterdir() if one.is_file())

    with closing(sqlite3.connect(file)):  # whoever has it open keeps the log from being deleted
        assert mine.encode() in bytes_of()
        database.run_now(lambda work: work.of(Callers).forget(caller))
        database.run_now(lambda work: None)
        assert mine.encode() not in bytes_of()
    database.close()
