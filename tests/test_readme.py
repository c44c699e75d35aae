"""What the README tells people to type is there."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
TYPED = [line.strip() for block in BLOCKS for line in block.splitlines()]


@pytest.mark.parametrize("line", [line for line in TYPED if line.startswith(".venv/bin/plecs")])
def test_its_commands_and_their_options_exist(line: str) -> None:
    words = line.split()[1:]
    options = [word for word in words if word.startswith("--")]
    names = [word for word in words if re.fullmatch("[a-z]+", word)]
    shown = CliRunner().invoke(app, [*names, "--help"])
    assert shown.exit_code == 0, shown.output
    assert [option for option in options if option not in shown.output] == []


def test_its_make_targets_exist() -> None:
    there = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"make ([a-z]+)", README)) <= there


def test_its_links_lead_somewhere() -> None:
    linked = re.findall(r"\]\(((?!http)[^)]+)\)", README)
    assert [link for link in linked if not (ROOT / link).exists()] == []
