import stat
from base64 import b64encode
from pathlib import Path

import pytest

from bot import settings, settings_loading
from bot.settings import Settings, SettingsError

KEY = "k" * 32
ID = "11111111-2222-3333-4444-555555555555"
TEAMS = {"TEAMS_APP_ID": ID, "TEAMS_APP_PASSWORD": "s3cret~value", "TEAMS_TENANT_ID": ID}
SLACK = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s3cret-signing"}


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for one in settings.described():
        monkeypatch.delenv(one.variable, raising=False)


def load(tmp_path: Path, **variables: str) -> Settings:
    file = tmp_path / ".env"
    file.write_text("".join(f"{name}={value}\n" for name, value in variables.items()))
    return settings_loading.load(file)


def problems(tmp_path: Path, **variables: str) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as raised:
        load(tmp_path, **variables)
    return raised.value.problems


def test_nothing_set_is_the_local_workspace_on_sqlite(tmp_path: Path) -> None:
    found = load(tmp_path)
    assert (found.slack, found.own_url) == (False, "http://127.0.0.1:8080")
    assert found.sqlite_file == Path("data/plecs.db")


def test_the_environment_goes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", "9000")
    assert load(tmp_path, PORT="9001", HOST="::1").own_url == "http://[::1]:9000"


def test_slack_over_http_and_over_a_socket(tmp_path: Path) -> None:
    over_http = load(tmp_path, **SLACK, HOST="0.0.0.0", ADMINS="U012AB, W345CD")  # noqa: S104 - what containers set
    assert (over_http.slack, over_http.socket_mode) == (True, False)
    assert over_http.admins == ("U012AB", "W345CD")
    over_socket = load(tmp_path, SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1")
    assert (over_socket.slack, over_socket.socket_mode) == (True, True)


def test_teams_alone_beside_slack_and_with_an_emulator(tmp_path: Path) -> None:
    alone = load(tmp_path, **TEAMS, HOST="0.0.0.0", ADMINS=ID)  # noqa: S104 - what containers set
    assert (alone.slack, alone.teams) == (False, True)
    both = load(tmp_path, **TEAMS, **SLACK, ADMINS=f"U012AB,{ID}")
    assert (both.slack, both.teams) == (True, True)
    emulated = load(tmp_path, TEAMS_INSECURE_LOCAL="true", ADMINS="user-id-0")
    assert (emulated.slack, emulated.teams) == (False, True)


def test_microsofts_ids_are_the_same_in_capitals(tmp_path: Path) -> None:
    """Whoever copies them from a tool that writes them so is an admin all the same."""
    guid = "0a1b2c3d-0000-4000-8000-cba987654321"
    ids = ("TEAMS_APP_ID", "TEAMS_TENANT_ID", "TEAMS_TENANTS", "ADMINS")
    small = load(tmp_path, **TEAMS | dict.fromkeys(ids, guid))
    assert load(tmp_path, **TEAMS | dict.fromkeys(ids, guid.upper())) == small
    assert small.admins == (guid,)


def test_one_telephone_system_tells_of_no_several_workspaces(tmp_path: Path) -> None:
    secret = f"whsec_{b64encode(b'x' * 32).decode()}"
    load(tmp_path, **SLACK, CONTACT_SECRETS=secret)
    [several] = problems(tmp_path, **TEAMS, TEAMS_TENANTS=ID, CONTACT_SECRETS=secret)
    assert several.startswith("CONTACT_SECRETS is set, and there are several workspaces")


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("postgres://u:p@h/plecs", "postgresql+psycopg://u:p@h/plecs"),
        ("postgresql://u:p@h/plecs", "postgresql+psycopg://u:p@h/plecs"),
        ("sqlite:////var/lib/plecs.db", "sqlite:////var/lib/plecs.db"),
        ("SQLite:////var/lib/plecs.db", "sqlite:////var/lib/plecs.db"),
        ("postgresql:///plecs?host=/run/pg", "postgresql+psycopg:///plecs?host=/run/pg"),
    ],
)
def test_database_urls_are_written_as_people_know_them(
    tmp_path: Path, given: str, meant: str
) -> None:
    assert load(tmp_path, DATABASE_URL=given, SECRET_KEY=KEY).database_url == meant


