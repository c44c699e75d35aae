"""A cut of what `make fuzz` sends: nobody gets in who should not, nothing breaks, and what is
refused leaves the database as it was."""

from pathlib import Path

from tests.fuzz.run import BEGINS_ANEW, TAKES, WELCOME, fuzz

SLACK_KINDS = {
    *("command", "block_actions", "view_submission", "shortcut", "message_action", "event"),
}


async def test_what_nobody_would_send(empty_sqlite: Path, tmp_path: Path) -> None:
    tallies, addresses = await fuzz(empty_sqlite, tmp_path, 2_000, seed=1)
    assert [f"{tally} {tally.examples}" for tally in tallies if not tally.is_good] == []
    assert sum(tally.sent for tally in tallies) >= 2_000
    # What is signed gets as far as the handlers, or nothing is tried of them.
    answered = {one.name: one.statuses[200] + one.statuses[202] for one in tallies}
    least = {one.name: one.sent // 10 for one in tallies if one.name in WELCOME}
    assert {name: answered[name] for name, n in least.items() if answered[name] < n} == {}
    # So does every kind of what Slack posts, and whether it was told so in time is counted.
    (of_slack,) = (one.kinds for one in tallies if one.kinds)
    assert {name: kind for name, kind in of_slack.items() if not kind.statuses[200]} == {}
    assert {name.split()[0] for name in of_slack} == SLACK_KINDS
    assert all(0 <= kind.in_time <= kind.statuses.total() for kind in of_slack.values())
    # Whatever takes something in by an address is sent what is welcome, too.
    assert {path for path, method in addresses.items() if method == "POST"} == set(TAKES)
    assert set(TAKES.values()) - WELCOME == {BEGINS_ANEW}
