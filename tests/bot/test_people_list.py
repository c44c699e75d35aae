import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.csv_file import BadLine
from bot.people_changes import BusyError, ListChanges, bring_in
from bot.people_list import Listed, read_list
from bot.services import services
from handlers.escalation.model import Cases
from handlers.kit.hours import parse_hours
from handlers.kit.people import Address, Person, Role, Topic
from handlers.work import Occasion
from storage.database import Database
from tests.storage.made import NOW, raised

TOPICS = (
    Topic("contracts", "slack-T1", {"lv": ("līgumi", "līgums"), "en": ("contracts",)}),
    Topic("bills", "slack-T1", {"lv": ("rēķini",), "en": ("bills", "invoice")}),
    Topic("solar", "slack-T1", {"lv": ("saules paneļi",), "en": ("solar panels",)}),
)
PLACES = (Address("slack", "T1", ""), Address("teams", "tenant", ""))
JANIS = Listed(
    (Address("slack", "T1", "U01"),),
    "Jānis Ozols",
    frozenset({Role.AGENT, Role.SUPERVISOR}),
    ("contracts", "solar"),
    "Līgumu speciālists",
    "Līga Bērziņa",
    "lv",
    "Europe/Riga",
    parse_hours("Mon-Fri 08:00-17:00"),
    extension="214",
)
ANNA = Listed((Address("slack", "T1", "U02"),), "Anna Kalniņa")


def read(text: str) -> tuple[tuple[Listed, ...], tuple[BadLine, ...]]:
    return read_list(text.encode(), PLACES, TOPICS)


@pytest.mark.parametrize(
    "text",
    [
        (
            "name,platform user,roles,topics,position,extension,manager,locale,zone,hours\n"
            "Jānis Ozols,U01,supervisor,līgums / Saules paneļi,Līgumu speciālists,214,Līga Bērziņa,"
            "lv,Europe/Riga,Mon-Fri 08:00-17:00\n"
            "Anna Kalniņa,U02,,,,,,,,\n"
        ),
        # As Excel saves it in Latvia: a mark at the start, semicolons, Windows' line ends.
        (
            "\ufeffName;Platform_User;Roles;Topics;Position;Extension;Manager;Locale;Zone;Hours\r\n"
            "Jānis Ozols;U01;agent, supervisor;ligums,solar;Līgumu speciālists;214;Līga Bērziņa;LV;"
            "Europe/Riga;P-Pk 8:00-17:00\r\n"
            ";;;;;;;;;\r\n"
            "Anna Kalniņa;U02\r\n"
        ),
        # With the line that tells Excel the separator, a blank one, and columns once in use.
        (
            "sep=;\r\n;;\r\n"
            "name;platform user;roles;topics;position;extension;manager;locale;zone;hours;;\r\n"
            "Jānis Ozols;U01;supervisor;līgumi, solar;Līgumu speciālists;214;Līga Bērziņa;lv;"
            "Europe/Riga;Mon-Fri 08:00-17:00;;\r\n"
            "Anna Kalniņa;U02;;;;;;;;;;\r\n"
        ),
        (
            "\n\nname\tplatform user\troles\ttopics\tposition\textension\tmanager\tlocale\tzone\t"
            "hours\t\nJānis Ozols\tU01\tsupervisor\tcontracts, solar\tLīgumu speciālists\t214\t"
            "Līga Bērziņa\tlv\tEurope/Riga\tMon-Fri 08:00-17:00\t\n"
            "Anna Kalniņa\tU02\n"
        ),
    ],
    ids=["commas", "as Excel saves it", "with sep and empty columns", "blank lines first"],
)
def test_a_list_is_read_as_offices_write_it(text: str) -> None:
    assert read(text) == ((JANIS, ANNA), ())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_list_as_excel_saves_it_as_unicode_text(encoding: str) -> None:
    content = "name\tplatform user\r\nAnna Kalniņa\tU02\r\n".encode(encoding)
    assert read_list(content, PLACES, TOPICS) == ((ANNA,), ())


