"""Reads the settings, and refuses those that do not fit together."""

import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.env_file import mistyped, odd_line, set_again
from bot.guids import is_guid
from bot.loopback import host_of, is_loopback
from bot.outside import refused_host
from bot.secret_key import unusable
from bot.settings import Settings, SettingsError, UnreadableSettingsError, missing, remedy

_KEYS_HELP = (
    "Put back the file that was there: what Plecs sealed opens with its key alone. Where nothing "
    "is lost by it, delete the file, and a new key is made."
)


def load(env_file: Path | None = Path(".env")) -> Settings:
    """The settings from the environment, and from `env_file` what the environment leaves out.

    Raises SettingsError with every problem at once, each naming its remedy and no secret.
    """
    if env_file is not None and env_file.is_dir():
        raise UnreadableSettingsError((f"{env_file} is a folder: it should be a file.",))
    try:
        if env_file is not None and (line := odd_line(env_file)) is not None:
            raise UnreadableSettingsError(
                (f"{env_file}, line {line}, can't be read: write it as NAME=value.",)
            )
        names = [name.upper() for name in Settings.model_fields]
        if env_file is not None and (found := mistyped(env_file, names)) is not None:
            line, name, meant = found
            raise UnreadableSettingsError(
                (f"{env_file}, line {line}: there is no {name}. Is {meant} meant?",)
            )
        if env_file is not None and (again := set_again(env_file, names)) is not None:
            line, name = again
            raise UnreadableSettingsError(
                (f"{env_file}, line {line}: {name} has another value above. Leave one of them.",)
            )
        settings = Settings(_env_file=env_file)
    except UnicodeDecodeError:
        raise UnreadableSettingsError(
            (f"{env_file} is not UTF-8: save it anew as UTF-8.",)
        ) from None
    except OSError as error:
        raise UnreadableSettingsError(
            (f"{env_file} can't be read ({error.strerror}): let the user of Plecs read it.",)
        ) from None
    except ValidationError as error:
        raise SettingsError(tuple(_said(one) for one in error.errors())) from None
    if lacking := problems(settings):
        raise SettingsError(lacking)
    if (file := settings.secret_key_file) is not None and (why := unusable(file)):
        raise UnreadableSettingsError((f"{file} {why}. {_KEYS_HELP}",))
    return settings


def problems(settings: Settings) -> tuple[str, ...]:
    """What these settings, each right by itself, still lack together."""
    found = [
        *(_slack_problems(settings) if settings.slack else ()),
        *(_teams_problems(settings) if settings.teams else ()),
    ]
    if settings.slack or settings.teams:
        found += [
            f"ADMINS has {admin!r}, which is no member ID. {remedy('admins')}"
            for admin in settings.admins
            if not (settings.slack and re.fullmatch(r"[UW][A-Z0-9]{2,}", admin))
            and not (settings.teams and (is_guid(admin) or settings.teams_insecure_local))
        ]
    else:
        found += _local_problems(settings)
    if settings.contact_secrets is not None and settings.several_workspaces:
        found.append(
            "CONTACT_SECRETS is set, and there are several workspaces: what is posted to "
            "/api/contacts does not say whose it is. Leave it out: each workspace has an "
            "address of its own for its telephone system, in the settings that its admins see."
        )
    if settings.learning_secrets is not None and settings.several_workspaces:
        found.append(
            "LEARNING_SECRETS is set, and there are several workspaces: what is posted to "
            "/api/learning does not say whose it is. Leave it out."
        )
    if settings.xapi_url and not _is_safe(settings.xapi_url):
        found.append("XAPI_URL must begin with https://, or its key travels in the clear.")
    if settings.xapi_url and (why := refused_host(settings.xapi_url, inside=settings.xapi_inside)):
        found.append(f"XAPI_URL {why}. {remedy('xapi_inside')}")
    if settings.xapi_url and not settings.public_url:
        found.append(f"XAPI_URL is set, and {missing('public_url')}")
    if not _is_safe(settings.slack_api_url):
        found.append("SLACK_API_URL must begin with https://, or tokens travel in the clear.")
    if settings.secret_key is None and settings.sqlite_file is None:
        found.append(missing("secret_key"))
    return (*found, *_model_problems(settings))


def _is_safe(address: str) -> bool:
    """Whether what is sent there travels sealed, or not at all."""
    return address.lower().startswith("https://") or is_loopback(host_of(address))


