"""What is promised of people, held by SQLite and by PostgreSQL alike."""

from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy.exc import IntegrityError

from handlers.availability.engaged import Availability
from handlers.calls.model import Calls
from handlers.kit.hours import parse_hours
from handlers.kit.people import UNTIL_BACK, Address, Person, Profile, Role
from storage.database import Database
from storage.work import SqlWork
from tests.storage.made import NOW, second, somebody


def at(database: Database, address: Address) -> Person | None:
    return database.run_now(lambda work: work.people.at(address))


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

    def test_whose_name_it_is_comes_before_those_who_have_it_inside(
        self, database: Database
    ) -> None:
        for name in ("Aija Jansone", "Juris Jans", "Jānis Auns", "Jan de Wit", "Ozola-Jan, Zoe"):
            somebody(database, name)
        found, total = database.run_now(lambda work: work.people.search("paper-T1", "jan", 0, 3))
        assert total == 5
        assert [one.name for one in found] == ["Jan de Wit", "Ozola-Jan, Zoe", "Aija Jansone"]

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

        def kept(person: Person) -> Person | None:
            return database.run_now(lambda work: work.people.get(person.id))

        def helpers(**which: object) -> list[str]:
            found = database.run_now(
                lambda work: work.of(Availability).helpers("paper-T1", NOW, **which)  # type: ignore[arg-type] # a test's table
            )
            assert all(helper.person == kept(helper.person) for helper in found)
            return [helper.person.name for helper in found]

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
            helpers = [one.person for one in work.of(Availability).helpers(workspace, NOW)]
            supervisors = people.with_role(workspace, Role.SUPERVISOR)
            return [person.workspace for person in (*found, *helpers, *supervisors)]

        for workspace, times in (("paper-T1", 3), ("paper-T2", 3), ("slack-T1", 0)):
            assert database.run_now(partial(seen, workspace=workspace)) == [workspace] * times


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


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("Ilze Bērziņa", "Ilze Bērziņa"),
        ("BERZINA, ILZE", "Ilze Bērziņa"),
        ("Bērziņa\u00a0Ilze\u200b", "Ilze Bērziņa"),
        ("Jānis Pēteris Kalns", "Kalns, Jānis Pēteris"),
        ("Kalns Jānis Pēteris", "Kalns, Jānis Pēteris"),
        ("Anna Laura", "Anna Laura"),  # as it stands before any other order
        ("Laura Anna", "Laura Anna"),
        ("Ilze", None),
        (",", None),
        (" \u200b ", None),
    ],
)
def test_a_list_s_name_means_who_is_called_so_in_whatever_order(
    database: Database, told: str, name: str | None
) -> None:
    for one in ("Ilze Bērziņa", "Kalns, Jānis Pēteris", "Anna Laura", "Laura Anna"):
        somebody(database, one)
    found = database.run_now(lambda work: work.of(Calls).known_as(told, "paper-T1"))
    assert (found.name if found is not None else None) == name
