from dataclasses import replace
from datetime import timedelta

from handlers.kit.people import Address, Person, Profile
from storage import cleaning
from storage.database import Database
from storage.teams import Reference, without_conversation
from storage.work import SqlWork
from tests.storage.made import NOW, second

ANNA, JANIS = (Address("teams", "tenant", user) for user in ("anna", "janis"))
HERE = Reference("https://smba.example/emea/", "a:conversation", "29:anna", "28:plecs")


def known(work: SqlWork, address: Address, name: str) -> Person:
    workspace = work.workspaces.of(address)
    return work.people.add(workspace, Profile(address, name), frozenset())


def reference(database: Database, address: Address = ANNA) -> Reference | None:
    return database.run_now(lambda work: work.teams.reference(address))


def test_the_newest_conversation_wins_whatever_comes_late(database: Database) -> None:
    moved = replace(HERE, service_url="https://smba.example/amer/")
    assert reference(database) is None
    database.run_now(lambda work: work.teams.put(ANNA, HERE, second(10)))
    assert reference(database) == HERE
    database.run_now(lambda work: work.teams.put(ANNA, moved, second(20)))
    database.run_now(lambda work: work.teams.put(ANNA, HERE, second(15)))
    assert reference(database) == moved


def test_a_removal_is_followed_and_an_older_message_does_not_undo_it(database: Database) -> None:
    database.run_now(lambda work: work.teams.put(ANNA, HERE, NOW))
    database.run_now(lambda work: work.teams.gone(ANNA, second(10)))
    database.run_now(lambda work: work.teams.put(ANNA, HERE, second(5)))
    assert reference(database) is None
    database.run_now(lambda work: work.teams.put(ANNA, HERE, second(20)))
    assert reference(database) == HERE


def test_nothing_of_a_conversation_can_be_read_in_the_database(
    database: Database, url: str
) -> None:
    database.run_now(lambda work: work.teams.put(ANNA, HERE, NOW))

    def row(work: SqlWork) -> str:
        return str(work.connection.exec_driver_sql("SELECT * FROM teams_conversations").all())

    assert [word for word in ("smba", "conversation", "29:") if word in database.run_now(row)] == []


def test_who_has_not_installed_the_app_is_known_by_name(database: Database) -> None:
    def people(work: SqlWork) -> None:
        known(work, ANNA, "Anna Liepa")
        known(work, JANIS, "Jānis Kalns")
        left = known(work, Address("teams", "tenant", "ilze"), "Ilze")
        work.people.save(replace(left, active=False))
        known(work, Address("teams", "another", "peter"), "Peter")
        known(work, Address("slack", "tenant", "U1"), "Somebody in Slack")
        work.teams.put(ANNA, HERE, NOW)

    def without(work: SqlWork) -> list[str]:
        return list(without_conversation(work.connection, "tenant"))

    database.run_now(people)
    assert database.run_now(without) == ["Jānis Kalns"]
    database.run_now(lambda work: work.teams.gone(ANNA, second(1)))
    assert database.run_now(without) == ["Anna Liepa", "Jānis Kalns"]


def test_a_removed_one_goes_after_30_days_and_an_installed_one_stays(database: Database) -> None:
    def fill(work: SqlWork) -> None:
        work.teams.put(ANNA, HERE, NOW)
        work.teams.put(JANIS, HERE, NOW)
        work.teams.gone(JANIS, NOW)

    def left(work: SqlWork) -> int:
        cleaning.clean(work.connection, NOW + timedelta(days=30, seconds=1))
        rows = work.connection.exec_driver_sql("SELECT count(*) FROM teams_conversations")
        return int(rows.scalar_one())

    database.run_now(fill)
    assert database.run_now(left) == 1


def test_whoever_is_erased_leaves_no_conversation(database: Database) -> None:
    def fill(work: SqlWork) -> Person:
        work.teams.put(ANNA, HERE, NOW)
        work.teams.put(JANIS, HERE, NOW)
        known(work, JANIS, "Jānis")
        return known(work, ANNA, "Anna")

    anna = database.run_now(fill)
    database.run_now(lambda work: cleaning.erase(work.connection, anna.id))
    assert reference(database) is None
    assert reference(database, JANIS) == HERE
