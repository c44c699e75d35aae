"""Slack's workspace and Teams' are one organisation, and who is kept twice becomes one person."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import (
    Boolean,
    Connection,
    Integer,
    LargeBinary,
    Table,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from handlers.escalation import rules
from handlers.escalation.model import Cases
from handlers.kit.hours import parse_hours
from handlers.kit.notices import Claim, Notice, Settled
from handlers.kit.people import Address, Person, Profile, Role
from storage import cleaning
from storage.database import Database
from storage.outbox.places import where
from storage.people.tables import addresses, people_names
from storage.schema import Holds, Instant, columns_with, metadata
from storage.work import SqlWork
from tests.storage.made import ANY_PACE, NOW, raised, reachable, second

SLACK, TEAMS = Address("slack", "T1", ""), Address("teams", "tenant", "")


def workspaces(database: Database, *places: Address) -> list[str]:
    return database.run_now(lambda work: [work.workspaces.of(place) for place in places])


def join(database: Database, *places: Address) -> tuple[Address, ...]:
    return database.run_now(lambda work: work.workspaces.join(places))


def add(database: Database, address: Address, *roles: Role, **also: Any) -> Person:
    def put(work: SqlWork) -> Person:
        profile = Profile(address, also.pop("name", address.user), "lv", "Europe/Riga")
        workspace = work.workspaces.of(address)
        person = replace(work.people.add(workspace, profile, frozenset(roles)), **also)
        work.people.save(person)
        return person

    return database.run_now(put)


def person_at(database: Database, address: Address) -> Person | None:
    return database.run_now(lambda work: work.people.at(address))


class TestDoors:
    def test_each_is_a_workspace_by_itself_until_they_are_joined(self, database: Database) -> None:
        assert workspaces(database, SLACK, TEAMS) == ["slack-T1", "teams-tenant"]
        assert join(database, SLACK, TEAMS) == ()
        assert workspaces(database, SLACK, TEAMS) == ["slack-T1", "slack-T1"]
        elsewhere = replace(SLACK, workspace="T2"), replace(TEAMS, workspace="another")
        assert workspaces(database, *elsewhere) == ["slack-T2", "teams-another"]
        assert database.run_now(lambda work: work.workspaces.joined("slack-T1")) == (SLACK, TEAMS)

    @pytest.mark.parametrize("first", [SLACK, TEAMS])
    def test_the_one_where_people_are_known_stays(self, database: Database, first: Address) -> None:
        anna = add(database, replace(first, user="anna"))
        for _ in range(2):
            assert join(database, SLACK, TEAMS) == ()
            assert workspaces(database, SLACK, TEAMS) == [anna.workspace] * 2
        add(database, replace(TEAMS if first is SLACK else SLACK, user="ilze"))
        assert join(database, SLACK, TEAMS) == ()
        everybody = database.run_now(lambda work: work.people.search(anna.workspace, "", 0, 9))
        assert everybody[1] == 2

    def test_two_lists_of_people_are_never_thrown_together(self, database: Database) -> None:
        add(database, replace(SLACK, user="anna"))
        add(database, replace(TEAMS, user="anna"))
        assert join(database, SLACK, TEAMS) == (TEAMS,)
        assert workspaces(database, SLACK, TEAMS) == ["slack-T1", "teams-tenant"]


class TestAddresses:
    def test_the_one_used_last_comes_first(self, database: Database) -> None:
        here, there = replace(SLACK, user="U1"), replace(TEAMS, user="g1")
        anna = add(database, here, addresses=(here, there))
        for used, expected in (
            (there, (there, here)),
            (here, (here, there)),
            (here, (here, there)),
        ):
            database.run_now(lambda work, used=used: work.addresses.used(used, NOW))  # type: ignore[misc] # bound now
            if used == here:
                database.run_now(lambda work: work.addresses.used(here, second(1)))
            for address in (here, there):
                found = person_at(database, address)
                assert found is not None
                assert (found.id, found.addresses) == (anna.id, expected)

    def test_who_is_refused_everywhere_is_unreachable_until_reached(
        self, database: Database
    ) -> None:
        here, there = replace(SLACK, user="U1"), replace(TEAMS, user="g1")
        join(database, SLACK, TEAMS)
        add(database, here, addresses=(here, there), name="Anna")
        left = add(database, replace(SLACK, user="U2"), name="Ilze")
        add(database, replace(TEAMS, user="g3"), name="Žanis")
        add(database, replace(TEAMS, user="g4"), name="Ēriks")
        stranger = Address("slack", "T9", "U1")
        add(database, stranger, name="Elsewhere")

        def refuse(*addresses: Address) -> None:
            database.run_now(lambda work: work.addresses.refused(addresses, NOW))

        def named(limit: int = 9) -> tuple[list[str], int]:
            found, total = database.run_now(
                lambda work: work.people.unreachable(work.workspaces.of(SLACK), limit)
            )
            return [person.name for person in found], total

        assert named() == ([], 0)
        refuse(here, stranger, replace(SLACK, user="U2"))
        assert named() == (["Ilze"], 1), "Anna is reached in Teams"
        refuse(there, here, replace(TEAMS, user="g3"), replace(TEAMS, user="g4"))
        assert named() == (["Anna", "Ēriks", "Ilze", "Žanis"], 4)
        assert named(2) == (["Anna", "Ēriks"], 4)
        database.run_now(lambda work: work.people.save(replace(left, active=False)))
        database.run_now(lambda work: work.addresses.reached((there, replace(TEAMS, user="g3"))))
        assert named() == (["Ēriks"], 1)

    def test_one_more_keeps_when_the_others_were_used(self, database: Database) -> None:
        here, there = replace(SLACK, user="U1"), replace(TEAMS, user="g1")
        anna = add(database, there)
        database.run_now(lambda work: work.addresses.used(there, NOW))
        database.run_now(
            lambda work: work.people.save(replace(anna, addresses=(here, there), name="Anna"))
        )
        found = person_at(database, here)
        assert found is not None
        assert found.addresses == (there, here)
        database.run_now(lambda work: work.people.save(replace(found, addresses=(here,))))
        assert person_at(database, there) is None


class TestRouting:
    def claim(self, database: Database, at: float = 0) -> tuple[Claim, ...]:
        return database.run_now(
            lambda work: work.claims.claim(
                "p1",
                second(at),
                lease=timedelta(seconds=20),
                urgent=9,
                others=9,
                pace_of=lambda _: ANY_PACE,
            )
        )

    def send(self, database: Database, *people: str) -> None:
        new = Notice("hand.ping", "c.1", people, NOW)
        database.run_now(lambda work: work.outbox.add("slack-T1", new))

    def both(self, database: Database, user: str) -> Person:
        here, there = replace(SLACK, user=user), replace(TEAMS, user=user)
        return add(database, here, addresses=(here, there))

    def test_it_goes_to_the_last_and_when_refused_to_the_next_and_then_nowhere(
        self, database: Database
    ) -> None:
        anna = self.both(database, "anna")
        database.run_now(lambda work: work.addresses.used(replace(TEAMS, user="anna"), NOW))
        self.send(database, anna.id)
        tried: list[str] = []
        going_on = True
        while going_on:
            (claim,) = self.claim(database)
            tried.append(claim.to[0].platform)
            going_on = database.run_now(
                lambda work, claim=claim: work.claims.elsewhere("p1", claim, NOW)  # type: ignore[misc] # bound now
            )
        assert tried == ["teams", "slack"]

    def test_what_is_there_is_changed_there(self, database: Database) -> None:
        anna = self.both(database, "anna")
        self.send(database, anna.id)
        (claim,) = self.claim(database)
        assert claim.to == (replace(SLACK, user="anna"),)
        sent = Settled(claim, "C1/17", "fingerprint")
        database.run_now(lambda work: work.claims.settle("p1", [sent], NOW))
        database.run_now(lambda work: work.addresses.used(replace(TEAMS, user="anna"), NOW))
        database.run_now(lambda work: work.outbox.refresh("slack-T1", "hand.ping", "c.1", NOW))
        (again,) = self.claim(database)
        assert (again.to, again.ref) == ((replace(SLACK, user="anna"),), "C1/17")

    def test_another_process_s_claim_is_not_sent_elsewhere(self, database: Database) -> None:
        self.send(database, self.both(database, "anna").id)
        (claim,) = self.claim(database)
        assert not database.run_now(lambda work: work.claims.elsewhere("p2", claim, NOW))
        assert self.claim(database) == ()

    def test_several_meet_where_all_of_them_are(self, database: Database) -> None:
        anna, janis = self.both(database, "anna"), self.both(database, "janis")
        ieva = add(database, replace(TEAMS, user="ieva"))
        database.run_now(lambda work: work.addresses.used(replace(TEAMS, user="janis"), NOW))
        for several in ((anna, janis), (anna, ieva), (anna, janis, ieva)):
            self.send(database, *(person.id for person in several))
        places = [{address.place for address in claim.to} for claim in self.claim(database)]
        assert places == [{SLACK.place}, {TEAMS.place}, {TEAMS.place}]

    def test_several_who_are_nowhere_together_have_no_place(self, database: Database) -> None:
        anna = add(database, replace(SLACK, user="anna"))
        ieva = add(database, replace(TEAMS, user="ieva"))
        self.send(database, anna.id, ieva.id)
        (claim,) = self.claim(database)
        assert claim.to == ()
        assert not database.run_now(lambda work: work.claims.elsewhere("p1", claim, NOW))

    @given(
        at=st.lists(st.sets(st.sampled_from("abc"), min_size=1), min_size=1, max_size=3),
        refused=st.sets(st.sampled_from("abc")),
    )
    def test_a_place_is_everybody_s_and_none_that_refused(
        self, at: Sequence[set[str]], refused: set[str]
    ) -> None:
        people = [f"p{number}" for number in range(len(at))]
        known = {
            person: {(name, "w"): Address(name, "w", person) for name in sorted(places)}
            for person, places in zip(people, at, strict=True)
        }
        to = where(people, known, [(name, "w") for name in refused])
        shared = set.intersection(*at) - refused
        assert [address.user for address in next(iter(to), ())] == (people if shared else [])
        assert {address.platform for one in to for address in one} == shared


def test_two_become_one_with_what_both_had(database: Database) -> None:
    join(database, SLACK, TEAMS)
    ilze = add(database, replace(SLACK, user="ilze"))
    one = add(
        database,
        replace(SLACK, user="anna"),
        Role.SUPERVISOR,
        topics=("bills",),
        trusted=(ilze.id,),
        position="Senior",
    )
    other = add(
        database,
        replace(TEAMS, user="anna"),
        Role.ADMIN,
        topics=("bills", "solar"),
        manager="Māra",
        hours=parse_hours("Mon-Fri 08:00-17:00"),
        chosen_locale="en",
    )
    add(database, replace(SLACK, user="zane"), trusted=(one.id, other.id, ilze.id))
    closed = rules.cancel(raised(other.id, (ilze.id,), workspace="slack-T1"), NOW)

    def fill(work: SqlWork) -> None:
        work.people.save(replace(one, trusted=(ilze.id, other.id)))
        work.of(Cases).add(closed)
        work.outbox.add("slack-T1", Notice("hand.ping", "c.1", (ilze.id, other.id), NOW))

    database.run_now(fill)
    before = person_at(database, replace(SLACK, user="anna"))
    assert before is not None
    united = database.run_now(lambda work: work.people.unite(before, other))
    assert united == replace(
        one,
        addresses=(replace(SLACK, user="anna"), replace(TEAMS, user="anna")),
        roles=frozenset({Role.AGENT, Role.SUPERVISOR, Role.ADMIN}),
        topics=("bills", "solar"),
        manager="Māra",
        hours=other.hours,
        chosen_locale="en",
    )
    assert person_at(database, replace(TEAMS, user="anna")) == united
    zane = person_at(database, replace(SLACK, user="zane"))
    assert zane is not None
    assert zane.trusted == (one.id, ilze.id)
    case = database.run_now(lambda work: work.of(Cases).get(closed.id))
    assert case is not None
    assert case.agent == one.id
    (claim,) = TestRouting().claim(database)
    assert claim.notice.to == (ilze.id, one.id)


POINTS = (Holds.PERSON, Holds.HIDDEN_PERSON, Holds.PEOPLE)


def row_of(table: Table, person: str, number: int) -> dict[str, Any]:
    """A row with the person wherever one may stand."""
    persons = columns_with(table, *POINTS)
    parents = {key.parent.name for key in table.foreign_keys}
    row: dict[str, Any] = {}
    for column in table.columns:
        if column in persons:
            row[column.name] = person
        elif isinstance(column.type, Instant):
            row[column.name] = NOW
        elif isinstance(column.type, Boolean):
            row[column.name] = False
        elif isinstance(column.type, Integer):
            row[column.name] = number
        elif isinstance(column.type, LargeBinary):
            row[column.name] = b"x"
        else:
            row[column.name] = "1" if column.name in parents else str(number)
    return row


def put(connection: Connection, table: Table, person: str) -> None:
    """A row of theirs beside others' rows: the same in all but the person where that may be."""
    for number in (1, 2):
        with suppress(IntegrityError), connection.begin_nested():
            connection.execute(insert(table).values(row_of(table, person, number)))
            return


