"""A cut of what `make fuzz` sends: nobody gets in who should not, nothing breaks, and what is
refused leaves the database as it was."""

from pathlib import Path

from tests.fuzz.run import fuzz


async def test_what_nobody_would_send(empty_sqlite: Path, tmp_path: Path) -> None:
    tallies = await fuzz(empty_sqlite, tmp_path, 2_000, seed=1)
    assert [f"{tally} {tally.examples}" for tally in tallies if not tally.is_good] == []
    assert sum(tally.sent for tally in tallies) >= 2_000
