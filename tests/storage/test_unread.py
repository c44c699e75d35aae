"""What one SECRET_KEY sealed, while another one is set: it stays as it is, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.services import services
from handlers.callers.model import Callers, CallNote, Promise, PromiseState
from handlers.calls.model import Call, Calls, Details
from handlers.draft.fitting.model import FitState, Fitting, Fittings, SourceAnswer
from handlers.kit.unread import Unread, UnreadError
from handlers.learning.model import Notes
from handlers.statuses.model import StatusDispatch, StatusPermissions, StatusSettled
from handlers.supervision.requests.model import Request, Requests
from handlers.vents.model import Vents
from handlers.voice.board.model import Board, Post, PostOutcome
from handlers.voice.model import VOICE, VoiceKind
from handlers.voice.pulse.commands import advance_pulse
from handlers.voice.pulse.model import EVERYBODY, Pulse, Result, Round
from handlers.work import Occasion
from storage.database import Database
from storage.sealed import Seal
from storage.work import SqlWork
from tests.storage.made import NOW, second, somebody
from tests.storage.test_statuses import LEASE, SHOWN, WANTED, permits

WORKSPACE = "paper-T1"
OPENED = datetime(2026, 3, 2, 7, tzinfo=UTC)
"""March's first Monday, nine in Riga."""


def with_another_key(work: SqlWork) -> SqlWork:
    return SqlWork(work.connection, Seal("another"))


def test_words_go_through_a_change_as_they_were(database: Database) -> None:
    """A reminder of a promise is told, a note counts, a post gets an outcome."""
    anna = somebody(database, "Anna")
    promise = Promise(
        *("p1", WORKSPACE, "c1", anna.id, "caller", "bills", "A call back", date(2026, 3, 12), NOW)
    )
    note = CallNote("c1", WORKSPACE, anna.id, "caller", NOW, "bills", "A calm voice")
    post = Post(
        *("b1", WORKSPACE, VoiceKind.CHANGE, None, "Said", PostOutcome.NOT, "Because", NOW),
    )

    def keep(work: SqlWork) -> None:
        kept, board = work.of(Callers), work.of(Board)
        work.of(Calls).put(Call("c1", WORKSPACE, "mark", NOW))
        kept.put_promise(promise)
        kept.put_note(note)
        board.put(post)
        other = with_another_key(work)
        unread, noted = other.of(Callers).promise("p1"), other.of(Callers).note("c1")
        posted = other.of(Board).get("b1")
        assert unread is not None
        assert noted is not None
        assert posted is not None
        assert isinstance(unread.words, Unread)
        assert (unread.words, noted.helped, posted.words, posted.because) == ("…",) * 4
        other.of(Callers).put_promise(replace(unread, state=PromiseState.KEPT))
        other.of(Callers).put_note(replace(noted, topic="contracts"))
        other.of(Board).put(replace(posted, outcome=PostOutcome.DONE))
        assert kept.promise("p1") == replace(promise, state=PromiseState.KEPT)
        assert kept.note("c1") == replace(note, topic="contracts")
        assert board.get("b1") == replace(post, outcome=PostOutcome.DONE)

    database.run_now(keep)


def test_what_came_with_a_call_stays_whatever_is_heard_of_it(database: Database) -> None:
    def keep(work: SqlWork) -> None:
        work.of(Calls).put(Call("c1", WORKSPACE, "mark", NOW))
        details = Details(case="K-1", history_url="https://crm.example/1")
        work.of(Calls).keep_details("c1", details, second(60))
        other = with_another_key(work).of(Calls)
        other.keep_details("c1", replace(other.details("c1"), case="K-2"), second(90))
        assert work.of(Calls).details("c1") == details

    database.run_now(keep)


def test_a_draft_that_cannot_be_read_is_as_if_it_were_not_there(database: Database) -> None:
    anna = somebody(database, "Anna")
    sources = (SourceAnswer("a1", 1, "Bills", "Your bill is right"),)
    one = Fitting(
        *("f1", WORKSPACE, anna.id, "c1", "en", FitState.SHOWN, NOW, second(60), "Why?", sources)
    )

    def keep(work: SqlWork) -> None:
        work.of(Fittings).put(one)
        other = with_another_key(work).of(Fittings)
        assert other.get("f1") is None
        assert [
            *other.shown_to(anna.id),
            *other.of_call("c1"),
            *other.of_workspace(WORKSPACE),
        ] == []
        assert work.of(Fittings).get("f1") == one

    database.run_now(keep)


