"""Another key, from the first command to the last."""

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import settings_loading
from bot.calendars import Addresses
from bot.command_line import app
from handlers.kit.people import Address, Profile
from handlers.statuses.model import StatusPermissions
from handlers.thanks.model import Thanks, ThankYou
from storage.database import Database
from storage.sealed import Seal
from storage.work import SqlWork
from tests.storage.made import NOW, somebody

ALL_DONE = "Everything is sealed under the newest key."

ONE, OTHER = "one-key-" * 4, "other-key-" * 4


@pytest.fixture
def url(kept: str, tmp_path: Path) -> str:
    """A database with nothing in it, which the settings name."""
    (tmp_path / ".env").write_text(f"DATABASE_URL={kept}\n")
    return kept


def set_keys(url: str, *keys: str) -> None:
    Path(".env").write_text(f"DATABASE_URL={url}\nSECRET_KEY={','.join(keys)}\n")


def plecs(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def last_line(result: Result) -> str:
    return result.output.splitlines()[-1]


def seal_a_token(url: str, name: str = "Anna") -> None:
    """What somebody's permission seals, under the first key of the settings."""
    database = Database(url, Seal(*settings_loading.load().secrets()))
    anna = somebody(database, name)
    database.run_now(
        lambda work: work.of(StatusPermissions).permit(anna, anna.addresses[0], "xoxp-1", NOW)
    )
    database.close()


def file_address(*secrets: str, until: datetime = NOW) -> str:
    address = Addresses("https://plecs.example", *secrets).file("dates.ics", "c1", "p1", until)
    assert address is not None
    return address


def test_the_key_beside_the_database_is_changed(url: str) -> None:
    seal_a_token(url)
    (former,) = settings_loading.load().secrets()
    made = plecs("keys", "new")
    assert made.exit_code == 0, made.output
    newest, before = settings_loading.load().secrets()
    assert (before, len(newest), newest != before) == (former, 64, True)
    assert newest not in made.output
    told = "1 tokens and the like are still sealed under a former key of SECRET_KEY: plecs keys"
    assert told in plecs("check").output
    refused = plecs("keys", "new")
    assert (refused.exit_code, settings_loading.load().secrets()) == (1, (newest, former))
    rotated = plecs("keys", "rotate")
    assert (rotated.exit_code, last_line(rotated)) == (0, ALL_DONE)
    assert "1 values are sealed under the newest key now." in rotated.output
    checked = plecs("check")
    assert checked.exit_code == 0
    assert "Nothing is sealed under a former key of SECRET_KEY any more." in checked.output
    again = plecs("keys", "rotate")
    assert (again.exit_code, again.output.splitlines()) == (0, [ALL_DONE])


def test_no_key_is_made_that_a_running_plecs_would_not_know(url: str) -> None:
    running = Database(url, Seal(*settings_loading.load().secrets()))
    assert running.claim_sole_use()
    refused = plecs("keys", "new")
    running.close()
    assert (refused.exit_code, len(settings_loading.load().secrets())) == (1, 1)
    assert last_line(refused) == "Plecs is running: stop it first, or it would not know the key."
    assert plecs("keys", "new").exit_code == 0


def test_a_key_that_is_set_is_changed_where_it_is_set(url: str) -> None:
    set_keys(url, ONE)
    refused = plecs("keys", "new")
    assert (refused.exit_code, "openssl rand -hex 32" in refused.output) == (1, True)
    seal_a_token(url)
    set_keys(url, OTHER, ONE)
    assert plecs("keys", "rotate", "--yes").exit_code == 0
    set_keys(url, OTHER)
    assert plecs("check").exit_code == 0


def test_beside_a_running_plecs_it_asks_whether_that_knows_the_keys(url: str) -> None:
    set_keys(url, ONE)
    seal_a_token(url)
    set_keys(url, OTHER, ONE)
    running = Database(url, Seal(OTHER, ONE))
    assert running.claim_sole_use()
    unsure = CliRunner().invoke(app, ["keys", "rotate"], input="n\n")
    sure = CliRunner().invoke(app, ["keys", "rotate"], input="y\n")
    running.close()
    assert (unsure.exit_code, "still sealed" in unsure.output) == (1, False)
    assert (sure.exit_code, last_line(sure)) == (0, ALL_DONE)


def test_what_no_key_opens_is_told_and_left(url: str) -> None:
    set_keys(url, ONE)
    seal_a_token(url)
    set_keys(url, OTHER)
    lost = plecs("keys", "rotate")
    assert lost.exit_code == 1
    assert last_line(lost) == (
        "1 values are sealed under none of these keys, and stay as they are: put the key that "
        "sealed them into SECRET_KEY, after the first one."
    )
    set_keys(url, OTHER, ONE)
    assert plecs("keys", "rotate").exit_code == 0


def test_with_no_database_there_is_nothing_to_do(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("")
    assert plecs("keys", "rotate").output == "There is no database yet, and nothing is sealed.\n"
    assert plecs("keys", "new").exit_code == 0


def test_an_address_opens_with_the_key_it_was_signed_with_until_that_is_left_out() -> None:
    until = NOW + timedelta(days=30)
    token = file_address(ONE, until=until).split("/")[-2]
    both, newest = (Addresses("https://plecs.example", *keys) for keys in ((OTHER, ONE), (OTHER,)))
    ticket = both.ticket(token)
    assert ticket is not None
    assert (ticket.reader, ticket.until) == ("p1", until)
    assert newest.ticket(token) is None
    signed_now = file_address(OTHER, ONE).split("/")[-2]
    assert newest.ticket(signed_now) is not None


def thank(url: str) -> None:
    """Janis is thanked, under the first key of the settings."""

    def write(work: SqlWork) -> None:
        anna, janis = (
            work.people.add("local-demo", Profile(Address("local", "demo", one), one), frozenset())
            for one in ("anna", "janis")
        )
        one = ThankYou("t1", "local-demo", anna.id, janis.id, "the long evening", None, NOW)
        work.of(Thanks).add(one)

    database = Database(url, Seal(*settings_loading.load().secrets()))
    database.run_now(write)
    database.close()


def given_to_janis() -> tuple[int, list[str], list[str]]:
    """As the command itself gives it: the status, the words, and what stands beside them."""
    told = subprocess.run(
        [sys.executable, "-m", "bot", "people", "export", "janis"],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
        check=False,
    )
    words = [one["words"] for one in json.loads(told.stdout)["thanks"]]
    return told.returncode, words, told.stderr.splitlines()


def words_given_to_janis() -> list[str]:
    """With nothing beside them."""
    told = plecs("people", "export", "janis")
    assert (told.exit_code, told.stderr) == (0, "")
    return [one["words"] for one in json.loads(told.stdout)["thanks"]]


def test_what_another_key_sealed_is_not_left_out_without_a_word(url: str) -> None:
    """Of what somebody is given as all that is kept of them."""
    set_keys(url, ONE)
    thank(url)
    assert words_given_to_janis() == ["the long evening"]
    set_keys(url, OTHER)
    status, words, (logged, told) = given_to_janis()
    assert (status, words) == (1, ["…"])
    assert "sealed.with_another_key" in logged
    assert told == (
        "Not all of it: 1 of these texts are only “…”, for another SECRET_KEY sealed them. Put the "
        "former key back, after a comma, and export again."
    )
    set_keys(url, OTHER, ONE)
    assert words_given_to_janis() == ["the long evening"]


def test_that_nothing_is_kept_of_a_caller_is_not_said_under_another_key(url: str) -> None:
    """Under it they would be nobody, whatever is kept."""
    set_keys(url, ONE)
    thank(url)
    assert plecs("callers", "export", "20000001").exit_code == 0
    set_keys(url, OTHER)
    for asked in (("export",), ("erase", "--yes"), ("allow",)):
        told = plecs("callers", asked[0], "20000001", *asked[1:])
        assert told.exit_code == 1
        assert told.stderr == (
            "Another SECRET_KEY was in use here, and what is kept of a caller under that one is "
            "not found. Put it back, after a comma, and do this again.\n"
        )
