"""`plecs practice check`: a file of scenarios is read, and its trees are drawn."""

from pathlib import Path
from xml.etree import ElementTree as ET

from typer.testing import CliRunner, Result

from bot.command_line import app

ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "handlers/practice/scenarios/bill_twice.yaml"
SVG = "{http://www.w3.org/2000/svg}"


def check(file: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["practice", "check", str(file), *options])


def test_a_sound_file_is_told_and_drawn(tmp_path: Path) -> None:
    result = check(SHIPPED, "--draw", str(tmp_path / "trees"))
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "bill_twice: 8 turns, 3 endings; from 3 to 8 turns to an end",
        str(tmp_path / "trees/bill_twice.svg"),
    ]
    drawn = (tmp_path / "trees/bill_twice.svg").read_text("utf-8")
    assert drawn == (ROOT / "docs/practice-tree.svg").read_text("utf-8"), (
        "draw it anew: plecs practice check handlers/practice/scenarios/bill_twice.yaml"
    )
    tree = ET.fromstring(drawn)  # noqa: S314 - ours
    assert len(tree.findall(f".//{SVG}path")) == 8 * 3, "a way for each reply"
    dashed = [one for one in tree.iter(f"{SVG}path") if "stroke-dasharray" in one.attrib]
    assert len(dashed) == 8, "one bad model at each turn"
    assert tree.findtext(f"{SVG}title") == "Rēķins divreiz lielāks"


def test_it_is_drawn_in_the_language_that_is_asked_for(tmp_path: Path) -> None:
    assert check(SHIPPED, "--draw", str(tmp_path), "--language", "en").exit_code == 0
    assert ">A bill twice as high</text>" in (tmp_path / "bill_twice.svg").read_text("utf-8")


def test_what_is_wrong_is_named_and_nothing_is_drawn(tmp_path: Path) -> None:
    file, text = tmp_path / "mine.yaml", SHIPPED.read_text("utf-8")
    file.write_text(text.replace("to: louder", "to: nowhere"), "utf-8")
    result = check(file, "--draw", str(tmp_path / "trees"))
    assert result.exit_code == 1
    at = "scenarios.bill_twice.script.turns.opening.replies"
    assert result.stdout.splitlines() == [
        f"{at}[{n}].to: leads to 'nowhere', which is no turn and no ending" for n in (1, 3)
    ]
    assert not (tmp_path / "trees").exists()


def test_an_indicator_of_ones_own_is_pointed_out(tmp_path: Path) -> None:
    file, text = tmp_path / "mine.yaml", SHIPPED.read_text("utf-8")
    file.write_text(text.replace("[hears_out, asks_on]", "[hears_out, sings]"), "utf-8")
    result = check(file)
    assert result.exit_code == 0
    assert "  sings: not in the dictionary that comes with Plecs. Is it in yours?" in result.stdout
