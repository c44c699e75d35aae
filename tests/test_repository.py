"""What is committed speaks of Plecs alone, and is finished."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent

# Put together here, so that this file does not find itself.
NOT_HERE = {
    "an address of a package index": re.compile("py" + r"pi\.org|python" + r"hosted\.|npm" + "js"),
    "a path of the machine it was written on": re.compile(r"(?<![\w.])/(?:ro" + "ot|wo" + r"rk)/"),
    "something outside this repository": re.compile(r"\.\./sha" + "red"),
    "unfinished work": re.compile(r"\b(?:TO" + "DO|FIX" + r"ME|XX" + r"X)\b"),
}


def test_nothing_foreign_or_unfinished_is_committed() -> None:
    listed = subprocess.run(
        # What is not added yet, too: it will be committed as it is.
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - the machine's git, wherever it is
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    found = []
    for name in filter(None, listed.stdout.split("\0")):
        content = (ROOT / name).read_bytes()
        if b"\0" in content:
            continue
        text = content.decode()
        found += [f"{name} has {what}" for what, sign in NOT_HERE.items() if sign.search(text)]
    assert not found, "\n".join(found)
