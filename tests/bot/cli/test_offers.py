"""`plecs offers`: rules from a file, gift codes, the ledger for accounting and auditors."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from beancount import loader
from sqlalchemy import update
from typer.testing import CliRunner, Result

from bot.cli.run import settings_or_exit
from bot.command_line import app
from bot.local.team import TEAM, seed
from bot.services import services
from handlers.offers import booking
from handlers.offers.ledger.model import Ledger
from handlers.offers.model import GiftCodes, KeptRules, KnownBy, Offer, Offers, RemedyKind
from handlers.work import Occasion
from storage.database import Database
from storage.migrate import migrate
from storage.offers.ledger import offer_entries
from storage.sealed import Seal
from storage.work import SqlWork

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def database(empty_folder: None) -> Iterator[Database]:
    """Of the local workspace, where Anna gave two things, and Līga signed the second."""
    found = settings_or_exit()
    migrate(found.database_url)
    opened = Database(found.database_url, Seal(*found.secrets()))
    opened.run_now(lambda work: seed(work, NOW))
    opened.run_now(_give)
    yield opened
    opened.close()


def _give(work: SqlWork) -> None:
    on = Occasion(work, NOW, services())
    anna, liga = (work.people.at(TEAM[user].address) for user in ("anna", "liga"))
    assert anna is not None
    assert liga is not None
    rules = work.of(KeptRules).in_force(anna.workspace, NOW)
    assert rules is not None
    for number, (kind, cents, signer) in enumerate(
        ((RemedyKind.CREDIT, 1_500, None), (RemedyKind.GIFT_CARD, 2_500, liga.id))
    ):
        offer = Offer(
            str(number),
            anna.workspace,
            anna.id,
            NOW,
            None,
            known_by=KnownBy.CASE,
            customer="mark",
            occasion="missed_visit",
            kind=kind,
            cents=cents,
            version=1,
            limits_version=1,
        )
        work.of(Offers).begin(offer)
        booking.post(booking.hold(offer, rules, on, signer), on)


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["offers", *words])


@pytest.mark.usefixtures("database")
def test_the_ledger_is_written_as_a_table_and_for_beancount(tmp_path: Path) -> None:
    table, books = tmp_path / "offers.csv", tmp_path / "offers.beancount"
    assert run("export", str(table)).exit_code == 0
    assert len(table.read_text("utf-8-sig").splitlines()) == 1 + 2 * 4
    assert run("export", str(books)).exit_code == 0
    directives, errors, _ = loader.load_file(str(books))
    assert (len(directives), errors) == (4 + 3, [])
    other = run("export", str(tmp_path / "offers.xlsx"))
    assert (other.exit_code, "ends in .csv or in .beancount" in other.output) == (1, True)


def test_what_holds_is_told_with_what_to_write_down_and_one_byte_that_does_not_is_named(
    database: Database,
) -> None:
    held = run("verify")
    assert held.exit_code == 0
    written = held.stdout.splitlines()[-1]
    assert written == database.run_now(lambda work: f"4:{work.of(Ledger).head('local-demo').hash}")
    assert run("verify", "--held", written).exit_code == 0
    assert run("verify", "--held", "4:" + "0" * 64).exit_code == 1
    assert "should be a number" in run("verify", "--held", "x").output

    changed = update(offer_entries).where(offer_entries.c.number == 2).values(choice="usuaL")
    assert database.run_now(lambda work: work.connection.execute(changed).rowcount) == 1
    wrong = run("verify")
    assert wrong.exit_code == 1
    assert wrong.output.splitlines() == [
        "entry 2: this entry is not what was written",
        "The ledger does not hold.",
    ]


@pytest.mark.usefixtures("database")
def test_an_auditor_reads_who_could_did_and_approved_by_which_version() -> None:
    told = run("audit").stdout.splitlines()
    assert told[0].startswith("Ledger: 4 entries, newest 4:")
    assert told[3].startswith(
        "  version 1, saved 2026-11-22 12:00 UTC by Plecs itself: alone 20.00"
    )
    assert "    adopted 2026-11-22 12:00 UTC by Māra Liepa: limits" in told
    assert "  may sign today: Līga Bērziņa, Māra Liepa" in told
    assert "  Anna Kalniņa: given 2 (40.00 EUR); by version of occasion/limits 1/1: 2" in told
    assert "  Līga Bērziņa: signed 1 (25.00 EUR)" in told
    assert told[-6:] == [
        "The chain: nothing to look at",
        "Held and never ended: nothing to look at",
        "More than was held: nothing to look at",
        "Signed by the one who offered: nothing to look at",
        "Splits under the limit: nothing to look at",
        "Codes against bookings: nothing to look at",
    ]


def test_codes_are_brought_in_once_and_never_said(tmp_path: Path, database: Database) -> None:
    file = tmp_path / "cards.csv"
    file.write_text("code,amount,until\nSECRET-1,50,2030-01-31\nSECRET-2,50,\n", "utf-8")
    first, again = run("codes", str(file)), run("codes", str(file))
    assert first.stdout.splitlines()[0] == "2 new, 0 were there already."
    assert "50.00 EUR: 2 free" in first.stdout
    assert again.stdout.splitlines()[0] == "0 new, 2 were there already."
    file.write_text("code,amount\nSECRET-3,x\n", "utf-8")
    wrong = run("codes", str(file))
    assert wrong.exit_code == 1
    assert wrong.output.splitlines() == [
        "line 2: the amount is none; write 10 or 12.50",
        "Nothing was brought in.",
    ]
    assert "SECRET" not in first.output + again.output + wrong.output
    stock = database.run_now(lambda work: work.of(GiftCodes).stock("local-demo", NOW.date()))
    assert [(one.cents, one.free) for one in stock][-1] == (5_000, 2)


def test_rules_come_from_a_file_as_a_draft(tmp_path: Path, database: Database) -> None:
    file = tmp_path / "rules.yaml"
    assert run("rules", "export", str(file)).exit_code == 0
    file.write_text(file.read_text("utf-8").replace("'150.00'", "'90.00'"), "utf-8")
    saved = run("rules", "import", str(file), "--yes", "--by", "Marta")
    assert saved.exit_code == 0
    assert "  - agent: 150.00" in saved.stdout.splitlines()
    assert "plecs offers rules adopt --by NAME, or /offer adopt in chat" in saved.stdout

    def most() -> int:
        rules = database.run_now(lambda work: work.of(KeptRules).in_force("local-demo", NOW))
        assert rules is not None
        return rules.bounds.agent

    assert most() == 15_000
    assert run("rules", "adopt", "limits", "--by", "Zane Ozola", "--yes").exit_code == 0
    assert most() == 9_000