def _model_problems(settings: Settings) -> Iterator[str]:
    if settings.llm_url and not settings.llm_model:
        yield missing("llm_model")
    if not settings.llm_url and (settings.llm_model or settings.llm_key is not None):
        yield missing("llm_url")


def _local_problems(settings: Settings) -> Iterator[str]:
    but = (
        "but there are no settings for Slack or Teams, and the local workspace lets anybody "
        "act as anybody: leave"
    )
    if not is_loopback(settings.host):
        yield f"HOST is {settings.host}, {but} HOST out, or set one of them up."
    if settings.public_url:
        yield f"PUBLIC_URL is {settings.public_url}, {but} PUBLIC_URL out, or set one of them up."


def _slack_problems(settings: Settings) -> Iterator[str]:
    if settings.slack_bot_token is None and not settings.slack_client_id:
        yield missing("slack_bot_token")
    elif settings.slack_bot_token is None:
        yield from _many_problems(settings)
    elif not settings.slack_bot_token.get_secret_value().startswith("xoxb-"):
        yield "SLACK_BOT_TOKEN must start with xoxb-. " + remedy("slack_bot_token")
    if settings.slack_app_token is None and settings.slack_signing_secret is None:
        yield missing("slack_signing_secret")
    elif (token := settings.slack_app_token) and not token.get_secret_value().startswith("xapp-"):
        yield "SLACK_APP_TOKEN must start with xapp-. " + remedy("slack_app_token")
    if settings.slack_client_id and settings.slack_client_secret is None:
        yield missing("slack_client_secret")
    if settings.slack_client_secret is not None and not settings.slack_client_id:
        yield missing("slack_client_id")
    if settings.slack_client_id and not settings.public_url:
        needs = "SLACK_CLIENT_ID needs PUBLIC_URL: people come back there from Slack. "
        yield needs + remedy("public_url")
    elif settings.slack_client_id and not _is_safe(settings.public_url):
        yield "PUBLIC_URL must begin with https://: Slack sends nobody back to anything else."


def _many_problems(settings: Settings) -> Iterator[str]:
    for one in settings.slack_workspaces:
        if not re.fullmatch(r"[TE][A-Z0-9]{2,}", one):
            yield f"SLACK_WORKSPACES has {one!r}, which is no workspace's ID. " + remedy(
                "slack_workspaces"
            )


def _teams_problems(settings: Settings) -> Iterator[str]:
    if settings.teams_insecure_local:
        if not is_loopback(settings.host):
            yield (
                f"TEAMS_INSECURE_LOCAL lets whoever calls act as anybody, and HOST is "
                f"{settings.host}: leave HOST out, or TEAMS_INSECURE_LOCAL."
            )
        if beside := [name.upper() for name in _of_a_real_platform(settings)]:
            yield (
                "TEAMS_INSECURE_LOCAL lets whoever calls act as anybody, and beside it stand "
                f"{', '.join(beside)}: leave them out, or TEAMS_INSECURE_LOCAL."
            )
        return
    if not settings.teams_app_id:
        yield missing("teams_app_id")
    elif not is_guid(settings.teams_app_id):
        yield "TEAMS_APP_ID is no application ID. " + remedy("teams_app_id")
    if settings.teams_app_password is None:
        yield missing("teams_app_password")
    elif is_guid(settings.teams_app_password.get_secret_value()):
        yield "TEAMS_APP_PASSWORD is the secret's ID. " + remedy("teams_app_password")
    if not settings.teams_tenant_id:
        yield missing("teams_tenant_id")
    elif not is_guid(settings.teams_tenant_id):
        yield "TEAMS_TENANT_ID is no tenant ID. " + remedy("teams_tenant_id")
    for one in settings.teams_tenants:
        if not is_guid(one):
            yield f"TEAMS_TENANTS has {one!r}, which is no tenant ID. " + remedy("teams_tenants")


def _of_a_real_platform(settings: Settings) -> Iterator[str]:
    """The settings that are there for a platform that is somewhere else, by name."""
    for name, field in type(settings).model_fields.items():
        is_one = name == "public_url" or name.startswith(("slack_", "teams_"))
        if is_one and name != "teams_insecure_local" and getattr(settings, name) != field.default:
            yield name


def _said(error: ErrorDetails) -> str:
    name = str(error["loc"][0])
    return f"{name.upper()}: {error['msg'].removeprefix('Value error, ')}. {remedy(name)}"
