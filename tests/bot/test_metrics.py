"""What is counted tells nobody what somebody asked in private."""

from datetime import UTC, datetime, timedelta

from bot.metrics import Metrics
from handlers import routes
from handlers.features import NOTICES
from handlers.kit.commands import Command
from handlers.kit.notices import Notice, Sent
from handlers.kit.people import Address

ANNA = Address("paper", "T1", "Anna")
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


def counted(*commands: Command) -> str:
    """The page after these were asked."""
    metrics = Metrics()
    for command in commands:
        metrics.asked(routes.label_of(command), 0.1)
    return metrics.page().decode()


def test_nobody_reads_off_a_count_who_was_asked_to_listen_and_what_they_said() -> None:
    private = (
        Command("vent", ANNA, "@Līga bad call"),
        Command("vent.no", ANNA),
        Command("vent", ANNA, "weeks"),
        Command("plecs", ANNA, "izrunāties Līga"),
    )
    page = counted(*private)
    assert 'plecs_ack_seconds_count{route="private"} 4.0' in page
    assert '"vent' not in page
    assert {route.private for route in routes.ROUTES if route.name.startswith("vent")} == {True}


def test_nobody_reads_off_a_count_who_said_no_where_a_no_looks_like_a_silence() -> None:
    """Nor by taking those who said yes from those who were asked, where that tells it."""
    noes = ("hand.decline", "break.not", "supervision.decline", "session.agree", "session.disagree")
    page = counted(*(Command(name, ANNA) for name in noes))
    assert 'plecs_ack_seconds_count{route="private"} 5.0' in page
    assert [name for name in noes if name in page] == []


def test_nobody_reads_off_a_count_how_somebody_is_or_that_they_want_no_break() -> None:
    told = ("break.hard", "break.decline", "plan.later", "plan.skip", "calm.worse", "calm.better")
    page = counted(*(Command(name, ANNA) for name in told))
    assert 'plecs_ack_seconds_count{route="private"} 6.0' in page
    assert [name for name in told if name in page] == []


def test_nobody_reads_off_a_count_that_it_was_too_much_or_what_is_brought_and_kept() -> None:
    told = (
        *("session.ask.send", "session.request.done", "session.vote", "session.rate"),
        *("session.case", "session.case.keep", "session.case.take", "session.keepsake.keep"),
        *("session.swap.send", "session.swap.yes", "session.swap.no", "offer.sign.not_now"),
    )
    page = counted(*(Command(name, ANNA) for name in told))
    assert 'plecs_ack_seconds_count{route="private"} 12.0' in page
    assert [name for name in told if name in page] == []
    assert NOTICES["supervision.request"].private
    assert NOTICES["supervision.swap"].private


def test_nobody_reads_off_a_count_who_was_about_to_ask_or_what_helped() -> None:
    """What leads to something private is that, too; and a no is, whoever is told of it."""
    told = (
        *("session.ask", "supervision.ask_in", "calm.show"),
        *("shift.swap.decline", "learn.request.no"),
    )
    page = counted(*(Command(name, ANNA) for name in told))
    assert 'plecs_ack_seconds_count{route="private"} 5.0' in page
    assert [name for name in told if name in page] == []


def test_sends_of_private_notices_are_counted_under_one_name() -> None:
    metrics = Metrics()
    for kind in (kind for kind in NOTICES if kind.startswith("vent.")):
        metrics.sent("paper", Notice(kind, "v1", ("p1",), NOW), Sent("1"), timedelta())
    page = metrics.page().decode()
    assert 'plecs_sends_total{kind="private",platform="paper",result="sent"} 7.0' in page
    assert '"vent' not in page


def test_a_word_behind_a_command_is_counted_as_the_route_it_stands_for() -> None:
    page = counted(
        Command("hand", ANNA, "log"),
        Command("plecs", ANNA, "roka žurnāls"),
        Command("hand", ANNA, "log in problem"),
        Command("gone.long.ago", ANNA),
    )
    assert 'plecs_ack_seconds_count{route="hand.log"} 2.0' in page
    assert 'plecs_ack_seconds_count{route="hand"} 1.0' in page
    assert 'plecs_ack_seconds_count{route="other"} 1.0' in page
