import json
import zipfile
from pathlib import Path

from typer.testing import CliRunner, Result

from bot.command_line import app

APP_ID = "0a1b2c3d-0000-4000-8000-123456789abc"
SETTINGS = f"""
TEAMS_APP_ID={APP_ID}
TEAMS_APP_PASSWORD=hush
TEAMS_TENANT_ID=0a1b2c3d-0000-4000-8000-cba987654321
"""


def written(folder: Path, env: str, to: str = "plecs.zip") -> Result:
    (folder / ".env").write_text(env)
    return CliRunner().invoke(app, ["teams", "package", str(folder / to)])


def test_the_package_is_of_the_app_and_the_address_that_are_set(tmp_path: Path) -> None:
    result = written(tmp_path, f"{SETTINGS}PUBLIC_URL=https://plecs.example.org/\n")
    assert result.exit_code == 0, result.output
    assert "Manage apps" in result.stdout
    with zipfile.ZipFile(tmp_path / "plecs.zip") as archive:
        made = json.loads(archive.read("manifest.json"))
    assert (made["id"], made["validDomains"]) == (APP_ID, ["plecs.example.org"])


def test_what_is_missing_comes_with_where_to_get_it(tmp_path: Path) -> None:
    result = written(tmp_path, "")
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        (
            "- TEAMS_APP_ID is missing. Copy it from Azure > your bot > Configuration > Microsoft "
            "App ID."
        ),
        (
            "- PUBLIC_URL must begin with https://: Teams calls Plecs there. Set it where Slack or "
            "Teams calls Plecs over HTTPS: https://plecs.example.org."
        ),
    ]
    assert not (tmp_path / "plecs.zip").exists()


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    env = f"{SETTINGS}PUBLIC_URL=https://plecs.example.org\n"
    result = written(tmp_path, env, "nowhere/plecs.zip")
    assert (result.exit_code, "can't be written" in result.output) == (2, True)
