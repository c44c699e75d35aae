"""What is promised of raised hands, held by SQLite and by PostgreSQL alike."""

from dataclasses import replace
from functools import partial

from handlers.escalation import rules
from handlers.escalation.model import Answer, Case, Cases, State
from storage.database import Database
from storage.sealed import Seal
from storage.work import SqlWork
from tests.storage.made import NOW, at_once, raised, second


def keep(database: Database, *cases: Case) -> None:
    def add(work: SqlWork) -> None:
        for case in cases:
            work.of(Cases).add(case)

    database.run_now(add)


def save(database: Database, case: Case) -> None:
    database.run_now(lambda work: work.of(Cases).save(case))


def kept_case(database: Database, case: str) -> Case:
    found = database.run_now(lambda work: work.of(Cases).get(case))
    assert found is not None
    return found


def open_with(work: SqlWork, person: str, besides: str = "") -> tuple[Case, ...]:
    return work.of(Cases).open_with(person, besides=besides)


class TestCases:
    def test_everything_kept_comes_back(self, database: Database) -> None:
        case = raised("anna", ("janis", "liga"), ("mara",))
        case = replace(
            case,
            topic=None,
            state=State.TAKEN,
            round=3,
            ring=1,
            asked_at=second(1),
            step_at=second(2),
            unanswered_at=second(3),
            taken_by="liga",
            taken_at=second(4),
            first_taken_at=second(5),
        )
        keep(database, case)
        assert kept_case(database, case.id) == case

        later = replace(
            rules.solve(case, second(9)),
            seats=tuple(replace(seat, answer=Answer.DECLINED) for seat in case.seats),
        )
        database.run_now(lambda work: work.of(Cases).save(later))
        assert kept_case(database, case.id) == later
        assert database.run_now(lambda work: work.of(Cases).get("none")) is None

    def test_eight_hands_of_one_agent_are_one_case(self, database: Database) -> None:
        def raise_hand(work: SqlWork) -> str:
            up = work.of(Cases).open_of("anna")
            if up is None:
                up = raised("anna", ("janis",))
                work.of(Cases).add(up)
            return up.id

        outcomes = at_once([lambda: database.run_now(raise_hand)] * 8)
        assert len(set(map(str, outcomes))) == 1, outcomes
        assert len(database.run_now(lambda work: work.of(Cases).own("anna", 9))) == 1

    def test_a_closed_case_makes_room_for_the_next(self, database: Database) -> None:
        first, second_case = raised("anna"), raised("anna")
        database.run_now(lambda work: work.of(Cases).add(first))
        database.run_now(lambda work: work.of(Cases).save(rules.cancel(first, second(5))))
        database.run_now(lambda work: work.of(Cases).add(second_case))
        assert database.run_now(lambda work: work.of(Cases).open_of("anna")) == second_case

    def test_fifty_come_at_the_same_instant_and_one_wins(self, database: Database) -> None:
        case = raised("anna", tuple(f"helper{n}" for n in range(50)))
        keep(database, case)

        def win(work: SqlWork, number: int) -> bool:
            return work.of(Cases).win(case.id, f"helper{number}")

        outcomes = at_once([partial(database.run_now, partial(win, number=n)) for n in range(50)])
        assert sorted(map(str, outcomes)) == ["False"] * 49 + ["True"]
        kept = kept_case(database, case.id)
        winner = outcomes.index(True)
        assert kept.taken_by == f"helper{winner}"
        assert not database.run_now(lambda work: work.of(Cases).win(case.id, "late"))

    def test_one_helper_at_two_cases_in_the_same_instant_gets_one(self, database: Database) -> None:
        both = raised("anna", ("janis",)), raised("ieva", ("janis",))
        keep(database, *both)

        def take(work: SqlWork, case: Case) -> bool:
            held = work.of(Cases).get(case.id)
            assert held is not None
            if work.of(Cases).taken_by("janis") is not None or not work.of(Cases).win(
                case.id, "janis"
            ):
                return False
            work.of(Cases).save(rules.take(held, "janis", NOW)[0])
            return True

        outcomes = at_once([partial(database.run_now, partial(take, case=case)) for case in both])
        assert sorted(map(str, outcomes)) == ["False", "True"]

    def test_a_cancel_and_a_take_in_the_same_instant_agree(self, database: Database) -> None:
        for _ in range(10):
            case = raised("anna", ("janis",))
            keep(database, case)

            def cancel(work: SqlWork) -> bool:
                up = work.of(Cases).open_of("anna")
                if up is None or up.state is not State.CALLING:
                    return False
                work.of(Cases).save(rules.cancel(up, NOW))
                return True

            def take(work: SqlWork, case_id: str = case.id) -> bool:
                held = work.of(Cases).get(case_id)
                assert held is not None
                if held.state is not State.CALLING or not work.of(Cases).win(case_id, "janis"):
                    return False
                work.of(Cases).save(rules.take(held, "janis", NOW)[0])
                return True

            outcomes = at_once([lambda: database.run_now(cancel), lambda: database.run_now(take)])
            kept = kept_case(database, case.id)
            cancelled = kept.state is State.CANCELLED
            assert outcomes == [cancelled, not cancelled]
            assert kept.taken_by == (None if cancelled else "janis")
            save(database, rules.solve(kept, NOW))

    def test_due_is_the_oldest_first_and_only_what_is_due(self, database: Database) -> None:
        steps = {"anna": 5.0, "ieva": 3.0, "rita": 99.0, "zane": None}
        for agent, step in steps.items():
            case = replace(raised(agent), step_at=None if step is None else second(step))
            keep(database, case)

        def due(at: float, limit: int) -> list[str]:
            found = database.run_now(lambda work: work.of(Cases).due(second(at), limit))
            return [case.agent for case in found]

        assert due(2.9, 9) == []
        assert due(5, 9) == ["ieva", "anna"]
        assert due(5, 1) == ["ieva"]
        assert database.run_now(lambda work: work.of(Cases).next_step_at()) == second(3)

    def test_two_processes_never_climb_the_same_case(self, database: Database, url: str) -> None:
        for number in range(20):
            case = raised(f"agent{number}", ("janis",))
            keep(database, case)

        def climb(work: SqlWork) -> list[str]:
            due = work.of(Cases).due(NOW, 3)
            for case in due:
                work.of(Cases).save(replace(case, step_at=second(30)))
            return [case.id for case in due]

        other = Database(url, Seal("the secret of these tests"))
        try:
            done: list[str] = []
            for _ in range(8):
                outcomes = at_once([partial(db.run_now, climb) for db in (database, other)])
                for outcome in outcomes:
                    assert not isinstance(outcome, Exception), outcome
                    done += outcome
            assert len(done) == len(set(done)) == 20
        finally:
            other.close()

    def test_who_is_busy_waited_for_and_helping(self, database: Database) -> None:
        calling = raised("anna", ("janis",), ("liga",))
        taken, _ = rules.take(raised("ieva", ("mara",)), "mara", NOW)
        over = rules.cancel(raised("rita", ("janis",)), NOW)
        keep(database, calling, taken, over)

        everybody = ("anna", "ieva", "rita", "janis", "liga", "mara", "nobody")
        busy = database.run_now(lambda work: work.of(Cases).busy(everybody))
        assert busy == {"anna", "ieva", "mara"}
        assert database.run_now(lambda work: work.of(Cases).busy(())) == frozenset()
        assert database.run_now(lambda work: work.of(Cases).taken_by("mara")) == taken
        assert database.run_now(lambda work: work.of(Cases).taken_by("janis")) is None

        for person, cases in {"janis": (calling,), "liga": (calling,), "mara": (taken,)}.items():
            assert database.run_now(partial(open_with, person=person)) == cases

    def test_the_case_that_is_pressed_on_is_held_with_ones_own_whatever_became_of_it(
        self, database: Database
    ) -> None:
        one_s_own = raised("anna", ("janis",))
        over = rules.cancel(raised("rita", ("liga",)), NOW)
        other = raised("ieva", ("mara",))
        keep(database, one_s_own, over, other)
        for pressed, held in {
            over.id: {one_s_own, over},
            other.id: {one_s_own, other},
            one_s_own.id: {one_s_own},
            "none": {one_s_own},
        }.items():
            found = database.run_now(partial(open_with, person="janis", besides=pressed))
            assert (len(found), set(found)) == (len(held), held)
            assert list(found) == sorted(found, key=lambda case: case.id)

    def test_a_hand_that_goes_up_learns_at_once_of_ones_cases_and_how_busy_it_is(
        self, database: Database
    ) -> None:
        for number, workspace in enumerate(("paper-T1", "paper-T1", "paper-T2", "paper-T1")):
            case = raised(f"agent{number}", ("janis",), workspace=workspace)
            keep(database, replace(case, raised_at=second(number)))

        def raising(work: SqlWork, agent: str, since: int) -> tuple[tuple[str, ...], int]:
            around, lately = work.of(Cases).raising(agent, "paper-T1", second(since))
            return tuple(sorted(case.agent for case in around)), lately

        for agent, since, learnt in (
            ("agent1", -1, (("agent1",), 3)),
            ("agent1", 0, (("agent1",), 2)),
            ("janis", 1, (("agent0", "agent1", "agent2", "agent3"), 1)),
            ("nobody", -1, ((), 3)),
            ("nobody", 3, ((), 0)),
        ):
            assert database.run_now(partial(raising, agent=agent, since=since)) == learnt

    def test_own_is_newest_first_and_ones_own(self, database: Database) -> None:
        for number in range(3):
            case = rules.cancel(replace(raised("anna"), raised_at=second(number)), second(9))
            keep(database, case)
        database.run_now(lambda work: work.of(Cases).add(raised("ieva")))
        own = database.run_now(lambda work: work.of(Cases).own("anna", 2))
        assert [case.raised_at for case in own] == [second(2), second(1)]