@pytest.mark.parametrize("both", [False, True], ids=["one had rows", "both had"])
def test_in_every_table_what_was_the_one_s_is_the_other_s(
    database: Database, *, both: bool
) -> None:
    """And nothing that points to the one who is gone is left behind, in no column of any table."""
    kept, gone = "k" * 32, "g" * 32
    tables = [t for t in metadata.sorted_tables if t.name not in ("people", "addresses")]

    def fill(work: SqlWork) -> None:
        reachable(work, kept, gone)
        for person in (kept, gone) if both else (gone,):
            for table in tables:
                put(work.connection, table, person)
        # Their own names are the ids here: what must not be left is only what points to them.
        work.connection.execute(update(addresses).values(user=func.substr(addresses.c.user, 30)))
        work.connection.execute(update(people_names).values(word=""))

    database.run_now(fill)
    database.run_now(lambda work: cleaning.hand_over(work.connection, gone, kept))

    def everything(work: SqlWork) -> dict[str, list[dict[str, Any]]]:
        return {
            table.name: [dict(row) for row in work.connection.execute(select(table)).mappings()]
            for table in metadata.sorted_tables
        }

    left = database.run_now(everything)
    assert [name for name, rows in left.items() if gone in repr(rows)] == []
    for table in tables:
        if columns_with(table, *POINTS):
            assert kept in repr(left[table.name]), table.name
