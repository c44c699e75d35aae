"""Policies and receipts as they are kept, over both databases."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.boundaries.model import (
    RECEIPT_KEPT,
    Behaviour,
    Policies,
    PolicyFile,
    PolicySet,
    Receipt,
    amend,
)
from handlers.boundaries.plain import POLICIES
from handlers.kit.people import Address, Profile
from handlers.library.model import UNFOUND_KEPT, Adoption, Author, Found, Unfound, Version
from storage.cleaning import clean, erase, export
from storage.database import Database
from storage.library_yaml import shipped
from storage.sealed import Seal

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SHIPPED = shipped(POLICIES, NOW.date())


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def database(
    request: pytest.FixtureRequest, empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    if request.param == "sqlite":
        file = tmp_path_factory.mktemp("policies") / "policies.db"
        shutil.copy(empty_sqlite, file)
        url = f"sqlite:///{file}"
    else:
        url = request.getfixturevalue("migrated_postgres")
    database = Database(url, Seal("a secret"))
    yield database
    database.close()


@pytest.fixture
def workspace() -> str:
    return f"paper-{uuid4().hex[:8]}"


def person(database: Database, workspace: str) -> str:
    profile = Profile(Address("paper", workspace, "anna"), "Anna")
    return database.run_now(lambda work: work.people.add(workspace, profile, frozenset()).id)


def changed(number: int, **how: object) -> PolicySet:
    rude = replace(SHIPPED.behaviours[0], **how)  # type: ignore[arg-type] # any field at all
    return amend(SHIPPED, PolicyFile((rude,), None), number)


def keep(database: Database, receipt: Receipt) -> bool:
    return database.run_now(lambda work: work.of(Policies).keep(receipt))


def save(database: Database, version: Version[PolicySet]) -> bool:
    return database.run_now(lambda work: work.of(Policies).save(version))


def kept(database: Database, receipt: str) -> Receipt | None:
    return database.run_now(lambda work: work.of(Policies).receipt(receipt))


def receipt(agent: str, workspace: str, card: str, boundary: Behaviour) -> Receipt:
    return Receipt(uuid4().hex, workspace, agent, card, NOW, 1, boundary, adopted=True)


def test_a_workspace_begins_with_what_ships(database: Database, workspace: str) -> None:
    first = Version(workspace, 1, NOW, Author(), SHIPPED)
    assert database.run_now(lambda work: work.of(Policies).current(workspace, NOW)) == first
    assert database.run_now(lambda work: work.of(Policies).history(workspace, 5)) == ()
    database.run_now(lambda work: work.of(Policies).settle(workspace, NOW))
    later = NOW + timedelta(days=700)
    database.run_now(lambda work: work.of(Policies).settle(workspace, later))
    assert database.run_now(lambda work: work.of(Policies).current(workspace, later)) == first
    assert database.run_now(lambda work: work.of(Policies).history(workspace, 5)) == (first,)


def test_versions_are_numbered_and_none_is_overwritten(database: Database, workspace: str) -> None:
    by = Author(person=person(database, workspace))
    second = Version(workspace, 2, NOW, by, changed(2, review=date(2030, 1, 1)))
    assert save(database, second)
    rival = replace(second, content=changed(2, review=date(2031, 1, 1)))
    assert not save(database, rival)
    history = database.run_now(lambda work: work.of(Policies).history(workspace, 5))
    assert history == (second, Version(workspace, 1, NOW, Author(), SHIPPED))
    assert database.run_now(lambda work: work.of(Policies).version(workspace, 2)) == second
    assert database.run_now(lambda work: work.of(Policies).version(workspace, 3)) is None
    assert database.run_now(lambda work: work.of(Policies).version("paper-other", 2)) is None


def test_what_was_rolled_back_was_never_there(database: Database, workspace: str) -> None:
    lost = Version(workspace, 2, NOW, Author(name="lost"), changed(2, review=date(2030, 1, 1)))

    def fail(work):  # type: ignore[no-untyped-def] # only to be rolled back
        work.of(Policies).save(lost)
        assert work.of(Policies).current(workspace, NOW) == lost
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.run_now(fail)
    saved = replace(lost, by=Author(name="kept"), content=changed(2, review=date(2031, 1, 1)))
    save(database, saved)
    assert database.run_now(lambda work: work.of(Policies).current(workspace, NOW)) == saved


def test_the_search_hears_the_workspaces_own_words(database: Database, workspace: str) -> None:
    def find(words: str) -> Found:
        return database.run_now(lambda work: work.of(Policies).search(workspace, words, NOW))[1]

    assert find("zirneklis") == Found()
    assert find("swearing") == Found(("rude", "sexual"), sure=True)
    examples = {"lv": ("zirneklis", "zirnekļi"), "en": ("spider",)}
    own = Version(workspace, 2, NOW, Author(), changed(2, examples=examples))
    save(database, own)
    assert find("Zirneklim") == Found(("rude",), sure=True)


def test_one_card_is_one_receipt(database: Database, workspace: str) -> None:
    agent = person(database, workspace)
    first = receipt(agent, workspace, "c1", SHIPPED.behaviours[0])
    again = replace(first, id=uuid4().hex, ended_at=NOW + timedelta(seconds=1))
    assert keep(database, first)
    assert not keep(database, again)
    assert database.run_now(lambda work: work.of(Policies).receipt_of(agent, "c1")) == first
    assert kept(database, again.id) is None
    later = replace(again, card="c2")
    assert keep(database, later)
    assert database.run_now(lambda work: work.of(Policies).receipts(agent, 10)) == (later, first)
    assert database.run_now(lambda work: work.of(Policies).receipts(agent, 1)) == (later,)


_words = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=9
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    edits=st.lists(
        st.fixed_dictionaries(
            {
                "ending": st.fixed_dictionaries(dict.fromkeys(("lv", "en", "ru"), _words)),
                "owner": st.fixed_dictionaries(dict.fromkeys(("lv", "en"), _words)),
                "warnings": st.just(()),
            }
        ),
        min_size=1,
        max_size=4,
    )
)
def test_no_later_edit_reaches_a_receipt(
    database: Database, edits: list[dict[str, object]]
) -> None:
    workspace = f"paper-{uuid4().hex[:8]}"
    agent = person(database, workspace)
    receipts = []
    for number, edit in enumerate(edits, 2):
        current = database.run_now(lambda work: work.of(Policies).current(workspace, NOW))
        written = receipt(agent, workspace, f"c{number}", current.content.behaviours[0])
        assert keep(database, written)
        receipts.append(written)
        rude = replace(current.content.behaviours[0], **edit)  # type: ignore[arg-type] # any
        policies = amend(current.content, PolicyFile((rude,), None), number)
        saved = Version(workspace, number, NOW, Author(), policies)
        assert save(database, saved)
    found = [kept(database, each.id) for each in receipts]
    assert found == receipts


def test_a_receipt_lives_two_years(database: Database, workspace: str) -> None:
    agent = person(database, workspace)
    old = receipt(agent, workspace, "c1", SHIPPED.behaviours[0])
    keep(database, old)
    database.run_now(lambda work: clean(work.connection, NOW + RECEIPT_KEPT))
    assert database.run_now(lambda work: work.of(Policies).receipts(agent, 5)) == (old,)
    database.run_now(lambda work: clean(work.connection, NOW + RECEIPT_KEPT + timedelta(seconds=1)))
    assert database.run_now(lambda work: work.of(Policies).receipts(agent, 5)) == ()


def test_erasing_a_person_takes_their_receipts_and_leaves_the_policies(
    database: Database, workspace: str
) -> None:
    agent = person(database, workspace)
    mine = receipt(agent, workspace, "c1", SHIPPED.behaviours[0])
    by = Author(person=agent)
    second = Version(workspace, 2, NOW, by, changed(2, review=date(2030, 1, 1)))
    save(database, second)
    keep(database, mine)
    exported = database.run_now(lambda work: export(work.connection, agent, work.seal))
    assert [row["id"] for row in exported["policy_receipts"]] == [mine.id]
    assert [row["number"] for row in exported["library_versions"]] == [2]
    database.run_now(lambda work: erase(work.connection, agent))
    assert kept(database, mine.id) is None
    assert database.run_now(lambda work: work.of(Policies).version(workspace, 2)) == replace(
        second, by=Author()
    )


def test_a_boundary_is_adopted_as_it_is_and_by_who_was_first(
    database: Database, workspace: str
) -> None:
    rude, persistent = SHIPPED.behaviours[:2]
    zane, other = Author(name="Zane"), Author(name="Ilze")

    def adopt(by: Author, *behaviours: Behaviour) -> None:
        adoptions = [Adoption(workspace, one.id, one.version, by, NOW) for one in behaviours]
        database.run_now(lambda work: work.of(Policies).adopt(adoptions))

    def adopted(behaviour: Behaviour, where: str = workspace) -> Adoption | None:
        return database.run_now(lambda work: work.of(Policies).adopted(where, behaviour))

    adopt(zane, rude)
    adopt(other, rude, persistent)
    assert adopted(rude) == Adoption(workspace, "rude", 1, zane, NOW)
    assert adopted(persistent) == Adoption(workspace, "persistent", 1, other, NOW)
    assert adopted(replace(rude, version=2)) is None
    assert adopted(rude, "another") is None


def test_what_was_not_found_is_counted_by_people(database: Database, workspace: str) -> None:
    def join(user: str) -> str:
        profile = Profile(Address("paper", workspace, user), user)
        return database.run_now(lambda work: work.people.add(workspace, profile, frozenset()).id)

    people = [join(f"u{number}") for number in range(4)]

    def asks(who: int, words: str, at: datetime = NOW) -> None:
        found = people[who]
        database.run_now(lambda work: work.of(Policies).not_found(workspace, found, words, at))

    for who in range(4):
        asks(who, "a")
    for who in (0, 1, 2, 2, 2):
        asks(who, "b")
    for who in (0, 0, 1):
        asks(who, "c")
    asks(3, "c", NOW - UNFOUND_KEPT - timedelta(seconds=1))
    shown = database.run_now(lambda work: work.of(Policies).unfound(workspace, NOW, 9))
    assert shown == (Unfound("a", 4), Unfound("b", 3))
    first = database.run_now(lambda work: work.of(Policies).unfound(workspace, NOW, 1))
    assert first == (Unfound("a", 4),)


def test_a_void_receipt_stays(database: Database, workspace: str) -> None:
    agent = person(database, workspace)
    one = receipt(agent, workspace, "c1", SHIPPED.behaviours[0])
    keep(database, one)
    at = NOW + timedelta(minutes=5)
    database.run_now(lambda work: work.of(Policies).void(one.id, at))
    assert kept(database, one.id) == replace(one, void_at=at)
