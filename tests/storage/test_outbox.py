"""What is promised of notices on their way, held by SQLite and by PostgreSQL alike."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from handlers.kit.delivery import Pace, Rate
from handlers.kit.notices import Claim, Lane, Notice, Past, Priority, Settled
from handlers.kit.people import Address
from storage.database import Database
from storage.sealed import Seal
from storage.work import SqlWork
from tests.storage.made import ANY_PACE, NOW, PLENTY, at_once, notice, reachable, second

_ONCE = Rate(1, timedelta(days=1))


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
        *,
        pace: Pace = ANY_PACE,
    ) -> tuple[Claim, ...]:
        return database.run_now(
            lambda work: work.claims.claim(
                process,
                second(at),
                lease=timedelta(seconds=20),
                urgent=limit,
                others=min(limit, others),
                pace_of=lambda _: pace,
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
        assert self.claim(database, "alive", at=20) == (replace(first, claimed_by="dead"),)

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
            notice("c.2", to="other-case"),
            notice(kind="hand.nobody", to="other-kind"),
        )
        by_name = {claim.notice.to[0]: claim for claim in self.claim(database)}
        self.settle(
            database,
            *(
                Settled(by_name[name], f"ref {name}", "fingerprint")
                for name in ("sent", "other-case", "other-kind")
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

    def test_what_was_taken_away_does_not_come_back(self, database: Database) -> None:
        pace = replace(ANY_PACE, workspace_change=_ONCE, workspace_removal=PLENTY)
        self.add(database, notice())
        (claim,) = self.claim(database)
        self.settle(database, Settled(claim, "ref", "looks"))
        past = Past(claim.notice.to, Priority.NORMAL)

        def make_again(work: SqlWork) -> None:
            work.outbox.refresh_all("paper-T1", ["hand.ping"], "c.1", second(1), past=past)

        database.run_now(make_again)
        changes = [one.removes for one in self.claim(database, at=1, pace=pace)]
        assert changes == [False], "as long as they may"
        database.run_now(make_again)
        (claim,) = self.claim(database, at=30, pace=pace)
        assert (claim.removes, claim.lanes) == (True, (Lane.REMOVAL,))
        database.run_now(make_again)
        self.settle(database, Settled(claim, gone=True), at=31)
        database.run_now(make_again)
        assert self.claim(database, at=99) == ()
        kept = database.run_now(lambda work: work.outbox.kept(claim.notice.key))
        assert kept is not None
        assert (kept.sent, kept.gone) == (False, True)

    def test_workspaces_that_flood_keep_no_other_waiting(self, database: Database) -> None:
        """Hundreds of pings are due of two whose pace takes five; then one of a third."""

        def flood(work: SqlWork) -> None:
            for team in ("T1", "T2", "T3"):
                place, few = Address("paper", team, ""), 10 if team != "T3" else 1
                names = [f"{team}-{number}" for number in range(few)]
                reachable(work, *names, place=place)
                due = NOW if team != "T3" else second(1)
                work.outbox.add(
                    f"paper-{team}",
                    *(
                        notice(f"{number}", name, due=due, priority=Priority.URGENT)
                        for name in names
                        for number in range(20)
                    ),
                )

        database.run_now(flood)
        pace = replace(ANY_PACE, workspace_new=Rate(5, timedelta(minutes=1), burst=5))
        claims = self.claim(database, at=1, limit=20, pace=pace)
        sent = Counter(claim.workspace for claim in claims)
        assert sent == {"paper-T1": 5, "paper-T2": 5, "paper-T3": 5}

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
