"""Every setting of Plecs: its variable, default, meaning, and what to do when it is missing.

They come from the environment, or from a file `.env`. `plecs check` prints this list.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.loopback import host_of, is_loopback
from bot.secret_key import kept_or_made, keys_in

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

_KEY_LENGTH = 32

_SCHEMES = {
    "sqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


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


class Settings(BaseSettings):
    """What `load` gives: complete, and checked against each other."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", hide_input_in_errors=True
    )

    database_url: Annotated[
        str,
        Remedy("Leave it for one machine; postgresql://user:password@host/plecs for several."),
    ] = Field(
        "sqlite:///data/plecs.db",
        description="Where Plecs keeps everything: a SQLite file, or a PostgreSQL.",
    )
    host: Annotated[
        str, Remedy("Set 0.0.0.0 in a container, behind something that does HTTPS.")
    ] = Field("127.0.0.1", description="The address that the server listens on.")
    port: Annotated[int, Remedy("Set another if this one is taken.")] = Field(
        8080, ge=1, le=65535, description="The port that the server listens on."
    )
    public_url: Annotated[
        str,
        Remedy("Set it where Slack or Teams calls Plecs over HTTPS: https://plecs.example.org."),
    ] = Field(
        "",
        description="The address by which Plecs is reached from outside; calendars need it.",
    )
    admins: Annotated[
        tuple[str, ...],
        NoDecode,
        Remedy(
            "Copy your own: Slack > your profile > More > Copy member ID; for Teams it is Entra > "
            "Users > you > Object ID."
        ),
    ] = Field((), description="The first admins, as member IDs separated by commas.")
    slack_bot_token: Annotated[
        SecretStr | None, Remedy("Copy it from OAuth & Permissions, after Install to Workspace.")
    ] = Field(None, description="The token that Plecs speaks to Slack with; starts with xoxb-.")
    slack_signing_secret: Annotated[
        SecretStr | None, Remedy("Copy it from Basic Information > App Credentials.")
    ] = Field(None, description="Proves that a request comes from Slack.")
    slack_app_token: Annotated[
        SecretStr | None,
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
            "Only for people's status during a break: copy it from Basic Information > App "
            "Credentials."
        ),
    ] = Field(
        "",
        description="With it people can let Plecs set their own status; PUBLIC_URL is needed too.",
    )
    slack_client_secret: Annotated[
        SecretStr | None, Remedy("Copy it from the same place as SLACK_CLIENT_ID.")
    ] = Field(None, description="Proves to Slack that it is Plecs who asks.")
    slack_api_url: Annotated[str, Remedy("Leave it, except for a test double on this machine.")] = (
        Field("https://slack.com/api", description="Where Slack's API is.")
    )
    teams_app_id: Annotated[
        str, Remedy("Copy it from Azure > your bot > Configuration > Microsoft App ID.")
    ] = Field("", description="The app that Plecs is in Microsoft Teams.")
    teams_app_password: Annotated[
        SecretStr | None,
        Remedy(
            "Make one in Entra > App registrations > your app > Certificates & secrets, and copy "
            "its Value (not its ID)."
        ),
    ] = Field(None, description="The app's client secret: Plecs speaks to Teams with it.")
    teams_tenant_id: Annotated[str, Remedy("Copy it from Entra > Overview > Tenant ID.")] = Field(
        "", description="The one organisation that Plecs serves in Teams."
    )
    teams_insecure_local: Annotated[
        bool,
        Remedy("Set it to true only to try Plecs with an emulator on this machine."),
    ] = Field(
        default=False,
        description="Answers whoever calls from this machine as if it were Teams, unchecked.",
    )
    secret_key: Annotated[
        SecretStr | None,
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
    metrics_token: Annotated[
        SecretStr | None,
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
        """A secret with a line's end after it would be another secret, and a path another file."""
        return {
            name: value.strip() if isinstance(value, str) else value
            for name, value in values.items()
        }

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        scheme, separator, rest = value.partition("://")
        if not separator or scheme not in _SCHEMES:
            raise ValueError("must begin with sqlite:/// or postgresql://")
        if scheme == "sqlite" and not rest.removeprefix("/"):
            raise ValueError("must name a file, as in sqlite:///data/plecs.db")
        return f"{_SCHEMES[scheme]}://{rest}"

    @field_validator("public_url", "slack_api_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not re.match(r"https?://[^/]", value):
            raise ValueError("must be an address that begins with https:// (or http://)")
        return value.rstrip("/")

    @field_validator("secret_key")
    @classmethod
    def _keys(cls, value: SecretStr | None) -> SecretStr | None:
        keys = () if value is None else keys_in(value.get_secret_value())
        if value is not None and (not keys or min(map(len, keys)) < _KEY_LENGTH):
            raise ValueError(f"each key must have {_KEY_LENGTH} characters or more")
        if len(set(keys)) < len(keys):
            raise ValueError("the same key stands in it twice")
        return value

    @field_validator("admins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(part.strip() for part in value.split(",") if part.strip())

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

    def problems(self) -> tuple[str, ...]:
        """What these settings, each right by itself, still lack together."""
        found = [
            *(self._slack_problems() if self.slack else ()),
            *(self._teams_problems() if self.teams else ()),
        ]
        if self.slack or self.teams:
            found += [
                f"ADMINS has {admin!r}, which is no member ID. {remedy('admins')}"
                for admin in self.admins
                if not (self.slack and re.fullmatch(r"[UW][A-Z0-9]{2,}", admin))
                and not (self.teams and (_GUID.fullmatch(admin) or self.teams_insecure_local))
            ]
        else:
            found += self._local_problems()
        api = self.slack_api_url
        if not api.lower().startswith("https://") and not is_loopback(host_of(api)):
            found.append("SLACK_API_URL must begin with https://, or tokens travel in the clear.")
        if self.secret_key is None and self.sqlite_file is None:
            found.append(missing("secret_key"))
        return tuple(found)

    @property
    def believes_whoever_asks(self) -> bool:
        """Whether requests are answered unchecked, so that only this machine may send any."""
        return self.teams_insecure_local or not (self.slack or self.teams)

    def _local_problems(self) -> Iterator[str]:
        but = (
            "but there are no settings for Slack or Teams, and the local workspace lets anybody "
            "act as anybody: leave"
        )
        if not is_loopback(self.host):
            yield f"HOST is {self.host}, {but} HOST out, or set one of them up."
        if self.public_url:
            yield f"PUBLIC_URL is {self.public_url}, {but} PUBLIC_URL out, or set one of them up."

    def _slack_problems(self) -> Iterator[str]:
        if self.slack_bot_token is None:
            yield missing("slack_bot_token")
        elif not self.slack_bot_token.get_secret_value().startswith("xoxb-"):
            yield "SLACK_BOT_TOKEN must start with xoxb-. " + remedy("slack_bot_token")
        if self.slack_app_token is None and self.slack_signing_secret is None:
            yield missing("slack_signing_secret")
        elif not _reveal(self.slack_app_token or "xapp-").startswith("xapp-"):
            yield "SLACK_APP_TOKEN must start with xapp-. " + remedy("slack_app_token")
        if self.slack_client_id and self.slack_client_secret is None:
            yield missing("slack_client_secret")
        if self.slack_client_secret is not None and not self.slack_client_id:
            yield missing("slack_client_id")
        if self.slack_client_id and not self.public_url:
            needs = "SLACK_CLIENT_ID needs PUBLIC_URL: people come back there from Slack. "
            yield needs + remedy("public_url")

    def _teams_problems(self) -> Iterator[str]:
        if self.teams_insecure_local:
            if not is_loopback(self.host):
                yield (
                    f"TEAMS_INSECURE_LOCAL lets whoever calls act as anybody, and HOST is "
                    f"{self.host}: leave HOST out, or TEAMS_INSECURE_LOCAL."
                )
            if beside := [name.upper() for name in self._of_a_real_platform()]:
                yield (
                    "TEAMS_INSECURE_LOCAL lets whoever calls act as anybody, and beside it stand "
                    f"{', '.join(beside)}: leave them out, or TEAMS_INSECURE_LOCAL."
                )
            return
        if not self.teams_app_id:
            yield missing("teams_app_id")
        elif not _GUID.fullmatch(self.teams_app_id):
            yield "TEAMS_APP_ID is no application ID. " + remedy("teams_app_id")
        if self.teams_app_password is None:
            yield missing("teams_app_password")
        elif _GUID.fullmatch(self.teams_app_password.get_secret_value()):
            yield "TEAMS_APP_PASSWORD is the secret's ID. " + remedy("teams_app_password")
        if not self.teams_tenant_id:
            yield missing("teams_tenant_id")
        elif not _GUID.fullmatch(self.teams_tenant_id):
            yield "TEAMS_TENANT_ID is no tenant ID. " + remedy("teams_tenant_id")

    @property
    def secret_key_file(self) -> Path | None:
        """Where the keys are kept; None where SECRET_KEY says them."""
        if self.secret_key is not None:
            return None
        assert self.sqlite_file is not None, "load() refuses PostgreSQL without SECRET_KEY"
        return self.sqlite_file.parent / "secret_key"

    def _of_a_real_platform(self) -> Iterator[str]:
        """The settings that are there for a platform that is somewhere else, by name."""
        for name, field in type(self).model_fields.items():
            is_one = name == "public_url" or name.startswith(("slack_", "teams_"))
            if is_one and name != "teams_insecure_local" and getattr(self, name) != field.default:
                yield name

    def secrets(self) -> tuple[str, ...]:
        """The keys of SECRET_KEY, newest first; with SQLite and none set, those kept beside the
        database, where a random one is made the first time."""
        if self.secret_key is not None:
            return keys_in(self.secret_key.get_secret_value())
        assert self.secret_key_file is not None
        return kept_or_made(self.secret_key_file)


def load(env_file: Path | None = Path(".env")) -> Settings:
    """The settings from the environment, and from `env_file` what the environment leaves out.

    Raises SettingsError with every problem at once, each naming its remedy and no secret.
    """
    try:
        settings = Settings(_env_file=env_file)
    except UnicodeDecodeError:
        raise UnreadableSettingsError(
            (f"{env_file} is not UTF-8: save it anew as UTF-8.",)
        ) from None
    except ValidationError as error:
        raise SettingsError(tuple(_said(one) for one in error.errors())) from None
    if problems := settings.problems():
        raise SettingsError(problems)
    return settings


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


def _said(error: ErrorDetails) -> str:
    name = str(error["loc"][0])
    return f"{name.upper()}: {error['msg'].removeprefix('Value error, ')}. {remedy(name)}"


def _reveal(value: SecretStr | str) -> str:
    return value if isinstance(value, str) else value.get_secret_value()
