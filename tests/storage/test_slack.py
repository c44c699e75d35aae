"""Slack's tokens are changed one by one, and each is the workspace's that it was got for."""

from datetime import datetime, timedelta

from storage.database import Database
from storage.sealed import Seal
from storage.slack import Rotation, SlackInstallation, Token
from tests.storage.made import NOW

SOON = NOW + timedelta(hours=1)


def install(database: Database, team: str, token: Token, at: datetime = NOW) -> None:
    database.run_now(lambda work: work.slack.put(SlackInstallation(team, team, "", at), token))


def due(database: Database) -> Rotation | None:
    return database.run_now(lambda work: work.slack.begin_rotation(NOW, NOW + timedelta(hours=2)))


def test_a_token_that_can_not_be_opened_holds_up_no_other(database: Database, url: str) -> None:
    other = Database(url, Seal("another secret"))
    install(other, "T1", Token("xoxe.1", "refresh-1", SOON))
    other.close()
    install(database, "T2", Token("xoxe.2", "refresh-2", SOON + timedelta(minutes=1)))
    assert (due(database), due(database)) == (Rotation("T2", "refresh-2", NOW), None)


def test_what_was_installed_anew_meanwhile_keeps_its_token(database: Database) -> None:
    install(database, "T1", Token("xoxe.1", "refresh-1", SOON))
    one, later = due(database), NOW + timedelta(seconds=5)
    assert one is not None
    install(database, "T1", anew := Token("xoxe.new", "refresh-new", SOON), later)
    database.run_now(lambda work: work.slack.rotated(one, Token("xoxe.2", "refresh-2", SOON)))
    assert database.run_now(lambda work: work.slack.token("T1")) == anew
