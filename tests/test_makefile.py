"""Every target of the Makefile says what it makes, and can be read by make."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PHONY = re.findall(r"^\.PHONY:(.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
TARGETS = " ".join(PHONY).split()


def make(*words: str) -> subprocess.CompletedProcess[str]:
    # As typed, though these tests themselves may be run by a make.
    typed = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(  # noqa: S603
        ["make", *words],  # noqa: S607 - the machine's make, wherever it is
        cwd=ROOT,
        env=typed,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("words", [(), ("help",)])
def test_help_has_a_line_for_every_target(words: tuple[str, ...]) -> None:
    said = make(*words)
    assert (said.returncode, said.stderr) == (0, "")
    lines = dict(re.findall(r"^make ([a-z-]+) +(\S.*)$", said.stdout, re.MULTILINE))
    assert list(lines) == TARGETS
    assert len(said.stdout.splitlines()) == len(TARGETS)


@pytest.mark.parametrize("target", TARGETS)
def test_what_a_target_would_do_can_be_read(target: str) -> None:
    would = make("--dry-run", target)
    assert (would.returncode, would.stderr) == (0, "")


def test_all_is_all_but_what_needs_the_last_release() -> None:
    """The stories in clients that are not ours are run where nothing may be left out."""
    kept = tomllib.loads((ROOT / "pyproject.toml").read_text())
    usual = kept["tool"]["pytest"]["ini_options"]["norecursedirs"]
    said = re.findall(r"norecursedirs=([^']*)'", make("--dry-run", "stories", "CLIENTS=yes").stdout)
    assert said
    assert [set(usual) - set(one.split()) for one in said] == [{"teams_e2e", "emulate"}] * len(said)
    (ran,) = [
        line
        for line in make("--dry-run", "test", "CLIENTS=yes").stdout.splitlines()
        if "-n auto" in line
    ]
    assert "norecursedirs=" in ran
    assert " tests" not in ran.partition("||")[0], "a folder that is named hides those within"
