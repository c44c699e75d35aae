"""What a status promises of storage, held by SQLite and by PostgreSQL alike."""

from dataclasses import replace
from datetime import timedelta

from handlers.kit.people import Address, Person
from handlers.kit.ports import Status
from handlers.statuses.model import (
    TRIED_FOR,
    Shown,
    StatusClaim,
    StatusDispatch,
    StatusPermissions,
    StatusSettled,
    WantedStatus,
)
from storage.cleaning import clean, erase, export
from storage.database import Database
from storage.sealed import Seal
from storage.work import SqlWork
from tests.storage.made import NOW, second, somebody

LEASE = timedelta(seconds=40)
WANTED = WantedStatus(NOW + timedelta(minutes=10), NOW + timedelta(minutes=10))
SHOWN = Shown(Status("At home", ":house:", second(3600)), ("Away until 10:10",), second(720))


def permits(database: Database, name: str = "Anna") -> Person:
    person = somebody(database, name)
    address = person.addresses[0]
    database.run_now(lambda work: work.of(StatusPermissions).permit(person, address, "xoxp-1", NOW))
    return person


def show(database: Database, person: Person, wanted: WantedStatus = WANTED, at: float = 0) -> None:
    database.run_now(lambda work: work.of(StatusPermissions).show(person.id, wanted, second(at)))


def claim(database: Database, at: float = 0, process: str = "p") -> tuple[StatusClaim, ...]:
    return database.run_now(
        lambda work: work.of(StatusDispatch).claim(process, second(at), lease=LEASE, limit=9)
    )


def settle(database: Database, result: StatusSettled, process: str = "p") -> None:
    database.run_now(lambda work: work.of(StatusDispatch).settle(process, result, NOW))


def test_what_is_wanted_is_claimed_once_and_kept_as_it_became(database: Database) -> None:
    anna = permits(database)
    assert claim(database) == ()
    show(database, anna)
    (one,) = claim(database)
    assert one == StatusClaim(
        one.id, anna.addresses[0], anna, "xoxp-1", WANTED, None, False, None, 0, 1
    )
    assert claim(database, process="q") == ()
    database.run_now(lambda work: work.of(StatusDispatch).remember(one, SHOWN))
    settle(database, StatusSettled(one, SHOWN, due=second(5)))
    assert claim(database, 4) == ()
    (again,) = claim(database, 5)
    assert (again.shown, again.attempts) == (SHOWN, 1)
    settle(database, StatusSettled(again, replace(SHOWN, sure=True)))
    assert claim(database, 500) == ()
    database.run_now(lambda work: work.of(StatusPermissions).put_back(anna.id, second(600)))
    (back,) = claim(database, 600)
    assert (back.wanted, back.shown, back.attempts) == (None, replace(SHOWN, sure=True), 0)
    assert back.gives_up_at == second(600) + TRIED_FOR
    settle(database, StatusSettled(back, None))
    database.run_now(lambda work: work.of(StatusPermissions).put_back(anna.id, second(601)))
    assert claim(database, 601) == (), "nothing was wanted any more"


def test_what_is_wanted_meanwhile_is_due_at_once(database: Database) -> None:
    anna = permits(database)
    show(database, anna)
    (one,) = claim(database)
    longer = WantedStatus(None, second(9000))
    show(database, anna, longer, 3)
    settle(database, StatusSettled(one, SHOWN))
    (again,) = claim(database, 3)
    assert (again.wanted, again.shown) == (longer, SHOWN)
    database.run_now(lambda work: work.of(StatusPermissions).withdraw(anna.id, second(4)))
    settle(database, StatusSettled(again, None, gone=True))
    (leaving,) = claim(database, 4)
    assert (leaving.leaving, leaving.wanted) == (True, None), "it is not forgotten untold"


def test_a_dead_process_holds_it_until_its_lease_ends(database: Database) -> None:
    anna = permits(database)
    show(database, anna)
    (one,) = claim(database)
    assert next_due(database) == NOW + LEASE
    assert claim(database, 39, "q") == ()
    (taken_over,) = claim(database, 40, "q")
    settle(database, StatusSettled(one, SHOWN))
    settle(database, StatusSettled(taken_over, None, due=second(60)), "q")
    assert next_due(database) == second(60)
    show(database, anna, at=70)
    claim(database, 70)
    database.run_now(lambda work: work.of(StatusDispatch).release_all())
    assert len(claim(database, 70, "r")) == 1


def next_due(database: Database) -> object:
    return database.run_now(lambda work: work.of(StatusDispatch).next_due())


def test_a_permission_is_one_a_person_and_goes_with_them(database: Database) -> None:
    anna, liga = permits(database), permits(database, "Līga")
    database.run_now(
        lambda work: work.of(StatusPermissions).permit(anna, anna.addresses[0], "xoxp-2", second(9))
    )
    told = database.run_now(lambda work: export(work.connection, anna.id, work.seal))["statuses"]
    assert [row["permitted_at"] for row in told] == [second(9)]
    assert {"token", "shown"}.isdisjoint(told[0])
    database.run_now(lambda work: work.of(StatusPermissions).withdraw(anna.id, second(10)))
    assert not is_permitted(database, anna)
    assert is_permitted(database, liga)
    database.run_now(lambda work: erase(work.connection, anna.id))
    (gone,) = claim(database, 10)
    assert (gone.person, gone.at.user, gone.token) == (None, "", "xoxp-2")
    assert gone.leaving
    database.run_now(lambda work: clean(work.connection, second(11) + TRIED_FOR))
    assert is_permitted(database, liga)
    assert claim(database, 9000) == ()


def is_permitted(database: Database, person: Person) -> bool:
    return database.run_now(lambda work: work.of(StatusPermissions).is_permitted(person.id))


def test_what_the_platform_took_back_is_forgotten_but_not_what_came_after(
    database: Database,
) -> None:
    anna, liga = permits(database), permits(database, "Līga")
    at = anna.addresses[0]

    def forget(users: tuple[str, ...] | None, before: float) -> None:
        database.run_now(
            lambda work: work.of(StatusPermissions).forget(
                at.platform, at.workspace, users, second(before)
            )
        )

    forget((at.user,), -1)
    assert is_permitted(database, anna)
    forget((at.user,), 0)
    assert (is_permitted(database, anna), is_permitted(database, liga)) == (False, True)
    forget((), 5)
    assert is_permitted(database, liga)
    forget(None, 5)
    assert not is_permitted(database, liga)


def test_with_another_key_it_is_as_if_nobody_had_permitted_it(url: str) -> None:
    database = Database(url, Seal("the first"))
    anna = permits(database)
    show(database, anna)
    database.close()
    database = Database(url, Seal("another"))
    assert not is_permitted(database, anna)
    (one,) = claim(database)
    assert one.token is None

    def permit_again(work: SqlWork) -> None:
        work.of(StatusPermissions).permit(anna, Address("slack", "T1", "U1"), "xoxp-3", NOW)

    database.run_now(permit_again)
    assert is_permitted(database, anna)
    database.close()


def test_what_the_platform_limits_is_held_for_all_processes(database: Database) -> None:
    anna, janis = permits(database), permits(database, "Janis")
    show(database, anna)
    (one,) = claim(database)
    settle(database, StatusSettled(one, None, due=second(20), held_until=second(20)))
    show(database, janis, at=1)
    assert claim(database, 1, process="another") == ()
    assert database.run_now(lambda work: work.of(StatusDispatch).next_due()) == second(20)
    both = claim(database, 20, process="another")
    assert {claim.person for claim in both} == {anna, janis}
