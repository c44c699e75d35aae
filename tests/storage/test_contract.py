"""What every repository promises, held by SQLite and by PostgreSQL alike."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy.exc import IntegrityError

from handlers.escalation import model
from handlers.escalation.model import Answer, Case, Cases, Raised, State
from handlers.kit.hours import parse_hours
from handlers.kit.notices import Claim, Notice, Priority, Settled
from handlers.kit.people import UNTIL_BACK, Address, Person, Profile, Role
from storage.database import Database
from storage.local import LocalMessage, MessageKind
from storage.sealed import Seal
from storage.work import SqlWork
from tests.storage.made import ANY_PACE, NOW, at_once, notice, raised, reachable, second, somebody


def keep(database: Database, *cases: Case) -> None:
    def add(work: SqlWork) -> None:
        for case in cases:
            work.of(Cases).add(case)

    database.run_now(add)


def at(database: Database, address: Address) -> Person | None:
    return database.run_now(lambda work: work.people.at(address))


def save(database: Database, case: Case) -> None:
    database.run_now(lambda work: work.of(Cases).save(case))


def kept_case(database: Database, case: str) -> Case:
    found = database.run_now(lambda work: work.of(Cases).get(case))
    assert found is not None
    return found


class TestPeople:
    def test_somebody_new_is_found_by_address_and_by_id(self, database: Database) -> None:
        anna = somebody(database, "Anna Kalniņa", Role.SUPERVISOR)
        assert anna == Person(
            id=anna.id,
            workspace="paper-T1",
            name="Anna Kalniņa",
            addresses=(Address("paper", "T1", "Anna Kalniņa"),),
            roles=frozenset({Role.AGENT, Role.SUPERVISOR}),
            platform_locale="lv",
            zone="Europe/Riga",
        )
        assert at(database, anna.addresses[0]) == anna
        assert database.run_now(lambda work: work.people.get(anna.id)) == anna
        assert database.run_now(lambda work: work.people.get("nobody")) is None

    def test_everything_saved_comes_back(self, database: Database) -> None:
        trusted = somebody(database, "Līga")
        anna = replace(
            somebody(database),
            name="Anna Šķērsa",
            addresses=(Address("paper", "T1", "a"), Address("slack", "T9", "U1")),
            roles=frozenset(Role),
            topics=("contracts", "bills"),
            trusted=(trusted.id, "somebody-else"),
            helps=False,
            position="Senior",
            manager="Māra",
            platform_locale="en",
            chosen_locale="lv",
            zone="America/New_York",
            hours=parse_hours("Mon-Thu 08:00-17:00; Sun 22:00-06:00"),
            away_until=UNTIL_BACK,
            quiet_from=NOW,
            quiet_until=second(0.000001),
            active=False,
        )
        database.run_now(lambda work: work.people.save(anna))
        for address in anna.addresses:
            assert at(database, address) == anna
        assert at(database, Address("paper", "T1", "Anna Kalniņa")) is None

    def test_one_address_belongs_to_one_person(self, database: Database) -> None:
        somebody(database, "Anna")
        with pytest.raises(IntegrityError):
            somebody(database, "Anna")
        assert database.run_now(lambda work: work.people.search("paper-T1", "", 0, 9))[1] == 1

    def test_search_folds_pages_and_counts(self, database: Database) -> None:
        for name in ("Šarlote Ābola", "Jānis Bērziņš", "Žanis Ābele", "Bo 50%_", "Zita Gone"):
            somebody(database, name)
        gone = at(database, Address("paper", "T1", "Zita Gone"))
        assert gone is not None
        database.run_now(lambda work: work.people.save(replace(gone, active=False)))

        def names(text: str, offset: int = 0, limit: int = 10) -> tuple[list[str], int]:
            found, total = database.run_now(
                lambda work: work.people.search("paper-T1", text, offset, limit)
            )
            return [person.name for person in found], total

        assert names("ABE") == (["Žanis Ābele"], 1)
        assert names("abo sar") == (["Šarlote Ābola"], 1)
        assert names("%_") == (["Bo 50%_"], 1)
        assert names("%") == (["Bo 50%_"], 1)
        assert names("gone") == ([], 0)
        assert names("") == (["Bo 50%_", "Jānis Bērziņš", "Šarlote Ābola", "Žanis Ābele"], 4)
        assert names("", 1, 2) == (["Jānis Bērziņš", "Šarlote Ābola"], 4)

    def test_names_stand_as_in_a_latvian_dictionary(self, database: Database) -> None:
        names = [
            *("Anna", "Āne", "Annija", "Cilda", "Czaja", "Čaks", "Dace", "Gunta", "Ģirts"),
            *("Ilona", "Ylva", "Ilze", "Kārlis", "Ķenča", "Liene", "Ļuda", "Nora", "Ņina"),
            *("Sanita Ūdre", "Sanita", "Šarlote", "Zane", "Žanis", "“Žagars”"),
        ]
        expected = [
            *("Āne", "Anna", "Annija", "Cilda", "Czaja", "Čaks", "Dace", "Gunta", "Ģirts"),
            *("Ilona", "Ylva", "Ilze", "Kārlis", "Ķenča", "Liene", "Ļuda", "Nora", "Ņina"),
            *("Sanita", "Sanita Ūdre", "Šarlote", "Zane", "“Žagars”", "Žanis"),
        ]
        for name in reversed(names):
            somebody(database, name, Role.SUPERVISOR)
        found, _ = database.run_now(lambda work: work.people.search("paper-T1", "", 0, 99))
        led = database.run_now(lambda work: work.people.with_role("paper-T1", Role.SUPERVISOR))
        assert [person.name for person in found] == expected
        assert [person.name for person in led] == expected

    def test_helpers_go_around_least_recently_asked_first(self, database: Database) -> None:
        people = [somebody(database, name) for name in "ABCD"]
        never, early, late, not_helping = people
        asked = ((early, 1), (late, 2))

        def prepare(work: SqlWork) -> None:
            for person, when in asked:
                work.duty.mark_asked((person.id,), second(when))
            work.people.save(replace(not_helping, helps=False))
            work.people.save(replace(late, topics=("bills", "contracts"), roles=frozenset(Role)))
            work.people.save(replace(early, topics=("contracts",)))

        database.run_now(prepare)

        names = {person.id: person.name for person in people}

        def helpers(**which: object) -> list[str]:
            found = database.run_now(
                lambda work: work.duty.helpers("paper-T1", **which)  # type: ignore[arg-type] # a test's table
            )
            return [names[person] for person in found]

        assert helpers() == ["A", "B", "C"]
        assert helpers(topic="contracts") == ["B", "C"]
        assert helpers(topic="bills") == ["C"]
        assert helpers(role=Role.SUPERVISOR) == ["C"]
        assert helpers(skip=1, limit=1) == ["B"]
        database.run_now(lambda work: work.duty.mark_asked((never.id,), second(3)))
        assert helpers() == ["B", "C", "A"]

    def test_with_role_is_those_given_exactly_this_one(self, database: Database) -> None:
        somebody(database, "Admin", Role.ADMIN)
        somebody(database, "Zane", Role.COORDINATOR)
        somebody(database, "Ābols", Role.COORDINATOR, Role.SUPERVISOR)
        found = database.run_now(lambda work: work.people.with_role("paper-T1", Role.COORDINATOR))
        assert [person.name for person in found] == ["Ābols", "Zane"]

    def test_no_workspace_sees_another(self, database: Database) -> None:
        somebody(database, "Anna", Role.SUPERVISOR, workspace="T1")
        somebody(database, "Anna", Role.SUPERVISOR, workspace="T2")

        def seen(work: SqlWork, workspace: str) -> list[str]:
            people = work.people
            found, total = people.search(workspace, "anna", 0, 9)
            assert total == len(found)
            helpers = people.many(list(work.duty.helpers(workspace))).values()
            supervisors = people.with_role(workspace, Role.SUPERVISOR)
            return [person.workspace for person in (*found, *helpers, *supervisors)]

        for workspace, times in (("paper-T1", 3), ("paper-T2", 3), ("slack-T1", 0)):
            assert database.run_now(partial(seen, workspace=workspace)) == [workspace] * times


class TestSettings:
    def test_put_replaces_one_section_of_one_workspace(self, database: Database) -> None:
        database.run_now(lambda work: work.settings.put("paper-T1", "ladder", {"rings": [1, "ā"]}))
        database.run_now(lambda work: work.settings.put("paper-T1", "topics", {"topics": []}))
        database.run_now(lambda work: work.settings.put("paper-T1", "ladder", {"rings": [2.5]}))
        read = database.run_now(
            lambda work: [
                work.settings.get(workspace, section)
                for workspace in ("paper-T1", "paper-T2")
                for section in ("ladder", "topics")
            ]
        )
        assert read == [{"rings": [2.5]}, {"topics": []}, None, None]


class TestDeliveries:
    def test_the_first_time_once(self, database: Database) -> None:
        def new(platform: str, delivery: str) -> bool:
            return database.run_now(lambda work: work.deliveries.is_new(platform, delivery, NOW))

        assert [new("slack", "Ev1"), new("slack", "Ev1"), new("slack", "Ev2")] == [
            True,
            False,
            True,
        ]
        assert new("teams", "Ev1")

    def test_once_however_many_at_the_same_instant(self, database: Database) -> None:
        outcomes = at_once(
            [
                lambda: database.run_now(lambda work: work.deliveries.is_new("slack", "Ev1", NOW))
                for _ in range(8)
            ]
        )
        assert sorted(map(str, outcomes)) == ["False"] * 7 + ["True"]

    def test_one_that_failed_is_new_again(self, database: Database) -> None:
        def fails(work: SqlWork) -> None:
            assert work.deliveries.is_new("slack", "Ev1", NOW)
            raise LookupError

        with pytest.raises(LookupError):
            database.run_now(fails)
        assert database.run_now(lambda work: work.deliveries.is_new("slack", "Ev1", NOW))


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
            model.solve(case, second(9)),
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
        database.run_now(lambda work: work.of(Cases).save(model.cancel(first, second(5))))
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
            work.of(Cases).save(model.take(held, "janis", NOW)[0])
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
                work.of(Cases).save(model.cancel(up, NOW))
                return True

            def take(work: SqlWork, case_id: str = case.id) -> bool:
                held = work.of(Cases).get(case_id)
                assert held is not None
                if held.state is not State.CALLING or not work.of(Cases).win(case_id, "janis"):
                    return False
                work.of(Cases).save(model.take(held, "janis", NOW)[0])
                return True

            outcomes = at_once([lambda: database.run_now(cancel), lambda: database.run_now(take)])
            kept = kept_case(database, case.id)
            cancelled = kept.state is State.CANCELLED
            assert outcomes == [cancelled, not cancelled]
            assert kept.taken_by == (None if cancelled else "janis")
            save(database, model.solve(kept, NOW))

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
        taken, _ = model.take(raised("ieva", ("mara",)), "mara", NOW)
        over = model.cancel(raised("rita", ("janis",)), NOW)
        keep(database, calling, taken, over)

        everybody = ("anna", "ieva", "rita", "janis", "liga", "mara", "nobody")
        busy = database.run_now(lambda work: work.of(Cases).busy(everybody))
        assert busy == {"anna", "ieva", "mara"}
        assert database.run_now(lambda work: work.of(Cases).busy(())) == frozenset()
        assert database.run_now(lambda work: work.of(Cases).taken_by("mara")) == taken
        assert database.run_now(lambda work: work.of(Cases).taken_by("janis")) is None

        def waiting_for(work: SqlWork, person: str) -> tuple[Case, ...]:
            return work.of(Cases).waiting_for(person)

        for person, cases in {"janis": (calling,), "liga": (calling,), "mara": (taken,)}.items():
            assert database.run_now(partial(waiting_for, person=person)) == cases

    def test_own_is_newest_first_and_ones_own(self, database: Database) -> None:
        for number in range(3):
            case = model.cancel(replace(raised("anna"), raised_at=second(number)), second(9))
            keep(database, case)
        database.run_now(lambda work: work.of(Cases).add(raised("ieva")))
        own = database.run_now(lambda work: work.of(Cases).own("anna", 2))
        assert [case.raised_at for case in own] == [second(2), second(1)]

    def test_counts_name_nobody_and_keep_to_workspace_and_time(self, database: Database) -> None:
        for number, workspace in enumerate(("paper-T1", "paper-T1", "paper-T2", "paper-T1")):
            case = replace(
                raised(f"agent{number}", workspace=workspace),
                raised_at=second(number * 10),
                first_taken_at=second(15) if number == 1 else None,
            )
            keep(database, case)
        counted = database.run_now(
            lambda work: work.of(Cases).raised_between("paper-T1", NOW, second(30))
        )
        assert counted == (
            Raised(NOW, None, unanswered=False),
            Raised(second(10), second(15), unanswered=False),
        )


class TestOutbox:
    def add(self, database: Database, *notices: Notice) -> None:
        def add(work: SqlWork) -> None:
            reachable(work, *(who for notice in notices for who in notice.to))
            work.outbox.add("paper-T1", *notices)

        database.run_now(add)

    def refresh(self, database: Database, at: datetime, workspace: str = "paper-T1") -> None:
        database.run_now(lambda work: work.outbox.refresh(workspace, "hand.ping", "c.1", at))

    def claim(
        self,
        database: Database,
        process: str = "p1",
        at: float = 0,
        limit: int = 50,
        others: int = 50,
    ) -> tuple[Claim, ...]:
        return database.run_now(
            lambda work: work.claims.claim(
                process,
                second(at),
                lease=timedelta(seconds=20),
                urgent=limit,
                others=min(limit, others),
                pace_of=lambda _: ANY_PACE,
            )
        )

    def settle(
        self, database: Database, *results: Settled, process: str = "p1", at: float = 0
    ) -> None:
        database.run_now(lambda work: work.claims.settle(process, results, second(at)))

    @pytest.mark.parametrize("url", ["postgresql"], indirect=True)
    def test_what_is_about_to_become_untrue_is_not_claimed_until_it_is_known(
        self, database: Database
    ) -> None:
        """The take is not committed yet: its ping must not be claimed, and sent as it was."""
        database.run_now(lambda work: work.outbox.add("paper-T1", notice()))
        with database.engine.begin() as connection:
            SqlWork(connection).outbox.refresh("paper-T1", "hand.ping", "c.1", NOW)
            assert self.claim(database) == ()
        assert [claim.version for claim in self.claim(database)] == [1]

    def test_what_waits_for_later_waits_on_when_others_are_made_again(
        self, database: Database
    ) -> None:
        def add_and_refresh(work: SqlWork) -> None:
            work.outbox.add("paper-T1", notice(due=second(45)))
            work.outbox.refresh("paper-T1", "hand.ping", "c.1", NOW)

        database.run_now(add_and_refresh)
        assert database.run_now(lambda work: work.claims.next_due()) == second(45)

    def test_the_same_message_is_kept_once(self, database: Database) -> None:
        for _ in range(2):
            self.add(database, notice(), notice(), notice(to="ieva"))
        claims = self.claim(database)
        assert [claim.notice.to for claim in claims] == [("anna",), ("ieva",)]

        self.settle(database, *(Settled(claim, "ref", "fingerprint") for claim in claims))
        self.add(database, notice(due=second(5)))
        assert self.claim(database, at=10) == ()

    def test_a_claim_says_everything(self, database: Database) -> None:
        two = replace(notice(priority=Priority.URGENT), to=("janis", "anna"))
        self.add(database, two)
        (claim,) = self.claim(database)
        there = (Address("paper", "T1", "janis"), Address("paper", "T1", "anna"))
        assert claim == Claim(claim.id, "paper-T1", two, there, 0, 0, two.due, None, None)
        self.settle(database, Settled(claim, "C1/17", "fingerprint"))

        self.refresh(database, second(3))
        (again,) = self.claim(database, at=3)
        sent = replace(two, due=second(3), sent=True)
        assert again == Claim(
            claim.id, "paper-T1", sent, there, 1, 0, two.due, "C1/17", "fingerprint"
        )

    def test_urgent_first_then_by_time(self, database: Database) -> None:
        for about, priority, due in (
            ("bulk", Priority.BULK, 0),
            ("normal", Priority.NORMAL, 1),
            ("late", Priority.URGENT, 3),
            ("early", Priority.URGENT, 2),
            ("not yet", Priority.URGENT, 9),
        ):
            self.add(database, notice(about, due=second(due), priority=priority))
        urgent = self.claim(database, at=5, others=0)
        rest = self.claim(database, at=5)
        assert [claim.notice.about for claim in urgent] == ["early", "late"]
        assert [claim.notice.about for claim in rest] == ["normal", "bulk"]

    def test_a_claim_whose_lease_ran_out_is_free(self, database: Database) -> None:
        self.add(database, notice())
        (first,) = self.claim(database, "dead")
        assert self.claim(database, "alive", at=19.9) == ()
        assert self.claim(database, "alive", at=20) == (first,)

        self.settle(database, Settled(first, "from the dead", "x"), process="dead", at=21)
        assert self.claim(database, "third", at=30) == ()
        self.settle(database, Settled(first, "ref", "fingerprint"), process="alive", at=31)
        assert self.claim(database, "third", at=99) == ()
        self.refresh(database, NOW)
        (refreshed,) = self.claim(database, "third", at=99)
        assert refreshed.ref == "ref"

    def test_release_all_frees_every_claim_at_once(self, database: Database) -> None:
        self.add(database, notice())
        claims = self.claim(database, "dead")
        database.run_now(lambda work: work.claims.release_all())
        assert self.claim(database, "alive") == claims

    def test_put_off_and_counted(self, database: Database) -> None:
        self.add(database, notice())
        for attempt in range(3):
            (claim,) = self.claim(database, at=attempt)
            assert claim.attempts == attempt
            self.settle(database, Settled(claim, due=second(attempt + 1)), at=attempt)
        assert self.claim(database, at=2.9) == ()
        (claim,) = self.claim(database, at=3)
        self.settle(database, Settled(claim, "ref", "fingerprint"), at=3)
        self.refresh(database, second(9))
        (again,) = self.claim(database, at=9)
        assert again.attempts == 0

    def test_refresh_during_a_send_makes_it_due_again_at_once(self, database: Database) -> None:
        self.add(database, notice())
        (claim,) = self.claim(database)
        self.refresh(database, second(1))
        assert self.claim(database, "p2", at=2) == (), "one at a time"
        self.settle(database, Settled(claim, "ref", "old"), at=3)
        (again,) = self.claim(database, at=3)
        assert (again.ref, again.fingerprint, again.version) == ("ref", "old", 1)

    def test_refresh_touches_only_what_was_sent_or_is_being_sent(self, database: Database) -> None:
        self.add(
            database,
            notice(to="sent"),
            notice(to="later", due=second(60)),
            notice(to="gone"),
            notice(to="untrue"),
            notice("c.2", to="other case"),
            notice(kind="hand.nobody", to="other kind"),
        )
        by_name = {claim.notice.to[0]: claim for claim in self.claim(database)}
        self.settle(
            database,
            *(
                Settled(by_name[name], f"ref {name}", "fingerprint")
                for name in ("sent", "other case", "other kind")
            ),
            Settled(by_name["gone"], gone=True),
            Settled(by_name["untrue"]),
        )
        for workspace in ("paper-T1", "paper-T2"):
            self.refresh(database, second(1), workspace)
        assert [claim.notice.to for claim in self.claim(database, at=2)] == [("sent",)]
        assert database.run_now(lambda work: work.claims.next_due()) == second(60)

    def test_gone_is_gone_even_if_it_was_to_be_made_again(self, database: Database) -> None:
        self.add(database, notice())
        (claim,) = self.claim(database)
        self.refresh(database, second(1))
        self.settle(database, Settled(claim, gone=True), at=2)
        assert self.claim(database, at=99) == ()

    def test_two_processes_never_get_the_same(self, database: Database, url: str) -> None:
        many = [notice(to=f"person{number}") for number in range(60)]
        self.add(database, *many)
        other = Database(url, Seal("the secret of these tests"))
        try:
            claimed: list[int] = []
            for _ in range(8):
                outcomes = at_once(
                    [
                        partial(self.claim, each, name, limit=5)
                        for each, name in ((database, "p1"), (other, "p2"), (database, "p3"))
                    ]
                )
                for outcome in outcomes:
                    assert not isinstance(outcome, Exception), outcome
                    claimed += [claim.id for claim in outcome]
            assert len(claimed) == len(set(claimed)) == 60
        finally:
            other.close()

    def test_depth_counts_what_is_due_by_priority(self, database: Database) -> None:
        self.add(
            database,
            notice("1", priority=Priority.URGENT),
            notice("2", priority=Priority.BULK),
            notice("3", priority=Priority.BULK),
            notice("4", due=second(60)),
        )
        depth = database.run_now(lambda work: work.outbox_state.at(NOW).depth)
        assert depth == {Priority.URGENT: 1, Priority.NORMAL: 0, Priority.BULK: 2}


class TestLocalMessages:
    def message(self, name: str, html: str = "<p>x</p>") -> LocalMessage:
        return LocalMessage(name, MessageKind.SENT, ("anna", "janis"), html, "x", NOW)

    def put(self, database: Database, message: LocalMessage) -> None:
        database.run_now(lambda work: work.local_messages.put(message))

    def test_a_change_keeps_the_place(self, database: Database) -> None:
        for name, html in (("a", "1"), ("b", "2"), ("a", "3")):
            self.put(database, self.message(name, html))
        newest = database.run_now(lambda work: work.local_messages.newest(9))
        assert newest == (
            replace(self.message("b", "2"), place=2, version=2),
            replace(self.message("a", "3"), place=1, version=3),
        )
        assert database.run_now(lambda work: work.local_messages.newer(2, 9)) == newest[1:]
        assert database.run_now(lambda work: work.local_messages.get("b")) == newest[0]


def test_a_new_profile_without_locale_or_zone_has_the_house_defaults(database: Database) -> None:
    person = database.run_now(
        lambda work: work.people.add(
            "paper-T1", Profile(Address("paper", "T1", "x"), "X"), frozenset()
        )
    )
    assert (person.locale, person.zone) == ("lv", "Europe/Riga")


def test_two_who_change_a_person_at_once_keep_what_both_did(database: Database) -> None:
    """As two transactions that both read before either wrote."""
    anna = somebody(database)

    def one_within_the_other(work: SqlWork) -> None:
        other = SqlWork(work.people._connection)  # noqa: SLF001 - a second look at the same rows
        mine, theirs = work.people.get(anna.id), other.people.get(anna.id)
        assert mine is not None
        assert theirs is not None
        other.people.save(replace(theirs, roles=frozenset({Role.AGENT, Role.SUPERVISOR})))
        work.people.save(replace(mine, away_until=UNTIL_BACK))

    database.run_now(one_within_the_other)
    assert at(database, anna.addresses[0]) == replace(
        anna, roles=frozenset({Role.AGENT, Role.SUPERVISOR}), away_until=UNTIL_BACK
    )