def test_words_that_nobody_sees_are_not_replaced(database: Database) -> None:
    anna = somebody(database, "Anna")

    def keep(work: SqlWork) -> None:
        work.of(Notes).put(anna.id, "d1", "I asked first", NOW)
        other = with_another_key(work)
        for words in ("Something else", ""):
            with pytest.raises(UnreadError):
                other.of(Notes).put(anna.id, "d1", words, NOW)
        assert work.of(Notes).of(anna.id, "d1") == "I asked first"
        request = Request("r1", WORKSPACE, anna.id, "", "Too much", NOW)
        work.of(Requests).put(request)
        [unread] = other.of(Requests).waiting(WORKSPACE)
        other.of(Requests).put(unread)
        assert work.of(Requests).get("r1") == request

    database.run_now(keep)


def test_what_a_status_was_before_a_break_is_not_forgotten(database: Database) -> None:
    anna = permits(database)

    def keep(work: SqlWork) -> None:
        work.of(StatusPermissions).show(anna.id, WANTED, NOW)
        (one,) = work.of(StatusDispatch).claim("p", NOW, lease=LEASE, limit=9)
        work.of(StatusDispatch).settle("p", StatusSettled(one, SHOWN, due=second(5)), NOW)
        other = with_another_key(work).of(StatusDispatch)
        (unread,) = other.claim("q", second(5), lease=LEASE, limit=9)
        other.settle("q", StatusSettled(unread, None, due=second(9)), second(6))
        (again,) = work.of(StatusDispatch).claim("p", second(9), lease=LEASE, limit=9)
        assert (again.token, again.shown) == ("xoxp-1", SHOWN)

    database.run_now(keep)


def test_each_key_counts_for_itself(database: Database) -> None:
    """Who was asked today: what was counted under the right key still is, once that is set."""

    def count(work: SqlWork, times: int) -> list[int]:
        until, vents = NOW + timedelta(days=1), work.of(Vents)
        return [
            vents.tally(WORKSPACE, "week 2026-03-09", "anna", until=until) for _ in range(times)
        ]

    def keep(work: SqlWork) -> None:
        assert count(work, 2) == [1, 2]
        assert count(with_another_key(work), 2) == [1, 2]
        assert count(work, 1) == [3]
        assert count(with_another_key(work), 1) == [3]

    database.run_now(keep)


def asked(database: Database) -> Round:
    """A month's questions, answered by eight and over."""
    one = Round(WORKSPACE, "2026-03", "what signs", OPENED + timedelta(days=7))

    def keep(work: SqlWork) -> None:
        VOICE.put(work.settings, WORKSPACE, replace(VOICE.usual, pulse=True))
        work.of(Pulse).put(one)
        for number in range(8):
            work.of(Pulse).answer(WORKSPACE, f"ballot {number}", "", (4, 4, 4))

    database.run_now(keep)
    return one


def test_answers_wait_for_their_key_and_are_published_late(database: Database) -> None:
    one = asked(database)

    def keep(work: SqlWork) -> None:
        for day in range(3):
            at = one.step_at + timedelta(days=day)
            assert advance_pulse(Occasion(with_another_key(work), at, services()), 9) == 1
            assert advance_pulse(Occasion(with_another_key(work), at, services()), 9) == 0
        assert advance_pulse(Occasion(work, at + timedelta(days=1), services()), 9) == 1
        results = [Result(EVERYBODY, (4.0, 4.0, 4.0)), Result("", (4.0, 4.0, 4.0))]
        assert work.of(Pulse).latest(WORKSPACE) == ("2026-03", results)

    database.run_now(keep)


def test_answers_wait_until_others_are_asked_and_no_longer(database: Database) -> None:
    one = asked(database)

    def keep(work: SqlWork) -> None:
        at = one.step_at
        while at < OPENED + timedelta(days=35):  # April's first Monday
            advance_pulse(Occasion(with_another_key(work), at, services()), 9)
            with pytest.raises(UnreadError):
                with_another_key(work).of(Pulse).answers(WORKSPACE)
            at += timedelta(days=1)
        advance_pulse(Occasion(with_another_key(work), at, services()), 9)
        assert work.of(Pulse).answers(WORKSPACE) == {}

    database.run_now(keep)
