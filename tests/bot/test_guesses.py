"""Guesses are let through a few at once, and then a few a minute."""

from bot import guesses
from bot.guesses import Guesses


class Time:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def allowed(tried: Guesses, peer: str | None, times: int = 100) -> int:
    return sum(tried.may(peer) for _ in range(times))


def test_twenty_at_once_and_then_one_in_three_seconds() -> None:
    time = Time()
    tried = Guesses(time)
    assert allowed(tried, "203.0.114.7") == 20
    for seconds, more in ((2.9, 0), (0.1, 1), (30.0, 10), (3600.0, 20)):
        time.now += seconds
        assert allowed(tried, "203.0.114.7") == more


def test_everybody_has_their_own() -> None:
    tried = Guesses(Time())
    assert [allowed(tried, peer) for peer in ("203.0.114.7", "203.0.114.8", None)] == [20] * 3
    assert allowed(tried, "::ffff:203.0.114.9") == 20
    assert allowed(tried, "::ffff:203.0.114.10") == 20


def test_a_network_of_addresses_is_one() -> None:
    tried = Guesses(Time())
    assert sum(tried.may(f"2a00:1:2:3::{n:x}") for n in range(100)) == 20
    assert allowed(tried, "2a00:1:2:4::1") == 20


def test_what_is_remembered_is_bounded() -> None:
    tried = Guesses(Time())
    assert allowed(tried, "203.0.114.7") == 20
    for number in range(guesses._PEERS):  # noqa: SLF001 - how many it is, no test needs to say
        tried.may(f"10.{number // 65536}.{number // 256 % 256}.{number % 256}")
    assert allowed(tried, "203.0.114.7") == 20, "the one who guessed first was forgotten"
    assert allowed(tried, f"10.{number // 65536}.{number // 256 % 256}.{number % 256}") == 19