@pytest.mark.parametrize(
    ("variables", "problem"),
    [
        (
            {"SLACK_BOT_TOKEN": "xoxb-1"},
            "SLACK_SIGNING_SECRET is missing. Copy it from Basic Information > App Credentials.",
        ),
        (
            {"SLACK_SIGNING_SECRET": "s"},
            (
                "SLACK_BOT_TOKEN is missing. "
                "Copy it from OAuth & Permissions, after Install to Workspace."
            ),
        ),
        (
            {**SLACK, "SLACK_BOT_TOKEN": "xoxp-1"},
            (
                "SLACK_BOT_TOKEN must start with xoxb-. "
                "Copy it from OAuth & Permissions, after Install to Workspace."
            ),
        ),
        (
            {**SLACK, "SLACK_APP_TOKEN": "xoxb-2"},
            (
                "SLACK_APP_TOKEN must start with xapp-. Only for Socket Mode: generate it in Basic "
                "Information > App-Level Tokens, with the scope connections:write."
            ),
        ),
        (
            {**SLACK, "SLACK_CLIENT_ID": "1.2", "PUBLIC_URL": "https://plecs.example"},
            ("SLACK_CLIENT_SECRET is missing. Copy it from the same place as SLACK_CLIENT_ID."),
        ),
        (
            {**SLACK, "SLACK_CLIENT_SECRET": "s"},
            (
                "SLACK_CLIENT_ID is missing. Only for people's status during a break, or for many "
                "workspaces: copy it from Basic Information > App Credentials."
            ),
        ),
        (
            {**SLACK, "SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s"},
            (
                "SLACK_CLIENT_ID needs PUBLIC_URL: people come back there from Slack. "
                "Set it where Slack or Teams calls Plecs over HTTPS: https://plecs.example.org."
            ),
        ),
        (
            {**SLACK, "ADMINS": "anna"},
            (
                "ADMINS has 'anna', which is no member ID. "
                "Copy your own: Slack > your profile > More > Copy member ID; for Teams it is "
                "Entra > Users > you > Object ID."
            ),
        ),
        (
            {"HOST": "0.0.0.0"},  # noqa: S104 - what is refused
            (
                "HOST is 0.0.0.0, but there are no settings for Slack or Teams, and the local "
                "workspace lets anybody act as anybody: leave HOST out, or set one of them up."
            ),
        ),
        (
            {**TEAMS, "TEAMS_APP_ID": ""},
            (
                "TEAMS_APP_ID is missing. "
                "Copy it from Azure > your bot > Configuration > Microsoft App ID."
            ),
        ),
        (
            {**TEAMS, "TEAMS_APP_ID": "plecs"},
            (
                "TEAMS_APP_ID is no application ID. "
                "Copy it from Azure > your bot > Configuration > Microsoft App ID."
            ),
        ),
        (
            {**TEAMS, "TEAMS_APP_PASSWORD": ID},
            (
                "TEAMS_APP_PASSWORD is the secret's ID. Make one in Entra > App registrations > "
                "your app > Certificates & secrets, and copy its Value (not its ID)."
            ),
        ),
        (
            {**TEAMS, "TEAMS_TENANT_ID": "contoso.com"},
            "TEAMS_TENANT_ID is no tenant ID. Copy it from Entra > Overview > Tenant ID.",
        ),
        (
            {"PUBLIC_URL": "https://plecs.example"},
            (
                "PUBLIC_URL is https://plecs.example, but there are no settings for Slack or "
                "Teams, and the local workspace lets anybody act as anybody: leave PUBLIC_URL out, "
                "or set one of them up."
            ),
        ),
        *(
            (
                {"TEAMS_INSECURE_LOCAL": "true", beside: value},
                (
                    "TEAMS_INSECURE_LOCAL lets whoever calls act as anybody, and beside it stand "
                    f"{beside}: leave them out, or TEAMS_INSECURE_LOCAL."
                ),
            )
            for beside, value in (
                ("PUBLIC_URL", "https://plecs.example"),
                *TEAMS.items(),
                ("SLACK_API_URL", "http://127.0.0.1:9"),
            )
        ),
        (
            {"TEAMS_INSECURE_LOCAL": "true", **SLACK, "PUBLIC_URL": "https://plecs.example"},
            (
                "TEAMS_INSECURE_LOCAL lets whoever calls act as anybody, and beside it stand "
                "PUBLIC_URL, SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET: leave them out, or "
                "TEAMS_INSECURE_LOCAL."
            ),
        ),
        (
            {"TEAMS_INSECURE_LOCAL": "true", "HOST": "0.0.0.0"},  # noqa: S104 - what is refused
            (
                "TEAMS_INSECURE_LOCAL lets whoever calls act as anybody, and HOST is 0.0.0.0: "
                "leave HOST out, or TEAMS_INSECURE_LOCAL."
            ),
        ),
        (
            {
                "SLACK_CLIENT_ID": "1.2",
                "SLACK_CLIENT_SECRET": "s",
                "SLACK_SIGNING_SECRET": "s",
                "PUBLIC_URL": "https://plecs.example.org",
                "SLACK_WORKSPACES": "T0123 acme",
            },
            (
                "SLACK_WORKSPACES has 'acme', which is no workspace's ID. Only for many "
                "workspaces: their IDs (T...), or their organisation's (E...)."
            ),
        ),
        (
            {**SLACK, "SLACK_API_URL": "http://slack.example.org/api"},
            "SLACK_API_URL must begin with https://, or tokens travel in the clear.",
        ),
        (
            {"DATABASE_URL": "postgresql://u:p@h/plecs"},
            (
                "SECRET_KEY is missing. With SQLite one is made beside the database: keep a copy "
                "apart from the backups. With PostgreSQL make it once, the same for every replica: "
                "openssl rand -hex 32."
            ),
        ),
        (
            {"DATABASE_URL": "mysql://u:p@h/plecs"},
            (
                "DATABASE_URL: must begin with sqlite:/// or postgresql://. "
                "Leave it for one machine; postgresql://user:password@host/plecs for several."
            ),
        ),
        (
            {"DATABASE_URL": "sqlite://"},
            (
                "DATABASE_URL: must name a file, as in sqlite:///data/plecs.db. "
                "Leave it for one machine; postgresql://user:password@host/plecs for several."
            ),
        ),
        (
            {"PUBLIC_URL": "plecs.example.org"},
            (
                "PUBLIC_URL: must be an address that begins with https:// (or http://). "
                "Set it where Slack or Teams calls Plecs over HTTPS: https://plecs.example.org."
            ),
        ),
    ],
)
def test_a_problem_names_its_remedy(
    tmp_path: Path, variables: dict[str, str], problem: str
) -> None:
    assert problems(tmp_path, **variables) == (problem,)


