"""What is said with a name and without, and the pulse, on both databases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from handlers.kit.people import Role
from handlers.voice.board.model import Board, Post, PostOutcome
from handlers.voice.model import VoiceKind
from handlers.voice.named.model import Letter, Letters, LetterState
from handlers.voice.pulse.model import EVERYBODY, Pulse, PulseSeat, Result, Round
from handlers.voice.unlinked.model import NoteLine, Unlinked, Waiting, Written
from storage import cleaning
from storage.database import Database
from storage.sealed import Seal
from storage.voice.named import SqlLetters
from storage.voice.unlinked import SqlUnlinked, voice_waiting
from storage.work import SqlWork
from tests.storage.made import NOW, somebody

WORKSPACE = "paper-T1"
DAY = NOW.replace(hour=0)


def test_what_waits_goes_out_under_other_ids_and_is_answered(database: Database) -> None:
    written = [Written(f"{n}" * 64, VoiceKind.QUESTION, " ".join(["Why?"] * n)) for n in (1, 2, 3)]

    def wait(work: SqlWork) -> list[str]:
        kept = work.of(Unlinked)
        for number, one in enumerate((*written, written[0])):
            assert kept.wait(WORKSPACE, f"form{number % 3}", one, NOW, NOW + timedelta(days=3))
        assert kept.waiting(WORKSPACE, "2" * 64) == Written(
            "2" * 64, VoiceKind.QUESTION, "Why? Why?"
        )
        assert kept.waiting("paper-T2", "2" * 64) is None
        assert kept.due(NOW - timedelta(seconds=1), 9) == ()
        sealed = work.connection.scalars(
            voice_waiting.select().with_only_columns(voice_waiting.c.sealed)
        )
        assert len({len(one) for one in sealed}) == 1
        due = kept.due(NOW, 9)
        kept.put_off(due, NOW + timedelta(hours=1))
        assert kept.due(NOW, 9) == ()
        kept.let_out(due, DAY)
        return [one.id for one in due]

    def read(work: SqlWork) -> None:
        kept = work.of(Unlinked)
        notes, count = kept.that_wait(WORKSPACE, 2)
        assert (len(notes), count) == (2, 3)
        assert not {one.id for one in notes} & set(waited)
        note = kept.of_receipt(WORKSPACE, "3" * 64)
        assert note is not None
        assert note == replace(note, kind=VoiceKind.QUESTION, day=DAY, waits=True)
        assert kept.beginnings([note.id]) == {note.id: "Why? Why? Why?"}
        kept.answer(note.id, "Because", dace.id, DAY)
        assert kept.lines(note.id, 9) == (
            NoteLine("Why? Why? Why?", DAY, is_answer=False),
            NoteLine("Because", DAY, is_answer=True, by=dace.id),
        )
        assert kept.that_wait(WORKSPACE, 9)[1] == 2
        kept.withdraw(WORKSPACE, "3" * 64)
        assert kept.get(note.id) is None
        assert kept.lines(note.id, 9) == ()

    dace = somebody(database, "Dace", Role.COORDINATOR)
    somebody(database, "Anna")
    waited = database.run_now(wait)
    assert len(waited) == 3
    database.run_now(read)
    assert database.run_now(lambda work: work.of(Unlinked).could_be(WORKSPACE, 8)) == 1


def test_what_another_key_sealed_waits_for_that_key_and_is_deleted_after_a_week(
    database: Database,
) -> None:
    """An operator starts once with a wrong SECRET_KEY: nobody's words are lost by that."""
    written = Written("1" * 64, VoiceKind.CHANGE, "The plan is late")

    def with_another_key(work: SqlWork, now: datetime) -> Sequence[Waiting]:
        return SqlUnlinked(work.connection, work.effects, lambda: Seal("another")).due(now, 9)

    def keep(work: SqlWork) -> None:
        kept = work.of(Unlinked)
        assert kept.wait(WORKSPACE, "form", written, NOW, NOW + timedelta(days=3))
        assert with_another_key(work, NOW + timedelta(minutes=5)) == ()
        assert with_another_key(work, NOW + timedelta(minutes=6)) == ()
        assert kept.due(NOW + timedelta(days=1, seconds=-1), 9) == ()
        [found] = kept.due(NOW + timedelta(days=1), 9)
        assert (found.out_at, found.written) == (NOW + timedelta(days=1), written)
        for day in range(1, 8):
            assert with_another_key(work, NOW + timedelta(days=day)) == ()
            cleaning.clean(work.connection, NOW + timedelta(days=day))
        assert kept.waiting(WORKSPACE, written.receipt) == written
        cleaning.clean(work.connection, NOW + timedelta(days=7, minutes=6))
        assert kept.waiting(WORKSPACE, written.receipt) is None

    database.run_now(keep)


