"""Every setting of Plecs: its variable, default, meaning, and what to do when it is missing.

They come from the environment, or from a file `.env`. `plecs check` prints this list.
"""

import string
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.guids import one_guid
from bot.outside import model_address
from bot.secret_key import kept_or_made, keys_in
from bot.setting_values import (
    command_prefix,
    database_address,
    listed,
    listening_host,
    secret_keys,
    sent_secret,
    user_name,
    web_address,
    webhook_secrets,
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


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to do about a setting, above all when it is missing."""

    text: str


_WebAddress = Annotated[str, AfterValidator(web_address)]
_SentSecret = Annotated[SecretStr, AfterValidator(sent_secret)]
_Listed = Annotated[tuple[str, ...], BeforeValidator(listed), NoDecode]
_ListedIds = Annotated[_Listed, AfterValidator(lambda ids: tuple(map(one_guid, ids)))]
_Guid = Annotated[str, AfterValidator(one_guid)]
_CommandPrefix = Annotated[str, AfterValidator(command_prefix)]


class Settings(BaseSettings):
    """What `bot.settings_loading.load` gives: complete, and checked against each other."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", hide_input_in_errors=True
    )

    database_url: Annotated[
        str,
        AfterValidator(database_address),
        Remedy("Leave it for one machine; postgresql://user:password@host/plecs for several."),
    ] = Field(
        f"sqlite:///{data_folder(Path(__file__).parent.parent) / 'plecs.db'}",
        description=(
            "Where Plecs keeps everything: a SQLite file, or a PostgreSQL. Once it is installed, a "
            "file in the user's own folder for data, named at the start."
        ),
    )
    host: Annotated[
        str,
        AfterValidator(listening_host),
        Remedy("Set 0.0.0.0 in a container, behind something that does HTTPS."),
    ] = Field("127.0.0.1", description="The address that the server listens on.")
    port: Annotated[int, Remedy("Set another if this one is taken.")] = Field(
        8080, ge=1, le=65535, description="The port that the server listens on."
    )
    public_url: Annotated[
        _WebAddress,
        Remedy("Set it where Slack or Teams calls Plecs over HTTPS: https://plecs.example.org."),
    ] = Field(
        "",
        description="The address by which Plecs is reached from outside; calendars need it.",
    )
    admins: Annotated[
        _ListedIds,
        Remedy(
            "Copy your own: Slack > your profile > More > Copy member ID; for Teams it is Entra > "
            "Users > you > Object ID."
        ),
    ] = Field((), description="The first admins, as member IDs separated by commas.")
    slack_bot_token: Annotated[
        _SentSecret | None, Remedy("Copy it from OAuth & Permissions, after Install to Workspace.")
    ] = Field(None, description="The token that Plecs speaks to Slack with; starts with xoxb-.")
    slack_signing_secret: Annotated[
        _SentSecret | None, Remedy("Copy it from Basic Information > App Credentials.")
    ] = Field(None, description="Proves that a request comes from Slack.")
    slack_app_token: Annotated[
        _SentSecret | None,
        Remedy(
            "Only for Socket Mode: generate it in Basic Information > App-Level Tokens, "
            "with the scope connections:write."
        ),
    ] = Field(
        None, description="Has Slack reach Plecs without a public address; starts with xapp-."
    )
    slack_client_id: Annotated[
        str,
        Remedy(
            "Only for people's status during a break, or for many workspaces: copy it from Basic "
            "Information > App Credentials."
        ),
    ] = Field(
        "",
        description=(
            "With it people can let Plecs set their own status; without SLACK_BOT_TOKEN, whole "
            "workspaces install Plecs by themselves. PUBLIC_URL is needed too."
        ),
    )
    slack_client_secret: Annotated[
        _SentSecret | None, Remedy("Copy it from the same place as SLACK_CLIENT_ID.")
    ] = Field(None, description="Proves to Slack that it is Plecs who asks.")
    slack_command_prefix: Annotated[
        _CommandPrefix,
        Remedy("Only where `plecs manifest` was given a --prefix: the same word."),
    ] = Field(
        "",
        description="What stands before Plecs' commands in Slack: with acme they are /acme-hand.",
    )
    slack_workspaces: Annotated[
        _Listed,
        Remedy("Only for many workspaces: their IDs (T...), or their organisation's (E...)."),
    ] = Field((), description="Which workspaces may install Plecs; any, where it is left out.")
    slack_api_url: Annotated[
        _WebAddress, Remedy("Leave it, except for a test double on this machine.")
    ] = Field("https://slack.com/api", description="Where Slack's API is.")
    teams_app_id: Annotated[
        _Guid, Remedy("Copy it from Azure > your bot > Configuration > Microsoft App ID.")
    ] = Field("", description="The app that Plecs is in Microsoft Teams.")
    teams_app_password: Annotated[
        _SentSecret | None,
        Remedy(
            "Make one in Entra > App registrations > your app > Certificates & secrets, and copy "
            "its Value (not its ID)."
        ),
    ] = Field(None, description="The app's client secret: Plecs speaks to Teams with it.")
    teams_tenant_id: Annotated[_Guid, Remedy("Copy it from Entra > Overview > Tenant ID.")] = Field(
        "", description="The one organisation that Plecs serves in Teams."
    )
    teams_tenants: Annotated[
        _ListedIds,
        Remedy("Only for an app that is multi-tenant in Azure: their tenant IDs, by commas."),
    ] = Field((), description="Further organisations that Plecs serves in Teams; nobody else.")
    teams_insecure_local: Annotated[
        bool,
        Remedy("Set it to true only to try Plecs with an emulator on this machine."),
    ] = Field(
        default=False,
        description="Answers whoever calls from this machine as if it were Teams, unchecked.",
    )
    secret_key: Annotated[
        Annotated[SecretStr, AfterValidator(secret_keys)] | None,
        Remedy(
            "With SQLite one is made beside the database: keep a copy apart from the backups. With "
            "PostgreSQL make it once, the same for every replica: openssl rand -hex 32."
        ),
    ] = Field(
        None,
        description=(
            "Signs the addresses that Plecs makes, and seals the tokens that it keeps; "
            "32 characters or more. To change it put the new one before it, and a comma between: "
            "the first one signs and seals, what the others did is read."
        ),
    )
    contact_secrets: Annotated[
        Annotated[SecretStr, AfterValidator(webhook_secrets)] | None,
        Remedy(
            "Make one where a telephone system is to tell of calls, and give it the same: echo "
            "whsec_$(openssl rand -base64 32)."
        ),
    ] = Field(
        None,
        description=(
            "Prove that what is posted to /api/contacts comes from your telephone system: one or "
            "more whsec_..., a comma between. To change one put the new one beside it for a while."
        ),
    )
    learning_secrets: Annotated[
        Annotated[SecretStr, AfterValidator(webhook_secrets)] | None,
        Remedy(
            "Make one where an e-learning system is to tell who finished a course, and give it the "
            "same: echo whsec_$(openssl rand -base64 32)."
        ),
    ] = Field(
        None,
        description=(
            "Prove that what is posted to /api/learning comes from your e-learning system: one or "
            "more whsec_..., a comma between. To change one put the new one beside it for a while."
        ),
    )
    xapi_url: Annotated[
        _WebAddress,
        Remedy("Copy it from the learning record store: it ends before /statements."),
    ] = Field(
        "",
        description=(
            "A learning record store's xAPI address: who took a seat, was there, or finished a "
            "course is told there, under accounts at random. Needs PUBLIC_URL."
        ),
    )
    xapi_inside: Annotated[
        bool,
        Remedy("Set XAPI_INSIDE to true only where the learning record store is in one."),
    ] = Field(
        default=False,
        description="XAPI_URL may lead into a network of one's own, or to this machine.",
    )
    xapi_key: Annotated[
        str,
        AfterValidator(user_name),
        Remedy("Copy it from where the learning record store gives out credentials."),
    ] = Field("", max_length=200, description="The key (user) for the learning record store.")
    xapi_secret: Annotated[
        _SentSecret | None, Remedy("Copy it from the same place as XAPI_KEY.")
    ] = Field(None, description="The secret (password) that belongs to XAPI_KEY.")
    calendar_hosts: Annotated[
        _Listed,
        Remedy("Only for a planning program in your own network: its host's name, as in its URL."),
    ] = Field(
        (),
        description=(
            "Hosts from which shifts may be fetched although they are in a network of your own, or "
            "without TLS; separated by commas. All others have to be in the open network."
        ),
    )
    llm_url: Annotated[
        str,
        AfterValidator(model_address),
        Remedy(
            "Copy it from whoever runs the model: https://api.openai.com/v1, "
            "http://127.0.0.1:11434/v1 for Ollama, Azure's with its ?api-version=..."
        ),
    ] = Field(
        "",
        description=(
            "A language model's address (OpenAI's API, as Azure, vLLM, Ollama and llama.cpp speak "
            "it), for drafts that are fitted to a case and for the caller in a practice. Without "
            "it nothing is sent to any."
        ),
    )
    llm_key: Annotated[
        _SentSecret | None, Remedy("Copy it from the same place as LLM_URL; a local one has none.")
    ] = Field(None, description="The key with which the model is asked.")
    llm_model: Annotated[
        str, Remedy("Name it as its place does: gpt-4o-mini, llama3.2, a deployment of Azure's.")
    ] = Field("", max_length=120, description="Which model is asked.")
    metrics_token: Annotated[
        _SentSecret | None,
        Remedy(
            "Set it where Prometheus is on another machine, and give it the same: openssl rand "
            "-hex 32."
        ),
    ] = Field(
        None,
        description=(
            "Who sends it (Authorization: Bearer ...) may read /metrics; without it only this "
            "machine may."
        ),
    )
    log_format: Annotated[
        Literal["console", "json"], Remedy("Set json where logs are collected.")
    ] = Field("console", description="How logs are written: console for people, json for machines.")

    @model_validator(mode="before")
    @classmethod
    def _without_outer_blanks(cls, values: dict[str, object]) -> dict[str, object]:
        """A secret with a line's end after it would be another secret, and a path another file; and
        what is copied from a page brings along what nobody sees."""
        return {
            name: value.strip(_OUTER) if isinstance(value, str) else value
            for name, value in values.items()
        }

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


def described() -> tuple[Described, ...]:
    """All settings in their order, for `plecs check` and the documentation."""
    return tuple(
        Described(
            name.upper(),
            str(field.default) if field.default not in (None, "", (), False) else "",
            str(field.description),
            remedy(name),
        )
        for name, field in Settings.model_fields.items()
    )


def remedy(name: str) -> str:
    """What to do about the setting."""
    notes = Settings.model_fields[name].metadata
    return next(note.text for note in notes if isinstance(note, Remedy))


def missing(name: str) -> str:
    return f"{name.upper()} is missing. {remedy(name)}"


def _revealed(secret: SecretStr | None) -> str:
    return "" if secret is None else secret.get_secret_value()
