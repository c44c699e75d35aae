"""Every setting of Plecs: its variable, default, meaning, and what to do when it is missing.

They come from the environment, or from a file `.env`. `plecs check` prints this list.
"""

import string
from collections.abc import Mapping
from dataclasses import Field, dataclass, fields
from pathlib import Path
from typing import Any, Literal

import platformdirs

from bot.guids import one_guid
from bot.outside import model_address
from bot.secret_key import kept_or_made, keys_in
from bot.setting_values import (
    About,
    Secret,
    command_prefix,
    database_address,
    listed,
    listed_ids,
    listening_host,
    log_format,
    model_name,
    port_number,
    secret_keys,
    sent_secret,
    setting,
    user_name,
    web_address,
    webhook_secrets,
    yes_or_no,
)

_OUTER = string.whitespace + "\u00a0\u200b\u2060\ufeff"


def data_folder(code: Path) -> Path:
    """Where Plecs keeps everything unless it is told otherwise, for the code in this folder: in a
    checkout `data` there where it is started; once installed, its user's own folder for data."""
    if (code / "pyproject.toml").exists():
        return Path("data")
    return platformdirs.user_data_path("plecs")


class SettingsError(Exception):
    """Plecs cannot run with these settings. `problems` says what each needs, a line each; `status`
    is what a command ends with."""

    status = 1

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class UnreadableSettingsError(SettingsError):
    """There are settings, and they can't be read."""

    status = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What `bot.settings_loading.load` gives: complete, and checked against each other."""

    database_url: str = setting(
        database_address,
        f"sqlite:///{data_folder(Path(__file__).parent.parent) / 'plecs.db'}",
        meaning=(
            "Where Plecs keeps everything: a SQLite file, or a PostgreSQL. Once it is installed, a "
            "file in the user's own folder for data, named at the start."
        ),
        remedy="Leave it for one machine; postgresql://user:password@host/plecs for several.",
    )
    host: str = setting(
        listening_host,
        "127.0.0.1",
        meaning="The address that the server listens on.",
        remedy="Set 0.0.0.0 in a container, behind something that does HTTPS.",
    )
    port: int = setting(
        port_number,
        8080,
        meaning="The port that the server listens on.",
        remedy="Set another if this one is taken.",
    )
    public_url: str = setting(
        web_address,
        "",
        meaning="The address by which Plecs is reached from outside; calendars need it.",
        remedy="Set it where Slack or Teams calls Plecs over HTTPS: https://plecs.example.org.",
    )
    admins: tuple[str, ...] = setting(
        listed_ids,
        (),
        meaning="The first admins, as member IDs separated by commas.",
        remedy=(
            "Copy your own: Slack > your profile > More > Copy member ID; for Teams it is Entra > "
            "Users > you > Object ID."
        ),
    )
    slack_bot_token: Secret | None = setting(
        sent_secret,
        None,
        meaning="The token that Plecs speaks to Slack with; starts with xoxb-.",
        remedy="Copy it from OAuth & Permissions, after Install to Workspace.",
    )
    slack_signing_secret: Secret | None = setting(
        sent_secret,
        None,
        meaning="Proves that a request comes from Slack.",
        remedy="Copy it from Basic Information > App Credentials.",
    )
    slack_app_token: Secret | None = setting(
        sent_secret,
        None,
        meaning="Has Slack reach Plecs without a public address; starts with xapp-.",
        remedy=(
            "Only for Socket Mode: generate it in Basic Information > App-Level Tokens, with the "
            "scope connections:write."
        ),
    )
    slack_client_id: str = setting(
        str,
        "",
        meaning=(
            "With it people can let Plecs set their own status; without SLACK_BOT_TOKEN, whole "
            "workspaces install Plecs by themselves. PUBLIC_URL is needed too."
        ),
        remedy=(
            "Only for people's status during a break, or for many workspaces: copy it from Basic "
            "Information > App Credentials."
        ),
    )
    slack_client_secret: Secret | None = setting(
        sent_secret,
        None,
        meaning="Proves to Slack that it is Plecs who asks.",
        remedy="Copy it from the same place as SLACK_CLIENT_ID.",
    )
    slack_command_prefix: str = setting(
        command_prefix,
        "",
        meaning="What stands before Plecs' commands in Slack: with acme they are /acme-hand.",
        remedy="Only where `plecs manifest` was given a --prefix: the same word.",
    )
    slack_workspaces: tuple[str, ...] = setting(
        listed,
        (),
        meaning="Which workspaces may install Plecs; any, where it is left out.",
        remedy="Only for many workspaces: their IDs (T...), or their organisation's (E...).",
    )
    slack_api_url: str = setting(
        web_address,
        "https://slack.com/api",
        meaning="Where Slack's API is.",
        remedy="Leave it, except for a test double on this machine.",
    )
    teams_app_id: str = setting(
        one_guid,
        "",
        meaning="The app that Plecs is in Microsoft Teams.",
        remedy="Copy it from Azure > your bot > Configuration > Microsoft App ID.",
    )
    teams_app_password: Secret | None = setting(
        sent_secret,
        None,
        meaning="The app's client secret: Plecs speaks to Teams with it.",
        remedy=(
            "Make one in Entra > App registrations > your app > Certificates & secrets, and copy "
            "its Value (not its ID)."
        ),
    )
    teams_tenant_id: str = setting(
        one_guid,
        "",
        meaning="The one organisation that Plecs serves in Teams.",
        remedy="Copy it from Entra > Overview > Tenant ID.",
    )
    teams_tenants: tuple[str, ...] = setting(
        listed_ids,
        (),
        meaning="Further organisations that Plecs serves in Teams; nobody else.",
        remedy="Only for an app that is multi-tenant in Azure: their tenant IDs, by commas.",
    )
    teams_insecure_local: bool = setting(
        yes_or_no,
        default=False,
        meaning="Answers whoever calls from this machine as if it were Teams, unchecked.",
        remedy="Set it to true only to try Plecs with an emulator on this machine.",
    )
    secret_key: Secret | None = setting(
        secret_keys,
        None,
        meaning=(
            "Signs the addresses that Plecs makes, and seals the tokens that it keeps; 32 "
            "characters or more. To change it put the new one before it, and a comma between: the "
            "first one signs and seals, what the others did is read."
        ),
        remedy=(
            "With SQLite one is made beside the database: keep a copy apart from the backups. With "
            "PostgreSQL make it once, the same for every replica: openssl rand -hex 32."
        ),
    )
    contact_secrets: Secret | None = setting(
        webhook_secrets,
        None,
        meaning=(
            "Prove that what is posted to /api/contacts comes from your telephone system: one or "
            "more whsec_..., a comma between. To change one put the new one beside it for a while."
        ),
        remedy=(
            "Make one where a telephone system is to tell of calls, and give it the same: echo "
            "whsec_$(openssl rand -base64 32)."
        ),
    )
    learning_secrets: Secret | None = setting(
        webhook_secrets,
        None,
        meaning=(
            "Prove that what is posted to /api/learning comes from your e-learning system: one or "
            "more whsec_..., a comma between. To change one put the new one beside it for a while."
        ),
        remedy=(
            "Make one where an e-learning system is to tell who finished a course, and give it the "
            "same: echo whsec_$(openssl rand -base64 32)."
        ),
    )
    xapi_url: str = setting(
        web_address,
        "",
        meaning=(
            "A learning record store's xAPI address: who took a seat, was there, or finished a "
            "course is told there, under accounts at random. Needs PUBLIC_URL."
        ),
        remedy="Copy it from the learning record store: it ends before /statements.",
    )
    xapi_inside: bool = setting(
        yes_or_no,
        default=False,
        meaning="XAPI_URL may lead into a network of one's own, or to this machine.",
        remedy="Set XAPI_INSIDE to true only where the learning record store is in one.",
    )
    xapi_key: str = setting(
        user_name,
        "",
        meaning="The key (user) for the learning record store.",
        remedy="Copy it from where the learning record store gives out credentials.",
    )
    xapi_secret: Secret | None = setting(
        sent_secret,
        None,
        meaning="The secret (password) that belongs to XAPI_KEY.",
        remedy="Copy it from the same place as XAPI_KEY.",
    )
    calendar_hosts: tuple[str, ...] = setting(
        listed,
        (),
        meaning=(
            "Hosts from which shifts may be fetched although they are in a network of your own, or "
            "without TLS; separated by commas. All others have to be in the open network."
        ),
        remedy="Only for a planning program in your own network: its host's name, as in its URL.",
    )
    llm_url: str = setting(
        model_address,
        "",
        meaning=(
            "A language model's address (OpenAI's API, as Azure, vLLM, Ollama and llama.cpp speak "
            "it), for drafts that are fitted to a case and for the caller in a practice. Without "
            "it nothing is sent to any."
        ),
        remedy=(
            "Copy it from whoever runs the model: https://api.openai.com/v1, "
            "http://127.0.0.1:11434/v1 for Ollama, Azure's with its ?api-version=..."
        ),
    )
    llm_key: Secret | None = setting(
        sent_secret,
        None,
        meaning="The key with which the model is asked.",
        remedy="Copy it from the same place as LLM_URL; a local one has none.",
    )
    llm_model: str = setting(
        model_name,
        "",
        meaning="Which model is asked.",
        remedy="Name it as its place does: gpt-4o-mini, llama3.2, a deployment of Azure's.",
    )
    metrics_token: Secret | None = setting(
        sent_secret,
        None,
        meaning=(
            "Who sends it (Authorization: Bearer ...) may read /metrics; without it only this "
            "machine may."
        ),
        remedy=(
            "Set it where Prometheus is on another machine, and give it the same: openssl rand "
            "-hex 32."
        ),
    )
    log_format: Literal["console", "json"] = setting(
        log_format,
        "console",
        meaning="How logs are written: console for people, json for machines.",
        remedy="Set json where logs are collected.",
    )

    @property
    def slack(self) -> bool:
        """Whether Plecs serves Slack. Where it serves no platform it is the local workspace."""
        return any(
            (
                *(self.slack_bot_token, self.slack_signing_secret, self.slack_app_token),
                *(self.slack_client_id, self.slack_client_secret),
            )
        )

    @property
    def many_workspaces(self) -> bool:
        """Whether Slack's workspaces install Plecs by themselves, each with a token of its own."""
        return self.slack_bot_token is None and bool(self.slack_client_id)

    @property
    def several_workspaces(self) -> bool:
        """Whether one platform at least has several workspaces that Plecs serves."""
        return self.many_workspaces or bool(self.teams_tenants)

    @property
    def is_one_organisation(self) -> bool:
        """Whether Slack and Teams serve one workspace each, which are the same people's."""
        return bool(self.slack and self.teams_tenant_id and not self.several_workspaces)

    @property
    def teams(self) -> bool:
        """Whether Plecs serves Teams."""
        return self.teams_insecure_local or any(
            (self.teams_app_id, self.teams_app_password, self.teams_tenant_id)
        )

    @property
    def socket_mode(self) -> bool:
        return self.slack_app_token is not None

    @property
    def sqlite_file(self) -> Path | None:
        """The file of a SQLite database; None for PostgreSQL."""
        before, _, file = self.database_url.partition("sqlite:///")
        return None if before else Path(file)

    @property
    def own_url(self) -> str:
        """Where people open Plecs: PUBLIC_URL, or else what it listens on."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}"

    @property
    def reachable_url(self) -> str | None:
        """Where people's calendars and browsers reach Plecs; None where they can't."""
        return self.public_url or (None if self.slack or self.teams else self.own_url)

    @property
    def believes_whoever_asks(self) -> bool:
        """Whether requests are answered unchecked, so that only this machine may send any."""
        return self.teams_insecure_local or not (self.slack or self.teams)

    @property
    def secret_key_file(self) -> Path | None:
        """Where the keys are kept; None where SECRET_KEY says them."""
        if self.secret_key is not None:
            return None
        assert self.sqlite_file is not None, "load() refuses PostgreSQL without SECRET_KEY"
        return self.sqlite_file.parent / "secret_key"

    def figures_token(self) -> str:
        """METRICS_TOKEN; empty where it is not set."""
        return _revealed(self.metrics_token)

    def model_key(self) -> str:
        """LLM_KEY; empty where it is not set."""
        return _revealed(self.llm_key)

    def signing_secrets(self) -> tuple[str, ...]:
        """Those of CONTACT_SECRETS."""
        return keys_in(_revealed(self.contact_secrets))

    def learning_signing_secrets(self) -> tuple[str, ...]:
        """Those of LEARNING_SECRETS."""
        return keys_in(_revealed(self.learning_secrets))

    def store_secret(self) -> str:
        """XAPI_SECRET; empty where it is not set."""
        return _revealed(self.xapi_secret)

    def secrets(self) -> tuple[str, ...]:
        """The keys of SECRET_KEY, newest first; with SQLite and none set, those kept beside the
        database, where a random one is made the first time."""
        if self.secret_key is not None:
            return keys_in(self.secret_key.get_secret_value())
        assert self.secret_key_file is not None
        return kept_or_made(self.secret_key_file)


@dataclass(frozen=True, slots=True)
class Described:
    """One setting, as people read about it."""

    variable: str
    default: str
    meaning: str
    remedy: str


def names() -> tuple[str, ...]:
    """What the settings are called in the code, in their order; their variables are the same in
    capitals."""
    return tuple(_SETTINGS)


def described() -> tuple[Described, ...]:
    """All settings in their order, for `plecs check` and the documentation."""
    return tuple(
        Described(
            name.upper(),
            str(one.default) if one.default not in (None, "", (), False) else "",
            _told_of(name).meaning,
            remedy(name),
        )
        for name, one in _SETTINGS.items()
    )


def read(written: Mapping[str, str]) -> Settings:
    """The settings from what is written for each, by its name; what is left out, or blank, is as it
    is by default. Raises SettingsError with what is wrong in each of them.

    A secret with a line's end after it would be another secret, and a path another file; and what
    is copied from a page brings along what nobody sees: so none of it counts."""
    values: dict[str, Any] = {}
    wrong = []
    for name in _SETTINGS:
        if text := written.get(name, "").strip(_OUTER):
            try:
                values[name] = _told_of(name).read(text)
            except ValueError as error:
                wrong.append(f"{name.upper()}: {error}. {remedy(name)}")
    if wrong:
        raise SettingsError(tuple(wrong))
    return Settings(**values)


def default(name: str) -> object:
    """What the setting is where it is left out."""
    return _SETTINGS[name].default


def remedy(name: str) -> str:
    """What to do about the setting."""
    return _told_of(name).remedy


def missing(name: str) -> str:
    return f"{name.upper()} is missing. {remedy(name)}"


def _told_of(name: str) -> About:
    about: About = _SETTINGS[name].metadata["about"]
    return about


def _revealed(secret: Secret | None) -> str:
    return "" if secret is None else secret.get_secret_value()


_SETTINGS: Mapping[str, Field[Any]] = {one.name: one for one in fields(Settings)}