@pytest.mark.parametrize(
    "text",
    [
        "name,platform user\rAnna Kalniņa,U02\r",
        "sep=;\nname,platform user\nAnna Kalniņa,U02\n",  # sep= says what is not so
        'name, platform user\n"Anna Kalniņa", "U02"\n',
        "name,platform_user\nAnna Kalniņa,\u00a0U02\u200b\n",  # as it is copied from a page
        '"Name";Platform User\n"Anna Kalniņa";U02\n',
        "name,platform user\nAnna Kalniņa,U02\n\x1a",
        '\ufeff\ufeffname,platform user\n"Anna\nKalniņa",U02\n',
    ],
)
def test_what_programs_and_pages_add_is_not_of_a_cell(text: str) -> None:
    assert read(text) == ((ANNA,), ())


def test_cells_are_kept_as_they_can_be_shown() -> None:
    (listed,), bad = read(
        "name,platform user,locale,zone,extension\n"
        "Anna\u202e Kalniņa,U02,lv_LV.UTF-8,europe/riga ,2\u202e14\x07\n"
    )
    shown = (listed.name, listed.locale, listed.zone, listed.extension)
    assert (shown, bad) == (("Anna Kalniņa", "lv", "Europe/Riga", "214"), ())


def test_lines_are_counted_as_an_editor_does_and_what_has_no_column_is_not_lost() -> None:
    good, bad = read("sep=,\n\nname,platform user,\nAnna Kalniņa,U02,\nIlze,U03,words\n,U04,\n")
    assert good == (ANNA,)
    assert bad == (
        BadLine(5, "has 3 cells; the header has 2"),
        BadLine(6, "name is empty"),
    )
    assert read("\n\nnom,platform user\n")[1][0].number == 3


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",U03,,,,", "name is empty"),
        ("Ilze,,,,,", "platform user is empty"),
        (
            "Ilze,@ilze,,,,",
            "'@ilze' is no Slack member ID: copy it from the person's profile",
        ),
        ("Ilze,U02,,,,", "U02 is on line 2 already"),
        (
            "Ilze,U03,boss,,,",
            "'boss' is no role. There are: agent, supervisor, coordinator, admin",
        ),
        (
            "Ilze,U03,,gas,,",
            "'gas' is no topic here. There are: contracts, bills, solar panels",
        ),
        (
            "Ilze,U03,,contracts/bills/solar,,",
            "has 3 topics; 2 are the most that hold",
        ),
        ("Ilze,U03,,,ru,", "'ru' is no language of Plecs. There are: lv, en"),
        (
            "Ilze,U03,,,,mornings",
            "cannot read the hours 'mornings'. They look like Mon-Fri 08:00-17:00",
        ),
        ("Ilze,U03,,,,,,", "has 8 cells; the header has 6"),
    ],
)
def test_a_bad_line_is_told_with_its_number_and_reason(line: str, reason: str) -> None:
    text = f"name,platform user,roles,topics,locale,hours\nAnna Kalniņa,U02,,,,\n\n{line}\n"
    assert read(text) == ((ANNA,), (BadLine(4, reason),))


def test_every_fault_of_every_line_is_told() -> None:
    _, bad = read('name,platform user,zone\n,U03,Riga\n"two\nlines",x,\nIlze,U04,Rīga\n')
    assert bad == (
        BadLine(2, "name is empty"),
        BadLine(2, "'Riga' is no time zone. One is called Europe/Riga"),
        BadLine(3, "'x' is no Slack member ID: copy it from the person's profile"),
        BadLine(5, "'Rīga' is no time zone. One is called Europe/Riga"),
    )


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "has no column name and no column platform user."),
        (b"name;role\n", "has no column platform user."),
        (b"name,platform user,rolls\n", "has a column 'rolls' that means nothing here."),
        (b"name,platform user,name\n", "has a column twice"),
        ("vārds".encode("cp1257"), "is not UTF-8"),
        (b'name,"platform user\nAnna,U01\n', "is not CSV"),
        ("name,platform user\nAnna,U01\n".encode("utf-16-le"), "is no text"),
        ("name,platform user\nAnna,U01\n".encode("utf-32"), "is no text"),
        (b"PK\x03\x04\x14\x00\x06\x00", "is no text"),
    ],
)
def test_a_file_that_is_no_such_list_is_told_at_its_first_line(content: bytes, fault: str) -> None:
    good, bad = read_list(content, PLACES, TOPICS)
    assert good == ()
    assert [(line.number, line.reason.startswith(fault)) for line in bad] == [(1, True)]