def test_all_problems_are_told_at_once_and_no_secret_with_them(tmp_path: Path) -> None:
    told = problems(tmp_path, PORT="http", SECRET_KEY="too-short-a-key", LOG_FORMAT="xml")
    assert [one.split(":")[0] for one in told] == ["PORT", "SECRET_KEY", "LOG_FORMAT"]
    assert "too-short-a-key" not in str(told)


def test_secrets_do_not_show(tmp_path: Path) -> None:
    assert "s3cret" not in repr(load(tmp_path, **SLACK, **TEAMS))


def test_sqlite_makes_its_own_secret_once_for_its_owner_alone(tmp_path: Path) -> None:
    found = load(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/new/plecs.db")
    (secret,) = found.secrets()
    file = tmp_path / "new" / "secret_key"
    assert len(secret) == 64
    assert found.secrets() == (secret,)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_a_secret_that_is_set_is_used(tmp_path: Path) -> None:
    assert load(tmp_path, SECRET_KEY=KEY).secrets() == (KEY,)


def test_blanks_and_line_ends_around_a_value_are_not_of_it(tmp_path: Path) -> None:
    file = tmp_path / "plecs.db"
    found = load(
        tmp_path,
        SLACK_BOT_TOKEN="'xoxb-1 \n'",
        SLACK_SIGNING_SECRET='" s3cret-signing\n"',
        DATABASE_URL=f"'sqlite:///{file}\t'",
        SECRET_KEY=f"' {KEY}\n'",
    )
    assert found.slack_bot_token is not None
    assert found.slack_bot_token.get_secret_value() == "xoxb-1"
    assert found.slack_signing_secret is not None
    assert found.slack_signing_secret.get_secret_value() == "s3cret-signing"
    assert (found.sqlite_file, found.secrets()) == (file, (KEY,))


@pytest.mark.parametrize(
    "address",
    [
        *("https://[", "https://name:word@plecs.example", "https://plecs.example/?a=1"),
        *("https://plecs.example#x", "https://plecs example", "https://plecs.example:99999"),
        *(r"https://plecs.example\@evil", "https://plecs.example?"),
    ],
)
def test_an_address_is_one_alone(tmp_path: Path, address: str) -> None:
    file = tmp_path / ".env"
    file.write_text(f"PUBLIC_URL='{address}'\n")
    with pytest.raises(SettingsError) as raised:
        settings_loading.load(file)
    assert raised.value.problems[0].startswith("PUBLIC_URL: must be an address alone: ")


ADDRESSES = tuple(name for name in Settings.model_fields if name.endswith("_url"))


@pytest.mark.parametrize("setting", ADDRESSES)
@pytest.mark.parametrize(
    "address",
    [
        *(
            "https://[",
            "https://name:word@plecs.example",
            "https://plecs.example#x",
            "plecs.example",
        ),
        *(
            "https://plecs example",
            "https://plecs.example:99999",
            "ftp://plecs.example",
            "https://",
        ),
        *(r"https://plecs.example\@evil", "https://plecs.example/<x>", "javascript:alert(1)"),
    ],
)
def test_every_address_is_looked_at_where_it_comes_in(
    tmp_path: Path, setting: str, address: str
) -> None:
    told = problems(tmp_path, **{setting.upper(): f"'{address}'"}, SECRET_KEY=KEY)
    assert [one for one in told if one.startswith(f"{setting.upper()}: ")] != []


INSIDE = ("10.1.2.3", "127.0.0.1", "localhost", "[::1]", "[fd00::1]", "192.168.0.9")


@pytest.mark.parametrize("host", [*INSIDE, "[::ffff:10.1.2.3]", "[64:ff9b::a01:203]"])
def test_a_learning_record_store_is_outside_unless_it_is_said_to_be_inside(
    tmp_path: Path, host: str
) -> None:
    given = {"XAPI_URL": f"https://{host}/xapi", "PUBLIC_URL": "https://plecs.example"}
    beside = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s3cret", "SECRET_KEY": KEY}
    (told,) = problems(tmp_path, **given, **beside)
    assert told == (
        "XAPI_URL leads into a network of one's own, where it was not said to be. Set XAPI_INSIDE "
        "to true only where the learning record store is in one."
    )
    found = load(tmp_path, **given, **beside, XAPI_INSIDE="true")
    assert found.xapi_url == f"https://{host}/xapi"


@pytest.mark.parametrize("inside", ["true", "false"])
def test_no_store_is_where_machines_are_told_secrets(tmp_path: Path, inside: str) -> None:
    told = problems(
        tmp_path,
        XAPI_URL="https://169.254.169.254/xapi",
        XAPI_INSIDE=inside,
        PUBLIC_URL="https://plecs.example",
        SLACK_BOT_TOKEN="xoxb-1",
        SLACK_SIGNING_SECRET="s3cret",
        SECRET_KEY=KEY,
    )
    assert [one[:44] for one in told] == ["XAPI_URL leads where nobody can be asked: to"]


@pytest.mark.parametrize("key", ["a:b", "'a b'", "Jānis", '"a\nb"'])
def test_a_name_before_a_password_ends_where_it_ends(tmp_path: Path, key: str) -> None:
    told = problems(tmp_path, XAPI_KEY=key, SECRET_KEY=KEY)
    assert [one.split(". ")[0] for one in told] == [
        "XAPI_KEY: has a blank, a colon or a sign in it that no such name has"
    ]


@pytest.mark.parametrize("secret", ['"xoxb-1\nX-Evil: 1"', '"xoxb-1 2"', "xoxb-ā", "xoxb-\u200b1"])
def test_a_secret_that_no_header_could_carry_is_told_and_not_shown(
    tmp_path: Path, secret: str
) -> None:
    (problem,) = problems(tmp_path, SLACK_BOT_TOKEN=secret, SLACK_SIGNING_SECRET="s3cret-signing")
    assert problem.startswith("SLACK_BOT_TOKEN: has a blank or a sign in it that no such secret")
    assert "xoxb" not in problem


def test_what_a_page_or_an_editor_brings_along_is_not_of_a_value(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    lines = "SLACK_BOT_TOKEN=xoxb-1\u200b\nSLACK_SIGNING_SECRET=\u00a0s3cret\r\nADMINS=U01A; U02B\n"
    file.write_bytes(f"\ufeff{lines}".encode())
    found = settings_loading.load(file)
    assert found.slack_bot_token is not None
    assert found.slack_signing_secret is not None
    secrets = (found.slack_bot_token, found.slack_signing_secret)
    assert [one.get_secret_value() for one in secrets] == ["xoxb-1", "s3cret"]
    assert found.admins == ("U01A", "U02B")


def test_a_folder_is_no_file_of_settings(tmp_path: Path) -> None:
    with pytest.raises(settings.UnreadableSettingsError, match="is a folder"):
        settings_loading.load(tmp_path)


@pytest.mark.parametrize(
    "line",
    [
        *("SLACK_BOT_TOKEN: xoxb-1", "- SLACK_BOT_TOKEN=xoxb-1", "SLACK_BOT_TOKEN xoxb-1"),
        *("set SLACK_BOT_TOKEN=xoxb-1", '$env:SLACK_BOT_TOKEN="xoxb-1"', 'SLACK_BOT_TOKEN="xoxb-1'),
    ],
)
def test_a_line_that_says_nothing_to_plecs_is_told_by_its_number(tmp_path: Path, line: str) -> None:
    """Else Plecs would run as if the setting were not there, and lets anybody act as anybody."""
    file = tmp_path / ".env"
    file.write_text(f"# mine\n\nexport ADMINS=\n{line}\n", encoding="utf-8-sig")
    with pytest.raises(SettingsError) as raised:
        settings_loading.load(file)
    assert raised.value.problems == (f"{file}, line 4, can't be read: write it as NAME=value.",)
    assert raised.value.status == 2


@pytest.mark.parametrize(
    ("variable", "given"),
    [
        *(("DATABASE_URL", f"sqlite:///{one}") for one in ("", ":memory:", "x.db?mode=ro")),
        *(("DATABASE_URL", f"postgresql://{one}") for one in ("", "h:port/db", "u:p/w@h/db", "[h")),
        *(("HOST", one) for one in ("localhost:8080", "http://0.0.0.0", "a b", "0.0.0.0/0")),
    ],
)
def test_where_nothing_can_be_is_told_before_it_is_tried(
    tmp_path: Path, variable: str, given: str
) -> None:
    (told,) = problems(tmp_path, **{variable: given}, SECRET_KEY=KEY)
    assert told.startswith(f"{variable}: ")


@pytest.mark.parametrize("encoding", ["utf-16", "cp1257"])
def test_a_file_in_another_encoding_is_told(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / ".env"
    file.write_bytes("ADMINS=U012AB  # Jānis\n".encode(encoding))
    with pytest.raises(SettingsError) as raised:
        settings_loading.load(file)
    assert raised.value.problems == (f"{file} is not UTF-8: save it anew as UTF-8.",)
    assert raised.value.status == 2


def test_several_keys_stand_newest_first(tmp_path: Path) -> None:
    assert load(tmp_path, SECRET_KEY=f"{KEY}n, {KEY}o").secrets() == (f"{KEY}n", f"{KEY}o")


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        (f"{KEY},short", "each key must have 32 characters or more"),
        (",", "each key must have 32 characters or more"),
        (f"{KEY},{KEY}", "the same key stands in it twice"),
    ],
)
def test_a_key_that_is_none_is_told(tmp_path: Path, given: str, wrong: str) -> None:
    (told,) = problems(tmp_path, SECRET_KEY=given)
    assert told.startswith(f"SECRET_KEY: {wrong}. With SQLite")


def test_the_documentation_has_every_setting_in_these_words() -> None:
    page = (Path(__file__).parents[2] / "docs" / "settings.md").read_text()
    table = [line for line in page.splitlines() if line.startswith("| `")]
    assert table == [
        f"| `{one.variable}` | {f'`{one.default}`' if one.default else ''} "
        f"| {one.meaning} | {one.remedy} |"
        for one in settings.described()
    ]
