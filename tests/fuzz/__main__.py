"""`make fuzz`: 100,000 requests that nobody would send, and what came of them. `make fuzz
REQUESTS=2000 SEED=7` for fewer, or others."""

import asyncio
import sys
import tempfile
from pathlib import Path
from time import monotonic

from storage.migrate import migrate
from tests.fuzz.run import fuzz

requests, seed = int(sys.argv[1]), int(sys.argv[2])
begun = monotonic()
with tempfile.TemporaryDirectory(prefix="plecs-fuzz-") as place:
    empty = Path(place) / "empty.db"
    migrate(f"sqlite:///{empty}")
    tallies, _ = asyncio.run(fuzz(empty, Path(place), requests, seed))
lines = [
    line for tally in tallies for line in (str(tally), *(f"    {one}" for one in tally.examples))
]
total = sum(tally.sent for tally in tallies)
lines.append(f"{total} requests in {monotonic() - begun:.0f} s, seed {seed}")
sys.stdout.write("\n".join(lines) + "\n")
sys.exit(not all(tally.is_good for tally in tallies))