def test_what_a_line_leaves_out_stays_as_it_was() -> None:
    anna = Person(
        "p1",
        "slack-T1",
        "Anna",
        ANNA.addresses,
        roles=frozenset({Role.AGENT, Role.COORDINATOR}),
        topics=("bills",),
        trusted=("p2",),
        chosen_locale="en",
    )
    assert ANNA.applied_to(anna) == replace(anna, name="Anna Kalniņa")


GUID = "0a1b2c3d-0000-4000-8000-00000000000a"


def test_a_line_may_name_somebody_in_both_apps() -> None:
    good, bad = read(
        f"name,slack user,teams user\nAnna,U02,{GUID}\nIlze,,{GUID[:-1]}b\nJānis,U03,\nZane,,\n"
    )
    assert [one.addresses for one in good] == [
        (Address("slack", "T1", "U02"), Address("teams", "tenant", GUID)),
        (Address("teams", "tenant", f"{GUID[:-1]}b"),),
        (Address("slack", "T1", "U03"),),
    ]
    assert bad == (BadLine(5, "slack user and teams user is empty"),)


def test_microsofts_id_in_capitals_is_nobody_else() -> None:
    text = f"name,teams user\nAnna,{GUID.upper()}\nIlze,{GUID}\n"
    (anna,), (bad,) = read(text)
    assert anna.addresses == (Address("teams", "tenant", GUID),)
    assert bad == BadLine(3, f"{GUID} is on line 2 already")


def test_an_app_that_is_not_set_up_with_this_one_has_nobody() -> None:
    text = f"name,platform user,teams user\nAnna,U02,{GUID}\n".encode()
    _, bad = read_list(text, PLACES[:1], TOPICS)
    assert [line.reason for line in bad] == [
        f"'{GUID}' is of Teams, which is not set up together with this"
    ]


@pytest.fixture
def database(empty_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    shutil.copy(empty_sqlite, tmp_path / "people.db")
    opened = Database(f"sqlite:///{tmp_path / 'people.db'}")
    opened.run_now(lambda work: work.workspaces.join(PLACES))
    yield opened
    opened.close()


def bring(database: Database, *listed: Listed, dry_run: bool = False) -> ListChanges:
    return database.run_now(
        lambda work: bring_in(
            Occasion(work, NOW, services()),
            listed,
            TOPICS,
            dry_run=dry_run,
            progress=lambda done: None,
        )
    )


def kept(database: Database) -> list[Person]:
    return list(database.run_now(lambda work: work.people.search("slack-T1", "", 0, 9))[0])


def test_who_was_kept_twice_is_one_by_a_line_with_both_and_a_dry_run_only_says_so(
    database: Database,
) -> None:
    here, there = Address("slack", "T1", "U02"), Address("teams", "tenant", GUID)
    twice = Listed((here,), "Anna"), Listed((there,), "Anna Kalniņa", frozenset(Role))
    assert bring(database, *twice) == ListChanges(new=2, lines=("+ Anna", "+ Anna Kalniņa"))
    both = Listed((here, there), "Anna Kalniņa")
    told = ("~ Anna: is kept 2 times and becomes one; name Anna → Anna Kalniņa; a further address",)
    assert bring(database, both, dry_run=True) == ListChanges(changed=1, lines=told)
    assert len(kept(database)) == 2
    assert bring(database, both) == ListChanges(changed=1, lines=told)
    (anna,) = kept(database)
    assert (anna.name, anna.addresses, anna.roles) == (
        "Anna Kalniņa",
        (here, there),
        frozenset(Role),
    )
    assert bring(database, both) == ListChanges(same=1)


def test_whoever_is_in_a_call_is_not_made_one_now(database: Database) -> None:
    here, there = Address("slack", "T1", "U02"), Address("teams", "tenant", GUID)
    bring(database, Listed((here,), "Anna"), Listed((there,), "Anna there"))
    anna = next(person for person in kept(database) if person.name == "Anna there")
    database.run_now(lambda work: work.of(Cases).add(raised(anna.id, workspace="slack-T1")))
    with pytest.raises(BusyError, match="Anna"):
        bring(database, Listed((Address("slack", "T1", "U9"),), "New"), Listed((here, there), "A"))
    assert len(kept(database)) == 2, "nobody of the list was brought in"