def test_what_was_put_off_for_another_key_has_its_week_anew_once_it_is_read(
    database: Database,
) -> None:
    written = Written("1" * 64, VoiceKind.CHANGE, "The plan is late")

    def keep(work: SqlWork) -> None:
        kept = work.of(Unlinked)
        assert kept.wait(WORKSPACE, "form", written, NOW, NOW + timedelta(days=3))
        other = SqlUnlinked(work.connection, work.effects, lambda: Seal("another"))
        assert other.due(NOW, 9) == ()
        kept.put_off(kept.due(NOW + timedelta(days=6), 9), NOW + timedelta(days=7))
        cleaning.clean(work.connection, NOW + timedelta(days=8))
        assert kept.waiting(WORKSPACE, written.receipt) == written

    database.run_now(keep)


def test_a_letter_that_another_key_sealed_keeps_its_words_when_its_step_comes(
    database: Database,
) -> None:
    anna, dace = somebody(database, "Anna"), somebody(database, "Dace")
    letter = Letter(
        *("l1", WORKSPACE, anna.id, dace.id, None, "Why?", LetterState.OPEN),
        *(NOW, NOW + timedelta(days=7), NOW + timedelta(days=3)),
    )

    def keep(work: SqlWork) -> None:
        kept = work.of(Letters)
        kept.add(letter)
        other = SqlLetters(work.connection, work.effects, lambda: Seal("another"))
        [due] = other.due(NOW + timedelta(days=3), 9)
        other.save(replace(due, step_at=due.due_at))
        assert kept.get("l1") == replace(letter, step_at=letter.due_at)

    database.run_now(keep)


def test_letters_are_due_and_a_board_has_its_newest_first(database: Database) -> None:
    anna, dace = somebody(database, "Anna"), somebody(database, "Dace")
    letter = Letter(
        *("l1", WORKSPACE, anna.id, dace.id, None, "Why?", LetterState.OPEN),
        *(NOW, NOW + timedelta(days=7), NOW + timedelta(days=3)),
    )

    def keep(work: SqlWork) -> None:
        kept = work.of(Letters)
        kept.add(letter)
        assert kept.due(NOW, 9) == ()
        assert kept.due(NOW + timedelta(days=3), 9) == (letter,)
        assert (kept.open_of(anna.id), kept.owed_by(dace.id, 9)) == (1, (letter,))
        kept.save(letter.answered("Because"))
        assert (kept.open_of(anna.id), kept.owed_by(dace.id, 9)) == (0, ())
        assert kept.written_by(anna.id, 9) == (letter.answered("Because"),)
        board = work.of(Board)
        older = Post("p1", WORKSPACE, VoiceKind.CHANGE, None, "Said", PostOutcome.NONE, "", DAY)
        newer = replace(older, id="p0", author=anna.id, day=DAY + timedelta(days=1))
        for post in (older, newer, replace(older, outcome=PostOutcome.DONE, because="Done")):
            board.put(post)
        done = replace(older, outcome=PostOutcome.DONE, because="Done")
        assert board.latest(WORKSPACE, 0, 9) == (newer, done)
        assert board.of_day(anna.id, newer.day) == 1

    database.run_now(keep)


def test_seats_are_by_groups_of_eight_and_results_stay_alone(database: Database) -> None:
    people = [somebody(database, f"Anna{n:02}") for n in range(11)]
    managers = ["Rasa"] * 7 + ["rasa", "Zane", "Zane", ""]

    def sit(work: SqlWork) -> None:
        for person, manager in zip(people, managers, strict=True):
            work.people.save(replace(person, manager=manager))
        kept = work.of(Pulse)
        kept.put(Round(WORKSPACE, "2026-03", "secret", NOW))
        assert kept.of(WORKSPACE) == Round(WORKSPACE, "2026-03", "secret", NOW)
        assert kept.due(NOW, 9) == (Round(WORKSPACE, "2026-03", "secret", NOW),)
        assert kept.seat_all(WORKSPACE) == len(people)
        seats = [kept.seat(WORKSPACE, one.id) for one in people]
        teams = {seat.team for seat in seats[:8] if seat is not None}
        assert teams in ({"Rasa"}, {"rasa"}), "one group, however its manager is written"
        assert seats[8:] == [PulseSeat(one.id, "", opened=False) for one in people[8:]]
        assert len(kept.untold(4)) == 4
        assert len(kept.untold(99)) == 7
        assert [kept.open_(WORKSPACE, people[0].id) for _ in range(2)] == [True, False]
        for ballot in ("b1", "b1", "b2"):
            kept.answer(WORKSPACE, ballot, "Rasa", (1, 2, 3))
        assert kept.answers(WORKSPACE) == {"Rasa": [(1, 2, 3)] * 2}
        results = (Result(EVERYBODY, (1.5, 2.0, 4.5)), Result("Rasa", (2.5, 3.0, 3.5)))
        kept.publish(WORKSPACE, "2026-03", results, NOW)
        assert kept.latest(WORKSPACE) == ("2026-03", list(results))
        assert (kept.answers(WORKSPACE), kept.seat(WORKSPACE, people[0].id)) == ({}, None)
        kept.stop(WORKSPACE)
        assert kept.of(WORKSPACE) is None

    database.run_now(sit)
